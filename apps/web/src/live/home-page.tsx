import { Stack, Text, Title } from '@mantine/core';
import type { SessionCard, SessionStatus } from '@parley/contracts/live';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../platform/format';
import { Loading, Nothing, useTitle } from '../platform/page';
import { usePlace } from '../platform/place';
import { Refusal } from '../platform/refusal';
import { Brief, StatusMark } from './brief';
import { useSessions } from './live.data';
import styles from './live.module.css';

/** The community's home: what is live now, what comes next, and what was. */
export function HomePage({ children }: { children?: ReactNode }) {
  const { t } = useTranslation();
  const { community, role } = usePlace().membership;
  const sessions = useSessions();
  useTitle(community.name);
  return (
    <Stack gap="xl">
      <div>
        <Title order={1}>{community.name}</Title>
        <Text c="dimmed" maw="65ch">
          {community.purpose}
        </Text>
      </div>
      {children}
      {(role === 'producer' || role === 'manager') && (
        <Link to="/c/$slug/plan" params={{ slug: community.slug }} className={styles.go}>
          {t('plan.new')}
        </Link>
      )}
      {sessions.isPending && <Loading />}
      <Refusal error={sessions.error} onRetry={() => void sessions.refetch()} />
      {sessions.data && (
        <>
          <Group status="live" sessions={sessions.data} />
          <Group status="scheduled" sessions={sessions.data} />
          <Group status="ended" sessions={sessions.data} />
        </>
      )}
    </Stack>
  );
}

function Group({ status, sessions }: { status: SessionStatus; sessions: SessionCard[] }) {
  const { t } = useTranslation();
  const { role } = usePlace().membership;
  const own = sessions.filter((card) => card.status === status);
  const plans = role === 'producer' || role === 'manager';
  return (
    <section aria-label={t(`home.${status}`)} className={styles.group}>
      <Title order={2}>{t(`home.${status}`)}</Title>
      {own.length ? (
        <ul className={styles.sessions}>
          {own.map((card) => (
            <li key={card.id}>
              <Card card={card} />
            </li>
          ))}
        </ul>
      ) : (
        <Nothing>{t(plans ? `home.none.${status}.team` : `home.none.${status}`)}</Nothing>
      )}
    </section>
  );
}

function Card({ card }: { card: SessionCard }) {
  const { t } = useTranslation();
  const { moment, time, date } = useFormat();
  const { role, community } = usePlace().membership;
  const drives = role === 'producer' || role === 'manager';
  const params = { slug: community.slug, sessionId: card.id };
  const isOver = card.status === 'ended';
  const go = isOver ? 'result' : drives ? 'open' : card.status === 'live' ? 'join' : 'lobby';
  const when = {
    live: t('home.since', { when: time(card.startedAt ?? card.startsAt) }),
    scheduled: t('home.startsAt', { when: moment(card.startsAt), count: card.plannedMinutes }),
    ended: t('home.endedOn', { date: date(card.endedAt ?? card.startsAt) }),
  }[card.status];
  return (
    <article className={styles.session} data-status={card.status}>
      <div className={styles.spread}>
        <StatusMark status={card.status} />
        <Text size="sm" c="dimmed">
          {when}
        </Text>
      </div>
      <Title order={3} dir="auto">
        {card.title}
      </Title>
      <Brief card={card} />
      <Link
        to={isOver ? '/c/$slug/sessions/$sessionId/result' : '/c/$slug/sessions/$sessionId'}
        params={params}
        className={styles.go}
        aria-label={t('home.goNamed', { go: t(`home.go.${go}`), title: card.title })}
        data-first={card.status === 'live' || undefined}
      >
        {t(`home.go.${go}`)}
      </Link>
    </article>
  );
}
