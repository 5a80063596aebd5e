import { listAudit } from '@parley/contracts/audit';
import {
  addAuthenticator,
  addPasskey,
  listFactors,
  proveCode,
  provePasskey,
  proveRecoveryCode,
  removeFactor,
  renewRecoveryCodes,
  startAuthenticator,
  startPasskey,
  startPasskeyProof,
} from '@parley/contracts/factors';
import { listSessions } from '@parley/contracts/live';
import { listSignIns, readMe, signOut, takeTicket } from '@parley/contracts/people';
import { generateSync } from 'otplib';
import { Authenticator } from '../../test/authenticator';
import { Browser as AnyBrowser, MailSink, withSecrets } from '../../test/mail';
import { halden, personOf, startTestServer, type TestServer, until } from '../../test/server';

const sink = new MailSink();
let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({ SMTP_URL: await sink.open(), TRUST_PROXY: '1' });
});
afterAll(async () => {
  await server.stop();
  await sink.close();
});
beforeEach(() =>
  server.sql(
    'DELETE FROM sign_in_link; DELETE FROM factor; DELETE FROM recovery_code; DELETE FROM factor_try; DELETE FROM sign_in',
  ),
);

const manager = { email: 'maren.vogt@example.com', id: personOf('maren') };
const member = { email: 'ines@example.org', id: personOf('ines') };

class Browser extends AnyBrowser {
  readonly device = new Authenticator(server.url);
  constructor() {
    super(server.url, sink);
  }

  /** Adds the browser's device as a passkey. */
  async addPasskey(name = 'Laptop') {
    const options = await this.call(startPasskey, {});
    return this.call(addPasskey, { name, answer: this.device.create(options) });
  }

  async addApp(name = 'Phone') {
    const { secret } = await this.call(startAuthenticator, {});
    const { recoveryCodes } = await this.call(addAuthenticator, { name, code: await codeOf(secret, -1) });
    return { secret, recoveryCodes: recoveryCodes ?? [] };
  }

  prove(device = this.device, lies: Parameters<Authenticator['get']>[1] = {}) {
    return this.call(startPasskeyProof, {}).then((options) =>
      this.call(provePasskey, { answer: device.get(options, lies) }),
    );
  }
}

/** The next mail to an address that holds these words; others may still be on their way. */
async function mailWith(words: RegExp, email: string, from: number) {
  const find = () =>
    sink.mails.slice(from).find(({ to, text }) => to?.[0]?.address === email && words.test(text ?? ''));
  await until(() => Boolean(find()));
  return withSecrets(find()!);
}

/** Signed in by mail alone. */
async function byMail(email: string) {
  const browser = new Browser();
  const before = sink.mails.length;
  await browser.ask(email);
  const { token } = await mailWith(/sign-in\/link/, email, before);
  expect(await browser.redeem(token)).toMatchObject({ status: 200 });
  return browser;
}
/** Two browsers of one person. */
const twoByMail = async (email: string) => [await byMail(email), await byMail(email)] as const;

/** The app's code of so many steps from now; not at the edge of a step, where it would turn over on the way. */
async function codeOf(secret: string, steps = 0) {
  const second = () => (Date.now() / 1000) % 30;
  if (second() > 25) await new Promise((done) => setTimeout(done, (31 - second()) * 1000));
  return generateSync({ secret, epoch: Math.floor(Date.now() / 1000) + steps * 30 });
}
const wrong = (code: string) => String((Number(code) + 1) % 1_000_000).padStart(6, '0');
const refusal = (answer: Promise<unknown>) =>
  answer.then(
    () => 'done',
    ({ code }: { code?: string }) => code,
  );
const sessions = (browser: AnyBrowser) => refusal(browser.call(listSessions, { communityId: halden }));
const age = (minutes: number) =>
  server.sql(`UPDATE sign_in SET strong_at = now() - make_interval(mins => $1)`, [minutes]);

