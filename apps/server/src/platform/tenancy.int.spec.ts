import { randomUUID } from 'node:crypto';
import { DataSource } from 'typeorm';
import { migrations } from '../database';
import {
  databaseUrl,
  dropDatabase,
  freshDatabase,
  halden,
  memberOf,
  morrow,
  personOf,
  sessionOf,
  startTestServer,
  type TestServer,
} from '../../test/server';
import { catalogueFindings } from './catalogue';
import { ScopeKey, Tenancy } from './tenancy';

let server: TestServer;
let tenancy: Tenancy;
beforeAll(async () => {
  server = await startTestServer();
  tenancy = server.get(Tenancy);
});
afterAll(() => server.stop());

const count = async (sql: string, parameters: unknown[] = []) =>
  Number((await server.sql<{ n: string }>(sql, parameters))[0]!.n);

/** What each test of the wall asks: everything of Halden that a transaction of Morrow gets to see. */
async function leaks(): Promise<string[]> {
  const tables = [
    'room',
    'fact',
    'member',
    'op',
    'contribution',
    'rating',
    'rating_change',
    'asset',
    'asset_version',
    'media',
    'rendition',
  ];
  const all = [...tables, 'session', 'session_host', 'cue', 'round', 'sample', 'community'];
  return tenancy.inCommunity(morrow, async (em) => {
    const seen: string[] = [];
    for (const table of all) {
      const column = table === 'community' ? 'id' : 'community_id';
      const [row] = (await em.query(`SELECT count(*)::int AS n FROM ${table} WHERE ${column} = $1`, [
        halden,
      ])) as [{ n: number }];
      if (row.n) seen.push(table);
    }
    return seen;
  });
}

/** Breaks one defence as the superuser, looks, and mends it again. */
async function without<T>(broken: string, mended: string, look: () => Promise<T>): Promise<T> {
  await server.sql(broken);
  try {
    return await look();
  } finally {
    await server.sql(mended);
  }
}

describe('a transaction of one community', () => {
  it('sees nothing of another, though it asks for it by name', async () => {
    expect(await count('SELECT count(*) AS n FROM member WHERE community_id = $1', [halden])).toBeGreaterThan(
      10,
    );
    expect(await leaks()).toEqual([]);
  });

  it('without a scope sees nothing at all', async () => {
    const rows: unknown[] = await tenancy.inInstall((em) => em.query('SELECT id FROM member'));
    expect(rows).toEqual([]);
  });

  it('writes nothing into another', async () => {
    const write = tenancy.inCommunity(morrow, (em) =>
      em.query('INSERT INTO room (community_id, id) VALUES ($1, $2)', [halden, randomUUID()]),
    );
    await expect(write).rejects.toThrow(/row-level security/);
  });

  it('cannot point at a row of another', async () => {
    const write = tenancy.inCommunity(morrow, (em) =>
      em.query(
        `INSERT INTO contribution (community_id, id, room_id, author_id, type, body)
         VALUES ($1, $2, $3, $4, 'comment', 'stolen')`,
        [morrow, randomUUID(), sessionOf('halden-one-film'), memberOf('morrow', 'grace')],
      ),
    );
    await expect(write).rejects.toThrow(/foreign key/);
  });

  it('is not moved to another by a setting that was injected, bare or with a signature of its own', async () => {
    const seen = await tenancy.inCommunity(morrow, async (em) => {
      const look = async (setting: string) => {
        await em.query(`SELECT set_config('app.tenant', $1, true)`, [setting]);
        const rows = (await em.query('SELECT id FROM member WHERE community_id = $1', [halden])) as unknown[];
        return rows.length;
      };
      const [{ mine }] = (await em.query(`SELECT current_setting('app.tenant') AS mine`)) as [
        { mine: string },
      ];
      return [await look(halden), await look(`${halden}${mine.slice(36)}`), await look(`${halden}.`)];
    });
    expect(seen).toEqual([0, 0, 0]);
  });

  it('cannot read the key that signs', async () => {
    await expect(tenancy.inInstall((em) => em.query('SELECT * FROM sec.key'))).rejects.toThrow(
      /permission denied/,
    );
    await expect(tenancy.inInstall((em) => em.query(`SELECT sec.opened('t', 'app.tenant')`))).rejects.toThrow(
      /permission denied/,
    );
  });

  it('searches nothing of another, though its words are beside the wall', async () => {
    const asked = `SELECT * FROM sec.find_said('film | kitchen | dishwash', '{}')`;
    const found = async (communityId: string, sql: string) =>
      (await tenancy.inCommunity(communityId, (em) => em.query<unknown[]>(sql))).length;
    const id = randomUUID();
    await tenancy.inCommunity(halden, (em) =>
      em.query(
        `INSERT INTO contribution (community_id, id, room_id, author_id, type, body)
         VALUES ($1, $2, $3, $4, 'comment', 'A wombatfilm in the kitchen')`,
        [halden, id, sessionOf('halden-one-film'), memberOf('halden', 'tunde')],
      ),
    );
    const word = `SELECT * FROM sec.words_like('wombatfilms')`;
    const rare = `SELECT * FROM sec.find_said('wombatfilm', '{}')`;
    expect([await found(halden, rare), await found(halden, word)]).toEqual([1, 1]);
    expect([await found(morrow, rare), await found(morrow, word)]).toEqual([0, 0]);
    expect(await tenancy.inInstall((em) => em.query(asked))).toEqual([]);
    for (const table of ['said', 'said_word'])
      await expect(tenancy.inInstall((em) => em.query(`SELECT * FROM sec.${table}`))).rejects.toThrow(
        /permission denied/,
      );
    await server.sql('DELETE FROM contribution WHERE id = $1', [id]);
    expect(await found(halden, rare)).toBe(0);
  });

  it('leaves nothing behind for the next that uses its connection', async () => {
    await Promise.all(
      Array.from({ length: 60 }, (_, at) =>
        tenancy.inCommunity(at % 2 ? halden : morrow, (em) => em.query('SELECT pg_sleep(0.002)')),
      ),
    );
    const left = await Promise.all(
      Array.from({ length: 24 }, () =>
        tenancy.inInstall((em) =>
          em.query(`SELECT coalesce(current_setting('app.tenant', true), '') AS left`),
        ),
      ),
    );
    expect(new Set(left.flat().map((row: { left: string }) => row.left))).toEqual(new Set(['']));
  });

  it('cannot change the schema', async () => {
    const attempts = [
      'CREATE TABLE mine (id int)',
      'ALTER TABLE member DISABLE ROW LEVEL SECURITY',
      'DROP POLICY tenant ON member',
      'SET ROLE parley_owner',
    ];
    for (const sql of attempts)
      await expect(tenancy.inCommunity(morrow, (em) => em.query(sql))).rejects.toThrow();
  });
});

