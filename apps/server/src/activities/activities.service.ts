import { Injectable } from '@nestjs/common';
import {
  ActivityBody,
  type ActivityCard,
  activityMoves,
  type ActivityOnDesk,
  type ActivityPage,
  entryAt,
  entryDueAt,
  type moveActivity,
  phaseOf,
  type SubmissionDraft,
} from '@parley/contracts/activities';
import type { InputOf } from '@parley/contracts/contract';
import type { Asset } from '@parley/contracts/media';
import type { EntityManager } from 'typeorm';
import { PromisesService } from '../loop/promises.service';
import { mediaJson } from '../media/attachments.service';
import { AssetsService } from '../media/assets.service';
import { ProfileService } from '../people/profile.service';
import { SegmentsService } from '../people/segments.service';
import type { Member, Overseer } from '../platform/doors';
import { AppError, notFound } from '../platform/errors';
import { Tenancy } from '../platform/tenancy';
import { ReachService } from '../reach/reach.service';
import {
  activityColumns,
  activityOf,
  type ActivityRow,
  activitySource,
  assetIdsOf,
  isPublished,
  type Published,
  sharedWith,
  submissionColumns,
  submissionOf,
  type SubmissionRow,
  submissionSource,
  tasksOf,
  timesOf,
} from './activities.sql';

type Caller = Member | Overseer;

/** What a card says of its reader. */
interface Mine {
  /** Entries of which something is sent, and of which something is begun. */
  sent: number[];
  begun: number[];
  returned: number;
}

interface Counts {
  people: number;
  begun: number;
  sent: number;
  submissions: number;
  toLookAt: number;
}

/** Activities as the team plans them and as members find them. */
@Injectable()
export class ActivitiesService {
  constructor(
    private readonly tenancy: Tenancy,
    private readonly promises: PromisesService,
    private readonly assets: AssetsService,
    private readonly segments: SegmentsService,
    private readonly profile: ProfileService,
    private readonly reach: ReachService,
  ) {
    segments.counts.set('asked.30', (em, communityId) =>
      em.query(
        `SELECT member_id AS "memberId", count(*)::int AS n FROM notification
         WHERE community_id = $1 AND kind = 'activity' AND at > now() - interval '30 days' GROUP BY member_id`,
        [communityId],
      ),
    );
    segments.counts.set('sent.30', (em, communityId) =>
      em.query(
        `SELECT member_id AS "memberId", count(*)::int AS n FROM submission
         WHERE community_id = $1 AND sent_at > now() - interval '30 days' AND withdrawn_at IS NULL GROUP BY member_id`,
        [communityId],
      ),
    );
  }

  // --- members ---

  /** Those that are for the caller: what can be done now first, of these what is due first. */
  list(caller: Caller): Promise<ActivityCard[]> {
    return this.tenancy.inCommunity(caller.communityId, async (em) => {
      const rows: (ActivityRow & { mine: Mine })[] = await em.query(
        `SELECT ${activityColumns}, ${mineOf} AS mine FROM ${activitySource}
         WHERE a.community_id = $1 AND a.status IN ('published', 'closed') ORDER BY a.due_at DESC, a.id LIMIT 200`,
        [caller.communityId, caller.memberId ?? null],
      );
      const theirs = await this.among(em, caller, rows);
      const now = new Date().toISOString();
      const order = { open: 0, closing: 1, scheduled: 2, closed: 3, draft: 4, archived: 4 };
      return rows
        .flatMap((row) => (isPublished(row) && theirs(row.segmentId) ? cardOf(row, row.mine, now) : []))
        .sort(
          (a, b) =>
            order[a.phase] - order[b.phase] ||
            (a.phase === 'closed' ? -1 : 1) * (Date.parse(a.dueAt) - Date.parse(b.dueAt)),
        );
    });
  }

