import { z } from 'zod';
import { endpoint, Id } from './contract';
import {
  Author,
  COMMENT_MAX,
  ContributionType,
  LoopState,
  Moderation,
  ModerationRule,
  Named,
  Outcome,
  SpaceKind,
} from './contributions';
import { Locale } from './people';
import { line, lookedFor, text } from './text';

/** A reason for which something is not published, in each language; `key` stays the same from version to version. */
export const PolicyReason = z.strictObject({
  key: z.string().regex(/^[a-z][a-zA-Z]{1,30}$/),
  en: line(160),
  de: line(160),
});
export type PolicyReason = z.infer<typeof PolicyReason>;

/** What is published and what is not. Decisions keep the version that stood. */
export const PolicyBody = z.strictObject({
  en: text(4_000),
  de: text(4_000),
  reasons: z.array(PolicyReason).min(1).max(9),
});
export type PolicyBody = z.infer<typeof PolicyBody>;

export const Policy = z.object({ version: z.int(), since: z.iso.datetime(), body: PolicyBody });
export type Policy = z.infer<typeof Policy>;

/** A space as the team sees it. */
export const SpaceCard = z.object({
  id: z.uuid(),
  kind: SpaceKind,
  title: z.string(),
  /** The community's, unless it has its own. */
  rule: ModerationRule,
  own: z.boolean(),
  /** What is sent is held until this is lifted, whatever the rule says. */
  held: z.boolean(),
});
export type SpaceCard = z.infer<typeof SpaceCard>;

/** Who works on an item now; nobody else can decide it until then. */
export const Claim = z.object({ memberId: z.uuid(), name: z.string(), until: z.iso.datetime() });

/** An item of the desk. */
export const DeskItem = z.object({
  id: z.uuid(),
  type: ContributionType,
  author: Author,
  trusted: z.boolean(),
  /** The author's language: what is written to them is best written in it. */
  locale: Locale,
  body: z.string(),
  at: z.iso.datetime(),
  space: z.object({ id: z.uuid(), kind: SpaceKind, title: z.string() }),
  moderation: Moderation,
  /** When it is released by itself. */
  releaseAt: z.iso.datetime().nullable(),
  /** When a decision is due. */
  decideBy: z.iso.datetime(),
  claim: Claim.nullable(),
  /** Of an appeal: what was decided, why, by whom, and the author's words. */
  appeal: z.object({ words: z.string(), reason: z.string(), by: Named }).nullable(),
  /** Others in the same space that say the same, by their words; they can be merged into it. */
  alike: z.array(z.object({ id: z.uuid(), body: z.string(), moderation: Moderation })),
  /** To what a reply replies. */
  replyTo: z.string().nullable(),
  /** How many files belong to it: `listAttached` tells of them. */
  files: z.int(),
});
export type DeskItem = z.infer<typeof DeskItem>;

export const DESK_PAGE = 50;
/** What waits is counted so far: a count above it says "more than". */
export const WAITING_MOST = 200;
/** For how long a claim holds, ms; the desk renews it while the item is looked at. */
export const CLAIM_MS = 60_000;

/** What a moderator can do with what waits, or with what is out. */
export const Decision = z.discriminatedUnion('action', [
  z.strictObject({ action: z.literal('approve') }),
  /** The author's next are published without waiting. */
  z.strictObject({ action: z.literal('approveAndTrust') }),
  z.strictObject({ action: z.literal('return'), reason: z.string().max(31), note: text(1_000).nullable() }),
  z.strictObject({ action: z.literal('decline'), reason: z.string().max(31), note: text(1_000).nullable() }),
  z.strictObject({ action: z.literal('hide'), reason: z.string().max(31), note: text(1_000).nullable() }),
  z.strictObject({ action: z.literal('restore') }),
  /** Of an appeal. */
  z.strictObject({ action: z.literal('uphold'), note: text(1_000).nullable() }),
  /** Into one that says the same: its author counts as one of those who said it. */
  z.strictObject({ action: z.literal('merge'), into: Id }),
  /** Into several, each with its own fate. */
  z.strictObject({ action: z.literal('split'), parts: z.array(text(COMMENT_MAX)).min(2).max(6) }),
  /** Other words, which the author is told. */
  z.strictObject({ action: z.literal('reword'), body: text(COMMENT_MAX) }),
  /** A slip of the pen: refused when more than that is changed. */
  z.strictObject({ action: z.literal('spelling'), body: text(COMMENT_MAX) }),
  /** Something may have to be reported: nobody sees it until it is looked into. */
  z.strictObject({ action: z.literal('freeze') }),
]);
export type Decision = z.infer<typeof Decision>;

