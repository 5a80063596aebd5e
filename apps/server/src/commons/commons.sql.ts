import { type Following, type Place, type Post, type Topic, TOPICS_MANY } from '@parley/contracts/commons';
import type { Edited, LoopState, Moderation, Outcome } from '@parley/contracts/contributions';
import type { Attached } from '@parley/contracts/media';
import type { MemberType, Role } from '@parley/contracts/people';
import { type KudosTally, noKudos } from '@parley/contracts/recognition';
import { attachedTo, shownAttached } from '../media/attachments.service';
import { markOf } from '../platform/pages';

/** Of what is typed so many words are looked for. */
const WORDS_MOST = 24;

/** SQL for what everybody may see of contribution `c`; and for what this member ($2) may: also their own that waits. */
export const shown = `c.moderation = 'published' AND NOT c.team_only`;
export const shownTo = `(${shown} OR c.author_id = $2 AND c.moderation NOT IN ('withdrawn', 'merged', 'split'))`;

/** SQL for what this member ($2) may open, the team ($4: whether they are of it) also what is for the team alone. */
export const openTo = `(${shownTo} OR $4::boolean AND c.team_only AND c.moderation = 'published')`;

const stems = `unnest(ts_lexize('english_stem', token) || ts_lexize('german_stem', token))`;

/** SQL for a tsquery of the words of `typed`, each in English or German; `fuzzy`: or one that is written much like it. */
export const queryOf = (typed: string, { joined, fuzzy }: { joined: '&' | '|'; fuzzy: boolean }) =>
  `(SELECT string_agg(fits, ' ${joined} ')::tsquery FROM (
     SELECT '(' || string_agg(quote_literal(lexeme), ' | ') || ')' AS fits
     FROM (SELECT n, lower(token) AS token FROM ts_parse('default', ${typed}) WITH ORDINALITY AS t (tokid, token, n)
       WHERE tokid < 12 LIMIT ${WORDS_MOST}) AS word
     CROSS JOIN LATERAL (SELECT stem FROM ${stems} AS stem
       ${fuzzy ? `UNION SELECT sec.words_like(stem) FROM ${stems} AS stem` : ''}) AS l (lexeme)
     -- A word without a meaning in one of the languages, such as "in", would fit everything.
     WHERE ts_lexize('english_stem', token) <> '{}' AND ts_lexize('german_stem', token) <> '{}'
     GROUP BY n) AS words)`;

/** SQL for the kinds of spaces that are places to talk. */
export const talking = `('discussion', 'challenge', 'jobs', 'suggestions', 'group')`;
/** SQL for that member $2 sees the space `s`. */
export const open = 'space_seen(s, $2::uuid)';

export type PlaceRow = Omit<Place, 'lastAt' | 'audience'> & {
  lastAt: Date | null;
  forTypes: MemberType[] | null;
  circle: boolean;
  segmentId: string | null;
};

/** SQL for places `s` as member $2 finds them. */
export const placeColumns = `s.id, s.kind, s.for_types AS "forTypes", s.circle, s.segment_id AS "segmentId", s.title, s.purpose, s.decision, s.informs_only AS "informsOnly",
  json_build_object('name', s.owner_name, 'title', s.owner_title) AS "decisionOwner", s.answer_by::text AS "reportBackOn",
  (SELECT count(*)::int FROM (SELECT 1 FROM topic t JOIN contribution c ON c.community_id = $1 AND c.id = t.id
     WHERE t.community_id = $1 AND t.place_id = s.id AND ${shown} LIMIT ${TOPICS_MANY}) AS some_topics) AS topics,
  (SELECT count(*)::int FROM (SELECT 1 FROM topic t JOIN contribution c ON c.community_id = $1 AND c.id = t.id
     LEFT JOIN topic_member tm ON tm.community_id = $1 AND tm.topic_id = t.id AND tm.member_id = $2
     WHERE t.community_id = $1 AND t.place_id = s.id AND ${shown} AND tm.following IS DISTINCT FROM 'mute'
       AND t.last_at > coalesce(tm.seen_at, '-infinity') ORDER BY t.last_at DESC LIMIT 100) AS fresh) AS unread,
  (SELECT t.last_at FROM topic t WHERE t.community_id = $1 AND t.place_id = s.id ORDER BY t.last_at DESC LIMIT 1) AS "lastAt"`;

export const placeOf = ({ lastAt, forTypes, circle, segmentId, ...row }: PlaceRow): Place => ({
  ...row,
  audience: { types: forTypes ?? [], circle, segmentId },
  lastAt: lastAt?.toISOString() ?? null,
});

export interface TopicRow {
  files: Attached[];
  id: string;
  placeId: string;
  words: string;
  authorId: string;
  handle: string;
  role: Role;
  at: Date;
  lastAt: Date;
  mark: string;
  edited: Edited | null;
  moderation: Moderation;
  loop: LoopState;
  outcome: Outcome | null;
  posts: number;
  seenAt: Date | null;
  fresh: number;
  following: Following | null;
  solvedBy: string | null;
}

