import { type Call, CallError, CookieJar, http } from '@parley/client/http';
import type { AskOf, Endpoint, OutputOf } from '@parley/contracts/contract';
import { makeDemoInvitations } from '@parley/contracts/demo';
import {
  answerScreener,
  type Candidacy,
  type Cell,
  giveConsents,
  giveContact,
  openDoor,
  passAge,
  type Plan,
  type PlanState,
  publishPlan,
  readDoor,
  readScreener,
  type Step,
  withdrawCandidacy,
} from '@parley/contracts/door';
import { type Facts, matches, type Rule } from '@parley/contracts/rule';
import { type Answers, askedOf, factsOf, type Question } from '@parley/contracts/screener';
import { Demo } from './demo';
import { Metrics } from './metrics';
import { insist } from './person';
import { inParallel, pause, say } from './problem';

interface Options {
  url: string;
  community: string;
  people: number;
  parallel: number;
  /** How many go through in each turn of the comparison; 0 leaves it out. */
  turn: number;
}

/** Each side of the comparison has so many turns. */
const TURNS = 3;
/** Steps that are sent twice at once, steps that are broken off and sent again, and links used in two browsers. */
const TWICE = 0.1;
const BROKEN_OFF = 0.05;
const TWO_BROWSERS = 0.05;
/** Of those who are expected in a cell, how many it takes. */
const ROOM = 0.6;

/** One who came, and where it ended. */
interface Guest {
  jar: CookieJar;
  facts: Facts;
  step: Step | 'lost';
}

/** Where the crowd stands at the door of a community: its screener, its manager, and whatever goes wrong on purpose. */
class Door {
  retries = 0;
  duplicates = 0;

  constructor(
    private readonly demo: Demo,
    private readonly metrics: Metrics,
    private readonly questions: readonly Question[],
  ) {}

  async plan(): Promise<PlanState> {
    const { communityId, manager } = this.demo;
    return (await insist(() => manager.call(readDoor, { communityId }))).plan;
  }

  async publish(plan: Plan): Promise<PlanState> {
    const { communityId, manager } = this.demo;
    const { version } = await this.plan();
    return manager.call(publishPlan, { communityId, basedOn: version, plan });
  }

  async funnel(sourceId: string) {
    const { communityId, manager } = this.demo;
    const { sources } = await insist(() => manager.call(readDoor, { communityId }));
    return sources.find(({ id }) => id === sourceId)!.funnel;
  }

  /** So many new people with personal invitations, so many at a time. */
  async send(people: number, parallel: number, label: string) {
    const { slug, manager } = this.demo;
    const sourceId = crypto.randomUUID();
    const tokens: string[] = [];
    while (tokens.length < people) {
      const count = Math.min(5_000, people - tokens.length);
      const { invitations } = await manager.call(makeDemoInvitations, { slug, sourceId, label, count });
      tokens.push(...invitations.map(({ token }) => token));
    }
    await this.idle();
    const began = Date.now();
    const before = await this.metrics.cpu();
    const guests = await inParallel(tokens, parallel, (token) => this.bring(token));
    const cpu = (await this.metrics.cpu()) - before;
    return { sourceId, guests, cpu, seconds: (Date.now() - began) / 1_000 };
  }

  /** Waits until the server has done what it does in the background. */
  private async idle() {
    for (let last = -1; ; await pause(500)) {
      const now = await this.metrics.cpu();
      if (last >= 0 && now - last < 0.05) return;
      last = now;
    }
  }

  /** One person from the link to wherever it leads. */
  private async bring(token: string): Promise<Guest> {
    const jar = new CookieJar();
    const applicationId = crypto.randomUUID();
    const answers = this.answers();
    const facts = factsOf(this.questions, answers);
    const ask = this.asker(jar);
    const begin = { token, applicationId, born: '1990-05-17', locale: 'en' as const };
    try {
      await ask(openDoor, { token });
      if (Math.random() < TWO_BROWSERS) {
        this.duplicates += 1;
        const other = this.asker(new CookieJar());
        const twin = { ...begin, applicationId: crypto.randomUUID() };
        await Promise.all([ask(passAge, begin), other(passAge, twin)]);
      } else await ask(passAge, begin);
      let at: Candidacy = await ask(answerScreener, { answers });
      if (at.step === 'consents') {
        const given = at.consents.map(({ purpose, version }) => ({ purpose, version }));
        at = await ask(giveConsents, { given });
        at = await ask(giveContact, { handle: 'A guest' });
      }
      return { jar, facts, step: at.step };
    } catch (error) {
      say(`Lost: ${error instanceof CallError ? error.code : String(error)}`);
      return { jar, facts, step: 'lost' };
    }
  }

