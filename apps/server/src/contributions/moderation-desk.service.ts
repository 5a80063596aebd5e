import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { InputOf, OutputOf } from '@parley/contracts/contract';
import type {
  Author,
  ContributionType,
  LoopState,
  Moderation,
  Named,
  Outcome,
  SpaceKind,
} from '@parley/contracts/contributions';
import {
  CLAIM_MS,
  CONTRIBUTIONS_PAGE,
  DESK_PAGE,
  type DeskItem,
  EXPORT_PAGE,
  type exportContributions,
  type listContributions,
  type listHeld,
  type LogEntry,
  WAITING_MOST,
} from '@parley/contracts/moderation';
import type { Locale } from '@parley/contracts/people';
import { stringify } from 'csv-stringify/sync';
import type { EntityManager } from 'typeorm';
import { AuditService } from '../people/audit.service';
import type { Member } from '../platform/doors';
import { Jobs } from '../platform/jobs';
import { after, cursorOf, markOf } from '../platform/pages';
import { Tenancy } from '../platform/tenancy';
import { returned } from '../platform/writer';
import { ReachService } from '../reach/reach.service';
import { alike } from './alike';
import { usual } from './policy.service';
import { ruleOf } from './spaces.service';

const LOG_PAGE = 100;
/** Moderators are told when something has waited for this share of the promised time. */
const WAITS_SHARE = 0.25;

type Filter = Omit<InputOf<typeof listContributions>, 'communityId'>;

/** SQL for what is chosen of all that was said, newest first. */
const fromChosen = (more = '') => `FROM contribution c
  JOIN space s ON s.community_id = $1 AND s.id = c.room_id
  JOIN member m ON m.community_id = $1 AND m.id = c.author_id ${more}
  WHERE c.community_id = $1 AND c.type <> 'reply' AND (c.at, c.id) < ($2, $3)
    AND c.moderation NOT IN ('withdrawn', 'split')
    AND ($4::uuid IS NULL OR c.room_id = $4) AND ($5::text IS NULL OR c.loop = $5)
    AND ($6::text IS NULL OR c.body ILIKE '%' || $6 || '%')
    AND ($7::uuid IS NULL OR EXISTS (SELECT FROM theme_link l WHERE l.community_id = $1
      AND l.contribution_id = c.id AND l.theme_id = $7))
  ORDER BY c.at DESC, c.id DESC LIMIT $8`;

/** Its parameters; one more than `most`, to know that there are more. */
function whichOf(communityId: string, { spaceId, themeId, loop, words, cursor }: Filter, most: number) {
  const { at, id } = after(cursor);
  const like = words ? words.replace(/[\\%_]/g, '\\$&') : null;
  return [communityId, at, id, spaceId ?? null, loop ?? null, like, themeId ?? null, most + 1];
}

/** SQL for what was thought of its version. */
const rated = `CROSS JOIN LATERAL (SELECT count(*) FILTER (WHERE r.value = 'agree')::int AS agree,
    count(*) FILTER (WHERE r.value = 'disagree')::int AS disagree,
    count(*) FILTER (WHERE r.value = 'unsure')::int AS unsure, count(*) FILTER (WHERE r.matters)::int AS matters
  FROM rating r WHERE r.community_id = $1 AND r.contribution_id = c.id AND r.version = c.version) AS rated`;

/** The columns of an export. */
const exported = [
  ...(['id', 'space', 'kind', 'type', 'about', 'author', 'at', 'moderation', 'loop', 'outcome'] as const),
  ...([
    'teamOnly',
    'themes',
    'version',
    'agree',
    'disagree',
    'unsure',
    'matters',
    'thanks',
    'files',
    'words',
  ] as const),
];

/** What moderators look at: what waits, what was said, what was decided. Each page is one query. */
@Injectable()
export class ModerationDeskService {
  constructor(
    private readonly tenancy: Tenancy,
    private readonly reach: ReachService,
    private readonly audit: AuditService,
    jobs: Jobs,
  ) {
    jobs.everywhere('moderation-waits', '* * * * *', (communityId) => this.tellOfWaiting(communityId));
  }

