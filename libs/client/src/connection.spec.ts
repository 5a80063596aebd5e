import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { command } from '@parley/contracts/contract';
import { MESSAGE_MAX } from '@parley/contracts/realtime';
import { Server, type Socket } from 'socket.io';
import { z } from 'zod';
import { backoff } from './backoff';
import { Connection, type Link } from './connection';
import { noAnswer } from './http';
import { pause, refusal, until } from './testing';

const echo = command({
  command: 'test.echo',
  rights: ['socket.clock.read'],
  summary: 'Answers what it is asked.',
  input: z.strictObject({ text: z.string() }),
  output: z.object({ text: z.string() }),
});

type Answer = (answer: unknown) => void;

/** A server that lets each ticket in once, and says that it is another time. */
class Desk {
  readonly given: string[] = [];
  readonly used: string[] = [];
  readonly asked: string[] = [];
  aheadMs = 0;
  /** How long words take to come here, and answers to go back. */
  thereMs = 0;
  backMs = 0;
  refusing = false;
  onSocket: (socket: Socket) => void = () => undefined;
  private io: Server | undefined;
  private port = 0;

  async start() {
    const server = createServer();
    this.io = new Server(server, { transports: ['websocket'], pingInterval: 300, pingTimeout: 300 });
    this.io.use((socket, next) => {
      const { ticket } = socket.handshake.auth as { ticket: string };
      const good = this.given.includes(ticket) && !this.used.includes(ticket) && !this.refusing;
      this.used.push(ticket);
      next(good ? undefined : new Error('socket.refused'));
    });
    this.io.on('connection', (socket) => {
      socket.on('do', (name: string, input: { text: string }, answer: Answer) => {
        this.asked.push(name);
        const late: Answer = (body) => setTimeout(() => answer(body), this.backMs);
        setTimeout(() => this.answer(name, input, late), this.thereMs);
      });
      this.onSocket(socket);
    });
    await new Promise<void>((done) => server.listen(this.port, '127.0.0.1', done));
    this.port = (server.address() as AddressInfo).port;
  }

  private answer(name: string, input: { text: string }, answer: Answer) {
    if (name === 'clock.read') answer({ ok: true, data: { now: Date.now() + this.aheadMs } });
    else if (input.text === 'refuse') answer({ ok: false, error: refusal('auth.forbidden').body });
    else if (input.text !== 'silence') answer({ ok: true, data: input });
  }

  /** For all seats at once, as when the process ends. */
  async stop() {
    await this.io?.close();
  }
  cut() {
    this.io?.disconnectSockets(true);
  }
  get seats() {
    return this.io?.sockets.sockets.size ?? 0;
  }
  get url() {
    return `http://127.0.0.1:${this.port}`;
  }
  ticket = () => {
    this.given.push(`ticket ${this.given.length}`);
    return Promise.resolve(this.given.at(-1)!);
  };
}

let desk: Desk;
let connections: Connection[] = [];
beforeEach(async () => {
  desk = new Desk();
  await desk.start();
});
afterEach(async () => {
  for (const connection of connections) connection.close();
  connections = [];
  await desk.stop();
});

function connect(ticket: () => Promise<string> = desk.ticket, timeoutMs?: number) {
  const connection = new Connection({ url: desk.url, ticket, ...(timeoutMs && { timeoutMs }) });
  connections.push(connection);
  const links: Link[] = [];
  connection.watch((link) => links.push(link));
  return { connection, links };
}
async function connected(timeoutMs?: number) {
  const all = connect(desk.ticket, timeoutMs);
  await until(() => all.connection.link === 'open');
  return all;
}
const refused = (call: Promise<unknown>) =>
  call.then(
    () => null,
    (error: unknown) => error,
  );

describe('a connection', () => {
  it('opens with a ticket, and answers what the server answers', async () => {
    const { connection, links } = await connected();

    expect(await connection.send(echo, { text: 'hello' })).toEqual({ text: 'hello' });
    expect(await refused(connection.send(echo, { text: 'refuse' }))).toMatchObject({
      code: 'auth.forbidden',
    });
    expect([links, desk.used]).toEqual([['open'], ['ticket 0']]);
  });

  it.each(['cut', 'restarted'])('comes back with a fresh ticket after it was %s', async (how) => {
    const { connection, links } = await connected();
    if (how === 'cut') desk.cut();
    else {
      await desk.stop();
      await desk.start();
    }
    await until(() => links.length === 3);

    expect(links).toEqual(['open', 'lost', 'open']);
    expect(new Set(desk.used).size).toBe(desk.used.length);
    expect(await connection.send(echo, { text: 'back' })).toEqual({ text: 'back' });
  });

  it('asks for a new ticket when the server refuses the one it has', async () => {
    desk.refusing = true;
    const { connection } = connect();
    await until(() => desk.used.length === 2);
    expect(connection.link).toBe('lost');
    desk.refusing = false;
    await until(() => connection.link === 'open');

    expect(new Set(desk.used).size).toBe(desk.used.length);
  });

  it('gives up when no ticket is to be had for good', async () => {
    let asked = 0;
    const { connection, links } = connect(() => {
      asked += 1;
      return Promise.reject(refusal('auth.required'));
    });
    await until(() => connection.link === 'closed');
    connection.hurry();
    await pause(700);

    expect([links, asked]).toEqual([['closed'], 1]);
  });

  it('goes on asking when a ticket is not to be had just now', async () => {
    const answers = [noAnswer('away'), new Error('odd')];
    const { connection } = connect(() => {
      const error = answers.shift();
      return error ? Promise.reject(error) : desk.ticket();
    });

    await until(() => connection.link === 'open');
  });

  it('notices a server that says nothing more', async () => {
    const { connection, links } = await connected();
    connection.socket.io.engine.transport.removeAllListeners('packet');
    await until(() => links.includes('lost'), 3_000);
  });
});

