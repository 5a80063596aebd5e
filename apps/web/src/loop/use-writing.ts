import { CallError } from '@parley/client/http';
import type { UpdateDraft } from '@parley/contracts/loop';
import { useCallback, useEffect, useState } from 'react';
import { usePlace } from '../platform/place';
import { useLink, useSave } from './loop-desk.data';
import { bodyOf, keepWriting, type Kept, keptWriting, newKept, type Writing, writingOf } from './writing';

/** A pause in writing after which it is saved, ms. */
const PAUSE_MS = 1_000;
/** After which it is tried again when the server could not be reached, ms. */
const RETRY_MS = 5_000;

const same = (one: Writing, other: Writing) => textOf(one) === textOf(other);
const textOf = (writing: Writing) => JSON.stringify(bodyOf(writing) ?? writing);

/** Where the writing is. */
export type SaveState = 'saved' | 'saving' | 'kept' | 'stale' | 'refused' | 'waiting';

/**
 * An Update being written: kept in this browser with each letter, saved whenever it can be while it is a draft, and
 * never over what somebody else has written meanwhile.
 */
export function useWriting(updateId: string, draft: UpdateDraft | undefined, isSaving: boolean) {
  const { memberId } = usePlace().membership;
  const save = useSave();
  const link = useLink();
  const [kept, setKept] = useState<Kept>(() => keptWriting(memberId, updateId) ?? startOf(draft));
  const { basedOn, base, writing, contributionIds, themeIds } = kept;
  const isDirty = !same(writing, base);
  const theirs = draft && draft.version > basedOn && !save.isPending ? writingOf(draft.body) : null;
  // Nothing of mine is lost by taking what is there: it is the same, or I have written nothing.
  const takes = theirs !== null && (!isDirty || same(theirs, writing));
  if (takes) setKept({ ...kept, basedOn: draft!.version, base: theirs, writing: theirs });
  const isStale = theirs !== null && !takes;

  const hasLinks = contributionIds.length + themeIds.length > 0;
  useEffect(() => {
    keepWriting(memberId, updateId, isDirty || hasLinks ? kept : null);
  }, [memberId, updateId, kept, isDirty, hasLinks]);

  const { mutateAsync } = save;
  const store = useCallback(
    async (basis: number, sent: Writing) => {
      const body = bodyOf(sent);
      if (!body) throw new Error('Nothing to save yet');
      const saved = await mutateAsync({ updateId, basedOn: basis, body });
      setKept((now) => ({ ...now, basedOn: saved.version, base: sent }));
      return saved.version;
    },
    [mutateAsync, updateId],
  );

  const isWhole = bodyOf(writing) !== null;
  const hasFailed =
    save.error && save.variables.basedOn === basedOn && same(writingOf(save.variables.body), writing);
  const failed = hasFailed ? save.error : null;
  const isRetryable = failed instanceof CallError && failed.body.retryable;
  const isWaiting = isSaving && isDirty && isWhole && !isStale && !save.isPending;
  useEffect(() => {
    if (!isWaiting || (failed && !isRetryable)) return;
    const timer = setTimeout(
      () => void store(basedOn, writing).catch(() => undefined),
      failed ? RETRY_MS : PAUSE_MS,
    );
    return () => clearTimeout(timer);
  }, [isWaiting, failed, isRetryable, store, basedOn, writing]);

  const isThere = draft !== undefined;
  const { mutate: linkNow, isPending: isLinking, error: linkError } = link;
  useEffect(() => {
    if (!isThere || !hasLinks || isLinking || linkError) return;
    linkNow(
      { updateId, contributionIds, themeIds },
      { onSuccess: () => setKept((now) => ({ ...now, contributionIds: [], themeIds: [] })) },
    );
  }, [isThere, hasLinks, isLinking, linkError, linkNow, updateId, contributionIds, themeIds]);

  const state: SaveState = isStale
    ? 'stale'
    : save.isPending
      ? 'saving'
      : !isDirty && isThere
        ? 'saved'
        : failed
          ? isRetryable
            ? 'waiting'
            : 'refused'
          : isWhole && isSaving
            ? 'saving'
            : 'kept';

  return {
    writing,
    /** Whether there is anything to say about where it is. */
    isBegun: isDirty || isThere,
    state,
    theirs: isStale ? theirs : null,
    error: isStale ? linkError : (failed ?? linkError),
    linksWaiting: contributionIds.length + themeIds.length,
    write: (change: Partial<Writing>) =>
      setKept((now) => ({ ...now, writing: { ...now.writing, ...change } })),
    keepMine: () => draft && setKept({ ...kept, basedOn: draft.version, base: writingOf(draft.body) }),
    takeTheirs: () => theirs && setKept({ ...kept, basedOn: draft!.version, base: theirs, writing: theirs }),
    /** Saves at once what is not saved yet; answers the version that stands then. */
    flush: () => (isDirty ? store(basedOn, writing) : Promise.resolve(basedOn)),
  };
}

const startOf = (draft: UpdateDraft | undefined): Kept => {
  if (!draft) return newKept;
  const writing = writingOf(draft.body);
  return { ...newKept, basedOn: draft.version, base: writing, writing };
};
