import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { endpoints } from '@parley/contracts/api';
import { listCues } from '@parley/contracts/live';
import { logoPath, readLinks } from '@parley/contracts/media';
import { expectGuarded, raw } from '../../test/raw';
import {
  addressOf,
  DATA,
  dropDatabase,
  freshDatabase,
  halden,
  mediaOf,
  morrow,
  runtimeUrl,
  sessionOf,
  startTestServer,
  type TestServer,
  until,
  type Visitor,
} from '../../test/server';
import { TcpProxy } from '../../test/tcp-proxy';

const TOKEN = 'a-token-for-the-scraper';
const folder = mkdtempSync(join(tmpdir(), 'parley-files-'));

/** A part of the film, as Ines is given it. */
let film: string;

let database: string;
let proxy: TcpProxy;
let server: TestServer;
let ines: Visitor;
beforeAll(async () => {
  database = await freshDatabase();
  proxy = new TcpProxy(runtimeUrl(database));
  // The folder's name begins with a dot unless an operator says otherwise.
  const env = {
    DATABASE_RUNTIME_URL: await proxy.open(),
    PARLEY_DATA_DIR: join(folder, '.data'),
    METRICS_TOKEN: TOKEN,
  };
  server = await startTestServer(env, database);
  cpSync(join(DATA, 'files'), join(folder, '.data/files'), { recursive: true });
  ines = await server.visit('ines');
});
afterAll(async () => {
  await server.stop();
  proxy.close();
  await dropDatabase(database);
  rmSync(folder, { recursive: true });
});

const lookUpFilm = async () => {
  film = await addressOf(ines, mediaOf('halden-one-film'), 'v540', { part: '3' });
};
const get = (path: string, more: Omit<Parameters<typeof raw>[1], 'path'> = {}) =>
  raw(server.url, { method: 'GET', path, ...more });

describe('an operator', () => {
  it('hears that the process runs, and whether it can serve', async () => {
    expect(await get('/health/live')).toMatchObject({ status: 200, text: '{"ok":true}' });
    expect(await get('/health/ready')).toMatchObject({ status: 200, text: '{"ok":true}' });
    proxy.goAway();
    try {
      const began = Date.now();
      const away = await get('/health/ready');
      expect(away).toMatchObject({ status: 503, problem: { code: 'server.busy', retryable: true } });
      expect(away.headers['retry-after']).toBe('1');
      expect(away.text).not.toMatch(/ECONN|127\.0\.0\.1|parley_runtime/);
      expect(await get('/api/me', { who: ines })).toMatchObject({
        status: 503,
        problem: { code: 'server.busy' },
      });
      expect(await get('/health/live')).toMatchObject({ status: 200 });
      expect(Date.now() - began).toBeLessThan(4_000);
    } finally {
      proxy.goAway(false);
    }
    await until(async () => (await get('/health/ready')).status === 200);
    expect(await get('/api/me', { who: ines })).toMatchObject({ status: 200 });
  });

  it('sees every request answered while the database hangs, and all go on when it is back', async () => {
    await lookUpFilm();
    proxy.hang();
    const began = Date.now();
    const answers = await Promise.all(
      ['/api/me', '/health/ready', film].map((path) => get(path, { who: ines })),
    );
    expect(answers.map(({ status, problem }) => [status, problem.code])).toEqual(
      Array(3).fill([503, 'server.busy']),
    );
    // Before the caller gives up.
    expect(Date.now() - began).toBeLessThan(14_000);
    proxy.hang(false);
    await until(async () => (await get('/health/ready')).status === 200);
    expect(await get('/api/me', { who: ines })).toMatchObject({ status: 200 });
  });

  it('reads the metrics with the token or as an admin, and nobody else does', async () => {
    const bearer = (token: string) => get('/metrics', { headers: { authorization: `Bearer ${token}` } });
    expect(await get('/metrics')).toMatchObject({ status: 401, problem: { code: 'auth.required' } });
    expect(await bearer('another-token-of-somebody')).toMatchObject({ status: 401 });
    expect(await get('/metrics', { who: ines })).toMatchObject({
      status: 403,
      problem: { code: 'auth.forbidden' },
    });
    expect(await get('/metrics', { who: await server.visit('maren') })).toMatchObject({ status: 403 });
    for (const { status, text } of [
      await bearer(TOKEN),
      await get('/metrics', { who: await server.visit('robin') }),
    ]) {
      expect(status).toBe(200);
      expect(text).toMatch(/^parley_sockets \d+$/m);
      expect(text).toMatch(/^parley_write_batches \d+$/m);
      expect(text).toMatch(/^nodejs_eventloop_lag_p99_seconds /m);
    }
  });
});

