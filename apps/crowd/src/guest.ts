import { Sampler } from '@parley/client/live';
import { type Mood, secondOf } from '@parley/contracts/live';
import { type LiveSession } from '@parley/contracts/live-facts';
import { momentComments, pictureComments, statements } from './lines';
import type { Person } from './person';
import { Temperament } from './temperament';

interface Planned {
  second: number;
  mood?: Mood;
  comment?: string;
}

/** Texts that the room has used up, so that no two people say the same. */
export class Said {
  private readonly texts = new Set<string>();

  /** True for the first who wants to say it. */
  take(text: string): boolean {
    if (this.texts.has(text)) return false;
    this.texts.add(text);
    return true;
  }
}

/** One member made of software in the room: looks at the stage once a second and does what it calls for. */
export class Guest {
  private readonly nature: Temperament;
  private roundKey = '';
  private sampler: Sampler | undefined;
  private plan: Planned[] = [];
  private lastDial = -100;
  /** The second at which this person first saw what is on stage. */
  private since = 0;
  private ready = 0;
  private readonly rated = new Set<string>();
  private timer: ReturnType<typeof setInterval> | undefined;

  constructor(
    readonly person: Person,
    index: number,
    private readonly said: Said,
    /** Of how many; so that a small room is not silent and a large one does not shout. */
    private readonly crowdSize: number,
  ) {
    this.nature = new Temperament(index);
  }

  start() {
    if (this.nature.observes) return;
    this.timer = setInterval(() => this.look(), 900 + this.nature.random() * 200);
  }

  async stop() {
    clearInterval(this.timer);
    await this.sampler?.flush().catch(() => undefined);
  }

  private look() {
    const live = this.person.session.state;
    const { stage, cue } = live ?? {};
    if (!live || !stage || !cue || live.card.status !== 'live') return;
    const now = this.person.connection.now();
    const second = secondOf(stage, cue, now);
    const key = `${stage.cueId} ${stage.round}`;
    if (key !== this.roundKey) this.begin(key, live, second);
    if (cue.kind === 'rate') return this.rate(live, now);
    if (cue.kind === 'video' && !stage.playing && second === 0) return;
    this.react(live, second);
  }

  private begin(key: string, { card, stage, cue }: LiveSession, second: number) {
    this.roundKey = key;
    this.since = second;
    this.lastDial = -100;
    this.sampler = new Sampler(this.person.outbox, {
      sessionId: card.id,
      cueId: stage!.cueId,
      round: stage!.round,
    });
    const duration = cue!.kind === 'video' ? (cue!.asset?.durationSeconds ?? 0) : 0;
    const taps = cue!.kind === 'video' ? this.nature.taps(duration) : this.nature.tapsAtRest();
    this.plan = cue!.kind === 'rate' ? [] : [...taps, ...this.comments(duration)];
    this.ready = this.person.connection.now() + 2_000 + this.nature.random() * 7_000;
  }

  /** Perhaps one comment in a round, at a moment that calls for it. */
  private comments(duration: number): Planned[] {
    const share = Math.min(0.5, 45 / this.crowdSize);
    if (this.nature.random() > share * 2 * this.nature.talkative) return [];
    if (!duration) {
      const comment = pictureComments[this.pick(pictureComments.length)]!;
      return [{ second: 4 + this.nature.random() * 18, comment }];
    }
    const { fromSecond, toSecond, text } = momentComments[this.pick(momentComments.length)]!;
    const second = fromSecond + this.nature.random() * (toSecond - fromSecond);
    return [{ second: (second * duration) / 60, comment: text }];
  }

  private react({ stage, cue }: LiveSession, second: number) {
    const moves = cue!.kind === 'video';
    const wanted = moves
      ? this.nature.dialAt(second, cue!.asset?.durationSeconds ?? 0)
      : this.nature.dialAtRest(second - this.since);
    // In front of a picture the hand comes to rest.
    if (Math.abs(wanted - this.lastDial) >= 2 && (moves || second - this.since < 12)) {
      this.lastDial = wanted;
      this.sampler?.moveDial(second, wanted);
    }
    const due = this.plan.filter((one) => one.second <= second);
    this.plan = this.plan.filter((one) => one.second > second);
    for (const { mood, comment } of due) {
      if (mood) this.sampler?.tapMood(second, mood);
      if (comment && this.said.take(`${this.roundKey} ${comment}`))
        this.person.comment(comment, stage!.cueId, Math.floor(second)).catch(() => undefined);
    }
  }

  /** Reads one statement after the other and rates it; some have one of their own. */
  private rate({ statements: shown, mine }: LiveSession, now: number) {
    if (now < this.ready) return;
    this.ready = now + 1_500 + this.nature.random() * 4_500;
    if (this.nature.random() < Math.min(0.3, 14 / this.crowdSize) * this.nature.talkative) {
      const own = statements[this.pick(statements.length)]!;
      const known = shown.some(({ body }) => body === own);
      if (!known && this.said.take(own)) return void this.person.submit(own).catch(() => undefined);
    }
    const open = shown.filter(
      ({ id, author }) => !this.rated.has(id) && !mine.ratings[id] && author.memberId !== mine.memberId,
    );
    const next = open[this.pick(open.length)];
    if (!next) return;
    this.rated.add(next.id);
    this.person.rate(next.id, this.nature.opinionOf(next.body)).catch(() => undefined);
  }

  private pick(length: number) {
    return Math.floor(this.nature.random() * length);
  }
}
