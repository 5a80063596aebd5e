import type { AskOf, Command, OutputOf } from '@parley/contracts/contract';
import type { ErrorBody } from '@parley/contracts/errors';
import { type DBSchema, openDB } from 'idb';
import type { Connection } from './connection';
import { backoff } from './backoff';
import { CallError } from './http';

/** One op on its way. `refused` stays until somebody takes it out, with what was typed in `input`. */
export interface Waiting {
  id: string;
  /** Ops of one room go one after the other, in the order in which they were added. */
  room: string;
  command: string;
  input: unknown;
  addedAt: number;
  refused?: ErrorBody;
}

/** Where ops wait. */
export interface OutboxStore {
  all(): Promise<Waiting[]>;
  put(waiting: Waiting): Promise<void>;
  remove(id: string): Promise<void>;
  /** Whether a closed tab would lose what waits. */
  readonly lasting: boolean;
}

/** Outside a browser, and where the browser refuses storage. */
export class MemoryStore implements OutboxStore {
  readonly lasting = false;
  private readonly waiting = new Map<string, Waiting>();

  async all() {
    return [...this.waiting.values()];
  }
  async put(waiting: Waiting) {
    this.waiting.set(waiting.id, waiting);
  }
  async remove(id: string) {
    this.waiting.delete(id);
  }
}

interface Schema extends DBSchema {
  waiting: { key: string; value: Waiting };
}

/** Survives a closed tab. `name` keeps people and communities on one device apart. Memory where storage is refused. */
export async function openStore(name: string): Promise<OutboxStore> {
  try {
    const db = await openDB<Schema>(name, 1, {
      upgrade: (fresh) => void fresh.createObjectStore('waiting', { keyPath: 'id' }),
    });
    return {
      lasting: true,
      all: async () => (await db.getAll('waiting')).sort((a, b) => a.addedAt - b.addedAt),
      put: async (waiting) => void (await db.put('waiting', waiting)),
      remove: (id) => db.delete('waiting', id),
    };
  } catch {
    return new MemoryStore();
  }
}

/** An op whose answer somebody awaits. */
interface Asked {
  written: Promise<void>;
  done: (data: never) => void;
  failed: (error: CallError) => void;
}

/**
 * Ops that must not be lost: written down before they are sent, sent one at a time a room, kept until answered.
 * After a lost answer the same op goes again, with the same id in it. What the server refuses for good is kept as
 * `refused`, so that nothing typed is lost.
 */
export class Outbox {
  private readonly rooms = new Map<string, Waiting[]>();
  private readonly busy = new Set<string>();
  private readonly asked = new Map<string, Asked>();
  /** Ops that storage did not take. */
  private readonly unwritten = new Set<string>();
  /** Ends the pauses before the next tries. */
  private readonly pauses = new Set<() => void>();
  private readonly commands = new Map<string, Command>();
  private readonly watchers = new Set<() => void>();
  private readonly parked = new Map<string, Waiting>();
  private readonly stopWatching: () => void;
  private resuming: Promise<void> | undefined;
  private stopped = false;
  private latest = 0;

  /** `commands` are those that may wait from an earlier visit. */
  constructor(
    private readonly connection: Connection,
    private readonly store: OutboxStore,
    commands: readonly Command[] = [],
  ) {
    for (const command of commands) this.commands.set(command.command, command);
    this.stopWatching = connection.watch((link) => link === 'open' && this.sendAll());
  }

  /** Takes up what waits from an earlier visit. What is added meanwhile comes after it. */
  resume(): Promise<void> {
    return (this.resuming ??= this.takeUp());
  }

  private async takeUp() {
    for (const waiting of await this.store.all().catch(() => [])) {
      this.latest = Math.max(this.latest, waiting.addedAt);
      if (!this.commands.has(waiting.command)) await this.remove(waiting.id);
      else if (waiting.refused) this.parked.set(waiting.id, waiting);
      else this.queue(waiting.room).push(waiting);
    }
    this.tell();
    this.sendAll();
  }