/** SQL for topics as member $2 finds them. What is fresh is counted so far: a hundred is many. */
export const topicColumns = `t.id, t.place_id AS "placeId", c.body AS words, c.author_id AS "authorId", m.handle, m.role, c.at,
  ${attachedTo('$1', 't.id')} AS files, t.last_at AS "lastAt", ${markOf('t.last_at')} AS mark, c.edited, c.moderation, c.loop, c.outcome, t.solved_by AS "solvedBy",
  tm.seen_at AS "seenAt", tm.following,
  (SELECT count(*)::int FROM post p JOIN contribution c ON c.community_id = $1 AND c.id = p.id
   WHERE p.community_id = $1 AND p.topic_id = t.id AND ${shown}) AS posts,
  (SELECT count(*)::int FROM (SELECT 1 FROM post p JOIN contribution c ON c.community_id = $1 AND c.id = p.id
     WHERE p.community_id = $1 AND p.topic_id = t.id AND p.at > tm.seen_at AND ${shown} AND c.author_id IS DISTINCT FROM $2
     LIMIT 100) AS f) AS fresh`;
export const topicSource = `topic t
  JOIN space s ON s.community_id = t.community_id AND s.id = t.place_id AND ${open}
  JOIN contribution c ON c.community_id = t.community_id AND c.id = t.id
  JOIN member m ON m.community_id = t.community_id AND m.id = c.author_id
  LEFT JOIN topic_member tm ON tm.community_id = t.community_id AND tm.topic_id = t.id AND tm.member_id = $2`;

export interface Came {
  came: { id: string; title: string; at: string }[];
}
/** SQL for the Updates that rest on topic `t` or on what was said to it, as far as member $2 sees them by now. */
export const cameOf = `(SELECT coalesce(json_agg(came ORDER BY came.at DESC), '[]') FROM (
  SELECT DISTINCT u.id, u.title, coalesce(u.community_out_at, u.contributors_out_at) AS at
  FROM (SELECT t.id UNION ALL SELECT p.id FROM post p WHERE p.community_id = $1 AND p.topic_id = t.id) AS said
  JOIN update_source us ON us.community_id = $1 AND us.contribution_id = said.id
  JOIN loop_update u ON u.community_id = $1 AND u.id = us.update_id AND u.status <> 'withdrawn'
    AND (u.community_out_at IS NOT NULL OR u.contributors_out_at IS NOT NULL AND EXISTS (SELECT FROM update_source mine
      WHERE mine.community_id = $1 AND mine.author_id = $2 AND mine.update_id = u.id))
  ORDER BY at DESC LIMIT 5) AS came)`;

/** A topic's words are its title, and what follows on the next line. */
export const wordsOf = (title: string, body: string) => `${title}\n${body}`;
export function partsOf(words: string): { title: string; body: string } {
  const at = words.indexOf('\n');
  return at < 0 ? { title: words, body: '' } : { title: words.slice(0, at), body: words.slice(at + 1) };
}

export const topicOf = (row: TopicRow, memberId: string | null): Topic => ({
  ...{
    id: row.id,
    placeId: row.placeId,
    ...partsOf(row.words),
    edited: row.edited,
    moderation: row.moderation,
  },
  ...{ loop: row.loop, outcome: row.outcome, posts: row.posts, solvedBy: row.solvedBy },
  author: { memberId: row.authorId, handle: row.handle, role: row.role },
  at: row.at.toISOString(),
  lastAt: row.lastAt.toISOString(),
  fresh: row.seenAt ? row.fresh : null,
  following: row.following ?? 'usual',
  files: shownAttached(row.files, row.authorId === memberId),
  mine: row.authorId === memberId,
});

export interface PostRow {
  files: Attached[];
  id: string;
  parentId: string | null;
  authorId: string;
  handle: string;
  role: Role;
  at: Date;
  mark: string;
  body: string;
  edited: Edited | null;
  moderation: Moderation;
  quote: string | null;
}

export const postColumns = `p.id, p.parent_id AS "parentId", c.author_id AS "authorId", m.handle, m.role, p.at,
  ${markOf('p.at')} AS mark, c.body, c.edited, c.moderation, p.quote, ${attachedTo('$1', 'p.id')} AS files`;
export const postSource = `post p
  JOIN contribution c ON c.community_id = p.community_id AND c.id = p.id
  JOIN member m ON m.community_id = p.community_id AND m.id = c.author_id`;

export const postOf = (row: PostRow, memberId: string | null, kudos: KudosTally = noKudos): Post => ({
  kudos,
  ...{ id: row.id, parentId: row.parentId, body: row.body, edited: row.edited, moderation: row.moderation },
  author: { memberId: row.authorId, handle: row.handle, role: row.role },
  at: row.at.toISOString(),
  quote: row.quote,
  files: shownAttached(row.files, row.authorId === memberId),
  mine: row.authorId === memberId,
});
