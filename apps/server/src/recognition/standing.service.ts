import { Injectable } from '@nestjs/common';
import type { OutputOf } from '@parley/contracts/contract';
import type {
  KudosReason,
  OwnStanding,
  Ranked,
  readParticipation,
  Recognition,
} from '@parley/contracts/recognition';
import {
  type Kudos,
  levelOf,
  missingFor,
  participation,
  seasonOf,
  standings,
} from '@parley/insight/standing';
import type { EntityManager } from 'typeorm';
import { excerptOf } from '../contributions/fate.service';
import { isTeam, type Member, type Overseer } from '../platform/doors';
import { notFound } from '../platform/errors';
import { Jobs } from '../platform/jobs';
import { Tenancy } from '../platform/tenancy';

const FIRST_PAGE = 25;
const LATEST = 10;
/** How far back participation is shown, weeks. */
const WEEKS = 12;
const round = (points: number) => Math.round(points * 100) / 100;

/** Standing by the rule that everybody can read (Insight 6), reckoned anew from what it rests on; and who takes part. */
@Injectable()
export class StandingService {
  constructor(
    private readonly tenancy: Tenancy,
    jobs: Jobs,
  ) {
    jobs.everywhere('standing', '*/15 * * * *', (communityId) => this.reckon(communityId));
    jobs.everywhere('participation', '20 4 * * *', (communityId) => this.countWeeks(communityId));
  }

  /** Everybody's standing of this season, from its thanks and ratings. */
  async reckon(communityId: string, now = Date.now()): Promise<void> {
    const season = seasonOf(now);
    const times = [communityId, new Date(season.from), new Date(season.to)];
    await this.tenancy.inCommunity(communityId, async (em) => {
      const kudos: (Omit<Kudos, 'at'> & { at: Date })[] = await em.query(
        `SELECT k.contribution_id || k.from_id::text || k.reason AS id, k.from_id AS "from", k.to_id AS "to", k.reason, k.at
         FROM kudos k JOIN contribution c ON c.community_id = $1 AND c.id = k.contribution_id
         WHERE k.community_id = $1 AND k.revoked_at IS NULL AND k.at >= $2 AND k.at < $3 AND c.moderation = 'published'`,
        times,
      );
      const rated: { memberId: string; day: Date; ratings: number }[] = await em.query(
        `SELECT r.member_id AS "memberId", date_trunc('day', r.at AT TIME ZONE 'UTC') AT TIME ZONE 'UTC' AS day,
           count(*)::int AS ratings
         FROM rating r WHERE r.community_id = $1 AND r.at >= $2 AND r.at < $3 GROUP BY 1, 2`,
        times,
      );
      const { standings: all } = standings({
        kudos: kudos.map(({ at, ...one }) => ({ ...one, at: at.getTime() })),
        rated: rated.map(({ day, ...one }) => ({ ...one, day: day.getTime() })),
        at: now,
      });
      await em.query(
        `WITH now AS (
           SELECT s.member_id, s.score, s.from_kudos, s.from_ratings, s.level,
             CASE WHEN m.ranking_opt_out THEN NULL ELSE rank() OVER (PARTITION BY m.ranking_opt_out ORDER BY s.score DESC) END AS rank
           FROM json_to_recordset($3::json) AS s (member_id uuid, score double precision, from_kudos double precision,
             from_ratings double precision, level int)
           JOIN member m ON m.community_id = $1 AND m.id = s.member_id AND m.role = 'member' AND m.status IN ('active', 'paused'))
         INSERT INTO standing (community_id, season, member_id, score, from_kudos, from_ratings, level, rank)
         SELECT $1, $2, member_id, score, from_kudos, from_ratings, level, rank FROM now
         ON CONFLICT (community_id, season, member_id) DO UPDATE SET score = excluded.score, from_kudos = excluded.from_kudos,
           from_ratings = excluded.from_ratings, level = excluded.level, rank = excluded.rank, at = now()`,
        [
          communityId,
          season.name,
          JSON.stringify(
            all.map(({ memberId, score, fromKudos, fromRatings, level }) => ({
              ...{ member_id: memberId, score, from_kudos: fromKudos, from_ratings: fromRatings, level },
            })),
          ),
        ],
      );
      // Whoever has none any more, or has left, has no place.
      await em.query(
        `UPDATE standing s SET score = 0, from_kudos = 0, from_ratings = 0, level = 1, rank = NULL
         WHERE s.community_id = $1 AND s.season = $2 AND s.at < now() AND (s.score > 0 OR s.rank IS NOT NULL)`,
        [communityId, season.name],
      );
    });
  }