  /** What belongs to an item is looked up for each, not joined: a plan for joins reads whole tables as they grow. */
  async held(
    { communityId }: Pick<Member, 'communityId'>,
    { spaceId, cursor }: Pick<InputOf<typeof listHeld>, 'spaceId' | 'cursor'>,
  ): Promise<OutputOf<typeof listHeld>> {
    const page = after(cursor, 'oldest');
    type Row = Omit<DeskItem, 'at' | 'releaseAt' | 'decideBy' | 'alike' | 'appeal'> & {
      at: Date;
      releaseAt: Date | null;
      decideBy: Date;
      mark: string;
      appeal: { words: string; reason: Record<Locale, string> | null; by: Named } | null;
      waiting: number;
      overdue: number;
    };
    const found: Row[] = await this.tenancy.inCommunity(communityId, (em) =>
      em.query(
        `WITH first AS (
           SELECT decide_by FROM contribution WHERE community_id = $1 AND moderation IN ('held', 'appealed', 'frozen')
           ORDER BY decide_by LIMIT ${WAITING_MOST + 1}
         ), c AS (
           SELECT * FROM contribution WHERE community_id = $1 AND moderation IN ('held', 'appealed', 'frozen')
             AND (decide_by, id) > ($2, $3) AND ($4::uuid IS NULL OR room_id = $4)
           ORDER BY decide_by, id LIMIT $5
         )
         SELECT total.waiting, total.overdue, c.id, c.type, (SELECT json_build_object('memberId', m.id, 'handle', m.handle,
             'role', m.role) FROM member m WHERE m.community_id = $1 AND m.id = c.author_id) AS author,
           EXISTS (SELECT FROM trusted_author t WHERE t.community_id = $1 AND t.member_id = c.author_id) AS trusted,
           (SELECT person.locale FROM member m JOIN person ON person.id = m.person_id
            WHERE m.community_id = $1 AND m.id = c.author_id) AS locale,
           c.body, c.at, (SELECT json_build_object('id', s.id, 'kind', s.kind, 'title', s.title)
             FROM space s WHERE s.community_id = $1 AND s.id = c.room_id) AS space, c.moderation,
           c.release_at AS "releaseAt", c.decide_by AS "decideBy", ${markOf('c.decide_by')} AS mark,
           CASE WHEN c.claimed_until > now() THEN (SELECT json_build_object('memberId', m.id, 'name', m.handle,
               'until', to_char(c.claimed_until AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))
             FROM member m WHERE m.community_id = $1 AND m.id = c.claimed_by) END AS claim,
           CASE WHEN c.moderation = 'appealed' THEN (
             SELECT json_build_object('words', said.detail ->> 'note', 'reason', taken.detail -> 'reason',
               'by', json_build_object('name', taker.handle, 'title', taker.title))
             FROM receipt said, receipt taken JOIN member taker ON taker.community_id = $1 AND taker.id = taken.by_id
             WHERE said.community_id = $1 AND said.contribution_id = c.id AND said.kind = 'appealed'
               AND taken.community_id = $1 AND taken.contribution_id = c.id AND taken.kind IN ('declined', 'hidden')
             ORDER BY said.id DESC, taken.id DESC LIMIT 1) END AS appeal,
           (SELECT o.body FROM contribution o WHERE o.community_id = $1 AND o.id = c.reply_to) AS "replyTo",
           (SELECT count(*)::int FROM attachment a WHERE a.community_id = $1 AND a.contribution_id = c.id) AS files
         FROM (SELECT count(*)::int AS waiting, count(*) FILTER (WHERE decide_by < now())::int AS overdue FROM first) AS total
         LEFT JOIN c ON true ORDER BY c.decide_by, c.id`,
        [communityId, page.at, page.id, spaceId ?? null, DESK_PAGE + 1],
      ),
    );
    const [{ waiting, overdue }] = found as [Row];
    // Where nothing is on the page there is a row with the counts alone.
    const rows = found.filter(({ id }) => id);
    const shown = rows.slice(0, DESK_PAGE);
    // By the words alone: where they were said is looked at below.
    const likes = alike(shown.map(({ body, type }) => (type === 'reply' ? '' : body)));
    return {
      items: shown.map(
        ({ at, releaseAt, decideBy, appeal, waiting: _w, overdue: _o, mark: _m, ...row }, place) => ({
          ...row,
          at: at.toISOString(),
          releaseAt: releaseAt?.toISOString() ?? null,
          decideBy: decideBy.toISOString(),
          appeal: appeal && { ...appeal, reason: appeal.reason?.en ?? '' },
          alike: likes[place]!.map((other) => shown[other]!)
            .filter(({ space, type }) => space.id === row.space.id && type === row.type)
            .map(({ id, body, moderation }) => ({ id, body, moderation })),
        }),
      ),
      next: cursorOf(rows, DESK_PAGE),
      waiting,
      overdue,
    };
  }

