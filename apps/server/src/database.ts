import { createHmac } from 'node:crypto';
import { runMigrations as prepareJobs } from 'graphile-worker';
import { Client, Pool } from 'pg';
import { DataSource, type DataSourceOptions } from 'typeorm';
import { AssetRow, AssetVersionRow, MediaRow, RenditionRow } from './media/media.tables';
import { ApplicationRow, InvitationRow, SourceRow } from './door/door.tables';
import { CueRow, RoundRow, SessionHostRow, SessionRow } from './live/live.tables';
import {
  BrandRow,
  CommunityRow,
  MemberRow,
  PersonRow,
  SignInLinkRow,
  SignInRow,
} from './people/people.tables';
import { Foundation20261122000001 } from './migrations/20261122_0001_foundation';
import { People20261122000002 } from './migrations/20261122_0002_people';
import { Contributions20261122000003 } from './migrations/20261122_0003_contributions';
import { Live20261122000004 } from './migrations/20261122_0004_live';
import { Factors20261124000005 } from './migrations/20261124_0005_factors';
import { Profile20261124000006 } from './migrations/20261124_0006_profile';
import { Door20261124000007 } from './migrations/20261124_0007_door';
import { Reach20261126000008 } from './migrations/20261126_0008_reach';
import { Fate20261126000009 } from './migrations/20261126_0009_fate';
import { Loop20261126000010 } from './migrations/20261126_0010_loop';
import { Queue20261126000011 } from './migrations/20261126_0011_queue';
import { Media20261126000012 } from './migrations/20261126_0012_media';
import { Activities20261126000013 } from './migrations/20261126_0013_activities';
import { Commons20261126000014 } from './migrations/20261126_0014_commons';
import { Ideas20261127000015 } from './migrations/20261127_0015_ideas';
import { Recognition20261127000016 } from './migrations/20261127_0016_recognition';
import { Groups20261127000017 } from './migrations/20261127_0017_groups';
import { Feedback20261127000018 } from './migrations/20261127_0018_feedback';
import { Search20261127000019 } from './migrations/20261127_0019_search';
import { Attachments20261127000020 } from './migrations/20261127_0020_attachments';
import { PlacesFor20261128000021 } from './migrations/20261128_0021_places_for';
import { CardCorrections20261128000022 } from './migrations/20261128_0022_card_corrections';
import { TeamOnly20261128000023 } from './migrations/20261128_0023_team_only';
import { TakenIn20261128000024 } from './migrations/20261128_0024_taken_in';
import { checkCatalogue } from './platform/catalogue';
import { StartError } from './platform/config';
import { ScopeKey } from './platform/tenancy';

/** Every migration, oldest first. */
export const migrations = [
  Foundation20261122000001,
  People20261122000002,
  Contributions20261122000003,
  Live20261122000004,
  Factors20261124000005,
  Profile20261124000006,
  Door20261124000007,
  Reach20261126000008,
  Fate20261126000009,
  Loop20261126000010,
  Queue20261126000011,
  Media20261126000012,
  Activities20261126000013,
  Commons20261126000014,
  Ideas20261127000015,
  Recognition20261127000016,
  Groups20261127000017,
  Feedback20261127000018,
  Search20261127000019,
  Attachments20261127000020,
  PlacesFor20261128000021,
  CardCorrections20261128000022,
  TeamOnly20261128000023,
  TakenIn20261128000024,
];

/** Every table that is written and read as rows; what is only counted or joined is reached in SQL. */
const entities = [
  BrandRow,
  CommunityRow,
  PersonRow,
  SignInRow,
  SignInLinkRow,
  MemberRow,
  AssetRow,
  AssetVersionRow,
  MediaRow,
  RenditionRow,
  SourceRow,
  InvitationRow,
  ApplicationRow,
  SessionRow,
  SessionHostRow,
  CueRow,
  RoundRow,
];

const OWNER = 'parley_owner';
const RUNTIME = 'parley_runtime';

interface Ready {
  db: DataSource;
  key: ScopeKey;
  /** How the run-time role connects. */
  runtimeUrl: string;
}

/**
 * Brings the database to this version and answers the run-time side of it.
 * The user of `url` migrates; the server itself signs in as a role that owns nothing and is bound by row-level
 * security. Throws `StartError` for what an operator can mend.
 */
export async function openDatabase(url: string, runtimeUrl?: string): Promise<Ready> {
  const password = createHmac('sha256', decodeURIComponent(new URL(url).password))
    .update(RUNTIME)
    .digest('base64url');
  const runtime = runtimeUrl ?? withUser(url, RUNTIME, password);
  const secret = await migrate(url, runtimeUrl ? undefined : password);
  const db = new DataSource({
    ...options(runtime),
    extra: {
      max: 12,
      connectionTimeoutMillis: 3_000,
      query_timeout: 10_000,
      statement_timeout: 10_000,
      idle_in_transaction_session_timeout: 20_000,
      application_name: 'parley',
      // What pages read is in memory or on a disk without a head to move: a look into an index is worth it early, and
      // what a page costs does not jump as tables grow.
      options: '-c random_page_cost=1.1',
    },
    poolErrorHandler: () => undefined,
  });
  await db.initialize();
  await checkCatalogue(db).catch(async (error: unknown) => {
    await db.destroy();
    throw error;
  });
  return { db, key: new ScopeKey(secret), runtimeUrl: runtime };
}

/** Brings what the planner knows of the tables up to date, as only their owner may: for when many rows came at once. */
export async function analyze(url: string): Promise<void> {
  const client = new Client({ connectionString: url, application_name: 'parley analyze' });
  await client.connect();
  try {
    await client.query('ANALYZE');
  } finally {
    await client.end();
  }
}

