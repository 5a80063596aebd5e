import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import {
  type Author,
  before,
  type ContributionType,
  type Edited,
  type Fate,
  type Moderation,
  moderationMoves,
  type SpaceKind,
} from '@parley/contracts/contributions';
import type { Decided, Decision } from '@parley/contracts/moderation';
import type { Locale, Role } from '@parley/contracts/people';
import type { EntityManager } from 'typeorm';
import type { Member } from '../platform/doors';
import { AppError, notFound } from '../platform/errors';
import { idOf } from '../platform/ids';
import { Tenancy } from '../platform/tenancy';
import { type Kind, type NewFact, type Outcome, type Write, Writer } from '../platform/writer';
import { type News, ReachService } from '../reach/reach.service';
import { ContributionsService, type Told } from './contributions.service';
import { decide, type Effect, type Subject } from './decide';
import { appealUntil, excerptOf, FateService, type Step } from './fate.service';
import { PolicyService } from './policy.service';
import { ruleOf } from './spaces.service';

/** A subject with all that telling about it takes. */
interface SubjectRow extends Subject {
  handle: string;
  role: Role;
  locale: Locale;
  at: Date;
  cueId: string | null;
  second: number | null;
  edited: Edited | null;
  teamOnly: boolean;
  kind: SpaceKind;
  by: string | null;
  decideMinutes: number;
  replyTo: string | null;
  replyToAuthor: string | null;
  replyToBody: string | null;
  /** Who decided about it last. */
  decidedBy: string | null;
  versions: number;
  /** How often it was decided about. */
  decisions: number;
}

/** A reply of the team to one author. */
interface NewReply {
  roomId: string;
  author: Author;
  body: string;
  replyTo: string;
}

interface Resubmitted {
  contributionId: string;
  body: string;
}

interface Deciding {
  contributionIds: string[];
  decision: Decision;
}

/** How often what is held for some seconds is looked at, ms. */
const RELEASE_MS = 250;

