import type { AskOf, OutputOf } from '@parley/contracts/contract';
import {
  approveUpdate,
  breakPromise,
  correctUpdate,
  deliverUpdate,
  linkEvidence,
  listDrafts,
  movePromise,
  publishUpdate,
  saveUpdate,
  setApprovalSteps,
  submitUpdate,
  type UpdateDraft,
  withdrawUpdate,
} from '@parley/contracts/loop';
import {
  decideItems,
  type Decision,
  exportContributions,
  listContributions,
  listSpaces,
  listThemes,
  markRead,
  readPolicy,
  replyToContribution,
  saveTheme,
  type TeamContribution,
} from '@parley/contracts/moderation';
import {
  type InfiniteData,
  type QueryClient,
  keepPreviousData,
  queryOptions,
  useInfiniteQuery,
  useMutation,
  useQuery,
  useQueryClient,
} from '@tanstack/react-query';
import { useCallback } from 'react';
import { api, loopKey, policyKey, spacesKey } from '../platform/api';
import { download } from '../platform/download';
import { useCommunityId, usePlace } from '../platform/place';
import { promisesOf } from './feed.data';

/** What others on the team do is seen after this, while the page is looked at. */
const FRESH_MS = 15_000;

type Without<T> = Omit<T, 'communityId'>;

/** Everything of the loop is asked again, here and where members read it: one change shows in several places. */
function useAgain() {
  const communityId = useCommunityId();
  const queries = useQueryClient();
  return useCallback(
    () => queries.invalidateQueries({ queryKey: loopKey(communityId) }),
    [queries, communityId],
  );
}

// --- reading ---

export type Filter = Pick<AskOf<typeof listContributions>, 'spaceId' | 'themeId' | 'loop' | 'words'>;
type Page = { contributions: TeamContribution[]; next: string | null };

/** What members said. It does not change by itself under the eyes of who reads it. */
export function useContributions(filter: Filter) {
  const communityId = useCommunityId();
  return useInfiniteQuery({
    queryKey: loopKey(communityId, 'contributions', JSON.stringify(filter)),
    queryFn: ({ pageParam }) =>
      api(listContributions, { communityId, ...filter, ...(pageParam && { cursor: pageParam }) }),
    initialPageParam: '',
    getNextPageParam: ({ next }) => next,
    placeholderData: keepPreviousData,
    refetchOnWindowFocus: false,
  });
}

/** Saves all of that as a file of this machine, page by page. */
export function useExport(filter: Filter) {
  const communityId = useCommunityId();
  return useMutation({
    mutationFn: async () => {
      const pages: string[] = [];
      let count = 0;
      for (let cursor: string | null = ''; cursor !== null;) {
        const page: OutputOf<typeof exportContributions> = await api(exportContributions, {
          ...{ communityId, ...filter },
          ...(cursor && { cursor }),
        });
        pages.push(page.csv);
        count += page.rows;
        cursor = page.next;
      }
      download('contributions.csv', new Blob(pages, { type: 'text/csv;charset=utf-8' }));
      return count;
    },
  });
}

/** Changes what is shown in place: who reads a list keeps their place in it. */
const changeEach = (
  queries: QueryClient,
  communityId: string,
  change: (one: TeamContribution) => TeamContribution,
) =>
  queries.setQueriesData<InfiniteData<Page>>(
    { queryKey: loopKey(communityId, 'contributions') },
    (data) =>
      data && {
        ...data,
        pages: data.pages.map((page) => ({ ...page, contributions: page.contributions.map(change) })),
      },
  );

/** Reports what was read; answers what was counted, which has its tick from then on. */
export function useMarkRead() {
  const communityId = useCommunityId();
  const queries = useQueryClient();
  return useCallback(
    async (seen: { contributionId: string; ms: number }[]) => {
      const rounded = seen.map(({ contributionId, ms }) => ({ contributionId, ms: Math.floor(ms) }));
      const { read } = await api(markRead, { communityId, seen: rounded });
      changeEach(queries, communityId, (one) =>
        read.includes(one.id)
          ? { ...one, readByMe: true, loop: one.loop === 'received' ? 'read' : one.loop }
          : one,
      );
      return read;
    },
    [communityId, queries],
  );
}

export function useThemes() {
  const communityId = useCommunityId();
  return useQuery({
    queryKey: loopKey(communityId, 'themes'),
    queryFn: async () => (await api(listThemes, { communityId })).themes,
  });
}

export function useSaveTheme() {
  const communityId = useCommunityId();
  const again = useAgain();
  return useMutation({
    mutationFn: (input: Without<AskOf<typeof saveTheme>>) => api(saveTheme, { communityId, ...input }),
    onSuccess: again,
  });
}

/** The reasons for which something is taken out of sight. */
export function useReasons() {
  const communityId = useCommunityId();
  return useQuery({
    queryKey: policyKey(communityId),
    queryFn: () => api(readPolicy, { communityId }),
    select: ({ policy }) => policy.body.reasons,
  });
}

type OfSight = Extract<Decision, { action: 'hide' | 'restore' }>;

