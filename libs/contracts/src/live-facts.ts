import { z } from 'zod';
import { Comment, type Counts, Edited, noCounts, type Rating, Statement } from './contributions';
import {
  COMMENTS_SHOWN,
  Cue,
  type Desk,
  type Joined,
  type Mine,
  Pulse,
  type SharedSession,
  Stage,
  StatementCounts,
  stoppedAt,
  Trace,
} from './live';
import { AssetNews } from './media';
import type { Fact } from './realtime';

/** A Session as one screen holds it. */
export interface LiveSession extends SharedSession {
  mine: Mine;
  pulse: Pulse;
  desk: Desk | null;
}

/** The room of a Session: its numbered facts, and its frames. */
export const sessionRoom = (sessionId: string) => sessionId;

/** Numbered facts of a Session's room. */
export const liveFacts = {
  'live.started': z.object({ startedAt: z.iso.datetime() }),
  'live.ended': z.object({ endedAt: z.iso.datetime() }),
  'live.staged': z.object({ stage: Stage, cue: Cue }),
  'live.played': z.object({ stage: Stage }),
  'live.commented': Comment,
  'live.stated': Statement,
  /** A comment or statement that nobody is to see any more. */
  'live.removed': z.object({ id: z.uuid() }),
  /** Something that is on stage, or was or will be, is taken off every screen, or put back. */
  'live.assetChanged': AssetNews,
  /** One that reads otherwise now. */
  'live.edited': z.object({ id: z.uuid(), body: z.string(), edited: Edited }),
};
export type LiveFacts = { [N in keyof typeof liveFacts]: z.infer<(typeof liveFacts)[N]> };

/** Latest-wins frames of a Session's room; `live.trace` and `live.counted` go to the team alone. */
export const liveFrames = {
  'live.pulse': Pulse,
  'live.trace': Trace,
  /** Absolute counts of the statements whose counts changed. */
  'live.counted': StatementCounts,
};
export type LiveFrames = { [N in keyof typeof liveFrames]: z.infer<(typeof liveFrames)[N]> };

type Reducers<S, D> = { [N in keyof D]: (state: S, data: D[N]) => S };

const later = (stage: Stage, than: Stage | null) => !than || stage.turn > than.turn;
const isOnStage = ({ cueId, round }: Trace, stage: Stage | null) =>
  cueId === stage?.cueId && round === stage.round;
const withNew = <T extends { id: string }>(list: T[], one: T) =>
  list.some(({ id }) => id === one.id) ? list : [...list, one];

/** A cue after an asset of it was withdrawn or put back. */
export const withAsset = (cue: Cue, { assetId, withdrawn }: AssetNews): Cue => ({
  ...cue,
  asset: cue.asset?.id === assetId ? { ...cue.asset, withdrawn } : cue.asset,
  other: cue.other?.id === assetId ? { ...cue.other, withdrawn } : cue.other,
});

/** The Session after a fact. Safe to apply twice. */
export const applyFact: Reducers<SharedSession, LiveFacts> = {
  'live.started': (session, { startedAt }) =>
    session.card.status === 'scheduled'
      ? { ...session, card: { ...session.card, status: 'live', startedAt } }
      : session,
  'live.ended': (session, { endedAt }) => ({
    ...session,
    card: { ...session.card, status: 'ended', endedAt },
    stage: session.stage && session.cue && stoppedAt(session.stage, session.cue, Date.parse(endedAt)),
  }),
  'live.staged': (session, { stage, cue }) =>
    later(stage, session.stage) ? { ...session, stage, cue } : session,
  'live.played': (session, { stage }) => (later(stage, session.stage) ? { ...session, stage } : session),
  'live.commented': (session, comment) => ({
    ...session,
    // Its words were taken away since.
    comments: comment.body ? withNew(session.comments, comment).slice(-COMMENTS_SHOWN) : session.comments,
  }),
  'live.stated': (session, statement) => ({
    ...session,
    // Its words were taken away since.
    statements: statement.body ? withNew(session.statements, statement) : session.statements,
  }),
  'live.removed': (session, { id }) => ({
    ...session,
    comments: session.comments.filter((comment) => comment.id !== id),
    statements: session.statements.filter((statement) => statement.id !== id),
  }),
  'live.assetChanged': (session, change) => ({
    ...session,
    cue: session.cue && withAsset(session.cue, change),
  }),
  'live.edited': (session, { id, body, edited }) => ({
    ...session,
    comments: session.comments.map((comment) => (comment.id === id ? { ...comment, body, edited } : comment)),
    statements: session.statements.map((statement) =>
      statement.id === id ? { ...statement, body, edited } : statement,
    ),
  }),
};

/** The Session after a frame. Safe to apply twice or late. */
export const applyFrame: Reducers<LiveSession, LiveFrames> = {
  'live.pulse': (session, pulse) => (pulse.at >= session.pulse.at ? { ...session, pulse } : session),
  'live.trace': (session, trace) =>
    session.desk && isOnStage(trace, session.stage) && trace.at >= (session.desk.trace?.at ?? 0)
      ? { ...session, desk: { ...session.desk, trace } }
      : session,
  'live.counted': (session, counts) =>
    session.desk
      ? { ...session, desk: { ...session.desk, counts: { ...session.desk.counts, ...counts } } }
      : session,
};

/** A new round begins empty: nothing of the round before shows while the first frame is on its way. */
const freshRound = (session: LiveSession): LiveSession => ({
  ...session,
  // A pulse of the round before may still be on its way: it is too old from now on.
  pulse: {
    ...session.pulse,
    at: Math.max(session.pulse.at, session.stage?.onAirAt ?? 0),
    reacted: 0,
    moods: null,
    mean: null,
  },
  desk: session.desk && { ...session.desk, trace: null },
});

/** The Session after `fact`, or null where facts in between are missing and the room must be joined again. */
export function withFact(session: LiveSession, [seq, name, data]: Fact): LiveSession | null {
  if (seq <= session.seq) return session;
  if (seq > session.seq + 1) return null;
  const apply = applyFact[name as keyof LiveFacts] as
    ((s: SharedSession, d: unknown) => SharedSession) | undefined;
  const shared = apply ? apply(session, data) : session;
  const next = { ...session, ...shared, seq };
  if (name === 'live.assetChanged' && next.desk)
    next.desk = { ...next.desk, cues: next.desk.cues.map((cue) => withAsset(cue, data as AssetNews)) };
  return name === 'live.staged' && next.stage !== session.stage ? freshRound(next) : next;
}

/** The Session after the answer to a join. */
export function withJoined(before: LiveSession | null, answer: Joined): LiveSession | null {
  const { shared, missed, mine, pulse, desk } = answer;
  const base = shared ?? before;
  if (!base) return null;
  let session: LiveSession | null = { ...base, mine, pulse, desk };
  for (const fact of missed) session = session && withFact(session, fact);
  // The facts may have emptied the round; what was answered beside them is newer.
  return session && { ...session, mine, pulse, desk };
}

/** The Session after this member's own rating was stored. */
export const withRating = (
  session: LiveSession,
  statementId: string,
  rating: Rating,
  counts: Counts,
): LiveSession => ({
  ...session,
  mine: {
    ...session.mine,
    ratings: { ...session.mine.ratings, [statementId]: rating },
    counts: { ...session.mine.counts, [statementId]: counts },
  },
});

/** Counts after one member's rating took the place of the one before. */
export function recount(counts: Counts = noCounts, before: Rating | undefined, after: Rating): Counts {
  const next = { ...counts };
  if (before) next[before] -= 1;
  next[after] += 1;
  return next;
}
