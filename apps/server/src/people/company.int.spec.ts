import { randomInt } from 'node:crypto';
import { jest } from '@jest/globals';
import { companyBackPath, companyStartPath, listWays } from '@parley/contracts/factors';
import { listSessions } from '@parley/contracts/live';
import { readMe } from '@parley/contracts/people';
import { Issuer } from '../../test/issuer';
import { halden, startTestServer, type TestServer, Visitor } from '../../test/server';
import { readConfig } from '../platform/config';

const issuer = new Issuer();
let server: TestServer;
beforeAll(async () => {
  for (const voice of ['warn', 'info'] as const)
    jest.spyOn(console, voice).mockImplementation(() => undefined);
  // The issuer must know where it leads back to before the server is there.
  const port = String(randomInt(20_000, 32_000));
  server = await startTestServer({ PORT: port, ...(await issuer.open(`http://localhost:${port}`)) });
});
afterAll(async () => {
  await server.stop();
  await issuer.close();
});
beforeEach(() => {
  issuer.account = { email: 'maren.vogt@example.com', email_verified: true };
  issuer.nonce = undefined;
});

/** A browser that follows no redirect by itself. */
class Browser extends Visitor {
  constructor() {
    super(server.url);
  }

  /** Answers where it is led. */
  async go(path: string) {
    const response = await fetch(new URL(path, this.url), {
      redirect: 'manual',
      headers: { cookie: this.jar.header() },
    });
    this.jar.keep(response.headers.getSetCookie());
    return response.headers.get('location') ?? String(response.status);
  }

  start(next = '') {
    return this.go(`${companyStartPath}${next && `?next=${encodeURIComponent(next)}`}`);
  }

  /** The whole way there and back. */
  async signIn(next = '') {
    return this.go(await issuer.visit(await this.start(next)));
  }

  get isSignedIn() {
    return this.jar.header().includes('__Host-parley=');
  }
}

const failed = '/sign-in?refused=company.failed';
const notForYou = '/sign-in?refused=company.notForYou';

it('is offered by its name, and only where it is set', async () => {
  expect(await new Browser().call(listWays, {})).toEqual({ company: { name: 'Example Works' } });
  const plain = await startTestServer();
  try {
    const visitor = plain.stranger();
    expect(await visitor.call(listWays, {})).toEqual({ company: null });
    for (const path of [companyStartPath, companyBackPath])
      expect((await visitor.request(path)).status).toBe(404);
  } finally {
    await plain.stop();
  }
});

describe('signing in through the company', () => {
  it('lets the team in, to where they wanted to go', async () => {
    const browser = new Browser();
    expect(await browser.signIn('/c/halden?tab=1')).toBe('/c/halden?tab=1');
    const me = await browser.call(readMe, {});
    expect(me).toMatchObject({ name: 'Maren Vogt', factor: 'missing' });
    await expect(browser.call(listSessions, { communityId: halden })).rejects.toMatchObject({
      code: 'factor.required',
    });
    // The proof of having started it has served.
    expect(browser.jar.header()).toMatch(/^__Host-parley=[\w-]{43}$/);
  });

  it('lets admins of the install in, and takes addresses in capitals for the same', async () => {
    issuer.account.email = 'Robin.Sato@EXAMPLE.com';
    const browser = new Browser();
    expect(await browser.signIn()).toBe('/');
    expect((await browser.call(readMe, {})).name).toBe('Robin Sato');
  });

  it.each([
    [['pwd', 'mfa'], 'given'],
    [['hwk'], 'given'],
    [['pwd', 'otp'], 'given'],
    [['pwd'], 'missing'],
    [['pwd', 'mfa-not'], 'missing'],
    [undefined, 'missing'],
  ])('with %j the second factor is %s', async (amr, factor) => {
    issuer.account = { ...issuer.account, ...(amr && { amr }) };
    const browser = new Browser();
    await browser.signIn();
    expect((await browser.call(readMe, {})).factor).toBe(factor);
  });

  it('does not take for fresh what the issuer does not date, or dates earlier', async () => {
    issuer.account = { ...issuer.account, amr: ['mfa'], age: 3_600 };
    await new Browser().signIn();
    const [{ minutes }] = (await server.sql<{ minutes: number }>(
      `SELECT extract(epoch FROM now() - strong_at)::float8 / 60 AS minutes FROM sign_in ORDER BY started_at DESC LIMIT 1`,
    )) as [{ minutes: number }];
    expect(minutes).toBeGreaterThan(9.9);
  });

  it.each([
    ['an address that it has not verified', { email: 'maren.vogt@example.com', email_verified: false }],
    ['an address of a domain that it may not speak for', { email: 'ines@example.org', email_verified: true }],
    ['a domain that only ends alike', { email: 'maren.vogt@notexample.com', email_verified: true }],
    ['a member without a role in the team', { email: 'kenji@example.net', email_verified: true }],
    ['somebody whose membership is not active', { email: 'bram.dewit@example.net', email_verified: true }],
    ['somebody whom nobody knows', { email: 'nobody@example.com', email_verified: true }],
    ['an address with two @', { email: 'x@evil.org@example.com', email_verified: true }],
  ])('%s opens nothing', async (_, account) => {
    issuer.account = { ...account, amr: ['mfa'] };
    const browser = new Browser();
    expect(await browser.signIn()).toBe(notForYou);
    expect(browser.isSignedIn).toBe(false);
  });
});

