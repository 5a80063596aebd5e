import { randomUUID } from 'node:crypto';
import { joinSession, listSessions, sendComment, startSession } from '@parley/contracts/live';
import { readClock } from '@parley/contracts/realtime';
import { Client } from 'pg';
import { takeTicket } from '@parley/contracts/people';
import {
  databaseUrl,
  halden,
  memberOf,
  morrow,
  sessionOf,
  startTestServer,
  type TestServer,
  until,
  type Visitor,
} from '../../test/server';
import { RawSocket } from '../../test/raw-socket';
import { Realtime } from './realtime';
import { Sockets } from './sockets';

const session = sessionOf('halden-one-film');

let server: TestServer;
let ines: Visitor;
/** Somebody whom none of it may disturb. */
let bystander: Awaited<ReturnType<Visitor['connect']>>;
beforeAll(async () => {
  server = await startTestServer();
  ines = await server.visit('ines');
  bystander = await (await server.visit('tunde')).connect(halden);
  const jo = await (await server.visit('jo')).join(session);
  await jo.send(startSession, { opId: randomUUID(), sessionId: session });
});
afterAll(() => server.stop());

const open: RawSocket[] = [];
afterEach(async () => {
  expect(bystander.link).toBe('open');
  // Tests follow each other faster than a member may ask.
  await until(() => bystander.send(readClock, {}).then(Boolean, () => false));
  for (const socket of open.splice(0)) socket.close();
});

const ticketOf = async (who: Visitor, communityId = halden) =>
  (await who.call(takeTicket, { communityId })).ticket;
/** A socket at which every byte is one's own doing. */
async function rawSocket(who = ines, communityId = halden) {
  const socket = new RawSocket(server.url);
  open.push(socket);
  expect(await socket.enter({ ticket: await ticketOf(who, communityId) })).toBe('in');
  return socket;
}
const named = (...fields: string[]) => Object.fromEntries(fields.map((field) => [field, expect.anything()]));
const median = (values: number[]) => values.sort((a, b) => a - b)[values.length >> 1]!;
/** The bystander's answers while something goes on, ms. */
async function meanwhile(work: Promise<unknown>) {
  const trips: number[] = [];
  let over = false;
  void work.finally(() => (over = true));
  while (!over) {
    const began = performance.now();
    await bystander.send(readClock, {});
    trips.push(performance.now() - began);
    await new Promise((done) => setTimeout(done, 60));
  }
  return median(trips);
}

