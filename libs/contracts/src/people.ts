import { z } from 'zod';
import { endpoint, Id } from './contract';

export const Role = z.enum(['member', 'moderator', 'producer', 'host', 'manager']);
export type Role = z.infer<typeof Role>;

/** `pending` is a candidate who is not admitted yet; `paused` is by the member's own wish. */
export const MemberStatus = z.enum(['pending', 'active', 'paused', 'suspended', 'left']);
export type MemberStatus = z.infer<typeof MemberStatus>;

/** What a member is to the brand. */
export const MemberType = z.enum(['customer', 'nonCustomer', 'former', 'partner', 'supplier']);
export type MemberType = z.infer<typeof MemberType>;

export const Locale = z.enum(['en', 'de']);
export type Locale = z.infer<typeof Locale>;

export const Community = z.object({
  id: z.uuid(),
  /** Names it in web addresses: `/c/halden`. */
  slug: z.string(),
  name: z.string(),
  brand: z.string(),
  purpose: z.string(),
  /** `#rrggbb`; the theme derives its shades for light and dark. */
  accent: z.string(),
  /** An SVG, served to its members alone. */
  logoUrl: z.string(),
});
export type Community = z.infer<typeof Community>;

/** One person's membership of one community. */
export const Membership = z.object({
  memberId: z.uuid(),
  handle: z.string(),
  role: Role,
  status: MemberStatus,
  community: Community,
});
export type Membership = z.infer<typeof Membership>;

export const Me = z.object({
  personId: z.uuid(),
  name: z.string(),
  email: z.string(),
  locale: Locale,
  /** Admin of the install. Has no standing access to what communities hold. */
  admin: z.boolean(),
  /**
   * Of the second factor, for this sign-in: `given` it has been proved, `asked` it must be, `missing` there is none yet
   * and the role needs one, `free` the role needs none.
   */
  factor: z.enum(['given', 'asked', 'missing', 'free']),
  memberships: z.array(Membership),
});
export type Me = z.infer<typeof Me>;

export const SignIn = z.object({
  id: z.uuid(),
  /** Such as "Chrome on Android"; empty when unknown. */
  browser: z.string(),
  startedAt: z.iso.datetime(),
  lastSeenAt: z.iso.datetime(),
  current: z.boolean(),
});
export type SignIn = z.infer<typeof SignIn>;

const Nothing = z.object({});

// --- what a client may ask ---

/** Mails a link and a code if the address is known; the answer is the same when it is not. */
export const requestLink = endpoint({
  method: 'POST',
  path: '/api/sign-in/links',
  rights: ['auth.magic-link.request'],
  summary:
    'Asks for a sign-in mail with a link and a six-digit code. Known and unknown addresses are answered alike.',
  input: z.strictObject({ email: z.email().max(254), locale: Locale.optional() }),
  output: Nothing,
});

/** Works once, within ten minutes, in the browser that asked. */
export const redeemLink = endpoint({
  method: 'POST',
  path: '/api/sign-in/redeem',
  rights: ['auth.magic-link.redeem'],
  summary: 'Signs in with the token of a mailed link, in the browser that asked for it.',
  input: z.strictObject({ token: z.string().min(20).max(100) }),
  output: Me,
});

/** The code is typed in the browser that asked, when the mail is read elsewhere. Five wrong tries lock it. */
export const redeemCode = endpoint({
  method: 'POST',
  path: '/api/sign-in/code',
  rights: ['auth.magic-link.redeem'],
  summary: 'Signs in with the six-digit code of the mail, in the browser that asked for it.',
  input: z.strictObject({
    code: z
      .string()
      .max(40)
      .transform((value) => value.normalize('NFKC').replace(/\s/g, ''))
      .refine((value) => /^\d{6}$/.test(value), 'six digits'),
  }),
  output: Me,
});

export const signOut = endpoint({
  method: 'POST',
  path: '/api/sign-out',
  rights: ['auth.logout'],
  summary: 'Ends this sign-in session; its sockets close.',
  input: z.strictObject({}),
  output: Nothing,
});

export const readMe = endpoint({
  method: 'GET',
  path: '/api/me',
  rights: ['account.read own', 'account.communities.list own'],
  summary: 'The signed-in person with their communities.',
  input: z.strictObject({}),
  output: Me,
});

export const updateMe = endpoint({
  method: 'PUT',
  path: '/api/me',
  rights: ['account.preferences.update own'],
  summary: 'Changes the language of mails and screens.',
  input: z.strictObject({ locale: Locale }),
  output: Me,
});

export const listSignIns = endpoint({
  method: 'GET',
  path: '/api/me/sign-ins',
  rights: ['auth.session.list own'],
  summary: 'The browsers in which the person is signed in.',
  input: z.strictObject({}),
  output: z.object({ signIns: z.array(SignIn) }),
});

export const revokeSignIn = endpoint({
  method: 'DELETE',
  path: '/api/me/sign-ins/:signInId',
  rights: ['auth.session.revoke own'],
  summary: 'Signs one browser out; its sockets close.',
  input: z.strictObject({ signInId: Id }),
  output: Nothing,
});

/** A ticket opens one socket, within 30 seconds, for this community and this sign-in session alone. */
export const takeTicket = endpoint({
  method: 'POST',
  path: '/api/c/:communityId/tickets',
  rights: ['socket.connect to community namespace'],
  summary: 'A single-use ticket that opens a socket to the community.',
  input: z.strictObject({ communityId: Id }),
  /** `memberId` tells a tab that somebody else has signed in beside it. */
  output: z.object({ ticket: z.string(), memberId: z.uuid() }),
});

export const peopleEndpoints = [
  requestLink,
  redeemLink,
  redeemCode,
  signOut,
  readMe,
  updateMe,
  listSignIns,
  revokeSignIn,
  takeTicket,
] as const;