describe('who needs a second factor', () => {
  it.each([
    ['a manager', 'maren.vogt@example.com', 'missing'],
    ['a host', 'maria.kessler@example.com', 'missing'],
    ['an admin', 'robin.sato@example.com', 'missing'],
    ['a producer', 'jo.lindqvist@example.com', 'free'],
    ['a moderator', 'samira.haddad@example.com', 'free'],
    ['a member', 'ines@example.org', 'free'],
  ])('%s: %s, %s', async (_, email, factor) => {
    const browser = await byMail(email);
    expect((await browser.call(readMe, {})).factor).toBe(factor);
    expect(await refusal(browser.call(listSignIns, {}))).toBe('done');
    if (email.startsWith('robin')) {
      expect(await refusal(browser.call(listAudit, { communityId: halden }))).toBe('factor.required');
      expect((await browser.request('/metrics')).status).toBe(403);
    } else expect(await sessions(browser)).toBe(factor === 'free' ? 'done' : 'factor.required');
  });

  it('gets no ticket for a socket either, and no file', async () => {
    const browser = await byMail(manager.email);
    expect(await refusal(browser.call(takeTicket, { communityId: halden }))).toBe('factor.required');
    expect((await browser.request(`/api/c/${halden}/logo`)).status).toBe(403);
    await browser.addPasskey();
    expect(await refusal(browser.call(takeTicket, { communityId: halden }))).toBe('done');
  });

  it('is not told what an outsider is not told', async () => {
    const browser = await byMail('grace.adeyemi@example.com');
    expect(await sessions(browser)).toBe('request.notFound');
  });

  it('is free of it in the demo’s own sign-in', async () => {
    expect((await (await server.visit('maren')).call(readMe, {})).factor).toBe('given');
  });
});

describe('a passkey', () => {
  it('is added, proves the next sign-in, and is asked for again in each', async () => {
    const first = await byMail(manager.email);
    const { recoveryCodes } = await first.addPasskey();
    expect(recoveryCodes).toHaveLength(10);
    expect((await first.call(readMe, {})).factor).toBe('given');
    expect(await sessions(first)).toBe('done');

    const next = await byMail(manager.email);
    expect((await next.call(readMe, {})).factor).toBe('asked');
    expect(await sessions(next)).toBe('factor.required');
    expect((await next.prove(first.device)).factor).toBe('given');
    expect(await sessions(next)).toBe('done');
    const { factors } = await next.call(listFactors, {});
    expect(factors).toMatchObject([{ kind: 'passkey', name: 'Laptop', usedAt: expect.any(String) }]);
  });

  it('makes the cookie that was there before worthless', async () => {
    const browser = await byMail(manager.email);
    const before = browser.jar.header();
    await browser.addPasskey();
    expect(browser.jar.header()).not.toBe(before);
    expect((await browser.request('/api/me', { headers: { cookie: before } })).status).toBe(401);
  });

  it.each([
    ['without the person being verified', { verified: false }],
    ['for another site', { origin: 'https://parley.evil.example' }],
    ['for another domain', { rpID: 'evil.example' }],
    ['with another challenge', { challenge: 'AAAA' }],
  ])('is not taken %s', async (_, lies) => {
    const browser = await byMail(manager.email);
    const options = await browser.call(startPasskey, {});
    const answer = browser.device.create(options, lies);
    expect(await refusal(browser.call(addPasskey, { name: 'x', answer }))).toBe('factor.refused');
    await browser.addPasskey();
    const next = await byMail(manager.email);
    expect(await refusal(next.prove(browser.device, lies))).toBe('factor.refused');
    expect(await sessions(next)).toBe('factor.required');
  });

  it('is not taken from a copy, whose counter has stopped', async () => {
    const browser = await byMail(manager.email);
    await browser.addPasskey();
    await browser.prove();
    await browser.prove();
    expect(await refusal(browser.prove(browser.device, { counter: 2 }))).toBe('factor.refused');
    expect(await refusal(browser.prove(browser.device, { counter: 1 }))).toBe('factor.refused');
    expect(await refusal(browser.prove(browser.device, { counter: 3 }))).toBe('done');
  });

  it('answers a challenge once, soon, and in the sign-in that was asked', async () => {
    const browser = await byMail(manager.email);
    await browser.addPasskey();
    const answer = browser.device.get(await browser.call(startPasskeyProof, {}));
    const other = await byMail(manager.email);
    expect(await refusal(other.call(provePasskey, { answer }))).toBe('factor.expired');
    expect(await refusal(browser.call(provePasskey, { answer }))).toBe('done');
    expect(await refusal(browser.call(provePasskey, { answer }))).toBe('factor.expired');

    const late = browser.device.get(await browser.call(startPasskeyProof, {}));
    await server.sql(`UPDATE factor_challenge SET expires_at = now() - interval '1 second'`);
    expect(await refusal(browser.call(provePasskey, { answer: late }))).toBe('factor.expired');

    const options = await browser.call(startPasskeyProof, {});
    const both = [1, 2].map(() =>
      refusal(browser.call(provePasskey, { answer: browser.device.get(options) })),
    );
    expect((await Promise.all(both)).sort()).toEqual(['done', 'factor.expired']);
  });

  it('of somebody else proves nothing', async () => {
    const browser = await byMail(manager.email);
    await browser.addPasskey();
    const other = await byMail('maria.kessler@example.com');
    await other.addPasskey();
    expect(await refusal(browser.prove(other.device))).toBe('factor.refused');
    // Nor can one be added twice, by whomever.
    const options = await browser.call(startPasskey, {});
    const answer = other.device.create(options);
    expect(await refusal(browser.call(addPasskey, { name: 'x', answer }))).toBe('factor.refused');
  });
});

