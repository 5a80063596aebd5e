import { spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from './build.mjs';
import { isEnding, onStop, progress, root, sleep, Stop } from './steps.mjs';

/** Where data and logs lie unless the environment says otherwise. */
export function dataEnv() {
  const PARLEY_DATA_DIR = process.env.PARLEY_DATA_DIR || join(root, '.data');
  return {
    PARLEY_DATA_DIR,
    PARLEY_LOG_FILE: process.env.PARLEY_LOG_FILE || join(PARLEY_DATA_DIR, 'server.log'),
  };
}

/** Builds and runs the product until it is stopped; answers with the exit code. */
export async function start() {
  await checkPort();
  await build(['server', 'web', 'crowd']);
  const server = superviseServer(dataEnv());
  onStop(() => server.stop());
  return server.code;
}

/** Refuses a port that is in use before the time for a build is spent. */
export async function checkPort(given = process.env.PORT || '4310', host = process.env.HOST || '127.0.0.1') {
  const port = Number(given);
  if (!Number.isInteger(port) || port < 1 || port > 65_535)
    throw new Stop(`PORT=${given} is not a port: set it to a number from 1 to 65535.`);
  const probe = createServer();
  const error = await new Promise((tell) => {
    probe.once('error', tell);
    probe.listen({ port, host }, () => probe.close(() => tell(undefined)));
  });
  if (error?.code === 'EADDRINUSE')
    throw new Stop(`Port ${port} is taken: stop the other program or set PORT=${port + 1}.`);
  if (error?.code === 'EACCES')
    throw new Stop(`Port ${port} is for the system's own services: set PORT to a number above 1023.`);
  if (error)
    throw new Stop(`The address ${host} is not one of this machine: set HOST to 127.0.0.1 or 0.0.0.0.`);
}

/**
 * Runs the built server, and again when it is killed; one that ends by itself has said why.
 * @param {Record<string, string | undefined>} env
 */
export function superviseServer(env) {
  /** @type {import('node:child_process').ChildProcess} */
  let child;
  /** @type {(code: number) => void} */
  let tell;
  /** @type {Promise<number>} */
  const code = new Promise((resolve) => (tell = resolve));
  /** @type {number[]} */
  let restarts = [];
  let wait = 300;
  launch();

  function launch() {
    const began = Date.now();
    child = spawnServer(env);
    child.once('exit', async (exitCode, signal) => {
      if (isEnding()) return;
      if (!signal) return tell(exitCode ?? 1);
      restarts = restarts.filter((at) => at > began - 600_000);
      if (restarts.length >= 20) {
        progress.out.write(
          `The server was ended by ${signal} again and again: read the log, mend the cause and start it again.\n`,
        );
        return tell(1);
      }
      restarts.push(began);
      wait = Date.now() - began > 30_000 ? 300 : wait;
      progress.out.write(`The server was ended by ${signal}: starting it again.\n`);
      await sleep(wait);
      wait = Math.min(wait * 2, 30_000);
      if (!isEnding()) launch();
    });
  }

  return { code, stop: () => endServer(child, 15_000) };
}

/** @param {Record<string, string | undefined>} env */
export function spawnServer(env) {
  return spawn(
    process.execPath,
    [
      '--enable-source-maps',
      ...['--import', pathToFileURL(join(root, 'tools/leash.mjs')).href],
      join(root, 'apps/server/dist/main.js'),
    ],
    {
      cwd: root,
      env: { ...process.env, ...env },
      // A group of its own: Ctrl-C in the terminal reaches it through us, once.
      detached: true,
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    },
  );
}

/**
 * Asks the server to stop, and ends it if it has not in time.
 * @param {import('node:child_process').ChildProcess} child
 * @param {number} patience in milliseconds
 */
export async function endServer(child, patience) {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((done) => child.once('exit', done));
  const force = setTimeout(() => child.kill('SIGKILL'), patience);
  child.kill('SIGTERM');
  await gone;
  clearTimeout(force);
}
