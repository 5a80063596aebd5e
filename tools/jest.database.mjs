import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runnerImport } from 'vite';

/** @type {() => Promise<void>} */
export let stopDatabase = async () => {};

/** Starts a throw-away PostgreSQL for the integration tests, unless TEST_DATABASE_URL names a server. */
export default async function startDatabase() {
  if (process.env.TEST_DATABASE_URL) return;
  const source = new URL('../libs/postgres/src/embedded.ts', import.meta.url).pathname;
  /** @type {{ module: typeof import('../libs/postgres/src/embedded.ts') }} */
  const { module } = await runnerImport(decodeURIComponent(source), { configFile: false, logLevel: 'error' });
  const folder = await mkdtemp(join(tmpdir(), 'parley-test-'));
  const postgres = await module.startPostgres({ dataDir: join(folder, 'pg'), durable: false });
  process.env.TEST_DATABASE_URL = postgres.url;
  stopDatabase = async () => {
    await postgres.stop();
    await rm(folder, { recursive: true, force: true });
  };
}
