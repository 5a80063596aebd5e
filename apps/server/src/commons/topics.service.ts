import { Injectable } from '@nestjs/common';
import { type Following, type postTo, type startTopic, topicNews } from '@parley/contracts/commons';
import type { InputOf } from '@parley/contracts/contract';
import { COMMENT_MAX, type Edited, type Fate } from '@parley/contracts/contributions';
import type { Attaching } from '@parley/contracts/media';
import { noKudos } from '@parley/contracts/recognition';
import { lengthOf } from '@parley/contracts/text';
import type { EntityManager } from 'typeorm';
import { ContributionsService, type Said } from '../contributions/contributions.service';
import { excerptOf, FateService } from '../contributions/fate.service';
import { ModerationService } from '../contributions/moderation.service';
import { SpacesService } from '../contributions/spaces.service';
import { AttachmentsService } from '../media/attachments.service';
import { isTeam, type Member, type Overseer } from '../platform/doors';
import { AppError, notFound } from '../platform/errors';
import { after, cursorOf } from '../platform/pages';
import { Sockets } from '../platform/sockets';
import { Tenancy } from '../platform/tenancy';
import { type Kind, type Outcome, returned, type Write, Writer } from '../platform/writer';
import { KudosService } from '../recognition/kudos.service';
import { type News, ReachService } from '../reach/reach.service';
import {
  type Came,
  cameOf,
  openTo,
  partsOf,
  postColumns,
  postOf,
  type PostRow,
  postSource,
  shown,
  shownTo,
  topicColumns,
  topicOf,
  type TopicRow,
  topicSource,
  wordsOf,
} from './commons.sql';
import { PlacesService } from './places.service';

type Caller = Member | Overseer;

/** What is said, with its files. */
export interface SaidWith extends Said {
  files: readonly Attaching[];
}

interface SaidTo extends SaidWith {
  topicId: string;
  parentId: string | null;
  quote: string | null;
}

const TOPICS_PAGE = 20;
const POSTS_PAGE = 100;
/** How many one post can speak to. */
const MENTIONS_MOST = 10;

/** Topics, what is said to them, and what each has seen. */
@Injectable()
export class TopicsService {
  private readonly topics: Kind<SaidWith, { id: string; fate: Fate }>;
  private readonly posts: Kind<SaidTo, { id: string; fate: Fate }>;

  constructor(
    private readonly tenancy: Tenancy,
    private readonly writer: Writer,
    private readonly sockets: Sockets,
    private readonly contributions: ContributionsService,
    private readonly attachments: AttachmentsService,
    private readonly moderation: ModerationService,
    private readonly spaces: SpacesService,
    private readonly places: PlacesService,
    private readonly fate: FateService,
    private readonly reach: ReachService,
    private readonly kudos: KudosService,
  ) {
    this.topics = { name: 'topic', store: (em, writes) => this.storeTopics(em, writes, 'topic') };
    this.posts = { name: 'post', store: (em, writes) => this.storePosts(em, writes) };
    moderation.onShown.push((em, communityId, ids) => this.shown(em, communityId, ids));
  }

  // --- reading ---

  /** What was last spoken of first. */
  listTopics(caller: Caller, placeId: string, cursor: string | undefined) {
    const { communityId, memberId = null } = caller;
    const page = after(cursor);
    return this.tenancy.inCommunity(communityId, async (em) => {
      const place = await this.places.place(em, caller, placeId);
      const rows: TopicRow[] = await em.query(
        `SELECT ${topicColumns} FROM ${topicSource} WHERE t.community_id = $1 AND t.place_id = $3 AND ${shownTo}
           AND (t.last_at, t.id) < ($4, $5) ORDER BY t.last_at DESC, t.id DESC LIMIT ${TOPICS_PAGE + 1}`,
        [communityId, memberId, placeId, page.at, page.id],
      );
      return {
        place,
        topics: rows.slice(0, TOPICS_PAGE).map((row) => topicOf(row, memberId)),
        next: cursorOf(rows, TOPICS_PAGE),
      };
    });
  }

