import { z } from 'zod';
import { Role } from './people';

/** Who wrote: members appear by handle, the team by name and role. */
export const Author = z.object({ memberId: z.uuid(), handle: z.string(), role: Role });
export type Author = z.infer<typeof Author>;

export const Comment = z.object({
  id: z.uuid(),
  author: Author,
  body: z.string(),
  /** Server time, ms. */
  at: z.int(),
  /** What was on stage when it was written, and at which second. */
  cueId: z.uuid().nullable(),
  second: z.int().nullable(),
});
export type Comment = z.infer<typeof Comment>;

/** A short opinion to agree or disagree with. */
export const Statement = z.object({
  id: z.uuid(),
  author: Author,
  body: z.string(),
  /** Server time, ms. */
  at: z.int(),
});
export type Statement = z.infer<typeof Statement>;

export const Rating = z.enum(['agree', 'disagree', 'unsure']);
export type Rating = z.infer<typeof Rating>;

/** Each member's latest rating, counted. */
export const Counts = z.object({ agree: z.int(), disagree: z.int(), unsure: z.int() });
export type Counts = z.infer<typeof Counts>;

export const noCounts: Counts = { agree: 0, disagree: 0, unsure: 0 };
export const COMMENT_MAX = 2_000;
export const STATEMENT_MAX = 500;
