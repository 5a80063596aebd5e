import { beforeEach, describe, expect, it } from '@jest/globals';
import { laterOf } from './audience-times';
import {
  begun,
  bodyOf,
  emptyWriting,
  keepWriting,
  keptWriting,
  newKept,
  problemsOf,
  type Writing,
} from './writing';

const today = '2026-06-01';
const whole: Writing = {
  ...emptyWriting,
  title: 'The seat',
  youSaid: 'It is too hard.',
  outcome: 'informedOnly',
};

describe('an Update being written', () => {
  it.each<[string, Partial<Writing>, object]>([
    ['an outcome', { outcome: null }, { outcome: 'missing' }],
    ['a title and what was said', { title: ' ', youSaid: '' }, { title: 'missing', youSaid: 'missing' }],
    ['what was done, when adopted', { outcome: 'adopted' }, { weDid: 'missing' }],
    ['what was done, when adapted', { outcome: 'adapted' }, { weDid: 'missing' }],
    ['a reason, when declined', { outcome: 'declined' }, { because: 'missing' }],
    ['a reason and a day, when deferred', { outcome: 'deferred' }, { because: 'missing', on: 'missing' }],
    [
      'a day still to come, when deferred',
      { outcome: 'deferred', because: 'The mould.', on: '2026-05-31' },
      { on: 'past' },
    ],
    ['no more than fits', { title: 'a'.repeat(121) }, { title: 'tooLong' }],
    ['nothing else', {}, {}],
  ])('needs %s', (_, change, problems) => {
    expect(problemsOf({ ...whole, ...change }, today)).toEqual(problems);
  });

  it('is sent without what its outcome does not ask for', () => {
    expect(bodyOf({ ...whole, on: '2030-01-01', weDid: '  ' })).toMatchObject({ on: null, weDid: null });
    expect(bodyOf({ ...whole, outcome: 'declined' })).toBeNull();
  });
});

describe('what this browser keeps', () => {
  beforeEach(() => localStorage.clear());

  it('is listed for its author alone until it is saved', () => {
    keepWriting('maren', 'u1', { ...newKept, writing: whole, contributionIds: ['c1'] });
    expect(begun('maren').map(({ id }) => id)).toEqual(['u1']);
    expect(keptWriting('maren', 'u1')?.contributionIds).toEqual(['c1']);
    expect(begun('maria')).toEqual([]);
    keepWriting('maren', 'u1', null);
    expect([begun('maren'), keptWriting('maren', 'u1')]).toEqual([[], null]);
  });

  it('is nothing where something else is kept under the name', () => {
    localStorage.setItem('parley:update:maren:u1', '{"writing":{}}');
    expect(keptWriting('maren', 'u1')).toBeNull();
  });
});

it.each([
  [60_000, 1, 'minutes'],
  [90 * 60_000, 90, 'minutes'],
  [7_200_000, 2, 'hours'],
  [86_400_000, 1, 'days'],
  [500, 1, 'minutes'],
])('a span of %d ms is %d %s', (ms, count, unit) => {
  expect(laterOf(ms)).toEqual({ count, unit });
});