describe('an integrator', () => {
  interface Operation {
    summary: string;
    parameters: { name: string; in: string; schema: object }[];
    requestBody?: {
      content: Record<string, { schema: { properties: object; additionalProperties?: boolean } }>;
    };
    responses: Record<string, { content: Record<string, { schema: object }> }>;
  }

  it('finds every endpoint described, with its input, output and errors', async () => {
    const { status, text, headers } = await get('/api/openapi.json');
    expect(status).toBe(200);
    expect(headers['content-type']).toMatch(/^application\/json/);
    const api = JSON.parse(text) as {
      openapi: string;
      info: object;
      paths: Record<string, Record<string, Operation>>;
    };
    expect(api.openapi).toMatch(/^3\.0\.\d$/);
    expect(api.info).toMatchObject({ title: expect.any(String), version: expect.any(String) });
    const described = Object.entries(api.paths).flatMap(([path, operations]) =>
      Object.keys(operations).map((method) => `${method.toUpperCase()} ${path}`),
    );
    expect(described.sort()).toEqual(
      endpoints.map(({ method, path }) => `${method} ${path.replace(/:(\w+)/g, '{$1}')}`).sort(),
    );
    for (const [path, operations] of Object.entries(api.paths))
      for (const { summary, parameters, requestBody, responses } of Object.values(operations)) {
        expect(summary).toMatch(/\.$/);
        const named = parameters
          .filter((parameter) => parameter.in === 'path')
          .map(({ name }) => `{${name}}`);
        expect(named).toEqual(path.match(/\{\w+\}/g) ?? []);
        for (const { schema } of parameters) expect(schema).toHaveProperty('type');
        if (requestBody)
          expect(requestBody.content['application/json']!.schema.additionalProperties).toBe(false);
        expect(responses['200']!.content['application/json']!.schema).toHaveProperty('type', 'object');
        expect(responses['default']!.content['application/problem+json']!.schema).toHaveProperty(
          'properties.code',
        );
      }
  });

  it('reads them on a page that needs no script but our own', async () => {
    const page = await get('/api/docs/');
    expect(page.status).toBe(200);
    const nonce = /'nonce-([^']+)'/.exec(expectGuarded(page.headers))![1]!;
    expect(page.text).toContain(`nonce="${nonce}"`);
    expect((await get('/api/docs/')).text).not.toContain(nonce);
    expect(page.text).not.toMatch(/<script(?! src="\/)/);
    for (const [, src] of page.text.matchAll(/(?:src|href)="([^"]+)"/g))
      expect((await get(src!)).status).toBe(200);
    for (const path of [
      'package.json%00',
      '..%2f..%2fpackage.json',
      '../../package.json',
      '%2e%2e/%2e%2e/package.json',
    ])
      expect([400, 403, 404]).toContain((await get(`/api/docs/files/${path}`)).status);
  });
});

