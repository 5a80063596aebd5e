import { z } from 'zod';
import { endpoint, Id } from './contract';
import {
  Comment,
  COMMENT_MAX,
  ContributionType,
  Edited,
  Moderation,
  Named,
  Outcome,
  OwnContribution,
  SpaceKind,
} from './contributions';
import { Asset } from './media';
import { line, text } from './text';

// --- promises ---

/** What has become of a promise. `dueSoon` is made, within a week of its day; `late` is past it. */
export const PromiseStatus = z.enum(['made', 'dueSoon', 'late', 'kept', 'broken']);
export type PromiseStatus = z.infer<typeof PromiseStatus>;

export const promiseMoves: Record<PromiseStatus, readonly PromiseStatus[]> = {
  made: ['dueSoon', 'late', 'kept', 'broken'],
  dueSoon: ['made', 'late', 'kept', 'broken'],
  late: ['made', 'dueSoon', 'kept', 'broken'],
  kept: [],
  broken: [],
};

/** A late promise goes on after more than so many days: to its owner, the managers, the brand. */
export const ESCALATION_DAYS = [0, 2, 5] as const;

/** A promise to report back, as everybody sees it. */
export const PromiseCard = z.object({
  space: z.object({ id: z.uuid(), kind: SpaceKind, title: z.string() }),
  purpose: z.string(),
  decision: z.string(),
  owner: Named,
  /** We inform here; what is decided is not put to a vote. */
  informsOnly: z.boolean(),
  status: PromiseStatus,
  /** The day that stands, and the one that was promised first. */
  dueOn: z.iso.date(),
  firstDueOn: z.iso.date(),
  /** Every move of the day, oldest first, with its reason. */
  moves: z.array(
    z.object({ at: z.iso.datetime(), from: z.iso.date(), to: z.iso.date(), reason: z.string() }),
  ),
  /** When it was kept or broken; and why it was broken. */
  endedAt: z.iso.datetime().nullable(),
  brokenBecause: z.string().nullable(),
  /** The Updates that are out. */
  updates: z.array(z.object({ id: z.uuid(), title: z.string() })),
});
export type PromiseCard = z.infer<typeof PromiseCard>;

/**
 * Of the promises whose first day is past or that are kept, within a year: `kept` by that day, `keptLate` after it,
 * `broken`, and `open` still. The rate is kept / (kept + keptLate + broken + open); null before the first of them.
 */
export const LoopRate = z.object({
  kept: z.int(),
  keptLate: z.int(),
  broken: z.int(),
  open: z.int(),
  rate: z.number().nullable(),
});
export type LoopRate = z.infer<typeof LoopRate>;

// --- Updates ---

export const UpdateStatus = z.enum([
  'draft',
  'inApproval',
  'approved',
  'scheduled',
  'outToContributors',
  'outToCommunity',
  'outToPublic',
  'withdrawn',
]);
export type UpdateStatus = z.infer<typeof UpdateStatus>;

export const updateMoves: Record<UpdateStatus, readonly UpdateStatus[]> = {
  draft: ['inApproval', 'approved'],
  inApproval: ['draft', 'approved'],
  approved: ['draft', 'scheduled'],
  scheduled: ['draft', 'outToContributors'],
  outToContributors: ['outToCommunity', 'withdrawn'],
  outToCommunity: ['outToPublic', 'withdrawn'],
  outToPublic: ['withdrawn'],
  withdrawn: [],
};

