import { Injectable } from '@nestjs/common';
import {
  type Author,
  type Comment,
  type ContributionType,
  type Edited,
  type Fate,
  type Moderation,
  nextOf,
  type Rating,
  type SpaceKind,
  type Statement,
} from '@parley/contracts/contributions';
import type { Role } from '@parley/contracts/people';
import type { EntityManager } from 'typeorm';
import { AppError, notFound } from '../platform/errors';
import { idOf } from '../platform/ids';
import type { Kind, NewFact, Outcome, Write } from '../platform/writer';
import { ruleOf } from './spaces.service';

export interface Said {
  roomId: string;
  author: Author;
  body: string;
  /** Its author means it for the team alone. */
  teamOnly?: boolean;
}

export interface NewComment extends Said {
  cueId: string | null;
  second: number | null;
}

/** What is known of a contribution when its room is told of it. */
export interface Told {
  id: string;
  type: ContributionType;
  author: Author;
  body: string;
  at: number;
  cueId: string | null;
  second: number | null;
  edited: Edited | null;
}

/** How the rooms of a kind of space are told: names of facts. */
export interface Telling {
  /** With a Comment or a Statement. */
  comment: string;
  statement: string;
  /** With `{ id }`: nobody is to see it any more. */
  removed: string;
  /** With `{ id, body, edited }`. */
  edited: string;
}

/** What a member thinks, whether it matters to them, and whether they knew what there is to know first. */
export interface Opinion {
  rating: Rating;
  matters: boolean;
  informed: boolean;
}

/** What one rating changed: the member's rating before, if any, and now. */
export interface RatingChange {
  statementId: string;
  memberId: string;
  version: number;
  before: Rating | null;
  after: Rating;
  /** The whole of both. */
  from: Opinion | null;
  to: Opinion;
}

export interface NewRating extends Partial<Omit<Opinion, 'rating'>> {
  roomId: string;
  statementId: string;
  rating: Rating;
  /** Which it is about; without one, as it stands. */
  version?: number;
}

interface Row {
  id: string;
  body: string;
  at: Date;
  authorId: string;
  handle: string;
  role: Role;
  edited: Edited | null;
}

const authorOf = ({ authorId, handle, role }: Row): Author => ({ memberId: authorId, handle, role });
const withAuthor = `c.id, c.body, c.at, c.author_id AS "authorId", m.handle, m.role, c.edited`;
const THREAD_SHOWN = 200;
/** SQL for what everybody in the room may see of it. */
const shown = `c.moderation = 'published' AND NOT c.team_only`;

/** Comments, statements and ratings of a room. What is said counts once its room is open and until it is closed. */
@Injectable()
export class ContributionsService {
  private readonly tellings = new Map<SpaceKind, Telling>();

  /** Says how the rooms of a kind of space are told; those of other kinds are told nothing. */
  tells(kind: SpaceKind, telling: Telling) {
    this.tellings.set(kind, telling);
  }

  readonly comments: Kind<NewComment, { comment: Comment; fate: Fate }> = {
    name: 'comment',
    store: (em, writes) =>
      this.store(em, writes, 'comment', (told, fate) => ({ comment: commentOf(told), fate })),
  };

  readonly statements: Kind<Said, { statement: Statement; fate: Fate }> = {
    name: 'statement',
    store: (em, writes) =>
      this.store(em, writes, 'statement', (told, fate) => ({ statement: statementOf(told), fate })),
  };

  /** What the room of a space is told when something in it is to be seen from now on. */
  saidFacts(spaceId: string, kind: SpaceKind, told: Told): NewFact[] {
    const telling = this.tellings.get(kind);
    if (!telling || (told.type !== 'comment' && told.type !== 'statement')) return [];
    const data = told.type === 'comment' ? commentOf(told) : statementOf(told);
    return [{ roomId: spaceId, name: telling[told.type], data }];
  }

