import { Injectable } from '@nestjs/common';
import type { InputOf, OutputOf } from '@parley/contracts/contract';
import type { Fate, IdeaStatus } from '@parley/contracts/contributions';
import {
  type Idea,
  type IdeaParts,
  type IdeaPlace,
  type IdeaVersion,
  type listIdeas,
  MATTERS_MOST,
  neededParts,
  type rateIdea,
  type readIdea,
  type refineIdea,
  type sendIdea,
} from '@parley/contracts/ideas';
import { draw, priority, surfacing } from '@parley/insight/surfacing';
import type { EntityManager } from 'typeorm';
import {
  ContributionsService,
  type NewRating,
  type RatingChange,
} from '../contributions/contributions.service';
import { FateService } from '../contributions/fate.service';
import { ModerationService } from '../contributions/moderation.service';
import { SpacesService } from '../contributions/spaces.service';
import { isTeam, type Member, type Overseer } from '../platform/doors';
import { AppError, notFound } from '../platform/errors';
import { after, cursorOf } from '../platform/pages';
import { Tenancy } from '../platform/tenancy';
import { type Kind, type Outcome, returned, type Write, Writer } from '../platform/writer';
import { ReachService } from '../reach/reach.service';
import { partsOf, queryOf, shown, shownTo } from './commons.sql';
import {
  type Counted,
  ideaColumns,
  ideaOf,
  type IdeaRow,
  ideaSource,
  ideaWords,
  resultOf,
} from './ideas.sql';
import { PlacesService } from './places.service';
import { type SaidWith, TopicsService } from './topics.service';

type Caller = Member | Overseer;

interface Sent extends SaidWith {
  parts: IdeaParts;
  areaId: string | null;
  acknowledgeDays: number;
}

const PAGE = 20;
const TOP = 50;
const TO_RATE = 15;
/** Of so many that few have seen some are drawn. */
const TO_DRAW_FROM = 150;
const SIMILAR = 5;

/** Ideas: sent with the why, rated once one knows what there is to know, refined, and who wrote them. */
@Injectable()
export class IdeasService {
  private readonly ideas: Kind<Sent, { id: string; fate: Fate }>;
  private readonly ratings: Kind<NewRating, RatingChange>;

  constructor(
    private readonly tenancy: Tenancy,
    private readonly writer: Writer,
    contributions: ContributionsService,
    private readonly moderation: ModerationService,
    private readonly spaces: SpacesService,
    private readonly topics: TopicsService,
    private readonly places: PlacesService,
    private readonly fate: FateService,
    private readonly reach: ReachService,
  ) {
    this.ideas = { name: 'idea', store: (em, writes) => this.storeIdeas(em, writes) };
    const rating = contributions.ratings(() => undefined);
    this.ratings = {
      name: 'idea.rating',
      store: async (em, writes) => this.counted(em, writes, await this.locked(em, writes, rating)),
    };
  }

  // --- reading ---

