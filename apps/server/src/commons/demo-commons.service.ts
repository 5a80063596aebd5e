import { Inject, Injectable } from '@nestjs/common';
import { everybody } from '@parley/contracts/commons';
import type { InputOf } from '@parley/contracts/contract';
import { CommonsPage, type fillDemoCommons, type PageCost } from '@parley/contracts/demo';
import type { EntityManager } from 'typeorm';
import { ANALYZE, cost } from '../loop/demo-loop.service';
import { DemoService } from '../people/demo.service';
import type { Member } from '../platform/doors';
import { idOf } from '../platform/ids';
import { Tenancy } from '../platform/tenancy';
import { returned } from '../platform/writer';
import { StandingService } from '../recognition/standing.service';
import { asCaller } from '../seed-loop';
import { IdeasService } from './ideas.service';
import { PlacesService } from './places.service';
import { SearchService } from './search.service';
import { TopicsService } from './topics.service';

const DISCUSSIONS = 5;
const CHALLENGES = 3;
/** Of twenty contributions two are topics, thirteen posts to them, and five ideas. */
const BLOCK = 20;
const IDEAS_FROM = 15;

const wishes = [
  'The latch of the folding hinge should close with one hand, also with gloves on.',
  'On the train the pedals catch on every seat; let them fold in by themselves.',
  'I would pay more for a battery that I can carry upstairs without the bike.',
  'The lamp is too low: drivers behind me see my bag and not the light.',
];

/** SQL for the id of the n-th contribution, and for a number spread evenly over 0 to 1 and the same each time. */
const idOfN = (n: string) => `md5('commons' || (${n}))::uuid`;
const spread = (n: string, turn: number) =>
  `((abs(hashint8((${n})::bigint * 31 + ${turn})::bigint) % 2147483647) / 2147483647.0)`;

/** The commons of a community as they would be after years, and what their pages cost then. Exists in demo mode alone. */
@Injectable()
export class DemoCommonsService {
  constructor(
    private readonly tenancy: Tenancy,
    private readonly people: DemoService,
    private readonly places: PlacesService,
    private readonly topics: TopicsService,
    private readonly ideas: IdeasService,
    private readonly searching: SearchService,
    private readonly standing: StandingService,
    @Inject(ANALYZE) private readonly analyze: () => Promise<void>,
  ) {}

  async fill(fill: InputOf<typeof fillDemoCommons>): Promise<{ contributions: number; ratings: number }> {
    const { slug, members, since } = fill;
    const communityId = idOf('community', slug);
    const last: unknown[] = await this.tenancy.inCommunity(communityId, (em) =>
      em.query('SELECT FROM member WHERE community_id = $1 AND id = $2', [
        communityId,
        idOf('crowd member', slug, members - 1),
      ]),
    );
    if (!last.length)
      for (let from = 0; from < members; from += 1_000)
        await this.people.crowd(slug, from, Math.min(1_000, members - from));
    if (fill.from === 0 && fill.contributions) await this.openPlaces(slug);
    // The planner has to know of what was said just now.
    if (fill.fromRating === 0 && fill.ratings) await this.analyze();
    const ids = Array.from({ length: members - since.members }, (_, at) =>
      idOf('crowd member', slug, since.members + at),
    );
    return this.tenancy.inCommunity(communityId, async (em) => ({
      contributions: fill.contributions ? await this.say(em, communityId, ids, fill) : 0,
      ratings: fill.ratings ? await this.rate(em, communityId, ids, fill) : 0,
    }));
  }