  /** What it is told when something is not to be seen any more, or reads otherwise. */
  changedFacts(
    spaceId: string,
    kind: SpaceKind,
    change: { id: string; body?: string; edited?: Edited },
  ): NewFact[] {
    const telling = this.tellings.get(kind);
    if (!telling) return [];
    return [
      change.body === undefined
        ? { roomId: spaceId, name: telling.removed, data: { id: change.id } }
        : { roomId: spaceId, name: telling.edited, data: change },
    ];
  }

  /**
   * Alters what the room was told before: who catches up reads the words as they are now, and none of what was taken
   * away (no body).
   */
  async retell(
    em: EntityManager,
    communityId: string,
    spaceId: string,
    changes: readonly { id: string; body?: string; edited?: Edited }[],
  ): Promise<void> {
    if (!changes.length) return;
    const names = [...this.tellings.values()].flatMap(({ comment, statement, edited }) => [
      ...[comment, statement, edited],
    ]);
    await em.query(
      `UPDATE fact SET data = fact.data || jsonb_build_object('body', coalesce(c.body, ''))
         || CASE WHEN c.edited IS NOT NULL THEN jsonb_build_object('edited', c.edited) ELSE '{}' END
       FROM json_to_recordset($4::json) AS c (id text, body text, edited text)
       WHERE fact.community_id = $1 AND fact.room_id = $2 AND fact.name = ANY ($3) AND fact.data ->> 'id' = c.id`,
      [communityId, spaceId, names, JSON.stringify(changes)],
    );
  }

  /** `counted` learns of each change after the commit. */
  ratings(counted: (change: RatingChange, write: Write<NewRating>) => void): Kind<NewRating, RatingChange> {
    return { name: 'rating', store: (em, writes) => storeRatings(em, writes, counted) };
  }

  /** The newest, oldest of them first. */
  async listComments(em: EntityManager, roomId: string, newest: number): Promise<Comment[]> {
    const rows: (Row & { cueId: string | null; second: number | null })[] = await em.query(
      `SELECT ${withAuthor}, c.cue_id AS "cueId", c.second FROM contribution c
       JOIN member m ON m.community_id = c.community_id AND m.id = c.author_id
       WHERE c.room_id = $1 AND c.type = 'comment' AND ${shown} ORDER BY c.at DESC, c.id LIMIT $2`,
      [roomId, newest],
    );
    return rows.reverse().map((row) => ({
      id: row.id,
      author: authorOf(row),
      body: row.body,
      at: row.at.getTime(),
      cueId: row.cueId,
      second: row.second,
      ...(row.edited && { edited: row.edited }),
    }));
  }

  /**
   * Everything of a thread that this member may see, oldest first: what all may see, and what of theirs still waits.
   * `about`: what of a room was said of one thing in it.
   */
  async listThread(
    em: EntityManager,
    roomId: string,
    memberId: string | null,
    about: string | null = null,
  ): Promise<(Comment & { moderation: Moderation })[]> {
    const rows: (Row & { moderation: Moderation })[] = await em.query(
      `SELECT ${withAuthor}, c.moderation FROM contribution c
       JOIN member m ON m.community_id = c.community_id AND m.id = c.author_id
       WHERE c.room_id = $1 AND c.type = 'comment' AND ($4::uuid IS NULL OR c.cue_id = $4)
         AND (${shown} OR c.author_id = $2 AND c.moderation NOT IN ('withdrawn', 'merged', 'split'))
       ORDER BY c.at DESC, c.id LIMIT $3`,
      [roomId, memberId, THREAD_SHOWN, about],
    );
    return rows.reverse().map((row) => ({
      ...{
        id: row.id,
        author: authorOf(row),
        body: row.body,
        at: row.at.getTime(),
        cueId: about,
        second: null,
      },
      ...(row.edited && { edited: row.edited }),
      moderation: row.moderation,
    }));
  }