  read(caller: Caller, activityId: string): Promise<ActivityPage> {
    const { communityId, memberId = null } = caller;
    return this.tenancy.inCommunity(communityId, async (em) => {
      const row = await this.forCaller(em, caller, activityId);
      const [{ mine, others }] = (await em.query(
        `SELECT ${mineOf} AS mine, (SELECT count(*)::int FROM submission s
           JOIN contribution c ON c.community_id = $1 AND c.id = s.id
           WHERE s.community_id = $1 AND s.activity_id = $3 AND s.member_id IS DISTINCT FROM $2 AND ${sharedWith}) AS others
         FROM activity a WHERE a.community_id = $1 AND a.id = $3`,
        [communityId, memberId, activityId],
      )) as [{ mine: Mine; others: number }];
      const drafts: (Omit<SubmissionDraft, 'at'> & { at: Date })[] = await em.query(
        `SELECT d.entry, d.rev, d.at, d.answers, d.quote, (SELECT coalesce(json_agg(${mediaJson('f')}), '[]') FROM media f
           WHERE f.community_id = $1 AND f.owner_id = $2 AND f.id::text = ANY (ARRAY(SELECT jsonb_array_elements_text(
             jsonb_path_query_array(d.answers, '$[*].mediaIds[*]'))))) AS media
         FROM submission_draft d WHERE d.community_id = $1 AND d.member_id = $2 AND d.activity_id = $3 ORDER BY d.entry`,
        [communityId, memberId, activityId],
      );
      const submissions: SubmissionRow[] = await em.query(
        `SELECT ${submissionColumns} FROM ${submissionSource}
         WHERE s.community_id = $1 AND s.member_id = $2 AND s.activity_id = $3 ORDER BY s.sent_at DESC, s.id LIMIT 100`,
        [communityId, memberId, activityId],
      );
      const assets = await this.shown(em, caller, row);
      const card = cardOf(row, mine, new Date().toISOString());
      const mayLook = !isMember(caller) || maySeeOthers(row, mine);
      return {
        activity: card,
        instructions: row.body.instructions,
        files: row.body.assetIds.flatMap((id) => assets.get(id) ?? []),
        tasks: tasksOf(row, assets),
        drafts: drafts.map(({ at, ...draft }) => ({ ...draft, at: at.toISOString() })),
        submissions: submissions.map((one) => submissionOf(one, { memberId, team: false })),
        known: memberId ? await this.known(em, communityId, memberId, row) : [],
        others: mayLook ? others : null,
      };
    });
  }

  /** One that the caller may know of, published; else 404. */
  async forCaller(
    em: EntityManager,
    caller: Caller,
    activityId: string,
    lock: '' | 'FOR SHARE OF a' = '',
  ): Promise<Published> {
    const row = await activityOf(em, caller.communityId, activityId, lock);
    if (!isPublished(row) || row.status === 'archived') throw notFound();
    if (!(await this.among(em, caller, [row]))(row.segmentId)) throw notFound();
    return row;
  }

  /** Those for whom it is: their ids. */
  people(em: EntityManager, communityId: string, segmentId: string | null): Promise<string[]> {
    return this.segments.members(em, communityId, segmentId);
  }

  /** Whether what is for a segment, or for all, is for the caller. */
  async among(em: EntityManager, caller: Caller, rows: readonly Pick<ActivityRow, 'segmentId'>[]) {
    return this.segments.seenBy(
      em,
      caller,
      rows.flatMap(({ segmentId }) => segmentId ?? []),
    );
  }

  /** Its assets, as far as the caller may see them now. */
  private async shown(em: EntityManager, caller: Caller, row: Published): Promise<Map<string, Asset>> {
    const wanted = new Set(assetIdsOf(row.body));
    if (!wanted.size) return new Map();
    const all = await this.assets.assets(em, caller.communityId, [...wanted], caller.memberId ?? null);
    return new Map([...all].filter(([, { withdrawn }]) => !withdrawn));
  }

  /** Tasks whose answer is known of the member already. */
  private async known(
    em: EntityManager,
    communityId: string,
    memberId: string,
    row: Published,
  ): Promise<ActivityPage['known']> {
    const asked = row.body.tasks.filter(({ fact }) => fact);
    if (!asked.length) return [];
    const { facts } = await this.profile.read(em, communityId, memberId);
    return asked.flatMap((task) => {
      const fact = facts.find(({ key }) => key === task.fact);
      if (!fact?.since || fact.value === null) return [];
      const said = String(fact.value);
      const label = fact.options.find(({ value }) => value === said)?.label ?? said;
      const option = task.options.find((one) => same(one.label, label) || same(one.label, said));
      return option ? [{ taskId: task.id, optionId: option.id, since: fact.since }] : [];
    });
  }

