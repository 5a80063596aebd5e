import type { Command, InputOf, OutputOf } from '@parley/contracts/contract';
import { type Counts, noCounts, type Rating } from '@parley/contracts/contributions';
import {
  rateStatement,
  sendComment,
  sendSamples,
  type SessionResult,
  submitStatement,
} from '@parley/contracts/live';
import { recount } from '@parley/contracts/live-facts';

/** A dial value counts for this many seconds after it was given. */
const CARRY = 45;

/** How many hold the dial at each second of a round, and the sum of their values. */
interface DialLine {
  cueId: string;
  round: number;
  n: number[];
  sum: number[];
  /** The last second in which anybody moved it. */
  last: number;
}

/** What was acknowledged, small enough to travel between processes. */
export interface Account {
  comments: string[];
  statements: string[];
  counts: Record<string, Counts>;
  lines: DialLine[];
  samples: number;
  moods: number;
  ratings: number;
}

export interface Audit {
  /** Acknowledged, and not held afterwards. */
  lost: number;
  /** Held more than once. */
  doubled: number;
  /** The first few, in words. */
  findings: string[];
}

/** Keeps what the server acknowledged to each member, so that it can be asked for again. */
export class Ledger {
  private readonly comments: string[] = [];
  private readonly statements: string[] = [];
  /** Statement to member to the latest rating. */
  private readonly rated = new Map<string, Map<string, Rating>>();
  /** Round to member to second to value. */
  private readonly dials = new Map<string, Map<string, Map<number, number>>>();
  private samples = 0;
  private moods = 0;
  private ratings = 0;

  note(memberId: string, command: Command, input: unknown, answer: unknown) {
    if (command === sendSamples) {
      const { cueId, round, dial, moods } = input as InputOf<typeof sendSamples>;
      const line = within(within(this.dials, `${cueId} ${round}`), memberId);
      for (const [second, value] of dial) line.set(second, value);
      this.samples += dial.length;
      this.moods += moods.length;
    } else if (command === sendComment) {
      this.comments.push((answer as OutputOf<typeof sendComment>).comment.id);
    } else if (command === submitStatement) {
      this.statements.push((answer as OutputOf<typeof submitStatement>).statement.id);
    } else if (command === rateStatement) {
      const { statementId, rating } = input as InputOf<typeof rateStatement>;
      within(this.rated, statementId).set(memberId, rating);
      this.ratings += 1;
    }
  }

  account(): Account {
    const counts: Record<string, Counts> = {};
    for (const [id, ratings] of this.rated)
      counts[id] = [...ratings.values()].reduce((sum, one) => recount(sum, undefined, one), noCounts);
    const lines = [...this.dials].map(([key, members]) => {
      const [cueId = '', round] = key.split(' ');
      return { cueId, round: Number(round), ...carryForward(members.values()) };
    });
    const { comments, statements, samples, moods, ratings } = this;
    return { comments, statements, counts, lines, samples, moods, ratings };
  }
}

function within<K, L, V>(map: Map<K, Map<L, V>>, key: K): Map<L, V> {
  let inner = map.get(key);
  if (!inner) map.set(key, (inner = new Map()));
  return inner;
}

/** At each second each member counts with their last value, if it is not older than `CARRY` seconds. */
export function carryForward(members: Iterable<ReadonlyMap<number, number>>) {
  const n: number[] = [];
  const sum: number[] = [];
  let last = -1;
  for (const line of members) {
    const seconds = [...line.keys()].sort((a, b) => a - b);
    last = Math.max(last, seconds.at(-1) ?? -1);
    seconds.forEach((from, i) => {
      const to = Math.min(from + CARRY, (seconds[i + 1] ?? Infinity) - 1);
      for (let second = from; second <= to; second += 1) {
        n[second] = (n[second] ?? 0) + 1;
        sum[second] = (sum[second] ?? 0) + line.get(from)!;
      }
    });
  }
  return { n: Array.from(n, (one) => one ?? 0), sum: Array.from(sum, (one) => one ?? 0), last };
}

