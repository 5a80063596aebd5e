import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { retryable } from '@parley/contracts/errors';
import type { Fact } from '@parley/contracts/realtime';
import { Client } from 'pg';
import {
  databaseUrl,
  dropDatabase,
  freshDatabase,
  halden,
  memberOf,
  runtimeUrl,
  sessionOf,
  startTestServer,
  type TestServer,
  until,
} from '../../test/server';
import { TcpProxy } from '../../test/tcp-proxy';
import { AppError } from './errors';
import { type Kind, Writer } from './writer';

const room = sessionOf('winter-range');

interface Note {
  body: string;
  slow?: number;
}
let runs: string[][] = [];
let committed: string[] = [];

/** Notes: `bad` breaks the statement, `no` is refused, anything else is stored and told. */
const notes: Kind<Note, { body: string; at: number }> = {
  name: 'note',
  async store(em, writes) {
    runs.push(writes.map(({ input }) => input.body));
    const slow = Math.max(...writes.map(({ input }) => input.slow ?? 0));
    if (slow) await em.query('SELECT pg_sleep($1)', [slow]);
    const kept = writes.filter(({ input }) => input.body !== 'no');
    await em.query(
      `INSERT INTO note (community_id, id, body) SELECT $1, * FROM unnest($2::uuid[], $3::text[])`,
      [halden, kept.map(() => randomUUID()), kept.map(({ input }) => input.body)],
    );
    return writes.map(({ input: { body } }) =>
      body === 'no'
        ? new AppError('session.ended', 'no')
        : {
            result: { body, at: Date.now() },
            facts: [{ roomId: room, name: 'note.taken', data: { body } }],
            committed: () => void committed.push(body),
          },
    );
  },
};

let database: string;
let proxy: TcpProxy;
let server: TestServer;
beforeAll(async () => {
  database = await freshDatabase();
  proxy = new TcpProxy(runtimeUrl(database));
  server = await startTestServer({ DATABASE_RUNTIME_URL: await proxy.open() }, database);
  await server.sql(`CREATE TABLE note (community_id uuid NOT NULL, id uuid NOT NULL,
    body text NOT NULL CHECK (body <> 'bad'), PRIMARY KEY (community_id, id));
    SELECT sec.wall('note')`);
});
afterAll(async () => {
  await server.stop();
  proxy.close();
  await dropDatabase(database);
});
beforeEach(async () => {
  await server.sql(
    `DELETE FROM note; DELETE FROM fact WHERE room_id = '${room}'; UPDATE room SET seq = 0 WHERE id = '${room}'`,
  );
  runs = [];
  committed = [];
});

const write = (body: string, { opId = randomUUID() as string | null, member = 'ines', slow = 0 } = {}) =>
  server.get(Writer).write(notes, {
    communityId: halden,
    memberId: memberOf('halden', member),
    opId,
    input: { body, ...(slow && { slow }) },
  });
const outcome = (answer: Promise<unknown>) =>
  answer.then(
    () => 'stored',
    (error: AppError) => error.code,
  );
const stored = async () =>
  (await server.sql<{ body: string }>('SELECT body FROM note ORDER BY body')).map(({ body }) => body);

describe('a batch', () => {
  it('with a bad write in it stores its neighbours, each once', async () => {
    const answers = await Promise.all(['a', 'bad', 'b', 'no', 'c'].map((body) => outcome(write(body))));
    expect(answers).toEqual(['stored', 'server.failed', 'stored', 'session.ended', 'stored']);
    expect(await stored()).toEqual(['a', 'b', 'c']);
    expect(committed.sort()).toEqual(['a', 'b', 'c']);
  });

  it('with a refused op twice in it refuses both, and goes no second time over the others', async () => {
    const opId = randomUUID();
    const answers = await Promise.all(
      [write('a', { opId: null }), write('no', { opId }), write('no', { opId })].map(outcome),
    );
    expect(answers).toEqual(['stored', 'session.ended', 'session.ended']);
    expect([runs, committed, await stored()]).toEqual([[['a', 'no']], ['a'], ['a']]);
  });

  it('takes a thousand at the most, and all that came are answered', async () => {
    const answers = await Promise.all(Array.from({ length: 1_500 }, (_, at) => outcome(write(`${at}`))));
    expect(new Set(answers)).toEqual(new Set(['stored']));
    expect(runs.map(({ length }) => length)).toEqual([1_000, 500]);
  });

  it('is told even when one who follows it fails', async () => {
    const told: Fact[] = [];
    const writer = server.get(Writer);
    writer.onFacts(() => {
      throw new Error('a mistake of a feature');
    });
    writer.onFacts((_community, _room, facts) => void told.push(...facts));
    expect(await outcome(write('a'))).toBe('stored');
    expect(told).toEqual([[1, 'note.taken', { body: 'a' }]]);
    expect(runs).toHaveLength(1);
  });
});

