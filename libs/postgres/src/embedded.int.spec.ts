import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { PostgresError, startPostgres } from './embedded.js';

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'parley-postgres-'));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs one statement on a connection of its own; tries for some seconds, as an application would. */
async function query(url: string, sql: string): Promise<Record<string, unknown>[]> {
  for (const until = Date.now() + 10_000; ;) {
    const client = new pg.Client(url);
    client.on('error', () => {});
    try {
      await client.connect();
      return (await client.query(sql)).rows;
    } catch (error) {
      if (Date.now() > until) throw error;
      await new Promise((tell) => setTimeout(tell, 50));
    } finally {
      await client.end().catch(() => {});
    }
  }
}

const holders: ChildProcess[] = [];

afterAll(() => holders.forEach((holder) => holder.kill('SIGKILL')));

/** Another process that starts the database on the same folder, and says how that went. */
async function startElsewhere(dataDir: string) {
  const program = `
    import { runnerImport } from 'vite';
    const { module } = await runnerImport(${JSON.stringify(fileURLToPath(new URL('./embedded.ts', import.meta.url)))});
    const { url, joined } = await module.startPostgres({ dataDir: ${JSON.stringify(dataDir)} });
    console.log(JSON.stringify({ url, joined }));
    setInterval(() => {}, 1000);`;
  const holder = spawn(process.execPath, ['--input-type=module', '-e', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, NODE_OPTIONS: '' },
  });
  holders.push(holder);
  let said = '';
  holder.stdout!.on('data', (chunk) => (said += chunk));
  while (!said.includes('\n')) await Promise.race([once(holder.stdout!, 'data'), once(holder, 'exit')]);
  return { holder, ...(JSON.parse(said) as { url: string; joined: boolean }) };
}

describe('the embedded database', () => {
  it('keeps what was stored when its holder is killed, and comes back at the same address', async () => {
    const dataDir = join(folder, 'killed');
    const first = await startElsewhere(dataDir);
    await query(first.url, 'CREATE TABLE note (text text)');
    await query(first.url, `INSERT INTO note VALUES ('kept')`);
    first.holder.kill('SIGKILL');

    const again = await startPostgres({ dataDir });
    expect(again.joined).toBe(false);
    expect(again.url).toBe(first.url);
    expect(await query(again.url, 'SELECT text FROM note')).toEqual([{ text: 'kept' }]);
    await again.stop();
    await expect(new pg.Client(again.url).connect()).rejects.toThrow();
  });

  it('is joined by a second process, which takes over when the first one goes', async () => {
    const dataDir = join(folder, 'joined');
    const first = await startElsewhere(dataDir);
    const second = await startPostgres({ dataDir });
    expect(second).toMatchObject({ joined: true, url: first.url });

    first.holder.kill('SIGKILL');
    await once(first.holder, 'exit');
    const postmaster = async () =>
      (await query(second.url, 'SELECT pg_postmaster_start_time() AS at'))[0]!.at;
    const before = await postmaster();
    for (const until = Date.now() + 10_000; (await postmaster()) === before && Date.now() < until;);
    expect(await query(second.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    await second.stop();
  });

  it('comes back by itself when PostgreSQL is killed', async () => {
    const dataDir = join(folder, 'crashed');
    const postgres = await startPostgres({ dataDir });
    await query(postgres.url, 'CREATE TABLE note (text text)');
    process.kill(
      Number(readFileSync(join(dataDir, 'data/postmaster.pid'), 'utf8').split('\n')[0]),
      'SIGKILL',
    );
    expect(await query(postgres.url, 'SELECT * FROM note')).toEqual([]);
    await postgres.stop();
  });

  it('gets past the traces of a crash when their number is another program’s by now', async () => {
    const dataDir = join(folder, 'stale');
    await (await startPostgres({ dataDir, durable: false })).stop();
    writeFileSync(join(dataDir, 'data/postmaster.pid'), `${process.pid}\n/nowhere\n0\n5432\n\n\n\nready\n`);
    const postgres = await startPostgres({ dataDir, durable: false });
    expect(postgres.joined).toBe(false);
    await postgres.stop();
  });

  it('lets nobody in without the password, which nobody else can read', async () => {
    const dataDir = join(folder, 'locked');
    const postgres = await startPostgres({ dataDir, durable: false });
    const { username, password, port, hostname } = new URL(postgres.url);
    expect({ username, hostname }).toEqual({ username: 'parley', hostname: '127.0.0.1' });
    expect(password.length).toBeGreaterThan(20);
    expect(Number(port)).toBeLessThan(32_768);
    expect(statSync(join(dataDir, 'password')).mode & 0o777).toBe(0o600);
    const wrong = new pg.Client(postgres.url.replace(password, 'guess'));
    await expect(wrong.connect()).rejects.toThrow(/password authentication failed/);
    await postgres.stop();
  });

  it('says in a sentence that the data is of another version', async () => {
    const dataDir = join(folder, 'old');
    mkdirSync(join(dataDir, 'data'), { recursive: true });
    writeFileSync(join(dataDir, 'data/PG_VERSION'), '15\n');
    const start = startPostgres({ dataDir });
    await expect(start).rejects.toThrow(PostgresError);
    await expect(start).rejects.toThrow(/holds the data of PostgreSQL 15 and Parley brings 18/);
  });

  it('says in a sentence that the folder is not its own', async () => {
    const dataDir = join(folder, 'foreign');
    mkdirSync(dataDir);
    writeFileSync(join(dataDir, 'letter.txt'), 'not a database');
    await expect(startPostgres({ dataDir })).rejects.toThrow(/holds files that are not Parley's database/);
  });
});
