import { Button } from '@mantine/core';
import { type UpdateCard, Verdict as AnyVerdict } from '@parley/contracts/loop';
import { Link } from '@tanstack/react-router';
import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../platform/format';
import { usePlace } from '../platform/place';
import { useNow } from '../platform/realtime';
import { Refusal } from '../platform/refusal';
import { useIsObserver, useVerify } from './feed.data';
import styles from './feed.module.css';

/** "Did we get it right?" of what is delivered, for those who judge it; how others see it comes after one's own word. */
export function Verdict({ update, whole }: { update: UpdateCard; whole?: boolean }) {
  const { t } = useTranslation();
  const { date } = useFormat();
  const { role, community } = usePlace().membership;
  const observes = useIsObserver();
  const verify = useVerify(update.id);
  const title = useId();
  const now = useNow(60_000);
  const { state, until, verdicts, mine } = update.verification;
  if (update.withdrawn || state === 'waiting' || state === 'reopened') return null;
  const isMember = role === 'member' || role === 'moderator';
  const isOpen = state === 'open' && until !== null && Date.parse(until) > now;
  const asks = isOpen && isMember;
  const counts =
    verdicts && t('verdict.counts', { ...verdicts, n: verdicts.yes + verdicts.partly + verdicts.no });
  // Nobody sees how others see it before they have said it themselves.
  const shows = counts && (!asks || mine || observes);
  if (!asks && !shows) return null;
  return (
    <section className={styles.verdict} aria-labelledby={title}>
      <h3 id={title}>{t('verdict.title')}</h3>
      {asks && !observes && (
        <div role="group" aria-labelledby={title} className={styles.verdictButtons}>
          {AnyVerdict.options.map((verdict) => (
            <Button
              key={verdict}
              variant={mine === verdict ? 'filled' : 'default'}
              aria-pressed={mine === verdict}
              disabled={verify.isPending}
              onClick={() => mine !== verdict && verify.mutate(verdict)}
            >
              {t(`verdict.${verdict}`)}
            </Button>
          ))}
        </div>
      )}
      <p className={styles.small} role="status">
        {asks &&
          !observes &&
          until &&
          (mine
            ? t('verdict.yours', { verdict: t(`verdict.${mine}`), date: date(until) })
            : t('verdict.until', { date: date(until) }))}
      </p>
      {asks && observes && (
        <p className={styles.small}>
          {t('verdict.observer')}{' '}
          <Link to="/c/$slug/profile" params={{ slug: community.slug }} className={styles.inline}>
            {t('verdict.toProfile')}
          </Link>
        </p>
      )}
      {shows && <p className={styles.small}>{counts}</p>}
      {asks && mine && !counts && <p className={styles.small}>{t('verdict.few')}</p>}
      {whole && asks && until && <p className={styles.small}>{t('verdict.how', { date: date(until) })}</p>}
      <Refusal error={verify.error} />
    </section>
  );
}
