import { AsyncLocalStorage } from 'node:async_hooks';
import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import type { OutputOf } from '@parley/contracts/contract';
import {
  type listNotifications,
  type Notification,
  type NotificationData,
  NotificationKind,
  type Preferences,
  type readPreferences,
  teamKinds,
  usualCadence,
} from '@parley/contracts/reach';
import type { EntityManager } from 'typeorm';
import { ConsentsService } from '../people/consents.service';
import { type Config, CONFIG } from '../platform/config';
import type { Member } from '../platform/doors';
import { AppError } from '../platform/errors';
import { idOf } from '../platform/ids';
import { Jobs } from '../platform/jobs';
import { type Mail, Mails } from '../platform/mail';
import { after, cursorOf, markOf } from '../platform/pages';
import { Tenancy } from '../platform/tenancy';
import { dailyMail, type Due, mailOf } from './mails';

/** Something that a member is told, once for its cause. */
export interface News {
  memberId: string;
  kind: NotificationKind;
  /** Names what it tells of: the same cause tells a member once. */
  cause: string;
  data: NotificationData;
}

const PAGE = 30;
/** How many mails are made in one transaction. */
const BATCH = 200;

const usual: Preferences = {
  timezone: 'UTC',
  quiet: { from: '22:00', to: '07:00' },
  dailyAt: '18:00',
  cadence: {},
};

/** SQL for how a member is reached: of `p`, their row of reach_preference, which may be missing. */
const zone = `coalesce(p.timezone, '${usual.timezone}')`;
const quietFrom = `CASE WHEN p.member_id IS NULL THEN time '${usual.quiet!.from}' ELSE p.quiet_from END`;
const quietTo = `CASE WHEN p.member_id IS NULL THEN time '${usual.quiet!.to}' ELSE p.quiet_to END`;
const dailyAt = `coalesce(p.daily_at, time '${usual.dailyAt}')`;

/**
 * Tells members of what concerns them. What is told is a row of the transaction that caused it, so that it is there
 * exactly once, whatever crashes; its mail is made from that row, once, by a job, under an id made from the row's.
 */
@Injectable()
export class ReachService {
  private readonly unmailed = new AsyncLocalStorage<true>();

  constructor(
    private readonly tenancy: Tenancy,
    private readonly jobs: Jobs,
    private readonly mails: Mails,
    private readonly consents: ConsentsService,
    @Inject(CONFIG) private readonly config: Config,
  ) {
    jobs.handle('reach.mail', ({ communityId }: { communityId: string }) => this.mailDue(communityId));
    // What is due later: after quiet hours, or once a day.
    jobs.everywhere('reach-mail', '* * * * *', (communityId) => this.mailDue(communityId));
  }

  /** What is told within `work` stands in the app alone: for what is made to have happened earlier. */
  withoutMail<T>(work: () => Promise<T>): Promise<T> {
    return this.unmailed.run(true, work);
  }

  /** Tells each of them once for each cause. Who has left, or was suspended, is told nothing; nor what is the team's. */
  async tell(em: EntityManager, communityId: string, news: readonly News[]): Promise<void> {
    if (!news.length) return;
    const isMailed = !this.unmailed.getStore();
    await em.query(
      `INSERT INTO notification (community_id, id, member_id, kind, cause, data, mail_at, daily)
       SELECT $1, n.id, n.member_id, n.kind, n.cause, n.data,
         CASE WHEN $5 THEN reach_mail_at(t.cadence, now(), ${zone}, ${quietFrom}, ${quietTo}, ${dailyAt}) END,
         t.cadence = 'daily'
       FROM json_to_recordset($2::json) AS n (id uuid, member_id uuid, kind text, cause text, data jsonb)
       JOIN member m ON m.community_id = $1 AND m.id = n.member_id AND m.status IN ('active', 'paused')
         AND NOT (m.role = 'member' AND n.kind = ANY ($4))
       LEFT JOIN reach_preference p ON p.community_id = $1 AND p.member_id = n.member_id,
       LATERAL (SELECT coalesce(p.cadence ->> n.kind, $3::json ->> n.kind) AS cadence) AS t
       ON CONFLICT (community_id, member_id, cause) DO NOTHING`,
      [
        communityId,
        JSON.stringify(
          news.map(({ memberId, ...rest }) => ({ id: randomUUID(), member_id: memberId, ...rest })),
        ),
        JSON.stringify(usualCadence),
        teamKinds,
        isMailed,
      ],
    );
    if (isMailed) await this.jobs.add(em, 'reach.mail', { communityId });
  }

  /** What it asked for has been done, by this member or, without one, for all: nobody is reminded of it any more. */
  async settle(em: EntityManager, communityId: string, cause: string, memberId?: string): Promise<void> {
    await this.settleWhere(
      em,
      communityId,
      `cause COLLATE "C" = $2 AND ($3::uuid IS NULL OR member_id = $3)`,
      [cause, memberId ?? null],
    );
  }

  /** What was told there is taken back: it is not mailed any more, and what somebody wrote is not read in it. */
  async retract(em: EntityManager, communityId: string, cause: string): Promise<void> {
    await this.settle(em, communityId, cause);
    await em.query(
      `UPDATE notification SET data = data - 'note' WHERE community_id = $1 AND cause COLLATE "C" = $2`,
      [communityId, cause],
    );
  }

