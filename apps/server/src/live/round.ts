import { type Cue, Mood, type Moods, noMoods, type Trace } from '@parley/contracts/live';
import { DialTrace } from '@parley/insight/trace';

/** Seconds that a member's clock may be ahead of ours. */
const AHEAD = 5;

/** One airing of a cue, counted in memory. It follows the commit, and always equals a recount of the stored samples. */
export class Round {
  /** Members who reacted. */
  readonly people = new Set<string>();
  readonly moods: Moods = { ...noMoods };
  /** When another cue took its place; null while it is on stage. */
  endedAt: number | null = null;
  /** The furthest second of a video that was on stage. */
  private reached = 0;
  private readonly dial: DialTrace;
  private readonly moodOf = new Map<string, Map<number, Mood>>();
  private readonly taps: number[] = [];

  constructor(
    readonly cue: Cue,
    readonly round: number,
    readonly onAirAt: number,
  ) {
    // The last frame of a video belongs to it.
    this.dial = new DialTrace(cue.kind === 'video' && cue.asset ? cue.asset.durationSeconds + 1 : Infinity);
  }

  /** A video has been shown up to this second. */
  reach(second: number) {
    this.reached = Math.max(this.reached, second);
  }

  /** The last second that may be spoken of; `shown` is where the stage stands now, if this is on it. */
  lastSecond(now: number, shown = 0) {
    if (this.cue.kind === 'video' && this.cue.asset)
      return Math.min(Math.max(this.reached, shown) + AHEAD, this.cue.asset.durationSeconds);
    return ((this.endedAt ?? now) - this.onAirAt) / 1000 + AHEAD;
  }

  addDial(memberId: string, second: number, value: number) {
    this.people.add(memberId);
    this.dial.add(memberId, second, value);
  }

  /** A second holds one mood of a member: the last. */
  addMood(memberId: string, second: number, mood: Mood) {
    this.people.add(memberId);
    let seconds = this.moodOf.get(memberId);
    if (!seconds) this.moodOf.set(memberId, (seconds = new Map()));
    const before = seconds.get(second);
    if (before) this.moods[before] -= 1;
    else {
      while (this.taps.length <= second) this.taps.push(0);
      this.taps[second]! += 1;
    }
    this.moods[mood] += 1;
    seconds.set(second, mood);
  }

  meanAt(second: number) {
    const { mean } = this.dial.at(Math.floor(second));
    return mean === null ? null : Math.round(mean * 10) / 10;
  }

  /** Up to a second, or whole. Exact values: what is shown is rounded where it is shown. */
  trace(at: number, upTo?: number): Trace {
    return {
      cueId: this.cue.id,
      round: this.round,
      at,
      ...this.dial.series(upTo),
      moods: { ...this.moods },
      taps: [...this.taps],
      people: this.people.size,
    };
  }
}

/** How moods are stored. */
export const moodPlace = (mood: Mood) => Mood.options.indexOf(mood);
export const moodAt = (place: number) => Mood.options[place]!;
