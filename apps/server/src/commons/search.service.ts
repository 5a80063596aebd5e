import { Injectable } from '@nestjs/common';
import type { Found } from '@parley/contracts/commons';
import type { Member, Overseer } from '../platform/doors';
import { Tenancy } from '../platform/tenancy';
import { partsOf, shown } from './commons.sql';

const FOUND_MOST = 30;
/** With fewer than these by their words, those that are alike are looked for too. */
const FEW = 5;
/** How alike words must be, 0 to 1. */
const ALIKE_LEAST = 0.45;

type Row = Omit<Found, 'at' | 'title'> & { at: Date; words: string; title: string | null };

/** Of what fits the newest so many are weighed against each other. */
const WEIGHED = 200;

/** Where it stands: a topic of its own, or of what it was said to. `fitting` picks among what all see, as `c`. */
const sources = (fitting: string) => `
  FROM (SELECT c.* FROM contribution c WHERE c.community_id = $1 AND ${shown}
    AND c.type IN ('topic', 'idea', 'post', 'statement', 'comment') AND EXISTS (SELECT FROM space s
      WHERE s.community_id = $1 AND s.id = c.room_id AND space_seen(s, $3::uuid)) AND ${fitting} LIMIT ${WEIGHED}) AS c
  JOIN member m ON m.community_id = $1 AND m.id = c.author_id
  JOIN space s ON s.community_id = $1 AND s.id = c.room_id
  LEFT JOIN post p ON p.community_id = $1 AND p.id = c.id
  LEFT JOIN contribution t ON t.community_id = $1 AND t.id = p.topic_id
  WHERE p.id IS NULL OR (t.moderation = 'published' AND NOT t.team_only)`;
const columns = `c.id, CASE c.type WHEN 'comment' THEN 'note' ELSE c.type END AS kind, coalesce(t.body, c.body) AS words,
  CASE WHEN c.type IN ('topic', 'idea', 'post') THEN NULL ELSE s.title END AS title, m.handle AS author, c.at,
  CASE WHEN c.type IN ('topic', 'idea') THEN c.id ELSE coalesce(p.topic_id, c.room_id) END AS of,
  CASE WHEN c.type IN ('topic', 'idea') THEN c.type WHEN p.id IS NOT NULL THEN t.type WHEN s.kind IN ('session', 'update')
    THEN s.kind ELSE 'place' END AS "on"`;
const updateWords = `u.title || ' ' || u.you_said || ' ' || coalesce(u.we_did, '') || ' ' || coalesce(u.because, '')`;
const updateVector = `(to_tsvector('english', ${updateWords}) || to_tsvector('german', ${updateWords}))`;
const vector = `(to_tsvector('english', c.body) || to_tsvector('german', c.body))`;
const query = `(websearch_to_tsquery('english', $2) || websearch_to_tsquery('german', $2))`;
const headline = (body: string) =>
  `ts_headline('english', ${body}, ${query}, 'StartSel=«, StopSel=», MaxWords=28, MinWords=12')`;

/** Finds what everybody in the community may see. */
@Injectable()
export class SearchService {
  constructor(private readonly tenancy: Tenancy) {}

  /** By words in English and German, the best first; then what is written much like them. */
  find(caller: Member | Overseer, words: string): Promise<Found[]> {
    const { communityId, memberId = null } = caller;
    return this.tenancy.inCommunity(communityId, async (em) => {
      const rows: Row[] = await em.query(
        `(SELECT ${columns}, ${headline('c.body')} AS excerpt, ts_rank(${vector}, ${query}) AS rank
            ${sources(`${vector} @@ ${query} ORDER BY c.at DESC, c.id DESC`)} ORDER BY rank DESC, c.at DESC LIMIT ${FOUND_MOST})
         UNION ALL
         (SELECT u.id, 'update', u.title, u.title, coalesce(m.handle, ''), u.community_out_at, u.id,
            'update', ${headline(updateWords)}, 1
          FROM loop_update u LEFT JOIN member m ON m.community_id = $1 AND m.id = u.owner_id
          WHERE u.community_id = $1 AND u.community_out_at <= now() AND u.status <> 'withdrawn'
AND ${updateVector} @@ ${query} LIMIT 10)
         ORDER BY rank DESC LIMIT ${FOUND_MOST}`,
        [communityId, words, memberId],
      );
      if (rows.length < FEW) {
        await em.query(`SELECT set_config('pg_trgm.word_similarity_threshold', '${ALIKE_LEAST}', true)`);
        rows.push(
          ...((await em.query(
            `SELECT ${columns}, left(c.body, 200) AS excerpt
             ${sources(`c.type <> 'comment' AND $2 <% c.body AND c.id <> ALL ($4)`)}
             ORDER BY word_similarity($2, c.body) DESC, c.at DESC LIMIT 10`,
            [communityId, words, memberId, rows.map(({ id }) => id)],
          )) as Row[]),
        );
      }
      return rows.map(({ words: of, title, at, ...row }) => ({
        ...{ id: row.id, kind: row.kind, excerpt: row.excerpt, author: row.author, of: row.of, on: row.on },
        title: title ?? partsOf(of).title,
        at: at.toISOString(),
      }));
    });
  }
}
