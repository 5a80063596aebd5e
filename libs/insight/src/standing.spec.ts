import { describe, expect, it } from '@jest/globals';
import {
  type Kudos,
  type KudosReason,
  levelOf,
  missingFor,
  participation,
  type RatedDay,
  RING_FACTOR,
  seasonOf,
  standings,
} from './standing';

const DAY = 86_400_000;
const start = Date.UTC(2026, 9, 1);
let ids = 0;
const thanks = (from: string, to: string, day = 0, reason: KudosReason = 'insightful'): Kudos => ({
  ...{ id: `k${String((ids += 1)).padStart(7, '0')}`, from, to, reason },
  at: start + day * DAY + (ids % 1_000) * 1_000,
});
const at = (day: number) => start + day * DAY;
const scoreOf = (kudos: Kudos[], id: string, { day = 0, rated = [] as RatedDay[] } = {}) =>
  standings({ kudos, rated, at: at(day) }).standings.find(({ memberId }) => memberId === id)?.score ?? 0;
/** mulberry32: the same numbers for the same seed. */
const numbers = (seed: number) => () => {
  seed = (seed + 0x6d2b79f5) | 0;
  let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
};

describe('what one thanks counts', () => {
  it('is its reason’s base times how much its giver counts: half of one whom nobody knows', () => {
    expect(scoreOf([thanks('a', 'b', 0, 'changedMind')], 'b')).toBeCloseTo(4 * 0.5, 3);
    expect(scoreOf([thanks('a', 'b', 0, 'honest')], 'b')).toBeCloseTo(2 * 0.5, 3);
    const twenty = [{ memberId: 'a', day: at(0), ratings: 20 }];
    expect(scoreOf([thanks('a', 'b', 0)], 'b', { rated: twenty })).toBeCloseTo(3, 3);
    // Who is thanked most counts twice.
    const kudos = [thanks('x', 'a', 0), thanks('a', 'b', 0)];
    expect(scoreOf(kudos, 'b')).toBeCloseTo(3 * 2, 3);
  });

  it('is less each time from the same to the same within thirty days, and whole again later', () => {
    const same = [thanks('a', 'b', 0), thanks('c', 'd', 0), thanks('a', 'b', 10), thanks('a', 'b', 45)];
    const { counted } = standings({ kudos: same, rated: [], at: at(0) });
    const of = (place: number) => counted.find(({ id }) => id === same[place]!.id)!.value;
    expect(of(2) / of(0)).toBeCloseTo(1 / 2, 6);
    expect(of(3) / of(0)).toBeCloseTo(1, 6);
  });

  it('is half after ninety days', () => {
    const kudos = [thanks('a', 'b', 0)];
    expect(scoreOf(kudos, 'b', { day: 90 }) / scoreOf(kudos, 'b', { day: 0 })).toBeCloseTo(0.5, 3);
  });

  it('is nothing to oneself, and beyond five of one giver on a day', () => {
    expect(scoreOf([thanks('a', 'a', 0)], 'a')).toBe(0);
    const many = Array.from({ length: 8 }, (_, n) => thanks('a', `m${n}`, 0));
    const { counted } = standings({ kudos: many, rated: [], at: at(0) });
    expect(counted.filter(({ discount }) => discount === 'cap')).toHaveLength(3);
  });

  it('does not depend on the order in which it comes in', () => {
    const random = numbers(7);
    const kudos = Array.from({ length: 400 }, () =>
      thanks(`m${Math.floor(random() * 20)}`, `m${Math.floor(random() * 20)}`, random() * 60),
    );
    const one = standings({ kudos, rated: [], at: at(60) });
    const other = standings({ kudos: [...kudos].reverse(), rated: [], at: at(60) });
    expect(other).toEqual(one);
  });
});