describe('a socket is opened', () => {
  it.each<[string, (url: string) => string | undefined, boolean]>([
    ['our own', (url) => url, true],
    ['our own by number', (url) => url.replace('localhost', '127.0.0.1'), true],
    ['none', () => undefined, false],
    ['an empty', () => '', false],
    ['a hidden', () => 'null', false],
    ['a foreign', () => 'https://evil.example', false],
    ['ours with https', (url) => url.replace('http:', 'https:'), false],
    ['ours on another port', (url) => url.replace(/\d+$/, '9999'), false],
    ['ours without a port', (url) => url.replace(/:\d+$/, ''), false],
    ['ours as a prefix', (url) => `${url}.evil.example`, false],
    ['ours as a suffix', (url) => url.replace('//', '//evil-'), false],
    ['ours in capitals', (url) => url.toUpperCase(), false],
    ['ours with a path', (url) => `${url}/`, false],
    ['ours among two', (url) => `${url}, https://evil.example`, false],
  ])('from %s origin as it should be', async (_, origin, opens) => {
    const socket = new RawSocket(server.url, { origin: origin(server.url), cookie: ines.jar.header() });
    open.push(socket);
    expect(await socket.opened).toBe(opens ? 'open' : 400);
    if (opens) expect(await socket.enter({ ticket: await ticketOf(ines) })).toBe('in');
  });

  it.each<[string, () => Promise<unknown> | unknown]>([
    ['none', () => ({})],
    ['nothing at all', () => undefined],
    ['an invented one', () => ({ ticket: 'x'.repeat(32) })],
    ['one of the wrong kind', () => ({ ticket: { toString: 1 } })],
    ['the name of a property', () => ({ ticket: '__proto__' })],
    [
      'a used one',
      async () => {
        const ticket = await ticketOf(ines);
        const first = new RawSocket(server.url);
        open.push(first);
        await first.enter({ ticket });
        return { ticket };
      },
    ],
    [
      'one that is 31 seconds old',
      async () => {
        const ticket = await ticketOf(ines);
        const { tickets } = server.get(Sockets) as unknown as { tickets: Map<string, { expiresAt: number }> };
        tickets.get(ticket)!.expiresAt -= 31_000;
        return { ticket };
      },
    ],
    [
      'that of somebody who has signed out',
      async () => {
        const kenji = await server.visit('kenji');
        const ticket = await ticketOf(kenji);
        await kenji.request('/api/sign-out', {
          method: 'POST',
          body: '{}',
          headers: { 'content-type': 'application/json' },
        });
        return { ticket };
      },
    ],
  ])('by no ticket but a fresh one: %s is refused', async (_, auth) => {
    const socket = new RawSocket(server.url);
    open.push(socket);
    expect(await socket.enter(await auth())).toBe('socket.refused');
  });

  it('for the one community of the ticket', async () => {
    const priya = await server.visit('priya');
    const socket = await rawSocket(priya, morrow);
    expect(await socket.ask('live.join', { sessionId: session })).toMatchObject({
      error: { code: 'request.notFound' },
    });
    await expect(ines.call(takeTicket, { communityId: morrow })).rejects.toMatchObject({
      code: 'request.notFound',
    });
  });

  it.each(['EIO=4&transport=polling', 'EIO=3&transport=websocket', 'EIO=3&transport=polling', ''])(
    'not by %s',
    async (query) => {
      const { status } = await ines.request(`/socket.io/?${query}`);
      expect(status).toBe(400);
    },
  );

  it('five times by one member; the sixth takes the place of the oldest', async () => {
    const lena = await server.visit('lena');
    const sockets: RawSocket[] = [];
    for (let at = 0; at < 6; at += 1) sockets.push(await rawSocket(lena));
    await until(() => sockets[0]!.closed);
    for (const socket of sockets.slice(1))
      expect(await socket.ask('clock.read', {})).toMatchObject({ ok: true });
  });
});

describe('a command', () => {
  it.each<[string, unknown[], object]>([
    ['that is unknown', ['do', 'live.dance', {}], { code: 'request.notFound' }],
    ['that is a property', ['do', '__proto__', {}], { code: 'request.notFound' }],
    ['without a name', ['do'], { code: 'request.notFound' }],
    ['whose name is a list', ['do', ['clock.read'], {}], { code: 'request.notFound' }],
    ['as another event', ['dance', {}], { code: 'request.notFound' }],
    ['as an event that the server sends', ['facts', session, []], { code: 'request.notFound' }],
    ['with a field too many', ['do', 'clock.read', { x: 1, y: 2 }], { fields: named('x', 'y') }],
    ['with nothing', ['do', 'live.join'], { code: 'request.invalid' }],
    [
      'with the wrong kinds',
      ['do', 'live.sample', { sessionId: 'x', cueId: 1, round: 0, dial: [[0, 101]], moods: [[0, 'rage']] }],
      {
        fields: named('sessionId', 'cueId', 'round', 'dial.0.1', 'moods.0.1'),
      },
    ],
    [
      'not for the role',
      ['do', 'live.start', { opId: session, sessionId: session }],
      { code: 'auth.forbidden' },
    ],
    [
      'out of a room',
      ['do', 'live.comment', { opId: session, sessionId: session, body: 'Hi', cueId: null, second: null }],
      { code: 'session.notJoined' },
    ],
    [
      'with a since that is none',
      ['do', 'live.join', { sessionId: session, since: -1 }],
      { fields: named('since') },
    ],
    ['of 20 kB', ['do', 'live.join', { x: 'x'.repeat(20_000) }], { code: 'request.tooLarge' }],
    ['of 60 kB', ['do', 'live.join', { x: 'x'.repeat(60_000) }], { code: 'request.tooLarge' }],
  ])('%s is answered', async (_, event, error) => {
    const socket = await rawSocket();
    const answer = await socket.emit(event);
    expect(answer).toMatchObject({
      ok: false,
      error: { retryable: false, ref: expect.any(String), ...error },
    });
  });

  it('means the same thing by an id in capitals', async () => {
    const ticket = await ticketOf(ines, halden.toUpperCase());
    const socket = new RawSocket(server.url);
    open.push(socket);
    await socket.enter({ ticket });
    expect(await socket.ask('live.join', { sessionId: session.toUpperCase() })).toMatchObject({ ok: true });
    const seats = [...server.get(Realtime).seats(halden, session)];
    expect(seats.map(({ member }) => member.memberId)).toContain(memberOf('halden', 'ines'));

    const opId = randomUUID();
    const comment = { sessionId: session, body: 'In capitals', cueId: null, second: null };
    const first = await socket.ask('live.comment', { ...comment, opId: opId.toUpperCase() });
    expect(first).toMatchObject({ ok: true });
    expect(await socket.ask('live.comment', { ...comment, opId: opId.toUpperCase() })).toEqual(first);
    expect(await socket.ask('live.comment', { ...comment, opId })).toEqual(first);
  });

  it('without a way to answer, or with something else in its place, does no harm', async () => {
    const socket = await rawSocket();
    socket.send('42["do","clock.read",{}]');
    socket.send('42["do","live.dance",{},"not a function"]');
    socket.send('42["do","live.join",{"sessionId":1},{"call":1}]');
    expect(await socket.ask('clock.read', {})).toMatchObject({ ok: true });
  });

  it('with keys that are names of the language changes nothing for anybody', async () => {
    const socket = await rawSocket();
    for (const key of ['__proto__', 'constructor', 'prototype', 'hasOwnProperty']) {
      socket.send(`429["do","clock.read",{"${key}":{"x":1}}]`);
      socket.send(`429["${key}",{"${key}":{"x":1}}]`);
    }
    expect(await socket.ask('clock.read', {})).toMatchObject({ ok: true });
    expect(({} as { x?: unknown }).x).toBeUndefined();
  });
});