  list(
    caller: Caller,
    { placeId, sort, status, cursor }: Omit<InputOf<typeof listIdeas>, 'communityId'>,
  ): Promise<OutputOf<typeof listIdeas>> {
    const { communityId, memberId = null } = caller;
    const page = after(cursor);
    const team = isTeam(caller);
    return this.tenancy.inCommunity(communityId, async (em) => {
      const place = await this.places.ideaPlace(em, caller, placeId);
      const mayRank = team || place.closed || place.rated >= place.ratedLeast;
      if (sort === 'top' && !mayRank) return { place, ideas: [], next: null };
      const where = `i.community_id = $1 AND i.place_id = $3 AND ${shownTo}`;
      const values: unknown[] = [communityId, memberId, placeId];
      const read = (more: string, ...rest: unknown[]): Promise<IdeaRow[]> =>
        em.query(`SELECT ${ideaColumns} FROM ${ideaSource} WHERE ${where} ${more}`, [...values, ...rest]);
      const toIdea = (row: IdeaRow) => ideaOf(row, memberId, team);

      if (sort === 'toRate') {
        const rows = await read(
          `AND c.author_id IS DISTINCT FROM $2 AND i.status IN ('new', 'inReview') AND c.moderation = 'published'
           AND NOT EXISTS (SELECT FROM rating r WHERE r.community_id = $1 AND r.contribution_id = i.id AND r.member_id = $2
             AND r.version = c.version)
           AND NOT EXISTS (SELECT FROM idea_author a WHERE a.community_id = $1 AND a.idea_id = i.id AND a.member_id = $2
             AND a.agreed_at IS NOT NULL)
           ORDER BY i.agree + i.disagree + i.unsure, i.id LIMIT ${TO_DRAW_FROM}`,
        );
        const drawn = draw(rows, priority, TO_RATE, Math.random);
        return { place, ideas: drawn.map(toIdea), next: null };
      }
      if (sort === 'top') {
        const rows = await read(
          `AND i.status <> 'merged' AND ($4::text IS NULL OR i.status = $4) ORDER BY i.score DESC, i.id DESC LIMIT ${TOP}`,
          status ?? null,
        );
        return { place, ideas: rows.map(toIdea), next: null };
      }
      if (sort === 'active' && !status) {
        const rows = await read(
          `AND t.place_id = $3 AND (t.last_at, t.id) < ($4, $5) ORDER BY t.last_at DESC, t.id DESC LIMIT ${PAGE + 1}`,
          page.at,
          page.id,
        );
        return { place, ideas: rows.slice(0, PAGE).map(toIdea), next: cursorOf(rows, PAGE) };
      }
      const rows = await read(
        `${status ? 'AND i.status = $6' : ''} AND (i.at, i.id) < ($4, $5) ORDER BY i.at DESC, i.id DESC LIMIT ${PAGE + 1}`,
        ...[page.at, page.id],
        ...(status ? [status] : []),
      );
      const marks = rows.map(({ createdMark, id }) => ({ mark: createdMark, id }));
      return { place, ideas: rows.slice(0, PAGE).map(toIdea), next: cursorOf(marks, PAGE) };
    });
  }

  /** By their words first, then by likeness, so that a slip of the pen does not hide what is there. */
  similar(
    caller: Caller,
    placeId: string,
    words: string,
  ): Promise<{ id: string; title: string; status: IdeaStatus; posts: number }[]> {
    const { communityId } = caller;
    return this.tenancy.inCommunity(communityId, async (em) => {
      await this.places.place(em, caller, placeId);
      const read = (
        fuzzy: boolean,
      ): Promise<{ id: string; words: string; status: IdeaStatus; posts: number }[]> =>
        em.query(
          `SELECT c.id, c.body AS words, i.status, (SELECT count(*)::int FROM (
             SELECT FROM post p WHERE p.community_id = $1 AND p.topic_id = c.id LIMIT 100) AS few) AS posts
           FROM (SELECT DISTINCT * FROM sec.find_said(${queryOf('$2', { joined: '|', fuzzy })}, '{}', $3)) AS found
           JOIN contribution c ON c.community_id = $1 AND c.id = found.id AND ${shown}
           JOIN idea i ON i.community_id = $1 AND i.id = c.id
           ORDER BY found.rank + word_similarity($2, c.body) DESC LIMIT ${SIMILAR}`,
          [communityId, words, placeId],
        );
      const exact = await read(false);
      const rows = exact.length ? exact : await read(true);
      return rows.map(({ words: of, ...row }) => ({ ...row, title: partsOf(of).title }));
    });
  }

  read(caller: Caller, ideaId: string): Promise<OutputOf<typeof readIdea>> {
    const { communityId } = caller;
    return this.tenancy.inCommunity(communityId, async (em) => {
      const idea = await this.idea(em, caller, ideaId);
      const rows: (Omit<IdeaVersion, 'until' | 'result'> & { until: Date } & Counted)[] = await em.query(
        `SELECT v.n, v.title, v.parts, v.until, m.handle AS by, v.note, v.agree, v.disagree, v.unsure, v.matters,
           v.informed_agree AS "informedAgree", v.informed_seen AS "informedSeen"
         FROM idea_version v JOIN member m ON m.community_id = $1 AND m.id = v.by_id
         WHERE v.community_id = $1 AND v.idea_id = $2 ORDER BY v.n DESC`,
        [communityId, ideaId],
      );
      const versions = rows.map(({ n, title, parts, until, by, note, ...counted }) => ({
        ...{ n, title, parts, by, note, until: until.toISOString() },
        result: idea.result && resultOf(counted),
      }));
      return { place: await this.places.ideaPlace(em, caller, idea.placeId), idea, versions };
    });
  }

