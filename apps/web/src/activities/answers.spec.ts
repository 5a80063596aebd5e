import { expect, it } from '@jest/globals';
import type { SubmissionDraft } from '@parley/contracts/activities';
import { type Kept, keptOf, listOf, moved, nothingKept, opFor, reconcile } from './answers';

const id = '6f1f7c58-58a4-4d6c-9d4b-1c9a3f4f5a01';
const text = (words: string) => ({ taskId: id, kind: 'text' as const, text: words });
const draft = (rev: number, words: string): SubmissionDraft => ({
  ...{ entry: 1, rev, at: '2026-01-01T00:00:00.000Z', quote: null, media: [] },
  answers: [text(words)],
});
const kept = (more: Partial<Kept>): Kept => ({ ...nothingKept, answers: { [id]: text('Here.') }, ...more });

it('what is half done is no answer yet', () => {
  expect(listOf([{ id }], { [id]: text('  ') })).toEqual([]);
  expect(listOf([{ id }], { [id]: text('Here.') })).toEqual([text('Here.')]);
});

it('where nothing was changed here, what is on the server is gone on with', () => {
  expect(reconcile(nothingKept, draft(3, 'There.'))).toEqual({
    kept: keptOf(draft(3, 'There.')),
    theirs: null,
  });
});

it('what is here and rests on what is on the server is gone on with', () => {
  const mine = kept({ rev: 3, isDirty: true });
  expect(reconcile(mine, draft(3, 'There.'))).toEqual({ kept: mine, theirs: null });
  // An old answer of the server, after a newer saving.
  expect(reconcile(mine, draft(2, 'There.'))).toEqual({ kept: mine, theirs: null });
});

it('what was changed here and elsewhere is for the person to choose, unless it is the same', () => {
  const mine = kept({ rev: 3, isDirty: true });
  expect(reconcile(mine, draft(4, 'There.'))).toEqual({ kept: mine, theirs: draft(4, 'There.') });
  expect(reconcile(mine, draft(4, 'Here.'))).toMatchObject({
    kept: { rev: 4, isDirty: false },
    theirs: null,
  });
});

it('what is here is saved anew where the server has none any more', () => {
  expect(reconcile(kept({ rev: 3 }), undefined).kept).toMatchObject({ rev: 0, isDirty: true });
});

it('sent twice it is the same, and after a change it is another', () => {
  let n = 0;
  const next = () => `op ${(n += 1)}`;
  const first = opFor(kept({}), [text('Here.')], next);
  expect(opFor(kept({ op: first }), [text('Here.')], next)).toBe(first);
  expect(opFor(kept({ op: first }), [text('There.')], next).id).not.toBe(first.id);
});

it('moves one of a list, and never out of it', () => {
  expect(moved(['a', 'b', 'c'], 2, -1)).toEqual(['a', 'c', 'b']);
  expect(moved(['a', 'b', 'c'], 0, 1)).toEqual(['b', 'a', 'c']);
  expect(moved(['a', 'b', 'c'], 0, -1)).toEqual(['a', 'b', 'c']);
});
