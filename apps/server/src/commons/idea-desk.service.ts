import { Injectable } from '@nestjs/common';
import type { InputOf, OutputOf } from '@parley/contracts/contract';
import { IdeaStatus, type Outcome } from '@parley/contracts/contributions';
import {
  type decideIdeas,
  type DeskShow,
  type IdeaDecision,
  IdeaPlaceKind,
  type listIdeaDesk,
  type readProcess,
} from '@parley/contracts/ideas';
import { JUDGE_DAYS } from '@parley/contracts/loop';
import type { EntityManager } from 'typeorm';
import { alike } from '../contributions/alike';
import { FateService } from '../contributions/fate.service';
import { ModerationService } from '../contributions/moderation.service';
import type { Member, Overseer } from '../platform/doors';
import { AppError } from '../platform/errors';
import { Jobs } from '../platform/jobs';
import { after, cursorOf } from '../platform/pages';
import { Tenancy } from '../platform/tenancy';
import { returned } from '../platform/writer';
import { type News, ReachService } from '../reach/reach.service';
import { partsOf, shown } from './commons.sql';
import { deskIdeaOf, type DeskRow, ideaColumns, ideaSource } from './ideas.sql';
import { PlacesService } from './places.service';

const PAGE = 100;
/** By when what is planned is there, where nobody said. */
const DELIVERY_DAYS = 90;
const MANY = 1_000;
const MEDIAN_OF = 100;

/** What each decision but merging and looking makes of an idea. */
const outcomes: Partial<Record<IdeaDecision['to'], Outcome>> = {
  planned: 'adopted',
  inProgress: 'adopted',
  delivered: 'adopted',
  later: 'deferred',
  notNow: 'declined',
  alreadyThere: 'alreadyThere',
};
/** From where a decision of another kind begins anew. */
const decided = ['decided', 'delivered', 'verified', 'disputed'];

/** Ideas as the team works on them: looked at in the promised time, decided about one by one or many at once. */
@Injectable()
export class IdeaDeskService {
  constructor(
    private readonly tenancy: Tenancy,
    private readonly moderation: ModerationService,
    private readonly fate: FateService,
    private readonly reach: ReachService,
    private readonly places: PlacesService,
    jobs: Jobs,
  ) {
    jobs.everywhere('ideas-late', '*/10 * * * *', (communityId) => this.watch(communityId));
  }

  // --- looking ---

  list(
    { communityId, memberId }: Member,
    { show, placeId, cursor }: Omit<InputOf<typeof listIdeaDesk>, 'communityId'>,
  ): Promise<OutputOf<typeof listIdeaDesk>> {
    const isLatestFirst = show === 'all';
    const page = after(cursor, isLatestFirst ? 'newest' : 'oldest');
    const column = isLatestFirst ? 'i.at' : 'i.acknowledge_by';
    const which: Record<DeskShow, string> = {
      waiting: 'i.acknowledged_at IS NULL',
      overdue: 'i.acknowledged_at IS NULL AND i.acknowledge_by < now()',
      mine: `i.owner_id = $2 AND i.status IN ('new', 'inReview', 'planned', 'inProgress')`,
      inReview: `i.status = 'inReview'`,
      planned: `i.status = 'planned'`,
      inProgress: `i.status = 'inProgress'`,
      all: 'true',
    };
    return this.tenancy.inCommunity(communityId, async (em) => {
      const rows: (DeskRow & { deskMark: string })[] = await em.query(
        `SELECT ${ideaColumns}, s.kind AS "placeKind", s.title AS "placeTitle",
           to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS "deskMark"
         FROM ${ideaSource} WHERE i.community_id = $1 AND c.moderation = 'published' AND ${which[show]}
           AND ($3::uuid IS NULL OR i.place_id = $3)
           AND (${column}, i.id) ${isLatestFirst ? '<' : '>'} ($4, $5)
         ORDER BY ${column} ${isLatestFirst ? 'DESC' : ''}, i.id ${isLatestFirst ? 'DESC' : ''} LIMIT ${PAGE + 1}`,
        [communityId, memberId, placeId ?? null, page.at, page.id],
      );
      const shownRows = rows.slice(0, PAGE);
      const near = alike(shownRows.map(({ words }) => words));
      const [counts] = (await em.query(
        `SELECT (SELECT count(*)::int FROM (SELECT 1 FROM idea i JOIN contribution c ON c.community_id = $1 AND c.id = i.id
             WHERE i.community_id = $1 AND i.acknowledged_at IS NULL AND c.moderation = 'published' LIMIT ${MANY}) AS w) AS waiting,
           (SELECT count(*)::int FROM (SELECT 1 FROM idea i JOIN contribution c ON c.community_id = $1 AND c.id = i.id
             WHERE i.community_id = $1 AND i.acknowledged_at IS NULL AND i.acknowledge_by < now()
             AND c.moderation = 'published' LIMIT ${MANY}) AS o) AS overdue`,
        [communityId],
      )) as [{ waiting: number; overdue: number }];
      const [acknowledged] = (await em.query(
        `SELECT count(*)::int AS due, count(*) FILTER (WHERE acknowledged_at <= acknowledge_by)::int AS "inTime"
         FROM idea i JOIN contribution c ON c.community_id = $1 AND c.id = i.id
         WHERE i.community_id = $1 AND i.imported IS NULL AND c.moderation IN ('published', 'merged')
           AND i.acknowledge_by > now() - interval '90 days' AND (i.acknowledge_by < now() OR i.acknowledged_at IS NOT NULL)`,
        [communityId],
      )) as [{ due: number; inTime: number }];
      const team: { memberId: string; name: string; title: string }[] = await em.query(
        `SELECT id AS "memberId", handle AS name, title FROM member
         WHERE community_id = $1 AND role <> 'member' AND status = 'active' ORDER BY handle`,
        [communityId],
      );
      return {
        ideas: shownRows.map((row, at) => ({
          ...deskIdeaOf(row, memberId),
          alike: near[at]!.map((place) => shownRows[place]!.id),
        })),
        next: cursorOf(
          rows.map(({ deskMark, id }) => ({ mark: deskMark, id })),
          PAGE,
        ),
        ...counts,
        acknowledged,
        team,
      };
    });
  }

