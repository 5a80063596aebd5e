import {
  type Audience,
  countAudience,
  editPost,
  followTopic,
  listPlaces,
  listTopics,
  openPlace,
  postTo,
  readHistory,
  readTopic,
  search,
  seeTopic,
  solveTopic,
  startTopic,
  TopicNews,
  topicNews,
} from '@parley/contracts/commons';
import { wire as events } from '@parley/contracts/realtime';
import type { AskOf, Endpoint, OutputOf } from '@parley/contracts/contract';
import {
  keepPreviousData,
  useInfiniteQuery,
  useMutation,
  useQuery,
  useQueryClient,
} from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { useEffect, useEffectEvent } from 'react';
import { api, loopKey } from '../platform/api';
import { useCommunityId } from '../platform/place';
import { useWire } from '../platform/realtime';

export const keyOf = (communityId: string, ...what: string[]) => loopKey(communityId, 'commons', ...what);

export const usePlaceId = () => useParams({ strict: false }).placeId ?? '';
export const useTopicId = () => useParams({ strict: false }).topicId ?? '';

export function usePlaces() {
  const communityId = useCommunityId();
  return useQuery({
    queryKey: keyOf(communityId, 'places'),
    queryFn: async () => (await api(listPlaces, { communityId })).places,
  });
}

/** For how many members a place would be; null where that is not told. */
export function useAudienceCount(audience: Audience) {
  const communityId = useCommunityId();
  return useQuery({
    queryKey: keyOf(communityId, 'audience', JSON.stringify(audience)),
    queryFn: async () => (await api(countAudience, { communityId, audience })).count,
    placeholderData: keepPreviousData,
  });
}

/** Topics of a place, page by page. */
export function useTopics(placeId: string) {
  const communityId = useCommunityId();
  return useInfiniteQuery({
    queryKey: keyOf(communityId, 'topics', placeId),
    queryFn: ({ pageParam }) =>
      api(listTopics, { communityId, placeId, ...(pageParam && { cursor: pageParam }) }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next }) => next ?? undefined,
  });
}

/** A topic with what was said to it, page by page from its beginning. */
export function useTopic(topicId: string) {
  const communityId = useCommunityId();
  return useInfiniteQuery({
    queryKey: keyOf(communityId, 'topic', topicId),
    queryFn: ({ pageParam }) =>
      api(readTopic, { communityId, topicId, ...(pageParam && { cursor: pageParam }) }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next }) => next ?? undefined,
    // What is new is offered, not thrown in: the page must not jump.
    refetchOnWindowFocus: false,
    staleTime: Infinity,
  });
}

export function useHistory(postId: string, isOpen: boolean) {
  const communityId = useCommunityId();
  return useQuery({
    queryKey: keyOf(communityId, 'history', postId),
    queryFn: async () => (await api(readHistory, { communityId, postId })).versions,
    enabled: isOpen,
  });
}

/** Calls back when something new can be seen in a topic, or in any of a place. */
export function useTopicNews(where: { topicId?: string; placeId?: string }, onNews: (id: string) => void) {
  const { connection } = useWire();
  const heard = useEffectEvent((name: unknown, data: unknown) => {
    const news = name === topicNews ? TopicNews.safeParse(data) : undefined;
    if (!news?.success) return;
    if (news.data.topicId === where.topicId || news.data.placeId === where.placeId) onNews(news.data.id);
  });
  useEffect(() => {
    const listen = (name: unknown, data: unknown) => heard(name, data);
    connection.socket.on(events.news, listen);
    return () => void connection.socket.off(events.news, listen);
  }, [connection]);
}

/** A change by one endpoint, after which what it changed is asked again. */
export function useChange<E extends Endpoint>(endpoint: E, ...what: string[]) {
  const communityId = useCommunityId();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (input: Omit<AskOf<E>, 'communityId'>): Promise<OutputOf<E>> =>
      api(endpoint, { ...input, communityId } as unknown as AskOf<E>),
    onSuccess: () => queries.invalidateQueries({ queryKey: keyOf(communityId, ...what) }),
  });
}

export const useOpenPlace = () => useChange(openPlace);
export const useStartTopic = () => useChange(startTopic);
export const usePost = () => useChange(postTo);
export const useEdit = () => useChange(editPost);
export const useFollow = () => useChange(followTopic);
export const useSolve = () => useChange(solveTopic);
/** Only the lists know of it: the page keeps showing what was new when it was opened. */
export const useSee = () => useChange(seeTopic, 'places');

/** What fits, for whoever asks. */
export function useFound(words: string) {
  const communityId = useCommunityId();
  return useQuery({
    queryKey: keyOf(communityId, 'search', words),
    queryFn: async () => (await api(search, { communityId, words })).found,
    enabled: words.trim().length >= 2,
    placeholderData: (before) => before,
  });
}
