import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { StartError } from './config';

const LOCK = 7222;
const PATIENCE_MS = 10_000;

/**
 * Holds the database for this server alone: live Sessions stand in one process' memory. A server that was killed lets
 * go at once; one that is being stopped is waited for. Answers how to let go; calls `lost` when another server has it
 * after the database was away. Throws `StartError`.
 */
export async function holdAlone(url: string, lost: () => void): Promise<() => Promise<void>> {
  let client: Client | undefined;
  let done = false;

  const take = async (patienceMs: number): Promise<boolean> => {
    const next = new Client({ connectionString: url, application_name: 'parley alone', keepAlive: true });
    // The database went away: the lock went with it, and is taken again as soon as there is one to take. More than one
    // error may come of it.
    next.on('error', () => void retake(next));
    await next.connect();
    for (const until = Date.now() + patienceMs; ; await sleep(100)) {
      const { rows } = await next.query<{ held: boolean }>('SELECT pg_try_advisory_lock($1) AS held', [LOCK]);
      if (rows[0]?.held) {
        client = next;
        return true;
      }
      if (Date.now() >= until) {
        await next.end();
        return false;
      }
    }
  };
  const retake = async (gone: Client) => {
    if (client !== gone) return;
    client = undefined;
    while (!done && !client) {
      const taken = await take(PATIENCE_MS).catch(() => undefined);
      if (taken === false && !done) return lost();
      if (!client) await sleep(500, undefined, { ref: false });
    }
  };

  if (!(await take(PATIENCE_MS)))
    throw new StartError(
      'Another Parley server is at work on this database: stop it first, or use another database.',
    );
  return async () => {
    done = true;
    await client?.end().catch(() => undefined);
  };
}
