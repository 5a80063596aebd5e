import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { type ConsentText, type Purpose, requiredPurposes } from '@parley/contracts/profile';
import type { EntityManager } from 'typeorm';

/** What people are asked to agree to, and what they agreed to. */
@Injectable()
export class ConsentsService {
  async texts(em: EntityManager): Promise<ConsentText[]> {
    const rows: { purpose: Purpose; version: number; body: string; since: Date }[] = await em.query(
      `SELECT DISTINCT ON (purpose) purpose, version, body, created_at AS since FROM consent_text
       ORDER BY purpose, version DESC`,
    );
    return rows.map((row) => ({
      ...row,
      required: requiredPurposes.includes(row.purpose),
      since: row.since.toISOString(),
    }));
  }

  async give(
    em: EntityManager,
    communityId: string,
    memberId: string,
    given: readonly { purpose: Purpose; version: number; at: string }[],
  ) {
    for (const { purpose, version, at } of given)
      await em.query(
        `INSERT INTO consent (community_id, id, member_id, purpose, version, given_at) VALUES ($1, $2, $3, $4, $5, $6)`,
        [communityId, randomUUID(), memberId, purpose, version, at],
      );
  }
}
