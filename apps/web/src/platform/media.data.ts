import {
  type Asset,
  assetNews,
  listAttached,
  listAssets,
  type MediaLinks,
  promiseSecrecy,
  readAsset,
  readLinks,
} from '@parley/contracts/media';
import { type QueryClient, queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { api, loopKey } from './api';
import { useCommunityId } from './place';

const mediaKey = (communityId: string, ...what: string[]) => ['media', communityId, ...what] as const;

/** How long calls are gathered into one, ms. */
const GATHER_MS = 15;
const MOST = 40;
interface Gathered {
  ids: Map<string, { done: (links: MediaLinks | null) => void; failed: (error: unknown) => void }[]>;
}
const gathering = new Map<string, Gathered>();

/** Addresses of one file; whoever asks at the same moment shares one request. Null: not to be seen, or not any more. */
function linksOf(communityId: string, mediaId: string): Promise<MediaLinks | null> {
  return new Promise((done, failed) => {
    let batch = gathering.get(communityId);
    if (!batch || (batch.ids.size >= MOST && !batch.ids.has(mediaId))) {
      const fresh: Gathered = { ids: new Map() };
      batch = fresh;
      gathering.set(communityId, fresh);
      setTimeout(() => {
        if (gathering.get(communityId) === fresh) gathering.delete(communityId);
        api(readLinks, { communityId, ids: [...fresh.ids.keys()].join(',') }).then(
          ({ links }) => {
            const known = new Map(links.map((link) => [link.mediaId, link]));
            for (const [id, waiting] of fresh.ids) for (const one of waiting) one.done(known.get(id) ?? null);
          },
          (error: unknown) => {
            for (const waiting of fresh.ids.values()) for (const one of waiting) one.failed(error);
          },
        );
      }, GATHER_MS);
    }
    const waiting = batch.ids.get(mediaId);
    if (waiting) waiting.push({ done, failed });
    else batch.ids.set(mediaId, [{ done, failed }]);
  });
}

/** An address holds half a minute at least; what is shown stays, and is asked for anew by what comes later. */
const FRESH_MS = 20_000;

const linksQuery = (communityId: string, mediaId: string) =>
  queryOptions({
    queryKey: mediaKey(communityId, mediaId),
    queryFn: () => linksOf(communityId, mediaId),
    staleTime: FRESH_MS,
    gcTime: FRESH_MS,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  });

/** Where a file is found, for a short while; null where it may not be seen. */
export function useLinks(mediaId: string | undefined) {
  const communityId = useCommunityId();
  return useQuery({ ...linksQuery(communityId, mediaId ?? ''), enabled: mediaId !== undefined });
}

/** The files of a contribution, as far as this person may see them. */
export function useAttached(contributionId: string) {
  const communityId = useCommunityId();
  return useQuery({
    queryKey: mediaKey(communityId, 'attached', contributionId),
    queryFn: async () =>
      (await api(listAttached, { communityId, ids: contributionId })).attached[0]?.files ?? [],
  });
}

/** Asks anew where the addresses are old: just before a part of a film is fetched. */
export function useFreshLinks() {
  const communityId = useCommunityId();
  const queries = useQueryClient();
  return (mediaId: string) => queries.fetchQuery(linksQuery(communityId, mediaId));
}

/** What every screen hears at once: something was withdrawn or put back, and all pictures are asked for again. */
export function onNews(queries: QueryClient, communityId: string, name: unknown) {
  if (name !== assetNews) return;
  void queries.resetQueries({ queryKey: mediaKey(communityId) });
  void queries.invalidateQueries({ queryKey: loopKey(communityId) });
}

/** What there is to show, as far as this person may see it now; a withdrawal empties it with all that shows pictures. */
export function useAssets() {
  const communityId = useCommunityId();
  return useQuery({
    queryKey: mediaKey(communityId, 'shown'),
    queryFn: async () => (await api(listAssets, { communityId })).assets,
  });
}

/** An asset as this person knows it: of a secret one, whether they have promised to keep it to themselves. */
export function useAsset(asset: Asset) {
  const communityId = useCommunityId();
  const mine = useQuery({
    queryKey: mediaKey(communityId, 'asset', asset.id),
    queryFn: () => api(readAsset, { communityId, assetId: asset.id }),
    enabled: asset.confidentiality === 'secret' && !asset.withdrawn,
    retry: false,
  });
  return {
    ...asset,
    promiseFirst: asset.confidentiality === 'secret' && (mine.data?.promiseFirst ?? asset.promiseFirst),
  };
}

/** "I keep it to myself": it shows from then on. */
export function usePromise(assetId: string) {
  const communityId = useCommunityId();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () => api(promiseSecrecy, { communityId, assetId }),
    onSuccess: () => queries.invalidateQueries({ queryKey: mediaKey(communityId) }),
  });
}
