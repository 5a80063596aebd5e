import { Button, Group, Text, TextInput } from '@mantine/core';
import { CallError } from '@parley/client/http';
import { type Invitation, resendInvitation } from '@parley/contracts/door';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../platform/format';
import { Loading } from '../platform/page';
import { Refusal } from '../platform/refusal';
import { Sure } from '../platform/sure';
import { useInvitation, useInvitations } from './desk.data';
import styles from './desk.module.css';

/** The invitations of a batch, once somebody wants to see them; those that came back stand first. */
export function Batch({ sourceId, isOpen }: { sourceId: string; isOpen: boolean }) {
  const { t } = useTranslation();
  const [isShown, setShown] = useState(isOpen);
  return (
    <details open={isOpen} onToggle={(event) => setShown(event.currentTarget.open)}>
      <summary className={styles.link}>{t('invite.batch')}</summary>
      {isShown && <Rows sourceId={sourceId} />}
    </details>
  );
}

function Rows({ sourceId }: { sourceId: string }) {
  const { t } = useTranslation();
  const list = useInvitations(sourceId);
  if (!list.data)
    return list.error ? <Refusal error={list.error} onRetry={() => void list.refetch()} /> : <Loading />;
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
const Address = resendInvitation.input.shape.email;

function Row({ invitation: { id, email, name, status, why, at } }: { invitation: Invitation }) {
  const { t } = useTranslation();
  const { moment } = useFormat();
  const change = useInvitation();
  const [address, setAddress] = useState<string | null>(null);
  const [isWrong, setWrong] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  const isWriting = address !== null;
  useEffect(() => {
    if (isWriting) field.current?.select();
  }, [isWriting]);
  const who = name || email || t('people.unnamed');
  const isTaken = change.error instanceof CallError && change.error.code === 'request.invalid';
  const send = (event: FormEvent) => {
    event.preventDefault();
    const read = Address.safeParse(address?.trim());
    setWrong(!read.success);
    if (!read.success) return field.current?.focus();
    change.mutate({ invitationId: id, email: read.data }, { onSuccess: () => setAddress(null) });
  };
  return (
    <>
      <div className={styles.who}>
        <Text fw={600} dir="auto">
          {who}
        </Text>
        <Text className={styles.small}>
          {name && `${email} · `}
          <span data-status={status} className={styles.status}>
            {t(`invite.status.${status}`)}
          </span>
          {` · ${moment(at)}`}
        </Text>
        {why && <Text className={styles.small}>{t('invite.why', { why })}</Text>}
        {!isTaken && <Refusal error={change.error} />}
      </div>
      {!over.includes(status) &&
        (!isWriting ? (
          <Group gap="xs" align="flex-start">
            <Button
              variant="default"
              aria-label={t('invite.againTo', { who })}
              onClick={() => setAddress(email)}
            >
              {t(status === 'bounced' ? 'invite.correct' : 'invite.again')}
            </Button>
            <Sure
              label={t('invite.revoke')}
              aria-label={t('invite.revokeOf', { who })}
              question={t('invite.revokeSure')}
              yes={t('invite.revokeNow')}
              no={t('invite.keep')}
              isGrave
              isPending={change.isPending}
              onYes={() => change.mutate({ invitationId: id, email: null })}
            />
          </Group>
        ) : (
          <form onSubmit={send} noValidate className={styles.correct}>
            <TextInput
              ref={field}
              label={t('invite.email')}
              type="email"
              value={address}
              error={isTaken ? t('invite.addressTaken') : isWrong ? t('invite.one.address') : undefined}
              onChange={(event) => {
                setWrong(false);
                change.reset();
                setAddress(event.currentTarget.value);
              }}
            />
            <Group gap="xs">
              <Button type="submit" loading={change.isPending}>
                {t('invite.sendAgain')}
              </Button>
              <Button variant="default" onClick={() => setAddress(null)}>
                {t('invite.cancel')}
              </Button>
            </Group>
          </form>
        ))}
    </>
  );
}
