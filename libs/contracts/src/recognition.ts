import { z } from 'zod';
import { endpoint, Id } from './contract';
import { MemberType } from './people';
import { line, text } from './text';

/** Why a member thanks another. */
export const KudosReason = z.enum(['insightful', 'changedMind', 'helped', 'honest']);
export type KudosReason = z.infer<typeof KudosReason>;

/** Thanks for one contribution: how many for what, and the caller's own. */
export const KudosTally = z.object({
  counts: z.partialRecord(KudosReason, z.int()),
  mine: KudosReason.nullable(),
  /** Until when the caller's own can be taken back. */
  until: z.iso.datetime().nullable(),
});
export type KudosTally = z.infer<typeof KudosTally>;
export const noKudos: KudosTally = { counts: {}, mine: null, until: null };

/** For how long thanks can be taken back. */
export const REVOKE_HOURS = 24;

export const giveKudos = endpoint({
  method: 'PUT',
  path: '/api/c/:communityId/contributions/:contributionId/kudos',
  rights: ['kudos.give', 'kudos.give to self'],
  summary:
    'Thanks the author of what one can see, with a reason: once for each, said again it is the reason that changes.',
  input: z.strictObject({ communityId: Id, contributionId: Id, reason: KudosReason }),
  output: KudosTally,
});

export const revokeKudos = endpoint({
  method: 'DELETE',
  path: '/api/c/:communityId/contributions/:contributionId/kudos',
  rights: ['kudos.revoke own'],
  summary: 'Takes one’s thanks back, within a day.',
  input: z.strictObject({ communityId: Id, contributionId: Id }),
  output: KudosTally,
});

export const OwnStanding = z.object({
  season: z.string(),
  /** The first day after it. */
  seasonEndsOn: z.iso.date(),
  score: z.number(),
  fromKudos: z.number(),
  fromRatings: z.number(),
  /** 1 to 5. */
  level: z.int(),
  /** Null at the highest level. */
  missing: z.object({ level: z.int(), points: z.number(), kudos: z.int(), ratings: z.int() }).nullable(),
  /** Null where one is not ranked, or the board is off. */
  rank: z.int().nullable(),
  optedOut: z.boolean(),
  /** Whether members see a board at all; off unless a manager switches it on. */
  board: z.boolean(),
  /** Of all seasons. */
  received: z.partialRecord(KudosReason, z.int()),
  latest: z.array(
    z.object({
      contributionId: z.uuid(),
      reason: KudosReason,
      by: z.string(),
      words: z.string(),
      at: z.iso.datetime(),
    }),
  ),
  /** When it was reckoned; null when it was not yet. */
  at: z.iso.datetime().nullable(),
});
export type OwnStanding = z.infer<typeof OwnStanding>;

export const Ranked = z.object({
  rank: z.int(),
  memberId: z.uuid(),
  handle: z.string(),
  level: z.int(),
  score: z.number(),
});
export type Ranked = z.infer<typeof Ranked>;

export const RecognitionKind = z.enum(['firstLook', 'visit']);
export type RecognitionKind = z.infer<typeof RecognitionKind>;

/** Something that is not money: seeing it first, or coming to see us. It is offered, and can be declined. */
export const Recognition = z.object({
  id: z.uuid(),
  kind: RecognitionKind,
  words: z.string(),
  by: z.string(),
  at: z.iso.datetime(),
  /** Null while it waits for an answer. */
  accepted: z.boolean().nullable(),
});
export type Recognition = z.infer<typeof Recognition>;

export const readStanding = endpoint({
  method: 'GET',
  path: '/api/c/:communityId/standing',
  rights: ['ranking.read own'],
  summary: 'One’s own standing, what is missing for the next level, and what one is offered.',
  input: z.strictObject({ communityId: Id }),
  output: z.object({ standing: OwnStanding, offers: z.array(Recognition) }),
});

export const readBoard = endpoint({
  method: 'GET',
  path: '/api/c/:communityId/standing/board',
  rights: ['ranking.read'],
  summary: 'The season’s first page: for the team, and for members where a manager has switched it on.',
  input: z.strictObject({ communityId: Id }),
  output: z.object({ season: z.string(), ranked: z.array(Ranked) }),
});

export const optOut = endpoint({
  method: 'PUT',
  path: '/api/c/:communityId/standing/opt-out',
  rights: ['ranking.opt-out own'],
  summary: 'Says whether one wants to be ranked.',
  input: z.strictObject({ communityId: Id, optedOut: z.boolean() }),
  output: z.object({}),
});