it('a person sees their own memberships in every community, and nobody else’s', async () => {
  const rows: { communityId: string; personId: string }[] = await tenancy.asPerson(personOf('priya'), (em) =>
    em.query('SELECT community_id AS "communityId", person_id AS "personId" FROM member'),
  );
  expect(rows.map(({ communityId }) => communityId).sort()).toEqual([halden, morrow].sort());
  expect(new Set(rows.map(({ personId }) => personId))).toEqual(new Set([personOf('priya')]));
});

describe('each defence holds something up:', () => {
  const tables = ['member', 'contribution', 'session', 'sample', 'media'];

  it.each(tables)(
    'without the policy of %s, or without its row-level security, the wall leaks',
    async (table) => {
      expect(
        await without(
          `ALTER TABLE ${table} DISABLE ROW LEVEL SECURITY`,
          `ALTER TABLE ${table} ENABLE ROW LEVEL SECURITY`,
          leaks,
        ),
      ).toContain(table);
      expect(
        await without(`CREATE POLICY hole ON ${table} USING (true)`, `DROP POLICY hole ON ${table}`, leaks),
      ).toContain(table);
    },
  );

  it('without the signature anybody moves', async () => {
    const open = await without(
      `CREATE OR REPLACE FUNCTION sec.tenant() RETURNS uuid LANGUAGE sql STABLE SECURITY DEFINER
         SET search_path = pg_catalog AS $$ SELECT substr(current_setting('app.tenant', true), 1, 36)::uuid $$`,
      `CREATE OR REPLACE FUNCTION sec.tenant() RETURNS uuid LANGUAGE sql STABLE SECURITY DEFINER
         SET search_path = pg_catalog AS $$ SELECT sec.opened('t', 'app.tenant') $$`,
      () =>
        tenancy.inCommunity(morrow, async (em) => {
          await em.query(`SELECT set_config('app.tenant', $1, true)`, [halden]);
          return (await em.query('SELECT id FROM member WHERE community_id = $1', [halden])) as unknown[];
        }),
    );
    expect(open.length).toBeGreaterThan(10);
    expect(await leaks()).toEqual([]);
  });

  it('without community_id in a foreign key a row of another can be pointed at', async () => {
    const point = () =>
      tenancy.inCommunity(morrow, (em) =>
        em.query(`INSERT INTO session_host (community_id, session_id, member_id) VALUES ($1, $2, $3)`, [
          morrow,
          sessionOf('halden-one-film'),
          memberOf('morrow', 'daniel'),
        ]),
      );
    await expect(point()).rejects.toThrow(/foreign key/);
    await without(
      `ALTER TABLE session_host DROP CONSTRAINT session_host_community_id_session_id_fkey;
       ALTER TABLE session ADD CONSTRAINT loose UNIQUE (id);
       ALTER TABLE session_host ADD CONSTRAINT loose FOREIGN KEY (session_id) REFERENCES session (id)`,
      `DELETE FROM session_host WHERE community_id = '${morrow}' AND session_id = '${sessionOf('halden-one-film')}';
       ALTER TABLE session_host DROP CONSTRAINT loose;
       ALTER TABLE session DROP CONSTRAINT loose;
       ALTER TABLE session_host ADD CONSTRAINT session_host_community_id_session_id_fkey
         FOREIGN KEY (community_id, session_id) REFERENCES session`,
      point,
    );
  });
});

