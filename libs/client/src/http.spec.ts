import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { endpoint } from '@parley/contracts/contract';
import { z } from 'zod';
import { CallError, CookieJar, http } from './http';

const readThing = endpoint({
  method: 'GET',
  path: '/api/c/:communityId/things/:thing',
  rights: ['thing.read'],
  summary: 'Reads.',
  input: z.strictObject({
    communityId: z.string(),
    thing: z.string(),
    after: z.string().optional(),
    limit: z.int().optional(),
  }),
  output: z.object({ name: z.string() }),
});
const makeThing = endpoint({
  method: 'POST',
  path: '/api/c/:communityId/things',
  rights: ['thing.create'],
  summary: 'Makes.',
  input: z.strictObject({ communityId: z.string(), name: z.string() }),
  output: z.object({ name: z.string() }),
});

interface Seen {
  line: string;
  headers: IncomingMessage['headers'];
  body: string;
}
let server: Server;
let url: string;
let seen: Seen[];
let respond: (response: ServerResponse) => void;
beforeEach(async () => {
  seen = [];
  respond = (response) => json(response, 200, { name: 'fold', secret: 1 });
  server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => (body += String(chunk)));
    request.on('end', () => {
      seen.push({ line: `${request.method} ${request.url}`, headers: request.headers, body });
      respond(response);
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(() => stop());

const stop = () =>
  new Promise<void>((done) => {
    server.close(() => done());
    server.closeAllConnections();
  });
const json = (response: ServerResponse, status: number, body: unknown, cookies: string[] = []) =>
  response
    .writeHead(status, { 'content-type': 'application/json', 'set-cookie': cookies })
    .end(JSON.stringify(body));
const thing = { communityId: 'halden', thing: 'fold' };
const refusalOf = async (call: Promise<unknown>) => {
  const error = await call.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(CallError);
  return (error as CallError).body;
};

describe('a call', () => {
  it('puts the parts of the path where they belong, whatever they hold', async () => {
    const call = http({ url });
    await call(readThing, { communityId: 'a/b?c', thing: ':communityId $& ü' });

    expect(seen[0]!.line).toBe(`GET /api/c/a%2Fb%3Fc/things/${encodeURIComponent(':communityId $& ü')}`);
  });

  it('puts the rest into the query, without what is left out', async () => {
    await http({ url })(readThing, { ...thing, after: 'a&b=c', limit: undefined });
    await http({ url })(readThing, { ...thing, after: undefined });

    expect(seen.map(({ line }) => line)).toEqual([
      'GET /api/c/halden/things/fold?after=a%26b%3Dc',
      'GET /api/c/halden/things/fold',
    ]);
    expect(seen[0]!.headers['content-type']).toBeUndefined();
  });

  it('puts the rest into the body where something is changed', async () => {
    await http({ url })(makeThing, { communityId: 'halden', name: 'fold' });

    expect(seen[0]).toMatchObject({
      line: 'POST /api/c/halden/things',
      body: '{"name":"fold"}',
      headers: { 'content-type': 'application/json' },
    });
  });

  it('answers what the contract names, and nothing else', async () => {
    expect(await http({ url })(readThing, thing)).toEqual({ name: 'fold' });
  });

  it('throws the refusal of the server', async () => {
    const body = { code: 'request.slowDown', message: 'Slow.', retryable: true, retryAfterMs: 70, ref: 'r1' };
    respond = (response) => json(response, 429, body);
    const refusal = await refusalOf(http({ url })(readThing, thing));

    expect(refusal).toEqual(body);
  });

  it.each([
    ['the page of a proxy with 502', (response: ServerResponse) => response.writeHead(502).end('<html>')],
    ['the page of a proxy with 200', (response: ServerResponse) => response.writeHead(200).end('<html>')],
    ['something else', (response: ServerResponse) => json(response, 200, { other: 1 })],
    ['a problem of a later version', (response: ServerResponse) => json(response, 409, { code: 'new.code' })],
    [
      'an answer cut short',
      (response: ServerResponse) => {
        response.writeHead(200, { 'content-length': 100 }).write('{"name":');
        setTimeout(() => response.destroy(), 20);
      },
    ],
    ['a cut connection', (response: ServerResponse) => response.destroy()],
  ])('that gets %s may be tried again', async (_, how) => {
    respond = how;
    expect(await refusalOf(http({ url })(readThing, thing))).toMatchObject({
      code: 'server.busy',
      retryable: true,
    });
  });

  it('may be tried again where the server is away', async () => {
    await stop();
    expect(await refusalOf(http({ url })(readThing, thing))).toMatchObject({ retryable: true });
  });

  it('does not wait for ever', async () => {
    respond = () => undefined;
    const started = performance.now();
    expect(await refusalOf(http({ url, timeoutMs: 100 })(readThing, thing))).toMatchObject({
      retryable: true,
    });
    expect(performance.now() - started).toBeLessThan(2_000);
  });
});

describe('a jar', () => {
  const cookies = async (jar: CookieJar, ...set: string[]) => {
    respond = (response) => json(response, 200, { name: '' }, set);
    await http({ url, jar })(readThing, thing);
    return jar.header();
  };

  it('keeps cookies, replaces them, and sends them with the origin', async () => {
    const jar = new CookieJar();
    await cookies(jar, 'a=1; Path=/; HttpOnly; SameSite=Lax', 'b=x=y==; Max-Age=60');
    expect(await cookies(jar, 'a=2')).toBe('a=2; b=x=y==');
    expect(seen[1]!.headers).toMatchObject({ cookie: 'a=1; b=x=y==', origin: url });
  });

  it.each(['a=; Max-Age=0; Path=/', 'a=; max-age=-1', 'a=; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT'])(
    'forgets a cookie that is over: %s',
    async (over) => {
      const jar = new CookieJar();
      await cookies(jar, 'a=1; Expires=Fri, 31 Dec 2100 00:00:00 GMT', 'b=1');
      expect(jar.header()).toBe('a=1; b=1');
      expect(await cookies(jar, over)).toBe('b=1');
    },
  );

  it('keeps cookies also of a refusal', async () => {
    const jar = new CookieJar();
    respond = (response) => json(response, 401, {}, ['a=1']);
    await refusalOf(http({ url, jar })(readThing, thing));
    expect(jar.header()).toBe('a=1');
  });
});