it('a frame of more than 64 kB closes its own socket alone', async () => {
  const socket = await rawSocket();
  socket.send(`420["do","clock.read",{"x":"${'x'.repeat(66_000)}"}]`);
  await until(() => socket.closed);
  expect(socket.closeCode).toBe(1009);
});

const frames = `
  42["disconnect"] 42["disconnecting"] 42["error",{}] 42["newListener"] 42["connect"]
  42["connect_error"] 42[null] 42[1] 42[] 42{} 42"x" 42 4 43[1] 431[1] 43999999999999999999[]
  44{"message":"x"} 45 451-["do",{"_placeholder":true,"num":0}] 451-["do"] 451000000000-["do"]
  45- 46 47["x"] 40 40{"ticket":"x"} 40/other,{} 40/__proto__, 41 41/other, 5 6 7 9 b bAAAA
  2probe 3probe 1 0{} 42/other,["do"]`;
it.each([
  ...frames.trim().split(/\s+/),
  '',
  '\u0000',
  '\ud800',
  `42${'['.repeat(4_000)}`,
  `42["do","clock.read",${'['.repeat(4_000)}${']'.repeat(4_000)}]`,
  `42${'9'.repeat(300)}["do","clock.read",{}]`,
  `42["do"${',1'.repeat(1_000)}]`,
  `40${'{"a":'.repeat(3_000)}`,
])('the raw frame %j moves nobody else', async (frame) => {
  const socket = await rawSocket();
  socket.send(frame);
  socket.send(Buffer.from(frame));
});

