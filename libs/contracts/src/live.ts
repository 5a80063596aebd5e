import { z } from 'zod';
import { command, endpoint, Id } from './contract';
import { Comment, COMMENT_MAX, Counts, Fate, Rating, Statement, STATEMENT_MAX } from './contributions';
import { Asset } from './media';
import { Fact } from './realtime';
import { line, text } from './text';

export const Mood = z.enum(['love', 'like', 'surprised', 'confused', 'dislike']);
export type Mood = z.infer<typeof Mood>;

/** Taps per mood. */
export const Moods = z.object({
  love: z.int(),
  like: z.int(),
  surprised: z.int(),
  confused: z.int(),
  dislike: z.int(),
});
export type Moods = z.infer<typeof Moods>;
export const noMoods: Moods = { love: 0, like: 0, surprised: 0, confused: 0, dislike: 0 };

export const CueKind = z.enum(['text', 'picture', 'pair', 'page', 'video', 'rate']);
export type CueKind = z.infer<typeof CueKind>;

/** One item of the run of show. */
export const Cue = z.object({
  id: z.uuid(),
  /** First is 1. */
  order: z.int(),
  kind: CueKind,
  title: z.string(),
  /** What members are asked while it is on stage. */
  prompt: z.string(),
  asset: Asset.nullable(),
  /** Of a pair: what stands beside it. */
  other: Asset.nullable(),
  /** Of a document: which page, from 1. */
  page: z.int().nullable(),
});
export type Cue = z.infer<typeof Cue>;

/** What all members see now. */
export const Stage = z.object({
  /** Counts the moves of the stage: the higher is the later. */
  turn: z.int(),
  cueId: z.uuid(),
  /** A cue that comes on stage again starts a new round; the rounds before stay as they are. */
  round: z.int(),
  /** Server time at which the round began, ms. Reactions to a picture count seconds from here. */
  onAirAt: z.number(),
  /** A video stood at `position` seconds at server time `at`, and has moved on since if `playing`. */
  playing: z.boolean(),
  position: z.number(),
  at: z.number(),
});
export type Stage = z.infer<typeof Stage>;

/** Seconds into the asset at server time `now`: of the video, or since the cue came on stage. */
export function secondOf(stage: Stage, cue: Pick<Cue, 'kind' | 'asset'>, now: number): number {
  if (cue.kind !== 'video') return Math.max(0, (now - stage.onAirAt) / 1000);
  const moved = stage.playing ? Math.max(0, now - stage.at) / 1000 : 0;
  return Math.min(stage.position + moved, cue.asset?.durationSeconds ?? Infinity);
}

/** The stage as it stands still at server time `now`. */
export const stoppedAt = (stage: Stage, cue: Pick<Cue, 'kind' | 'asset'>, now: number): Stage => ({
  ...stage,
  playing: false,
  position: cue.kind === 'video' ? secondOf(stage, cue, now) : stage.position,
  at: now,
});

export const SessionStatus = z.enum(['scheduled', 'live', 'ended']);
export type SessionStatus = z.infer<typeof SessionStatus>;

/** What every member may know of a Session before joining. */
export const SessionCard = z.object({
  id: z.uuid(),
  title: z.string(),
  purpose: z.string(),
  /** What will be decided, by whom, and when members hear of it. */
  decision: z.string(),
  decisionOwner: z.object({ name: z.string(), title: z.string() }),
  reportBackOn: z.iso.date(),
  /** What is decided here is not put to a vote. */
  informsOnly: z.boolean(),
  status: SessionStatus,
  startsAt: z.iso.datetime(),
  plannedMinutes: z.int(),
  startedAt: z.iso.datetime().nullable(),
  endedAt: z.iso.datetime().nullable(),
});
export type SessionCard = z.infer<typeof SessionCard>;

/** How the room is. A member gets moods and mean only after reacting to what is on stage: answer before you see. */
export const Pulse = z.object({
  /** Server time, ms; the later pulse wins. */
  at: z.number(),
  /** Members in the room now; the team is not counted. */
  here: z.int(),
  /** Members in the room who only look on. */
  observers: z.int(),
  /** Members who reacted in this round. */
  reacted: z.int(),
  moods: Moods.nullable(),
  /** Mean of the dials at this second, 0 to 100. */
  mean: z.number().nullable(),
});
export type Pulse = z.infer<typeof Pulse>;

