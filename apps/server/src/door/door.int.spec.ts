import { randomUUID } from 'node:crypto';
import { readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CallError } from '@parley/client/http';
import {
  closeSource,
  createLink,
  decideApplication,
  exportApplications,
  leaveCommunity,
  listApplications,
  listInvitations,
  listVoices,
  openDoor,
  type Plan,
  publishPlan,
  publishScreener,
  readApplication,
  readCandidacy,
  readDoor,
  readScreener,
  readVoice,
  resendInvitation,
  revokeInvitation,
  sendInvitations,
  sendVoice,
  tryPlan,
  withdrawCandidacy,
} from '@parley/contracts/door';
import { listSessions } from '@parley/contracts/live';
import { readMe } from '@parley/contracts/people';
import { readProfile } from '@parley/contracts/profile';
import type { Rule } from '@parley/contracts/rule';
import { Client } from 'pg';
import { CandidateVisitor, openLink, questionOf } from '../../test/candidate';
import { MailSink } from '../../test/mail';
import {
  databaseUrl,
  halden,
  morrow,
  refusalOf,
  startTestServer,
  type TestServer,
  until,
  Visitor,
} from '../../test/server';
import { CandidatesService } from './candidates.service';
import { QuotasService } from './quotas.service';
import { ScopeKey, Tenancy } from '../platform/tenancy';
import { candidateToken, openToken } from './tokens';
import { WaitlistService } from './waitlist.service';

const sink = new MailSink();
const log = join(tmpdir(), `parley-door-${randomUUID()}.log`);
let server: TestServer;
let maren: Visitor;
beforeAll(async () => {
  server = await startTestServer({
    SMTP_URL: await sink.open(),
    TRUST_PROXY: '1',
    LOG_LEVEL: 'debug',
    PARLEY_LOG_FILE: log,
  });
  maren = await server.visit('maren');
});
afterAll(async () => {
  await server.stop();
  await sink.close();
  rmSync(log);
});

const someone = (token = openLink) => new CandidateVisitor(server.url, token);
const address = () => `${randomUUID().slice(0, 8)}@example.org`;
const is = (fact: string, ...values: string[]): Rule => [{ fact, is: 'anyOf', values }];
const none: Plan = { total: null, cells: [], shares: [] };
const cell = (label: string, rule: Rule, hard: number) => ({
  id: randomUUID(),
  label,
  rule,
  target: hard,
  soft: null,
  hard,
});
async function plan(next: Plan) {
  const { plan: now } = await maren.call(readDoor, { communityId: halden });
  return maren.call(publishPlan, { communityId: halden, basedOn: now.version, plan: next });
}
/** Everything the database holds, but for how often a link was opened, and what is counted by the clock. */
async function everything() {
  const names = await server.sql<{ name: string }>(
    `SELECT c.oid::regclass::text AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE c.relkind = 'r' AND n.nspname NOT IN ('pg_catalog', 'information_schema') ORDER BY 1`,
  );
  const dump: Record<string, string> = {};
  for (const { name } of names) {
    const [row] = await server.sql<{ all: string }>(
      `SELECT coalesce(string_agg((to_jsonb(t) - '{opened,last_seen_at,freed}'::text[])::text, E'\\n' ORDER BY to_jsonb(t)::text), '') AS "all" FROM ${name} t`,
    );
    dump[name] = row!.all;
  }
  return dump;
}
/** What was to be done in the background is done. */
const settled = () =>
  until(
    async () => !(await server.sql('SELECT FROM graphile_worker._private_jobs WHERE attempts < 1')).length,
  );
/** Nobody waits from the tests before. */
async function emptyQueue() {
  await server.sql(
    `UPDATE application SET status = 'withdrawn', email = NULL, email_verified_at = NULL, answers = '{}', facts = '{}', cell_ids = '{}'
     WHERE status IN ('waiting', 'offered', 'reserved', 'screening', 'notThisTime')`,
  );
  await plan(none);
}
async function link(more: Partial<{ useLimit: number | null; expiresAt: string | null }> = {}) {
  const source = await maren.call(createLink, {
    communityId: halden,
    sourceId: randomUUID(),
    label: 'Show page',
    placement: 'Below the trailer',
    note: '',
    useLimit: null,
    expiresAt: null,
    ...more,
  });
  return { ...source, token: source.url!.split('#')[1]! };
}
async function invite(csv: string, leaveOut = false) {
  const before = sink.mails.length;
  const sent = await maren.call(sendInvitations, {
    communityId: halden,
    sourceId: randomUUID(),
    label: 'Autumn letters',
    placement: '',
    note: 'We saw your review.',
    locale: 'en',
    csv,
    leaveOut,
  });
  return { ...sent, next: (email: string) => sink.next(email, before) };
}

