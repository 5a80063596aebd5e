import { Injectable } from '@nestjs/common';
import type { InputOf } from '@parley/contracts/contract';
import type { saveTheme, Theme } from '@parley/contracts/moderation';
import type { EntityManager } from 'typeorm';
import type { Member } from '../platform/doors';
import { notFound } from '../platform/errors';
import { Tenancy } from '../platform/tenancy';
import { FateService } from './fate.service';

/** Groups of contributions that say the same. */
@Injectable()
export class ThemesService {
  constructor(
    private readonly tenancy: Tenancy,
    private readonly fate: FateService,
  ) {}

  list(communityId: string): Promise<Theme[]> {
    return this.tenancy.inCommunity(communityId, (em) => this.themes(em, communityId, null));
  }

  /** Makes or renames it. Who wrote what comes in reads in the receipt with how many others it is grouped. */
  save(
    { communityId, memberId }: Member,
    { themeId, label, add, remove }: Omit<InputOf<typeof saveTheme>, 'communityId'>,
  ): Promise<Theme> {
    return this.tenancy.inCommunity(communityId, async (em) => {
      await em.query(
        `INSERT INTO theme (community_id, id, label) VALUES ($1, $2, $3)
         ON CONFLICT (community_id, id) DO UPDATE SET label = $3`,
        [communityId, themeId, label],
      );
      await em.query(
        'DELETE FROM theme_link WHERE community_id = $1 AND theme_id = $2 AND contribution_id = ANY ($3)',
        [communityId, themeId, remove],
      );
      return this.add(em, { communityId, memberId }, themeId, add);
    });
  }

  /** Puts contributions into a theme. */
  async add(
    em: EntityManager,
    { communityId, memberId }: Pick<Member, 'communityId' | 'memberId'>,
    themeId: string,
    contributionIds: readonly string[],
  ): Promise<Theme> {
    const added: { id: string }[] = await em.query(
      `INSERT INTO theme_link (community_id, theme_id, contribution_id)
       SELECT $1, t.id, c.id FROM contribution c JOIN theme t ON t.community_id = $1 AND t.id = $2
       WHERE c.community_id = $1 AND c.id = ANY ($3) AND c.type <> 'reply'
       ON CONFLICT DO NOTHING RETURNING contribution_id AS id`,
      [communityId, themeId, contributionIds],
    );
    const [theme] = await this.themes(em, communityId, themeId);
    if (!theme) throw notFound();
    await this.fate.move(
      em,
      communityId,
      added.map(({ id }) => id),
      { to: 'grouped', byId: memberId, detail: { theme: theme.label, others: theme.contributions - 1 } },
    );
    return theme;
  }

  private themes(em: EntityManager, communityId: string, themeId: string | null): Promise<Theme[]> {
    return em.query(
      `SELECT t.id, t.label, count(c.id)::int AS contributions, count(DISTINCT c.author_id)::int AS members
       FROM (SELECT * FROM theme WHERE community_id = $1 AND ($2::uuid IS NULL OR id = $2)
         ORDER BY created_at DESC LIMIT 200) AS t
       LEFT JOIN theme_link l ON l.community_id = t.community_id AND l.theme_id = t.id
       LEFT JOIN contribution c ON c.community_id = l.community_id AND c.id = l.contribution_id
       GROUP BY t.id, t.label, t.created_at ORDER BY t.created_at DESC`,
      [communityId, themeId],
    );
  }
}
