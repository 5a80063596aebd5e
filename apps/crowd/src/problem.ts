/** A failure that was foreseen: one plain sentence for the person at the terminal, and how the process exits. */
export class Problem extends Error {
  constructor(
    message: string,
    readonly exitCode = 1,
  ) {
    super(message);
    this.name = 'Problem';
  }
}

/** What happens meanwhile goes to stderr: stdout holds the one line of JSON at the end. */
export const say = (text: string) => void process.stderr.write(`${text}\n`);

export const pause = (ms: number) => new Promise<void>((done) => setTimeout(done, ms));

/** Works on `limit` items at a time; answers in their order. */
export async function inParallel<T, R>(
  items: readonly T[],
  limit: number,
  work: (item: T, index: number) => Promise<R>,
): Promise<R[]> {
  const results = new Array<R>(items.length);
  let next = 0;
  const worker = async () => {
    while (next < items.length) {
      const index = next++;
      results[index] = await work(items[index]!, index);
    }
  };
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, worker));
  return results;
}
