import { z } from 'zod';
import { endpoint, Id } from './contract';
import { Role } from './people';
import { text } from './text';

/** Who wrote: members appear by handle, the team by name and role. */
export const Author = z.object({ memberId: z.uuid(), handle: z.string(), role: Role });
export type Author = z.infer<typeof Author>;

/** What was put to its author's words by the team: a slip of the pen, or the wording, which its author was told. */
export const Edited = z.enum(['spelling', 'reworded', 'author']);
export type Edited = z.infer<typeof Edited>;

export const Comment = z.object({
  id: z.uuid(),
  author: Author,
  body: z.string(),
  /** Server time, ms. */
  at: z.int(),
  /** What was on stage when it was written, and at which second. */
  cueId: z.uuid().nullable(),
  second: z.int().nullable(),
  edited: Edited.nullish(),
});
export type Comment = z.infer<typeof Comment>;

/** A short opinion to agree or disagree with. */
export const Statement = z.object({
  id: z.uuid(),
  author: Author,
  body: z.string(),
  /** Server time, ms. */
  at: z.int(),
  edited: Edited.nullish(),
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

/**
 * What can be said; all of it has the same fate. A reply is the team's word to one author, a submission what a member
 * sent to an Activity; a topic's and an idea's first line is its title, and posts are said to it.
 */
export const ContributionType = z.enum([
  'comment',
  'statement',
  'reply',
  'submission',
  'topic',
  'post',
  'idea',
]);
export type ContributionType = z.infer<typeof ContributionType>;

// --- where things are said ---

/**
 * Of those where members talk, ideas are sent to a challenge, to what the product is used for, and as small suggestions; a
 * group is a small group's own, and a call is what members ask a Session for.
 */
export const SpaceKind = z.enum([
  'session',
  'update',
  'activity',
  'discussion',
  'challenge',
  'jobs',
  'suggestions',
  'group',
  'call',
  'feedback',
]);
export type SpaceKind = z.infer<typeof SpaceKind>;

/**
 * Who sees what is sent, and when: at once; after `holdSeconds` unless a moderator pulls it; once a moderator has
 * approved it; or the team alone, ever.
 */
export const ModerationMode = z.enum(['open', 'hold', 'approve', 'team']);
export type ModerationMode = z.infer<typeof ModerationMode>;

/** How a space is moderated. */
export const ModerationRule = z.strictObject({
  mode: ModerationMode,
  /** With `hold`. */
  holdSeconds: z.int().min(5).max(3_600),
  /** Within how many minutes moderators decide about what waits for them; members are told. */
  decideMinutes: z.int().min(5).max(20_160),
});
export type ModerationRule = z.infer<typeof ModerationRule>;

// --- the fate of a contribution: two states, and how they follow each other ---

/** Whether others see it. `merged` and `split` went on in another contribution. */
export const Moderation = z.enum([
  'held',
  'published',
  'returned',
  'declined',
  'appealed',
  'upheld',
  'hidden',
  'merged',
  'split',
  'withdrawn',
  'frozen',
]);
export type Moderation = z.infer<typeof Moderation>;

/** What becomes of it. */
export const LoopState = z.enum([
  'received',
  'read',
  'grouped',
  'considered',
  'decided',
  'delivered',
  'verified',
  'disputed',
  'reopened',
]);
export type LoopState = z.infer<typeof LoopState>;

export const moderationMoves: Record<Moderation, readonly Moderation[]> = {
  held: ['published', 'returned', 'declined', 'merged', 'split', 'withdrawn', 'frozen'],
  published: ['held', 'returned', 'hidden', 'merged', 'split', 'withdrawn', 'frozen'],
  returned: ['held', 'published', 'withdrawn', 'frozen'],
  declined: ['appealed', 'withdrawn', 'frozen'],
  appealed: ['upheld', 'published', 'withdrawn', 'frozen'],
  upheld: ['withdrawn', 'frozen'],
  hidden: ['published', 'appealed', 'withdrawn', 'frozen'],
  merged: ['withdrawn'],
  split: ['withdrawn'],
  withdrawn: [],
  frozen: ['published', 'hidden', 'withdrawn'],
};

const open: readonly LoopState[] = ['read', 'grouped', 'considered', 'decided'];
export const loopMoves: Record<LoopState, readonly LoopState[]> = {
  received: open,
  read: ['grouped', 'considered', 'decided'],
  grouped: ['considered', 'decided'],
  considered: ['grouped', 'decided'],
  decided: ['delivered', 'reopened'],
  delivered: ['verified', 'disputed', 'reopened'],
  verified: ['disputed', 'reopened'],
  disputed: ['reopened'],
  reopened: ['considered', 'decided'],
};

/** From which states one may be reached. */
export const before = <S extends string>(moves: Record<S, readonly S[]>, state: S): S[] =>
  (Object.keys(moves) as S[]).filter((from) => moves[from].includes(state));

/** What was decided about it. */
export const Outcome = z.enum(['adopted', 'adapted', 'deferred', 'declined', 'alreadyThere', 'informedOnly']);
export type Outcome = z.infer<typeof Outcome>;

/** What an idea is called on the way: read from its two states, see `ideaStatus`. */
export const IdeaStatus = z.enum([
  'new',
  'inReview',
  'planned',
  'inProgress',
  'delivered',
  'later',
  'notNow',
  'alreadyThere',
  'answered',
  'merged',
]);
export type IdeaStatus = z.infer<typeof IdeaStatus>;

/** What its author can expect next: what, and by when. */
export const Next = z.object({
  what: z.enum([
    'release',
    'decision',
    'yourChange',
    'yourAppeal',
    'appealDecision',
    'answer',
    'otherAnswer',
    'delivery',
    'verification',
    'ended',
  ]),
  /** Null once it has ended. */
  by: z.iso.datetime().nullable(),
});
export type Next = z.infer<typeof Next>;

/** The dates that what is next is read from; all as ISO. */
export interface FateDates {
  /** With `held`: when it is released by itself, or when moderators have decided at the latest. */
  releaseAt: string | null;
  decideBy: string;
  /** By when its author may change or appeal what was returned, declined or hidden. */
  appealUntil: string;
  /** The day on which members hear back. */
  answerBy: string;
  /** By when a decision is carried out, or comes anew; and until when what is delivered is judged. */
  deliverBy: string | null;
  judgeUntil: string | null;
}

/** What is next for a contribution. Only what has truly ended has no date. */
export function nextOf(
  { moderation, loop, outcome }: { moderation: Moderation; loop: LoopState; outcome: Outcome | null },
  dates: FateDates,
  now: string,
): Next {
  const ended: Next = { what: 'ended', by: null };
  switch (moderation) {
    case 'held':
      return dates.releaseAt
        ? { what: 'release', by: dates.releaseAt }
        : { what: 'decision', by: dates.decideBy };
    case 'frozen':
      return { what: 'decision', by: dates.decideBy };
    case 'appealed':
      return { what: 'appealDecision', by: dates.decideBy };
    case 'returned':
      return dates.appealUntil > now ? { what: 'yourChange', by: dates.appealUntil } : ended;
    case 'declined':
    case 'hidden':
      return dates.appealUntil > now ? { what: 'yourAppeal', by: dates.appealUntil } : ended;
    case 'upheld':
    case 'withdrawn':
    case 'split':
      return ended;
    case 'published':
    case 'merged':
  }
  switch (loop) {
    case 'decided':
      if (outcome === 'deferred' || outcome === 'adopted' || outcome === 'adapted')
        return { what: 'delivery', by: dates.deliverBy ?? dates.answerBy };
      return ended;
    case 'delivered':
      return dates.judgeUntil && dates.judgeUntil > now
        ? { what: 'verification', by: dates.judgeUntil }
        : ended;
    case 'verified':
      return ended;
    case 'disputed':
    case 'reopened':
      return { what: 'otherAnswer', by: dates.deliverBy ?? dates.answerBy };
    default:
      return { what: 'answer', by: dates.answerBy };
  }
}

/** What its author is told at once of what was just sent. */
export const Fate = z.object({ moderation: Moderation, teamOnly: z.boolean(), next: Next });
export type Fate = z.infer<typeof Fate>;

// --- the receipt: what its author reads ---

/** Somebody of the team, by name and office. */
export const Named = z.object({ name: z.string(), title: z.string() });
export type Named = z.infer<typeof Named>;

/** Every step that a contribution can go through, each with a text for its author in every language. */
export const ReceiptKind = z.enum([
  'received',
  'held',
  'released',
  'approved',
  'returned',
  'resubmitted',
  'declined',
  'appealed',
  'upheld',
  'hidden',
  'restored',
  'merged',
  'split',
  'spelling',
  'reworded',
  'withdrawn',
  'frozen',
  'read',
  'grouped',
  'considered',
  'replied',
  'accepted',
  'featured',
  'solved',
  'refined',
  'started',
  'decided',
  'delivered',
  'verified',
  'disputed',
  'reopened',
]);
export type ReceiptKind = z.infer<typeof ReceiptKind>;

export const ReceiptStep = z.object({
  kind: ReceiptKind,
  at: z.iso.datetime(),
  /** Who did it, where a person did. */
  by: Named.nullable(),
  /** From the published policy, in the words of that version. */
  reason: z.string().nullish(),
  /** What the team wrote to its author. */
  note: z.string().nullish(),
  /** The theme it is grouped in, and how many others are. */
  theme: z.string().nullish(),
  others: z.int().nullish(),
  outcome: Outcome.nullish(),
  /** Of `deferred`, or by when it will be delivered. */
  on: z.iso.date().nullish(),
  updateId: z.uuid().nullish(),
  updateTitle: z.string().nullish(),
  /** The contribution in which it went on. */
  into: z.uuid().nullish(),
});
export type ReceiptStep = z.infer<typeof ReceiptStep>;

/** A contribution as its author sees it. */
export const OwnContribution = z.object({
  id: z.uuid(),
  type: ContributionType,
  body: z.string(),
  at: z.iso.datetime(),
  edited: Edited.nullable(),
  /** Where it was said, and who decides about it. */
  space: z.object({ id: z.uuid(), kind: SpaceKind, title: z.string(), owner: Named }),
  moderation: Moderation,
  loop: LoopState,
  outcome: Outcome.nullable(),
  /** Only the team sees it. */
  teamOnly: z.boolean(),
  next: Next,
  /** The step it is at. */
  latest: ReceiptStep,
});
export type OwnContribution = z.infer<typeof OwnContribution>;

export const Receipt = z.object({
  contribution: OwnContribution,
  /** Oldest first. */
  steps: z.array(ReceiptStep),
  /** What was written before it was changed, oldest first. */
  versions: z.array(z.object({ body: z.string(), at: z.iso.datetime(), edited: Edited })),
  /** The team's replies, oldest first. */
  replies: z.array(z.object({ id: z.uuid(), by: Named, body: z.string(), at: z.iso.datetime() })),
});
export type Receipt = z.infer<typeof Receipt>;

// --- what an author may ask ---

export const ownContribution = { communityId: Id, contributionId: Id };

export const readReceipt = endpoint({
  method: 'GET',
  path: '/api/c/:communityId/contributions/:contributionId',
  rights: ['contribution.receipt.read own'],
  summary: 'What became of a contribution of one’s own, step by step.',
  input: z.strictObject(ownContribution),
  output: Receipt,
});

export const withdrawContribution = endpoint({
  method: 'POST',
  path: '/api/c/:communityId/contributions/:contributionId/withdraw',
  rights: ['contribution.withdraw own'],
  summary: 'Takes a contribution of one’s own back; asked again it changes nothing.',
  input: z.strictObject(ownContribution),
  output: Receipt,
});

export const resubmitContribution = endpoint({
  method: 'POST',
  path: '/api/c/:communityId/contributions/:contributionId/resubmit',
  rights: ['contribution.resubmit own'],
  summary: 'Sends what was returned again, changed.',
  input: z.strictObject({ ...ownContribution, body: text(COMMENT_MAX) }),
  output: Receipt,
});

export const appealContribution = endpoint({
  method: 'POST',
  path: '/api/c/:communityId/contributions/:contributionId/appeal',
  rights: ['contribution.appeal own'],
  summary: 'Asks another moderator to look again at what was declined or hidden. Once, within 14 days.',
  input: z.strictObject({ ...ownContribution, words: text(500) }),
  output: Receipt,
});

/** Days in which an author may appeal, or change what was returned. */
export const APPEAL_DAYS = 14;

export const contributionEndpoints = [
  readReceipt,
  withdrawContribution,
  resubmitContribution,
  appealContribution,
] as const;
