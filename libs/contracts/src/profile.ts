import { z } from 'zod';
import { endpoint, Id } from './contract';
import { FactKey, FactValue, SegmentRule } from './rule';
import { type AnswerProblem, Choice, problemOf, QuestionKind } from './screener';
import { handle, line, text } from './text';

/** Groups of fewer people are never shown, nor is a group that leaves fewer out. */
export const MIN_N = 10;

/** One thing that a community knows of its members. */
export const FactDef = z.strictObject({
  key: FactKey,
  label: line(80),
  kind: QuestionKind,
  options: z.array(z.strictObject({ value: Choice, label: line(80) })).max(40),
  /** Whether members may change it themselves. */
  editable: z.boolean(),
  /** Such as health or income: shown to the member and the manager alone. */
  sensitive: z.boolean(),
});
export type FactDef = z.infer<typeof FactDef>;

/** What is wrong with a value of a fact; null when it can be taken. */
export const problemOfFact = (
  { kind, options }: Pick<FactDef, 'kind' | 'options'>,
  value: FactValue,
): AnswerProblem | null =>
  problemOf(
    { id: '', title: '', help: '', kind, options, required: true, least: null, most: null, ends: ['', ''] },
    value,
  );

/** Where a fact comes from: an answer at the door, the member, or the team. */
export const FactSource = z.enum(['screener', 'member', 'team']);
export type FactSource = z.infer<typeof FactSource>;

export const ProfileFact = FactDef.extend({
  /** Null when nothing is known. */
  value: FactValue.nullable(),
  source: FactSource.nullable(),
  since: z.iso.datetime().nullable(),
});
export type ProfileFact = z.infer<typeof ProfileFact>;

/** What a person is asked to agree to; without the first two nobody is inside. */
export const Purpose = z.enum([
  'terms',
  'confidentiality',
  'recording',
  'quoteNamed',
  'quoteAnonymous',
  'email',
]);
export type Purpose = z.infer<typeof Purpose>;
export const requiredPurposes: readonly Purpose[] = ['terms', 'confidentiality'];

/** The text of a purpose, as it stands. Agreements keep the version that was shown. */
export const ConsentText = z.object({
  purpose: Purpose,
  version: z.int(),
  body: z.string(),
  required: z.boolean(),
  since: z.iso.datetime(),
});
export type ConsentText = z.infer<typeof ConsentText>;

/** A member's own agreement, or that there is none. */
export const Consent = ConsentText.extend({
  given: z.boolean(),
  /** Which version was agreed to, and when it was given or withdrawn. */
  givenVersion: z.int().nullable(),
  changedAt: z.iso.datetime().nullable(),
});
export type Consent = z.infer<typeof Consent>;

/** A picture of one's own, drawn from these: shape and colour. */
export const Avatar = z.string().regex(/^([a-h][1-6])?$/);

export const Profile = z.object({
  memberId: z.uuid(),
  handle: z.string(),
  avatar: Avatar,
  /** Looks on and is asked for nothing; counted apart. */
  observer: z.boolean(),
  paused: z.boolean(),
  joinedAt: z.iso.datetime(),
  /** The invitation by which the person came; empty when that is not known. */
  cameBy: z.string(),
  facts: z.array(ProfileFact),
  consents: z.array(Consent),
});
export type Profile = z.infer<typeof Profile>;

/** A saved rule about members. Frozen, it keeps the people it had then. */
export const Segment = z.object({
  id: z.uuid(),
  name: z.string(),
  rule: SegmentRule,
  frozenAt: z.iso.datetime().nullable(),
  /** Null when there are fewer than ten, or fewer than ten others. */
  count: z.int().nullable(),
});
export type Segment = z.infer<typeof Segment>;

const inCommunity = { communityId: Id };
const Nothing = z.object({});

// --- one's own profile ---

export const readProfile = endpoint({
  method: 'GET',
  path: '/api/c/:communityId/profile',
  rights: ['member.profile.read own'],
  summary: 'What the brand knows about the caller, from where and since when; and what they agreed to.',
  input: z.strictObject(inCommunity),
  output: Profile,
});

export const updateProfile = endpoint({
  method: 'PUT',
  path: '/api/c/:communityId/profile',
  rights: ['member.profile.update own'],
  summary: 'Changes handle, picture, or whether one only looks on; what is left out stays.',
  input: z.strictObject({
    ...inCommunity,
    handle: handle(40).optional(),
    avatar: Avatar.optional(),
    observer: z.boolean().optional(),
  }),
  output: Profile,
});

