import { CookieJar, http } from '@parley/client/http';
import { CommonsPage, costDemoCommons, fillDemoCommons, type PageCost } from '@parley/contracts/demo';
import { type OwnServer, withOwnServer } from './own-server';
import { Problem, say } from './problem';

interface Options {
  /** How many times as much the second look is at. */
  scale: number;
  /** Contributions of the first look; ratings and thanks are ten for each. */
  base: number;
  interrupted: Promise<void>;
}

type Costs = Record<CommonsPage, PageCost>;

const RATINGS_EACH = 10;
/** One member for so many contributions. */
const PER_MEMBER = 40;
/** So much at once as a slow machine stores well within the ten seconds that a statement has. */
const STEP = 2_000;
const RATINGS_STEP = 20_000;
const QUERIES_MOST = 8;
const RATIO_MOST = 1.5;
/** A ratio is told from so many contributions of the first look on: of fewer the database reads whole tables. */
const COMPARED_FROM = 20_000;
/** The places among the members at which those stand who look. */
const LOOKING = [0, 0.25, 0.5, 0.75];
const slug = 'halden';

/** Fills the commons of a community, and compares what its pages cost the database then and with many times as much. */
export function commons({ scale, base, interrupted }: Options) {
  return withOwnServer({}, interrupted, async (server) => {
    const filling = new Filling(server);
    const members = Math.round(base / PER_MEMBER);
    await filling.fill(base, members);
    const once = await filling.costs(members);
    await filling.fill(base * scale, members * scale);
    const full = await filling.costs(members);

    for (const page of CommonsPage.options)
      say([`${page}, with ${filling.contributions} contributions:`, ...filling.plans[page]].join('\n'));
    const isCompared = base >= COMPARED_FROM;
    const pages = Object.fromEntries(
      CommonsPage.options.map((page) => {
        const [small, large] = [once[page], full[page]];
        const ratio = (of: 'rows' | 'buffers') => (large[of] + 1) / (small[of] + 1);
        const costRatioAt10x = isCompared ? round(Math.max(ratio('rows'), ratio('buffers'))) : null;
        return [page, { ...large, rowsAt1x: small.rows, buffersAt1x: small.buffers, costRatioAt10x }];
      }),
    );
    const all = Object.values(pages);
    return {
      ok: all.every(
        ({ queries, costRatioAt10x }) =>
          queries <= QUERIES_MOST && (costRatioAt10x === null || costRatioAt10x <= RATIO_MOST),
      ),
      scale,
      contributions: filling.contributions,
      ratings: filling.ratings,
      pages,
    };
  });
}

class Filling {
  contributions = 0;
  ratings = 0;
  /** Of what was looked at last. */
  plans = {} as Record<CommonsPage, string[]>;
  private asked = 0;
  private grown = { members: 0, contributions: 0 };
  private readonly call;

  constructor(server: OwnServer) {
    this.call = http({ url: server.url, jar: new CookieJar(), timeoutMs: 120_000 });
  }

  /** Until there are so many contributions, by so many members, and ten ratings for each; what was there stays as it is. */
  async fill(contributions: number, members: number) {
    const growth = { slug, members, of: contributions, since: this.grown };
    for (let from = this.contributions; from < contributions; from += STEP) {
      const count = Math.min(STEP, contributions - from);
      const made = await this.call(fillDemoCommons, {
        ...{ ...growth, from, contributions: count, fromRating: 0, ratings: 0 },
      });
      this.contributions += made.contributions;
    }
    if (this.contributions !== contributions) throw new Problem('The community could not be filled.');
    const wanted = contributions * RATINGS_EACH;
    while (this.asked < wanted) {
      const count = Math.min(RATINGS_STEP, wanted - this.asked);
      const { ratings } = await this.call(fillDemoCommons, {
        ...{ ...growth, from: 0, contributions: 0, fromRating: this.asked, ratings: count },
      });
      this.ratings += ratings;
      this.asked += count;
      if ((this.asked / RATINGS_STEP) % 20 === 0)
        say(`${this.contributions} contributions, ${this.ratings} ratings and thanks`);
    }
    this.grown = { members, contributions };
  }

  /** What each page costs, in the middle of those who look. */
  async costs(members: number): Promise<Costs> {
    const all: Costs[] = [];
    // Looked at once before, so that what is measured is not the warming of caches.
    for (const [turn, share] of [0, ...LOOKING].entries()) {
      const { pages, plans } = await this.call(costDemoCommons, {
        ...{ slug, place: Math.floor(share * members), analyze: turn === 0 },
      });
      this.plans = plans;
      if (turn) all.push(pages);
    }
    return Object.fromEntries(
      CommonsPage.options.map((page) => {
        const mean = (of: keyof PageCost) =>
          round(all.reduce((sum, one) => sum + one[page][of], 0) / all.length);
        const queries = Math.max(...all.map((one) => one[page].queries));
        const [rows, estimatedRows] = [mean('rows'), mean('estimatedRows')];
        return [page, { queries, rows, estimatedRows, buffers: mean('buffers'), ms: mean('ms') }];
      }),
    ) as Costs;
  }
}

const round = (value: number) => Math.round(value * 100) / 100;
