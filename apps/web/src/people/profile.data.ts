import type { AskOf } from '@parley/contracts/contract';
import { leaveCommunity } from '@parley/contracts/door';
import {
  countSegment,
  deleteSegment,
  listConsentTexts,
  listFactDefs,
  pauseMembership,
  type Profile,
  publishConsentText,
  readProfile,
  resumeMembership,
  saveFactDef,
  saveSegment,
  updateConsent,
  updateFact,
  updateProfile,
} from '@parley/contracts/profile';
import type { Rule } from '@parley/contracts/rule';
import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { api, meKey, profileKey } from '../platform/api';
import { segmentsKey } from '../platform/segments.data';
import { useCommunityId } from '../platform/place';

type Without<T> = Omit<T, 'communityId'>;

/** What the brand knows about me. */
export function useProfile() {
  const communityId = useCommunityId();
  return useQuery({ queryKey: profileKey(communityId), queryFn: () => api(readProfile, { communityId }) });
}

/** A change of mine, whose answer is the profile as it is then. */
function useChange<I>(change: (communityId: string, input: I) => Promise<Profile>) {
  const communityId = useCommunityId();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (input: I) => change(communityId, input),
    onSuccess: (profile) => queries.setQueryData(profileKey(communityId), profile),
    // It may have been changed elsewhere meanwhile, such as the text that was agreed to.
    onError: () => queries.invalidateQueries({ queryKey: profileKey(communityId) }),
  });
}

export function useUpdateProfile() {
  const queries = useQueryClient();
  const change = useChange((communityId, input: Without<AskOf<typeof updateProfile>>) =>
    api(updateProfile, { communityId, ...input }),
  );
  // The handle stands in the frame as well.
  return { ...change, again: () => queries.invalidateQueries({ queryKey: meKey }) };
}
export const useUpdateFact = () =>
  useChange((communityId, input: Without<AskOf<typeof updateFact>>) =>
    api(updateFact, { communityId, ...input }),
  );
export const useUpdateConsent = () =>
  useChange((communityId, input: Without<AskOf<typeof updateConsent>>) =>
    api(updateConsent, { communityId, ...input }),
  );

const memberships = { pause: pauseMembership, resume: resumeMembership, leave: leaveCommunity };

/** Pauses, comes back, or leaves; then who one is has to be asked again. */
export function useMembership(communityId: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (what: keyof typeof memberships) => api(memberships[what], { communityId }),
    onSuccess: () => queries.invalidateQueries({ queryKey: meKey }),
  });
}

// --- what managers keep ---

const keptKey = (communityId: string, what: string) => ['kept', communityId, what] as const;

export function useFactDefs() {
  const communityId = useCommunityId();
  return useQuery({
    queryKey: keptKey(communityId, 'facts'),
    queryFn: async () => (await api(listFactDefs, { communityId })).facts,
  });
}

export function useSaveFactDef() {
  const communityId = useCommunityId();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (def: Without<AskOf<typeof saveFactDef>>) => api(saveFactDef, { communityId, ...def }),
    onSuccess: ({ facts }) => queries.setQueryData(keptKey(communityId, 'facts'), facts),
  });
}

export function useConsentTexts() {
  const communityId = useCommunityId();
  return useQuery({
    queryKey: keptKey(communityId, 'texts'),
    queryFn: async () => (await api(listConsentTexts, { communityId })).texts,
  });
}

export function usePublishText() {
  const communityId = useCommunityId();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (input: Without<AskOf<typeof publishConsentText>>) =>
      api(publishConsentText, { communityId, ...input }),
    onSuccess: ({ texts }) => queries.setQueryData(keptKey(communityId, 'texts'), texts),
    // Somebody else may have published meanwhile: the difference is then shown to theirs.
    onError: () => queries.invalidateQueries({ queryKey: keptKey(communityId, 'texts') }),
  });
}

/** Saves a segment, or forgets it where there is nothing but an id. */
export function useSegment() {
  const communityId = useCommunityId();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async (input: Without<AskOf<typeof saveSegment>> | { segmentId: string }) => {
      if ('rule' in input) await api(saveSegment, { communityId, ...input });
      else await api(deleteSegment, { communityId, ...input });
    },
    onSuccess: () => queries.invalidateQueries({ queryKey: segmentsKey(communityId) }),
  });
}

/** How many a rule is about; the number before stays until the next one is there. */
export function useCount(rule: Rule) {
  const communityId = useCommunityId();
  return useQuery({
    queryKey: keptKey(communityId, `count ${JSON.stringify(rule)}`),
    queryFn: async () => (await api(countSegment, { communityId, rule })).count,
    enabled: rule.length > 0,
    placeholderData: keepPreviousData,
  });
}
