import { randomUUID } from 'node:crypto';
import { CallError } from '@parley/client/http';
import { leaveCommunity } from '@parley/contracts/door';
import { pauseMembership, readProfile, resumeMembership, updateConsent } from '@parley/contracts/profile';
import {
  listNotifications,
  type Preferences,
  readNotifications,
  readPreferences,
  updatePreferences,
  toldSteps,
} from '@parley/contracts/reach';
import { Client } from 'pg';
import { MailSink } from '../../test/mail';
import {
  databaseUrl,
  halden,
  memberOf,
  morrow,
  startTestServer,
  type TestServer,
  until,
  type Visitor,
} from '../../test/server';
import { idOf } from '../platform/ids';
import { Jobs } from '../platform/jobs';
import { Tenancy } from '../platform/tenancy';
import { type News, ReachService } from './reach.service';

const sink = new MailSink();
let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({ SMTP_URL: await sink.open() });
});
afterAll(async () => {
  await server.stop();
  await sink.close();
});

const communityId = halden;
const emails: Record<string, string> = {
  ines: 'ines@example.org',
  tunde: 'tunde.okafor@example.net',
  lena: 'lena.hartmann@example.org',
  kenji: 'kenji@example.net',
  aoife: 'aoife.brennan@example.org',
  mateusz: 'mateusz.z@example.net',
  priya: 'priya.raman@example.org',
  emre: 'emre.aydin@example.com',
  samira: 'samira.haddad@example.com',
};
const always: Preferences = { timezone: 'UTC', quiet: null, dailyAt: '18:00', cadence: {} };

const within = <T>(work: Parameters<Tenancy['inCommunity']>[1]) =>
  server.get(Tenancy).inCommunity(halden, work) as Promise<T>;
const news = (key: string, more: Partial<News> = {}): News => ({
  memberId: memberOf('halden', key),
  kind: 'update',
  cause: randomUUID(),
  data: { title: 'A latch for one hand', words: 'The latch needs two hands.', updateId: randomUUID() },
  ...more,
});
const tell = (...list: News[]) => within((em) => server.get(ReachService).tell(em, halden, list));
/** Makes the mails that are due, as the clock would. */
const mailNow = () => within((em) => server.get(Jobs).add(em, 'reach.mail', { communityId: halden }));
const dueNow = (key: string) =>
  server.sql(`UPDATE notification SET mail_at = now() WHERE member_id = $1 AND mail_at IS NOT NULL`, [
    memberOf('halden', key),
  ]);

interface Row {
  id: string;
  cause: string;
  mail_at: Date | null;
  mail_id: string | null;
  not_mailed: string | null;
  daily: boolean;
}
const rowsOf = (key: string) =>
  server.sql<Row & Record<string, unknown>>(
    `SELECT id, cause, mail_at, mail_id, not_mailed, daily FROM notification WHERE member_id = $1 ORDER BY at, cause`,
    [memberOf('halden', key)],
  );
const mailsTo = (key: string) => sink.mails.filter(({ to }) => to?.[0]?.address === emails[key]);

/** Nothing waits and nothing is on its way any more. */
async function settled() {
  await until(async () => {
    const [{ busy }] = (await server.sql<{ busy: number }>(
      `SELECT count(*)::int AS busy FROM graphile_worker.jobs WHERE task_identifier IN ('reach.mail', 'mail.send')`,
    )) as [{ busy: number }];
    return busy === 0;
  });
}

/** One of the demo's people who has not been told of anything, reached at any hour unless said otherwise. */
async function member(key: string, preferences: Partial<Preferences> = {}): Promise<Visitor> {
  await settled();
  await server.sql('DELETE FROM notification WHERE member_id = $1', [memberOf('halden', key)]);
  sink.mails.splice(0);
  const visitor = await server.visit(key);
  await visitor.call(updatePreferences, { communityId, preferences: { ...always, ...preferences } });
  return visitor;
}

/** `hh:mm` in UTC, so many minutes from now. */
const clock = (minutes: number) => new Date(Date.now() + minutes * 60_000).toISOString().slice(11, 16);

const refusal = (answer: Promise<unknown>) =>
  answer.then(
    () => ['done'],
    (error: unknown) => {
      if (!(error instanceof CallError)) throw error;
      return [error.code, ...Object.keys(error.body.fields ?? {})];
    },
  );

