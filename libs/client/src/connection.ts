import type { AskOf, Command, OutputOf } from '@parley/contracts/contract';
import type { Answer } from '@parley/contracts/errors';
import { MESSAGE_MAX, readClock, wire } from '@parley/contracts/realtime';
import { io, type Socket } from 'socket.io-client';
import { backoff } from './backoff';
import { CallError, noAnswer } from './http';

/** `lost` tries again by itself; `closed` does not (signed out, no longer a member, or closed by us). */
export type Link = 'connecting' | 'open' | 'lost' | 'closed';

/** A link that held this long was a good one: the next try after it comes soon. */
const LASTING_MS = 5_000;

interface ConnectionOptions {
  url?: string;
  /** A fresh single-use ticket for each attempt to connect. */
  ticket: () => Promise<string>;
  /** Outside a browser, where no Origin is sent by itself. */
  origin?: string;
  /** How long a command may go unanswered, ms. */
  timeoutMs?: number;
}

/** One socket to one community, kept up: reconnects with jitter, a new ticket each time. */
export class Connection {
  readonly socket: Socket;
  private state: Link = 'connecting';
  private readonly watchers = new Set<(link: Link) => void>();
  private offset = 0;
  private bestTrip = Infinity;
  private retry: ReturnType<typeof setTimeout> | undefined;
  /** A ticket or an answer of the server is on its way. */
  private trying = false;
  private attempts = 0;
  private openedAt = 0;

  constructor(private readonly options: ConnectionOptions) {
    const { url, origin } = options;
    this.socket = io(url ?? '', {
      transports: ['websocket'],
      autoConnect: false,
      // Ours, because each attempt needs a ticket of its own.
      reconnection: false,
      forceNew: true,
      timeout: 8_000,
      ...(origin && { extraHeaders: { origin } }),
    });
    this.socket.on('connect', () => {
      this.trying = false;
      this.openedAt = performance.now();
      this.become('open');
      void this.syncClock();
    });
    this.socket.on('connect_error', () => this.again());
    this.socket.on('disconnect', () => {
      // A server that lets in and cuts off at once is not to be stormed.
      if (this.state === 'open' && performance.now() - this.openedAt > LASTING_MS) this.attempts = 0;
      this.again();
    });
    void this.open();
  }

  get link() {
    return this.state;
  }

  /** Calls back with each change of the link; answers how to stop. */
  watch(watcher: (link: Link) => void): () => void {
    this.watchers.add(watcher);
    return () => this.watchers.delete(watcher);
  }

  /** The server's time now, ms. */
  now(): number {
    return Date.now() + this.offset;
  }

  /** Sends one command and answers what the server answers; throws `CallError`. */
  async send<C extends Command>(command: C, input: AskOf<C>): Promise<OutputOf<C>> {
    if (!this.socket.connected) throw noAnswer('not connected');
    // The transport would cut the link without a word, and an outbox would send it for ever.
    if (JSON.stringify(input).length > MESSAGE_MAX - 200)
      throw new CallError({
        code: 'request.tooLarge',
        message: 'Too big to send live.',
        retryable: false,
        ref: '',
      });
    let answer: Answer<OutputOf<C>>;
    try {
      answer = await this.socket
        .timeout(this.options.timeoutMs ?? 8_000)
        .emitWithAck(wire.ask, command.command, input);
    } catch (error) {
      throw noAnswer(String(error));
    }
    if (!answer.ok) throw new CallError(answer.error);
    return answer.data;
  }

  close() {
    this.become('closed');
    clearTimeout(this.retry);
    this.socket.disconnect();
  }

  /** Tries at once, as when the phone says that it is online again. */
  hurry() {
    if (this.state !== 'lost' || this.trying) return;
    clearTimeout(this.retry);
    void this.open();
  }

  private async open() {
    this.trying = true;
    try {
      const ticket = await this.options.ticket();
      if (this.state === 'closed') return;
      this.socket.auth = { ticket };
      this.socket.connect();
    } catch (error) {
      const final = error instanceof CallError && !error.body.retryable;
      if (final) this.become('closed');
      else this.again();
    }
  }

  private again() {
    this.trying = false;
    if (this.state === 'closed') return;
    clearTimeout(this.retry);
    this.retry = setTimeout(() => void this.open(), backoff(this.attempts++, 100));
    this.become('lost');
  }

  private become(link: Link) {
    if (this.state === link) return;
    this.state = link;
    for (const watcher of this.watchers) watcher(link);
  }

  /** Of five looks at the server's clock the one with the shortest way there and back is nearest to the truth. */
  private async syncClock() {
    this.bestTrip = Infinity;
    for (let look = 0; look < 5; look += 1) {
      const asked = Date.now();
      const { now } = await this.send(readClock, {}).catch(() => ({ now: NaN }));
      const trip = Date.now() - asked;
      if (Number.isNaN(now)) return;
      if (trip < this.bestTrip) {
        this.bestTrip = trip;
        this.offset = now + trip / 2 - Date.now();
      }
      await new Promise((done) => setTimeout(done, 150));
    }
  }
}
