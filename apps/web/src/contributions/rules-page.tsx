import { Title } from '@mantine/core';
import { APPEAL_DAYS } from '@parley/contracts/contributions';
import type { PolicyBody } from '@parley/contracts/moderation';
import type { Locale } from '@parley/contracts/people';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../platform/format';
import { Loading, useTitle } from '../platform/page';
import { usePlace } from '../platform/place';
import { Refusal } from '../platform/refusal';
import { usePolicy } from './desk.data';
import styles from './receipt.module.css';

/** What is published here and what is not, for whoever writes. */
export function RulesPage() {
  const { t, i18n } = useTranslation();
  const { date, span } = useFormat();
  const { name } = usePlace().membership.community;
  useTitle(t('rulesPage.title'), name);
  const policy = usePolicy();
  if (!policy.data)
    return policy.error ? (
      <Refusal error={policy.error} onRetry={() => void policy.refetch()} />
    ) : (
      <Loading lines={6} />
    );
  const { policy: stands, before, rule } = policy.data;
  const locale: Locale = i18n.language === 'de' ? 'de' : 'en';
  const takes = span(rule.decideMinutes * 60);
  return (
    <article className={styles.page}>
      <header>
        <Title order={1}>{t('rulesPage.title')}</Title>
        <p className={styles.quiet}>
          {stands.version
            ? t('rulesPage.version', { version: stands.version, date: date(stands.since) })
            : t('rulesPage.usual')}
        </p>
      </header>
      <PolicyText body={stands.body} locale={locale} />
      <section>
        <Title order={2}>{t('rulesPage.how')}</Title>
        <ul className={styles.how}>
          <li>
            {rule.mode === 'hold'
              ? t('rulesPage.mode.hold', { span: span(rule.holdSeconds) })
              : t(`rulesPage.mode.${rule.mode}`)}
          </li>
          <li>{t('rulesPage.takes', { span: takes })}</li>
          <li>{t('rulesPage.appeal', { count: APPEAL_DAYS })}</li>
          <li>{t('rulesPage.edits')}</li>
        </ul>
      </section>
      {before.length > 0 && (
        <section>
          <Title order={2}>{t('rulesPage.before')}</Title>
          {before.map(({ version, since, body }) => (
            <details key={version} className={styles.before}>
              <summary>{t('rulesPage.version', { version, date: date(since) })}</summary>
              <PolicyText body={body} locale={locale} />
            </details>
          ))}
        </section>
      )}
    </article>
  );
}

function PolicyText({ body, locale }: { body: PolicyBody; locale: Locale }) {
  const { t } = useTranslation();
  return (
    <>
      <div className={styles.text}>
        {body[locale].split(/\n\s*\n/).map((paragraph, at) => (
          <p key={at}>{paragraph}</p>
        ))}
      </div>
      <section>
        <h2 className={styles.sub}>{t('rulesPage.reasons')}</h2>
        <ol className={styles.reasons}>
          {body.reasons.map((reason) => (
            <li key={reason.key}>{reason[locale]}</li>
          ))}
        </ol>
      </section>
    </>
  );
}
