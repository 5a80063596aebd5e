import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { HOLD_MINUTES, OFFER_HOURS, type Plan, type PlanState } from '@parley/contracts/door';
import type { Facts } from '@parley/contracts/rule';
import type { EntityManager } from 'typeorm';
import { ProfileService } from '../people/profile.service';
import { AppError } from '../platform/errors';
import { returned } from '../platform/writer';
import {
  admitInOrder,
  cellsOf,
  type Counter,
  counted,
  countersOf,
  fullFor,
  overfilled,
  stateOf,
} from './quotas';

/** Members who count: what they are besides, they have a place. */
const inside = ['active', 'paused', 'suspended'] as const;

/** Offers that somebody may let pass before no more are made, until they look at their page again. */
const OFFERS = 2;

export interface Standing {
  version: number;
  counters: Counter[];
  /** By cell, above 0 where places were given back of which nobody who waits has been told yet. */
  freed: Map<string, number>;
}

/** Somebody who waits and can be reached, in the order of the queue. */
export interface Waiting {
  id: string;
  facts: Facts;
}

const counterColumns = `id, kind, label, rule, target, soft, hard, least, filled, reserved,
  other_filled AS "otherFilled", other_reserved AS "otherReserved"`;

/** Places: who has one, and for whom there is none. Each method works in the caller's transaction. */
@Injectable()
export class QuotasService {
  constructor(private readonly profile: ProfileService) {}

  /** The plan that stands; without one, a plan without limits is made. */
  async standing(em: EntityManager, communityId: string): Promise<Standing> {
    const rows: (Counter & { version: number; freed: number })[] = await em.query(
      `SELECT p.version, c.freed, ${counterColumns} FROM quota_plan p
       JOIN quota_cell c ON c.community_id = p.community_id AND c.plan_version = p.version
       WHERE p.community_id = $1 AND p.active ORDER BY c.place`,
      [communityId],
    );
    if (rows[0])
      return {
        version: rows[0].version,
        counters: rows.map(({ version: _, freed: __, ...counter }) => counter),
        freed: new Map(rows.map(({ id, freed }) => [id, freed])),
      };
    await this.store(em, communityId, 1, countersOf({ total: null, cells: [], shares: [] }, randomUUID()));
    return this.standing(em, communityId);
  }

  /**
   * Keeps a place for an application that is at its screener or waits: one statement, whatever the number of cells.
   * It locks the cells in one order, looks whether one more fits into each, and counts it in all of them or in none;
   * then the application waits. Cells that are seen to be full are not even locked: who comes a moment too early for
   * a place that is given back is offered it as the one who waits. Until those who wait have been asked about it, it
   * is theirs: nobody who comes is kept a place before them. False when there is none.
   */
  async reserve(
    em: EntityManager,
    communityId: string,
    applicationId: string,
    facts: Facts,
    as: 'reserved' | 'offered',
  ): Promise<boolean> {
    for (let tries = 0; tries < 5; tries += 1) {
      const { version, counters, freed } = await this.standing(em, communityId);
      const cells = cellsOf(counters, facts).map(({ id }) => id);
      const isFree =
        !fullFor(counters, facts).length &&
        (as === 'offered' ||
          ![...freed.values()].some(Boolean) ||
          (await this.isNext(em, communityId, counters, { id: applicationId, facts })));
      if (!isFree) {
        await em.query(
          `UPDATE application SET status = 'waiting', waiting_since = coalesce(waiting_since, now())
           WHERE community_id = $1 AND id = $2 AND status = 'screening'`,
          [communityId, applicationId],
        );
        return false;
      }
      const [answer] = (await em.query(
        `WITH plan AS (
           SELECT version FROM quota_plan WHERE community_id = $1 AND version = $2 AND active FOR SHARE
         ), cell AS (
           SELECT c.id, c.id = ANY ($4::uuid[]) AS is_in, CASE
             WHEN c.kind <> 'share' THEN c.hard IS NULL OR c.filled + c.reserved < c.hard
             ELSE c.id = ANY ($4::uuid[]) OR (c.other_filled + c.other_reserved + 1) * 100
               <= (100 - c.least) * (c.filled + c.other_filled + c.other_reserved + 1) END AS fits
           FROM plan JOIN quota_cell c ON c.community_id = $1 AND c.plan_version = plan.version
           WHERE (c.id = ANY ($4::uuid[]) AND (c.kind <> 'total' OR c.hard IS NOT NULL)) OR c.kind = 'share'
           ORDER BY c.id FOR UPDATE OF c
         ), verdict AS (
           SELECT coalesce(bool_and(fits), true) AS fits FROM cell
         ), held AS (
           UPDATE application a SET status = CASE WHEN verdict.fits THEN $5 ELSE 'waiting' END,
             cell_ids = CASE WHEN verdict.fits THEN $4::uuid[] ELSE a.cell_ids END,
             waiting_since = CASE WHEN verdict.fits THEN a.waiting_since ELSE coalesce(a.waiting_since, now()) END,
             offers = a.offers + (verdict.fits AND $5 = 'offered')::int,
             offered_at = CASE WHEN verdict.fits AND $5 = 'offered' THEN now() ELSE a.offered_at END,
             reserved_until = CASE WHEN NOT verdict.fits THEN a.reserved_until
               WHEN $5 = 'offered' THEN now() + make_interval(hours => $6) ELSE now() + make_interval(mins => $7) END
           FROM plan, verdict
           WHERE a.community_id = $1 AND a.id = $3 AND a.status IN ('screening', 'waiting')
           RETURNING verdict.fits
         ), taken AS (
           UPDATE quota_cell q SET reserved = q.reserved + cell.is_in::int, other_reserved = q.other_reserved + (NOT cell.is_in)::int
           FROM cell, held WHERE held.fits AND q.community_id = $1 AND q.plan_version = $2 AND q.id = cell.id
           RETURNING q.id
         )
         SELECT EXISTS (SELECT FROM plan) AS stands, EXISTS (SELECT FROM held) AS held, fits,
           (SELECT count(*) FROM taken) FROM verdict`,
        [communityId, version, applicationId, cells, as, OFFER_HOURS, HOLD_MINUTES],
      )) as [{ stands: boolean; held: boolean; fits: boolean }];
      // Somebody published another plan in between: its cells are the ones to ask.
      if (!answer.stands) continue;
      if (!answer.held) throw new AppError('door.stepOrder', 'This application is past that step.');
      return answer.fits;
    }
    throw new AppError('server.busy', 'The quotas are being changed: try again.', { retryAfterMs: 500 });
  }

