import type { CellState, Plan, PlanState } from '@parley/contracts/door';
import { type Facts, matches, type Rule } from '@parley/contracts/rule';

/**
 * One count of a plan: of everybody (`total`), of those of a rule (`cap`), or the least share of them (`share`),
 * for which the others are counted too.
 */
export interface Counter {
  id: string;
  kind: 'total' | 'cap' | 'share';
  label: string;
  rule: Rule;
  target: number | null;
  soft: number | null;
  /** Nobody gets in past it; null for no limit. */
  hard: number | null;
  /** Of a share: so many of a hundred. */
  least: number | null;
  filled: number;
  reserved: number;
  otherFilled: number;
  otherReserved: number;
}

type Rules = Pick<Counter, 'id' | 'kind' | 'rule'>;

/** The counters in which somebody with these facts counts; of a share the others count besides. */
export const cellsOf = <C extends Rules>(counters: readonly C[], facts: Facts): C[] =>
  counters.filter(({ rule }) => matches(rule, facts));

/**
 * Whether one more fits. A share is kept at the worst: kept places of such people may all be given back, and those
 * of the others all be taken, and still at least `least` of a hundred inside are such people.
 */
export function fits(counter: Counter, isIn: boolean): boolean {
  const { kind, hard, least, filled, reserved, otherFilled, otherReserved } = counter;
  if (kind !== 'share') return !isIn || hard === null || filled + reserved < hard;
  const others = otherFilled + otherReserved + 1;
  return isIn || others * 100 <= (100 - (least ?? 0)) * (filled + others);
}

/** What keeps somebody with these facts out; empty when there is a place. */
export function fullFor(counters: readonly Counter[], facts: Facts): Counter[] {
  return counters.filter((counter) => !fits(counter, matches(counter.rule, facts)));
}

/** The same counters with the people in them counted anew. */
export function counted(
  counters: readonly Counter[],
  filled: readonly Facts[],
  reserved: readonly Facts[],
): Counter[] {
  return counters.map((counter) => {
    const of = (people: readonly Facts[]) => people.filter((facts) => matches(counter.rule, facts)).length;
    const [inside, held] = [of(filled), of(reserved)];
    const isShare = counter.kind === 'share';
    return {
      ...counter,
      filled: inside,
      reserved: held,
      otherFilled: isShare ? filled.length - inside : 0,
      otherReserved: isShare ? reserved.length - held : 0,
    };
  });
}

/** Who of those that wait could be given a place now, each in turn; the places of those before are taken by then. */
export function admitInOrder<P extends { facts: Facts }>(
  counters: readonly Counter[],
  waiting: readonly P[],
): P[] {
  const now = counters.map((counter) => ({ ...counter }));
  return waiting.filter(({ facts }) => {
    if (fullFor(now, facts).length) return false;
    for (const counter of now) {
      if (matches(counter.rule, facts)) counter.reserved += 1;
      else if (counter.kind === 'share') counter.otherReserved += 1;
    }
    return true;
  });
}

/** The counters of a plan; nobody is in them yet. The total comes first, under an id of the plan's. */
export function countersOf({ total, cells, shares }: Plan, totalId: string): Counter[] {
  const none = { filled: 0, reserved: 0, otherFilled: 0, otherReserved: 0 };
  const open = { target: null, soft: null, hard: null, least: null };
  return [
    { ...none, ...open, id: totalId, kind: 'total', label: '', rule: [], hard: total },
    ...cells.map((cell): Counter => ({ ...none, ...open, ...cell, kind: 'cap' })),
    ...shares.map((share): Counter => ({ ...none, ...open, ...share, kind: 'share' })),
  ];
}

/** The plan and who is in it, as managers read it. */
export function stateOf(
  version: number,
  counters: readonly Counter[],
  waiting: readonly { facts: Facts }[],
): PlanState {
  const counts = (counter: Counter) => ({
    filled: counter.filled,
    reserved: counter.reserved,
    waiting: waiting.filter(({ facts }) => !fits(counter, matches(counter.rule, facts))).length,
    state: cellState(counter),
  });
  const of = (kind: Counter['kind']) => counters.filter((counter) => counter.kind === kind);
  const [total] = of('total');
  return {
    version,
    total: total
      ? { ...counts(total), hard: total.hard }
      : { filled: 0, reserved: 0, waiting: 0, state: 'open', hard: null },
    cells: of('cap').map((counter) => {
      const { id, label, rule, target, soft, hard } = counter;
      return { id, label, rule, target: target ?? 0, soft, hard, ...counts(counter) };
    }),
    shares: of('share').map((counter) => {
      const { id, label, rule, least, filled, otherFilled } = counter;
      return { id, label, rule, least: least ?? 1, of: filled + otherFilled, ...counts(counter) };
    }),
  };
}

function cellState(counter: Counter): CellState {
  if (!fits(counter, counter.kind !== 'share')) return 'full';
  const { soft, filled, reserved } = counter;
  return soft !== null && filled + reserved >= soft ? 'softFull' : 'open';
}

/** What a plan would have more people in than it allows. Nobody is put out for it. */
export function overfilled(counters: readonly Counter[]): string[] {
  return counters
    .filter(({ kind, hard, least, filled, otherFilled }) =>
      kind === 'share'
        ? otherFilled > 0 && otherFilled * 100 > (100 - (least ?? 0)) * (filled + otherFilled)
        : hard !== null && filled > hard,
    )
    .map(({ label }) => label);
}
