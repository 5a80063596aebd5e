import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import type { InputOf } from '@parley/contracts/contract';
import {
  type createLink,
  doorLink,
  type ImportReport,
  type Invitation,
  type InvitationStatus,
  type sendInvitations,
  type Source,
} from '@parley/contracts/door';
import type { Locale } from '@parley/contracts/people';
import type { EntityManager } from 'typeorm';
import { type Config, CONFIG } from '../platform/config';
import type { Member } from '../platform/doors';
import { AppError, notFound } from '../platform/errors';
import { Mails } from '../platform/mail';
import { Tenancy } from '../platform/tenancy';
import { returned } from '../platform/writer';
import { minutesFor } from './candidacy.service';
import { InvitationRow, SourceRow } from './door.tables';
import { type Invitee, readInvitees, reportOf } from './import';
import { doorMail, greetingIn, momentIn, wordsOf } from './mails';
import { ScreenersService } from './screeners.service';
import { hashOf, newToken } from './tokens';

/** Days for which a personal invitation opens. */
const INVITATION_DAYS = 14;
const ROWS_AT_ONCE = 1_000;
const INVITATIONS_SHOWN = 500;
/** Writing fifty thousand mails takes its time. */
const IMPORT_MS = 120_000;

interface To {
  id: string;
  email: string;
  name: string;
  token: string;
}

