import { Stack, Text, Title } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../platform/format';
import { Loading, Nothing, useTitle } from '../platform/page';
import { Refusal } from '../platform/refusal';
import { useDemoMails } from './demo.data';
import styles from './demo.module.css';

/** The letter box of the demo, in place of a mail server. */
export function MailsPage() {
  const { t } = useTranslation();
  const format = useFormat();
  const mails = useDemoMails();
  useTitle(t('mails.title'));
  return (
    <Stack gap="lg" className={styles.mails}>
      <div>
        <Title order={1}>{t('mails.title')}</Title>
        <Text c="dimmed">{t('mails.lead')}</Text>
      </div>
      {mails.isPending && <Loading />}
      <Refusal error={mails.error} onRetry={() => void mails.refetch()} />
      {mails.data?.length === 0 && <Nothing>{t('mails.none')}</Nothing>}
      {mails.data?.map((mail) => (
        <article key={mail.id} className={styles.mail}>
          <Title order={2}>{mail.subject}</Title>
          <Text size="sm" c="dimmed">
            {t('mails.to', { to: mail.to, when: format.moment(mail.sentAt) })}
          </Text>
          <p className={styles.text}>{withLinks(mail.text)}</p>
        </article>
      ))}
      <Link to="/sign-in" className={styles.link}>
        {t('mails.back')}
      </Link>
    </Stack>
  );
}

/** Addresses in the text can be followed. */
const withLinks = (text: string) =>
  text.split(/(https?:\/\/\S+)/).map((part, index) =>
    index % 2 ? (
      <a key={index} href={part} className={styles.link}>
        {part}
      </a>
    ) : (
      part
    ),
  );
