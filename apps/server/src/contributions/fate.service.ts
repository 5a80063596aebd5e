import { Injectable } from '@nestjs/common';
import {
  APPEAL_DAYS,
  before,
  type ContributionType,
  type Edited,
  loopMoves,
  type LoopState,
  type Moderation,
  moderationMoves,
  type Named,
  nextOf,
  type Outcome,
  type OwnContribution,
  type Receipt,
  type ReceiptKind,
  type ReceiptStep,
  type SpaceKind,
} from '@parley/contracts/contributions';
import { READ_MS } from '@parley/contracts/moderation';
import type { Locale } from '@parley/contracts/people';
import { cut } from '@parley/contracts/text';
import type { EntityManager } from 'typeorm';
import type { Member } from '../platform/doors';
import { AppError, notFound } from '../platform/errors';
import { after, cursorOf, markOf } from '../platform/pages';
import { Tenancy } from '../platform/tenancy';
import { ruleOf } from './spaces.service';

/** A text in each language, as it stood when it was used. */
type InEach = Record<Locale, string>;

/** One step more in the life of a contribution. */
export interface Step {
  contributionId: string;
  kind: ReceiptKind;
  /** Who did it, where a person did. */
  byId: string | null;
  detail: Omit<ReceiptStep, 'kind' | 'at' | 'by' | 'reason'> & { reason?: InEach | null };
}

/** What became of many contributions at once. */
export interface LoopMove {
  to: LoopState;
  byId: string | null;
  detail: Step['detail'];
  outcome?: Outcome;
  deliverBy?: string | null;
  judgeUntil?: Date | null;
}

/** Whom a move of the loop concerns. */
export interface Moved {
  id: string;
  authorId: string;
  body: string;
}

interface OwnRow {
  id: string;
  type: ContributionType;
  body: string;
  at: Date;
  mark: string;
  edited: Edited | null;
  space: { id: string; kind: SpaceKind; title: string; owner: Named };
  moderation: Moderation;
  loop: LoopState;
  outcome: Outcome | null;
  teamOnly: boolean;
  releaseAt: Date | null;
  decideBy: Date | null;
  appealUntil: Date | null;
  deliverBy: string | null;
  judgeUntil: Date | null;
  answerBy: string;
  latest: StepRow | null;
  locale: Locale;
}

interface StepRow {
  kind: ReceiptKind;
  at: string | Date;
  by: Named | null;
  detail: Step['detail'];
}

const step = `json_build_object('kind', r.kind, 'at', r.at, 'detail', r.detail, 'by', CASE WHEN m.id IS NOT NULL
  THEN json_build_object('name', m.handle, 'title', m.title) END)`;

const own = `c.id, c.type, c.body, c.at, ${markOf('c.at')} AS mark, c.edited,
  json_build_object('id', s.id, 'kind', s.kind, 'title', s.title, 'owner',
    json_build_object('name', s.owner_name, 'title', s.owner_title)) AS space,
  c.moderation, c.loop, c.outcome, c.team_only AS "teamOnly", c.release_at AS "releaseAt", c.decide_by AS "decideBy",
  c.appeal_until AS "appealUntil", c.deliver_by::text AS "deliverBy", c.judge_until AS "judgeUntil",
  s.answer_by::text AS "answerBy", person.locale,
  (SELECT ${step} FROM receipt r LEFT JOIN member m ON m.community_id = r.community_id AND m.id = r.by_id
   WHERE r.community_id = c.community_id AND r.contribution_id = c.id ORDER BY r.id DESC LIMIT 1) AS latest
  FROM contribution c
  JOIN space s ON s.community_id = c.community_id AND s.id = c.room_id
  JOIN member author ON author.community_id = c.community_id AND author.id = c.author_id
  JOIN person ON person.id = author.person_id`;

const OWN_PAGE = 20;
const ends = (day: string) => `${day}T23:59:59.000Z`;

/** What becomes of contributions: the steps that their authors read, and what authors can do themselves. */
@Injectable()
export class FateService {
  /** Until when each reader's time on screen is accounted for, ms. */
  private readonly readers = new Map<string, number>();

