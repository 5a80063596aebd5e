import {
  acceptSubmission,
  exportActivityPath,
  featureSubmission,
  listActivities,
  listActivityDesk,
  listExcerpts,
  listShared,
  mendSubmission,
  moveActivity,
  publishActivity,
  quoteSubmission,
  readActivity,
  readGallery,
  remindActivity,
  removeExcerpt,
  returnSubmission,
  saveActivity,
  saveExcerpt,
  sendSubmission,
} from '@parley/contracts/activities';
import type { AskOf, Endpoint, OutputOf } from '@parley/contracts/contract';
import { listThemes } from '@parley/contracts/moderation';
import { readProfile } from '@parley/contracts/profile';
import {
  keepPreviousData,
  useInfiniteQuery,
  useMutation,
  useQuery,
  useQueryClient,
} from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { api, fetchFile, loopKey } from '../platform/api';
import { download } from '../platform/download';
import { useCommunityId } from '../platform/place';

const keyOf = (communityId: string, ...what: string[]) => loopKey(communityId, 'activities', ...what);

/** The Activity that the page's address names. */
export const useActivityId = () => useParams({ strict: false }).activityId ?? '';

/** Those that are for the caller. */
export function useActivities() {
  const communityId = useCommunityId();
  return useQuery({
    queryKey: keyOf(communityId),
    queryFn: async () => (await api(listActivities, { communityId })).activities,
  });
}

/** One of them with what is mine; looked at again while files of mine are being prepared. */
export function useActivity(activityId: string) {
  const communityId = useCommunityId();
  return useQuery({
    queryKey: keyOf(communityId, activityId),
    queryFn: () => api(readActivity, { communityId, activityId }),
    refetchInterval: ({ state }) =>
      state.data?.submissions.some(({ state: where }) => where === 'preparing') ? 2_500 : false,
  });
}

/** What others sent, page by page. */
export function useShared(activityId: string, enabled: boolean) {
  const communityId = useCommunityId();
  return useInfiniteQuery({
    queryKey: keyOf(communityId, activityId, 'shared'),
    queryFn: ({ pageParam }) =>
      api(listShared, { communityId, activityId, ...(pageParam && { cursor: pageParam }) }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next }) => next ?? undefined,
    enabled,
  });
}

/** Asks for a change of an Activity; every page that shows it is asked for again. */
function useChange<E extends Endpoint>(endpoint: E) {
  const communityId = useCommunityId();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (input: Omit<AskOf<E>, 'communityId'>): Promise<OutputOf<E>> =>
      api(endpoint, { ...input, communityId } as unknown as AskOf<E>),
    onSuccess: () => queries.invalidateQueries({ queryKey: loopKey(communityId) }),
  });
}

export const useSend = () => useChange(sendSubmission);
export const useMend = () => useChange(mendSubmission);
export const useQuote = () => useChange(quoteSubmission);
export const useSaveActivity = () => useChange(saveActivity);
export const usePublish = () => useChange(publishActivity);
export const useMove = () => useChange(moveActivity);
export const useRemind = () => useChange(remindActivity);
export const useAccept = () => useChange(acceptSubmission);
export const useGiveBack = () => useChange(returnSubmission);
export const useFeature = () => useChange(featureSubmission);
export const useSaveExcerpt = () => useChange(saveExcerpt);
export const useRemoveExcerpt = () => useChange(removeExcerpt);

/** Every Activity as the team works on it. */
export function useActivityDesk() {
  const communityId = useCommunityId();
  return useQuery({
    queryKey: keyOf(communityId, 'desk'),
    queryFn: async () => (await api(listActivityDesk, { communityId })).activities,
  });
}

export type GalleryFilter = Omit<AskOf<typeof readGallery>, 'communityId' | 'activityId' | 'cursor'>;

/** What was sent, as the filters leave it, page by page. */
export function useGallery(activityId: string, filter: GalleryFilter) {
  const communityId = useCommunityId();
  return useInfiniteQuery({
    queryKey: keyOf(communityId, activityId, 'gallery', JSON.stringify(filter)),
    queryFn: ({ pageParam }) =>
      api(readGallery, { communityId, activityId, ...filter, ...(pageParam && { cursor: pageParam }) }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next }) => next ?? undefined,
    placeholderData: keepPreviousData,
    refetchInterval: ({ state }) =>
      state.data?.pages.some(({ submissions }) =>
        submissions.some(({ state: where }) => where === 'preparing'),
      )
        ? 4_000
        : false,
  });
}

export function useExcerpts(activityId: string) {
  const communityId = useCommunityId();
  return useQuery({
    queryKey: keyOf(communityId, activityId, 'excerpts'),
    queryFn: async () => (await api(listExcerpts, { communityId, activityId })).excerpts,
  });
}

/** Groups of what was said; an excerpt may be evidence for one. */
export function useThemes() {
  const communityId = useCommunityId();
  return useQuery({
    queryKey: loopKey(communityId, 'themes'),
    queryFn: async () => (await api(listThemes, { communityId })).themes,
  });
}

/** What the community knows of its members, so that it is not asked again. */
export function useFacts() {
  const communityId = useCommunityId();
  return useQuery({
    queryKey: keyOf(communityId, 'facts'),
    queryFn: async () => (await api(readProfile, { communityId })).facts,
  });
}

/** All that was sent, as one file of this machine; asks for a proof first. */
export function useExport(activityId: string) {
  const communityId = useCommunityId();
  return useMutation({
    mutationFn: async () =>
      download(
        `activity-${activityId}.zip`,
        await fetchFile(
          exportActivityPath.replace(':communityId', communityId).replace(':activityId', activityId),
        ),
      ),
  });
}
