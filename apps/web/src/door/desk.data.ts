import type { AskOf } from '@parley/contracts/contract';
import {
  checkInvitations,
  closeSource,
  createLink,
  type DoorDesk,
  listInvitations,
  publishPlan,
  readDoor,
  resendInvitation,
  revokeInvitation,
  sendInvitations,
  tryPlan,
  decideApplication,
  exportApplications,
  listApplications,
  listVoices,
  type ApplicationStatus,
  type Plan,
  readApplication,
  readVoice,
} from '@parley/contracts/door';
import type { Me } from '@parley/contracts/people';
import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { api, meKey } from '../platform/api';
import { download } from '../platform/download';
import { useCommunityId, usePlace } from '../platform/place';

const FRESH_MS = 10_000;

const keyOf = (communityId: string, ...more: string[]) => ['door', communityId, ...more] as const;

/** The name under which the manager writes to candidates. */
export function useOwnName() {
  const { membership } = usePlace();
  return useQueryClient().getQueryData<Me | null>(meKey)?.name ?? membership.handle;
}

/** The desk, anew every ten seconds while it is looked at. */
export function useDoor() {
  const communityId = useCommunityId();
  return useQuery({
    queryKey: keyOf(communityId, 'desk'),
    queryFn: () => api(readDoor, { communityId }),
    refetchInterval: FRESH_MS,
  });
}

/** Everything at the desk is asked again: one change shows in several places. */
function useAgain() {
  const communityId = useCommunityId();
  const queries = useQueryClient();
  return () => queries.invalidateQueries({ queryKey: keyOf(communityId) });
}

type Without<T> = Omit<T, 'communityId'>;

export function useCreateLink() {
  const communityId = useCommunityId();
  const again = useAgain();
  return useMutation({
    mutationFn: (input: Without<AskOf<typeof createLink>>) => api(createLink, { communityId, ...input }),
    onSuccess: again,
  });
}

export function useCloseSource() {
  const communityId = useCommunityId();
  const again = useAgain();
  return useMutation({
    mutationFn: (sourceId: string) => api(closeSource, { communityId, sourceId }),
    onSuccess: again,
  });
}

export function useCheck() {
  const communityId = useCommunityId();
  return useMutation({ mutationFn: (csv: string) => api(checkInvitations, { communityId, csv }) });
}

export function useSend() {
  const communityId = useCommunityId();
  const again = useAgain();
  return useMutation({
    mutationFn: (input: Without<AskOf<typeof sendInvitations>>) =>
      api(sendInvitations, { communityId, ...input }),
    onSuccess: again,
  });
}

export function useInvitations(sourceId: string) {
  const communityId = useCommunityId();
  return useQuery({
    queryKey: keyOf(communityId, 'invitations', sourceId),
    queryFn: () => api(listInvitations, { communityId, sourceId }),
    refetchInterval: FRESH_MS,
  });
}

/** Sends an invitation anew, or revokes it where no address is given. */
export function useInvitation() {
  const communityId = useCommunityId();
  const again = useAgain();
  return useMutation({
    mutationFn: ({ invitationId, email }: { invitationId: string; email: string | null }) =>
      email === null
        ? api(revokeInvitation, { communityId, invitationId })
        : api(resendInvitation, { communityId, invitationId, email }),
    onSuccess: again,
  });
}

/** What a plan would do; the answer before stays until the next one is there. */
export function useTrial(plan: Plan | null) {
  const communityId = useCommunityId();
  return useQuery({
    queryKey: keyOf(communityId, 'trial', JSON.stringify(plan)),
    queryFn: () => api(tryPlan, { communityId, plan: plan! }),
    enabled: plan !== null,
    placeholderData: keepPreviousData,
    refetchInterval: FRESH_MS,
  });
}

export function usePublishPlan() {
  const communityId = useCommunityId();
  const again = useAgain();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (input: { basedOn: number; plan: Plan }) => api(publishPlan, { communityId, ...input }),
    // Somebody else was faster: what they have published is shown at once.
    onError: again,
    onSuccess: (plan) => {
      queries.setQueryData<DoorDesk>(keyOf(communityId, 'desk'), (desk) => desk && { ...desk, plan });
      return again();
    },
  });
}

/** What can be listed: applications of a status, or what people without a place have said. */
export type Shelf = Exclude<ApplicationStatus, 'withdrawn'> | 'voices';

export function useApplications(shelf: Shelf) {
  const communityId = useCommunityId();
  return useQuery({
    queryKey: keyOf(communityId, 'applications', shelf),
    queryFn: async () => {
      if (shelf !== 'voices') return api(listApplications, { communityId, status: shelf });
      const { voices, all } = await api(listVoices, { communityId });
      return { applications: voices, all };
    },
    refetchInterval: FRESH_MS,
  });
}

/** How many are at the questions now. */
export const useAnswering = () => useApplications('screening').data?.all ?? 0;

export function useApplication(applicationId: string) {
  const communityId = useCommunityId();
  return useQuery({
    queryKey: keyOf(communityId, 'application', applicationId),
    queryFn: () => api(readApplication, { communityId, applicationId }),
  });
}

export function useDecide() {
  const communityId = useCommunityId();
  const again = useAgain();
  return useMutation({
    mutationFn: (input: Without<AskOf<typeof decideApplication>>) =>
      api(decideApplication, { communityId, ...input }),
    onSuccess: again,
  });
}

export function useReadVoice() {
  const communityId = useCommunityId();
  const again = useAgain();
  return useMutation({
    mutationFn: (input: Without<AskOf<typeof readVoice>>) => api(readVoice, { communityId, ...input }),
    onSuccess: again,
  });
}

/** Saves all applications as a file of this machine. */
export function useExport() {
  const communityId = useCommunityId();
  return useMutation({
    mutationFn: async () => {
      const { csv, rows, sha256 } = await api(exportApplications, { communityId });
      download('applications.csv', new Blob([csv], { type: 'text/csv;charset=utf-8' }));
      return { rows, sha256 };
    },
  });
}
