import { Injectable } from '@nestjs/common';
import type { OutputOf } from '@parley/contracts/contract';
import type { Named, SpaceKind } from '@parley/contracts/contributions';
import {
  ESCALATION_DAYS,
  type listPromises,
  type LoopRate,
  type PromiseCard,
  type PromiseStatus,
} from '@parley/contracts/loop';
import type { EntityManager } from 'typeorm';
import { excerptOf, FateService, type LoopMove } from '../contributions/fate.service';
import { type NewSpace, SpacesService } from '../contributions/spaces.service';
import { SegmentsService } from '../people/segments.service';
import { isTeam, type Member, type Overseer } from '../platform/doors';
import { AppError, notFound } from '../platform/errors';
import { Jobs } from '../platform/jobs';
import { Tenancy } from '../platform/tenancy';
import { type News, ReachService } from '../reach/reach.service';

/** A promise with the space that it is about. */
interface PromiseRow {
  id: string;
  title: string;
  /** The how-manieth of its space. */
  n: number;
  status: PromiseStatus;
  dueOn: string;
  ownerId: string | null;
}

const DUE_SOON_DAYS = 7;

/** The promises to report back: made with what is asked, kept by an Update, or broken with a public reason. */
@Injectable()
export class PromisesService {
  private readonly listeners: ((communityId: string, spaceId: string, on: string) => void)[] = [];

  constructor(
    private readonly tenancy: Tenancy,
    private readonly spaces: SpacesService,
    private readonly fate: FateService,
    private readonly reach: ReachService,
    private readonly segments: SegmentsService,
    jobs: Jobs,
  ) {
    jobs.everywhere('loop-promises', '*/10 * * * *', (communityId) => this.watch(communityId));
  }

  /** Told, after the commit, that a space will be answered by another day. */
  onMoved(listener: (communityId: string, spaceId: string, on: string) => void) {
    this.listeners.push(listener);
  }

  /** A space comes with its promise, or not at all. */
  async make(em: EntityManager, communityId: string, space: NewSpace): Promise<void> {
    await this.spaces.create(em, communityId, space);
    await this.promise(em, communityId, space.id, space.answerBy);
  }

  /** Promises an answer by a day for a space that had none to give, or none any more; an open promise moves there. */
  async promise(
    em: EntityManager,
    communityId: string,
    spaceId: string,
    on: string,
    why?: { byId: string; because: string },
  ): Promise<void> {
    const made: unknown[] = await em.query(
      `INSERT INTO promise (community_id, space_id, n, first_due_on)
       SELECT $1, $2, (SELECT coalesce(max(n), 0) + 1 FROM promise WHERE community_id = $1 AND space_id = $2), $3
       ON CONFLICT (community_id, space_id) WHERE ended_at IS NULL DO NOTHING RETURNING n`,
      [communityId, spaceId, on],
    );
    if (made.length) await this.spaces.answerBy(em, communityId, spaceId, on);
    else if (why) await this.moveTo(em, communityId, await this.lock(em, communityId, spaceId), on, why);
  }

  private async moveTo(
    em: EntityManager,
    communityId: string,
    row: PromiseRow,
    to: string,
    { byId, because }: { byId: string; because: string },
  ) {
    if (row.dueOn === to) return;
    await em.query(
      `INSERT INTO promise_move (community_id, space_id, n, from_on, to_on, reason, by_id)
       VALUES ($1, $2, $3, $4, $5, $6, $7)`,
      [communityId, row.id, row.n, row.dueOn, to, because, byId],
    );
    await em.query(
      `UPDATE promise SET status = CASE WHEN $3::date <= current_date + ${DUE_SOON_DAYS} THEN 'dueSoon' ELSE 'made' END,
         escalated = 0 WHERE community_id = $1 AND space_id = $2 AND ended_at IS NULL`,
      [communityId, row.id, to],
    );
    await this.spaces.answerBy(em, communityId, row.id, to);
  }