  /** Asks as phones do: now and then twice, or broken off and once more. */
  private asker(jar: CookieJar) {
    const call: Call = http({ url: this.demo.url, jar });
    return async <E extends Endpoint>(endpoint: E, input: AskOf<E>): Promise<OutputOf<E>> => {
      const chance = Math.random();
      const once = () => insist(() => call(endpoint, input));
      if (chance < TWICE) {
        this.duplicates += 1;
        const [first] = await Promise.all([once(), once()]);
        return first;
      }
      if (chance < TWICE + BROKEN_OFF) {
        this.retries += 1;
        await this.breakOff(endpoint, input, jar);
      }
      return once();
    };
  }

  private async breakOff(endpoint: Endpoint, input: unknown, jar: CookieJar) {
    const gone = new AbortController();
    const asked = fetch(`${this.demo.url}${endpoint.path}`, {
      method: endpoint.method,
      body: JSON.stringify(input),
      headers: { 'content-type': 'application/json', origin: this.demo.url, cookie: jar.header() },
      signal: gone.signal,
    });
    setTimeout(() => gone.abort(), Math.random() * 20);
    await asked.catch(() => undefined);
  }

  /** Any answers that the screener takes; few that lead to "not this time". */
  private answers(): Answers {
    const answers: Answers = {};
    for (let asked = 0; asked < this.questions.length; asked += 1) {
      const question = askedOf(this.questions, answers).find(({ id }) => !(id in answers));
      if (!question) break;
      const { id, kind, options, least, most } = question;
      const some = options.filter(({ leads }) => leads === 'on' || Math.random() < 0.05);
      const one = (some.length ? some : options)[Math.floor(Math.random() * (some.length || options.length))];
      const number = (least ?? 0) + Math.floor(Math.random() * ((most ?? 100) - (least ?? 0) + 1));
      answers[id] = {
        single: one?.value ?? '',
        multiple: one ? [one.value] : [],
        number,
        scale: number,
        date: '2020-02-29',
        text: 'As one says.',
        region: 'Leeds',
      }[kind];
    }
    return answers;
  }
}

/** Every two choices of the first two questions with a fact, and each by itself: cells that interlock. */
function cellsOver(questions: readonly Question[], hard: (label: string) => number | null): Cell[] {
  const [first, second] = questions.filter(({ kind, fact }) => kind === 'single' && fact);
  const is = ({ fact }: Question, value: string): Rule => [{ fact: fact!, is: 'anyOf', values: [value] }];
  const rules: [string, Rule][] = [];
  for (const a of first?.options ?? []) {
    rules.push([a.value, is(first!, a.value)]);
    for (const b of second?.options ?? [])
      rules.push([`${a.value} and ${b.value}`, [...is(first!, a.value), ...is(second!, b.value)]]);
  }
  return rules.map(([label, rule]) => ({
    id: crypto.randomUUID(),
    label,
    rule,
    target: 0,
    soft: null,
    hard: hard(label),
  }));
}

const planOf = ({ total, cells, shares }: PlanState): Plan => ({
  total: total.hard,
  cells: cells.map(({ id, label, rule, target, soft, hard }) => ({ id, label, rule, target, soft, hard })),
  shares: shares.map(({ id, label, rule, least }) => ({ id, label, rule, least })),
});

const median = (values: readonly number[]) => [...values].sort((a, b) => a - b)[values.length >> 1] ?? NaN;
const round = (value: number) => Math.round(value * 100) / 100;

/**
 * Brings so many people through the whole door, under quotas that bind, with repeats and with links that are used
 * twice; then looks whether the brand got the composition that it asked for.
 */