/** What moderators decide, what the team replies, what authors take back or send again, and what is released by itself. */
@Injectable()
export class ModerationService implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly decisions: Kind<Deciding, { decided: Decided[] }>;
  private readonly releases: Kind<object, object>;
  private readonly replies: Kind<NewReply, { id: string; fate: Fate }>;
  private readonly withdrawals: Kind<{ contributionId: string }, object>;
  private readonly resubmissions: Kind<Resubmitted, object>;
  /** When the next held item of a community is released, ms. */
  private readonly releaseAt = new Map<string, number>();
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly tenancy: Tenancy,
    private readonly writer: Writer,
    private readonly contributions: ContributionsService,
    private readonly fate: FateService,
    private readonly policy: PolicyService,
    private readonly reach: ReachService,
  ) {
    this.decisions = {
      name: 'decide',
      store: (em, writes) => each(writes, (write) => this.decideOne(em, write)),
    };
    this.replies = { name: 'reply', store: (em, writes) => this.storeReplies(em, writes) };
    this.withdrawals = {
      name: 'withdraw',
      store: (em, writes) => each(writes, (write) => this.withdrawOne(em, write)),
    };
    this.resubmissions = {
      name: 'resubmit',
      store: (em, writes) =>
        each(writes, (write) => this.resubmitted(em, write, ['comment', 'statement', 'topic', 'post'])),
    };
    this.releases = { name: 'release', store: (em, writes) => this.releaseDue(em, writes) };
    contributions.onHeld = (communityId, at) => this.expect(communityId, at.getTime());
  }

  /** Told, in its transaction, when an author takes back what they said. */
  readonly onWithdrawn: ((
    em: EntityManager,
    communityId: string,
    contributionId: string,
  ) => Promise<void>)[] = [];

  /** Told, in its transaction, when something is to be seen by all from now on; answers what is done after the commit. */
  readonly onShown: ((
    em: EntityManager,
    communityId: string,
    ids: readonly string[],
  ) => Promise<() => void>)[] = [];

  async onApplicationBootstrap() {
    for (const communityId of await this.tenancy.communities()) await this.readNextRelease(communityId);
    this.timer = setInterval(() => this.releaseNow(), RELEASE_MS);
  }

  onModuleDestroy() {
    clearInterval(this.timer);
  }

  async decide({ communityId, memberId }: Member, input: Deciding): Promise<{ decided: Decided[] }> {
    const { decision } = input;
    if ('reason' in decision && !(await this.policy.hasReason(communityId, decision.reason)))
      throw new AppError('request.invalid', 'Choose a reason of the policy that stands.', {
        fields: { 'decision.reason': 'a reason of the policy that stands' },
      });
    const contributionIds = [...new Set(input.contributionIds)];
    return this.writer.write(this.decisions, {
      ...{ communityId, memberId, opId: null },
      input: { contributionIds, decision },
    });
  }

  /** Each is locked, looked at, and decided or left, with the reason. */
  private async decideOne(
    em: EntityManager,
    { communityId, memberId, input: { contributionIds, decision } }: Write<Deciding>,
  ): Promise<Outcome<{ decided: Decided[] }> | AppError> {
    const rows = await this.lock(em, communityId, memberId, contributionIds);
    const known = new Map(rows.map((row) => [row.id, row]));
    if (decision.action === 'merge') {
      const [target] = await this.lock(em, communityId, memberId, [decision.into]);
      // What all see goes only into what all see: nobody's words vanish with a decision about somebody else's.
      const fits = (row: SubjectRow) =>
        row.spaceId === target!.spaceId &&
        row.teamOnly === target!.teamOnly &&
        (row.moderation !== 'published' || target!.moderation === 'published');
      const takes =
        target &&
        ['held', 'published'].includes(target.moderation) &&
        target.type !== 'reply' &&
        !target.claimed;
      if (!takes || !rows.every(fits))
        return new AppError('request.invalid', 'Choose one of the same space that is not taken down.', {
          fields: { 'decision.into': 'a contribution of the same space' },
        });
    }
    const { version, reasons } = await this.policy.standing(em, communityId);
    const reason = 'reason' in decision ? reasons.find(({ key }) => key === decision.reason) : undefined;
    const note = 'note' in decision ? decision.note : null;
    const facts: NewFact[] = [];
    const steps: Step[] = [];
    const news: News[] = [];
    const done: { row: SubjectRow; effect: Effect }[] = [];
    const decided = contributionIds.map((id): Decided => {
      const row = known.get(id);
      if (!row) return { contributionId: id, result: 'refused', moderation: null, by: null };
      const effect = decide(row, decision, memberId);
      if (typeof effect === 'object') {
        done.push({ row, effect });
        return { contributionId: id, result: 'done', moderation: effect.moderation, by: null };
      }
      const { moderation, by, decidedBy } = row;
      // The answer was lost, and it is asked again: what was to be done is done.
      const isRepeat =
        effect === 'moved' && decidedBy === memberId && moderation === targetOf[decision.action];
      return { contributionId: id, result: isRepeat ? 'done' : effect, moderation, by };
    });

    const parts: Told[] = [];
    const retold = new Map<string, { id: string; body?: string; edited?: Edited }[]>();
    for (const { row, effect } of done) {
      const { id, spaceId, kind } = row;
      const wasShown = row.moderation === 'published' && !row.teamOnly;
      const isShown = effect.moderation === 'published' && !row.teamOnly;
      const told: Told = {
        ...toldOf(row),
        ...(effect.body !== undefined && { body: effect.body, edited: effect.edited ?? null }),
      };
      if (isShown && !wasShown) facts.push(...this.contributions.saidFacts(spaceId, kind, told));
      if (wasShown && !isShown) facts.push(...this.contributions.changedFacts(spaceId, kind, { id }));
      if (wasShown && isShown && effect.body !== undefined)
        facts.push(
          ...this.contributions.changedFacts(spaceId, kind, {
            id,
            body: effect.body,
            edited: effect.edited!,
          }),
        );
      if (wasShown && (!isShown || effect.body !== undefined))
        retold.set(spaceId, [
          ...(retold.get(spaceId) ?? []),
          isShown ? { id, body: effect.body!, edited: effect.edited! } : { id },
        ]);
      for (const [place, body] of (effect.parts ?? []).entries()) {
        const part = { ...toldOf(row), id: idOf('part', id, place, body), body, edited: 'reworded' as const };
        parts.push(part);
        if (!row.teamOnly) facts.push(...this.contributions.saidFacts(spaceId, kind, part));
      }
      const into = effect.into ?? parts[0]?.id ?? null;
      steps.push({
        contributionId: id,
        kind: effect.receipt,
        byId: memberId,
        detail: {
          ...(reason && { reason: { en: reason.en, de: reason.de } }),
          ...(note && { note }),
          ...(into && { into }),
        },
      });
      if (row.type === 'reply') {
        if (isShown && !wasShown) tellOfReply(row, steps, news);
        // Its reader does not read it in what they were told either.
        if (wasShown && !isShown) await this.reach.retract(em, communityId, `reply.${id}`);
      } else if (effect.receipt !== 'spelling')
        news.push({
          memberId: row.authorId,
          kind: 'receipt',
          cause: `contribution.${id}.${effect.receipt}.${row.decisions + 1}`,
          data: {
            contributionId: id,
            words: excerptOf(row.body),
            step: effect.receipt,
            ...(reason && { reason: reason[row.locale] }),
            ...(note && { note }),
          },
        });
    }
    for (const [spaceId, changes] of retold)
      await this.contributions.retell(em, communityId, spaceId, changes);
    await this.store(em, communityId, memberId, done);
    await this.storeParts(em, communityId, done);
    await this.fate.write(em, communityId, steps);
    await this.log(em, communityId, memberId, decision, version, done);
    await this.reach.tell(em, communityId, news);
    const committed = await this.tellShown(
      em,
      communityId,
      done.flatMap(({ row, effect }) =>
        row.moderation !== 'published' && effect.moderation === 'published' && !row.teamOnly ? row.id : [],
      ),
    );
    return { result: { decided }, facts, committed };
  }

  private async tellShown(em: EntityManager, communityId: string, ids: readonly string[]) {
    const after: (() => void)[] = [];
    if (ids.length) for (const told of this.onShown) after.push(await told(em, communityId, ids));
    return () => after.forEach((one) => one());
  }

  private lock(
    em: EntityManager,
    communityId: string,
    memberId: string,
    ids: readonly string[],
  ): Promise<SubjectRow[]> {
    return em.query(
      `SELECT c.id, c.type, c.body, c.at, c.author_id AS "authorId", m.handle, m.role, person.locale, c.cue_id AS "cueId",
         c.second, c.edited, c.team_only AS "teamOnly", c.room_id AS "spaceId", s.kind, c.moderation, c.reply_to AS "replyTo",
         (SELECT o.author_id FROM contribution o WHERE o.community_id = $1 AND o.id = c.reply_to) AS "replyToAuthor",
         (SELECT o.body FROM contribution o WHERE o.community_id = $1 AND o.id = c.reply_to) AS "replyToBody",
         (c.claimed_until > now() AND c.claimed_by <> $3) IS TRUE AS claimed,
         EXISTS (SELECT FROM rating r WHERE r.community_id = $1 AND r.contribution_id = c.id AND r.member_id <> c.author_id)
           AS rated,
         (SELECT r.by_id FROM receipt r WHERE r.community_id = $1 AND r.contribution_id = c.id
           AND r.kind IN ('declined', 'hidden') ORDER BY r.id DESC LIMIT 1) AS "takenBy",
         last.moderator_id AS "decidedBy", coalesce(claimer.handle, last.handle) AS by,
         (SELECT decide_minutes FROM (SELECT ${ruleOf}) AS rule) AS "decideMinutes",
         (SELECT count(*)::int FROM contribution_version v WHERE v.community_id = $1 AND v.contribution_id = c.id) AS versions,
         (SELECT count(*)::int FROM moderation_decision d WHERE d.community_id = $1 AND d.contribution_id = c.id) AS decisions,
         c.loop, EXISTS (SELECT FROM receipt a WHERE a.community_id = $1 AND a.contribution_id = c.id AND a.kind = 'appealed'
           AND NOT EXISTS (SELECT FROM receipt z WHERE z.community_id = $1 AND z.contribution_id = c.id AND z.id > a.id
             AND z.kind IN ('upheld', 'restored'))) AS appealed
       FROM contribution c
       JOIN space s ON s.community_id = $1 AND s.id = c.room_id
       LEFT JOIN community_rule r ON r.community_id = $1
       JOIN member m ON m.community_id = $1 AND m.id = c.author_id
       JOIN person ON person.id = m.person_id
       LEFT JOIN member claimer ON claimer.community_id = $1 AND claimer.id = c.claimed_by AND c.claimed_until > now()
       LEFT JOIN LATERAL (SELECT d.moderator_id, who.handle FROM moderation_decision d
         JOIN member who ON who.community_id = $1 AND who.id = d.moderator_id
         WHERE d.community_id = $1 AND d.contribution_id = c.id ORDER BY d.seq DESC LIMIT 1) AS last ON true
       WHERE c.community_id = $1 AND c.id = ANY ($2) ORDER BY c.id FOR NO KEY UPDATE OF c`,
      [communityId, ids, memberId],
    );
  }

  private async store(
    em: EntityManager,
    communityId: string,
    memberId: string,
    done: readonly { row: SubjectRow; effect: Effect }[],
  ) {
    if (!done.length) return;
    const versions = done.filter(({ effect }) => effect.body !== undefined);
    for (const { row, effect } of versions)
      await em.query(
        `INSERT INTO contribution_version (community_id, contribution_id, n, body, edited) VALUES ($1, $2, $3, $4, $5)`,
        [communityId, row.id, row.versions + 1, row.body, effect.edited],
      );
    await em.query(
      `UPDATE contribution c SET moderation = d.moderation, body = coalesce(d.body, c.body),
         edited = coalesce(d.edited, c.edited), merged_into = coalesce(d.into, c.merged_into),
         release_at = CASE WHEN d.moderation = 'held' AND c.moderation = 'held' THEN c.release_at END,
         decide_by = CASE WHEN d.moderation = 'held' AND c.moderation = 'held' THEN c.decide_by
           WHEN d.moderation IN ('held', 'frozen') THEN now() + make_interval(mins => d.minutes) END,
         appeal_until = CASE WHEN d.moderation IN ('returned', 'declined', 'hidden') THEN ${appealUntil} ELSE c.appeal_until END,
         claimed_by = CASE WHEN d.moderation = 'held' AND c.moderation = 'held' THEN c.claimed_by END,
         claimed_until = CASE WHEN d.moderation = 'held' AND c.moderation = 'held' THEN c.claimed_until END
       FROM json_to_recordset($2::json) AS d (id uuid, moderation text, body text, edited text, "into" uuid, minutes int)
       WHERE c.community_id = $1 AND c.id = d.id`,
      [
        communityId,
        JSON.stringify(
          done.map(({ row, effect: { moderation, body, edited, into } }) => ({
            ...{ id: row.id, moderation, body, edited, into },
            minutes: row.decideMinutes,
          })),
        ),
      ],
    );
    const distrusted = done
      .filter(({ effect }) => effect.receipt === 'declined' || effect.receipt === 'hidden')
      .map(({ row }) => row.authorId);
    if (distrusted.length)
      await em.query('DELETE FROM trusted_author WHERE community_id = $1 AND member_id = ANY ($2)', [
        communityId,
        distrusted,
      ]);
    const trusted = done.filter(({ effect }) => effect.trust).map(({ row }) => row.authorId);
    if (trusted.length)
      await em.query(
        `INSERT INTO trusted_author (community_id, member_id, by_id) SELECT DISTINCT $1::uuid, who, $3::uuid
         FROM unnest($2::uuid[]) AS who ON CONFLICT DO NOTHING`,
        [communityId, trusted, memberId],
      );
  }

  /** The parts of what was split are published at once: a moderator wrote them. */
  private async storeParts(
    em: EntityManager,
    communityId: string,
    done: readonly { row: SubjectRow; effect: Effect }[],
  ) {
    const parts = done.flatMap(({ row, effect }) =>
      (effect.parts ?? []).map((body, place) => ({
        id: idOf('part', row.id, place, body),
        of: row.id,
        body,
      })),
    );
    if (!parts.length) return;
    await em.query(
      `INSERT INTO contribution (community_id, id, room_id, author_id, type, body, cue_id, second, at, team_only, loop,
         edited, split_of)
       SELECT $1, p.id, c.room_id, c.author_id, c.type, p.body, c.cue_id, c.second, c.at, c.team_only,
         CASE WHEN c.loop = 'received' THEN 'received' ELSE 'read' END, 'reworded', c.id
       FROM json_to_recordset($2::json) AS p (id uuid, "of" uuid, body text)
       JOIN contribution c ON c.community_id = $1 AND c.id = p.of ON CONFLICT DO NOTHING`,
      [communityId, JSON.stringify(parts)],
    );
    await em.query(
      `INSERT INTO theme_link (community_id, theme_id, contribution_id)
       SELECT $1, l.theme_id, p.id FROM json_to_recordset($2::json) AS p (id uuid, "of" uuid)
       JOIN theme_link l ON l.community_id = $1 AND l.contribution_id = p.of ON CONFLICT DO NOTHING`,
      [communityId, JSON.stringify(parts)],
    );
  }

  private async log(
    em: EntityManager,
    communityId: string,
    memberId: string,
    decision: Decision | { action: 'return'; reason: null; note: string | null },
    policyVersion: number,
    done: readonly { row: SubjectRow }[],
  ) {
    await em.query(
      `INSERT INTO moderation_decision (community_id, contribution_id, action, reason, note, moderator_id, policy_version,
         excerpt)
       SELECT $1, d.id, $3, $4, $5, $6, $7, d.excerpt FROM json_to_recordset($2::json) AS d (id uuid, excerpt text)`,
      [
        communityId,
        JSON.stringify(done.map(({ row }) => ({ id: row.id, excerpt: excerptOf(row.body) }))),
        decision.action,
        'reason' in decision ? decision.reason : null,
        'note' in decision ? decision.note : null,
        memberId,
        policyVersion,
      ],
    );
  }

  // --- what is held for some seconds ---

  private expect(communityId: string, at: number) {
    this.releaseAt.set(communityId, Math.min(at, this.releaseAt.get(communityId) ?? Infinity));
  }

  private async readNextRelease(communityId: string) {
    const [row] = await this.tenancy.inCommunity(communityId, (em): Promise<{ at: Date | null }[]> =>
      em.query(
        `SELECT min(release_at) AS at FROM contribution
         WHERE community_id = $1 AND moderation = 'held' AND release_at IS NOT NULL`,
        [communityId],
      ),
    );
    if (row?.at) this.expect(communityId, row.at.getTime());
  }

  private releaseNow() {
    for (const [communityId, at] of this.releaseAt) {
      if (at > Date.now()) continue;
      this.releaseAt.delete(communityId);
      this.writer
        .write(this.releases, { communityId, memberId: '', opId: null, input: {} })
        .then(() => this.readNextRelease(communityId))
        // Tried again soon: what is held must not stay so because the database was away.
        .catch(() => this.expect(communityId, Date.now() + 2_000));
    }
  }

  private async releaseDue(em: EntityManager, writes: Write<object>[]) {
    const { communityId } = writes[0]!;
    const rows: SubjectRow[] = await em.query(
      `WITH due AS (
         UPDATE contribution SET moderation = 'published', release_at = NULL, decide_by = NULL, claimed_by = NULL,
           claimed_until = NULL
         WHERE community_id = $1 AND moderation = 'held' AND release_at <= now() RETURNING *
       ), told AS (INSERT INTO receipt (community_id, contribution_id, kind) SELECT $1, id, 'released' FROM due)
       SELECT c.id, c.type, c.body, c.at, c.author_id AS "authorId", m.handle, m.role, c.cue_id AS "cueId", c.second,
         c.edited, c.team_only AS "teamOnly", c.room_id AS "spaceId", s.kind
       FROM due c JOIN space s ON s.community_id = $1 AND s.id = c.room_id
       JOIN member m ON m.community_id = $1 AND m.id = c.author_id ORDER BY c.at, c.id`,
      [communityId],
    );
    const facts = rows.flatMap((row) => this.contributions.saidFacts(row.spaceId, row.kind, toldOf(row)));
    const committed = await this.tellShown(
      em,
      communityId,
      rows.filter(({ teamOnly }) => !teamOnly).map(({ id }) => id),
    );
    return writes.map((_, at): Outcome<object> => ({ result: {}, ...(!at && { facts, committed }) }));
  }

  // --- authors ---

  /** Asked again it changes nothing. */
  async withdraw({ communityId, memberId }: Member, contributionId: string): Promise<void> {
    await this.writer.write(this.withdrawals, {
      communityId,
      memberId,
      opId: null,
      input: { contributionId },
    });
  }

  private async withdrawOne(
    em: EntityManager,
    { communityId, memberId, input: { contributionId } }: Write<{ contributionId: string }>,
  ): Promise<Outcome<object> | AppError> {
    const [row] = await this.lock(em, communityId, memberId, [contributionId]);
    if (!row || row.authorId !== memberId || row.type === 'reply') return notFound();
    if (row.moderation === 'withdrawn') return { result: {} };
    await em.query(
      `UPDATE contribution SET moderation = 'withdrawn', release_at = NULL, decide_by = NULL, claimed_by = NULL,
         claimed_until = NULL WHERE community_id = $1 AND id = $2`,
      [communityId, contributionId],
    );
    await this.fate.write(em, communityId, [{ contributionId, kind: 'withdrawn', byId: null, detail: {} }]);
    for (const told of this.onWithdrawn) await told(em, communityId, contributionId);
    if (row.moderation !== 'published' || row.teamOnly) return { result: {} };
    await this.contributions.retell(em, communityId, row.spaceId, [{ id: contributionId }]);
    return {
      result: {},
      facts: this.contributions.changedFacts(row.spaceId, row.kind, { id: contributionId }),
    };
  }

  /** Sends what was returned again; it waits for a decision. */
  async resubmit({ communityId, memberId }: Member, contributionId: string, body: string): Promise<void> {
    const input = { contributionId, body };
    await this.writer.write(this.resubmissions, { communityId, memberId, opId: null, input });
  }

  /** The same within a transaction, of one of these types. */
  async resubmitted(
    em: EntityManager,
    { communityId, memberId, input: { contributionId, body } }: Write<Resubmitted>,
    types: readonly ContributionType[],
  ): Promise<Outcome<object> | AppError> {
    const [row] = await this.lock(em, communityId, memberId, [contributionId]);
    if (!row || row.authorId !== memberId || !types.includes(row.type)) return notFound();
    if (row.moderation === 'held' && row.body === body) return { result: {} };
    if (row.moderation !== 'returned')
      return new AppError('contribution.moved', 'Only what was returned can be sent again.');
    const edited = 'author' as const;
    await this.store(em, communityId, memberId, [
      { row, effect: { moderation: 'held', receipt: 'resubmitted', body, edited } },
    ]);
    await this.fate.write(em, communityId, [{ contributionId, kind: 'resubmitted', byId: null, detail: {} }]);
    return { result: {} };
  }

  /**
   * Puts an author's own words into others; what they were stays to be read. Where moderators look first they look again.
   * False where it is decided about, or not there to be changed.
   */
  async amend(
    em: EntityManager,
    { communityId, memberId }: Pick<Member, 'communityId' | 'memberId'>,
    contributionId: string,
    { body, looksFirst }: { body: string; looksFirst: boolean },
  ): Promise<boolean> {
    const [row] = await this.lock(em, communityId, memberId, [contributionId]);
    if (!row || row.authorId !== memberId) throw notFound();
    if (row.body === body) return true;
    const isOpen = ['received', 'read', 'grouped', 'considered'].includes(row.loop);
    if (!isOpen || (row.moderation !== 'published' && row.moderation !== 'held')) return false;
    const moderation = looksFirst ? 'held' : row.moderation;
    await this.store(em, communityId, memberId, [
      { row, effect: { moderation, receipt: 'resubmitted', body, edited: 'author' } },
    ]);
    return true;
  }

  /**
   * Gives back to its author what does not fit what was asked, with what to mend; `byId` null: it came to light by
   * itself. False where it is no longer where it could be given back.
   */
  async giveBack(
    em: EntityManager,
    communityId: string,
    contributionId: string,
    {
      byId,
      note,
      news,
    }: { byId: string | null; note: string | null; news?: Omit<News, 'memberId' | 'cause'> },
  ): Promise<boolean> {
    const [row] = await this.lock(em, communityId, byId ?? contributionId, [contributionId]);
    if (!row || row.authorId === byId || !before(moderationMoves, 'returned').includes(row.moderation))
      return false;
    await this.store(em, communityId, byId ?? '', [
      { row, effect: { moderation: 'returned', receipt: 'returned' } },
    ]);
    await this.fate.write(em, communityId, [
      { contributionId, kind: 'returned', byId, detail: { ...(note && { note }) } },
    ]);
    if (byId) {
      const { version } = await this.policy.standing(em, communityId);
      await this.log(em, communityId, byId, { action: 'return', reason: null, note }, version, [{ row }]);
    }
    await this.reach.tell(em, communityId, [
      {
        memberId: row.authorId,
        cause: `contribution.${contributionId}.returned.${row.versions}.${row.decisions}`,
        ...(news ?? {
          kind: 'receipt',
          data: { contributionId, words: excerptOf(row.body), step: 'returned', ...(note && { note }) },
        }),
      },
    ]);
    return true;
  }

  // --- replies ---

  async reply(caller: Member, contributionId: string, opId: string, body: string) {
    const { communityId, memberId, handle, role } = caller;
    const [to] = await this.tenancy.inCommunity(communityId, (em): Promise<{ roomId: string }[]> =>
      em.query(
        `SELECT room_id AS "roomId" FROM contribution WHERE community_id = $1 AND id = $2 AND type <> 'reply'`,
        [communityId, contributionId],
      ),
    );
    if (!to) throw notFound();
    const author: Author = { memberId, handle, role };
    const input = { ...to, author, body, replyTo: contributionId };
    const { id, fate } = await this.writer.write(this.replies, { communityId, memberId, opId, input });
    return { id, moderation: fate.moderation };
  }

  private async storeReplies(em: EntityManager, writes: Write<NewReply>[]) {
    const outcomes = await this.contributions.store(em, writes, 'reply', ({ id }, fate) => ({ id, fate }));
    const steps: Step[] = [];
    const news: News[] = [];
    const { communityId } = writes[0]!;
    const whose: { id: string; replyToAuthor: string; replyToBody: string }[] = await em.query(
      `SELECT id, author_id AS "replyToAuthor", body AS "replyToBody" FROM contribution
       WHERE community_id = $1 AND id = ANY ($2)`,
      [communityId, writes.map(({ input }) => input.replyTo)],
    );
    const of = new Map(whose.map(({ id, ...rest }) => [id, rest]));
    for (const [place, outcome] of outcomes.entries()) {
      if (outcome instanceof AppError || outcome.result.fate.moderation !== 'published') continue;
      const { author, body, replyTo } = writes[place]!.input;
      const { memberId: authorId, handle } = author;
      tellOfReply(
        { id: outcome.result.id, authorId, handle, body, replyTo, ...of.get(replyTo)! },
        steps,
        news,
      );
    }
    await this.fate.write(em, communityId, steps);
    await this.reach.tell(em, communityId, news);
    return outcomes;
  }
}