  /** With what was said to it, oldest first. */
  read(caller: Caller, topicId: string, cursor: string | undefined) {
    const { communityId, memberId = null } = caller;
    const page = after(cursor, 'oldest');
    return this.tenancy.inCommunity(communityId, async (em) => {
      const row = await this.topicRow<Came>(em, caller, topicId, `, ${cameOf} AS came`);
      const rows: PostRow[] = await em.query(
        `SELECT ${postColumns} FROM ${postSource} WHERE p.community_id = $1 AND p.topic_id = $3 AND ${shownTo}
           AND (p.at, p.id) > ($4, $5) ORDER BY p.at, p.id LIMIT ${POSTS_PAGE + 1}`,
        [communityId, memberId, topicId, page.at, page.id],
      );
      const kudos = await this.kudos.tallies(em, caller, [topicId, ...rows.map(({ id }) => id)]);
      return {
        place: await this.places.place(em, caller, row.placeId),
        topic: topicOf(row, memberId),
        kudos: kudos.get(topicId) ?? noKudos,
        updates: row.came.map(({ at, ...update }) => ({ ...update, at: new Date(at).toISOString() })),
        posts: rows.slice(0, POSTS_PAGE).map((post) => postOf(post, memberId, kudos.get(post.id))),
        next: cursorOf(rows, POSTS_PAGE),
        seenAt: row.seenAt?.toISOString() ?? null,
      };
    });
  }

  /** 404 for what the caller does not see. */
  async topicRow<More = object>(
    em: EntityManager,
    caller: Caller,
    id: string,
    more = '',
  ): Promise<TopicRow & More> {
    const { communityId, memberId = null } = caller;
    const [row] = (await em.query(
      `SELECT ${topicColumns}${more} FROM ${topicSource} WHERE t.community_id = $1 AND t.id = $3 AND ${openTo}`,
      [communityId, memberId, id, isTeam(caller)],
    )) as (TopicRow & More)[];
    if (!row) throw notFound();
    return row;
  }

  // --- saying ---

  async start(caller: Member, { placeId, opId, title, body, files }: InputOf<typeof startTopic>) {
    const { communityId, memberId, handle, role } = caller;
    const place = await this.tenancy.inCommunity(communityId, (em) => this.places.place(em, caller, placeId));
    // Ideas have a form of their own.
    if (place.kind !== 'discussion' && place.kind !== 'group') throw notFound();
    const input = { roomId: placeId, author: { memberId, handle, role }, body: wordsOf(title, body), files };
    return this.writer.write(this.topics, { communityId, memberId, opId, input });
  }

  async post(caller: Member, { topicId, opId, body, parentId, quote, files }: InputOf<typeof postTo>) {
    const { communityId, memberId, handle, role } = caller;
    const placeId = await this.tenancy.inCommunity(communityId, async (em) => {
      const topic = await this.topicRow(em, caller, topicId);
      if (parentId || quote) await this.checkParent(em, caller, topic, parentId, quote);
      return topic.placeId;
    });
    const author = { memberId, handle, role };
    const input = { roomId: placeId, author, body, topicId, parentId, quote, files };
    const { id, fate } = await this.writer.write(this.posts, { communityId, memberId, opId, input });
    const post = await this.tenancy.inCommunity(communityId, async (em) => {
      const [row] = (await em.query(
        `SELECT ${postColumns} FROM ${postSource} WHERE p.community_id = $1 AND p.id = $3 AND c.author_id = $2`,
        [communityId, memberId, id],
      )) as PostRow[];
      return postOf(row!, memberId);
    });
    return { post, fate };
  }

  /** What is answered is there to be seen, and was written so. */
  private async checkParent(
    em: EntityManager,
    { communityId, memberId }: Member,
    topic: TopicRow,
    parentId: string | null,
    quote: string | null,
  ) {
    const [parent] = parentId
      ? ((await em.query(
          `SELECT c.body FROM ${postSource} WHERE p.community_id = $1 AND p.topic_id = $3 AND p.id = $4 AND ${shownTo}`,
          [communityId, memberId, topic.id, parentId],
        )) as { body: string }[])
      : [{ body: topic.words }];
    if (!parent)
      throw new AppError('request.invalid', 'It is not there to be answered any more.', {
        fields: { parentId: 'a post of this topic' },
      });
    if (quote && !parent.body.includes(quote))
      throw new AppError('request.invalid', 'Quote it as it was written.', {
        fields: { quote: 'exactly as it was written' },
      });
  }