describe('from a link to inside', () => {
  beforeAll(emptyQueue);

  it('a new person is let in with what they answered, agreed to and came by, and signed in', async () => {
    const { token, id } = await link();
    const candidate = someone(token);
    const { threshold, candidacy } = await candidate.open();
    expect(candidacy).toBe(null);
    expect(threshold).toMatchObject({
      community: { name: 'Halden Roundtable', slug: 'halden' },
      from: { name: 'Maren Vogt', role: 'manager' },
      address: null,
      questions: 5,
    });

    const begun = await candidate.pass();
    expect(begun.step).toBe('questions');
    // Nothing tells where answers lead, or what they become.
    expect(JSON.stringify(begun)).not.toMatch(/leads|notThisTime|within|"fact"/);

    const placed = await candidate.answer('nonowner', 'daily');
    expect(placed).toMatchObject({ step: 'consents', offered: false });
    expect(Date.parse(placed.heldUntil!) - Date.now()).toBeLessThanOrEqual(15 * 60_000);
    expect(
      placed.consents
        .filter(({ required }) => required)
        .map(({ purpose }) => purpose)
        .sort(),
    ).toEqual(['confidentiality', 'terms']);
    expect((await candidate.consent(placed, ['quoteAnonymous'])).step).toBe('contact');

    const email = address();
    const before = sink.mails.length;
    expect(await candidate.contact('Nia from Leeds', email)).toMatchObject({
      step: 'code',
      address: { confirmed: false },
    });
    const code = await sink.nextCode(email, before);
    expect((await candidate.confirm(code)).step).toBe('inside');

    const me = await candidate.call(readMe, {});
    expect(me.memberships).toMatchObject([{ handle: 'Nia from Leeds', role: 'member', status: 'active' }]);
    expect((await candidate.call(listSessions, { communityId: halden })).sessions.length).toBeGreaterThan(0);
    const profile = await candidate.call(readProfile, { communityId: halden });
    expect(profile.cameBy).toBe('Show page');
    expect(profile.facts.find(({ key }) => key === 'ownership')).toMatchObject({
      value: 'nonowner',
      source: 'screener',
    });
    expect(
      profile.consents
        .filter(({ given }) => given)
        .map(({ purpose }) => purpose)
        .sort(),
    ).toEqual(['confidentiality', 'quoteAnonymous', 'terms']);

    const { sources } = await maren.call(readDoor, { communityId: halden });
    expect(sources.find((source) => source.id === id)).toMatchObject({
      label: 'Show page',
      placement: 'Below the trailer',
      funnel: { opened: 1, started: 1, qualified: 1, waiting: 0, admitted: 1 },
    });
  });

  it('every step may be sent twice, at once or later, and takes effect once', async () => {
    const candidate = someone();
    const email = address();
    const twice = async <T>(ask: () => Promise<T>) => {
      const [first, second] = await Promise.all([ask(), ask()]);
      expect(second).toEqual(first);
      return first;
    };
    await twice(() => candidate.pass());
    const placed = await twice(() => candidate.answer('nonowner'));
    await twice(() => candidate.consent(placed));
    const before = sink.mails.length;
    await candidate.contact('Twice', email);
    const code = await sink.nextCode(email, before);
    await candidate.confirm(code);
    expect((await candidate.confirm(code)).step).toBe('inside');
    expect((await candidate.contact('Twice', email)).step).toBe('inside');
    expect((await candidate.call(readMe, {})).memberships).toHaveLength(1);
    const rows = await server.sql(
      `SELECT m.id FROM member m JOIN person p ON p.id = m.person_id WHERE p.email = $1`,
      [email],
    );
    expect(rows).toHaveLength(1);
  });

  it('two applications of one person become one', async () => {
    await plan({ ...none, cells: [cell('Owners', is('ownership', 'owner'), 0)] });
    const email = address();
    const apply = async (ownership: string) => {
      const candidate = someone();
      const placed = await candidate.screened(ownership);
      if (placed.step === 'consents') await candidate.consent(placed);
      const before = sink.mails.length;
      await candidate.contact('Again', email);
      return candidate.confirm(await sink.nextCode(email, before));
    };
    const first = await apply('owner');
    expect(first.step).toBe('waiting');
    // Other answers in another browser do not make a second candidate of them.
    const second = await apply('nonowner');
    expect(second).toMatchObject({ step: 'waiting', waiting: { since: first.waiting!.since } });
    expect(await server.sql('SELECT FROM application WHERE email = $1', [email])).toHaveLength(1);
    await plan(none);
  });

  it('an address that is confirmed in two browsers at the same time stays one person', async () => {
    const email = address();
    const both = [someone(), someone()];
    const codes: string[] = [];
    for (const candidate of both) {
      await candidate.consent(await candidate.screened('nonowner'));
      const before = sink.mails.length;
      await candidate.contact('Both', email);
      codes.push(await sink.nextCode(email, before));
    }
    const outcomes = await Promise.all(both.map((candidate, at) => refusalOf(candidate.confirm(codes[at]!))));
    expect(outcomes.sort()).toEqual(['done', 'invitation.alreadyIn']);
    expect(
      await server.sql(
        'SELECT m.status FROM member m JOIN person p ON p.id = m.person_id WHERE p.email = $1',
        [email],
      ),
    ).toEqual([{ status: 'active' }]);
  });

  it('steps cannot be left out, and an answer is not changed once it was sent', async () => {
    const candidate = someone();
    expect(await refusalOf(candidate.call(readCandidacy, {}))).toBe('auth.required');
    await candidate.pass();
    expect(await refusalOf(candidate.contact('Early', address()))).toBe('door.stepOrder');
    expect(await refusalOf(candidate.call(sendVoice, { text: 'Early.' }))).toBe('door.stepOrder');
    for (const answers of [
      {},
      { [questionOf('ownership')]: 'unicycle' },
      { [randomUUID()]: 'owner' },
      { [questionOf('ownership')]: ['owner'] },
    ])
      expect(
        await refusalOf(
          candidate
            .request('/api/door/answers', {
              method: 'POST',
              body: JSON.stringify({ answers }),
              headers: { 'content-type': 'application/json' },
            })
            .then(async (r) => {
              if (!r.ok) throw new Error(((await r.json()) as { code: string }).code);
            }),
        ),
      ).toBe('Error: request.invalid');
    const placed = await candidate.answer('nonowner');
    expect(await refusalOf(candidate.answer('owner'))).toBe('door.alreadySent');
    expect(await refusalOf(candidate.contact('Early', address()))).toBe('door.stepOrder');
    expect(
      await refusalOf(
        candidate.consent({
          ...placed,
          consents: placed.consents.filter(({ purpose }) => purpose === 'terms'),
        }),
      ),
    ).toBe('request.invalid');
    expect(
      await refusalOf(
        candidate.consent({ ...placed, consents: placed.consents.map((text) => ({ ...text, version: 9 })) }),
      ),
    ).toBe('door.stale');
  });

  it('a wrong code is counted, and after five of them the right one opens nothing', async () => {
    const candidate = someone();
    await candidate.consent(await candidate.screened('nonowner'));
    const email = address();
    const before = sink.mails.length;
    await candidate.contact('Guess', email);
    const code = await sink.nextCode(email, before);
    const wrong = String((Number(code) + 1) % 1_000_000).padStart(6, '0');
    const left: (number | undefined)[] = [];
    for (let tries = 0; tries < 5; tries += 1)
      await candidate.confirm(wrong).catch((error: CallError) => left.push(error.body.left));
    expect(left).toEqual([4, 3, 2, 1, 0]);
    expect(await refusalOf(candidate.confirm(code))).toBe('code.locked');
    const again = sink.mails.length;
    await candidate.contact('Guess', email);
    expect((await candidate.confirm(await sink.nextCode(email, again))).step).toBe('inside');
  });

  it('an answer that leads elsewhere is told kindly, and the right to say something stays', async () => {
    const candidate = someone();
    const told = await candidate.screened('owner', 'rarely', { [questionOf('trade')]: 'yes' });
    expect(told).toMatchObject({ step: 'notThisTime', heldUntil: null, waiting: null });
    expect(told.openQuestion).toMatch(/getting around/);
    await candidate.call(sendVoice, { text: 'Ask about the stairs.' });
    const { voices } = await maren.call(listVoices, {
      communityId: halden,
    });
    const mine = voices.find(({ voice }) => voice?.text === 'Ask about the stairs.')!;
    await maren.call(readVoice, { communityId: halden, applicationId: mine.id, reply: 'We will.' });
    expect((await candidate.call(readCandidacy, {})).voice).toMatchObject({
      text: 'Ask about the stairs.',
      readBy: { name: 'Maren Vogt', role: 'manager' },
      reply: 'We will.',
    });
    expect(await refusalOf(candidate.call(sendVoice, { text: 'And more.' }))).toBe('door.alreadySent');
  });
});

