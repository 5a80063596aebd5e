import { Injectable } from '@nestjs/common';
import type { InputOf } from '@parley/contracts/contract';
import {
  CALL_ANSWER_DAYS,
  type callSession,
  type GroupState,
  type SessionCall,
} from '@parley/contracts/groups';
import type { Role } from '@parley/contracts/people';
import type { EntityManager } from 'typeorm';
import { ContributionsService } from '../contributions/contributions.service';
import { PromisesService } from '../loop/promises.service';
import type { Member, Overseer } from '../platform/doors';
import { AppError, notFound } from '../platform/errors';
import { Tenancy } from '../platform/tenancy';
import { type News, ReachService } from '../reach/reach.service';
import { callColumns, callOf, type CallRow, callSource } from './groups.sql';

/** So many of a hundred active members sign a call; no fewer and no more than these. */
const SIGNERS_SHARE = 0.1;
const SIGNERS_LEAST = 10;
const SIGNERS_MOST = 100;

const inDays = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);

/** Calls for a Session: signed by members until it is enough, then answered by the sponsor's promise. */
@Injectable()
export class CallsService {
  constructor(
    private readonly tenancy: Tenancy,
    private readonly promises: PromisesService,
    private readonly contributions: ContributionsService,
    private readonly reach: ReachService,
  ) {}

  /** The newest first. */
  async list(
    em: EntityManager,
    caller: Member | Overseer,
    of: { groupId?: string; callId?: string } | null,
  ): Promise<SessionCall[]> {
    const { communityId, memberId = null } = caller;
    const rows: CallRow[] = await em.query(
      `SELECT ${callColumns} FROM ${callSource} WHERE k.community_id = $1 AND ($3::uuid IS NULL OR k.group_id = $3)
         AND ($4::uuid IS NULL OR k.id = $4) ORDER BY k.at DESC LIMIT 50`,
      [communityId, memberId, of?.groupId ?? null, of?.callId ?? null],
    );
    return rows.map(callOf);
  }

  /** Makes it, with its first signature; false where it is there already. */
  async make(
    em: EntityManager,
    caller: Member,
    { groupId, callId, title, questions }: InputOf<typeof callSession>,
  ): Promise<boolean> {
    const { communityId, memberId } = caller;
    const made: unknown[] = await em.query(
      `INSERT INTO session_call (community_id, id, group_id, title, questions, by_id, needed)
       SELECT $1, $2, $3, $4, $5, $6, least(${SIGNERS_MOST}, greatest(${SIGNERS_LEAST}, ceil(${SIGNERS_SHARE} * count(*)))::int)
       FROM member WHERE community_id = $1 AND role = 'member' AND status = 'active'
       ON CONFLICT DO NOTHING RETURNING id`,
      [communityId, callId, groupId, title, JSON.stringify(questions), memberId],
    );
    if (made.length) await this.sign(em, caller, callId);
    return made.length > 0;
  }

