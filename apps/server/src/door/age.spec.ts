import { ScopeKey } from '../platform/tenancy';
import { ageMark, isBirthDate, markedAge, yearsBetween } from './age';

const today = '2026-11-24';

it.each([
  ['2013-11-24', 13],
  ['2013-11-25', 12],
  ['2026-11-24', 0],
  ['2008-02-29', 18],
])('who is born on %s is %i years old', (born, years) => {
  expect(yearsBetween(born, today)).toBe(years);
});

it('who is born on 29 February is a year older on 1 March, not the day before', () => {
  expect(yearsBetween('2012-02-29', '2025-02-28')).toBe(12);
  expect(yearsBetween('2012-02-29', '2025-03-01')).toBe(13);
});

it.each([
  '2026-11-25',
  '2023-02-29',
  '2023-02-31',
  '0000-01-01',
  '9999-01-01',
  '1890-01-01',
  '24.11.2000',
  '',
  '2000-1-1',
])('%s is no day on which somebody alive was born', (born) => expect(isBirthDate(born, today)).toBe(false));

it.each(['2026-11-24', '1900-01-01', '2012-02-29'])('%s may be', (born) => {
  expect(isBirthDate(born, today)).toBe(true);
});

describe('the mark of a browser', () => {
  const key = new ScopeKey(Buffer.alloc(32, 1));
  const day = 86_400_000;

  it('holds for thirty days and says only which age was not reached', () => {
    const mark = ageMark(key, 16, 0);
    expect(mark).toMatch(/^16\.30\.[\w-]{43}$/);
    expect([markedAge(key, mark, 0), markedAge(key, mark, 30 * day), markedAge(key, mark, 31 * day)]).toEqual(
      [16, 16, null],
    );
  });

  it.each([
    ['none', undefined],
    ['another age', ageMark(key, 16).replace(/^16/, '13')],
    ['another install', ageMark(new ScopeKey(Buffer.alloc(32, 2)), 16)],
    ['nothing', ''],
  ])('of %s is none', (_, mark) => expect(markedAge(key, mark)).toBe(null));
});
