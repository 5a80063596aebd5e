import { CookieJar, http } from '@parley/client/http';
import type { OutputOf } from '@parley/contracts/contract';
import { costDemoPages, fillDemoLoop, type PageCost } from '@parley/contracts/demo';
import { Demo } from './demo';
import { type OwnServer, withOwnServer } from './own-server';
import { Problem, say } from './problem';

interface Options {
  contributions: number;
  updates: number;
  interrupted: Promise<void>;
}

type Name = keyof OutputOf<typeof costDemoPages>;
/** Null where there was no such page. */
type Costs = Record<Name, PageCost | null>;

/** More than these fails the run. */
const QUERIES_MOST = 2;
const RATIO_MOST = 1.5;
/** A tenth of fewer is so little that the database reads whole tables: there is nothing to compare it with. */
const COMPARED_FROM = 50_000;
/** So many contributions are made at a time, and so many in one Session. */
const STEP = 2_500;
/** The shares of the first tenth's authors at which those stand who look: who said much comes first. */
const LOOKING = [0, 0.2, 0.4, 0.6, 0.8];
const PER_AUTHOR = 20;

/** Fills a community, first a tenth, and compares what its pages cost the database then and at full size. */
export function fate({ contributions, updates, interrupted }: Options) {
  return withOwnServer({}, interrupted, async (server) => {
    const community = new Community(server, await Demo.open(server.url, 'halden'));
    const tenth = Math.round(contributions / 10);
    const few = Math.round(updates / 10);
    await community.fill(tenth, few);
    const small = await community.costs(tenth);
    await community.fill(contributions, updates);
    const full = await community.costs(tenth);

    const names = Object.keys(full) as Name[];
    const ratios = new Map(names.map((name) => [name, ratioOf(full[name], small[name])]));
    const known = [...ratios.values()].filter((ratio) => ratio !== null);
    const isCompared = contributions >= COMPARED_FROM && known.length === names.length;
    const costRatioAt10x = isCompared ? Math.max(...known) : null;
    const queriesOf = (page: 'feed' | 'impact' | 'desk') =>
      Math.max(full[page]!.queries, full[`${page}Next`]?.queries ?? 0);
    const queries = {
      feedQueries: queriesOf('feed'),
      impactQueries: queriesOf('impact'),
      deskQueries: queriesOf('desk'),
    };
    return {
      ok:
        Math.max(...Object.values(queries)) <= QUERIES_MOST &&
        (isCompared ? costRatioAt10x! <= RATIO_MOST : contributions < COMPARED_FROM),
      contributions: community.contributions,
      updates: community.updates,
      ...queries,
      costRatioAt10x,
      plans: Object.fromEntries(
        names.map((name) => [name, { ...full[name], atATenth: small[name], ratio: ratios.get(name) }]),
      ),
    };
  });
}

class Community {
  contributions = 0;
  updates = 0;
  private readonly call;

  constructor(
    server: OwnServer,
    private readonly demo: Demo,
  ) {
    this.call = http({ url: server.url, jar: new CookieJar(), timeoutMs: 120_000 });
  }

  /** Until there are so many of each. */
  async fill(contributions: number, updates: number) {
    const { slug } = this.demo;
    const more = contributions - this.contributions;
    const steps = Math.ceil(more / STEP);
    const began = { contributions: this.contributions, updates: this.updates };
    for (let step = 1; step <= steps; step += 1) {
      const upTo = (from: number, to: number) => from + Math.round(((to - from) * step) / steps);
      const { id: spaceId } = await this.demo.plan({
        title: `What gets in the way, part ${Math.floor(this.contributions / STEP) + 1}`,
        purpose: 'To hear of everything that gets in the way.',
        decision: 'What is changed first.',
        decisionOwner: { name: 'Maren Vogt', title: 'Community manager' },
        plannedMinutes: 30,
        cues: [{ kind: 'rate', title: 'Say it', prompt: 'What gets in the way?', assetId: null }],
      });
      const made = await this.call(fillDemoLoop, {
        ...{ slug, spaceId, from: this.contributions, fromUpdate: this.updates },
        contributions: upTo(began.contributions, contributions) - this.contributions,
        updates: upTo(began.updates, updates) - this.updates,
      });
      this.contributions += made.contributions;
      this.updates += made.updates;
      if (step % 4 === 0 || step === steps)
        say(`${this.contributions} contributions, ${this.updates} Updates`);
    }
    if (this.contributions !== contributions || this.updates !== updates)
      throw new Problem('The community could not be filled.');
  }

  /** What each page costs, in the middle of those who look; `first` contributions hold their authors. */
  async costs(first: number): Promise<Costs> {
    const { slug } = this.demo;
    const all: OutputOf<typeof costDemoPages>[] = [];
    // Looked at once before, so that what is measured is not the warming of caches.
    for (const [turn, share] of [0, ...LOOKING].entries()) {
      const place = Math.floor((share * Math.min(first, STEP)) / PER_AUTHOR);
      const costs = await this.call(costDemoPages, { slug, place, analyze: turn === 0 });
      if (turn) all.push(costs);
    }
    const names = Object.keys(all[0]!) as Name[];
    return Object.fromEntries(
      names.map((name) => {
        const costs = all.flatMap((one) => one[name] ?? []);
        if (!costs.length) return [name, null];
        const mean = (of: keyof PageCost) =>
          round(costs.reduce((sum, one) => sum + one[of], 0) / costs.length);
        const queries = Math.max(...costs.map((one) => one.queries));
        const [rows, estimatedRows, buffers, ms] = [
          mean('rows'),
          mean('estimatedRows'),
          mean('buffers'),
          mean('ms'),
        ];
        return [name, { queries, rows, estimatedRows, buffers, ms }];
      }),
    ) as Costs;
  }
}

/** By how much a page costs more, in rows or in what is looked at for them. */
const ratioOf = (full: PageCost | null, small: PageCost | null) =>
  full && small && round(Math.max(full.rows / small.rows, full.buffers / small.buffers));

const round = (value: number) => Math.round(value * 100) / 100;