  own({ communityId, memberId }: Member): Promise<{ standing: OwnStanding; offers: Recognition[] }> {
    const season = seasonOf(Date.now());
    return this.tenancy.inCommunity(communityId, async (em) => {
      const [row] = (await em.query(
        `SELECT m.ranking_opt_out AS "optedOut", coalesce(r.board, false) AS board, s.score, s.from_kudos AS "fromKudos",
           s.from_ratings AS "fromRatings", s.rank, s.at
         FROM member m LEFT JOIN recognition_rule r ON r.community_id = $1
         LEFT JOIN standing s ON s.community_id = $1 AND s.season = $3 AND s.member_id = m.id
         WHERE m.community_id = $1 AND m.id = $2`,
        [communityId, memberId, season.name],
      )) as {
        optedOut: boolean;
        board: boolean;
        score: number | null;
        fromKudos: number | null;
        fromRatings: number | null;
        rank: number | null;
        at: Date | null;
      }[];
      if (!row) throw notFound();
      const received: { reason: KudosReason; count: number }[] = await em.query(
        `SELECT reason, count(*)::int AS count FROM kudos
         WHERE community_id = $1 AND to_id = $2 AND revoked_at IS NULL AND reason <> 'solved' GROUP BY reason`,
        [communityId, memberId],
      );
      const latest: {
        contributionId: string;
        reason: KudosReason;
        by: string;
        words: string;
        at: Date;
      }[] = await em.query(
        `SELECT k.contribution_id AS "contributionId", k.reason, m.handle AS by, c.body AS words, k.at FROM kudos k
         JOIN member m ON m.community_id = $1 AND m.id = k.from_id
         JOIN contribution c ON c.community_id = $1 AND c.id = k.contribution_id
         WHERE k.community_id = $1 AND k.to_id = $2 AND k.revoked_at IS NULL AND k.reason <> 'solved'
         ORDER BY k.at DESC LIMIT ${LATEST}`,
        [communityId, memberId],
      );
      const score = row.score ?? 0;
      return {
        standing: {
          ...{ season: season.name, seasonEndsOn: new Date(season.to).toISOString().slice(0, 10) },
          ...{ score: round(score), fromKudos: round(row.fromKudos ?? 0) },
          ...{ fromRatings: round(row.fromRatings ?? 0), level: levelOf(score), missing: missingFor(score) },
          ...{ rank: row.board ? row.rank : null, optedOut: row.optedOut, board: row.board },
          received: Object.fromEntries(received.map(({ reason, count }) => [reason, count])),
          latest: latest.map(({ words, at, ...one }) => ({
            ...{ ...one, words: excerptOf(words.split('\n', 1)[0]!), at: at.toISOString() },
          })),
          at: row.at?.toISOString() ?? null,
        },
        offers: await this.offers(em, communityId, memberId),
      };
    });
  }

  private async offers(em: EntityManager, communityId: string, memberId: string): Promise<Recognition[]> {
    const rows: (Omit<Recognition, 'at'> & { at: Date })[] = await em.query(
      `SELECT r.id, r.kind, r.words, m.handle AS by, r.at, r.accepted FROM recognition r
       JOIN member m ON m.community_id = $1 AND m.id = r.by_id
       WHERE r.community_id = $1 AND r.member_id = $2 ORDER BY r.at DESC LIMIT 20`,
      [communityId, memberId],
    );
    return rows.map(({ at, ...row }) => ({ ...row, at: at.toISOString() }));
  }

