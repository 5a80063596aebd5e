import { Injectable } from '@nestjs/common';
import { type KudosReason, type KudosTally, noKudos, REVOKE_HOURS } from '@parley/contracts/recognition';
import type { EntityManager } from 'typeorm';
import { excerptOf } from '../contributions/fate.service';
import type { Member, Overseer } from '../platform/doors';
import { SegmentsService } from '../people/segments.service';
import { AppError, notFound } from '../platform/errors';
import { Tenancy } from '../platform/tenancy';
import { returned } from '../platform/writer';
import { ReachService } from '../reach/reach.service';

const revocable = `k.at > now() - interval '${REVOKE_HOURS} hours'`;

/** Thanks of members to members, for something that was said. */
@Injectable()
export class KudosService {
  constructor(
    private readonly tenancy: Tenancy,
    private readonly reach: ReachService,
    segments: SegmentsService,
  ) {
    segments.counts.set('thanked.180', (em, communityId) =>
      em.query(
        `SELECT to_id AS "memberId", count(*)::int AS n FROM kudos
         WHERE community_id = $1 AND revoked_at IS NULL AND at > now() - interval '180 days' GROUP BY to_id`,
        [communityId],
      ),
    );
  }

  /** Of each contribution; those without any are left out. */
  async tallies(
    em: EntityManager,
    caller: Member | Overseer,
    contributionIds: readonly string[],
  ): Promise<Map<string, KudosTally>> {
    const { communityId, memberId = null } = caller;
    const rows: { id: string; reason: KudosReason; count: number; mine: boolean; until: Date | null }[] =
      contributionIds.length
        ? await em.query(
            `SELECT k.contribution_id AS id, k.reason, count(*)::int AS count, bool_or(k.from_id = $3) IS TRUE AS mine,
               max(CASE WHEN k.from_id = $3 THEN k.at + interval '${REVOKE_HOURS} hours' END) AS until
             FROM kudos k WHERE k.community_id = $1 AND k.contribution_id = ANY ($2) AND k.revoked_at IS NULL
               AND k.reason <> 'solved'
             GROUP BY k.contribution_id, k.reason ORDER BY k.reason`,
            [communityId, contributionIds, memberId],
          )
        : [];
    const tallies = new Map<string, KudosTally>();
    for (const { id, reason, count, mine, until } of rows) {
      const known = tallies.get(id) ?? noKudos;
      tallies.set(id, {
        counts: { ...known.counts, [reason]: count },
        mine: mine ? reason : known.mine,
        until: mine && until ? until.toISOString() : known.until,
      });
    }
    return tallies;
  }

  /** Once for each contribution that one can see; said again it is the reason that changes, as long as it may. */
  give(caller: Member, contributionId: string, reason: KudosReason): Promise<KudosTally> {
    const { communityId, memberId, handle } = caller;
    return this.tenancy.inCommunity(communityId, async (em) => {
      const [subject] = (await em.query(
        `SELECT c.author_id AS "authorId", c.body FROM contribution c
         JOIN space s ON s.community_id = $1 AND s.id = c.room_id AND space_seen(s, $3)
         JOIN member m ON m.community_id = $1 AND m.id = c.author_id
         WHERE c.community_id = $1 AND c.id = $2 AND c.moderation = 'published' AND NOT c.team_only AND c.type <> 'reply'`,
        [communityId, contributionId, memberId],
      )) as { authorId: string; body: string }[];
      if (!subject) throw notFound();
      if (subject.authorId === memberId)
        throw new AppError('kudos.own', 'Others thank one for what one wrote.');
      // Two presses at once are one: whoever is second finds the first.
      await em.query('SELECT FROM contribution WHERE community_id = $1 AND id = $2 FOR KEY SHARE', [
        communityId,
        contributionId,
      ]);
      const [before] = (await em.query(
        `SELECT k.reason, ${revocable} AS open FROM kudos k WHERE k.community_id = $1 AND k.contribution_id = $2
           AND k.from_id = $3 AND k.reason <> 'solved' AND k.revoked_at IS NULL FOR UPDATE`,
        [communityId, contributionId, memberId],
      )) as { reason: KudosReason; open: boolean }[];
      if (before && before.reason !== reason) {
        if (!before.open) throw new AppError('kudos.settled', 'It can be changed within a day.');
        await this.revokeOwn(em, caller, contributionId);
      }
      if (before?.reason !== reason) {
        await em.query(
          `INSERT INTO kudos (community_id, contribution_id, from_id, to_id, reason) VALUES ($1, $2, $3, $4, $5)
           ON CONFLICT (community_id, contribution_id, from_id, reason) DO UPDATE SET revoked_at = NULL, at = now()
             WHERE kudos.revoked_at IS NOT NULL`,
          [communityId, contributionId, memberId, subject.authorId, reason],
        );
        await this.reach.tell(em, communityId, [
          {
            ...{ memberId: subject.authorId, kind: 'kudos', cause: `kudos.${contributionId}.${memberId}` },
            data: { contributionId, by: handle, words: excerptOf(subject.body), kudos: reason },
          },
        ]);
      }
      return (await this.tallies(em, caller, [contributionId])).get(contributionId) ?? noKudos;
    });
  }

  revoke(caller: Member, contributionId: string): Promise<KudosTally> {
    return this.tenancy.inCommunity(caller.communityId, async (em) => {
      const [own] = (await em.query(
        `SELECT ${revocable} AS open FROM kudos k WHERE k.community_id = $1 AND k.contribution_id = $2 AND k.from_id = $3
           AND k.reason <> 'solved' AND k.revoked_at IS NULL`,
        [caller.communityId, contributionId, caller.memberId],
      )) as { open: boolean }[];
      if (own && !own.open) throw new AppError('kudos.settled', 'It can be taken back within a day.');
      await this.revokeOwn(em, caller, contributionId);
      return (await this.tallies(em, caller, [contributionId])).get(contributionId) ?? noKudos;
    });
  }

  private async revokeOwn(em: EntityManager, { communityId, memberId }: Member, contributionId: string) {
    await em.query(
      `UPDATE kudos SET revoked_at = now() WHERE community_id = $1 AND contribution_id = $2 AND from_id = $3
         AND reason <> 'solved' AND revoked_at IS NULL`,
      [communityId, contributionId, memberId],
    );
    await this.reach.settle(em, communityId, `kudos.${contributionId}.${memberId}`);
  }

  /** Credits the author of what solves something, on the word of who asked; `postId` null takes it back. */
  async solved(
    em: EntityManager,
    communityId: string,
    { byId, before, after }: { byId: string; before: string | null; after: string | null },
  ): Promise<void> {
    if (before)
      await returned(
        em,
        `UPDATE kudos SET revoked_at = now() WHERE community_id = $1 AND contribution_id = $2 AND reason = 'solved'
           AND revoked_at IS NULL RETURNING 1`,
        [communityId, before],
      );
    if (after)
      await em.query(
        `INSERT INTO kudos (community_id, contribution_id, from_id, to_id, reason)
         SELECT $1, c.id, $3, c.author_id, 'solved' FROM contribution c
         WHERE c.community_id = $1 AND c.id = $2 AND c.author_id <> $3
         ON CONFLICT (community_id, contribution_id, from_id, reason) DO UPDATE SET revoked_at = NULL`,
        [communityId, after, byId],
      );
  }
}
