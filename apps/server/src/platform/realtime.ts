import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { type Fact, wire } from '@parley/contracts/realtime';
import { type Encoded, frameOf, type Seat } from './seat';

/** A frame to one audience of a room. */
export interface Frame {
  audience: string;
  name: string;
  data: unknown;
}

interface Room {
  id: string;
  seats: Set<Seat>;
  cohorts: Set<Seat>[];
  /** What to tell each audience in the next beat. */
  frames: () => Frame[];
  dirty: boolean;
  current: Map<string, Encoded[]>;
}

const COHORTS = 10;
/** Four beats a second: each cohort has its turn once a beat. */
const STEP_MS = 25;

/**
 * What the server tells rooms. Facts go to every seat at once, in order. Frames are taken at the start of a beat of
 * 250 ms, encoded once for each audience and handed out cohort by cohort across it, so that a full room never holds
 * the event loop. A room in which nothing changed is told nothing.
 */
@Injectable()
export class Realtime implements OnModuleDestroy {
  private readonly rooms = new Map<string, Room>();
  /** Seats of which something was skipped. */
  private readonly behind = new Set<Seat>();
  private readonly timer = setInterval(() => this.step(), STEP_MS);
  private phase = 0;
  private joined = 0;
  /** Messages handed to sockets, for the metrics. */
  readonly sent = { facts: 0, frames: 0, skipped: 0 };

  onModuleDestroy() {
    clearInterval(this.timer);
  }

  /** Lets a seat in. `frames` makes the room's frames when something was touched. */
  enter(communityId: string, roomId: string, seat: Seat, audience: string, frames: Room['frames']) {
    const key = keyOf(communityId, roomId);
    let room = this.rooms.get(key);
    if (!room) {
      const cohorts = Array.from({ length: COHORTS }, () => new Set<Seat>());
      room = { id: roomId, seats: new Set(), cohorts, frames, dirty: false, current: new Map() };
      this.rooms.set(key, room);
    }
    if (!room.seats.has(seat)) {
      room.seats.add(seat);
      room.cohorts[this.joined++ % COHORTS]!.add(seat);
    }
    seat.rooms.set(roomId, audience);
    room.dirty = true;
  }

  leave(communityId: string, roomId: string, seat: Seat) {
    seat.rooms.delete(roomId);
    seat.owed.delete(roomId);
    const room = this.rooms.get(keyOf(communityId, roomId));
    if (!room?.seats.delete(seat)) return;
    for (const cohort of room.cohorts) cohort.delete(seat);
    room.dirty = true;
    if (!room.seats.size) this.rooms.delete(keyOf(communityId, roomId));
  }

  seats(communityId: string, roomId: string): ReadonlySet<Seat> {
    return this.rooms.get(keyOf(communityId, roomId))?.seats ?? nobody;
  }

  /** Tells everyone in the room facts that are committed. */
  tell(communityId: string, roomId: string, facts: Fact[]) {
    const room = this.rooms.get(keyOf(communityId, roomId));
    if (!room || !facts.length) return;
    const frame = encode([wire.facts, roomId, facts]);
    for (const seat of room.seats) this.hand(seat, roomId, frame, 'facts');
  }

  /** Something that frames show has changed. */
  touch(communityId: string, roomId: string) {
    const room = this.rooms.get(keyOf(communityId, roomId));
    if (room) room.dirty = true;
  }

  private step() {
    // A room may have fallen silent since.
    for (const seat of this.behind) this.settleOwed(seat);
    const phase = this.phase;
    this.phase = (phase + 1) % COHORTS;
    for (const room of this.rooms.values()) {
      if (phase === 0) take(room);
      if (!room.current.size) continue;
      for (const seat of room.cohorts[phase]!) {
        for (const frame of room.current.get(seat.rooms.get(room.id) ?? '') ?? [])
          this.hand(seat, room.id, frame, 'frames');
      }
    }
  }

  private hand(seat: Seat, roomId: string, frame: Encoded, kind: 'facts' | 'frames') {
    if (this.settleOwed(seat) && seat.push(frame)) this.sent[kind] += 1;
    else {
      this.sent.skipped += 1;
      seat.owed.add(roomId);
      this.behind.add(seat);
    }
  }

  /** Tells a slow reader, as soon as it reads again, of which rooms something was skipped. True when nothing is owed. */
  private settleOwed(seat: Seat): boolean {
    for (const roomId of seat.owed) {
      if (!seat.push(encode([wire.behind, roomId]))) return false;
      seat.owed.delete(roomId);
    }
    this.behind.delete(seat);
    return true;
  }
}

const nobody: ReadonlySet<Seat> = new Set();
const keyOf = (communityId: string, roomId: string) => `c:${communityId}:${roomId}`;

function take(room: Room) {
  room.current.clear();
  if (!room.dirty) return;
  room.dirty = false;
  for (const { audience, name, data } of room.frames()) {
    const frames = room.current.get(audience) ?? [];
    frames.push(encode([wire.frame, room.id, name, data]));
    room.current.set(audience, frames);
  }
}

/** A Socket.IO event, made once and written to many sockets. */
export function encode(event: unknown[]): Encoded {
  const text = `2${JSON.stringify(event)}`;
  return { text, frame: frameOf(text) };
}
