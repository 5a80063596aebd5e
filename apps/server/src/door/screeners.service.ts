import { Injectable } from '@nestjs/common';
import type { ScreenerState } from '@parley/contracts/door';
import type { ScreenerBody } from '@parley/contracts/screener';
import type { EntityManager } from 'typeorm';
import { ProfileService } from '../people/profile.service';
import { AppError } from '../platform/errors';
import { returned } from '../platform/writer';

const first: ScreenerBody = { minAge: 16, intro: '', questions: [], openQuestion: '' };

const VERSIONS_KEPT = 500;

/** The questions at the door, version by version. Who has begun keeps the version they were given. */
@Injectable()
export class ScreenersService {
  private readonly versions = new Map<string, ScreenerBody>();

  constructor(private readonly profile: ProfileService) {}

  /** The version that new candidates get; without one, a version without questions is made. */
  async current(em: EntityManager, communityId: string): Promise<ScreenerState> {
    const [row] = (await em.query(
      `SELECT version, body, created_at AS at FROM screener WHERE community_id = $1 ORDER BY version DESC LIMIT 1`,
      [communityId],
    )) as { version: number; body: ScreenerBody; at: Date }[];
    if (row) return { ...row, at: row.at.toISOString() };
    await em.query(
      'INSERT INTO screener (community_id, version, body) VALUES ($1, 1, $2) ON CONFLICT DO NOTHING',
      [communityId, JSON.stringify(first)],
    );
    return this.current(em, communityId);
  }

  async version(em: EntityManager, communityId: string, version: number): Promise<ScreenerBody> {
    // A version never changes once it is published.
    const key = `${communityId} ${version}`;
    const known = this.versions.get(key);
    if (known) return known;
    const [{ body }] = (await em.query('SELECT body FROM screener WHERE community_id = $1 AND version = $2', [
      communityId,
      version,
    ])) as [{ body: ScreenerBody }];
    if (this.versions.size >= VERSIONS_KEPT) this.versions.clear();
    this.versions.set(key, body);
    return body;
  }

  /** Refused when it is based on anything but the version that stands, or its answers do not fit their facts. */
  async publish(
    em: EntityManager,
    communityId: string,
    basedOn: number,
    body: ScreenerBody,
  ): Promise<ScreenerState> {
    const fields: Record<string, string> = {};
    const defs = new Map((await this.profile.defs(em)).map((def) => [def.key, def]));
    for (const [at, { kind, options, fact }] of body.questions.entries()) {
      if (!fact) continue;
      const def = defs.get(fact);
      const known = new Set(def?.options.map(({ value }) => value));
      if (!def) fields[`body.questions.${at}.fact`] = 'a fact that is kept of members';
      else if (def.kind !== kind) fields[`body.questions.${at}.fact`] = `a fact of the kind ${kind}`;
      else if (options.some(({ value }) => !known.has(value)))
        fields[`body.questions.${at}.options`] = `answers that the fact has: ${[...known].join(', ')}`;
    }
    if (Object.keys(fields).length)
      throw new AppError('request.invalid', 'Please check what was sent.', { fields });
    const { version } = await this.current(em, communityId);
    const [made] =
      version === basedOn
        ? await returned<{ version: number }>(
            em,
            `INSERT INTO screener (community_id, version, body) VALUES ($1, $2, $3)
             ON CONFLICT DO NOTHING RETURNING version`,
            [communityId, version + 1, JSON.stringify(body)],
          )
        : [];
    if (!made)
      throw new AppError('door.stale', 'Somebody else has published the next version: load it first.');
    return this.current(em, communityId);
  }
}
