import { Injectable } from '@nestjs/common';
import type { InputOf } from '@parley/contracts/contract';
import type { Meetup, saveMeetup } from '@parley/contracts/groups';
import type { EntityManager } from 'typeorm';
import type { Member } from '../platform/doors';
import { AppError, notFound } from '../platform/errors';
import { Tenancy } from '../platform/tenancy';
import { returned } from '../platform/writer';
import { ReachService } from '../reach/reach.service';
import { meetupColumns, meetupOf, type MeetupRow, meetupSource } from './groups.sql';
import { GroupsService } from './groups.service';

/** When members of a group meet; where exactly, those read who come. */
@Injectable()
export class MeetupsService {
  constructor(
    private readonly tenancy: Tenancy,
    private readonly groups: GroupsService,
    private readonly reach: ReachService,
  ) {}

  save(caller: Member, input: InputOf<typeof saveMeetup>): Promise<Meetup> {
    const { communityId, memberId, handle } = caller;
    const { groupId, meetupId, title, about, startsAt, area, place, cancelled } = input;
    return this.tenancy.inCommunity(communityId, async (em) => {
      await this.groups.inside(em, caller, groupId);
      if (!cancelled && Date.parse(startsAt) < Date.now())
        throw new AppError('request.invalid', 'Choose a time that is still to come.', {
          fields: { startsAt: 'a time to come' },
        });
      const made: unknown[] = await em.query(
        `INSERT INTO meetup (community_id, id, group_id, title, about, starts_at, area, place, by_id)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT DO NOTHING RETURNING id`,
        [communityId, meetupId, groupId, title, about, startsAt, area, place, memberId],
      );
      const news = {
        kind: 'meetup' as const,
        data: { groupId, title, by: handle, on: startsAt.slice(0, 10) },
      };
      if (made.length)
        await this.groups.tellAll(em, communityId, groupId, `meetup.${meetupId}.0`, news, memberId);
      else {
        const [changed] = await returned<{ changes: number }>(
          em,
          `UPDATE meetup SET title = $4, about = $5, starts_at = $6, area = $7, place = $8, changes = changes + 1,
             cancelled_at = CASE WHEN $9 THEN coalesce(cancelled_at, now()) END
           WHERE community_id = $1 AND id = $2 AND group_id = $3 AND by_id = $10
             AND (title, about, starts_at, area, place, cancelled_at IS NOT NULL) IS DISTINCT FROM
               ($4, $5, $6::timestamptz, $7, $8, $9) RETURNING changes`,
          [communityId, meetupId, groupId, title, about, startsAt, area, place, cancelled, memberId],
        );
        if (changed) {
          const coming: { id: string }[] = await em.query(
            'SELECT member_id AS id FROM meetup_answer WHERE community_id = $1 AND meetup_id = $2 AND coming',
            [communityId, meetupId],
          );
          await this.reach.tell(
            em,
            communityId,
            coming
              .filter(({ id }) => id !== memberId)
              .map(({ id }) => ({
                ...{ memberId: id, cause: `meetup.${meetupId}.${changed.changes}`, kind: 'meetup' },
                data: { ...news.data, ...(cancelled && { group: 'cancelled' as const }) },
              })),
          );
        }
      }
      return this.meetup(em, caller, groupId, meetupId);
    });
  }

  answer(caller: Member, groupId: string, meetupId: string, coming: boolean): Promise<Meetup> {
    const { communityId, memberId } = caller;
    return this.tenancy.inCommunity(communityId, async (em) => {
      await this.groups.inside(em, caller, groupId);
      await this.meetup(em, caller, groupId, meetupId);
      await em.query(
        `INSERT INTO meetup_answer (community_id, meetup_id, member_id, coming) VALUES ($1, $2, $3, $4)
         ON CONFLICT (community_id, meetup_id, member_id) DO UPDATE SET coming = $4, at = now()`,
        [communityId, meetupId, memberId, coming],
      );
      return this.meetup(em, caller, groupId, meetupId);
    });
  }

  private async meetup(em: EntityManager, { communityId, memberId }: Member, groupId: string, id: string) {
    const [row] = (await em.query(
      `SELECT ${meetupColumns} FROM ${meetupSource} WHERE u.community_id = $1 AND u.group_id = $3 AND u.id = $4`,
      [communityId, memberId, groupId, id],
    )) as MeetupRow[];
    if (!row) throw notFound();
    return meetupOf(row);
  }
}
