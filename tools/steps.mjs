import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url)).replace(/[\\/]$/, '');

/** Ends the run with one sentence that says what to do. */
export class Stop extends Error {}

/** Where progress goes; a command whose answer is on stdout moves it to stderr. */
export const progress = { out: /** @type {NodeJS.WriteStream} */ (process.stdout) };

export const seconds = (/** @type {number} */ from) => `${((performance.now() - from) / 1000).toFixed(1)} s`;

/**
 * Does a piece of work under one line: its name, then the time it took.
 * @template T
 * @param {string} name
 * @param {() => Promise<T>} work
 */
export async function step(name, work) {
  const from = performance.now();
  progress.out.write(`${name} ... `);
  try {
    const done = await work();
    progress.out.write(`${seconds(from)}\n`);
    return done;
  } catch (error) {
    progress.out.write('failed\n');
    throw error;
  }
}

/** The script behind a package's command; going through it needs neither npx nor a shell. */
export function bin(/** @type {string} */ name, command = name.split('/').at(-1) ?? name) {
  const folder = join(root, 'node_modules', name);
  const { bin } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  return join(folder, typeof bin === 'string' ? bin : bin[command]);
}

/** @type {Set<import('node:child_process').ChildProcess>} */
const children = new Set();

/**
 * Runs a program to its end and keeps what it says.
 * @param {string[]} command
 * @param {{ cwd?: string, env?: Record<string, string | undefined>, live?: boolean }} [options]
 * @returns {Promise<{ code: number, output: string }>}
 */
export function run([file = '', ...args], { cwd = root, env, live = false } = {}) {
  return new Promise((done) => {
    // A group of its own: it and all that it starts can be ended together, and Ctrl-C reaches it only through us.
    const child = spawn(file, args, {
      cwd,
      env: { ...process.env, ...env },
      detached: true,
      stdio: live ? ['ignore', 'inherit', 'inherit'] : ['ignore', 'pipe', 'pipe'],
    });
    children.add(child);
    let output = '';
    child.stdout?.on('data', (chunk) => (output += chunk));
    child.stderr?.on('data', (chunk) => (output += chunk));
    child.on('error', (error) => finish(127, error.message));
    child.on('close', (code, signal) => finish(code ?? 1, signal ? `ended by ${signal}` : ''));
    /** @type {(code: number, remark: string) => void} */
    function finish(code, remark) {
      children.delete(child);
      // Ended by us: what it leaves half done is not a failure to tell of.
      if (ending) return;
      done({ code, output: output + remark });
    }
  });
}

/** Ends the programs under way with all that they started. */
export async function endChildren() {
  const signal = (/** @type {NodeJS.Signals} */ name) => {
    for (const child of children) {
      try {
        process.kill(-(child.pid ?? NaN), name);
      } catch {
        child.kill(name);
      }
    }
  };
  signal('SIGINT');
  for (let waited = 0; children.size && waited < 10_000; waited += 50) await sleep(50);
  signal('SIGKILL');
}

export const sleep = (/** @type {number} */ ms) => new Promise((done) => setTimeout(done, ms));

let ending = false;

/** @type {(() => Promise<void>)[]} */
const closers = [endChildren];

/** Says what else has to be closed, before what was said earlier, when the run is stopped. */
export const onStop = (/** @type {() => Promise<void>} */ close) => closers.unshift(close);

/** Ends this run once, in order, when it is asked to or when whoever started it is gone. */
export function watchForStop(/** @type {number} */ code) {
  const parent = process.ppid;
  const npm = process.env.npm_lifecycle_event ? parentOf(parent) : 0;
  const orphaned = () => process.ppid !== parent || (npm > 1 && parentOf(parent) !== npm);
  const stop = async () => {
    if (ending) return;
    ending = true;
    for (const close of closers) await close();
    process.exit(code);
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  if (!hangUpIsIgnored()) process.on('SIGHUP', stop);
  // npm does not pass on the signal that ends it, and there may be a shell between it and us.
  setInterval(() => orphaned() && stop(), 500).unref();
}

/** The parent of another process; 0 where the system does not tell. */
function parentOf(/** @type {number} */ pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
  } catch {
    return 0;
  }
}

/** Whether a stop is under way. */
export const isEnding = () => ending;

/** Under nohup the closing of the terminal is not a reason to stop. */
function hangUpIsIgnored() {
  try {
    const [, mask = '0'] = /^SigIgn:\s*(\w+)/m.exec(readFileSync('/proc/self/status', 'utf8')) ?? [];
    return (BigInt(`0x${mask}`) & 1n) === 1n;
  } catch {
    return false;
  }
}