it('does not speak for a team member’s address of another domain', async () => {
  const [was, now] = ['daniel.roth@example.com', 'daniel.roth@example.org'];
  await server.sql('UPDATE person SET email = $2 WHERE email = $1', [was, now]);
  issuer.account = { email: now, email_verified: true };
  expect(await new Browser().signIn()).toBe(notForYou);
  await server.sql('UPDATE person SET email = $2 WHERE email = $1', [now, was]);
  issuer.account = { email: was, email_verified: true };
  expect(await new Browser().signIn()).toBe('/');
});

describe('the way back', () => {
  const countOf = async () =>
    (await server.sql<{ n: number }>('SELECT count(*)::int AS n FROM sign_in'))[0]!.n;

  it('is gone once: not again with the same address, not with the same code under a new state', async () => {
    const browser = new Browser();
    const asking = browser.jar;
    const back = await issuer.visit(await browser.start());
    const cookie = asking.header();
    expect(await browser.go(back)).toBe('/');
    const again = new Browser();
    again.jar.keep([cookie]);
    expect(await again.go(back)).toBe(failed);
    const fresh = await issuer.visit(await again.start());
    const mixed = new URL(fresh);
    mixed.searchParams.set('code', new URL(back).searchParams.get('code')!);
    expect(await again.go(mixed.href)).toBe(failed);
    expect(again.isSignedIn).toBe(false);
  });

  it('lets one in of two at once', async () => {
    const browser = new Browser();
    const back = await issuer.visit(await browser.start());
    const before = await countOf();
    const answers = await Promise.all([1, 2, 3].map(() => browser.go(back)));
    expect(answers.sort()).toEqual(['/', failed, failed]);
    expect(await countOf()).toBe(before + 1);
  });

  it.each([
    ['with another state', (back: URL) => back.searchParams.set('state', 'x'.repeat(43))],
    ['without a state', (back: URL) => back.searchParams.delete('state')],
    ['without a code', (back: URL) => back.searchParams.delete('code')],
    ['with a code of one’s own', (back: URL) => back.searchParams.set('code', 'x'.repeat(43))],
    ['from another issuer', (back: URL) => back.searchParams.set('iss', 'http://localhost:1')],
    [
      'with a refusal of the issuer',
      (back: URL) => {
        back.searchParams.delete('code');
        back.searchParams.set('error', 'access_denied');
      },
    ],
  ])('opens nothing %s', async (_, spoil) => {
    const browser = new Browser();
    const back = new URL(await issuer.visit(await browser.start()));
    spoil(back);
    expect(await browser.go(back.href)).toBe(failed);
    expect(browser.isSignedIn).toBe(false);
  });

  it('opens nothing in a browser that did not start it', async () => {
    const owner = new Browser();
    const back = await issuer.visit(await owner.start());
    const other = new Browser();
    await other.start();
    expect(await other.go(back)).toBe(failed);
    expect(await new Browser().go(back)).toBe(failed);
    expect(other.isSignedIn).toBe(false);
    // Which takes nothing from the one that did.
    expect(await owner.go(back)).toBe('/');
  });

  it('is used up by a wrong code too', async () => {
    const browser = new Browser();
    const back = await issuer.visit(await browser.start());
    const cookie = browser.jar.header();
    const spoilt = new URL(back);
    spoilt.searchParams.set('code', 'x'.repeat(43));
    expect(await browser.go(spoilt.href)).toBe(failed);
    browser.jar.keep([cookie]);
    expect(await browser.go(back)).toBe(failed);
  });

  it('opens nothing after ten minutes', async () => {
    const browser = new Browser();
    const back = await issuer.visit(await browser.start());
    await server.sql(`UPDATE company_state SET expires_at = now() - interval '1 second'`);
    expect(await browser.go(back)).toBe(failed);
  });

  it('opens nothing with a token made for another question', async () => {
    issuer.nonce = 'another-nonce';
    const browser = new Browser();
    expect(await browser.signIn()).toBe(failed);
    expect(browser.isSignedIn).toBe(false);
  });

  it.each([
    'https://evil.example/',
    '//evil.example/',
    '/\\evil.example',
    '/\t/evil.example',
    '\\\\evil.example',
    'javascript:alert(1)',
    '/.//evil.example',
    '/a/..//evil.example',
  ])('never leads out of the house: %j', async (next) => {
    const where = await new Browser().signIn(next);
    expect(where).toMatch(/^\/(?![/\\])/);
    expect(new URL(where, server.url).origin).toBe(server.url);
  });
});

it('leads back to the sign-in page while the issuer is away, and works again after', async () => {
  const away = await startTestServer({
    OIDC_ISSUER: 'http://localhost:9',
    OIDC_CLIENT_ID: 'x',
    OIDC_CLIENT_SECRET: 'x',
    OIDC_NAME: 'x',
    OIDC_DOMAINS: 'x',
  });
  try {
    const response = await away.stranger().request(companyStartPath, { redirect: 'manual' });
    expect(response.headers.get('location')).toBe(failed);
  } finally {
    await away.stop();
  }
});

it.each([
  [{ OIDC_ISSUER: 'https://id.example.com' }, /OIDC_CLIENT_ID, OIDC_CLIENT_SECRET, OIDC_NAME, OIDC_DOMAINS/],
  [
    {
      OIDC_ISSUER: 'http://id.example.com',
      OIDC_CLIENT_ID: 'x',
      OIDC_CLIENT_SECRET: 'x',
      OIDC_NAME: 'x',
      OIDC_DOMAINS: 'x',
    },
    /https/,
  ],
])('half a setting stops the start: %j', (env, words) => {
  expect(() => readConfig(env)).toThrow(words);
});
