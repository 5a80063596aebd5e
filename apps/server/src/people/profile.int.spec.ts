import { randomUUID } from 'node:crypto';
import { CallError } from '@parley/client/http';
import { endpoints } from '@parley/contracts/api';
import { leaveCommunity } from '@parley/contracts/door';
import {
  joinSession,
  rateStatement,
  sendComment,
  sendSamples,
  stageCue,
  startSession,
  submitStatement,
} from '@parley/contracts/live';
import { readMe, takeTicket } from '@parley/contracts/people';
import {
  type Consent,
  countSegment,
  deleteSegment,
  type FactDef,
  listConsentTexts,
  listSegments,
  pauseMembership,
  type Purpose,
  publishConsentText,
  readProfile,
  resumeMembership,
  saveFactDef,
  saveSegment,
  updateConsent,
  updateFact,
  updateProfile,
} from '@parley/contracts/profile';
import type { FactValue, Rule } from '@parley/contracts/rule';
import { Client } from 'pg';
import {
  cueOf,
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
import { Tenancy } from '../platform/tenancy';
import { ConsentsService } from './consents.service';
import { ProfileService } from './profile.service';
import { shown } from './segments.service';

let server: TestServer;
let maren: Visitor;
beforeAll(async () => {
  server = await startTestServer();
  maren = await server.visit('maren');
});
afterAll(() => server.stop());

const communityId = halden;
const ines = memberOf('halden', 'ines');

/** What a call is refused with: its code, and the fields that are named. */
const refusal = (answer: Promise<unknown>) =>
  answer.then(
    () => ['done'],
    (error: unknown) => {
      if (!(error instanceof CallError)) throw error;
      return [error.code, ...Object.keys(error.body.fields ?? {})];
    },
  );
const inHalden = <T>(work: Parameters<Tenancy['inCommunity']>[1]) =>
  server.get(Tenancy).inCommunity(halden, work) as Promise<T>;

async function define(def: Partial<FactDef> & Pick<FactDef, 'key' | 'kind'>) {
  const choices = def.kind === 'single' || def.kind === 'multiple' ? ['a', 'b', 'c'] : [];
  return maren.call(saveFactDef, {
    communityId,
    label: def.key,
    options: choices.map((value) => ({ value, label: value.toUpperCase() })),
    editable: true,
    sensitive: false,
    ...def,
  });
}

describe('one’s own profile', () => {
  it('says what is known, from where and since when', async () => {
    const profile = await (await server.visit('ines')).call(readProfile, { communityId });
    expect(profile).toMatchObject({
      memberId: ines,
      handle: 'Ines from Porto',
      observer: false,
      paused: false,
    });
    expect(profile.facts.map(({ key }) => key)).toEqual(
      expect.arrayContaining(['ownership', 'rides', 'uses', 'distance', 'region', 'income']),
    );
    const rides = profile.facts.find(({ key }) => key === 'rides')!;
    expect(rides).toMatchObject({ label: 'How often you ride', value: 'daily', source: 'screener' });
    expect(Date.now() - Date.parse(rides.since!)).toBeLessThan(3_600_000);
    expect(
      profile.consents.map(({ purpose, given, givenVersion }) => [purpose, given, givenVersion]),
    ).toEqual(
      ['terms', 'confidentiality', 'recording', 'quoteNamed', 'quoteAnonymous', 'email'].map((purpose) => [
        purpose,
        true,
        1,
      ]),
    );
  });

  it('also says what is not known, so that nothing is hidden', async () => {
    const { facts } = await (await server.visit('priya')).call(readProfile, { communityId });
    expect(facts.find(({ key }) => key === 'distance')).toMatchObject({
      value: null,
      source: null,
      since: null,
    });
  });

  it('changes what is named and nothing else', async () => {
    const kenji = await server.visit('kenji');
    const before = await kenji.call(readProfile, { communityId });
    const after = await kenji.call(updateProfile, { communityId, avatar: 'c4' });
    expect(after).toEqual({ ...before, avatar: 'c4' });
    expect(await kenji.call(updateProfile, { communityId, handle: ' Ken\u202eji\tW. ' })).toMatchObject({
      handle: 'Kenji W.',
      avatar: 'c4',
    });
  });

  it.each([
    { role: 'manager' },
    { status: 'active' },
    { memberId: memberOf('halden', 'tunde') },
    { cameBy: 'x' },
    { joinedAt: '2020-01-01T00:00:00Z' },
    { avatar: 'z9' },
    { avatar: '<svg>' },
    { observer: 'yes' },
    { handle: 'Moderator' },
    { handle: 'M\u0430ria' },
    { handle: '' },
  ])('takes no %j', async (change) => {
    const row = () => server.sql('SELECT m::text FROM member m WHERE id = $1', [ines]);
    const before = await row();
    const ask = (await server.visit('ines')).call(updateProfile, { communityId, ...change } as never);
    expect((await refusal(ask))[0]).toBe('request.invalid');
    expect(await row()).toEqual(before);
  });

  it('is of one community: the other keeps its own', async () => {
    const priya = await server.visit('priya');
    await priya.call(updateProfile, { communityId, handle: 'Priya of Halden' });
    expect((await priya.call(readProfile, { communityId: morrow })).handle).toBe('Priya R.');
    expect(await refusal(priya.call(updateFact, { communityId, key: 'household', value: 2 }))).toEqual([
      'request.notFound',
    ]);
  });
});

describe('a fact about oneself', () => {
  const kinds: [kind: FactDef['kind'], good: FactValue[], bad: unknown[]][] = [
    ['single', ['a', 'c'], ['z', 3, ['a'], '', []]],
    ['multiple', [['a'], ['c', 'a']], ['a', ['a', 'z'], ['a', 'a'], [], 1]],
    ['number', [0, -3.5, 140], ['140', [], 'many']],
    ['scale', [7], [7.5, '7']],
    [
      'date',
      ['1990-02-28', '2024-02-29'],
      ['2023-02-29', '1990-02-31', '0000-01-01', '28.02.1990', 19900228],
    ],
    ['text', ['A cargo bicycle\nand a dog', '雨の日は歩く'], ['x'.repeat(301), ' \u200b ', 'a\0b', 5]],
    ['region', ['24103', 'Gdańsk', 'SW1A 1AA', "L'Aquila", '東京'], ['<b>', 'x'.repeat(61), 9]],
  ];

  it.each(kinds)('of kind %s takes what fits and refuses what does not', async (kind, good, bad) => {
    const key = `of_${kind}`;
    await define({ key, kind });
    const visitor = await server.visit('aoife');
    const stored = async () =>
      (await visitor.call(readProfile, { communityId })).facts.find((fact) => fact.key === key)!;
    for (const value of good) {
      await visitor.call(updateFact, { communityId, key, value });
      expect((await stored()).value).toEqual(value);
    }
    const before = await stored();
    for (const value of bad)
      expect([
        value,
        ...(await refusal(visitor.call(updateFact, { communityId, key, value: value as never }))),
      ]).toEqual([value, 'request.invalid', 'value']);
    expect(await stored()).toEqual(before);
  });

  it('is from then on the member’s word, with today’s date', async () => {
    const lena = await server.visit('lena');
    await server.sql(
      `UPDATE profile_fact SET asserted_at = now() - interval '1 year' WHERE member_id = $1 AND key = 'distance'`,
      [memberOf('halden', 'lena')],
    );
    const { facts } = await lena.call(updateFact, { communityId, key: 'distance', value: 56 });
    const distance = facts.find(({ key }) => key === 'distance')!;
    expect(distance).toMatchObject({ value: 56, source: 'member' });
    expect(Date.now() - Date.parse(distance.since!)).toBeLessThan(60_000);
    // What was not touched keeps its source.
    expect(facts.find(({ key }) => key === 'rides')).toMatchObject({ source: 'screener' });
  });

  it('is forgotten when the member says so', async () => {
    const emre = await server.visit('emre');
    const { facts } = await emre.call(updateFact, { communityId, key: 'region', value: null });
    expect(facts.find(({ key }) => key === 'region')).toMatchObject({ value: null, source: null });
    expect(
      await server.sql(`SELECT FROM profile_fact WHERE member_id = $1 AND key = 'region'`, [
        memberOf('halden', 'emre'),
      ]),
    ).toEqual([]);
  });

  it('that the team keeps is not changed by members, nor forgotten', async () => {
    const visitor = await server.visit('ines');
    for (const value of ['high', null])
      expect(await refusal(visitor.call(updateFact, { communityId, key: 'income', value }))).toEqual([
        'auth.forbidden',
      ]);
    const { facts } = await visitor.call(readProfile, { communityId });
    expect(facts.find(({ key }) => key === 'income')).toMatchObject({ value: 'middle', source: 'screener' });
  });

  it('loses marks that turn or hide other text', async () => {
    await define({ key: 'words', kind: 'text' });
    const visitor = await server.visit('aoife');
    const { facts } = await visitor.call(updateFact, {
      communityId,
      key: 'words',
      value: ' a\u202eb\r\nc\u200b ',
    });
    expect(facts.find(({ key }) => key === 'words')?.value).toBe('ab\nc');
  });

  it('is not there when nobody keeps it', async () => {
    const visitor = await server.visit('ines');
    for (const key of ['shoesize', '__proto__', 'Rides'])
      expect((await refusal(visitor.call(updateFact, { communityId, key, value: 'x' })))[0]).toBe(
        'request.notFound',
      );
  });

  it('asserted at the door is left out where it does not fit its definition', async () => {
    await inHalden(async (em) => {
      const facts = { rides: 'hourly', distance: 12, never_defined: 'x' };
      await server.get(ProfileService).assert(em, halden, memberOf('halden', 'kenji'), facts, 'team');
    });
    const { facts } = await (await server.visit('kenji')).call(readProfile, { communityId });
    expect(facts.find(({ key }) => key === 'rides')).toMatchObject({ value: 'rarely', source: 'screener' });
    expect(facts.find(({ key }) => key === 'distance')).toMatchObject({ value: 12, source: 'team' });
  });
});

describe('the facts that are kept', () => {
  it('keep their kind', async () => {
    await define({ key: 'kept_kind', kind: 'number' });
    expect(await refusal(define({ key: 'kept_kind', kind: 'text' }))).toEqual(['request.invalid', 'kind']);
  });

  it('are one kind and its own options, though two define them differently at once', async () => {
    for (let round = 0; round < 5; round += 1) {
      const key = `raced_${round}`;
      await Promise.allSettled([define({ key, kind: 'number' }), define({ key, kind: 'single' })]);
      const [row] = await server.sql(
        'SELECT kind, jsonb_array_length(options) AS n FROM profile_fact_def WHERE key = $1',
        [key],
      );
      expect([
        ['number', 0],
        ['single', 3],
      ]).toContainEqual([row!['kind'], row!['n']]);
    }
  });

  it.each([
    ['one option alone', { kind: 'single' as const, options: [{ value: 'a', label: 'A' }] }],
    [
      'the same option twice',
      {
        kind: 'multiple' as const,
        options: [
          { value: 'a', label: 'A' },
          { value: 'a', label: 'B' },
        ],
      },
    ],
    ['options of a number', { kind: 'number' as const, options: [{ value: 'a', label: 'A' }] }],
  ])('have no %s', async (_, def) => {
    expect(await refusal(define({ key: 'odd', ...def }))).toEqual(['request.invalid', 'options']);
  });

  it('keep the options that somebody’s fact names; others go', async () => {
    const options = ['a', 'b', 'c'].map((value) => ({ value, label: value }));
    await define({ key: 'in_use', kind: 'multiple', options });
    await (await server.visit('aoife')).call(updateFact, { communityId, key: 'in_use', value: ['b'] });
    expect(
      await refusal(
        define({ key: 'in_use', kind: 'multiple', options: options.filter((o) => o.value !== 'b') }),
      ),
    ).toEqual(['request.invalid', 'options']);
    const { facts } = await define({
      key: 'in_use',
      kind: 'multiple',
      options: options.filter((o) => o.value !== 'c'),
    });
    expect(facts.find(({ key }) => key === 'in_use')?.options.map(({ value }) => value)).toEqual(['a', 'b']);
  });
});

describe('an agreement', () => {
  const of = (consents: Consent[], purpose: Purpose) => consents.find((one) => one.purpose === purpose)!;
  const has = (memberId: string, purpose: Purpose) =>
    inHalden<boolean>((em) => server.get(ConsentsService).has(em, halden, memberId, purpose));
  const history = (memberId: string, purpose: Purpose) =>
    server.sql(
      `SELECT version, withdrawn_at IS NULL AS stands FROM consent WHERE member_id = $1 AND purpose = $2 ORDER BY given_at`,
      [memberId, purpose],
    );
  const next = async (purpose: Purpose, body: string = randomUUID()) => {
    const { texts } = await maren.call(listConsentTexts, { communityId });
    const basedOn = texts.find((text) => text.purpose === purpose)?.version ?? 0;
    await maren.call(publishConsentText, { communityId, purpose, basedOn, body });
    return basedOn + 1;
  };

  it('that is withdrawn has ended for the very next statement; its history is kept', async () => {
    const tunde = await server.visit('tunde');
    const id = memberOf('halden', 'tunde');
    expect(await has(id, 'quoteNamed')).toBe(true);
    const { consents } = await tunde.call(updateConsent, {
      communityId,
      purpose: 'quoteNamed',
      version: 1,
      given: false,
    });
    expect(await has(id, 'quoteNamed')).toBe(false);
    expect(of(consents, 'quoteNamed')).toMatchObject({ given: false, givenVersion: 1 });
    expect(await has(id, 'quoteAnonymous')).toBe(true);
    expect(await has(ines, 'quoteNamed')).toBe(true);

    await tunde.call(updateConsent, { communityId, purpose: 'quoteNamed', version: 1, given: true });
    expect(await has(id, 'quoteNamed')).toBe(true);
    expect(await history(id, 'quoteNamed')).toEqual([
      { version: 1, stands: false },
      { version: 1, stands: true },
    ]);
  });

  it('without which nobody is inside is not withdrawn here, and the refusal says where', async () => {
    const tunde = await server.visit('tunde');
    for (const purpose of ['terms', 'confidentiality'] as const) {
      const ask = tunde.call(updateConsent, { communityId, purpose, version: 1, given: false });
      await expect(ask).rejects.toMatchObject({
        code: 'request.invalid',
        body: { fields: { given: expect.stringMatching(/leaving/) } },
      });
      expect(await has(memberOf('halden', 'tunde'), purpose)).toBe(true);
    }
  });

  it('is to the version that was shown: to an old one it is refused, and a standing one outlives a new text', async () => {
    const version = await next('recording', 'We record pictures as well.');
    const lena = await server.visit('lena');
    const id = memberOf('halden', 'lena');
    const before = await lena.call(readProfile, { communityId });
    expect(of(before.consents, 'recording')).toMatchObject({
      given: true,
      givenVersion: version - 1,
      version,
      body: 'We record pictures as well.',
    });
    const agree = (to: number) =>
      lena.call(updateConsent, { communityId, purpose: 'recording', version: to, given: true });
    for (const other of [version - 1, version + 1, 0])
      expect(await refusal(agree(other))).toEqual(['door.stale']);
    expect(await has(id, 'recording')).toBe(true);

    const { consents } = await agree(version);
    expect(of(consents, 'recording')).toMatchObject({ given: true, givenVersion: version });
    expect(await history(id, 'recording')).toEqual([
      { version: version - 1, stands: false },
      { version, stands: true },
    ]);
  });

  it('to an older version can be withdrawn without agreeing to the newer one first', async () => {
    const version = await next('email');
    const emre = await server.visit('emre');
    const { consents } = await emre.call(updateConsent, {
      communityId,
      purpose: 'email',
      version,
      given: false,
    });
    expect(of(consents, 'email')).toMatchObject({ given: false, givenVersion: version - 1 });
    expect(await has(memberOf('halden', 'emre'), 'email')).toBe(false);
  });

  it('given many times at once stands once', async () => {
    const kenji = await server.visit('kenji');
    const change = (given: boolean) =>
      kenji.call(updateConsent, { communityId, purpose: 'quoteAnonymous', version: 1, given });
    await change(false);
    await Promise.all(Array.from({ length: 8 }, () => change(true)));
    expect(
      (await history(memberOf('halden', 'kenji'), 'quoteAnonymous')).filter(({ stands }) => stands),
    ).toHaveLength(1);
  });

  it('that stands is the one that is shown, whatever its date says', async () => {
    const id = memberOf('halden', 'mateusz');
    const mateusz = await server.visit('mateusz');
    const change = (given: boolean) =>
      mateusz.call(updateConsent, { communityId, purpose: 'quoteNamed', version: 1, given });
    await change(false);
    await change(true);
    // As when the clock of one of two servers is behind.
    await server.sql(
      `UPDATE consent SET given_at = now() - interval '1 year' WHERE member_id = $1 AND purpose = 'quoteNamed' AND withdrawn_at IS NULL`,
      [id],
    );
    expect(of((await mateusz.call(readProfile, { communityId })).consents, 'quoteNamed').given).toBe(true);
  });

  it('ends with leaving, all of them, and the history stays', async () => {
    const key = 'mateusz';
    const id = memberOf('halden', key);
    await (await server.visit(key)).call(leaveCommunity, { communityId });
    for (const purpose of ['terms', 'quoteNamed', 'email'] as const)
      expect(await has(id, purpose)).toBe(false);
    expect((await history(id, 'terms')).map(({ version }) => version)).toEqual([1]);
    await server.sql(`UPDATE member SET status = 'active' WHERE id = $1`, [id]);
  });

  it('has a next text from one of two who publish at once; the other is told to look first', async () => {
    const { texts } = await maren.call(listConsentTexts, { communityId });
    const { version } = texts.find(({ purpose }) => purpose === 'quoteNamed')!;
    const publish = (body: string) =>
      refusal(maren.call(publishConsentText, { communityId, purpose: 'quoteNamed', basedOn: version, body }));
    const outcomes = await Promise.all(['One.', 'Two.', 'Three.'].map(publish));
    expect(outcomes.flat().sort()).toEqual(['done', 'door.stale', 'door.stale']);
    expect(await publish('Four.')).toEqual(['door.stale']);
    const rows = await server.sql(
      `SELECT version FROM consent_text WHERE community_id = $1 AND purpose = 'quoteNamed' ORDER BY version`,
      [halden],
    );
    expect(rows.map((row) => row['version'])).toEqual([1, 2]);
  });
});

describe('a segment', () => {
  const rule = (values: string[]): Rule => [{ fact: 'badge', is: 'anyOf', values }];
  const count = async (of: Rule) => (await maren.call(countSegment, { communityId, rule: of })).count;
  const save = (name: string, of: Rule, more: { freeze?: boolean; segmentId?: string } = {}) =>
    maren.call(saveSegment, { communityId, segmentId: randomUUID(), name, rule: of, freeze: false, ...more });
  let active: string[] = [];
  /** The first so many active members get one value, all others the other. */
  async function badges(first: number) {
    await inHalden(async (em) => {
      for (const [at, id] of active.entries())
        await server.get(ProfileService).assert(em, halden, id, { badge: at < first ? 'a' : 'b' }, 'team');
    });
  }

  beforeAll(async () => {
    await define({ key: 'badge', kind: 'single' });
    const rows = await server.sql<{ id: string }>(
      `SELECT id FROM member WHERE community_id = $1 AND role = 'member' AND status = 'active' ORDER BY id`,
      [halden],
    );
    active = rows.map(({ id }) => id);
    expect(active.length).toBeGreaterThan(25);
  });

  it('says how many it is about from ten on, and not where it would tell of fewer than ten others', async () => {
    const all = active.length;
    for (const [first, said] of [
      [9, null],
      [10, 10],
      [all - 10, all - 10],
      [all - 9, null],
      [all - 1, null],
      [all, all],
    ] as const) {
      await badges(first);
      expect([first, await count(rule(['a']))]).toEqual([first, said]);
    }
    expect(await count(rule(['c']))).toBeNull();
    expect(await count([])).toBe(all);
  });

  it('follows its members as they change, unless it is frozen', async () => {
    await badges(12);
    const follows = await save('Follows', rule(['a']));
    const frozen = await save('Frozen', rule(['a']), { freeze: true });
    expect([follows.count, frozen.count]).toEqual([12, 12]);
    expect([follows.frozenAt === null, frozen.frozenAt === null]).toEqual([true, false]);
    await badges(15);
    const now = async () => {
      const { segments } = await maren.call(listSegments, { communityId });
      return ['Follows', 'Frozen'].map((name) => segments.find((one) => one.name === name)?.count);
    };
    expect(await now()).toEqual([15, 12]);

    // Counted are those who are here as members: not who paused, and not who went over to the team.
    await server.sql(`UPDATE member SET status = 'paused' WHERE id = $1`, [active[0]]);
    await server.sql(`UPDATE member SET role = 'moderator' WHERE id = $1`, [active[1]]);
    expect(await now()).toEqual([13, 10]);
    await server.sql(`UPDATE member SET status = 'active', role = 'member' WHERE id = ANY ($1)`, [active]);

    // A frozen one takes a new name, and keeps its rule and its people.
    const again = await save('Frozen', rule(['b']), { segmentId: frozen.id, freeze: true });
    expect(again).toMatchObject({ rule: rule(['a']), frozenAt: frozen.frozenAt, count: 12 });
    for (const segmentId of [follows.id, frozen.id])
      await maren.call(deleteSegment, { communityId, segmentId });
    expect(await now()).toEqual([undefined, undefined]);
    expect(await refusal(maren.call(deleteSegment, { communityId, segmentId: frozen.id }))).toEqual([
      'request.notFound',
    ]);
    expect(await server.sql('SELECT FROM segment_member WHERE segment_id = $1', [frozen.id])).toEqual([]);
  });

  it('frozen by two at once has its people once', async () => {
    await badges(11);
    const { id: segmentId } = await save('Twice', rule(['a']));
    await Promise.all([1, 2, 3].map(() => save('Twice', rule(['a']), { segmentId, freeze: true })));
    expect(await server.sql('SELECT FROM segment_member WHERE segment_id = $1', [segmentId])).toHaveLength(
      11,
    );
  });

  it.each<[string, Rule]>([
    ['a fact that is not kept', [{ fact: 'shoesize', is: 'known' }]],
    ['a choice that the fact does not have', [{ fact: 'badge', is: 'anyOf', values: ['a', 'z'] }]],
    ['a number where there is a choice', [{ fact: 'badge', is: 'atLeast', value: 3 }]],
    ['a choice where there is a number', [{ fact: 'distance', is: 'anyOf', values: ['3'] }]],
  ])('is not about %s', async (_, of) => {
    expect(await refusal(save('Odd', of))).toEqual(['request.invalid', 'rule']);
  });

  it('keeps its own name for everybody: nothing, or too much, is none', async () => {
    for (const name of ['', '  ', 'x'.repeat(81)])
      expect(await refusal(save(name, rule(['a'])))).toEqual(['request.invalid', 'name']);
    expect(await refusal(save('Everybody', []))).toEqual(['request.invalid', 'rule']);
  });
});

it('a count is shown from ten on, on both sides of it', () => {
  for (const [count, all, said] of [
    [0, 0, null],
    [9, 100, null],
    [10, 100, 10],
    [90, 100, 90],
    [91, 100, null],
    [100, 100, 100],
    [9, 9, null],
  ] as const)
    expect([count, all, shown(count, all)]).toEqual([count, all, said]);
});

describe('somebody who looks on', () => {
  const sessionId = sessionOf('halden-one-film');
  const cueId = cueOf('halden-one-film', 2);
  const op = () => ({ opId: randomUUID(), sessionId });

  it('is counted apart, sees the stage, and is refused what would count, until they take part', async () => {
    const [jo, lena, tunde] = await Promise.all(
      ['jo', 'lena', 'tunde'].map(async (key) => (await server.visit(key)).join(sessionId)),
    );
    await jo!.send(startSession, op());
    await jo!.send(stageCue, { ...op(), cueId });
    const { statement } = await lena!.send(submitStatement, { ...op(), body: 'Show the fold.' });
    const visitor = await server.visit('kenji');
    await visitor.call(updateProfile, { communityId, observer: true });

    const kenji = await visitor.join(sessionId);
    expect(kenji.screen()).toMatchObject({
      mine: { takesPart: false },
      stage: { cueId },
      statements: [{ id: statement.id }],
    });
    await until(() => tunde!.screen().pulse.observers === 1);
    expect(tunde!.screen().pulse).toMatchObject({ here: 2, observers: 1 });

    const samples = { sessionId, cueId, round: 1, dial: [[0, 80]] as [number, number][], moods: [] };
    const what = [
      () => kenji.send(sendSamples, samples),
      () => kenji.send(sendComment, { ...op(), body: 'x', cueId, second: 0 }),
      () => kenji.send(submitStatement, { ...op(), body: 'x' }),
      () => kenji.send(rateStatement, { ...op(), statementId: statement.id, rating: 'agree' }),
    ];
    for (const attempt of what) expect(await refusal(attempt())).toEqual(['auth.forbidden']);
    const id = memberOf('halden', 'kenji');
    expect(
      await server.sql(
        `SELECT (SELECT count(*)::int FROM sample WHERE member_id = $1 AND cue_id = $2) AS samples,
           (SELECT count(*)::int FROM contribution WHERE author_id = $1 AND room_id = $3) AS said,
           (SELECT count(*)::int FROM rating WHERE member_id = $1 AND contribution_id = $4) AS ratings`,
        [id, cueId, sessionId, statement.id],
      ),
    ).toEqual([{ samples: 0, said: 0, ratings: 0 }]);

    // The socket that was theirs as somebody who looks on is cut; it comes back as somebody who takes part.
    await visitor.call(updateProfile, { communityId, observer: false });
    await until(() => kenji.screen().mine.takesPart);
    await until(() => tunde!.screen().pulse.here === 3);
    expect(tunde!.screen().pulse.observers).toBe(0);
    expect(await refusal(kenji.send(sendSamples, samples))).toEqual(['done']);
    expect(await refusal(kenji.send(sendComment, { ...op(), body: 'I am here.', cueId, second: 0 }))).toEqual(
      ['done'],
    );
  });

  it('loses at once, on a socket that is open, what they may no longer do', async () => {
    const visitor = await server.visit('aoife');
    const { send, connection } = await visitor.join(sessionId);
    await visitor.call(updateProfile, { communityId, observer: true });
    await until(() => connection.link === 'open');
    await send(joinSession, { sessionId });
    expect(await refusal(send(sendComment, { ...op(), body: 'x', cueId, second: 0 }))).toEqual([
      'auth.forbidden',
    ]);
    await visitor.call(updateProfile, { communityId, observer: false });
  });
});

describe('a pause', () => {
  const statusOf = async (id: string) =>
    (await server.sql('SELECT status FROM member WHERE id = $1', [id]))[0]!['status'];

  it('cuts every socket and closes every door but the way back', async () => {
    const visitor = await server.visit('emre');
    const sockets = await Promise.all([visitor.connect(communityId), visitor.connect(communityId)]);
    await visitor.call(pauseMembership, { communityId });
    await until(() => sockets.every(({ link }) => link !== 'open'), 2_000);
    expect(await refusal(visitor.call(takeTicket, { communityId }))).toEqual(['auth.forbidden']);

    const open: string[] = [];
    for (const { path, method } of endpoints.filter((one) => one.path.includes(':communityId'))) {
      const asked = path.replace(':communityId', halden).replace(/:\w+/g, randomUUID());
      const { status } = await visitor.request(asked, {
        method,
        ...(method !== 'GET' && { headers: { 'content-type': 'application/json' }, body: '{"nothing":1}' }),
      });
      // 400: the door was open, and only what was sent is refused.
      if (status !== 403 && status !== 404) open.push(`${method} ${path}`);
    }
    expect(open.sort()).toEqual([`POST ${leaveCommunity.path}`, `POST ${resumeMembership.path}`]);
    const { memberships } = await visitor.call(readMe, {});
    expect(memberships).toMatchObject([{ status: 'paused' }]);

    await visitor.call(resumeMembership, { communityId });
    expect((await visitor.call(readProfile, { communityId })).paused).toBe(false);
    await visitor.connect(communityId);
  });

  it('asked for again changes nothing, nor does coming back twice', async () => {
    const visitor = await server.visit('emre');
    await visitor.call(resumeMembership, { communityId });
    expect(await statusOf(memberOf('halden', 'emre'))).toBe('active');
    await visitor.call(pauseMembership, { communityId });
    expect(await refusal(visitor.call(pauseMembership, { communityId }))).toEqual(['auth.forbidden']);
    await visitor.call(resumeMembership, { communityId });
  });

  it.each(['pause', 'resume'] as const)(
    'is no way around a suspension: a %s that comes at the same moment does not undo it',
    async (what) => {
      const id = memberOf('halden', 'lena');
      const visitor = await server.visit('lena');
      await server.sql('UPDATE member SET status = $2 WHERE id = $1', [
        id,
        what === 'pause' ? 'active' : 'paused',
      ]);
      const other = new Client({ connectionString: databaseUrl(server.database) });
      await other.connect();
      try {
        await other.query('BEGIN');
        await other.query(`UPDATE member SET status = 'suspended' WHERE id = $1`, [id]);
        // The door still sees who they were; the change waits for the suspension.
        const asked = refusal(
          visitor.call(what === 'pause' ? pauseMembership : resumeMembership, { communityId }),
        );
        await until(async () => {
          const [row] = await server.sql(
            `SELECT count(*)::int AS n FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
          );
          return row!['n'] > 0;
        });
        await other.query('COMMIT');
        expect(await asked).toEqual(['auth.forbidden']);
      } finally {
        await other.end();
      }
      expect(await statusOf(id)).toBe('suspended');
      await server.sql(`UPDATE member SET status = 'active' WHERE id = $1`, [id]);
    },
  );

  it('leaves at least one manager', async () => {
    expect(await refusal(maren.call(pauseMembership, { communityId }))).toEqual(['member.lastManager']);
  });
});
