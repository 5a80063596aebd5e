import { Button, Stack, Title } from '@mantine/core';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMe, useSignOut } from '../people/people.data';
import { Prove } from '../people/prove';
import { Refusal } from '../platform/refusal';
import { useTitle } from '../platform/page';
import styles from './frame.module.css';

/** Between the mail and the inside, for those whose role needs more than the mail. */
export function ProvePage() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { next } = useSearch({ strict: false });
  const leave = useSignOut();
  const me = useMe();
  const [title] = useState(() => (me?.factor === 'missing' ? t('enrol.title') : t('prove.title')));
  useTitle(title);
  return (
    <Stack gap="lg" className={styles.prove}>
      <Title order={1}>{title}</Title>
      <Prove
        lead={t('prove.lead')}
        enrolLead={t('enrol.lead')}
        onProved={() => void navigate({ to: next ?? '/', replace: true })}
      />
      <Refusal error={leave.error} />
      <Button
        variant="subtle"
        color="gray"
        c="inherit"
        className={styles.proveOut}
        onClick={() => leave.mutate()}
      >
        {t('account.signOut')}
      </Button>
    </Stack>
  );
}
