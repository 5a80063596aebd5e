import { Inject, Injectable } from '@nestjs/common';
import type { InputOf, OutputOf } from '@parley/contracts/contract';
import type { LoopState, Moderation, Outcome, ReceiptKind } from '@parley/contracts/contributions';
import type { costDemoPages, fillDemoLoop, PageCost } from '@parley/contracts/demo';
import type { UpdateStatus } from '@parley/contracts/loop';
import type { EntityManager } from 'typeorm';
import { ModerationDeskService } from '../contributions/moderation-desk.service';
import { DemoService } from '../people/demo.service';
import type { Member } from '../platform/doors';
import { notFound } from '../platform/errors';
import { idOf } from '../platform/ids';
import { Tenancy } from '../platform/tenancy';
import { watch } from '../platform/watch';
import { returned } from '../platform/writer';
import { FeedService } from './feed.service';

/** Injection token of what brings the planner's statistics up to date. */
export const ANALYZE = Symbol('analyze');

type Fill = InputOf<typeof fillDemoLoop>;

interface FilledUpdate {
  id: string;
  themeId: string;
  label: string;
  outcome: Outcome;
  status: UpdateStatus;
  /** When it went out to its contributors and to the community. */
  early: string | null;
  out: string | null;
  delivered: string | null;
  until: string | null;
  verified: string | null;
  on: string;
}

interface Filled {
  id: string;
  author: string;
  body: string;
  at: string;
  moderation: Moderation;
  decideBy: string | null;
  loop: LoopState;
  outcome: Outcome | null;
  deliverBy: string | null;
  judgeUntil: string | null;
  updateId: string | null;
  themeId: string | null;
  steps: { kind: ReceiptKind; at: string; detail: object }[];
}

const day = 86_400_000;
/** One author for so many contributions. */
const PER_AUTHOR = 20;
const outcomes: readonly Outcome[] = [
  ...(['adopted', 'adopted', 'adopted', 'adapted', 'adapted'] as const),
  ...(['deferred', 'declined', 'declined', 'alreadyThere', 'informedOnly'] as const),
];
const wishes = [
  'The latch of the folding hinge should close with one hand, also with gloves on.',
  'On the train the pedals catch on every seat; let them fold in by themselves.',
  'I would pay more for a battery that I can carry upstairs without the bike.',
  'The lamp is too low: drivers behind me see my bag and not the light.',
  'Say the price in the first minute. I kept waiting for it and missed the rest.',
  'The bell sounds like a toy. People laugh and do not step aside.',
  'Please keep the steel frame as a choice, even if it is heavier.',
  'A mudguard that rattles is worse than none; mine does since the first week.',
];

/** Evenly spread over 0 to 1 and the same each time; `turn` makes another spread of the same places. */
const spread = (place: number, turn = 0) => ((place + 1) * 0.618_033_988_75 + turn * 0.414_213_56) % 1;

/** A community as it would be after years, and what its pages cost then. Exists in demo mode alone. */
@Injectable()
export class DemoLoopService {
  constructor(
    private readonly tenancy: Tenancy,
    private readonly people: DemoService,
    private readonly feed: FeedService,
    private readonly desk: ModerationDeskService,
    @Inject(ANALYZE) private readonly analyze: () => Promise<void>,
  ) {}

  /** Fills these places, each once; answers what was made now. */
  async fill(fill: Fill): Promise<OutputOf<typeof fillDemoLoop>> {
    const { slug, from, contributions } = fill;
    const communityId = idOf('community', slug);
    const authors = await this.people.crowd(
      slug,
      Math.floor(from / PER_AUTHOR),
      Math.ceil(contributions / PER_AUTHOR),
    );
    const updates = updatesOf(fill);
    const said = contributionsOf(
      fill,
      authors.map(({ memberId }) => memberId),
      updates,
    );
    return this.tenancy.inCommunity(communityId, async (em) => {
      const [manager] = (await em.query(
        `SELECT m.id FROM member m JOIN space s ON s.community_id = $1 AND s.id = $2
         WHERE m.community_id = $1 AND m.role = 'manager' AND m.status = 'active' LIMIT 1`,
        [communityId, fill.spaceId],
      )) as { id: string }[];
      if (!manager) throw notFound();
      const by = [communityId, manager.id];
      const made = await this.storeUpdates(em, by, updates);
      const stored = await this.storeContributions(em, [communityId, fill.spaceId], said);
      await this.storeFates(
        em,
        by,
        said.filter(({ id }) => stored.has(id)),
      );
      return { contributions: stored.size, updates: made };
    });
  }