describe('the code of an app', () => {
  it('proves a sign-in once: not again, not in another browser, not twice at once', async () => {
    const first = await byMail(manager.email);
    const { secret } = await first.addApp();
    const browsers = await twoByMail(manager.email);
    // The one that enrolled it has served.
    expect(await refusal(browsers[0].call(proveCode, { code: await codeOf(secret, -1) }))).toBe(
      'factor.wrong',
    );
    const code = await codeOf(secret);
    const answers = await Promise.all(browsers.map((browser) => refusal(browser.call(proveCode, { code }))));
    expect(answers.sort()).toEqual(['done', 'factor.wrong']);
    expect(await refusal(first.call(proveCode, { code }))).toBe('factor.wrong');
    expect(await refusal(first.call(proveCode, { code: await codeOf(secret, 1) }))).toBe('done');
    // An earlier one is not taken after a later one.
    expect(await refusal(first.call(proveCode, { code }))).toBe('factor.wrong');
  });

  it.each([
    [-2, 'factor.wrong'],
    [-1, 'done'],
    [0, 'done'],
    [1, 'done'],
    [2, 'factor.wrong'],
  ])('of %i steps from now: %s', async (steps, outcome) => {
    const browser = await byMail(manager.email);
    const { secret } = await browser.addApp();
    await server.sql('UPDATE factor SET last_step = 0');
    expect(await refusal(browser.call(proveCode, { code: await codeOf(secret, steps) }))).toBe(outcome);
  });

  it('is locked after five wrong ones for a quarter of an hour, even for the right one; a passkey still works', async () => {
    const browser = await byMail(manager.email);
    const { secret } = await browser.addApp();
    await browser.addPasskey();
    const right = await codeOf(secret);
    const tries = [];
    for (const code of [...Array<string>(5).fill(wrong(right)), right])
      tries.push(await browser.call(proveCode, { code }).catch((error: { body: object }) => error.body));
    expect(tries).toMatchObject([
      ...[4, 3, 2, 1, 0].map((left) => ({ code: 'factor.wrong', left })),
      { code: 'factor.locked' },
    ]);
    const { retryAfterMs } = tries[5] as { retryAfterMs: number };
    expect(retryAfterMs).toBeGreaterThan(14 * 60_000);
    expect(retryAfterMs).toBeLessThanOrEqual(15 * 60_000);
    // Neither does another browser help, nor a recovery code.
    const other = await byMail(manager.email);
    expect(await refusal(other.call(proveCode, { code: right }))).toBe('factor.locked');
    expect(await refusal(other.call(proveRecoveryCode, { code: 'abcd-efgh-ijkl-mnop' }))).toBe(
      'factor.locked',
    );
    expect(await refusal(other.prove(browser.device))).toBe('done');

    for (let time = 0; time < 5; time += 1) await refusal(browser.call(proveCode, { code: wrong(right) }));
    await server.sql(`UPDATE factor_try SET until = now() - interval '1 second'`);
    expect(await refusal(browser.call(proveCode, { code: await codeOf(secret, 1) }))).toBe('done');
  });

  it('cannot be guessed faster by many tries at once', async () => {
    const browser = await byMail(manager.email);
    const { secret } = await browser.addApp();
    const code = wrong(await codeOf(secret));
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => refusal(browser.call(proveCode, { code }))),
    );
    expect(answers.filter((answer) => answer === 'factor.wrong')).toHaveLength(5);
    expect(answers.filter((answer) => answer === 'factor.locked')).toHaveLength(15);
  });

  it('is not enrolled by a wrong code, and may then be typed again', async () => {
    const browser = await byMail(member.email);
    const { secret, uri } = await browser.call(startAuthenticator, {});
    expect(uri).toContain(secret);
    const right = await codeOf(secret);
    const add = (code: string) => refusal(browser.call(addAuthenticator, { name: 'Phone', code }));
    expect(await add(wrong(right))).toBe('factor.wrong');
    expect(await add(right)).toBe('done');
    expect(await add(right)).toBe('factor.expired');
  });

  it('has its key in no table', async () => {
    const browser = await byMail(member.email);
    const { secret } = await browser.addApp();
    const tables = await server.sql<{ name: string }>(
      `SELECT oid::regclass::text AS name FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace`,
    );
    for (const { name } of tables) {
      const rows = await server.sql(
        `SELECT FROM ${name} AS t WHERE strpos(t::text, $1) > 0 OR strpos(t::text, $2) > 0`,
        [secret, Buffer.from(secret).toString('hex')],
      );
      expect([name, rows.length]).toEqual([name, 0]);
    }
  });
});