/** What an Update says. `because` is what was weighed; nobody declines without it. */
export const UpdateBody = z
  .strictObject({
    title: line(120),
    youSaid: text(1_000),
    weDid: text(2_000).nullable(),
    because: text(2_000).nullable(),
    outcome: Outcome,
    /** Of `deferred`: until when. Of `adopted` and `adapted`: by when it is delivered, unless it is. */
    on: z.iso.date().nullable(),
    beforeAssetId: Id.nullable(),
    afterAssetId: Id.nullable(),
    /** Whose promise it keeps. */
    spaceId: Id.nullable(),
    /** Keeps that promise: what else was said there is answered by it too. */
    keepsPromise: z.boolean(),
    /** Members may pass it on once it is out to the public. */
    shareable: z.boolean(),
  })
  .refine(({ outcome, because }) => outcome !== 'declined' || because, {
    path: ['because'],
    error: 'a reason: nothing is declined without one',
  })
  .refine(({ outcome, because }) => outcome !== 'deferred' || because, {
    path: ['because'],
    error: 'a reason: nothing is deferred without one',
  })
  .refine(({ outcome, on }) => outcome !== 'deferred' || on, {
    path: ['on'],
    error: 'a day: until when it is deferred',
  })
  .refine(({ outcome, weDid }) => (outcome !== 'adopted' && outcome !== 'adapted') || weDid, {
    path: ['weDid'],
    error: 'what was done',
  })
  .refine(({ keepsPromise, spaceId }) => !keepsPromise || spaceId, {
    path: ['spaceId'],
    error: 'whose promise it keeps',
  });
export type UpdateBody = z.infer<typeof UpdateBody>;

/** When each audience learns of it: contributors first, then the community, then, if at all, everybody. */
export const AudienceTimes = z
  .strictObject({
    contributorsAt: z.iso.datetime(),
    communityAt: z.iso.datetime(),
    publicAt: z.iso.datetime().nullable(),
  })
  .refine(({ contributorsAt, communityAt }) => Date.parse(contributorsAt) <= Date.parse(communityAt), {
    path: ['communityAt'],
    error: 'not before the contributors',
  })
  .refine(({ communityAt, publicAt }) => !publicAt || Date.parse(communityAt) <= Date.parse(publicAt), {
    path: ['publicAt'],
    error: 'not before the community',
  });
export type AudienceTimes = z.infer<typeof AudienceTimes>;

export const Verdict = z.enum(['yes', 'partly', 'no']);
export type Verdict = z.infer<typeof Verdict>;

/** Days in which members say whether it was done and done right. */
export const JUDGE_DAYS = 30;
/** So many who say no, and at least this share of all verdicts, reopen it. */
export const REOPEN_LEAST = 5;
export const REOPEN_SHARE = 1 / 3;

/** Whether verdicts reopen what was delivered. */
export const isReopened = ({ yes, partly, no }: Record<Verdict, number>) =>
  no >= REOPEN_LEAST && no / (yes + partly + no) >= REOPEN_SHARE;

/** How members judge what was delivered. */
export const Verification = z.object({
  /** `waiting` until it is delivered; `open` for 30 days; then `verified`; or `reopened` by enough who say no. */
  state: z.enum(['waiting', 'open', 'verified', 'reopened']),
  deliveredAt: z.iso.datetime().nullable(),
  until: z.iso.datetime().nullable(),
  /** Null while fewer than ten have said anything. */
  verdicts: z.object({ yes: z.int(), partly: z.int(), no: z.int() }).nullable(),
  mine: Verdict.nullable(),
});
export type Verification = z.infer<typeof Verification>;

/** An Update in the feed. */
export const UpdateCard = z.object({
  id: z.uuid(),
  status: UpdateStatus,
  title: z.string(),
  youSaid: z.string(),
  weDid: z.string().nullable(),
  because: z.string().nullable(),
  outcome: Outcome,
  on: z.iso.date().nullable(),
  /** Who answers for it. */
  by: Named,
  at: z.iso.datetime(),
  before: Asset.nullable(),
  after: Asset.nullable(),
  /** The promise that it keeps, where it keeps one. */
  promise: z
    .object({ spaceId: z.uuid(), kind: SpaceKind, title: z.string(), dueOn: z.iso.date() })
    .nullable(),
  /** How many people it goes back to, and how many contributions. */
  contributors: z.int(),
  contributions: z.int(),
  /** The caller's own words that fed it. */
  mine: z.array(z.object({ contributionId: z.uuid(), words: z.string() })),
  /** Those who agreed to be named and are thanked. */
  thanked: z.array(z.string()),
  /** Only those it goes back to see it so far. */
  contributorsOnly: z.boolean(),
  /** It may be passed on: where everybody can read it. Null while it is private. */
  publicUrl: z.string().nullable(),
  corrected: z.int(),
  verification: Verification,
  /** Of one that was withdrawn: why, and where it is thought through anew. */
  withdrawn: z
    .object({
      at: z.iso.datetime(),
      because: z.string(),
      consultation: z.object({ id: z.uuid(), kind: SpaceKind, title: z.string() }).nullable(),
    })
    .nullable(),
});
export type UpdateCard = z.infer<typeof UpdateCard>;
export const FEED_PAGE = 20;