describe('a file', () => {
  beforeEach(lookUpFilm);

  it('is served to members as it is, to be kept by nobody, in one piece or the range asked for', async () => {
    const whole = await get(film, { who: ines });
    expect(whole.status).toBe(200);
    expect(whole.headers).toMatchObject({
      'content-type': 'video/mp4',
      'cache-control': 'private, no-store',
      'cross-origin-resource-policy': 'same-origin',
      'accept-ranges': 'bytes',
      'x-content-type-options': 'nosniff',
      'content-security-policy': expect.stringMatching(/default-src 'none';.*sandbox/),
    });
    for (const header of ['etag', 'last-modified', 'set-cookie'])
      expect(whole.headers).not.toHaveProperty(header);
    const { length } = whole.bytes;
    expect(Number(whole.headers['content-length'])).toBe(length);

    const part = async (range: string) => get(film, { who: ines, headers: { range } });
    const first = await part('bytes=0-4');
    expect([first.status, first.headers['content-range'], first.bytes]).toEqual([
      206,
      `bytes 0-4/${length}`,
      whole.bytes.subarray(0, 5),
    ]);
    const last = await part('bytes=-10');
    expect([last.status, last.bytes]).toEqual([206, whole.bytes.subarray(-10)]);
    const rest = await part(`bytes=${length - 5}-`);
    expect([rest.status, rest.bytes]).toEqual([206, whole.bytes.subarray(-5)]);
    const beyond = await part(`bytes=${length}-`);
    expect([beyond.status, beyond.headers['content-range'], beyond.text]).toEqual([
      416,
      `bytes */${length}`,
      '',
    ]);
    for (const odd of [
      'bytes=5-1',
      'bytes=a-b',
      'lines=0-1',
      'bytes',
      '',
      'bytes=0-1,3-4',
      `bytes=${'0-1,'.repeat(500)}0-1`,
    ])
      expect([odd.slice(0, 20), (await part(odd)).bytes.length <= length]).toEqual([odd.slice(0, 20), true]);

    const head = await get(film, { who: ines, method: 'HEAD' });
    expect([head.status, head.bytes.length, head.headers['content-length']]).toEqual([
      200,
      0,
      String(length),
    ]);
    expect(head.headers['cache-control']).toBe('private, no-store');
  });

  it('is not there for who is no member, in no form', async () => {
    const amara = await server.visit('amara');
    for (const method of ['GET', 'HEAD'])
      for (const headers of <Record<string, string>[]>[
        {},
        { range: 'bytes=0-9' },
        { 'if-none-match': '*' },
        { 'if-range': 'x', range: 'bytes=0-9' },
      ]) {
        expect((await get(film, { method, headers })).status).toBe(401);
        for (const path of [film, film.replace(halden, morrow), logoPath.replace(':communityId', halden)]) {
          const answer = await get(path, { method, headers, who: amara });
          expect([answer.status, answer.headers['accept-ranges']]).toEqual([404, undefined]);
        }
      }
    const absent = await get(film.replace(halden, sessionOf('none')), { who: amara });
    const theirs = await get(film, { who: amara });
    const same = ({ text }: { text: string }) => text.replace(/"ref":"\w+"/, '');
    expect(same(theirs)).toBe(same(absent));
  });

  it.each([
    'none.mp4',
    '%00',
    'v540%00',
    '..%2f..%2f..%2fetc%2fpasswd',
    '%2e%2e',
    '..%5c..%5cpackage.json',
    'x'.repeat(200),
    '%E0%A4%A',
    '%F0%9F%9A%B2',
    'V540',
  ])('with the name %s is not found', async (name) => {
    const { status, text } = await get(film.replace('/v540/', `/${name}/`), { who: ines });
    expect([400, 404]).toContain(status);
    expect(text).not.toMatch(/root:|ENOENT|\.data/);
  });

  it('that is a logo may style itself and nothing else', async () => {
    const { status, headers } = await get(logoPath.replace(':communityId', halden), { who: ines });
    expect([status, headers['content-type']]).toEqual([200, 'image/svg+xml']);
    expect(headers['content-security-policy']).toBe("default-src 'none'; style-src 'unsafe-inline'; sandbox");
  });

  it('that a cue names is at the address that it names', async () => {
    const { cues } = await (
      await server.visit('jo')
    ).call(listCues, { communityId: halden, sessionId: sessionOf('halden-one-film') });
    const ids = cues.flatMap(({ asset }) => asset?.mediaId ?? []);
    const { links } = await ines.call(readLinks, { communityId: halden, ids: [...new Set(ids)].join(',') });
    const urls = links.flatMap(({ pictures, film: playlist, captions }) =>
      [...pictures, ...captions].map(({ url }) => url).concat(playlist?.url ?? []),
    );
    expect(urls.length).toBeGreaterThan(4);
    for (const url of urls)
      expect([url, (await get(url, { method: 'HEAD', who: ines })).status]).toEqual([url, 200]);
  });
});
