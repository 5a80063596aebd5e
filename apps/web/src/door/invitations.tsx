import { Button, Group, Text } from '@mantine/core';
import type { Source } from '@parley/contracts/door';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../platform/format';
import { Loading, Nothing } from '../platform/page';
import { Refusal } from '../platform/refusal';
import { Sure } from '../platform/sure';
import { Batch } from './batch';
import { useCloseSource, useDoor } from './desk.data';
import styles from './desk.module.css';
import { InvitePeople } from './invite-people';
import { OpenLink, OpenLinkForm } from './open-link';
import { stepsOf } from './overview';

/** So many sources show their link at once; more of them show it when somebody wants to see it. */
const FEW = 3;

/** Links and personal invitations. */
export function InvitationsPage() {
  const { t } = useTranslation();
  const door = useDoor();
  const [making, setMaking] = useState<'link' | 'mail' | null>(null);
  /** What was made just now: it is what the manager wants to see next. */
  const [made, setMade] = useState<string | null>(null);
  const begin = (what: 'link' | 'mail') => {
    setMade(null);
    setMaking(what);
  };
  const done = (sourceId: string | null) => {
    setMaking(null);
    setMade(sourceId);
  };
  const sources = door.data?.sources ?? [];
  return (
    <>
      {making === null && (
        <Group gap="sm">
          <Button onClick={() => begin('mail')}>{t('invite.byMail')}</Button>
          <Button variant="default" onClick={() => begin('link')}>
            {t('invite.link')}
          </Button>
        </Group>
      )}
      {making === 'link' && <OpenLinkForm onDone={done} />}
      {making === 'mail' && <InvitePeople onDone={done} />}
      {door.error && <Refusal error={door.error} onRetry={() => void door.refetch()} />}
      {door.isPending && <Loading />}
      {door.data && !sources.length && !making && <Nothing>{t('desk.noSources')}</Nothing>}
      <ul className={styles.list}>
        {sources.map((source) => (
          <li key={source.id}>
            <SourceCard
              source={source}
              isNew={source.id === made}
              isOpen={source.id === made || sources.length <= FEW}
            />
          </li>
        ))}
      </ul>
    </>
  );
}

interface SourceCardProps {
  source: Source;
  isNew: boolean;
  isOpen: boolean;
}

function SourceCard({ source, isNew, isOpen }: SourceCardProps) {
  const { t } = useTranslation();
  const { date, number } = useFormat();
  const close = useCloseSource();
  const card = useRef<HTMLElement>(null);
  useEffect(() => {
    if (isNew) card.current?.focus();
  }, [isNew]);
  const { id, kind, label, placement, url, useLimit, expiresAt, closedAt, createdAt, funnel } = source;
  return (
    <section ref={card} tabIndex={-1} className={styles.card} aria-label={label}>
      {isNew && (
        <Text role="status" className={styles.promise}>
          {kind === 'link' ? t('invite.linkMade') : t('invite.mailsMade', { count: funnel.sent })}
        </Text>
      )}
      <div>
        <Text fw={600} dir="auto">
          {label}
        </Text>
        <Text className={styles.small}>
          {[
            t(`desk.kind.${kind}`),
            placement,
            t('invite.since', { date: date(createdAt) }),
            useLimit !== null && t('invite.limit', { count: useLimit }),
            expiresAt && t('invite.until', { date: date(expiresAt) }),
            closedAt && t('desk.closed'),
          ]
            .filter(Boolean)
            .join(' · ')}
        </Text>
      </div>
      <ul className={styles.figures}>
        {stepsOf(kind).map((step) => (
          <li key={step} data-bad={(step === 'bounced' && funnel.bounced > 0) || undefined}>
            <strong>{number(funnel[step])}</strong> {t(`invite.figure.${step}`)}
          </li>
        ))}
      </ul>
      {url && !closedAt && (
        <details open={isOpen}>
          <summary className={styles.link}>{t('invite.showLink')}</summary>
          <OpenLink url={url} label={label} />
        </details>
      )}
      {kind === 'mail' && <Batch sourceId={id} isOpen={isNew} />}
      <Refusal error={close.error} />
      {!closedAt && (
        <Sure
          label={t('invite.close')}
          aria-label={t('invite.closeOf', { label })}
          question={t(kind === 'link' ? 'invite.closeLinkSure' : 'invite.closeMailSure')}
          yes={t('invite.closeNow')}
          no={t('invite.keepOpen')}
          isGrave
          isPending={close.isPending}
          onYes={() => close.mutate(id)}
        />
      )}
    </section>
  );
}
