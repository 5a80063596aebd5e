import type { Membership } from '@parley/contracts/people';
import { createContext, useContext } from 'react';

/** Where the person is: in which community, as whom. */
interface Place {
  personId: string;
  membership: Membership;
}

const PlaceContext = createContext<Place | null>(null);

/** Says so to everything inside it. */
export const PlaceProvider = PlaceContext.Provider;

/** The id of the community that the page belongs to. */
export const useCommunityId = (): string => usePlace().membership.community.id;

/** The community that the page belongs to, and who the person is in it. */
export function usePlace(): Place {
  const place = useContext(PlaceContext);
  if (!place) throw new Error('Not inside a community');
  return place;
}
