import { Button, Menu } from '@mantine/core';
import { giveKudos, KudosReason, type KudosTally, revokeKudos } from '@parley/contracts/recognition';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from './api';
import styles from './kudos.module.css';
import { useCommunityId } from './place';
import { useNow } from './realtime';
import { Refusal } from './refusal';

interface KudosProps {
  contributionId: string;
  /** Who wrote it. */
  who: string;
  tally: KudosTally;
  /** Nobody thanks themselves. */
  mine: boolean;
}

/** Thanks for something that was said: for what, how often, and one's own. */
export function Kudos({ contributionId, who, tally, mine }: KudosProps) {
  const { t } = useTranslation();
  const communityId = useCommunityId();
  const now = useNow(60_000);
  const [said, setSaid] = useState<KudosTally | null>(null);
  const of = { communityId, contributionId };
  const give = useMutation({
    mutationFn: (reason: KudosReason) => api(giveKudos, { ...of, reason }),
    onSuccess: setSaid,
  });
  const revoke = useMutation({ mutationFn: () => api(revokeKudos, of), onSuccess: setSaid });
  const { counts, mine: own, until } = said ?? tally;
  const isOpen = !own || (until !== null && Date.parse(until) > now);
  return (
    <div className={styles.kudos}>
      {KudosReason.options.map(
        (reason) =>
          !!counts[reason] && (
            <span key={reason} className={styles.count}>
              {t('kudos.count', { reason: t(`kudos.reason.${reason}`), count: counts[reason] })}
            </span>
          ),
      )}
      {!mine && isOpen && (
        <Menu position="bottom-start" withinPortal={false}>
          <Menu.Target>
            <Button
              variant="subtle"
              size="compact-md"
              loading={give.isPending || revoke.isPending}
              aria-label={
                own ? t('kudos.yours', { reason: t(`kudos.reason.${own}`) }) : t('kudos.thankNamed', { who })
              }
            >
              {own ? t('kudos.yours', { reason: t(`kudos.reason.${own}`) }) : t('kudos.thank')}
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Label>{t('kudos.for')}</Menu.Label>
            {KudosReason.options.map((reason) => (
              <Menu.Item key={reason} disabled={reason === own} onClick={() => give.mutate(reason)}>
                {t(`kudos.reason.${reason}`)}
              </Menu.Item>
            ))}
            {own && <Menu.Item onClick={() => revoke.mutate()}>{t('kudos.revoke')}</Menu.Item>}
          </Menu.Dropdown>
        </Menu>
      )}
      {!mine && !isOpen && own && (
        <span className={styles.own}>{t('kudos.yours', { reason: t(`kudos.reason.${own}`) })}</span>
      )}
      <Refusal error={give.error ?? revoke.error} />
    </div>
  );
}