  /** 404 for members where it is not switched on. */
  board(caller: Member | Overseer): Promise<{ season: string; ranked: Ranked[] }> {
    const { communityId } = caller;
    const { name: season } = seasonOf(Date.now());
    return this.tenancy.inCommunity(communityId, async (em) => {
      const on: unknown[] = isTeam(caller)
        ? [true]
        : await em.query('SELECT FROM recognition_rule WHERE community_id = $1 AND board', [communityId]);
      if (!on.length) throw notFound();
      const rows: Ranked[] = await em.query(
        `SELECT s.rank, s.member_id AS "memberId", m.handle, s.level, s.score FROM standing s
         JOIN member m ON m.community_id = $1 AND m.id = s.member_id
         WHERE s.community_id = $1 AND s.season = $2 AND s.rank IS NOT NULL ORDER BY s.rank, s.member_id LIMIT ${FIRST_PAGE}`,
        [communityId, season],
      );
      return { season, ranked: rows.map((row) => ({ ...row, score: round(row.score) })) };
    });
  }

  async optOut({ communityId, memberId }: Member, optedOut: boolean): Promise<void> {
    await this.tenancy.inCommunity(communityId, async (em) => {
      await em.query('UPDATE member SET ranking_opt_out = $3 WHERE community_id = $1 AND id = $2', [
        communityId,
        memberId,
        optedOut,
      ]);
      // It holds at once; back on the board with the next reckoning.
      if (optedOut)
        await em.query('UPDATE standing SET rank = NULL WHERE community_id = $1 AND member_id = $2', [
          communityId,
          memberId,
        ]);
    });
  }

  async setBoard(communityId: string, on: boolean): Promise<void> {
    await this.tenancy.inCommunity(communityId, (em) =>
      em.query(
        `INSERT INTO recognition_rule (community_id, board) VALUES ($1, $2)
         ON CONFLICT (community_id) DO UPDATE SET board = $2`,
        [communityId, on],
      ),
    );
  }

  // --- who takes part ---

  /** The weeks that are missing, and the one that goes on. */
  async countWeeks(communityId: string): Promise<void> {
    await this.tenancy.inCommunity(communityId, async (em) => {
      const weeks: { week: string }[] = await em.query(
        `SELECT w::date::text AS week FROM generate_series(date_trunc('week', now()) - make_interval(weeks => ${WEEKS - 2}),
           date_trunc('week', now()) + interval '1 week', interval '1 week') AS w
         WHERE NOT EXISTS (SELECT FROM participation p WHERE p.community_id = $1 AND p.week = w::date
           AND p.week <= date_trunc('week', now())::date)`,
        [communityId],
      );
      for (const { week } of weeks) {
        const members: { said: number; rated: number }[] = await em.query(
          `SELECT coalesce(c.said, 0) AS said, coalesce(r.rated, 0) AS rated FROM member m
           LEFT JOIN (SELECT author_id, count(*)::int AS said FROM contribution WHERE community_id = $1
             AND at >= $2::date - 28 AND at < $2::date AND type <> 'reply' GROUP BY author_id) AS c ON c.author_id = m.id
           LEFT JOIN (SELECT member_id, count(*)::int AS rated FROM rating WHERE community_id = $1
             AND at >= $2::date - 28 AND at < $2::date GROUP BY member_id) AS r ON r.member_id = m.id
           WHERE m.community_id = $1 AND m.role = 'member' AND m.status = 'active' AND m.joined_at < $2::date`,
          [communityId, week],
        );
        // Before anybody was there nothing is to be told.
        if (!members.length) continue;
        const { ones, nines, nineties } = participation(members);
        await em.query(
          `INSERT INTO participation (community_id, week, ones, nines, nineties) VALUES ($1, $2, $3, $4, $5)
           ON CONFLICT (community_id, week) DO UPDATE SET ones = $3, nines = $4, nineties = $5`,
          [communityId, week, ones, nines, nineties],
        );
      }
    });
  }

  async participation({ communityId }: Member): Promise<OutputOf<typeof readParticipation>> {
    await this.countWeeks(communityId);
    return this.tenancy.inCommunity(communityId, async (em) => ({
      weeks: await em.query(
        `SELECT week::text, ones, nines, nineties FROM (SELECT * FROM participation WHERE community_id = $1
           ORDER BY participation.week DESC LIMIT ${WEEKS}) AS last ORDER BY last.week`,
        [communityId],
      ),
    }));
  }
}
