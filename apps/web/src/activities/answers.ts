import {
  type QuoteChoice,
  type SubmissionDraft,
  TaskAnswer,
  type TaskAnswers,
  type TaskBody,
} from '@parley/contracts/activities';
import { readKept, writeKept } from '../platform/kept';

/** What is answered so far, by task. What is half done may not be an answer yet. */
export type Answers = Record<string, TaskAnswer>;

/** What this browser keeps of an entry until it is sent. */
export interface Kept {
  /** The saving on the server that it rests on; 0 before the first. */
  rev: number;
  answers: Answers;
  quote: QuoteChoice | null;
  /** The server does not have all of it. */
  isDirty: boolean;
  /** To be sent as soon as its files are there. */
  wants: boolean;
  /** Under which id it was sent, and what was sent under it. */
  op: { id: string; of: string } | null;
}

export const nothingKept: Kept = {
  rev: 0,
  answers: {},
  quote: null,
  isDirty: false,
  wants: false,
  op: null,
};

/** What of it is an answer, in the order of the tasks. */
export const listOf = (tasks: readonly Pick<TaskBody, 'id'>[], answers: Answers): TaskAnswers =>
  tasks.flatMap(({ id }) => {
    const answer = TaskAnswer.safeParse(answers[id]);
    return answer.success ? answer.data : [];
  });

export const byTask = (answers: TaskAnswers): Answers =>
  Object.fromEntries(answers.map((answer) => [answer.taskId, answer]));

export const keptOf = ({ rev, answers, quote }: SubmissionDraft): Kept => ({
  ...nothingKept,
  ...{ rev, answers: byTask(answers), quote },
});

const same = (kept: Kept, draft: SubmissionDraft) =>
  kept.quote === draft.quote &&
  JSON.stringify(Object.values(kept.answers)) === JSON.stringify(Object.values(byTask(draft.answers)));

/**
 * What to go on with where the server has a draft too: its own where nothing was changed here, what is here where that
 * rests on it. `theirs`: it was changed here and elsewhere, and the person chooses.
 */
export function reconcile(
  kept: Kept,
  draft: SubmissionDraft | undefined,
): { kept: Kept; theirs: SubmissionDraft | null } {
  // Sent or removed elsewhere: what is here begins anew.
  if (!draft) return { kept: kept.rev ? { ...kept, rev: 0, isDirty: true } : kept, theirs: null };
  if (draft.rev === kept.rev) return { kept, theirs: null };
  if (draft.rev < kept.rev) return { kept, theirs: null };
  if (!kept.isDirty) return { kept: keptOf(draft), theirs: null };
  if (same(kept, draft)) return { kept: { ...kept, rev: draft.rev, isDirty: false }, theirs: null };
  return { kept, theirs: draft };
}

/** The id to send it under: the same as long as it is the same, so that sent twice it arrives once. */
export function opFor(kept: Kept, answers: TaskAnswers, newId: () => string): { id: string; of: string } {
  const of = JSON.stringify([answers, kept.quote]);
  return kept.op?.of === of ? kept.op : { id: newId(), of };
}

// --- in this browser ---

export const nameOf = (memberId: string, activityId: string, part: string) =>
  `parley:activity:${memberId}:${activityId}:${part}`;

export function readAnswers(name: string): Kept | null {
  try {
    const kept = JSON.parse(readKept(name) ?? '') as Partial<Kept>;
    // Of an older form of this page nothing can be made.
    return typeof kept.rev === 'number' && typeof kept.answers === 'object'
      ? { ...nothingKept, ...kept }
      : null;
  } catch {
    return null;
  }
}

export const writeAnswers = (name: string, kept: Kept | null) =>
  writeKept(name, kept && (kept.isDirty || kept.wants || kept.rev > 0) ? JSON.stringify(kept) : '');

/** Moves one of a list; what would leave it stays. */
export function moved<T>(list: readonly T[], at: number, by: number): T[] {
  const to = at + by;
  if (to < 0 || to >= list.length) return [...list];
  const next = list.toSpliced(at, 1);
  return next.toSpliced(to, 0, list[at]!);
}
