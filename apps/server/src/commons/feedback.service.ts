import { Injectable } from '@nestjs/common';
import type { InputOf, OutputOf } from '@parley/contracts/contract';
import type { Fate, Named } from '@parley/contracts/contributions';
import {
  type FeedbackItem,
  feedbackNews,
  type FeedbackPrompt,
  type listFeedback,
  type readFeedbackPrompt,
  SCENE_SECONDS,
  type sendFeedback,
  type setFeedback,
  type setPrompt,
} from '@parley/contracts/feedback';
import type { EntityManager } from 'typeorm';
import { ContributionsService, type Said } from '../contributions/contributions.service';
import { PromisesService } from '../loop/promises.service';
import { AssetsService } from '../media/assets.service';
import type { Member } from '../platform/doors';
import { AppError, notFound } from '../platform/errors';
import { idOf } from '../platform/ids';
import { Jobs } from '../platform/jobs';
import { after, cursorOf, markOf } from '../platform/pages';
import { Sockets } from '../platform/sockets';
import { Tenancy } from '../platform/tenancy';
import { type Kind, type Write, Writer } from '../platform/writer';
import { ReachService } from '../reach/reach.service';

interface Sent extends Said {
  cueId: string | null;
  second: number | null;
  page: string;
  mood: number | null;
  prompt: string | null;
}

const PAGE = 30;
const LATE_MOST = 1_000;
const recent = `f.at > now() - interval '90 days'`;
/** SQL for feedback `f` that was not taken back, as contribution `c`. */
const source = `feedback f JOIN contribution c ON c.community_id = f.community_id AND c.id = f.id
  AND c.moderation NOT IN ('withdrawn', 'split')`;
/** SQL for by when the answer to feedback `f` was promised by the rule `r`; null once there is one. */
const answerBy = `CASE WHEN c."loop" IN ('received', 'read', 'grouped') AND NOT EXISTS (SELECT FROM receipt done
    WHERE done.community_id = $1 AND done.contribution_id = f.id AND done.kind = 'replied')
  THEN f.at + make_interval(days => r.reply_days) END`;
/** SQL for what is late with its answer. */
const late = `SELECT FROM ${source}
  JOIN feedback_rule r ON r.community_id = $1 WHERE f.community_id = $1
    AND ${recent} AND f.at < now() - make_interval(days => r.reply_days) AND ${answerBy} IS NOT NULL LIMIT ${LATE_MOST}`;

/** What members say without being asked. It is for the team alone, and a contribution like any: read, grouped, answered. */
@Injectable()
export class FeedbackService {
  private readonly feedback: Kind<Sent, { id: string; fate: Fate }>;

  constructor(
    private readonly tenancy: Tenancy,
    private readonly writer: Writer,
    private readonly sockets: Sockets,
    private readonly contributions: ContributionsService,
    private readonly promises: PromisesService,
    private readonly assets: AssetsService,
    private readonly reach: ReachService,
    jobs: Jobs,
  ) {
    jobs.everywhere('feedback-late', '17 * * * *', (communityId) => this.watch(communityId));
    this.feedback = { name: 'feedback', store: (em, writes) => this.store(em, writes) };
  }

  async prompt(
    caller: Member,
    { page, assetId }: InputOf<typeof readFeedbackPrompt>,
  ): Promise<FeedbackPrompt | null> {
    if (assetId) await this.assets.read(caller, assetId);
    return this.tenancy.inCommunity(caller.communityId, (em) =>
      this.promptOf(em, caller.communityId, page, assetId ?? null),
    );
  }

  /** The asset's own question before the page's. */
  private async promptOf(
    em: EntityManager,
    communityId: string,
    page: string,
    assetId: string | null,
  ): Promise<FeedbackPrompt | null> {
    const [row] = (await em.query(
      `SELECT json_build_object('name', s.owner_name, 'title', s.owner_title) AS owner, r.reply_days AS "replyDays",
         (SELECT p.prompt FROM feedback_prompt p WHERE p.community_id = $1 AND (p.asset_id = $3 OR p.page = $2)
          ORDER BY p.asset_id IS NULL LIMIT 1) AS prompt
       FROM feedback_rule r JOIN space s ON s.community_id = $1 AND s.id = r.space_id WHERE r.community_id = $1`,
      [communityId, page, assetId],
    )) as FeedbackPrompt[];
    return row ?? null;
  }