/** Words that fed an Update, as others may see them: with the handle of those alone who agreed to be named. */
export const Evidence = z.object({
  contributionId: z.uuid(),
  type: ContributionType,
  words: z.string(),
  handle: z.string().nullable(),
  mine: z.boolean(),
  at: z.iso.datetime(),
  /** Null where the caller does not see where it was said. */
  space: z.object({ id: z.uuid(), kind: SpaceKind, title: z.string() }).nullable(),
  theme: z.string().nullable(),
});
export type Evidence = z.infer<typeof Evidence>;

export const UpdateVersion = z.object({
  version: z.int(),
  at: z.iso.datetime(),
  note: z.string(),
  title: z.string(),
  youSaid: z.string(),
  weDid: z.string().nullable(),
  because: z.string().nullable(),
  outcome: Outcome,
});

export const UpdatePage = z.object({
  update: UpdateCard,
  /** What it said before it was corrected, newest first, each with what was wrong. */
  versions: z.array(UpdateVersion),
  /** "How did we do": comments, oldest first. */
  thread: z.array(Comment.extend({ moderation: Moderation, edited: Edited.nullish() })),
});
export type UpdatePage = z.infer<typeof UpdatePage>;

/** An approval that an Update needs before it may go out. */
export const ApprovalStep = z.strictObject({ label: line(60), memberIds: z.array(Id).min(1).max(20) });
export type ApprovalStep = z.infer<typeof ApprovalStep>;

/** An Update as the team works on it. */
export const UpdateDraft = z.object({
  id: z.uuid(),
  status: UpdateStatus,
  version: z.int(),
  body: UpdateBody,
  by: Named,
  byMemberId: z.uuid(),
  times: AudienceTimes.nullable(),
  contributors: z.int(),
  contributions: z.int(),
  themes: z.array(z.object({ id: z.uuid(), label: z.string(), contributions: z.int() })),
  delivered: z.boolean(),
  approvals: z.array(
    z.object({
      label: z.string(),
      who: z.array(z.string()),
      decision: z.enum(['waiting', 'approved', 'returned']),
      by: z.string().nullable(),
      at: z.iso.datetime().nullable(),
      note: z.string().nullable(),
      /** The caller can decide it now. */
      mine: z.boolean(),
    }),
  ),
  updatedAt: z.iso.datetime(),
});
export type UpdateDraft = z.infer<typeof UpdateDraft>;

/** What a member's words have become. */
export const ImpactItem = OwnContribution.extend({
  updates: z.array(z.object({ id: z.uuid(), title: z.string(), outcome: Outcome })),
});
export type ImpactItem = z.infer<typeof ImpactItem>;
export const Impact = z.object({
  items: z.array(ImpactItem),
  next: z.string().nullable(),
  /** Counts of one's own; only what was measured. */
  said: z.int(),
  read: z.int(),
  answered: z.int(),
  /** Adopted or adapted. */
  changed: z.int(),
  /** Where one said something, newest first. */
  spaces: z.array(z.object({ id: z.uuid(), kind: SpaceKind, title: z.string() })),
});
export type Impact = z.infer<typeof Impact>;

const inCommunity = { communityId: Id };
const ofUpdate = { communityId: Id, updateId: Id };
const ofSpace = { communityId: Id, spaceId: Id };
const Nothing = z.object({});
const cursor = z.string().max(120).optional();

// --- what every member may ask ---

export const listUpdates = endpoint({
  method: 'GET',
  path: '/api/c/:communityId/updates',
  rights: ['ywd.list'],
  summary: 'What came of what was said, newest first. Contributors see theirs before the others.',
  input: z.strictObject({ ...inCommunity, cursor }),
  output: z.object({ updates: z.array(UpdateCard), next: z.string().nullable() }),
});