  async idea(em: EntityManager, caller: Caller, ideaId: string): Promise<Idea> {
    const { communityId, memberId = null } = caller;
    const [row] = (await em.query(
      `SELECT ${ideaColumns} FROM ${ideaSource} WHERE i.community_id = $1 AND i.id = $3
         AND (${shownTo} OR c.moderation = 'merged'
           OR EXISTS (SELECT FROM idea_author a WHERE a.community_id = $1 AND a.idea_id = i.id AND a.member_id = $2
             AND c.moderation NOT IN ('withdrawn', 'split'))
           OR ($4 AND c.moderation = 'published'))`,
      [communityId, memberId, ideaId, isTeam(caller)],
    )) as IdeaRow[];
    if (!row) throw notFound();
    return ideaOf(row, memberId, isTeam(caller));
  }

  // --- sending and refining ---

  async send(caller: Member, input: InputOf<typeof sendIdea>) {
    const { communityId, memberId, handle, role } = caller;
    const { placeId, opId, title, parts, teamOnly, areaId, files } = input;
    const place = await this.tenancy.inCommunity(communityId, (em) =>
      this.places.ideaPlace(em, caller, placeId),
    );
    this.checkOpen(place);
    checkParts(place, parts);
    if (areaId && !place.areas.some(({ id }) => id === areaId))
      throw new AppError('request.invalid', 'Choose one of the areas.', {
        fields: { areaId: 'one of the areas' },
      });
    const sent: Sent = {
      ...{ roomId: placeId, author: { memberId, handle, role }, body: ideaWords(title, parts), teamOnly },
      ...{ parts, areaId, files, acknowledgeDays: place.acknowledgeDays },
    };
    return this.writer.write(this.ideas, { communityId, memberId, opId, input: sent });
  }

  private checkOpen(place: IdeaPlace) {
    if (place.closed) throw new AppError('idea.closed', 'It is closed: nothing more can be sent or rated.');
    if (place.contextRequired && !place.informed)
      throw new AppError('idea.contextFirst', 'Read what there is to know first.');
  }

  private async storeIdeas(em: EntityManager, writes: Write<Sent>[]) {
    const outcomes = await this.topics.storeTopics(em, writes, 'idea');
    const stored = outcomes.flatMap((outcome, at) =>
      outcome instanceof AppError ? [] : { id: outcome.result.id, input: writes[at]!.input },
    );
    await em.query(
      `INSERT INTO idea (community_id, id, place_id, parts, area_id, owner_id, acknowledge_by, score)
       SELECT $1, made.id, made.place_id, made.parts::jsonb, made.area_id,
         (SELECT owner_id FROM idea_area a WHERE a.community_id = $1 AND a.id = made.area_id),
         now() + make_interval(days => made.days), $7
       FROM unnest($2::uuid[], $3::uuid[], $4::text[], $5::uuid[], $6::int[]) AS made (id, place_id, parts, area_id, days)`,
      [
        writes[0]!.communityId,
        stored.map(({ id }) => id),
        stored.map(({ input }) => input.roomId),
        stored.map(({ input }) => JSON.stringify(input.parts)),
        stored.map(({ input }) => input.areaId),
        stored.map(({ input }) => input.acknowledgeDays),
        surfacing([{ agree: 0, seen: 0 }], 0),
      ],
    );
    return outcomes;
  }