  private async storeUpdates(em: EntityManager, by: string[], updates: readonly FilledUpdate[]) {
    const all = JSON.stringify(updates);
    await em.query(
      `INSERT INTO theme (community_id, id, label)
       SELECT $1, u."themeId", u.label FROM json_to_recordset($2::json) AS u ("themeId" uuid, label text)
       ON CONFLICT DO NOTHING`,
      [by[0], all],
    );
    const made = await returned(
      em,
      `INSERT INTO loop_update (community_id, id, status, version, owner_id, title, you_said, we_did, because, outcome,
         due_on, keeps_promise, shareable, contributors_at, community_at, contributors_out_at, community_out_at,
         delivered_at, judge_until, verified_at)
       SELECT $1, u.id, u.status, 1, $2, u.label, 'You said that it gets in the way every day.',
         CASE WHEN u.outcome NOT IN ('deferred', 'declined') THEN 'It is changed from the next series on.' END,
         'We weighed what it costs against how often it gets in the way.', u.outcome, u."on", false, false,
         u.early, u.out, u.early, u.out, u.delivered, u.until, u.verified
       FROM json_to_recordset($3::json) AS u (id uuid, status text, label text, outcome text, "on" date,
         early timestamptz, out timestamptz, delivered timestamptz, until timestamptz, verified timestamptz)
       ON CONFLICT DO NOTHING RETURNING id`,
      [...by, all],
    );
    return made.length;
  }

  private async storeContributions(em: EntityManager, where: string[], said: readonly Filled[]) {
    const rows = await returned<{ id: string }>(
      em,
      `INSERT INTO contribution (community_id, room_id, id, author_id, type, body, at, moderation, decide_by, loop, outcome,
         deliver_by, judge_until)
       SELECT $1, $2, c.id, c.author, 'comment', c.body, c.at, c.moderation, c."decideBy", c.loop, c.outcome,
         c."deliverBy", c."judgeUntil"
       FROM json_to_recordset($3::json) AS c (id uuid, author uuid, body text, at timestamptz, moderation text,
         "decideBy" timestamptz, loop text, outcome text, "deliverBy" date, "judgeUntil" timestamptz)
       ON CONFLICT DO NOTHING RETURNING id`,
      [...where, JSON.stringify(said)],
    );
    return new Set(rows.map(({ id }) => id));
  }

  /** Themes, evidence, readings and receipts. */
  private async storeFates(em: EntityManager, by: string[], said: readonly Filled[]) {
    const all = JSON.stringify(said);
    await em.query(
      `INSERT INTO theme_link (community_id, theme_id, contribution_id, at)
       SELECT $1, c."themeId", c.id, c.at FROM json_to_recordset($2::json) AS c (id uuid, "themeId" uuid, at timestamptz)
       WHERE c."themeId" IS NOT NULL`,
      [by[0], all],
    );
    await em.query(
      `INSERT INTO update_source (community_id, update_id, contribution_id, author_id, theme_id)
       SELECT $1, c."updateId", c.id, c.author, c."themeId"
       FROM json_to_recordset($2::json) AS c (id uuid, "updateId" uuid, author uuid, "themeId" uuid)
       WHERE c."updateId" IS NOT NULL`,
      [by[0], all],
    );
    await em.query(
      `UPDATE loop_update u SET contributions = fed.contributions, contributors = fed.contributors
       FROM (SELECT us.update_id, count(*)::int AS contributions, count(DISTINCT us.author_id)::int AS contributors
         FROM update_source us WHERE us.community_id = $1 AND us.update_id = ANY ($2) GROUP BY us.update_id) AS fed
       WHERE u.community_id = $1 AND u.id = fed.update_id`,
      [by[0], [...new Set(said.flatMap(({ updateId }) => updateId ?? []))]],
    );
    await em.query(
      `INSERT INTO reading (community_id, contribution_id, member_id, at)
       SELECT $1, c.id, $2, c.at FROM json_to_recordset($3::json) AS c (id uuid, loop text, at timestamptz)
       WHERE c.loop <> 'received'`,
      [...by, all],
    );
    await em.query(
      `INSERT INTO receipt (community_id, contribution_id, kind, by_id, detail, at)
       SELECT $1, c.id, s.step ->> 'kind', $2, (s.step -> 'detail')::jsonb, (s.step ->> 'at')::timestamptz
       FROM json_to_recordset($3::json) AS c (id uuid, steps json),
         json_array_elements(c.steps) WITH ORDINALITY AS s (step, place) ORDER BY c.id, s.place`,
      [...by, all],
    );
  }

  /** Runs what the pages run. */
  async costs(slug: string, place: number, analyze: boolean): Promise<OutputOf<typeof costDemoPages>> {
    if (analyze) await this.analyze();
    const caller: Member = {
      ...{ personId: idOf('crowd', slug, place), signInId: '', admin: false, strongAt: null },
      ...{ communityId: idOf('community', slug), memberId: idOf('crowd member', slug, place) },
      ...{ handle: '', role: 'member', observer: false },
    };
    const feed = await pages((cursor) => this.feed.list(caller, cursor));
    const impact = await pages((cursor) => this.feed.impact(caller, { cursor }));
    const desk = await pages((cursor) => this.desk.held(caller, { cursor }));
    return {
      ...{ feed: feed.first, feedNext: feed.next },
      ...{ impact: impact.first, impactNext: impact.next },
      ...{ desk: desk.first, deskNext: desk.next },
    };
  }
}

async function pages(load: (cursor: string | undefined) => Promise<{ next: string | null }>) {
  const first = await cost(() => load(undefined));
  const { next } = first.result;
  return { first: first.page, next: next ? (await cost(() => load(next))).page : null };
}

