import { type Counts, noCounts, Rating, type Statement } from '@parley/contracts/contributions';
import type { StatementCounts } from '@parley/contracts/live';
import { useTranslation } from 'react-i18next';
import type { z } from 'zod';
import { useFormat } from '../platform/format';
import { Nothing } from '../platform/page';
import { Byline, EditedMark } from './words';
import styles from './live.module.css';

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

const support = (counts: Counts) => counts.agree - counts.disagree;

interface StatementListProps {
  statements: readonly Statement[];
  /** None for somebody who has not rated and sees the words alone. */
  counts?: z.infer<typeof StatementCounts>;
  /** By agreement, or newest first. */
  order: 'agreed' | 'newest';
  most?: number;
  none: string;
}

/** Statements as they stand beside each other; with their counts for the team. */
export function StatementList({ statements, counts, order, most, none }: StatementListProps) {
  const of = ({ id }: Statement) => counts?.[id] ?? noCounts;
  const listed =
    order === 'newest'
      ? statements.toReversed()
      : statements.toSorted((a, b) => support(of(b)) - support(of(a)));
  if (!listed.length) return <Nothing>{none}</Nothing>;
  return (
    <ul className={styles.words}>
      {listed.slice(0, most).map((statement) => (
        <li key={statement.id}>
          <p dir="auto">{statement.body}</p>
          <div className={styles.by}>
            <Byline author={statement.author} />
            <EditedMark edited={statement.edited} />
          </div>
          {counts && <CountBars counts={of(statement)} />}
        </li>
      ))}
    </ul>
  );
}