  /** The way of an idea in a place, in its order. */
  process(caller: Member | Overseer, placeId: string): Promise<OutputOf<typeof readProcess>> {
    return this.tenancy.inCommunity(caller.communityId, async (em) => {
      const place = await this.places.ideaPlace(em, caller, placeId);
      const stages: OutputOf<typeof readProcess>['stages'] = await em.query(
        `SELECT s.status, recent.ideas, recent."medianDays", recent.latest
         FROM unnest($3::text[]) WITH ORDINALITY AS s (status, n)
         CROSS JOIN LATERAL (
           SELECT (SELECT count(*)::int FROM (SELECT FROM idea i JOIN contribution c ON c.community_id = $1 AND c.id = i.id
               WHERE i.community_id = $1 AND i.place_id = $2 AND i.status = s.status AND (${shown} OR c.moderation = 'merged')
               LIMIT ${MANY}) AS many) AS ideas,
             (SELECT round((percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM took) / 86400))::numeric, 1)::float8
               FROM (SELECT i.status_at - i.at AS took FROM idea i WHERE i.community_id = $1 AND i.place_id = $2
                 AND i.status = s.status AND i.status <> 'new' AND i.imported IS NULL
                 ORDER BY i.at DESC LIMIT ${MEDIAN_OF}) AS few) AS "medianDays",
             (SELECT coalesce(json_agg(json_build_object('id', few.id, 'title', split_part(few.body, E'\\n', 1))), '[]')
               FROM (SELECT i.id, c.body FROM idea i JOIN contribution c ON c.community_id = $1 AND c.id = i.id
                 WHERE i.community_id = $1 AND i.place_id = $2 AND i.status = s.status AND ${shown}
                 ORDER BY i.at DESC LIMIT 3) AS few) AS latest) AS recent
         ORDER BY s.n`,
        [caller.communityId, placeId, IdeaStatus.options],
      );
      return { place, stages };
    });
  }

  // --- deciding ---

