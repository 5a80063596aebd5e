import type { Outcome } from '@parley/contracts/contributions';
import { UpdateBody } from '@parley/contracts/loop';
import { lengthOf } from '@parley/contracts/text';
import { readKept, writeKept } from '../platform/kept';

/** An Update while it is written: anything may still be missing. */
export interface Writing extends Omit<UpdateBody, 'outcome' | 'weDid' | 'because' | 'on'> {
  outcome: Outcome | null;
  weDid: string;
  because: string;
  on: string;
}

export const outcomes: readonly Outcome[] = [
  'adopted',
  'adapted',
  'deferred',
  'declined',
  'alreadyThere',
  'informedOnly',
];

export const emptyWriting: Writing = {
  title: '',
  youSaid: '',
  weDid: '',
  because: '',
  outcome: null,
  on: '',
  beforeAssetId: null,
  afterAssetId: null,
  spaceId: null,
  keepsPromise: false,
  shareable: false,
};

export const writingOf = (body: UpdateBody): Writing => ({
  ...body,
  weDid: body.weDid ?? '',
  because: body.because ?? '',
  on: body.on ?? '',
});

const limits = { title: 120, youSaid: 1_000, weDid: 2_000, because: 2_000 } as const;
type Field = keyof typeof limits | 'outcome' | 'on';
/** What is wrong, by field. */
export type Problems = Partial<Record<Field, 'missing' | 'tooLong' | 'past'>>;

/** Which outcomes say by when, and which must. */
export const hasDay = (outcome: Outcome | null) =>
  outcome === 'deferred' || outcome === 'adopted' || outcome === 'adapted';

/** What an outcome asks for beside the words of the members. */
export const needs = (outcome: Outcome | null, field: 'weDid' | 'because' | 'on') =>
  field === 'weDid'
    ? outcome === 'adopted' || outcome === 'adapted'
    : field === 'because'
      ? outcome === 'declined' || outcome === 'deferred'
      : outcome === 'deferred';

/** What the server would refuse, said before it does. */
export function problemsOf(writing: Writing, today = dayOf(new Date())): Problems {
  const problems: Problems = {};
  const { outcome, on } = writing;
  if (!outcome) problems.outcome = 'missing';
  for (const field of ['title', 'youSaid', 'weDid', 'because'] as const) {
    const isNeeded = field === 'title' || field === 'youSaid' || needs(outcome, field);
    if (isNeeded && !writing[field].trim()) problems[field] = 'missing';
    else if (lengthOf(writing[field].trim()) > limits[field]) problems[field] = 'tooLong';
  }
  if (needs(outcome, 'on') && !on) problems.on = 'missing';
  else if (outcome === 'deferred' && on < today) problems.on = 'past';
  return problems;
}

/** As the server takes it; null while something is missing. */
export function bodyOf(writing: Writing): UpdateBody | null {
  if (Object.keys(problemsOf(writing)).length) return null;
  const { weDid, because, on, outcome, ...rest } = writing;
  const body = UpdateBody.safeParse({
    ...rest,
    outcome,
    weDid: weDid.trim() ? weDid : null,
    because: because.trim() ? because : null,
    on: hasDay(outcome) && on ? on : null,
  });
  return body.data ?? null;
}

/** The local day of a moment, `yyyy-mm-dd`. */
export const dayOf = (at: Date) =>
  `${at.getFullYear()}-${String(at.getMonth() + 1).padStart(2, '0')}-${String(at.getDate()).padStart(2, '0')}`;

// --- what this browser keeps until it is saved ---

export interface Kept {
  /** The version it began from; 0 where there is none yet. */
  basedOn: number;
  /** What that version said. */
  base: Writing;
  writing: Writing;
  /** What is to be linked once there is something to link it to. */
  contributionIds: string[];
  themeIds: string[];
}

export const newKept: Kept = {
  basedOn: 0,
  base: emptyWriting,
  writing: emptyWriting,
  contributionIds: [],
  themeIds: [],
};

const nameOf = (memberId: string, updateId: string) => `parley:update:${memberId}:${updateId}`;
const listName = (memberId: string) => `parley:updates:${memberId}`;

function parsed<T>(name: string): T | null {
  try {
    return JSON.parse(readKept(name) ?? '') as T;
  } catch {
    return null;
  }
}

export function keptWriting(memberId: string, updateId: string): Kept | null {
  const kept = parsed<Kept>(nameOf(memberId, updateId));
  // Of an older form of this page nothing can be made.
  return kept && typeof kept.writing?.title === 'string' && Array.isArray(kept.themeIds) ? kept : null;
}

const listed = (memberId: string) => parsed<string[]>(listName(memberId)) ?? [];

export function keepWriting(memberId: string, updateId: string, kept: Kept | null) {
  writeKept(nameOf(memberId, updateId), kept ? JSON.stringify(kept) : '');
  const others = listed(memberId).filter((id) => id !== updateId);
  const all = kept ? [...others, updateId] : others;
  writeKept(listName(memberId), all.length ? JSON.stringify(all) : '');
}

/** What was begun in this browser and is not saved yet. */
export const begun = (memberId: string) =>
  listed(memberId).flatMap((id) => {
    const kept = keptWriting(memberId, id);
    return kept ? [{ id, kept }] : [];
  });
