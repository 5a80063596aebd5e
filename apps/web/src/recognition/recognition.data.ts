import type { AskOf, Endpoint, OutputOf } from '@parley/contracts/contract';
import {
  answerRecognition,
  listKinds,
  readCircle,
  setCircle,
  setKind,
  setKinds,
  listRecognitions,
  offerRecognition,
  optOut,
  readBoard,
  readParticipation,
  readStanding,
  setBoard,
} from '@parley/contracts/recognition';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { api } from '../platform/api';
import { useCommunityId } from '../platform/place';

const keyOf = (communityId: string, ...what: string[]) => ['recognition', communityId, ...what] as const;

export function useStanding() {
  const communityId = useCommunityId();
  return useQuery({
    queryKey: keyOf(communityId, 'standing'),
    queryFn: () => api(readStanding, { communityId }),
    refetchOnMount: 'always',
  });
}

export function useBoard(isShown: boolean) {
  const communityId = useCommunityId();
  return useQuery({
    queryKey: keyOf(communityId, 'board'),
    queryFn: () => api(readBoard, { communityId }),
    enabled: isShown,
  });
}

export function useParticipation() {
  const communityId = useCommunityId();
  return useQuery({
    queryKey: keyOf(communityId, 'participation'),
    queryFn: () => api(readParticipation, { communityId }),
  });
}

export function useOffers(words: string) {
  const communityId = useCommunityId();
  return useQuery({
    queryKey: keyOf(communityId, 'offers', words),
    queryFn: () => api(listRecognitions, { communityId, ...(words && { words }) }),
    placeholderData: (before) => before,
  });
}

function useChange<E extends Endpoint>(endpoint: E) {
  const communityId = useCommunityId();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (input: Omit<AskOf<E>, 'communityId'>): Promise<OutputOf<E>> =>
      api(endpoint, { ...input, communityId } as unknown as AskOf<E>),
    onSuccess: () => queries.invalidateQueries({ queryKey: keyOf(communityId) }),
  });
}

export function useCircle() {
  const communityId = useCommunityId();
  return useQuery({
    queryKey: keyOf(communityId, 'circle'),
    queryFn: () => api(readCircle, { communityId }),
  });
}

export function useKinds(words: string) {
  const communityId = useCommunityId();
  return useQuery({
    queryKey: keyOf(communityId, 'kinds', words),
    queryFn: () => api(listKinds, { communityId, ...(words && { words }) }),
    placeholderData: (before) => before,
  });
}

export const useSetCircle = () => useChange(setCircle);
export const useSetKind = () => useChange(setKind);
export const useSetKinds = () => useChange(setKinds);
export const useOptOut = () => useChange(optOut);
export const useSetBoard = () => useChange(setBoard);
export const useOffer = () => useChange(offerRecognition);
export const useAnswerOffer = () => useChange(answerRecognition);
