import type { Socket as TcpSocket } from 'node:net';
import type { Socket } from 'socket.io';
import type { Member } from './doors';

/** Above this much unsent, a seat is skipped and owes itself a fresh start; above the second, it is cut. */
const SLOW_BYTES = 256 * 1024;
const CUT_BYTES = 1024 * 1024;

/** Twenty messages a second, forty at once, by a clock that nobody sets. */
const RATE = 20;
const BURST = 40;
const REFUSALS_BEFORE_CUT = 500;

/** The part of Engine.IO's WebSocket that a prebuilt frame is written to. */
interface RawTransport {
  name: string;
  socket?: { readyState: number; _socket?: TcpSocket };
}

/** Lets `burst` through at once and `perSecond` after that. */
export class Bucket {
  private tokens: number;
  private filledAt = performance.now();

  constructor(
    private readonly perSecond: number,
    private readonly burst: number,
  ) {
    this.tokens = burst;
  }

  /** Takes one. Answers how long to wait in ms, 0 for go on. */
  take(now = performance.now()): number {
    this.tokens = Math.min(this.burst, this.tokens + ((now - this.filledAt) / 1000) * this.perSecond);
    this.filledAt = now;
    if (this.tokens < 1) return Math.ceil(((1 - this.tokens) / this.perSecond) * 1000);
    this.tokens -= 1;
    return 0;
  }
}

/** One event in both forms: whole for the wire, and as Engine.IO's own queue takes it. */
export interface Encoded {
  frame: Buffer;
  text: string;
}

/** Engine.IO's message as a whole WebSocket text frame. */
export function frameOf(text: string): Buffer {
  const length = Buffer.byteLength(text) + 1;
  const head = length < 126 ? 2 : length < 65_536 ? 4 : 10;
  const frame = Buffer.allocUnsafe(head + length);
  frame[0] = 0x81;
  frame[1] = head === 2 ? length : head === 4 ? 126 : 127;
  if (head === 4) frame.writeUInt16BE(length, 2);
  if (head === 10) frame.writeBigUInt64BE(BigInt(length), 2);
  frame.write('4', head, 'latin1');
  frame.write(text, head + 1);
  return frame;
}

/** One socket of one member. It exists only after the member was let in. */
export class Seat {
  /** Room to the audience within it. */
  readonly rooms = new Map<string, string>();
  /** Rooms of which something was skipped. */
  readonly owed = new Set<string>();
  /** Rooms it is about to enter, so that a leave on its heels is not overtaken. */
  readonly wishes = new Map<string, symbol>();
  private readonly bucket = new Bucket(RATE, BURST);
  private refusals = 0;

  constructor(
    readonly socket: Socket,
    readonly member: Member,
  ) {}

  in(roomId: string) {
    return this.rooms.has(roomId);
  }

  /**
   * Writes a prebuilt frame. False when the reader is too slow or gone, and nothing was written.
   * While Engine.IO holds something back the event goes into its queue, so that the order stays.
   */
  push({ frame, text }: Encoded): boolean {
    const { conn } = this.socket;
    const tcp = conn.readyState === 'open' ? this.line : undefined;
    if (!tcp || this.waiting(tcp) > SLOW_BYTES) return false;
    if (this.held.length) conn.send(text);
    else tcp.write(frame);
    return true;
  }

  /** Answers packet `id`. An answer is never skipped, however slow the reader. */
  answer(id: number, answer: unknown) {
    const { conn } = this.socket;
    const tcp = conn.readyState === 'open' ? this.line : undefined;
    const text = `3${id}${JSON.stringify([answer])}`;
    if (!tcp || this.held.length) conn.send(text);
    else tcp.write(frameOf(text));
  }

  private get line(): TcpSocket | undefined {
    const { socket } = this.socket.conn.transport as unknown as RawTransport;
    return socket?.readyState === 1 ? socket._socket : undefined;
  }

  /** What Engine.IO holds back until the kernel takes what is before it. */
  private get held() {
    return (this.socket.conn as unknown as { writeBuffer: { data?: string }[] }).writeBuffer;
  }

  /** Bytes that are on their way to a reader who has not taken them yet. */
  private waiting(tcp: TcpSocket) {
    return this.held.reduce((bytes, { data }) => bytes + (data?.length ?? 0), tcp.writableLength);
  }

  /**
   * Charges one message. Answers how long to wait in ms, 0 for go on.
   * Cuts off who does not stop, and who asks on and on without reading the answers.
   */
  charge(now = performance.now()): number {
    const { line } = this;
    if (line && this.waiting(line) > CUT_BYTES) line.destroy();
    const wait = this.bucket.take(now);
    if (wait && ++this.refusals >= REFUSALS_BEFORE_CUT) this.socket.disconnect(true);
    return wait;
  }
}
