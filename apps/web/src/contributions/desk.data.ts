import type { AskOf, OutputOf } from '@parley/contracts/contract';
import type { ModerationRule } from '@parley/contracts/contributions';
import {
  CLAIM_MS,
  claimItems,
  type Decided,
  decideItems,
  type Decision,
  type DeskItem,
  exportDecisions,
  holdSpace,
  listDecisions,
  listHeld,
  listSpaces,
  publishPolicy,
  readPolicy,
  setCommunityRule,
  setSpaceRule,
} from '@parley/contracts/moderation';
import type { Locale } from '@parley/contracts/people';
import {
  type InfiniteData,
  useInfiniteQuery,
  useMutation,
  useQuery,
  useQueryClient,
} from '@tanstack/react-query';
import { useEffect, useEffectEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { api, loopKey, policyKey, spacesKey } from '../platform/api';
import { download } from '../platform/download';
import { useCommunityId } from '../platform/place';

/** How often one page of what waits is looked at, so that moderators see each other. */
const FRESH_MS = 4_000;
const SPACES_MS = 15_000;
/** How long one looks at an item before it is taken, ms. */
const PASSING_MS = 120;
/** How many one call decides about. */
const CALL_MOST = 200;

const keyOf = (communityId: string, ...more: string[]) => ['moderation', communityId, ...more] as const;

type Held = InfiniteData<OutputOf<typeof listHeld>, string | undefined>;

/** What waits, page by page, anew every few seconds while it is looked at. */
export function useHeld() {
  const communityId = useCommunityId();
  const queries = useQueryClient();
  const queryKey = keyOf(communityId, 'held');
  const held = useInfiniteQuery({
    queryKey,
    queryFn: ({ pageParam }) =>
      api(listHeld, { communityId, ...(pageParam !== undefined && { cursor: pageParam }) }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next }) => next ?? undefined,
    // Each page is a call: who has many of them open looks less often.
    refetchInterval: ({ state }) => FRESH_MS * Math.max(1, state.data?.pages.length ?? 1),
    staleTime: 0,
  });
  const { hasNextPage, fetchNextPage } = held;
  return {
    ...held,
    items: held.data?.pages.flatMap(({ items }) => items) ?? [],
    /** Loads what is not loaded yet, and answers all. */
    all: async (): Promise<DeskItem[]> => {
      let data = held.data;
      for (let more = hasNextPage; more;) {
        const page = await fetchNextPage({ cancelRefetch: true });
        if (page.error) throw page.error;
        data = page.data;
        more = page.hasNextPage;
      }
      return data?.pages.flatMap(({ items }) => items) ?? [];
    },
    /** Takes what was decided off the desk at once; the next look confirms it. */
    drop: async (gone: ReadonlySet<string>) => {
      // An answer on its way still holds it, and would bring it back for a moment.
      await queries.cancelQueries({ queryKey }, { revert: false });
      queries.setQueryData<Held>(
        queryKey,
        (data) =>
          data && {
            ...data,
            pages: data.pages.map((page) => ({
              ...page,
              waiting: Math.max(0, page.waiting - gone.size),
              items: page.items.filter(({ id }) => !gone.has(id)),
            })),
          },
      );
      void queries.invalidateQueries({ queryKey });
    },
  };
}

/**
 * Takes the item that is looked at, keeps it while it is, and gives it back after. Nothing is said when that fails:
 * whoever decides without it is refused by the server where somebody else has it.
 */
export function useClaim(id: string | null) {
  const communityId = useCommunityId();
  const queries = useQueryClient();
  const claim = useEffectEvent((take: string[], release: string[]) => {
    void api(claimItems, { communityId, take, release })
      .then(() => queries.invalidateQueries({ queryKey: keyOf(communityId, 'held') }))
      .catch(() => undefined);
  });
  const renew = useEffectEvent((mine: string) => {
    void api(claimItems, { communityId, take: [mine] }).catch(() => undefined);
  });
  useEffect(() => {
    if (!id) return;
    let isMine = false;
    const look = () => {
      const isSeen = document.visibilityState === 'visible';
      if (isSeen === isMine) return;
      isMine = isSeen;
      claim(isSeen ? [id] : [], isSeen ? [] : [id]);
    };
    // Whoever only passes over an item does not take it.
    const taking = setTimeout(look, PASSING_MS);
    const timer = setInterval(() => isMine && renew(id), CLAIM_MS / 2);
    document.addEventListener('visibilitychange', look);
    return () => {
      clearTimeout(taking);
      clearInterval(timer);
      document.removeEventListener('visibilitychange', look);
      if (isMine) claim([], [id]);
    };
  }, [id]);
}

/** One decision about some items. */
export interface Deciding {
  items: readonly DeskItem[];
  decision: Decision;
}

/** What became of one item; `unsent` when the server could not be asked about it. */
export interface Fared {
  item: DeskItem;
  result: Decided['result'] | 'unsent';
  moderation: Decided['moderation'];
  by: string | null;
}