  /** Settles with the answer once the server has stored it, however long that takes; throws a final refusal. */
  async add<C extends Command>(command: C, room: string, input: AskOf<C>): Promise<OutputOf<C>> {
    if (this.resuming) await this.resuming;
    this.commands.set(command.command, command);
    // Grows even when the clock does not, so that the order survives a reload.
    this.latest = Math.max(Date.now(), this.latest + 1);
    const waiting: Waiting = {
      id: crypto.randomUUID(),
      room,
      command: command.command,
      input,
      addedAt: this.latest,
    };
    this.queue(room).push(waiting);
    const written = this.write(waiting);
    const answer = new Promise<OutputOf<C>>((done, failed) =>
      this.asked.set(waiting.id, { written, done, failed }),
    );
    void this.sendNext(room);
    this.tell();
    return answer;
  }

  /** Ops not answered yet. */
  get waiting(): Waiting[] {
    return [...this.rooms.values()].flat();
  }

  /** Ops refused for good, with what was typed. */
  get refused(): Waiting[] {
    return [...this.parked.values()];
  }

  /** Whether what waits would survive a closed tab. */
  get lasting() {
    return this.store.lasting && !this.unwritten.size;
  }

  /** Drops a refused op, because its text was taken up or given up. */
  async discard(id: string) {
    this.parked.delete(id);
    await this.remove(id);
    this.tell();
  }

  watch(watcher: () => void): () => void {
    this.watchers.add(watcher);
    return () => this.watchers.delete(watcher);
  }

  stop() {
    this.stopped = true;
    this.stopWatching();
    this.endPauses();
  }

  private queue(room: string) {
    let queue = this.rooms.get(room);
    if (!queue) this.rooms.set(room, (queue = []));
    return queue;
  }

  private sendAll() {
    this.endPauses();
    for (const room of this.rooms.keys()) void this.sendNext(room);
  }

  private async sendNext(room: string) {
    if (this.busy.has(room)) return;
    this.busy.add(room);
    try {
      let tries = 0;
      const queue = this.queue(room);
      while (queue.length && !this.stopped && this.connection.link === 'open') {
        const outcome = await this.sendFirst(queue);
        if (outcome === 'later') break;
        if (outcome === 'settled') tries = 0;
        else tries = (await this.pause(backoff(tries, outcome.afterMs))) ? 0 : tries + 1;
      }
    } finally {
      this.busy.delete(room);
    }
  }

  private async sendFirst(queue: Waiting[]): Promise<'settled' | 'later' | { afterMs: number }> {
    const [waiting] = queue as [Waiting];
    const asked = this.asked.get(waiting.id);
    await asked?.written;
    if (this.stopped) return 'later';
    try {
      const data = await this.connection.send(this.commands.get(waiting.command)!, waiting.input);
      queue.shift();
      await this.remove(waiting.id);
      asked?.done(data as never);
    } catch (error) {
      const refusal = error instanceof CallError ? error : null;
      // After a lost link the room is joined again, perhaps a moment after this was sent.
      if (!refusal || refusal.body.retryable || refusal.code === 'session.notJoined')
        return { afterMs: refusal?.body.retryAfterMs ?? 0 };
      // Signed out or shut out: it waits for the next time this person is in.
      if (refusal.code === 'auth.required') return 'later';
      queue.shift();
      const refused = { ...waiting, refused: refusal.body };
      this.parked.set(waiting.id, refused);
      await this.write(refused);
      asked?.failed(refusal);
    }
    this.asked.delete(waiting.id);
    this.tell();
    return 'settled';
  }

  /** True where it was cut short, because the link opened anew or all ends. */
  private pause(ms: number): Promise<boolean> {
    return new Promise((done) => {
      const end = (early: boolean) => {
        clearTimeout(timer);
        this.pauses.delete(cut);
        done(early);
      };
      const cut = () => end(true);
      const timer = setTimeout(() => end(false), ms);
      this.pauses.add(cut);
    });
  }

  private endPauses() {
    for (const end of [...this.pauses]) end();
  }

  private async write(waiting: Waiting) {
    try {
      await this.store.put(waiting);
      this.unwritten.delete(waiting.id);
    } catch {
      // Sent all the same; until then it is in memory alone, which `lasting` says.
      this.unwritten.add(waiting.id);
      this.tell();
    }
  }

  private async remove(id: string) {
    this.unwritten.delete(id);
    await this.store.remove(id).catch(() => undefined);
  }

  private tell() {
    for (const watcher of this.watchers) watcher();
  }
}
