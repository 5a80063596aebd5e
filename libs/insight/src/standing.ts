/** Why somebody thanks another, with what it is worth by itself. `solved`: an answer was marked as the one that solves it. */
export const kudosBase = { insightful: 3, changedMind: 4, helped: 3, honest: 2, solved: 5 } as const;
export type KudosReason = keyof typeof kudosBase;

export const HALF_LIFE_DAYS = 90;
/** Within how many days thanks of the same person to the same count for less each time. */
export const PAIR_DAYS = 30;
/** How many thanks of one member count on a day. */
export const DAILY_CAP = 5;
/** What is left of thanks within a ring. */
export const RING_FACTOR = 0.1;
/** A rating of others' input, of which so many count on a day. */
export const RATING_VALUE = 0.05;
export const RATINGS_A_DAY = 20;
/** Of a season the best so many days in a row count: who comes when half of it is over has not lost it already. */
export const BEST_DAYS = 45;
/** From how many points on each level is, the first from none. */
export const levels = [0, 5, 15, 40, 100] as const;

export interface Kudos {
  id: string;
  from: string;
  to: string;
  reason: KudosReason;
  /** ms */
  at: number;
}

/** How many of others' inputs a member rated on a day. */
export interface RatedDay {
  memberId: string;
  /** The start of that day in UTC, ms. */
  day: number;
  ratings: number;
}

/** Why thanks count for less, or nothing: within a ring, only ever for the same member, beyond the cap, or to oneself. */
export type Discount = 'ring' | 'loyal' | 'cap' | 'self';

export interface Counted {
  id: string;
  value: number;
  discount: Discount | null;
}

export interface Standing {
  memberId: string;
  score: number;
  /** What of the score is from thanks, and what from rating what others said. */
  fromKudos: number;
  fromRatings: number;
  level: number;
}

const DAY = 86_400_000;
const dayOf = (at: number) => Math.floor(at / DAY);
const decay = (at: number, now: number) => 2 ** (-Math.max(0, now - at) / DAY / HALF_LIFE_DAYS);

/** The season of a moment: a quarter of the year, in UTC. */
export function seasonOf(at: number): { name: string; from: number; to: number } {
  const date = new Date(at);
  const [year, quarter] = [date.getUTCFullYear(), Math.floor(date.getUTCMonth() / 3)];
  return {
    name: `${year}-${quarter + 1}`,
    from: Date.UTC(year, quarter * 3, 1),
    to: Date.UTC(year, quarter * 3 + 3, 1),
  };
}

/** The level of a score, 1 to 5; half a point of a hundredth short is not short. */
export const levelOf = (score: number): number => levels.filter((from) => score >= from - 0.005).length;

/** What is missing for the next level, said in what one can be given and do; null at the highest. */
export function missingFor(score: number): {
  level: number;
  points: number;
  /** As many times "insightful" from somebody who counts once, or as many ratings. */
  kudos: number;
  ratings: number;
} | null {
  const next = levelOf(score);
  const from = levels[next];
  if (from === undefined) return null;
  const points = Math.max(0.01, Math.round((from - score) * 100) / 100);
  return {
    ...{ level: next + 1, points },
    kudos: Math.ceil(points / kudosBase.insightful),
    ratings: Math.ceil(points / RATING_VALUE),
  };
}

/**
 * Standing of a season at a moment (Insight 6): of each thanks its reason's base, times how much its giver counts (0.5 to
 * 2), divided by one more than thanks of the same pair in the 30 days before, halved every 90 days; at most five a day of
 * one giver; a tenth within a ring. And a little for rating what others said. Of a season the best 45 days in a row. The order of what comes in does not matter.
 * `discounts` false: as if nobody meant to raise themselves, to see what the rules change.
 */
