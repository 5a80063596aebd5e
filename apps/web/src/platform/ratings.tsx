import type { Counts, Rating } from '@parley/contracts/contributions';
import { useTranslation } from 'react-i18next';
import { useFormat } from './format';
import styles from './ratings.module.css';

/** The order in which ratings stand beside each other. */
export const ratings = ['agree', 'unsure', 'disagree'] as const satisfies readonly Rating[];

/** Counts as a sentence: "5 agree, 1 not sure, 2 disagree". */
export function useCountWords() {
  const { t } = useTranslation();
  return (counts: Counts) =>
    ratings.map((each) => t(`rate.count.${each}`, { count: counts[each] })).join(', ');
}

/** How a statement was rated: bars, with the numbers and their n beside them. */
export function CountBars({ counts }: { counts: Counts }) {
  const { t } = useTranslation();
  const { number } = useFormat();
  const n = counts.agree + counts.unsure + counts.disagree;
  return (
    <div className={styles.bars}>
      <div className={styles.bar} aria-hidden="true">
        {n > 0 &&
          ratings.map((each) => (
            <div key={each} data-rating={each} style={{ flexGrow: counts[each] }} hidden={!counts[each]} />
          ))}
      </div>
      <ul className={styles.barWords}>
        {ratings.map((each) => (
          <li key={each} data-rating={each}>
            {t(`rate.${each}`)} <strong>{number(counts[each])}</strong>
          </li>
        ))}
        <li>{t('rate.n', { n: number(n) })}</li>
      </ul>
    </div>
  );
}
