import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { ScopeKey } from '../platform/tenancy';

/** Personal and open invitations, the mailed page of a candidate, and the cookie of their browser. */
export type TokenKind = 'p' | 'o' | 's' | 'c';

/** 256 random bits for one person; 96 for a link that stands on a page and is printed. */
const SECRET_BYTES = { p: 32, o: 12 } as const;
const ID_LENGTH = 22;

const packed = (id: string) => Buffer.from(id.replaceAll('-', ''), 'hex').toString('base64url');

function unpacked(text: string): string | null {
  const hex = Buffer.from(text, 'base64url').toString('hex');
  if (hex.length !== 32) return null;
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/** A new token for an invitation of this community: it names its community, and is worth nothing in another. */
export const newToken = (kind: 'p' | 'o', communityId: string) =>
  `${kind}${packed(communityId)}${randomBytes(SECRET_BYTES[kind]).toString('base64url')}`;

/** That of an open link whose secret was chosen: in the demo it is the same everywhere. */
export const openToken = (communityId: string, secret: string) => `o${packed(communityId)}${secret}`;

export const hashOf = (token: string) => createHash('sha256').update(token).digest();

/** The community that a token names; null for what is none. Whether it opens anything says the database. */
export const communityOf = (token: string): string | null => unpacked(token.slice(1, 1 + ID_LENGTH));

/** What stands for a candidate: nothing of it is stored, because only this install can make it. */
export function candidateToken(key: ScopeKey, kind: 's' | 'c', communityId: string, applicationId: string) {
  const words = `${packed(communityId)}${packed(applicationId)}`;
  return `${kind}${words}${key.mark(`candidate ${kind}`, words)}`;
}

/** Of whom a candidate's token is; null when this install has not made it. */
export function candidateOf(key: ScopeKey, kind: 's' | 'c', token: string) {
  const words = token.slice(1, 1 + 2 * ID_LENGTH);
  const given = Buffer.from(token.slice(1 + 2 * ID_LENGTH));
  const right = Buffer.from(key.mark(`candidate ${kind}`, words));
  if (token[0] !== kind || given.length !== right.length || !timingSafeEqual(given, right)) return null;
  const communityId = unpacked(words.slice(0, ID_LENGTH));
  const applicationId = unpacked(words.slice(ID_LENGTH));
  return communityId && applicationId ? { communityId, applicationId } : null;
}

/** `ines@example.org` as `i•••@example.org`: its owner knows it again, nobody else learns it. */
export function masked(email: string): string {
  const at = email.lastIndexOf('@');
  return `${[...email.slice(0, at)][0] ?? ''}•••${email.slice(at)}`;
}
