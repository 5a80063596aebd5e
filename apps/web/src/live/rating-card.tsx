import { Button, Text } from '@mantine/core';
import type { Rating, Statement } from '@parley/contracts/contributions';
import type { LiveSession } from '@parley/contracts/live-facts';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Nothing } from '../platform/page';
import { useRate, useSessionOps } from './live.data';
import { ratingQueue } from './rating-queue';
import { ratings, useCountWords } from '../platform/ratings';
import { EditedMark } from './words';
import styles from './live.module.css';

interface RatingCardProps {
  session: LiveSession;
  update: (change: (session: LiveSession) => LiveSession) => void;
}

/** Statements of other members, one at a time; counts only after one's own rating. */
export function RatingCard({ session, update }: RatingCardProps) {
  const { t } = useTranslation();
  const countWords = useCountWords();
  const rate = useRate(session.card.id, update);
  const { waiting } = useSessionOps(session.card.id);
  const [skipped, setSkipped] = useState<string[]>([]);
  const [last, setLast] = useState<string | null>(null);

  // A rating on its way is shown as given.
  const given: Record<string, Rating> = { ...session.mine.ratings };
  for (const { command, input } of waiting) {
    if (command !== 'live.rate') continue;
    const { statementId, rating } = input as { statementId: string; rating: Rating };
    given[statementId] = rating;
  }
  const queue = ratingQueue(session.statements, session.mine.memberId, given, skipped);
  const choose = (statement: Statement, rating: Rating) => {
    rate(statement.id, rating);
    setLast(statement.id);
    setSkipped((ids) => ids.filter((id) => id !== statement.id));
  };
  const lastRating = last ? given[last] : undefined;
  const countsOf = (id: string) => {
    const counts = session.mine.counts[id];
    return counts ? countWords(counts) : t('rate.saving');
  };

  return (
    <section className={styles.rating} aria-label={t('rate.label')}>
      {queue.now ? (
        <>
          <Text size="sm" c="dimmed" className={styles.spread} component="div">
            <span>
              {queue.now.author.role === 'member' ? t('rate.from') : queue.now.author.handle}
              <EditedMark edited={queue.now.edited} />
            </span>
            <span>{t('rate.place', { place: queue.place, of: queue.of })}</span>
          </Text>
          <blockquote key={queue.now.id} className={styles.statement} dir="auto">
            {queue.now.body}
          </blockquote>
          <RatingButtons statement={queue.now} given={undefined} onChoose={choose} />
          <Button
            variant="subtle"
            className={styles.skip}
            onClick={() => setSkipped((ids) => [...ids.filter((id) => id !== queue.now!.id), queue.now!.id])}
          >
            {t('rate.skip')}
          </Button>
        </>
      ) : (
        <Nothing>{queue.rated.length ? t('rate.done') : t('rate.none')}</Nothing>
      )}
      {last && lastRating && (
        <Text size="sm" role="status">
          {t('rate.yours', { rating: t(`rate.${lastRating}`) })} {countsOf(last)}
        </Text>
      )}
      {queue.rated.length > 0 && (
        <details className={styles.rated}>
          <summary>{t('rate.rated', { count: queue.rated.length })}</summary>
          <ul className={styles.words}>
            {queue.rated.map((statement) => (
              <li key={statement.id}>
                <p dir="auto">{statement.body}</p>
                <Text size="sm" c="dimmed">
                  {countsOf(statement.id)}
                </Text>
                <RatingButtons statement={statement} given={given[statement.id]} onChoose={choose} />
              </li>
            ))}
          </ul>
        </details>
      )}
    </section>
  );
}

interface RatingButtonsProps {
  statement: Statement;
  given: Rating | undefined;
  onChoose: (statement: Statement, rating: Rating) => void;
}

function RatingButtons({ statement, given, onChoose }: RatingButtonsProps) {
  const { t } = useTranslation();
  return (
    <div className={styles.ratingButtons} role="group" aria-label={statement.body}>
      {ratings.map((each) => (
        <Button
          key={each}
          variant={given === each ? 'filled' : 'default'}
          aria-pressed={given === each}
          onClick={() => onChoose(statement, each)}
        >
          {t(`rate.${each}`)}
        </Button>
      ))}
    </div>
  );
}
