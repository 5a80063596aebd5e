import { CallError } from '@parley/client/http';
import {
  type QuoteChoice,
  saveSubmissionDraft,
  type SubmissionDraft,
  type TaskAnswer,
  type TaskBody,
} from '@parley/contracts/activities';
import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useRef, useState } from 'react';
import { api, loopKey } from '../platform/api';
import { usePlace } from '../platform/place';
import {
  type Answers,
  type Kept,
  keptOf,
  listOf,
  nameOf,
  nothingKept,
  readAnswers,
  reconcile,
  writeAnswers,
} from './answers';

/** A pause after which it is saved, and after which it is tried again where the server could not be reached, ms. */
const PAUSE_MS = 600;
const RETRY_MS = 5_000;

/** Where what is begun is: on the server; on its way; in this browser alone; or here and elsewhere, each otherwise. */
export type SaveState = 'empty' | 'saved' | 'saving' | 'kept' | 'stale';

interface Begun {
  activityId: string;
  /** An entry, or a submission that is mended: that is kept in this browser alone. */
  part: { entry: number } | { submissionId: string };
  tasks: readonly Pick<TaskBody, 'id'>[];
  draft: SubmissionDraft | undefined;
  /** What it begins with where nothing is kept. */
  first: { answers: Answers; quote: QuoteChoice | null };
}

/** What a member has begun: kept in this browser with each letter, saved whenever it can be, and never over what was saved elsewhere. */
export function useAnswers({ activityId, part, tasks, draft, first }: Begun) {
  const { memberId, community } = usePlace().membership;
  const queries = useQueryClient();
  const entry = 'entry' in part ? part.entry : null;
  const name = nameOf(memberId, activityId, 'entry' in part ? String(part.entry) : part.submissionId);
  const [given, setKept] = useState<Kept>(
    () => readAnswers(name) ?? (draft ? keptOf(draft) : { ...nothingKept, ...first }),
  );
  const { kept, theirs } = entry === null ? { kept: given, theirs: null } : reconcile(given, draft);
  const latest = useRef(kept);
  useEffect(() => {
    latest.current = kept;
    writeAnswers(name, kept);
  }, [name, kept]);

  const [state, setState] = useState<'idle' | 'saving' | 'failed'>('idle');
  const isDirty = kept.isDirty && entry !== null;
  const isStale = theirs !== null;
  const saving = useRef(false);
  const save = useCallback(async () => {
    if (saving.current || entry === null) return;
    saving.current = true;
    setState('saving');
    const { rev, answers, quote } = latest.current;
    try {
      const saved = await api(saveSubmissionDraft, {
        ...{ communityId: community.id, activityId, entry, rev, quote },
        answers: listOf(tasks, answers),
      });
      setKept((now) => ({
        ...now,
        rev: saved.rev,
        isDirty: now.answers !== answers || now.quote !== quote,
      }));
      setState('idle');
    } catch (error) {
      setState('failed');
      // Somebody, mostly the same person elsewhere, has gone on with it: look at theirs.
      if (error instanceof CallError && error.code === 'edit.stale')
        void queries.invalidateQueries({ queryKey: loopKey(community.id, 'activities', activityId) });
    } finally {
      saving.current = false;
    }
  }, [activityId, community.id, entry, queries, tasks]);
  useEffect(() => {
    if (!isDirty || isStale || state === 'saving') return;
    const timer = setTimeout(() => void save(), state === 'failed' ? RETRY_MS : PAUSE_MS);
    return () => clearTimeout(timer);
  }, [isDirty, isStale, kept.answers, kept.quote, save, state]);

  const change = useCallback(
    (part_: (now: Kept) => Partial<Kept>) =>
      setKept((now) => {
        const base = entry === null ? now : reconcile(now, draft).kept;
        return { ...base, ...part_(base) };
      }),
    [draft, entry],
  );
  const isEmpty = !Object.keys(kept.answers).length && kept.quote === null;
  return {
    answers: kept.answers,
    quote: kept.quote,
    kept,
    theirs,
    state: (isStale
      ? 'stale'
      : isEmpty
        ? 'empty'
        : entry === null
          ? 'kept'
          : state === 'saving'
            ? 'saving'
            : kept.isDirty
              ? 'kept'
              : 'saved') satisfies SaveState as SaveState,
    /** `arrived`: the person has changed nothing, a file of theirs is there. */
    answer: useCallback(
      (taskId: string, answer: TaskAnswer | null, arrived = false) =>
        change(({ answers, wants }) => {
          const { [taskId]: _, ...others } = answers;
          return {
            answers: answer ? { ...others, [taskId]: answer } : others,
            isDirty: true,
            wants: wants && arrived,
          };
        }),
      [change],
    ),
    setQuote: (quote: QuoteChoice) => change(() => ({ quote, isDirty: true })),
    want: (wants: boolean) => change(() => ({ wants })),
    begin: (op: Kept['op']) => change(() => ({ op })),
    /** Of two that differ: what is here goes on, over what is there; or what is there, instead of what is here. */
    choose: (which: 'mine' | 'theirs') => {
      if (!theirs) return;
      if (which === 'mine') setKept({ ...kept, rev: theirs.rev, isDirty: true });
      else setKept(keptOf(theirs));
    },
    /** It is sent: nothing is kept of it any more. */
    isSent: () => {
      writeAnswers(name, null);
      setKept({ ...nothingKept });
    },
  };
}