  /** Its next version; what was thought of the one before stays with that one. */
  async refine(caller: Member, input: InputOf<typeof refineIdea>): Promise<Idea> {
    const { communityId, memberId, handle } = caller;
    const { ideaId, title, parts, basedOn, note } = input;
    return this.tenancy.inCommunity(communityId, async (em) => {
      // The contribution first, as whoever moderates it does.
      await em.query('SELECT FROM contribution WHERE community_id = $1 AND id = $2 FOR NO KEY UPDATE', [
        communityId,
        ideaId,
      ]);
      const idea = await this.idea(em, caller, ideaId);
      if (!idea.mine) throw new AppError('auth.forbidden', 'Its authors refine it.');
      const place = await this.places.ideaPlace(em, caller, idea.placeId);
      if (place.closed) throw new AppError('idea.closed', 'It is closed.');
      checkParts(place, parts);
      const [row] = await returned<Counted & { title: string; parts: IdeaParts; raters: string[] }>(
        em,
        `SELECT i.parts, i.agree, i.disagree, i.unsure, i.matters, i.informed_agree AS "informedAgree",
           i.informed_seen AS "informedSeen",
           (SELECT coalesce(array_agg(r.member_id), '{}') FROM rating r WHERE r.community_id = $1
             AND r.contribution_id = i.id AND r.version = $3) AS raters
         FROM idea i JOIN contribution c ON c.community_id = $1 AND c.id = i.id
         WHERE i.community_id = $1 AND i.id = $2 AND c.version = $3 FOR UPDATE OF i`,
        [communityId, ideaId, basedOn],
      );
      if (!row) throw new AppError('edit.stale', 'Another of its authors has refined it: read it again.');
      const words = ideaWords(title, parts);
      if (idea.title === title && ideaWords(title, idea.parts) === words) return idea;
      const author = { communityId, memberId: idea.author.memberId };
      if (idea.moderation === 'returned') {
        const write = { ...author, opId: null, input: { contributionId: ideaId, body: words } };
        const outcome = await this.moderation.resubmitted(em, write, ['idea']);
        if (outcome instanceof AppError) throw outcome;
      } else {
        const { mode } = await this.spaces.ruleFor(em, communityId, idea.placeId);
        const looksFirst = mode === 'approve' && caller.role === 'member';
        if (!(await this.moderation.amend(em, author, ideaId, { body: words, looksFirst })))
          throw new AppError('contribution.moved', 'It has been decided about: its words stay.');
      }
      await em.query(
        `INSERT INTO idea_version (community_id, idea_id, n, title, parts, note, by_id, agree, disagree, unsure, matters,
           informed_agree, informed_seen) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
        [
          ...[communityId, ideaId, basedOn, idea.title, JSON.stringify(row.parts), note, memberId],
          ...[row.agree, row.disagree, row.unsure, row.matters, row.informedAgree, row.informedSeen],
        ],
      );
      await em.query('UPDATE contribution SET version = version + 1 WHERE community_id = $1 AND id = $2', [
        communityId,
        ideaId,
      ]);
      await em.query(
        `UPDATE idea SET parts = $3, agree = 0, disagree = 0, unsure = 0, matters = 0, informed_agree = 0, informed_seen = 0,
           score = $4 WHERE community_id = $1 AND id = $2`,
        [communityId, ideaId, JSON.stringify(parts), surfacing([{ agree: 0, seen: 0 }], 0)],
      );
      await this.fate.write(em, communityId, [
        { contributionId: ideaId, kind: 'refined', byId: memberId, detail: { note } },
      ]);
      const authors = [idea.author, ...idea.coAuthors].map((one) => one.memberId);
      await this.reach.tell(
        em,
        communityId,
        [...new Set([...row.raters, ...authors])]
          .filter((id) => id !== memberId)
          .map((id) => ({
            ...{ memberId: id, kind: 'ideaRefined', cause: `topic.${ideaId}.v${basedOn + 1}` },
            data: { ideaId, title, by: handle, note },
          })),
      );
      return this.idea(em, caller, ideaId);
    });
  }

  // --- rating ---

  async rate(caller: Member, { ideaId, version, rating, matters }: InputOf<typeof rateIdea>): Promise<Idea> {
    const { communityId, memberId } = caller;
    const placed = await this.tenancy.inCommunity(communityId, async (em) => {
      const idea = await this.idea(em, caller, ideaId);
      const place = await this.places.ideaPlace(em, caller, idea.placeId);
      this.checkOpen(place);
      if (idea.mine) throw new AppError('idea.own', 'Others rate what one wrote.');
      if (idea.moderation !== 'published') throw notFound();
      const mattered = idea.myRating?.version === idea.version && idea.myRating.matters;
      if (matters && !mattered && place.mattersLeft < 1)
        throw new AppError('idea.mattersSpent', `At most ${MATTERS_MOST} can matter: take one back first.`);
      return place;
    });
    await this.writer.write(this.ratings, {
      ...{ communityId, memberId, opId: null },
      input: {
        ...{ roomId: placed.id, statementId: ideaId, rating, version, matters },
        informed: placed.informed,
      },
    });
    return this.tenancy.inCommunity(communityId, (em) => this.idea(em, caller, ideaId));
  }

  /** One after the other with a refining of the same idea: a rating counts for the version that was read. */
  private async locked(em: EntityManager, writes: Write<NewRating>[], rating: Kind<NewRating, RatingChange>) {
    await em.query('SELECT FROM idea WHERE community_id = $1 AND id = ANY ($2) ORDER BY id FOR UPDATE', [
      writes[0]!.communityId,
      writes.map(({ input }) => input.statementId),
    ]);
    return rating.store(em, writes);
  }

  private async counted(
    em: EntityManager,
    writes: Write<NewRating>[],
    outcomes: (Outcome<RatingChange> | AppError)[],
  ) {
    const deltas = new Map<string, Counted>();
    for (const outcome of outcomes) {
      if (outcome instanceof AppError) continue;
      const { statementId, from, to } = outcome.result;
      const sum = deltas.get(statementId) ?? {
        ...{ agree: 0, disagree: 0, unsure: 0, matters: 0, informedAgree: 0, informedSeen: 0 },
      };
      for (const [opinion, by] of [[from, -1] as const, [to, 1] as const]) {
        if (!opinion) continue;
        sum[opinion.rating] += by;
        if (opinion.matters) sum.matters += by;
        if (opinion.informed) sum.informedSeen += by;
        if (opinion.informed && opinion.rating === 'agree') sum.informedAgree += by;
      }
      deltas.set(statementId, sum);
    }
    if (!deltas.size) return outcomes;
    const { communityId } = writes[0]!;
    const rows = await returned<{ id: string; agree: number; seen: number; matters: number }>(
      em,
      `UPDATE idea i SET agree = i.agree + d.agree, disagree = i.disagree + d.disagree, unsure = i.unsure + d.unsure,
         matters = i.matters + d.matters, informed_agree = i.informed_agree + d."informedAgree",
         informed_seen = i.informed_seen + d."informedSeen"
       FROM json_to_recordset($2::json) AS d (id uuid, agree int, disagree int, unsure int, matters int, "informedAgree" int,
         "informedSeen" int)
       WHERE i.community_id = $1 AND i.id = d.id
       RETURNING i.id, i.agree, i.agree + i.disagree + i.unsure AS seen, i.matters`,
      [communityId, JSON.stringify([...deltas].map(([id, sum]) => ({ id, ...sum })))],
    );
    await em.query(
      `UPDATE idea i SET score = s.score FROM json_to_recordset($2::json) AS s (id uuid, score double precision)
       WHERE i.community_id = $1 AND i.id = s.id`,
      [
        communityId,
        JSON.stringify(rows.map(({ id, matters, ...seen }) => ({ id, score: surfacing([seen], matters) }))),
      ],
    );
    return outcomes;
  }

  // --- who wrote it ---

  /** Somebody who spoke about it. */
  async askAuthor(caller: Member, ideaId: string, askedId: string): Promise<void> {
    const { communityId, memberId, handle } = caller;
    await this.tenancy.inCommunity(communityId, async (em) => {
      const idea = await this.idea(em, caller, ideaId);
      if (!idea.mine) throw new AppError('auth.forbidden', 'Its authors ask others in.');
      const spoke: unknown[] = await em.query(
        `SELECT FROM post p JOIN contribution c ON c.community_id = $1 AND c.id = p.id
         WHERE p.community_id = $1 AND p.topic_id = $2 AND c.author_id = $3 AND ${shown} LIMIT 1`,
        [communityId, ideaId, askedId],
      );
      if (!spoke.length || askedId === memberId)
        throw new AppError('request.invalid', 'Ask somebody who has spoken about it.', {
          fields: { memberId: 'somebody who has spoken about it' },
        });
      const asked: unknown[] = await em.query(
        `INSERT INTO idea_author (community_id, idea_id, member_id) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING RETURNING 1`,
        [communityId, ideaId, askedId],
      );
      if (asked.length)
        await this.reach.tell(em, communityId, [
          {
            ...{ memberId: askedId, kind: 'coAuthor', cause: `topic.${ideaId}.author` },
            data: { ideaId, title: idea.title, by: handle },
          },
        ]);
    });
  }

  /** What is not right yet is open again; whoever looks after it is told why. */
  async judge(caller: Member, ideaId: string, right: boolean, because: string | null): Promise<void> {
    const { communityId, memberId, handle } = caller;
    if (!right && !because)
      throw new AppError('request.invalid', 'Say what is not right yet.', {
        fields: { because: 'must not be empty' },
      });
    await this.tenancy.inCommunity(communityId, async (em) => {
      await em.query('SELECT FROM contribution WHERE community_id = $1 AND id = $2 FOR NO KEY UPDATE', [
        communityId,
        ideaId,
      ]);
      const idea = await this.idea(em, caller, ideaId);
      if (!idea.mine) throw new AppError('auth.forbidden', 'Its authors say so.');
      if (!idea.asked) throw new AppError('contribution.moved', 'There is nothing to judge now.');
      const to = right ? 'verified' : 'disputed';
      const judged = await this.fate.move(em, communityId, [ideaId], {
        ...{ to, byId: memberId, detail: because ? { note: because } : {} },
      });
      if (!judged.length) throw new AppError('contribution.moved', 'There is nothing to judge now.');
      if (right) return;
      await this.fate.move(em, communityId, [ideaId], { to: 'reopened', byId: null, detail: {} });
      await em.query('UPDATE idea SET note = NULL WHERE community_id = $1 AND id = $2', [
        communityId,
        ideaId,
      ]);
      const owners: { memberId: string }[] = await em.query(
        `SELECT coalesce(i.owner_id, area.owner_id, s.owner_id) AS "memberId" FROM idea i
         JOIN space s ON s.community_id = $1 AND s.id = i.place_id
         LEFT JOIN idea_area area ON area.community_id = $1 AND area.id = i.area_id
         WHERE i.community_id = $1 AND i.id = $2 AND coalesce(i.owner_id, area.owner_id, s.owner_id) IS NOT NULL`,
        [communityId, ideaId],
      );
      await this.reach.tell(
        em,
        communityId,
        owners.map((owner) => ({
          ...{ ...owner, kind: 'ideaBack', cause: `topic.${ideaId}.back.${Date.now()}` },
          data: { ideaId, title: idea.title, by: handle, note: because! },
        })),
      );
    });
  }

  async answerAuthor(caller: Member, ideaId: string, agree: boolean): Promise<void> {
    const { communityId, memberId } = caller;
    await this.tenancy.inCommunity(communityId, async (em) => {
      await this.idea(em, caller, ideaId);
      const answered = await returned(
        em,
        `UPDATE idea_author SET agreed_at = CASE WHEN $4 THEN coalesce(agreed_at, now()) END,
           declined_at = CASE WHEN NOT $4 THEN now() END
         WHERE community_id = $1 AND idea_id = $2 AND member_id = $3 RETURNING 1`,
        [communityId, ideaId, memberId, agree],
      );
      if (!answered.length) throw notFound();
      await this.reach.settle(em, communityId, `topic.${ideaId}.author`, memberId);
    });
  }
}

/** What is needed to understand it is there. */
function checkParts({ kind }: IdeaPlace, parts: IdeaParts) {
  const needed = kind === 'discussion' || kind === 'group' ? [] : neededParts[kind];
  const missing = needed.filter((part) => !parts[part]);
  if (missing.length)
    throw new AppError('request.invalid', 'Say why first.', {
      fields: Object.fromEntries(missing.map((part) => [`parts.${part}`, 'must not be empty'])),
    });
}
