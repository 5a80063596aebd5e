import { Injectable } from '@nestjs/common';
import type { InputOf, OutputOf } from '@parley/contracts/contract';
import type { Named } from '@parley/contracts/contributions';
import {
  type callSession,
  type decideGroup,
  DORMANT_DAYS,
  FOUNDERS,
  type Group,
  GROUP_MOST,
  type GroupState,
  type listGroups,
  type proposeGroup,
  type readGroup,
  type SessionCall,
} from '@parley/contracts/groups';
import type { EntityManager } from 'typeorm';
import { SpacesService } from '../contributions/spaces.service';
import { PromisesService } from '../loop/promises.service';
import { isTeam, type Member, type Overseer } from '../platform/doors';
import { AppError, notFound } from '../platform/errors';
import { Jobs } from '../platform/jobs';
import { Tenancy } from '../platform/tenancy';
import { type News, ReachService } from '../reach/reach.service';
import { CallsService } from './calls.service';
import { shown } from './commons.sql';
import {
  groupColumns,
  groupOf,
  type GroupRow,
  groupSource,
  meetupColumns,
  meetupOf,
  type MeetupRow,
  meetupSource,
} from './groups.sql';

type Caller = Member | Overseer;

/** By when members hear of what a group has asked of the brand. */
const PROMISE_DAYS = 90;
const LISTED = 200;

const inDays = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);

/** Small groups: founded by five, sponsored by the brand, with a place of their own. */
@Injectable()
export class GroupsService {
  constructor(
    private readonly tenancy: Tenancy,
    private readonly promises: PromisesService,
    private readonly spaces: SpacesService,
    private readonly reach: ReachService,
    private readonly calls: CallsService,
    jobs: Jobs,
  ) {
    jobs.everywhere('groups', '*/10 * * * *', (communityId) => this.watch(communityId));
  }

  // --- looking ---

  list(caller: Caller): Promise<OutputOf<typeof listGroups>> {
    const { communityId, memberId = null } = caller;
    return this.tenancy.inCommunity(communityId, async (em) => {
      const rows: GroupRow[] = await em.query(
        `SELECT ${groupColumns} FROM ${groupSource} WHERE g.community_id = $1
           AND (g.state NOT IN ('declined', 'archived') OR mine.member_id IS NOT NULL OR $3)
         ORDER BY mine.member_id IS NULL, g.state = 'archived', g.created_at DESC LIMIT ${LISTED}`,
        [communityId, memberId, isTeam(caller)],
      );
      return { groups: rows.map(groupOf), calls: await this.calls.list(em, caller, null) };
    });
  }

  read(caller: Caller, groupId: string): Promise<OutputOf<typeof readGroup>> {
    const { communityId, memberId = null } = caller;
    return this.tenancy.inCommunity(communityId, async (em) => {
      const group = await this.group(em, caller, groupId);
      const isInside = group.mine || isTeam(caller);
      const people: OutputOf<typeof readGroup>['people'] = isInside
        ? await em.query(
            `SELECT m.id AS "memberId", m.handle, w.founder FROM group_member w
             JOIN member m ON m.community_id = $1 AND m.id = w.member_id
             WHERE w.community_id = $1 AND w.group_id = $2 AND w.left_at IS NULL ORDER BY w.joined_at, m.handle`,
            [communityId, groupId],
          )
        : [];
      const meetups: MeetupRow[] = group.mine
        ? await em.query(
            `SELECT ${meetupColumns} FROM ${meetupSource} WHERE u.community_id = $1 AND u.group_id = $3
               AND u.starts_at > now() - interval '30 days' ORDER BY u.starts_at LIMIT 50`,
            [communityId, memberId, groupId],
          )
        : [];
      return {
        ...{ group, people, meetups: meetups.map(meetupOf) },
        calls: await this.calls.list(em, caller, { groupId }),
      };
    });
  }

  private async group(em: EntityManager, caller: Caller, id: string): Promise<Group> {
    const { communityId, memberId = null } = caller;
    const [row] = (await em.query(
      `SELECT ${groupColumns} FROM ${groupSource} WHERE g.community_id = $1 AND g.id = $4
         AND (g.state NOT IN ('declined', 'archived') OR mine.member_id IS NOT NULL OR $3)`,
      [communityId, memberId, isTeam(caller), id],
    )) as GroupRow[];
    if (!row) throw notFound();
    return groupOf(row);
  }

  // --- founding ---

  propose(caller: Member, { groupId, name, purpose }: InputOf<typeof proposeGroup>): Promise<Group> {
    const { communityId, memberId } = caller;
    return this.tenancy.inCommunity(communityId, async (em) => {
      const made: unknown[] = await em.query(
        `INSERT INTO micro_group (community_id, id, name, purpose, by_id) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT DO NOTHING RETURNING id`,
        [communityId, groupId, name, purpose, memberId],
      );
      if (made.length)
        await em.query(
          `INSERT INTO group_member (community_id, group_id, member_id, founder) VALUES ($1, $2, $3, true)`,
          [communityId, groupId, memberId],
        );
      return this.group(em, caller, groupId);
    });
  }