  /** Topics, or ideas, which are topics with a form. */
  async storeTopics<I extends SaidWith>(em: EntityManager, writes: Write<I>[], type: 'topic' | 'idea') {
    const outcomes = await this.attachments.storing(em, writes, (passing) =>
      this.contributions.store(em, passing, type, ({ id }, fate) => ({ id, fate })),
    );
    const stored = outcomes.flatMap((outcome, at) =>
      outcome instanceof AppError ? [] : { id: outcome.result.id, write: writes[at]! },
    );
    await em.query(
      `INSERT INTO topic (community_id, id, place_id) SELECT $1, * FROM unnest($2::uuid[], $3::uuid[])`,
      [writes[0]!.communityId, stored.map(({ id }) => id), stored.map(({ write }) => write.input.roomId)],
    );
    await em.query(
      `INSERT INTO topic_member (community_id, topic_id, member_id, seen_at) SELECT $1, t, m, now() FROM unnest($2::uuid[], $3::uuid[]) AS x (t, m)`,
      [writes[0]!.communityId, stored.map(({ id }) => id), stored.map(({ write }) => write.memberId)],
    );
    return this.told(em, writes[0]!, outcomes);
  }

  private async storePosts(em: EntityManager, writes: Write<SaidTo>[]) {
    const outcomes = await this.attachments.storing(em, writes, (passing) =>
      this.contributions.store(em, passing, 'post', ({ id }, fate) => ({ id, fate })),
    );
    const stored = outcomes.flatMap((outcome, at) =>
      outcome instanceof AppError ? [] : { id: outcome.result.id, input: writes[at]!.input },
    );
    await em.query(
      `INSERT INTO post (community_id, id, topic_id, parent_id, quote)
       SELECT $1, * FROM unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::text[])`,
      [
        writes[0]!.communityId,
        stored.map(({ id }) => id),
        stored.map(({ input }) => input.topicId),
        stored.map(({ input }) => input.parentId),
        stored.map(({ input }) => input.quote),
      ],
    );
    return this.told(em, writes[0]!, outcomes);
  }

  /** Tells of what all may see at once. */
  private async told<I extends Said>(
    em: EntityManager,
    { communityId }: Write<I>,
    outcomes: (Outcome<{ id: string; fate: Fate }> | AppError)[],
  ) {
    const seen = outcomes.flatMap((outcome) =>
      outcome instanceof AppError ||
      outcome.result.fate.moderation !== 'published' ||
      outcome.result.fate.teamOnly
        ? []
        : outcome,
    );
    const ids = seen.map(({ result }) => result.id);
    const after = await this.shown(em, communityId, ids);
    const [first] = seen;
    if (!first) return outcomes;
    const before = first.committed;
    first.committed = () => {
      before?.();
      after();
    };
    return outcomes;
  }

  /** Of topics that are not for everybody: who sees them. */
  private async seenBy(em: EntityManager, communityId: string, topicIds: readonly string[]) {
    const rows: { id: string; members: string[] }[] = await em.query(
      `SELECT t.id, (SELECT coalesce(array_agg(m.id), '{}') FROM member m WHERE m.community_id = $1 AND m.status = 'active'
         AND space_seen(s, m.id) AND (NOT c.team_only OR m.role <> 'member' OR m.id = c.author_id)) AS members
       FROM topic t JOIN contribution c ON c.community_id = $1 AND c.id = t.id
       JOIN space s ON s.community_id = $1 AND s.id = t.place_id
       WHERE t.community_id = $1 AND t.id = ANY ($2)
         AND (s.for_types IS NOT NULL OR s.circle OR s.group_id IS NOT NULL OR s.segment_id IS NOT NULL OR c.team_only)`,
      [communityId, topicIds],
    );
    return new Map(rows.map(({ id, members }) => [id, new Set(members)]));
  }

