import { z } from 'zod';
import { endpoint, Id } from './contract';
import { text } from './text';

/** Something that somebody must answer for, as it was written down when it was done. */
export const AuditEntry = z.object({
  /** Without gaps from 1. */
  seq: z.int(),
  at: z.iso.datetime(),
  /** The person's name now; null for somebody who was erased. */
  actor: z.string().nullable(),
  /** `feature.pastParticiple` */
  action: z.string(),
  target: z.string(),
  detail: z.record(z.string(), z.unknown()),
});
export type AuditEntry = z.infer<typeof AuditEntry>;

export const AUDIT_PAGE = 100;

export const listAudit = endpoint({
  method: 'GET',
  path: '/api/c/:communityId/audit',
  rights: ['audit.community.read'],
  summary:
    'What was done in the community that must be answered for, newest first, and whether it is untouched.',
  input: z.strictObject({ communityId: Id, before: z.coerce.number().int().positive().optional() }),
  /** `brokenAt` is the first entry that is not as it was written, or is missing; null when the chain is whole. */
  output: z.object({ entries: z.array(AuditEntry), brokenAt: z.int().nullable() }),
});

/** The only way for an admin of the install to what a community holds: to look, for an hour, and everybody is told. */
export const breakGlass = endpoint({
  method: 'POST',
  path: '/api/c/:communityId/glass',
  rights: ['community.glass.break'],
  summary:
    'Opens a community to this sign-in of an admin for 60 minutes, to look. Needs a fresh proof and a reason; is written down and mailed to its managers.',
  input: z.strictObject({ communityId: Id, reason: text(500) }),
  output: z.object({ closesAt: z.iso.datetime() }),
});

export const auditEndpoints = [listAudit, breakGlass] as const;
