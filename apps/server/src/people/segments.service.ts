import { Injectable } from '@nestjs/common';
import { type FactDef, MIN_N, type Segment } from '@parley/contracts/profile';
import { isCounted, matches, MemberCount, type SegmentRule } from '@parley/contracts/rule';
import type { DatabaseError } from 'pg';
import { type EntityManager, QueryFailedError } from 'typeorm';
import { isTeam, type Member, type Overseer } from '../platform/doors';
import { AppError, notFound } from '../platform/errors';
import { ProfileService } from './profile.service';

interface Row {
  id: string;
  name: string;
  rule: SegmentRule;
  frozenAt: Date | null;
}

type Condition = SegmentRule[number];
/** How often it is so of each member of a community; members of whom it never is are left out. */
type Count = (em: EntityManager, communityId: string) => Promise<{ memberId: string; n: number }[]>;

/** Groups of members by a rule over what is known of them, and how much was asked of them lately. */
@Injectable()
export class SegmentsService {
  constructor(private readonly profile: ProfileService) {
    profile.onFacts.push((em, communityId, memberId) => this.keepOne(em, communityId, memberId));
  }

  /** Features say of which segments the database has to know the people. */
  readonly kept: ((em: EntityManager, communityId: string) => Promise<string[]>)[] = [];

  /** Features say how what is theirs is counted. */
  readonly counts = new Map<MemberCount, Count>();

  async list(em: EntityManager, communityId: string): Promise<Segment[]> {
    const rows: Row[] = await em.query(
      `SELECT id, name, rule, frozen_at AS "frozenAt" FROM segment WHERE community_id = $1 ORDER BY name, id`,
      [communityId],
    );
    const active = await this.profile.factsOf(em, ['active']);
    const segments: Segment[] = [];
    for (const row of rows)
      segments.push({
        ...row,
        frozenAt: row.frozenAt?.toISOString() ?? null,
        count: shown((await this.membersOf(em, communityId, row, active)).length, active.length),
      });
    return segments;
  }

  /** How many a rule is about, where that may be told. */
  async count(em: EntityManager, communityId: string, rule: SegmentRule): Promise<number | null> {
    const active = await this.counted(em, communityId, rule);
    return shown(active.filter(({ facts }) => matches(rule, facts)).length, active.length);
  }

  /** Active members with what is known of them, and what the rule counts. */
  private async counted(em: EntityManager, communityId: string, rule: SegmentRule) {
    const active = await this.profile.factsOf(em, ['active']);
    for (const key of MemberCount.options.filter((one) => rule.some(({ fact }) => fact === one))) {
      const rows = (await this.counts.get(key)?.(em, communityId)) ?? [];
      const counts = new Map(rows.map(({ memberId, n }) => [memberId, n]));
      for (const { memberId, facts } of active) facts[key] = counts.get(memberId) ?? 0;
    }
    return active;
  }

  /** A frozen one keeps its people and its rule; only its name can be changed. */
  async save(
    em: EntityManager,
    communityId: string,
    {
      segmentId,
      name,
      rule,
      freeze,
    }: { segmentId: string; name: string; rule: SegmentRule; freeze: boolean },
  ): Promise<Segment> {
    const defs = await this.profile.defs(em);
    const odd = rule.find((condition) => !suits(condition, defs));
    if (odd)
      throw new AppError('request.invalid', 'Please check what was sent.', {
        fields: { rule: `nothing is known by which ${odd.fact} could be so` },
      });
    // Asked of, they would be out of it again.
    if (!freeze && rule.some(isCounted))
      throw new AppError('request.invalid', 'Keep the people whom it is about now.', {
        fields: { freeze: 'by what is counted people are chosen once' },
      });
    await em.query(
      `INSERT INTO segment (community_id, id, name, rule) VALUES ($1, $2, $3, $4)
       ON CONFLICT (community_id, id) DO UPDATE SET name = excluded.name,
         rule = CASE WHEN segment.frozen_at IS NULL THEN excluded.rule ELSE segment.rule END`,
      [communityId, segmentId, name, JSON.stringify(rule)],
    );
    if (freeze) await this.freeze(em, communityId, segmentId, rule);
    else if ((await this.keptOf(em, communityId)).includes(segmentId))
      await this.keep(em, communityId, segmentId);
    const segment = (await this.list(em, communityId)).find(({ id }) => id === segmentId);
    if (!segment) throw notFound();
    return segment;
  }

