import { Inject, Injectable } from '@nestjs/common';
import { Logger, type Runner, run, type Task } from 'graphile-worker';
import { Pool } from 'pg';
import type { EntityManager } from 'typeorm';
import { errorFields, type Log, LOG } from './log';
import { Tenancy } from './tenancy';

const quiet = new Logger(() => () => undefined);

/** Injection token of the connection string that jobs are fetched with. */
export const JOBS_URL = Symbol('jobs url');

/** Work that outlives its request: a row written in the caller's transaction, done soon after, tried again if it fails. */
@Injectable()
export class Jobs {
  private readonly tasks = new Map<string, (payload: never) => Promise<void>>();
  private readonly clock: string[] = [];
  private pool: Pool | undefined;
  private runner: Runner | undefined;

  constructor(
    @Inject(JOBS_URL) private readonly url: string,
    @Inject(LOG) private readonly log: Log,
    private readonly tenancy: Tenancy,
  ) {}

  /** Says how jobs of this name are done. To be called while the app is put together. */
  handle<P>(name: string, work: (payload: P) => Promise<void>) {
    this.tasks.set(name, work);
  }

  /** Does work by the clock; `when` is a crontab's five fields, in UTC. */
  every(name: string, when: string, work: () => Promise<void>) {
    this.tasks.set(name, work);
    this.clock.push(`${when} ${name}`);
  }

  /** The same for each community, one after the other; what fails in one does not keep it from the others. */
  everywhere(name: string, when: string, work: (communityId: string) => Promise<void>) {
    this.every(name, when, async () => {
      for (const communityId of await this.tenancy.communities())
        await work(communityId).catch((error: unknown) =>
          // The next turn tries again.
          this.log.warn(
            { job: name, community: communityId, ...errorFields(error) },
            'job failed in a community',
          ),
        );
    });
  }

  /** Adds a job to the transaction of `em`. Payloads hold ids, and an address where nothing else names a person. */
  async add(em: EntityManager, name: string, payload: object) {
    await em.query('SELECT graphile_worker.add_job($1, $2::json, max_attempts => 12)', [
      name,
      JSON.stringify(payload),
    ]);
  }

  /** Many of one name. */
  async addAll(em: EntityManager, name: string, payloads: readonly object[]) {
    await em.query(
      `SELECT count(*) FROM graphile_worker.add_jobs(ARRAY(
         SELECT (json_populate_record(NULL::graphile_worker.job_spec,
           json_build_object('identifier', $1::text, 'payload', payload, 'max_attempts', 12)))
         FROM json_array_elements($2::json) AS payload))`,
      [name, JSON.stringify(payloads)],
    );
  }

  async start() {
    this.pool = new Pool({ connectionString: this.url, max: 4, application_name: 'parley jobs' });
    // The library takes its own handlers off before the pool is done; without these a lost connection ends the process.
    this.pool.on('error', () => undefined);
    this.pool.on('connect', (client) => client.on('error', () => undefined));
    const taskList: Record<string, Task> = {};
    for (const [name, work] of this.tasks) {
      taskList[name] = async (payload) => {
        try {
          await work(payload as never);
        } catch (error) {
          this.log.warn({ job: name, ...errorFields(error) }, 'job failed; it will be tried again');
          throw error;
        }
      };
    }
    // A server that was killed left its jobs locked, for hours. This one has the database alone: nobody is at work on them.
    await this.pool.query(`SELECT graphile_worker.force_unlock_workers(ARRAY(
      SELECT DISTINCT locked_by FROM graphile_worker.jobs WHERE locked_by IS NOT NULL))`);
    this.runner = await run({
      pgPool: this.pool,
      taskList,
      concurrency: 4,
      crontab: this.clock.join('\n'),
      noHandleSignals: true,
      // LISTEN wakes it; polling is for what was due while it was away.
      pollInterval: 5_000,
      logger: quiet,
      // Told of in batches, what was done is told again where the line broke meanwhile; else it would be done again.
      preset: { worker: { completeJobBatchDelay: 0, failJobBatchDelay: 0 } },
    });
  }

  async stop() {
    await this.runner?.stop().catch(() => undefined);
    await this.pool?.end().catch(() => undefined);
  }
}