  /** Whom offers are made to, longest waiting first: those who can be reached and have not let two pass. */
  line(em: EntityManager, communityId: string): Promise<Waiting[]> {
    return em.query(
      `SELECT id, facts FROM application WHERE community_id = $1 AND status = 'waiting' AND NOT kept_waiting
         AND offers < $2 AND (email_verified_at IS NOT NULL OR invitation_id IS NOT NULL) ORDER BY waiting_since, id`,
      [communityId, OFFERS],
    );
  }

  /** Those who wait have been asked about the places that were free when the plan was read so. */
  async offered(em: EntityManager, communityId: string, { version, freed }: Standing): Promise<void> {
    const asked = [...freed].filter(([, count]) => count > 0);
    if (!asked.length) return;
    await em.query(
      `WITH cell AS (
         SELECT c.id FROM quota_cell c JOIN unnest($3::uuid[], $4::int[]) AS asked (id, freed) ON asked.id = c.id
         WHERE c.community_id = $1 AND c.plan_version = $2 AND c.freed = asked.freed ORDER BY c.id FOR UPDATE OF c
       )
       UPDATE quota_cell q SET freed = 0 FROM cell WHERE q.community_id = $1 AND q.plan_version = $2 AND q.id = cell.id`,
      [communityId, version, asked.map(([id]) => id), asked.map(([, count]) => count)],
    );
  }

  /** Whether there is a place for somebody after everybody before them in line has had theirs. */
  private async isNext(em: EntityManager, communityId: string, counters: Counter[], somebody: Waiting) {
    const line = await this.line(em, communityId);
    const withThem = line.some(({ id }) => id === somebody.id) ? line : [...line, somebody];
    return admitInOrder(counters, withThem).some(({ id }) => id === somebody.id);
  }

  /** A kept place becomes a member's, or is given back. The application is locked by the caller. */
  async settle(em: EntityManager, communityId: string, cellIds: readonly string[], how: 'fill' | 'release') {
    await em.query(
      `WITH cell AS (
         SELECT c.id, c.plan_version, c.id = ANY ($2::uuid[]) AS is_in FROM quota_cell c
         JOIN quota_plan p ON p.community_id = c.community_id AND p.version = c.plan_version AND p.active
         WHERE c.community_id = $1 AND ((c.id = ANY ($2::uuid[]) AND (c.kind <> 'total' OR c.hard IS NOT NULL)) OR c.kind = 'share')
         ORDER BY c.id FOR UPDATE OF c
       )
       UPDATE quota_cell q SET
         reserved = q.reserved - cell.is_in::int, other_reserved = q.other_reserved - (NOT cell.is_in)::int,
         filled = q.filled + (cell.is_in AND $3)::int, other_filled = q.other_filled + (NOT cell.is_in AND $3)::int,
         freed = q.freed + (NOT $3)::int
       FROM cell WHERE q.community_id = $1 AND q.plan_version = cell.plan_version AND q.id = cell.id`,
      [communityId, cellIds, how === 'fill'],
    );
  }

  /** The next version, counted from the facts of those inside and on their way in. */
  async publish(em: EntityManager, communityId: string, basedOn: number, plan: Plan): Promise<void> {
    const { version, counters } = await this.standing(em, communityId);
    // Waits for places that are being kept at this moment, and keeps new ones waiting.
    const [stands] = (await em.query(
      'SELECT version FROM quota_plan WHERE community_id = $1 AND version = $2 AND active FOR UPDATE',
      [communityId, version],
    )) as { version: number }[];
    if (!stands || version !== basedOn)
      throw new AppError('door.stale', 'Somebody else has changed the quotas: load them again.');
    await em.query('UPDATE quota_plan SET active = false WHERE community_id = $1 AND version = $2', [
      communityId,
      version,
    ]);
    const totalId = counters.find(({ kind }) => kind === 'total')?.id ?? randomUUID();
    await this.store(em, communityId, version + 1, countersOf(plan, totalId));
    await this.recount(em, communityId);
  }

