import type { LoopRate as Rate } from '@parley/contracts/loop';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { usePlace } from '../platform/place';
import styles from './feed.module.css';

/** How many promises are kept, with all that it is counted from; `toPromises` leads to them. */
export function LoopRate({ rate, toPromises }: { rate: Rate; toPromises?: boolean }) {
  const { t } = useTranslation();
  const { slug } = usePlace().membership.community;
  const { kept, keptLate, broken, open } = rate;
  const all = kept + keptLate + broken + open;
  const rest = [
    keptLate && t('loopRate.keptLate', { count: keptLate }),
    broken && t('loopRate.broken', { count: broken }),
    open && t('loopRate.open', { count: open }),
  ].filter(Boolean);
  return (
    <section className={styles.rate} aria-label={t('loopRate.title')}>
      <h2>{t('loopRate.title')}</h2>
      {rate.rate === null ? (
        <p>{t('loopRate.none')}</p>
      ) : (
        <>
          <p className={styles.rateFigure}>
            <strong>{t('loopRate.is', { percent: Math.round(rate.rate * 100) })}</strong>
            <span>{t('loopRate.of', { kept, count: all })}</span>
          </p>
          {rest.length > 0 && <p className={styles.small}>{rest.join(' · ')}</p>}
        </>
      )}
      <details className={styles.details}>
        <summary>{t('loopRate.what')}</summary>
        <p>{t('loopRate.how')}</p>
      </details>
      {toPromises && (
        <Link to="/c/$slug/promises" params={{ slug }} className={styles.link}>
          {t('loopRate.toPromises')}
        </Link>
      )}
    </section>
  );
}
