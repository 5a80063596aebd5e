import { type ChildProcess, fork } from 'node:child_process';

/** What a child can be asked: name to input and answer. */
type Asks = Record<string, readonly [input: unknown, answer: unknown]>;

interface Ask {
  id: number;
  name: string;
  input: unknown;
}
interface Answer {
  id: number;
  answer?: unknown;
  error?: string;
}

/** A second process of this program, so that load and measure do not share an event loop. */
export class Child<A extends Asks> {
  private readonly process: ChildProcess;
  private readonly waiting = new Map<number, { done: (answer: never) => void; failed: (e: Error) => void }>();
  private asked = 0;

  constructor(command: string) {
    // Its stdout goes to our stderr: ours holds one line.
    this.process = fork(process.argv[1]!, [command], { stdio: ['ignore', process.stderr, 'inherit', 'ipc'] });
    this.process.on('message', ({ id, answer, error }: Answer) => {
      const waiting = this.waiting.get(id);
      this.waiting.delete(id);
      if (error === undefined) waiting?.done(answer as never);
      else waiting?.failed(new Error(error));
    });
    this.process.on('exit', (code, signal) => {
      for (const { failed } of this.waiting.values())
        failed(new Error(`The process "${command}" ended by itself (${code ?? signal}).`));
      this.waiting.clear();
    });
  }

  ask<N extends keyof A & string>(name: N, input: A[N][0]): Promise<A[N][1]> {
    const id = (this.asked += 1);
    return new Promise((done, failed) => {
      this.waiting.set(id, { done, failed });
      this.process.send({ id, name, input } satisfies Ask, (error) => error && failed(error));
    });
  }

  stop() {
    this.waiting.clear();
    this.process.kill();
  }
}

/** The side of the child: answers until the parent is gone. */
export function answering<A extends Asks>(handlers: {
  [N in keyof A]: (input: A[N][0]) => Promise<A[N][1]>;
}) {
  const handle = async ({ id, name, input }: Ask): Promise<Answer> => {
    try {
      return { id, answer: await handlers[name as keyof A](input) };
    } catch (error) {
      return { id, error: String((error as Error).stack ?? error) };
    }
  };
  process.on('message', (ask: Ask) => void handle(ask).then((answer) => process.send?.(answer)));
  process.on('disconnect', () => process.exit());
  // Ctrl-C reaches the whole group; the parent still needs us to end in order.
  process.on('SIGINT', () => undefined);
}