  // --- the team ---

  /** Drafts first, then what is open, then the rest. */
  desk({ communityId }: Member): Promise<ActivityOnDesk[]> {
    return this.tenancy.inCommunity(communityId, async (em) => {
      const rows = await this.deskRows(em, communityId, null);
      const order = { draft: 0, open: 1, closing: 2, scheduled: 3, closed: 4, archived: 5 };
      return rows.sort((a, b) => order[a.phase] - order[b.phase]);
    });
  }

  async onDesk(em: EntityManager, communityId: string, activityId: string): Promise<ActivityOnDesk> {
    const [row] = await this.deskRows(em, communityId, activityId);
    if (!row) throw notFound();
    return row;
  }

  save({ communityId, memberId }: Member, activityId: string, draft: { title: string; rest: object }) {
    return this.tenancy.inCommunity(communityId, async (em) => {
      const saved: unknown[] = await em.query(
        `INSERT INTO activity (community_id, id, status, title, draft, by_id) VALUES ($1, $2, 'draft', $3, $4, $5)
         ON CONFLICT (community_id, id) DO UPDATE SET title = $3, draft = $4, updated_at = now()
         WHERE activity.status = 'draft' RETURNING id`,
        [communityId, activityId, draft.title, JSON.stringify(draft), memberId],
      );
      if (!saved.length) throw new AppError('activity.moved', 'It is published: its draft is no more.');
      return this.onDesk(em, communityId, activityId);
    });
  }

  /** Comes with its promise, or not at all. Its files are released with it. Asked again it is what it was. */
  publish(caller: Member, activityId: string, body: ActivityBody): Promise<ActivityOnDesk> {
    const { communityId, memberId } = caller;
    return this.tenancy.inCommunity(communityId, async (em) => {
      await em.query(
        `INSERT INTO activity (community_id, id, status, title, draft, by_id) VALUES ($1, $2, 'draft', $3, '{}', $4)
         ON CONFLICT DO NOTHING`,
        [communityId, activityId, body.title, memberId],
      );
      const row = await activityOf(em, communityId, activityId, 'FOR UPDATE OF a');
      if (row.status !== 'draft') {
        if (row.body && JSON.stringify(ActivityBody.parse(row.body)) === JSON.stringify(body))
          return this.onDesk(em, communityId, activityId);
        throw new AppError('activity.moved', 'It is published already.');
      }
      await this.check(em, communityId, body);
      await em.query('INSERT INTO room (community_id, id, open) VALUES ($1, $2, true)', [
        communityId,
        activityId,
      ]);
      await this.promises.make(em, communityId, {
        ...{
          id: activityId,
          kind: 'activity',
          title: body.title,
          purpose: body.purpose,
          decision: body.decision,
        },
        ...{ owner: body.decisionOwner, answerBy: body.reportBackOn, informsOnly: body.informsOnly },
        mode: body.visibility === 'team' ? 'team' : body.approveFirst ? 'approve' : undefined,
      });
      await em.query(
        `UPDATE activity SET status = 'published', title = $3, draft = NULL, body = $4, opens_at = $5, due_at = $6,
           grace_hours = $7, visibility = $8, segment_id = $9, published_at = now(), updated_at = now()
         WHERE community_id = $1 AND id = $2`,
        [
          ...[communityId, activityId, body.title, JSON.stringify(body), body.opensAt, body.dueAt],
          ...[body.graceHours, body.visibility, body.segmentId],
        ],
      );
      await em.query(
        `INSERT INTO task (community_id, id, activity_id, place, kind, body, asset_id)
         SELECT $1, (t ->> 'id')::uuid, $2, place, t ->> 'kind', t, (t ->> 'assetId')::uuid
         FROM jsonb_array_elements($3) WITH ORDINALITY AS made (t, place)`,
        [communityId, activityId, JSON.stringify(body.tasks)],
      );
      await em.query(
        `INSERT INTO activity_asset (community_id, activity_id, asset_id, place)
         SELECT $1, $2, id, place FROM unnest($3::uuid[]) WITH ORDINALITY AS made (id, place)`,
        [communityId, activityId, [...new Set(body.assetIds)]],
      );
      await this.assets.releaseWith(em, caller, {
        ...{ id: activityId, assetIds: assetIdsOf(body), segmentId: body.segmentId, from: body.opensAt },
      });
      return this.onDesk(em, communityId, activityId);
    });
  }