  /**
   * It can be seen by all from now on: its topic moves to the front, and whom it concerns is told. Answers how every
   * screen hears after the commit that there is something.
   */
  private async shown(em: EntityManager, communityId: string, ids: readonly string[]): Promise<() => void> {
    if (!ids.length) return () => undefined;
    const rows: {
      id: string;
      placeId: string;
      topicId: string;
      words: string;
      body: string;
      isTopic: boolean;
      isIdea: boolean;
      authorId: string;
      handle: string;
    }[] = await em.query(
      `SELECT c.id, c.room_id AS "placeId", coalesce(p.topic_id, c.id) AS "topicId", of.body AS words, c.body, p.id IS NULL AS "isTopic",
         of.type = 'idea' AS "isIdea", c.author_id AS "authorId", m.handle
       FROM contribution c LEFT JOIN post p ON p.community_id = $1 AND p.id = c.id
       JOIN contribution of ON of.community_id = $1 AND of.id = coalesce(p.topic_id, c.id)
       JOIN member m ON m.community_id = $1 AND m.id = c.author_id
       WHERE c.community_id = $1 AND c.id = ANY ($2) AND c.type IN ('topic', 'idea', 'post')`,
      [communityId, ids],
    );
    if (!rows.length) return () => undefined;
    const topicIds = [...new Set(rows.map(({ topicId }) => topicId))];
    await em.query('UPDATE topic SET last_at = now() WHERE community_id = $1 AND id = ANY ($2)', [
      communityId,
      topicIds,
    ]);
    const seenBy = await this.seenBy(em, communityId, topicIds);
    const news: News[] = [];
    for (const row of rows) {
      const told = new Set([row.authorId]);
      const tell = (memberId: string, kind: 'mention' | 'topic') => {
        if (told.has(memberId) || seenBy.get(row.topicId)?.has(memberId) === false) return;
        told.add(memberId);
        news.push({
          ...{ memberId, kind, cause: `topic.${row.topicId}.${row.id}` },
          data: {
            ...(row.isIdea ? { ideaId: row.topicId } : { topicId: row.topicId }),
            title: partsOf(row.words).title,
            by: row.handle,
            note: excerptOf(row.body),
          },
        });
      };
      for (const memberId of await this.mentioned(em, communityId, row.topicId, row.body))
        tell(memberId, 'mention');
      if (row.isTopic) continue;
      const concerned: { id: string; muted: boolean }[] = await em.query(
        `SELECT who.id, coalesce(tm.following = 'mute', false) AS muted FROM (
           SELECT c.author_id AS id FROM contribution c WHERE c.community_id = $1 AND c.id = $2
           UNION SELECT c.author_id FROM post p JOIN contribution c ON c.community_id = $1 AND c.id = p.parent_id
             WHERE p.community_id = $1 AND p.id = $3
           UNION SELECT member_id FROM topic_member WHERE community_id = $1 AND topic_id = $2 AND following = 'follow'
           UNION SELECT member_id FROM idea_author WHERE community_id = $1 AND idea_id = $2 AND agreed_at IS NOT NULL) AS who
         LEFT JOIN topic_member tm ON tm.community_id = $1 AND tm.topic_id = $2 AND tm.member_id = who.id`,
        [communityId, row.topicId, row.id],
      );
      for (const { id, muted } of concerned) if (!muted) tell(id, 'topic');
    }
    await this.reach.tell(em, communityId, news);
    return () => {
      for (const { id, placeId, topicId } of rows)
        this.sockets.news(communityId, topicNews, { placeId, topicId, id }, seenBy.get(topicId));
    };
  }

  /** Members whom words speak to by their handle, and who want to hear of the topic. */
  private async mentioned(
    em: EntityManager,
    communityId: string,
    topicId: string,
    body: string,
  ): Promise<string[]> {
    if (!body.includes('@')) return [];
    const rows: { id: string }[] = await em.query(
      `SELECT m.id FROM member m
       WHERE m.community_id = $1 AND m.status = 'active' AND position('@' || lower(m.handle) IN lower($2)) > 0
         AND NOT EXISTS (SELECT FROM topic_member tm WHERE tm.community_id = $1 AND tm.topic_id = $3
           AND tm.member_id = m.id AND tm.following = 'mute')
       ORDER BY length(m.handle) DESC, m.id LIMIT ${MENTIONS_MOST}`,
      [communityId, body, topicId],
    );
    return rows.map(({ id }) => id);
  }

  // --- one's own, and what one makes of it ---

  /** Of a topic its title stays. */
  async edit(caller: Member, id: string, body: string): Promise<void> {
    const { communityId, memberId } = caller;
    await this.tenancy.inCommunity(communityId, async (em) => {
      const [row] = (await em.query(
        `SELECT c.body, c.type, c.room_id AS "spaceId" FROM contribution c
         WHERE c.community_id = $1 AND c.id = $3 AND c.author_id = $2 AND c.type IN ('topic', 'post')`,
        [communityId, memberId, id],
      )) as { body: string; type: 'topic' | 'post'; spaceId: string }[];
      if (!row) throw notFound();
      if (row.type === 'post' && lengthOf(body) > COMMENT_MAX)
        throw new AppError('request.invalid', 'Please check what was sent.', {
          fields: { body: `at most ${COMMENT_MAX} characters` },
        });
      const words = row.type === 'topic' ? wordsOf(partsOf(row.body).title, body) : body;
      const looksFirst =
        (await this.spaces.ruleFor(em, communityId, row.spaceId)).mode === 'approve' &&
        caller.role === 'member';
      if (!(await this.moderation.amend(em, { communityId, memberId }, id, { body: words, looksFirst })))
        throw new AppError('contribution.moved', 'It has been decided about: its words stay.');
    });
  }

