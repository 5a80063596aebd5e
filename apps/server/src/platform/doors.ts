import type { Role } from '@parley/contracts/people';
import { AppError, notFound } from './errors';

/** A signed-in person. */
export interface Person {
  personId: string;
  signInId: string;
  admin: boolean;
}

/** A signed-in person as member of the community that the path or the socket names. */
export interface Member extends Person {
  communityId: string;
  memberId: string;
  handle: string;
  role: Role;
}

/** What a membership looks like at the door. */
export interface Standing {
  memberId: string;
  handle: string;
  role: Role;
  status: 'pending' | 'active' | 'suspended' | 'left';
}

/** Members of a community with one of these roles. `hidden`: who is not an active member is told 404, not 403. */
export interface CommunityDoor {
  roles: readonly Role[];
  hidden: boolean;
}

/** Who may: anybody, a signed-in person, an admin of the install, or members of a community. */
export type Door = 'anybody' | 'person' | 'admin' | CommunityDoor;

export const everyRole: readonly Role[] = ['member', 'moderator', 'producer', 'host', 'manager'];
export const teamRoles: readonly Role[] = ['moderator', 'producer', 'host', 'manager'];
/** Those whose reactions, statements and ratings count; hosts and managers look on, so as not to sway results. */
export const takingPart: readonly Role[] = ['member', 'moderator'];
/** Those who drive a Session. */
export const driving: readonly Role[] = ['producer', 'host', 'manager'];

export const members = (roles: readonly Role[] = everyRole, { hidden = true } = {}): CommunityDoor => ({
  roles,
  hidden,
});

/** Answers the standing that opens the door, or refuses. Outsiders are told what they would be told of nothing. */
export function passDoor(door: CommunityDoor, standing: Standing | undefined, admin: boolean): Standing {
  if (!standing || standing.status === 'left') {
    if (admin) throw new AppError('auth.forbidden', 'Admins have no standing access to a community.');
    throw notFound();
  }
  if (standing.status !== 'active') {
    throw door.hidden ? notFound() : new AppError('auth.forbidden', 'Your membership is not active.');
  }
  if (!door.roles.includes(standing.role))
    throw new AppError('auth.forbidden', `Not for the role ${standing.role}.`);
  return standing;
}
