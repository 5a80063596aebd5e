import { Injectable } from '@nestjs/common';
import type { Author, Comment, Rating, Statement } from '@parley/contracts/contributions';
import type { Role } from '@parley/contracts/people';
import type { EntityManager } from 'typeorm';
import { AppError, notFound } from '../platform/errors';
import { idOf } from '../platform/ids';
import type { Kind, Outcome, Write } from '../platform/writer';

interface Said {
  roomId: string;
  author: Author;
  body: string;
}

export interface NewComment extends Said {
  cueId: string | null;
  second: number | null;
}

/** What one rating changed: the member's rating before, if any, and now. */
export interface RatingChange {
  statementId: string;
  memberId: string;
  before: Rating | null;
  after: Rating;
}

export interface NewRating {
  roomId: string;
  statementId: string;
  rating: Rating;
}

interface Row {
  id: string;
  body: string;
  at: Date;
  authorId: string;
  handle: string;
  role: Role;
}

const authorOf = ({ authorId, handle, role }: Row): Author => ({ memberId: authorId, handle, role });
const withAuthor = `c.id, c.body, c.at, c.author_id AS "authorId", m.handle, m.role`;

/** Comments, statements and ratings of a room. What is said counts once its room is open and until it is closed. */
@Injectable()
export class ContributionsService {
  /** `facts` says how the room is told of each. */
  comments(fact: string): Kind<NewComment, { comment: Comment }> {
    return {
      name: 'comment',
      store: (em, writes) =>
        store(em, writes, 'comment', (id, at, { author, body, cueId, second }) => {
          const comment: Comment = { id, author, body, at, cueId, second };
          return { result: { comment }, fact, data: comment };
        }),
    };
  }

