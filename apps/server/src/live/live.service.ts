import { Injectable } from '@nestjs/common';
import type { Comment, Counts, Fate, Rating, Statement } from '@parley/contracts/contributions';
import type { Joined, SessionResult } from '@parley/contracts/live';
import { sessionRoom } from '@parley/contracts/live-facts';
import type { EntityManager } from 'typeorm';
import { ContributionsService } from '../contributions/contributions.service';
import { PromisesService } from '../loop/promises.service';
import { AssetsService } from '../media/assets.service';
import { bearerOf, MarksService } from '../media/marks.service';
import { type Member, type Overseer, teamRoles } from '../platform/doors';
import { AppError, notFound } from '../platform/errors';
import { arrayOf } from '../platform/ids';
import { Realtime } from '../platform/realtime';
import { Bucket, type Seat } from '../platform/seat';
import { Sockets } from '../platform/sockets';
import { type Kind, type Outcome, type Write, Writer } from '../platform/writer';
import { type Draft, type Drive, move } from './drive';
import { LiveRoom } from './live-room';
import { moodPlace } from './round';
import { type NewSamples, SessionsService } from './sessions.service';

/** What a member did in one second. */
interface Cell {
  dial: number | null;
  mood: number | null;
}

/** So long after the end samples still count, ms. */
const LATE_MS = 10_000;
/** What one member may say: so many at once, then one every two seconds. */
const WORDS_BURST = 20;
const WORDS_PER_SECOND = 0.5;

/** Ended Sessions that are kept in memory for those who read their results. */
const IDLE_ROOMS = 20;
const roomKey = (communityId: string, sessionId: string) => `${communityId}:${sessionId}`;

/**
 * Sessions that are being taken part in. One server process holds a Session in memory: what it shows is what was
 * committed, in the order in which it was committed.
 */
@Injectable()
export class LiveService {
  private readonly loading = new Map<string, Promise<LiveRoom>>();
  private readonly rooms = new Map<string, LiveRoom>();
  private readonly words = new Map<string, Bucket>();
  private readonly ratings;
  private readonly samples: Kind<NewSamples & { sessionId: string }, object>;
  private readonly drives: Kind<Drive, object>;

  constructor(
    private readonly sessions: SessionsService,
    private readonly realtime: Realtime,
    private readonly writer: Writer,
    private readonly assets: AssetsService,
    private readonly contributions: ContributionsService,
    private readonly marks: MarksService,
    promises: PromisesService,
    sockets: Sockets,
  ) {
    contributions.tells('session', {
      comment: 'live.commented',
      statement: 'live.stated',
      removed: 'live.removed',
      edited: 'live.edited',
    });
    this.ratings = contributions.ratings(({ statementId, memberId, after }, { communityId, input }) => {
      this.rooms.get(roomKey(communityId, input.roomId))?.rated(statementId, memberId, after);
      this.realtime.touch(communityId, input.roomId);
    });
    this.samples = { name: 'samples', store: (em, writes) => this.storeSamples(em, writes) };
    this.drives = { name: 'drive', store: (em, writes) => this.storeDrives(em, writes) };
    promises.onMoved((communityId, spaceId, on) =>
      this.rooms.get(roomKey(communityId, spaceId))?.promised(on),
    );
    assets.rooms.push((em, communityId, assetId) => sessions.showing(em, communityId, assetId));
    sockets.onLeave((seat) => this.leaveAll(seat));
    writer.onDoubt((communityId) => this.reload(communityId));
    writer.onFacts((communityId, sessionId, facts) => {
      const room = this.rooms.get(roomKey(communityId, sessionId));
      if (room?.apply(facts)) this.regroup(communityId, sessionId, room);
      this.realtime.touch(communityId, sessionId);
    });
  }

