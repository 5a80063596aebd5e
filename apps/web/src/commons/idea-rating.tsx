import { Button, Text } from '@mantine/core';
import type { Rating } from '@parley/contracts/contributions';
import type { Idea, IdeaPlace, IdeaResult } from '@parley/contracts/ideas';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../platform/format';
import { CountBars, ratings } from '../platform/ratings';
import { Refusal } from '../platform/refusal';
import { Tick } from '../platform/tick';
import { usePlace } from '../platform/place';
import { useRateIdea } from './ideas.data';
import styles from './ideas.module.css';

/** What one thinks of an idea, and then what others do. */
export function IdeaRating({ idea, place }: { idea: Idea; place: IdeaPlace }) {
  const { t } = useTranslation();
  const { role } = usePlace().membership;
  const rate = useRateIdea();
  const now = rate.data?.id === idea.id && rate.data.version === idea.version ? rate.data : idea;
  // Drawn at once; what was refused is as it was before.
  const given = rate.isPending ? rate.variables : now.myRating?.version === now.version ? now.myRating : null;
  const mayRate =
    (role === 'member' || role === 'moderator') &&
    !idea.mine &&
    !place.closed &&
    idea.moderation === 'published';
  const send = (rating: Rating, matters: boolean, onError?: () => void) =>
    rate.mutate({ ideaId: idea.id, version: idea.version, rating, matters }, { onError });
  return (
    <section className={styles.rating} aria-label={t('idea.rate')}>
      {mayRate && (
        <>
          {!given && now.myRating && <Text size="sm">{t('idea.rateAgain')}</Text>}
          <div className={styles.ratingButtons} role="group" aria-label={t('idea.rate')}>
            {ratings.map((each) => (
              <Button
                key={each}
                variant={given?.rating === each ? 'filled' : 'default'}
                aria-pressed={given?.rating === each}
                disabled={rate.isPending}
                onClick={() => send(each, given?.matters ?? false)}
              >
                {t(`rate.${each}`)}
              </Button>
            ))}
          </div>
          {given && (
            <Tick
              label={t('idea.matters')}
              description={t('idea.mattersLeft', { count: place.mattersLeft })}
              checked={given.matters}
              disabled={rate.isPending || (!given.matters && place.mattersLeft < 1)}
              choose={(matters, onError) => send(given.rating, matters, onError)}
            />
          )}
          <Refusal error={rate.error} />
        </>
      )}
      <div aria-live="polite">
        {now.result ? (
          <Result result={now.result} />
        ) : (
          mayRate && (
            <Text size="sm" c="dimmed">
              {t('idea.result.hidden')}
            </Text>
          )
        )}
      </div>
    </section>
  );
}

/** What members think of a version, and what knowing the context changes. */
export function Result({ result }: { result: IdeaResult }) {
  const { t } = useTranslation();
  const { number } = useFormat();
  const { informed, uninformed } = result;
  const share = ({ agree, seen }: { agree: number; seen: number }) => number((100 * agree) / seen);
  return (
    <div className={styles.result}>
      <CountBars counts={result} />
      {result.matters > 0 && (
        <Text size="sm" c="dimmed">
          {t('idea.result.matters', { count: result.matters })}
        </Text>
      )}
      {informed && uninformed && (
        <Text size="sm">
          {t('idea.result.split', {
            ...{ informed: share(informed), informedSeen: informed.seen },
            ...{ uninformed: share(uninformed), uninformedSeen: uninformed.seen },
          })}
        </Text>
      )}
    </div>
  );
}
