import { cpus } from 'node:os';
import {
  type Cue,
  endSession,
  joinSession,
  playStage,
  readResult,
  stageCue,
  startSession,
} from '@parley/contracts/live';
import type { BareAsks } from './baselines';
import { Child } from './child';
import type { CrewAsks } from './crew';
import { type CrowdMember, Demo } from './demo';
import { type Account, audit, together } from './ledger';
import { Metrics } from './metrics';
import { insist, type Person } from './person';
import { pause, Problem, say } from './problem';

/** Two processes hold the room, so that it does not hold itself up. */
const CREWS = 2;
/** Each side of a comparison has its turn twice, for so many seconds. */
const TURNS = 2;
const TURN_SECONDS = 8;
/** Sockets that send as fast as they are answered, and people who tap once a second. */
const SENDERS = 400;
const TAPPERS = 200;

export type Figures = Record<string, unknown>;

/** The server under measure, the crews, and a bare server. */
export class Bench {
  private readonly crews = Array.from({ length: CREWS }, () => new Child<CrewAsks>('crew'));
  private readonly bare = new Child<BareAsks>('bare');
  private driver: Person | undefined;
  private sessionId = '';
  private film: Cue | undefined;
  private promised: { account: Account; gaps: number; repeats: number } | undefined;

  private constructor(
    private readonly demo: Demo,
    private readonly metrics: Metrics,
    private readonly members: readonly CrowdMember[],
    private readonly shown: Cue,
  ) {}

  static async open({
    url,
    community,
    people,
  }: {
    url: string;
    community: string;
    people: number;
  }): Promise<Bench> {
    const demo = await Demo.open(url, community);
    const metrics = new Metrics(url, await demo.admin());
    await metrics.begin();
    const film = await demo.film();
    const members = await demo.crowd(Math.max(people, TAPPERS + CREWS));
    return new Bench(demo, metrics, members, film);
  }

  /** A new Session with the film on stage, and so many people in it, and so many of them with the whole client. */
  async fill(people: number, whole = CREWS) {
    const { demo } = this;
    const { asset, title, prompt } = this.shown;
    const card = await demo.plan({
      title: `Rehearsal with ${people} people`,
      purpose: 'A room full of members made of software shows what the server can carry.',
      decision: 'Whether this machine is enough for the room.',
      decisionOwner: { name: demo.manager.me.name, title: 'Community manager' },
      plannedMinutes: 30,
      cues: [{ kind: 'video', title, prompt, assetId: asset!.id }],
    });
    this.sessionId = card.id;
    this.driver = await demo.driver(card.id);
    await this.driver.joined();
    await this.driver.say(startSession, this.driver.op());
    [this.film] = await demo.cues(card.id);

    const began = Date.now();
    const { url, communityId } = demo;
    const each = Math.ceil(people / CREWS);
    await Promise.all(
      this.crews.map((crew, i) => {
        const members = this.members.slice(i * each, Math.min(people, (i + 1) * each));
        return crew.ask('enter', {
          url,
          communityId,
          sessionId: card.id,
          members,
          whole: Math.ceil(whole / CREWS),
        });
      }),
    );
    say(`${people} people are in the room after ${seconds(Date.now() - began)} s`);
    await this.play();
  }

  async empty() {
    await Promise.all(this.crews.map((crew) => crew.ask('leave', null)));
    await this.driver?.say(endSession, this.driver.op());
    this.driver?.leave();
    this.driver = undefined;
  }

  async close() {
    // Left behind by a failure: a live Session that nobody is in.
    await this.driver?.connection.send(endSession, this.driver.op()).catch(() => undefined);
    this.driver?.leave();
    for (const child of [...this.crews, this.bare]) child.stop();
  }