  async send(caller: Member, input: InputOf<typeof sendFeedback>): Promise<{ id: string; fate: Fate }> {
    const { communityId, memberId, handle, role } = caller;
    const { opId, page, assetId, second, mood, body } = input;
    // Only of what one may see.
    if (assetId) await this.assets.read(caller, assetId);
    const { spaceId, prompt } = await this.tenancy.inCommunity(communityId, async (em) => {
      const [rule] = (await em.query(
        'SELECT space_id AS "spaceId" FROM feedback_rule WHERE community_id = $1',
        [communityId],
      )) as { spaceId: string }[];
      if (!rule) throw notFound();
      return { ...rule, prompt: (await this.promptOf(em, communityId, page, assetId))?.prompt ?? null };
    });
    const sent: Sent = {
      ...{ roomId: spaceId, author: { memberId, handle, role }, body, teamOnly: true },
      ...{ cueId: assetId, second: assetId ? second : null, page, mood, prompt },
    };
    return this.writer.write(this.feedback, { communityId, memberId, opId, input: sent });
  }

  private async store(em: EntityManager, writes: Write<Sent>[]) {
    const { communityId } = writes[0]!;
    const outcomes = await this.contributions.store(em, writes, 'comment', ({ id }, fate) => ({ id, fate }));
    const stored = outcomes.flatMap((outcome, at) =>
      outcome instanceof AppError ? [] : [{ id: outcome.result.id, ...writes[at]!.input }],
    );
    await em.query(
      `INSERT INTO feedback (community_id, id, page, asset_id, second, mood, prompt)
       SELECT $1, f.id, f.page, f."cueId", f.second, f.mood, f.prompt
       FROM json_to_recordset($2::json) AS f (id uuid, page text, "cueId" uuid, second int, mood int, prompt text)`,
      [
        communityId,
        JSON.stringify(
          stored.map(({ id, page, cueId, second, mood, prompt }) => ({
            id,
            page,
            cueId,
            second,
            mood,
            prompt,
          })),
        ),
      ],
    );
    const team: { id: string }[] = await em.query(
      `SELECT id FROM member WHERE community_id = $1 AND role <> 'member' AND status = 'active'`,
      [communityId],
    );
    const hears = new Set(team.map(({ id }) => id));
    for (const outcome of outcomes) {
      if (outcome instanceof AppError) continue;
      const before = outcome.committed;
      outcome.committed = () => {
        before?.();
        this.sockets.news(communityId, feedbackNews, {}, hears);
      };
    }
    return outcomes;
  }

  // --- the team ---

  list(
    { communityId }: Member,
    { page, assetId, scene, cursor }: InputOf<typeof listFeedback>,
  ): Promise<OutputOf<typeof listFeedback>> {
    const from = after(cursor);
    return this.tenancy.inCommunity(communityId, async (em) => {
      const rows: (Omit<FeedbackItem, 'at' | 'answerBy'> & {
        at: Date;
        answerBy: Date | null;
        mark: string;
      })[] = await em.query(
        `SELECT f.id, f.page, CASE WHEN a.id IS NOT NULL THEN json_build_object('id', a.id, 'title', a.title) END AS asset,
           f.second, f.mood, c.body, m.handle AS author, f.at, ${markOf('f.at')} AS mark, f.prompt,
           ${answerBy} AS "answerBy"
         FROM ${source} LEFT JOIN feedback_rule r ON r.community_id = $1 JOIN member m ON m.community_id = $1 AND m.id = c.author_id
         LEFT JOIN asset a ON a.community_id = $1 AND a.id = f.asset_id
         WHERE f.community_id = $1 AND ($2::text IS NULL OR f.page = $2) AND ($3::uuid IS NULL OR f.asset_id = $3)
           AND ($4::int IS NULL OR (f.second >= $4 AND f.second < $4 + ${SCENE_SECONDS}))
           AND (f.at, f.id) < ($5, $6) ORDER BY f.at DESC, f.id DESC LIMIT ${PAGE + 1}`,
        [communityId, page ?? null, assetId ?? null, scene ?? null, from.at, from.id],
      );
      const pages: OutputOf<typeof listFeedback>['pages'] = await em.query(
        `SELECT f.page, count(*)::int AS count, round(avg(f.mood), 1)::float8 AS mood FROM ${source}
         WHERE f.community_id = $1 AND ${recent} GROUP BY f.page ORDER BY count DESC, f.page`,
        [communityId],
      );
      const assets: OutputOf<typeof listFeedback>['assets'] = await em.query(
        `SELECT a.id, a.title, count(*)::int AS count, round(avg(f.mood), 1)::float8 AS mood FROM ${source}
         JOIN asset a ON a.community_id = $1 AND a.id = f.asset_id
         WHERE f.community_id = $1 AND ${recent} GROUP BY a.id, a.title ORDER BY count DESC, a.title LIMIT 50`,
        [communityId],
      );
      const scenes: OutputOf<typeof listFeedback>['scenes'] = assetId
        ? await em.query(
            `SELECT (f.second / ${SCENE_SECONDS}) * ${SCENE_SECONDS} AS "from", count(*)::int AS count,
               round(avg(f.mood), 1)::float8 AS mood FROM ${source}
             WHERE f.community_id = $1 AND f.asset_id = $2 AND f.second IS NOT NULL AND ${recent} GROUP BY 1 ORDER BY 1`,
            [communityId, assetId],
          )
        : [];
      const prompts: OutputOf<typeof listFeedback>['prompts'] = await em.query(
        `SELECT page, asset_id AS "assetId", prompt FROM feedback_prompt WHERE community_id = $1 ORDER BY page, asset_id`,
        [communityId],
      );
      const [settings] = (await em.query(
        `SELECT json_build_object('name', s.owner_name, 'title', s.owner_title) AS owner, r.reply_days AS "replyDays"
         FROM feedback_rule r JOIN space s ON s.community_id = $1 AND s.id = r.space_id WHERE r.community_id = $1`,
        [communityId],
      )) as { owner: Named; replyDays: number | null }[];
      const [overdue] = (await em.query(`SELECT count(*)::int FROM (${late}) AS late`, [communityId])) as {
        count: number;
      }[];
      return {
        items: rows.slice(0, PAGE).map(({ at, answerBy: by, ...row }) => ({
          ...{ ...row, at: at.toISOString(), answerBy: by?.toISOString() ?? null },
        })),
        next: cursorOf(rows, PAGE),
        ...{ pages, assets, scenes, prompts, settings: settings ?? null },
        overdue: overdue!.count,
      };
    });
  }