export const readUpdate = endpoint({
  method: 'GET',
  path: '/api/c/:communityId/updates/:updateId',
  rights: ['ywd.read'],
  summary: 'One Update, what it said before, and what is said of it.',
  input: z.strictObject(ofUpdate),
  output: UpdatePage,
});

export const listEvidence = endpoint({
  method: 'GET',
  path: '/api/c/:communityId/updates/:updateId/evidence',
  rights: ['ywd.read'],
  summary: 'The words that fed an Update, as far as the caller may see them, and how many others there are.',
  input: z.strictObject({ ...ofUpdate, cursor }),
  output: z.object({ evidence: z.array(Evidence), next: z.string().nullable(), unseen: z.int() }),
});

export const verifyUpdate = endpoint({
  method: 'PUT',
  path: '/api/c/:communityId/updates/:updateId/verdict',
  rights: ['ywd.verify'],
  summary: 'Says whether it was done and done right; enough who say no reopen it.',
  input: z.strictObject({ ...ofUpdate, verdict: Verdict }),
  output: z.object({ verification: Verification }),
});

/** `opId` is made by the client. */
export const commentUpdate = endpoint({
  method: 'POST',
  path: '/api/c/:communityId/updates/:updateId/comments',
  rights: ['comment.create'],
  summary: 'A comment on how it was done.',
  input: z.strictObject({ ...ofUpdate, opId: Id, body: text(COMMENT_MAX) }),
  output: z.object({ id: z.uuid(), moderation: Moderation }),
});

export const listPromises = endpoint({
  method: 'GET',
  path: '/api/c/:communityId/promises',
  rights: ['promise.list'],
  summary: 'Every promise to report back, what became of it, and how many of them are kept.',
  input: z.strictObject(inCommunity),
  output: z.object({ promises: z.array(PromiseCard), rate: LoopRate }),
});

export const readImpact = endpoint({
  method: 'GET',
  path: '/api/c/:communityId/impact',
  rights: ['contribution.impact.read own'],
  summary: 'What the caller said, where it went, and what it changed; in one space or in all.',
  input: z.strictObject({ ...inCommunity, spaceId: Id.optional(), cursor }),
  output: Impact,
});

// --- what everybody may ask once it is out to the public ---

export const PublicUpdate = z.object({
  brand: z.string(),
  community: z.string(),
  title: z.string(),
  youSaid: z.string(),
  weDid: z.string().nullable(),
  because: z.string().nullable(),
  outcome: Outcome,
  by: Named,
  at: z.iso.datetime(),
  /** Null where there are fewer than ten. */
  contributors: z.int().nullable(),
});
export type PublicUpdate = z.infer<typeof PublicUpdate>;

export const readPublicUpdate = endpoint({
  method: 'GET',
  path: '/api/public/:communityId/updates/:updateId',
  rights: ['ywd.public.read'],
  summary:
    'An Update that is out to the public and may be passed on; nobody’s words or names but the team’s.',
  input: z.strictObject(ofUpdate),
  output: PublicUpdate,
});

// --- what the team may ask ---

export const movePromise = endpoint({
  method: 'POST',
  path: '/api/c/:communityId/promises/:spaceId/move',
  rights: ['promise.move'],
  summary: 'Another day for a promise, with the reason, which members see.',
  input: z.strictObject({ ...ofSpace, from: z.iso.date(), to: z.iso.date(), reason: text(500) }),
  output: Nothing,
});

export const breakPromise = endpoint({
  method: 'POST',
  path: '/api/c/:communityId/promises/:spaceId/break',
  rights: ['promise.break'],
  summary: 'Ends a promise without an Update; the reason is public, and everybody who spoke there gets it.',
  input: z.strictObject({ ...ofSpace, reason: text(1_000) }),
  output: Nothing,
});

export const listDrafts = endpoint({
  method: 'GET',
  path: '/api/c/:communityId/update-drafts',
  rights: ['ywd.draft.read'],
  summary: 'Updates as the team works on them, those that are not out first; and who could approve.',
  input: z.strictObject(inCommunity),
  output: z.object({
    drafts: z.array(UpdateDraft),
    steps: z.array(ApprovalStep),
    team: z.array(z.object({ memberId: z.uuid(), name: z.string(), title: z.string() })),
  }),
});

