import { type ChildProcess, spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { pause, Problem } from './problem';

const root = join(import.meta.dirname, '../../..');
const main = join(root, 'apps/server/dist/main.js');
const START_MS = 120_000;

/**
 * A server in demo mode with a database of its own, for what nobody would do to a server that others use. It ends with
 * this process, and leaves nothing behind.
 */
export class OwnServer {
  readonly url: string;
  private readonly port = randomInt(20_000, 32_000);
  private readonly folder = mkdtempSync(join(tmpdir(), 'parley-crowd-'));
  private child: ChildProcess | undefined;
  private said = '';

  private constructor(private readonly env: Record<string, string>) {
    this.url = `http://localhost:${this.port}`;
  }

  static async start(env: Record<string, string> = {}): Promise<OwnServer> {
    if (!existsSync(main)) throw new Problem('The server is not built: run this as npm run crowd.');
    const server = new OwnServer(env);
    try {
      await server.start();
    } catch (error) {
      await server.stop();
      throw error;
    }
    return server;
  }

  async start() {
    this.said = '';
    const child = spawn(
      process.execPath,
      // When this process is gone, however it went, the server stops.
      ['--import', pathToFileURL(join(root, 'tools/leash.mjs')).href, main],
      {
        env: {
          ...process.env,
          ...{ PORT: String(this.port), HOST: '127.0.0.1', PUBLIC_URL: this.url },
          ...{ DATABASE_URL: '', DATABASE_RUNTIME_URL: '', PARLEY_DEMO: 'on', PARLEY_DATA_DIR: this.folder },
          ...{ PARLEY_LOG_FILE: join(this.folder, 'server.log'), SMTP_URL: '' },
          ...this.env,
        },
        // A group of its own: Ctrl-C reaches it through us.
        detached: true,
        stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      },
    );
    this.child = child;
    for (const stream of [child.stdout, child.stderr])
      stream?.on('data', (text: Buffer) => (this.said = (this.said + text.toString()).slice(-4_000)));
    const until = Date.now() + START_MS;
    while (!hasEnded(child) && Date.now() < until) {
      const ready = await fetch(`${this.url}/health/ready`).catch(() => undefined);
      if (ready?.ok && this.said.includes('Parley is running')) return;
      await pause(50);
    }
    throw new Problem(`The server of its own did not start: ${this.said.trim()}`);
  }

  /** It runs, and has not ended by itself. */
  get isUp() {
    return Boolean(this.child && !hasEnded(this.child));
  }

  get pid(): number {
    return this.child?.pid ?? 0;
  }

  /** As a power cut would. */
  kill() {
    return this.end('SIGKILL');
  }

  async stop() {
    await this.end('SIGTERM');
    // Its database ends with it, a moment later where it was killed.
    await pause(500);
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 250 });
  }

  private async end(signal: NodeJS.Signals) {
    const { child } = this;
    if (!child || hasEnded(child)) return;
    const gone = new Promise((done) => child.once('exit', done));
    child.kill(signal);
    await gone;
  }
}

const hasEnded = ({ exitCode, signalCode }: ChildProcess) => exitCode !== null || signalCode !== null;

/** Does something with a server of its own, which is stopped whatever comes of it. */
export async function withOwnServer<T>(
  env: Record<string, string>,
  interrupted: Promise<void>,
  work: (server: OwnServer) => Promise<T>,
): Promise<T> {
  const server = await OwnServer.start(env);
  try {
    const stopped = interrupted.then(() => {
      throw new Problem('Stopped before the end.');
    });
    return await Promise.race([work(server), stopped]);
  } finally {
    await server.stop();
  }
}
