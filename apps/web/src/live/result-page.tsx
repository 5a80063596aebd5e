import { Stack, Text, Title } from '@mantine/core';
import { CallError } from '@parley/client/http';
import type { SessionResult } from '@parley/contracts/live';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../platform/format';
import { Loading, Nothing, useTitle } from '../platform/page';
import { usePlace } from '../platform/place';
import { Refusal } from '../platform/refusal';
import { Brief, StatusMark } from './brief';
import { usePromise, useResult, useSessionId } from './live.data';
import { LiveTrace } from './live-trace';
import { MoodCounts } from './moods';
import { CountBars } from '../platform/ratings';
import { Byline, Words } from './words';
import styles from './live.module.css';

/** What a Session left: traces, moods, statements and words, each figure with its n. */
export function ResultPage() {
  const { t } = useTranslation();
  const sessionId = useSessionId();
  const { community, memberId } = usePlace().membership;
  const result = useResult(sessionId);
  useTitle(t('result.title'), community.name);
  if (result.isPending) return <Loading what={t('result.loading')} lines={6} />;
  if (result.error) {
    const notYet = result.error instanceof CallError && result.error.code === 'auth.forbidden';
    return (
      <Stack gap="md">
        <Title order={1}>{t('result.title')}</Title>
        {notYet ? (
          <Text>{t('result.notYet')}</Text>
        ) : (
          <Refusal error={result.error} onRetry={() => void result.refetch()} />
        )}
        <Link to="/c/$slug" params={{ slug: community.slug }} className={styles.link}>
          {t('session.back')}
        </Link>
      </Stack>
    );
  }
  return <Result result={result.data} me={memberId} />;
}

function Result({ result, me }: { result: SessionResult; me: string }) {
  const { t } = useTranslation();
  const { date, number } = useFormat();
  const { role, community } = usePlace().membership;
  const { card, rounds, statements, comments } = result;
  const params = { slug: community.slug, sessionId: card.id };
  // Statements have a part of their own.
  const reacted = rounds.filter(({ cue }) => cue.kind !== 'rate');
  const videos = new Set(rounds.filter(({ cue }) => cue.kind === 'video').map(({ cue }) => cue.id));
  return (
    <div className={styles.result}>
      <header className={styles.resultHead}>
        <StatusMark status={card.status} />
        <Title order={1}>{t('result.heading', { title: card.title })}</Title>
        <Text c="dimmed">
          {t('result.people', { count: result.people })}
          {card.endedAt && ` · ${t('result.endedOn', { date: date(card.endedAt) })}`}
        </Text>
        <Brief card={card} />
        <WhatCame sessionId={card.id} />
        {(role === 'producer' || role === 'manager') && (
          <Link to="/c/$slug/sessions/$sessionId/again" params={params} className={styles.go}>
            {t('result.again')}
          </Link>
        )}
      </header>

      <div className={styles.resultPart}>
        {reacted.map(({ cue, trace }) => (
          <section key={`${cue.id} ${trace.round}`} className={styles.round} aria-label={cue.title}>
            <div>
              <Title order={2} dir="auto">
                {cue.title}
              </Title>
              <Text c="dimmed">
                {rounds.filter((other) => other.cue.id === cue.id).length > 1 &&
                  `${t('result.round', { round: number(trace.round) })} · `}
                {t('room.reacted', { count: trace.people })}
              </Text>
            </div>
            {trace.people > 0 && (
              <>
                <LiveTrace cue={cue} trace={trace} />
                <MoodCounts moods={trace.moods} />
              </>
            )}
          </section>
        ))}
        {reacted.length === 0 && <Nothing>{t('result.noRounds')}</Nothing>}
      </div>

      <div className={styles.resultPart}>
        <section className={styles.round} aria-label={t('result.statements')}>
          <Title order={2}>{t('result.statements')}</Title>
          {statements.length ? (
            <ol className={styles.words}>
              {statements.map(({ statement, counts }) => (
                <li key={statement.id}>
                  <p dir="auto">{statement.body}</p>
                  <div className={styles.by}>
                    <Byline author={statement.author} me={me} />
                  </div>
                  <CountBars counts={counts} />
                </li>
              ))}
            </ol>
          ) : (
            <Nothing>{t('control.noStatements')}</Nothing>
          )}
        </section>

        <section className={styles.round} aria-label={t('result.comments')}>
          <div>
            <Title order={2}>{t('result.comments')}</Title>
            {result.commentCount > 0 && (
              <Text c="dimmed">
                {result.commentCount > comments.length
                  ? t('result.commentsOf', {
                      shown: number(comments.length),
                      all: number(result.commentCount),
                    })
                  : t('result.commentCount', { count: result.commentCount })}
              </Text>
            )}
          </div>
          <Words comments={comments} me={me} hasSeconds={(id) => videos.has(id)} none={t('stage.noNotes')} />
        </section>
      </div>
    </div>
  );
}

/** The Updates that answer what was said here; before there is one, the day is in the brief above. */
function WhatCame({ sessionId }: { sessionId: string }) {
  const { t } = useTranslation();
  const { slug } = usePlace().membership.community;
  const promise = usePromise(sessionId);
  if (!promise) return null;
  const { updates, brokenBecause } = promise;
  if (!updates.length && !brokenBecause) return null;
  return (
    <section aria-label={t('result.came')}>
      <Title order={2}>{t('result.came')}</Title>
      <ul className={styles.came}>
        {updates.map(({ id, title }) => (
          <li key={id}>
            <Link
              to="/c/$slug/updates/$updateId"
              params={{ slug, updateId: id }}
              className={styles.link}
              dir="auto"
            >
              {title}
            </Link>
          </li>
        ))}
        {brokenBecause && <li dir="auto">{brokenBecause}</li>}
      </ul>
    </section>
  );
}
