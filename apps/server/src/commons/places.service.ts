import { Injectable } from '@nestjs/common';
import type { Audience, openPlace, Place } from '@parley/contracts/commons';
import type { InputOf } from '@parley/contracts/contract';
import { type IdeaPlace, MATTERS_MOST, type openIdeaPlace, RATED_LEAST } from '@parley/contracts/ideas';
import type { EntityManager } from 'typeorm';
import { PromisesService } from '../loop/promises.service';
import { SegmentsService, shown as told } from '../people/segments.service';
import type { Member, Overseer } from '../platform/doors';
import { AppError, notFound } from '../platform/errors';
import { Jobs } from '../platform/jobs';
import { Tenancy } from '../platform/tenancy';
import { open, placeColumns, placeOf, type PlaceRow, shown, talking } from './commons.sql';
import { ideaPlaceColumns, type IdeaPlaceRow } from './ideas.sql';

type Caller = Member | Overseer;

/** Places where members talk and send ideas: each with its promise, and for whom it is. */
@Injectable()
export class PlacesService {
  constructor(
    private readonly tenancy: Tenancy,
    private readonly promises: PromisesService,
    private readonly segments: SegmentsService,
    jobs: Jobs,
  ) {
    segments.kept.push(async (em, communityId) => {
      const rows: { id: string }[] = await em.query(
        'SELECT DISTINCT segment_id AS id FROM space WHERE community_id = $1 AND segment_id IS NOT NULL',
        [communityId],
      );
      return rows.map(({ id }) => id);
    });
    jobs.everywhere('places-for', '*/5 * * * *', (communityId) => this.keepPeople(communityId));
  }

  /** Who is in the segments that places are for: of those too who came, paused or came back. */
  keepPeople(communityId: string) {
    return this.tenancy.inCommunity(communityId, (em) => this.segments.keepAll(em, communityId));
  }

  /** For how many active members it would be, where that tells of no single person, nor beside what else can be asked. */
  count({ communityId }: Member, { types, circle, segmentId }: Audience): Promise<number | null> {
    return this.tenancy.inCommunity(communityId, async (em) => {
      const ofSegment = segmentId && (await this.segments.members(em, communityId, segmentId));
      const [row] = (await em.query(
        `SELECT coalesce(sum(n) FILTER (WHERE "ofKinds"), 0)::int AS some, coalesce(sum(n + others) FILTER (WHERE "ofKinds"), 0)::int AS kinds,
           coalesce(sum(n), 0)::int AS segment, coalesce(sum(n + others), 0)::int AS all,
           coalesce(min(n) FILTER (WHERE n > 0), 0)::int AS least
         FROM (SELECT ($2::text[] = '{}' OR type = ANY ($2)) AND (circle OR NOT $3) AS "ofKinds",
             count(*) FILTER (WHERE $4::uuid[] IS NULL OR id = ANY ($4)) AS n,
             count(*) FILTER (WHERE $4::uuid[] IS NOT NULL AND id <> ALL ($4)) AS others
           FROM member WHERE community_id = $1 AND role = 'member' AND status = 'active' GROUP BY type, circle) AS cell`,
        [communityId, types, circle, ofSegment],
      )) as { some: number; kinds: number; segment: number; all: number; least: number }[];
      const { some, kinds, segment, all, least } = row!;
      // With each combination of kinds that can be asked for, the smallest part of the segment could be reckoned.
      const isParted = !!ofSegment && (types.length > 0 || circle);
      if (isParted && told(least, least) === null) return null;
      return [kinds, segment, all].every((whole) => told(some, whole) !== null) ? some : null;
    });
  }

  list(caller: Caller): Promise<Place[]> {
    const { communityId, memberId = null } = caller;
    return this.tenancy.inCommunity(communityId, async (em) => {
      const rows: PlaceRow[] = await em.query(
        `SELECT ${placeColumns} FROM space s WHERE s.community_id = $1 AND s.kind IN ${talking} AND ${open}
         ORDER BY "lastAt" DESC NULLS LAST, s.created_at DESC LIMIT 100`,
        [communityId, memberId],
      );
      return rows.map(placeOf);
    });
  }

  /** Comes with its promise, or not at all; asked again it is the same. */
  open(caller: Member, plan: Omit<InputOf<typeof openPlace>, 'communityId'>) {
    return this.tenancy.inCommunity(caller.communityId, async (em) => {
      await this.make(em, caller, plan, 'discussion');
      return this.place(em, caller, plan.placeId);
    });
  }