  async decide(
    caller: Member,
    { ideaIds, decision, ownerId }: Omit<InputOf<typeof decideIdeas>, 'communityId'>,
  ): Promise<OutputOf<typeof decideIdeas>> {
    const { communityId, memberId } = caller;
    const ids = [...new Set(ideaIds)];
    if (decision.to === 'merged') return this.merge(caller, ids, decision.into);
    if ((decision.to === 'later' || decision.to === 'planned') && decision.on && decision.on < today())
      throw new AppError('request.invalid', 'Choose a day that is still to come.', {
        fields: { 'decision.on': 'a day from today on' },
      });
    return this.tenancy.inCommunity(communityId, async (em) => {
      // The contributions first, as whoever moderates them does.
      await em.query(
        'SELECT FROM contribution WHERE community_id = $1 AND id = ANY ($2) ORDER BY id FOR NO KEY UPDATE',
        [communityId, ids],
      );
      const rows: {
        id: string;
        loop: string;
        outcome: Outcome | null;
        kind: IdeaPlaceKind;
        words: string;
        status: IdeaStatus;
      }[] = await em.query(
        `SELECT i.id, c.loop, c.outcome, s.kind, c.body AS words, i.status FROM idea i
         JOIN contribution c ON c.community_id = $1 AND c.id = i.id
         JOIN space s ON s.community_id = $1 AND s.id = i.place_id
         WHERE i.community_id = $1 AND i.id = ANY ($2) AND c.moderation = 'published' ORDER BY i.id FOR UPDATE OF i`,
        [communityId, ids],
      );
      // What was delivered is said by an Update, which asks whether it was done right; a small thing needs none.
      const fits = rows.filter(({ kind }) => decision.to !== 'delivered' || kind === 'suggestions');
      const outcome = outcomes[decision.to];
      const note = decision.note;
      const on = 'on' in decision ? decision.on : null;
      const detail = { ...(note && { note }), ...(on && { on }), ...(outcome && { outcome }) };
      const done: string[] = [];
      const anew = fits.filter(
        ({ loop, outcome: before }) => decided.includes(loop) && (!outcome || before !== outcome),
      );
      await this.fate.move(
        em,
        communityId,
        anew.map(({ id }) => id),
        { to: 'reopened', byId: memberId, detail: {} },
      );
      const fitting = fits.map(({ id }) => id);
      if (!outcome) {
        await this.fate.move(em, communityId, fitting, { to: 'considered', byId: memberId, detail });
      } else {
        await this.fate.move(em, communityId, fitting, {
          ...{ to: 'decided', byId: memberId, outcome, detail },
          deliverBy: on ?? (outcome === 'adopted' ? inDays(DELIVERY_DAYS) : null),
        });
        if (on)
          await em.query(
            `UPDATE contribution SET deliver_by = $3 WHERE community_id = $1 AND id = ANY ($2) AND loop = 'decided'
               AND deliver_by <> $3`,
            [communityId, fitting, on],
          );
      }
      if (decision.to === 'inProgress' || decision.to === 'planned') {
        const begun = await returned<{ id: string }>(
          em,
          `UPDATE idea i SET started_at = CASE WHEN $3 THEN coalesce(i.started_at, now()) END,
             status = CASE WHEN $3 THEN 'inProgress' ELSE 'planned' END,
             status_at = CASE WHEN (i.started_at IS NOT NULL) = $3 THEN i.status_at ELSE now() END
           FROM contribution c WHERE i.community_id = $1 AND i.id = ANY ($2) AND c.community_id = $1 AND c.id = i.id
             AND c.loop = 'decided' AND c.outcome IN ('adopted', 'adapted') AND (i.started_at IS NOT NULL) <> $3 RETURNING i.id`,
          [communityId, fitting, decision.to === 'inProgress'],
        );
        if (decision.to === 'inProgress')
          await this.fate.write(
            em,
            communityId,
            begun.map(({ id }) => ({
              ...{ contributionId: id, kind: 'started', byId: memberId, detail: note ? { note } : {} },
            })),
          );
      }
      if (decision.to === 'delivered')
        await this.fate.move(em, communityId, fitting, {
          ...{ to: 'delivered', byId: memberId, detail },
          judgeUntil: new Date(Date.now() + JUDGE_DAYS * 86_400_000),
        });
      const after: { id: string; status: IdeaStatus; authors: string[] }[] = await em.query(
        `SELECT i.id, i.status, ARRAY(SELECT c.author_id UNION SELECT a.member_id FROM idea_author a
           WHERE a.community_id = $1 AND a.idea_id = i.id AND a.agreed_at IS NOT NULL) AS authors
         FROM idea i JOIN contribution c ON c.community_id = $1 AND c.id = i.id
         WHERE i.community_id = $1 AND i.id = ANY ($2)`,
        [communityId, fitting],
      );
      const now = new Map(after.map((row) => [row.id, row]));
      for (const { id } of fits) if (now.get(id)!.status === decision.to) done.push(id);
      await em.query(
        `UPDATE idea SET note = $3, owner_id = coalesce($4, owner_id), acknowledged_at = coalesce(acknowledged_at, now()),
           acknowledged_by = coalesce(acknowledged_by, $5) WHERE community_id = $1 AND id = ANY ($2)`,
        [communityId, done, note, await this.teamMember(em, communityId, ownerId), memberId],
      );
      const before = new Map(rows.map((row) => [row.id, row]));
      const news = done.flatMap((id): News[] => {
        const { words, status } = before.get(id)!;
        if (status === decision.to && !note) return [];
        return now.get(id)!.authors.map((author) => ({
          ...{ memberId: author, kind: 'idea', cause: `topic.${id}.is.${decision.to}.${Date.now()}` },
          data: {
            ...{ ideaId: id, title: partsOf(words).title, status: decision.to, by: caller.handle },
            ...(note && { note }),
            ...(on && { on }),
          },
        }));
      });
      await this.reach.tell(
        em,
        communityId,
        news.filter(({ memberId: to }) => to !== memberId),
      );
      return { done, moved: ids.filter((id) => !done.includes(id)) };
    });
  }

