import { Injectable } from '@nestjs/common';
import type { Found } from '@parley/contracts/commons';
import { SegmentsService } from '../people/segments.service';
import { isTeam, type Member, type Overseer } from '../platform/doors';
import { Jobs } from '../platform/jobs';
import { Tenancy } from '../platform/tenancy';
import { partsOf, queryOf, shown } from './commons.sql';

const FOUND_MOST = 30;
const OTHERS_MOST = 10;
/** How like a title has to be to what was typed, of 1: "rain" is not much like "train" (0.375). */
const ALIKE = 0.4;
/** Of what others do not see so many are looked at, the newest first. */
const APART_MOST = 500;
/** With fewer than these by their words, what is written much like them is looked for too. */
const FEW = 5;

type Row = Omit<Found, 'at' | 'title'> & { at: Date; words: string; title: string | null };

const query = `(websearch_to_tsquery('english', $2) || websearch_to_tsquery('german', $2))`;
const vector = (words: string) => `(to_tsvector('english', ${words}) || to_tsvector('german', ${words}))`;
const firstLine = (words: string) => `split_part(${words}, E'\\n', 1)`;
const headline = (body: string, fits: string) =>
  `ts_headline('english', ${body}, ${fits}, 'StartSel=«, StopSel=», MaxWords=28, MinWords=12')`;

/** What is called so stands before what only speaks of it. */
const called = (title: string, fits: string) => `(CASE WHEN ${vector(title)} @@ ${fits} THEN 1 ELSE 0 END)`;
const likeness = (title: string) => `strict_word_similarity($2, ${title})`;
const like = (title: string) => `${likeness(title)} >= ${ALIKE}`;
const rank = (title: string, words: string, alike: boolean) =>
  alike ? likeness(title) : `${called(title, query)} + ts_rank(${vector(words)}, ${query})`;
const all = (fits: string, alike: boolean) =>
  `(${said(fits)}) UNION ALL (${updates(alike)}) UNION ALL (${places(alike)}) ORDER BY rank DESC LIMIT ${FOUND_MOST}`;

/** What others do not see: what member $3 said that waits or is for the team alone, and for the team ($4) all that is for it. */
const apart = (fits: string) => `
  SELECT apart.id, ts_rank(apart.words, ${fits}) FROM (
    (SELECT id, ${vector('body')} AS words FROM contribution
     WHERE community_id = $1 AND author_id = $3 AND (team_only OR moderation = 'held')
       AND type IN ('topic', 'idea', 'post') AND moderation IN ('held', 'published')
     ORDER BY at DESC, id DESC LIMIT ${APART_MOST})
    UNION ALL
    (SELECT id, ${vector('body')} FROM contribution
     WHERE $4 AND community_id = $1 AND author_id IS DISTINCT FROM $3 AND team_only AND moderation = 'published'
       AND type IN ('topic', 'idea', 'post')
     ORDER BY at DESC, id DESC LIMIT ${APART_MOST})) AS apart
  WHERE apart.words @@ ${fits}`;

/** What was said that fits, for member $3, and where it stands: a topic of its own, or of what it was said to. */
const said = (fits: string) => `
  SELECT c.id, CASE c.type WHEN 'comment' THEN 'note' ELSE c.type END AS kind, coalesce(t.body, c.body) AS words,
    CASE WHEN c.type IN ('topic', 'idea', 'post') THEN NULL ELSE s.title END AS title, m.handle AS author, c.at,
    CASE WHEN c.type IN ('topic', 'idea') THEN c.id ELSE coalesce(p.topic_id, k.group_id, c.room_id) END AS of,
    CASE WHEN c.type IN ('topic', 'idea') THEN c.type WHEN p.id IS NOT NULL THEN t.type
      WHEN s.kind IN ('session', 'update') THEN s.kind WHEN k.id IS NOT NULL THEN 'group' ELSE 'cards' END AS "on",
    ${headline('c.body', fits)} AS excerpt,
    CASE WHEN c.type IN ('topic', 'idea') THEN ${called(firstLine('c.body'), fits)} ELSE 0 END + found.rank AS rank
  FROM (SELECT DISTINCT * FROM sec.find_said(${fits}, ARRAY(SELECT s.id FROM space s
    WHERE s.community_id = $1 AND NOT space_seen(s, $3::uuid))) UNION ALL ${apart(fits)}) AS found
  JOIN contribution c ON c.community_id = $1 AND c.id = found.id AND (${shown} OR c.author_id = $3 OR $4 AND c.team_only)
  JOIN member m ON m.community_id = $1 AND m.id = c.author_id
  JOIN space s ON s.community_id = $1 AND s.id = c.room_id AND space_seen(s, $3::uuid)
  LEFT JOIN post p ON p.community_id = $1 AND p.id = c.id
  LEFT JOIN session_call k ON k.community_id = $1 AND k.id = s.id
  LEFT JOIN contribution t ON t.community_id = $1 AND t.id = p.topic_id
  WHERE p.id IS NULL OR t.moderation = 'published' AND (NOT t.team_only OR t.author_id = $3 OR $4)
  ORDER BY rank DESC, c.at DESC LIMIT ${FOUND_MOST}`;

