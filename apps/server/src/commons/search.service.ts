import { Injectable } from '@nestjs/common';
import type { Found } from '@parley/contracts/commons';
import type { Member, Overseer } from '../platform/doors';
import { Jobs } from '../platform/jobs';
import { Tenancy } from '../platform/tenancy';
import { partsOf, queryOf, shown } from './commons.sql';

const FOUND_MOST = 30;
const UPDATES_MOST = 10;
/** With fewer than these by their words, what is written much like them is looked for too. */
const FEW = 5;

type Row = Omit<Found, 'at' | 'title'> & { at: Date; words: string; title: string | null };

const query = `(websearch_to_tsquery('english', $2) || websearch_to_tsquery('german', $2))`;
const headline = (body: string, fits: string) =>
  `ts_headline('english', ${body}, ${fits}, 'StartSel=«, StopSel=», MaxWords=28, MinWords=12')`;

/** What was said that fits, for member $3, and where it stands: a topic of its own, or of what it was said to. */
const said = (fits: string) => `
  SELECT c.id, CASE c.type WHEN 'comment' THEN 'note' ELSE c.type END AS kind, coalesce(t.body, c.body) AS words,
    CASE WHEN c.type IN ('topic', 'idea', 'post') THEN NULL ELSE s.title END AS title, m.handle AS author, c.at,
    CASE WHEN c.type IN ('topic', 'idea') THEN c.id ELSE coalesce(p.topic_id, k.group_id, c.room_id) END AS of,
    CASE WHEN c.type IN ('topic', 'idea') THEN c.type WHEN p.id IS NOT NULL THEN t.type
      WHEN s.kind IN ('session', 'update') THEN s.kind WHEN k.id IS NOT NULL THEN 'group' ELSE 'place' END AS "on",
    ${headline('c.body', fits)} AS excerpt, found.rank
  FROM (SELECT DISTINCT * FROM sec.find_said(${fits}, ARRAY(SELECT s.id FROM space s
    WHERE s.community_id = $1 AND NOT space_seen(s, $3::uuid)))) AS found
  JOIN contribution c ON c.community_id = $1 AND c.id = found.id AND ${shown}
  JOIN member m ON m.community_id = $1 AND m.id = c.author_id
  JOIN space s ON s.community_id = $1 AND s.id = c.room_id AND space_seen(s, $3::uuid)
  LEFT JOIN post p ON p.community_id = $1 AND p.id = c.id
  LEFT JOIN session_call k ON k.community_id = $1 AND k.id = s.id
  LEFT JOIN contribution t ON t.community_id = $1 AND t.id = p.topic_id
  WHERE p.id IS NULL OR (t.moderation = 'published' AND NOT t.team_only)
  ORDER BY found.rank DESC, c.at DESC LIMIT ${FOUND_MOST}`;

const updateWords = `u.title || ' ' || u.you_said || ' ' || coalesce(u.we_did, '') || ' ' || coalesce(u.because, '')`;
const updates = `
  SELECT u.id, 'update', u.title, u.title, coalesce(m.handle, ''), u.community_out_at, u.id, 'update',
    ${headline(updateWords, query)}, 1
  FROM loop_update u LEFT JOIN member m ON m.community_id = $1 AND m.id = u.owner_id
  WHERE u.community_id = $1 AND u.community_out_at <= now() AND u.status <> 'withdrawn'
    AND (to_tsvector('english', ${updateWords}) || to_tsvector('german', ${updateWords})) @@ ${query}
  LIMIT ${UPDATES_MOST}`;

/** Finds what everybody in the community may see. */
@Injectable()
export class SearchService {
  constructor(
    private readonly tenancy: Tenancy,
    jobs: Jobs,
  ) {
    jobs.everywhere('search-words', '37 3 * * *', (communityId) => this.forget(communityId));
  }

  /** By words in English and German, the best first; then what is written much like them. */
  find(caller: Member | Overseer, words: string): Promise<Found[]> {
    const { communityId, memberId = null } = caller;
    const values = [communityId, words, memberId];
    return this.tenancy.inCommunity(communityId, async (em) => {
      const rows: Row[] = await em.query(
        `(${said(query)}) UNION ALL (${updates}) ORDER BY rank DESC LIMIT ${FOUND_MOST}`,
        values,
      );
      if (rows.length < FEW) {
        const alike: Row[] = await em.query(said(queryOf('$2', { joined: '&', fuzzy: true })), values);
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
