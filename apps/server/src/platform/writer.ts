import { createHash } from 'node:crypto';
import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import type { Fact } from '@parley/contracts/realtime';
import type { EntityManager } from 'typeorm';
import { AppError, toAppError } from './errors';
import { errorFields, type Log, LOG } from './log';
import { Realtime } from './realtime';
import { Tenancy } from './tenancy';

/** One thing to store for one member. */
export interface Write<I> {
  communityId: string;
  memberId: string;
  /** Made by the client. Null for what has a natural key, so that a repeat is harmless by itself. */
  opId: string | null;
  input: I;
}

/** A fact for a room; it gets its number when it is stored. */
export interface NewFact {
  roomId: string;
  name: string;
  data: unknown;
}

/** What became of one write. */
export interface Outcome<R> {
  result: R;
  facts?: NewFact[];
  /** Runs once, after the commit and before anyone is told: counters in memory follow the commit. */
  committed?: () => void;
}

/** How one kind of write is stored: all of a batch in as few statements as can be. One outcome a write, in order. */
export interface Kind<I, R> {
  name: string;
  store(em: EntityManager, writes: Write<I>[]): Promise<(Outcome<R> | AppError)[]>;
}

interface Entry {
  kind: Kind<unknown, unknown>;
  write: Write<unknown>;
  hash: Buffer | null;
  done: (result: unknown) => void;
  failed: (error: AppError) => void;
}

const BATCH = 1_000;
const TICK_MS = 5;
const TICK_MOST_MS = 40;
/** How often a database that is away is asked whether it is back. */
const HEAL_MS = 500;
/** A batch takes milliseconds; a database that hangs must not keep people waiting for an answer. */
const LONGEST_MS = 3_000;

/**
 * The group commit. Takes what comes within 5 ms, up to 1,000 writes of one community, in one transaction: stores it,
 * numbers its facts, commits, and only then answers and tells. A write that was stored before answers what it
 * answered then. A batch that fails is tried again one by one, so that a bad write cannot refuse its neighbours.
 */
@Injectable()
export class Writer implements OnModuleDestroy {
  private readonly queues = new Map<string, Entry[]>();
  private readonly running = new Map<string, Promise<void>>();
  private readonly listeners: ((communityId: string, roomId: string, facts: Fact[]) => void)[] = [];
  private readonly reloaders: ((communityId: string) => Promise<void>)[] = [];
  /** Communities of which a commit was not answered. */
  private readonly doubtful = new Set<string>();
  private closing = false;
  /** For the metrics. */
  readonly stored = { batches: 0, writes: 0 };

  constructor(
    private readonly tenancy: Tenancy,
    private readonly realtime: Realtime,
    @Inject(LOG) private readonly log: Log,
  ) {}

  /** Settles after the commit. Throws `op.mismatch` when the op's id came before with something else in it. */
  write<I, R>(kind: Kind<I, R>, write: Write<I>): Promise<R> {
    return new Promise<R>((done, failed) => {
      const { communityId } = write;
      const hash = write.opId
        ? createHash('sha256')
            .update(JSON.stringify([kind.name, write.input]))
            .digest()
            .subarray(0, 16)
        : null;
      const entry = { kind, write, hash, done, failed } as unknown as Entry;
      const queue = this.queues.get(communityId);
      if (queue) queue.push(entry);
      else this.queues.set(communityId, [entry]);
      if (!this.running.has(communityId)) this.running.set(communityId, this.run(communityId));
    });
  }

  /** Told of a room's new facts in their order, after the commit and before its members: state in memory follows. */
  onFacts(listener: (communityId: string, roomId: string, facts: Fact[]) => void) {
    this.listeners.push(listener);
  }

  /** Asked to read a community's state in memory anew; nothing of it is stored meanwhile. */
  onDoubt(reload: (communityId: string) => Promise<void>) {
    this.reloaders.push(reload);
  }

  /** Waits until nothing is left to store. */
  async onModuleDestroy() {
    this.closing = true;
    await Promise.all(this.running.values());
  }

  private async run(communityId: string) {
    // When commits take long it waits as long as they do, so that fewer and larger ones carry the load.
    for (let wait = TICK_MS; ;) {
      await new Promise((tick) => setTimeout(tick, wait));
      const began = performance.now();
      const queue = this.queues.get(communityId) ?? [];
      if (!queue.length) {
        // Healed as soon as the database is back, though nobody writes: others wait to be told.
        await this.heal(communityId).catch(() => undefined);
        if (this.queues.get(communityId)?.length) continue;
        if (!this.doubtful.has(communityId) || this.closing) break;
        wait = HEAL_MS;
        continue;
      }
      this.queues.set(communityId, queue.splice(BATCH));
      await this.settle(communityId, queue);
      wait = Math.min(Math.max(performance.now() - began, TICK_MS), TICK_MOST_MS);
    }
    this.queues.delete(communityId);
    this.running.delete(communityId);
  }

