import { publishScreener, readScreener } from '@parley/contracts/door';
import type { FactDef } from '@parley/contracts/profile';
import { type Question, type QuestionKind, ScreenerBody } from '@parley/contracts/screener';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { api } from '../platform/api';
import { readKept, writeKept } from '../platform/kept';
import { useCommunityId } from '../platform/place';

/** A newer version of somebody else is seen after this, while the page is looked at. */
const FRESH_MS = 10_000;

const keyOf = (communityId: string) => ['door', communityId, 'screener'] as const;

/** The screener that stands, and the facts that its answers can become. */
export function useScreener() {
  const communityId = useCommunityId();
  return useQuery({
    queryKey: keyOf(communityId),
    queryFn: () => api(readScreener, { communityId }),
    refetchInterval: FRESH_MS,
  });
}

export function usePublishScreener() {
  const communityId = useCommunityId();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (input: { basedOn: number; body: ScreenerBody }) =>
      api(publishScreener, { communityId, ...input }),
    // Somebody else was faster: theirs is asked for at once.
    onError: () => queries.invalidateQueries({ queryKey: keyOf(communityId) }),
    onSuccess: (screener) =>
      queries.setQueryData<{ facts: FactDef[] }>(keyOf(communityId), (known) => ({
        facts: known?.facts ?? [],
        screener,
      })),
  });
}

/** What is being written, and the version that it began from. */
export interface Draft {
  basedOn: number;
  body: ScreenerBody;
}

/** The draft of this browser, until it is published. */
export function keptDraft(communityId: string): Draft | null {
  try {
    const { basedOn, body } = JSON.parse(readKept(nameOf(communityId)) ?? '') as Draft;
    // Of an older form of this page nothing can be made; half-written questions are what a draft is for.
    return Number.isInteger(basedOn) && Array.isArray(body.questions) ? { basedOn, body } : null;
  } catch {
    return null;
  }
}
export const keepDraft = (communityId: string, draft: Draft | null) =>
  writeKept(nameOf(communityId), draft ? JSON.stringify(draft) : '');
const nameOf = (communityId: string) => `parley:screener:${communityId}`;

/** A new question of a kind, with nothing in it but what the kind needs. */
export function newQuestion(kind: QuestionKind): Question {
  const chooses = kind === 'single' || kind === 'multiple';
  return {
    id: crypto.randomUUID(),
    kind,
    title: '',
    help: '',
    required: true,
    askedIf: null,
    least: kind === 'scale' ? 1 : null,
    most: kind === 'scale' ? 5 : null,
    ends: ['', ''],
    options: chooses ? [emptyOption([]), emptyOption(['answer-1'])] : [],
    within: null,
    fact: null,
  };
}

/** An answer to choose, under a name that none of the others has. */
export function emptyOption(taken: readonly string[]): Question['options'][number] {
  let place = taken.length + 1;
  while (taken.includes(`answer-${place}`)) place += 1;
  return { value: `answer-${place}`, label: '', leads: 'on' };
}

/** The question with its answers becoming a fact: a choice then offers what the fact knows. */
export function becoming(question: Question, def: FactDef | undefined): Question {
  if (!def) return { ...question, fact: null };
  const options = def.options.map(({ value, label }) => {
    const known = question.options.find((option) => option.value === value);
    return known ?? { value, label, leads: 'on' as const };
  });
  return { ...question, fact: def.key, options: question.options.length ? options : question.options };
}

/** What keeps a screener from being published, by its place such as `questions.0.title`. */
export function problemsOf(body: ScreenerBody): Map<string, string> {
  const checked = ScreenerBody.safeParse(body);
  const problems = new Map<string, string>();
  for (const { path, message } of checked.error?.issues ?? []) {
    const place = path.join('.');
    if (!problems.has(place)) problems.set(place, message);
  }
  // What the server would take, and nobody could answer or be led by.
  for (const [at, { kind, options, least, most, within }] of body.questions.entries()) {
    if (kind === 'multiple' && Math.max(least ?? 0, most ?? 0) > options.length)
      problems.set(`questions.${at}.most`, 'more than there are answers');
    if (within && within.least !== null && within.most !== null && within.least > within.most)
      problems.set(`questions.${at}.within`, 'the least is above the most');
    if (within && within.least === null && within.most === null)
      problems.set(`questions.${at}.within`, 'no bound');
  }
  return problems;
}

/** The same question once more, under an id of its own; what it becomes is left to the first. */
export const copyOf = (question: Question): Question => ({
  ...question,
  id: crypto.randomUUID(),
  fact: null,
});

export function moved<T>(list: readonly T[], from: number, to: number): T[] {
  if (to < 0 || to >= list.length) return [...list];
  const others = list.filter((_, at) => at !== from);
  return [...others.slice(0, to), list[from]!, ...others.slice(to)];
}
