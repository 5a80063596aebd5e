import { Inject, Injectable } from '@nestjs/common';
import type { OutputOf } from '@parley/contracts/contract';
import type { Outcome, SpaceKind } from '@parley/contracts/contributions';
import {
  type Evidence,
  FEED_PAGE,
  type Impact,
  isReopened,
  type listEvidence,
  type listUpdates,
  type PublicUpdate,
  type UpdateCard,
  type UpdatePage,
  type Verdict,
  type Verification,
} from '@parley/contracts/loop';
import { MIN_N } from '@parley/contracts/profile';
import type { EntityManager } from 'typeorm';
import { ContributionsService } from '../contributions/contributions.service';
import { FateService } from '../contributions/fate.service';
import { AssetsService } from '../media/assets.service';
import { type Config, CONFIG } from '../platform/config';
import { SegmentsService } from '../people/segments.service';
import { isTeam, type Member, type Overseer } from '../platform/doors';
import { AppError, notFound } from '../platform/errors';
import { after, cursorOf, markOf } from '../platform/pages';
import { Tenancy } from '../platform/tenancy';
import { Writer } from '../platform/writer';
import { ReachService } from '../reach/reach.service';
import { DraftsService } from './drafts.service';
import { UpdatesService } from './updates.service';

const EVIDENCE_PAGE = 30;
/** How many of those who are thanked are named in the feed, and how many of one's own words are quoted. */
const THANKED = 12;
const OWN_WORDS = 3;
/** What was reopened is answered again within so many days. */
const ANSWER_DAYS = 14;

/** SQL for whether member $2 may read Update `u`: who belongs to the team ($3) reads what is out to anybody. */
const visible = `u.contributors_out_at IS NOT NULL AND (u.community_out_at IS NOT NULL OR $3 OR EXISTS (
  SELECT FROM update_source mine WHERE mine.community_id = $1 AND mine.author_id = $2 AND mine.update_id = u.id))`;

type Row = Omit<
  UpdateCard,
  'at' | 'before' | 'after' | 'verification' | 'withdrawn' | 'contributorsOnly' | 'publicUrl'
> & {
  mark: string;
  at: Date;
  beforeAssetId: string | null;
  afterAssetId: string | null;
  communityOutAt: Date | null;
  publicOutAt: Date | null;
  shareable: boolean;
  deliveredAt: Date | null;
  judgeUntil: Date | null;
  verifiedAt: Date | null;
  reopenedAt: Date | null;
  yes: number;
  partly: number;
  no: number;
  verdict: Verdict | null;
  withdrawnAt: Date | null;
  withdrawnBecause: string | null;
  consultation: { id: string; kind: SpaceKind; title: string } | null;
};