export const setBoard = endpoint({
  method: 'PUT',
  path: '/api/c/:communityId/standing/board',
  rights: ['ranking.adjust'],
  summary: 'Switches the board for members on or off.',
  input: z.strictObject({ communityId: Id, on: z.boolean() }),
  output: z.object({}),
});

export const readParticipation = endpoint({
  method: 'GET',
  path: '/api/c/:communityId/standing/participation',
  rights: ['ranking.participation.read'],
  summary: 'How many of the members say much, something, or read; week by week, the newest last.',
  input: z.strictObject({ communityId: Id }),
  output: z.object({
    weeks: z.array(z.object({ week: z.iso.date(), ones: z.int(), nines: z.int(), nineties: z.int() })),
  }),
});

export const offerRecognition = endpoint({
  method: 'POST',
  path: '/api/c/:communityId/recognitions',
  rights: ['recognition.offer'],
  summary: 'Offers members something that is not money: a first look, or a visit.',
  input: z.strictObject({
    communityId: Id,
    opId: Id,
    memberIds: z.array(Id).min(1).max(50),
    kind: RecognitionKind,
    words: text(500),
  }),
  output: z.object({}),
});

export const listRecognitions = endpoint({
  method: 'GET',
  path: '/api/c/:communityId/recognitions',
  rights: ['recognition.list'],
  summary: 'What was offered to whom, the newest first, and who could be offered something.',
  input: z.strictObject({ communityId: Id, words: line(60).optional() }),
  output: z.object({
    offers: z.array(Recognition.extend({ handle: z.string() })),
    members: z.array(z.object({ memberId: z.uuid(), handle: z.string(), level: z.int() })),
  }),
});

export const answerRecognition = endpoint({
  method: 'PUT',
  path: '/api/c/:communityId/recognitions/:recognitionId',
  rights: ['recognition.answer own'],
  summary: 'Accepts what one is offered, or declines.',
  input: z.strictObject({ communityId: Id, recognitionId: Id, accept: z.boolean() }),
  output: z.object({}),
});

/** The trusted circle: a smaller tier, by criteria that everybody can read. */
export const readCircle = endpoint({
  method: 'GET',
  path: '/api/c/:communityId/circle',
  rights: ['circle.read own'],
  summary:
    'By which criteria one is in the trusted circle, whether the caller is, and what they are to the brand.',
  input: z.strictObject({ communityId: Id }),
  output: z.object({ criteria: z.string().nullable(), inIt: z.boolean(), type: MemberType }),
});

export const setCircle = endpoint({
  method: 'PUT',
  path: '/api/c/:communityId/circle',
  rights: ['circle.update'],
  summary: 'States the criteria of the trusted circle; before that nobody comes into it.',
  input: z.strictObject({ communityId: Id, criteria: text(1_000) }),
  output: z.object({}),
});

export const listKinds = endpoint({
  method: 'GET',
  path: '/api/c/:communityId/member-kinds',
  rights: ['circle.members.list'],
  summary: 'Members with what they are to the brand, and who is in the circle; found by name.',
  input: z.strictObject({ communityId: Id, words: line(60).optional() }),
  output: z.object({
    members: z.array(
      z.object({
        memberId: z.uuid(),
        handle: z.string(),
        type: MemberType,
        circle: z.boolean(),
        level: z.int(),
      }),
    ),
    counts: z.partialRecord(MemberType, z.int()),
    circle: z.int(),
  }),
});

export const setKind = endpoint({
  method: 'PUT',
  path: '/api/c/:communityId/member-kinds/:memberId',
  rights: ['member.segment.assign'],
  summary:
    'Says what a member is to the brand, or whether they are in the circle; who comes in is told why. What is not said stays.',
  input: z.strictObject({
    communityId: Id,
    memberId: Id,
    type: MemberType.optional(),
    circle: z.boolean().optional(),
  }),
  output: z.object({}),
});

export const setKinds = endpoint({
  method: 'PUT',
  path: '/api/c/:communityId/segments/:segmentId/kind',
  rights: ['member.segment.assign'],
  summary: 'The same of everybody who is in a segment now; answers of how many it was not so before.',
  input: z.strictObject({
    communityId: Id,
    segmentId: Id,
    type: MemberType.optional(),
    circle: z.boolean().optional(),
  }),
  output: z.object({ changed: z.int() }),
});

export const recognitionEndpoints = [
  giveKudos,
  revokeKudos,
  readStanding,
  readBoard,
  optOut,
  setBoard,
  readParticipation,
  offerRecognition,
  listRecognitions,
  answerRecognition,
  readCircle,
  setCircle,
  listKinds,
  setKind,
  setKinds,
] as const;
