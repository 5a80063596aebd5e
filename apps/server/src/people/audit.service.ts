import { Injectable } from '@nestjs/common';
import { AUDIT_PAGE, type AuditEntry } from '@parley/contracts/audit';
import type { EntityManager } from 'typeorm';
import { Tenancy } from '../platform/tenancy';

interface Deed {
  /** The person who did it. */
  actor: string;
  /** `feature.pastParticiple` */
  action: string;
  /** What it was done to: an id, or a word where there is but one. */
  target: string;
  detail?: Record<string, unknown>;
}

/**
 * What must be answered for, in the order in which it was done. Each row is chained to the one before by its hash;
 * the server itself can add rows but neither change nor remove one.
 */
@Injectable()
export class AuditService {
  constructor(private readonly tenancy: Tenancy) {}

  /** Writes it down in the community of the caller's transaction: what is not written down is not done. */
  async write(em: EntityManager, { actor, action, target, detail = {} }: Deed) {
    // One after the other, until the transaction has ended: each must see the one before.
    await em.query(`SELECT pg_advisory_xact_lock(hashtextextended('audit ' || sec.tenant(), 0))`);
    await em.query(
      `INSERT INTO audit SELECT new.community_id, new.seq, new.at, new.actor_id, new.action, new.target, new.detail,
         audit_hash(coalesce(last.hash, ''), new)
       FROM (SELECT max(seq) AS seq, (array_agg(hash ORDER BY seq DESC))[1] AS hash FROM (
           SELECT seq, hash FROM audit WHERE community_id = sec.tenant() ORDER BY seq DESC LIMIT 1) AS newest) AS last,
         LATERAL (SELECT sec.tenant(), coalesce(last.seq, 0) + 1, date_trunc('milliseconds', clock_timestamp()),
           $1::uuid, $2::text, $3::text, $4::jsonb, NULL::bytea) AS raw (a, b, c, d, e, f, g, h),
         LATERAL (SELECT (ROW (a, b, c, d, e, f, g, h)::audit).*) AS new`,
      [actor, action, target, JSON.stringify(detail)],
    );
  }

  /** The newest, or those before one; and where the chain is broken, if it is. */
  async read(
    communityId: string,
    before: number | undefined,
  ): Promise<{ entries: AuditEntry[]; brokenAt: number | null }> {
    return this.tenancy.inCommunity(communityId, async (em) => {
      const rows = (await em.query(
        `SELECT a.seq::int AS seq, a.at, p.name AS actor, a.action, a.target, a.detail
         FROM audit a LEFT JOIN person p ON p.id = a.actor_id
         WHERE a.community_id = $1 AND a.seq < coalesce($2, 9007199254740991) ORDER BY a.seq DESC LIMIT $3`,
        [communityId, before ?? null, AUDIT_PAGE],
      )) as (Omit<AuditEntry, 'at'> & { at: Date })[];
      const [{ at: brokenAt }] = (await em.query(
        `SELECT min(CASE WHEN seq = place THEN seq ELSE place END)::int AS at FROM (
           SELECT seq, hash, row_number() OVER (ORDER BY seq) AS place,
             audit_hash(lag(hash, 1, ''::bytea) OVER (ORDER BY seq), a) AS due
           FROM audit a WHERE community_id = $1) AS chain WHERE seq <> place OR hash <> due`,
        [communityId],
      )) as [{ at: number | null }];
      return { entries: rows.map(({ at, ...entry }) => ({ ...entry, at: at.toISOString() })), brokenAt };
    });
  }
}
