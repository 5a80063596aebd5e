import { Connection } from '@parley/client/connection';
import type { Follower } from '@parley/client/follow';
import { type Call, CallError, CookieJar, http } from '@parley/client/http';
import { followSession } from '@parley/client/live';
import { MemoryStore, Outbox } from '@parley/client/outbox';
import type { AskOf, Command, OutputOf } from '@parley/contracts/contract';
import type { Rating } from '@parley/contracts/contributions';
import { signInAsDemo } from '@parley/contracts/demo';
import { type Joined, rateStatement, sendComment, submitStatement } from '@parley/contracts/live';
import { type LiveSession } from '@parley/contracts/live-facts';
import { type Me, takeTicket } from '@parley/contracts/people';
import { pause, Problem } from './problem';

/** Tries until it is answered: the server may be away for a while. */
export async function insist<T>(ask: () => Promise<T>, patienceMs = 180_000): Promise<T> {
  const until = Date.now() + patienceMs;
  for (let tries = 0; ; tries += 1) {
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof CallError) || !error.body.retryable || Date.now() > until) throw error;
      const most = Math.min(5_000, 300 * 2 ** tries);
      await pause(Math.max(error.body.retryAfterMs ?? 0, Math.random() * most));
    }
  }
}

/** Somebody signed in, as a browser would be. */
export interface SignedIn {
  me: Me;
  call: Call;
  jar: CookieJar;
}

export async function signIn(url: string, personId: string): Promise<SignedIn> {
  const jar = new CookieJar();
  const call = http({ url, jar });
  const me = await insist(() => call(signInAsDemo, { personId }));
  return { me, call, jar };
}

/** What one person had stored, told with each acknowledgement. */
export type Acked = <C extends Command>(command: C, input: AskOf<C>, answer: OutputOf<C>) => void;

/** An outbox that counts: ops sent, acknowledged and refused for good. */
class CountedOutbox extends Outbox {
  sent = 0;
  acked = 0;
  refusedOps = 0;

  constructor(
    connection: Connection,
    private readonly told: Acked | undefined,
  ) {
    super(connection, new MemoryStore());
  }

  override async add<C extends Command>(command: C, room: string, input: AskOf<C>): Promise<OutputOf<C>> {
    this.sent += 1;
    try {
      const answer = await super.add(command, room, input);
      this.acked += 1;
      this.told?.(command, input, answer);
      return answer;
    } catch (error) {
      this.refusedOps += 1;
      throw error;
    }
  }
}

interface Seat {
  url: string;
  communityId: string;
  sessionId: string;
  acked?: Acked;
}

/** One signed-in person in one Session: the socket, the outbox, and the state that their screen would hold. */
export class Person {
  readonly connection: Connection;
  readonly outbox: CountedOutbox;
  readonly session: Follower<LiveSession, Joined>;
  /** How often the link came back. */
  reconnects = 0;
  readonly sessionId: string;

  constructor({ call }: Pick<SignedIn, 'call'>, { url, communityId, sessionId, acked }: Seat) {
    this.sessionId = sessionId;
    this.connection = new Connection({
      url,
      origin: url,
      ticket: async () => (await call(takeTicket, { communityId })).ticket,
    });
    let opened = 0;
    this.connection.watch((link) => {
      if (link === 'open' && opened++) this.reconnects += 1;
    });
    // First the follower: after a lost link the room is joined again before the outbox sends what waits.
    this.session = followSession(this.connection, sessionId);
    this.outbox = new CountedOutbox(this.connection, acked);
  }

  /** Settles once the room is joined. */
  joined(): Promise<LiveSession> {
    return this.until((state) => state);
  }

  /** Settles with the first answer that is not empty, as the Session changes. */
  until<T>(look: (state: LiveSession) => T | null | undefined | false): Promise<T> {
    return new Promise((done, failed) => {
      const stops: (() => void)[] = [];
      const finish = (end: () => void) => {
        for (const stop of stops) stop();
        end();
      };
      const check = () => {
        const { state, error } = this.session;
        const found = state && look(state);
        if (found) finish(() => done(found));
        else if (error) finish(() => failed(new Problem(`The Session cannot be joined: ${error.message}`)));
        else if (this.connection.link === 'closed')
          finish(() => failed(new Problem('The server has closed a connection for good.')));
      };
      stops.push(this.session.watch(check), this.connection.watch(check));
      check();
    });
  }

  comment(body: string, cueId: string | null, second: number | null) {
    return this.say(sendComment, { ...this.op(), body, cueId, second });
  }

  submit(body: string) {
    return this.say(submitStatement, { ...this.op(), body });
  }

  rate(statementId: string, rating: Rating) {
    return this.say(rateStatement, { ...this.op(), statementId, rating });
  }

  /** Sends what must not be lost, in order, however long it takes. */
  say<C extends Command>(command: C, input: AskOf<C>) {
    return this.outbox.add(command, `words:${this.sessionId}`, input);
  }

  op() {
    return { opId: crypto.randomUUID(), sessionId: this.sessionId };
  }

  leave() {
    this.outbox.stop();
    this.session.stop();
    this.connection.close();
  }
}
