import { Injectable } from '@nestjs/common';
import {
  entryAt,
  entryDueAt,
  faultsOf,
  phaseOf,
  type QuoteChoice,
  type saveSubmissionDraft,
  type sendSubmission,
  type Submission,
  type TaskAnswers,
} from '@parley/contracts/activities';
import type { InputOf } from '@parley/contracts/contract';
import type { Author, Fate } from '@parley/contracts/contributions';
import type { EntityManager } from 'typeorm';
import { ContributionsService } from '../contributions/contributions.service';
import { ModerationService } from '../contributions/moderation.service';
import { AccessService } from '../media/access.service';
import { AttachmentsService } from '../media/attachments.service';
import { type MadeOf, MakingService } from '../media/making.service';
import { type Member, type Overseer, teamRoles } from '../platform/doors';
import { AppError, notFound } from '../platform/errors';
import { after, cursorOf } from '../platform/pages';
import { Tenancy } from '../platform/tenancy';
import { type Kind, type Outcome, returned, type Write, Writer } from '../platform/writer';
import { ReachService } from '../reach/reach.service';
import { ActivitiesService, isMember, maySeeOthers } from './activities.service';
import {
  mediaIdsOf,
  type Published,
  sharedWith,
  submissionColumns,
  submissionOf,
  type SubmissionRow,
  submissionSource,
  timesOf,
  wordsOf,
} from './activities.sql';

interface Sending {
  roomId: string;
  author: Author;
  body: string;
  entry: number;
  answers: TaskAnswers;
  quote: QuoteChoice;
}

interface Mending {
  submissionId: string;
  body: string;
  answers: TaskAnswers;
  quote: QuoteChoice;
}

const SHARED_PAGE = 24;

/** What members begin, send and mend. A submission is a contribution: what becomes of it is told as of any other. */
@Injectable()
export class SubmissionsService {
  private readonly sendings: Kind<Sending, { id: string; fate: Fate }>;
  private readonly mendings: Kind<Mending, object>;

  constructor(
    private readonly tenancy: Tenancy,
    private readonly writer: Writer,
    private readonly activities: ActivitiesService,
    private readonly contributions: ContributionsService,
    private readonly moderation: ModerationService,
    private readonly attachments: AttachmentsService,
    private readonly reach: ReachService,
    making: MakingService,
    access: AccessService,
  ) {
    this.sendings = { name: 'submission', store: (em, writes) => this.storeSent(em, writes) };
    this.mendings = { name: 'mend', store: (em, writes) => this.storeMended(em, writes) };
    access.grant((em, caller, mediaIds) => this.grant(em, caller, mediaIds));
    making.onMade((em, communityId, made) => this.made(em, communityId, made));
    moderation.onWithdrawn.push((em, communityId, id) => this.withdrawn(em, communityId, id));
  }

  /** What is begun is kept as long as the Activity is there, also when it can no longer be sent. */
  saveDraft(caller: Member, { activityId, entry, rev, answers, quote }: InputOf<typeof saveSubmissionDraft>) {
    const { communityId, memberId } = caller;
    return this.tenancy.inCommunity(communityId, async (em) => {
      const activity = await this.activities.forCaller(em, caller, activityId);
      if (entry > (activity.body.diary?.entries ?? 1)) throw notFound();
      const saved = await returned<{ rev: number; at: Date }>(
        em,
        `INSERT INTO submission_draft (community_id, activity_id, member_id, entry, rev, answers, quote)
         SELECT $1, $2, $3, $4, 1, $6, $7 WHERE $5 = 0
         ON CONFLICT (community_id, activity_id, member_id, entry) DO NOTHING RETURNING rev, at`,
        [communityId, activityId, memberId, entry, rev, JSON.stringify(answers), quote],
      );
      if (!saved.length)
        saved.push(
          ...(await returned<{ rev: number; at: Date }>(
            em,
            `UPDATE submission_draft SET rev = rev + 1, answers = $6, quote = $7, at = now()
             WHERE community_id = $1 AND activity_id = $2 AND member_id = $3 AND entry = $4
               AND (rev = $5 OR (rev = $5 + 1 AND answers = $6 AND quote IS NOT DISTINCT FROM $7)) RETURNING rev, at`,
            [communityId, activityId, memberId, entry, rev, JSON.stringify(answers), quote],
          )),
        );
      const [draft] = saved;
      if (!draft) throw new AppError('edit.stale', 'It was changed elsewhere: look at both.');
      return { rev: draft.rev, at: draft.at.toISOString() };
    });
  }