export async function door({ url, community, people, parallel, turn }: Options) {
  const demo = await Demo.open(url, community);
  const metrics = new Metrics(url, await demo.admin());
  const { communityId, manager } = demo;
  const { screener } = await manager.call(readScreener, { communityId });
  const { questions } = screener.body;
  const at = new Door(demo, metrics, questions);
  const stood = await at.plan();
  const roomy = (): Plan => ({ total: 1_000_000, cells: cellsOver(questions, () => 1_000_000), shares: [] });
  try {
    // Who is in before, cell by cell.
    const before = await at.publish({ ...roomy(), shares: shareOf(questions) });
    const inside = new Map(before.cells.map(({ label, filled }) => [label, filled]));
    const perCell = (label: string) => people / (label.includes(' and ') ? 9 : 3);
    const bound = await at.publish({
      total: before.total.filled + Math.ceil(people * ROOM),
      cells: cellsOver(questions, (label) => inside.get(label)! + Math.ceil(perCell(label) * ROOM)),
      shares: shareOf(questions),
    });

    const { sourceId, guests, cpu, seconds } = await at.send(people, parallel, 'A rehearsal');
    const state = await at.plan();
    const funnel = await at.funnel(sourceId);
    const count = (step: Guest['step']) => guests.filter((guest) => guest.step === step).length;
    const [admitted, waiting, refused] = [count('inside'), count('waiting'), count('notThisTime')];

    let overfilled = 0;
    let doubled = Math.max(0, funnel.admitted - admitted) + Math.max(0, funnel.started - people);
    let lost = people - admitted - waiting - refused + Math.max(0, admitted - funnel.admitted);
    const held = guests.filter(({ step }) => step === 'inside');
    for (const [place, cell] of state.cells.entries()) {
      overfilled += Math.max(0, cell.filled + cell.reserved - (cell.hard ?? Infinity));
      const grown = cell.filled - bound.cells[place]!.filled;
      const mine = held.filter(({ facts }) => matches(cell.rule, facts)).length;
      doubled += Math.max(0, grown - mine);
      lost += Math.max(0, mine - grown);
    }
    overfilled += Math.max(0, state.total.filled + state.total.reserved - (state.total.hard ?? Infinity));
    for (const { filled, of, least } of state.shares) if (filled * 100 < least * of) overfilled += 1;
    say(
      `${people} people in ${round(seconds)} s: ${admitted} inside, ${waiting} wait, ${refused} not this time`,
    );

    // Nobody is offered a place in what stands afterwards.
    await inParallel(
      guests.filter(({ step }) => step === 'waiting'),
      parallel,
      ({ jar }) => insist(() => http({ url, jar })(withdrawCandidacy, {})).catch(() => undefined),
    );
    const ratioToNoQuotas = turn ? await compare(at, roomy, turn, parallel) : null;
    return {
      ok: !overfilled && !doubled && !lost,
      people,
      admitted,
      waiting,
      refused,
      overfilled,
      doubled,
      lost,
      perCpuSecond: round(people / cpu),
      ratioToNoQuotas,
      seconds: round(seconds),
      retries: at.retries,
      duplicates: at.duplicates,
    };
  } finally {
    await at.publish(planOf(stood));
  }
}

/** Two of three must not be of the first kind. */
function shareOf(questions: readonly Question[]): Plan['shares'] {
  const question = questions.find(({ kind, fact }) => kind === 'single' && fact);
  const [first] = question?.options ?? [];
  if (!question?.fact || !first) return [];
  const rule: Rule = [{ fact: question.fact, is: 'noneOf', values: [first.value] }];
  return [{ id: crypto.randomUUID(), label: 'The others', rule, least: 40 }];
}

/** People per CPU second of the server with the same cells, wide enough for all, against none; turn by turn. */
async function compare(at: Door, roomy: () => Plan, turn: number, parallel: number) {
  const rates: Record<'cells' | 'none', number[]> = { cells: [], none: [] };
  for (let n = 0; n < 2 * TURNS; n += 1) {
    const side = n % 2 ? 'none' : 'cells';
    await at.publish(side === 'cells' ? roomy() : { total: null, cells: [], shares: [] });
    const { guests, cpu } = await at.send(turn, parallel, 'A comparison');
    rates[side].push(guests.length / cpu);
    say(
      `${side === 'cells' ? 'With quotas' : 'Without'}: ${round(guests.length / cpu)} people per CPU second`,
    );
  }
  return round(median(rates.cells) / median(rates.none));
}
