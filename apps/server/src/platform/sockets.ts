import { randomBytes } from 'node:crypto';
import type { EventEmitter } from 'node:events';
import type { Server as HttpServer } from 'node:http';
import { Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { DiscoveryService, MetadataScanner } from '@nestjs/core';
import type { Command, InputOf } from '@parley/contracts/contract';
import type { Answer } from '@parley/contracts/errors';
import { MESSAGE_MAX, readClock, wire } from '@parley/contracts/realtime';
import { type ExtendedError, Server, type Socket } from 'socket.io';
import * as parser from 'socket.io-parser';
import type { z } from 'zod';
import { type Config, CONFIG } from './config';
import { type CommunityDoor, type Member, members } from './doors';
import { AppError, invalid, newRef, notFound, toAppError, toBody } from './errors';
import { errorFields, type Log, LOG } from './log';
import { encode } from './realtime';
import { Seat } from './seat';

const ANSWERS = Symbol('answers');
const TICKET_MS = 30_000;
const SOCKETS_PER_MEMBER = 5;

/** The door of the socket itself. */
export const socketDoor = members(undefined, { hidden: false });

/**
 * Binds a method to a command of the contracts, for members with one of the door's roles. The method gets the seat
 * and the checked input; what it answers is parsed with the contract's output.
 */
export function Answers<C extends Command>(command: C, door: CommunityDoor) {
  return (
    _target: object,
    _key: string,
    descriptor: { value?: (seat: Seat, input: InputOf<C>) => Promise<z.input<C['output']>> },
  ) => {
    Reflect.defineMetadata(ANSWERS, { command, door }, descriptor.value!);
  };
}

interface Bound {
  command: Command;
  door: CommunityDoor;
  handle: (seat: Seat, input: unknown) => Promise<unknown>;
}

interface Ticket {
  member: Member;
  expiresAt: number;
}

/** Reads no message that is longer than ours may be; it is answered with `request.tooLarge` all the same. */
class StrictDecoder extends parser.Decoder {
  override add(message: unknown) {
    if (typeof message !== 'string') throw new Error('binary is not spoken here');
    if (message.length <= MESSAGE_MAX) return super.add(message);
    const id = /^2(\d+)\[/.exec(message)?.[1];
    return super.add(`2${id ?? ''}["tooLarge"]`);
  }
}

/**
 * The sockets: who may open one, what it may ask, and that it is always answered. One listener a socket and one map
 * of commands, whatever their number.
 */
@Injectable()
export class Sockets implements OnApplicationBootstrap {
  readonly commands = new Map<string, Bound>();
  private readonly tickets = new Map<string, Ticket>();
  /** By member; the longest open first. */
  private readonly seats = new Map<string, Set<Seat>>();
  private open = 0;
  private readonly leavers: ((seat: Seat) => void)[] = [];
  private io: Server | undefined;
  private inFlight = 0;
  private draining = false;

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    @Inject(LOG) private readonly log: Log,
    private readonly discovery: DiscoveryService,
    private readonly scanner: MetadataScanner,
  ) {
    const now = async () => ({ now: Date.now() });
    this.commands.set(readClock.command, { command: readClock, door: members(), handle: now });
  }

  onApplicationBootstrap() {
    for (const { instance } of this.discovery.getProviders()) {
      if (!instance || typeof instance !== 'object') continue;
      const prototype = Object.getPrototypeOf(instance) as Record<string, unknown>;
      for (const name of this.scanner.getAllMethodNames(prototype)) {
        const method = prototype[name] as Bound['handle'];
        const bound = Reflect.getMetadata(ANSWERS, method) as Pick<Bound, 'command' | 'door'> | undefined;
        if (bound) this.commands.set(bound.command.command, { ...bound, handle: method.bind(instance) });
      }
    }
  }

  get size() {
    return this.open;
  }

  /** Called when a seat is gone, so that features can take its member out of their rooms. */
  onLeave(leaver: (seat: Seat) => void) {
    this.leavers.push(leaver);
  }

  /** A single-use ticket for one socket of this member. */
  ticketFor(member: Member): string {
    const now = Date.now();
    // Insertion order is age: what is too old stands in front.
    for (const [old, { expiresAt }] of this.tickets) {
      if (expiresAt > now) break;
      this.tickets.delete(old);
    }
    const ticket = randomBytes(24).toString('base64url');
    this.tickets.set(ticket, { member, expiresAt: now + TICKET_MS });
    return ticket;
  }

  attach(server: HttpServer) {
    this.io = new Server(server, {
      transports: ['websocket'],
      serveClient: false,
      pingInterval: 5_000,
      pingTimeout: 4_000,
      connectTimeout: 5_000,
      maxHttpBufferSize: 64 * 1024,
      perMessageDeflate: false,
      httpCompression: false,
      cleanupEmptyChildNamespaces: true,
      parser: { Encoder: parser.Encoder, Decoder: StrictDecoder },
      // Socket.IO's cors option does not hold for the WebSocket: the exact origin is checked here.
      allowRequest: (request, done) => done(null, this.config.origins.includes(request.headers.origin ?? '')),
    });
    this.io.use((socket, next) => this.admit(socket, next));
    this.io.on('connection', (socket) => this.seat(socket));
  }

  /** Cuts the sockets of a sign-in or a member, because the right to them has ended. */
  cut(of: { signInId: string } | { memberId: string }) {
    for (const seat of [...this.seats.values()].flatMap((seats) => [...seats])) {
      const gone =
        'signInId' in of ? seat.member.signInId === of.signInId : seat.member.memberId === of.memberId;
      if (gone) seat.socket.disconnect(true);
    }
    for (const [ticket, { member }] of this.tickets) {
      if ('signInId' in of ? member.signInId === of.signInId : member.memberId === of.memberId)
        this.tickets.delete(ticket);
    }
  }

  /**
   * Tells every screen of a community something at once, or those of some members. It is not kept: who is away asks when
   * they come back.
   */
  news(communityId: string, name: string, data: unknown, memberIds?: ReadonlySet<string>) {
    const event = encode([wire.news, name, data]);
    for (const seats of this.seats.values())
      for (const seat of seats)
        if (seat.member.communityId === communityId && (!memberIds || memberIds.has(seat.member.memberId)))
          seat.push(event);
  }

  /** Takes nothing new in, lets what is under way be answered, then closes. */
  async drain(longestMs = 8_000) {
    this.draining = true;
    const until = Date.now() + longestMs;
    while (this.inFlight && Date.now() < until) await new Promise((done) => setTimeout(done, 20));
    // Answers are handed to the kernel before the link is closed.
    await new Promise((done) => setTimeout(done, 50));
    this.io?.disconnectSockets(true);
    await this.io?.close();
  }

  private admit(socket: Socket, next: (error?: ExtendedError) => void) {
    try {
      const { ticket } = socket.handshake.auth as { ticket?: unknown };
      const held = typeof ticket === 'string' ? this.tickets.get(ticket) : undefined;
      if (held) this.tickets.delete(String(ticket));
      if (this.draining || !held || held.expiresAt < Date.now())
        throw new AppError('socket.refused', 'Ask for a new ticket.');
      socket.data = held.member;
      next();
    } catch (error) {
      const refusal: ExtendedError = new Error(toAppError(error).code);
      next(refusal);
    }
  }

  private seat(socket: Socket) {
    const seat = new Seat(socket, socket.data as Member);
    const { memberId } = seat.member;
    const seats = this.seats.get(memberId) ?? new Set();
    // A phone that came back may have left dead sockets: the oldest goes, not the new one.
    if (seats.size >= SOCKETS_PER_MEMBER) [...seats][0]!.socket.disconnect(true);
    this.seats.set(memberId, seats.add(seat));
    this.open += 1;
    // It is connected: who asks for that again asks for nothing that is counted.
    (socket.conn as unknown as EventEmitter).on(
      'packet',
      ({ type, data }: { type: string; data?: unknown }) => {
        if (type === 'message' && typeof data === 'string' && data.startsWith('0')) socket.conn.close();
      },
    );
    // Socket.IO would make and queue each answer anew; most are written as they are.
    (socket as unknown as { ack: (id: number) => (answer: unknown) => void }).ack = (id) => (answer) =>
      seat.answer(id, answer);
    socket.onAny((event: unknown, ...args: unknown[]) => void this.take(seat, event, args));
    socket.on('disconnect', () => {
      this.open -= 1;
      seats.delete(seat);
      if (!seats.size) this.seats.delete(memberId);
      for (const leave of this.leavers) leave(seat);
    });
  }

  private async take(seat: Seat, event: unknown, args: unknown[]) {
    const last = args.at(-1);
    const answer = typeof last === 'function' ? (last as (answer: Answer<unknown>) => void) : undefined;
    this.inFlight += 1;
    try {
      const wait = seat.charge();
      if (wait)
        throw new AppError('request.slowDown', 'You are going a little fast.', { retryAfterMs: wait });
      if (event === 'tooLarge') throw new AppError('request.tooLarge', 'That is too big to send live.');
      if (this.draining) throw new AppError('server.busy', 'Restarting: try again.', { retryAfterMs: 1_000 });
      const data = await this.run(seat, event, args);
      answer?.({ ok: true, data });
    } catch (thrown) {
      const error = toAppError(thrown);
      const ref = newRef();
      if (error.code === 'server.failed')
        this.log.error(
          { ref, command: String(args[0]), member: seat.member.memberId, ...errorFields(thrown) },
          'command failed',
        );
      else this.log.debug({ ref, code: error.code, member: seat.member.memberId }, 'command refused');
      answer?.({ ok: false, error: toBody(error, ref) });
    } finally {
      this.inFlight -= 1;
    }
  }

  private async run(seat: Seat, event: unknown, [name, input]: unknown[]) {
    const bound = event === wire.ask && typeof name === 'string' ? this.commands.get(name) : undefined;
    if (!bound) throw notFound();
    const { role, observer } = seat.member;
    if (!bound.door.roles.includes(role)) throw new AppError('auth.forbidden', `Not for the role ${role}.`);
    if (bound.door.partaking && observer)
      throw new AppError('auth.forbidden', 'You look on: say that you take part first.');
    const checked = bound.command.input.safeParse(input);
    if (!checked.success) throw invalid(checked.error);
    return bound.command.output.parse(await bound.handle(seat, checked.data));
  }
}
