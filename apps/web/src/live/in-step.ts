/** Seconds of drift that nobody notices. */
const FINE = 0.08;
/** Up to here the video catches up by running a little faster or slower; beyond, it jumps. */
const NEAR = 1.2;

interface Position {
  /** Where the video on this screen stands, in seconds. */
  actual: number;
  /** Where the stage says it should stand. */
  expected: number;
  playing: boolean;
}

/** How to bring a video in step with the stage: where to jump to, if at all, and how fast to run. */
export function inStep({ actual, expected, playing }: Position): { jumpTo: number | null; rate: number } {
  const drift = actual - expected;
  const apart = Math.abs(drift);
  if (apart < FINE) return { jumpTo: null, rate: 1 };
  // A still picture cannot catch up by running.
  if (!playing || apart >= NEAR) return { jumpTo: expected, rate: 1 };
  return { jumpTo: null, rate: Math.min(1.06, Math.max(0.94, 1 - drift * 0.15)) };
}