  /** Everybody moves the dial each second, some write; the film begins anew when it is over. */
  async live(lasting: number): Promise<Figures> {
    const { metrics, sessionId } = this;
    await metrics.begin();
    const cpu = await metrics.cpu();
    const before = await this.received();
    const busy = busyShare();
    const began = Date.now();
    await this.play();
    let over = false;
    const showing = (async () => {
      const length = (this.film?.asset?.durationSeconds || 60) * 1_000;
      for (let next = began + length; !over; await pause(100)) {
        if (Date.now() < next) continue;
        await this.play();
        next = Date.now() + length;
      }
    })();
    const done = await Promise.all(this.crews.map((crew) => crew.ask('perform', { seconds: lasting })));
    over = true;
    const machineBusy = busy();
    const loopP99Ms = round(await metrics.loopP99Ms());
    const took = (Date.now() - began) / 1_000;
    const serverCpu = ((await metrics.cpu()) - cpu) / took;
    await showing;
    const after = await this.received();

    // What was told last must have arrived everywhere.
    await pause(1_500);
    const watched = await Promise.all(this.crews.map((crew) => crew.ask('watched', null)));
    const { shared } = await insist(() => this.driver!.connection.send(joinSession, { sessionId }));
    const behind = (shared?.seq ?? 0) - Math.min(...watched.map(({ seq }) => seq));

    const total = (pick: (one: (typeof done)[number]) => number) =>
      done.reduce((sum, one) => sum + pick(one), 0);
    const most = (pick: (one: (typeof done)[number]) => number) => Math.max(...done.map(pick));
    const refusals = done.flatMap((one) => one.refusals);
    if (refusals.length) say(`Refused: ${refusals.join(', ')}`);
    const account = together(done.map((one) => one.account));
    this.promised = {
      account,
      gaps: watched.reduce((sum, { gaps }) => sum + gaps, 0) + Math.max(0, behind),
      repeats: watched.reduce((sum, { repeats }) => sum + repeats, 0),
    };
    return {
      seconds: lasting,
      sent: total(({ sent }) => sent),
      acked: total(({ acked }) => acked),
      refused: total(({ refused }) => refused),
      unanswered: total(({ unanswered }) => unanswered),
      stored: {
        dial: account.samples,
        comments: account.comments.length,
        statements: account.statements.length,
        ratings: account.ratings,
      },
      watchers: watched.reduce((sum, { watchers }) => sum + watchers, 0),
      behinds: after.behinds - before.behinds,
      framesPerSecond: round(most(({ framesPerSecond }) => framesPerSecond)),
      deliveriesPerSecond: Math.round((after.frames + after.facts - before.frames - before.facts) / took),
      loopP99Ms,
      ackP50Ms: most(({ ackMs }) => ackMs.p50),
      ackP99Ms: most(({ ackMs }) => ackMs.p99),
      serverCpu: round(serverCpu),
      /** Of all cores, with whatever else runs: near 1 the times say more about the machine than about the server. */
      machineBusy: round(machineBusy),
    };
  }

  /** What was acknowledged and told in `live`, against what the product holds of it once the Session has ended. */
  async held(): Promise<Figures> {
    const { demo, sessionId } = this;
    const { account, gaps, repeats } = this.promised!;
    const { communityId } = demo;
    const result = await insist(() => demo.manager.call(readResult, { communityId, sessionId }));
    const { lost, doubled, findings } = audit(account, result, true);
    for (const finding of findings) say(finding);
    if (gaps) say(`Watchers missed ${gaps} facts`);
    if (repeats) say(`Watchers were told ${repeats} facts twice`);
    return { lost: lost + gaps, doubled: doubled + repeats };
  }

  /** Messages handed out per CPU second: one person moves the dial, everybody sees the frames; and a bare `ws`. */
  async deliveries(): Promise<Figures> {
    const port = await this.bare.ask('ws', null);
    const ours: Rate[] = [];
    const theirs: Rate[] = [];
    const people = (await this.received()).people;
    const each = Math.ceil(people / CREWS);
    await Promise.all(this.crews.map((crew) => crew.ask('listen', { port, people: each })));
    // Heartbeats and the like: what the server takes while nobody does anything.
    await this.stage();
    const rest = await this.rate('Parley at rest, people', this.serverCpu, async () => {
      await pause(TURN_SECONDS * 1_000);
      return people;
    });
    for (let turn = 0; turn < TURNS; turn += 1) {
      await this.play();
      await pause(1_000);
      const before = await this.received();
      const rate = await this.rate('Parley', this.serverCpu, async () => {
        await this.crews[0]!.ask('tapAlone', { seconds: TURN_SECONDS, everyMs: 250 });
        const now = await this.received();
        return now.frames + now.facts - before.frames - before.facts;
      });
      ours.push(rate);
      const after = await this.received();
      const bytes = Math.round(
        (after.frameBytes - before.frameBytes) / (after.leanFrames - before.leanFrames || 1),
      );
      const everyMs = (1_000 * people * rate.seconds) / (rate.units || 1);
      theirs.push(
        await this.rate(`bare ws, ${bytes} bytes every ${Math.round(everyMs)} ms`, this.bareCpu, async () => {
          const heard = await this.heard();
          await this.bare.ask('beat', { bytes, everyMs });
          await pause(TURN_SECONDS * 1_000);
          await this.bare.ask('beat', { bytes, everyMs: 0 });
          return (await this.heard()) - heard;
        }),
      );
    }
    await Promise.all(this.crews.map((crew) => crew.ask('part', null)));
    const ofDelivery = ours.map((one) => ({
      ...one,
      cpu: one.cpu - (rest.cpu / rest.seconds) * one.seconds,
    }));
    return {
      /** Of all that the server does meanwhile, and of handing out alone. */
      deliveriesAllVsWs: ratio(perCpu(ours), perCpu(theirs)),
      deliveriesVsWs: ratio(perCpu(ofDelivery), perCpu(theirs)),
    };
  }

