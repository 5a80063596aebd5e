import {
  answerMeetup,
  callSession,
  decideGroup,
  joinGroup,
  listGroups,
  proposeGroup,
  readGroup,
  saveMeetup,
  signCall,
} from '@parley/contracts/groups';
import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { api } from '../platform/api';
import { useCommunityId } from '../platform/place';
import { keyOf, useChange } from './commons.data';

export const useGroupId = () => useParams({ strict: false }).groupId ?? '';

export function useGroups() {
  const communityId = useCommunityId();
  return useQuery({
    queryKey: keyOf(communityId, 'groups'),
    queryFn: () => api(listGroups, { communityId }),
  });
}

export function useGroup(groupId: string) {
  const communityId = useCommunityId();
  return useQuery({
    queryKey: keyOf(communityId, 'group', groupId),
    queryFn: () => api(readGroup, { communityId, groupId }),
    refetchOnMount: 'always',
  });
}

export const usePropose = () => useChange(proposeGroup);
export const useJoin = () => useChange(joinGroup);
export const useDecideGroup = () => useChange(decideGroup);
export const useSaveMeetup = () => useChange(saveMeetup);
export const useAnswerMeetup = () => useChange(answerMeetup);
export const useCall = () => useChange(callSession);
export const useSign = () => useChange(signCall);