/** What became of one item of a decision about many. */
export const Decided = z.object({
  contributionId: z.uuid(),
  /** `claimed` by somebody else, `moved` on meanwhile, `refused` because it does not fit. */
  result: z.enum(['done', 'claimed', 'moved', 'refused']),
  moderation: Moderation.nullable(),
  /** Who has it, or who decided before. */
  by: z.string().nullable(),
});
export type Decided = z.infer<typeof Decided>;

/** One line of the log: who decided what, by which rule, when. */
export const LogEntry = z.object({
  seq: z.int(),
  at: z.iso.datetime(),
  by: z.string(),
  action: z.string(),
  reason: z.string().nullable(),
  note: z.string().nullable(),
  policyVersion: z.int(),
  contributionId: z.uuid(),
  excerpt: z.string(),
  space: z.string(),
});
export type LogEntry = z.infer<typeof LogEntry>;

/** A contribution as the team reads it. */
export const TeamContribution = z.object({
  id: z.uuid(),
  type: ContributionType,
  author: Author,
  body: z.string(),
  at: z.iso.datetime(),
  space: z.object({ id: z.uuid(), kind: SpaceKind, title: z.string() }),
  moderation: Moderation,
  loop: LoopState,
  outcome: Outcome.nullable(),
  teamOnly: z.boolean(),
  themes: z.array(z.object({ id: z.uuid(), label: z.string() })),
  /** Whether the asking person has read it. */
  readByMe: z.boolean(),
});
export type TeamContribution = z.infer<typeof TeamContribution>;
export const CONTRIBUTIONS_PAGE = 50;

export const Theme = z.object({
  id: z.uuid(),
  label: z.string(),
  contributions: z.int(),
  members: z.int(),
});
export type Theme = z.infer<typeof Theme>;

const inCommunity = { communityId: Id };
const Nothing = z.object({});
/** Where the next page begins, as it was answered. */
const cursor = z.string().max(120).optional();

export const listHeld = endpoint({
  method: 'GET',
  path: '/api/c/:communityId/desk',
  rights: ['moderation.desk.read'],
  summary: 'What waits for moderators: what is held, and appeals; what is due first comes first.',
  input: z.strictObject({ ...inCommunity, spaceId: Id.optional(), cursor }),
  output: z.object({
    items: z.array(DeskItem),
    next: z.string().nullable(),
    /** In the whole community; more than `WAITING_MOST` are not counted. */
    waiting: z.int(),
    /** How many of those are past the promised time; counted so far as well. */
    overdue: z.int(),
  }),
});

export const claimItems = endpoint({
  method: 'POST',
  path: '/api/c/:communityId/desk/claims',
  rights: ['moderation.decide'],
  summary: 'Takes items for a minute, or gives them back; answers which of them the caller has.',
  input: z.strictObject({
    ...inCommunity,
    take: z.array(Id).max(200).default([]),
    release: z.array(Id).max(200).default([]),
  }),
  output: z.object({ mine: z.array(z.uuid()), until: z.iso.datetime() }),
});

/** Asked again with the same decision it answers `done` again. */
export const decideItems = endpoint({
  method: 'POST',
  path: '/api/c/:communityId/desk/decisions',
  rights: ['moderation.decide'],
  summary: 'Decides about one item or many; answers what became of each.',
  input: z.strictObject({
    ...inCommunity,
    contributionIds: z.array(Id).min(1).max(200),
    decision: Decision,
  }),
  output: z.object({ decided: z.array(Decided) }),
});

const chosen = {
  ...inCommunity,
  spaceId: Id.optional(),
  themeId: Id.optional(),
  loop: LoopState.optional(),
  words: lookedFor(100).optional(),
  cursor,
};

export const listContributions = endpoint({
  method: 'GET',
  path: '/api/c/:communityId/contributions',
  rights: ['contribution.list'],
  summary: 'What members said, newest first; by space, theme, state or words.',
  input: z.strictObject(chosen),
  output: z.object({ contributions: z.array(TeamContribution), next: z.string().nullable() }),
});

/** Contributions in one answer of an export. */
export const EXPORT_PAGE = 2_000;

export const exportContributions = endpoint({
  method: 'GET',
  path: '/api/c/:communityId/contributions.csv',
  rights: ['contribution.export'],
  summary:
    'The same as CSV, whatever its kind; each page goes on where the one before ended, the first has the headings.',
  input: z.strictObject(chosen),
  output: z.object({ csv: z.string(), rows: z.int(), next: z.string().nullable() }),
});

export const listThemes = endpoint({
  method: 'GET',
  path: '/api/c/:communityId/themes',
  rights: ['theme.list'],
  summary: 'Groups of contributions that say the same.',
  input: z.strictObject(inCommunity),
  output: z.object({ themes: z.array(Theme) }),
});

