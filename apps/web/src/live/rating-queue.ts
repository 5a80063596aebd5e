import type { Rating, Statement } from '@parley/contracts/contributions';

/** Statements come in sets of this size, so that an end is always in sight. */
const SET = 5;

interface Queue {
  /** The statement to rate now; null when there is none. */
  now: Statement | null;
  /** Its place in the set, first is 1. */
  place: number;
  /** How many the set holds. */
  of: number;
  /** What this member has rated, latest statement first. */
  rated: Statement[];
}

/** Which statement of the others is next: those not skipped first, then the skipped ones. Never one's own. */
export function ratingQueue(
  statements: readonly Statement[],
  memberId: string,
  ratings: Readonly<Record<string, Rating>>,
  skipped: readonly string[],
): Queue {
  const others = statements.filter(({ author }) => author.memberId !== memberId);
  const open = others.filter(({ id }) => !ratings[id]);
  const fresh = open.find(({ id }) => !skipped.includes(id));
  const skippedFirst = skipped.map((id) => open.find((statement) => statement.id === id)).find(Boolean);
  const done = others.length - open.length;
  const before = Math.floor(done / SET) * SET;
  return {
    now: fresh ?? skippedFirst ?? null,
    place: done - before + 1,
    of: Math.min(SET, others.length - before),
    rated: others.filter(({ id }) => ratings[id]).reverse(),
  };
}