  private async openPlaces(slug: string) {
    const maren = asCaller(slug, 'maren');
    const plan = (key: string, n: number) => ({
      ...{
        placeId: idOf(key, slug, n),
        title: `Place ${n + 1}`,
        purpose: 'To talk.',
        decision: 'What is changed.',
      },
      ...{ decisionOwner: { name: 'Maren Vogt', title: 'Community manager' }, reportBackOn: '2030-01-01' },
      ...{ informsOnly: false, audience: everybody },
    });
    for (let n = 0; n < DISCUSSIONS; n += 1) await this.places.open(maren, plan('filled place', n));
    for (let n = 0; n < CHALLENGES; n += 1)
      await this.places.openForIdeas(maren, {
        ...plan('filled challenge', n),
        ...{
          kind: 'challenge',
          contextRequired: false,
          closesAt: null,
          acknowledgeDays: 3,
          cards: [],
          areas: [],
        },
      });
  }

  private async say(
    em: EntityManager,
    communityId: string,
    members: string[],
    { slug, from, contributions }: InputOf<typeof fillDemoCommons>,
  ): Promise<number> {
    const places = Array.from({ length: DISCUSSIONS }, (_, n) => idOf('filled place', slug, n));
    const challenges = Array.from({ length: CHALLENGES }, (_, n) => idOf('filled challenge', slug, n));
    const rows = await returned(
      em,
      `WITH n AS (
         SELECT n, n % ${BLOCK} AS part, n / ${BLOCK} AS block, ${idOfN('n')} AS id,
           CASE WHEN n % ${BLOCK} < 2 THEN n WHEN n % ${BLOCK} < ${IDEAS_FROM} THEN n - n % ${BLOCK} + n % 2 ELSE n END AS of,
           now() - make_interval(secs => (${spread('n', 1)})::float8 * 300 * 86400 + 86400) AS at,
           ($3::uuid[])[1 + floor(${spread('n', 2)} * $4)::int] AS author
         FROM generate_series($1::int, $1::int + $2::int - 1) AS n
       ), placed AS (
         SELECT n.*, CASE WHEN part < ${IDEAS_FROM} THEN ($5::uuid[])[1 + block % ${DISCUSSIONS}]
           ELSE ($6::uuid[])[1 + block % ${CHALLENGES}] END AS place FROM n
       ), said AS (
         INSERT INTO contribution (community_id, id, room_id, author_id, type, body, at)
         SELECT $7, id, place, author, CASE WHEN part < 2 THEN 'topic' WHEN part < ${IDEAS_FROM} THEN 'post' ELSE 'idea' END,
           'Number ' || n || E'\\n' || ($8::text[])[1 + n % ${wishes.length}] || ' Seen at kerb' || n || '.', at FROM placed
         ON CONFLICT DO NOTHING RETURNING id
       ), topics AS (
         INSERT INTO topic (community_id, id, place_id, last_at)
         SELECT $7, id, place, at FROM placed WHERE part < 2 OR part >= ${IDEAS_FROM} ON CONFLICT DO NOTHING
       ), posts AS (
         INSERT INTO post (community_id, id, topic_id, at)
         SELECT $7, id, ${idOfN('of')}, at FROM placed WHERE part >= 2 AND part < ${IDEAS_FROM} ON CONFLICT DO NOTHING
       ), ideas AS (
         INSERT INTO idea (community_id, id, place_id, at, parts, acknowledge_by, acknowledged_at, score)
         SELECT $7, id, place, at, jsonb_build_object('situation', 'On the way.', 'struggle', 'It catches.', 'outcome', 'It does not.',
           'idea', ''), at + interval '3 days', at + interval '1 day', (${spread('n', 3)})::float8 FROM placed
         WHERE part >= ${IDEAS_FROM} ON CONFLICT DO NOTHING
       )
       SELECT id FROM said`,
      [from, contributions, members, members.length, places, challenges, communityId, wishes],
    );
    return rows.length;
  }

