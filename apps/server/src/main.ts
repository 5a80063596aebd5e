import 'reflect-metadata';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startPostgres } from '@parley/postgres/embedded';
import { type Config, readConfig, StartError } from './platform/config';
import { makeLog } from './platform/log';
import { seedDemo, demoSignIns } from './seed';
import { type Running, startServer } from './server';

const here = dirname(fileURLToPath(import.meta.url));
/** Lines for the person at the terminal; the log has its own place. */
const say = (line: string) => process.stdout.write(`${line}\n`);

let running: Running | undefined;
let postgres: { url: string; stop(): Promise<void> } | undefined;
let stopping = false;

async function stop(code = 0) {
  if (stopping) return;
  stopping = true;
  // Whatever hangs, the process ends.
  setTimeout(() => process.exit(code || 1), 14_000).unref();
  await running?.stop();
  await postgres?.stop();
  process.exit(code);
}

// Before anything starts: an early signal must clean up as well.
process.on('SIGTERM', () => void stop());
process.on('SIGINT', () => void stop());

async function start(config: Config) {
  const log = makeLog(config);
  process.on('unhandledRejection', (error) => log.error({ error: String(error) }, 'unhandled rejection'));
  if (!config.databaseUrl) {
    postgres = await startPostgres({ dataDir: join(config.dataDir, 'pg18'), log: (line) => log.warn(line) });
    say('Database is ready.');
  }
  if (stopping) return;
  running = await startServer(
    config,
    config.databaseUrl ?? postgres!.url,
    log,
    join(here, '../../web/dist'),
    () => {
      process.stderr.write('Another Parley server has taken this database: this one stops.\n');
      void stop(1);
    },
  );
  if (config.demo) await seedDemo(running.app, join(here, '../demo'));
  say('');
  say(`Parley is running at ${config.publicUrl}`);
  if (config.demo) for (const line of demoSignIns(config.publicUrl)) say(line);
  say('Ctrl-C stops it.');
}

try {
  await start(readConfig(process.env));
} catch (error) {
  const known = error instanceof StartError || (error as Error).name === 'PostgresError';
  process.stderr.write(
    known ? `${(error as Error).message}\n` : `Parley could not start: ${(error as Error).stack}\n`,
  );
  await stop(1);
}