describe('the same op', () => {
  it('in one batch, in the next and after a restart is stored once and answered the same', async () => {
    const opId = randomUUID();
    const [first, twin] = await Promise.all([write('a', { opId }), write('a', { opId })]);
    const later = await write('a', { opId });
    await server.restart();
    const muchLater = await write('a', { opId });
    expect([twin, later, muchLater]).toEqual([first, first, first]);
    expect(await stored()).toEqual(['a']);
    expect(committed).toEqual(['a']);
    expect(await server.sql('SELECT seq FROM fact WHERE room_id = $1', [room])).toHaveLength(1);
  });

  it('from another member is another op', async () => {
    const opId = randomUUID();
    await Promise.all([write('a', { opId }), write('b', { opId, member: 'tunde' })]);
    expect(await stored()).toEqual(['a', 'b']);
  });

  it('with something else in it is refused, in the same batch and later', async () => {
    const opId = randomUUID();
    expect(await Promise.all([write('a', { opId }), write('b', { opId })].map(outcome))).toEqual([
      'stored',
      'op.mismatch',
    ]);
    expect(await outcome(write('c', { opId }))).toBe('op.mismatch');
    expect(await stored()).toEqual(['a']);
  });

  it('that was refused is looked at again', async () => {
    const opId = randomUUID();
    expect(await outcome(write('no', { opId }))).toBe('session.ended');
    expect(await outcome(write('yes', { opId }))).toBe('stored');
  });
});

it('numbers facts without gaps, and tells them in their order, however many write at once', async () => {
  const told: Fact[] = [];
  server.get(Writer).onFacts((_community, _room, facts) => void told.push(...facts));
  const writer = async (name: number) => {
    for (let n = 0; n < 25; n += 1) await write(n % 9 === 4 ? 'bad' : `${name}.${n}`).catch(() => undefined);
  };
  await Promise.all(Array.from({ length: 20 }, (_, name) => writer(name)));
  const rows = await server.sql<{ seq: string; data: unknown }>(
    'SELECT seq, data FROM fact WHERE room_id = $1 ORDER BY seq',
    [room],
  );
  expect(rows.map(({ seq }) => Number(seq))).toEqual(Array.from({ length: 20 * 22 }, (_, at) => at + 1));
  expect(told.map(([seq, , data]) => ({ seq: String(seq), data }))).toEqual(rows);
});

describe('when the database', () => {
  const busy = async (answer: Promise<unknown>, withinMs: number) => {
    const began = Date.now();
    expect(await outcome(answer)).toBe('server.busy');
    expect(retryable.has('server.busy')).toBe(true);
    expect(Date.now() - began).toBeLessThan(withinMs);
  };

  it('ends the connection in the middle of a batch, nobody is told that it was stored', async () => {
    const opId = randomUUID();
    const refused = busy(write('a', { opId, slow: 2 }), 2_000);
    const victim = `FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep($1)%' AND datname = current_database()`;
    await until(async () => (await server.sql(`SELECT ${victim}`)).length === 1);
    await server.sql(`SELECT pg_terminate_backend(pid) ${victim}`);
    await refused;
    expect([await stored(), committed]).toEqual([[], []]);

    expect(await outcome(write('a', { opId, slow: 0.01 }))).toBe('stored');
    expect(await stored()).toEqual(['a']);
  });

  it('is held by somebody else, everybody is answered in time, and a retry stores once', async () => {
    const holder = new Client({ connectionString: databaseUrl(database) });
    await holder.connect();
    try {
      await holder.query('BEGIN; LOCK TABLE note IN ACCESS EXCLUSIVE MODE');
      const ops = [randomUUID(), randomUUID()];
      const first = busy(write('a', { opId: ops[0] }), 4_500);
      await sleep(300);
      // In the queue behind the first.
      await Promise.all([first, busy(write('b', { opId: ops[1] }), 4_500)]);
      await holder.query('ROLLBACK');
      await Promise.all([write('a', { opId: ops[0] }), write('b', { opId: ops[1] })]);
      expect(await stored()).toEqual(['a', 'b']);
    } finally {
      await holder.end();
    }
  });

  it('hangs without a word, everybody is answered in time, and a retry stores once', async () => {
    const opId = randomUUID();
    await write('before');
    proxy.hang();
    await busy(write('a', { opId }), 4_500);
    proxy.hang(false);
    await until(async () => (await outcome(write('a', { opId }))) === 'stored');
    expect(await stored()).toEqual(['a', 'before']);
  });

  it('commits and cannot say so, a retry stores nothing more, and what is in memory is read anew first', async () => {
    const told: Fact[] = [];
    const reloads: string[][] = [];
    server.get(Writer).onFacts((_community, _room, facts) => void told.push(...facts));
    server.get(Writer).onDoubt(async () => void reloads.push(await stored()));
    const opId = randomUUID();
    await write('before');
    proxy.loseAnswerToCommit('INSERT INTO note');
    await busy(write('a', { opId }), 4_500);
    proxy.loseAnswerToCommit();
    await until(async () => (await outcome(write('a', { opId }))) === 'stored');
    await write('after');
    expect(await stored()).toEqual(['a', 'after', 'before']);
    // What was stored unanswered is not told as new: the reload brings it.
    expect(reloads.at(-1)).toEqual(['a', 'before']);
    expect(told.map(([seq, , data]) => [seq, data])).toEqual([
      [1, { body: 'before' }],
      [3, { body: 'after' }],
    ]);
  });

  it('goes away it is said at once, and when it is back work goes on', async () => {
    const opId = randomUUID();
    proxy.goAway();
    await busy(write('a', { opId }), 2_000);
    proxy.goAway(false);
    await until(async () => (await outcome(write('a', { opId }))) === 'stored');
    expect([await stored(), committed]).toEqual([['a'], ['a']]);
  });
});