describe('what members are told', () => {
  it('is told once for its cause, however many tell at once', async () => {
    const ines = await member('ines');
    const one = news('ines');
    await Promise.all(Array.from({ length: 20 }, () => tell(one)));
    await settled();
    const { notifications, unread } = await ines.call(listNotifications, { communityId });
    expect([notifications.length, unread]).toEqual([1, 1]);
    expect(notifications[0]).toMatchObject({ kind: 'update', read: false, data: one.data });
    expect(mailsTo('ines')).toHaveLength(1);
    // Another cause is something else.
    await tell(news('ines'));
    expect((await ines.call(listNotifications, { communityId })).unread).toBe(2);
  });

  it('is seen by its reader alone: not by another member, not in another community', async () => {
    const priya = await member('priya');
    await tell(news('priya'));
    const list = async (visitor: Visitor, community: string) =>
      (await visitor.call(listNotifications, { communityId: community })).notifications.length;
    expect(await list(priya, halden)).toBe(1);
    // The same person, elsewhere.
    expect(await list(priya, morrow)).toBe(0);
    expect(await list(await member('tunde'), halden)).toBe(0);
    expect(await refusal(list(await server.visit('amara'), halden))).toEqual(['request.notFound']);
    const [row] = await rowsOf('priya');
    await (await server.visit('tunde')).call(readNotifications, { communityId, ids: [row!.id] });
    expect((await priya.call(listNotifications, { communityId })).unread).toBe(1);
  });

  it('is not told in a transaction that is given up', async () => {
    await member('ines');
    const told = within(async (em) => {
      await server.get(ReachService).tell(em, halden, [news('ines')]);
      throw new Error('given up');
    });
    await expect(told).rejects.toThrow('given up');
    await settled();
    expect([await rowsOf('ines'), mailsTo('ines')]).toEqual([[], []]);
  });
});