  /** Open ones first, the most urgent first; then the ended, the newest first. */
  list(caller: Member | Overseer): Promise<OutputOf<typeof listPromises>> {
    const { communityId, memberId } = caller;
    return this.tenancy.inCommunity(communityId, async (em) => {
      type Row = Omit<PromiseCard, 'endedAt' | 'moves'> & {
        endedAt: Date | null;
        moves: PromiseCard['moves'];
        owner: Named;
        space: { id: string; kind: SpaceKind; title: string };
      };
      const rows: Row[] = await em.query(
        `SELECT json_build_object('id', s.id, 'kind', s.kind, 'title', s.title) AS space, s.purpose, s.decision,
           json_build_object('name', s.owner_name, 'title', s.owner_title) AS owner, s.informs_only AS "informsOnly",
           p.status, coalesce(p.ended_due_on, s.answer_by)::text AS "dueOn", p.first_due_on::text AS "firstDueOn", p.ended_at AS "endedAt",
           p.broken_because AS "brokenBecause",
           (SELECT coalesce(json_agg(json_build_object('at', to_char(m.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
              'from', m.from_on, 'to', m.to_on, 'reason', m.reason) ORDER BY m.id), '[]')
            FROM promise_move m WHERE m.community_id = $1 AND m.space_id = s.id AND m.n = p.n) AS moves,
           (SELECT coalesce(json_agg(json_build_object('id', u.id, 'title', u.title) ORDER BY u.community_out_at), '[]')
            FROM update_space us JOIN loop_update u ON u.community_id = $1 AND u.id = us.update_id AND u.community_out_at IS NOT NULL
            WHERE us.community_id = $1 AND us.space_id = s.id) AS updates
         FROM promise p JOIN space s ON s.community_id = $1 AND s.id = p.space_id
         WHERE p.community_id = $1 AND space_seen(s, $2::uuid)
           AND NOT EXISTS (SELECT FROM activity a WHERE a.community_id = $1 AND a.id = s.id AND a.segment_id = ANY ($4))
           -- Of an Update's own promise those know who know the Update.
           AND (s.kind <> 'update' OR $3 OR EXISTS (SELECT FROM loop_update u WHERE u.community_id = $1 AND u.id = s.id
             AND (u.community_out_at IS NOT NULL OR EXISTS (SELECT FROM update_source mine WHERE mine.community_id = $1
               AND mine.author_id = $2 AND mine.update_id = u.id))))
         ORDER BY p.ended_at IS NOT NULL, CASE WHEN p.ended_at IS NULL THEN s.answer_by END, p.ended_at DESC LIMIT 200`,
        [communityId, memberId ?? null, isTeam(caller), await this.segments.withoutThem(em, caller)],
      );
      const [counts] = (await em.query(
        `SELECT count(*) FILTER (WHERE status = 'kept' AND ended_at < first_due_on + 1)::int AS kept,
           count(*) FILTER (WHERE status = 'kept' AND ended_at >= first_due_on + 1)::int AS "keptLate",
           count(*) FILTER (WHERE status = 'broken')::int AS broken, count(*) FILTER (WHERE ended_at IS NULL)::int AS open
         FROM promise WHERE community_id = $1 AND (first_due_on < current_date OR status = 'kept')
           AND first_due_on > current_date - 365`,
        [communityId],
      )) as [Omit<LoopRate, 'rate'>];
      const { kept, keptLate, broken, open } = counts;
      const due = kept + keptLate + broken + open;
      return {
        promises: rows.map(({ endedAt, ...row }) => ({ ...row, endedAt: endedAt?.toISOString() ?? null })),
        rate: { ...counts, rate: due ? kept / due : null },
      };
    });
  }

  /** Another day, with the reason; everybody who spoke there is told. */
  async move({ communityId, memberId }: Member, spaceId: string, from: string, to: string, reason: string) {
    await this.tenancy.inCommunity(communityId, async (em) => {
      const row = await this.lock(em, communityId, spaceId);
      if (row.dueOn === to) return;
      if (row.dueOn !== from) throw new AppError('edit.stale', 'Somebody else has moved it: look again.');
      if (to < today())
        throw new AppError('request.invalid', 'Choose a day that is still to come.', {
          fields: { to: 'a day from today on' },
        });
      await this.moveTo(em, communityId, row, to, { byId: memberId, because: reason });
      await this.tellAuthors(em, communityId, spaceId, {
        kind: 'promiseMoved',
        cause: `promise.${spaceId}.to.${to}`,
        data: { spaceId, title: row.title, on: to, note: reason },
      });
    });
    for (const listen of this.listeners) listen(communityId, spaceId, to);
  }

