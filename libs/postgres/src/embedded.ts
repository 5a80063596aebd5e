import { type ChildProcess, spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { closeSync, openSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { accountFor, findBinaries } from './binaries.js';
import {
  type Cluster,
  findRunning,
  holderName,
  initialise,
  owner,
  plainEnv,
  readPassword,
  settle,
} from './cluster.js';
import { explain, PostgresError } from './postgres-error.js';

export { PostgresError };

export interface Options {
  /** The folder that holds the database; made when missing. */
  dataDir: string;
  /** False for throw-away databases: much faster, and lost when the machine stops. */
  durable?: boolean;
  log?: (line: string) => void;
}

export interface Postgres {
  /** How the owner of the database `parley` connects. */
  url: string;
  /** True when another process had started it, and will stop it. */
  joined: boolean;
  stop(): Promise<void>;
}

/**
 * Starts the PostgreSQL that comes with Parley, or joins the one at work on the same folder.
 * It ends with this process, however that ends. If it dies before, it is started again on the same port.
 */
export async function startPostgres({ dataDir, durable = true, log = () => {} }: Options): Promise<Postgres> {
  const wanted = resolve(dataDir);
  const account = accountFor(wanted);
  const folder = settle(wanted, account);
  const native = findBinaries(account, wanted);
  const cluster: Cluster = { folder, data: join(folder, 'data'), account, native, durable };
  initialise(cluster);

  let stopping = false;
  let held = await hold(cluster);
  const { port } = held;
  const joined = !held.child;
  let restart: Promise<void> | undefined;
  watch();

  function watch() {
    void ended(held).then(() => {
      if (!stopping) restart = bringBack().finally(() => (restart = undefined));
    });
  }

  async function ended({ child, pid }: Held) {
    if (child) return gone(child);
    while (!stopping && findRunning(cluster.data)?.pid === pid) await sleep(250, undefined, { ref: false });
  }

  async function bringBack() {
    for (let wait = 100; !stopping; wait = Math.min(wait * 2, 10_000)) {
      try {
        held = await hold(cluster, port);
        log('PostgreSQL had stopped and is running again');
        return watch();
      } catch (error) {
        log((error as Error).message);
        await sleep(wait);
      }
    }
  }

  return {
    url: `postgres://${owner}:${readPassword(folder)}@127.0.0.1:${port}/${owner}`,
    joined,
    async stop() {
      stopping = true;
      await restart;
      if (held.child) await end(held.child);
    },
  };
}

interface Held {
  pid: number;
  port: number;
  /** Missing when another process holds it. */
  child?: ChildProcess;
}

/** Joins the PostgreSQL at work on the cluster, or starts one; `port` when only that port will do. */
async function hold(cluster: Cluster, port?: number): Promise<Held> {
  const patience = { starting: Date.now() + 120_000, stopping: Date.now() + 15_000 };
  let hurried = false;
  for (; ; await sleep(30)) {
    const running = findRunning(cluster.data);
    if (!running) {
      const held = await launch(cluster, port);
      if (held) return held;
      if (Date.now() > patience.stopping) throw explain(logTail(cluster, 0), cluster.folder);
    } else if (running.status === 'ready' && running.held) {
      return running;
    } else if (running.status === 'ready') {
      // Nobody is left to stop this one: it goes down in order and comes up again as ours.
      process.kill(running.pid, 'SIGINT');
    } else if (running.status === 'stopping' && Date.now() > patience.stopping) {
      if (running.held || hurried)
        throw new PostgresError('The database is still shutting down: wait a minute and start Parley again.');
      // Skips the clean-up that takes so long; nothing stored is lost, the next start catches up.
      process.kill(running.pid, 'SIGQUIT');
      patience.stopping += 5_000;
      hurried = true;
    } else if (Date.now() > patience.starting) {
      throw new PostgresError(
        'The database is still recovering after two minutes: wait and start Parley again.',
      );
    }
  }
}

/** Starts PostgreSQL; undefined when somebody was in the way and it is worth trying again. */
async function launch(cluster: Cluster, fixedPort?: number): Promise<Held | undefined> {
  const { folder, data, account, native, durable } = cluster;
  const port = fixedPort ?? (await choosePort(folder));
  const settings = {
    port,
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    cluster_name: holderName(),
    max_connections: 200,
    timezone: 'UTC',
    log_timezone: 'UTC',
    // After a crash, one call for the file system instead of one for each of a thousand files.
    ...(process.platform === 'linux' ? { recovery_init_sync_method: 'syncfs' } : {}),
    ...(durable
      ? {}
      : {
          fsync: 'off',
          synchronous_commit: 'off',
          full_page_writes: 'off',
          wal_level: 'minimal',
          max_wal_senders: 0,
        }),
  };
  const logFile = join(folder, 'postgres.log');
  const logStart = statSync(logFile, { throwIfNoEntry: false })?.size ?? 0;
  const log = openSync(logFile, logStart > 10_000_000 ? 'w' : 'a', 0o600);
  // The life line: the kernel closes our end of the pipe even when we are killed, and then PostgreSQL is told to stop.
  // A process group of its own keeps Ctrl-C away from it until the server has finished with it.
  const child = spawn(
    'sh',
    [
      '-c',
      '(cat <&3 >/dev/null; kill -INT $$) & exec 3<&-; exec "$@"',
      ...['sh', join(native, 'bin/postgres'), '-D', data],
      ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
    ],
    { ...account, cwd: '/', env: plainEnv, detached: true, stdio: ['ignore', log, log, 'pipe'] },
  );
  closeSync(log);
  child.unref();
  const lifeLine = child.stdio[3] as import('node:net').Socket;
  lifeLine.on('error', () => {});
  lifeLine.unref();
  let failure: Error | undefined;
  child.on('error', (error) => (failure = error));
  child.once('exit', () => {
    // The waiting end of the life line, before the number it would signal belongs to somebody else.
    try {
      process.kill(-child.pid!, 'SIGKILL');
    } catch {}
    lifeLine.destroy();
  });

  while (child.exitCode === null && child.signalCode === null && !failure) {
    const running = findRunning(data);
    if (running?.pid === child.pid && running?.status === 'ready') {
      writeFileSync(join(folder, 'port'), String(port));
      return { pid: child.pid!, port, child };
    }
    await sleep(15);
  }
  const said = failure?.message ?? logTail(cluster, logStart > 10_000_000 ? 0 : logStart);
  if (/lock file ".*" already exists|pre-existing shared memory block|could not bind/.test(said))
    return undefined;
  throw explain(said, folder);
}

function logTail({ folder }: Cluster, from: number): string {
  return readFileSync(join(folder, 'postgres.log')).subarray(from).toString().slice(-4000);
}

/** The port of last time if it is free, so that a restart is not noticed; otherwise another. */
async function choosePort(folder: string): Promise<number> {
  let port = 0;
  try {
    port = Number(readFileSync(join(folder, 'port'), 'utf8'));
  } catch {}
  // Below 32768, where no outgoing connection takes it for its own end.
  for (let tries = 0; tries < 100; tries++, port = randomInt(20_000, 32_000))
    if (port > 0 && (await isFree(port))) return port;
  throw new PostgresError('No free port was found for PostgreSQL: set DATABASE_URL to a PostgreSQL server.');
}

function isFree(port: number): Promise<boolean> {
  return new Promise((tell) => {
    const probe = createServer();
    probe.once('error', () => tell(false));
    probe.listen(port, '127.0.0.1', () => probe.close(() => tell(true)));
  });
}

function gone(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((tell) => child.once('exit', () => tell()));
}

/** Stops PostgreSQL in order; one that takes too long is cut short, which costs a recovery and no data. */
async function end(child: ChildProcess) {
  child.ref();
  child.kill('SIGINT');
  const hurry = setTimeout(() => child.kill('SIGQUIT'), 15_000);
  const force = setTimeout(() => child.kill('SIGKILL'), 20_000);
  await gone(child);
  clearTimeout(hurry);
  clearTimeout(force);
}
