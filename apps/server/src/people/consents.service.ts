import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { type Consent, type ConsentText, type Purpose, requiredPurposes } from '@parley/contracts/profile';
import type { EntityManager } from 'typeorm';
import { AppError, notFound } from '../platform/errors';
import { Mails } from '../platform/mail';
import { returned } from '../platform/writer';

/** An agreement to a version of a text. */
interface Given {
  purpose: Purpose;
  version: number;
  at: string;
}

const order: readonly Purpose[] = [
  'terms',
  'confidentiality',
  'recording',
  'quoteNamed',
  'quoteAnonymous',
  'email',
];

/** What people are asked to agree to, version by version, and what they agreed to. */
@Injectable()
export class ConsentsService {
  constructor(private readonly mails: Mails) {}

  /** The version of each text that stands, required ones first. */
  async texts(em: EntityManager): Promise<ConsentText[]> {
    const rows: { purpose: Purpose; version: number; body: string; since: Date }[] = await em.query(
      `SELECT DISTINCT ON (purpose) purpose, version, body, created_at AS since FROM consent_text
       ORDER BY purpose, version DESC`,
    );
    return rows
      .sort((a, b) => order.indexOf(a.purpose) - order.indexOf(b.purpose))
      .map(({ since, ...row }) => ({
        ...row,
        required: requiredPurposes.includes(row.purpose),
        since: since.toISOString(),
      }));
  }

  /** The next version of a text; `basedOn` 0 makes the first. */
  async publish(em: EntityManager, communityId: string, purpose: Purpose, basedOn: number, body: string) {
    const [made] = await returned<{ version: number }>(
      em,
      `INSERT INTO consent_text (community_id, purpose, version, body)
       SELECT $1, $2, $3::int + 1, $4
       WHERE $3 = (SELECT coalesce(max(version), 0) FROM consent_text WHERE community_id = $1 AND purpose = $2)
       ON CONFLICT DO NOTHING RETURNING version`,
      [communityId, purpose, basedOn, body],
    );
    if (!made)
      throw new AppError('door.stale', 'Somebody else has published the next version: load it first.');
  }

  /** A member's own agreements, beside the texts that stand. */
  async of(em: EntityManager, communityId: string, memberId: string): Promise<Consent[]> {
    const rows: { purpose: Purpose; version: number; at: Date; given: boolean }[] = await em.query(
      `SELECT DISTINCT ON (purpose) purpose, version, withdrawn_at IS NULL AS given,
         coalesce(withdrawn_at, given_at) AS at
       FROM consent WHERE community_id = $1 AND member_id = $2
       ORDER BY purpose, withdrawn_at IS NULL DESC, given_at DESC`,
      [communityId, memberId],
    );
    const latest = new Map(rows.map((row) => [row.purpose, row]));
    return (await this.texts(em)).map((text) => {
      const last = latest.get(text.purpose);
      return {
        ...text,
        given: last?.given ?? false,
        givenVersion: last?.version ?? null,
        changedAt: last?.at.toISOString() ?? null,
      };
    });
  }

  /** Agreements that were given elsewhere, at the door; one that stands already is left alone. */
  async give(
    em: EntityManager,
    communityId: string,
    memberId: string,
    given: readonly Given[],
  ): Promise<void> {
    if (!given.length) return;
    await em.query(
      `INSERT INTO consent (community_id, id, member_id, purpose, version, given_at)
       SELECT $1, g.id, $2, g.purpose, g.version, g.at
       FROM json_to_recordset($3::json) AS g (id uuid, purpose text, version int, at timestamptz)
       ON CONFLICT (community_id, member_id, purpose) WHERE withdrawn_at IS NULL DO NOTHING`,
      [communityId, memberId, JSON.stringify(given.map((one) => ({ ...one, id: randomUUID() })))],
    );
  }

  /** Agrees to the version that stands, or withdraws; both take effect with the commit. */
  async set(
    em: EntityManager,
    communityId: string,
    memberId: string,
    { purpose, version, given }: { purpose: Purpose; version: number; given: boolean },
  ): Promise<void> {
    const text = (await this.texts(em)).find((one) => one.purpose === purpose);
    if (!text) throw notFound();
    if (!given && text.required)
      throw new AppError('request.invalid', 'Nobody is inside without this: to withdraw it, leave.', {
        fields: { given: 'withdrawn by leaving the community' },
      });
    if (given && text.version !== version)
      throw new AppError('door.stale', 'The text has changed: read it again.');
    await em.query(
      `UPDATE consent SET withdrawn_at = now() WHERE community_id = $1 AND member_id = $2 AND purpose = $3
         AND withdrawn_at IS NULL AND NOT ($4 AND version = $5)`,
      [communityId, memberId, purpose, given, version],
    );
    if (!given && purpose === 'email') await this.mails.takeBack(em, memberId);
    if (given)
      await this.give(em, communityId, memberId, [{ purpose, version, at: new Date().toISOString() }]);
  }

  /** Withdraws all of them, the required ones too: for somebody who leaves. */
  async end(em: EntityManager, communityId: string, memberId: string): Promise<void> {
    await this.mails.takeBack(em, memberId);
    await em.query(
      'UPDATE consent SET withdrawn_at = now() WHERE community_id = $1 AND member_id = $2 AND withdrawn_at IS NULL',
      [communityId, memberId],
    );
  }

  /** Whether it stands at this moment, in whatever version. */
  async has(em: EntityManager, communityId: string, memberId: string, purpose: Purpose): Promise<boolean> {
    const rows: unknown[] = await em.query(
      `SELECT FROM consent WHERE community_id = $1 AND member_id = $2 AND purpose = $3 AND withdrawn_at IS NULL`,
      [communityId, memberId, purpose],
    );
    return rows.length > 0;
  }
}