  /** One after the other: the fifth founds it, and there are never more than a small group has. */
  join(caller: Member, groupId: string, joined: boolean): Promise<Group> {
    const { communityId, memberId } = caller;
    return this.tenancy.inCommunity(communityId, async (em) => {
      const { state, name } = await this.lock(em, communityId, groupId);
      if (state === 'archived' || state === 'declined') throw new AppError('group.moved', 'It has ended.');
      if (!joined) {
        await em.query(
          `UPDATE group_member SET left_at = now(), founder = false
           WHERE community_id = $1 AND group_id = $2 AND member_id = $3 AND left_at IS NULL`,
          [communityId, groupId, memberId],
        );
        // Who is not of it any more does not come, nor hears of what changes.
        await em.query(
          `UPDATE meetup_answer SET coming = false, at = now() WHERE community_id = $1 AND member_id = $3 AND coming
             AND meetup_id IN (SELECT id FROM meetup WHERE community_id = $1 AND group_id = $2)`,
          [communityId, groupId, memberId],
        );
        // Before it is founded fewer than five may be left.
        if (state === 'forming' && (await this.count(em, communityId, groupId)) < FOUNDERS)
          await this.turn(em, communityId, groupId, 'proposed', null);
        return this.group(em, caller, groupId);
      }
      if ((await this.count(em, communityId, groupId)) >= GROUP_MOST)
        throw new AppError('group.full', 'A small group stays small: found another.');
      await em.query(
        `INSERT INTO group_member (community_id, group_id, member_id, founder) VALUES ($1, $2, $3, $4)
         ON CONFLICT (community_id, group_id, member_id) DO UPDATE SET left_at = NULL, founder = excluded.founder
           WHERE group_member.left_at IS NOT NULL`,
        [communityId, groupId, memberId, state === 'proposed' || state === 'forming'],
      );
      if (state === 'proposed' && (await this.count(em, communityId, groupId)) >= FOUNDERS) {
        await this.turn(em, communityId, groupId, 'forming', null);
        const managers: { id: string }[] = await em.query(
          `SELECT id FROM member WHERE community_id = $1 AND role = 'manager' AND status = 'active'`,
          [communityId],
        );
        await this.reach.tell(
          em,
          communityId,
          managers.map(({ id }) => ({
            ...{ memberId: id, kind: 'groupWaits', cause: `group.${groupId}.waits` },
            data: { groupId, title: name },
          })),
        );
      }
      return this.group(em, caller, groupId);
    });
  }

  /** A sponsor opens its place, with the promise that the sponsor gives. */
  decide(
    caller: Member,
    { groupId, decision }: Omit<InputOf<typeof decideGroup>, 'communityId'>,
  ): Promise<Group> {
    const { communityId } = caller;
    return this.tenancy.inCommunity(communityId, async (em) => {
      const { state, name, purpose, sponsorId } = await this.lock(em, communityId, groupId);
      if (decision.to === 'active') {
        if (state !== 'forming' && state !== 'active' && state !== 'dormant')
          throw new AppError('group.moved', 'Five founders come first.');
        const [sponsor] = (await em.query(
          `SELECT handle AS name, title FROM member WHERE community_id = $1 AND id = $2 AND role <> 'member' AND status = 'active'`,
          [communityId, decision.sponsorId],
        )) as Named[];
        if (!sponsor)
          throw new AppError('request.invalid', 'Choose somebody of the team.', {
            fields: { 'decision.sponsorId': 'somebody of the team' },
          });
        await em.query(
          `UPDATE micro_group SET sponsor_id = $3, state = CASE WHEN state = 'forming' THEN 'active' ELSE state END,
             state_at = CASE WHEN state = 'forming' THEN now() ELSE state_at END WHERE community_id = $1 AND id = $2`,
          [communityId, groupId, decision.sponsorId],
        );
        if (state !== 'forming' && sponsorId !== decision.sponsorId) {
          const calls: { id: string }[] = await em.query(
            'SELECT id FROM session_call WHERE community_id = $1 AND group_id = $2 AND told_at IS NULL',
            [communityId, groupId],
          );
          const handed = [groupId, ...calls.map(({ id }) => id)];
          await this.spaces.hand(em, communityId, handed, decision.sponsorId);
        }
        if (sponsorId !== decision.sponsorId)
          await this.reach.tell(em, communityId, [
            {
              ...{ memberId: decision.sponsorId, kind: 'group' },
              ...{ cause: `group.${groupId}.sponsor.${Date.now()}` },
              data: { groupId, title: name, group: 'sponsor' },
            },
          ]);
        if (state === 'forming') {
          await em.query('INSERT INTO room (community_id, id, open) VALUES ($1, $2, true)', [
            communityId,
            groupId,
          ]);
          await this.promises.make(em, communityId, {
            ...{ id: groupId, kind: 'group', title: name, purpose, decision: purpose, owner: sponsor },
            ...{ answerBy: inDays(PROMISE_DAYS), informsOnly: true, groupId },
          });
          await this.tellAll(em, communityId, groupId, `group.${groupId}.founded`, {
            ...{ kind: 'group', data: { groupId, title: name, group: 'founded', by: sponsor.name } },
          });
          await this.reach.settle(em, communityId, `group.${groupId}.waits`);
        }
        return this.group(em, caller, groupId);
      }
      const fits =
        decision.to === 'declined'
          ? state === 'proposed' || state === 'forming'
          : state === 'active' || state === 'dormant';
      if (!fits) throw new AppError('group.moved', 'It is not where it could be decided so.');
      await this.turn(em, communityId, groupId, decision.to, decision.because);
      // What was said stays to be read; nothing more is said.
      await em.query('UPDATE room SET open = false WHERE community_id = $1 AND id = $2', [
        communityId,
        groupId,
      ]);
      await this.reach.settle(em, communityId, `group.${groupId}.waits`);
      await this.tellAll(em, communityId, groupId, `group.${groupId}.${decision.to}`, {
        kind: 'group',
        data: { groupId, title: name, group: decision.to, note: decision.because },
      });
      return this.group(em, caller, groupId);
    });
  }

