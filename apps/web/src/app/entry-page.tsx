import { Button, Stack, Text, Title } from '@mantine/core';
import type { Membership } from '@parley/contracts/people';
import { Link, Navigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useMe } from '../people/people.data';
import { Leave } from '../people/leave';
import { useMembership } from '../people/profile.data';
import { Loading, useTitle } from '../platform/page';
import { Refusal } from '../platform/refusal';
import styles from './frame.module.css';

/** Into the one community, or a choice between several, or an honest word where there is none. */
export function EntryPage() {
  const { t } = useTranslation();
  const me = useMe();
  useTitle(t('entry.title'));
  if (!me) return <Loading />;
  const [first, ...others] = me.memberships;
  if (first && !others.length)
    return first.status === 'active' ? (
      <Navigate to="/c/$slug" params={{ slug: first.community.slug }} replace />
    ) : (
      <Outside membership={first} />
    );
  return (
    <Stack gap="lg" className={styles.narrow}>
      <Title order={1}>{first ? t('entry.choose') : t('entry.none')}</Title>
      {!first && <Text maw="60ch">{me.admin ? t('entry.admin') : t('entry.noneWhy')}</Text>}
      <ul className={styles.places}>
        {me.memberships.map((membership) => (
          <li key={membership.memberId}>
            <Place membership={membership} />
          </li>
        ))}
      </ul>
    </Stack>
  );
}

function Place({ membership: { community, role, status, handle } }: { membership: Membership }) {
  const { t } = useTranslation();
  const words = (
    <>
      <Text fw={650} size="lg">
        {community.name}
      </Text>
      <Text>{community.purpose}</Text>
      <Text size="sm" c="dimmed">
        {status === 'active' ? t('entry.as', { handle, role: t(`role.${role}`) }) : t(`status.${status}`)}
      </Text>
    </>
  );
  // Who has paused finds the way back there.
  return status === 'active' || status === 'paused' ? (
    <Link to="/c/$slug" params={{ slug: community.slug }} className={styles.place}>
      {words}
    </Link>
  ) : (
    <div className={styles.place}>{words}</div>
  );
}

/** For somebody who is known but not inside: where they stand and what comes next. */
export function Outside({ membership: { community, status } }: { membership: Membership }) {
  const { t } = useTranslation();
  const change = useMembership(community.id);
  useTitle(t('entry.title'));
  const now = status === 'active' ? 'pending' : status;
  return (
    <Stack gap="md" className={styles.narrow}>
      <Title order={1}>{t(`outside.${now}.title`, { community: community.name })}</Title>
      <Text maw="60ch">{t(`outside.${now}.text`, { community: community.name })}</Text>
      <Text maw="60ch" c="dimmed">
        {community.purpose}
      </Text>
      {status === 'paused' && (
        <Stack gap="sm">
          <Button w="fit-content" loading={change.isPending} onClick={() => change.mutate('resume')}>
            {t('profile.resume')}
          </Button>
          <Refusal error={change.error} />
          <Leave community={community} />
        </Stack>
      )}
    </Stack>
  );
}