/** Null forgets it. */
export const updateFact = endpoint({
  method: 'PUT',
  path: '/api/c/:communityId/profile/facts/:key',
  rights: ['member.profile.update own'],
  summary: 'Changes one fact about the caller, where members may.',
  input: z.strictObject({ ...inCommunity, key: FactKey, value: FactValue.nullable() }),
  output: Profile,
});

/** Takes effect at once. What everybody inside must agree to is withdrawn by leaving. */
export const updateConsent = endpoint({
  method: 'PUT',
  path: '/api/c/:communityId/profile/consents/:purpose',
  rights: ['member.profile.update own'],
  summary: 'Agrees to the version of a text that was shown, or withdraws the agreement.',
  input: z.strictObject({ ...inCommunity, purpose: Purpose, version: z.int(), given: z.boolean() }),
  output: Profile,
});

/** While paused, nothing of the community is sent or shown but the way back. */
export const pauseMembership = endpoint({
  method: 'POST',
  path: '/api/c/:communityId/profile/pause',
  rights: ['member.profile.update own'],
  summary: 'Pauses the membership of the caller until they come back.',
  input: z.strictObject(inCommunity),
  output: Nothing,
});

export const resumeMembership = endpoint({
  method: 'POST',
  path: '/api/c/:communityId/profile/resume',
  rights: ['member.resume own'],
  summary: 'Comes back from a pause.',
  input: z.strictObject(inCommunity),
  output: Nothing,
});

// --- what managers keep ---

export const listFactDefs = endpoint({
  method: 'GET',
  path: '/api/c/:communityId/facts',
  rights: ['member.facts.define'],
  summary: 'The facts that are kept of members.',
  input: z.strictObject(inCommunity),
  output: z.object({ facts: z.array(FactDef) }),
});

/** The kind stays as it was first saved. */
export const saveFactDef = endpoint({
  method: 'PUT',
  path: '/api/c/:communityId/facts/:key',
  rights: ['member.facts.define'],
  summary: 'Makes or changes a fact that is kept of members.',
  input: FactDef.extend(inCommunity),
  output: z.object({ facts: z.array(FactDef) }),
});

export const listConsentTexts = endpoint({
  method: 'GET',
  path: '/api/c/:communityId/consents',
  rights: ['community.settings.read'],
  summary: 'What people are asked to agree to, in the version that stands.',
  input: z.strictObject(inCommunity),
  output: z.object({ texts: z.array(ConsentText) }),
});

/** Agreements to earlier versions stay what they are. */
export const publishConsentText = endpoint({
  method: 'POST',
  path: '/api/c/:communityId/consents/:purpose',
  rights: ['community.settings.update'],
  summary: 'Publishes the next version of a text.',
  input: z.strictObject({ ...inCommunity, purpose: Purpose, basedOn: z.int(), body: text(4_000) }),
  output: z.object({ texts: z.array(ConsentText) }),
});

export const listSegments = endpoint({
  method: 'GET',
  path: '/api/c/:communityId/segments',
  rights: ['member.segment.assign'],
  summary: 'Saved segments with their size, where that may be shown.',
  input: z.strictObject(inCommunity),
  output: z.object({ segments: z.array(Segment) }),
});

/**
 * With the same id again it changes the segment; a frozen one keeps its people and its rule. By what is counted people are
 * chosen once, so that who was asked stays asked: such a segment is frozen as it is saved.
 */
export const saveSegment = endpoint({
  method: 'PUT',
  path: '/api/c/:communityId/segments/:segmentId',
  rights: ['member.segment.assign'],
  summary: 'Saves a rule about members under a name; `freeze` keeps the people it has now.',
  input: z.strictObject({
    ...inCommunity,
    segmentId: Id,
    name: line(80),
    rule: SegmentRule.min(1),
    freeze: z.boolean(),
  }),
  output: Segment,
});

export const deleteSegment = endpoint({
  method: 'DELETE',
  path: '/api/c/:communityId/segments/:segmentId',
  rights: ['member.segment.assign'],
  summary: 'Forgets a segment.',
  input: z.strictObject({ ...inCommunity, segmentId: Id }),
  output: Nothing,
});

export const countSegment = endpoint({
  method: 'POST',
  path: '/api/c/:communityId/segment-counts',
  rights: ['member.segment.assign'],
  summary:
    'How many active members a rule is about; null when it is fewer than ten, or all but fewer than ten.',
  input: z.strictObject({ ...inCommunity, rule: SegmentRule }),
  output: z.object({ count: z.int().nullable() }),
});

export const profileEndpoints = [
  readProfile,
  updateProfile,
  updateFact,
  updateConsent,
  pauseMembership,
  resumeMembership,
  listFactDefs,
  saveFactDef,
  listConsentTexts,
  publishConsentText,
  listSegments,
  saveSegment,
  deleteSegment,
  countSegment,
] as const;
