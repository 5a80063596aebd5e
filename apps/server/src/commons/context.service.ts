import { Injectable } from '@nestjs/common';
import type { InputOf, OutputOf } from '@parley/contracts/contract';
import {
  cardReadMs,
  type commentCard,
  type ContextCard,
  type readCard,
  type saveCard,
} from '@parley/contracts/ideas';
import type { EntityManager } from 'typeorm';
import { ContributionsService } from '../contributions/contributions.service';
import type { Member, Overseer } from '../platform/doors';
import { AppError, notFound } from '../platform/errors';
import { Tenancy } from '../platform/tenancy';
import { returned, Writer } from '../platform/writer';
import { PlacesService } from './places.service';

/** What clocks and networks may differ by, ms. */
const SLACK_MS = 500;

/** What there is to know before one has an idea: cards of the team, read by members, asked about and corrected. */
@Injectable()
export class ContextService {
  constructor(
    private readonly tenancy: Tenancy,
    private readonly writer: Writer,
    private readonly contributions: ContributionsService,
    private readonly places: PlacesService,
  ) {}

  async list(em: EntityManager, caller: Member | Overseer, placeId: string): Promise<ContextCard[]> {
    const { communityId, memberId = null } = caller;
    return em.query(
      `SELECT k.id, k.kind, k.title, k.body, k.version, json_build_object('name', m.handle, 'title', m.title) AS by,
         EXISTS (SELECT FROM context_read w WHERE w.community_id = $1 AND w.card_id = k.id AND w.member_id = $2
           AND w.read_at IS NOT NULL) AS read,
         (SELECT count(*)::int FROM context_read w WHERE w.community_id = $1 AND w.card_id = k.id AND w.read_at IS NOT NULL)
           AS readers,
         (SELECT count(*)::int FROM contribution c WHERE c.community_id = $1 AND c.room_id = $3 AND c.type = 'comment'
           AND c.cue_id = k.id AND c.moderation = 'published' AND NOT c.team_only) AS comments
       FROM context_card k JOIN member m ON m.community_id = $1 AND m.id = k.by_id
       WHERE k.community_id = $1 AND k.place_id = $3 ORDER BY k.n, k.id`,
      [communityId, memberId, placeId],
    );
  }

  /** Corrected by its number: what it said stays, and who had read it has read it. */
  async save(caller: Member, { placeId, cardId, basedOn, kind, title, body }: InputOf<typeof saveCard>) {
    const { communityId, memberId } = caller;
    await this.tenancy.inCommunity(communityId, async (em) => {
      await this.places.place(em, caller, placeId);
      if (basedOn === 0) {
        const made: unknown[] = await em.query(
          `INSERT INTO context_card (community_id, id, place_id, n, kind, title, body, by_id)
           SELECT $1, $2, ip.id, (SELECT coalesce(max(n), 0) + 1 FROM context_card WHERE community_id = $1 AND place_id = $3),
             $4, $5, $6, $7 FROM idea_place ip WHERE ip.community_id = $1 AND ip.id = $3
           ON CONFLICT DO NOTHING RETURNING id`,
          [communityId, cardId, placeId, kind, title, body, memberId],
        );
        if (made.length) return;
      }
      const [card] = (await em.query(
        `SELECT kind, title, body, version FROM context_card WHERE community_id = $1 AND id = $2 AND place_id = $3 FOR UPDATE`,
        [communityId, cardId, placeId],
      )) as { kind: string; title: string; body: string; version: number }[];
      if (!card) throw notFound();
      if (card.kind === kind && card.title === title && card.body === body) return;
      if (card.version !== basedOn)
        throw new AppError('edit.stale', 'Somebody else has corrected it: read it again.');
      await em.query(
        `INSERT INTO context_card_version (community_id, card_id, n, title, body) VALUES ($1, $2, $3, $4, $5)`,
        [communityId, cardId, card.version, card.title, card.body],
      );
      await em.query(
        `UPDATE context_card SET kind = $3, title = $4, body = $5, version = version + 1, by_id = $6
         WHERE community_id = $1 AND id = $2`,
        [communityId, cardId, kind, title, body, memberId],
      );
    });
  }

  /** It counts as read when it has been open, by the server's clock, for as long as its words take at the least. */
  async mark(caller: Member, placeId: string, cardId: string, ms: number): Promise<boolean> {
    const { communityId, memberId } = caller;
    return this.tenancy.inCommunity(communityId, async (em) => {
      await this.places.place(em, caller, placeId);
      const [card] = (await em.query(
        'SELECT body FROM context_card WHERE community_id = $1 AND id = $2 AND place_id = $3',
        [communityId, cardId, placeId],
      )) as { body: string }[];
      if (!card) throw notFound();
      const needed = cardReadMs(card.body);
      const [row] = await returned<{ read: boolean }>(
        em,
        `INSERT INTO context_read (community_id, card_id, member_id) VALUES ($1, $2, $3)
         ON CONFLICT (community_id, card_id, member_id) DO UPDATE SET read_at = coalesce(context_read.read_at,
           CASE WHEN $4 AND context_read.opened_at <= now() - make_interval(secs => $5) THEN now() END)
         RETURNING read_at IS NOT NULL AS read`,
        [communityId, cardId, memberId, ms >= needed - SLACK_MS, (needed - SLACK_MS) / 1_000],
      );
      return row!.read;
    });
  }

  read(caller: Member | Overseer, placeId: string, cardId: string): Promise<OutputOf<typeof readCard>> {
    const { communityId, memberId = null } = caller;
    return this.tenancy.inCommunity(communityId, async (em) => {
      await this.places.place(em, caller, placeId);
      const versions: { n: number; title: string; body: string; until: Date }[] = await em.query(
        `SELECT v.n, v.title, v.body, v.until FROM context_card_version v
         JOIN context_card k ON k.community_id = $1 AND k.id = v.card_id AND k.place_id = $3
         WHERE v.community_id = $1 AND v.card_id = $2 ORDER BY v.n DESC`,
        [communityId, cardId, placeId],
      );
      return {
        comments: await this.contributions.listThread(em, placeId, memberId, cardId),
        versions: versions.map(({ until, ...version }) => ({ ...version, until: until.toISOString() })),
      };
    });
  }

  /** What is asked about a card is a comment of the place, and has its fate. */
  async comment(caller: Member, { placeId, cardId, opId, body }: InputOf<typeof commentCard>) {
    const { communityId, memberId, handle, role } = caller;
    await this.tenancy.inCommunity(communityId, async (em) => {
      await this.places.place(em, caller, placeId);
      const cards: unknown[] = await em.query(
        'SELECT FROM context_card WHERE community_id = $1 AND id = $2 AND place_id = $3',
        [communityId, cardId, placeId],
      );
      if (!cards.length) throw notFound();
    });
    const input = { roomId: placeId, author: { memberId, handle, role }, body, cueId: cardId, second: null };
    return this.writer.write(this.contributions.comments, { communityId, memberId, opId, input });
  }
}
