/** Members who saw something, each by their latest rating; `seen` counts the unsure too. */
export interface Seen {
  agree: number;
  seen: number;
}

/** Smoothed agreement of one opinion group: (A + 1) / (S + 2). Insight 2. */
export const agreement = ({ agree, seen }: Seen): number => (agree + 1) / (seen + 2);

/** Agreement that holds across opinion groups: the geometric mean of theirs. Of one group it is that group's. */
export const bridging = (groups: readonly Seen[]): number =>
  groups.reduce((product, group) => product * agreement(group), 1) ** (1 / Math.max(1, groups.length));

/** How much it matters to those who saw it: (M + 1) / (S + 3). */
export const importance = (matters: number, seen: number): number => (matters + 1) / (seen + 3);

/** By what something rises: agreement that bridges, times importance. */
export const surfacing = (groups: readonly Seen[], matters: number): number =>
  bridging(groups) *
  importance(
    matters,
    groups.reduce((sum, { seen }) => sum + seen, 0),
  );

/**
 * How much something deserves to be shown next: what is new, divides little and is agreed with comes early. Insight 3;
 * `extremity` is that of the statement on the map of opinions, 0 where there is none.
 */
export function priority({ agree, disagree, seen }: Seen & { disagree: number }, extremity = 0): number {
  const unsure = seen - agree - disagree;
  const worth = (1 - (unsure + 1) / (seen + 2)) * (extremity + 1) * ((agree + 1) / (seen + 2));
  return (worth * (1 + 8 * 2 ** (-seen / 5))) ** 2;
}

/**
 * Draws some without putting them back, in proportion to their weights, and never the same author twice running where
 * another can be drawn. `random` answers 0 to 1.
 */
export function draw<T extends { authorId: string }>(
  from: readonly T[],
  weightOf: (one: T) => number,
  most: number,
  random: () => number,
): T[] {
  const left = from.map((one) => ({ one, weight: Math.max(weightOf(one), Number.MIN_VALUE) }));
  const drawn: T[] = [];
  while (drawn.length < most && left.length) {
    const last = drawn.at(-1)?.authorId;
    const others = left.filter(({ one }) => one.authorId !== last);
    const pool = others.length ? others : left;
    let at = random() * pool.reduce((sum, { weight }) => sum + weight, 0);
    const next = pool.find(({ weight }) => (at -= weight) < 0) ?? pool.at(-1)!;
    left.splice(left.indexOf(next), 1);
    drawn.push(next.one);
  }
  return drawn;
}