/** `basedOn` 0 makes it. Once it is approved a change asks for the approvals anew; once it is out, correct it. */
export const saveUpdate = endpoint({
  method: 'PUT',
  path: '/api/c/:communityId/updates/:updateId',
  rights: ['ywd.create or update'],
  summary: 'Writes an Update that is not out yet.',
  input: z.strictObject({ ...ofUpdate, basedOn: z.int().min(0), body: UpdateBody }),
  output: UpdateDraft,
});

export const linkEvidence = endpoint({
  method: 'POST',
  path: '/api/c/:communityId/updates/:updateId/evidence',
  rights: ['ywd.link member comment'],
  summary: 'Links what an Update answers, or takes it off again; those who wrote it are its contributors.',
  input: z.strictObject({
    ...ofUpdate,
    contributionIds: z.array(Id).max(500).default([]),
    themeIds: z.array(Id).max(50).default([]),
    remove: z.boolean().default(false),
  }),
  output: UpdateDraft,
});

export const submitUpdate = endpoint({
  method: 'POST',
  path: '/api/c/:communityId/updates/:updateId/submit',
  rights: ['ywd.create or update'],
  summary: 'Asks for the approvals that the community wants; without any it is approved.',
  input: z.strictObject({ ...ofUpdate, version: z.int() }),
  output: UpdateDraft,
});

export const approveUpdate = endpoint({
  method: 'POST',
  path: '/api/c/:communityId/updates/:updateId/approve',
  rights: ['ywd.approve'],
  summary: 'The decision of one who was asked: approved, or returned with a note.',
  input: z.strictObject({
    ...ofUpdate,
    version: z.int(),
    approved: z.boolean(),
    note: text(1_000).nullable(),
  }),
  output: UpdateDraft,
});

export const publishUpdate = endpoint({
  method: 'POST',
  path: '/api/c/:communityId/updates/:updateId/publish',
  rights: ['ywd.publish'],
  summary:
    'Says when each audience learns of an approved Update: contributors, then the community, then the public.',
  input: z.strictObject({ ...ofUpdate, version: z.int(), times: AudienceTimes }),
  output: UpdateDraft,
});

export const correctUpdate = endpoint({
  method: 'POST',
  path: '/api/c/:communityId/updates/:updateId/correct',
  rights: ['ywd.publish'],
  summary: 'Other words for an Update that is out; what it said before stays to be read.',
  input: z.strictObject({ ...ofUpdate, version: z.int(), body: UpdateBody, note: text(500) }),
  output: UpdateDraft,
});

export const withdrawUpdate = endpoint({
  method: 'POST',
  path: '/api/c/:communityId/updates/:updateId/withdraw',
  rights: ['ywd.publish'],
  summary: 'Takes a decision back for rework, says why, and leads to the new consultation.',
  input: z.strictObject({
    ...ofUpdate,
    because: text(1_000),
    consultationId: Id.nullable(),
    answerBy: z.iso.date(),
  }),
  output: UpdateDraft,
});

export const deliverUpdate = endpoint({
  method: 'POST',
  path: '/api/c/:communityId/updates/:updateId/deliver',
  rights: ['ywd.publish'],
  summary: 'Says that what was decided is there; members are asked whether it was done right.',
  input: z.strictObject(ofUpdate),
  output: UpdateDraft,
});

export const setApprovalSteps = endpoint({
  method: 'PUT',
  path: '/api/c/:communityId/approval-steps',
  rights: ['community.settings.update'],
  summary: 'Who approves Updates before they go out, in order; none: nobody needs to.',
  input: z.strictObject({ ...inCommunity, steps: z.array(ApprovalStep).max(5) }),
  output: Nothing,
});

export const loopEndpoints = [
  listUpdates,
  listPromises,
  readImpact,
  listDrafts,
  setApprovalSteps,
  readUpdate,
  listEvidence,
  verifyUpdate,
  commentUpdate,
  readPublicUpdate,
  movePromise,
  breakPromise,
  saveUpdate,
  linkEvidence,
  submitUpdate,
  approveUpdate,
  publishUpdate,
  correctUpdate,
  withdrawUpdate,
  deliverUpdate,
] as const;
