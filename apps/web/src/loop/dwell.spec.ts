import { beforeEach, describe, expect, it } from '@jest/globals';
import { Dwell, nearest } from './dwell';

let now: number;
let dwell: Dwell;
beforeEach(() => {
  now = 1_000;
  dwell = new Dwell(() => now);
});

/** Looks every quarter of a second, as the page does. */
function look(id: string | null, ms: number) {
  dwell.look(id);
  for (let gone = 0; gone < ms; gone += 250) {
    now += 250;
    dwell.look(id);
  }
}

describe('what was read', () => {
  it('counts from two seconds on, once', () => {
    look('a', 1_750);
    expect(dwell.take()).toEqual([]);
    look('a', 250);
    expect(dwell.take()).toEqual([{ contributionId: 'a', ms: 2_000 }]);
    look('a', 10_000);
    look('b', 500);
    look('a', 10_000);
    expect(dwell.take()).toEqual([]);
  });

  it('is only what is in focus: scrolling past reads nothing, whatever else is on the screen', () => {
    for (let round = 0; round < 20; round += 1) for (const id of ['a', 'b', 'c']) look(id, 250);
    expect(dwell.take()).toEqual([]);
  });

  it('needs one stretch: what was left in between begins anew', () => {
    look('a', 1_500);
    look(null, 250);
    look('a', 1_500);
    expect(dwell.take()).toEqual([]);
    look('a', 500);
    expect(dwell.take()).toEqual([{ contributionId: 'a', ms: 2_000 }]);
  });

  it('does not count a hidden tab, nor the sleep of the machine', () => {
    look('a', 1_000);
    look(null, 60_000);
    now += 3_600_000;
    look('a', 1_000);
    now += 3_600_000;
    look('a', 1_750);
    expect(dwell.take()).toEqual([]);
  });

  it('never adds up to more than the time that went by', () => {
    const began = now;
    for (const id of ['a', 'b', 'c', 'd']) look(id, 2_500);
    const seen = dwell.take();
    expect(seen.map(({ contributionId }) => contributionId)).toEqual(['a', 'b', 'c', 'd']);
    expect(seen.reduce((sum, { ms }) => sum + ms, 0)).toBeLessThanOrEqual(now - began);
  });

  it('is reported again when the report was lost, and read again when the server has not counted it', () => {
    look('a', 2_000);
    const seen = dwell.take();
    dwell.giveBack(seen);
    expect(dwell.take()).toEqual(seen);
    dwell.forget('a');
    look('a', 1_750);
    expect(dwell.take()).toEqual([]);
    look('a', 250);
    expect(dwell.take()).toEqual([{ contributionId: 'a', ms: 2_000 }]);
    dwell.forget('a');
    look('a', 10_000);
    expect(dwell.take()).toEqual([]);
  });
});

describe('the middle of the screen', () => {
  it.each([
    [
      'what lies over it',
      [
        { id: 'a', top: 0, bottom: 300 },
        { id: 'b', top: 310, bottom: 600 },
      ],
      'b',
    ],
    [
      'else the nearest',
      [
        { id: 'a', top: 0, bottom: 200 },
        { id: 'b', top: 700, bottom: 780 },
      ],
      'a',
    ],
    [
      'never what is off the screen',
      [
        { id: 'a', top: -300, bottom: -10 },
        { id: 'b', top: 900, bottom: 950 },
      ],
      null,
    ],
    ['nothing where nothing stands', [], null],
  ])('is %s', (_, standing, id) => {
    expect(nearest(standing, 800)).toBe(id);
  });
});