  async send(
    caller: Member,
    input: InputOf<typeof sendSubmission>,
  ): Promise<{ submission: Submission; fate: Fate }> {
    const { communityId, memberId, handle, role } = caller;
    const { activityId, opId, entry, answers, quote } = input;
    const activity = await this.tenancy.inCommunity(communityId, (em) =>
      this.activities.forCaller(em, caller, activityId),
    );
    if (entry > (activity.body.diary?.entries ?? 1)) throw notFound();
    checkAnswers(activity, answers);
    const sending: Sending = {
      ...{ roomId: activityId, author: { memberId, handle, role }, entry, answers, quote },
      body: wordsOf(activity.body.tasks, answers, activity.title),
    };
    const { id, fate } = await this.writer.write(this.sendings, {
      communityId,
      memberId,
      opId,
      input: sending,
    });
    return { submission: await this.own(caller, id), fate };
  }

  private async storeSent(em: EntityManager, writes: Write<Sending>[]) {
    const outcomes: (Outcome<{ id: string; fate: Fate }> | AppError)[] = [];
    // One after the other: of two by the same member the second is refused.
    for (const write of writes) outcomes.push(await this.storeOne(em, write));
    return outcomes;
  }

  private async storeOne(em: EntityManager, write: Write<Sending>) {
    const { communityId, memberId, input } = write;
    const { roomId: activityId, entry, answers, quote } = input;
    const [activity] = (await em.query(
      `SELECT status, opens_at AS "opensAt", due_at AS "dueAt", grace_hours AS "graceHours", body,
         EXISTS (SELECT FROM submission s WHERE s.community_id = $1 AND s.activity_id = $2 AND s.member_id = $3 AND s.entry = $4
           AND s.withdrawn_at IS NULL) AS sent
       FROM activity WHERE community_id = $1 AND id = $2 FOR SHARE`,
      [communityId, activityId, memberId, entry],
    )) as [Published & { sent: boolean }];
    const times = timesOf(activity);
    const now = new Date().toISOString();
    const phase = phaseOf(times, now);
    if (activity.sent) return new AppError('submission.sent', 'You have sent this already.');
    if ((phase !== 'open' && phase !== 'closing') || entry > (entryAt(times, now) ?? 0))
      return new AppError(
        'activity.notOpen',
        'Nothing can be sent to it now; what you have written is kept.',
      );
    const fault = await this.checkFiles(em, communityId, memberId, answers, null);
    if (fault) return fault;
    const [outcome] = await this.contributions.store(em, [write], 'submission', ({ id }, fate) => ({
      id,
      fate,
    }));
    if (!outcome || outcome instanceof AppError) return outcome ?? notFound();
    const { id } = outcome.result;
    await em.query(
      `INSERT INTO submission (community_id, id, activity_id, member_id, entry, late, quote, answers, ready)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, false)`,
      [
        ...[communityId, id, activityId, memberId, entry, now > entryDueAt(times, entry), quote],
        JSON.stringify(answers),
      ],
    );
    await this.attach(em, communityId, id, answers);
    await em.query(
      'DELETE FROM submission_draft WHERE community_id = $1 AND activity_id = $2 AND member_id = $3 AND entry = $4',
      [communityId, activityId, memberId, entry],
    );
    await this.reach.settleLike(em, communityId, `activity.${activityId}.`, memberId);
    return outcome;
  }

  async mend(
    caller: Member,
    { activityId, submissionId, answers, quote }: Omit<Mending, 'body'> & { activityId: string },
  ): Promise<{ submission: Submission }> {
    const { communityId, memberId } = caller;
    const activity = await this.tenancy.inCommunity(communityId, (em) =>
      this.activities.forCaller(em, caller, activityId),
    );
    checkAnswers(activity, answers);
    const body = wordsOf(activity.body.tasks, answers, activity.title);
    await this.writer.write(this.mendings, {
      ...{ communityId, memberId, opId: null, input: { submissionId, body, answers, quote } },
    });
    return { submission: await this.own(caller, submissionId) };
  }

  private async storeMended(em: EntityManager, writes: Write<Mending>[]) {
    const outcomes: (Outcome<object> | AppError)[] = [];
    for (const write of writes) {
      const { communityId, memberId, input } = write;
      const { submissionId: contributionId, body, answers, quote } = input;
      const fault = await this.checkFiles(em, communityId, memberId, answers, contributionId);
      const outcome =
        fault ??
        (await this.moderation.resubmitted(em, { ...write, input: { contributionId, body } }, [
          'submission',
        ]));
      outcomes.push(outcome);
      if (outcome instanceof AppError) continue;
      await em.query(
        `UPDATE submission SET answers = $3, quote = $4, return_tasks = '{}', accepted_at = NULL, accepted_by = NULL,
           featured_at = NULL WHERE community_id = $1 AND id = $2`,
        [communityId, contributionId, JSON.stringify(answers), quote],
      );
      await this.attach(em, communityId, contributionId, answers);
    }
    return outcomes;
  }

