import { Bench, type Figures } from './bench';
import { Problem } from './problem';

/** What can be measured by itself with `--only`. */
export const parts = ['live', 'deliveries', 'samples', 'naive'] as const;
type Part = (typeof parts)[number];

interface Options {
  url: string;
  community: string;
  people: number;
  seconds: number;
  only: readonly Part[];
  interrupted: Promise<void>;
}

/** More than these fails the run. */
const FRAMES_MOST = 4.05;
const LOOP_MOST_MS = 100;

/** Measures a full Session, and beside it what bare servers take for the same. */
export async function live(options: Options) {
  const bench = await Bench.open(options);
  const figures: Figures = {};
  const stopped = options.interrupted.then(() => {
    throw new Problem('Stopped before the end: nothing was measured.');
  });
  try {
    await Promise.race([measure(bench, options, figures), stopped]);
  } finally {
    await bench.close();
  }
  const zero = (name: string) => figures[name] === undefined || figures[name] === 0;
  const most = (name: string, limit: number) => figures[name] === undefined || Number(figures[name]) <= limit;
  const ok =
    zero('lost') &&
    zero('doubled') &&
    zero('unanswered') &&
    most('framesPerSecond', FRAMES_MOST) &&
    most('loopP99Ms', LOOP_MOST_MS - 0.001);
  return { ok, ...figures };
}

async function measure(bench: Bench, { people, seconds, only }: Options, figures: Figures) {
  if (only.includes('live') || only.includes('deliveries')) {
    figures['people'] = people;
    await bench.fill(people, people / 10);
    if (only.includes('live')) Object.assign(figures, await bench.live(seconds));
    if (only.includes('deliveries')) Object.assign(figures, await bench.deliveries());
    await bench.empty();
    if (only.includes('live')) Object.assign(figures, await bench.held());
  }
  if (only.includes('samples')) Object.assign(figures, await bench.samples());
  if (only.includes('naive')) Object.assign(figures, await bench.naive());
}