  statements(fact: string): Kind<Said, { statement: Statement }> {
    return {
      name: 'statement',
      store: (em, writes) =>
        store(em, writes, 'statement', (id, at, { author, body }) => {
          const statement: Statement = { id, author, body, at };
          return { result: { statement }, fact, data: statement };
        }),
    };
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
       WHERE c.room_id = $1 AND c.type = 'comment' ORDER BY c.at DESC, c.id LIMIT $2`,
      [roomId, newest],
    );
    return rows.reverse().map((row) => ({
      id: row.id,
      author: authorOf(row),
      body: row.body,
      at: row.at.getTime(),
      cueId: row.cueId,
      second: row.second,
    }));
  }

  async countComments(em: EntityManager, roomId: string): Promise<number> {
    const [{ count }] = (await em.query(
      `SELECT count(*)::int FROM contribution WHERE room_id = $1 AND type = 'comment'`,
      [roomId],
    )) as [{ count: number }];
    return count;
  }

  async listStatements(em: EntityManager, roomId: string): Promise<Statement[]> {
    const rows: Row[] = await em.query(
      `SELECT ${withAuthor} FROM contribution c
       JOIN member m ON m.community_id = c.community_id AND m.id = c.author_id
       WHERE c.room_id = $1 AND c.type = 'statement' ORDER BY c.at, c.id`,
      [roomId],
    );
    return rows.map((row) => ({ id: row.id, author: authorOf(row), body: row.body, at: row.at.getTime() }));
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

  /** Members who said or rated something in the room. */
  async authorsAndRaters(em: EntityManager, roomId: string): Promise<string[]> {
    const rows: { id: string }[] = await em.query(
      `SELECT author_id AS id FROM contribution WHERE room_id = $1 UNION
       SELECT r.member_id FROM rating r JOIN contribution c ON c.community_id = r.community_id AND c.id = r.contribution_id
       WHERE c.room_id = $1`,
      [roomId],
    );
    return rows.map(({ id }) => id);
  }
}

const closed = () => new AppError('session.ended', 'This has ended: nothing more can be said here.');

/** Made from the op, so that even an op that was forgotten cannot be stored twice; and two authors may use one op id. */
const contributionId = ({ memberId, opId }: Write<unknown>) => idOf('contribution', memberId, opId!);

async function store<I extends Said & { cueId?: string | null; second?: number | null }, R>(
  em: EntityManager,
  writes: Write<I>[],
  type: 'comment' | 'statement',
  tell: (id: string, at: number, input: I) => { result: R; fact: string; data: unknown },
): Promise<(Outcome<R> | AppError)[]> {
  const inputs = writes.map(({ input }) => input);
  const ids = writes.map(contributionId);
  const rows: { id: string; at: Date }[] = await em.query(
    `INSERT INTO contribution (community_id, id, room_id, author_id, type, body, cue_id, second)
     SELECT $1, said.id, said.room_id, said.author_id, $2, said.body, said.cue_id, said.second
     FROM unnest($3::uuid[], $4::uuid[], $5::uuid[], $6::text[], $7::uuid[], $8::int[])
       AS said (id, room_id, author_id, body, cue_id, second)
     JOIN room ON room.community_id = $1 AND room.id = said.room_id AND room.open
     RETURNING id, at`,
    [
      writes[0]!.communityId,
      type,
      ids,
      inputs.map(({ roomId }) => roomId),
      writes.map(({ memberId }) => memberId),
      inputs.map(({ body }) => body),
      inputs.map(({ cueId }) => cueId ?? null),
      inputs.map(({ second }) => second ?? null),
    ],
  );
  const times = new Map(rows.map(({ id, at }) => [id, at.getTime()]));
  return writes.map(({ input }, place) => {
    const id = ids[place]!;
    const at = times.get(id);
    if (at === undefined) return closed();
    const { result, fact, data } = tell(id, at, input);
    return { result, facts: [{ roomId: input.roomId, name: fact, data }] };
  });
}

async function storeRatings(
  em: EntityManager,
  writes: Write<NewRating>[],
  counted: (change: RatingChange, write: Write<NewRating>) => void,
): Promise<(Outcome<RatingChange> | AppError)[]> {
  const communityId = writes[0]!.communityId;
  const ids = writes.map(({ input }) => input.statementId);
  const members = writes.map(({ memberId }) => memberId);
  const rooms: { id: string; roomId: string; open: boolean; before: [string, Rating][] | null }[] =
    await em.query(
      `SELECT c.id, c.room_id AS "roomId", room.open,
       (SELECT json_agg(json_build_array(r.member_id, r.value)) FROM rating r
        WHERE r.community_id = c.community_id AND r.contribution_id = c.id AND r.member_id = ANY ($3::uuid[])) AS before
     FROM contribution c JOIN room ON room.community_id = c.community_id AND room.id = c.room_id
     WHERE c.community_id = $1 AND c.id = ANY ($2::uuid[]) AND c.type = 'statement'`,
      [communityId, [...new Set(ids)], [...new Set(members)]],
    );
  const statements = new Map(rooms.map((row) => [row.id, { ...row, latest: new Map(row.before ?? []) }]));

  const outcomes = writes.map((write): Outcome<RatingChange> | AppError => {
    const { roomId, statementId, rating } = write.input;
    const statement = statements.get(statementId);
    if (!statement || statement.roomId !== roomId) return notFound();
    if (!statement.open) return closed();
    // In the order of the batch, so that of two ratings by one member the later replaces the earlier.
    const before = statement.latest.get(write.memberId) ?? null;
    statement.latest.set(write.memberId, rating);
    const change = { statementId, memberId: write.memberId, before, after: rating };
    return { result: change, committed: () => counted(change, write) };
  });

  const changes = outcomes.flatMap((outcome) => (outcome instanceof AppError ? [] : [outcome.result]));
  if (!changes.length) return outcomes;
  // A statement cannot change the same row twice: only each member's last rating of a batch is upserted.
  const last = new Map(changes.map((change) => [`${change.statementId}:${change.memberId}`, change]));
  await em.query(
    `INSERT INTO rating (community_id, contribution_id, member_id, value)
     SELECT $1, * FROM unnest($2::uuid[], $3::uuid[], $4::text[])
     ON CONFLICT (community_id, contribution_id, member_id) DO UPDATE SET value = excluded.value, at = now()`,
    [communityId, ...columns([...last.values()])],
  );
  await em.query(
    `INSERT INTO rating_change (community_id, contribution_id, member_id, value)
     SELECT $1, s, m, v FROM unnest($2::uuid[], $3::uuid[], $4::text[]) WITH ORDINALITY AS made (s, m, v, place)
     ORDER BY place`,
    [communityId, ...columns(changes)],
  );
  return outcomes;
}

const columns = (changes: RatingChange[]) => [
  changes.map(({ statementId }) => statementId),
  changes.map(({ memberId }) => memberId),
  changes.map(({ after }) => after),
];
