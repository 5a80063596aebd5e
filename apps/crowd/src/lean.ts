import type { AskOf, Command, OutputOf } from '@parley/contracts/contract';
import type { Answer } from '@parley/contracts/errors';
import { CallError, noAnswer } from '@parley/client/http';
import { wire } from '@parley/contracts/realtime';
import WebSocket from 'ws';

/** How long the server may take to let a socket in. */
const OPEN_MS = 15_000;

/** The beginnings of what arrives, as the wire writes it. */
const FRAME = Buffer.from(`42["${wire.frame}"`);
const FACTS = Buffer.from(`42["${wire.facts}"`);
const BEHIND = Buffer.from(`42["${wire.behind}"`);
const startsWith = (data: Buffer, start: Buffer) => data.subarray(0, start.length).equals(start);

/**
 * A Socket.IO connection without the library, for members of whom only the load matters: it counts what arrives
 * without reading it, so that a thousand of them fit beside the server that they measure.
 */
export class LeanSocket {
  frames = 0;
  facts = 0;
  behinds = 0;
  other = 0;
  bytes = 0;
  frameBytes = 0;
  closed = false;
  private asked = 0;
  private readonly waiting = new Map<string, (answer: unknown) => void>();

  private constructor(private readonly socket: WebSocket) {}

  /** Settles when the server has let it in. */
  static open(url: string, origin: string, auth?: object): Promise<LeanSocket> {
    const address = `${url.replace(/^http/, 'ws')}/socket.io/?EIO=4&transport=websocket`;
    const socket = new WebSocket(address, { origin, perMessageDeflate: false, skipUTF8Validation: true });
    const lean = new LeanSocket(socket);
    return new Promise((done, failed) => {
      const timer = setTimeout(() => socket.terminate(), OPEN_MS);
      socket.on('message', (data: Buffer) => {
        lean.bytes += data.length;
        if (data[0] === 0x34) return lean.take(data, () => (clearTimeout(timer), done(lean)));
        // Engine.IO: open, then pings.
        if (data[0] === 0x30) socket.send(`40${auth ? JSON.stringify(auth) : ''}`);
        else if (data[0] === 0x32) socket.send('3');
      });
      socket.on('error', () => undefined);
      socket.on('close', () => {
        clearTimeout(timer);
        lean.closed = true;
        failed(noAnswer('the socket was closed'));
        for (const answer of lean.waiting.values()) answer(undefined);
        lean.waiting.clear();
      });
    });
  }

  /** Sends an event that is answered; undefined when no answer came. */
  emit(event: string, ...args: unknown[]): Promise<unknown> {
    const id = String((this.asked += 1));
    return new Promise((done) => {
      if (this.closed) return done(undefined);
      this.waiting.set(id, done);
      this.socket.send(`42${id}${JSON.stringify([event, ...args])}`);
    });
  }

  /** Sends an event that is not answered. */
  tell(event: string, ...args: unknown[]) {
    if (!this.closed) this.socket.send(`42${JSON.stringify([event, ...args])}`);
  }

  /** One command of the contracts. */
  async send<C extends Command>(command: C, input: AskOf<C>): Promise<OutputOf<C>> {
    const answer = (await this.emit(wire.ask, command.command, input)) as Answer<OutputOf<C>> | undefined;
    if (!answer) throw noAnswer('the socket was closed');
    if (!answer.ok) throw new CallError(answer.error);
    return answer.data;
  }

  close() {
    this.socket.close();
  }

  private take(data: Buffer, letIn: () => void) {
    if (data[1] === 0x32) {
      if (startsWith(data, FRAME)) {
        this.frames += 1;
        this.frameBytes += data.length;
      } else if (startsWith(data, FACTS)) this.facts += 1;
      else if (startsWith(data, BEHIND)) this.behinds += 1;
      else this.other += 1;
    } else if (data[1] === 0x33) {
      const text = data.toString();
      const at = text.indexOf('[');
      const id = text.slice(2, at);
      this.waiting.get(id)?.((JSON.parse(text.slice(at)) as unknown[])[0]);
      this.waiting.delete(id);
    } else if (data[1] === 0x30) letIn();
    // A refused connection, or the server takes the socket out.
    else this.socket.close();
  }
}