  /** Closes it now, opens it again until another day, or puts it away. */
  move(
    { communityId }: Member,
    activityId: string,
    move: InputOf<typeof moveActivity>['move'],
  ): Promise<ActivityOnDesk> {
    return this.tenancy.inCommunity(communityId, async (em) => {
      const row = await activityOf(em, communityId, activityId, 'FOR UPDATE OF a');
      if (!isPublished(row)) throw new AppError('activity.moved', 'It is not published yet.');
      const ends = move.to === 'published';
      // Past its time it is as good as closed: put away, or opened again.
      const isOver = phaseOf(timesOf(row), new Date().toISOString()) === 'closed';
      const from = row.status === 'published' && isOver ? 'closed' : row.status;
      const stays = move.to === row.status && !ends;
      if (!stays && !activityMoves[from].includes(move.to) && !(ends && from === 'published'))
        throw new AppError('activity.moved', 'It cannot be moved there from where it is.');
      if (ends) {
        if (Date.parse(move.dueAt) <= Date.now())
          throw new AppError('request.invalid', 'Choose a day that is still to come.', {
            fields: { 'move.dueAt': 'a moment still to come' },
          });
        if (move.dueAt.slice(0, 10) > row.answerBy)
          throw new AppError('request.invalid', 'Members hear back before that: move that day first.', {
            fields: { 'move.dueAt': 'not after the day on which members hear back' },
          });
        await em.query(
          'UPDATE activity SET due_at = $3, grace_hours = $4 WHERE community_id = $1 AND id = $2',
          [...[communityId, activityId, move.dueAt, move.graceHours]],
        );
      }
      await em.query(
        'UPDATE activity SET status = $3, updated_at = now() WHERE community_id = $1 AND id = $2',
        [...[communityId, activityId, move.to]],
      );
      if (!ends) await this.reach.settleLike(em, communityId, `activity.${activityId}.`);
      return this.onDesk(em, communityId, activityId);
    });
  }

  /** Whatever it names must be there, and fit. */
  private async check(em: EntityManager, communityId: string, body: ActivityBody): Promise<void> {
    const fields: Record<string, string> = {};
    const assets = await this.assets.assets(em, communityId, assetIdsOf(body));
    for (const [at, id] of body.assetIds.entries())
      if (!assets.has(id)) fields[`assetIds.${at}`] = 'an asset of this community';
    for (const [at, { assetId, kind }] of body.tasks.entries())
      if (assetId && (!assets.has(assetId) || (kind === 'place' && assets.get(assetId)!.kind !== 'image')))
        fields[`tasks.${at}.assetId`] = 'a picture of this community';
    if (body.segmentId) {
      const segments: unknown[] = await em.query('SELECT FROM segment WHERE community_id = $1 AND id = $2', [
        ...[communityId, body.segmentId],
      ]);
      if (!segments.length) fields['segmentId'] = 'a segment of this community';
    }
    const clash: { id: string }[] = await em.query(
      'SELECT id FROM task WHERE community_id = $1 AND id = ANY ($2)',
      [...[communityId, body.tasks.map(({ id }) => id)]],
    );
    if (clash.length) fields['tasks'] = 'with ids of their own';
    if (Object.keys(fields).length)
      throw new AppError('request.invalid', 'Please check what was sent.', { fields });
    for (const id of assetIdsOf(body)) {
      const hindrance = await this.assets.hindrance(em, communityId, id);
      if (hindrance) throw hindrance;
    }
  }

