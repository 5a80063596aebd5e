import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { DialTrace, HOLD_SECONDS } from './trace';

interface Sample {
  person: string;
  second: number;
  value: number;
}

/** Numbers from 0 to below 1, the same at each run. */
function seeded(seed: number) {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** The rule as it is told to people, second by second and person by person, with nothing carried along. */
function recount(samples: Sample[], length: number, upTo: number) {
  const people = new Map<string, Map<number, number>>();
  for (const { person, second, value } of samples)
    people.set(person, (people.get(person) ?? new Map<number, number>()).set(second, value));
  const seconds = [];
  for (let second = 0; second <= upTo; second += 1) {
    const values: number[] = [];
    for (const given of people.values()) {
      const last = Math.max(...[...given.keys()].filter((at) => at <= second && at < length));
      if (second < length && second - last <= HOLD_SECONDS) values.push(given.get(last)!);
    }
    const n = values.length;
    const mean = n ? values.reduce((sum, value) => sum + value, 0) / n : null;
    const variance = mean === null ? 0 : values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / n;
    seconds.push({ n, mean, variance });
  }
  return seconds;
}

function traceOf(samples: Sample[], length?: number) {
  const trace = new DialTrace(length);
  for (const { person, second, value } of samples) trace.add(person, second, value);
  return trace;
}

function expectRecount(trace: DialTrace, samples: Sample[], length = Infinity) {
  const upTo = Math.max(0, ...samples.map(({ second }) => second)) + HOLD_SECONDS + 5;
  const expected = recount(samples, length, upTo);
  const off = expected.map(({ variance }, second) => Math.abs(trace.varianceAt(second) - variance));

  expect(expected.map((_, second) => trace.at(second))).toEqual(expected.map(({ n, mean }) => ({ n, mean })));
  expect(Math.max(...off)).toBeLessThan(1e-6);
}

/** Few people over much time: many gaps longer than a value holds, and seconds that are spoken of again. */
function randomSamples(random: () => number): Sample[] {
  const whole = (below: number) => Math.floor(random() * below);
  const [people, reach] = [1 + whole(8), 1 + whole(400)];
  const samples = Array.from({ length: whole(120) }, () => ({
    person: `p${whole(people)}`,
    second: whole(reach),
    value: whole(101),
  }));
  const repeats = samples.filter(() => random() < 0.2);
  const replaced = samples.filter(() => random() < 0.2).map((sample) => ({ ...sample, value: whole(101) }));
  return [...samples, ...repeats, ...replaced];
}

describe('the trace of the dial', () => {
  it('equals a naive recount of random samples in random order, with repeats and replacements', () => {
    const random = seeded(7);
    for (let run = 0; run < 150; run += 1) {
      const samples = randomSamples(random);
      expectRecount(traceOf(samples), samples);
    }
  });

  it('equals a recount also where the round has a length', () => {
    const random = seeded(11);
    for (let run = 0; run < 100; run += 1) {
      const samples = randomSamples(random);
      const length = 1 + Math.floor(random() * 300);
      const trace = traceOf(samples, length);
      expectRecount(trace, samples, length);
      expect(trace.series().n.length).toBeLessThanOrEqual(length);
    }
  });

  it('equals a recount after each single sample', () => {
    const samples = randomSamples(seeded(3)).slice(0, 60);
    const trace = new DialTrace();
    samples.forEach(({ person, second, value }, index) => {
      trace.add(person, second, value);
      expectRecount(trace, samples.slice(0, index + 1));
    });
  });

  it('does not depend on the order in which seconds come', () => {
    const random = seeded(5);
    const samples = Array.from({ length: 200 }, (_, second) => ({
      person: `p${second % 7}`,
      second: second * 2,
      value: Math.floor(random() * 101),
    }));
    const shuffled = [...samples].sort(() => random() - 0.5);

    expect(traceOf(shuffled).series()).toEqual(traceOf(samples).series());
  });

  it('holds a value for 45 seconds and not one longer', () => {
    const trace = traceOf([{ person: 'ana', second: 10, value: 60 }]);

    expect([9, 10, 55, 56].map((second) => trace.at(second).n)).toEqual([0, 1, 1, 0]);
  });

  it('counts again from the next sample after a gap', () => {
    const trace = traceOf([
      { person: 'ana', second: 0, value: 60 },
      { person: 'ana', second: 100, value: 20 },
    ]);

    expect([45, 46, 99, 100].map((second) => trace.at(second).mean)).toEqual([60, null, null, 20]);
  });

  it('puts a late first sample before what is counted already', () => {
    const trace = traceOf([
      { person: 'ana', second: 30, value: 90 },
      { person: 'ana', second: 10, value: 10 },
    ]);

    expect([9, 10, 29, 30, 75, 76].map((second) => trace.at(second).mean)).toEqual([
      null,
      10,
      10,
      90,
      90,
      null,
    ]);
  });

  it('takes the last value of a second', () => {
    const trace = traceOf([10, 90, 90, 40].map((value) => ({ person: 'ana', second: 3, value })));

    expect([trace.at(3), trace.size]).toEqual([{ mean: 40, n: 1 }, 1]);
  });

  it('counts nothing at or after the end of the round', () => {
    const trace = traceOf(
      [
        { person: 'ana', second: 59, value: 50 },
        { person: 'ben', second: 60, value: 50 },
      ],
      60,
    );

    expect([trace.at(59).n, trace.at(60).n, trace.size, trace.series().n.length]).toEqual([1, 0, 1, 60]);
  });

  it('gives a series up to the second that is asked for', () => {
    const trace = traceOf([{ person: 'ana', second: 1, value: 50 }]);

    expect(trace.series(2.9)).toEqual({ mean: [null, 50, 50], n: [0, 1, 1] });
    expect(trace.series(-1)).toEqual({ mean: [], n: [] });
    expect(new DialTrace().series()).toEqual({ mean: [], n: [] });
  });
});

/** Beside the repository, on machines of developers. */
const folder = fileURLToPath(new URL('../../../../shared/data/reactions/', import.meta.url));
const withData = existsSync(folder) ? it : it.skip;
const rows = (file: string) =>
  readFileSync(`${folder}${file}`, 'utf8')
    .trim()
    .split('\n')
    .slice(1)
    .map((row) => row.split(',').map(Number));

describe('65 people who rated a film second by second', () => {
  /** The published values are standardised; our dial has 101 places. */
  const [lowest, highest] = [-3, 4.05];
  const unit = (highest - lowest) / 100;
  /** A value is published when it moved by more than 0.01, and our dial rounds it by half a place at most. */
  const tolerance = 0.01 + unit / 2;

  withData('have the published n, mean and deviation at each second (skipped without ../shared/data)', () => {
    const events = rows('charity-video.events.csv').map(([person, second, value]) => ({
      person: String(person),
      // Within a second the later one comes later, as from one phone.
      second: Math.floor(second!),
      value: Math.round((value! - lowest) / unit),
    }));
    const people = new Set(events.map(({ person }) => person));
    const random = seeded(1);
    const order = new Map([...people].map((person) => [person, random()]));
    const trace = traceOf(events.sort((a, b) => order.get(a.person)! - order.get(b.person)!));
    const oracle = rows('charity-video.oracle.csv');

    expect([trace.size, oracle.length, trace.at(3).n]).toEqual([65, 167, 0]);
    for (let second = 4; second <= 112; second += 1) {
      // What is held at a second is the last of the published points within it.
      const [, n, mean, sd] = oracle.findLast(([at]) => at! < second + 1)!;
      const held = trace.at(second);
      const deviation = Math.sqrt((trace.varianceAt(second) * held.n) / (held.n - 1)) * unit;
      expect({ second, n: held.n }).toEqual({ second, n });
      expect(Math.abs(lowest + held.mean! * unit - mean!)).toBeLessThanOrEqual(tolerance);
      expect(Math.abs(deviation - sd!)).toBeLessThanOrEqual(tolerance);
    }
    expectRecount(trace, events);
  });
});