const updateWords = `u.title || ' ' || u.you_said || ' ' || coalesce(u.we_did, '') || ' ' || coalesce(u.because, '')`;
const updates = (alike: boolean) => `
  SELECT u.id, 'update', u.title, u.title, coalesce(m.handle, ''), u.community_out_at, u.id, 'update',
    ${headline(updateWords, query)}, ${rank('u.title', updateWords, alike)}
  FROM loop_update u LEFT JOIN member m ON m.community_id = $1 AND m.id = u.owner_id
  WHERE u.community_id = $1 AND u.community_out_at <= now() AND u.status <> 'withdrawn'
    AND ${alike ? like('u.title') : `${vector(updateWords)} @@ ${query}`}
  ORDER BY 10 DESC LIMIT ${OTHERS_MOST}`;

/** What one comes to, for member $3, who is not of the segments $5: Sessions, Activities, places and what there is to know there, groups. */
const places = (alike: boolean) => `
  SELECT w.id, w.kind, w.title, w.title, '', w.at, w.of, w.on, ${headline('w.body', query)},
    ${rank('w.title', "w.title || ' ' || w.body", alike)}
  FROM (
    SELECT s.id, CASE WHEN s.kind IN ('session', 'activity') THEN s.kind ELSE 'place' END AS kind, s.title, s.purpose AS body,
      s.created_at AS at, s.id AS of,
      CASE WHEN s.kind IN ('session', 'activity') THEN s.kind WHEN s.kind = 'discussion' THEN 'talk' ELSE 'ideas' END AS on
    FROM space s LEFT JOIN activity a ON a.community_id = $1 AND a.id = s.id
    WHERE s.community_id = $1 AND s.kind IN ('session', 'activity', 'discussion', 'challenge', 'jobs', 'suggestions')
      AND space_seen(s, $3::uuid) AND (s.kind <> 'activity'
        OR a.status IN ('published', 'closed') AND (a.segment_id IS NULL OR a.segment_id <> ALL ($5)))
    UNION ALL SELECT k.id, 'card', k.title, k.body, s.created_at, k.place_id, 'cards'
    FROM context_card k JOIN space s ON s.community_id = $1 AND s.id = k.place_id AND space_seen(s, $3::uuid)
    WHERE k.community_id = $1
    UNION ALL SELECT g.id, 'group', g.name, g.purpose, g.state_at, g.id, 'group'
    FROM micro_group g WHERE g.community_id = $1 AND g.state NOT IN ('declined', 'archived')) AS w
  WHERE ${alike ? like('w.title') : `${vector("w.title || ' ' || w.body")} @@ ${query}`}
  ORDER BY 10 DESC LIMIT ${OTHERS_MOST}`;

/** Finds whatever somebody may see. */
@Injectable()
export class SearchService {
  constructor(
    private readonly tenancy: Tenancy,
    private readonly segments: SegmentsService,
    jobs: Jobs,
  ) {
    jobs.everywhere('search-words', '37 3 * * *', (communityId) => this.forget(communityId));
  }

  /** By words in English and German, the best first; then what is written much like them. */
  find(caller: Member | Overseer, words: string): Promise<Found[]> {
    const { communityId, memberId = null } = caller;
    return this.tenancy.inCommunity(communityId, async (em) => {
      const others = await this.segments.withoutThem(em, caller);
      const values = [communityId, words, memberId, isTeam(caller), others];
      const rows: Row[] = await em.query(all(query, false), values);
      if (rows.length < FEW) {
        const alike: Row[] = await em.query(all(queryOf('$2', { joined: '&', fuzzy: true }), true), values);
        const known = new Set(rows.map(({ id }) => id));
        rows.push(...alike.filter(({ id }) => !known.has(id)));
      }
      return rows.map(({ words: of, title, at, ...row }) => ({
        ...{ id: row.id, kind: row.kind, excerpt: row.excerpt, author: row.author, of: row.of, on: row.on },
        title: title ?? partsOf(of).title,
        at: at.toISOString(),
      }));
    });
  }

  /** Slips of the pen are not led to words that nobody says any more. */
  async forget(communityId: string): Promise<void> {
    // By shares, each a transaction: a large community's words are more than one statement has time for.
    for (let past: string | null = ''; past !== null;) {
      const [looked] = await this.tenancy.inCommunity<{ past: string | null }[]>(communityId, (em) =>
        em.query('SELECT sec.forget_words($1) AS past', [past]),
      );
      past = looked!.past;
    }
  }
}