/** Links and personal invitations: made, sent, followed, corrected and revoked. */
@Injectable()
export class InvitationsService {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly tenancy: Tenancy,
    private readonly mails: Mails,
    private readonly screeners: ScreenersService,
  ) {}

  /** Newest first, with what came of each. */
  async sources(em: EntityManager, communityId: string, sourceId: string | null = null): Promise<Source[]> {
    const rows: (Omit<Source, 'url' | 'funnel' | 'expiresAt' | 'closedAt' | 'createdAt'> &
      Source['funnel'] & {
        token: string | null;
        expiresAt: Date | null;
        closedAt: Date | null;
        createdAt: Date;
      })[] = await em.query(
      `SELECT s.id, s.kind, s.label, s.placement, s.token, s.use_limit AS "useLimit", s.expires_at AS "expiresAt",
           s.closed_at AS "closedAt", s.created_at AS "createdAt", i.sent, i.bounced,
           CASE s.kind WHEN 'link' THEN s.opened ELSE i.opened END AS opened, a.started, a.qualified, a.waiting, a.admitted
         FROM source s CROSS JOIN LATERAL (
           SELECT count(*)::int AS sent, count(*) FILTER (WHERE i.status <> 'sent')::int AS opened,
             (SELECT count(*)::int FROM mail m JOIN invitation b ON b.community_id = s.community_id AND b.id = m.about
              WHERE m.refused IS NOT NULL AND b.source_id = s.id AND b.status <> 'revoked') AS bounced
           FROM invitation i WHERE i.community_id = s.community_id AND i.source_id = s.id AND i.status <> 'revoked'
         ) i CROSS JOIN LATERAL (
           SELECT count(*)::int AS started,
             count(*) FILTER (WHERE status IN ('waiting', 'offered', 'reserved', 'admitted'))::int AS qualified,
             count(*) FILTER (WHERE status IN ('waiting', 'offered'))::int AS waiting,
             count(*) FILTER (WHERE status = 'admitted')::int AS admitted
           FROM application a WHERE a.community_id = s.community_id AND a.source_id = s.id
         ) a WHERE s.community_id = $1 AND ($2::uuid IS NULL OR s.id = $2) ORDER BY s.created_at DESC, s.id`,
      [communityId, sourceId],
    );
    return rows.map(({ token, expiresAt, closedAt, createdAt, ...row }) => {
      const { sent, bounced, opened, started, qualified, waiting, admitted, ...source } = row;
      return {
        ...source,
        url: token ? doorLink(this.config.publicUrl, token) : null,
        expiresAt: expiresAt?.toISOString() ?? null,
        closedAt: closedAt?.toISOString() ?? null,
        createdAt: createdAt.toISOString(),
        funnel: { sent, bounced, opened, started, qualified, waiting, admitted },
      };
    });
  }

  /** The same id once more is the same link. */
  async createLink({ memberId }: Member, input: InputOf<typeof createLink>): Promise<Source> {
    const { communityId, sourceId, label, placement, note, useLimit, expiresAt } = input;
    return this.tenancy.inCommunity(communityId, async (em) => {
      await em.query(
        `INSERT INTO source (community_id, id, kind, label, placement, note, locale, token, use_limit, expires_at, invited_by)
         VALUES ($1, $2, 'link', $3, $4, $5, 'en', $6, $7, $8, $9) ON CONFLICT DO NOTHING`,
        [
          communityId,
          sourceId,
          label,
          placement,
          note,
          newToken('o', communityId),
          useLimit,
          expiresAt,
          memberId,
        ],
      );
      return this.source(em, communityId, sourceId);
    });
  }

  async close(communityId: string, sourceId: string): Promise<Source> {
    return this.tenancy.inCommunity(communityId, async (em) => {
      await em.query(
        'UPDATE source SET closed_at = coalesce(closed_at, now()) WHERE community_id = $1 AND id = $2',
        [communityId, sourceId],
      );
      const revoked = await returned<{ id: string }>(
        em,
        `UPDATE invitation i SET status = 'revoked', changed_at = now()
         WHERE community_id = $1 AND source_id = $2 AND status IN ('sent', 'opened') AND NOT EXISTS (
           SELECT FROM application a WHERE a.community_id = i.community_id AND a.invitation_id = i.id) RETURNING id`,
        [communityId, sourceId],
      );
      await this.mails.forget(
        em,
        revoked.map(({ id }) => id),
      );
      return this.source(em, communityId, sourceId);
    });
  }

  /** What is wrong with a file, in itself and against who is invited or inside. */
  async check(communityId: string, csv: string): Promise<ImportReport> {
    const read = readInvitees(csv);
    return this.tenancy.inCommunity(communityId, async (em) => {
      const { good, bad } = await this.sift(em, communityId, read);
      return reportOf(read.rows, good.length, bad);
    });
  }

  /** None or all, in one transaction; mails go out after it. The same id once more sends nothing again. */
  async send(
    { memberId }: Member,
    input: InputOf<typeof sendInvitations>,
  ): Promise<{ report: ImportReport; source: Source | null }> {
    const { communityId, sourceId, label, placement, note, locale, csv, leaveOut } = input;
    const read = readInvitees(csv);
    return this.tenancy.inCommunity(
      communityId,
      async (em) => {
        const sent = await em.findOneBy(SourceRow, { communityId, id: sourceId });
        if (sent) {
          const source = await this.source(em, communityId, sourceId);
          return { report: reportOf(read.rows, source.funnel.sent, []), source };
        }
        // Two managers with the same list: the second sees what the first has sent.
        await em.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 2))', [communityId]);
        const { good, bad } = await this.sift(em, communityId, read);
        const report = reportOf(read.rows, good.length, bad);
        if (!good.length || (bad.length && !leaveOut)) return { report, source: null };
        await em.insert(SourceRow, {
          communityId,
          id: sourceId,
          kind: 'mail',
          label,
          placement,
          note,
          locale,
          token: null,
          invitedBy: memberId,
        });
        const invited = await this.invite(em, communityId, sourceId, good);
        const words = await this.wordsOf(em, communityId, sourceId);
        for (let from = 0; from < invited.length; from += ROWS_AT_ONCE)
          await this.mails.postAll(
            em,
            invited.slice(from, from + ROWS_AT_ONCE).map((to) => this.mailTo(words, to)),
          );
        return { report, source: await this.source(em, communityId, sourceId) };
      },
      IMPORT_MS,
    );
  }

  /** Personal invitations under a source that is there; answers the token of each, which nobody has been sent yet. */
  async invite(
    em: EntityManager,
    communityId: string,
    sourceId: string,
    people: readonly Pick<Invitee, 'email' | 'name'>[],
  ): Promise<To[]> {
    const all = people.map(({ email, name }): To => {
      return { id: randomUUID(), email, name, token: newToken('p', communityId) };
    });
    for (let from = 0; from < all.length; from += ROWS_AT_ONCE) {
      const some = all.slice(from, from + ROWS_AT_ONCE);
      await em.query(
        `INSERT INTO invitation (community_id, id, source_id, email, name, token_hash, status, expires_at)
         SELECT $1, n.id, $2, n.email, n.name, n.hash, 'sent', now() + make_interval(days => $7)
         FROM unnest($3::uuid[], $4::text[], $5::text[], $6::bytea[]) AS n (id, email, name, hash)`,
        [
          communityId,
          sourceId,
          some.map(({ id }) => id),
          some.map(({ email }) => email),
          some.map(({ name }) => name),
          some.map(({ token }) => hashOf(token)),
          INVITATION_DAYS,
        ],
      );
    }
    return all;
  }

  /** Those that came back first, then the newest. */
  async list(communityId: string, sourceId: string): Promise<{ invitations: Invitation[]; all: number }> {
    return this.tenancy.inCommunity(communityId, async (em) => {
      await this.source(em, communityId, sourceId);
      return this.read(em, communityId, 'i.source_id = $2', sourceId);
    });
  }

  /** A new link to the same or a corrected address; the one before opens nothing any more. */
  async resend(communityId: string, invitationId: string, address: string): Promise<Invitation> {
    const email = address.toLowerCase();
    return this.tenancy.inCommunity(communityId, async (em) => {
      const row = await this.open(em, communityId, invitationId);
      const { bad } = await this.sift(em, communityId, {
        good: email === row.email ? [] : [{ row: 1, email, name: row.name }],
        bad: [],
      });
      if (bad[0])
        throw new AppError('request.invalid', 'This address is invited or inside already.', {
          fields: { email: bad[0].problem },
        });
      const to = { id: invitationId, email, name: row.name, token: newToken('p', communityId) };
      await this.mails.forget(em, [invitationId]);
      await em.query(
        `UPDATE invitation SET email = $3, token_hash = $4, status = 'sent', changed_at = now(),
           expires_at = now() + make_interval(days => $5) WHERE community_id = $1 AND id = $2`,
        [communityId, invitationId, email, hashOf(to.token), INVITATION_DAYS],
      );
      await this.mails.post(em, this.mailTo(await this.wordsOf(em, communityId, row.sourceId), to));
      return this.one(em, communityId, invitationId);
    });
  }

  async revoke(communityId: string, invitationId: string): Promise<Invitation> {
    return this.tenancy.inCommunity(communityId, async (em) => {
      await this.open(em, communityId, invitationId);
      await em.query(
        `UPDATE invitation SET status = 'revoked', changed_at = now() WHERE community_id = $1 AND id = $2`,
        [communityId, invitationId],
      );
      await this.mails.forget(em, [invitationId]);
      return this.one(em, communityId, invitationId);
    });
  }

  async source(em: EntityManager, communityId: string, sourceId: string): Promise<Source> {
    const [source] = await this.sources(em, communityId, sourceId);
    if (!source) throw notFound();
    return source;
  }

  /** One that was not taken up, locked. */
  private async open(em: EntityManager, communityId: string, invitationId: string): Promise<InvitationRow> {
    const row = await em.findOne(InvitationRow, {
      where: { communityId, id: invitationId },
      lock: { mode: 'pessimistic_write' },
    });
    if (!row) throw notFound();
    const [begun] = (await em.query(
      `SELECT FROM application WHERE community_id = $1 AND invitation_id = $2 AND status <> 'withdrawn'`,
      [communityId, invitationId],
    )) as unknown[];
    if (begun || row.status === 'accepted' || row.status === 'declined')
      throw new AppError('invitation.used', 'This invitation has been taken up.');
    return row;
  }

  /** Leaves out who is invited or inside already. */
  private async sift(
    em: EntityManager,
    communityId: string,
    { good, bad }: Pick<ReturnType<typeof readInvitees>, 'good' | 'bad'>,
  ) {
    const known: { email: string; problem: 'invited' | 'member' }[] = await em.query(
      `SELECT p.email, 'member' AS problem FROM member m JOIN person p ON p.id = m.person_id
         WHERE m.community_id = $1 AND m.status <> 'left' AND m.status <> 'pending' AND p.email = ANY ($2::text[])
       UNION ALL
       SELECT email, 'invited' FROM invitation WHERE community_id = $1 AND status IN ('sent', 'opened')
         AND expires_at > now() AND email = ANY ($2::text[])
       UNION ALL
       SELECT email, 'invited' FROM application WHERE community_id = $1 AND email_verified_at IS NOT NULL
         AND status NOT IN ('withdrawn', 'admitted') AND email = ANY ($2::text[])`,
      [communityId, good.map(({ email }) => email)],
    );
    const problems = new Map(known.reverse().map(({ email, problem }) => [email, problem]));
    // An invitation that has expired makes room for a new one.
    await em.query(
      `UPDATE invitation SET status = 'revoked', changed_at = now()
       WHERE community_id = $1 AND status IN ('sent', 'opened') AND expires_at <= now() AND email = ANY ($2::text[])`,
      [communityId, good.map(({ email }) => email)],
    );
    return {
      good: good.filter(({ email }) => !problems.has(email)),
      bad: [
        ...bad,
        ...good.flatMap(({ row, email }) => {
          const problem = problems.get(email);
          return problem ? [{ row, problem, what: email, twin: null }] : [];
        }),
      ],
    };
  }

  private async wordsOf(em: EntityManager, communityId: string, sourceId: string) {
    const { body } = await this.screeners.current(em, communityId);
    const [row] = (await em.query(
      `SELECT c.name AS community, b.name AS brand, c.purpose, p.name AS "from", s.note, s.locale,
         now() + make_interval(days => $3) AS until
       FROM source s JOIN community c ON c.id = s.community_id JOIN brand b ON b.id = c.brand_id
       JOIN member m ON m.community_id = s.community_id AND m.id = s.invited_by JOIN person p ON p.id = m.person_id
       WHERE s.community_id = $1 AND s.id = $2`,
      [communityId, sourceId, INVITATION_DAYS],
    )) as [
      Record<'community' | 'brand' | 'purpose' | 'from' | 'note', string> & { locale: Locale; until: Date },
    ];
    return { ...row, minutes: minutesFor(body.questions.length) };
  }

  private mailTo(words: Awaited<ReturnType<InvitationsService['wordsOf']>>, { id, email, name, token }: To) {
    const { locale, note, until, ...values } = words;
    return {
      to: email,
      about: id,
      ...doorMail(locale, 'invitation', {
        ...values,
        note: wordsOf(note),
        until: momentIn(locale, until),
        greeting: greetingIn(locale, name),
        link: doorLink(this.config.publicUrl, token),
      }),
    };
  }

  private async one(em: EntityManager, communityId: string, invitationId: string): Promise<Invitation> {
    return (await this.read(em, communityId, 'i.id = $2', invitationId)).invitations[0]!;
  }

  private async read(em: EntityManager, communityId: string, which: string, id: string) {
    const rows: (Omit<Invitation, 'at'> & { at: Date; all: number })[] = await em.query(
      `SELECT i.id, coalesce(i.email, '') AS email, i.name, coalesce(m.refused, '') AS why, i.changed_at AS at,
         count(*) OVER ()::int AS "all", CASE
           WHEN i.status IN ('accepted', 'declined', 'revoked') THEN i.status
           WHEN i.expires_at <= now() THEN 'expired' WHEN m.refused IS NOT NULL THEN 'bounced'
           WHEN i.status = 'opened' THEN 'opened' WHEN m.id IS NOT NULL AND m.sent_at IS NULL THEN 'queued'
           ELSE 'sent' END AS status
       FROM invitation i LEFT JOIN LATERAL (
         SELECT id, refused, sent_at FROM mail WHERE about = i.id ORDER BY created_at DESC LIMIT 1
       ) m ON true
       WHERE i.community_id = $1 AND ${which}
       ORDER BY m.refused IS NULL, i.changed_at DESC, i.id LIMIT ${INVITATIONS_SHOWN}`,
      [communityId, id],
    );
    const invitations = rows.map(({ all: _, at, ...row }): Invitation => ({
      ...row,
      status: row.status as InvitationStatus,
      at: at.toISOString(),
    }));
    return { invitations, all: rows[0]?.all ?? 0 };
  }
}