  /** Of ten nine are ratings of ideas; one is a thanks, for anything that was said. */
  private async rate(
    em: EntityManager,
    communityId: string,
    members: string[],
    { fromRating, ratings, of, since }: InputOf<typeof fillDemoCommons>,
  ): Promise<number> {
    const rows = await returned(
      em,
      `WITH r AS (
         SELECT r, $7::int + floor(${spread('r', 1)} * ($4::int - $7::int))::int AS place, ($3::uuid[])[1 + floor(${spread('r', 2)} * $5)::int] AS who
         FROM generate_series($1::int, $1::int + $2::int - 1) AS r
       ), rated AS (
         INSERT INTO rating (community_id, contribution_id, member_id, value, matters, at)
         SELECT $6, ${idOfN(`place - place % ${BLOCK} + ${IDEAS_FROM} + place % 5`)}, who,
           CASE r % 5 WHEN 0 THEN 'disagree' WHEN 1 THEN 'unsure' ELSE 'agree' END, false,
           now() - make_interval(secs => (${spread('r', 3)})::float8 * 300 * 86400)
         FROM r WHERE r % 10 > 0 ON CONFLICT DO NOTHING RETURNING 1
       ), thanked AS (
         INSERT INTO kudos (community_id, contribution_id, from_id, to_id, reason, at)
         SELECT $6, c.id, r.who, c.author_id, (ARRAY['insightful', 'changedMind', 'helped', 'honest'])[1 + r.r % 4],
           now() - make_interval(secs => (${spread('r.r', 4)})::float8 * 300 * 86400)
         FROM r JOIN contribution c ON c.community_id = $6 AND c.id = ${idOfN('place')}
         WHERE r.r % 10 = 0 AND c.author_id <> r.who ON CONFLICT DO NOTHING RETURNING 1
       )
       SELECT 1 FROM rated UNION ALL SELECT 1 FROM thanked`,
      [fromRating, ratings, members, of, members.length, communityId, since.contributions],
    );
    return rows.length;
  }

  /** Runs what the pages run. */
  async costs(
    slug: string,
    place: number,
    analyze: boolean,
  ): Promise<{ pages: Record<CommonsPage, PageCost>; plans: Record<CommonsPage, string[]> }> {
    const communityId = idOf('community', slug);
    if (analyze) {
      await this.analyze();
      await this.standing.reckon(communityId);
    }
    const caller: Member = {
      ...{ personId: idOf('crowd', slug, place), signInId: '', admin: false, strongAt: null },
      ...{ communityId, memberId: idOf('crowd member', slug, place) },
      ...{ handle: '', role: 'member', observer: false },
    };
    const placeId = idOf('filled place', slug, 0);
    const challengeId = idOf('filled challenge', slug, 0);
    const [topic, idea] = await this.tenancy.inCommunity(communityId, async (em) => {
      const [row] = (await em.query(
        `SELECT ${idOfN('0')} AS topic, ${idOfN(String(IDEAS_FROM))} AS idea`,
      )) as {
        topic: string;
        idea: string;
      }[];
      return [row!.topic, row!.idea];
    });
    const loads: Record<CommonsPage, () => Promise<unknown>> = {
      front: () => this.places.list(caller),
      place: () => this.topics.listTopics(caller, placeId, undefined),
      topic: () => this.topics.read(caller, topic, undefined),
      ideas: () => this.ideas.list(caller, { placeId: challengeId, sort: 'active' }),
      top: () => this.ideas.list(caller, { placeId: challengeId, sort: 'top' }),
      idea: () => this.ideas.read(caller, idea),
      searchCommon: () => this.searching.find(caller, 'folding hinge'),
      searchRare: () => this.searching.find(caller, 'kerb4711'),
      standing: () => this.standing.own(caller),
      board: () => this.standing.board({ ...caller, role: 'moderator' }),
    };
    const pages = {} as Record<CommonsPage, PageCost>;
    const plans = {} as Record<CommonsPage, string[]>;
    for (const name of CommonsPage.options) {
      const { page, plans: carriedOut } = await cost(loads[name]);
      pages[name] = page;
      plans[name] = carriedOut;
    }
    return { pages, plans };
  }
}