  private async lock(em: EntityManager, communityId: string, groupId: string) {
    const [row] = (await em.query(
      `SELECT state, name, purpose, sponsor_id AS "sponsorId" FROM micro_group
       WHERE community_id = $1 AND id = $2 FOR UPDATE`,
      [communityId, groupId],
    )) as { state: GroupState; name: string; purpose: string; sponsorId: string | null }[];
    if (!row) throw notFound();
    return row;
  }

  private async count(em: EntityManager, communityId: string, groupId: string): Promise<number> {
    const [{ count }] = (await em.query(
      'SELECT count(*)::int FROM group_member WHERE community_id = $1 AND group_id = $2 AND left_at IS NULL',
      [communityId, groupId],
    )) as [{ count: number }];
    return count;
  }

  private async turn(
    em: EntityManager,
    communityId: string,
    groupId: string,
    to: GroupState,
    because: string | null,
  ) {
    await em.query(
      'UPDATE micro_group SET state = $3, state_at = now(), because = $4 WHERE community_id = $1 AND id = $2',
      [communityId, groupId, to, because],
    );
  }

  /** Tells everybody who is in it, or all but one. */
  async tellAll(
    em: EntityManager,
    communityId: string,
    groupId: string,
    cause: string,
    news: Pick<News, 'kind' | 'data'>,
    but?: string,
  ) {
    const members: { id: string }[] = await em.query(
      'SELECT member_id AS id FROM group_member WHERE community_id = $1 AND group_id = $2 AND left_at IS NULL',
      [communityId, groupId],
    );
    await this.reach.tell(
      em,
      communityId,
      members.filter(({ id }) => id !== but).map(({ id }) => ({ memberId: id, cause, ...news })),
    );
  }

  /** Only for those who are in it, while it goes on. */
  async inside(em: EntityManager, caller: Member, groupId: string): Promise<Group> {
    const group = await this.group(em, caller, groupId);
    if (!group.mine) throw new AppError('group.notIn', 'Come into the group first.');
    if (group.state !== 'active' && group.state !== 'dormant')
      throw new AppError('group.moved', 'It is not founded yet, or has ended.');
    return group;
  }

  /** The group calls for a Session; its members are told. */
  call(caller: Member, input: InputOf<typeof callSession>): Promise<SessionCall> {
    const { communityId, memberId, handle } = caller;
    const { groupId, callId, title } = input;
    return this.tenancy.inCommunity(communityId, async (em) => {
      await this.inside(em, caller, groupId);
      if (await this.calls.make(em, caller, input))
        await this.tellAll(
          em,
          communityId,
          groupId,
          `call.${callId}.made`,
          { kind: 'call', data: { groupId, title, by: handle } },
          memberId,
        );
      return (await this.calls.list(em, caller, { callId }))[0]!;
    });
  }

  // --- the clock ---

  /** Groups in which nobody says anything fall asleep, and wake; who signed is told of the answer. */
  async watch(communityId: string): Promise<void> {
    await this.tenancy.inCommunity(communityId, async (em) => {
      await em.query(
        `UPDATE micro_group g SET state = now.state, state_at = now()
         FROM (SELECT g.id, CASE WHEN greatest(g.created_at, (SELECT max(t.last_at) FROM topic t
             JOIN contribution c ON c.community_id = $1 AND c.id = t.id
             WHERE t.community_id = $1 AND t.place_id = g.id AND ${shown})) < now() - interval '${DORMANT_DAYS} days'
             THEN 'dormant' ELSE 'active' END AS state
           FROM micro_group g WHERE g.community_id = $1 AND g.state IN ('active', 'dormant')) AS now
         WHERE g.community_id = $1 AND g.id = now.id AND g.state <> now.state`,
        [communityId],
      );
      await this.calls.tellAnswered(em, communityId);
    });
  }
}