describe('when a mail is due', () => {
  type Case = [
    what: string,
    since: string,
    zone: string,
    from: string | null,
    to: string | null,
    expected: string,
  ];
  const cases: Case[] = [
    ['never quiet', '2026-03-10T23:00Z', 'UTC', null, null, '2026-03-10T23:00Z'],
    ['quiet from and to the same', '2026-03-10T23:00Z', 'UTC', '22:00', '22:00', '2026-03-10T23:00Z'],
    ['before midnight', '2026-03-10T23:00Z', 'UTC', '22:00', '07:00', '2026-03-11T07:00Z'],
    ['after midnight', '2026-03-11T02:00Z', 'UTC', '22:00', '07:00', '2026-03-11T07:00Z'],
    ['at the first quiet minute', '2026-03-10T22:00Z', 'UTC', '22:00', '07:00', '2026-03-11T07:00Z'],
    ['at the first minute after', '2026-03-11T07:00Z', 'UTC', '22:00', '07:00', '2026-03-11T07:00Z'],
    ['by day', '2026-03-11T12:00Z', 'UTC', '22:00', '07:00', '2026-03-11T12:00Z'],
    ['quiet within a day', '2026-03-11T13:30Z', 'UTC', '13:00', '14:00', '2026-03-11T14:00Z'],
    ['outside of that', '2026-03-11T12:30Z', 'UTC', '13:00', '14:00', '2026-03-11T12:30Z'],
    ['in one’s own time', '2026-01-10T21:30Z', 'Europe/Berlin', '22:00', '07:00', '2026-01-11T06:00Z'],
    ['far ahead', '2026-01-10T12:30Z', 'Pacific/Auckland', '22:00', '07:00', '2026-01-10T18:00Z'],
    ['half an hour beside', '2026-01-10T17:00Z', 'Asia/Kolkata', '22:00', '07:00', '2026-01-11T01:30Z'],
    [
      'a night in spring is shorter',
      '2026-03-28T23:00Z',
      'Europe/Berlin',
      '22:00',
      '07:00',
      '2026-03-29T05:00Z',
    ],
    [
      'a night in autumn is longer',
      '2026-10-24T22:00Z',
      'Europe/Berlin',
      '22:00',
      '07:00',
      '2026-10-25T06:00Z',
    ],
    // 02:30 does not exist on that night: it is an hour later.
    [
      'until an hour that is left out',
      '2026-03-29T00:30Z',
      'Europe/Berlin',
      '23:00',
      '02:30',
      '2026-03-29T01:30Z',
    ],
    // 02:30 comes twice on that night: it is quiet until the second.
    [
      'until an hour that comes twice',
      '2026-10-25T00:10Z',
      'Europe/Berlin',
      '23:00',
      '02:30',
      '2026-10-25T01:30Z',
    ],
    [
      'the same, the second time',
      '2026-10-25T01:10Z',
      'Europe/Berlin',
      '23:00',
      '02:30',
      '2026-10-25T01:30Z',
    ],
    [
      'after it, the second time',
      '2026-10-25T01:40Z',
      'Europe/Berlin',
      '23:00',
      '02:30',
      '2026-10-25T01:40Z',
    ],
  ];

  it.each(cases)('at once: %s', async (_, since, zone, from, to, expected) => {
    const [row] = await server.sql<{ at: Date; mail: Date }>(
      `SELECT reach_after_quiet($1, $2, $3, $4) AS at, reach_mail_at('now', $1, $2, $3, $4, '18:00') AS mail`,
      [since, zone, from, to],
    );
    expect([row!.at, row!.mail]).toEqual([new Date(expected), new Date(expected)]);
  });

  const days: [...Case, dailyAt: string][] = [
    ['later today', '2026-03-10T10:00Z', 'UTC', '22:00', '07:00', '2026-03-10T18:00Z', '18:00'],
    ['tomorrow', '2026-03-10T18:00Z', 'UTC', '22:00', '07:00', '2026-03-11T18:00Z', '18:00'],
    ['in one’s own time', '2026-07-10T15:59Z', 'Europe/Berlin', null, null, '2026-07-10T16:00Z', '18:00'],
    ['the same in winter', '2026-01-10T15:59Z', 'Europe/Berlin', null, null, '2026-01-10T17:00Z', '18:00'],
    [
      'over the night of the change',
      '2026-03-28T18:00Z',
      'Europe/Berlin',
      null,
      null,
      '2026-03-29T16:00Z',
      '18:00',
    ],
    ['never while it is quiet', '2026-03-10T10:00Z', 'UTC', '17:00', '20:00', '2026-03-10T20:00Z', '18:00'],
    ['quiet over midnight', '2026-03-10T10:00Z', 'UTC', '22:00', '07:00', '2026-03-11T07:00Z', '23:30'],
  ];
  it.each(days)('once a day: %s', async (_, since, zone, from, to, expected, dailyAt) => {
    const [row] = await server.sql<{ at: Date }>(`SELECT reach_mail_at('daily', $1, $2, $3, $4, $5) AS at`, [
      since,
      zone,
      from,
      to,
      dailyAt,
    ]);
    expect(row!.at).toEqual(new Date(expected));
  });

  it('never where somebody chose so', async () => {
    const [row] = await server.sql(`SELECT reach_mail_at('never', now(), 'UTC', NULL, NULL, '18:00') AS at`);
    expect(row).toEqual({ at: null });
  });

  it('follows the cadence of its kind, as usual and as chosen', async () => {
    const tunde = await member('tunde', { cadence: { update: 'daily', reply: 'never' } });
    await tell(
      news('tunde', { cause: 'a', kind: 'update' }),
      news('tunde', { cause: 'b', kind: 'reply' }),
      // Once a day unless they choose.
      news('tunde', { cause: 'c', kind: 'receipt', data: { step: 'declined' } }),
    );
    await settled();
    expect(mailsTo('tunde')).toEqual([]);
    const [update, reply, receipt] = await rowsOf('tunde');
    expect([update!.daily, receipt!.daily, reply!.daily]).toEqual([true, true, false]);
    expect([update!.mail_at! > new Date(), receipt!.mail_at, reply!.mail_at]).toEqual([
      true,
      update!.mail_at,
      null,
    ]);
    // In the app all of it shows at once.
    expect((await tunde.call(listNotifications, { communityId })).unread).toBe(3);
  });
});