  /** Who answers for it, and the managers, are told once a day of answers that are late. */
  async watch(communityId: string): Promise<void> {
    await this.tenancy.inCommunity(communityId, async (em) => {
      const [{ count }] = (await em.query(`SELECT count(*)::int FROM (${late}) AS late`, [communityId])) as [
        { count: number },
      ];
      if (!count) return;
      const told: { id: string }[] = await em.query(
        `SELECT m.id FROM member m WHERE m.community_id = $1 AND m.status = 'active' AND (m.role = 'manager' OR m.id = (
           SELECT s.owner_id FROM feedback_rule r JOIN space s ON s.community_id = $1 AND s.id = r.space_id
           WHERE r.community_id = $1) AND m.role <> 'member')`,
        [communityId],
      );
      const cause = `feedback.late.${new Date().toISOString().slice(0, 10)}`;
      await this.reach.tell(
        em,
        communityId,
        told.map(({ id }) => ({ memberId: id, kind: 'feedbackLate', cause, data: { count } })),
      );
    });
  }

  /** Opens it with its promise; once it is open, only whether an answer comes is changed. */
  async set(
    { communityId }: Member,
    { owner, reportBackOn, replyDays }: InputOf<typeof setFeedback>,
  ): Promise<void> {
    const spaceId = idOf('feedback', communityId);
    await this.tenancy.inCommunity(communityId, async (em) => {
      const made: unknown[] = await em.query(
        'INSERT INTO room (community_id, id, open) VALUES ($1, $2, true) ON CONFLICT DO NOTHING RETURNING id',
        [communityId, spaceId],
      );
      if (made.length)
        await this.promises.make(em, communityId, {
          ...{
            id: spaceId,
            kind: 'feedback',
            title: 'Said without being asked',
            owner,
            answerBy: reportBackOn,
          },
          purpose: 'To hear what nobody asked about.',
          ...{ decision: 'What of it is put right.', informsOnly: true },
        });
      await em.query(
        `INSERT INTO feedback_rule (community_id, space_id, reply_days) VALUES ($1, $2, $3)
         ON CONFLICT (community_id) DO UPDATE SET reply_days = $3`,
        [communityId, spaceId, replyDays],
      );
    });
  }

  async setPrompt(
    { communityId }: Member,
    { page, assetId, prompt }: InputOf<typeof setPrompt>,
  ): Promise<void> {
    await this.tenancy.inCommunity(communityId, async (em) => {
      if (prompt === null) {
        await em.query(
          'DELETE FROM feedback_prompt WHERE community_id = $1 AND page IS NOT DISTINCT FROM $2 AND asset_id IS NOT DISTINCT FROM $3',
          [communityId, page, assetId],
        );
        return;
      }
      const there: unknown[] = assetId
        ? await em.query('SELECT FROM asset WHERE community_id = $1 AND id = $2', [communityId, assetId])
        : [true];
      if (!there.length) throw notFound();
      await em.query(
        `INSERT INTO feedback_prompt (community_id, page, asset_id, prompt) VALUES ($1, $2, $3, $4)
         ON CONFLICT (community_id, coalesce(page, asset_id::text)) DO UPDATE SET prompt = excluded.prompt`,
        [communityId, page, assetId, prompt],
      );
    });
  }
}