/**
 * Decides about any number of items, so many in each call, and answers what became of each. What could not be asked
 * is answered too, with why.
 */
export function useDecide() {
  const communityId = useCommunityId();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async (all: readonly Deciding[]) => {
      const fared: Fared[] = [];
      let error: unknown = null;
      const calls = all.flatMap(({ items, decision }) =>
        Array.from({ length: Math.ceil(items.length / CALL_MOST) }, (_, at) => ({
          items: items.slice(at * CALL_MOST, (at + 1) * CALL_MOST),
          decision,
        })),
      );
      for (const { items, decision } of calls) {
        const unsent = items.map((item): Fared => ({ item, result: 'unsent', moderation: null, by: null }));
        if (error) {
          fared.push(...unsent);
          continue;
        }
        try {
          const contributionIds = items.map(({ id }) => id);
          const { decided } = await api(decideItems, { communityId, contributionIds, decision });
          const of = new Map(decided.map((one) => [one.contributionId, one]));
          fared.push(...unsent.map((one) => ({ ...one, ...of.get(one.item.id) })));
        } catch (refusal) {
          error = refusal;
          fared.push(...unsent);
        }
      }
      return { fared, error };
    },
    onSettled: () => {
      void queries.invalidateQueries({ queryKey: keyOf(communityId, 'log') });
      void queries.invalidateQueries({ queryKey: loopKey(communityId) });
    },
  });
}

/** How each space is moderated. */
export function useSpaces() {
  const communityId = useCommunityId();
  return useQuery({
    queryKey: spacesKey(communityId),
    queryFn: () => api(listSpaces, { communityId }),
    refetchInterval: SPACES_MS,
  });
}

export function useHoldSpace() {
  const communityId = useCommunityId();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (input: { spaceId: string; held: boolean }) => api(holdSpace, { communityId, ...input }),
    onSettled: () => queries.invalidateQueries({ queryKey: spacesKey(communityId) }),
  });
}

/** Sets the rule of one space, or of all that have none of their own. */
export function useSetRule() {
  const communityId = useCommunityId();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ spaceId, rule }: { spaceId: string | null; rule: ModerationRule | null }) => {
      if (spaceId) return api(setSpaceRule, { communityId, spaceId, rule });
      if (!rule) throw new Error('The community has a rule');
      return api(setCommunityRule, { communityId, rule });
    },
    onSettled: () =>
      Promise.all([
        queries.invalidateQueries({ queryKey: spacesKey(communityId) }),
        queries.invalidateQueries({ queryKey: policyKey(communityId) }),
      ]),
  });
}

/** What is published here and what is not, for everybody. */
export function usePolicy(refetchInterval?: number) {
  const communityId = useCommunityId();
  return useQuery({
    queryKey: policyKey(communityId),
    queryFn: () => api(readPolicy, { communityId }),
    ...(refetchInterval && { refetchInterval }),
  });
}

/** A reason in the language of the reader, whichever version of the policy it is from. */
export function useReasonWords() {
  const { i18n } = useTranslation();
  const locale: Locale = i18n.language === 'de' ? 'de' : 'en';
  const { data } = usePolicy();
  return (english: string) => {
    const versions = data ? [data.policy, ...data.before] : [];
    const found = versions.flatMap(({ body }) => body.reasons).find(({ en }) => en === english);
    return found?.[locale] ?? english;
  };
}

export function usePublishPolicy() {
  const communityId = useCommunityId();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (input: Omit<AskOf<typeof publishPolicy>, 'communityId'>) =>
      api(publishPolicy, { communityId, ...input }),
    // Somebody else was faster: what they have published is shown at once.
    onSettled: () => queries.invalidateQueries({ queryKey: policyKey(communityId) }),
  });
}

/** What was decided, newest first, older ones on demand. */
export function useLog() {
  const communityId = useCommunityId();
  return useInfiniteQuery({
    queryKey: keyOf(communityId, 'log'),
    queryFn: async ({ pageParam }) => {
      const { entries } = await api(listDecisions, {
        communityId,
        ...(pageParam !== undefined && { before: pageParam }),
      });
      return entries;
    },
    initialPageParam: undefined as number | undefined,
    getNextPageParam: (entries) => (entries.length === LOG_PAGE ? entries.at(-1)!.seq : undefined),
    staleTime: 0,
  });
}
/** As many as one answer holds. */
const LOG_PAGE = 100;

/** Saves the whole log as a file of this machine. */
export function useExportLog() {
  const communityId = useCommunityId();
  return useMutation({
    mutationFn: async () => {
      const { csv, rows, sha256 } = await api(exportDecisions, { communityId });
      download('moderation-log.csv', new Blob([csv], { type: 'text/csv;charset=utf-8' }));
      return { rows, sha256 };
    },
  });
}