describe('the age gate', () => {
  const born = '2014-03-09';

  it('keeps nothing of five hundred who are too young: no row, no mail, no job, no word in the log', async () => {
    await settled();
    // By the clock, and of nobody.
    const kept = ({ 'graphile_worker._private_known_crontabs': _, ...tables }: Record<string, string>) =>
      tables;
    const before = kept(await everything());
    const mails = sink.mails.length;
    const said = readFileSync(log).length;
    const young = Array.from({ length: 500 }, () => someone());
    const agent = `Young ${randomUUID()}`;
    for (let at = 0; at < young.length; at += 25)
      await Promise.all(
        young.slice(at, at + 25).map(async (candidate) => {
          await candidate.open();
          expect(await refusalOf(candidate.pass(born))).toBe('door.underAge');
          expect(await refusalOf(candidate.call(readCandidacy, {}))).toBe('auth.required');
        }),
      );
    // What only a browser says besides: its name and its network.
    const named = await someone().request('/api/door/age', {
      method: 'POST',
      body: JSON.stringify({ token: openLink, applicationId: randomUUID(), born, locale: 'en' }),
      headers: {
        'content-type': 'application/json',
        'user-agent': agent,
        'x-forwarded-for': '203.0.113.77',
      },
    });
    expect(named.status).toBe(403);
    expect(kept(await everything())).toEqual(before);
    expect(sink.mails).toHaveLength(mails);
    const lines = readFileSync(log, 'utf8').slice(said);
    expect(lines.match(/door\.underAge/g)!.length).toBeGreaterThanOrEqual(501);
    for (const trace of [born, openLink, agent, '203.0.113.77', ...young.map((one) => one.applicationId)])
      for (const where of [lines, JSON.stringify(before)])
        if (trace !== openLink || where === lines) expect(where).not.toContain(trace);
  });

  it('cannot be tried again in that browser: not with another date, link or cleared form', async () => {
    const candidate = someone();
    expect(await refusalOf(candidate.pass(born))).toBe('door.underAge');
    expect(await refusalOf(candidate.pass('1980-01-01'))).toBe('door.underAge');
    const again = someone((await link()).token);
    again.jar.keep(candidate.jar.header().split('; '));
    expect(await refusalOf(again.pass('1980-01-01'))).toBe('door.underAge');
    // Another community with a higher age is closed too.
    const elsewhere = someone(openToken(morrow, 'come-in-morrow00'));
    elsewhere.jar.keep(candidate.jar.header().split('; '));
    expect(await refusalOf(elsewhere.pass('1980-01-01'))).toBe('door.underAge');
  });

  it.each(['2023-02-29', '2030-01-01', '1850-01-01', 'yesterday', ''])(
    'asks again for a date after %s',
    async (date) => {
      expect(await refusalOf(someone().pass(date))).toBe('request.invalid');
    },
  );

  it('lets in who has their birthday today and nobody a day earlier', async () => {
    const day = (years: number, days: number) => {
      const at = new Date();
      at.setUTCFullYear(at.getUTCFullYear() - years);
      at.setUTCDate(at.getUTCDate() + days);
      return at.toISOString().slice(0, 10);
    };
    expect(await refusalOf(someone().pass(day(16, 0)))).toBe('done');
    expect(await refusalOf(someone().pass(day(16, 1)))).toBe('door.underAge');
  });

  it('has no column that could hold a date of birth', async () => {
    expect(
      await server.sql(
        `SELECT column_name FROM information_schema.columns WHERE table_schema = 'public' AND column_name ~ '(birth|born|_age$|^age)'`,
      ),
    ).toEqual([]);
  });
});

