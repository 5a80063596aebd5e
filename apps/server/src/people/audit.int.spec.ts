import { breakGlass, listAudit } from '@parley/contracts/audit';
import { createSession, listSessions, readResult } from '@parley/contracts/live';
import { takeTicket } from '@parley/contracts/people';
import {
  halden,
  morrow,
  personOf,
  sessionOf,
  startTestServer,
  type TestServer,
  type Visitor,
} from '../../test/server';
import { Tenancy } from '../platform/tenancy';
import { AuditService } from './audit.service';

let server: TestServer;
let manager: Visitor;
beforeAll(async () => {
  server = await startTestServer();
  manager = await server.visit('maren');
});
afterAll(() => server.stop());
beforeEach(() => server.sql('DELETE FROM audit; DELETE FROM glass; DELETE FROM mail'));

const refusal = (answer: Promise<unknown>) =>
  answer.then(
    () => 'done',
    ({ code }: { code?: string }) => code,
  );
const write = (community: string, target: string) =>
  server.get(Tenancy).inCommunity(community, (em) =>
    server.get(AuditService).write(em, {
      actor: personOf('maren'),
      action: 'test.done',
      target,
      detail: { b: 1, a: ['ü', { deep: null }] },
    }),
  );
const read = (before?: number) => manager.call(listAudit, { communityId: halden, before });

describe('the audit trail', () => {
  it('is without gaps and whole, however many write at once, each community by itself', async () => {
    await Promise.all(Array.from({ length: 20 }, (_, at) => write(at % 2 ? halden : morrow, `${at}`)));
    const { entries, brokenAt } = await read();
    expect(brokenAt).toBeNull();
    expect(entries.map(({ seq }) => seq)).toEqual([10, 9, 8, 7, 6, 5, 4, 3, 2, 1]);
    expect(entries[0]).toMatchObject({
      actor: 'Maren Vogt',
      action: 'test.done',
      detail: { a: ['ü', { deep: null }], b: 1 },
    });
    expect((await read(4)).entries.map(({ seq }) => seq)).toEqual([3, 2, 1]);
  });

  it('holds nothing of what was not done after all', async () => {
    const failing = server.get(Tenancy).inCommunity(halden, async (em) => {
      await server
        .get(AuditService)
        .write(em, { actor: personOf('maren'), action: 'test.done', target: 'x' });
      throw new Error('not done');
    });
    await expect(failing).rejects.toThrow('not done');
    expect((await read()).entries).toEqual([]);
  });

  it.each([
    ['a word', `UPDATE audit SET detail = '{"reason": "none"}' WHERE seq = 3`, 3],
    ['a name', `UPDATE audit SET actor_id = gen_random_uuid() WHERE seq = 2`, 2],
    ['a time', `UPDATE audit SET at = at + interval '1 second' WHERE seq = 5`, 5],
    ['a row that is gone', 'DELETE FROM audit WHERE seq = 4', 4],
    ['the first row', 'DELETE FROM audit WHERE seq = 1', 1],
    [
      'a row with a hash made to fit',
      `UPDATE audit SET target = 'x', hash = audit_hash((SELECT hash FROM audit WHERE seq = 2), (SELECT ROW (community_id, seq, at, actor_id, action, 'x', detail, hash)::audit FROM audit WHERE seq = 3)) WHERE seq = 3`,
      4,
    ],
  ])('names where it was changed: %s', async (_, sql, brokenAt) => {
    for (let at = 0; at < 5; at += 1) await write(halden, `${at}`);
    await server.sql(sql);
    expect((await read()).brokenAt).toBe(brokenAt);
  });

  it.each([
    "UPDATE audit SET target = 'x'",
    'DELETE FROM audit',
    'TRUNCATE audit',
    "UPDATE glass SET closes_at = now() + interval '1 year'",
  ])('cannot be changed by the server itself: %s', async (sql) => {
    await write(halden, 'x');
    const attempt = server.get(Tenancy).inCommunity(halden, (em) => em.query(sql));
    await expect(attempt).rejects.toThrow(/permission denied/);
  });
});

describe('broken glass', () => {
  const open = (admin: Visitor, reason = 'A member reports that pictures leak.') =>
    admin.call(breakGlass, { communityId: halden, reason });

  it('opens one community for an hour, in writing and with a mail to each manager', async () => {
    const admin = await server.visit('robin');
    expect(await refusal(admin.call(listSessions, { communityId: halden }))).toBe('auth.forbidden');
    const { closesAt } = await open(admin);
    expect((Date.parse(closesAt) - Date.now()) / 60_000).toBeCloseTo(60, 0);
    expect((await admin.call(listSessions, { communityId: halden })).sessions.length).toBeGreaterThan(1);
    expect(await refusal(admin.call(listSessions, { communityId: morrow }))).toBe('auth.forbidden');
    expect((await read()).entries).toMatchObject([
      {
        actor: 'Robin Sato',
        action: 'glass.broken',
        detail: { reason: 'A member reports that pictures leak.', closesAt },
      },
    ]);
    const mails = await server.sql<{ recipient: string; body: string }>('SELECT recipient, body FROM mail');
    expect(mails.map(({ recipient }) => recipient)).toEqual(['maren.vogt@example.com']);
    expect(mails[0]!.body).toContain('pictures leak');
    expect(mails[0]!.body).toContain('Robin Sato');
  });

  it('is for looking: nothing is written or joined through it', async () => {
    const admin = await server.visit('robin');
    await open(admin);
    expect(await refusal(admin.call(takeTicket, { communityId: halden }))).toBe('auth.forbidden');
    expect((await admin.request(`/api/c/${halden}/logo`)).status).toBe(403);
    const plan = {
      communityId: halden,
      sessionId: '00000000-0000-4000-8000-000000000001',
      title: 'A try',
      purpose: 'To see who may.',
      decision: 'None.',
      decisionOwner: { name: 'Maria Kessler', title: 'VP Product' },
      reportBackOn: '2030-01-01',
      startsAt: new Date().toISOString(),
      plannedMinutes: 30,
      cues: [{ kind: 'text' as const, title: 'x', prompt: 'x', assetId: null }],
    };
    expect(await refusal(admin.call(createSession, plan))).toBe('auth.forbidden');
    const result = { communityId: halden, sessionId: sessionOf('halden-one-rough') };
    expect(await refusal(admin.call(readResult, result))).toBe('done');
  });

  it('is for admins, and for this sign-in of theirs', async () => {
    const [admin, elsewhere] = [await server.visit('robin'), await server.visit('robin')];
    await open(admin);
    expect(await refusal(elsewhere.call(listSessions, { communityId: halden }))).toBe('auth.forbidden');
    expect(await refusal(open(manager))).toBe('auth.forbidden');
    expect(await refusal(open(await server.visit('grace')))).toBe('request.notFound');
    const nothing = { communityId: '00000000-0000-4000-8000-000000000000', reason: 'x' };
    expect(await refusal(admin.call(breakGlass, nothing))).toBe('request.notFound');
  });
});
