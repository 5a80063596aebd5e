import { listSegments } from '@parley/contracts/profile';
import { useQuery } from '@tanstack/react-query';
import { api } from './api';
import { usePlace } from './place';

export const segmentsKey = (communityId: string) => ['segments', communityId] as const;

/** Groups of members, for whom something can be; managers alone know them. */
export function useSegments() {
  const { role, community } = usePlace().membership;
  return useQuery({
    queryKey: segmentsKey(community.id),
    queryFn: async () => (await api(listSegments, { communityId: community.id })).segments,
    enabled: role === 'manager',
  });
}