  /** What may not be quoted is featured no more. */
  async quote(caller: Member, submissionId: string, quote: QuoteChoice): Promise<{ submission: Submission }> {
    const { communityId, memberId } = caller;
    const changed = await this.tenancy.inCommunity(communityId, (em) =>
      returned(
        em,
        `UPDATE submission SET quote = $4, featured_at = CASE WHEN $4 <> 'no' THEN featured_at END
         WHERE community_id = $1 AND id = $2 AND member_id = $3 AND withdrawn_at IS NULL RETURNING id`,
        [communityId, submissionId, memberId, quote],
      ),
    );
    if (!changed.length) throw notFound();
    return { submission: await this.own(caller, submissionId) };
  }

  /** What others sent, as far as the caller may see it: featured ones first, then the newest. */
  shared(caller: Member | Overseer, activityId: string, cursor: string | undefined) {
    const { communityId, memberId = null } = caller;
    const featured = !cursor;
    const page = after(cursor);
    return this.tenancy.inCommunity(communityId, async (em) => {
      const activity = await this.activities.forCaller(em, caller, activityId);
      const sent: { entry: number }[] = await em.query(
        `SELECT entry FROM submission WHERE community_id = $1 AND activity_id = $2 AND member_id = $3 AND withdrawn_at IS NULL`,
        [communityId, activityId, memberId],
      );
      if (isMember(caller) && !maySeeOthers(activity, { sent: sent.map(({ entry }) => entry) }))
        return { submissions: [], next: null };
      const rows: SubmissionRow[] = await em.query(
        `SELECT ${submissionColumns} FROM ${submissionSource}
         WHERE s.community_id = $1 AND s.activity_id = $2 AND s.member_id IS DISTINCT FROM $3 AND ${sharedWith}
           AND s.featured_at IS NULL AND (s.sent_at, s.id) < ($4, $5) ORDER BY s.sent_at DESC, s.id DESC LIMIT $6`,
        [communityId, activityId, memberId, page.at, page.id, SHARED_PAGE + 1],
      );
      const first: SubmissionRow[] = featured
        ? await em.query(
            `SELECT ${submissionColumns} FROM ${submissionSource}
             WHERE s.community_id = $1 AND s.activity_id = $2 AND s.member_id IS DISTINCT FROM $3 AND ${sharedWith}
               AND s.featured_at IS NOT NULL ORDER BY s.featured_at DESC, s.id LIMIT 50`,
            [communityId, activityId, memberId],
          )
        : [];
      const reader = { memberId, team: false };
      return {
        submissions: [...first, ...rows.slice(0, SHARED_PAGE)].map((row) => submissionOf(row, reader)),
        next: cursorOf(rows, SHARED_PAGE),
      };
    });
  }

  private own({ communityId, memberId }: Member, id: string): Promise<Submission> {
    return this.tenancy.inCommunity(communityId, async (em) => {
      const [row] = (await em.query(
        `SELECT ${submissionColumns} FROM ${submissionSource} WHERE s.community_id = $1 AND s.id = $2 AND s.member_id = $3`,
        [communityId, id, memberId],
      )) as SubmissionRow[];
      if (!row) throw notFound();
      return submissionOf(row, { memberId, team: false });
    });
  }

  // --- files ---

  /** All of them the member's own, all of their bytes here, and in no other contribution. */
  private async checkFiles(
    em: EntityManager,
    communityId: string,
    memberId: string,
    answers: TaskAnswers,
    submissionId: string | null,
  ): Promise<AppError | undefined> {
    const ids = mediaIdsOf(answers).map(({ mediaId }) => mediaId);
    const unfit = await this.attachments.unfit(em, communityId, memberId, ids, submissionId);
    if (!unfit.size) return undefined;
    const missing = answers.filter(
      (answer) => 'mediaIds' in answer && answer.mediaIds.some((id) => unfit.has(id)),
    );
    return new AppError('media.notReady', 'Some files are not here yet, or not yours to send.', {
      fields: Object.fromEntries(
        missing.map(({ taskId }) => [`answers.${taskId}`, 'files that have arrived']),
      ),
    });
  }

