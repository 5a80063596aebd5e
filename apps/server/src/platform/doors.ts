import type { MemberStatus, Role } from '@parley/contracts/people';
import { AppError, notFound } from './errors';

/** A signed-in person. */
export interface Person {
  personId: string;
  signInId: string;
  admin: boolean;
  /** When this sign-in was last proved by more than the mail: a passkey, a code of an app. Null when it never was. */
  strongAt: Date | null;
}

/** A signed-in person as member of the community that the path or the socket names. */
export interface Member extends Person {
  communityId: string;
  memberId: string;
  handle: string;
  role: Role;
  /** Looks on by their own wish: nothing of theirs is counted or said. */
  observer: boolean;
}

/**
 * An admin of the install in a community that is not theirs, where a door says so. Sees what the team sees. Is nobody
 * there: what a member does cannot be done in their name.
 */
export interface Overseer extends Person {
  communityId: string;
  memberId?: undefined;
  handle?: undefined;
  role?: undefined;
  observer?: undefined;
}

/** What a membership looks like at the door. */
export interface Standing {
  memberId: string;
  handle: string;
  role: Role;
  status: MemberStatus;
  observer: boolean;
}

export interface DoorOptions {
  /** Who is not an active member is told 404, not 403. */
  hidden?: boolean;
  /** Not for those who only look on. */
  partaking?: boolean;
  /** The sign-in must have been proved within the last ten minutes. */
  fresh?: boolean;
  /** Also for those who have paused. */
  paused?: boolean;
  /** Also for admins of the install. */
  admin?: boolean;
  /** Also for an admin of the install who has opened this community with a reason, to look at what it holds. */
  glass?: boolean;
}

/** Members of a community with one of these roles, and whom the options add. */
export interface CommunityDoor extends Required<DoorOptions> {
  roles: readonly Role[];
}

/** A door that nobody passes but members. */
export interface MembersDoor extends CommunityDoor {
  admin: false;
  glass: false;
}

/** Who may: anybody, a signed-in person, an admin of the install, or members of a community. `fresh`: proved anew. */
export type Door = 'anybody' | 'person' | 'fresh person' | 'admin' | 'fresh admin' | CommunityDoor;

export const everyRole: readonly Role[] = ['member', 'moderator', 'producer', 'host', 'manager'];
export const teamRoles: readonly Role[] = ['moderator', 'producer', 'host', 'manager'];
/** Whether they are of the team, or look after the install. */
export const isTeam = ({ role }: { role?: Role }) => !role || teamRoles.includes(role);
/** Those whose reactions, statements and ratings count; hosts and managers look on, so as not to sway results. */
export const takingPart: readonly Role[] = ['member', 'moderator'];
/** Those who drive a Session. */
export const driving: readonly Role[] = ['producer', 'host', 'manager'];

/** Those who need a second factor beside the mail; so do admins of the install. */
export const strongRoles: readonly Role[] = ['host', 'manager'];
/** For how long a proof counts as fresh. */
export const FRESH_MS = 10 * 60_000;

/** A door for members with one of these roles, and for whom the options add. */
export function members(
  roles?: readonly Role[],
  options?: DoorOptions & { admin?: false; glass?: false },
): MembersDoor;
export function members(roles: readonly Role[] | undefined, options: DoorOptions): CommunityDoor;
export function members(
  roles: readonly Role[] = everyRole,
  {
    hidden = true,
    fresh = false,
    paused = false,
    partaking = false,
    admin = false,
    glass = false,
  }: DoorOptions = {},
): CommunityDoor {
  return { roles, hidden, fresh, paused, partaking, admin, glass };
}

/** Whether the standing opens the door. Outsiders are told what they would be told of nothing. */
export function passDoor(door: CommunityDoor, standing: Standing | undefined, admin: boolean): Standing {
  if (!standing || standing.status === 'left') {
    if (admin) throw new AppError('auth.forbidden', 'Admins have no standing access to a community.');
    throw notFound();
  }
  if (standing.status !== 'active' && !(door.paused && standing.status === 'paused')) {
    throw door.hidden ? notFound() : new AppError('auth.forbidden', 'Your membership is not active.');
  }
  if (!door.roles.includes(standing.role))
    throw new AppError('auth.forbidden', `Not for the role ${standing.role}.`);
  if (door.partaking && standing.observer)
    throw new AppError('auth.forbidden', 'You look on: say that you take part first.');
  return standing;
}

/** Refuses a sign-in that has only the mail for proof. */
export function requireStrong({ strongAt }: Person) {
  if (!strongAt)
    throw new AppError('factor.required', 'Prove by a passkey or the code of an app that it is you.');
}

/** Refuses a sign-in whose latest proof is older than ten minutes. */
export function requireFresh({ strongAt }: Person) {
  if (!strongAt || strongAt.getTime() < Date.now() - FRESH_MS)
    throw new AppError('factor.again', 'Prove once more that it is you.');
}