describe('quiet hours', () => {
  it('keep a mail until they end, and let it go at once when they are lifted', async () => {
    const kenji = await member('kenji', { quiet: { from: clock(-60), to: clock(120) } });
    await tell(news('kenji'));
    await settled();
    const [row] = await rowsOf('kenji');
    expect(row!.mail_at!.toISOString().slice(11, 16)).toBe(clock(120));
    expect(mailsTo('kenji')).toEqual([]);
    // What is due by a mistake of the clock waits as well.
    await dueNow('kenji');
    await mailNow();
    await settled();
    expect([mailsTo('kenji'), (await rowsOf('kenji'))[0]!.mail_at! > new Date()]).toEqual([[], true]);

    await kenji.call(updatePreferences, { communityId, preferences: always });
    await until(() => mailsTo('kenji').length === 1);
    await settled();
    expect((await rowsOf('kenji'))[0]).toMatchObject({ mail_at: null, not_mailed: null });
  });
});

describe('nothing is mailed', () => {
  it('about what was read in the meantime', async () => {
    const aoife = await member('aoife', { cadence: { update: 'daily' } });
    await tell(news('aoife'), news('aoife', { cause: 'unread' }));
    const { notifications } = await aoife.call(listNotifications, { communityId });
    const read = notifications.find(({ id }) => id)!;
    await aoife.call(readNotifications, { communityId, ids: [read.id] });
    await dueNow('aoife');
    await mailNow();
    await settled();
    expect(mailsTo('aoife')).toHaveLength(1);
    const rows = await rowsOf('aoife');
    expect(rows.map(({ id, not_mailed }) => [id === read.id, not_mailed])).toEqual(
      expect.arrayContaining([
        [true, 'read'],
        [false, null],
      ]),
    );
  });

  it('about what they have done already, or what somebody else has done for all', async () => {
    await member('aoife', { cadence: { verify: 'daily' } });
    const asked = (cause: string) => news('aoife', { cause, kind: 'verify' });
    await tell(asked('verify.1'), asked('verify.2'), asked('other'));
    await within((em) =>
      server.get(ReachService).settle(em, halden, 'verify.1', memberOf('halden', 'aoife')),
    );
    await within((em) => server.get(ReachService).settleLike(em, halden, 'oth'));
    await dueNow('aoife');
    await mailNow();
    await settled();
    const rows = await rowsOf('aoife');
    expect(Object.fromEntries(rows.map(({ cause, not_mailed }) => [cause, not_mailed]))).toEqual({
      'verify.1': 'done',
      'verify.2': null,
      other: 'done',
    });
    expect(mailsTo('aoife')).toHaveLength(1);
  });

  it('from the moment the agreement to mails is withdrawn', async () => {
    const mateusz = await member('mateusz', { cadence: { update: 'daily' } });
    const agree = async (given: boolean) => {
      const { consents } = await mateusz.call(readProfile, { communityId });
      const { version } = consents.find(({ purpose }) => purpose === 'email')!;
      await mateusz.call(updateConsent, { communityId, purpose: 'email', version, given });
    };
    await tell(news('mateusz'));
    await agree(false);
    expect((await mateusz.call(readPreferences, { communityId })).mailAgreed).toBe(false);
    await dueNow('mateusz');
    await mailNow();
    await settled();
    expect((await rowsOf('mateusz'))[0]).toMatchObject({ mail_at: null, not_mailed: 'notAgreed' });
    expect(mailsTo('mateusz')).toEqual([]);
    expect((await mateusz.call(listNotifications, { communityId })).unread).toBe(1);
    await agree(true);

    // A mail that is written and has not left yet, because nobody takes it, is taken back.
    await settled();
    await mateusz.call(updatePreferences, { communityId, preferences: always });
    await server.get(Jobs).stop();
    try {
      await tell(news('mateusz'));
      const reach = server.get(ReachService) as unknown as { mailDue(id: string): Promise<void> };
      await reach.mailDue(halden);
      await agree(false);
    } finally {
      await server.get(Jobs).start();
    }
    await settled();
    expect(mailsTo('mateusz')).toEqual([]);
    await agree(true);
  });

  it('to who has paused, left or was suspended; who has left is not told at all', async () => {
    const emre = await member('emre', { cadence: { update: 'daily' } });
    await tell(news('emre', { cause: 'before' }));
    await emre.call(pauseMembership, { communityId });
    await tell(news('emre', { cause: 'meanwhile' }));
    await dueNow('emre');
    await mailNow();
    await settled();
    expect((await rowsOf('emre')).map(({ not_mailed }) => not_mailed)).toEqual(['notActive', 'notActive']);
    await emre.call(resumeMembership, { communityId });
    // It is there when they come back.
    expect((await emre.call(listNotifications, { communityId })).unread).toBe(2);

    await emre.call(updatePreferences, {
      communityId,
      preferences: { ...always, cadence: { update: 'daily' } },
    });
    await tell(news('emre', { cause: 'last' }));
    await emre.call(leaveCommunity, { communityId });
    await tell(news('emre', { cause: 'after' }), news('viktor', { cause: 'suspended' }));
    await dueNow('emre');
    await mailNow();
    await settled();
    expect((await rowsOf('emre')).map(({ cause }) => cause)).not.toContain('after');
    expect([mailsTo('emre'), await rowsOf('viktor')]).toEqual([[], []]);
  });

  it('of the team’s work to who is not of the team any more', async () => {
    await member('samira', { cadence: { itemsWait: 'daily' } });
    await tell(news('samira', { kind: 'itemsWait', data: { count: 3 } }));
    const turn = (role: string) =>
      server.sql('UPDATE member SET role = $2 WHERE id = $1', [memberOf('halden', 'samira'), role]);
    await turn('member');
    await dueNow('samira');
    await mailNow();
    await settled();
    await turn('moderator');
    expect([(await rowsOf('samira'))[0]!.not_mailed, mailsTo('samira')]).toEqual(['notActive', []]);
  });
});