/** Its reader learns of a reply when it is out. */
function tellOfReply(
  {
    id,
    replyTo,
    replyToAuthor,
    replyToBody,
    authorId,
    handle,
    body,
  }: Pick<SubjectRow, 'id' | 'replyTo' | 'replyToAuthor' | 'replyToBody' | 'authorId' | 'handle' | 'body'>,
  steps: Step[],
  news: News[],
) {
  const note = excerptOf(body);
  steps.push({ contributionId: replyTo!, kind: 'replied', byId: authorId, detail: {} });
  news.push({
    memberId: replyToAuthor!,
    kind: 'reply',
    cause: `reply.${id}`,
    data: { contributionId: replyTo, by: handle, note, words: excerptOf(replyToBody ?? '') },
  });
}

/** Where each action leaves what it is about; of a repeat that is all there is to see. */
const targetOf: Partial<Record<Decision['action'], Moderation>> = {
  approve: 'published',
  approveAndTrust: 'published',
  return: 'returned',
  decline: 'declined',
  hide: 'hidden',
  restore: 'published',
  uphold: 'upheld',
  merge: 'merged',
  split: 'split',
  freeze: 'frozen',
};

const toldOf = ({ id, type, authorId, handle, role, body, at, cueId, second, edited }: SubjectRow): Told => ({
  ...{ id, type, body, cueId, second, edited },
  author: { memberId: authorId, handle, role },
  at: at.getTime(),
});

/** One after the other: each stands on the one before. */
async function each<I, R>(
  writes: Write<I>[],
  store: (write: Write<I>) => Promise<Outcome<R> | AppError>,
): Promise<(Outcome<R> | AppError)[]> {
  const outcomes: (Outcome<R> | AppError)[] = [];
  for (const write of writes) outcomes.push(await store(write));
  return outcomes;
}
