import { createHmac, randomInt, randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Connection } from '@parley/client/connection';
import { type Call, CallError, CookieJar, http } from '@parley/client/http';
import { followSession } from '@parley/client/live';
import { MemoryStore, Outbox } from '@parley/client/outbox';
import type { Follower } from '@parley/client/follow';
import { signInAsDemo } from '@parley/contracts/demo';
import type { Joined } from '@parley/contracts/live';
import type { LiveSession } from '@parley/contracts/live-facts';
import { mediaFilePath, readLinks } from '@parley/contracts/media';
import { takeTicket } from '@parley/contracts/people';
import { Client, type QueryResultRow } from 'pg';
import { migrations } from '../src/database';
import { readConfig, StartError } from '../src/platform/config';
import { AppError } from '../src/platform/errors';
import { idOf } from '../src/platform/ids';
import { makeLog } from '../src/platform/log';
import { seedDemo } from '../src/seed';
import { type Running, startServer } from '../src/server';

const POSTGRES = process.env['TEST_DATABASE_URL'] ?? '';
/** Another account of this machine has its own. */
export const DATA = join(tmpdir(), `parley-test-data-${process.getuid?.() ?? ''}`);
const DEMO = join(import.meta.dirname, '../demo');

/** Ids of the demo's things, as the seed makes them. */
export const halden = idOf('community', 'halden');
export const morrow = idOf('community', 'morrow');
export const personOf = (key: string) => idOf('person', key);
export const memberOf = (slug: string, key: string) => idOf('member', slug, key);
export const sessionOf = (key: string) => idOf('session', key);
export const cueOf = (session: string, place: number) => idOf('cue', sessionOf(session), place);
export const assetOf = (key: string) => idOf('asset', key);
/** The file of an asset of the demo, or its captions in a language. */
export const mediaOf = (...of: string[]) => idOf('media', ...of);

/** Where a visitor finds a part of a file; a made-up address where they are given none. */
export async function addressOf(
  visitor: Visitor,
  mediaId: string,
  rendition: string,
  { part = 'whole', communityId = halden } = {},
): Promise<string> {
  const { links } = await visitor.call(readLinks, { communityId, ids: mediaId }).catch(() => ({ links: [] }));
  const [link] = links;
  const known = [...(link?.pictures ?? []), ...(link?.pages ?? []), ...(link?.captions ?? [])]
    .map(({ url }) => url)
    .find((url) => url.includes(`/${rendition}/`));
  if (known) return known;
  const key = link?.film?.keys[rendition] ?? 'a'.repeat(27);
  return mediaFilePath
    .replace(':communityId', communityId)
    .replace(':mediaId', mediaId)
    .replace(':rendition', rendition)
    .replace(':part', part)
    .replace(':key', key);
}

export const databaseUrl = (name: string) => Object.assign(new URL(POSTGRES), { pathname: `/${name}` }).href;

/** How the run-time role connects, for a test that puts something in between. */
export function runtimeUrl(name: string) {
  const url = new URL(databaseUrl(name));
  url.password = createHmac('sha256', decodeURIComponent(url.password))
    .update('parley_runtime')
    .digest('base64url');
  url.username = 'parley_runtime';
  return url.href;
}

/** Asks a database as its superuser, whom no wall holds: to look, and to break things on purpose. */
export async function asSuperuser<T extends QueryResultRow>(
  database: string,
  sql: string,
  parameters: unknown[] = [],
): Promise<T[]> {
  const client = new Client({ connectionString: databaseUrl(database) });
  await client.connect();
  try {
    return (await client.query<T>(sql, parameters)).rows;
  } finally {
    await client.end();
  }
}

const postgres = (sql: string) => asSuperuser(new URL(POSTGRES).pathname.slice(1), sql);

async function boot(database: string, env: Record<string, string>) {
  mkdirSync(DATA, { recursive: true });
  // Below what the system hands to outgoing connections.
  for (let tries = 0; ; tries += 1) {
    const port = randomInt(20_000, 32_000);
    const config = readConfig({
      PORT: String(port),
      PARLEY_DEMO: 'on',
      PARLEY_DATA_DIR: DATA,
      LOG_LEVEL: process.env['TEST_LOG'] ?? 'silent',
      DATABASE_URL: databaseUrl(database),
      ...env,
    });
    try {
      const running = await startServer(config, databaseUrl(database), makeLog(config), '/nowhere');
      return { running, config };
    } catch (error) {
      if (!(error instanceof StartError && /is taken/.test(error.message)) || tries > 5) throw error;
    }
  }
}