describe('a personal invitation', () => {
  beforeAll(emptyQueue);

  it('comes by mail, opens for its address alone, once, and lets a new person in without a code', async () => {
    const email = address();
    const { source, next } = await invite(`email,name\n${email},Nia`);
    const mail = await next(email);
    expect(mail.subject).toBe('Maren Vogt invites you to Halden Roundtable');
    expect(mail.text).toMatch(/Hello Nia[\s\S]*We saw your review\./);
    expect(mail.link).toBe(`${server.url}/door#${mail.token}`);

    const candidate = someone(mail.token);
    expect((await candidate.open()).threshold.address).toBe(`${email[0]}•••@example.org`);
    await candidate.consent(await candidate.screened('nonowner'));
    expect(await refusalOf(candidate.contact('Nia', 'other@example.org'))).toBe('invitation.notForYou');
    expect((await candidate.contact('Nia')).step).toBe('inside');
    expect((await candidate.call(readMe, {})).email).toBe(email);

    expect(await refusalOf(someone(mail.token).open())).toBe('invitation.used');
    const { invitations } = await maren.call(listInvitations, { communityId: halden, sourceId: source!.id });
    expect(invitations).toMatchObject([{ email, name: 'Nia', status: 'accepted' }]);
  });

  it('goes on where it was in another browser, without a second application', async () => {
    const email = address();
    const { next } = await invite(email);
    const { token } = await next(email);
    const laptop = someone(token);
    await laptop.screened('nonowner');
    const phone = someone(token);
    expect((await phone.open()).candidacy?.step).toBe('consents');
    await phone.consent(await phone.call(readCandidacy, {}));
    expect((await phone.contact('Two screens')).step).toBe('inside');
  });

  it('takes the place of an application that the same person has begun by a link', async () => {
    await plan({ ...none, cells: [cell('Former', is('ownership', 'former'), 0)] });
    const email = address();
    const { next } = await invite(email);
    const { token } = await next(email);
    const open = someone();
    await open.screened('former');
    const before = sink.mails.length;
    await open.contact('By link', email);
    await open.confirm(await sink.nextCode(email, before));
    const invited = someone(token);
    await invited.consent(await invited.screened('nonowner'));
    expect((await invited.contact('Invited')).step).toBe('inside');
    expect((await open.call(readCandidacy, {})).step).toBe('withdrawn');
    await plan(none);
  });

  it('does not open the account of somebody who has one: they get a code', async () => {
    // Chiara is a member of Morrow.
    const { next } = await invite('chiara@example.org');
    const [{ email }] = (await server.sql<{ email: string }>(
      `SELECT email FROM person WHERE name LIKE 'Chiara%'`,
    )) as [{ email: string }];
    const { next: theirs } = await invite(email);
    const candidate = someone((await theirs(email)).token);
    await candidate.consent(await candidate.screened('nonowner'));
    const before = sink.mails.length;
    expect((await candidate.contact('Chiara')).step).toBe('code');
    expect(await refusalOf(candidate.call(readMe, {}))).toBe('auth.required');
    expect((await candidate.confirm(await sink.nextCode(email, before))).step).toBe('inside');
    expect(
      (await candidate.call(readMe, {})).memberships.map(({ community }) => community.slug).sort(),
    ).toEqual(['halden', 'morrow']);
    await next('chiara@example.org');
  });

  it.each([
    ['revoked', `UPDATE invitation SET status = 'revoked' WHERE email = $1`, 'invitation.revoked'],
    ['expired', `UPDATE invitation SET expires_at = now() WHERE email = $1`, 'invitation.expired'],
  ])('that is %s says so, at its opening and when it is used', async (_, sql, code) => {
    const email = address();
    const { next } = await invite(email);
    const { token } = await next(email);
    await server.sql(sql, [email]);
    expect(await refusalOf(someone(token).open())).toBe(code);
    expect(await refusalOf(someone(token).pass())).toBe(code);
  });

  it('that came back is named with the words of the mail server, corrected, and sent anew', async () => {
    const email = `bounce-${address()}`;
    const { source } = await invite(email);
    const all = () => maren.call(listInvitations, { communityId: halden, sourceId: source!.id });
    await until(async () => (await all()).invitations[0]!.status === 'bounced');
    const [bounced] = (await all()).invitations;
    expect(bounced!.why).toMatch(/550/);
    const { sources } = await maren.call(readDoor, { communityId: halden });
    expect(sources.find(({ id }) => id === source!.id)!.funnel).toMatchObject({ sent: 1, bounced: 1 });

    const right = address();
    const before = sink.mails.length;
    await maren.call(resendInvitation, { communityId: halden, invitationId: bounced!.id, email: right });
    const { token } = await sink.next(right, before);
    expect(await refusalOf(someone(token).open())).toBe('done');
    expect((await all()).invitations[0]).toMatchObject({ email: right, status: 'opened', why: '' });
  });

  it('opens nothing under the name of another community', async () => {
    const email = address();
    const { token } = await (await invite(email)).next(email);
    const named = openToken(morrow, '').slice(1);
    const elsewhere = `p${named}${token.slice(1 + named.length)}`;
    expect(elsewhere).toHaveLength(token.length);
    expect(await refusalOf(someone(elsewhere).open())).toBe('request.notFound');
    expect(await refusalOf(someone(elsewhere).pass())).toBe('request.notFound');
    expect(await refusalOf(someone(token).open())).toBe('done');
  });

  it('sent anew opens nothing by the link before; revoked, by none', async () => {
    const email = address();
    const { source, next } = await invite(email);
    const { token } = await next(email);
    const [one] = (await maren.call(listInvitations, { communityId: halden, sourceId: source!.id }))
      .invitations;
    const before = sink.mails.length;
    await maren.call(resendInvitation, { communityId: halden, invitationId: one!.id, email });
    const { token: newer } = await sink.next(email, before);
    expect(await refusalOf(someone(token).open())).toBe('request.notFound');
    await maren.call(revokeInvitation, { communityId: halden, invitationId: one!.id });
    expect(await refusalOf(someone(newer).open())).toBe('invitation.revoked');
  });

  it('is for a candidate, not for who is inside or suspended', async () => {
    const { token } = await link();
    const ines = await server.visit('ines');
    const [{ email }] = (await server.sql<{ email: string }>(
      `SELECT email FROM person WHERE name LIKE 'Ines%'`,
    )) as [{ email: string }];
    expect(email).toBeTruthy();
    const pass = (visitor: Visitor) => {
      const candidate = someone(token);
      candidate.jar.keep(visitor.jar.header().split('; '));
      return candidate.pass();
    };
    expect(await refusalOf(pass(ines))).toBe('invitation.alreadyIn');
    const viktor = await server.visit('viktor');
    expect(await refusalOf(viktor.call(openDoor, { token }))).toBe('auth.forbidden');
    expect(await refusalOf(pass(viktor))).toBe('auth.forbidden');
  });
});

