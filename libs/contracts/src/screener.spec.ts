import {
  type Answers,
  askedOf,
  factsOf,
  isDate,
  leadsTo,
  problemOf,
  type Question,
  ScreenerBody,
} from './screener';

const id = (n: number) => `00000000-0000-4000-8000-00000000000${n}`;
const question = (n: number, more: Partial<Question>): Question => ({
  id: id(n),
  kind: 'text',
  title: `Question ${n}`,
  help: '',
  required: true,
  askedIf: null,
  least: null,
  most: null,
  ends: ['', ''],
  options: [],
  within: null,
  fact: null,
  ...more,
});
const rides = question(1, {
  kind: 'single',
  fact: 'ownership',
  options: [
    { value: 'owner', label: 'A Halden', leads: 'on' },
    { value: 'nonowner', label: 'Another make', leads: 'on' },
    { value: 'none', label: 'None', leads: 'notThisTime' },
    { value: 'soon', label: 'Soon', leads: 'waiting' },
  ],
});
const since = question(2, {
  kind: 'number',
  fact: 'years',
  askedIf: { questionId: id(1), anyOf: ['owner'] },
  least: 0,
  most: 80,
  within: { least: 1, most: null, otherwise: 'waiting' },
});
const model = question(3, { required: false, askedIf: { questionId: id(2), anyOf: ['1'] } });
const questions = [rides, since, model];
const titles = (answers: Answers) => askedOf(questions, answers).map(({ title }) => title);

describe('branching', () => {
  it('asks what an earlier answer leads to', () => {
    expect(titles({ [id(1)]: 'nonowner' })).toEqual(['Question 1']);
    expect(titles({ [id(1)]: 'owner' })).toEqual(['Question 1', 'Question 2']);
  });

  it('does not follow answers to questions that are not asked any more', () => {
    expect(titles({ [id(1)]: 'nonowner', [id(2)]: 1 })).toEqual(['Question 1']);
    expect(factsOf(questions, { [id(1)]: 'nonowner', [id(2)]: 5 })).toEqual({ ownership: 'nonowner' });
  });
});

it.each([
  [{ [id(1)]: 'nonowner' }, 'on'],
  [{ [id(1)]: 'none' }, 'notThisTime'],
  [{ [id(1)]: 'soon' }, 'waiting'],
  [{ [id(1)]: 'owner', [id(2)]: 0 }, 'waiting'],
  [{ [id(1)]: 'owner', [id(2)]: 1 }, 'on'],
])('%j leads to %s', (answers, leads) => expect(leadsTo(questions, answers)).toBe(leads));

it('the worst of several answers leads', () => {
  const several = question(1, {
    kind: 'multiple',
    options: [
      { value: 'a', label: 'A', leads: 'on' },
      { value: 'b', label: 'B', leads: 'waiting' },
      { value: 'c', label: 'C', leads: 'notThisTime' },
    ],
  });
  const leads = (...chosen: string[]) => leadsTo([several], { [id(1)]: chosen });
  expect([leads('a'), leads('a', 'b'), leads('c', 'b')]).toEqual(['on', 'waiting', 'notThisTime']);
});

describe('an answer', () => {
  const choose = question(1, { kind: 'multiple', least: 1, most: 2, options: rides.options });
  const scale = question(1, { kind: 'scale', least: 1, most: 5 });
  it.each<[string, Question, unknown, string | null]>([
    ['of a choice', rides, 'owner', null],
    ['that is missing', rides, undefined, 'missing'],
    ['that is empty', rides, '', 'missing'],
    ['that may be missing', model, undefined, null],
    ['nobody offered', rides, 'constructor', 'choice'],
    ['that is a list where one is asked for', rides, ['owner'], 'choice'],
    ['of several choices', choose, ['owner', 'soon'], null],
    ['of too many', choose, ['owner', 'soon', 'none'], 'count'],
    ['of none where one is needed', choose, [], 'missing'],
    ['twice the same', choose, ['owner', 'owner'], 'choice'],
    ['in number', since, 12, null],
    ['as text where a number is asked for', since, '12', 'number'],
    ['out of range', since, 81, 'range'],
    ['on a scale', scale, 5, null],
    ['between two steps', scale, 2.5, 'number'],
    ['that is a day', question(1, { kind: 'date' }), '2024-02-29', null],
    ['that is no day', question(1, { kind: 'date' }), '2023-02-29', 'date'],
    ['in words', question(1, {}), 'Since the winter.', null],
    ['in too many words', question(1, {}), 'x'.repeat(301), 'text'],
    ['of blanks', question(1, {}), ' \u200b ', 'text'],
    ['that is a postcode', question(1, { kind: 'region' }), 'SW1A 1AA', null],
    ['that is a region', question(1, { kind: 'region' }), "Côte-d'Or", null],
    ['that is no region', question(1, { kind: 'region' }), '<script>', 'region'],
  ])('%s', (_, asked, value, problem) => expect(problemOf(asked, value as string)).toBe(problem));
});

it.each([
  ['2024-02-29', true],
  ['2023-02-29', false],
  ['2000-13-01', false],
  ['0000-00-00', false],
  ['1899-12-31', false],
  ['2024-2-9', false],
])('%s is a day: %s', (value, expected) => expect(isDate(value)).toBe(expected));

describe('a screener', () => {
  const body = (...of: Question[]) => ({ minAge: 16, intro: '', questions: of, openQuestion: '' });
  const problemsOf = (...of: Question[]) =>
    ScreenerBody.safeParse(body(...of)).error?.issues.map(
      ({ path, message }) => `${path.join('.')}: ${message}`,
    ) ?? [];

  it('is taken when each question can be asked and answered', () =>
    expect(problemsOf(rides, since)).toEqual([]));

  it.each<[string, Question[], string]>([
    ['one answer to choose from', [{ ...rides, options: rides.options.slice(0, 1) }], 'questions.0.options'],
    [
      'the same answer twice',
      [{ ...rides, options: [rides.options[0]!, rides.options[0]!] }],
      'questions.0.options',
    ],
    ['the same question twice', [rides, rides], 'questions.1.id'],
    ['a branch from a later question', [since, rides], 'questions.0.askedIf'],
    [
      'a branch from an answer that is none',
      [rides, { ...since, askedIf: { questionId: id(1), anyOf: ['x'] } }],
      'questions.1.askedIf',
    ],
    ['a scale of one step', [question(1, { kind: 'scale', least: 1, most: 1 })], 'questions.0.most'],
    ['the most below the least', [question(1, { kind: 'number', least: 5, most: 1 })], 'questions.0.most'],
  ])('is refused with %s', (_, of, place) => expect(problemsOf(...of).join()).toContain(place));
});
