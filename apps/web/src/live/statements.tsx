import { type Counts, noCounts, type Statement } from '@parley/contracts/contributions';
import type { StatementCounts } from '@parley/contracts/live';
import type { z } from 'zod';
import { Nothing } from '../platform/page';
import { CountBars } from '../platform/ratings';
import { Byline, EditedMark } from './words';
import styles from './live.module.css';

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