describe('the check of the catalogue', () => {
  const findings = () => catalogueFindings(server.get(DataSource));
  const rules = async (broken: string, mended: string) =>
    without(broken, mended, async () => (await findings()).map(({ rule, what }) => `${what}: ${rule}`));

  it('finds nothing in a fresh schema', async () => {
    expect(await findings()).toEqual([]);
  });

  it.each([
    ['ALTER TABLE op DISABLE ROW LEVEL SECURITY', 'ALTER TABLE op ENABLE ROW LEVEL SECURITY', 'op'],
    ['ALTER TABLE op NO FORCE ROW LEVEL SECURITY', 'ALTER TABLE op FORCE ROW LEVEL SECURITY', 'op'],
    [
      'ALTER TABLE sample_3 DISABLE ROW LEVEL SECURITY',
      'ALTER TABLE sample_3 ENABLE ROW LEVEL SECURITY',
      'sample_3',
    ],
    ['CREATE POLICY hole ON cue USING (true)', 'DROP POLICY hole ON cue', 'cue'],
    ['CREATE TABLE note (id uuid PRIMARY KEY)', 'DROP TABLE note', 'note'],
    ['CREATE UNIQUE INDEX hole ON space (title)', 'DROP INDEX hole', 'hole'],
    ['CREATE VIEW hole AS SELECT * FROM member', 'DROP VIEW hole', 'hole'],
    ['CREATE MATERIALIZED VIEW hole AS SELECT * FROM member', 'DROP MATERIALIZED VIEW hole', 'hole'],
    [
      'CREATE FUNCTION hole() RETURNS int LANGUAGE sql SECURITY DEFINER AS $$ SELECT 1 $$',
      'DROP FUNCTION hole()',
      'hole',
    ],
    [
      'ALTER TABLE asset ALTER community_id DROP NOT NULL',
      'ALTER TABLE asset ALTER community_id SET NOT NULL',
      '',
    ],
    [
      'GRANT SELECT ON sec.key TO parley_runtime',
      'REVOKE SELECT ON sec.key FROM parley_runtime',
      'parley_runtime',
    ],
    [
      'GRANT SELECT (words) ON sec.said TO parley_runtime',
      'REVOKE SELECT (words) ON sec.said FROM parley_runtime',
      'parley_runtime',
    ],
    [
      'GRANT CREATE ON SCHEMA public TO parley_runtime',
      'REVOKE CREATE ON SCHEMA public FROM parley_runtime',
      '',
    ],
  ])('finds what %j opens', async (broken, mended, named) => {
    // A primary key column cannot be made nullable: the database itself holds that one.
    const found = await rules(broken, mended).catch((error: Error) => [error.message]);
    expect(found.length).toBeGreaterThan(0);
    expect(found.join('\n')).toContain(named);
  });

  it('keeps a server with a hole from starting, in one sentence', async () => {
    const database = await freshDatabase();
    const hole = await startTestServer({}, database);
    await hole.sql('ALTER TABLE rating DISABLE ROW LEVEL SECURITY');
    await hole.stop();
    await expect(startTestServer({}, database)).rejects.toThrow(
      /would let communities see each other: .* rating\. Restore its schema/,
    );
    await dropDatabase(database);
  });

  it('keeps an older version from a newer database', async () => {
    const database = await freshDatabase();
    const older = await startTestServer({}, database);
    await older.sql(`INSERT INTO migrations (timestamp, name) VALUES (1, 'Tomorrow20990101000001')`);
    await older.stop();
    await expect(startTestServer({}, database)).rejects.toThrow(
      /made by a newer Parley .*Tomorrow20990101000001/,
    );
    await dropDatabase(database);
  });
});

it('a signature serves one connection, one kind and one id', () => {
  const key = new ScopeKey(Buffer.alloc(32, 1));
  const all = [
    key.sign('t', halden, 1),
    key.sign('p', halden, 1),
    key.sign('t', halden, 2),
    key.sign('t', morrow, 1),
    new ScopeKey(Buffer.alloc(32, 2)).sign('t', halden, 1),
  ];
  expect(new Set(all.map((signed) => signed.slice(37))).size).toBe(all.length);
});

it('every column that the entities name is in the migrated schema', async () => {
  const database = await freshDatabase();
  const { entities } = server.get(DataSource).options;
  const owner = new DataSource({
    type: 'postgres',
    url: databaseUrl(database),
    entities,
    migrations,
  } as ConstructorParameters<typeof DataSource>[0]);
  await owner.initialize();
  const { upQueries } = await owner.driver.createSchemaBuilder().log();
  await owner.destroy();
  await dropDatabase(database);
  // Keys, checks, defaults and indexes live in the migrations alone.
  const missing = upQueries.map(({ query }) => query).filter((query) => /ADD "|CREATE TABLE/.test(query));
  expect(missing).toEqual([]);
});