  /** The same of every cause that begins so. */
  async settleLike(em: EntityManager, communityId: string, causes: string, memberId?: string): Promise<void> {
    await this.settleWhere(
      em,
      communityId,
      `cause COLLATE "C" >= $2 AND cause COLLATE "C" < $2 || '~' AND ($3::uuid IS NULL OR member_id = $3)`,
      [causes, memberId ?? null],
    );
  }

  /** The same of every one of a kind. */
  async settleKind(em: EntityManager, communityId: string, kind: NotificationKind): Promise<void> {
    await this.settleWhere(em, communityId, 'kind = $2', [kind]);
  }

  private async settleWhere(em: EntityManager, communityId: string, which: string, values: unknown[]) {
    await em.query(
      `UPDATE notification SET mail_at = NULL, not_mailed = CASE WHEN mail_at IS NOT NULL THEN 'done' ELSE not_mailed END,
         read_at = coalesce(read_at, now())
       WHERE community_id = $1 AND (mail_at IS NOT NULL OR read_at IS NULL) AND ${which}`,
      [communityId, ...values],
    );
  }

  async list(
    { communityId, memberId }: Member,
    cursor: string | undefined,
  ): Promise<OutputOf<typeof listNotifications>> {
    const page = after(cursor);
    return this.tenancy.inCommunity(communityId, async (em) => {
      const rows: (Omit<Notification, 'at'> & { at: Date; mark: string; unread: number })[] = await em.query(
        `SELECT id, kind, at, ${markOf('at')} AS mark, read_at IS NOT NULL AS read, data, (SELECT count(*)::int FROM notification
           WHERE community_id = $1 AND member_id = $2 AND read_at IS NULL) AS unread
         FROM notification WHERE community_id = $1 AND member_id = $2 AND (at, id) < ($3, $4)
         ORDER BY at DESC, id DESC LIMIT $5`,
        [communityId, memberId, page.at, page.id, PAGE + 1],
      );
      const shown = rows.slice(0, PAGE);
      return {
        notifications: shown.map(({ id, kind, read, data, at }) => ({
          id,
          kind,
          read,
          data,
          at: at.toISOString(),
        })),
        next: cursorOf(rows, PAGE),
        unread: rows[0]?.unread ?? 0,
      };
    });
  }

  async read({ communityId, memberId }: Member, ids: string[] | undefined): Promise<{ unread: number }> {
    return this.tenancy.inCommunity(communityId, async (em) => {
      await em.query(
        `UPDATE notification SET read_at = now(), mail_at = NULL,
           not_mailed = CASE WHEN mail_at IS NOT NULL THEN 'read' ELSE not_mailed END
         WHERE community_id = $1 AND member_id = $2 AND read_at IS NULL AND ($3::uuid[] IS NULL OR id = ANY ($3))`,
        [communityId, memberId, ids ?? null],
      );
      const [{ unread }] = (await em.query(
        `SELECT count(*)::int AS unread FROM notification
         WHERE community_id = $1 AND member_id = $2 AND read_at IS NULL`,
        [communityId, memberId],
      )) as [{ unread: number }];
      return { unread };
    });
  }

  async preferences({ communityId, memberId }: Member): Promise<OutputOf<typeof readPreferences>> {
    return this.tenancy.inCommunity(communityId, async (em) => {
      const [row] = (await em.query(
        `SELECT timezone, to_char(quiet_from, 'HH24:MI') AS "from", to_char(quiet_to, 'HH24:MI') AS "to",
           to_char(daily_at, 'HH24:MI') AS "dailyAt", cadence
         FROM reach_preference WHERE community_id = $1 AND member_id = $2`,
        [communityId, memberId],
      )) as {
        timezone: string;
        from: string | null;
        to: string | null;
        dailyAt: string;
        cadence: Preferences['cadence'];
      }[];
      return {
        preferences: row
          ? {
              timezone: row.timezone,
              quiet: row.from && row.to ? { from: row.from, to: row.to } : null,
              dailyAt: row.dailyAt,
              cadence: row.cadence,
            }
          : usual,
        chosen: Boolean(row),
        mailAgreed: await this.consents.has(em, communityId, memberId, 'email'),
      };
    });
  }