  /** Takes what nobody else has, and gives back one's own. */
  async claim(
    { communityId, memberId }: Member,
    take: readonly string[],
    release: readonly string[],
  ): Promise<{ mine: string[]; until: string }> {
    return this.tenancy.inCommunity(communityId, async (em) => {
      await em.query(
        `UPDATE contribution SET claimed_by = NULL, claimed_until = NULL
         WHERE community_id = $1 AND id = ANY ($2) AND claimed_by = $3`,
        [communityId, release, memberId],
      );
      const mine = await returned<{ id: string }>(
        em,
        `UPDATE contribution SET claimed_by = $3, claimed_until = now() + make_interval(secs => $4)
         WHERE community_id = $1 AND id IN (SELECT id FROM contribution WHERE community_id = $1 AND id = ANY ($2)
             AND (claimed_until IS NULL OR claimed_until < now() OR claimed_by = $3) ORDER BY id FOR UPDATE)
         RETURNING id`,
        [communityId, take, memberId, CLAIM_MS / 1000],
      );
      return { mine: mine.map(({ id }) => id), until: new Date(Date.now() + CLAIM_MS).toISOString() };
    });
  }

  async list({ communityId, memberId }: Member, filter: Filter): Promise<OutputOf<typeof listContributions>> {
    type Row = {
      id: string;
      type: ContributionType;
      author: Author;
      body: string;
      at: Date;
      mark: string;
      space: { id: string; kind: SpaceKind; title: string };
      moderation: Moderation;
      loop: LoopState;
      outcome: Outcome | null;
      teamOnly: boolean;
      themes: { id: string; label: string }[];
      readByMe: boolean;
    };
    const rows: Row[] = await this.tenancy.inCommunity(communityId, (em) =>
      em.query(
        `SELECT c.id, c.type, json_build_object('memberId', m.id, 'handle', m.handle, 'role', m.role) AS author, c.body,
           c.at, ${markOf('c.at')} AS mark, json_build_object('id', s.id, 'kind', s.kind, 'title', s.title) AS space,
           c.moderation, c.loop, c.outcome, c.team_only AS "teamOnly",
           (SELECT coalesce(json_agg(json_build_object('id', t.id, 'label', t.label) ORDER BY t.label), '[]')
            FROM theme_link l JOIN theme t ON t.community_id = $1 AND t.id = l.theme_id
            WHERE l.community_id = $1 AND l.contribution_id = c.id) AS themes,
           EXISTS (SELECT FROM reading r WHERE r.community_id = $1 AND r.contribution_id = c.id AND r.member_id = $9)
             AS "readByMe"
         ${fromChosen()}`,
        [...whichOf(communityId, filter, CONTRIBUTIONS_PAGE), memberId],
      ),
    );
    return {
      contributions: rows
        .slice(0, CONTRIBUTIONS_PAGE)
        .map(({ at, mark: _, ...row }) => ({ ...row, at: at.toISOString() })),
      next: cursorOf(rows, CONTRIBUTIONS_PAGE),
    };
  }

  /** The same for the tools that the brand works with; that it went out is written down. */
  async export(
    { communityId, personId }: Member,
    filter: Filter,
  ): Promise<OutputOf<typeof exportContributions>> {
    return this.tenancy.inCommunity(communityId, async (em) => {
      const rows: (Record<(typeof exported)[number], unknown> & { at: Date; id: string; mark: string })[] =
        await em.query(
          `SELECT c.id, s.title AS space, s.kind, c.type, (SELECT p.topic_id FROM post p
             WHERE p.community_id = $1 AND p.id = c.id) AS about, m.handle AS author, c.at, ${markOf('c.at')} AS mark,
           c.moderation, c.loop, c.outcome, c.team_only AS "teamOnly", c.version,
           (SELECT string_agg(t.label, '; ' ORDER BY t.label) FROM theme_link l
            JOIN theme t ON t.community_id = $1 AND t.id = l.theme_id
            WHERE l.community_id = $1 AND l.contribution_id = c.id) AS themes,
           rated.*, (SELECT count(*)::int FROM kudos k WHERE k.community_id = $1 AND k.contribution_id = c.id
             AND k.revoked_at IS NULL) AS thanks,
           (SELECT count(*)::int FROM attachment a WHERE a.community_id = $1 AND a.contribution_id = c.id) AS files,
           c.body AS words
         ${fromChosen(rated)}`,
          whichOf(communityId, filter, EXPORT_PAGE),
        );
      const lines = rows.slice(0, EXPORT_PAGE);
      await this.audit.write(em, {
        ...{ actor: personId, action: 'contributions.exported', target: filter.spaceId ?? 'all' },
        detail: { rows: lines.length, loop: filter.loop, words: filter.words, themeId: filter.themeId },
      });
      return {
        csv: stringify(
          [
            ...(filter.cursor ? [] : [exported]),
            ...lines.map((row) => exported.map((name) => (name === 'at' ? row.at.toISOString() : row[name]))),
          ],
          { escape_formulas: true, cast: { boolean: (is) => (is ? 'yes' : 'no') } },
        ),
        rows: lines.length,
        next: cursorOf(rows, EXPORT_PAGE),
      };
    });
  }