describe('coming back', () => {
  it('takes longer from try to try, differently each time, at most 15 s more than asked for', () => {
    for (let tries = 0; tries < 2_000; tries += 1) {
      const most = Math.min(15_000, 500 * 2 ** tries);
      expect(backoff(tries)).toBeLessThanOrEqual(most);
      expect(backoff(tries, 700)).toBeGreaterThanOrEqual(700);
      expect(backoff(tries, 700)).toBeLessThanOrEqual(700 + most);
    }
    const waits = Array.from({ length: 2_000 }, () => backoff(10));
    expect(Math.min(...waits)).toBeLessThan(1_500);
    expect(Math.max(...waits)).toBeGreaterThan(13_500);
  });

  it('is not a storm, though the server lets in and cuts off at once', async () => {
    desk.onSocket = (socket) => socket.disconnect(true);
    connect();
    await pause(5_000);

    expect(desk.used.length).toBeLessThan(12);
  });

  it('is at once when it is told to hurry, and one at a time', async () => {
    desk.refusing = true;
    const { connection } = connect();
    await until(() => desk.used.length === 1 && connection.link === 'lost');
    desk.refusing = false;
    for (let time = 0; time < 5; time += 1) connection.hurry();
    expect(desk.given.length).toBe(2);
    await until(() => connection.link === 'open');
    await pause(100);

    expect([desk.given.length, desk.seats]).toEqual([2, 1]);
  });
});

describe('a command', () => {
  it('that would be too big is refused before it is sent', async () => {
    const { connection } = await connected();
    const before = desk.asked.filter((name) => name === echo.command).length;
    const error = await refused(connection.send(echo, { text: 'a'.repeat(MESSAGE_MAX) }));

    expect(error).toMatchObject({ code: 'request.tooLarge', body: { retryable: false } });
    expect(desk.asked.filter((name) => name === echo.command).length).toBe(before);
  });

  it('that is just not too big is answered', async () => {
    const { connection } = await connected();
    const text = 'a'.repeat(MESSAGE_MAX - 250);
    expect(await connection.send(echo, { text })).toEqual({ text });
  });

  it('may be sent again when it is not answered in time', async () => {
    const { connection } = await connected(100);
    expect(await refused(connection.send(echo, { text: 'silence' }))).toMatchObject({
      code: 'server.busy',
      body: { retryable: true },
    });
  });

  it('is not left hanging when the link is lost, and is not sent while it is', async () => {
    const { connection } = await connected();
    const hanging = refused(connection.send(echo, { text: 'silence' }));
    desk.cut();
    expect(await hanging).toMatchObject({ body: { retryable: true } });
    expect(await refused(connection.send(echo, { text: 'now' }))).toMatchObject({
      body: { retryable: true },
    });
  });
});

describe('the time of the server', () => {
  it.each([-365 * 86_400_000, 90_000])('is known though the clocks are %i ms apart', async (aheadMs) => {
    desk.aheadMs = aheadMs;
    const { connection } = await connected();

    // On a busy machine the first look may be off.
    await until(() => Math.abs(connection.now() - (Date.now() + aheadMs)) < 50);
  });

  it('is known though all words take their time', async () => {
    desk.aheadMs = 60_000;
    desk.thereMs = desk.backMs = 100;
    const { connection } = await connected();

    await until(() => Math.abs(connection.now() - (Date.now() + 60_000)) < 50);
  });

  it('is taken from the quickest of the looks at it', async () => {
    desk.aheadMs = 60_000;
    desk.thereMs = 200;
    const { connection } = await connected();
    await until(() => desk.asked.length === 1);
    desk.thereMs = 0;
    await until(() => desk.asked.length === 5);
    await pause(50);

    // The first look alone would be off by half of what its answer took.
    expect(Math.abs(connection.now() - (Date.now() + 60_000))).toBeLessThan(50);
  });
});

describe('a closed connection', () => {
  it('stays closed, whenever it was closed', async () => {
    let letGo = (_ticket: string) => {};
    const asking = connect(() => new Promise((done) => (letGo = done)));
    asking.connection.close();
    letGo(await desk.ticket());
    const connecting = connect();
    await pause(0);
    connecting.connection.close();
    const open = await connected();
    open.connection.close();
    desk.refusing = true;
    const waiting = connect();
    await until(() => waiting.connection.link === 'lost');
    waiting.connection.close();
    desk.refusing = false;
    waiting.connection.hurry();
    const given = desk.given.length;
    await pause(800);

    for (const { connection } of [asking, connecting, open, waiting]) expect(connection.link).toBe('closed');
    expect([desk.seats, desk.given.length]).toEqual([0, given]);
  });

  it('leaves nothing behind that would keep a process alive', async () => {
    const timers = () => process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length;
    await desk.stop();
    const before = timers();
    await desk.start();
    const { connection } = await connected();
    await refused(connection.send(echo, { text: 'refuse' }));
    connection.close();
    await desk.stop();
    // Between two looks at the clock.
    await pause(200);

    expect(timers()).toBeLessThanOrEqual(before);
    expect(process.getActiveResourcesInfo().filter((kind) => /TCP/.test(kind))).toEqual([]);
  });

  it('may be closed by who watches it', async () => {
    desk.refusing = true;
    const { connection, links } = connect();
    connection.watch((link) => link === 'lost' && connection.close());
    await until(() => connection.link === 'closed');
    await pause(700);

    expect([links, desk.given.length]).toEqual([['lost', 'closed'], 1]);
  });
});