  private async settle(communityId: string, batch: Entry[]) {
    try {
      await this.commit(communityId, batch);
    } catch (thrown) {
      const error = toAppError(thrown);
      // With the database away each of them would fail the same way, slowly.
      if (batch.length === 1 || error.code === 'server.busy' || error.code === 'storage.full') {
        if (error.code === 'server.failed')
          this.log.error({ kind: batch[0]!.kind.name, ...errorFields(thrown) }, 'write failed');
        if (error.code === 'server.busy') this.doubtful.add(communityId);
        const waiting = error.code === 'server.busy' ? (this.queues.get(communityId)?.splice(0) ?? []) : [];
        for (const { failed } of [...batch, ...waiting]) failed(error);
        return;
      }
      for (const entry of batch) await this.settle(communityId, [entry]);
    }
  }

  private async commit(communityId: string, batch: Entry[]) {
    const results = new Map<Entry, Outcome<unknown> | AppError>();
    const twins = new Map<Entry, Entry>();
    const store = async (em: EntityManager) => {
      const fresh = await withoutRepeats(em, communityId, batch, results, twins);
      for (const [kind, entries] of groupBy(fresh, ({ kind }) => kind)) {
        const outcomes = await kind.store(
          em,
          entries.map(({ write }) => write),
        );
        entries.forEach((entry, at) => results.set(entry, outcomes[at]!));
      }
      await rememberOps(em, communityId, fresh, results);
      return numberFacts(em, communityId, fresh, results);
    };
    await this.heal(communityId);
    const numbered = await this.tenancy.inCommunity(communityId, store, LONGEST_MS);
    this.stored.batches += 1;
    this.stored.writes += batch.length;

    for (const outcome of results.values()) {
      if (!(outcome instanceof AppError)) this.safely(() => outcome.committed?.());
    }
    const rooms = new Map<string, Fact[]>();
    for (const [entry, facts] of numbered) {
      const { facts: news = [] } = results.get(entry) as Outcome<unknown>;
      facts.forEach((fact, at) =>
        rooms.set(news[at]!.roomId, [...(rooms.get(news[at]!.roomId) ?? []), fact]),
      );
    }
    for (const [roomId, facts] of rooms) {
      for (const listen of this.listeners) this.safely(() => listen(communityId, roomId, facts));
      this.safely(() => this.realtime.tell(communityId, roomId, facts));
    }
    for (const entry of batch) {
      const outcome = results.get(twins.get(entry) ?? entry)!;
      if (outcome instanceof AppError) entry.failed(outcome);
      else entry.done(outcome.result);
    }
  }

  /** After a commit whose answer was lost nobody knows what was stored: state in memory is read anew from the rows. */
  private async heal(communityId: string) {
    if (!this.doubtful.has(communityId)) return;
    for (const reload of this.reloaders) await reload(communityId);
    this.doubtful.delete(communityId);
  }

  /** What is stored is stored: whatever goes wrong after the commit, its answer says so. */
  private safely(work: () => void) {
    try {
      work();
    } catch (error) {
      this.log.error(errorFields(error), 'failed after the commit');
    }
  }
}

function groupBy<T, K>(items: T[], key: (item: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const item of items) {
    const group = groups.get(key(item));
    if (group) group.push(item);
    else groups.set(key(item), [item]);
  }
  return groups;
}

const opKey = (memberId: string, opId: string) => `${memberId}:${opId}`;