  /** Samples taken per CPU second: ten a message and stored; against one a message, answered and forgotten. */
  async samples(): Promise<Figures> {
    // In a room of just those who send: frames to others are not what is compared.
    await this.fill(SENDERS + CREWS);
    const port = await this.bare.ask('answers', null);
    const ours: Rate[] = [];
    const theirs: Rate[] = [];
    const people = SENDERS / CREWS;
    for (let turn = 0; turn < TURNS; turn += 1) {
      // All but the whole film has been seen, so that all of its seconds may be spoken of.
      await this.play(59);
      ours.push(
        await this.rate('Parley, samples', this.serverCpu, async () => {
          const bursts = await Promise.all(
            this.crews.map((crew) => crew.ask('burst', { seconds: TURN_SECONDS, people })),
          );
          const refused = bursts.reduce((sum, one) => sum + one.refused, 0);
          if (refused) say(`${refused} messages were refused`);
          return bursts.reduce((sum, one) => sum + one.samples, 0);
        }),
      );
      theirs.push(
        await this.rate('bare Socket.IO, samples', this.bareCpu, async () => {
          const answered = this.crews.map((crew) =>
            crew.ask('answered', { port, people, seconds: TURN_SECONDS }),
          );
          return (await Promise.all(answered)).reduce((sum, one) => sum + one, 0);
        }),
      );
    }
    await this.empty();
    return { samplesVsSocketIo: ratio(perCpu(ours), perCpu(theirs)) };
  }

  /** What it costs to tell everybody of every tap, against frames: CPU a second for the same taps. */
  async naive(): Promise<Figures> {
    await this.fill(TAPPERS + CREWS);
    const port = await this.bare.ask('naive', null);
    const people = TAPPERS / CREWS;
    await this.play();
    const ours = await this.rate('Parley, taps', this.serverCpu, async () => {
      const taps = this.crews.map((crew) => crew.ask('tapEach', { seconds: TURN_SECONDS, people }));
      return (await Promise.all(taps)).reduce((sum, one) => sum + one, 0);
    });
    const theirs = await this.rate('naive Socket.IO, deliveries', this.bareCpu, async () => {
      const taps = this.crews.map((crew) => crew.ask('tapped', { port, people, seconds: TURN_SECONDS }));
      return (await Promise.all(taps)).reduce((sum, one) => sum + one, 0);
    });
    await this.empty();
    return { naiveVsFrames: ratio(theirs.cpu / theirs.seconds, ours.cpu / ours.seconds) };
  }

  /** Puts the film on stage for a new round, and plays it from `position`. */
  private async play(position = 0) {
    await this.stage();
    const driver = this.driver!;
    await driver.say(playStage, { ...driver.op(), playing: true, position });
    await pause(300);
  }

  /** A new round, in which the film stands still. */
  private async stage() {
    const driver = this.driver!;
    await driver.say(stageCue, { ...driver.op(), cueId: this.film!.id });
  }

  private async received() {
    const all = await Promise.all(this.crews.map((crew) => crew.ask('received', null)));
    const total = { people: 0, frames: 0, facts: 0, frameBytes: 0, leanFrames: 0, behinds: 0 };
    for (const one of all)
      for (const name of Object.keys(total) as (keyof typeof total)[]) total[name] += one[name];
    return total;
  }

  private async heard() {
    const all = await Promise.all(this.crews.map((crew) => crew.ask('heard', null)));
    return all.reduce((sum, one) => sum + one, 0);
  }

  private readonly bareCpu = () => this.bare.ask('cpu', null);
  private readonly serverCpu = () => this.metrics.cpu();

  /** Runs one side of a comparison and says what it took. */
  private async rate(name: string, cpuOf: () => Promise<number>, run: () => Promise<number>): Promise<Rate> {
    const began = Date.now();
    const cpu = await cpuOf();
    const units = await run();
    const rate = { units, cpu: (await cpuOf()) - cpu, seconds: (Date.now() - began) / 1_000 };
    const per = Math.round((rate.cpu / units) * 1e7) / 10;
    say(`${name}: ${units} in ${round(rate.seconds)} s with ${round(rate.cpu)} s of CPU, ${per} us each`);
    return rate;
  }
}

/** Answers later which part of this machine's cores was at work since now. */
function busyShare(): () => number {
  const read = () => {
    const times = cpus().map((cpu) => cpu.times);
    const idle = times.reduce((sum, one) => sum + one.idle, 0);
    return {
      idle,
      all: times.reduce(
        (sum, { user, nice, sys, idle: rest, irq }) => sum + user + nice + sys + rest + irq,
        0,
      ),
    };
  };
  const before = read();
  return () => {
    const now = read();
    return 1 - (now.idle - before.idle) / (now.all - before.all);
  };
}

interface Rate {
  units: number;
  cpu: number;
  seconds: number;
}

const perCpu = (rates: readonly Rate[]) =>
  rates.reduce((sum, { units }) => sum + units, 0) / rates.reduce((sum, { cpu }) => sum + cpu, 0);
const round = (value: number) => Math.round(value * 100) / 100;
const seconds = (ms: number) => Math.round(ms / 100) / 10;

function ratio(ours: number, theirs: number): number {
  if (!Number.isFinite(ours / theirs)) throw new Problem('A part was too short to be measured.');
  return round(ours / theirs);
}
