import { Injectable } from '@nestjs/common';
import {
  type Excerpt,
  GALLERY_PAGE,
  type readGallery,
  type saveExcerpt,
  type Submission,
} from '@parley/contracts/activities';
import type { InputOf, OutputOf } from '@parley/contracts/contract';
import type { EntityManager } from 'typeorm';
import { excerptOf, FateService } from '../contributions/fate.service';
import { ModerationService } from '../contributions/moderation.service';
import { ThemesService } from '../contributions/themes.service';
import { AssetsService } from '../media/assets.service';
import type { Member } from '../platform/doors';
import { AppError, notFound } from '../platform/errors';
import { after, cursorOf } from '../platform/pages';
import { Tenancy } from '../platform/tenancy';
import { ReachService } from '../reach/reach.service';
import { ActivitiesService } from './activities.service';
import {
  activityOf,
  assetIdsOf,
  isPublished,
  type Published,
  stateOf,
  submissionColumns,
  submissionOf,
  type SubmissionRow,
  submissionSource,
  tasksOf,
  textsOf,
} from './activities.sql';

type Filter = Omit<InputOf<typeof readGallery>, 'communityId' | 'activityId' | 'cursor'>;
type Gallery = OutputOf<typeof readGallery>;

/** What the team does with what was sent: looks, takes, gives back, shows first, and cuts out what says it. */
@Injectable()
export class GalleryService {
  constructor(
    private readonly tenancy: Tenancy,
    private readonly activities: ActivitiesService,
    private readonly assets: AssetsService,
    private readonly moderation: ModerationService,
    private readonly fate: FateService,
    private readonly themes: ThemesService,
    private readonly reach: ReachService,
  ) {}

  /** A page, and what all that the filters leave says together. */
  read(
    { communityId }: Member,
    activityId: string,
    { cursor, ...filter }: Filter & { cursor?: string | undefined },
  ): Promise<Gallery> {
    return this.tenancy.inCommunity(communityId, async (em) => {
      const activity = await published(em, communityId, activityId);
      const { sql, values } = await this.where(em, communityId, activityId, filter);
      const page = after(cursor);
      const rows: SubmissionRow[] = await em.query(
        `SELECT ${submissionColumns} FROM ${submissionSource} WHERE ${sql}
           AND (s.sent_at, s.id) < ($${values.length + 1}, $${values.length + 2})
         ORDER BY s.sent_at DESC, s.id DESC LIMIT ${GALLERY_PAGE + 1}`,
        [...values, page.at, page.id],
      );
      const [{ count, answers }] = (await em.query(tallied(sql), values)) as [
        { count: number; answers: AnswerCount[] },
      ];
      const assets = await this.assets.assets(em, communityId, assetIdsOf(activity.body));
      return {
        activity: await this.activities.onDesk(em, communityId, activityId),
        tasks: tasksOf(activity, assets),
        submissions: rows.slice(0, GALLERY_PAGE).map(forTeam),
        next: cursorOf(rows, GALLERY_PAGE),
        count,
        tallies: tallies(activity, answers),
      };
    });
  }

  /** SQL for what the filters leave, and its values. */
  async where(em: EntityManager, communityId: string, activityId: string, filter: Filter) {
    const values: unknown[] = [communityId, activityId];
    const conditions = ['s.community_id = $1', 's.activity_id = $2'];
    const add = (condition: (place: string) => string, value: unknown) => {
      values.push(value);
      conditions.push(condition(`$${values.length}`));
    };
    const { taskId, state, media, words, segmentId, quotable, entry, optionId } = filter;
    if (state) add((at) => `${stateOf} = ${at}`, state);
    else conditions.push('s.withdrawn_at IS NULL');
    if (taskId)
      add((at) => `s.answers @> jsonb_build_array(jsonb_build_object('taskId', ${at}::text))`, taskId);
    if (optionId)
      add(
        (at) =>
          `jsonb_path_exists(s.answers, '$[*].choices[*] ? (@ == $o)', jsonb_build_object('o', ${at}::text))`,
        optionId,
      );
    if (media === 'none')
      conditions.push(
        `NOT EXISTS (SELECT FROM attachment sm WHERE sm.community_id = $1 AND sm.contribution_id = s.id)`,
      );
    else if (media)
      add(
        (at) => `EXISTS (SELECT FROM attachment sm JOIN media f ON f.community_id = $1 AND f.id = sm.media_id
          WHERE sm.community_id = $1 AND sm.contribution_id = s.id AND f.kind = ${at})`,
        media,
      );
    if (words) add((at) => `position(lower(${at}) IN lower(c.body)) > 0`, words);
    if (quotable) conditions.push(`s.quote <> 'no'`);
    if (entry) add((at) => `s.entry = ${at}`, entry);
    if (segmentId)
      add((at) => `s.member_id = ANY (${at})`, await this.activities.people(em, communityId, segmentId));
    return { sql: conditions.join(' AND '), values };
  }

