import { Button, Group, Stack, Text, Title } from '@mantine/core';
import { Link, useRouter } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useTitle } from '../platform/page';
import { Refusal } from '../platform/refusal';
import styles from './frame.module.css';

/** Nothing is here, or nothing that this person may see: the two look alike on purpose. */
export function NotFoundPage() {
  const { t } = useTranslation();
  useTitle(t('notFound.title'));
  return (
    <Stack gap="md" p="lg" className={styles.narrow}>
      <Title order={1}>{t('notFound.title')}</Title>
      <Text maw="60ch">{t('notFound.text')}</Text>
      <Group>
        <Button component={Link} to="/">
          {t('page.home')}
        </Button>
      </Group>
    </Stack>
  );
}

/** A page could not be shown. */
export function ErrorPage({ error }: { error: unknown }) {
  const { t } = useTranslation();
  const router = useRouter();
  useTitle(t('trouble.title'));
  return (
    <Stack gap="md" p="lg" className={styles.narrow}>
      <Title order={1}>{t('trouble.title')}</Title>
      <Refusal error={error} onRetry={() => void router.invalidate()} />
    </Stack>
  );
}
