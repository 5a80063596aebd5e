import type { Round } from '@parley/client/live';
import type { AskOf, Command, OutputOf } from '@parley/contracts/contract';
import { joinSession, secondOf, sendSamples } from '@parley/contracts/live';
import { takeTicket } from '@parley/contracts/people';
import { type Fact, wire } from '@parley/contracts/realtime';
import type { CrowdMember } from './demo';
import { LeanSocket } from './lean';
import { type Acked, insist, Person, signIn } from './person';
import { inParallel, pause } from './problem';

/** Who comes into the room, and how many of them with the whole client. */
export interface Entry {
  url: string;
  communityId: string;
  sessionId: string;
  members: CrowdMember[];
  whole: number;
}

/** What the stream of facts of one watcher was like. */
interface Watched {
  gaps: number;
  repeats: number;
  /** The number of the last fact held. */
  seq: number;
}

/** One member of a measured room. */
export abstract class Hand {
  /** Told of each acknowledgement. */
  acked: Acked | undefined;
  abstract readonly lean: boolean;

  constructor(
    readonly memberId: string,
    readonly sessionId: string,
  ) {}

  /** Sends once, without keeping it. */
  abstract send<C extends Command>(command: C, input: AskOf<C>): Promise<OutputOf<C>>;
  /** Says what must not be lost. */
  abstract say<C extends Command>(command: C, input: AskOf<C>): Promise<OutputOf<C>>;
  abstract get received(): { frames: number; facts: number; frameBytes: number; behinds: number };
  abstract leave(): void;

  dial(round: Round, second: number, value: number) {
    return this.say(sendSamples, { ...round, dial: [[second, value]], moods: [] });
  }
}

/** With everything that a browser has: connection, outbox, follower. Watches the facts as they come in. */
export class WholeHand extends Hand {
  readonly lean = false;
  readonly person: Person;
  readonly received = { frames: 0, facts: 0, frameBytes: 0, behinds: 0 };
  private readonly stream: Watched = { gaps: 0, repeats: 0, seq: -1 };

  constructor(seat: Entry, memberId: string, signedIn: ConstructorParameters<typeof Person>[0]) {
    super(memberId, seat.sessionId);
    this.person = new Person(signedIn, { ...seat, acked: (...what) => this.acked?.(...what) });
    const { socket } = this.person.connection;
    socket.on(wire.frame, () => (this.received.frames += 1));
    socket.on(wire.behind, () => (this.received.behinds += 1));
    socket.on(wire.facts, (_room: string, facts: Fact[]) => {
      this.received.facts += 1;
      for (const [seq] of facts) this.watch(seq);
    });
  }

  send<C extends Command>(command: C, input: AskOf<C>) {
    return this.person.connection.send(command, input);
  }

  say<C extends Command>(command: C, input: AskOf<C>) {
    return (command as Command) === sendSamples
      ? this.person.outbox.add(command, `samples:${this.sessionId}`, input)
      : this.person.say(command, input);
  }

  watched(): Watched {
    // What counts in the end is what the screen holds.
    return { ...this.stream, seq: this.person.session.state?.seq ?? -1 };
  }

  leave() {
    this.person.leave();
  }

  /** Facts before the answer to the join are kept aside by the client; only from there on the stream is whole. */
  private watch(seq: number) {
    const { stream } = this;
    const held = this.person.session.state?.seq;
    if (stream.seq < 0 && held === undefined) return;
    const before = stream.seq < 0 ? Math.max(seq - 1, 0) : stream.seq;
    if (seq <= before) stream.repeats += 1;
    else stream.gaps += seq - before - 1;
    stream.seq = Math.max(before, seq);
  }
}

/** Only a socket, so that a thousand of them fit beside the server that they measure. */
export class LeanHand extends Hand {
  readonly lean = true;

  constructor(
    seat: Entry,
    memberId: string,
    private readonly socket: LeanSocket,
  ) {
    super(memberId, seat.sessionId);
  }

  static async enter(seat: Entry, { personId, memberId }: CrowdMember): Promise<LeanHand> {
    const { url, communityId, sessionId } = seat;
    const { call } = await signIn(url, personId);
    return insist(async () => {
      const { ticket } = await call(takeTicket, { communityId });
      const socket = await LeanSocket.open(url, url, { ticket });
      await socket.send(joinSession, { sessionId });
      return new LeanHand(seat, memberId, socket);
    });
  }

  get received() {
    return this.socket;
  }

  send<C extends Command>(command: C, input: AskOf<C>) {
    return this.socket.send(command, input);
  }

  async say<C extends Command>(command: C, input: AskOf<C>) {
    const answer = await this.socket.send(command, input);
    this.acked?.(command, input, answer);
    return answer;
  }

  leave() {
    this.socket.close();
  }
}

/** A part of the room: the hands, and one look at the stage that they share. */
export class Crew {
  private constructor(readonly hands: readonly Hand[]) {}

  static async enter(entry: Entry): Promise<Crew> {
    const hands = await inParallel(entry.members, 20, async (member, i): Promise<Hand> => {
      if (i >= entry.whole) return LeanHand.enter(entry, member);
      const hand = new WholeHand(entry, member.memberId, await signIn(entry.url, member.personId));
      await hand.person.joined();
      return hand;
    });
    return new Crew(hands);
  }

  /** The second on stage and the round that it belongs to; undefined while nothing plays. */
  now(): { second: number; round: Round } | undefined {
    const lead = this.hands.find((hand) => hand instanceof WholeHand)?.person;
    const { stage, cue, card } = lead?.session.state ?? {};
    if (!lead || !stage || !cue || card?.status !== 'live') return undefined;
    if (cue.kind === 'video' && !stage.playing) return undefined;
    const second = Math.floor(secondOf(stage, cue, lead.connection.now()));
    return { second, round: { sessionId: card.id, cueId: stage.cueId, round: stage.round } };
  }

  /** How the streams of facts of all watchers were; `seq` is held by all of them. */
  watched() {
    const all = this.hands.flatMap((hand) => (hand instanceof WholeHand ? [hand.watched()] : []));
    return {
      watchers: all.length,
      gaps: all.reduce((sum, { gaps }) => sum + gaps, 0),
      repeats: all.reduce((sum, { repeats }) => sum + repeats, 0),
      seq: Math.min(...all.map(({ seq }) => seq)),
    };
  }

  received() {
    const total = {
      people: this.hands.length,
      frames: 0,
      facts: 0,
      frameBytes: 0,
      leanFrames: 0,
      behinds: 0,
    };
    for (const { received, lean } of this.hands) {
      total.frames += received.frames;
      total.facts += received.facts;
      total.frameBytes += received.frameBytes;
      total.behinds += received.behinds;
      if (lean) total.leanFrames += received.frames;
    }
    return total;
  }

  async leave() {
    for (const hand of this.hands) hand.leave();
    await pause(300);
  }
}
