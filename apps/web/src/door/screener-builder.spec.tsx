import type { Question } from '@parley/contracts/screener';
import { becoming, copyOf, emptyOption, moved, newQuestion, problemsOf } from './screener.data';

const body = (...questions: Question[]) => ({ minAge: 16, intro: '', questions, openQuestion: '' });

it('a question moves by one place and not out of the list', () => {
  expect(moved(['a', 'b', 'c'], 0, 1)).toEqual(['b', 'a', 'c']);
  expect(moved(['a', 'b', 'c'], 2, 1)).toEqual(['a', 'c', 'b']);
  expect(moved(['a', 'b', 'c'], 0, -1)).toEqual(['a', 'b', 'c']);
});

it('a new answer has a name that none of the others has', () => {
  expect(emptyOption(['answer-1', 'answer-3']).value).toBe('answer-4');
  expect(emptyOption(['answer-2']).value).toBe('answer-3');
});

it('what is not written yet is named by its place', () => {
  const problems = problemsOf(body(newQuestion('single')));
  expect([...problems.keys()]).toEqual(
    expect.arrayContaining([
      'questions.0.title',
      'questions.0.options.0.label',
      'questions.0.options.1.label',
    ]),
  );
  expect(problemsOf(body({ ...newQuestion('scale'), title: 'How likely?' })).size).toBe(0);
});

it('what nobody could answer or be led by is a problem too', () => {
  const several = { ...newQuestion('multiple'), title: 'Which?' };
  const options = several.options.map((option, at) => ({ ...option, label: `Answer ${at}` }));
  expect([...problemsOf(body({ ...several, options, least: 3 })).keys()]).toEqual(['questions.0.most']);
  const number = { ...newQuestion('number'), title: 'How many?' };
  const within = { least: 5, most: 2, otherwise: 'waiting' as const };
  expect([...problemsOf(body({ ...number, within })).keys()]).toEqual(['questions.0.within']);
  expect(problemsOf(body({ ...number, within: { ...within, most: null } })).size).toBe(0);
});

it('a copy is a question of its own, and the fact stays with the first', () => {
  const question = { ...newQuestion('text'), title: 'Where?', fact: 'town' };
  expect(copyOf(question)).toMatchObject({ title: 'Where?', fact: null });
  expect(copyOf(question).id).not.toBe(question.id);
});

it('a choice that becomes a fact offers what the fact knows, and keeps where its answers led', () => {
  const fact = {
    key: 'rides',
    label: 'How often you ride',
    kind: 'single' as const,
    options: [
      { value: 'daily', label: 'Most days' },
      { value: 'rarely', label: 'Rarely' },
    ],
    editable: true,
    sensitive: false,
  };
  const asked: Question = {
    ...newQuestion('single'),
    options: [{ value: 'rarely', label: 'Hardly ever', leads: 'waiting' }],
  };
  expect(becoming(asked, fact)).toMatchObject({
    fact: 'rides',
    options: [
      { value: 'daily', label: 'Most days', leads: 'on' },
      { value: 'rarely', label: 'Hardly ever', leads: 'waiting' },
    ],
  });
  expect(becoming({ ...asked, fact: 'rides' }, undefined).fact).toBe(null);
});
