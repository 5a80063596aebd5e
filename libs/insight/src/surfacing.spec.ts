import { describe, expect, it } from '@jest/globals';
import { agreement, bridging, draw, importance, priority, surfacing } from './surfacing';

describe('what rises', () => {
  it('is smoothed, so that one vote is not a hundred percent', () => {
    expect(agreement({ agree: 0, seen: 0 })).toBe(0.5);
    expect(agreement({ agree: 1, seen: 1 })).toBeCloseTo(2 / 3, 12);
    expect(agreement({ agree: 98, seen: 100 })).toBeCloseTo(99 / 102, 12);
  });

  it('is what groups have in common, and comparable when there are more of them', () => {
    const half = { agree: 50, seen: 100 };
    expect(bridging([half])).toBeCloseTo(0.5, 12);
    expect(bridging([half, half, half])).toBeCloseTo(0.5, 12);
    const divided = bridging([
      { agree: 100, seen: 100 },
      { agree: 0, seen: 100 },
    ]);
    expect(divided).toBeCloseTo(Math.sqrt((101 / 102) * (1 / 102)), 12);
    expect(divided).toBeLessThan(bridging([half, half]));
  });

  it('counts whether it matters to those who saw it', () => {
    expect(importance(0, 0)).toBeCloseTo(1 / 3, 12);
    const groups = [{ agree: 8, seen: 10 }];
    expect(surfacing(groups, 5)).toBeCloseTo((9 / 12) * (6 / 13), 12);
    expect(surfacing(groups, 5)).toBeGreaterThan(surfacing(groups, 1));
  });
});

describe('what is shown next', () => {
  it('is what few have seen, and of what as many have seen what is agreed with', () => {
    const fresh = priority({ agree: 0, disagree: 0, seen: 0 });
    expect(fresh).toBeCloseTo(((1 - 1 / 2) * 0.5 * 9) ** 2, 12);
    expect(priority({ agree: 10, disagree: 0, seen: 20 })).toBeLessThan(fresh);
    expect(priority({ agree: 18, disagree: 2, seen: 20 })).toBeGreaterThan(
      priority({ agree: 2, disagree: 18, seen: 20 }),
    );
    expect(priority({ agree: 5, disagree: 5, seen: 10 }, 2)).toBeCloseTo(
      priority({ agree: 5, disagree: 5, seen: 10 }) * 9,
      9,
    );
  });

  it('is drawn in proportion, without repeats, and not the same author twice running', () => {
    let state = 1;
    const random = () => {
      state = (state * 48_271) % 2_147_483_647;
      return state / 2_147_483_647;
    };
    const of = (authorId: string, weight: number) => ({ authorId, weight });
    const many = [of('a', 1), of('a', 1), of('b', 1), of('b', 1), of('c', 8)];
    const firsts = Array.from({ length: 600 }, () => draw(many, ({ weight }) => weight, 1, random)[0]!);
    const share = firsts.filter(({ authorId }) => authorId === 'c').length / 600;
    expect(share).toBeGreaterThan(0.58);
    expect(share).toBeLessThan(0.75);
    for (let n = 0; n < 50; n += 1) {
      const all = draw(many, ({ weight }) => weight, 5, random);
      expect(new Set(all).size).toBe(5);
    }
    const two = draw([of('a', 9), of('a', 9), of('b', 0.001)], ({ weight }) => weight, 2, random);
    expect(new Set(two.map(({ authorId }) => authorId))).toEqual(new Set(['a', 'b']));
  });
});