describe('who does not behave', () => {
  it('is told to slow down, then cut off, and nobody else waits', async () => {
    const kenji = await server.visit('kenji');
    const socket = await rawSocket(kenji);
    for (let n = 0; n < 60; n += 1) socket.send(`42${n}["do","clock.read",{}]`);
    await until(() => socket.answers.size === 60);
    const refused = [...socket.answers.values()].filter(({ ok }) => !ok);
    expect(refused.length).toBeGreaterThanOrEqual(15);
    expect(refused[0]).toMatchObject({
      error: { code: 'request.slowDown', retryable: true, retryAfterMs: expect.any(Number) },
    });

    const flood = async () => {
      for (let n = 0; !socket.closed && n < 50_000; n += 1) {
        socket.send('42["do","clock.read",{}]');
        if (n % 100 === 99) await new Promise((done) => setTimeout(done, 5));
      }
      await until(() => socket.closed);
    };
    expect(await meanwhile(flood())).toBeLessThan(100);
  });

  it('by not reading is skipped, not waited for, and comes up to date by itself', async () => {
    const { connection, screen, send } = await (await server.visit('aoife')).join(session);
    const realtime = server.get(Realtime);
    const seat = [...realtime.seats(halden, session)].find(
      ({ member }) => member.memberId === memberOf('halden', 'aoife'),
    )!;
    realtime.enter(halden, 'filler', seat, 'all', () => []);
    const { transport } = connection.socket.io.engine as unknown as {
      transport: { ws: { _socket: { pause(): void; resume(): void } } };
    };
    transport.ws._socket.pause();

    const held = () =>
      (seat as unknown as { waiting(tcp: unknown): number; line: unknown }).waiting(
        (seat as unknown as { line: unknown }).line,
      );
    let most = 0;
    const stuff = async () => {
      for (let n = 1; n <= 400; n += 1) {
        realtime.tell(halden, 'filler', [[n, 'filler', 'x'.repeat(50_000)]]);
        most = Math.max(most, held());
        if (n % 20 === 0) await new Promise((done) => setTimeout(done, 10));
      }
    };
    expect(await meanwhile(stuff())).toBeLessThan(100);
    expect(most).toBeGreaterThan(200_000);
    expect(most).toBeLessThan(400_000);

    const ben = await ines.join(session);
    await ben.send(sendComment, {
      opId: randomUUID(),
      sessionId: session,
      body: 'While you slept',
      cueId: null,
      second: null,
    });
    await new Promise((done) => setTimeout(done, 600));
    expect(seat.owed.has(session)).toBe(true);
    const skipped = realtime.sent.facts;
    transport.ws._socket.resume();
    await until(() => screen().comments.some(({ body }) => body === 'While you slept'), 3_000);
    expect(realtime.sent.facts).toBe(skipped);
    expect(connection.link).toBe('open');
    expect(await send(joinSession, { sessionId: session })).toMatchObject({ missed: [] });
    ben.connection.close();
    connection.close();
  });

  it('by asking on and on without reading the answers is cut off', async () => {
    const emre = await server.visit('emre');
    const socket = await rawSocket(emre);
    await socket.ask('live.join', { sessionId: session });
    const seat = [...server.get(Realtime).seats(halden, session)].find(
      ({ member }) => member.memberId === memberOf('halden', 'emre'),
    )!;
    socket.pause();
    // As if it had asked for so much already.
    for (let n = 0; n < 200; n += 1) seat.socket.emit('filler', 'x'.repeat(50_000));
    socket.send('42["do","clock.read",{}]');
    await until(() => !server.get(Realtime).seats(halden, session).has(seat), 2_000);
  });
});

it('going down it answers what is under way, and loses nothing that it answered', async () => {
  const keys = ['ines', 'tunde', 'mateusz', 'priya'];
  const members = await Promise.all(keys.map(async (key) => (await server.visit(key)).join(session)));
  const say = (body: string, { connection } = members[0]!) =>
    connection
      .send(sendComment, { opId: randomUUID(), sessionId: session, body, cueId: null, second: null })
      .then(
        ({ comment }) => comment.body,
        ({ code }: { code: string }) => ({ code }),
      );
  const holder = new Client({ connectionString: databaseUrl(server.database) });
  await holder.connect();
  await holder.query('BEGIN; LOCK TABLE contribution IN ACCESS EXCLUSIVE MODE');
  const answers = members.flatMap((who, at) =>
    Array.from({ length: 15 }, (_, n) => say(`Last words ${at}.${n}`, who)),
  );
  await new Promise((done) => setTimeout(done, 200));
  const stopped = server.restart();
  await new Promise((done) => setTimeout(done, 500));
  const late = await say('Too late');
  await holder.end();
  const outcomes = await Promise.all(answers);
  await stopped;

  // Nothing new was taken in; the client asks again.
  expect(late).toEqual({ code: 'server.busy' });
  expect(outcomes.filter((outcome) => typeof outcome !== 'string')).toEqual([]);
  const rows = await server.sql<{ body: string }>(
    `SELECT body FROM contribution WHERE body LIKE 'Last words%' ORDER BY body`,
  );
  expect(rows.map(({ body }) => body)).toEqual((outcomes as string[]).sort());
  await until(() => bystander.link === 'open', 20_000);
  expect((await ines.call(listSessions, { communityId: halden })).sessions.length).toBeGreaterThan(0);
});
