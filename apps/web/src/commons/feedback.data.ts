import {
  type FeedbackPage,
  feedbackNews,
  listFeedback,
  readFeedbackPrompt,
  sendFeedback,
  setFeedback,
  setPrompt,
} from '@parley/contracts/feedback';
import { wire as events } from '@parley/contracts/realtime';
import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { api } from '../platform/api';
import { useCommunityId } from '../platform/place';
import { useWire } from '../platform/realtime';
import { keyOf, useChange } from './commons.data';

export function useFeedbackPrompt(page: FeedbackPage, assetId: string | null) {
  const communityId = useCommunityId();
  return useQuery({
    queryKey: keyOf(communityId, 'feedback prompt', page, assetId ?? ''),
    queryFn: async () =>
      (await api(readFeedbackPrompt, { communityId, page, ...(assetId && { assetId }) })).prompt,
    staleTime: 60_000,
  });
}

export interface FeedbackFilter {
  page?: FeedbackPage | undefined;
  assetId?: string | undefined;
  scene?: number | undefined;
}

/** What was said without being asked; what is new is there by itself. */
export function useFeedback({ page, assetId, scene }: FeedbackFilter) {
  const communityId = useCommunityId();
  const queries = useQueryClient();
  const { connection } = useWire();
  useEffect(() => {
    const listen = (name: unknown) => {
      if (name === feedbackNews) void queries.invalidateQueries({ queryKey: keyOf(communityId, 'feedback') });
    };
    connection.socket.on(events.news, listen);
    return () => void connection.socket.off(events.news, listen);
  }, [connection, communityId, queries]);
  return useInfiniteQuery({
    queryKey: keyOf(communityId, 'feedback', page ?? '', assetId ?? '', String(scene ?? '')),
    queryFn: ({ pageParam }) =>
      api(listFeedback, {
        communityId,
        ...(page && { page }),
        ...(assetId && { assetId }),
        ...(scene !== undefined && { scene: String(scene) }),
        ...(pageParam && { cursor: pageParam }),
      }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next }) => next ?? undefined,
    placeholderData: (before) => before,
  });
}

export const useSendFeedback = () => useChange(sendFeedback);
export const useSetFeedback = () => useChange(setFeedback);
export const useSetPrompt = () => useChange(setPrompt);
