import {
  listNotifications,
  type Preferences,
  readNotifications,
  readPreferences,
  updatePreferences,
} from '@parley/contracts/reach';
import {
  type InfiniteData,
  useInfiniteQuery,
  useMutation,
  useQuery,
  useQueryClient,
} from '@tanstack/react-query';
import type { OutputOf } from '@parley/contracts/contract';
import { api } from '../platform/api';

type Page = OutputOf<typeof listNotifications>;
const key = (communityId: string, what: string) => ['reach', communityId, what] as const;
const POLL_MS = 60_000;

/** How much is unread: asked again every minute, and whenever the person comes back to the page. */
export function useUnread(communityId: string) {
  return useQuery({
    queryKey: key(communityId, 'unread'),
    queryFn: async () => (await api(listNotifications, { communityId })).unread,
    refetchInterval: POLL_MS,
    refetchOnWindowFocus: 'always',
  }).data;
}

/** What I was told, newest first, page by page; looked for again whenever the page is opened. */
export function useNotifications(communityId: string) {
  return useInfiniteQuery({
    queryKey: key(communityId, 'list'),
    queryFn: ({ pageParam: cursor }) => api(listNotifications, { communityId, ...(cursor && { cursor }) }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next }) => next ?? undefined,
    refetchOnMount: 'always',
  });
}

/** Marks some as read, or all there are; the screen does not wait for it. */
export function useMarkRead(communityId: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (ids: string[] | undefined) => api(readNotifications, { communityId, ...(ids && { ids }) }),
    onMutate: (ids) =>
      queries.setQueryData<InfiniteData<Page>>(
        key(communityId, 'list'),
        (list) =>
          list && {
            ...list,
            pages: list.pages.map((page) => ({
              ...page,
              notifications: page.notifications.map((one) =>
                !ids || ids.includes(one.id) ? { ...one, read: true } : one,
              ),
            })),
          },
      ),
    onSuccess: ({ unread }) => queries.setQueryData(key(communityId, 'unread'), unread),
    onError: () => queries.invalidateQueries({ queryKey: key(communityId, 'list') }),
  });
}

export const usePreferences = (communityId: string) =>
  useQuery({
    queryKey: key(communityId, 'preferences'),
    queryFn: () => api(readPreferences, { communityId }),
  });

export function useSavePreferences(communityId: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (preferences: Preferences) => api(updatePreferences, { communityId, preferences }),
    onSuccess: (_, preferences) =>
      queries.setQueryData<OutputOf<typeof readPreferences>>(
        key(communityId, 'preferences'),
        (before) => before && { ...before, preferences, chosen: true },
      ),
  });
}
