import { Button, Group, Text, TextInput } from '@mantine/core';
import type { Invitation } from '@parley/contracts/door';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../platform/format';
import { Loading } from '../platform/page';
import { Refusal } from '../platform/refusal';
import { useInvitation, useInvitations } from './desk.data';
import styles from './desk.module.css';

/** The invitations of a batch, once somebody wants to see them; those that came back stand first. */
export function Batch({ sourceId }: { sourceId: string }) {
  const { t } = useTranslation();
  const [isOpen, setOpen] = useState(false);
  return (
    <details onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary className={styles.link}>{t('invite.batch')}</summary>
      {isOpen && <Rows sourceId={sourceId} />}
    </details>
  );
}

function Rows({ sourceId }: { sourceId: string }) {
  const { t } = useTranslation();
  const list = useInvitations(sourceId);
  if (list.error) return <Refusal error={list.error} onRetry={() => void list.refetch()} />;
  if (!list.data) return <Loading />;
  const { invitations, all } = list.data;
  return (
    <>
      {all > invitations.length && (
        <Text c="dimmed">{t('people.first', { shown: invitations.length, count: all })}</Text>
      )}
      <ul className={styles.rows}>
        {invitations.map((invitation) => (
          <li key={invitation.id}>
            <Row invitation={invitation} />
          </li>
        ))}
      </ul>
    </>
  );
}

const over: readonly Invitation['status'][] = ['accepted', 'declined', 'revoked'];

function Row({ invitation: { id, email, name, status, why, at } }: { invitation: Invitation }) {
  const { t } = useTranslation();
  const { moment } = useFormat();
  const change = useInvitation();
  const [address, setAddress] = useState<string | null>(null);
  const who = name || email || t('people.unnamed');
  return (
    <>
      <div>
        <Text fw={600}>{who}</Text>
        <Text className={styles.small}>
          {[name && email, t(`invite.status.${status}`), moment(at)].filter(Boolean).join(' · ')}
        </Text>
        {why && <Text className={styles.small}>{t('invite.why', { why })}</Text>}
        <Refusal error={change.error} />
      </div>
      {!over.includes(status) &&
        (address === null ? (
          <Group gap="xs">
            <Button
              variant="default"
              aria-label={t('invite.againTo', { who })}
              onClick={() => setAddress(email)}
            >
              {t('invite.again')}
            </Button>
            <Button
              variant="subtle"
              aria-label={t('invite.revokeOf', { who })}
              loading={change.isPending}
              onClick={() => change.mutate({ invitationId: id, email: null })}
            >
              {t('invite.revoke')}
            </Button>
          </Group>
        ) : (
          <Group gap="xs" align="flex-end">
            <TextInput
              label={t('invite.email')}
              type="email"
              value={address}
              onChange={(event) => setAddress(event.currentTarget.value)}
            />
            <Button
              loading={change.isPending}
              onClick={() =>
                change.mutate(
                  { invitationId: id, email: address.trim() },
                  { onSuccess: () => setAddress(null) },
                )
              }
            >
              {t('invite.sendAgain')}
            </Button>
            <Button variant="default" onClick={() => setAddress(null)}>
              {t('invite.cancel')}
            </Button>
          </Group>
        ))}
    </>
  );
}