  /** Takes it as done well. What still waits for moderation is let through with it. */
  async accept(caller: Member, activityId: string, submissionId: string): Promise<Submission> {
    const { communityId, memberId } = caller;
    const before = await this.one(caller, activityId, submissionId);
    if (before.moderation === 'held')
      await this.moderation.decide(caller, {
        contributionIds: [submissionId],
        decision: { action: 'approve' },
      });
    await this.tenancy.inCommunity(communityId, async (em) => {
      const row = await lock(em, communityId, activityId, submissionId);
      if (row.acceptedAt) return;
      if (row.authorId === memberId) throw new AppError('auth.forbidden', 'Somebody else looks at your own.');
      if (row.moderation !== 'published' || !row.ready)
        throw new AppError('activity.moved', 'It is not where it could be taken: look again.');
      await em.query(
        'UPDATE submission SET accepted_at = now(), accepted_by = $3 WHERE community_id = $1 AND id = $2',
        [communityId, submissionId, memberId],
      );
      await this.tell(em, caller, row, 'accepted');
    });
    return this.one(caller, activityId, submissionId);
  }

  /** Gives it back to be mended. */
  async giveBack(
    caller: Member,
    activityId: string,
    submissionId: string,
    { note, taskIds }: { note: string; taskIds: string[] },
  ): Promise<Submission> {
    const { communityId, memberId } = caller;
    await this.tenancy.inCommunity(communityId, async (em) => {
      await lock(em, communityId, activityId, submissionId);
      if (!(await this.moderation.giveBack(em, communityId, submissionId, { byId: memberId, note })))
        throw new AppError('activity.moved', 'It is not where it could be given back: look again.');
      await em.query(
        `UPDATE submission SET return_tasks = $3, accepted_at = NULL, accepted_by = NULL, featured_at = NULL
         WHERE community_id = $1 AND id = $2`,
        [communityId, submissionId, taskIds],
      );
    });
    return this.one(caller, activityId, submissionId);
  }

  /** Shows it first to all members, where its author agreed to be quoted. */
  async feature(
    caller: Member,
    activityId: string,
    submissionId: string,
    featured: boolean,
  ): Promise<Submission> {
    const { communityId } = caller;
    await this.tenancy.inCommunity(communityId, async (em) => {
      const row = await lock(em, communityId, activityId, submissionId);
      if (featured === (row.featuredAt !== null)) return;
      if (featured && row.quote === 'no')
        throw new AppError('submission.noConsent', 'Its author does not agree to be quoted.');
      if (featured && (!row.acceptedAt || row.moderation !== 'published' || row.teamOnly))
        throw new AppError('activity.moved', 'Only what was accepted, and others see, can be featured.');
      await em.query(
        'UPDATE submission SET featured_at = CASE WHEN $3 THEN now() END WHERE community_id = $1 AND id = $2',
        [communityId, submissionId, featured],
      );
      if (featured) await this.tell(em, caller, row, 'featured');
    });
    return this.one(caller, activityId, submissionId);
  }

  private async tell(
    em: EntityManager,
    { communityId, memberId }: Member,
    { id, authorId, body }: Locked,
    step: 'accepted' | 'featured',
  ) {
    await this.fate.write(em, communityId, [{ contributionId: id, kind: step, byId: memberId, detail: {} }]);
    await this.reach.tell(em, communityId, [
      {
        memberId: authorId,
        kind: 'receipt',
        cause: `submission.${id}.${step}`,
        data: { contributionId: id, words: excerptOf(body), step },
      },
    ]);
  }

  private one({ communityId }: Member, activityId: string, submissionId: string): Promise<Submission> {
    return this.tenancy.inCommunity(communityId, async (em) => {
      const [row] = (await em.query(
        `SELECT ${submissionColumns} FROM ${submissionSource} WHERE s.community_id = $1 AND s.activity_id = $2 AND s.id = $3`,
        [communityId, activityId, submissionId],
      )) as SubmissionRow[];
      if (!row) throw notFound();
      return forTeam(row);
    });
  }

  // --- excerpts ---

