import { type Condition, type Facts, matches } from './rule';

const facts: Facts = { ownership: 'owner', uses: ['commute', 'sport'], distance: 40, since: '2019-05-01' };

it.each<[Condition, boolean]>([
  [{ fact: 'ownership', is: 'anyOf', values: ['owner', 'former'] }, true],
  [{ fact: 'ownership', is: 'anyOf', values: ['former'] }, false],
  [{ fact: 'ownership', is: 'noneOf', values: ['former'] }, true],
  [{ fact: 'uses', is: 'anyOf', values: ['sport', 'children'] }, true],
  [{ fact: 'uses', is: 'noneOf', values: ['sport'] }, false],
  [{ fact: 'distance', is: 'anyOf', values: ['40'] }, true],
  [{ fact: 'distance', is: 'atLeast', value: 40 }, true],
  [{ fact: 'distance', is: 'atMost', value: 39 }, false],
  [{ fact: 'since', is: 'known' }, true],
])('%j of somebody known is %s', (condition, expected) => {
  expect(matches([condition], facts)).toBe(expected);
});

it.each<Condition>([
  { fact: 'income', is: 'anyOf', values: ['low'] },
  { fact: 'income', is: 'noneOf', values: ['low'] },
  { fact: 'income', is: 'atMost', value: 10 },
  { fact: 'income', is: 'known' },
  { fact: 'constructor', is: 'known' },
])('what is not known meets no condition: %j', (condition) => {
  expect(matches([condition], facts)).toBe(false);
});

it('every condition must be met, and a rule without conditions is about everybody', () => {
  const owner: Condition = { fact: 'ownership', is: 'anyOf', values: ['owner'] };
  expect(matches([owner, { fact: 'distance', is: 'atLeast', value: 30 }], facts)).toBe(true);
  expect(matches([owner, { fact: 'distance', is: 'atLeast', value: 50 }], facts)).toBe(false);
  expect(matches([], {})).toBe(true);
});