  private async deskRows(
    em: EntityManager,
    communityId: string,
    id: string | null,
  ): Promise<ActivityOnDesk[]> {
    const rows: (ActivityRow & Omit<Counts, 'people'>)[] = await em.query(
      `SELECT ${activityColumns},
         (SELECT count(DISTINCT d.member_id)::int FROM submission_draft d WHERE d.community_id = $1 AND d.activity_id = a.id) AS begun,
         coalesce(counted.sent, 0)::int AS sent, coalesce(counted.submissions, 0)::int AS submissions,
         coalesce(counted.waiting, 0)::int AS "toLookAt"
       FROM ${activitySource}
       LEFT JOIN LATERAL (SELECT count(*) AS submissions, count(DISTINCT s.member_id) AS sent,
           count(*) FILTER (WHERE s.accepted_at IS NULL AND c.moderation IN ('held', 'published')) AS waiting
         FROM submission s JOIN contribution c ON c.community_id = $1 AND c.id = s.id
         WHERE s.community_id = $1 AND s.activity_id = a.id AND s.withdrawn_at IS NULL) AS counted ON true
       WHERE a.community_id = $1 AND ($2::uuid IS NULL OR a.id = $2) ORDER BY a.updated_at DESC, a.id LIMIT 200`,
      [communityId, id],
    );
    const now = new Date().toISOString();
    const people = new Map<string | null, number>();
    for (const { segmentId } of rows.filter(isPublished))
      if (!people.has(segmentId))
        people.set(segmentId, (await this.people(em, communityId, segmentId)).length);
    return rows.map((row) => ({
      ...{ id: row.id, status: row.status, title: row.title, draft: row.draft },
      ...{ body: row.body && withTimes(row), updatedAt: row.updatedAt.toISOString() },
      phase: isPublished(row) ? phaseOf(timesOf(row), now) : 'draft',
      people: isPublished(row) ? (people.get(row.segmentId) ?? 0) : 0,
      ...{ begun: row.begun, sent: row.sent, submissions: row.submissions, toLookAt: row.toLookAt },
    }));
  }
}

const same = (a: string, b: string) => a.trim().toLowerCase() === b.trim().toLowerCase();

export const isMember = (caller: Caller): caller is Member => caller.role === 'member';

/** Whether a member may see what others sent. */
export const maySeeOthers = ({ visibility }: Published, { sent }: Pick<Mine, 'sent'>) =>
  visibility === 'open' || (visibility === 'afterAnswer' && sent.length > 0);

/** SQL for what a member has sent and begun: of `a`, by member $2. */
const mineOf = `json_build_object(
  'sent', ARRAY(SELECT DISTINCT s.entry FROM submission s WHERE s.community_id = $1 AND s.activity_id = a.id AND s.member_id = $2
    AND s.withdrawn_at IS NULL ORDER BY 1),
  'begun', ARRAY(SELECT d.entry FROM submission_draft d WHERE d.community_id = $1 AND d.activity_id = a.id AND d.member_id = $2
    ORDER BY 1),
  'returned', (SELECT count(*)::int FROM submission s JOIN contribution c ON c.community_id = $1 AND c.id = s.id
    WHERE s.community_id = $1 AND s.activity_id = a.id AND s.member_id = $2 AND c.moderation = 'returned'))`;

/** The body with the times that stand now: it may have been opened again, and its day to report back moved. */
const withTimes = (row: ActivityRow): ActivityBody => ({
  ...row.body!,
  dueAt: row.dueAt!.toISOString(),
  graceHours: row.graceHours!,
  reportBackOn: row.answerBy!,
});

function cardOf(row: Published, mine: Mine, now: string): ActivityCard {
  const times = timesOf(row);
  const phase = phaseOf(times, now);
  const entries = times.diary?.entries ?? 1;
  const isOpen = phase === 'open' || phase === 'closing';
  const current = entryAt(times, now) ?? 0;
  // What was missed comes first: it can still be sent.
  const next = isOpen
    ? Array.from({ length: Math.min(current, entries) }, (_, at) => at + 1).find(
        (k) => !mine.sent.includes(k),
      )
    : undefined;
  const { title, purpose, decision, decisionOwner, informsOnly, visibility, diary, tasks } = row.body;
  return {
    ...{ id: row.id, title, purpose, decision, decisionOwner, informsOnly, visibility, diary, phase },
    ...{ reportBackOn: row.answerBy, opensAt: times.opensAt, dueAt: times.dueAt, graceHours: row.graceHours },
    tasks: tasks.length,
    mine: {
      sent: mine.sent.length,
      draft: mine.begun.some((k) => !mine.sent.includes(k)),
      returned: mine.returned,
      entry: next ?? null,
      entryDueAt: next ? entryDueAt(times, next) : null,
    },
  };
}
