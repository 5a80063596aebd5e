import { expect, it } from '@jest/globals';
import { ActivityBody } from '@parley/contracts/activities';
import { bodyOf, copyOf, newPlan, newTask, ofKind, optionsOf, planOf, problemsOf } from './planning';

const whole = () => ({
  ...newPlan(),
  ...{
    title: 'Where does it sleep',
    purpose: 'To know.',
    decision: 'The lock.',
    ownerName: 'Maria',
    ownerTitle: 'VP',
  },
  instructions: 'Please look.',
  tasks: [{ ...newTask('text'), prompt: 'Where?' }],
});

it('a new one says what is missing, field by field', () => {
  expect(problemsOf(newPlan()).sort()).toEqual(
    ['title', 'purpose', 'decision', 'ownerName', 'ownerTitle', 'instructions', 'tasks.0.prompt'].sort(),
  );
  expect(problemsOf(whole())).toEqual([]);
  expect(ActivityBody.safeParse(bodyOf(whole())).success).toBe(true);
});

it('a task that cannot be answered is named', () => {
  const plan = whole();
  const tasks = [{ ...newTask('pick'), prompt: 'Which?' }];
  expect(problemsOf({ ...plan, tasks })).toEqual(['tasks.0.options']);
  expect(problemsOf({ ...plan, tasks: [{ ...newTask('place'), prompt: 'Where?' }] })).toEqual([
    'tasks.0.assetId',
  ]);
  expect(problemsOf({ ...plan, reportBackOn: '2020-01-01' })).toEqual(['reportBackOn']);
});

it('an option that is written otherwise stays the option that it was', () => {
  const before = optionsOf('one\ntwo', []);
  expect(
    optionsOf('one\nthree\nfour', before)
      .map(({ id }) => id)
      .slice(0, 2),
  ).toEqual(before.map(({ id }) => id));
});

it('a copy has ids of its own, and another kind keeps the words', () => {
  const task = { ...newTask('pick'), prompt: 'Which?' };
  const copy = copyOf(task);
  expect([copy.id === task.id, copy.options[0]!.id === task.options[0]!.id, copy.prompt]).toEqual([
    false,
    false,
    'Which?',
  ]);
  expect(ofKind(task, 'scale')).toMatchObject({
    id: task.id,
    prompt: 'Which?',
    kind: 'scale',
    options: [],
    scale: {},
  });
});

it('what was kept by an older form of the page gets what it lacks', () => {
  expect(planOf({ purpose: 'To know.' }, 'A title')).toMatchObject({
    title: 'A title',
    purpose: 'To know.',
    graceHours: 24,
  });
});
