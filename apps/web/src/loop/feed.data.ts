import {
  commentUpdate,
  listEvidence,
  listPromises,
  listUpdates,
  readImpact,
  readPublicUpdate,
  readUpdate,
  type UpdateCard,
  type UpdatePage,
  type Verdict,
  verifyUpdate,
} from '@parley/contracts/loop';
import { readProfile } from '@parley/contracts/profile';
import {
  type InfiniteData,
  queryOptions,
  useInfiniteQuery,
  useMutation,
  useQuery,
  useQueryClient,
} from '@tanstack/react-query';
import { api, loopKey, profileKey } from '../platform/api';
import { useCommunityId } from '../platform/place';

const first = undefined as string | undefined;

/** What came of what was said, newest first, page by page. */
export function useUpdates() {
  const communityId = useCommunityId();
  return useInfiniteQuery({
    queryKey: loopKey(communityId, 'updates'),
    queryFn: ({ pageParam: cursor }) => api(listUpdates, { communityId, ...(cursor && { cursor }) }),
    initialPageParam: first,
    getNextPageParam: ({ next }) => next ?? undefined,
  });
}

export function useUpdate(updateId: string) {
  const communityId = useCommunityId();
  return useQuery({
    queryKey: loopKey(communityId, 'update', updateId),
    queryFn: () => api(readUpdate, { communityId, updateId }),
  });
}

/** The words that fed an Update, page by page. */
export function useEvidence(updateId: string, isThere = true) {
  const communityId = useCommunityId();
  return useInfiniteQuery({
    queryKey: loopKey(communityId, 'evidence', updateId),
    queryFn: ({ pageParam: cursor }) =>
      api(listEvidence, { communityId, updateId, ...(cursor && { cursor }) }),
    initialPageParam: first,
    getNextPageParam: ({ next }) => next ?? undefined,
    enabled: isThere,
  });
}

type Feed = InfiniteData<{ updates: UpdateCard[]; next: string | null }>;

/** One's verdict; the counts change wherever the Update is on the screen. */
export function useVerify(updateId: string) {
  const communityId = useCommunityId();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (verdict: Verdict) => api(verifyUpdate, { communityId, updateId, verdict }),
    onSuccess: ({ verification }) => {
      const judged = <U extends UpdateCard>(update: U) =>
        update.id === updateId ? { ...update, verification } : update;
      queries.setQueryData<Feed>(
        loopKey(communityId, 'updates'),
        (feed) =>
          feed && {
            ...feed,
            pages: feed.pages.map((page) => ({ ...page, updates: page.updates.map(judged) })),
          },
      );
      queries.setQueryData<UpdatePage>(
        loopKey(communityId, 'update', updateId),
        (page) => page && { ...page, update: judged(page.update) },
      );
      // What is reopened promises another answer.
      if (verification.state === 'reopened')
        void queries.invalidateQueries({ queryKey: loopKey(communityId) });
    },
    // It was withdrawn, or its time is over.
    onError: () => queries.invalidateQueries({ queryKey: loopKey(communityId, 'update', updateId) }),
  });
}

export function useComment(updateId: string) {
  const communityId = useCommunityId();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (input: { opId: string; body: string }) =>
      api(commentUpdate, { communityId, updateId, ...input }),
    onSuccess: () => queries.invalidateQueries({ queryKey: loopKey(communityId) }),
  });
}

/** Every promise, and the rate; each page takes of it what it shows. */
export const promisesOf = (communityId: string) =>
  queryOptions({
    queryKey: loopKey(communityId, 'promises'),
    queryFn: () => api(listPromises, { communityId }),
  });
export const usePromises = () => useQuery(promisesOf(useCommunityId()));

/** What became of one's own words, in one space or in all. */
export function useImpact(spaceId: string) {
  const communityId = useCommunityId();
  return useInfiniteQuery({
    queryKey: loopKey(communityId, 'impact', spaceId),
    queryFn: ({ pageParam: cursor }) =>
      api(readImpact, { communityId, ...(spaceId && { spaceId }), ...(cursor && { cursor }) }),
    initialPageParam: first,
    getNextPageParam: ({ next }) => next ?? undefined,
    // Shown until the one in another space is there.
    placeholderData: (before) => before,
  });
}

/** Whether the person only looks on, so that nothing is asked of them. */
export function useIsObserver() {
  const communityId = useCommunityId();
  const profile = useQuery({
    queryKey: profileKey(communityId),
    queryFn: () => api(readProfile, { communityId }),
    staleTime: 60_000,
  });
  return profile.data?.observer ?? false;
}

/** What everybody may read, without being signed in. */
export const usePublicUpdate = (communityId: string, updateId: string) =>
  useQuery({
    queryKey: ['public', communityId, updateId],
    queryFn: () => api(readPublicUpdate, { communityId, updateId }),
  });
