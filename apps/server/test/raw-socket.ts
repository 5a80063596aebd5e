import { type ClientOptions, WebSocket } from 'ws';
import type { Answer } from '@parley/contracts/errors';
import { until } from './server';

/** A WebSocket that speaks the socket's protocol by hand, so that it can also speak it wrongly. */
export class RawSocket {
  readonly answers = new Map<number, Answer<unknown>>();
  /** `open`, or the status with which it was refused. */
  readonly opened: Promise<'open' | number>;
  closed = false;
  closeCode = 0;
  private readonly ws: WebSocket;
  private entered: string | undefined;
  private asked = 1_000;

  constructor(url: string, { origin, cookie }: { origin?: string; cookie?: string } = { origin: url }) {
    const options: ClientOptions = {
      perMessageDeflate: false,
      headers: { ...(origin !== undefined && { origin }), ...(cookie && { cookie }) },
    };
    this.ws = new WebSocket(`${url.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket`, options);
    this.opened = new Promise((done) => {
      this.ws.on('open', () => done('open'));
      this.ws.on('unexpected-response', (request, response) => {
        done(response.statusCode ?? 0);
        request.destroy();
      });
    });
    this.ws.on('error', () => undefined);
    this.ws.on('close', (code) => {
      this.closed = true;
      this.closeCode = code;
    });
    this.ws.on('message', (data) => this.take(String(data)));
  }

  /** Asks to be let in. Answers `in`, or why not. */
  async enter(auth: unknown): Promise<string> {
    await this.opened;
    this.send(`40${auth === undefined ? '' : JSON.stringify(auth)}`);
    await until(() => this.entered !== undefined || this.closed);
    return this.entered ?? 'closed';
  }

  send(frame: string | Buffer) {
    if (this.ws.readyState === WebSocket.OPEN) this.ws.send(frame);
  }

  /** Sends an event and answers what it is answered. */
  async emit(event: unknown[]): Promise<Answer<unknown>> {
    const id = this.asked++;
    this.send(`42${id}${JSON.stringify(event)}`);
    await until(() => this.answers.has(id));
    return this.answers.get(id)!;
  }

  ask(command: string, input: unknown) {
    return this.emit(['do', command, input]);
  }

  /** Stops reading. */
  pause() {
    (this.ws as unknown as { _socket: { pause(): void } })._socket.pause();
  }

  close() {
    this.ws.terminate();
  }

  private take(frame: string) {
    if (frame === '2') this.send('3');
    else if (frame.startsWith('40')) this.entered = 'in';
    else if (frame.startsWith('44'))
      this.entered ??= (JSON.parse(frame.slice(2)) as { message: string }).message;
    const answer = /^43(\d+)(\[.*\])$/s.exec(frame);
    if (answer) this.answers.set(Number(answer[1]), (JSON.parse(answer[2]!) as [Answer<unknown>])[0]);
  }
}