  async countComments(em: EntityManager, roomId: string): Promise<number> {
    const [{ count }] = (await em.query(
      `SELECT count(*)::int FROM contribution c WHERE room_id = $1 AND type = 'comment' AND ${shown}`,
      [roomId],
    )) as [{ count: number }];
    return count;
  }

  async listStatements(em: EntityManager, roomId: string): Promise<Statement[]> {
    const rows: Row[] = await em.query(
      `SELECT ${withAuthor} FROM contribution c
       JOIN member m ON m.community_id = c.community_id AND m.id = c.author_id
       WHERE c.room_id = $1 AND c.type = 'statement' AND ${shown} ORDER BY c.at, c.id`,
      [roomId],
    );
    return rows.map((row) => ({
      id: row.id,
      author: authorOf(row),
      body: row.body,
      at: row.at.getTime(),
      ...(row.edited && { edited: row.edited }),
    }));
  }

  /** Each member's latest rating of each statement of the room. */
  async listRatings(
    em: EntityManager,
    roomId: string,
  ): Promise<{ statementId: string; memberId: string; rating: Rating }[]> {
    return em.query(
      `SELECT r.contribution_id AS "statementId", r.member_id AS "memberId", r.value AS rating
       FROM rating r JOIN contribution c ON c.community_id = r.community_id AND c.id = r.contribution_id
       WHERE c.room_id = $1`,
      [roomId],
    );
  }

  /**
   * Stores what is said under the rule of its space: seen by all at once, held, or for the team alone. The room is
   * told of what all may see.
   */
  async store<I extends Said & { cueId?: string | null; second?: number | null; replyTo?: string }, R>(
    em: EntityManager,
    writes: Write<I>[],
    type: ContributionType,
    answer: (told: Told, fate: Fate) => R,
  ): Promise<(Outcome<R> | AppError)[]> {
    const inputs = writes.map(({ input }) => input);
    const ids = writes.map(contributionId);
    const rows: {
      id: string;
      at: Date;
      kind: SpaceKind;
      moderation: Moderation;
      teamOnly: boolean;
      releaseAt: Date | null;
      decideBy: Date | null;
      answerBy: string;
    }[] = await em.query(
      `WITH stored AS (
         INSERT INTO contribution (community_id, id, room_id, author_id, type, body, cue_id, second, reply_to,
           moderation, team_only, release_at, decide_by)
         SELECT $1, said.id, said.room_id, said.author_id, $2, said.body, said.cue_id, said.second, said.reply_to,
           CASE WHEN how.mode IN ('hold', 'approve') THEN 'held' ELSE 'published' END, how.mode = 'team' OR said.team_only,
           CASE how.mode WHEN 'hold' THEN how.release_at END,
           CASE how.mode WHEN 'hold' THEN how.release_at WHEN 'approve' THEN how.decide_by END
         FROM unnest($3::uuid[], $4::uuid[], $5::uuid[], $6::text[], $7::uuid[], $8::int[], $9::uuid[],
           $10::boolean[]) AS said (id, room_id, author_id, body, cue_id, second, reply_to, team_only)
         JOIN room ON room.community_id = $1 AND room.id = said.room_id AND (room.open OR $2 = 'reply')
         JOIN space s ON s.community_id = $1 AND s.id = said.room_id AND space_seen(s, said.author_id)
         JOIN member m ON m.community_id = $1 AND m.id = said.author_id
         LEFT JOIN community_rule r ON r.community_id = $1
         LEFT JOIN trusted_author t ON t.community_id = $1 AND t.member_id = said.author_id
         CROSS JOIN LATERAL (SELECT ${ruleOf}) AS rule
         CROSS JOIN LATERAL (SELECT CASE
             -- What the brand says waits where members wait; it is for one reader, whoever else sees what is said.
             WHEN $2 = 'reply' THEN CASE WHEN rule.mode IN ('approve', 'team') THEN 'approve' ELSE 'open' END
             WHEN rule.mode = 'team' THEN 'team'
             WHEN s.held AND m.role = 'member' THEN 'approve'
             WHEN t.member_id IS NOT NULL OR (rule.mode = 'hold' AND m.role <> 'member') THEN 'open'
             ELSE rule.mode END AS mode,
           now() + make_interval(secs => rule.hold_seconds) AS release_at,
           now() + make_interval(mins => rule.decide_minutes) AS decide_by) AS how
         RETURNING id, at, room_id, moderation, team_only, release_at, decide_by)
       SELECT stored.id, stored.at, stored.moderation, stored.team_only AS "teamOnly", s.kind,
         stored.release_at AS "releaseAt", stored.decide_by AS "decideBy", s.answer_by::text AS "answerBy"
       FROM stored JOIN space s ON s.community_id = $1 AND s.id = stored.room_id`,
      [
        writes[0]!.communityId,
        type,
        ids,
        inputs.map(({ roomId }) => roomId),
        writes.map(({ memberId }) => memberId),
        inputs.map(({ body }) => body),
        inputs.map(({ cueId }) => cueId ?? null),
        inputs.map(({ second }) => second ?? null),
        inputs.map(({ replyTo }) => replyTo ?? null),
        inputs.map(({ teamOnly }) => teamOnly ?? false),
      ],
    );
    const stored = new Map(rows.map((row) => [row.id, row]));
    return writes.map(({ communityId, input }, place) => {
      const id = ids[place]!;
      const row = stored.get(id);
      if (!row) return closed();
      const { moderation, teamOnly, kind, releaseAt } = row;
      const { author, body, cueId = null, second = null } = input;
      const told: Told = { id, type, author, body, at: row.at.getTime(), cueId, second, edited: null };
      const fate: Fate = { moderation, teamOnly, next: nextOfNew(row) };
      return {
        result: answer(told, fate),
        facts: moderation === 'published' && !teamOnly ? this.saidFacts(input.roomId, kind, told) : [],
        committed: () => {
          if (releaseAt) this.onHeld(communityId, releaseAt);
        },
      };
    });
  }

