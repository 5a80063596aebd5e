import { type Counts, type Edited, noCounts, type Rating } from '@parley/contracts/contributions';
import {
  type Cue,
  type Desk,
  type Joined,
  type Mine,
  type Pulse,
  secondOf,
  type SharedSession,
  type Stage,
} from '@parley/contracts/live';
import { applyFact, type LiveFacts, recount, withAsset } from '@parley/contracts/live-facts';
import type { Asset, AssetNews } from '@parley/contracts/media';
import { type Fact, MISSED_MAX } from '@parley/contracts/realtime';
import { driving, type Member, takingPart, teamRoles } from '../platform/doors';
import type { Frame } from '../platform/realtime';
import { Round } from './round';

/** What a room is made from: the rows, read once. */
export interface Loaded {
  shared: SharedSession;
  cues: Cue[];
  /** Hosts who are assigned to it. */
  hosts: Set<string>;
  facts: Fact[];
  rounds: Round[];
  ratings: { statementId: string; memberId: string; rating: Rating }[];
}

/** Members who have not reacted in this round, those who have, and the team. */
type Audience = 'open' | 'reacted' | 'desk';

const TRACE_EVERY_MS = 1_000;
const roundKey = (cueId: string, round: number) => `${cueId}:${round}`;

/** A Session in memory. Its state follows the commits, by the same reducers that clients use. */
export class LiveRoom {
  private readonly rounds = new Map<string, Round>();
  private readonly counts = new Map<string, Counts>();
  private readonly ratings = new Map<string, Map<string, Rating>>();
  /** Members of the audience, by the number of their seats. */
  private readonly here = new Map<string, number>();
  /** The same of those who only look on. */
  private readonly observers = new Map<string, number>();
  /** Members for whom the stills are made. */
  readonly prepared = new Set<string>();
  private facts: Fact[] = [];
  private readonly changedCounts = new Set<string>();
  private pulseDue = true;
  private traceDue = true;
  private traceAt = 0;
  private pulsedSecond = -1;
  shared: SharedSession;
  cues: readonly Cue[];
  readonly hosts: ReadonlySet<string>;

  constructor(loaded: Loaded) {
    this.cues = loaded.cues;
    this.hosts = loaded.hosts;
    this.shared = loaded.shared;
    this.take(loaded);
  }

  /** Takes the state as the rows have it; who is here stays. Answers the facts that it did not have yet. */
  take({ shared, facts, rounds, ratings }: Omit<Loaded, 'cues' | 'hosts'>): Fact[] {
    const before = this.shared.seq;
    this.shared = shared;
    this.facts = facts;
    this.rounds.clear();
    this.ratings.clear();
    this.counts.clear();
    for (const round of rounds) this.rounds.set(roundKey(round.cue.id, round.round), round);
    for (const { statementId, memberId, rating } of ratings) this.rated(statementId, memberId, rating);
    this.sampled();
    return facts.filter(([seq]) => seq > before);
  }

  /** A cue with its assets as they are now: a new version may have come since the run of show was read. */
  async latest(cue: Cue, read: (ids: string[]) => Promise<Map<string, Asset>>): Promise<Cue> {
    const ids = [cue.asset, cue.other].flatMap((asset) => asset?.id ?? []);
    if (!ids.length) return cue;
    const assets = await read(ids);
    return {
      ...cue,
      asset: cue.asset && (assets.get(cue.asset.id) ?? cue.asset),
      other: cue.other && (assets.get(cue.other.id) ?? cue.other),
    };
  }

  /** Pictures and pages of the run of show, which bear each viewer's name. */
  get stills(): string[] {
    return this.cues
      .flatMap(({ asset, other }) => [asset, other])
      .flatMap((asset) => (asset && asset.kind !== 'video' ? asset.id : []));
  }

  /** Members hear of it by another day. */
  promised(reportBackOn: string) {
    this.shared = { ...this.shared, card: { ...this.shared.card, reportBackOn } };
  }