  /** Takes effect at once, also on what waits to be mailed. */
  async prefer({ communityId, memberId }: Member, to: Preferences): Promise<void> {
    await this.tenancy.inCommunity(communityId, async (em) => {
      // A zone that the database does not know would keep everybody from being told with this member.
      await em.query('SELECT now() AT TIME ZONE $1', [to.timezone]).catch((error: { code?: string }) => {
        if (error.code !== '22023') throw error;
        throw new AppError('request.invalid', 'Choose another time zone.', {
          fields: { 'preferences.timezone': 'a time zone such as Europe/Berlin' },
        });
      });
      await em.query(
        `INSERT INTO reach_preference (community_id, member_id, timezone, quiet_from, quiet_to, daily_at, cadence)
         VALUES ($1, $2, $3, $4, $5, $6, $7)
         ON CONFLICT (community_id, member_id) DO UPDATE SET timezone = $3, quiet_from = $4, quiet_to = $5,
           daily_at = $6, cadence = $7`,
        [
          communityId,
          memberId,
          to.timezone,
          to.quiet?.from ?? null,
          to.quiet?.to ?? null,
          to.dailyAt,
          JSON.stringify(to.cadence),
        ],
      );
      await em.query(
        `UPDATE notification n SET
           mail_at = reach_mail_at(coalesce(p.cadence ->> n.kind, $3::json ->> n.kind), now(),
             ${zone}, ${quietFrom}, ${quietTo}, ${dailyAt}),
           daily = coalesce(p.cadence ->> n.kind, $3::json ->> n.kind) = 'daily'
         FROM reach_preference p WHERE p.community_id = $1 AND p.member_id = $2
           AND n.community_id = $1 AND n.member_id = $2 AND n.mail_at IS NOT NULL`,
        [communityId, memberId, JSON.stringify(usualCadence)],
      );
      await this.jobs.add(em, 'reach.mail', { communityId });
    });
  }

  /**
   * Makes the mails that are due, batch by batch, each whole or not at all. What was read or done meanwhile, or must
   * not be mailed, is left out with the reason; where it is quiet now it waits.
   */
  private async mailDue(communityId: string): Promise<void> {
    while ((await this.tenancy.inCommunity(communityId, (em) => this.mailBatch(em, communityId))) === BATCH);
  }

  private async mailBatch(em: EntityManager, communityId: string): Promise<number> {
    // One at a time: two would each make a daily mail of a part of the same day.
    await em.query(`SELECT pg_advisory_xact_lock(hashtext('reach.mail'), hashtext($1))`, [communityId]);
    const found: Due[] = await em.query(
      `SELECT n.id, n.member_id AS "memberId", n.kind, n.data, n.daily, n.read_at IS NOT NULL AS read, m.status, m.role,
         EXISTS (SELECT FROM consent c WHERE c.community_id = $1 AND c.member_id = m.id AND c.purpose = 'email'
           AND c.withdrawn_at IS NULL) AS agreed,
         person.email, person.name, person.locale, community.slug, community.name AS community, brand.name AS brand,
         nullif(reach_after_quiet(now(), ${zone}, ${quietFrom}, ${quietTo}), now()) AS later
       FROM notification n
       JOIN member m ON m.community_id = n.community_id AND m.id = n.member_id
       JOIN person ON person.id = m.person_id
       JOIN community ON community.id = n.community_id
       JOIN brand ON brand.id = community.brand_id
       LEFT JOIN reach_preference p ON p.community_id = n.community_id AND p.member_id = n.member_id
       WHERE n.community_id = $1 AND n.mail_at <= now()
       ORDER BY n.daily, n.member_id, n.at LIMIT $2 FOR UPDATE OF n SKIP LOCKED`,
      [communityId, BATCH],
    );
    if (!found.length) return 0;
    const due = wholeDays(found);
    const mails: Mail[] = [];
    const fates: { id: string; mail?: string; not?: string; later?: Date }[] = [];
    const daily = new Map<string, Due[]>();
    for (const one of due) {
      const not = whyNot(one);
      if (not) fates.push({ id: one.id, not });
      else if (one.later) fates.push({ id: one.id, later: one.later });
      else if (one.daily) daily.set(one.memberId, [...(daily.get(one.memberId) ?? []), one]);
      else {
        const id = idOf('mail', one.id);
        mails.push({ id, about: one.memberId, to: one.email, ...mailOf(one, this.config.publicUrl) });
        fates.push({ id: one.id, mail: id });
      }
    }
    for (const [memberId, list] of daily) {
      const id = idOf('mail', ...list.map(({ id }) => id));
      mails.push({ id, about: memberId, to: list[0]!.email, ...dailyMail(list, this.config.publicUrl) });
      fates.push(...list.map((one) => ({ id: one.id, mail: id })));
    }
    await this.mails.postAll(em, mails);
    await em.query(
      `UPDATE notification n SET mail_at = f.later, mail_id = f.mail, not_mailed = f.not
       FROM json_to_recordset($2::json) AS f (id uuid, mail uuid, "not" text, later timestamptz)
       WHERE n.community_id = $1 AND n.id = f.id`,
      [communityId, JSON.stringify(fates)],
    );
    return found.length;
  }
}

/** Leaves out, of a full batch, the last day that may go on after it; it begins the next batch. */
function wholeDays(found: Due[]): Due[] {
  const last = found.at(-1)!;
  if (found.length < BATCH || !last.daily) return found;
  const whole = found.filter(({ daily, memberId }) => !daily || memberId !== last.memberId);
  return whole.length ? whole : found;
}

function whyNot({ read, agreed, status, kind, role }: Due): string | undefined {
  if (read) return 'read';
  // Who has paused is told nothing until they are back; then it stands in the app.
  if (status !== 'active' || (teamKinds.includes(kind) && role === 'member')) return 'notActive';
  return agreed ? undefined : 'notAgreed';
}