  /** By the moderators' own way: one decision, one log. What was merged is looked at with what it went into. */
  private async merge(caller: Member, ids: readonly string[], into: string) {
    const { communityId, memberId } = caller;
    const known: { id: string }[] = await this.tenancy.inCommunity(communityId, (em) =>
      em.query('SELECT id FROM idea WHERE community_id = $1 AND id = ANY ($2)', [
        communityId,
        [...ids, into],
      ]),
    );
    const there = new Set(known.map(({ id }) => id));
    if (!there.has(into))
      throw new AppError('request.invalid', 'Choose an idea of the same place.', {
        fields: { 'decision.into': 'an idea of the same place' },
      });
    const { decided: results } = await this.moderation.decide(caller, {
      contributionIds: ids.filter((id) => there.has(id) && id !== into),
      decision: { action: 'merge', into },
    });
    const done = results
      .filter(({ result }) => result === 'done')
      .map(({ contributionId }) => contributionId);
    await this.tenancy.inCommunity(communityId, (em) =>
      em.query(
        `UPDATE idea SET acknowledged_by = coalesce(acknowledged_by, $3) WHERE community_id = $1 AND id = ANY ($2)`,
        [communityId, done, memberId],
      ),
    );
    return { done, moved: ids.filter((id) => id !== into && !done.includes(id)) };
  }

  private async teamMember(em: EntityManager, communityId: string, id: string | undefined) {
    if (!id) return null;
    const there: unknown[] = await em.query(
      `SELECT FROM member WHERE community_id = $1 AND id = $2 AND role <> 'member' AND status = 'active'`,
      [communityId, id],
    );
    if (!there.length)
      throw new AppError('request.invalid', 'Choose somebody of the team.', {
        fields: { ownerId: 'somebody of the team' },
      });
    return id;
  }

  // --- the clock ---

  /** Who looks after them is told once a day of ideas that nobody has looked at in the promised time. */
  async watch(communityId: string): Promise<void> {
    await this.tenancy.inCommunity(communityId, async (em) => {
      const rows: { placeId: string; title: string; ownerId: string | null; count: number }[] =
        await em.query(
          `SELECT i.place_id AS "placeId", s.title, coalesce(i.owner_id, s.owner_id) AS "ownerId", count(*)::int AS count
         FROM idea i JOIN space s ON s.community_id = $1 AND s.id = i.place_id
         JOIN contribution c ON c.community_id = $1 AND c.id = i.id AND c.moderation = 'published'
         WHERE i.community_id = $1 AND i.acknowledged_at IS NULL AND i.acknowledge_by < now()
         GROUP BY 1, 2, 3`,
          [communityId],
        );
      if (!rows.length) return;
      const managers: { id: string }[] = await em.query(
        `SELECT id FROM member WHERE community_id = $1 AND role = 'manager' AND status = 'active'`,
        [communityId],
      );
      await this.reach.tell(
        em,
        communityId,
        rows.flatMap(({ placeId, title, ownerId, count }) =>
          [...new Set([...(ownerId ? [ownerId] : []), ...managers.map(({ id }) => id)])].map(
            (memberId): News => ({
              ...{ memberId, kind: 'ideasLate', cause: `ideas.${placeId}.late.${today()}` },
              data: { spaceId: placeId, title, count },
            }),
          ),
        ),
      );
    });
  }
}

const today = () => new Date().toISOString().slice(0, 10);
const inDays = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