  /** Enters before it reads: what is told meanwhile may come twice, never not at all. */
  async join(seat: Seat, sessionId: string, since: number | undefined): Promise<Joined> {
    const { member } = seat;
    const { communityId } = member;
    const roomId = sessionRoom(sessionId);
    const wish = Symbol();
    seat.wishes.set(roomId, wish);
    let isWanted = false;
    const room = await this.roomFor(member, sessionId).finally(() => {
      if (seat.wishes.get(roomId) !== wish) return;
      seat.wishes.delete(roomId);
      isWanted = seat.socket.connected;
    });
    // Gone, or told to leave, while the room was loading: who is not taken out later is not let in.
    if (!isWanted) throw new AppError('session.notJoined', 'It was left again.');
    if (!seat.in(roomId)) room.came(member);
    this.prepare(room, member);
    const frames = () => room.frames(Date.now(), () => this.realtime.touch(communityId, roomId));
    this.realtime.enter(communityId, roomId, seat, room.audienceOf(member), frames);
    return room.answer(member, since, Date.now());
  }

  /** The stills that are to come are made for who comes in, once. */
  private prepare(room: LiveRoom, member: Member) {
    const { communityId, memberId } = member;
    const { stills } = room;
    if (room.status === 'ended' || !stills.length || room.prepared.has(memberId)) return;
    room.prepared.add(memberId);
    // Without it they are made when they are asked for.
    void this.marks
      .prepare(communityId, bearerOf(member), stills)
      .catch(() => room.prepared.delete(memberId));
  }

  leave(seat: Seat, sessionId: string) {
    const { communityId } = seat.member;
    const roomId = sessionRoom(sessionId);
    seat.wishes.delete(roomId);
    if (!seat.in(roomId)) return;
    this.realtime.leave(communityId, roomId, seat);
    this.rooms.get(roomKey(communityId, sessionId))?.went(seat.member);
  }

  /** What the Session left; for members once it has ended. */
  async result(caller: Member | Overseer, sessionId: string): Promise<SessionResult> {
    const room = await this.roomFor(caller, sessionId);
    if (room.status !== 'ended' && caller.role && !teamRoles.includes(caller.role))
      throw new AppError('auth.forbidden', 'The result is shown once the Session has ended.');
    return this.sessions.result(caller.communityId, room);
  }

  async drive(seat: Seat, opId: string, drive: Drive) {
    this.roomOf(seat, drive.sessionId);
    await this.writer.write(this.drives, { ...this.from(seat), opId, input: drive });
  }

  /** Settles once the samples are stored. */
  async sample(seat: Seat, sessionId: string, samples: NewSamples) {
    const room = this.roomOf(seat, sessionId);
    // What the thumb did in the last seconds is on its way when the Session ends.
    const { endedAt } = room.shared.card;
    if (!endedAt || Date.now() - Date.parse(endedAt) > LATE_MS) this.liveRoomOf(seat, sessionId);
    const round = room.round(samples.cueId, samples.round);
    const last = round ? room.lastSecond(round, Date.now()) : -1;
    for (const list of ['dial', 'moods'] as const) {
      const beyond = samples[list].findIndex(([second]) => second > last);
      if (beyond >= 0)
        throw new AppError('request.invalid', 'That second was not on stage.', {
          fields: { [`${list}.${beyond}`]: 'a second that was on stage' },
        });
    }
    if (!round)
      throw new AppError('request.invalid', 'This was not on stage.', {
        fields: { cueId: 'a cue that was on stage' },
      });
    await this.writer.write(this.samples, {
      ...this.from(seat),
      opId: null,
      input: { ...samples, sessionId },
    });
  }

  async comment(
    seat: Seat,
    opId: string,
    {
      sessionId,
      body,
      cueId,
      second,
    }: { sessionId: string; body: string; cueId: string | null; second: number | null },
  ): Promise<{ comment: Comment; fate: Fate }> {
    const room = this.liveRoomOf(seat, sessionId);
    this.chargeWords(seat);
    if (cueId && !room.everyRound.some(({ cue }) => cue.id === cueId))
      throw new AppError('request.invalid', 'This was not on stage.', {
        fields: { cueId: 'a cue that was on stage' },
      });
    const input = { roomId: sessionRoom(sessionId), author: authorOf(seat), body, cueId, second };
    return this.writer.write(this.contributions.comments, { ...this.from(seat), opId, input });
  }