  /** Newest first. */
  async readLog(communityId: string, beforeSeq: number | undefined): Promise<LogEntry[]> {
    return this.tenancy.inCommunity(communityId, (em) =>
      this.logRows(em, communityId, beforeSeq ?? null, LOG_PAGE),
    );
  }

  /** The whole log, oldest first; that it was exported is written down. */
  async exportLog({ communityId, personId }: Member) {
    return this.tenancy.inCommunity(communityId, async (em) => {
      const rows = (await this.logRows(em, communityId, null, null)).reverse();
      const head = [
        'seq',
        'at',
        'by',
        'action',
        'reason',
        'note',
        'policyVersion',
        'contributionId',
        'excerpt',
        'space',
      ];
      const lines = rows.map((row) => head.map((name) => row[name as keyof LogEntry] ?? ''));
      const csv = stringify([head, ...lines], { escape_formulas: true });
      const sha256 = createHash('sha256').update(csv).digest('hex');
      await this.audit.write(em, {
        actor: personId,
        action: 'moderation.exported',
        target: 'log',
        detail: { rows: rows.length, sha256 },
      });
      return { csv, sha256, rows: rows.length };
    });
  }

  private async logRows(
    em: EntityManager,
    communityId: string,
    beforeSeq: number | null,
    limit: number | null,
  ): Promise<LogEntry[]> {
    const rows: (Omit<LogEntry, 'at'> & { at: Date })[] = await em.query(
      `SELECT d.seq::int AS seq, d.at, m.handle AS by, d.action, d.note, d.policy_version AS "policyVersion",
         coalesce((SELECT one.value ->> 'en' FROM moderation_policy p, jsonb_array_elements(p.body -> 'reasons') AS one (value)
          WHERE p.community_id = $1 AND p.version = d.policy_version AND one.value ->> 'key' = d.reason), d.reason) AS reason,
         d.contribution_id AS "contributionId", d.excerpt, s.title AS space
       FROM moderation_decision d
       JOIN member m ON m.community_id = $1 AND m.id = d.moderator_id
       JOIN contribution c ON c.community_id = $1 AND c.id = d.contribution_id
       JOIN space s ON s.community_id = $1 AND s.id = c.room_id
       WHERE d.community_id = $1 AND ($2::bigint IS NULL OR d.seq < $2) ORDER BY d.seq DESC LIMIT $3`,
      [communityId, beforeSeq, limit],
    );
    return rows.map(({ at, reason, ...row }) => ({
      ...row,
      at: at.toISOString(),
      reason: row.policyVersion ? reason : (usual.reasons.find(({ key }) => key === reason)?.en ?? reason),
    }));
  }

  /** Tells moderators once an hour that items wait, when the oldest has waited for a quarter of the promised time. */
  private async tellOfWaiting(communityId: string) {
    await this.tenancy.inCommunity(communityId, async (em) => {
      const [row] = (await em.query(
        `SELECT count(*)::int AS count FROM contribution c JOIN space s ON s.community_id = $1 AND s.id = c.room_id
         LEFT JOIN community_rule r ON r.community_id = $1 CROSS JOIN LATERAL (SELECT ${ruleOf}) AS rule
         WHERE c.community_id = $1 AND c.moderation IN ('held', 'appealed', 'frozen') AND c.release_at IS NULL
         HAVING bool_or(c.decide_by - make_interval(mins => rule.decide_minutes) * (1 - $2::float8) < now())`,
        [communityId, WAITS_SHARE],
      )) as { count: number }[];
      // While they are told of the hour before and have not looked, they are not told again.
      if (!row) return this.reach.settleKind(em, communityId, 'itemsWait');
      const team: { id: string }[] = await em.query(
        `SELECT m.id FROM member m WHERE m.community_id = $1 AND m.status = 'active' AND m.role IN ('moderator', 'manager')
           AND NOT EXISTS (SELECT FROM notification n WHERE n.community_id = $1 AND n.member_id = m.id
             AND n.kind = 'itemsWait' AND n.read_at IS NULL)`,
        [communityId],
      );
      const hour = new Date().toISOString().slice(0, 13);
      await this.reach.tell(
        em,
        communityId,
        team.map(({ id }) => ({
          memberId: id,
          kind: 'itemsWait',
          cause: `itemsWait.${hour}`,
          data: { count: row.count },
        })),
      );
    });
  }
}