/** Accounts of different members as one. */
export function together(accounts: readonly Account[]): Account {
  const counts: Record<string, Counts> = {};
  const lines = new Map<string, DialLine>();
  for (const account of accounts) {
    for (const [id, one] of Object.entries(account.counts)) {
      const sum = counts[id] ?? noCounts;
      counts[id] = {
        agree: sum.agree + one.agree,
        disagree: sum.disagree + one.disagree,
        unsure: sum.unsure + one.unsure,
      };
    }
    for (const line of account.lines) {
      const key = `${line.cueId} ${line.round}`;
      const other = lines.get(key);
      lines.set(key, other ? addedLines(other, line) : line);
    }
  }
  const total = (pick: (account: Account) => number) => accounts.reduce((sum, one) => sum + pick(one), 0);
  return {
    comments: accounts.flatMap(({ comments }) => comments),
    statements: accounts.flatMap(({ statements }) => statements),
    counts,
    lines: [...lines.values()],
    samples: total(({ samples }) => samples),
    moods: total(({ moods }) => moods),
    ratings: total(({ ratings }) => ratings),
  };
}

const addedLines = (a: DialLine, b: DialLine): DialLine => ({
  ...a,
  n: added(a.n, b.n),
  sum: added(a.sum, b.sum),
  last: Math.max(a.last, b.last),
});

const added = (a: readonly number[], b: readonly number[]) =>
  Array.from({ length: Math.max(a.length, b.length) }, (_, i) => (a[i] ?? 0) + (b[i] ?? 0));

/**
 * Holds what was acknowledged against the result of the Session. `alone`: nobody else took part, so that the product
 * must hold exactly this; otherwise it must hold at least this.
 */
export function audit(account: Account, result: SessionResult, alone: boolean): Audit {
  const found: Audit = { lost: 0, doubled: 0, findings: [] };
  const judge = (what: string, expected: number, held: number) => {
    if (held < expected) found.lost += expected - held;
    else if (alone && held > expected) found.doubled += held - expected;
    else return;
    if (found.findings.length < 8) found.findings.push(`${what}: ${expected} acknowledged, ${held} held`);
  };

  // The result may show only the newest comments one by one; all of them are counted.
  const shown = new Set(result.comments.map(({ id }) => id));
  if (result.comments.length === result.commentCount) {
    const there = account.comments.filter((id) => shown.has(id)).length;
    judge('comments by id', account.comments.length, there);
    if (alone && result.commentCount > there) judge('comments', there, result.commentCount);
  } else judge('comments', account.comments.length, result.commentCount);
  if (alone) judge('comments that come twice', 0, result.comments.length - shown.size);

  const statements = new Map(result.statements.map(({ statement, counts }) => [statement.id, counts]));
  const there = account.statements.filter((id) => statements.has(id)).length;
  judge('statements by id', account.statements.length, there);
  if (alone && result.statements.length > there) judge('statements', there, result.statements.length);
  for (const [id, counts] of Object.entries(account.counts)) {
    for (const rating of ['agree', 'disagree', 'unsure'] as const)
      judge(`${rating} of statement ${id}`, counts[rating], statements.get(id)?.[rating] ?? 0);
  }

  for (const { cueId, round, n, sum, last } of account.lines) {
    const trace = result.rounds.find((one) => one.cue.id === cueId && one.trace.round === round)?.trace;
    // A trace need not go on beyond the last sample, but up to there it must.
    const upTo = Math.max(trace?.n.length ?? 0, last + 1);
    for (let second = 0; second < upTo; second += 1) {
      const where = `dial in round ${round} at second ${second}`;
      const held = trace?.n[second] ?? 0;
      judge(where, n[second] ?? 0, held);
      const mean = n[second] ? sum[second]! / n[second]! : null;
      // The same people with other values: somebody's newest value is not there.
      if (alone && held === (n[second] ?? 0) && !near(mean, trace?.mean[second] ?? null)) {
        found.lost += 1;
        if (found.findings.length < 8)
          found.findings.push(`${where}: mean ${mean} acknowledged, ${trace?.mean[second]} held`);
      }
    }
  }
  return found;
}

const near = (a: number | null, b: number | null) =>
  a === null || b === null ? a === b : Math.abs(a - b) < 1e-6;