const options = (url: string) =>
  ({
    type: 'postgres',
    url,
    entities,
    migrations,
    logging: false,
    installExtensions: false,
  }) satisfies DataSourceOptions;

function withUser(url: string, user: string, password: string) {
  const other = new URL(url);
  other.username = user;
  other.password = password;
  return other.href;
}

/** Runs what is missing, one server at a time, and answers the key that signs scopes. */
async function migrate(url: string, runtimePassword: string | undefined): Promise<Buffer> {
  const client = new Client({
    connectionString: url,
    application_name: 'parley migrate',
    connectionTimeoutMillis: 10_000,
  });
  try {
    await client.connect();
  } catch (error) {
    throw new StartError(
      `PostgreSQL at ${new URL(url).host} does not answer (${(error as Error).message}): check DATABASE_URL.`,
    );
  }
  try {
    // Two servers that start together take turns.
    await client.query('SELECT pg_advisory_lock(7221)');
    await prepareRoles(client, runtimePassword);
    const owner = new DataSource({ ...options(url), extra: { options: `-c role=${OWNER}` } });
    await owner.initialize();
    try {
      await refuseNewer(owner);
      await owner.runMigrations({ transaction: 'each' });
      await prepareJobTables(url);
      const [row] = (await owner.query('SELECT secret FROM sec.key')) as [{ secret: Buffer }];
      return row.secret;
    } finally {
      await owner.destroy();
    }
  } finally {
    await client.end();
  }
}

async function prepareRoles(client: Client, runtimePassword: string | undefined) {
  const { rows } = await client.query<{ rolname: string }>(
    'SELECT rolname FROM pg_roles WHERE rolname = ANY($1)',
    [[OWNER, RUNTIME]],
  );
  const known = new Set(rows.map(({ rolname }) => rolname));
  const [{ db }] = (await client.query<{ db: string }>('SELECT quote_ident(current_database()) AS db'))
    .rows as [{ db: string }];
  try {
    // Roles belong to the whole cluster: another database of Parley may make them at the same moment.
    if (!known.has(OWNER)) await ignoring('42710', client.query(`CREATE ROLE ${OWNER} NOLOGIN`));
    await client.query(`GRANT ${OWNER} TO CURRENT_USER`);
    await client.query(`GRANT CREATE, CONNECT ON DATABASE ${db} TO ${OWNER}`);
    await client.query(`GRANT CREATE, USAGE ON SCHEMA public TO ${OWNER}`);
    if (!known.has(RUNTIME))
      await ignoring(
        '42710',
        client.query(`CREATE ROLE ${RUNTIME} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS`),
      );
    if (runtimePassword && (!known.has(RUNTIME) || !(await opens(client, runtimePassword))))
      await ignoring('XX000', client.query(`ALTER ROLE ${RUNTIME} LOGIN PASSWORD '${runtimePassword}'`));
  } catch (error) {
    throw new StartError(
      `The user of DATABASE_URL cannot prepare the roles ${OWNER} and ${RUNTIME} (${(error as Error).message}): let it create roles, or create them and set DATABASE_RUNTIME_URL.`,
    );
  }
}

/** Whether the run-time role can sign in with this password already. */
async function opens(client: Client, password: string) {
  const probe = new Client({
    host: client.host,
    port: client.port,
    database: client.database,
    user: RUNTIME,
    password,
  } as ConstructorParameters<typeof Client>[0]);
  try {
    await probe.connect();
    await probe.end();
    return true;
  } catch {
    return false;
  }
}

async function ignoring(code: string, query: Promise<unknown>) {
  await query.catch((error: { code?: string }) => {
    if (error.code !== code && error.code !== '23505') throw error;
  });
}

/** The job queue's own tables, which the run-time role may use whole: it holds what is to be done, not what people wrote. */
async function prepareJobTables(url: string) {
  const pool = new Pool({ connectionString: url, max: 1, options: `-c role=${OWNER}` });
  pool.on('error', () => undefined);
  pool.on('connect', (client) => client.on('error', () => undefined));
  try {
    await prepareJobs({ pgPool: pool });
    await pool.query(`DO $$ DECLARE name regclass; BEGIN
      FOR name IN SELECT oid FROM pg_class WHERE relnamespace = 'graphile_worker'::regnamespace AND relkind IN ('r', 'p')
        AND NOT EXISTS (SELECT FROM pg_policy WHERE polrelid = pg_class.oid AND polname = 'runtime')
      LOOP EXECUTE format('CREATE POLICY runtime ON %s TO ${RUNTIME} USING (true) WITH CHECK (true)', name); END LOOP;
    END $$`);
    await pool.query(`GRANT USAGE ON SCHEMA graphile_worker TO ${RUNTIME};
      GRANT ALL ON ALL TABLES IN SCHEMA graphile_worker TO ${RUNTIME};
      GRANT ALL ON ALL SEQUENCES IN SCHEMA graphile_worker TO ${RUNTIME};
      GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA graphile_worker TO ${RUNTIME};`);
  } finally {
    await pool.end();
  }
}

async function refuseNewer(owner: DataSource) {
  const [{ exists }] = (await owner.query(
    `SELECT to_regclass('public.migrations') IS NOT NULL AS exists`,
  )) as [{ exists: boolean }];
  if (!exists) return;
  const done = (await owner.query('SELECT name FROM migrations')) as { name: string }[];
  const mine = new Set(migrations.map(({ name }) => name));
  const newer = done.find(({ name }) => !mine.has(name));
  if (newer)
    throw new StartError(
      `This database was made by a newer Parley (it has ${newer.name}): run that version, or use another database.`,
    );
}