  constructor(private readonly tenancy: Tenancy) {}

  /** Writes steps down, in their order. */
  async write(em: EntityManager, communityId: string, steps: readonly Step[]): Promise<void> {
    if (!steps.length) return;
    await em.query(
      `INSERT INTO receipt (community_id, contribution_id, kind, by_id, detail)
       SELECT $1, (s ->> 'contributionId')::uuid, s ->> 'kind', (s ->> 'byId')::uuid, (s -> 'detail')::jsonb
       FROM json_array_elements($2::json) WITH ORDINALITY AS made (s, place) ORDER BY place`,
      [communityId, JSON.stringify(steps)],
    );
  }

  /**
   * Moves those of the contributions that can be moved there, and what was merged into them, and tells each author in
   * the receipt. What moderation may still let through moves along, so that it is where it belongs when it is out.
   */
  async move(
    em: EntityManager,
    communityId: string,
    ids: readonly string[],
    { to, byId, detail, outcome, deliverBy, judgeUntil }: LoopMove,
  ): Promise<Moved[]> {
    if (!ids.length) return [];
    return em.query(
      `WITH asked AS (
         SELECT id FROM contribution WHERE community_id = $1 AND (id = ANY ($2) OR merged_into = ANY ($2))
           AND moderation IN ('published', 'merged', 'held', 'hidden', 'appealed', 'frozen') AND loop = ANY ($3)
         ORDER BY id FOR NO KEY UPDATE
       ), moved AS (
         UPDATE contribution c SET loop = $4, outcome = coalesce($5, c.outcome),
           deliver_by = coalesce($6::date, c.deliver_by), judge_until = coalesce($7, c.judge_until)
         FROM asked WHERE c.community_id = $1 AND c.id = asked.id RETURNING c.id, c.author_id, c.body
       ), told AS (
         INSERT INTO receipt (community_id, contribution_id, kind, by_id, detail)
         SELECT $1, id, $4, $8, $9 FROM moved
       )
       SELECT id, author_id AS "authorId", body FROM moved`,
      [
        communityId,
        ids,
        before(loopMoves, to),
        to,
        outcome ?? null,
        deliverBy ?? null,
        judgeUntil ?? null,
        byId,
        JSON.stringify(detail),
      ],
    );
  }

  /** Those of a space that nothing was decided about yet; what was reopened is answered by another promise. */
  async undecided(em: EntityManager, communityId: string, spaceId: string): Promise<string[]> {
    const rows: { id: string }[] = await em.query(
      `SELECT id FROM contribution WHERE community_id = $1 AND room_id = $2
         AND loop IN ('received', 'read', 'grouped', 'considered')
         AND moderation IN ('published', 'merged') AND type <> 'reply'`,
      [communityId, spaceId],
    );
    return rows.map(({ id }) => id);
  }

  /** One author's contributions, newest first, each with what is next; and counts of all of theirs. */
  async listOwn(
    em: EntityManager,
    { communityId, memberId }: Member,
    { cursor, spaceId }: { cursor?: string | undefined; spaceId?: string | undefined },
  ) {
    const page = after(cursor);
    type Counts = { said: number; read: number; answered: number; changed: number };
    const rows: (OwnRow & Counts & { spaces: { id: string; kind: SpaceKind; title: string }[] })[] =
      await em.query(
        `SELECT counted.*, ${own}
         CROSS JOIN (SELECT count(*)::int AS said, count(*) FILTER (WHERE loop <> 'received')::int AS read,
           count(*) FILTER (WHERE outcome IS NOT NULL)::int AS answered,
           count(*) FILTER (WHERE outcome IN ('adopted', 'adapted'))::int AS changed,
           (SELECT coalesce(json_agg(json_build_object('id', w.id, 'kind', w.kind, 'title', w.title)
              ORDER BY w.created_at DESC), '[]') FROM space w WHERE w.community_id = $1 AND w.id = ANY (array_agg(DISTINCT room_id)))
             AS spaces
           FROM contribution WHERE community_id = $1 AND author_id = $2 AND type <> 'reply') AS counted
         WHERE c.community_id = $1 AND c.author_id = $2 AND c.type <> 'reply' AND (c.at, c.id) < ($3, $4)
           AND ($5::uuid IS NULL OR c.room_id = $5)
         ORDER BY c.at DESC, c.id DESC LIMIT $6`,
        [communityId, memberId, page.at, page.id, spaceId ?? null, OWN_PAGE + 1],
      );
    const { said = 0, read = 0, answered = 0, changed = 0, spaces = [] } = rows[0] ?? {};
    return {
      items: rows.slice(0, OWN_PAGE).map(ownOf),
      next: cursorOf(rows, OWN_PAGE),
      ...{ said, read, answered, changed, spaces },
    };
  }

