import { Injectable } from '@nestjs/common';
import type { OutputOf } from '@parley/contracts/contract';
import { MemberType } from '@parley/contracts/people';
import type { listKinds, readCircle } from '@parley/contracts/recognition';
import { seasonOf } from '@parley/insight/standing';
import type { EntityManager } from 'typeorm';
import { SegmentsService } from '../people/segments.service';
import type { Member } from '../platform/doors';
import { AppError, notFound } from '../platform/errors';
import { Tenancy } from '../platform/tenancy';
import { returned } from '../platform/writer';
import { ReachService } from '../reach/reach.service';
import { handleLike } from './offers.service';

const FOUND = 25;
/** What is to be said; the rest stays. */
type Kind = Partial<{ type: MemberType | undefined; circle: boolean | undefined }>;

/** What members are to the brand, and the trusted circle, which one comes into by criteria that everybody can read. */
@Injectable()
export class CircleService {
  constructor(
    private readonly tenancy: Tenancy,
    private readonly reach: ReachService,
    private readonly segments: SegmentsService,
  ) {}

  read({ communityId, memberId }: Member): Promise<OutputOf<typeof readCircle>> {
    return this.tenancy.inCommunity(communityId, async (em) => {
      const [row] = (await em.query(
        `SELECT r.criteria, m.circle AS "inIt", m.type FROM member m LEFT JOIN recognition_rule r ON r.community_id = $1
         WHERE m.community_id = $1 AND m.id = $2`,
        [communityId, memberId],
      )) as OutputOf<typeof readCircle>[];
      if (!row) throw notFound();
      return row;
    });
  }

  async setCriteria(communityId: string, criteria: string): Promise<void> {
    await this.tenancy.inCommunity(communityId, (em) =>
      em.query(
        `INSERT INTO recognition_rule (community_id, criteria) VALUES ($1, $2)
         ON CONFLICT (community_id) DO UPDATE SET criteria = $2`,
        [communityId, criteria],
      ),
    );
  }

  list({ communityId }: Member, words: string | undefined): Promise<OutputOf<typeof listKinds>> {
    const { name: season } = seasonOf(Date.now());
    return this.tenancy.inCommunity(communityId, async (em) => {
      const members: OutputOf<typeof listKinds>['members'] = await em.query(
        `SELECT m.id AS "memberId", m.handle, m.type, m.circle, coalesce(s.level, 1) AS level FROM member m
         LEFT JOIN standing s ON s.community_id = $1 AND s.season = $2 AND s.member_id = m.id
         WHERE m.community_id = $1 AND m.role = 'member' AND m.status = 'active' AND ${handleLike}
         ORDER BY m.circle DESC, m.type = 'customer', s.score DESC NULLS LAST, m.handle LIMIT ${FOUND}`,
        [communityId, season, words ?? null],
      );
      const counts: { type: MemberType; count: number; circle: number }[] = await em.query(
        `SELECT type, count(*)::int AS count, count(*) FILTER (WHERE circle)::int AS circle FROM member
         WHERE community_id = $1 AND role = 'member' AND status = 'active' GROUP BY type`,
        [communityId],
      );
      return {
        members,
        counts: Object.fromEntries(counts.map(({ type, count }) => [type, count])),
        circle: counts.reduce((sum, { circle }) => sum + circle, 0),
      };
    });
  }

  async setKind(caller: Member, memberId: string, kind: Kind): Promise<void> {
    await this.tenancy.inCommunity(caller.communityId, async (em) => {
      const { found } = await this.say(em, caller.communityId, [memberId], kind);
      if (!found) throw notFound();
    });
  }

  /** Of everybody who is in a segment now. */
  setKinds({ communityId }: Member, segmentId: string, kind: Kind): Promise<{ changed: number }> {
    return this.tenancy.inCommunity(communityId, async (em) => {
      const there: unknown[] = await em.query('SELECT FROM segment WHERE community_id = $1 AND id = $2', [
        ...[communityId, segmentId],
      ]);
      if (!there.length) throw notFound();
      const memberIds = await this.segments.members(em, communityId, segmentId);
      const { changed } = await this.say(em, communityId, memberIds, kind);
      return { changed };
    });
  }

  private async say(
    em: EntityManager,
    communityId: string,
    memberIds: readonly string[],
    { type, circle }: Kind,
  ) {
    const [stated] = (await em.query(
      `SELECT r.criteria, c.name FROM community c LEFT JOIN recognition_rule r ON r.community_id = $1 WHERE c.id = $1`,
      [communityId],
    )) as { criteria: string | null; name: string }[];
    if (circle && !stated?.criteria)
      throw new AppError('circle.noCriteria', 'State the criteria of the circle first.');
    const rows = await returned<{ memberId: string; isNew: boolean; comesIn: boolean }>(
      em,
      `UPDATE member m SET type = coalesce($3, m.type), circle = coalesce($4, m.circle)
       FROM (SELECT id, type, circle FROM member WHERE community_id = $1 AND id = ANY ($2) AND role = 'member'
         AND status = 'active' ORDER BY id FOR UPDATE) AS before
       WHERE m.community_id = $1 AND m.id = before.id
       RETURNING m.id AS "memberId", (m.type, m.circle) <> (before.type, before.circle) AS "isNew",
         m.circle AND NOT before.circle AS "comesIn"`,
      [communityId, memberIds, type ?? null, circle ?? null],
    );
    const cause = `circle.${Date.now()}`;
    await this.reach.tell(
      em,
      communityId,
      rows
        .filter(({ comesIn }) => comesIn)
        .map(({ memberId }) => ({
          ...{ memberId, kind: 'circle', cause },
          data: { title: stated!.name, note: stated!.criteria },
        })),
    );
    return { found: rows.length, changed: rows.filter(({ isNew }) => isNew).length };
  }
}