describe('a link', () => {
  it('lets no more begin than it may, however many come at once', async () => {
    const { token, id } = await link({ useLimit: 5 });
    const outcomes = await Promise.all(Array.from({ length: 20 }, () => refusalOf(someone(token).pass())));
    expect(outcomes.filter((outcome) => outcome === 'done')).toHaveLength(5);
    expect(outcomes.filter((outcome) => outcome === 'invitation.used')).toHaveLength(15);
    expect(await server.sql('SELECT uses FROM source WHERE id = $1', [id])).toEqual([{ uses: 5 }]);
  });

  it('opens nothing once it is closed or has expired', async () => {
    const { token, id } = await link();
    await maren.call(closeSource, { communityId: halden, sourceId: id });
    expect(await refusalOf(someone(token).open())).toBe('invitation.revoked');
    const past = await link({ expiresAt: '2020-01-01T00:00:00Z' });
    expect(await refusalOf(someone(past.token).open())).toBe('invitation.expired');
  });

  it('that nobody made opens nothing, and who goes on guessing is slowed down', async () => {
    const guess = () => {
      const visitor = new CandidateVisitor(server.url, openToken(halden, randomUUID().slice(0, 16)));
      return visitor.request('/api/door/open', {
        method: 'POST',
        body: JSON.stringify({ token: visitor.token }),
        headers: { 'content-type': 'application/json', 'x-forwarded-for': '10.9.9.9' },
      });
    };
    const statuses: number[] = [];
    for (let at = 0; at < 200; at += 1) statuses.push((await guess()).status);
    expect(statuses.filter((status) => status === 404)).toHaveLength(30);
    expect(statuses.filter((status) => status === 429)).toHaveLength(170);
    // 30 an hour, 96 random bits, and for each link that is open: a million guesses take four years and find nothing.
    const links = 1_000;
    expect((1e6 * links) / 2 ** 96).toBeLessThan(1e-18);
  });
});

describe('a file of people to invite', () => {
  it('is reported row by row, and nothing is sent while a row is wrong', async () => {
    const [good, twin] = [address(), address()];
    const [{ email: member }] = (await server.sql<{ email: string }>(
      `SELECT email FROM person WHERE name LIKE 'Ines%'`,
    )) as [{ email: string }];
    const csv = [
      'email,name',
      good,
      'lena(at)example.org',
      twin,
      twin.toUpperCase(),
      member,
      `${address()},=1+1`,
    ]
      .map((row, at) => (at && !row.includes(',') ? `${row},` : row))
      .join('\n');
    const before = sink.mails.length;
    const refused = await invite(csv);
    expect(refused.source).toBe(null);
    expect(refused.report).toMatchObject({ rows: 6, good: 2, bad: 4 });
    expect(refused.report.problems.map(({ row, problem, twin: of }) => [row, problem, of])).toEqual([
      [3, 'address', null],
      [5, 'twice', 4],
      [6, 'member', null],
      [7, 'formula', null],
    ]);
    await new Promise((done) => setTimeout(done, 300));
    expect(sink.mails).toHaveLength(before);

    const sent = await invite(csv, true);
    expect(sent.source!.funnel.sent).toBe(2);
    await Promise.all([good, twin].map((email) => sent.next(email)));
    expect((await invite(`email\n${good}`)).report.problems[0]).toMatchObject({ row: 2, problem: 'invited' });
  });

  it('sent twice is sent once', async () => {
    const input = {
      communityId: halden,
      sourceId: randomUUID(),
      label: 'Once',
      placement: '',
      note: '',
      locale: 'de' as const,
      csv: address(),
      leaveOut: false,
    };
    const before = sink.mails.length;
    await Promise.all([
      maren.call(sendInvitations, input).catch(() => null),
      maren.call(sendInvitations, input).catch(() => null),
    ]);
    await maren.call(sendInvitations, input);
    const mail = await sink.next(input.csv, before);
    expect(mail.subject).toBe('Maren Vogt lädt Sie zu Halden Roundtable ein');
    await new Promise((done) => setTimeout(done, 300));
    expect(sink.mails.slice(before)).toHaveLength(1);
  });
});