export const saveTheme = endpoint({
  method: 'PUT',
  path: '/api/c/:communityId/themes/:themeId',
  rights: ['theme.update'],
  summary: 'Makes or renames a group, and takes contributions in or out of it.',
  input: z.strictObject({
    ...inCommunity,
    themeId: Id,
    label: line(80),
    add: z.array(Id).max(500).default([]),
    remove: z.array(Id).max(500).default([]),
  }),
  output: Theme,
});

/** A reading counts from two seconds on screen; nobody can read more in a while than the while is long. */
export const READ_MS = 2_000;
export const markRead = endpoint({
  method: 'POST',
  path: '/api/c/:communityId/contributions/read',
  rights: ['contribution.read.mark'],
  summary:
    'How long contributions stood on the screen of the caller; who wrote them learns who has read them.',
  input: z.strictObject({
    ...inCommunity,
    seen: z
      .array(z.strictObject({ contributionId: Id, ms: z.int().min(0).max(600_000) }))
      .min(1)
      .max(100),
  }),
  output: z.object({ read: z.array(z.uuid()) }),
});

/** `opId` is made by the client. Where members wait for approval, so does the team. */
export const replyToContribution = endpoint({
  method: 'POST',
  path: '/api/c/:communityId/contributions/:contributionId/replies',
  rights: ['contribution.reply'],
  summary: 'A reply to one author alone.',
  input: z.strictObject({ ...inCommunity, contributionId: Id, opId: Id, body: text(COMMENT_MAX) }),
  output: z.object({ id: z.uuid(), moderation: Moderation }),
});

export const listSpaces = endpoint({
  method: 'GET',
  path: '/api/c/:communityId/spaces',
  rights: ['moderation.spaces.read'],
  summary:
    'The spaces of the community and how each is moderated; and how those are that have no rule of their own.',
  input: z.strictObject(inCommunity),
  output: z.object({ rule: ModerationRule, spaces: z.array(SpaceCard) }),
});

export const setSpaceRule = endpoint({
  method: 'PUT',
  path: '/api/c/:communityId/spaces/:spaceId/rule',
  rights: ['moderation.space.update'],
  summary: 'How a space is moderated from now on; null: as the community.',
  input: z.strictObject({ ...inCommunity, spaceId: Id, rule: ModerationRule.nullable() }),
  output: Nothing,
});

/** For trouble: all that is sent waits, whatever the rule says. */
export const holdSpace = endpoint({
  method: 'PUT',
  path: '/api/c/:communityId/spaces/:spaceId/hold',
  rights: ['moderation.decide'],
  summary: 'Holds all that is sent to a space from now on, or lifts that.',
  input: z.strictObject({ ...inCommunity, spaceId: Id, held: z.boolean() }),
  output: Nothing,
});

export const setCommunityRule = endpoint({
  method: 'PUT',
  path: '/api/c/:communityId/rule',
  rights: ['community.settings.update'],
  summary: 'How spaces are moderated that have no rule of their own.',
  input: z.strictObject({ ...inCommunity, rule: ModerationRule }),
  output: Nothing,
});

export const readPolicy = endpoint({
  method: 'GET',
  path: '/api/c/:communityId/policy',
  rights: ['community.rules.read'],
  summary: 'What is published here and what is not, and for which reasons; every version there was.',
  input: z.strictObject(inCommunity),
  output: z.object({ policy: Policy, before: z.array(Policy), rule: ModerationRule }),
});

export const publishPolicy = endpoint({
  method: 'POST',
  path: '/api/c/:communityId/policy',
  rights: ['community.settings.update'],
  summary: 'The next version of the policy.',
  input: z.strictObject({ ...inCommunity, basedOn: z.int().min(0), body: PolicyBody }),
  output: z.object({ policy: Policy }),
});

export const listDecisions = endpoint({
  method: 'GET',
  path: '/api/c/:communityId/desk/log',
  rights: ['moderation.log.read'],
  summary: 'What was decided, newest first: who, what, by which rule, when.',
  input: z.strictObject({ ...inCommunity, before: z.coerce.number().int().positive().optional() }),
  output: z.object({ entries: z.array(LogEntry) }),
});

export const exportDecisions = endpoint({
  method: 'GET',
  path: '/api/c/:communityId/desk/log.csv',
  rights: ['moderation.log.export'],
  summary: 'The whole log as CSV.',
  input: z.strictObject(inCommunity),
  output: z.object({ csv: z.string(), sha256: z.string(), rows: z.int() }),
});

export const moderationEndpoints = [
  listHeld,
  claimItems,
  decideItems,
  listContributions,
  exportContributions,
  listThemes,
  saveTheme,
  markRead,
  replyToContribution,
  listSpaces,
  setSpaceRule,
  holdSpace,
  setCommunityRule,
  readPolicy,
  publishPolicy,
  listDecisions,
  exportDecisions,
] as const;