  /** Words are taken as they were written; a clip lies within its film. With a theme it is evidence for that. */
  saveExcerpt(caller: Member, input: InputOf<typeof saveExcerpt>): Promise<Excerpt> {
    const { communityId, memberId } = caller;
    const { activityId, excerptId, submissionId, taskId, mediaId, from, to, words, note, themeId } = input;
    return this.tenancy.inCommunity(communityId, async (em) => {
      const row = await lock(em, communityId, activityId, submissionId);
      const answer = row.answers.find((one) => one.taskId === taskId);
      const fields: Record<string, string> = {};
      if (!answer) fields['taskId'] = 'a task that was answered';
      else if (words !== null && !textsOf(answer).some((text) => text.includes(words)))
        fields['words'] = 'exactly as they were written';
      if (answer && mediaId !== null) {
        const [file] = (await em.query(
          `SELECT m.kind, m.duration_ms::float8 AS "durationMs" FROM attachment sm
           JOIN media m ON m.community_id = $1 AND m.id = sm.media_id AND m.state = 'ready'
           WHERE sm.community_id = $1 AND sm.contribution_id = $2 AND sm.media_id = $3 AND sm.task_id = $4`,
          [communityId, submissionId, mediaId, taskId],
        )) as { kind: string; durationMs: number | null }[];
        if (!file) fields['mediaId'] = 'a file of this answer';
        else if (to !== null && to * 1_000 > (file.durationMs ?? 0)) fields['to'] = 'within the film';
      }
      if (Object.keys(fields).length)
        throw new AppError('request.invalid', 'Please check what was sent.', { fields });
      const ms = (seconds: number | null) => (seconds === null ? null : Math.round(seconds * 1_000));
      const saved: unknown[] = await em.query(
        `INSERT INTO excerpt (community_id, id, submission_id, task_id, media_id, from_ms, to_ms, words, note, theme_id, by_id)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, NULL, $10)
         ON CONFLICT (community_id, id) DO UPDATE SET task_id = $4, media_id = $5, from_ms = $6, to_ms = $7, words = $8, note = $9
         WHERE excerpt.submission_id = $3 RETURNING id`,
        [...[communityId, excerptId, submissionId, taskId, mediaId, ms(from), ms(to), words, note], memberId],
      );
      if (!saved.length) throw notFound();
      if (themeId) await this.themes.add(em, caller, themeId, [submissionId]);
      await em.query('UPDATE excerpt SET theme_id = $3 WHERE community_id = $1 AND id = $2', [
        ...[communityId, excerptId, themeId],
      ]);
      const [excerpt] = await excerpts(em, communityId, activityId, excerptId);
      return excerpt!;
    });
  }

  async removeExcerpt({ communityId }: Member, activityId: string, excerptId: string): Promise<void> {
    await this.tenancy.inCommunity(communityId, (em) =>
      em.query(
        `DELETE FROM excerpt e USING submission s WHERE e.community_id = $1 AND e.id = $3
           AND s.community_id = $1 AND s.id = e.submission_id AND s.activity_id = $2`,
        [communityId, activityId, excerptId],
      ),
    );
  }

  listExcerpts({ communityId }: Member, activityId: string): Promise<Excerpt[]> {
    return this.tenancy.inCommunity(communityId, async (em) => {
      await published(em, communityId, activityId);
      return excerpts(em, communityId, activityId, null);
    });
  }
}

const forTeam = (row: SubmissionRow) => submissionOf(row, { memberId: null, team: true });

/** One that is published; else 404. */
export async function published(
  em: EntityManager,
  communityId: string,
  activityId: string,
): Promise<Published> {
  const row = await activityOf(em, communityId, activityId);
  if (!isPublished(row)) throw notFound();
  return row;
}

interface Locked {
  id: string;
  authorId: string;
  body: string;
  answers: Submission['answers'];
  quote: Submission['quote'];
  ready: boolean;
  acceptedAt: Date | null;
  featuredAt: Date | null;
  moderation: Submission['moderation'];
  teamOnly: boolean;
}

async function lock(
  em: EntityManager,
  communityId: string,
  activityId: string,
  submissionId: string,
): Promise<Locked> {
  const [row] = (await em.query(
    `SELECT s.id, s.member_id AS "authorId", c.body, s.answers, s.quote, s.ready, s.accepted_at AS "acceptedAt",
       s.featured_at AS "featuredAt", c.moderation, c.team_only AS "teamOnly"
     FROM contribution c JOIN submission s ON s.community_id = $1 AND s.id = c.id
     WHERE c.community_id = $1 AND c.id = $3 AND s.activity_id = $2 AND s.withdrawn_at IS NULL FOR NO KEY UPDATE OF c, s`,
    [communityId, activityId, submissionId],
  )) as Locked[];
  if (!row) throw notFound();
  return row;
}