/** The dial over the seconds of one round, `mean[s]` and `n[s]` for second s; null where nobody held it. */
export const Trace = z.object({
  cueId: z.uuid(),
  round: z.int(),
  at: z.number(),
  mean: z.array(z.number().nullable()),
  n: z.array(z.int()),
  moods: Moods,
  /** Mood taps by second, all kinds together: where something happened. */
  taps: z.array(z.int()),
  /** Members who reacted. */
  people: z.int(),
});
export type Trace = z.infer<typeof Trace>;

export const StatementCounts = z.record(z.uuid(), Counts);

/** What the team alone sees. */
export const Desk = z.object({
  cues: z.array(Cue),
  trace: Trace.nullable(),
  counts: StatementCounts,
});
export type Desk = z.infer<typeof Desk>;

/** What the asking member alone sees. */
export const Mine = z.object({
  memberId: z.uuid(),
  /** May react, write and rate; hosts and managers look on, so that they do not sway results. */
  takesPart: z.boolean(),
  /** May start, stage and end. */
  drives: z.boolean(),
  ratings: z.record(z.uuid(), Rating),
  /** Counts of the statements this member has rated, as of now. */
  counts: StatementCounts,
});
export type Mine = z.infer<typeof Mine>;

/** What all in the Session share. `seq` numbers the last fact in it. */
export const SharedSession = z.object({
  card: SessionCard,
  seq: z.int(),
  stage: Stage.nullable(),
  cue: Cue.nullable(),
  /** The newest, oldest of them first. */
  comments: z.array(Comment),
  statements: z.array(Statement),
});
export type SharedSession = z.infer<typeof SharedSession>;

/** Comments that a screen keeps; older ones are on the result page. */
export const COMMENTS_SHOWN = 100;

// --- what a client may ask over HTTP ---

const inCommunity = { communityId: Id };
const inSession = { communityId: Id, sessionId: Id };

export const listSessions = endpoint({
  method: 'GET',
  path: '/api/c/:communityId/sessions',
  rights: ['session.list'],
  summary: 'The Sessions of the community: live ones first, then the next, then the ended.',
  input: z.strictObject(inCommunity),
  output: z.object({ sessions: z.array(SessionCard) }),
});

/** The calendar of the database knows no year 0. */
const ofOurTime = [(date: string) => date >= '2000', 'a date from the year 2000 on'] as const;

/** `sessionId` is made by the client: asking again answers the Session made before. */
export const createSession = endpoint({
  method: 'POST',
  path: '/api/c/:communityId/sessions',
  rights: ['session.create'],
  summary: 'Plans a Session. It needs a purpose, a decision owner and a report-back date.',
  input: z.strictObject({
    ...inCommunity,
    sessionId: Id,
    title: line(120),
    purpose: text(500),
    decision: text(500),
    decisionOwner: z.strictObject({ name: line(80), title: line(80) }),
    reportBackOn: z.iso.date().refine(...ofOurTime),
    informsOnly: z.boolean().default(false),
    startsAt: z.iso.datetime().refine(...ofOurTime),
    plannedMinutes: z.int().min(5).max(480),
    cues: z
      .array(
        z.strictObject({
          kind: CueKind,
          title: line(120),
          prompt: line(280),
          assetId: Id.nullable(),
          /** Of a pair. */
          otherAssetId: Id.nullable().default(null),
          /** Of a document. */
          page: z.int().min(1).max(60).nullable().default(null),
        }),
      )
      .min(1)
      .max(60),
  }),
  output: SessionCard,
});

/** The run of show, for those who drive it. */
export const listCues = endpoint({
  method: 'GET',
  path: '/api/c/:communityId/sessions/:sessionId/cues',
  rights: ['session.cues.read'],
  summary: 'The run of show of a Session.',
  input: z.strictObject(inSession),
  output: z.object({ cues: z.array(Cue) }),
});

export const RoundResult = z.object({ cue: Cue, trace: Trace });
export const SessionResult = z.object({
  card: SessionCard,
  /** Members who took part by any reaction, word or rating. */
  people: z.int(),
  rounds: z.array(RoundResult),
  /** Most agreed first. */
  statements: z.array(z.object({ statement: Statement, counts: Counts })),
  comments: z.array(Comment),
  commentCount: z.int(),
});
export type SessionResult = z.infer<typeof SessionResult>;

export const readResult = endpoint({
  method: 'GET',
  path: '/api/c/:communityId/sessions/:sessionId/result',
  rights: ['session.result.read'],
  summary:
    'What a Session left: traces, moods, statements with counts, comments. Members see it once it has ended.',
  input: z.strictObject(inSession),
  output: SessionResult,
});

