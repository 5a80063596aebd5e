import { Injectable } from '@nestjs/common';
import type { OutputOf } from '@parley/contracts/contract';
import { MemberType } from '@parley/contracts/people';
import type { listKinds, readCircle } from '@parley/contracts/recognition';
import { seasonOf } from '@parley/insight/standing';
import type { Member } from '../platform/doors';
import { AppError, notFound } from '../platform/errors';
import { Tenancy } from '../platform/tenancy';
import { returned } from '../platform/writer';
import { ReachService } from '../reach/reach.service';
import { handleLike } from './offers.service';

const FOUND = 25;

/** What members are to the brand, and the trusted circle, which one comes into by criteria that everybody can read. */
@Injectable()
export class CircleService {
  constructor(
    private readonly tenancy: Tenancy,
    private readonly reach: ReachService,
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

  async setKind(caller: Member, memberId: string, type?: MemberType, circle?: boolean): Promise<void> {
    const { communityId } = caller;
    await this.tenancy.inCommunity(communityId, async (em) => {
      const [stated] = (await em.query(
        `SELECT r.criteria, c.name FROM community c LEFT JOIN recognition_rule r ON r.community_id = $1 WHERE c.id = $1`,
        [communityId],
      )) as { criteria: string | null; name: string }[];
      if (circle && !stated?.criteria)
        throw new AppError('circle.noCriteria', 'State the criteria of the circle first.');
      const [before] = (await em.query(
        `SELECT circle FROM member WHERE community_id = $1 AND id = $2 AND role = 'member' AND status = 'active' FOR UPDATE`,
        [communityId, memberId],
      )) as { circle: boolean }[];
      if (!before) throw notFound();
      await returned(
        em,
        `UPDATE member SET type = coalesce($3, type), circle = coalesce($4, circle)
         WHERE community_id = $1 AND id = $2 RETURNING 1`,
        [communityId, memberId, type ?? null, circle ?? null],
      );
      if (circle && !before.circle)
        await this.reach.tell(em, communityId, [
          {
            ...{ memberId, kind: 'circle', cause: `circle.${Date.now()}` },
            data: { title: stated!.name, note: stated!.criteria },
          },
        ]);
    });
  }
}
