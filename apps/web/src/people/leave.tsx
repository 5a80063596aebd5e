import { Button, Group, Text } from '@mantine/core';
import type { Community } from '@parley/contracts/people';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Refusal } from '../platform/refusal';
import { useMembership } from './profile.data';
import styles from './profile.module.css';

interface LeaveProps {
  community: Community;
  onLeft?: () => void;
}

/** Leaves the community, after it was said in place what stays and what goes. */
export function Leave({ community, onLeft }: LeaveProps) {
  const { t } = useTranslation();
  const membership = useMembership(community.id);
  /** Null before it was asked. */
  const [isAsked, setAsked] = useState<boolean | null>(null);
  const opener = useRef<HTMLButtonElement>(null);
  const words = useRef<HTMLParagraphElement>(null);
  useEffect(() => {
    if (isAsked !== null) (isAsked ? words : opener).current?.focus();
  }, [isAsked]);
  if (!isAsked)
    return (
      <Button ref={opener} variant="default" w="fit-content" onClick={() => setAsked(true)}>
        {t('profile.leave')}
      </Button>
    );
  return (
    <div className={styles.card} role="group" aria-label={t('profile.leave')}>
      <Text ref={words} tabIndex={-1} maw="60ch" className={styles.words}>
        {t('profile.leaveHow', { community: community.name })}
      </Text>
      <Refusal error={membership.error} />
      <Group gap="sm">
        <Button
          variant="default"
          c="var(--mantine-color-error)"
          loading={membership.isPending}
          onClick={() => membership.mutate('leave', { onSuccess: onLeft })}
        >
          {t('profile.leaveNow')}
        </Button>
        <Button variant="default" onClick={() => setAsked(false)}>
          {t('profile.stay')}
        </Button>
      </Group>
    </div>
  );
}