describe('the mails', () => {
  it('quote the receiver’s own words, in their language, and lead there', async () => {
    await member('ines');
    await member('lena');
    const updateId = randomUUID();
    const data = {
      ...{ title: 'A latch for one hand', updateId, note: 'It closes by itself.' },
      words: 'The latch needs two hands.\nMine is full of shopping.',
    };
    await tell(
      news('ines', { data }),
      news('lena', { data: { ...data, words: 'Der Riegel braucht zwei Hände.' } }),
    );
    await until(() => mailsTo('ines').length + mailsTo('lena').length === 2);
    const [[english], [german]] = [mailsTo('ines'), mailsTo('lena')];
    expect(english!.subject).toBe('A latch for one hand');
    expect(english!.text).toContain('Hello Ines');
    expect(english!.text).toContain(
      'You wrote:\n> The latch needs two hands.\n> Mine is full of shopping.\n',
    );
    expect(english!.text).toContain('\nIt closes by itself.\n');
    expect(english!.text).toContain(`${server.url}/c/halden/updates/${updateId}`);
    expect(english!.text).toContain(`How you are reached: ${server.url}/c/halden/notifications`);
    expect(german!.text).toContain('Guten Tag Lena');
    expect(german!.text).toContain('Sie schrieben:\n> Der Riegel braucht zwei Hände.\n');
    expect(german!.text).toContain(`Wie wir Sie erreichen: ${server.url}/c/halden/notifications`);
    for (const mail of [english!, german!]) expect(mail.text).not.toMatch(/\{\{|undefined|null/);
  });

  it('have a text for every kind and step, in both languages', async () => {
    const kinds: News['kind'][] = [
      ...(['reply', 'update', 'verify', 'corrected', 'promiseMoved'] as const),
      ...(['itemsWait', 'promiseDue', 'promiseLate', 'approval'] as const),
    ];
    const data = { title: 'A latch', by: 'Maren Vogt', on: '2026-12-24', count: 4, words: 'Two hands.' };
    for (const key of ['samira', 'maren']) {
      await settled();
      await server.sql('DELETE FROM notification WHERE member_id = $1', [memberOf('halden', key)]);
      const all = {
        ...always,
        cadence: { receipt: 'now', verify: 'now', corrected: 'now', promiseMoved: 'now' },
      };
      await (
        await server.visit(key)
      ).call(updatePreferences, { communityId, preferences: all as Preferences });
      const from = sink.mails.length;
      await tell(
        ...kinds.map((kind) => news(key, { kind, data })),
        ...toldSteps.map((step) =>
          news(key, { kind: 'receipt', data: { ...data, step, contributionId: randomUUID() } }),
        ),
      );
      await until(() => sink.mails.length === from + kinds.length + toldSteps.length);
      const subjects = sink.mails.slice(from).map(({ subject }) => subject ?? '');
      expect(new Set(subjects).size).toBe(subjects.length);
      for (const { text, subject } of sink.mails.slice(from))
        expect(`${subject} ${text}`).not.toMatch(/\{\{|undefined|null|!/);
      const day = key === 'maren' ? '24. Dezember 2026' : '24 December 2026';
      expect(subjects.filter((subject) => subject.includes(day))).toHaveLength(3);
    }
  });

  it('of one day come as one, with every one’s own words; one alone comes by itself', async () => {
    await member('tunde', { cadence: { update: 'daily' } });
    await tell(
      ...['First words', 'Second words', 'Third words'].map((words, place) =>
        news('tunde', { cause: `day.${place}`, data: { title: `Title ${place}`, words } }),
      ),
    );
    await dueNow('tunde');
    await mailNow();
    await settled();
    expect(mailsTo('tunde')).toHaveLength(1);
    const { subject, text } = mailsTo('tunde')[0]!;
    expect(subject).toMatch(/: 3 news for you$/);
    for (const words of ['Title 0', '> First words', '> Second words', '> Third words'])
      expect(text).toContain(words);
    expect(new Set((await rowsOf('tunde')).map(({ mail_id }) => mail_id)).size).toBe(1);

    await tell(news('tunde', { cause: 'alone', data: { title: 'Alone', words: 'x' } }));
    await dueNow('tunde');
    await mailNow();
    await settled();
    expect(mailsTo('tunde').map((mail) => mail.subject)).toEqual([subject, 'Alone']);
  });

  it('of one day are not torn apart, however many members have theirs at once', async () => {
    const keys = ['ines', 'tunde', 'lena', 'kenji', 'aoife', 'mateusz', 'priya'];
    for (const key of keys) await member(key, { cadence: { update: 'daily' } });
    // More than one batch of them, and a batch ends within a day.
    await tell(
      ...keys.flatMap((key) => Array.from({ length: 45 }, (_, n) => news(key, { cause: `many.${n}` }))),
    );
    await server.sql('UPDATE notification SET mail_at = now() WHERE mail_at IS NOT NULL');
    await Promise.all([mailNow(), mailNow(), mailNow()]);
    await settled();
    expect(keys.map((key) => mailsTo(key).length)).toEqual(keys.map(() => 1));
  });

  it('carry an id that is made from what they tell, and keep it when they are sent again', async () => {
    await member('ines');
    await settled();
    // As if the server ended between the mail server's answer and its own commit: the commit waits, and is cut off.
    const holder = new Client({ connectionString: databaseUrl(server.database) });
    await holder.connect();
    await holder.query('BEGIN');
    await server.get(Jobs).stop();
    await tell(news('ines'));
    const reach = server.get(ReachService) as unknown as { mailDue(id: string): Promise<void> };
    await reach.mailDue(halden);
    const [row] = await rowsOf('ines');
    expect(row!.mail_id).toBe(idOf('mail', row!.id));
    await holder.query('SELECT FROM mail WHERE id = $1 FOR UPDATE', [row!.mail_id]);
    await server.get(Jobs).start();
    await until(() => mailsTo('ines').length === 1);
    await until(async () => {
      const cut = await server.sql(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()
           AND wait_event_type = 'Lock' AND query LIKE 'UPDATE mail SET sent_at%'`,
      );
      return cut.length > 0;
    });
    await holder.query('ROLLBACK');
    await holder.end();
    await until(() => mailsTo('ines').length === 2, 20_000);
    await settled();
    const hostname = new URL(server.url).hostname;
    expect(mailsTo('ines').map(({ messageId }) => messageId)).toEqual([
      `<${row!.mail_id}@${hostname}>`,
      `<${row!.mail_id}@${hostname}>`,
    ]);
  });

  it('that a killed server was about to send are sent by the next', async () => {
    await member('ines');
    await server.get(Jobs).stop();
    await tell(news('ines'));
    // As a server that is gone leaves its jobs.
    const left = await server.sql(
      `UPDATE graphile_worker._private_jobs SET locked_by = 'gone', locked_at = now(), attempts = 1 RETURNING id`,
    );
    expect(left.length).toBeGreaterThan(0);
    await server.get(Jobs).start();
    await until(() => mailsTo('ines').length === 1);
  });
});

describe('how a member is reached', () => {
  it('is as usual until they choose, and what they choose stands', async () => {
    const daniel = await server.visit('grace');
    const at = { communityId: morrow };
    expect(await daniel.call(readPreferences, at)).toEqual({
      preferences: { timezone: 'UTC', quiet: { from: '22:00', to: '07:00' }, dailyAt: '18:00', cadence: {} },
      chosen: false,
      mailAgreed: true,
    });
    const preferences: Preferences = {
      ...{ timezone: 'Europe/Berlin', quiet: { from: '21:30', to: '06:15' }, dailyAt: '08:05' },
      cadence: { update: 'daily', reply: 'never' },
    };
    await daniel.call(updatePreferences, { ...at, preferences });
    expect(await daniel.call(readPreferences, at)).toMatchObject({ preferences, chosen: true });
  });

  it.each([
    ['a zone that does not exist', { timezone: 'Europe/Atlantis' }, 'preferences.timezone'],
    ['a zone made of SQL', { timezone: "UTC'; DROP TABLE notification; --" }, 'preferences.timezone'],
    ['no zone', { timezone: '' }, 'preferences.timezone'],
    ['a short name of several zones', { timezone: 'IST' }, 'preferences.timezone'],
    ['an offset, whose sign means two things', { timezone: '+05:30' }, 'preferences.timezone'],
    ['a zone that the database does not know', { timezone: 'US/Pacific-New' }, 'preferences.timezone'],
    ['an hour that no clock shows', { dailyAt: '24:00' }, 'preferences.dailyAt'],
    ['a clock of another kind', { dailyAt: '6:00 pm' }, 'preferences.dailyAt'],
    ['half of quiet hours', { quiet: { from: '22:00' } }, 'preferences.quiet.to'],
    ['a minute that no clock shows', { quiet: { from: '22:60', to: '07:00' } }, 'preferences.quiet.from'],
    ['a cadence that there is not', { cadence: { update: 'hourly' } }, 'preferences.cadence.update'],
    ['a kind that there is not', { cadence: { gossip: 'now' } }, 'preferences.cadence'],
    ['something beside', { more: 1 }, 'preferences.more'],
  ])('refuses %s and names it', async (_, change, field) => {
    const ines = await server.visit('ines');
    const preferences = { ...always, ...change } as unknown as Preferences;
    const [code, named] = await refusal(ines.call(updatePreferences, { communityId, preferences }));
    expect([code, named]).toEqual(['request.invalid', expect.stringMatching(new RegExp(`^${field}`))]);
  });

  it.each(['Europe/Berlin', 'America/Argentina/Buenos_Aires', 'UTC', 'Asia/Kathmandu', 'europe/berlin'])(
    'takes %s, and so does the database',
    async (timezone) => {
      const ines = await member('ines', { timezone });
      await tell(news('ines'));
      await until(() => mailsTo('ines').length === 1);
      expect((await ines.call(readPreferences, { communityId })).preferences.timezone).toBe(timezone);
    },
  );

  it('applies to what waits: another hour, at once, or not at all', async () => {
    const kenji = await member('kenji', {
      cadence: { update: 'daily', reply: 'daily' },
      dailyAt: clock(120),
    });
    await tell(
      news('kenji', { cause: 'a' }),
      news('kenji', { cause: 'b', kind: 'reply', data: { by: 'Samira' } }),
    );
    const dueAt = async () =>
      (await rowsOf('kenji')).map(({ mail_at }) => mail_at?.toISOString().slice(11, 16) ?? null);
    expect(await dueAt()).toEqual([clock(120), clock(120)]);
    const prefer = (preferences: Partial<Preferences>) =>
      kenji.call(updatePreferences, { communityId, preferences: { ...always, ...preferences } });
    await prefer({ cadence: { update: 'daily', reply: 'daily' }, dailyAt: clock(180) });
    expect(await dueAt()).toEqual([clock(180), clock(180)]);
    await prefer({ cadence: { update: 'never', reply: 'now' } });
    await until(() => mailsTo('kenji').length === 1);
    await settled();
    expect(mailsTo('kenji')[0]!.subject).toContain('Samira');
    expect(await dueAt()).toEqual([null, null]);
  });
});
