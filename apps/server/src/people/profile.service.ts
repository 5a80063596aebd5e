import { Injectable } from '@nestjs/common';
import type { MemberStatus } from '@parley/contracts/people';
import type { FactDef, FactSource } from '@parley/contracts/profile';
import type { Facts } from '@parley/contracts/rule';
import type { EntityManager } from 'typeorm';

/** What is known of members. */
@Injectable()
export class ProfileService {
  defs(em: EntityManager): Promise<FactDef[]> {
    return em.query(
      'SELECT key, label, kind, options, editable, sensitive FROM profile_fact_def ORDER BY created_at, key',
    );
  }

  async assert(em: EntityManager, communityId: string, memberId: string, facts: Facts, source: FactSource) {
    await em.query(
      `INSERT INTO profile_fact (community_id, member_id, key, value, source)
       SELECT $1, $2, f.key, f.value, $4 FROM jsonb_each($3::jsonb) AS f (key, value)
       JOIN profile_fact_def d ON d.community_id = $1 AND d.key = f.key
       ON CONFLICT (community_id, member_id, key) DO UPDATE SET value = excluded.value, source = excluded.source, asserted_at = now()`,
      [communityId, memberId, JSON.stringify(facts), source],
    );
  }

  factsOf(em: EntityManager, statuses: MemberStatus[]): Promise<{ memberId: string; facts: Facts }[]> {
    return em.query(
      `SELECT m.id AS "memberId", coalesce(jsonb_object_agg(f.key, f.value) FILTER (WHERE f.key IS NOT NULL), '{}') AS facts
       FROM member m LEFT JOIN profile_fact f ON f.community_id = m.community_id AND f.member_id = m.id
       WHERE m.role = 'member' AND m.status = ANY ($1) GROUP BY m.id`,
      [statuses],
    );
  }
}
