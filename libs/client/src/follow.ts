import type { Fact } from '@parley/contracts/realtime';
import { wire } from '@parley/contracts/realtime';
import { backoff } from './backoff';
import type { Connection } from './connection';
import { CallError } from './http';

interface Followed<S, A> {
  connection: Connection;
  room: string;
  /** Enters the room; `since` is the number of the last fact held. */
  join: (since: number | undefined) => Promise<A>;
  joined: (before: S | null, answer: A) => S | null;
  /** Null where facts in between are missing. */
  fact: (state: S, fact: Fact) => S | null;
  frame: (state: S, name: string, data: unknown) => S;
  seqOf: (state: S) => number;
}

/**
 * The state of a room that stays current: joins, applies facts and frames, and joins again after a lost link, a gap
 * or when told to. What comes between joining and the answer is kept and applied to the answer, so nothing is lost.
 */
export class Follower<S, A> {
  private held: S | null = null;
  private refusal: CallError | null = null;
  private early: Fact[][] | null = null;
  private again = false;
  private tries = 0;
  private readonly watchers = new Set<() => void>();
  private readonly stops: (() => void)[] = [];
  private retry: ReturnType<typeof setTimeout> | undefined;
  private stopped = false;

  constructor(private readonly followed: Followed<S, A>) {
    const { connection, room } = followed;
    const { socket } = connection;
    const onFacts = (of: string, facts: Fact[]) => of === room && this.take(facts);
    const onFrame = (of: string, name: string, data: unknown) => {
      if (of === room && this.held) this.set(this.followed.frame(this.held, name, data));
    };
    const onBehind = (of: string) => of === room && this.rejoin();
    socket.on(wire.facts, onFacts);
    socket.on(wire.frame, onFrame);
    socket.on(wire.behind, onBehind);
    this.stops.push(
      () => socket.off(wire.facts, onFacts),
      () => socket.off(wire.frame, onFrame),
      () => socket.off(wire.behind, onBehind),
      connection.watch((link) => link === 'open' && this.rejoin()),
    );
    if (connection.link === 'open') this.rejoin();
  }

  /** Null until the first answer. */
  get state() {
    return this.held;
  }

  /** Why the room cannot be joined, such as `request.notFound`. */
  get error() {
    return this.refusal;
  }

  watch(watcher: () => void): () => void {
    this.watchers.add(watcher);
    return () => this.watchers.delete(watcher);
  }

  /** Takes over what an answer to this client's own op says, such as the counts after a rating. */
  update(change: (state: S) => S) {
    if (this.held) this.set(change(this.held));
  }

  stop() {
    this.stopped = true;
    clearTimeout(this.retry);
    for (const stop of this.stops) stop();
  }

  private take(facts: Fact[]) {
    if (this.early) this.early.push(facts);
    else this.apply(facts);
  }

  private apply(facts: Fact[]) {
    let state = this.held;
    for (const fact of facts) {
      const next: S | null = state && this.followed.fact(state, fact);
      if (!next) return this.rejoin();
      state = next;
    }
    if (state) this.set(state);
  }

  private rejoin() {
    // Who has left the room must not enter it again.
    if (this.stopped) return;
    // One join at a time: what asks for another while one is on its way gets it afterwards.
    if (this.early) this.again = true;
    else void this.enter();
  }

  private async enter() {
    clearTimeout(this.retry);
    this.early = [];
    this.again = false;
    let answer: A;
    try {
      answer = await this.followed.join(this.held ? this.followed.seqOf(this.held) : undefined);
    } catch (error) {
      this.early = null;
      if (!this.stopped) this.refused(error);
      return;
    }
    const early = this.early.flat();
    this.early = null;
    if (this.stopped) return;
    this.tries = 0;
    this.refusal = null;
    const state = this.followed.joined(this.held, answer);
    if (!state) {
      this.held = null;
      return this.rejoin();
    }
    this.set(state);
    this.apply(early);
    if (this.again) this.rejoin();
  }

  private refused(error: unknown) {
    const refusal = error instanceof CallError ? error : null;
    if (refusal && !refusal.body.retryable) {
      this.refusal = refusal;
      this.tell();
    } else if (this.followed.connection.link === 'open') {
      // Where it is not, it joins as soon as the link is back.
      const wait = backoff(this.tries++, refusal?.body.retryAfterMs ?? 100);
      this.retry = setTimeout(() => this.rejoin(), wait);
    }
  }

  private set(state: S) {
    this.held = state;
    this.tell();
  }

  private tell() {
    for (const watcher of this.watchers) watcher();
  }
}