  /** Counts everybody anew: after facts have changed, and after members have left. */
  async recount(em: EntityManager, communityId: string): Promise<void> {
    const [row] = (await em.query(
      'SELECT version FROM quota_plan WHERE community_id = $1 AND active FOR UPDATE',
      [communityId],
    )) as { version: number }[];
    if (!row) return;
    const { version, counters } = await this.standing(em, communityId);
    const held = await this.held(em, communityId, true);
    const members = await this.members(em);
    const anew = counted(
      counters,
      members,
      held.map(({ facts }) => facts),
    );
    await em.query(
      `UPDATE quota_cell q SET filled = n.filled, reserved = n.reserved, other_filled = n.other_filled, other_reserved = n.other_reserved,
         freed = q.freed + 1
       FROM unnest($3::uuid[], $4::int[], $5::int[], $6::int[], $7::int[]) AS n (id, filled, reserved, other_filled, other_reserved)
       WHERE q.community_id = $1 AND q.plan_version = $2 AND q.id = n.id`,
      [
        communityId,
        version,
        anew.map(({ id }) => id),
        anew.map(({ filled }) => filled),
        anew.map(({ reserved }) => reserved),
        anew.map(({ otherFilled }) => otherFilled),
        anew.map(({ otherReserved }) => otherReserved),
      ],
    );
    await em.query(
      `UPDATE application a SET cell_ids = ARRAY(SELECT json_array_elements_text(n.cells)::uuid)
       FROM json_to_recordset($2::json) AS n (id uuid, cells json) WHERE a.community_id = $1 AND a.id = n.id`,
      [
        communityId,
        JSON.stringify(
          held.map(({ id, facts }) => ({ id, cells: cellsOf(anew, facts).map((cell) => cell.id) })),
        ),
      ],
    );
  }

  /** What a plan would look like if it stood now. */
  async trial(
    em: EntityManager,
    communityId: string,
    plan: Plan,
  ): Promise<{ counters: Counter[]; over: string[] }> {
    const held = await this.held(em, communityId, false);
    const counters = counted(
      countersOf(plan, randomUUID()),
      await this.members(em),
      held.map(({ facts }) => facts),
    );
    return { counters, over: overfilled(counters) };
  }

  /** The plan that stands, with everybody in it. */
  async state(em: EntityManager, communityId: string, waiting: readonly Waiting[]): Promise<PlanState> {
    const { version, counters } = await this.standing(em, communityId);
    // A total without a limit is not counted at the door: nothing depends on it.
    const [open] = (await em.query(
      `SELECT (SELECT count(*)::int FROM member WHERE community_id = $1 AND role = 'member' AND status = ANY ($2)) AS filled,
         (SELECT count(*)::int FROM application WHERE community_id = $1 AND status IN ('reserved', 'offered')) AS reserved`,
      [communityId, inside],
    )) as [{ filled: number; reserved: number }];
    const known = counters.map((counter) =>
      counter.kind === 'total' && counter.hard === null ? { ...counter, ...open } : counter,
    );
    return stateOf(version, known, waiting);
  }

  private async members(em: EntityManager): Promise<Facts[]> {
    return (await this.profile.factsOf(em, [...inside])).map(({ facts }) => facts);
  }

  /** Applications with a kept place. Locked, none of them is settled until the caller is done. */
  private held(em: EntityManager, communityId: string, locked: boolean): Promise<Waiting[]> {
    return em.query(
      `SELECT id, facts FROM application WHERE community_id = $1 AND status IN ('reserved', 'offered')
       ORDER BY id ${locked ? 'FOR UPDATE' : ''}`,
      [communityId],
    );
  }

  private async store(em: EntityManager, communityId: string, version: number, counters: readonly Counter[]) {
    const [made] = await returned<{ version: number }>(
      em,
      `INSERT INTO quota_plan (community_id, version, active) VALUES ($1, $2, true)
       ON CONFLICT DO NOTHING RETURNING version`,
      [communityId, version],
    );
    // Somebody else made it at the same moment.
    if (!made) return;
    await em.query(
      `INSERT INTO quota_cell (community_id, plan_version, id, place, kind, label, rule, target, soft, hard, least)
       SELECT $1, $2, c.id, c.place, c.kind, c.label, c.rule, c.target, c.soft, c.hard, c.least
       FROM json_to_recordset($3::json) AS c
         (id uuid, place int, kind text, label text, rule jsonb, target int, soft int, hard int, least int)`,
      [communityId, version, JSON.stringify(counters.map((counter, place) => ({ ...counter, place })))],
    );
  }
}