export function standings(
  { kudos, rated, at }: { kudos: readonly Kudos[]; rated: readonly RatedDay[]; at: number },
  { discounts = true } = {},
): { standings: Standing[]; counted: Counted[] } {
  const inOrder = [...kudos].sort((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1));
  const judged = inOrder.map((one) => ({ ...one, weight: 1, discount: null as Discount | null }));
  const drop = (one: (typeof judged)[number], discount: Discount, weight: number) => {
    if (discounts) Object.assign(one, { discount, weight });
  };

  const today = new Map<string, number>();
  for (const one of judged) {
    const key = `${one.from} ${dayOf(one.at)}`;
    today.set(key, (today.get(key) ?? 0) + 1);
    if (one.from === one.to) drop(one, 'self', 0);
    else if (today.get(key)! > DAILY_CAP) drop(one, 'cap', 0);
  }

  const live = judged.filter(({ weight }) => weight > 0);
  const ringOf = rings(live);
  const loyalTo = loyals(live);
  for (const one of live) {
    const ring = ringOf.get(one.from);
    const fans = loyalTo.get(one.to);
    if (ring !== undefined && ring === ringOf.get(one.to)) drop(one, 'ring', RING_FACTOR);
    else if (fans?.has(one.from)) drop(one, 'loyal', 1 / fans.size);
  }

  const recent = new Map<string, number[]>();
  const flat = judged.map((one) => {
    const pair = `${one.from} ${one.to}`;
    const before = (recent.get(pair) ?? []).filter((when) => when > one.at - PAIR_DAYS * DAY);
    recent.set(pair, before.concat(one.at));
    const damped = discounts ? 1 / (1 + before.length) : 1;
    return { ...one, value: kudosBase[one.reason] * one.weight * damped * decay(one.at, at) };
  });

  const ratings = sumBy(rated, ({ memberId, ratings: count }) => [memberId, count]);
  const factor = discounts ? giverFactors(flat, ratings) : () => 1;
  const counted = flat.map(({ id, value, from, discount }) => ({
    id,
    value: value * factor(from),
    discount,
  }));

  const gains = new Map<string, Gain[]>();
  const gain = (memberId: string, one: Gain) => {
    const known = gains.get(memberId);
    if (known) known.push(one);
    else gains.set(memberId, [one]);
  };
  for (const [place, { to, at: when }] of flat.entries())
    gain(to, { at: when, kudos: counted[place]!.value, ratings: 0 });
  for (const { memberId, day, ratings: count } of rated)
    gain(memberId, {
      ...{ at: day, kudos: 0 },
      ratings: Math.min(count, RATINGS_A_DAY) * RATING_VALUE * decay(day, at),
    });
  return {
    counted,
    standings: [...gains]
      .map(([memberId, all]) => {
        const { kudos: fromKudos, ratings: fromRatings } = discounts ? best(all) : sumOf(all);
        const score = fromKudos + fromRatings;
        return { memberId, score, fromKudos, fromRatings, level: levelOf(score) };
      })
      .sort((a, b) => b.score - a.score || (a.memberId < b.memberId ? -1 : 1)),
  };
}

interface Gain {
  at: number;
  kudos: number;
  ratings: number;
}

const sumOf = (gains: readonly Gain[]) =>
  gains.reduce((sum, one) => ({ kudos: sum.kudos + one.kudos, ratings: sum.ratings + one.ratings }), {
    ...{ kudos: 0, ratings: 0 },
  });

/** What came together in the best days in a row; of several as good ones the last. */
function best(gains: readonly Gain[]): { kudos: number; ratings: number } {
  const inOrder = [...gains].sort((a, b) => a.at - b.at || a.kudos - b.kudos || a.ratings - b.ratings);
  let most = { kudos: 0, ratings: 0 };
  let [from, kudos, ratings] = [0, 0, 0];
  for (const one of inOrder) {
    kudos += one.kudos;
    ratings += one.ratings;
    for (; inOrder[from]!.at <= one.at - BEST_DAYS * DAY; from += 1) {
      kudos -= inOrder[from]!.kudos;
      ratings -= inOrder[from]!.ratings;
    }
    if (kudos + ratings >= most.kudos + most.ratings) most = { kudos, ratings };
  }
  return most;
}

function sumBy<T>(list: readonly T[], of: (one: T, place: number) => [key: string, value: number]) {
  const sums = new Map<string, number>();
  for (const [place, one] of list.entries()) {
    const [key, value] = of(one, place);
    sums.set(key, (sums.get(key) ?? 0) + value);
  }
  return sums;
}

/**
 * How much a giver counts: whom nobody has thanked from 0.5, to 1 with twenty ratings of others' input; whom others have
 * thanked by their place among those, to 2. What they were thanked counts flat here, so that nobody's factor rests on
 * itself.
 */
function giverFactors(flat: readonly { to: string; value: number }[], ratings: ReadonlyMap<string, number>) {
  const received = [...sumBy(flat, ({ to, value }) => [to, value])].filter(([, value]) => value > 0);
  const sorted = received.map(([, value]) => value).sort((a, b) => a - b);
  const place = new Map(received.map(([id, value]) => [id, (lastAt(sorted, value) + 1) / sorted.length]));
  return (id: string) => {
    const byRating = 0.5 + 0.5 * Math.min(1, (ratings.get(id) ?? 0) / 20);
    return Math.max(byRating, 0.5 + 1.5 * (place.get(id) ?? 0));
  };
}