describe('recovery codes', () => {
  it('come with the first factor alone, work once each, and are told by mail', async () => {
    const browser = await byMail(manager.email);
    const { recoveryCodes } = await browser.addApp();
    expect(new Set(recoveryCodes).size).toBe(10);
    expect((await browser.addPasskey()).recoveryCodes).toBeNull();

    const lost = await byMail(manager.email);
    const before = sink.mails.length;
    const [code = ''] = recoveryCodes;
    const typed = ` ${code.toUpperCase().replaceAll('-', ' ')} `;
    expect((await lost.call(proveRecoveryCode, { code: typed })).factor).toBe('given');
    expect(await sessions(lost)).toBe('done');
    const mail = await mailWith(/Wiederherstellungscode|recovery code/, manager.email, before);
    expect(mail.text).toMatch(/: 9\./);
    expect((await lost.call(listFactors, {})).codesLeft).toBe(9);
    expect(await refusal(lost.call(proveRecoveryCode, { code }))).toBe('factor.wrong');

    const both = await twoByMail(manager.email);
    const answers = await Promise.all(
      both.map((one) => refusal(one.call(proveRecoveryCode, { code: recoveryCodes[1]! }))),
    );
    expect(answers.sort()).toEqual(['done', 'factor.wrong']);
  });

  it('of somebody else open nothing', async () => {
    const { recoveryCodes } = await (await byMail(manager.email)).addApp();
    const other = await byMail(member.email);
    expect(await refusal(other.call(proveRecoveryCode, { code: recoveryCodes[0]! }))).toBe('factor.wrong');
  });

  it('are made anew after a fresh proof, and the old ones are void', async () => {
    const browser = await byMail(manager.email);
    const { recoveryCodes: old } = await browser.addApp();
    await age(11);
    expect(await refusal(browser.call(renewRecoveryCodes, {}))).toBe('factor.again');
    await age(0);
    const { recoveryCodes } = await browser.call(renewRecoveryCodes, {});
    expect(recoveryCodes).toHaveLength(10);
    expect(await refusal(browser.call(proveRecoveryCode, { code: old[0]! }))).toBe('factor.wrong');
    expect(await refusal(browser.call(proveRecoveryCode, { code: recoveryCodes[0]! }))).toBe('done');
  });
});

