import { expect, test } from '@jest/globals';
import { ratingQueue } from './rating-queue';

const statement = (id: string, memberId = 'other') => ({
  id,
  author: { memberId, handle: memberId, role: 'member' as const },
  body: id,
  at: 0,
});
const five = ['a', 'b', 'c', 'd', 'e'].map((id) => statement(id));

test('one statement at a time, with its place in the set', () => {
  expect(ratingQueue(five, 'me', {}, [])).toMatchObject({ now: { id: 'a' }, place: 1, of: 5 });
  expect(ratingQueue(five, 'me', { a: 'agree' }, [])).toMatchObject({ now: { id: 'b' }, place: 2, of: 5 });
});

test('nobody rates their own words', () => {
  const queue = ratingQueue([statement('mine', 'me'), statement('x')], 'me', {}, []);
  expect(queue).toMatchObject({ now: { id: 'x' }, of: 1 });
});

test('what was skipped comes back after the rest, in the order in which it was skipped', () => {
  expect(ratingQueue(five, 'me', {}, ['a']).now?.id).toBe('b');
  const rest = { c: 'agree', d: 'agree', e: 'unsure' } as const;
  expect(ratingQueue(five, 'me', rest, ['b', 'a']).now?.id).toBe('b');
});

test('after a set of five the next set begins at one', () => {
  const six = [...five, statement('f')];
  const rated = { a: 'agree', b: 'agree', c: 'agree', d: 'agree', e: 'agree' } as const;
  expect(ratingQueue(six, 'me', rated, [])).toMatchObject({ now: { id: 'f' }, place: 1, of: 1 });
});

test('nothing is left when all are rated, and what was rated can be changed', () => {
  const queue = ratingQueue([statement('a')], 'me', { a: 'disagree' }, []);
  expect(queue.now).toBeNull();
  expect(queue.rated.map(({ id }) => id)).toEqual(['a']);
});
