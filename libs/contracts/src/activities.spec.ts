import { entryAt, entryDueAt, faultsOf, phaseOf, type TaskAnswer } from './activities';

const HOUR = 3_600_000;
const at = (hours: number) => new Date(Date.UTC(2026, 0, 5) + hours * HOUR).toISOString();

describe('an Activity', () => {
  const times = { status: 'published' as const, opensAt: at(0), dueAt: at(48), graceHours: 6 };

  it.each([
    [-1, 'scheduled'],
    [0, 'open'],
    [47, 'open'],
    [48, 'closing'],
    [53, 'closing'],
    [54, 'closed'],
  ])('is, %d hours after it opens, %s', (hours, phase) => {
    expect(phaseOf(times, at(hours))).toBe(phase);
  });

  it('is closed before its time when it was closed, and open again when it was opened again', () => {
    expect(phaseOf({ ...times, status: 'closed' }, at(1))).toBe('closed');
    expect(phaseOf({ ...times, dueAt: at(99) }, at(60))).toBe('open');
  });
});

describe('an entry of a diary', () => {
  const diary = { every: 'day' as const, entries: 3 };
  const times = { opensAt: at(0), dueAt: at(80), diary };

  it.each([
    [-1, null],
    [0, 1],
    [23, 1],
    [24, 2],
    [49, 3],
    // The last stays until all of it is due.
    [79, 3],
  ])('%d hours after it opens is number %s', (hours, entry) => {
    expect(entryAt(times, at(hours))).toBe(entry);
  });

  it('is in time until its day is over, the last until all of it is due', () => {
    expect([1, 2, 3].map((entry) => entryDueAt(times, entry))).toEqual([at(24), at(48), at(80)]);
    expect(entryDueAt({ ...times, diary: { every: 'week', entries: 3 } }, 1)).toBe(at(80));
  });

  it('without a diary is the one', () => {
    expect(entryAt({ ...times, diary: null }, at(70))).toBe(1);
    expect(entryDueAt({ ...times, diary: null }, 1)).toBe(at(80));
  });
});

describe('answers', () => {
  const [a, b, c] = ['a', 'b', 'c'] as [string, string, string];
  const base = { required: true, options: [], most: 2, scale: null };
  const options = [a, b, c].map((id) => ({ id, label: id }));
  const tasks = [
    { ...base, id: 'text', kind: 'text' as const },
    { ...base, id: 'pick', kind: 'pick' as const, options },
    { ...base, id: 'rank', kind: 'rank' as const, options },
    { ...base, id: 'scale', kind: 'scale' as const, scale: { from: 0, to: 4, fromLabel: '', toLabel: '' } },
    { ...base, id: 'photo', kind: 'photo' as const },
    { ...base, id: 'place', kind: 'place' as const, required: false },
  ];
  const good: TaskAnswer[] = [
    { taskId: 'text', kind: 'text', text: 'x' },
    { taskId: 'pick', kind: 'pick', choices: [a, b] },
    { taskId: 'rank', kind: 'rank', order: [c, a, b] },
    { taskId: 'scale', kind: 'scale', value: 0 },
    { taskId: 'photo', kind: 'photo', mediaIds: ['m'], note: null },
  ];
  const but = (answer: TaskAnswer) =>
    faultsOf(tasks, [...good.filter(({ taskId }) => taskId !== answer.taskId), answer]);

  it('that fit have no faults, and what is missing is missing', () => {
    expect(faultsOf(tasks, good)).toEqual({});
    expect(faultsOf(tasks, [])).toEqual({
      ...{ text: 'missing', pick: 'missing', rank: 'missing', scale: 'missing', photo: 'missing' },
    });
  });

  it('that do not fit say how', () => {
    expect(but({ taskId: 'pick', kind: 'pick', choices: [a, b, c] })).toEqual({ pick: 'tooMany' });
    expect(but({ taskId: 'pick', kind: 'pick', choices: ['d'] })).toEqual({ pick: 'notAnOption' });
    expect(but({ taskId: 'rank', kind: 'rank', order: [a, a, b] })).toEqual({ rank: 'notAllRanked' });
    expect(but({ taskId: 'scale', kind: 'scale', value: 5 })).toEqual({ scale: 'offTheScale' });
    expect(but({ taskId: 'photo', kind: 'photo', mediaIds: ['a', 'b', 'c'], note: null })).toEqual({
      photo: 'tooMany',
    });
    expect(but({ taskId: 'photo', kind: 'video', mediaIds: ['a'], note: null })).toEqual({
      photo: 'otherKind',
    });
    expect(but({ taskId: 'other', kind: 'text', text: 'x' })).toEqual({ other: 'otherKind' });
    const pin = { x: 0, y: 0, note: null };
    expect(but({ taskId: 'place', kind: 'place', pins: [pin, pin, pin] })).toEqual({ place: 'tooMany' });
  });
});