/** Answers the repeats in a batch from what was answered before, or pairs them; leaves what is to be stored. */
async function withoutRepeats(
  em: EntityManager,
  communityId: string,
  batch: Entry[],
  results: Map<Entry, Outcome<unknown> | AppError>,
  twins: Map<Entry, Entry>,
): Promise<Entry[]> {
  const ops = batch.filter(({ hash }) => hash);
  if (!ops.length) return batch;
  const rows: { memberId: string; id: string; hash: Buffer; result: unknown }[] = await em.query(
    `SELECT op.member_id AS "memberId", op.id, op.hash, op.result
     FROM unnest($2::uuid[], $3::uuid[]) AS asked (member_id, id)
     JOIN op ON op.community_id = $1 AND op.member_id = asked.member_id AND op.id = asked.id`,
    [communityId, ops.map(({ write }) => write.memberId), ops.map(({ write }) => write.opId)],
  );
  const known = new Map(rows.map((row) => [opKey(row.memberId, row.id), row]));
  const first = new Map<string, Entry>();
  return batch.filter((entry) => {
    const { write, hash } = entry;
    if (!hash) return true;
    const key = opKey(write.memberId, write.opId!);
    const before = known.get(key);
    const twin = first.get(key);
    if (!before && !twin) {
      first.set(key, entry);
      return true;
    }
    const same = hash.equals(before?.hash ?? twin!.hash!);
    if (!same) results.set(entry, new AppError('op.mismatch', 'This id was used for something else.'));
    else if (before) results.set(entry, { result: before.result });
    // The same op twice in one batch: the second is answered as the first.
    else twins.set(entry, twin!);
    return false;
  });
}

async function rememberOps(
  em: EntityManager,
  communityId: string,
  fresh: Entry[],
  results: Map<Entry, Outcome<unknown> | AppError>,
) {
  // What was refused is not remembered: asked again it is looked at again.
  const ops = fresh.filter((entry) => entry.hash && !(results.get(entry) instanceof AppError));
  if (!ops.length) return;
  await em.query(
    `INSERT INTO op (community_id, member_id, id, hash, result)
     SELECT $1, * FROM unnest($2::uuid[], $3::uuid[], $4::bytea[], $5::jsonb[])`,
    [
      communityId,
      ops.map(({ write }) => write.memberId),
      ops.map(({ write }) => write.opId),
      ops.map(({ hash }) => hash),
      ops.map((entry) => JSON.stringify((results.get(entry) as Outcome<unknown>).result ?? null)),
    ],
  );
}

/** Gives each new fact the next number of its room and stores it, in the order of the batch. */
async function numberFacts(
  em: EntityManager,
  communityId: string,
  fresh: Entry[],
  results: Map<Entry, Outcome<unknown> | AppError>,
): Promise<Map<Entry, Fact[]>> {
  const news = fresh.flatMap((entry) => {
    const outcome = results.get(entry);
    return outcome && !(outcome instanceof AppError)
      ? (outcome.facts ?? []).map((fact) => ({ entry, fact }))
      : [];
  });
  const numbered = new Map<Entry, Fact[]>();
  if (!news.length) return numbered;

  const counts = new Map<string, number>();
  for (const { fact } of news) counts.set(fact.roomId, (counts.get(fact.roomId) ?? 0) + 1);
  // Rooms are locked in one order, so that two servers never wait for each other.
  const roomIds = [...counts.keys()].sort();
  const heads: { id: string; seq: string }[] = await returned(
    em,
    `UPDATE room SET seq = seq + asked.n
     FROM (SELECT * FROM unnest($2::uuid[], $3::int[]) AS asked (id, n) ORDER BY id) AS asked
     WHERE room.community_id = $1 AND room.id = asked.id RETURNING room.id, room.seq`,
    [communityId, roomIds, roomIds.map((id) => counts.get(id))],
  );
  const next = new Map(heads.map(({ id, seq }) => [id, Number(seq) - counts.get(id)! + 1]));
  for (const { entry, fact } of news) {
    const seq = next.get(fact.roomId)!;
    next.set(fact.roomId, seq + 1);
    numbered.set(entry, [...(numbered.get(entry) ?? []), [seq, fact.name, fact.data]]);
  }
  const seqs = [...numbered.values()].flat();
  await em.query(
    `INSERT INTO fact (community_id, room_id, seq, name, data)
     SELECT $1, * FROM unnest($2::uuid[], $3::bigint[], $4::text[], $5::jsonb[])`,
    [
      communityId,
      news.map(({ fact }) => fact.roomId),
      seqs.map(([seq]) => seq),
      seqs.map(([, name]) => name),
      seqs.map(([, , data]) => JSON.stringify(data)),
    ],
  );
  return numbered;
}

/** The rows of an UPDATE or DELETE with RETURNING; the driver wraps them beside their number. */
export async function returned<T>(em: EntityManager, sql: string, parameters: unknown[]): Promise<T[]> {
  const answer: unknown = await em.query(sql, parameters);
  const [rows, count] = answer as [T[], number];
  return Array.isArray(rows) && typeof count === 'number' ? rows : (answer as T[]);
}