async function excerpts(
  em: EntityManager,
  communityId: string,
  activityId: string,
  excerptId: string | null,
): Promise<Excerpt[]> {
  const rows: (Omit<Excerpt, 'at' | 'from' | 'to'> & {
    at: Date;
    fromMs: number | null;
    toMs: number | null;
  })[] = await em.query(
    `SELECT e.id, e.submission_id AS "submissionId", e.task_id AS "taskId", s.quote, e.media_id AS "mediaId",
         e.from_ms AS "fromMs", e.to_ms AS "toMs", e.words, e.note, e.at, who.handle AS by,
         json_build_object('memberId', m.id, 'handle', m.handle, 'role', m.role) AS author,
         CASE WHEN t.id IS NOT NULL THEN json_build_object('id', t.id, 'label', t.label) END AS theme
       FROM excerpt e
       JOIN submission s ON s.community_id = $1 AND s.id = e.submission_id AND s.activity_id = $2
       JOIN member m ON m.community_id = $1 AND m.id = s.member_id
       JOIN member who ON who.community_id = $1 AND who.id = e.by_id
       LEFT JOIN theme t ON t.community_id = $1 AND t.id = e.theme_id
       WHERE e.community_id = $1 AND ($3::uuid IS NULL OR e.id = $3) ORDER BY e.at DESC, e.id LIMIT 500`,
    [communityId, activityId, excerptId],
  );
  return rows.map(({ at, fromMs, toMs, ...row }) => ({
    ...row,
    from: fromMs === null ? null : fromMs / 1_000,
    to: toMs === null ? null : toMs / 1_000,
    at: at.toISOString(),
  }));
}

// --- what all of it says together ---

/** How often something was answered: an option chosen, ranked at a mean place, a value given; or where a pin was set. */
interface AnswerCount {
  taskId: string;
  kind: 'pick' | 'rank' | 'scale' | 'place' | 'other';
  key: string | null;
  n: number;
  value: number;
  /** Of a pin. */
  pin: { x: number; y: number; submissionId: string } | null;
}

/** SQL: the number of submissions, and of each task what was answered how often. One row. */
const tallied = (where: string) => `WITH left_over AS (
    SELECT s.id, s.answers FROM submission s JOIN contribution c ON c.community_id = s.community_id AND c.id = s.id WHERE ${where}
  ), answer AS (
    SELECT l.id, a ->> 'taskId' AS task, a ->> 'kind' AS kind, a FROM left_over l, jsonb_array_elements(l.answers) AS a
  ), counted AS (
    SELECT task, 'other' AS kind, NULL AS key, count(*) AS n, 0 AS value, NULL::json AS pin FROM answer GROUP BY task
    UNION ALL
    SELECT task, kind, o, count(*), count(*), NULL FROM answer, jsonb_array_elements_text(a -> 'choices') AS o
      WHERE kind = 'pick' GROUP BY task, kind, o
    UNION ALL
    SELECT task, kind, o, count(*), avg(place), NULL FROM answer, jsonb_array_elements_text(a -> 'order') WITH ORDINALITY AS r (o, place)
      WHERE kind = 'rank' GROUP BY task, kind, o
    UNION ALL
    SELECT task, kind, a ->> 'value', count(*), count(*), NULL FROM answer WHERE kind = 'scale' GROUP BY task, kind, a ->> 'value'
    UNION ALL
    SELECT task, kind, NULL, 1, 0, json_build_object('x', p -> 'x', 'y', p -> 'y', 'submissionId', id)
      FROM answer, jsonb_array_elements(a -> 'pins') AS p WHERE kind = 'place'
  )
  SELECT (SELECT count(*)::int FROM left_over) AS count, coalesce((SELECT json_agg(json_build_object('taskId', task, 'kind', kind,
    'key', key, 'n', n, 'value', value, 'pin', pin)) FROM counted), '[]') AS answers`;

function tallies({ body }: Published, answers: readonly AnswerCount[]): Gallery['tallies'] {
  return body.tasks.map((task) => {
    const of = answers.filter(({ taskId }) => taskId === task.id);
    const valueOf = (key: string) => of.find((one) => one.key === key)?.value ?? 0;
    const { scale } = task;
    return {
      taskId: task.id,
      n: of.find(({ kind }) => kind === 'other')?.n ?? 0,
      options:
        task.kind === 'pick' || task.kind === 'rank'
          ? task.options.map(({ id }) => ({ optionId: id, value: valueOf(id) }))
          : null,
      values: scale
        ? Array.from({ length: scale.to - scale.from + 1 }, (_, at) => valueOf(String(scale.from + at)))
        : null,
      pins: task.kind === 'place' ? of.flatMap(({ pin }) => pin ?? []) : null,
    };
  });
}
