import {
  answerCoAuthor,
  askCoAuthor,
  bringIdeas,
  checkBrought,
  commentCard,
  decideIdeas,
  judgeIdea,
  IDEAS_AT_ONCE,
  type DeskShow,
  type IdeaSort,
  listIdeaDesk,
  listIdeas,
  markContext,
  openIdeaPlace,
  rateIdea,
  readCard,
  readContext,
  readIdea,
  readProcess,
  refineIdea,
  saveCard,
  sendIdea,
  similarIdeas,
} from '@parley/contracts/ideas';
import type { AskOf, OutputOf } from '@parley/contracts/contract';
import type { IdeaStatus } from '@parley/contracts/contributions';
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { api } from '../platform/api';
import { useCommunityId } from '../platform/place';
import { keyOf, useChange } from './commons.data';

export const useIdeaId = () => useParams({ strict: false }).ideaId ?? '';

/** Ideas of a place, page by page. What is drawn to be rated stays until it is asked for anew. */
export function useIdeas(placeId: string, sort: IdeaSort, status: IdeaStatus | undefined) {
  const communityId = useCommunityId();
  return useInfiniteQuery({
    queryKey: keyOf(communityId, 'ideas', placeId, sort, status ?? ''),
    queryFn: ({ pageParam }) =>
      api(listIdeas, {
        ...{ communityId, placeId, sort },
        ...(status && { status }),
        ...(pageParam && { cursor: pageParam }),
      }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next }) => next ?? undefined,
    placeholderData: (before) => before,
  });
}

export function useIdea(ideaId: string) {
  const communityId = useCommunityId();
  return useQuery({
    queryKey: keyOf(communityId, 'idea', ideaId),
    queryFn: () => api(readIdea, { communityId, ideaId }),
    // Others rate, refine and decide: whoever comes to it sees it as it is.
    refetchOnMount: 'always',
  });
}

export function useSimilar(placeId: string, words: string) {
  const communityId = useCommunityId();
  return useQuery({
    queryKey: keyOf(communityId, 'similar', placeId, words),
    queryFn: async () => (await api(similarIdeas, { communityId, placeId, words })).similar,
    enabled: words.length >= 8,
    placeholderData: (before) => before,
  });
}

export function useContextCards(placeId: string) {
  const communityId = useCommunityId();
  return useQuery({
    queryKey: keyOf(communityId, 'context', placeId),
    queryFn: () => api(readContext, { communityId, placeId }),
  });
}

export function useCard(placeId: string, cardId: string, isOpen: boolean) {
  const communityId = useCommunityId();
  return useQuery({
    queryKey: keyOf(communityId, 'card', placeId, cardId),
    queryFn: () => api(readCard, { communityId, placeId, cardId }),
    enabled: isOpen,
  });
}

export function useProcess(placeId: string) {
  const communityId = useCommunityId();
  return useQuery({
    queryKey: keyOf(communityId, 'process', placeId),
    queryFn: () => api(readProcess, { communityId, placeId }),
  });
}

export function useIdeaDesk(show: DeskShow) {
  const communityId = useCommunityId();
  return useInfiniteQuery({
    queryKey: keyOf(communityId, 'desk', show),
    queryFn: ({ pageParam }) =>
      api(listIdeaDesk, { communityId, show, ...(pageParam && { cursor: pageParam }) }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next }) => next ?? undefined,
    placeholderData: (before) => before,
  });
}

/** A rating shows where the idea is shown; what was drawn to be rated stays in its order. */
export function useRateIdea() {
  const communityId = useCommunityId();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (input: Omit<Parameters<typeof api<typeof rateIdea>>[1], 'communityId'>) =>
      api(rateIdea, { ...input, communityId }),
    onSuccess: (idea) => {
      void queries.invalidateQueries({ queryKey: keyOf(communityId, 'idea', idea.id) });
      void queries.invalidateQueries({
        queryKey: keyOf(communityId, 'ideas', idea.placeId),
        predicate: ({ queryKey }) => !queryKey.includes('toRate'),
      });
    },
  });
}

/** Only looks: nothing that is shown elsewhere changes. */
export function useCheckBrought() {
  const communityId = useCommunityId();
  return useMutation({
    mutationFn: (input: Omit<Parameters<typeof api<typeof checkBrought>>[1], 'communityId'>) =>
      api(checkBrought, { ...input, communityId }),
  });
}

export const useOpenIdeaPlace = () => useChange(openIdeaPlace);
export const useSendIdea = () => useChange(sendIdea);
export const useRefine = () => useChange(refineIdea);
export const useAskAuthor = () => useChange(askCoAuthor);
export const useJudge = () => useChange(judgeIdea);
export const useAnswerAuthor = () => useChange(answerCoAuthor);

/** However many: so many at once as the server takes. What went through before a refusal stays. */
export function useDecide() {
  const communityId = useCommunityId();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async ({ ideaIds, ...input }: Omit<AskOf<typeof decideIdeas>, 'communityId'>) => {
      const all: OutputOf<typeof decideIdeas> = { done: [], moved: [] };
      for (let at = 0; at < ideaIds.length; at += IDEAS_AT_ONCE) {
        const share = ideaIds.slice(at, at + IDEAS_AT_ONCE);
        const { done, moved } = await api(decideIdeas, { communityId, ...input, ideaIds: share });
        all.done.push(...done);
        all.moved.push(...moved);
      }
      return all;
    },
    onSettled: () => queries.invalidateQueries({ queryKey: keyOf(communityId) }),
  });
}

export const useMarkContext = () => useChange(markContext, 'context');
export const useSaveCard = () => useChange(saveCard);
export const useBring = () => useChange(bringIdeas);
export const useCommentCard = () => useChange(commentCard);