  /** 404 for what is not the caller's. */
  read(caller: Member, contributionId: string): Promise<Receipt> {
    return this.tenancy.inCommunity(caller.communityId, (em) => this.receipt(em, caller, contributionId));
  }

  async receipt(
    em: EntityManager,
    { communityId, memberId }: Member,
    contributionId: string,
  ): Promise<Receipt> {
    const [row] = (await em.query(
      `SELECT ${own} WHERE c.community_id = $1 AND c.author_id = $2 AND c.id = $3 AND c.type <> 'reply'`,
      [communityId, memberId, contributionId],
    )) as OwnRow[];
    if (!row) throw notFound();
    const steps: { step: StepRow }[] = await em.query(
      `SELECT ${step} AS step FROM receipt r LEFT JOIN member m ON m.community_id = r.community_id AND m.id = r.by_id
       WHERE r.community_id = $1 AND r.contribution_id = $2 ORDER BY r.id`,
      [communityId, contributionId],
    );
    const versions: { body: string; at: Date; edited: Edited }[] = await em.query(
      `SELECT body, at, edited FROM contribution_version WHERE community_id = $1 AND contribution_id = $2 ORDER BY n`,
      [communityId, contributionId],
    );
    const replies: { id: string; body: string; at: Date; by: Named }[] = await em.query(
      `SELECT c.id, c.body, c.at, json_build_object('name', m.handle, 'title', m.title) AS by FROM contribution c
       JOIN member m ON m.community_id = c.community_id AND m.id = c.author_id
       WHERE c.community_id = $1 AND c.reply_to = $2 AND c.moderation = 'published' ORDER BY c.at, c.id`,
      [communityId, contributionId],
    );
    const contribution = ownOf(row);
    return {
      contribution,
      steps: [received(row), ...steps.map(({ step: one }) => stepOf(one, row.locale)), ...waiting(row)],
      versions: versions.map(({ at, ...version }) => ({ ...version, at: at.toISOString() })),
      replies: replies.map(({ at, ...reply }) => ({ ...reply, at: at.toISOString() })),
    };
  }

  /** Another moderator will look again. */
  async appeal(caller: Member, contributionId: string, words: string): Promise<Receipt> {
    const { communityId, memberId } = caller;
    return this.tenancy.inCommunity(communityId, async (em) => {
      const [row] = (await em.query(
        `WITH appealed AS (
           UPDATE contribution c SET moderation = 'appealed', decide_by = now() + make_interval(mins =>
             (SELECT rule.decide_minutes FROM space s LEFT JOIN community_rule r ON r.community_id = s.community_id,
                LATERAL (SELECT ${ruleOf}) AS rule WHERE s.community_id = c.community_id AND s.id = c.room_id))
           WHERE community_id = $1 AND id = $2 AND author_id = $3 AND moderation = ANY ($4) AND appeal_until > now()
             AND NOT EXISTS (SELECT FROM receipt r WHERE r.community_id = $1 AND r.contribution_id = $2
               AND r.kind = 'appealed')
           RETURNING id)
         SELECT id FROM appealed`,
        [communityId, contributionId, memberId, before(moderationMoves, 'appealed')],
      )) as { id: string }[];
      if (!row) {
        await this.receipt(em, caller, contributionId);
        throw new AppError('contribution.moved', 'An appeal can be made once, within 14 days.');
      }
      await this.write(em, communityId, [
        { contributionId, kind: 'appealed', byId: null, detail: { note: words } },
      ]);
      return this.receipt(em, caller, contributionId);
    });
  }