describe('those who raise each other', () => {
  const names = ['v', 'w', 'x', 'y', 'z'];
  const honest = Array.from({ length: 30 }, (_, n) => thanks(`h${n}`, `h${(n * 7 + 1) % 30}`, n));
  const discountsOf = (kudos: Kudos[]) =>
    standings({ kudos: [...kudos, ...honest], rated: [], at: at(60) }).counted.filter(
      ({ discount }) => discount === 'ring',
    ).length;

  it('are a ring, whether all thank all or each only the next', () => {
    const all = [1, 2, 3].flatMap((day) =>
      names.flatMap((a) => names.filter((b) => b !== a).map((b) => thanks(a, b, day * 3))),
    );
    expect(discountsOf(all)).toBe(all.length);
    const round = [1, 2, 3].flatMap((day) => names.map((a, n) => thanks(a, names[(n + 1) % 5]!, day)));
    expect(discountsOf(round)).toBe(round.length);
  });

  it('are one also when they thank a few others, and count a tenth among each other alone', () => {
    const round = [1, 2, 3, 4].flatMap((day) => names.map((a, n) => thanks(a, names[(n + 1) % 5]!, day)));
    const others = names.map((a, n) => thanks(a, `h${n}`, 20));
    expect(discountsOf([...round, ...others])).toBe(round.length);
    expect(RING_FACTOR).toBe(0.1);
  });

  it('are none where friends thank each other and many others too', () => {
    const friends = [1, 40].flatMap((day) => [thanks('f', 'g', day), thanks('g', 'f', day)]);
    const others = Array.from({ length: 6 }, (_, n) => [
      ...[
        thanks('f', `h${n}`, n),
        thanks('g', `h${n + 9}`, n),
        thanks(`h${n}`, 'f', n),
        thanks(`h${n}`, 'g', n),
      ],
    ]).flat();
    expect(discountsOf([...friends, ...others])).toBe(0);
  });

  it('count as one where three or more are there for one member alone', () => {
    const puppets = Array.from({ length: 6 }, (_, n) => [
      thanks(`p${n}`, 'self', n),
      thanks(`p${n}`, 'self', n + 35),
    ]);
    const { counted } = standings({ kudos: puppets.flat(), rated: [], at: at(60) });
    expect(counted.every(({ discount }) => discount === 'loyal')).toBe(true);
    // Six who thank once each have thanked somebody who did something well.
    const once = Array.from({ length: 6 }, (_, n) => thanks(`q${n}`, 'good', n));
    expect(standings({ kudos: once, rated: [], at: at(60) }).counted.some(({ discount }) => discount)).toBe(
      false,
    );
  });
});

describe('rating what others said', () => {
  it('counts a little, twenty a day at most, and fades like the rest', () => {
    const rated = (ratings: number, day = 0) => [{ memberId: 'a', day: at(day), ratings }];
    expect(scoreOf([], 'a', { rated: rated(10) })).toBeCloseTo(0.5, 6);
    expect(scoreOf([], 'a', { rated: rated(500) })).toBeCloseTo(1, 6);
    expect(scoreOf([], 'a', { rated: rated(20), day: 90 })).toBeCloseTo(0.5, 6);
  });
});

describe('the best days of a season', () => {
  it('are 45 in a row, wherever they lie', () => {
    const early = [0, 20, 44].map((day) => thanks(`g${day}`, 'early', day));
    const late = [45, 60, 89].map((day) => thanks(`g${day}`, 'late', day));
    const spread = [0, 30, 60, 89].map((day) => thanks(`s${day}`, 'spread', day));
    const kudos = [...early, ...late, ...spread];
    const { standings: all, counted } = standings({ kudos, rated: [], at: at(90) });
    const of = (id: string) => all.find(({ memberId }) => memberId === id)!.score;
    const sum = (list: Kudos[]) =>
      list.reduce((total, { id }) => total + counted.find((one) => one.id === id)!.value, 0);
    expect(of('early')).toBeCloseTo(sum(early), 9);
    expect(of('late')).toBeCloseTo(sum(late), 9);
    expect(of('spread')).toBeCloseTo(sum(spread.slice(2)), 9);
  });
});

describe('levels and seasons', () => {
  it('say what is missing for the next', () => {
    expect([0, 4.9, 5, 39, 40, 400].map(levelOf)).toEqual([1, 1, 2, 3, 4, 5]);
    expect(missingFor(12)).toEqual({ level: 3, points: 3, kudos: 1, ratings: 60 });
    expect(missingFor(0)).toEqual({ level: 2, points: 5, kudos: 2, ratings: 100 });
    expect(missingFor(100)).toBeNull();
  });

  it('are quarters of the year', () => {
    expect(seasonOf(Date.UTC(2026, 10, 26))).toEqual({
      ...{ name: '2026-4', from: Date.UTC(2026, 9, 1), to: Date.UTC(2027, 0, 1) },
    });
    expect(seasonOf(Date.UTC(2026, 0, 1)).name).toBe('2026-1');
  });

  it('tell the one, the nine and the ninety', () => {
    const of = (said: number, rated: number) => ({ said, rated });
    expect(participation([of(9, 0), of(8, 40), of(1, 0), of(0, 3), of(0, 2), of(0, 0)])).toEqual({
      ...{ ones: 2, nines: 2, nineties: 2 },
    });
  });
});