/** What members read of the loop: the feed, the words that fed it, what their own words became, and their verdict. */
@Injectable()
export class FeedService {
  constructor(
    private readonly tenancy: Tenancy,
    private readonly contributions: ContributionsService,
    private readonly fate: FateService,
    private readonly assets: AssetsService,
    private readonly drafts: DraftsService,
    private readonly updates: UpdatesService,
    private readonly reach: ReachService,
    private readonly writer: Writer,
    private readonly segments: SegmentsService,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** One query, and one more where there are pictures. */
  list(caller: Member | Overseer, cursor: string | undefined): Promise<OutputOf<typeof listUpdates>> {
    const { communityId } = caller;
    const page = after(cursor);
    return this.tenancy.inCommunity(communityId, async (em) => {
      const rows = await this.rows(
        em,
        caller,
        `(SELECT id, community_out_at AS at FROM loop_update WHERE community_id = $1 AND community_out_at IS NOT NULL
            AND (community_out_at, id) < ($4, $5) ORDER BY community_out_at DESC, id DESC LIMIT $6)
         UNION ALL
         (SELECT u.id, u.contributors_out_at FROM loop_update u WHERE u.community_id = $1 AND u.community_out_at IS NULL
            AND (u.contributors_out_at, u.id) < ($4, $5) AND ${visible}
          ORDER BY u.contributors_out_at DESC, u.id DESC LIMIT $6)`,
        [page.at, page.id, FEED_PAGE + 1],
      );
      return {
        updates: await this.cards(em, communityId, rows.slice(0, FEED_PAGE)),
        next: cursorOf(rows, FEED_PAGE),
      };
    });
  }

  read(caller: Member | Overseer, updateId: string): Promise<UpdatePage> {
    const { communityId, memberId } = caller;
    return this.tenancy.inCommunity(communityId, async (em) => {
      const row = await this.row(em, caller, updateId);
      const versions: (Omit<UpdatePage['versions'][number], 'at'> & { at: Date })[] = await em.query(
        `SELECT version, at, note, body ->> 'title' AS title, body ->> 'youSaid' AS "youSaid", body ->> 'weDid' AS "weDid",
           body ->> 'because' AS because, body ->> 'outcome' AS outcome
         FROM update_version WHERE community_id = $1 AND update_id = $2 ORDER BY version DESC`,
        [communityId, updateId],
      );
      const [update] = await this.cards(em, communityId, [row]);
      return {
        update: update!,
        versions: versions.map(({ at, ...version }) => ({ ...version, at: at.toISOString() })),
        thread: await this.contributions.listThread(em, updateId, memberId ?? null),
      };
    });
  }

  /** Words of others as far as they agreed to be quoted; one's own; for the team all of them. */
  evidence(
    caller: Member | Overseer,
    updateId: string,
    cursor: string | undefined,
  ): Promise<OutputOf<typeof listEvidence>> {
    const { communityId, memberId } = caller;
    const page = after(cursor);
    return this.tenancy.inCommunity(communityId, async (em) => {
      const isDraft =
        caller.role !== undefined && isTeam(caller) && (await this.drafts.isWorkedOnBy(em, caller, updateId));
      if (!isDraft) await this.row(em, caller, updateId);
      const rows: (Omit<Evidence, 'at'> & { at: Date; id: string; mark: string; unseen: number })[] =
        await em.query(
          `WITH fed AS (
             SELECT c.id, c.type, c.body, c.at, c.room_id, c.author_id, us.theme_id, c.author_id = $2 AS mine,
               ${consented('quoteNamed')} AS named,
               c.author_id = $2 OR $3 OR (c.moderation IN ('published', 'merged') AND NOT c.team_only
                 AND (${consented('quoteNamed')} OR ${consented('quoteAnonymous')})) AS shown
             FROM update_source us JOIN contribution c ON c.community_id = $1 AND c.id = us.contribution_id
             WHERE us.community_id = $1 AND us.update_id = $4 AND c.moderation <> 'withdrawn')
           SELECT fed.id, fed.id AS "contributionId", fed.type, fed.body AS words, fed.at, ${markOf('fed.at')} AS mark,
             CASE WHEN fed.named OR fed.mine THEN m.handle END AS handle, fed.mine, t.label AS theme,
             CASE WHEN fed.mine OR space_seen(s, $2::uuid) AND NOT EXISTS (SELECT FROM activity a WHERE a.community_id = $1
               AND a.id = s.id AND a.segment_id = ANY ($8))
               THEN json_build_object('id', s.id, 'kind', s.kind, 'title', s.title) END AS space,
             (SELECT count(*)::int FROM fed WHERE NOT shown) AS unseen
           FROM fed JOIN member m ON m.community_id = $1 AND m.id = fed.author_id
           JOIN space s ON s.community_id = $1 AND s.id = fed.room_id
           LEFT JOIN theme t ON t.community_id = $1 AND t.id = fed.theme_id
           WHERE fed.shown AND (fed.at, fed.id) < ($5, $6) ORDER BY fed.at DESC, fed.id DESC LIMIT $7`,
          [
            ...[communityId, memberId ?? null, isTeam(caller), updateId, page.at, page.id, EVIDENCE_PAGE + 1],
            await this.segments.withoutThem(em, caller),
          ],
        );
      const unseen = rows[0]?.unseen ?? (isDraft ? 0 : (await this.row(em, caller, updateId)).contributions);
      return {
        evidence: rows.slice(0, EVIDENCE_PAGE).map(({ at, id: _, mark: __, unseen: ___, ...row }) => ({
          ...row,
          at: at.toISOString(),
        })),
        next: cursorOf(rows, EVIDENCE_PAGE),
        unseen: cursor ? 0 : unseen,
      };
    });
  }

  /** Two queries a page. */
  impact(
    caller: Member,
    { cursor, spaceId }: { cursor?: string | undefined; spaceId?: string | undefined },
  ): Promise<Impact> {
    const { communityId } = caller;
    return this.tenancy.inCommunity(communityId, async (em) => {
      const { items, ...rest } = await this.fate.listOwn(em, caller, { cursor, spaceId });
      const rows: { contributionId: string; id: string; title: string; outcome: Outcome }[] = items.length
        ? await em.query(
            `SELECT us.contribution_id AS "contributionId", u.id, u.title, u.outcome FROM update_source us
             JOIN loop_update u ON u.community_id = $1 AND u.id = us.update_id
             WHERE us.community_id = $1 AND us.contribution_id = ANY ($2) AND u.contributors_out_at IS NOT NULL
             ORDER BY u.contributors_out_at`,
            [communityId, items.map(({ id }) => id)],
          )
        : [];
      return {
        ...rest,
        items: items.map((item) => ({
          ...item,
          updates: rows
            .filter(({ contributionId }) => contributionId === item.id)
            .map(({ id, title, outcome }) => ({ id, title, outcome })),
        })),
      };
    });
  }

  /** A later verdict replaces the earlier. Enough who say no reopen it, before everybody's eyes. */
  verify(caller: Member, updateId: string, verdict: Verdict): Promise<Verification> {
    const { communityId, memberId } = caller;
    return this.tenancy.inCommunity(communityId, async (em) => {
      await em.query('SELECT FROM loop_update WHERE community_id = $1 AND id = $2 FOR UPDATE', [
        communityId,
        updateId,
      ]);
      const { judgeUntil, reopenedAt, withdrawnAt } = await this.row(em, caller, updateId);
      if (!judgeUntil || judgeUntil < new Date() || reopenedAt || withdrawnAt)
        throw new AppError('update.moved', 'There is nothing to judge now.');
      await em.query(
        `INSERT INTO verdict (community_id, update_id, member_id, verdict) VALUES ($1, $2, $3, $4)
         ON CONFLICT (community_id, update_id, member_id) DO UPDATE SET verdict = $4, at = now()`,
        [communityId, updateId, memberId, verdict],
      );
      await em.query(
        `UPDATE loop_update u SET yes = v.yes, partly = v.partly, no = v.no FROM (
           SELECT count(*) FILTER (WHERE verdict = 'yes')::int AS yes,
             count(*) FILTER (WHERE verdict = 'partly')::int AS partly, count(*) FILTER (WHERE verdict = 'no')::int AS no
           FROM verdict WHERE community_id = $1 AND update_id = $2) AS v
         WHERE u.community_id = $1 AND u.id = $2`,
        [communityId, updateId],
      );
      await this.reach.settleLike(em, communityId, `update.${updateId}.verify.`, memberId);
      const row = await this.row(em, caller, updateId);
      if (isReopened(row)) await this.dispute(em, communityId, row);
      return verificationOf(await this.row(em, caller, updateId));
    });
  }

  private async dispute(em: EntityManager, communityId: string, { id, title }: Row) {
    await em.query('UPDATE loop_update SET reopened_at = now() WHERE community_id = $1 AND id = $2', [
      communityId,
      id,
    ]);
    const sources = await this.drafts.sources(em, communityId, id);
    await this.fate.move(em, communityId, sources, {
      to: 'disputed',
      byId: null,
      detail: { updateId: id, updateTitle: title },
    });
    const on = new Date(Date.now() + ANSWER_DAYS * 86_400_000).toISOString().slice(0, 10);
    await this.updates.reopen(em, communityId, { id, title }, null, on, null);
  }

  /** Said of how it was done. */
  async comment(caller: Member, updateId: string, opId: string, body: string) {
    const { communityId, memberId, handle, role } = caller;
    await this.tenancy.inCommunity(communityId, (em) => this.row(em, caller, updateId));
    const { comment, fate } = await this.writer.write(this.contributions.comments, {
      communityId,
      memberId,
      opId,
      input: { roomId: updateId, author: { memberId, handle, role }, body, cueId: null, second: null },
    });
    return { id: comment.id, moderation: fate.moderation };
  }

  /** 404 until it is out to the public and may be passed on. */
  readPublic(communityId: string, updateId: string): Promise<PublicUpdate> {
    return this.tenancy.inCommunity(communityId, async (em) => {
      const [row] = (await em.query(
        `SELECT brand.name AS brand, community.name AS community, u.title, u.you_said AS "youSaid", u.we_did AS "weDid",
           u.because, u.outcome, json_build_object('name', m.handle, 'title', m.title) AS by, u.public_out_at AS at,
           CASE WHEN u.contributors >= ${MIN_N} THEN u.contributors END AS contributors
         FROM loop_update u JOIN member m ON m.community_id = $1 AND m.id = u.owner_id
         JOIN community ON community.id = $1 JOIN brand ON brand.id = community.brand_id
         WHERE u.community_id = $1 AND u.id = $2 AND u.public_out_at IS NOT NULL AND u.shareable AND u.status <> 'withdrawn'`,
        [communityId, updateId],
      )) as (Omit<PublicUpdate, 'at'> & { at: Date })[];
      if (!row) throw notFound();
      return { ...row, at: row.at.toISOString() };
    });
  }

  private async row(em: EntityManager, caller: Member | Overseer, updateId: string): Promise<Row> {
    const [row] = await this.rows(
      em,
      caller,
      `SELECT u.id, coalesce(u.community_out_at, u.contributors_out_at) AS at FROM loop_update u
       WHERE u.community_id = $1 AND u.id = $4 AND ${visible}`,
      [updateId],
    );
    if (!row) throw notFound();
    return row;
  }

  /**
   * Updates with all that a card needs; `which` answers id and at, with the caller in $1 to $3. What belongs to a card
   * is looked up for each, not joined: a plan for joins reads whole tables as they grow.
   */
  private rows(
    em: EntityManager,
    caller: Member | Overseer,
    which: string,
    values: unknown[],
  ): Promise<Row[]> {
    const limit = values.length > 1 ? `LIMIT $${values.length + 3}` : '';
    return em.query(
      `WITH page AS (SELECT * FROM (${which}) AS found ORDER BY at DESC, id DESC ${limit})
       SELECT u.id, u.status, u.title, u.you_said AS "youSaid", u.we_did AS "weDid", u.because, u.outcome,
         u.due_on::text AS "on", (SELECT json_build_object('name', m.handle, 'title', m.title) FROM member m
           WHERE m.community_id = $1 AND m.id = u.owner_id) AS by, page.at,
         ${markOf('page.at')} AS mark, u.before_asset_id AS "beforeAssetId", u.after_asset_id AS "afterAssetId",
         (SELECT json_build_object('spaceId', s.id, 'kind', s.kind, 'title', s.title, 'dueOn', s.answer_by)
          FROM space s WHERE s.community_id = $1 AND s.id = u.space_id AND u.keeps_promise) AS promise,
         u.contributors, u.contributions, u.shareable, u.community_out_at AS "communityOutAt",
         u.public_out_at AS "publicOutAt", u.delivered_at AS "deliveredAt", u.judge_until AS "judgeUntil",
         u.verified_at AS "verifiedAt", u.reopened_at AS "reopenedAt", u.yes, u.partly, u.no,
         (SELECT v.verdict FROM verdict v WHERE v.community_id = $1 AND v.update_id = u.id AND v.member_id = $2) AS verdict,
         u.withdrawn_at AS "withdrawnAt", u.withdrawn_because AS "withdrawnBecause",
         (SELECT json_build_object('id', k.id, 'kind', k.kind, 'title', k.title) FROM space k
          WHERE k.community_id = $1 AND k.id = u.consultation_id) AS consultation,
         (SELECT count(*)::int FROM update_version o WHERE o.community_id = $1 AND o.update_id = u.id) AS corrected,
         (SELECT coalesce(json_agg(json_build_object('contributionId', own.id, 'words', own.body)), '[]') FROM (
            SELECT c.id, left(c.body, 300) AS body FROM update_source us
            JOIN contribution c ON c.community_id = $1 AND c.id = us.contribution_id AND c.moderation <> 'withdrawn'
            WHERE us.community_id = $1 AND us.author_id = $2 AND us.update_id = u.id ORDER BY c.at LIMIT ${OWN_WORDS})
          AS own) AS mine,
         (SELECT coalesce(json_agg(named.handle), '[]') FROM (
SELECT (SELECT who.handle FROM member who WHERE who.community_id = $1 AND who.id = agreed.id) AS handle
            FROM (SELECT DISTINCT us.author_id AS id FROM update_source us
              WHERE us.community_id = $1 AND us.update_id = u.id
                AND (SELECT true FROM consent a WHERE a.community_id = $1 AND a.member_id = us.author_id
                  AND a.purpose = 'quoteNamed' AND a.withdrawn_at IS NULL)
                AND (SELECT c.moderation IN ('published', 'merged') AND NOT c.team_only FROM contribution c
                  WHERE c.community_id = $1 AND c.id = us.contribution_id)
              LIMIT ${THANKED}) AS agreed) AS named) AS thanked
       FROM page JOIN loop_update u ON u.community_id = $1 AND u.id = page.id
       WHERE $3 IS NOT NULL ORDER BY page.at DESC, page.id DESC`,
      [caller.communityId, caller.memberId ?? null, isTeam(caller), ...values],
    );
  }

  private async cards(em: EntityManager, communityId: string, rows: readonly Row[]): Promise<UpdateCard[]> {
    const wanted = rows.flatMap(({ beforeAssetId, afterAssetId }) =>
      [beforeAssetId ?? [], afterAssetId ?? []].flat(),
    );
    const assets = await this.assets.assets(em, communityId, wanted);
    return rows.map((row) => {
      const { beforeAssetId, afterAssetId, communityOutAt, publicOutAt, shareable } = row;
      const { withdrawnAt, withdrawnBecause, consultation } = row;
      return {
        ...row,
        at: row.at.toISOString(),
        before: assets.get(beforeAssetId ?? '') ?? null,
        after: assets.get(afterAssetId ?? '') ?? null,
        contributorsOnly: communityOutAt === null,
        publicUrl:
          publicOutAt && shareable && !withdrawnAt
            ? `${this.config.publicUrl}/public/${communityId}/${row.id}`
            : null,
        verification: verificationOf(row),
        withdrawn: withdrawnAt && {
          at: withdrawnAt.toISOString(),
          because: withdrawnBecause ?? '',
          consultation,
        },
      };
    });
  }
}

/** SQL for an agreement of contribution `c`'s author that stands at this moment. */
const consented = (purpose: string) =>
  `EXISTS (SELECT FROM consent a WHERE a.community_id = $1 AND a.member_id = c.author_id AND a.purpose = '${purpose}'
    AND a.withdrawn_at IS NULL)`;

function verificationOf(row: Row): Verification {
  const { deliveredAt, judgeUntil, verifiedAt, reopenedAt, yes, partly, no, verdict } = row;
  const state = reopenedAt ? 'reopened' : verifiedAt ? 'verified' : deliveredAt ? 'open' : 'waiting';
  return {
    state,
    deliveredAt: deliveredAt?.toISOString() ?? null,
    until: judgeUntil?.toISOString() ?? null,
    verdicts: yes + partly + no >= MIN_N ? { yes, partly, no } : null,
    mine: verdict,
  };
}
