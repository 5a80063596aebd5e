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
import { ContributionsService, type NewComment } from '../contributions/contributions.service';
import { excerptOf, FateService } from '../contributions/fate.service';
import type { Member, Overseer } from '../platform/doors';
import { AppError, notFound } from '../platform/errors';
import { Tenancy } from '../platform/tenancy';
import { type Kind, returned, type Write, Writer } from '../platform/writer';
import { ReachService } from '../reach/reach.service';
import { shown } from './commons.sql';
import { PlacesService } from './places.service';

/** What clocks and networks may differ by, ms. */
const SLACK_MS = 500;

/** Said of a card; `corrects` is the version that it would put right. */
interface CardComment extends NewComment {
  corrects: number | null;
}

/** What there is to know before one has an idea: cards of the team, read by members, asked about and corrected. */
@Injectable()
export class ContextService {
  private readonly comments: Kind<CardComment, OutputOf<typeof commentCard>>;

  constructor(
    private readonly tenancy: Tenancy,
    private readonly writer: Writer,
    private readonly contributions: ContributionsService,
    private readonly places: PlacesService,
    private readonly fate: FateService,
    private readonly reach: ReachService,
  ) {
    this.comments = {
      name: 'cardComment',
      store: async (em, writes) => {
        const refused = await this.refuseCorrections(em, writes);
        const taken = writes.filter((write) => !refused.has(write));
        const outcomes = taken.length ? await contributions.comments.store(em, taken) : [];
        const corrections = outcomes.flatMap((outcome, at) => {
          const { cueId, corrects } = taken[at]!.input;
          return outcome instanceof AppError || corrects === null
            ? []
            : { id: outcome.result.comment.id, cardId: cueId, basedOn: corrects };
        });
        if (corrections.length)
          await em.query(
            `INSERT INTO card_correction (community_id, id, card_id, based_on)
             SELECT $1, k.id, k."cardId", k."basedOn" FROM json_to_recordset($2::json) AS k (id uuid, "cardId" uuid, "basedOn" int)`,
            [writes[0]!.communityId, JSON.stringify(corrections)],
          );
        return writes.map((write) => refused.get(write) ?? outcomes[taken.indexOf(write)]!);
      },
    };
  }

  async list(em: EntityManager, caller: Member | Overseer, placeId: string): Promise<ContextCard[]> {
    const { communityId, memberId = null } = caller;
    return em.query(
      `SELECT k.id, k.kind, k.title, k.body, k.version, json_build_object('name', m.handle, 'title', m.title) AS by,
         (SELECT string_agg(DISTINCT w.handle, ', ') FROM card_correction x
          JOIN contribution c ON c.community_id = $1 AND c.id = x.id AND ${shown}
          JOIN member w ON w.community_id = $1 AND w.id = c.author_id
          WHERE x.community_id = $1 AND x.card_id = k.id AND x.taken_in = k.version) AS thanks,
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
  async save(
    caller: Member,
    { placeId, cardId, basedOn, kind, title, body, from }: InputOf<typeof saveCard>,
  ) {
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
      if (card.kind === kind && card.title === title && card.body === body) {
        // Asked again, or said by another too.
        if (from) await this.take(em, caller, { cardId, title, version: card.version }, from);
        return;
      }
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
      const version = card.version + 1;
      if (from && !(await this.take(em, caller, { cardId, title, version }, from)))
        throw new AppError('contribution.moved', 'It was taken over or taken back meanwhile.');
    });
  }

  /** What a member said the card should say, it says now: its author is told, and named on this version. False if not. */
  private async take(
    em: EntityManager,
    { communityId, memberId }: Member,
    { cardId, title, version }: { cardId: string; title: string; version: number },
    id: string,
  ): Promise<boolean> {
    const [taken] = await returned<{ authorId: string; words: string }>(
      em,
      `UPDATE card_correction x SET taken_in = $4 FROM contribution c
       WHERE x.community_id = $1 AND x.id = $2 AND x.card_id = $3 AND x.taken_in IS NULL
         AND c.community_id = $1 AND c.id = x.id AND ${shown}
       RETURNING c.author_id AS "authorId", c.body AS words`,
      [communityId, id, cardId, version],
    );
    if (!taken) return false;
    // Done as it is decided, before its author's eyes: nobody is asked whether it is right.
    const now = new Date();
    for (const to of ['decided', 'delivered'] as const)
      await this.fate.move(em, communityId, [id], {
        ...{ to, byId: memberId, detail: { outcome: 'adopted' }, outcome: 'adopted' },
        ...{ deliverBy: now.toISOString().slice(0, 10), judgeUntil: now },
      });
    await this.reach.tell(em, communityId, [
      {
        ...{ memberId: taken.authorId, kind: 'receipt', cause: `card.${id}.taken` },
        data: { contributionId: id, words: excerptOf(taken.words), step: 'decided', title },
      },
    ]);
    return true;
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
      const comments = await this.contributions.listThread(em, placeId, memberId, cardId);
      const corrections: { id: string; taken: boolean }[] = await em.query(
        'SELECT id, taken_in IS NOT NULL AS taken FROM card_correction WHERE community_id = $1 AND id = ANY ($2)',
        [communityId, comments.map(({ id }) => id)],
      );
      const taken = new Map(corrections.map((one) => [one.id, one.taken]));
      return {
        comments: comments.map((comment) => {
          const isTaken = taken.get(comment.id);
          return { ...comment, correction: isTaken === undefined ? null : { taken: isTaken } };
        }),
        versions: versions.map(({ until, ...version }) => ({ ...version, until: until.toISOString() })),
      };
    });
  }

  /** What is asked about a card is a comment of the place, and has its fate. */
  async comment(caller: Member, { placeId, cardId, opId, body, corrects }: InputOf<typeof commentCard>) {
    const { communityId, memberId, handle, role } = caller;
    await this.tenancy.inCommunity(communityId, async (em) => {
      await this.places.place(em, caller, placeId);
      const [card] = (await em.query(
        'SELECT id FROM context_card WHERE community_id = $1 AND id = $2 AND place_id = $3',
        [communityId, cardId, placeId],
      )) as unknown[];
      if (!card) throw notFound();
    });
    const author = { memberId, handle, role };
    const input = { roomId: placeId, author, body, cueId: cardId, second: null, corrects };
    return this.writer.write(this.comments, { communityId, memberId, opId, input });
  }

  /** Looked at as it is stored, so that what was stored before is answered though the card has changed since. */
  private async refuseCorrections(
    em: EntityManager,
    writes: Write<CardComment>[],
  ): Promise<Map<Write<CardComment>, AppError>> {
    const refused = new Map<Write<CardComment>, AppError>();
    const corrections = writes.filter(({ input }) => input.corrects !== null);
    if (!corrections.length) return refused;
    const cards: { id: string; body: string; version: number }[] = await em.query(
      'SELECT id, body, version FROM context_card WHERE community_id = $1 AND id = ANY ($2)',
      [writes[0]!.communityId, corrections.map(({ input }) => input.cueId)],
    );
    for (const write of corrections) {
      const { cueId, body, corrects } = write.input;
      const card = cards.find(({ id }) => id === cueId)!;
      if (card.version !== corrects)
        refused.set(write, new AppError('edit.stale', 'Somebody has corrected it meanwhile: read it again.'));
      else if (card.body === body)
        refused.set(
          write,
          new AppError('request.invalid', 'Say something else than the card says.', {
            fields: { body: 'not what the card says already' },
          }),
        );
    }
    return refused;
  }
}