  /** Ends it without an Update. What was said there and not decided about gets the reason. */
  async break({ communityId, memberId }: Member, spaceId: string, reason: string) {
    await this.tenancy.inCommunity(communityId, async (em) => {
      const row = await this.lock(em, communityId, spaceId);
      await em.query(
        `UPDATE promise SET status = 'broken', broken_because = $3, ended_at = now(), ended_due_on = $4
         WHERE community_id = $1 AND space_id = $2 AND ended_at IS NULL`,
        [communityId, spaceId, reason, row.dueOn],
      );
      const moved = await this.fate.move(em, communityId, await this.waiting(em, communityId, spaceId), {
        ...answered(memberId, null, null),
        detail: { outcome: 'informedOnly', note: reason },
      });
      await this.reach.tell(
        em,
        communityId,
        onePerAuthor(moved).map(({ id, authorId, body }) => ({
          memberId: authorId,
          kind: 'receipt',
          cause: `promise.${spaceId}.broken.${row.n}`,
          data: {
            contributionId: id,
            words: excerptOf(body),
            step: 'decided',
            note: reason,
            title: row.title,
          },
        })),
      );
      await this.settleReminders(em, communityId, spaceId);
    });
  }

  /** Kept by an Update that is out; what else was said there is answered by it too. */
  async keep(
    em: EntityManager,
    communityId: string,
    spaceId: string,
    update: { id: string; title: string; ownerId: string },
  ): Promise<void> {
    const kept: unknown[] = await em.query(
      `WITH kept AS (UPDATE promise SET status = 'kept', kept_by = $3, ended_at = now(), ended_due_on =
           (SELECT answer_by FROM space WHERE community_id = $1 AND id = $2)
         WHERE community_id = $1 AND space_id = $2 AND ended_at IS NULL RETURNING space_id) SELECT space_id FROM kept`,
      [communityId, spaceId, update.id],
    );
    if (!kept.length) return;
    await this.fate.move(
      em,
      communityId,
      await this.waiting(em, communityId, spaceId),
      answered(update.ownerId, update.id, update.title),
    );
    await this.settleReminders(em, communityId, spaceId);
  }

  /** What waits for the promise of a space: what was said there, and, of an Update's, what it had answered. */
  private async waiting(em: EntityManager, communityId: string, spaceId: string): Promise<string[]> {
    const reopened: { id: string }[] = await em.query(
      `SELECT c.id FROM update_source us JOIN contribution c ON c.community_id = $1 AND c.id = us.contribution_id
       WHERE us.community_id = $1 AND us.update_id = $2 AND c.loop = 'reopened'`,
      [communityId, spaceId],
    );
    return [...(await this.fate.undecided(em, communityId, spaceId)), ...reopened.map(({ id }) => id)];
  }

