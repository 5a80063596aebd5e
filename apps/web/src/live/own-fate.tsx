import type { OwnContribution } from '@parley/contracts/contributions';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useFateWords } from '../platform/fate-words';
import { usePlace } from '../platform/place';
import { useNow } from '../platform/realtime';
import styles from './live.module.css';

/** Own words that not everybody sees: how they stand, and what is next. */
export function OwnFates({ fates }: { fates: readonly OwnContribution[] }) {
  const { t } = useTranslation();
  const { slug } = usePlace().membership.community;
  const words = useFateWords();
  const now = useNow(fates.some(({ next }) => next.what === 'release') ? 1_000 : 30_000);
  if (!fates.length) return null;
  return (
    <ul className={styles.ownFates} aria-label={t('ownFate.label')}>
      {fates.map((fate) => (
        <li key={fate.id}>
          <span dir="auto">{fate.body}</span>
          <small>{[words.state(fate), words.next(fate.next, now)].filter(Boolean).join(' · ')}</small>
          <Link to="/c/$slug/impact/$contributionId" params={{ slug, contributionId: fate.id }}>
            {t('ownFate.receipt')}
          </Link>
        </li>
      ))}
    </ul>
  );
}