  /** Names its files anew. It is ready when all of them are. */
  private async attach(em: EntityManager, communityId: string, submissionId: string, answers: TaskAnswers) {
    const files = mediaIdsOf(answers).map((file) => ({ ...file, alt: null }));
    const gone = await this.attachments.attach(em, communityId, submissionId, files);
    await em.query(`${becomesReady} AND s.id = $2`, [communityId, submissionId]);
    // A clip of a file that is gone says nothing any more.
    await em.query('DELETE FROM excerpt WHERE community_id = $1 AND media_id = ANY ($2)', [
      ...[communityId, gone],
    ]);
  }

  /** A file has become ready, or turned out not to be what can be shown: then its submission goes back to be mended. */
  private async made(em: EntityManager, communityId: string, { mediaId, ownerId, name, refusal }: MadeOf) {
    const [of] = (await em.query(
      `SELECT s.id, sm.task_id AS "taskId", s.activity_id AS "activityId", a.title
       FROM attachment sm JOIN submission s ON s.community_id = $1 AND s.id = sm.contribution_id
       JOIN activity a ON a.community_id = $1 AND a.id = s.activity_id
       WHERE sm.community_id = $1 AND sm.media_id = $2 FOR UPDATE OF s`,
      [communityId, mediaId],
    )) as { id: string; taskId: string; activityId: string; title: string }[];
    if (!refusal) {
      if (of) await em.query(`${becomesReady} AND s.id = $2`, [communityId, of.id]);
      return;
    }
    if (!of || !ownerId) return;
    await em.query(
      `UPDATE submission SET return_tasks = array_append(array_remove(return_tasks, $3), $3) WHERE community_id = $1 AND id = $2`,
      [communityId, of.id, of.taskId],
    );
    await this.moderation.giveBack(em, communityId, of.id, {
      byId: null,
      note: null,
      news: {
        kind: 'fileRefused',
        data: { activityId: of.activityId, contributionId: of.id, title: of.title, file: name, refusal },
      },
    });
  }

  /** It is shown to nobody from now on; its files go as those of every contribution do. */
  private async withdrawn(em: EntityManager, communityId: string, contributionId: string) {
    const rows = await returned(
      em,
      `UPDATE submission SET withdrawn_at = now(), featured_at = NULL, ready = false WHERE community_id = $1 AND id = $2 RETURNING id`,
      [communityId, contributionId],
    );
    if (!rows.length) return;
    await em.query('DELETE FROM excerpt WHERE community_id = $1 AND submission_id = $2', [
      ...[communityId, contributionId],
    ]);
  }

  /** The team sees every file that was sent; other members those of what they may see. */
  private async grant(em: EntityManager, caller: Member | Overseer, mediaIds: string[]) {
    const rows: { mediaId: string; activityId: string; segmentId: string | null }[] = await em.query(
      `SELECT sm.media_id AS "mediaId", a.id AS "activityId", a.segment_id AS "segmentId"
       FROM attachment sm JOIN submission s ON s.community_id = $1 AND s.id = sm.contribution_id
       JOIN contribution c ON c.community_id = $1 AND c.id = s.id
       JOIN activity a ON a.community_id = $1 AND a.id = s.activity_id
       WHERE sm.community_id = $1 AND sm.media_id = ANY ($2) AND s.withdrawn_at IS NULL
         AND ($3 OR s.member_id = $4 OR (${sharedWith} AND a.status <> 'archived'
           AND (a.visibility = 'open' OR (a.visibility = 'afterAnswer' AND EXISTS (SELECT FROM submission mine
             WHERE mine.community_id = $1 AND mine.activity_id = a.id AND mine.member_id = $4 AND mine.withdrawn_at IS NULL)))))`,
      [
        caller.communityId,
        mediaIds,
        !caller.role || teamRoles.includes(caller.role),
        caller.memberId ?? null,
      ],
    );
    const may = await this.activities.among(em, caller, rows);
    return new Set(rows.filter(({ segmentId }) => may(segmentId)).map(({ mediaId }) => mediaId));
  }
}

const becomesReady = `UPDATE submission s SET ready = NOT EXISTS (SELECT FROM attachment sm
    JOIN media m ON m.community_id = $1 AND m.id = sm.media_id
    WHERE sm.community_id = $1 AND sm.contribution_id = s.id AND m.state <> 'ready')
  WHERE s.community_id = $1`;

function checkAnswers({ body }: Published, answers: TaskAnswers) {
  const faults = faultsOf(body.tasks, answers);
  if (Object.keys(faults).length)
    throw new AppError('request.invalid', 'Some tasks need another look.', {
      fields: Object.fromEntries(Object.entries(faults).map(([id, fault]) => [`answers.${id}`, fault])),
    });
}
