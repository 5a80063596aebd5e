import {
  addAsset,
  addVersion,
  type AssetOnDesk,
  deleteAsset,
  endRelease,
  listAssetDesk,
  listViews,
  releaseAsset,
  restoreAsset,
  setCaptions,
  setTimeMap,
  updateAsset,
  withdrawAsset,
} from '@parley/contracts/media';
import type { AskOf, Endpoint, OutputOf } from '@parley/contracts/contract';
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { api, loopKey } from '../platform/api';
import { useCommunityId } from '../platform/place';

const deskKey = (communityId: string) => ['assets', communityId] as const;

/** Every asset as the team works on it; looked at again while one is being prepared. */
export function useAssetDesk() {
  const communityId = useCommunityId();
  return useQuery({
    queryKey: deskKey(communityId),
    queryFn: async () => (await api(listAssetDesk, { communityId })).assets,
    refetchInterval: ({ state }) =>
      state.data?.some(({ versions }) => versions.some(({ media }) => media.state === 'processing'))
        ? 2_000
        : false,
  });
}

/** Asks for a change; the list shows it at once, and so does whatever else shows assets. */
function useChange<E extends Endpoint>(endpoint: E) {
  const communityId = useCommunityId();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (input: Omit<AskOf<E>, 'communityId'>): Promise<OutputOf<E>> =>
      api(endpoint, { ...input, communityId } as unknown as AskOf<E>),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: deskKey(communityId) });
      void queries.invalidateQueries({ queryKey: loopKey(communityId) });
      void queries.invalidateQueries({ queryKey: ['media', communityId] });
    },
  });
}

export const useAddAsset = () => useChange(addAsset);
export const useUpdateAsset = () => useChange(updateAsset);
export const useAddVersion = () => useChange(addVersion);
export const useSetMap = () => useChange(setTimeMap);
export const useSetCaptions = () => useChange(setCaptions);
export const useRelease = () => useChange(releaseAsset);
export const useEndRelease = () => useChange(endRelease);
export const useWithdraw = () => useChange(withdrawAsset);
export const useRestore = () => useChange(restoreAsset);
export const useDelete = () => useChange(deleteAsset);

/** What was served of an asset, page by page. */
export function useViews({ id }: AssetOnDesk, enabled: boolean) {
  const communityId = useCommunityId();
  return useInfiniteQuery({
    queryKey: [...deskKey(communityId), 'views', id],
    queryFn: ({ pageParam }) => api(listViews, { communityId, assetId: id, cursor: pageParam }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next }) => next ?? undefined,
    enabled,
  });
}