  /** Those of the segments that the member is in now. */
  async among(
    em: EntityManager,
    communityId: string,
    memberId: string,
    segmentIds: readonly string[],
  ): Promise<string[]> {
    if (!segmentIds.length) return [];
    const rows: (Row & { frozenIn: boolean })[] = await em.query(
      `SELECT s.id, s.name, s.rule, s.frozen_at AS "frozenAt", EXISTS (SELECT FROM segment_member m
         WHERE m.community_id = $1 AND m.segment_id = s.id AND m.member_id = $2) AS "frozenIn"
       FROM segment s WHERE s.community_id = $1 AND s.id = ANY ($3)`,
      [communityId, memberId, segmentIds],
    );
    const facts = rows.some(({ frozenAt }) => !frozenAt) ? await this.profile.factsOfOne(em, memberId) : null;
    return rows
      .filter(({ frozenAt, frozenIn, rule }) => (frozenAt ? frozenIn : facts && matches(rule, facts)))
      .map(({ id }) => id);
  }

  /** Whether what is for one of the segments, or for all, is seen by the caller. The team sees all. */
  async seenBy(em: EntityManager, caller: Member | Overseer, segmentIds: readonly string[]) {
    if (isTeam(caller) || !caller.memberId) return () => true;
    const { communityId, memberId } = caller;
    const mine = new Set(await this.among(em, communityId, memberId, [...new Set(segmentIds)]));
    return (segmentId: string | null) => segmentId === null || mine.has(segmentId);
  }

  /** The segments that the caller is not of. The team sees what is for any. */
  async withoutThem(em: EntityManager, caller: Member | Overseer): Promise<string[]> {
    if (isTeam(caller) || !caller.memberId) return [];
    const { communityId, memberId } = caller;
    const rows: { id: string }[] = await em.query('SELECT id FROM segment WHERE community_id = $1', [
      communityId,
    ]);
    const all = rows.map(({ id }) => id);
    const mine = new Set(await this.among(em, communityId, memberId, all));
    return all.filter((id) => !mine.has(id));
  }

  /** Active members of a segment, or all of them: their ids. */
  async members(em: EntityManager, communityId: string, segmentId: string | null): Promise<string[]> {
    const active = await this.profile.factsOf(em, ['active']);
    if (segmentId === null) return active.map(({ memberId }) => memberId);
    const [row] = (await em.query(
      `SELECT id, name, rule, frozen_at AS "frozenAt" FROM segment WHERE community_id = $1 AND id = $2`,
      [communityId, segmentId],
    )) as Row[];
    return row ? this.membersOf(em, communityId, row, active) : [];
  }

  /** Writes down who is in a segment now, for what the database has to know; false where there is none. */
  async keep(em: EntityManager, communityId: string, segmentId: string): Promise<boolean> {
    const rows: Row[] = await em.query(
      `SELECT id, name, rule, frozen_at AS "frozenAt" FROM segment WHERE community_id = $1 AND id = $2 FOR UPDATE`,
      [communityId, segmentId],
    );
    if (!rows.length) return false;
    if (rows[0]!.frozenAt) return true;
    const now = await this.members(em, communityId, segmentId);
    await em.query(
      'DELETE FROM segment_member WHERE community_id = $1 AND segment_id = $2 AND member_id <> ALL ($3)',
      [communityId, segmentId, now],
    );
    await this.add(em, communityId, segmentId, now);
    return true;
  }

  /** The same for all that have to be known. */
  async keepAll(em: EntityManager, communityId: string): Promise<void> {
    for (const id of await this.keptOf(em, communityId)) await this.keep(em, communityId, id);
  }

  private async keptOf(em: EntityManager, communityId: string): Promise<string[]> {
    return (await Promise.all(this.kept.map((ids) => ids(em, communityId)))).flat();
  }

