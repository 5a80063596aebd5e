import type { ErrorBody } from '@parley/contracts/errors';
import type { Connection, Link } from './connection';
import { CallError } from './http';

/** Waits for something that is about to become true. */
export async function until(isSo: () => unknown, withinMs = 5_000): Promise<void> {
  const end = Date.now() + withinMs;
  while (!isSo()) {
    if (Date.now() > end) throw new Error(`Not within ${withinMs} ms: ${isSo}`);
    await pause(5);
  }
}

export const pause = (ms: number) => new Promise<void>((done) => setTimeout(done, ms));

export const refusal = (code: ErrorBody['code'], more: Partial<ErrorBody> = {}) =>
  new CallError({ code, message: code, retryable: false, ref: '', ...more });

/** What a test holds of one call: how it is answered. */
export interface Asking {
  command: string;
  input: Record<string, unknown>;
  answer: (data: unknown) => void;
  refuse: (error: Error) => void;
}

/** The other end of the line, in a test's hand. */
export class FakeConnection {
  link: Link = 'open';
  readonly asked: Asking[] = [];
  private readonly watchers = new Set<(link: Link) => void>();
  private readonly listeners = new Map<string, Set<(...args: unknown[]) => void>>();

  readonly socket = {
    on: (event: string, listener: (...args: unknown[]) => void) =>
      this.listeners.set(event, (this.listeners.get(event) ?? new Set()).add(listener)),
    off: (event: string, listener: (...args: unknown[]) => void) =>
      this.listeners.get(event)?.delete(listener),
  };

  get as() {
    return this as unknown as Connection;
  }

  watch(watcher: (link: Link) => void) {
    this.watchers.add(watcher);
    return () => this.watchers.delete(watcher);
  }

  become(link: Link) {
    this.link = link;
    for (const watcher of [...this.watchers]) watcher(link);
  }

  /** The server says something. */
  tell(event: string, ...args: unknown[]) {
    for (const listener of [...(this.listeners.get(event) ?? [])]) listener(...args);
  }

  get listening() {
    return this.watchers.size + [...this.listeners.values()].reduce((sum, { size }) => sum + size, 0);
  }

  send(command: { command: string }, input: Record<string, unknown>) {
    return new Promise((answer, refuse) =>
      this.asked.push({ command: command.command, input, answer, refuse }),
    );
  }
}