  /** Told of what is held and will be released by itself. */
  onHeld: (communityId: string, releaseAt: Date) => void = () => undefined;

  /** Members who said or rated something in the room. */
  async authorsAndRaters(em: EntityManager, roomId: string): Promise<string[]> {
    const rows: { id: string }[] = await em.query(
      `SELECT author_id AS id FROM contribution WHERE room_id = $1 AND type <> 'reply' UNION
       SELECT r.member_id FROM rating r JOIN contribution c ON c.community_id = r.community_id AND c.id = r.contribution_id
       WHERE c.room_id = $1`,
      [roomId],
    );
    return rows.map(({ id }) => id);
  }
}

const closed = () => new AppError('session.ended', 'This has ended: nothing more can be said here.');

const commentOf = ({ id, author, body, at, cueId, second, edited }: Told): Comment => ({
  ...{ id, author, body, at, cueId, second },
  ...(edited && { edited }),
});
const statementOf = ({ id, author, body, at, edited }: Told): Statement => ({
  ...{ id, author, body, at },
  ...(edited && { edited }),
});

function nextOfNew(row: {
  moderation: Moderation;
  releaseAt: Date | null;
  decideBy: Date | null;
  answerBy: string;
}) {
  const answerBy = `${row.answerBy}T23:59:59.000Z`;
  const dates = {
    releaseAt: row.releaseAt?.toISOString() ?? null,
    decideBy: row.decideBy?.toISOString() ?? answerBy,
    appealUntil: '',
    answerBy,
    deliverBy: null,
    judgeUntil: null,
  };
  return nextOf(
    { moderation: row.moderation, loop: 'received', outcome: null },
    dates,
    new Date().toISOString(),
  );
}

/** Made from the op, so that even an op that was forgotten cannot be stored twice; and two authors may use one op id. */
const contributionId = ({ memberId, opId }: Write<unknown>) => idOf('contribution', memberId, opId!);