  /** Reminds of what is due, carries what is late further up, and answers what came after its promise had ended. */
  async watch(communityId: string): Promise<void> {
    await this.tenancy.inCommunity(communityId, async (em) => {
      const rows: (Omit<PromiseRow, 'n'> & { daysLate: number; escalated: number; before: PromiseStatus })[] =
        await em.query(
          `WITH open AS (
           SELECT p.space_id, p.status AS before, s.title, s.answer_by, current_date - s.answer_by AS late,
             (SELECT m.id FROM member m WHERE m.community_id = $1 AND m.id = s.owner_id AND m.status = 'active'
               AND m.role <> 'member') AS owner_id
           FROM promise p JOIN space s ON s.community_id = $1 AND s.id = p.space_id
           WHERE p.community_id = $1 AND p.ended_at IS NULL AND s.answer_by <= current_date + ${DUE_SOON_DAYS}
           ORDER BY p.space_id FOR UPDATE OF p SKIP LOCKED
         ), turned AS (
           UPDATE promise p SET status = CASE WHEN open.late > 0 THEN 'late' ELSE 'dueSoon' END,
             escalated = greatest(p.escalated, CASE WHEN open.late > ${ESCALATION_DAYS[2]} THEN 3
               WHEN open.late > ${ESCALATION_DAYS[1]} THEN 2 WHEN open.late > 0 THEN 1 ELSE 0 END)
           FROM open WHERE p.community_id = $1 AND p.space_id = open.space_id AND p.ended_at IS NULL
           RETURNING p.space_id, p.status, p.escalated)
         SELECT open.space_id AS id, open.title, turned.status, open.before, open.answer_by::text AS "dueOn",
           open.owner_id AS "ownerId", open.late AS "daysLate", turned.escalated
         FROM open JOIN turned ON turned.space_id = open.space_id`,
          [communityId],
        );
      if (rows.length) await this.remind(em, communityId, rows);
      await this.answerLatecomers(em, communityId);
      await this.answerThreads(em, communityId);
      await this.remindOfDelivery(em, communityId);
    });
  }

  private async remind(
    em: EntityManager,
    communityId: string,
    rows: readonly (Omit<PromiseRow, 'n'> & { escalated: number })[],
  ) {
    const team: { id: string; role: string }[] = await em.query(
      `SELECT id, role FROM member WHERE community_id = $1 AND role IN ('manager', 'host') AND status = 'active'`,
      [communityId],
    );
    const managers = team.filter(({ role }) => role === 'manager').map(({ id }) => id);
    const brand = team.map(({ id }) => id);
    const news = rows.flatMap(({ id, title, status, dueOn, ownerId, escalated }): News[] => {
      const data = { spaceId: id, title, on: dueOn };
      const owner = ownerId ? [ownerId] : managers;
      if (status === 'dueSoon')
        return owner.map((memberId) => ({
          memberId,
          kind: 'promiseDue',
          cause: `promise.${id}.due.${dueOn}`,
          data,
        }));
      return [owner, managers, brand].slice(0, escalated).flatMap((people, at) =>
        people.map((memberId): News => ({
          memberId,
          kind: 'promiseLate',
          cause: `promise.${id}.late.${dueOn}.${at + 1}`,
          data: { ...data, count: at + 1 },
        })),
      );
    });
    await this.reach.tell(em, communityId, news);
  }

  /** What was published only after its promise had ended is answered by what ended it. */
  private async answerLatecomers(em: EntityManager, communityId: string) {
    const ended: {
      spaceId: string;
      updateId: string | null;
      title: string | null;
      because: string | null;
    }[] = await em.query(
      `SELECT p.space_id AS "spaceId", p.kept_by AS "updateId", u.title, p.broken_because AS because
       FROM (SELECT DISTINCT ON (space_id) * FROM promise WHERE community_id = $1 ORDER BY space_id, n DESC) AS p
       LEFT JOIN loop_update u ON u.community_id = $1 AND u.id = p.kept_by
       WHERE p.ended_at IS NOT NULL AND EXISTS (SELECT FROM contribution c
         WHERE c.community_id = $1 AND c.room_id = p.space_id AND c.loop IN ('received', 'read', 'grouped', 'considered')
           AND c.moderation IN ('published', 'merged') AND c.type <> 'reply')`,
      [communityId],
    );
    for (const { spaceId, updateId, title, because } of ended) {
      const move = answered(null, updateId, title);
      await this.fate.move(em, communityId, await this.fate.undecided(em, communityId, spaceId), {
        ...move,
        detail: because ? { outcome: 'informedOnly', note: because } : move.detail,
      });
    }
  }