// --- what a client may ask over the socket ---

/** `opId` is made by the client: sent again after a lost answer, the op takes effect once and answers the same. */
const op = { opId: Id, sessionId: Id };
const Done = z.object({});

/**
 * Enters the room. With `since`, the number of the last fact held, `missed` brings the facts after it;
 * where that is not possible, or without `since`, `shared` is the state as of now.
 */
export const joinSession = command({
  command: 'live.join',
  rights: [
    'socket.join session room',
    "socket.join another community's room by id",
    'socket.catch-up since sequence',
    'session.audience-count.read',
    'reaction.aggregate.read',
  ],
  summary: 'Enters a Session and answers its state, or what was missed since.',
  input: z.strictObject({ sessionId: Id, since: z.int().min(0).optional() }),
  output: z.object({
    now: z.number(),
    shared: SharedSession.nullable(),
    missed: z.array(Fact),
    mine: Mine,
    pulse: Pulse,
    desk: Desk.nullable(),
  }),
});
export type Joined = z.infer<typeof joinSession.output>;

export const leaveSession = command({
  command: 'live.leave',
  rights: ['socket.join session room'],
  summary: 'Leaves the room; nothing more is sent of it.',
  input: z.strictObject({ sessionId: Id }),
  output: Done,
});

export const startSession = command({
  command: 'live.start',
  rights: ['session.start'],
  summary: 'Opens the Session for members.',
  input: z.strictObject(op),
  output: Done,
});

export const endSession = command({
  command: 'live.end',
  rights: ['session.stop'],
  summary: 'Ends the Session; its result stays.',
  input: z.strictObject(op),
  output: Done,
});

/** A cue that was on stage before starts a new round. */
export const stageCue = command({
  command: 'live.stage',
  rights: ['session.reveal asset'],
  summary: 'Puts a cue on stage, in place of the one before. A video stands still until it is played.',
  input: z.strictObject({ ...op, cueId: Id }),
  output: Done,
});

export const playStage = command({
  command: 'live.play',
  rights: ['session.reveal asset'],
  summary: 'Plays, pauses or moves the video on stage, for all.',
  input: z.strictObject({ ...op, playing: z.boolean(), position: z.number().min(0).max(86_400) }),
  output: Done,
});

const second = z.int().min(0).max(32_000);

/**
 * Samples of one member in one round, at most one message a second. A second holds one dial value and one mood:
 * sent again it is harmless, sent later with another value it replaces.
 */
export const sendSamples = command({
  command: 'live.sample',
  rights: ['reaction.create'],
  summary: 'Dial values and mood taps by second.',
  input: z.strictObject({
    sessionId: Id,
    cueId: Id,
    round: z.int().min(1).max(32_000),
    /** `[second, value 0..100]` */
    dial: z.array(z.tuple([second, z.int().min(0).max(100)])).max(300),
    /** `[second, mood]` */
    moods: z.array(z.tuple([second, Mood])).max(300),
  }),
  output: Done,
});

export const sendComment = command({
  command: 'live.comment',
  rights: ['comment.create'],
  summary: 'A comment on what is on stage.',
  input: z.strictObject({
    ...op,
    body: text(COMMENT_MAX),
    cueId: Id.nullable(),
    second: second.nullable(),
  }),
  /** Others see it as `fate` says. */
  output: z.object({ comment: Comment, fate: Fate }),
});

export const submitStatement = command({
  command: 'live.submitStatement',
  rights: ['statement.submit'],
  summary: 'A short opinion for the others to rate.',
  input: z.strictObject({ ...op, body: line(STATEMENT_MAX) }),
  output: z.object({ statement: Statement, fate: Fate }),
});

/** Answers the counts, which its author may see from now on. */
export const rateStatement = command({
  command: 'live.rate',
  rights: ['statement.rate'],
  summary: 'Agree, disagree or unsure; a later rating replaces the earlier.',
  input: z.strictObject({ ...op, statementId: Id, rating: Rating }),
  output: z.object({ counts: Counts }),
});

export const liveEndpoints = [listSessions, createSession, listCues, readResult] as const;

export const liveCommands = [
  joinSession,
  leaveSession,
  startSession,
  endSession,
  stageCue,
  playStage,
  sendSamples,
  sendComment,
  submitStatement,
  rateStatement,
] as const;