  get status() {
    return this.shared.card.status;
  }

  get everyRound(): Round[] {
    return [...this.rounds.values()].sort((a, b) => a.onAirAt - b.onAirAt);
  }

  round(cueId: string, round: number) {
    return this.rounds.get(roundKey(cueId, round));
  }

  /** The round on stage. */
  get current() {
    const { stage } = this.shared;
    return stage ? this.round(stage.cueId, stage.round) : undefined;
  }

  /** What will be the number of the next round of a cue. */
  nextRound(cueId: string) {
    let round = 1;
    while (this.round(cueId, round)) round += 1;
    return round;
  }

  countsOf(statementId: string): Counts {
    return this.counts.get(statementId) ?? noCounts;
  }

  audienceOf({ role, memberId }: Member): Audience {
    if (teamRoles.includes(role)) return 'desk';
    return this.current?.people.has(memberId) ? 'reacted' : 'open';
  }

  came({ role, memberId, observer }: Member) {
    if (role !== 'member') return;
    const group = observer ? this.observers : this.here;
    group.set(memberId, (group.get(memberId) ?? 0) + 1);
    this.pulseDue = true;
  }

  went({ role, memberId, observer }: Member) {
    if (role !== 'member') return;
    const group = observer ? this.observers : this.here;
    const seats = (group.get(memberId) ?? 1) - 1;
    if (seats) group.set(memberId, seats);
    else group.delete(memberId);
    this.pulseDue = true;
  }

  /** Takes over facts that are committed. True when a new round began. */
  apply(facts: Fact[]): boolean {
    let began = false;
    for (const fact of facts) {
      const [seq, name, data] = fact;
      // It was loaded with the room.
      if (seq <= this.shared.seq) continue;
      const reduce = applyFact[name as keyof LiveFacts] as (
        state: SharedSession,
        data: unknown,
      ) => SharedSession;
      this.shown(name, data);
      this.shared = { ...reduce(this.shared, data), seq };
      this.facts.push(fact);
      if (name === 'live.removed' || name === 'live.edited')
        this.retell(data as { id: string; body?: string; edited?: Edited }, seq);
      if (name === 'live.assetChanged') this.cues = this.cues.map((cue) => withAsset(cue, data as AssetNews));
      if (name === 'live.staged') {
        const { stage, cue } = data as LiveFacts['live.staged'];
        this.rounds.set(roundKey(cue.id, stage.round), new Round(cue, stage.round, stage.onAirAt));
        began = true;
      }
    }
    if (this.facts.length > MISSED_MAX * 1.5) this.facts.splice(0, this.facts.length - MISSED_MAX);
    this.sampled();
    return began;
  }

  /** Who catches up reads the words as they are now, and none of what was taken away. */
  private retell({ id, body = '', edited }: { id: string; body?: string; edited?: Edited }, before: number) {
    this.facts = this.facts.map(([seq, name, data]) =>
      seq < before && (data as { id?: string }).id === id && 'body' in (data as object)
        ? [seq, name, { ...(data as object), body, ...(edited && { edited }) }]
        : [seq, name, data],
    );
  }

  /** The last second of a round that may be spoken of. */
  lastSecond(round: Round, now: number) {
    const { stage, cue } = this.shared;
    return round.lastSecond(now, stage && cue && round === this.current ? secondOf(stage, cue, now) : 0);
  }

  /** Before the stage moves, its round is told how far it came. */
  private shown(name: string, data: unknown) {
    const { stage, cue } = this.shared;
    const next = (data as { stage?: Stage }).stage;
    if (!next || !stage || !cue || !/^live\.(staged|played)$/.test(name)) return;
    this.current?.reach(secondOf(stage, cue, next.at));
    if (name === 'live.staged' && this.current) this.current.endedAt = next.at;
    else this.current?.reach(next.position);
  }