  /** Of what is known of one member another thing is known now. */
  private async keepOne(em: EntityManager, communityId: string, memberId: string): Promise<void> {
    const ids = await this.keptOf(em, communityId);
    if (!ids.length) return;
    const mine = await this.among(em, communityId, memberId, ids);
    await em.query(
      `DELETE FROM segment_member m USING segment s WHERE m.community_id = $1 AND m.member_id = $2 AND m.segment_id = ANY ($3)
         AND s.community_id = $1 AND s.id = m.segment_id AND s.frozen_at IS NULL`,
      [communityId, memberId, ids.filter((id) => !mine.includes(id))],
    );
    for (const id of mine) await this.add(em, communityId, id, [memberId]);
  }

  /** A place or an Activity that is for its people keeps it; what else was given to it alone goes with it. */
  async remove(em: EntityManager, communityId: string, segmentId: string): Promise<void> {
    const { affected } = await em
      .createQueryBuilder()
      .delete()
      .from('segment')
      .where('community_id = :communityId AND id = :segmentId', { communityId, segmentId })
      .execute()
      .catch((error: unknown) => {
        const isUsed =
          error instanceof QueryFailedError && (error.driverError as DatabaseError).code === '23503';
        throw isUsed ? new AppError('segment.inUse', 'Something is for the people of this segment.') : error;
      });
    if (!affected) throw notFound();
  }

  private async add(em: EntityManager, communityId: string, segmentId: string, members: readonly string[]) {
    await em.query(
      `INSERT INTO segment_member (community_id, segment_id, member_id) SELECT $1, $2, * FROM unnest($3::uuid[])
       ON CONFLICT DO NOTHING`,
      [communityId, segmentId, members],
    );
  }

  private async freeze(em: EntityManager, communityId: string, segmentId: string, rule: SegmentRule) {
    const [frozen] = (await em.query(
      `SELECT frozen_at AS "frozenAt" FROM segment WHERE community_id = $1 AND id = $2 FOR UPDATE`,
      [communityId, segmentId],
    )) as { frozenAt: Date | null }[];
    if (frozen?.frozenAt) return;
    const active = await this.counted(em, communityId, rule);
    await em.query('UPDATE segment SET frozen_at = now() WHERE community_id = $1 AND id = $2', [
      communityId,
      segmentId,
    ]);
    const now = active.filter(({ facts }) => matches(rule, facts)).map(({ memberId }) => memberId);
    await em.query('DELETE FROM segment_member WHERE community_id = $1 AND segment_id = $2', [
      communityId,
      segmentId,
    ]);
    await this.add(em, communityId, segmentId, now);
  }

  private async membersOf(
    em: EntityManager,
    communityId: string,
    { id, rule, frozenAt }: Row,
    active: readonly { memberId: string; facts: Parameters<typeof matches>[1] }[],
  ): Promise<string[]> {
    if (!frozenAt) return active.filter(({ facts }) => matches(rule, facts)).map(({ memberId }) => memberId);
    const rows: { id: string }[] = await em.query(
      `SELECT m.id FROM segment_member s JOIN member m ON m.community_id = s.community_id AND m.id = s.member_id
       WHERE s.community_id = $1 AND s.segment_id = $2 AND m.status = 'active' AND m.role = 'member'`,
      [communityId, id],
    );
    return rows.map(({ id: memberId }) => memberId);
  }
}

/** Whether the facts that are kept can meet the condition at all. */
function suits(condition: Condition, defs: readonly FactDef[]): boolean {
  if (isCounted(condition)) return true;
  const def = defs.find(({ key }) => key === condition.fact);
  if (!def) return false;
  if ('values' in condition)
    return condition.values.every((value) => def.options.some((option) => option.value === value));
  return !('value' in condition) || def.kind === 'number' || def.kind === 'scale';
}

/** A group, and the rest beside it, is told from ten people on: else it would tell of single persons. */
export function shown(count: number, all: number): number | null {
  const others = all - count;
  return count < MIN_N || (others > 0 && others < MIN_N) ? null : count;
}