describe('quotas', () => {
  beforeEach(emptyQueue);
  const inside = async () => {
    const { plan: now } = await maren.call(readDoor, { communityId: halden });
    return now;
  };

  it('hold a cell of three against two hundred who come at once', async () => {
    const before = await server.sql<{ n: number }>(
      `SELECT count(*)::int AS n FROM profile_fact f WHERE f.key = 'rides' AND f.value = '"rarely"'`,
    );
    await plan({ ...none, cells: [cell('Rarely', is('rides', 'rarely'), before[0]!.n + 3)] });
    const candidates = Array.from({ length: 200 }, () => someone());
    for (let at = 0; at < 200; at += 50)
      await Promise.all(candidates.slice(at, at + 50).map((candidate) => candidate.pass()));
    const outcomes = await Promise.all(candidates.map((candidate) => candidate.answer('nonowner', 'rarely')));
    expect(outcomes.filter(({ step }) => step === 'consents')).toHaveLength(3);
    expect(outcomes.filter(({ step }) => step === 'waiting')).toHaveLength(197);
    expect((await inside()).cells[0]).toMatchObject({ reserved: 3, state: 'full' });
  });

  it('never let a least share of those inside be broken, and tell who is kept out what is full', async () => {
    const label = 'Without a Halden';
    const share = (least: number) => ({
      ...none,
      shares: [{ id: randomUUID(), label, rule: is('ownership', 'nonowner', 'former'), least }],
    });
    const { filled, of } = (await plan(share(1))).shares[0]!;
    const others = of - filled;
    // So that two more of the others fit, and perhaps a third.
    const least = Math.floor((100 * filled) / (of + 2));
    await plan(share(least));
    let free = 2;
    while ((others + free + 1) * 100 <= (100 - least) * (of + free + 1)) free += 1;
    const owners = [];
    for (let at = 0; at < free + 3; at += 1) owners.push(await someone().screened('owner', 'weekly'));
    expect(owners.filter(({ step }) => step === 'consents')).toHaveLength(free);
    expect(owners.at(-1)).toMatchObject({ step: 'waiting', waiting: { full: [label], typicalDays: null } });
    expect((await someone().screened('nonowner', 'weekly')).step).toBe('consents');
  });

  it('give a place that lapsed to the next in line, with a mail and two days to take it', async () => {
    const now = await plan({ ...none, cells: [cell('Former', is('ownership', 'former'), 999)] });
    await plan({ ...none, cells: [cell('Former', is('ownership', 'former'), now.cells[0]!.filled + 1)] });
    const first = someone();
    expect((await first.screened('former')).step).toBe('consents');
    const second = someone();
    expect((await second.screened('former')).waiting).toMatchObject({ place: 1, full: ['Former'] });
    const email = address();
    const before = sink.mails.length;
    await second.contact('Second', email);
    await second.confirm(await sink.nextCode(email, before));
    const page = await sink.next(email, before + 1);

    await server.sql(`UPDATE application SET reserved_until = now() - interval '1 second' WHERE id = $1`, [
      first.applicationId,
    ]);
    const mails = sink.mails.length;
    await server.get(CandidatesService).lapse(halden);
    const offer = await sink.next(email, mails);
    expect(offer.subject).toBe('There is a place for you in Halden Roundtable');
    // The mailed page opens in any browser.
    const elsewhere = someone(offer.token);
    expect(offer.token).toBe(page.token);
    const { candidacy } = await elsewhere.open();
    expect(candidacy).toMatchObject({ step: 'consents', offered: true });
    await elsewhere.consent(candidacy!);
    expect((await elsewhere.contact('Second')).step).toBe('inside');
    // Who came back too late waits.
    expect((await first.call(readCandidacy, {})).step).toBe('waiting');
    expect((await inside()).cells[0]).toMatchObject({ reserved: 0, state: 'full' });
  });

  /** Those who wait know of every place that is free. */
  const asked = () =>
    until(
      async () =>
        !(
          await server.sql(
            `SELECT FROM quota_cell c JOIN quota_plan p ON p.community_id = c.community_id AND p.version = c.plan_version
             WHERE c.community_id = $1 AND p.active AND c.freed > 0`,
            [halden],
          )
        ).length,
    );

  it('give a place back to who waits, also in the moment before they are offered it', async () => {
    const rule = is('ownership', 'former');
    const now = (await plan({ ...none, cells: [cell('Former', rule, 999)] })).cells[0]!;
    const two = cell('Former', rule, now.filled + 2);
    await plan({ ...none, cells: [two] });
    const holders = [someone(), someone()];
    for (const holder of holders) expect((await holder.screened('former')).step).toBe('consents');
    const waits = someone();
    await waits.screened('former');
    const email = address();
    const before = sink.mails.length;
    await waits.contact('Waits', email);
    await waits.confirm(await sink.nextCode(email, before));
    await asked();

    // The moment lasts for as long as their row is held: no offer can be written.
    const holding = new Client({ connectionString: databaseUrl(server.database) });
    await holding.connect();
    try {
      await holding.query('BEGIN');
      await holding.query('SELECT FROM application WHERE id = $1 FOR UPDATE', [waits.applicationId]);
      const comers = await Promise.all(
        Array.from({ length: 4 }, async () => {
          const comer = someone();
          await comer.pass();
          return comer;
        }),
      );
      for (const holder of holders) await holder.call(withdrawCandidacy, {});
      const steps = [];
      for (const comer of comers) steps.push((await comer.answer('former')).step);
      // One of the two places is free for who comes; the other is theirs who wait.
      expect(steps).toEqual(['consents', 'waiting', 'waiting', 'waiting']);
    } finally {
      await holding.end();
    }
    await until(async () => (await waits.call(readCandidacy, {})).offered);
    expect((await inside()).cells[0]).toMatchObject({ reserved: 2, state: 'full' });
    await asked();
  });

  it('keep a place by one statement, whatever the number of cells', async () => {
    const facts = { ownership: 'nonowner' };
    const written = async (count: number) => {
      const cells = Array.from({ length: count }, (_, n) =>
        cell(`Cell ${n}`, is('ownership', 'nonowner'), 999),
      );
      await plan({ ...none, cells });
      const candidate = someone();
      await candidate.pass();
      const statements: string[] = [];
      await server.get(Tenancy).inCommunity(halden, async (em) => {
        const query = em.query.bind(em);
        em.query = (sql: string, ...more: unknown[]) => {
          statements.push(sql);
          return query(sql, ...(more as [unknown[]]));
        };
        const quotas = server.get(QuotasService);
        expect(await quotas.reserve(em, halden, candidate.applicationId, facts, 'reserved')).toBe(true);
      });
      expect((await inside()).cells.map(({ reserved }) => reserved)).toEqual(cells.map(() => 1));
      await candidate.call(withdrawCandidacy, {});
      return statements.filter((sql) => /UPDATE|INSERT/.test(sql)).length;
    };
    expect([await written(1), await written(40)]).toEqual([1, 1]);
  });

  it('say before a change how many could enter, and let them when it is made', async () => {
    const full = cell('Former', is('ownership', 'former'), 0);
    await plan({ ...none, cells: [full] });
    for (let at = 0; at < 4; at += 1) {
      const candidate = someone();
      await candidate.screened('former');
      const email = address();
      const before = sink.mails.length;
      await candidate.contact('Waits', email);
      await candidate.confirm(await sink.nextCode(email, before));
    }
    const { cells, version } = await inside();
    expect(cells[0]!.waiting).toBe(4);
    const wider = { ...none, cells: [{ ...full, hard: cells[0]!.filled + 3 }] };
    const tried = await maren.call(tryPlan, { communityId: halden, plan: wider });
    expect(tried).toMatchObject({ enter: 3, over: [] });
    expect(
      (await maren.call(tryPlan, { communityId: halden, plan: { ...none, cells: [full] } })).over,
    ).toEqual(cells[0]!.filled ? ['Former'] : []);
    expect((await inside()).version).toBe(version);
    await maren.call(publishPlan, { communityId: halden, basedOn: version, plan: wider });
    await until(async () => (await inside()).cells[0]!.reserved === 3);
    expect(
      await refusalOf(maren.call(publishPlan, { communityId: halden, basedOn: version, plan: wider })),
    ).toBe('door.stale');
  });

  it('count what a recount counts, after whatever came, left, lapsed and was published at the same time', async () => {
    const cells = [
      cell('Owners', is('ownership', 'owner'), 40),
      cell('Weekly', is('rides', 'weekly'), 60),
      cell('Weekly owners', [...is('ownership', 'owner'), ...is('rides', 'weekly')], 12),
    ];
    const shares = [
      { id: randomUUID(), label: 'Not owners', rule: is('ownership', 'nonowner', 'former'), least: 30 },
    ];
    await plan({ total: 400, cells, shares });
    const kinds = ['owner', 'nonowner', 'former'];
    await Promise.all(
      Array.from({ length: 60 }, async (_, at) => {
        const candidate = someone();
        await candidate.pass();
        const placed = await candidate.answer(kinds[at % 3]!, at % 2 ? 'weekly' : 'rarely');
        if (placed.step !== 'consents') return;
        if (at % 4 === 0) return void (await candidate.call(withdrawCandidacy, {}));
        if (at % 10 === 0)
          await server.sql(`UPDATE application SET reserved_until = now() WHERE id = $1`, [
            candidate.applicationId,
          ]);
        if (at % 20 === 9) await plan({ total: 400, cells, shares }).catch(() => undefined);
        if (at % 15 === 0) await server.get(CandidatesService).lapse(halden);
      }),
    );
    await settled();
    const kept = async () =>
      server.sql(
        `SELECT kind, label, filled, reserved, other_filled, other_reserved FROM quota_cell c
         JOIN quota_plan p ON p.community_id = c.community_id AND p.version = c.plan_version AND p.active
         WHERE c.community_id = $1 ORDER BY place`,
        [halden],
      );
    const live = await kept();
    await server.get(Tenancy).inCommunity(halden, (em) => server.get(QuotasService).recount(em, halden));
    expect(live).toEqual(await kept());
  });

  it('the last manager does not leave', async () => {
    expect(await refusalOf(maren.call(leaveCommunity, { communityId: halden }))).toBe('member.lastManager');
  });

  it('a member who leaves makes room for who waits', async () => {
    const member = someone();
    await member.enter(sink, address(), 'former');
    const now = await plan({ ...none, cells: [cell('Former', is('ownership', 'former'), 0)] });
    await plan({ ...none, cells: [cell('Former', is('ownership', 'former'), now.cells[0]!.filled)] });
    const candidate = someone();
    await candidate.screened('former');
    const email = address();
    const before = sink.mails.length;
    await candidate.contact('Next', email);
    await candidate.confirm(await sink.nextCode(email, before));
    await member.call(leaveCommunity, { communityId: halden });
    expect(await refusalOf(member.call(listSessions, { communityId: halden }))).toBe('request.notFound');
    await until(async () => (await candidate.call(readCandidacy, {})).offered);
  });
});