  rated(statementId: string, memberId: string, rating: Rating) {
    let mine = this.ratings.get(memberId);
    if (!mine) this.ratings.set(memberId, (mine = new Map()));
    this.counts.set(statementId, recount(this.counts.get(statementId), mine.get(statementId), rating));
    mine.set(statementId, rating);
    this.changedCounts.add(statementId);
  }

  /** Something was added to a round. */
  sampled() {
    this.pulseDue = true;
    this.traceDue = true;
  }

  /** What a member is answered who joins. */
  answer(member: Member, since: number | undefined, now: number): Joined {
    const missed = since === undefined ? null : this.missedSince(since);
    return {
      now,
      shared: missed ? null : this.shared,
      missed: missed ?? [],
      mine: this.mine(member),
      pulse: this.pulse(this.audienceOf(member), now),
      desk: this.audienceOf(member) === 'desk' ? this.desk(now) : null,
    };
  }

  /** The frames that are due; `again` is called when more will be, though nothing happens. */
  frames(now: number, again: () => void): Frame[] {
    const frames: Frame[] = [];
    const { stage, cue } = this.shared;
    const second = stage && cue ? Math.floor(secondOf(stage, cue, now)) : -1;
    // While a video plays the mean is that of another second, though nobody moves.
    if (stage?.playing && cue?.asset && second < cue.asset.durationSeconds) again();
    if (this.pulseDue || (stage?.playing && second !== this.pulsedSecond)) {
      for (const audience of ['open', 'reacted', 'desk'] as const)
        frames.push({ audience, name: 'live.pulse', data: this.pulse(audience, now) });
      this.pulseDue = false;
      if (second !== this.pulsedSecond) this.traceDue = true;
      this.pulsedSecond = second;
    }
    if (this.traceDue && now - this.traceAt >= TRACE_EVERY_MS) {
      const trace = this.traceNow(now);
      if (trace) frames.push({ audience: 'desk', name: 'live.trace', data: trace });
      this.traceDue = false;
      this.traceAt = now;
    } else if (this.traceDue) again();
    if (this.changedCounts.size) {
      const data = Object.fromEntries([...this.changedCounts].map((id) => [id, this.countsOf(id)]));
      frames.push({ audience: 'desk', name: 'live.counted', data });
      this.changedCounts.clear();
    }
    return frames;
  }

  /** Null where they are not all at hand, or the number is not of this room. */
  private missedSince(since: number): Fact[] | null {
    const { seq } = this.shared;
    if (since > seq || seq - since > MISSED_MAX) return null;
    if (since === seq) return [];
    const first = this.facts[0]?.[0] ?? Infinity;
    return since + 1 >= first ? this.facts.slice(since + 1 - first) : null;
  }

  private mine(member: Member): Mine {
    const ratings = this.ratings.get(member.memberId) ?? new Map<string, Rating>();
    return {
      memberId: member.memberId,
      takesPart: takingPart.includes(member.role) && !member.observer,
      drives: driving.includes(member.role),
      ratings: Object.fromEntries(ratings),
      counts: Object.fromEntries([...ratings.keys()].map((id) => [id, this.countsOf(id)])),
    };
  }

  private pulse(audience: Audience, now: number): Pulse {
    const round = this.current;
    const { stage, cue } = this.shared;
    const base = {
      at: now,
      here: this.here.size,
      observers: this.observers.size,
      reacted: round?.people.size ?? 0,
    };
    // Answer before you see: what is not to be seen is not in the frame.
    if (audience === 'open' || !round || !stage || !cue) return { ...base, moods: null, mean: null };
    return { ...base, moods: { ...round.moods }, mean: round.meanAt(secondOf(stage, cue, now)) };
  }

  private desk(now: number): Desk {
    return { cues: [...this.cues], trace: this.traceNow(now), counts: Object.fromEntries(this.counts) };
  }

  private traceNow(now: number) {
    const { stage, cue } = this.shared;
    return stage && cue ? (this.current?.trace(now, secondOf(stage, cue, now)) ?? null) : null;
  }
}