  /**
   * What was said of an Update is answered by it once nothing more is to come: it has been judged, or the days for that
   * are over.
   */
  private async answerThreads(em: EntityManager, communityId: string) {
    const threads: { id: string; title: string }[] = await em.query(
      `SELECT s.id, u.title FROM space s JOIN loop_update u ON u.community_id = $1 AND u.id = s.id
       WHERE s.community_id = $1 AND s.kind = 'update'
         AND (u.verified_at IS NOT NULL OR (s.answer_by < current_date AND (u.judge_until IS NULL OR u.judge_until < now())))
         AND NOT EXISTS (SELECT FROM promise p WHERE p.community_id = $1 AND p.space_id = s.id AND p.ended_at IS NULL)
         AND EXISTS (SELECT FROM contribution c WHERE c.community_id = $1 AND c.room_id = s.id
           AND c.loop IN ('received', 'read', 'grouped', 'considered') AND c.moderation IN ('published', 'merged')
           AND c.type <> 'reply')`,
      [communityId],
    );
    for (const { id, title } of threads)
      await this.fate.move(
        em,
        communityId,
        await this.fate.undecided(em, communityId, id),
        answered(null, id, title),
      );
  }

  /** What was to be carried out by a day that is past, and is not said to be there. */
  private async remindOfDelivery(em: EntityManager, communityId: string) {
    const rows: { id: string; title: string; on: string; ownerId: string }[] = await em.query(
      `SELECT id, title, due_on::text AS "on", owner_id AS "ownerId" FROM loop_update
       WHERE community_id = $1 AND status IN ('outToCommunity', 'outToPublic') AND delivered_at IS NULL
         AND due_on < current_date AND outcome IN ('adopted', 'adapted', 'deferred')`,
      [communityId],
    );
    if (!rows.length) return;
    const managers: { id: string }[] = await em.query(
      `SELECT id FROM member WHERE community_id = $1 AND role = 'manager' AND status = 'active'`,
      [communityId],
    );
    await this.reach.tell(
      em,
      communityId,
      rows.flatMap(({ id, title, on, ownerId }) =>
        [...new Set([ownerId, ...managers.map((manager) => manager.id)])].map((memberId): News => ({
          memberId,
          kind: 'promiseLate',
          cause: `update.${id}.delivery.${on}`,
          data: { updateId: id, title, on, count: 1 },
        })),
      ),
    );
  }

  /** Tells everybody who said something in a space. */
  private async tellAuthors(
    em: EntityManager,
    communityId: string,
    spaceId: string,
    news: Omit<News, 'memberId'>,
  ) {
    const authors: { id: string }[] = await em.query(
      `SELECT DISTINCT author_id AS id FROM contribution WHERE community_id = $1 AND room_id = $2 AND type <> 'reply'`,
      [communityId, spaceId],
    );
    await this.reach.tell(
      em,
      communityId,
      authors.map(({ id }) => ({ memberId: id, ...news })),
    );
  }

  private async settleReminders(em: EntityManager, communityId: string, spaceId: string) {
    await this.reach.settleLike(em, communityId, `promise.${spaceId}.due.`);
    await this.reach.settleLike(em, communityId, `promise.${spaceId}.late.`);
  }

  private async lock(em: EntityManager, communityId: string, spaceId: string): Promise<PromiseRow> {
    const [row] = (await em.query(
      `SELECT s.id, s.title, p.n, p.status, s.answer_by::text AS "dueOn", s.owner_id AS "ownerId"
       FROM promise p JOIN space s ON s.community_id = $1 AND s.id = p.space_id
       WHERE p.community_id = $1 AND p.space_id = $2 ORDER BY p.n DESC LIMIT 1 FOR UPDATE OF p`,
      [communityId, spaceId],
    )) as PromiseRow[];
    if (!row) throw notFound();
    if (row.status === 'kept' || row.status === 'broken')
      throw new AppError('promise.ended', 'This promise has ended.');
    return row;
  }
}

const today = () => new Date().toISOString().slice(0, 10);

/** One of the contributions of each author. */
export const onePerAuthor = <T extends { authorId: string }>(list: readonly T[]): T[] => [
  ...new Map(list.map((one) => [one.authorId, one])).values(),
];

/** Answered along with the others, by an Update if there is one. */
const answered = (byId: string | null, updateId: string | null, updateTitle: string | null): LoopMove => ({
  to: 'decided',
  byId,
  outcome: 'informedOnly',
  detail: { outcome: 'informedOnly', updateId, updateTitle },
});
