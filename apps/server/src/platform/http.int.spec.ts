import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { endpoints } from '@parley/contracts/api';
import { type Ask, expectGuarded, raw } from '../../test/raw';
import { halden, startTestServer, type TestServer, until, type Visitor } from '../../test/server';

const folder = mkdtempSync(join(tmpdir(), 'parley-http-'));
const logFile = join(folder, 'log');

let server: TestServer;
let ines: Visitor;
beforeAll(async () => {
  server = await startTestServer({ PARLEY_LOG_FILE: logFile, LOG_LEVEL: 'info' });
  ines = await server.visit('ines');
});
afterAll(async () => {
  await server.stop();
  rmSync(folder, { recursive: true });
});

describe('bad input', () => {
  const email = '{"email":"ines@example.org"}';
  it.each<[string, Ask, number, string]>([
    ['cut short', { body: '{"email":' }, 400, 'request.invalid'],
    ['empty', { body: '' }, 400, 'request.invalid'],
    ['a list', { body: '[]' }, 400, 'request.invalid'],
    ['a word', { body: '"ines@example.org"' }, 400, 'request.invalid'],
    ['a number', { body: '1e400' }, 400, 'request.invalid'],
    ['null', { body: 'null' }, 400, 'request.invalid'],
    ['in UTF-16', { body: Buffer.from(email, 'utf16le') }, 400, 'request.invalid'],
    [
      'in an unknown charset',
      { body: email, headers: { 'content-type': 'application/json; charset=klingon' } },
      415,
      'request.unsupportedType',
    ],
    [
      'compressed, and not really',
      { body: email, headers: { 'content-encoding': 'gzip' } },
      400,
      'request.invalid',
    ],
    ['50,000 brackets', { body: '['.repeat(50_000) }, 400, 'request.invalid'],
    ['deep', { body: `{"email":${'{"a":'.repeat(5_000)}1${'}'.repeat(5_000)}}` }, 400, 'request.invalid'],
    ['larger than 64 kB', { body: JSON.stringify({ email: 'a'.repeat(66_000) }) }, 413, 'request.tooLarge'],
    [
      'larger than 64 kB, in pieces',
      { body: 'x'.repeat(70_000), headers: { 'transfer-encoding': 'chunked' } },
      413,
      'request.tooLarge',
    ],
    [
      'text that is JSON',
      { body: email, headers: { 'content-type': 'text/plain' } },
      415,
      'request.unsupportedType',
    ],
    [
      'a form',
      { body: 'email=a%40b.c', headers: { 'content-type': 'application/x-www-form-urlencoded' } },
      415,
      'request.unsupportedType',
    ],
    [
      'multipart',
      { body: '--x--', headers: { 'content-type': 'multipart/form-data; boundary=x' } },
      415,
      'request.unsupportedType',
    ],
    [
      'JSON of a kind of its own',
      { body: email, headers: { 'content-type': 'application/jsonx' } },
      415,
      'request.unsupportedType',
    ],
  ])('as a body that is %s is refused', async (_, asked, status, code) => {
    const answer = await raw(server.url, asked);
    expect([answer.status, answer.problem.code]).toEqual([status, code]);
    expectGuarded(answer.headers);
  });

  it.each([
    ['a field that is not known', { email: 'a@example.org', role: 'admin' }, ['role']],
    ['two of them', { email: 'a@example.org', role: 'admin', points: 1 }, ['role', 'points']],
    ['a field that is missing', {}, ['email']],
    ['the wrong kind', { email: 1 }, ['email']],
    ['a choice that is none', { email: 'a@example.org', locale: 'fr' }, ['locale']],
    ['null where something belongs', { email: null }, ['email']],
  ])('%s is named', async (_, body, fields) => {
    const { status, problem } = await raw(server.url, { body: JSON.stringify(body) });
    expect(status).toBe(400);
    expect(Object.keys(problem.fields ?? {})).toEqual(fields);
  });

  it.each(['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty'])(
    'the key %s pollutes nothing',
    async (key) => {
      const body = `{"email":"a@example.org","${key}":{"x":1,"prototype":{"x":1}}}`;
      const { status, problem } = await raw(server.url, { body });
      // Refused by name, or stripped: never taken over.
      expect([200, 400]).toContain(status);
      if (status === 400) expect(Object.keys(problem.fields ?? {})).toEqual([key]);
      for (const path of [`/api/me?${key}[x]=1`, `/api/me?${key}=1`])
        expect((await raw(server.url, { method: 'GET', path, who: ines })).status).toBe(400);
      expect(({} as { x?: unknown }).x).toBeUndefined();
    },
  );

  it.each([
    '?a=1&a=2',
    '?a[b]=1',
    '?a[]=1',
    '?%00=1',
    '?%E0%A4%A',
    '?communityId=1',
    '?constructor.prototype.x=1',
  ])('the query %s is refused', async (query) => {
    const { status, problem } = await raw(server.url, {
      method: 'GET',
      path: `/api/c/${halden}/sessions${query}`,
      who: ines,
    });
    expect([status, problem.code]).toEqual([400, 'request.invalid']);
  });

  it.each([
    '%E0%A4%A',
    '..',
    '%2e%2e',
    '00000000-0000-0000-0000-000000000000',
    'no-id',
    'x'.repeat(3_000),
    '%00',
    `${halden}%00`,
    `${halden}'--`,
  ])('the id %s names nothing', async (id) => {
    for (const path of [
      `/api/c/${id}/sessions`,
      `/api/c/${halden}/sessions/${id}/result`,
      `/api/c/${halden}/assets/${id}/files/x`,
    ]) {
      const { status, headers, text } = await raw(server.url, { method: 'GET', path, who: ines });
      expect([400, 404]).toContain(status);
      expectGuarded(headers);
      expect(text).not.toMatch(/node_modules|at \w+ \(/);
    }
  });

  it.each([
    ['DELETE', '/api/me', 405],
    ['PUT', '/api/sign-in/links', 405],
    ['PATCH', '/api/me', 405],
    ['GET', '/api/sign-out', 405],
    ['HEAD', '/api/sign-out', 405],
    ['PUT', `/api/c/${halden}/tickets`, 405],
    ['TRACE', '/api/me', 405],
    ['GET', '/api/nothing', 404],
    ['POST', '/api/nothing', 404],
    ['GET', '/api', 404],
    ['GET', '//api//me', 404],
    ['POST', '/wp-login.php', 404],
    ['GET', '/api/demo/../me/x', 404],
  ])('%s %s is answered %i', async (method, path, status) => {
    const answer = await raw(server.url, { method, path, who: ines });
    expect(answer.status).toBe(status);
    expectGuarded(answer.headers);
    if (status === 405 && method !== 'HEAD') expect(answer.problem.code).toBe('request.methodNotAllowed');
  });

  it.each(['0000-01-01', '1999-12-31', '2027-02-30', '2027-1-1', '', '9999-99-99'])(
    'the day %j is no day of ours',
    async (reportBackOn) => {
      const plan = { sessionId: halden, title: 'T', purpose: 'P', decision: 'D', reportBackOn };
      const more = {
        decisionOwner: { name: 'N', title: 'T' },
        startsAt: '2027-01-01T00:00:00Z',
        plannedMinutes: 30,
      };
      const cues = [{ kind: 'text', title: 'T', prompt: 'P', assetId: null }];
      const body = JSON.stringify({ ...plan, ...more, cues });
      const path = `/api/c/${halden}/sessions`;
      const { status, problem } = await raw(server.url, { path, body, who: await server.visit('jo') });
      expect([status, Object.keys(problem.fields ?? {})]).toEqual([400, ['reportBackOn']]);
    },
  );

  it('the method that a header names instead is not taken', async () => {
    const answer = await raw(server.url, {
      path: `/api/me/sign-ins/${halden}`,
      body: '{}',
      headers: { 'x-http-method-override': 'DELETE' },
      who: ines,
    });
    expect(answer.status).toBe(405);
  });
});

describe('a request from elsewhere', () => {
  const forged: [string, Record<string, string>][] = [
    ['another origin', { origin: 'https://evil.example' }],
    ['no origin at all', { origin: '' }],
    ['a hidden origin', { origin: 'null' }],
    ['our origin as a prefix', { origin: 'http://localhost.evil.example' }],
    ['our host in capitals', { origin: 'HTTP://LOCALHOST' }],
    ['a page of another site', { 'sec-fetch-site': 'cross-site' }],
    ['a page of the same site', { 'sec-fetch-site': 'same-site' }],
    ['nowhere', { 'sec-fetch-site': 'none' }],
  ];
  it.each(forged)('that names %s is refused by every endpoint that changes something', async (_, headers) => {
    const unsafe = endpoints.filter(({ method }) => method !== 'GET');
    expect(unsafe.length).toBeGreaterThan(8);
    for (const { method, path } of unsafe) {
      const at = path.replace(/:\w+/g, halden);
      const answer = await raw(server.url, { method, path: at, body: '{}', headers, who: ines });
      expect([path, answer.status, answer.problem.code]).toEqual([path, 403, 'request.crossSite']);
    }
  });

  it('that names nothing is refused, and one from our own page is not', async () => {
    const { port } = new URL(server.url);
    const bare = await fetch(`http://127.0.0.1:${port}/api/sign-out`, {
      method: 'POST',
      headers: { cookie: ines.jar.header() },
    });
    expect(bare.status).toBe(403);
    const own = await raw(server.url, {
      method: 'PUT',
      path: '/api/me',
      body: '{"locale":"en"}',
      headers: { 'sec-fetch-site': 'same-origin' },
      who: ines,
    });
    expect(own.status).toBe(200);
  });
});

describe('a refusal', () => {
  const logged = async (ref: string) => {
    const lines = () =>
      readFileSync(logFile, 'utf8')
        .split('\n')
        .filter((line) => line.includes(ref));
    await until(() => lines().length >= 2);
    return lines().map((line) => JSON.parse(line) as Record<string, unknown>);
  };

  it('is problem JSON with a reference that finds its lines in the log', async () => {
    const { headers, problem, status } = await raw(server.url, { body: '{"email":"no-address"}' });
    expect(headers['content-type']).toBe('application/problem+json; charset=utf-8');
    expect(problem).toEqual({
      title: problem.message,
      status,
      code: 'request.invalid',
      message: 'Please check what was sent.',
      fields: { email: 'Invalid email address' },
      retryable: false,
      ref: expect.stringMatching(/^[0-9a-f]{12}$/),
    });
    const lines = await logged(problem.ref!);
    expect(lines).toContainEqual(
      expect.objectContaining({ msg: 'request refused', code: 'request.invalid' }),
    );
    expect(lines).toContainEqual(
      expect.objectContaining({ msg: 'request', status: 400, route: '/api/sign-in/links' }),
    );
  });

  it('for a mistake of ours tells nothing of what is inside, and the log tells all', async () => {
    await server.sql('ALTER TABLE person RENAME COLUMN locale TO broken');
    try {
      const { status, text, problem, headers } = await raw(server.url, {
        method: 'GET',
        path: '/api/me',
        who: ines,
      });
      expect(status).toBe(500);
      expect(Object.keys(problem).sort()).toEqual(['code', 'message', 'ref', 'retryable', 'status', 'title']);
      expect(problem).toMatchObject({
        code: 'server.failed',
        message: 'That went wrong on our side.',
        retryable: true,
      });
      expect(text).not.toMatch(/locale|person|column|select|node_modules|\.ts|\/work/i);
      expectGuarded(headers);
      const lines = await logged(problem.ref!);
      expect(lines).toContainEqual(
        expect.objectContaining({ why: expect.stringMatching(/locale/), stack: expect.anything() }),
      );
    } finally {
      await server.sql('ALTER TABLE person RENAME COLUMN broken TO locale');
    }
    expect((await raw(server.url, { method: 'GET', path: '/api/me', who: ines })).status).toBe(200);
  });

  it('leaves no name, address or word of a person in the log', () => {
    const log = readFileSync(logFile, 'utf8');
    expect(log.length).toBeGreaterThan(10_000);
    expect(log).not.toMatch(/ines@example|a@example|no-address|Inês|__Host/i);
  });
});

it('every answer carries the headers that guard a browser', async () => {
  const paths = [
    '/',
    '/api/me',
    '/api/nothing',
    '/health/live',
    '/api/openapi.json',
    '/api/docs/',
    '/api/docs/files/swagger-ui.css',
    '/api/docs/files/none',
    '/metrics',
    '/favicon.ico',
  ];
  for (const method of ['GET', 'HEAD', 'POST', 'OPTIONS', 'PROPFIND'])
    for (const path of paths) {
      const { headers } = await raw(server.url, { method, path });
      const csp = expectGuarded(headers);
      expect(csp).toMatch(/script-src 'self';/);
      expect(csp).not.toMatch(/unsafe|\*|https?:|data:/);
      expect(csp).toMatch(/frame-ancestors 'none'.*base-uri 'none'.*form-action 'self'/);
    }
});
