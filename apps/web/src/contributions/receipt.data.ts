import {
  appealContribution,
  type Receipt,
  readReceipt,
  resubmitContribution,
  withdrawContribution,
} from '@parley/contracts/contributions';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { api, loopKey } from '../platform/api';
import { useCommunityId } from '../platform/place';

const FRESH_MS = 20_000;
const keyOf = (communityId: string, contributionId: string) =>
  loopKey(communityId, 'receipt', contributionId);

/** What became of a contribution of one's own. */
export function useReceipt(contributionId: string) {
  const communityId = useCommunityId();
  return useQuery({
    queryKey: keyOf(communityId, contributionId),
    queryFn: () => api(readReceipt, { communityId, contributionId }),
    refetchInterval: FRESH_MS,
    staleTime: 0,
  });
}

/** What an author can do: take it back, send it again changed, ask for another look. */
export type Act = { do: 'withdraw' } | { do: 'resubmit'; body: string } | { do: 'appeal'; words: string };

export function useAct(contributionId: string) {
  const communityId = useCommunityId();
  const queries = useQueryClient();
  const own = { communityId, contributionId };
  return useMutation({
    mutationFn: (act: Act): Promise<Receipt> => {
      switch (act.do) {
        case 'withdraw':
          return api(withdrawContribution, own);
        case 'resubmit':
          return api(resubmitContribution, { ...own, body: act.body });
        case 'appeal':
          return api(appealContribution, { ...own, words: act.words });
      }
    },
    onSuccess: (receipt) => {
      queries.setQueryData(keyOf(communityId, contributionId), receipt);
      void queries.invalidateQueries({ queryKey: loopKey(communityId) });
    },
    // It has moved on meanwhile: where it stands now is shown at once.
    onError: () => queries.invalidateQueries({ queryKey: keyOf(communityId, contributionId) }),
  });
}