  /** The same within a transaction, of any kind. False where it is there already. */
  private async make(
    em: EntityManager,
    { communityId }: Member,
    { placeId, decisionOwner, reportBackOn, ...rest }: Omit<InputOf<typeof openPlace>, 'communityId'>,
    kind: Place['kind'],
  ): Promise<boolean> {
    const made: unknown[] = await em.query(
      'INSERT INTO room (community_id, id, open) VALUES ($1, $2, true) ON CONFLICT DO NOTHING RETURNING id',
      [communityId, placeId],
    );
    if (made.length) {
      const { segmentId } = rest.audience;
      if (segmentId && !(await this.segments.keep(em, communityId, segmentId)))
        throw new AppError('request.invalid', 'Choose a segment that is still there.', {
          fields: { 'audience.segmentId': 'a segment of this community' },
        });
      await this.promises.make(em, communityId, {
        ...rest,
        ...{ id: placeId, kind, owner: decisionOwner, answerBy: reportBackOn },
      });
    }
    return made.length > 0;
  }

  async place(em: EntityManager, caller: Caller, id: string): Promise<Place> {
    const { communityId, memberId = null } = caller;
    const [row] = (await em.query(
      `SELECT ${placeColumns} FROM space s WHERE s.community_id = $1 AND s.kind IN ${talking} AND s.id = $3 AND ${open}`,
      [communityId, memberId, id],
    )) as PlaceRow[];
    if (!row) throw notFound();
    return placeOf(row);
  }

  openForIdeas(
    caller: Member,
    {
      kind,
      contextRequired,
      closesAt,
      acknowledgeDays,
      cards,
      areas,
      ...plan
    }: Omit<InputOf<typeof openIdeaPlace>, 'communityId'>,
  ): Promise<IdeaPlace> {
    const { communityId, memberId } = caller;
    const { placeId } = plan;
    return this.tenancy.inCommunity(communityId, async (em) => {
      if (await this.make(em, caller, plan, kind)) {
        await em.query(
          `INSERT INTO idea_place (community_id, id, context_required, closes_at, acknowledge_days) VALUES ($1, $2, $3, $4, $5)`,
          [communityId, placeId, contextRequired && cards.length > 0, closesAt, acknowledgeDays],
        );
        await em.query(
          `INSERT INTO context_card (community_id, id, place_id, n, kind, title, body, by_id)
           SELECT $1, (k ->> 'id')::uuid, $2, n, k ->> 'kind', k ->> 'title', k ->> 'body', $3
           FROM json_array_elements($4::json) WITH ORDINALITY AS made (k, n)`,
          [communityId, placeId, memberId, JSON.stringify(cards)],
        );
        const made: unknown[] = await em.query(
          `INSERT INTO idea_area (community_id, id, place_id, n, label, owner_id)
           SELECT $1, (a ->> 'id')::uuid, $2, n, a ->> 'label', m.id
           FROM json_array_elements($3::json) WITH ORDINALITY AS made (a, n)
           JOIN member m ON m.community_id = $1 AND m.id = (a ->> 'ownerId')::uuid AND m.role <> 'member' AND m.status = 'active'
           RETURNING id`,
          [communityId, placeId, JSON.stringify(areas)],
        );
        if (made.length < areas.length)
          throw new AppError('request.invalid', 'Choose somebody of the team for each area.', {
            fields: { areas: 'with owners of the team' },
          });
      }
      return this.ideaPlace(em, caller, placeId);
    });
  }

  /** A place for ideas, with what is special to one. */
  async ideaPlace(em: EntityManager, caller: Caller, id: string): Promise<IdeaPlace> {
    const { communityId, memberId = null } = caller;
    const place = await this.place(em, caller, id);
    const [row] = (await em.query(
      `SELECT ${ideaPlaceColumns},
         (SELECT count(*)::int FROM (SELECT 1 FROM rating r JOIN idea i ON i.community_id = $1 AND i.id = r.contribution_id
            WHERE r.community_id = $1 AND r.member_id = $2 AND i.place_id = $3 LIMIT ${RATED_LEAST}) AS few) AS rated,
         (SELECT count(*)::int FROM rating r JOIN idea i ON i.community_id = $1 AND i.id = r.contribution_id
            JOIN contribution c ON c.community_id = $1 AND c.id = i.id AND c.version = r.version
            WHERE r.community_id = $1 AND r.member_id = $2 AND r.matters AND i.place_id = $3) AS mattered,
         (SELECT count(*)::int FROM (SELECT 1 FROM idea i JOIN contribution c ON c.community_id = $1 AND c.id = i.id
            WHERE i.community_id = $1 AND i.place_id = $3 AND c.author_id IS DISTINCT FROM $2 AND ${shown}
            LIMIT ${RATED_LEAST}) AS few) AS others
       FROM idea_place ip WHERE ip.community_id = $1 AND ip.id = $3`,
      [communityId, memberId, id],
    )) as IdeaPlaceRow[];
    if (!row) throw notFound();
    const { contextRequired, closesAt, closed, acknowledgeDays, cards, unread, areas } = row;
    return {
      ...place,
      ...{ contextRequired, closed, acknowledgeDays, cards, areas, rated: row.rated },
      informed: cards > 0 && unread === 0,
      closesAt: closesAt?.toISOString() ?? null,
      mattersLeft: Math.max(0, MATTERS_MOST - row.mattered),
      ratedLeast: Math.min(RATED_LEAST, row.others),
    };
  }
}
