import type { Rating } from '@parley/contracts/contributions';
import { dialCurves, filmSeconds, type Mood, moodMoments } from './lines';

/** Answers the same numbers between 0 and 1 for the same seed, so that a rehearsal can be repeated. */
export function chance(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** A number around 0, mostly within -1 and 1. */
const around = (random: () => number) => (random() + random() + random() - 1.5) / 1.2;

const clamp = (value: number) => Math.max(0, Math.min(100, value));

/** Three ways to look at things; nobody stands exactly in the middle of one. */
const outlooks = [
  [1, 0.2],
  [-0.9, 0.5],
  [0.1, -1],
] as const;

/** How one person made of software feels and behaves. The same number is the same person in every room. */
export class Temperament {
  /** Looks on and says nothing, which is a full way to take part. */
  readonly observes: boolean;
  /** How much they say, 0 to 1. */
  readonly talkative: number;
  /** Seconds from seeing something to moving the dial. */
  private readonly lag: number;
  private readonly bias: number;
  private readonly gain: number;
  private readonly curve: readonly number[];
  private readonly leaning: readonly [number, number];
  private drift = 0;

  constructor(
    index: number,
    readonly random: () => number = chance(index * 7_919 + 17),
  ) {
    this.observes = random() < 0.07;
    this.talkative = random();
    this.lag = 0.5 + random() * 1.6;
    this.bias = around(random) * 9;
    this.gain = 0.75 + random() * 0.5;
    this.curve = pickAudience(random()).values;
    const [x, y] = outlooks[index % outlooks.length]!;
    this.leaning = [x + around(random) * 0.5, y + around(random) * 0.5];
  }

  /** Where the dial stands at a second of a film that takes `duration` seconds. */
  dialAt(second: number, duration: number): number {
    // A hand is never still, and never where it was a moment ago by chance alone.
    this.drift = this.drift * 0.8 + around(this.random) * 2;
    const seen = Math.max(0, second - this.lag) * (duration ? filmSeconds / duration : 1);
    const at = Math.min(seen, this.curve.length - 1);
    const [low, high] = [this.curve[Math.floor(at)]!, this.curve[Math.ceil(at)]!];
    const felt = low + (high - low) * (at % 1);
    return clamp(50 + (felt - 50) * this.gain + this.bias + this.drift);
  }

  /** Where it comes to rest in front of something that does not move. */
  dialAtRest(second: number): number {
    const settled = 1 - Math.exp(-Math.max(0, second - this.lag) / 4);
    return clamp(50 + settled * (14 + this.bias * 1.6) + around(this.random) * 2);
  }

  /** Mood taps over a film: at most a few, at its moments. */
  taps(duration: number): { second: number; mood: Mood }[] {
    const scale = duration ? duration / filmSeconds : 1;
    return moodMoments.flatMap(({ fromSecond, toSecond, tap, moods }) => {
      if (this.random() > tap) return [];
      const second = (fromSecond + this.random() * (toSecond - fromSecond)) * scale;
      return [{ second, mood: drawn(moods, this.random()) }];
    });
  }

  /** Mood taps in front of a picture. */
  tapsAtRest(): { second: number; mood: Mood }[] {
    if (this.random() > 0.6) return [];
    const moods = { love: 0.24, like: 0.46, surprised: 0.14, confused: 0.1, dislike: 0.06 };
    return [{ second: 2 + this.random() * 18, mood: drawn(moods, this.random()) }];
  }

  /** Whoever shares an outlook mostly agrees on the same statements; some statements please everybody. */
  opinionOf(statement: string): Rating {
    const about = chance(hash(statement));
    const angle = about() * 2 * Math.PI;
    const appeal = (about() - 0.35) * 2.6;
    const [x, y] = this.leaning;
    const liking = appeal + 1.6 * (x * Math.cos(angle) + y * Math.sin(angle)) + around(this.random) * 0.5;
    if (Math.abs(liking) < 0.25) return 'unsure';
    return liking > 0 ? 'agree' : 'disagree';
  }
}

function pickAudience(draw: number) {
  let left = draw;
  for (const audience of dialCurves) if ((left -= audience.share) < 0) return audience;
  return dialCurves[0]!;
}

function drawn(shares: Record<Mood, number>, draw: number): Mood {
  let left = draw;
  for (const [mood, share] of Object.entries(shares)) if ((left -= share) < 0) return mood as Mood;
  return 'like';
}

function hash(text: string): number {
  let value = 2_166_136_261;
  for (let i = 0; i < text.length; i += 1) value = Math.imul(value ^ text.charCodeAt(i), 16_777_619);
  return value;
}