/** What some work asks the database for, and how each of its statements was carried out. */
export async function cost<T>(
  load: () => Promise<T>,
): Promise<{ result: T; page: PageCost; plans: string[] }> {
  const { result, watched } = await watch(load);
  const sum = (of: 'rows' | 'estimatedRows' | 'buffers' | 'ms') =>
    Math.round(watched.reduce((total, one) => total + one[of], 0) * 100) / 100;
  const page = {
    queries: watched.length,
    ...{ rows: sum('rows'), estimatedRows: sum('estimatedRows'), buffers: sum('buffers'), ms: sum('ms') },
  };
  return { result, page, plans: watched.map(({ plan }) => plan) };
}

const iso = (ms: number) => new Date(ms).toISOString();
const dateOf = (ms: number) => iso(ms).slice(0, 10);

/** Over ten months, most of them out to all; the newest of each hundred is for its contributors so far, two are drafts. */
function updatesOf({ slug, fromUpdate, updates }: Fill): FilledUpdate[] {
  const now = Date.now();
  return Array.from({ length: updates }, (_, at) => {
    const place = fromUpdate + at;
    const outcome = outcomes[place % outcomes.length]!;
    const isDraft = place % 50 === 49 && place % 100 !== 99;
    const isEarly = place % 100 === 99;
    const early = isEarly ? now - spread(place) * day : now - (2 + spread(place) * 298) * day;
    const isDelivered = !isEarly && !isDraft && /^ad(o|a)pted$/.test(outcome) && early < now - 60 * day;
    const until = early + 60 * day;
    return {
      id: idOf('filled update', slug, place),
      themeId: idOf('filled theme', slug, place),
      label: `${wishes[place % wishes.length]!.split(/[,.;:]/)[0]!} (${place + 1})`,
      outcome,
      status: isDraft ? 'draft' : isEarly ? 'outToContributors' : 'outToCommunity',
      early: isDraft ? null : iso(early),
      out: isDraft || isEarly ? null : iso(early + day),
      delivered: isDelivered ? iso(early + 30 * day) : null,
      until: isDelivered ? iso(until) : null,
      verified: isDelivered && until < now ? iso(until) : null,
      on: dateOf(now + 90 * day),
    };
  });
}

/** Of ten, six are answered by an Update, half of those by its theme; two in a hundred wait for a moderator. */
function contributionsOf(
  { slug, from, contributions }: Fill,
  authors: readonly string[],
  updates: readonly FilledUpdate[],
): Filled[] {
  const now = Date.now();
  return Array.from({ length: contributions }, (_, at) => {
    const place = from + at;
    const update = place % 10 < 6 ? updates[Math.floor((at / contributions) * updates.length)] : undefined;
    const isHeld = place % 50 === 17;
    const isAppealed = place % 1_000 === 17;
    const when = isHeld
      ? now - spread(place, 1) * 3 * day
      : (update?.early ? Date.parse(update.early) : now) - (1 + spread(place, 1) * 40) * day;
    const loop = loopOf(update, isHeld, place);
    const on = update && { updateId: update.id, updateTitle: update.label };
    const decided = update?.early;
    const isDue = update && /^(adopted|adapted|deferred)$/.test(update.outcome);
    const steps: Filled['steps'] = [
      ...step('read', loop !== 'received' && when + 3_600_000),
      ...step('considered', update && when + 7_200_000, on),
      ...step('decided', decided && Date.parse(decided), { ...on, outcome: update?.outcome, others: 29 }),
      ...step('delivered', update?.delivered && Date.parse(update.delivered), on),
      ...step('verified', update?.verified && Date.parse(update.verified), on),
      ...step('declined', isAppealed && when, { reason: { en: 'Off the subject', de: 'Nicht zur Sache' } }),
      ...step('appealed', isAppealed && when + 60_000, { note: 'Please read it again.' }),
    ];
    return {
      id: idOf('filled', slug, place),
      // Some say much more than others.
      author: authors[Math.floor(authors.length * spread(place, 2) ** 1.3)]!,
      body: `${wishes[place % wishes.length]} I have seen it ${(place % 9) + 2} times.`,
      at: iso(when),
      moderation: isAppealed ? 'appealed' : isHeld ? 'held' : 'published',
      decideBy: isHeld ? iso(when + 2 * day) : null,
      loop,
      outcome: decided ? update.outcome : null,
      deliverBy: decided && isDue ? update.on : null,
      judgeUntil: update?.until ?? null,
      updateId: update?.id ?? null,
      themeId: update && place % 2 ? update.themeId : null,
      steps,
    };
  });
}

function loopOf(update: FilledUpdate | undefined, isHeld: boolean, place: number): LoopState {
  if (update?.verified) return 'verified';
  if (update?.delivered) return 'delivered';
  if (update) return update.early ? 'decided' : 'considered';
  return isHeld || place % 3 ? 'received' : 'read';
}

const step = (kind: ReceiptKind, at: number | string | false | undefined | null, detail: object = {}) =>
  at ? [{ kind, at: iso(Number(at)), detail }] : [];