  async state(
    seat: Seat,
    opId: string,
    sessionId: string,
    body: string,
  ): Promise<{ statement: Statement; fate: Fate }> {
    this.liveRoomOf(seat, sessionId);
    this.chargeWords(seat);
    const input = { roomId: sessionRoom(sessionId), author: authorOf(seat), body };
    return this.writer.write(this.contributions.statements, { ...this.from(seat), opId, input });
  }

  /** Answers the counts, which this member may see from now on. */
  async rate(
    seat: Seat,
    opId: string,
    sessionId: string,
    statementId: string,
    rating: Rating,
  ): Promise<Counts> {
    const room = this.liveRoomOf(seat, sessionId);
    const input = { roomId: sessionRoom(sessionId), statementId, rating };
    await this.writer.write(this.ratings, { ...this.from(seat), opId, input });
    return room.countsOf(statementId);
  }

  /** One person cannot fill a room, from however many windows. */
  private chargeWords({ member: { memberId } }: Seat) {
    const bucket = this.words.get(memberId) ?? new Bucket(WORDS_PER_SECOND, WORDS_BURST);
    this.words.delete(memberId);
    this.words.set(memberId, bucket);
    if (this.words.size > 20_000) this.words.delete(this.words.keys().next().value!);
    const retryAfterMs = bucket.take();
    if (retryAfterMs)
      throw new AppError('request.slowDown', 'You are going a little fast.', { retryAfterMs });
  }

  /** Reads the community's Sessions anew and tells what nobody was told. */
  private async reload(communityId: string) {
    for (const [key, room] of this.rooms) {
      if (!key.startsWith(`${communityId}:`)) continue;
      const { id } = room.shared.card;
      const untold = room.take(await this.sessions.load(communityId, id));
      this.realtime.tell(communityId, sessionRoom(id), untold);
      this.regroup(communityId, id, room);
      this.realtime.touch(communityId, sessionRoom(id));
    }
  }

  private from({ member: { communityId, memberId } }: Seat) {
    return { communityId, memberId };
  }

  /** The Session, if this member may look at it. */
  private async roomFor(
    { communityId, memberId, role }: Member | Overseer,
    sessionId: string,
  ): Promise<LiveRoom> {
    const room = await this.room(communityId, sessionId);
    if (role === 'host' && !room.hosts.has(memberId)) throw notFound();
    return room;
  }

  private room(communityId: string, sessionId: string): Promise<LiveRoom> {
    const key = roomKey(communityId, sessionId);
    let loading = this.loading.get(key);
    if (!loading) {
      loading = this.sessions.load(communityId, sessionId).then((loaded) => {
        const room = new LiveRoom(loaded);
        this.rooms.set(key, room);
        this.forgetIdle();
        return room;
      });
      this.loading.set(key, loading);
      loading.catch(() => this.loading.delete(key));
    }
    return loading;
  }

  /** Being in the room is the permission, so that a tap costs no read. */
  private roomOf(seat: Seat, sessionId: string): LiveRoom {
    const room = seat.in(sessionRoom(sessionId))
      ? this.rooms.get(roomKey(seat.member.communityId, sessionId))
      : undefined;
    if (!room) throw new AppError('session.notJoined', 'Join the Session first.');
    return room;
  }

  private liveRoomOf(seat: Seat, sessionId: string): LiveRoom {
    const room = this.roomOf(seat, sessionId);
    if (room.status === 'ended') throw new AppError('session.ended', 'This Session has ended.');
    if (room.status !== 'live') throw new AppError('session.notLive', 'This Session has not started yet.');
    return room;
  }

  private leaveAll(seat: Seat) {
    for (const sessionId of [...seat.rooms.keys()]) this.leave(seat, sessionId);
  }

  /** A new round: nobody has reacted to it yet, so nobody sees how the others do. */
  private regroup(communityId: string, sessionId: string, room: LiveRoom) {
    for (const seat of this.realtime.seats(communityId, sessionRoom(sessionId)))
      seat.rooms.set(sessionRoom(sessionId), room.audienceOf(seat.member));
  }

