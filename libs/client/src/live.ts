import { joinSession, type Joined, type Mood, sendSamples } from '@parley/contracts/live';
import {
  applyFrame,
  type LiveFrames,
  type LiveSession,
  sessionRoom,
  withFact,
  withJoined,
} from '@parley/contracts/live-facts';
import type { Connection } from './connection';
import { Follower } from './follow';
import type { Outbox } from './outbox';

/** A Session that stays current on this side. */
export const followSession = (connection: Connection, sessionId: string) =>
  new Follower<LiveSession, Joined>({
    connection,
    room: sessionRoom(sessionId),
    join: (since) => connection.send(joinSession, { sessionId, ...(since !== undefined && { since }) }),
    joined: withJoined,
    fact: withFact,
    frame: (session, name, data) => {
      const apply = applyFrame[name as keyof LiveFrames] as
        ((session: LiveSession, data: unknown) => LiveSession) | undefined;
      return apply ? apply(session, data) : session;
    },
    seqOf: (session) => session.seq,
  });

/** One round of one cue, to which samples belong. */
export interface Round {
  sessionId: string;
  cueId: string;
  round: number;
}

/** The most that one message may hold. */
const SAMPLES_MAX = 300;

/** Takes the oldest out, as many as go into one message. */
function takeFirst<T>(gathered: Map<number, T>): [number, T][] {
  const taken = [...gathered].slice(0, SAMPLES_MAX);
  for (const [second] of taken) gathered.delete(second);
  return taken;
}

/**
 * Gathers dial values and mood taps by second and hands them to the outbox at most once a second.
 * A second holds one dial value and one mood: the last.
 */
export class Sampler {
  private readonly dial = new Map<number, number>();
  private readonly moods = new Map<number, Mood>();
  private timer: ReturnType<typeof setTimeout> | undefined;
  private sentAt = 0;

  constructor(
    private readonly outbox: Outbox,
    readonly round: Round,
  ) {}

  moveDial(second: number, value: number) {
    this.dial.set(Math.floor(second), Math.round(value));
    this.soon();
  }

  tapMood(second: number, mood: Mood) {
    this.moods.set(Math.floor(second), mood);
    this.soon();
  }

  /** Hands on what is gathered. Settles when it is stored; throws a final refusal, such as `session.ended`. */
  async flush(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    const added: Promise<unknown>[] = [];
    while (this.dial.size || this.moods.size) {
      const input = { ...this.round, dial: takeFirst(this.dial), moods: takeFirst(this.moods) };
      added.push(this.outbox.add(sendSamples, `samples:${this.round.sessionId}`, input));
      this.sentAt = Date.now();
    }
    await Promise.all(added);
  }

  private soon() {
    this.timer ??= setTimeout(
      () => void this.flush().catch(() => undefined),
      Math.max(0, this.sentAt + 1_000 - Date.now()),
    );
  }
}
