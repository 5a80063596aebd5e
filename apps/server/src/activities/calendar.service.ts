import { Injectable } from '@nestjs/common';
import { entryAt, entryDueAt, phaseOf } from '@parley/contracts/activities';
import type { EntityManager } from 'typeorm';
import type { Member } from '../platform/doors';
import { AppError } from '../platform/errors';
import { Jobs } from '../platform/jobs';
import { Tenancy } from '../platform/tenancy';
import { returned } from '../platform/writer';
import { ReachService } from '../reach/reach.service';
import { ActivitiesService } from './activities.service';
import { activityColumns, activitySource, isPublished, type Published, timesOf } from './activities.sql';
import { published } from './gallery.service';

/** How long before something is due those are reminded who have not done it, ms: of a day's entry, of all else. */
const BEFORE_DAY_MS = 6 * 3_600_000;
const BEFORE_MS = 24 * 3_600_000;

/** Tells members when an Activity opens, and reminds those who have not done it, before it is due. */
@Injectable()
export class CalendarService {
  constructor(
    private readonly tenancy: Tenancy,
    private readonly activities: ActivitiesService,
    private readonly reach: ReachService,
    jobs: Jobs,
  ) {
    jobs.everywhere('activities', '* * * * *', (communityId) => this.turn(communityId));
  }

  /** What is to be told now. Each is told of an opening once, and reminded once a day at the most. */
  async turn(communityId: string, now = new Date().toISOString()): Promise<void> {
    await this.tenancy.inCommunity(communityId, async (em) => {
      const opened = await returned<{ id: string; segmentId: string | null; title: string }>(
        em,
        `UPDATE activity SET announced_at = now() WHERE community_id = $1 AND status = 'published' AND announced_at IS NULL
           AND opens_at <= $2 AND due_at > $2 RETURNING id, segment_id AS "segmentId", title`,
        [communityId, now],
      );
      for (const { id, segmentId, title } of opened)
        await this.reach.tell(
          em,
          communityId,
          (await this.activities.people(em, communityId, segmentId)).map((memberId) => ({
            ...{ memberId, kind: 'activity', cause: `activity.${id}.open` },
            data: { activityId: id, title },
          })),
        );
    });
    const rows = await this.tenancy.inCommunity(communityId, async (em) =>
      (
        (await em.query(
          `SELECT ${activityColumns} FROM ${activitySource} WHERE a.community_id = $1 AND a.status = 'published'
             AND a.opens_at <= $2 AND a.due_at > $2`,
          [communityId, now],
        )) as Published[]
      ).filter(isPublished),
    );
    for (const row of rows) {
      const times = timesOf(row);
      const due = Date.parse(entryDueAt(times, entryAt(times, now)!));
      const before = times.diary?.every === 'day' ? BEFORE_DAY_MS : BEFORE_MS;
      // What is open for less than a day all in all was announced a moment ago.
      const since = Math.max(Date.parse(times.opensAt), due - before);
      if (Date.parse(now) < since || due - Date.parse(times.opensAt) <= before) continue;
      await this.tenancy.inCommunity(communityId, (em) => this.remindUndone(em, communityId, row, now));
    }
  }

  /** Those who have not sent what can be sent now; answers how many were told that had not been today. */
  remind({ communityId }: Member, activityId: string): Promise<number> {
    const now = new Date().toISOString();
    return this.tenancy.inCommunity(communityId, async (em) => {
      const row = await published(em, communityId, activityId);
      const phase = phaseOf(timesOf(row), now);
      if (phase !== 'open' && phase !== 'closing')
        throw new AppError('activity.notOpen', 'Nothing can be sent to it now.');
      return this.remindUndone(em, communityId, row, now);
    });
  }

  private async remindUndone(
    em: EntityManager,
    communityId: string,
    row: Published,
    now: string,
  ): Promise<number> {
    const times = timesOf(row);
    const entry = entryAt(times, now)!;
    const done: { memberId: string }[] = await em.query(
      `SELECT member_id AS "memberId" FROM submission WHERE community_id = $1 AND activity_id = $2 AND entry = $3
         AND withdrawn_at IS NULL
       UNION SELECT id FROM member WHERE community_id = $1 AND observer
       UNION SELECT member_id FROM notification WHERE community_id = $1 AND cause = $4`,
      [communityId, row.id, entry, causeOf(row.id, now)],
    );
    const left = new Set(await this.activities.people(em, communityId, row.segmentId));
    for (const { memberId } of done) left.delete(memberId);
    await this.reach.tell(
      em,
      communityId,
      [...left].map((memberId) => ({
        ...{ memberId, kind: 'activityDue', cause: causeOf(row.id, now) },
        data: { activityId: row.id, title: row.title, on: entryDueAt(times, entry).slice(0, 10) },
      })),
    );
    return left.size;
  }
}

/** One a day: told twice on a day it tells nobody twice. */
const causeOf = (activityId: string, now: string) => `activity.${activityId}.due.${now.slice(0, 10)}`;