  private forgetIdle() {
    const idle = [...this.rooms].filter(([key, room]) => {
      const [communityId, sessionId] = key.split(':') as [string, string];
      return room.status === 'ended' && !this.realtime.seats(communityId, sessionRoom(sessionId)).size;
    });
    for (const [key] of idle.slice(0, Math.max(0, idle.length - IDLE_ROOMS))) {
      this.rooms.delete(key);
      this.loading.delete(key);
    }
  }

  /**
   * One statement for a round and batch. A later value for the same second replaces the earlier. Members travel once
   * each and rows point at them, because ids would be most of the bytes.
   */
  private async storeSamples(em: EntityManager, writes: Write<NewSamples & { sessionId: string }>[]) {
    const rounds = new Map<string, { of: NewSamples; members: Map<string, Map<number, Cell>> }>();
    for (const { memberId, input } of writes) {
      const key = `${input.cueId}:${input.round}`;
      const round = rounds.get(key) ?? { of: input, members: new Map<string, Map<number, Cell>>() };
      rounds.set(key, round);
      const seconds = round.members.get(memberId) ?? new Map<number, Cell>();
      round.members.set(memberId, seconds);
      for (const [second, value] of input.dial)
        seconds.set(second, { mood: null, ...seconds.get(second), dial: value });
      for (const [second, mood] of input.moods)
        seconds.set(second, { dial: null, ...seconds.get(second), mood: moodPlace(mood) });
    }
    for (const { of, members } of rounds.values()) {
      const rows = [...members.values()].flatMap((seconds, at) =>
        [...seconds].map(([second, { dial, mood }]) => [at + 1, second, dial, mood] as const),
      );
      await em.query(
        `INSERT INTO sample (community_id, cue_id, round, member_id, second, dial, mood)
         SELECT $1, $2, $3, ($4::uuid[])[who], second, dial, mood
         FROM unnest($5::int[], $6::int[], $7::smallint[], $8::smallint[]) AS made (who, second, dial, mood)
         ON CONFLICT (community_id, cue_id, round, member_id, second)
         DO UPDATE SET dial = coalesce(excluded.dial, sample.dial), mood = coalesce(excluded.mood, sample.mood)`,
        [
          writes[0]!.communityId,
          of.cueId,
          of.round,
          arrayOf([...members.keys()]),
          ...([0, 1, 2, 3] as const).map((column) => arrayOf(rows.map((row) => row[column]))),
        ],
      );
    }
    return writes.map((write): Outcome<object> => ({
      result: {},
      committed: () => this.countSamples(write),
    }));
  }

  private countSamples({ communityId, memberId, input }: Write<NewSamples & { sessionId: string }>) {
    const { sessionId, cueId, round: number, dial, moods } = input;
    const room = this.rooms.get(roomKey(communityId, sessionId));
    const round = room?.round(cueId, number);
    if (!room || !round) return;
    const first = !round.people.has(memberId);
    for (const [second, value] of dial) round.addDial(memberId, second, value);
    for (const [second, mood] of moods) round.addMood(memberId, second, mood);
    room.sampled();
    this.realtime.touch(communityId, sessionRoom(sessionId));
    if (!first) return;
    // Who has answered may see: from the next frame on.
    for (const seat of this.realtime.seats(communityId, sessionRoom(sessionId)))
      if (seat.member.memberId === memberId)
        seat.rooms.set(sessionRoom(sessionId), room.audienceOf(seat.member));
  }

  /** Moves of the stage, one after the other: each stands on the one before. */
  private async storeDrives(em: EntityManager, writes: Write<Drive>[]) {
    const outcomes: (Outcome<object> | AppError)[] = [];
    const drafts = new Map<string, Draft>();
    for (const { communityId, input } of writes) {
      const { sessionId } = input;
      const room = this.rooms.get(roomKey(communityId, sessionId))!;
      const draft = drafts.get(sessionId) ?? {
        room,
        status: room.status,
        stage: room.shared.stage,
        rounds: new Map(),
      };
      drafts.set(sessionId, draft);
      outcomes.push(await move(em, this.assets, communityId, draft, input));
    }
    return outcomes;
  }
}

const authorOf = ({ member: { memberId, handle, role } }: Seat) => ({ memberId, handle, role });