describe('adding and removing', () => {
  it('a mailbox alone adds nothing beside what is there', async () => {
    await (await byMail(manager.email)).addPasskey();
    const thief = await byMail(manager.email);
    expect(await refusal(thief.call(startPasskey, {}))).toBe('factor.required');
    expect(await refusal(thief.call(startAuthenticator, {}))).toBe('factor.required');
    expect(await refusal(thief.call(renewRecoveryCodes, {}))).toBe('factor.again');
  });

  it('nor when it has asked before the first was there', async () => {
    const [owner, thief] = await twoByMail(manager.email);
    const options = await thief.call(startPasskey, {});
    const { secret } = await thief.call(startAuthenticator, {});
    await owner.addPasskey();
    const answer = thief.device.create(options);
    expect(await refusal(thief.call(addPasskey, { name: 'x', answer }))).toBe('factor.required');
    const code = await codeOf(secret);
    expect(await refusal(thief.call(addAuthenticator, { name: 'x', code }))).toBe('factor.required');
  });

  it('of two who add the first at once one is', async () => {
    const browsers = await twoByMail(manager.email);
    const options = await Promise.all(browsers.map((browser) => browser.call(startPasskey, {})));
    const answers = await Promise.all(
      browsers.map((browser, at) =>
        refusal(browser.call(addPasskey, { name: 'x', answer: browser.device.create(options[at]!) })),
      ),
    );
    expect(answers.sort()).toEqual(['done', 'factor.required']);
  });

  it('removing needs a fresh proof, is mailed, and asks other browsers anew', async () => {
    const browser = await byMail(manager.email);
    await browser.addPasskey('Laptop');
    const other = await byMail(manager.email);
    await other.prove(browser.device);
    const { socket } = await other.connect(halden);
    await browser.addApp('Phone');
    const { factors } = await browser.call(listFactors, {});
    const factorId = factors.find(({ name }) => name === 'Laptop')!.id;
    await age(11);
    expect(await refusal(browser.call(removeFactor, { factorId }))).toBe('factor.again');
    await browser.prove();
    const before = sink.mails.length;
    await browser.call(removeFactor, { factorId });
    expect((await mailWith(/Laptop/, manager.email, before)).subject).toMatch(/removed|entfernt/);
    expect(await sessions(browser)).toBe('done');
    expect(await sessions(other)).toBe('factor.required');
    await until(() => !socket.connected, 2_000);
    other.leave();
    expect(await refusal(other.prove(browser.device))).toBe('factor.refused');
  });

  it('the last stays with whose role needs one, also when two are removed at once', async () => {
    const browser = await byMail(manager.email);
    await browser.addPasskey();
    await browser.addApp();
    const { factors } = await browser.call(listFactors, {});
    const answers = await Promise.all(
      factors.map(({ id }) => refusal(browser.call(removeFactor, { factorId: id }))),
    );
    expect(answers.sort()).toEqual(['done', 'factor.last']);
    expect((await browser.call(listFactors, {})).factors).toHaveLength(1);
  });

  it('a member may do without', async () => {
    const browser = await byMail(member.email);
    await browser.addPasskey();
    const { factors, codesLeft } = await browser.call(listFactors, {});
    expect(codesLeft).toBe(10);
    await browser.call(removeFactor, { factorId: factors[0]!.id });
    expect(await browser.call(listFactors, {})).toEqual({ factors: [], codesLeft: 0 });
  });

  it('nobody removes another’s', async () => {
    const owner = await byMail(manager.email);
    await owner.addPasskey();
    const { factors } = await owner.call(listFactors, {});
    const other = await byMail(member.email);
    await other.addPasskey();
    expect(await refusal(other.call(removeFactor, { factorId: factors[0]!.id }))).toBe('request.notFound');
  });

  it('ten are the most', async () => {
    const browser = await byMail(member.email);
    for (let at = 0; at < 10; at += 1) {
      const options = await browser.call(startPasskey, {});
      const answer = new Authenticator(server.url).create(options);
      await browser.call(addPasskey, { name: `Key ${at}`, answer });
    }
    expect(await refusal(browser.call(startPasskey, {}))).toBe('factor.tooMany');
  });

  it('leaves nothing of a sign-in that has ended', async () => {
    const browser = await byMail(manager.email);
    await browser.call(startPasskey, {});
    await browser.call(signOut, {});
    expect(await server.sql('SELECT FROM factor_challenge')).toHaveLength(0);
  });
});
