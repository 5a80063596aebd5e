import { expect, it } from '@jest/globals';
import { FactDef } from '@parley/contracts/profile';
import { keyFor, optionsOf } from './fact-names';

const before = [
  { value: 'daily', label: 'Most days' },
  { value: 'weekly', label: 'Some days a week' },
  { value: 'rarely', label: 'Rarely' },
];
const written = (...lines: string[]) => optionsOf(lines.join('\n'), before).map(({ value }) => value);

it.each<[string, string[], string[]]>([
  ['stay as they are', ['Most days', 'Some days a week', 'Rarely'], ['daily', 'weekly', 'rarely']],
  ['may be reworded in place', ['Every day', 'Some days a week', 'Rarely'], ['daily', 'weekly', 'rarely']],
  ['may change places', ['Rarely', 'Most days', 'Some days a week'], ['rarely', 'daily', 'weekly']],
  [
    'may get one in between',
    ['Most days', 'At weekends', 'Some days a week', 'Rarely'],
    ['daily', 'at-weekends', 'weekly', 'rarely'],
  ],
  ['may lose one', ['Most days', 'Rarely'], ['daily', 'rarely']],
  [
    'never take the value of another',
    ['Daily', 'Most days', 'Some days a week', 'Rarely'],
    ['daily-2', 'daily', 'weekly', 'rarely'],
  ],
  [
    'may be in any writing',
    ['Most days', 'Some days a week', 'Rarely', '毎日', 'никогда'],
    ['daily', 'weekly', 'rarely', 'choice', 'choice-2'],
  ],
])('choices %s', (_, lines, values) => expect(written(...lines)).toEqual(values));

it('blank lines and blanks around are no choices', () => {
  expect(written('  Most days ', '', '   ', 'Rarely')).toEqual(['daily', 'rarely']);
});

it.each([
  ['Where you ride', 'where_you_ride'],
  ['Körpergröße (cm)', 'korpergro_e_cm'],
  ['1st bicycle', 'fact_1st_bicycle'],
  ['身長', 'fact'],
  ['!!!', 'fact'],
])('the key of "%s" can be one', (label, key) => {
  expect(FactDef.shape.key.safeParse(keyFor(label, [])).success).toBe(true);
  expect(keyFor(label, [])).toBe(key);
});

it('a new fact never takes the key of another, however long its name', () => {
  const facts: { key: string }[] = [];
  for (let made = 0; made < 12; made += 1) facts.push({ key: keyFor('x'.repeat(80), facts) });
  expect(new Set(facts.map(({ key }) => key)).size).toBe(12);
  for (const { key } of facts) expect(FactDef.shape.key.safeParse(key).success).toBe(true);
});