async function storeRatings(
  em: EntityManager,
  writes: Write<NewRating>[],
  counted: (change: RatingChange, write: Write<NewRating>) => void,
): Promise<(Outcome<RatingChange> | AppError)[]> {
  const communityId = writes[0]!.communityId;
  const ids = writes.map(({ input }) => input.statementId);
  const members = writes.map(({ memberId }) => memberId);
  type Latest = [memberId: string, rating: Rating, matters: boolean, informed: boolean];
  const rooms: { id: string; roomId: string; open: boolean; version: number; before: Latest[] | null }[] =
    await em.query(
      `SELECT c.id, c.room_id AS "roomId", room.open, c.version,
       (SELECT json_agg(json_build_array(r.member_id, r.value, r.matters, r.informed)) FROM rating r
        WHERE r.community_id = c.community_id AND r.contribution_id = c.id AND r.version = c.version
          AND r.member_id = ANY ($3::uuid[])) AS before
     FROM contribution c JOIN room ON room.community_id = c.community_id AND room.id = c.room_id
     WHERE c.community_id = $1 AND c.id = ANY ($2::uuid[]) AND c.type IN ('statement', 'idea') AND ${shown}`,
      [communityId, [...new Set(ids)], [...new Set(members)]],
    );
  const statements = new Map(
    rooms.map((row) => [
      row.id,
      {
        ...row,
        latest: new Map(
          row.before?.map(([id, rating, matters, informed]) => [id, { rating, matters, informed }]),
        ),
      },
    ]),
  );

  const outcomes = writes.map((write): Outcome<RatingChange> | AppError => {
    const { roomId, statementId, rating, version, matters = false, informed = false } = write.input;
    const statement = statements.get(statementId);
    if (!statement || statement.roomId !== roomId) return notFound();
    if (!statement.open) return closed();
    if (version !== undefined && version !== statement.version)
      return new AppError('edit.stale', 'It has been refined: read it again.');
    // In the order of the batch, so that of two ratings by one member the later replaces the earlier.
    const from = statement.latest.get(write.memberId) ?? null;
    const to = { rating, matters, informed };
    statement.latest.set(write.memberId, to);
    const change: RatingChange = {
      ...{ statementId, memberId: write.memberId, version: statement.version },
      ...{ before: from?.rating ?? null, after: rating, from, to },
    };
    return { result: change, committed: () => counted(change, write) };
  });

  const changes = outcomes.flatMap((outcome) => (outcome instanceof AppError ? [] : [outcome.result]));
  if (!changes.length) return outcomes;
  // A statement cannot change the same row twice: only each member's last rating of a batch is upserted.
  const last = new Map(changes.map((change) => [`${change.statementId}:${change.memberId}`, change]));
  await em.query(
    `INSERT INTO rating (community_id, contribution_id, member_id, version, value, matters, informed)
     SELECT $1, * FROM unnest($2::uuid[], $3::uuid[], $4::int[], $5::text[], $6::boolean[], $7::boolean[])
     ON CONFLICT (community_id, contribution_id, member_id, version) DO UPDATE SET value = excluded.value,
       matters = excluded.matters, informed = excluded.informed, at = now()`,
    [communityId, ...columns([...last.values()]), [...last.values()].map(({ to }) => to.informed)],
  );
  await em.query(
    `INSERT INTO rating_change (community_id, contribution_id, member_id, version, value, matters)
     SELECT $1, s, m, n, v, i FROM unnest($2::uuid[], $3::uuid[], $4::int[], $5::text[], $6::boolean[])
       WITH ORDINALITY AS made (s, m, n, v, i, place)
     ORDER BY place`,
    [communityId, ...columns(changes)],
  );
  return outcomes;
}

const columns = (changes: RatingChange[]) => [
  changes.map(({ statementId }) => statementId),
  changes.map(({ memberId }) => memberId),
  changes.map(({ version }) => version),
  changes.map(({ after }) => after),
  changes.map(({ to }) => to.matters),
];
