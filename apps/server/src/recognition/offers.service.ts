import { Injectable } from '@nestjs/common';
import type { InputOf, OutputOf } from '@parley/contracts/contract';
import type { listRecognitions, offerRecognition, Recognition } from '@parley/contracts/recognition';
import { seasonOf } from '@parley/insight/standing';
import type { Member } from '../platform/doors';
import { AppError, notFound } from '../platform/errors';
import { idOf } from '../platform/ids';
import { Tenancy } from '../platform/tenancy';
import { returned } from '../platform/writer';
import { ReachService } from '../reach/reach.service';

/** SQL for members `m` whose handle has the words $3 in it; null: all. */
export const handleLike = `($3::text IS NULL OR position(lower($3) IN lower(m.handle)) > 0)`;

const FOUND = 25;
const SHOWN = 100;

/** What is offered to members that is not money: a first look, a visit. They accept it or decline. */
@Injectable()
export class OffersService {
  constructor(
    private readonly tenancy: Tenancy,
    private readonly reach: ReachService,
  ) {}

  async offer(caller: Member, input: Omit<InputOf<typeof offerRecognition>, 'communityId'>): Promise<void> {
    const { communityId, memberId: byId, handle } = caller;
    const { opId, memberIds, kind, words } = input;
    const ids = [...new Set(memberIds)];
    await this.tenancy.inCommunity(communityId, async (em) => {
      const there: { id: string }[] = await em.query(
        `SELECT id FROM member WHERE community_id = $1 AND id = ANY ($2) AND role = 'member' AND status = 'active'`,
        [communityId, ids],
      );
      if (there.length < ids.length)
        throw new AppError('request.invalid', 'Choose members of this community.', {
          fields: { memberIds: 'active members' },
        });
      const offers = ids.map((memberId) => ({ id: idOf('recognition', byId, opId, memberId), memberId }));
      const made = await returned<{ id: string; memberId: string }>(
        em,
        `INSERT INTO recognition (community_id, id, member_id, kind, words, by_id)
         SELECT $1, o.id, o."memberId", $3, $4, $5 FROM json_to_recordset($2::json) AS o (id uuid, "memberId" uuid)
         ON CONFLICT DO NOTHING RETURNING id, member_id AS "memberId"`,
        [communityId, JSON.stringify(offers), kind, words, byId],
      );
      await this.reach.tell(
        em,
        communityId,
        made.map(({ id, memberId }) => ({
          ...{ memberId, kind: 'recognition', cause: `recognition.${id}` },
          data: { by: handle, note: words, offer: kind },
        })),
      );
    });
  }

  list({ communityId }: Member, words: string | undefined): Promise<OutputOf<typeof listRecognitions>> {
    const { name: season } = seasonOf(Date.now());
    return this.tenancy.inCommunity(communityId, async (em) => {
      const offers: (Omit<Recognition, 'at'> & { at: Date; handle: string })[] = await em.query(
        `SELECT r.id, r.kind, r.words, who.handle AS by, r.at, r.accepted, m.handle FROM recognition r
         JOIN member m ON m.community_id = $1 AND m.id = r.member_id
         JOIN member who ON who.community_id = $1 AND who.id = r.by_id
         WHERE r.community_id = $1 ORDER BY r.at DESC LIMIT ${SHOWN}`,
        [communityId],
      );
      const members: OutputOf<typeof listRecognitions>['members'] = await em.query(
        `SELECT m.id AS "memberId", m.handle, coalesce(s.level, 1) AS level FROM member m
         LEFT JOIN standing s ON s.community_id = $1 AND s.season = $2 AND s.member_id = m.id
         WHERE m.community_id = $1 AND m.role = 'member' AND m.status = 'active'
           AND ${handleLike}
         ORDER BY s.score DESC NULLS LAST, m.handle LIMIT ${FOUND}`,
        [communityId, season, words ?? null],
      );
      return { offers: offers.map(({ at, ...offer }) => ({ ...offer, at: at.toISOString() })), members };
    });
  }

  /** The last answer counts. */
  async answer({ communityId, memberId }: Member, id: string, accept: boolean): Promise<void> {
    await this.tenancy.inCommunity(communityId, async (em) => {
      const answered = await returned(
        em,
        `UPDATE recognition SET accepted = $4, answered_at = now() WHERE community_id = $1 AND id = $2 AND member_id = $3
         RETURNING 1`,
        [communityId, id, memberId, accept],
      );
      if (!answered.length) throw notFound();
      await this.reach.settle(em, communityId, `recognition.${id}`, memberId);
    });
  }
}