/** Takes something out of sight, or brings it back; where it stands then shows at once. */
export function useSight() {
  const communityId = useCommunityId();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async ({ id, decision }: { id: string; decision: OfSight }) => {
      const { decided } = await api(decideItems, { communityId, contributionIds: [id], decision });
      return decided[0]!;
    },
    onSuccess: ({ contributionId, moderation }) => {
      changeEach(queries, communityId, (one) =>
        one.id === contributionId && moderation ? { ...one, moderation } : one,
      );
      // Everything but the list that is being read.
      void queries.invalidateQueries({
        queryKey: loopKey(communityId),
        predicate: ({ queryKey }) => queryKey[2] !== 'contributions',
      });
    },
  });
}

export function useReply() {
  const communityId = useCommunityId();
  return useMutation({
    mutationFn: (input: Without<AskOf<typeof replyToContribution>>) =>
      api(replyToContribution, { communityId, ...input }),
  });
}

const spacesOf = (communityId: string) =>
  queryOptions({ queryKey: spacesKey(communityId), queryFn: () => api(listSpaces, { communityId }) });

/** Where things are said: every space for who moderates, those with a promise for hosts. */
export function useSpaces() {
  const communityId = useCommunityId();
  const { role } = usePlace().membership;
  const isHost = role === 'host';
  const promised = useQuery({
    ...promisesOf(communityId),
    select: ({ promises }) => promises.map(({ space }) => space),
    enabled: isHost,
  });
  const all = useQuery({ ...spacesOf(communityId), select: ({ spaces }) => spaces, enabled: !isHost });
  return isHost ? promised : all;
}

/** Whether what the team replies waits for approval in a space; null where one may not know. */
export function useRepliesWait(spaceId: string): boolean | null {
  const communityId = useCommunityId();
  const { role } = usePlace().membership;
  const spaces = useQuery({
    ...spacesOf(communityId),
    enabled: role !== 'host',
  });
  const space = spaces.data?.spaces.find(({ id }) => id === spaceId);
  return space ? space.rule.mode === 'approve' || space.rule.mode === 'team' : null;
}

// --- promises ---

export function usePromises() {
  const communityId = useCommunityId();
  return useQuery({
    ...promisesOf(communityId),
    select: ({ promises }) => promises,
    refetchInterval: FRESH_MS,
  });
}

export function useMovePromise() {
  const communityId = useCommunityId();
  const again = useAgain();
  return useMutation({
    mutationFn: (input: Without<AskOf<typeof movePromise>>) => api(movePromise, { communityId, ...input }),
    onSuccess: again,
    // Somebody else was faster: what is there now is shown at once.
    onError: again,
  });
}

export function useBreakPromise() {
  const communityId = useCommunityId();
  const again = useAgain();
  return useMutation({
    mutationFn: (input: Without<AskOf<typeof breakPromise>>) => api(breakPromise, { communityId, ...input }),
    onSuccess: again,
    onError: again,
  });
}

// --- Updates ---

export function useDrafts() {
  const communityId = useCommunityId();
  return useQuery({
    queryKey: loopKey(communityId, 'drafts'),
    queryFn: () => api(listDrafts, { communityId }),
    refetchInterval: FRESH_MS,
  });
}

/** A change of an Update, whose answer is the draft as it is then. */
function useChange<I>(change: (communityId: string, input: I) => Promise<UpdateDraft>) {
  const communityId = useCommunityId();
  const queries = useQueryClient();
  const again = useAgain();
  return useMutation({
    mutationFn: (input: I) => change(communityId, input),
    onSuccess: async (draft) => {
      const key = loopKey(communityId, 'drafts');
      // What is on its way was asked before this.
      await queries.cancelQueries({ queryKey: key });
      queries.setQueryData<{ drafts: UpdateDraft[] }>(
        key,
        (list) => list && { ...list, drafts: [draft, ...list.drafts.filter(({ id }) => id !== draft.id)] },
      );
      void again();
    },
    onError: again,
  });
}

export const useSave = () =>
  useChange((communityId, input: Without<AskOf<typeof saveUpdate>>) =>
    api(saveUpdate, { communityId, ...input }),
  );
export const useLink = () =>
  useChange((communityId, input: Without<AskOf<typeof linkEvidence>>) =>
    api(linkEvidence, { communityId, ...input }),
  );
export const useSubmit = () =>
  useChange((communityId, input: Without<AskOf<typeof submitUpdate>>) =>
    api(submitUpdate, { communityId, ...input }),
  );
export const useApprove = () =>
  useChange((communityId, input: Without<AskOf<typeof approveUpdate>>) =>
    api(approveUpdate, { communityId, ...input }),
  );
export const usePublish = () =>
  useChange((communityId, input: Without<AskOf<typeof publishUpdate>>) =>
    api(publishUpdate, { communityId, ...input }),
  );
export const useCorrect = () =>
  useChange((communityId, input: Without<AskOf<typeof correctUpdate>>) =>
    api(correctUpdate, { communityId, ...input }),
  );
export const useWithdraw = () =>
  useChange((communityId, input: Without<AskOf<typeof withdrawUpdate>>) =>
    api(withdrawUpdate, { communityId, ...input }),
  );
export const useDeliver = () =>
  useChange((communityId, input: Without<AskOf<typeof deliverUpdate>>) =>
    api(deliverUpdate, { communityId, ...input }),
  );

export function useSetSteps() {
  const communityId = useCommunityId();
  const again = useAgain();
  return useMutation({
    mutationFn: (input: Without<AskOf<typeof setApprovalSteps>>) =>
      api(setApprovalSteps, { communityId, ...input }),
    onSuccess: again,
  });
}