describe('who waits', () => {
  beforeEach(emptyQueue);

  async function waits() {
    await plan({ ...none, cells: [cell('Former', is('ownership', 'former'), 0)] });
    const candidate = someone();
    await candidate.screened('former');
    const email = address();
    const before = sink.mails.length;
    await candidate.contact('Waits', email);
    await candidate.confirm(await sink.nextCode(email, before));
    return { candidate, email };
  }

  it('can withdraw, and then nothing of them is left but that somebody came', async () => {
    const { candidate, email } = await waits();
    await candidate.call(sendVoice, { text: 'Something of mine.' });
    await candidate.call(withdrawCandidacy, {});
    const [row] = await server.sql(`SELECT to_jsonb(a)::text AS all FROM application a WHERE id = $1`, [
      candidate.applicationId,
    ]);
    expect(row!['all']).not.toMatch(/Waits|former|Something/);
    expect(row!['all']).not.toContain(email);
    expect(await server.sql('SELECT FROM mail WHERE recipient = $1', [email])).toEqual([]);
    expect(await refusalOf(candidate.call(readCandidacy, {}))).toBe('auth.required');
  });

  it('came by mail and withdraws: no table, no job and no mail knows their address, name or words any more', async () => {
    await plan({ ...none, cells: [cell('Former', is('ownership', 'former'), 0)] });
    const email = address();
    const name = `Nia ${randomUUID().slice(0, 8)}`;
    const { next } = await invite(`email,name\n${email},${name}`);
    const candidate = someone((await next(email)).token);
    await candidate.screened('former', 'rarely', { [questionOf('region')]: 'Nowhere on Sea' });
    await candidate.contact(`${name} of Leeds`);
    await candidate.call(sendVoice, { text: 'The stairs at home are steep.' });
    await until(async () => JSON.stringify(await everything()).includes('steep'));
    await candidate.call(withdrawCandidacy, {});
    await settled();
    const left = JSON.stringify(await everything());
    for (const trace of [email, name, 'Nowhere on Sea', 'steep']) expect(left).not.toContain(trace);
    // Nobody else's link was touched, and theirs opens nothing.
    expect(await refusalOf(someone(candidate.token).open())).toBe('invitation.used');
  });

  it('reads how long half of those before waited once there are ten, and nothing of fewer', async () => {
    const { candidate } = await waits();
    const typical = async () => (await candidate.call(readCandidacy, {})).waiting!.typicalDays;
    const before = (count: number) =>
      server.sql(
        `UPDATE application SET decided_at = now() - interval '9 days', offered_at = now() - interval '1 day'
         WHERE id IN (SELECT id FROM application WHERE status = 'withdrawn' LIMIT $1)`,
        [count],
      );
    await server.sql('UPDATE application SET offered_at = NULL');
    await before(9);
    expect(await typical()).toBe(null);
    await before(10);
    expect(await typical()).toBe(8);
    await server.sql('UPDATE application SET offered_at = NULL');
  });

  it('is seen by the manager with what is full, offered a place out of turn, or told not this time with a reason', async () => {
    const [one, two] = [await waits(), await waits()];
    const { applications } = await maren.call(listApplications, { communityId: halden, status: 'waiting' });
    expect(applications.map(({ place, full, email }) => [place, full, email])).toEqual([
      [1, ['Former'], one.email],
      [2, ['Former'], two.email],
    ]);
    const decide = (at: number, decision: 'offer' | 'notThisTime', reason = '') =>
      maren.call(decideApplication, {
        communityId: halden,
        applicationId: applications[at]!.id,
        decision,
        reason,
      });
    expect(await refusalOf(decide(1, 'offer'))).toBe('door.full');
    const read = await maren.call(readApplication, {
      communityId: halden,
      applicationId: applications[0]!.id,
    });
    expect(read.answers.map(({ question, value }) => [question.title, value])[0]).toEqual([
      'Which bicycle do you ride?',
      'former',
    ]);
    const before = sink.mails.length;
    expect((await decide(0, 'notThisTime', 'We begin with riders of today.')).status).toBe('notThisTime');
    expect((await sink.next(one.email, before)).text).toContain('We begin with riders of today.');
    await plan({ ...none, cells: [cell('Former', is('ownership', 'former'), 999)] });
    await until(async () => (await two.candidate.call(readCandidacy, {})).offered);
    expect((await decide(1, 'offer')).status).toBe('offered');
  });

  it('is not offered a third time when two offers were let pass, until they look at their page again', async () => {
    const { candidate } = await waits();
    await server.sql('UPDATE application SET offers = 2 WHERE id = $1', [candidate.applicationId]);
    await plan(none);
    expect(await server.get(WaitlistService).offerPlaces(halden)).toBe(0);
    const page = candidateToken(server.get(ScopeKey), 's', halden, candidate.applicationId);
    await someone(page).open();
    expect(await server.get(WaitlistService).offerPlaces(halden)).toBe(1);
  });
});

