import type { Plan } from '@parley/contracts/door';
import type { Facts, Rule } from '@parley/contracts/rule';
import fc from 'fast-check';
import {
  admitInOrder,
  cellsOf,
  type Counter,
  counted,
  countersOf,
  fits,
  fullFor,
  overfilled,
  stateOf,
} from './quotas';

const id = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
const is = (fact: string, ...values: string[]): Rule => [{ fact, is: 'anyOf', values }];
const owner: Facts = { ownership: 'owner' };
const other: Facts = { ownership: 'nonowner' };
const many = (facts: Facts, count: number) => Array.from({ length: count }, () => facts);

const plan = (more: Partial<Plan>): Plan => ({ total: null, cells: [], shares: [], ...more });
const atLeast60: Plan = plan({
  shares: [{ id: id(1), label: 'Non-owners', rule: is('ownership', 'nonowner'), least: 60 }],
});
const now = (of: Plan, filled: Facts[], reserved: Facts[] = []) =>
  counted(countersOf(of, id(0)), filled, reserved);

describe('a least share', () => {
  it.each([
    [0, 0, false],
    [1, 0, false],
    [2, 0, true],
    [2, 1, false],
    [3, 1, true],
    [6, 3, true],
    [6, 4, false],
  ])('with %i of them and %i others inside, another of the others fits: %s', (those, others, expected) => {
    const [, share] = now(atLeast60, [...many(other, those), ...many(owner, others)]);
    expect(fits(share!, false)).toBe(expected);
  });

  it('never keeps out those whom it is for', () => {
    const [, share] = now(atLeast60, many(owner, 50));
    expect(fits(share!, true)).toBe(true);
  });

  it('does not count on places that are only kept for them, but does on those that are kept for others', () => {
    const [, held] = now(atLeast60, [], many(other, 100));
    expect(fits(held!, false)).toBe(false);
    const [, taken] = now(atLeast60, many(other, 6), many(owner, 4));
    expect(fits(taken!, false)).toBe(false);
  });
});

describe('cells', () => {
  const interlocking = plan({
    total: 10,
    cells: [
      { id: id(1), label: 'Owners', rule: is('ownership', 'owner'), target: 4, soft: 3, hard: 4 },
      {
        id: id(2),
        label: 'Owners who ride daily',
        rule: [...is('ownership', 'owner'), ...is('rides', 'daily')],
        target: 1,
        soft: null,
        hard: 1,
      },
    ],
  });

  it('that interlock both count, and either keeps out', () => {
    const daily = { ownership: 'owner', rides: 'daily' };
    const counters = now(interlocking, [daily]);
    expect(cellsOf(counters, daily).map(({ label }) => label)).toEqual([
      '',
      'Owners',
      'Owners who ride daily',
    ]);
    expect(fullFor(counters, daily).map(({ label }) => label)).toEqual(['Owners who ride daily']);
    expect(fullFor(counters, owner)).toEqual([]);
  });

  it('are open, then nearly full at the soft cap, then full at the hard one', () => {
    const states = [2, 3, 4].map((n) => stateOf(1, now(interlocking, many(owner, n)), []).cells[0]!.state);
    expect(states).toEqual(['open', 'softFull', 'full']);
  });

  it('tell who waits for them, and what holds more than it may', () => {
    const counters = now(interlocking, many(owner, 5));
    expect(overfilled(counters)).toEqual(['Owners']);
    const { cells, total } = stateOf(1, counters, [{ facts: owner }, { facts: other }]);
    expect([cells[0]!.waiting, cells[1]!.waiting, total.waiting]).toEqual([1, 0, 0]);
  });
});

it('people are taken from the queue in its order, each after the places of those before', () => {
  const waiting = [owner, owner, other, other, owner].map((facts, place) => ({ place, facts }));
  // The first owner has to wait for two others to be inside; kept places are not enough.
  expect(admitInOrder(now(atLeast60, []), waiting).map(({ place }) => place)).toEqual([2, 3]);
  expect(admitInOrder(now(atLeast60, many(other, 3)), waiting).map(({ place }) => place)).toEqual([
    0, 1, 2, 3,
  ]);
});

describe('whatever comes in whatever order', () => {
  const facts = fc.record({
    ownership: fc.constantFrom('owner', 'nonowner', 'former'),
    rides: fc.constantFrom('daily', 'rarely'),
  });
  const step = fc.oneof(
    fc.record({ does: fc.constant('come' as const), facts }),
    fc.record({ does: fc.constantFrom('fill' as const, 'lapse' as const), at: fc.nat(50) }),
  );
  const plans = fc.record({
    total: fc.option(fc.nat(12)),
    hard: fc.nat(6),
    least: fc.integer({ min: 1, max: 99 }),
  });

  it('no cell holds more than its hard cap and no share of those inside falls below its least', () => {
    fc.assert(
      fc.property(plans, fc.array(step, { maxLength: 60 }), ({ total, hard, least }, steps) => {
        const rules = countersOf(
          plan({
            total,
            cells: [{ id: id(1), label: 'Daily', rule: is('rides', 'daily'), target: 0, soft: null, hard }],
            shares: [{ id: id(2), label: 'Non-owners', rule: is('ownership', 'nonowner'), least }],
          }),
          id(0),
        );
        const filled: Facts[] = [];
        const reserved: Facts[] = [];
        for (const one of steps) {
          if (one.does === 'come') {
            if (!fullFor(counted(rules, filled, reserved), one.facts).length) reserved.push(one.facts);
          } else if (reserved.length) {
            const [gone] = reserved.splice(one.at % reserved.length, 1);
            if (one.does === 'fill') filled.push(gone!);
          }
          const counters: Counter[] = counted(rules, filled, reserved);
          expect(overfilled(counters)).toEqual([]);
          for (const cell of counters)
            if (cell.hard !== null) expect(cell.filled + cell.reserved).toBeLessThanOrEqual(cell.hard);
        }
      }),
    );
  });
});
