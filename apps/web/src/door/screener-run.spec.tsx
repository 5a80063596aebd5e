import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import type { Answers, AskedQuestion } from '@parley/contracts/screener';
import { Look } from '@parley/ui/theme';
import { render, screen } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { startTexts } from '../platform/i18n';
import { numberOf } from './question-field';
import { ScreenerRun } from './screener-run';

const id = (n: number) => `0198c0de-0000-4000-8000-00000000000${n}`;
const question = (n: number, kind: AskedQuestion['kind'], more: Partial<AskedQuestion>): AskedQuestion => ({
  id: id(n),
  kind,
  title: `Question ${n}?`,
  help: '',
  required: true,
  askedIf: null,
  least: null,
  most: null,
  ends: ['', ''],
  options: [],
  ...more,
});
const options = (...values: string[]) => values.map((value) => ({ value, label: value.toUpperCase() }));

const rides = question(1, 'single', { title: 'Do you ride?', options: options('yes', 'no') });
const uses = question(2, 'multiple', {
  title: 'What for?',
  options: options('work', 'sport', 'fun'),
  most: 2,
  askedIf: { questionId: id(1), anyOf: ['yes'] },
});
const far = question(3, 'number', { title: 'How far?', least: 0, most: 100 });
const where = question(4, 'region', { title: 'Where?', required: false });
const mood = question(5, 'scale', { title: 'How sure?', least: 1, most: 5, ends: ['Not at all', 'Very'] });
const all = [rides, uses, far, where, mood];

beforeEach(() => {
  startTexts();
  window.scrollTo = jest.fn() as unknown as typeof window.scrollTo;
});
afterEach(() => localStorage.clear());

const run = (questions: AskedQuestion[], more: Partial<Parameters<typeof ScreenerRun>[0]> = {}) => {
  const onDone = jest.fn<(answers: Answers) => void>();
  const view = render(
    <Look>
      <ScreenerRun questions={questions} onDone={onDone} {...more} />
    </Look>,
  );
  return { onDone, ...view };
};
const press = (name: string | RegExp) => userEvent.click(screen.getByRole('button', { name }));
const heading = (name: RegExp) => screen.findByRole('heading', { name });

test('one question after the other, and the answers in one piece', async () => {
  const { onDone } = run(all);
  expect(screen.getByRole('heading', { name: /Question 1 of 5 Do you ride\?/ })).toHaveFocus();
  await press('YES');
  expect(await heading(/Question 2 of 5 What for\?/)).toHaveFocus();
  await userEvent.click(screen.getByRole('checkbox', { name: 'SPORT' }));
  await userEvent.click(screen.getByRole('checkbox', { name: 'WORK' }));
  await press('Continue');
  await userEvent.type(screen.getByRole('textbox', { name: /How far/ }), '12{Enter}');
  await heading(/Question 4 of 5 Where/);
  await press('Skip this question');
  await press('5: Very');
  expect(onDone).not.toHaveBeenCalled();
  await press('Send my answers');
  expect(onDone).toHaveBeenCalledTimes(1);
  expect(onDone).toHaveBeenCalledWith({
    [id(1)]: 'yes',
    [id(2)]: ['work', 'sport'],
    [id(3)]: 12,
    [id(5)]: 5,
  });
});

test('what is asked depends on what was answered, and an answer to what is not asked is not sent', async () => {
  const { onDone } = run([rides, uses, far]);
  await press('YES');
  await heading(/What for/);
  await userEvent.click(screen.getByRole('checkbox', { name: 'FUN' }));
  await press('Back');
  expect(screen.getByRole('button', { name: 'YES' })).toHaveAttribute('aria-pressed', 'true');
  await press('NO');
  expect(await heading(/Question 2 of 2 How far/)).toBeInTheDocument();
  await userEvent.type(screen.getByRole('textbox'), '3');
  await press('Send my answers');
  expect(onDone).toHaveBeenCalledWith({ [id(1)]: 'no', [id(3)]: 3 });
});

test('an answer that cannot be taken is said beside its field, and kept', async () => {
  const { onDone } = run([uses, far].map((each) => ({ ...each, askedIf: null })));
  await press('Continue');
  expect(screen.getByRole('alert')).toHaveTextContent('Please choose an answer.');
  for (const name of ['WORK', 'SPORT', 'FUN']) await userEvent.click(screen.getByRole('checkbox', { name }));
  await press('Continue');
  expect(screen.getByRole('alert')).toHaveTextContent('Choose up to 2.');
  await userEvent.click(screen.getByRole('checkbox', { name: 'FUN' }));
  await press('Continue');
  const field = screen.getByRole('textbox', { name: /How far/ });
  await userEvent.type(field, 'far');
  await press('Send my answers');
  expect(field).toHaveValue('far');
  expect(field).toHaveAccessibleDescription('Please type a number, in digits.');
  await userEvent.clear(field);
  await userEvent.type(field, '101');
  await press('Send my answers');
  expect(field).toHaveAccessibleDescription('Please type a number from 0 to 100.');
  expect(onDone).not.toHaveBeenCalled();
});

test('answers are there again after a reload, at the question that is open', async () => {
  const first = run(all, { keepAs: 'answers' });
  await press('NO');
  await heading(/How far/);
  await userEvent.type(screen.getByRole('textbox'), '7');
  await press('Continue');
  first.unmount();
  run(all, { keepAs: 'answers' });
  expect(screen.getByRole('heading', { name: /Where/ })).toBeInTheDocument();
  await press('Back');
  expect(screen.getByRole('textbox')).toHaveValue('7');
});

test('what was kept in another form is left alone', () => {
  localStorage.setItem('answers', '{"x":{"y":1}}');
  run(all, { keepAs: 'answers' });
  expect(screen.getByRole('heading', { name: /Do you ride/ })).toBeInTheDocument();
});

test('a double tap answers one question, not two', async () => {
  run([rides, { ...rides, id: id(6), title: 'And fast?' }, far]);
  await userEvent.dblClick(screen.getByRole('button', { name: 'YES' }));
  expect(await heading(/And fast/)).toBeInTheDocument();
  expect(screen.getByRole('button', { name: 'YES' })).toHaveAttribute('aria-pressed', 'false');
});

test('as a preview it takes no focus and keeps nothing', async () => {
  run(all, { isPreview: true });
  expect(screen.getByRole('heading', { level: 3 })).not.toHaveFocus();
  await press('YES');
  await heading(/What for/);
  expect(localStorage).toHaveLength(0);
});

test('numbers are read as they are written', () => {
  expect(numberOf('1,5', 'de')).toBe(1.5);
  expect(numberOf('12.000', 'de')).toBe(12_000);
  expect(numberOf('12,000', 'en')).toBe(12_000);
  expect(numberOf('1.5', 'en')).toBe(1.5);
  expect(numberOf(' １２ ', 'en')).toBe(12);
  expect(numberOf('-3', 'de')).toBe(-3);
  expect(numberOf('ten', 'en')).toBe('ten');
});