  /** Whoever signs last before it is enough makes the sponsor's promise begin; from then on signatures stay. */
  setSigned(caller: Member, callId: string, signed: boolean): Promise<SessionCall> {
    const { communityId, memberId } = caller;
    return this.tenancy.inCommunity(communityId, async (em) => {
      const [call] = (await em.query(
        `SELECT k.id, k.title, k.questions, k.needed, k.reached_at AS "reachedAt", k.group_id AS "groupId", g.state,
           sponsor.id AS "sponsorId", sponsor.handle AS name, sponsor.title AS office, by.id AS "byId", by.handle, by.role
         FROM session_call k JOIN micro_group g ON g.community_id = $1 AND g.id = k.group_id
         JOIN member sponsor ON sponsor.community_id = $1 AND sponsor.id = g.sponsor_id
         JOIN member by ON by.community_id = $1 AND by.id = k.by_id
         WHERE k.community_id = $1 AND k.id = $2 FOR UPDATE OF k`,
        [communityId, callId],
      )) as {
        title: string;
        questions: string[];
        needed: number;
        reachedAt: Date | null;
        groupId: string;
        state: GroupState;
        sponsorId: string;
        name: string;
        office: string;
        byId: string;
        handle: string;
        role: Role;
      }[];
      if (!call) throw notFound();
      if (!signed) {
        if (call.reachedAt) throw new AppError('group.moved', 'Enough have signed: it is being answered.');
        await em.query(
          'DELETE FROM call_signature WHERE community_id = $1 AND call_id = $2 AND member_id = $3',
          [communityId, callId, memberId],
        );
        return (await this.list(em, caller, { callId }))[0]!;
      }
      if (!call.reachedAt && call.state !== 'active' && call.state !== 'dormant')
        throw new AppError('group.moved', 'The group has ended.');
      await this.sign(em, caller, callId);
      const [now] = await this.list(em, caller, { callId });
      if (!call.reachedAt && now!.signed >= call.needed) {
        await em.query('UPDATE session_call SET reached_at = now() WHERE community_id = $1 AND id = $2', [
          communityId,
          callId,
        ]);
        await em.query('INSERT INTO room (community_id, id, open) VALUES ($1, $2, true)', [
          communityId,
          callId,
        ]);
        await this.promises.make(em, communityId, {
          ...{ id: callId, kind: 'call', title: call.title, purpose: call.questions.join('\n') },
          ...{ decision: call.title, owner: { name: call.name, title: call.office } },
          ...{ answerBy: inDays(CALL_ANSWER_DAYS), informsOnly: true },
        });
        // What is asked is a contribution: it gets its receipt, and the Update that answers it rests on it.
        const body = [call.title, ...call.questions].join('\n');
        const author = { memberId: call.byId, handle: call.handle, role: call.role };
        const write = { communityId, memberId: call.byId, opId: callId };
        const [asked] = await this.contributions.store(
          em,
          [{ ...write, input: { roomId: callId, author, body } }],
          'comment',
          ({ id }) => id,
        );
        if (asked instanceof AppError) throw asked;
        await em.query('UPDATE room SET open = false WHERE community_id = $1 AND id = $2', [
          communityId,
          callId,
        ]);
        await this.tellSigners(em, communityId, callId, `call.${callId}.reached`, {
          ...{ groupId: call.groupId, title: call.title, group: 'reached', by: call.name },
          on: inDays(CALL_ANSWER_DAYS),
        });
        await this.reach.tell(em, communityId, [
          {
            ...{ memberId: call.sponsorId, kind: 'call', cause: `call.${callId}.yours` },
            data: { groupId: call.groupId, title: call.title, group: 'yours', on: inDays(CALL_ANSWER_DAYS) },
          },
        ]);
      }
      return (await this.list(em, caller, { callId }))[0]!;
    });
  }

  private async sign(em: EntityManager, { communityId, memberId }: Member, callId: string) {
    await em.query(
      `INSERT INTO call_signature (community_id, call_id, member_id) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`,
      [communityId, callId, memberId],
    );
  }

  private async tellSigners(
    em: EntityManager,
    communityId: string,
    callId: string,
    cause: string,
    data: News['data'],
  ) {
    const signers: { id: string }[] = await em.query(
      'SELECT member_id AS id FROM call_signature WHERE community_id = $1 AND call_id = $2',
      [communityId, callId],
    );
    await this.reach.tell(
      em,
      communityId,
      signers.map(({ id }) => ({ memberId: id, kind: 'call', cause, data })),
    );
  }

  /** Whoever signed is told of the answer, once. */
  async tellAnswered(em: EntityManager, communityId: string): Promise<void> {
    const answered: {
      id: string;
      groupId: string;
      title: string;
      updateId: string | null;
      because: string | null;
    }[] = await em.query(
      `SELECT k.id, k.group_id AS "groupId", k.title, p.kept_by AS "updateId", p.broken_because AS because FROM session_call k
         JOIN promise p ON p.community_id = $1 AND p.space_id = k.id AND p.ended_at IS NOT NULL
         WHERE k.community_id = $1 AND k.told_at IS NULL FOR UPDATE OF k`,
      [communityId],
    );
    for (const { id, groupId, title, updateId, because } of answered) {
      await this.tellSigners(em, communityId, id, `call.${id}.answered`, {
        ...{ groupId, title, group: 'answered' as const },
        ...(updateId && { updateId }),
        ...(because && { note: because }),
      });
      await em.query('UPDATE session_call SET told_at = now() WHERE community_id = $1 AND id = $2', [
        communityId,
        id,
      ]);
    }
  }
}