/**
 * A season of a community of 300: everybody thanks by merit what they come across. Among them five who thank each other
 * every day, one with twelve accounts of their own, two friends, and somebody who comes when half of it is over and is good.
 */
function aSeason(seed: number) {
  const random = numbers(seed);
  const merit = Array.from({ length: 300 }, () => random() ** 4);
  const honest = merit.map((_, n) => `m${n}`);
  const kudos: Kudos[] = [];
  const rated: RatedDay[] = [];
  const reasons = ['insightful', 'changedMind', 'helped', 'honest'] as const;
  const anyReason = () => reasons[Math.floor(random() * 4)]!;
  const byMerit = (newcomer: boolean) => {
    for (;;) {
      const n = Math.floor(random() * 301);
      if (n === 300 ? newcomer : random() < merit[n]!) return n === 300 ? 'newcomer' : honest[n]!;
    }
  };
  for (let day = 0; day < 90; day += 1) {
    for (const from of honest) {
      if (random() < 0.12) {
        const to = byMerit(day >= 45);
        if (to !== from) kudos.push(thanks(from, to, day, anyReason()));
      }
      if (random() < 0.2) rated.push({ memberId: from, day: at(day), ratings: Math.floor(random() * 12) });
    }
    const ring = ['r0', 'r1', 'r2', 'r3', 'r4'];
    for (const [n, from] of ring.entries())
      for (const step of [1, 2, 3]) kudos.push(thanks(from, ring[(n + step) % 5]!, day, 'changedMind'));
    if (day % 3 === 0)
      for (let puppet = 0; puppet < 12; puppet += 1)
        kudos.push(thanks(`puppet${puppet}`, 'booster', day, 'changedMind'));
    // The newcomer rates as well, and thanks.
    if (day >= 45) rated.push({ memberId: 'newcomer', day: at(day), ratings: 8 });
    if (day % 12 === 0) kudos.push(thanks('m1', 'm2', day), thanks('m2', 'm1', day));
  }
  return { kudos, rated, at: at(90) };
}

describe.each([1, 2, 3, 4, 5])('a season with those who mean to raise themselves, seed %i', (seed) => {
  const season = aSeason(seed);
  const page = (flat: boolean) =>
    standings(season, { discounts: !flat })
      .standings.slice(0, 20)
      .map(({ memberId }) => memberId);
  const schemers = ['r0', 'r1', 'r2', 'r3', 'r4', 'booster'];

  it('keeps the ring of five and the one with twelve accounts off its first page, where they would be first', () => {
    expect(page(true).slice(0, 6).sort()).toEqual([...schemers].sort());
    expect(page(false).filter((id) => schemers.includes(id))).toEqual([]);
  });

  it('has an honest newcomer on it, who came when half of it was over, as no board of all times would', () => {
    expect(page(false)).toContain('newcomer');
    const years = [1, 2, 3].flatMap((year) =>
      season.kudos
        .filter(({ from, to }) => from.startsWith('m') && to.startsWith('m'))
        .map((one) => ({ ...one, id: `${one.id}.${year}` })),
    );
    const allTimes = standings({ ...season, kudos: [...season.kudos, ...years] }, { discounts: false });
    expect(allTimes.standings.slice(0, 26).map(({ memberId }) => memberId)).not.toContain('newcomer');
  });

  it('takes nothing from friends', () => {
    const { counted } = standings(season);
    const theirs = new Set(
      season.kudos
        .filter(({ from, to }) => (from === 'm1' && to === 'm2') || (from === 'm2' && to === 'm1'))
        .map(({ id }) => id),
    );
    expect(counted.filter(({ id, discount }) => theirs.has(id) && discount === 'ring')).toEqual([]);
  });

  it('forgets who was first in the season before', () => {
    const old = Array.from({ length: 200 }, (_, n) => thanks(`m${n}`, 'oldtimer', -90 - (n % 60)));
    const { from, to } = seasonOf(at(10));
    const ofSeason = [...season.kudos, ...old].filter((one) => one.at >= from && one.at < to);
    const { standings: now } = standings({ ...season, kudos: ofSeason });
    expect(now.some(({ memberId }) => memberId === 'oldtimer')).toBe(false);
  });
});