  history(caller: Caller, id: string) {
    const { communityId, memberId = null } = caller;
    return this.tenancy.inCommunity(communityId, async (em) => {
      const there: unknown[] = await em.query(
        `SELECT FROM contribution c WHERE c.community_id = $1 AND c.id = $3 AND c.type IN ('topic', 'post') AND (c.author_id = $2 OR $4)`,
        [communityId, memberId, id, caller.role !== 'member'],
      );
      if (!there.length) throw notFound();
      const versions: { body: string; at: Date; edited: Edited }[] = await em.query(
        'SELECT body, at, edited FROM contribution_version WHERE community_id = $1 AND contribution_id = $2 ORDER BY n',
        [communityId, id],
      );
      return versions.map(({ at, ...version }) => ({ ...version, at: at.toISOString() }));
    });
  }

  /** Never back: of two screens the later one counts. */
  async see(caller: Member, topicId: string, upTo: string): Promise<void> {
    const { communityId, memberId } = caller;
    await this.tenancy.inCommunity(communityId, async (em) => {
      await this.topicRow(em, caller, topicId);
      await em.query(
        `INSERT INTO topic_member (community_id, topic_id, member_id, seen_at) VALUES ($1, $2, $3, least($4::timestamptz, now()))
         ON CONFLICT (community_id, topic_id, member_id) DO UPDATE SET seen_at = greatest(topic_member.seen_at, excluded.seen_at)`,
        [communityId, topicId, memberId, upTo],
      );
      await this.reach.settleLike(em, communityId, `topic.${topicId}.`, memberId);
    });
  }

  async follow(caller: Member, topicId: string, following: Following): Promise<void> {
    const { communityId, memberId } = caller;
    await this.tenancy.inCommunity(communityId, async (em) => {
      await this.topicRow(em, caller, topicId);
      await em.query(
        `INSERT INTO topic_member (community_id, topic_id, member_id, following) VALUES ($1, $2, $3, $4)
         ON CONFLICT (community_id, topic_id, member_id) DO UPDATE SET following = $4`,
        [communityId, topicId, memberId, following],
      );
    });
  }

  /** By who began it, or the team; its author is credited. */
  async solve(caller: Member, topicId: string, postId: string | null): Promise<void> {
    const { communityId, memberId } = caller;
    await this.tenancy.inCommunity(communityId, async (em) => {
      const topic = await this.topicRow(em, caller, topicId);
      if (topic.authorId !== memberId && !isTeam(caller))
        throw new AppError('auth.forbidden', 'Who began it, or the team, says what solves it.');
      const [post] = postId
        ? ((await em.query(
            `SELECT c.author_id AS "authorId", c.body FROM ${postSource}
             WHERE p.community_id = $1 AND p.topic_id = $2 AND p.id = $3 AND ${shown}`,
            [communityId, topicId, postId],
          )) as { authorId: string; body: string }[])
        : [];
      if (postId && !post) throw notFound();
      const changed = await returned(
        em,
        'UPDATE topic SET solved_by = $3 WHERE community_id = $1 AND id = $2 AND solved_by IS DISTINCT FROM $3 RETURNING id',
        [communityId, topicId, postId],
      );
      if (!changed.length) return;
      await this.kudos.solved(em, communityId, {
        ...{ byId: topic.authorId, before: topic.solvedBy, after: postId },
      });
      if (!post || !postId || post.authorId === memberId) return;
      await this.fate.write(em, communityId, [
        { contributionId: postId, kind: 'solved', byId: memberId, detail: {} },
      ]);
      await this.reach.tell(em, communityId, [
        {
          ...{ memberId: post.authorId, kind: 'receipt', cause: `post.${postId}.solved` },
          data: { contributionId: postId, words: excerptOf(post.body), step: 'solved' },
        },
      ]);
    });
  }
}