describe('the screener', () => {
  it('is published version by version; who has begun keeps theirs', async () => {
    const { screener } = await maren.call(readScreener, { communityId: halden });
    const early = someone();
    await early.pass();
    const body = { ...screener.body, questions: screener.body.questions.slice(0, 1) };
    const next = await maren.call(publishScreener, { communityId: halden, basedOn: screener.version, body });
    expect(next.version).toBe(screener.version + 1);
    expect(
      await refusalOf(maren.call(publishScreener, { communityId: halden, basedOn: screener.version, body })),
    ).toBe('door.stale');
    expect((await early.call(readCandidacy, {})).screener!.questions).toHaveLength(5);
    const late = someone();
    expect((await late.pass()).screener!.questions).toHaveLength(1);
    await maren.call(publishScreener, { communityId: halden, basedOn: next.version, body: screener.body });
  });

  it('without questions leads straight on: to a place, or to the waiting list', async () => {
    await emptyQueue();
    const { screener } = await maren.call(readScreener, { communityId: halden });
    const body = { ...screener.body, questions: [] };
    const next = await maren.call(publishScreener, { communityId: halden, basedOn: screener.version, body });
    expect((await maren.call(readDoor, { communityId: halden })).questions).toBe(0);
    const candidate = someone();
    expect((await candidate.pass()).step).toBe('consents');
    expect((await candidate.pass()).step).toBe('consents');
    await plan({ ...none, total: 1 });
    expect((await someone().pass()).step).toBe('waiting');
    await plan(none);
    await maren.call(publishScreener, { communityId: halden, basedOn: next.version, body: screener.body });
  });

  it('keeps waiting whom an answer leads there, whatever is free, until a manager offers them a place', async () => {
    await emptyQueue();
    const { screener } = await maren.call(readScreener, { communityId: halden });
    const questions = screener.body.questions.map((question) => ({
      ...question,
      options: question.options.map((option) =>
        option.value === 'former' ? { ...option, leads: 'waiting' as const } : option,
      ),
    }));
    const next = await maren.call(publishScreener, {
      communityId: halden,
      basedOn: screener.version,
      body: { ...screener.body, questions },
    });
    const candidate = someone();
    expect((await candidate.screened('former')).step).toBe('waiting');
    const email = address();
    const before = sink.mails.length;
    await candidate.contact('Kept', email);
    await candidate.confirm(await sink.nextCode(email, before));
    expect(await server.get(WaitlistService).offerPlaces(halden)).toBe(0);
    expect((await candidate.call(readCandidacy, {})).step).toBe('waiting');
    expect((await maren.call(tryPlan, { communityId: halden, plan: none })).enter).toBe(0);

    const { applications } = await maren.call(listApplications, { communityId: halden, status: 'waiting' });
    const { id } = applications.find((application) => application.email === email)!;
    const decision = { communityId: halden, applicationId: id, decision: 'offer' as const, reason: '' };
    expect((await maren.call(decideApplication, decision)).status).toBe('offered');
    await candidate.consent(await candidate.call(readCandidacy, {}));
    expect((await candidate.contact('Kept')).step).toBe('inside');
    const { basedOn, body } = { basedOn: next.version, body: screener.body };
    await maren.call(publishScreener, { communityId: halden, basedOn, body });
  });

  it('is refused when an answer does not fit the fact it becomes', async () => {
    const { screener } = await maren.call(readScreener, { communityId: halden });
    const [first, ...others] = screener.body.questions;
    const body = { ...screener.body, questions: [{ ...first!, fact: 'nothing' }, ...others] };
    const refused = await maren
      .call(publishScreener, { communityId: halden, basedOn: screener.version, body })
      .catch((error: CallError) => error.body.fields);
    expect(Object.keys(refused as object)).toEqual(['body.questions.0.fact']);
  });
});

it('the export holds every application, and nothing that a spreadsheet would run', async () => {
  const candidate = someone();
  await candidate.screened('nonowner', 'rarely', { [questionOf('region')]: 'Ulm' });
  await server.sql(`UPDATE application SET facts = facts || '{"region": "=cmd()"}' WHERE id = $1`, [
    candidate.applicationId,
  ]);
  const { csv, rows } = await maren.call(exportApplications, { communityId: halden });
  expect(csv.trim().split('\n')).toHaveLength(rows + 1);
  expect(csv).toContain(candidate.applicationId);
  expect(csv).not.toMatch(/(^|,)=/m);
  expect(
    await server.sql(`SELECT detail ->> 'rows' AS rows FROM audit WHERE action = 'door.exported'`),
  ).toEqual([{ rows: String(rows) }]);
});
