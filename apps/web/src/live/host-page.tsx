import { Text, Title } from '@mantine/core';
import { noMoods, secondOf } from '@parley/contracts/live';
import { type LiveSession } from '@parley/contracts/live-facts';
import { Link } from '@tanstack/react-router';
import { useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { clock, useFormat } from '../platform/format';
import { usePlace } from '../platform/place';
import { useNow } from '../platform/realtime';
import { AssetView } from './asset-view';
import { Lobby } from './brief';
import { Digest } from './digest';
import { LiveTrace } from './live-trace';
import { MoodCounts } from './moods';
import { StatementList } from './statements';
import { Words } from './words';
import styles from './host.module.css';

/** The host's teleprompter: now, the room, next. Nothing to press; the producer drives. */
export function HostPage({ session }: { session: LiveSession }) {
  const { t } = useTranslation();
  const { slug } = usePlace().membership.community;
  const { card, stage, cue, pulse, desk } = session;
  if (card.status === 'scheduled' || (card.status === 'live' && !stage))
    return (
      <Lobby card={card} here={pulse.here}>
        <Text c="dimmed">{t('host.beforeStart')}</Text>
      </Lobby>
    );
  const cues = desk?.cues ?? [];
  const next = cue && cues.find(({ order }) => order > cue.order);
  return (
    <div className={styles.host}>
      <Digest session={session} />
      <div className={styles.column}>
        <section className={styles.now} aria-label={t('host.now')}>
          {card.status === 'ended' ? (
            <>
              <Title order={1} className={styles.large}>
                {t('host.ended')}
              </Title>
              <Link
                to="/c/$slug/sessions/$sessionId/result"
                params={{ slug, sessionId: card.id }}
                className={styles.link}
              >
                {t('ended.toResult')}
              </Link>
            </>
          ) : (
            <Now session={session} of={cues.length} />
          )}
        </section>
        {card.status === 'live' && (
          <section className={styles.next} aria-label={t('host.next')}>
            <h2>{t('host.next')}</h2>
            <p className={styles.large}>{next ? next.title : t('host.last')}</p>
            {next && <p>{next.prompt}</p>}
          </section>
        )}
      </div>
      <div className={styles.column}>
        <section className={styles.room} aria-label={t('host.room')}>
          <h2>{t('host.room')}</h2>
          <p className={styles.large}>{t('room.here', { count: pulse.here })}</p>
          {pulse.observers > 0 && <p>{t('room.observers', { count: pulse.observers })}</p>}
          {cue?.kind !== 'rate' && (
            <>
              <Reacted session={session} />
              <MoodCounts large moods={desk?.trace?.moods ?? pulse.moods ?? noMoods} />
            </>
          )}
        </section>
        <section aria-label={t('host.statements')}>
          <h2>{t('host.statements')}</h2>
          <StatementList
            statements={session.statements}
            counts={desk?.counts ?? {}}
            order="agreed"
            most={5}
            none={t('control.noStatements')}
          />
        </section>
      </div>
      <section aria-label={t('host.words')}>
        <h2>{t('host.words')}</h2>
        <Words large first={4} comments={session.comments} none={t('stage.noNotes')} />
      </section>
    </div>
  );
}

function Reacted({ session: { pulse } }: { session: LiveSession }) {
  const { t } = useTranslation();
  const { number } = useFormat();
  return (
    <p>
      {t('room.reacted', { count: pulse.reacted })}
      {pulse.mean !== null && ` · ${t('room.mean', { mean: number(pulse.mean) })}`}
    </p>
  );
}

function Now({ session, of }: { session: LiveSession; of: number }) {
  const { t } = useTranslation();
  const video = useRef<HTMLVideoElement>(null);
  const now = useNow(500);
  const { stage, cue, desk } = session;
  if (!stage || !cue) return null;
  const second = secondOf(stage, cue, now);
  const length = cue.asset?.durationSeconds ?? 0;
  return (
    <>
      <div className={styles.nowHead}>
        <div>
          <h2>{t('host.nowCue', { order: cue.order, of: Math.max(of, cue.order) })}</h2>
          <Title order={1} className={styles.large} dir="auto">
            {cue.title}
          </Title>
        </div>
        <div role="timer" aria-label={t('host.timer')} className={styles.timer}>
          {clock(second)}
          {cue.kind === 'video' && length > 0 && <small>{t('host.timerOf', { clock: clock(length) })}</small>}
        </div>
      </div>
      <p className={styles.prompt} dir="auto">
        {cue.prompt}
      </p>
      <AssetView stage={stage} cue={cue} video={video} />
      {cue.kind !== 'rate' && (
        <LiveTrace cue={cue} trace={desk?.trace ?? null} at={cue.kind === 'video' ? second : null} />
      )}
    </>
  );
}