/** The place of the last that is not more. */
function lastAt(sorted: readonly number[], value: number): number {
  let [low, high] = [0, sorted.length - 1];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (sorted[middle]! <= value) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** From so many thanks of one to the same, and this share of all they give, a pair can belong to a ring. */
const HEAVY_LEAST = 2;
const HEAVY_SHARE = 0.2;
const RING_MOST = 12;
/** From this share of what they give and are given on, those who thank each other are a ring. */
const RING_SHARE = 0.5;

/**
 * Rings: up to twelve who, one after the other or all among each other, give each other at least half of what they give
 * and are given, twice each or more. Friends who also thank others, and are thanked by them, are none.
 */
function rings(kudos: readonly { from: string; to: string }[]): Map<string, number> {
  const given = new Map<string, Map<string, number>>();
  const [out, into] = [sumBy(kudos, ({ from }) => [from, 1]), sumBy(kudos, ({ to }) => [to, 1])];
  for (const { from, to } of kudos) {
    const pairs = given.get(from) ?? new Map<string, number>();
    pairs.set(to, (pairs.get(to) ?? 0) + 1);
    given.set(from, pairs);
  }
  const found = new Map<string, number>();
  let n = 0;
  const look = (members: readonly string[], least: number) => {
    const among = new Set(members);
    const heavy = (from: string) =>
      [...(given.get(from) ?? [])]
        .filter(([to, count]) => among.has(to) && count >= least && count >= HEAVY_SHARE * out.get(from)!)
        .map(([to]) => to)
        .sort();
    for (const cluster of connected(members, heavy)) {
      if (cluster.length < 2) continue;
      // What hangs together loosely may hold something that hangs together closely.
      if (cluster.length > RING_MOST) {
        look(cluster, least * 2);
        continue;
      }
      const inside = new Set(cluster);
      const total = (sums: ReadonlyMap<string, number>) =>
        cluster.reduce((sum, id) => sum + (sums.get(id) ?? 0), 0);
      const within = cluster.reduce(
        (sum, id) =>
          sum +
          [...(given.get(id) ?? [])].reduce((own, [to, count]) => own + (inside.has(to) ? count : 0), 0),
        0,
      );
      if (within < 2 * cluster.length) continue;
      if (within < RING_SHARE * total(out) || within < RING_SHARE * total(into)) continue;
      for (const id of cluster) found.set(id, n);
      n += 1;
    }
  };
  look([...given.keys()].sort(), HEAVY_LEAST);
  return found;
}

/** Those among whom everybody is reached from everybody (Tarjan, without recursion). */
function connected(members: readonly string[], next: (id: string) => string[]): string[][] {
  const index = new Map<string, number>();
  const low = new Map<string, number>();
  const stack: string[] = [];
  const open = new Set<string>();
  const groups: string[][] = [];
  for (const root of members) {
    if (index.has(root)) continue;
    const path = [{ id: root, to: next(root), at: 0 }];
    const enter = (id: string) => {
      index.set(id, index.size);
      low.set(id, index.get(id)!);
      stack.push(id);
      open.add(id);
    };
    enter(root);
    while (path.length) {
      const here = path.at(-1)!;
      const to = here.to[here.at];
      if (to !== undefined) {
        here.at += 1;
        if (!index.has(to)) {
          enter(to);
          path.push({ id: to, to: next(to), at: 0 });
        } else if (open.has(to)) low.set(here.id, Math.min(low.get(here.id)!, index.get(to)!));
        continue;
      }
      path.pop();
      const above = path.at(-1);
      if (above) low.set(above.id, Math.min(low.get(above.id)!, low.get(here.id)!));
      if (low.get(here.id) !== index.get(here.id)) continue;
      const group: string[] = [];
      for (let id = ''; id !== here.id;) {
        id = stack.pop()!;
        open.delete(id);
        group.push(id);
      }
      groups.push(group);
    }
  }
  return groups;
}

/** From so many thanks on, all of them to one member, somebody is there for that member alone. */
const LOYAL_LEAST = 2;
const LOYALS_LEAST = 3;

/** Of members whom three or more thank and nobody else: those who do. Together they count as one. */
function loyals(kudos: readonly { from: string; to: string }[]): Map<string, Set<string>> {
  const of = new Map<string, { to: string | null; count: number }>();
  for (const { from, to } of kudos) {
    const known = of.get(from);
    of.set(from, { to: known && known.to !== to ? null : to, count: (known?.count ?? 0) + 1 });
  }
  const fans = new Map<string, Set<string>>();
  for (const [from, { to, count }] of of)
    if (to !== null && count >= LOYAL_LEAST) fans.set(to, (fans.get(to) ?? new Set()).add(from));
  return new Map([...fans].filter(([, { size }]) => size >= LOYALS_LEAST));
}

/** In 28 days: the 1 says something twice a week or more, the 9 says something or rates three times, the 90 read. */
export function participation(members: readonly { said: number; rated: number }[]): {
  ones: number;
  nines: number;
  nineties: number;
} {
  const ones = members.filter(({ said }) => said >= 8).length;
  const nines = members.filter(({ said, rated }) => said < 8 && (said > 0 || rated >= 3)).length;
  return { ones, nines, nineties: members.length - ones - nines };
}