/** Makes the migrated and seeded template once for each state of the code; files that start together wait for it. */
async function template(): Promise<string> {
  const name = `parley_template_${migrations.at(-1)!.name.toLowerCase()}_${process.env['TEST_RUN'] ?? process.ppid}`;
  const client = new Client({ connectionString: POSTGRES });
  await client.connect();
  try {
    await client.query('SELECT pg_advisory_lock(1)');
    const { rowCount } = await client.query('SELECT FROM pg_database WHERE datname = $1', [name]);
    if (rowCount) return name;
    await client.query(`CREATE DATABASE ${name}_draft`);
    const { running } = await boot(`${name}_draft`, {});
    await seedDemo(running.app, DEMO);
    await running.stop();
    await client.query(`ALTER DATABASE ${name}_draft RENAME TO ${name}`);
    return name;
  } finally {
    await client.end();
  }
}

/** Makes a database of its own from the template: two communities of two brands, and their people. */
export async function freshDatabase(): Promise<string> {
  const from = await template();
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  await postgres(`CREATE DATABASE ${name} TEMPLATE ${from}`);
  return name;
}

export const dropDatabase = (name: string) => postgres(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);

export type TestServer = Awaited<ReturnType<typeof startTestServer>>;

/** The whole server on a free port and a database of its own. */
export async function startTestServer(env: Record<string, string> = {}, database?: string) {
  const name = database ?? (await freshDatabase());
  let { running, config } = await boot(name, env);
  const visitors: Visitor[] = [];
  return {
    database: name,
    get url() {
      return config.publicUrl;
    },
    get running(): Running {
      return running;
    },
    get: <T>(service: abstract new (...args: never[]) => T): T => running.app.get(service),
    sql: <T extends QueryResultRow>(sql: string, parameters?: unknown[]) =>
      asSuperuser<T>(name, sql, parameters),
    /** Somebody who is not signed in. */
    stranger: () => new Visitor(config.publicUrl),
    /** One of the demo's people, signed in. */
    visit: async (key: string) => {
      const visitor = new Visitor(config.publicUrl);
      visitors.push(visitor);
      await visitor.call(signInAsDemo, { personId: personOf(key) });
      return visitor;
    },
    /** Stops it and starts it again on the same port and database. */
    restart: async () => {
      await running.stop();
      ({ running, config } = await boot(name, { ...env, PORT: String(config.port) }));
    },
    stop: async () => {
      for (const visitor of visitors) visitor.leave();
      await running.stop();
      if (!database) await dropDatabase(name);
    },
  };
}

/** One person in one browser, through the typed client. */
export class Visitor {
  readonly jar = new CookieJar();
  readonly call: Call;
  private readonly connections: Connection[] = [];

  constructor(readonly url: string) {
    this.call = http({ url, jar: this.jar });
  }

  /** A plain request with this person's cookies, for what the typed client would never send. */
  request(path: string, { headers, ...init }: RequestInit & { headers?: Record<string, string> } = {}) {
    return fetch(`${this.url}${path}`, {
      ...init,
      headers: { cookie: this.jar.header(), origin: this.url, ...headers },
    });
  }

  /** An open socket to a community. */
  async connect(communityId: string): Promise<Connection> {
    const connection = new Connection({
      url: this.url,
      origin: this.url,
      ticket: async () => (await this.call(takeTicket, { communityId })).ticket,
    });
    this.connections.push(connection);
    await until(() => connection.link === 'open' || connection.link === 'closed');
    if (connection.link !== 'open') throw new Error('The socket was refused');
    return connection;
  }

  /** In a Session of Halden: a socket, what the screen holds, and an outbox. */
  async join(sessionId: string, communityId = halden) {
    const connection = await this.connect(communityId);
    const outbox = new Outbox(connection, new MemoryStore());
    const follower = followSession(connection, sessionId);
    await until(() => Boolean(follower.state ?? follower.error));
    return {
      connection,
      outbox,
      follower,
      send: connection.send.bind(connection),
      screen: () => screenOf(follower),
    };
  }

  leave() {
    for (const connection of this.connections) connection.close();
  }
}

function screenOf(follower: Follower<LiveSession, Joined>): LiveSession {
  if (!follower.state) throw follower.error ?? new Error('Not joined');
  return follower.state;
}

/** The code that it is refused with, else `done`; what went wrong otherwise is said as it is. */
export const refusalOf = (answer: Promise<unknown>): Promise<string> =>
  answer.then(
    () => 'done',
    (error: unknown) => (error instanceof CallError || error instanceof AppError ? error.code : `${error}`),
  );

/** Waits for something that is about to become true. */
export async function until(isSo: () => boolean | Promise<boolean>, withinMs = 8_000): Promise<void> {
  const end = Date.now() + withinMs;
  while (!(await isSo())) {
    if (Date.now() > end) throw new Error(`Not within ${withinMs} ms: ${isSo}`);
    await new Promise((done) => setTimeout(done, 15));
  }
}