  /**
   * Counts a reading where something stood on the reader's screen for two seconds, and nobody can have had more time
   * than went by since they told last. Answers what they have read now for the first time.
   */
  async markRead(
    { communityId, memberId }: Member,
    seen: readonly { contributionId: string; ms: number }[],
    now = Date.now(),
  ): Promise<string[]> {
    const since = this.readers.get(memberId) ?? now - READ_LONGEST_MS;
    let left = Math.min(now - since, READ_LONGEST_MS) + READ_SLACK_MS;
    const real = seen.filter(({ ms }) => {
      left -= ms;
      return ms >= READ_MS && left >= 0;
    });
    this.readers.delete(memberId);
    this.readers.set(memberId, now);
    if (this.readers.size > 1_000) this.readers.delete(this.readers.keys().next().value!);
    if (!real.length) return [];
    const rows: { id: string }[] = await this.tenancy.inCommunity(communityId, (em) =>
      em.query(
        `WITH seen AS (
           INSERT INTO reading (community_id, contribution_id, member_id)
           SELECT $1, c.id, $2 FROM contribution c WHERE c.community_id = $1 AND c.id = ANY ($3) AND c.author_id <> $2
           ON CONFLICT DO NOTHING RETURNING contribution_id
         ), moved AS (
           UPDATE contribution c SET loop = 'read' FROM seen
           WHERE c.community_id = $1 AND c.id = seen.contribution_id AND c.loop = 'received'
         ), told AS (
           INSERT INTO receipt (community_id, contribution_id, kind, by_id) SELECT $1, contribution_id, 'read', $2 FROM seen
         )
         SELECT contribution_id AS id FROM seen`,
        [communityId, memberId, real.map(({ contributionId }) => contributionId)],
      ),
    );
    return rows.map(({ id }) => id);
  }
}

/** The longest that one report can be about, ms. */
const READ_LONGEST_MS = 120_000;
/** What clocks and networks may differ by, ms. */
const READ_SLACK_MS = 3_000;

/** Words as they are quoted where the whole would be too long. */
export const excerptOf = (words: string) => cut(words, 200);

/** SQL for until when something that is taken back from an author may be changed or appealed. */
export const appealUntil = `now() + interval '${APPEAL_DAYS} days'`;

function ownOf(row: OwnRow): OwnContribution {
  const { id, type, body, at, edited, space, moderation, loop, outcome, teamOnly } = row;
  const latest = waiting(row)[0] ?? (row.latest ? stepOf(row.latest, row.locale) : received(row));
  return {
    ...{ id, type, body, edited, space, moderation, loop, outcome, teamOnly, latest },
    at: at.toISOString(),
    next: nextOf(
      row,
      {
        releaseAt: row.releaseAt?.toISOString() ?? null,
        decideBy: row.decideBy?.toISOString() ?? ends(row.answerBy),
        appealUntil: row.appealUntil?.toISOString() ?? '',
        answerBy: ends(row.answerBy),
        deliverBy: row.deliverBy && ends(row.deliverBy),
        judgeUntil: row.judgeUntil?.toISOString() ?? null,
      },
      new Date().toISOString(),
    ),
  };
}

const received = ({ at }: OwnRow): ReceiptStep => ({ kind: 'received', at: at.toISOString(), by: null });

/** That it is held stands in the contribution itself; no step needs to be written for it. */
const waiting = ({ moderation, latest, at }: OwnRow): ReceiptStep[] =>
  moderation === 'held' ? [{ kind: 'held', at: new Date(latest?.at ?? at).toISOString(), by: null }] : [];

const stepOf = ({ kind, at, by, detail: { reason, ...detail } }: StepRow, locale: Locale): ReceiptStep => ({
  kind,
  at: new Date(at).toISOString(),
  by,
  ...detail,
  reason: reason?.[locale] ?? null,
});
