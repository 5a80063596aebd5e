import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { AccessService } from '../media/access.service';
import { type MadeOf, MakingService } from '../media/making.service';
import { isTeam, type Member, type Overseer } from '../platform/doors';
import { ReachService } from '../reach/reach.service';
import { partsOf, shown } from './commons.sql';

/** Who sees the files of topics, posts and ideas, and what is told when one turns out to be none. */
@Injectable()
export class AttachedService {
  constructor(
    private readonly reach: ReachService,
    access: AccessService,
    making: MakingService,
  ) {
    access.grant((em, caller, mediaIds) => this.grant(em, caller, mediaIds));
    making.onMade((em, communityId, made) => this.made(em, communityId, made));
  }

  /** Whoever sees the words; the team also what waits. */
  private async grant(em: EntityManager, caller: Member | Overseer, mediaIds: string[]) {
    const rows: { id: string }[] = await em.query(
      `SELECT a.media_id AS id FROM attachment a
       JOIN contribution c ON c.community_id = $1 AND c.id = a.contribution_id AND c.type IN ('topic', 'idea', 'post')
       JOIN space s ON s.community_id = $1 AND s.id = c.room_id AND space_seen(s, $3::uuid)
       LEFT JOIN post p ON p.community_id = $1 AND p.id = c.id
       LEFT JOIN contribution t ON t.community_id = $1 AND t.id = p.topic_id
       WHERE a.community_id = $1 AND a.media_id = ANY ($2) AND (c.author_id = $3 OR $4
         OR (${shown} AND (p.id IS NULL OR (t.moderation = 'published' AND (NOT t.team_only OR t.author_id = $3)))))`,
      [caller.communityId, mediaIds, caller.memberId ?? null, isTeam(caller)],
    );
    return new Set(rows.map(({ id }) => id));
  }

  /** What was said stays; its author is told which file nobody sees, and why. */
  private async made(em: EntityManager, communityId: string, { mediaId, ownerId, name, refusal }: MadeOf) {
    if (!refusal || !ownerId) return;
    const [of] = (await em.query(
      `SELECT coalesce(t.id, c.id) AS id, coalesce(t.type, c.type) AS type, coalesce(t.body, c.body) AS words
       FROM attachment a JOIN contribution c ON c.community_id = $1 AND c.id = a.contribution_id
         AND c.type IN ('topic', 'idea', 'post')
       LEFT JOIN post p ON p.community_id = $1 AND p.id = c.id
       LEFT JOIN contribution t ON t.community_id = $1 AND t.id = p.topic_id
       WHERE a.community_id = $1 AND a.media_id = $2`,
      [communityId, mediaId],
    )) as { id: string; type: string; words: string }[];
    if (!of) return;
    await this.reach.tell(em, communityId, [
      {
        ...{ memberId: ownerId, kind: 'fileRefused', cause: `topic.${of.id}.file.${mediaId}` },
        data: {
          ...(of.type === 'idea' ? { ideaId: of.id } : { topicId: of.id }),
          ...{ title: partsOf(of.words).title, file: name, refusal },
        },
      },
    ]);
  }
}
