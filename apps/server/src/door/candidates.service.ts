import { createHmac, randomInt, timingSafeEqual } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { InputOf } from '@parley/contracts/contract';
import type { Candidacy, giveConsents, openDoor, passAge } from '@parley/contracts/door';
import { type Purpose, requiredPurposes } from '@parley/contracts/profile';
import { type Answers, askedOf, factsOf, leadsTo, problemOf } from '@parley/contracts/screener';
import type { EntityManager } from 'typeorm';
import { ConsentsService } from '../people/consents.service';
import { AppError, notFound } from '../platform/errors';
import { Jobs } from '../platform/jobs';
import { Mails } from '../platform/mail';
import { ScopeKey, Tenancy } from '../platform/tenancy';
import { returned } from '../platform/writer';
import { AdmissionService } from './admission.service';
import { isBirthDate, yearsBetween } from './age';
import { type Candidate, CandidacyService, communityName, holdsPlace } from './candidacy.service';
import { ApplicationRow } from './door.tables';
import { doorMail } from './mails';
import { QuotasService } from './quotas.service';
import { ScreenersService } from './screeners.service';
import { candidateOf, communityOf, hashOf } from './tokens';

const CODE_MINUTES = 10;
const CODE_TRIES = 5;
const MAILS_PER_HOUR = 5;

/** What came of a step, besides where the candidate stands. */
interface Done {
  /** Of somebody who is inside now. */
  signIn?: string;
  /** Another application than the one that asked: the same person's earlier one. */
  candidate?: Candidate;
}

/** What a step answers. */
export interface Stood extends Done {
  candidacy: Candidacy;
}

/** An invitation that opens. */
interface Way {
  communityId: string;
  sourceId: string;
  invitationId: string | null;
  email: string | null;
  /** Of a link; null for no limit. */
  useLimit: number | null;
  /** The database's, in UTC. */
  today: string;
}

const stepOrder = () => new AppError('door.stepOrder', 'Another step comes first: load the page again.');
const alreadySent = () => new AppError('door.alreadySent', 'This was sent before and stays as it was.');
const sameJson = (a: unknown, b: unknown) => JSON.stringify(sorted(a)) === JSON.stringify(sorted(b));
const sorted = (value: unknown) =>
  value && typeof value === 'object' && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
    : value;

const nothing = () => Promise.resolve();

/** The way of one person from a link to inside, or to an honest word. */
@Injectable()
export class CandidatesService {
  constructor(
    private readonly tenancy: Tenancy,
    private readonly key: ScopeKey,
    private readonly mails: Mails,
    private readonly jobs: Jobs,
    private readonly consents: ConsentsService,
    private readonly screeners: ScreenersService,
    private readonly quotas: QuotasService,
    private readonly candidacy: CandidacyService,
    private readonly admission: AdmissionService,
  ) {}

  /** What a link leads to; counts that it was opened. */
  async open({ token }: InputOf<typeof openDoor>, personId: string | undefined) {
    if (token.startsWith('s')) {
      const candidate = candidateOf(this.key, 's', token);
      if (!candidate) throw notFound();
      return this.tenancy.inCommunity(candidate.communityId, async (em) => {
        const application = await this.candidacy.find(em, candidate);
        // Who looks is interested: offers that they let pass before do not count any more.
        await em.update(ApplicationRow, keyOf(application), { offers: 0 });
        const candidacy = await this.candidacy.look(em, application);
        return { threshold: candidacy.threshold, candidacy, candidate };
      });
    }
    const communityId = communityOf(token);
    if (!communityId) throw notFound();
    return this.tenancy.inCommunity(communityId, async (em) => {
      const way = await this.wayOf(em, communityId, token);
      if (personId) await this.admission.refuseSuspended(em, communityId, personId);
      const begun = way.invitationId ? await this.begun(em, communityId, way.invitationId) : null;
      const opened = {
        threshold: await this.candidacy.threshold(em, communityId, way.sourceId, way.email),
        candidacy: begun ? await this.candidacy.look(em, begun) : null,
        candidate: begun ? { communityId, applicationId: begun.id } : null,
      };
      // Last, because others who open this link wait for it.
      if (way.invitationId)
        await em.query(
          `UPDATE invitation SET status = 'opened', changed_at = now() WHERE community_id = $1 AND id = $2 AND status = 'sent'`,
          [communityId, way.invitationId],
        );
      else
        await em.query('UPDATE source SET opened = opened + 1 WHERE community_id = $1 AND id = $2', [
          communityId,
          way.sourceId,
        ]);
      return opened;
    });
  }

  /**
   * Begins an application. Answers the age that was not reached instead, and then nothing has been written; the
   * date itself is written in no case.
   */
  async begin(
    { token, applicationId, born, locale }: InputOf<typeof passAge>,
    personId: string | undefined,
    markedAge: number | null,
  ): Promise<(Stood & { candidate: Candidate }) | { tooYoungFor: number }> {
    const communityId = token.startsWith('s') ? null : communityOf(token);
    if (!communityId) throw notFound();
    const begun = await this.tenancy.inCommunity(
      communityId,
      async (em): Promise<{ tooYoungFor: number } | { candidate: Candidate }> => {
        const way = await this.wayOf(em, communityId, token);
        const { version, body } = await this.screeners.current(em, communityId);
        if (markedAge !== null && markedAge <= body.minAge) return { tooYoungFor: markedAge };
        if (!isBirthDate(born, way.today))
          throw new AppError('request.invalid', 'That date does not exist.', { fields: { born: 'a date' } });
        if (yearsBetween(born, way.today) < body.minAge) return { tooYoungFor: body.minAge };
        if (personId) await this.admission.refuseMembers(em, communityId, personId);

        const [made] = await returned<{ id: string }>(
          em,
          `INSERT INTO application (community_id, id, source_id, invitation_id, screener_version, status, locale, email)
         VALUES ($1, $2, $3, $4, $5, 'screening', $6, $7) ON CONFLICT DO NOTHING RETURNING id`,
          [communityId, applicationId, way.sourceId, way.invitationId, version, locale, way.email],
        );
        // Last, because others who come by this link wait for it.
        if (made && way.useLimit !== null) await this.useLink(em, way);
        if (made) return { candidate: { communityId, applicationId } };
        // Asked again, or gone on in another browser: the same application.
        const known = way.invitationId
          ? await this.begun(em, communityId, way.invitationId)
          : await em.findOneBy(ApplicationRow, { communityId, id: applicationId, sourceId: way.sourceId });
        if (!known || known.status === 'withdrawn' || known.invitationId !== way.invitationId)
          throw notFound();
        return { candidate: { communityId, applicationId: known.id } };
      },
    );
    if ('tooYoungFor' in begun) return begun;
    const { candidacy } = await this.read(begun.candidate);
    // A screener that asks nothing is answered by having come.
    const asksNothing = candidacy.screener?.questions.length === 0;
    return { ...begun, ...(asksNothing ? await this.answer(begun.candidate, {}) : { candidacy }) };
  }

  /** Where the candidate stands. Who let a kept place lapse and comes back is given another, if there is one. */
  async read(candidate: Candidate): Promise<Stood> {
    const candidacy = await this.tenancy.inCommunity(candidate.communityId, async (em) => {
      const application = await this.candidacy.find(em, candidate);
      return hasLapsed(application) ? null : this.candidacy.look(em, application);
    });
    return candidacy ? { candidacy } : this.step(candidate, nothing);
  }

  /** Decides. The same answers once more answer the same; others are refused. */
  async answer(candidate: Candidate, answers: Answers): Promise<Stood> {
    const { communityId } = candidate;
    return this.step(candidate, async (em, application) => {
      const { questions } = await this.screeners.version(em, communityId, application.screenerVersion);
      const asked = askedOf(questions, answers);
      const taken = Object.fromEntries(
        asked.flatMap(({ id }) => (answers[id] === undefined ? [] : [[id, answers[id]]])),
      );
      if (application.status !== 'screening') {
        if (!sameJson(taken, application.answers)) throw alreadySent();
        return;
      }
      const fields: Record<string, string> = {};
      for (const id of Object.keys(answers))
        if (!questions.some((question) => question.id === id)) fields[`answers.${id}`] = 'unknown';
      for (const question of asked) {
        const problem = problemOf(question, answers[question.id]);
        if (problem) fields[`answers.${question.id}`] = problem;
      }
      if (Object.keys(fields).length)
        throw new AppError('request.invalid', 'Please check your answers.', { fields });

      const facts = factsOf(questions, answers);
      const leads = leadsTo(questions, answers);
      await em.query(
        `UPDATE application SET answers = $3, facts = $4, decided_at = now(), kept_waiting = $5 = 'waiting',
           status = CASE $5 WHEN 'on' THEN status ELSE $5 END,
           waiting_since = CASE $5 WHEN 'waiting' THEN now() END
         WHERE community_id = $1 AND id = $2`,
        [communityId, application.id, JSON.stringify(taken), JSON.stringify(facts), leads],
      );
      const waits =
        leads === 'waiting' ||
        (leads === 'on' && !(await this.quotas.reserve(em, communityId, application.id, facts, 'reserved')));
      if (waits && application.invitationId) await this.candidacy.mailPage(em, application, 'waiting');
    });
  }

  async consent(candidate: Candidate, { given }: InputOf<typeof giveConsents>): Promise<Stood> {
    return this.step(candidate, async (em, application) => {
      if (application.status === 'admitted') return;
      if (!holdsPlace(application)) throw stepOrder();
      const standing = new Map((await this.consents.texts(em)).map((text) => [text.purpose, text]));
      if (given.some(({ purpose, version }) => standing.get(purpose)?.version !== version))
        throw new AppError('door.stale', 'The text has changed: load the page and read it again.');
      const agreed = new Set<Purpose>(given.map(({ purpose }) => purpose));
      const missing = requiredPurposes.filter((purpose) => standing.has(purpose) && !agreed.has(purpose));
      if (missing.length)
        throw new AppError('request.invalid', 'Nobody is inside without agreeing to these.', {
          fields: Object.fromEntries(missing.map((purpose) => [`given.${purpose}`, 'needed'])),
        });
      const at = new Date().toISOString();
      await em.update(ApplicationRow, keyOf(application), {
        consents: given.map(({ purpose, version }) => ({ purpose, version, at })),
      });
    });
  }

  /** Inside at once when the address is known to be theirs and opens nothing else; otherwise a code goes to it. */
  async contact(
    candidate: Candidate,
    handle: string,
    email: string | undefined,
    userAgent: string,
  ): Promise<Stood> {
    return this.step(candidate, async (em, application) => {
      const { status, invitationId } = application;
      if (status === 'admitted')
        return { signIn: await this.admission.enteredLate(em, application, userAgent) };
      const holds = holdsPlace(application);
      if (!holds && status !== 'waiting' && status !== 'notThisTime') throw stepOrder();
      if (holds && !application.consents) throw stepOrder();
      const asked = email?.toLowerCase();
      const bound = invitationId ? application.email : null;
      if (bound && asked && asked !== bound)
        throw new AppError('invitation.notForYou', 'This invitation is for another address.');
      const known = application.emailVerifiedAt ? application.email : null;
      const address = bound ?? asked ?? known;
      if (!address)
        throw new AppError('request.invalid', 'Please check what was sent.', {
          fields: { email: 'an address' },
        });
      await em.update(ApplicationRow, keyOf(application), {
        handle,
        ...(address !== application.email && { email: address, emailVerifiedAt: null }),
      });
      const current = await this.candidacy.find(em, candidate);
      if (holds && current.emailVerifiedAt)
        return { signIn: await this.admission.admit(em, current, userAgent) };
      // A personal link came to this address, so its holder may enter; but what else the address opens, it must not.
      if (holds && bound && !(await this.hasAccount(em, bound))) {
        // Came by a link before as well: what is bound to the address counts.
        const other = await this.sameAddress(em, current);
        if (other) await this.erase(em, other);
        return { signIn: await this.admission.admit(em, current, userAgent) };
      }
      if (!current.emailVerifiedAt) await this.mailCode(em, current, address);
      return;
    });
  }

  /** The code of the mail. A wrong one is counted although it is refused. */
  async confirm(candidate: Candidate, code: string, userAgent: string): Promise<Stood> {
    const { communityId, applicationId } = candidate;
    const [tried] = await this.tenancy.inCommunity(communityId, (em) =>
      returned<{ codeHash: Buffer; tries: number }>(
        em,
        `UPDATE application SET code_tries = code_tries + 1
         WHERE community_id = $1 AND id = $2 AND code_hash IS NOT NULL AND code_until > now()
         RETURNING code_hash AS "codeHash", code_tries AS tries`,
        [communityId, applicationId],
      ),
    );
    if (tried && tried.tries > CODE_TRIES)
      throw new AppError('code.locked', 'Too many tries: ask for a new code.');
    if (tried && !timingSafeEqual(codeHash(applicationId, code), tried.codeHash))
      throw new AppError('code.wrong', 'That is not the code.', { left: CODE_TRIES - tried.tries });
    let isMember = false;
    const stood = await this.step(candidate, async (em, application) => {
      if (application.status === 'admitted')
        return { signIn: await this.admission.enteredLate(em, application, userAgent) };
      if (!tried || !application.codeHash || !timingSafeEqual(application.codeHash, tried.codeHash))
        throw new AppError('link.expired', 'The code has expired: ask for a new one.');
      const earlier = await this.sameAddress(em, application);
      // Whose address it is has applied before: that application goes on, and this one leaves nothing behind.
      if (earlier) {
        await this.erase(em, application);
        isMember = earlier.status === 'admitted';
        return { candidate: { communityId, applicationId: earlier.id } };
      }
      await em.query(
        `UPDATE application SET email_verified_at = now(), code_hash = NULL, code_until = NULL
         WHERE community_id = $1 AND id = $2`,
        [communityId, applicationId],
      );
      const current = await this.candidacy.find(em, candidate);
      if (holdsPlace(current) && current.consents)
        return { signIn: await this.admission.admit(em, current, userAgent) };
      if (current.status === 'waiting') await this.candidacy.mailPage(em, current, 'waiting');
      return;
    });
    // After the commit: what was erased stays erased.
    if (isMember) throw new AppError('invitation.alreadyIn', 'There is a member with this address: sign in.');
    return stood;
  }

  /** One answer, once. */
  async voice(candidate: Candidate, words: string): Promise<Stood> {
    return this.step(candidate, async (em, application) => {
      if (application.voice !== null) {
        if (application.voice !== words) throw alreadySent();
        return;
      }
      const { openQuestion } = await this.screeners.version(
        em,
        candidate.communityId,
        application.screenerVersion,
      );
      if (!openQuestion || (application.status !== 'waiting' && application.status !== 'notThisTime'))
        throw stepOrder();
      await em.update(ApplicationRow, keyOf(application), { voice: words, voiceAt: () => 'now()' });
    });
  }

  /** Leaves a row without a person: when somebody came by which source, and that they withdrew. */
  async withdraw(candidate: Candidate): Promise<void> {
    await this.tenancy.inCommunity(candidate.communityId, async (em) => {
      const application = await this.candidacy.find(em, candidate, true);
      if (application.status === 'admitted') throw stepOrder();
      await this.erase(em, application);
    });
  }

  /** A place that was kept for too long is given back; its person waits again, behind the others. */
  async lapse(communityId: string): Promise<void> {
    const due = await this.tenancy.inCommunity(communityId, (em): Promise<{ id: string }[]> =>
      em.query(
        `SELECT id FROM application WHERE community_id = $1 AND status IN ('reserved', 'offered') AND reserved_until < now()
         ORDER BY reserved_until LIMIT 500`,
        [communityId],
      ),
    );
    for (const { id } of due)
      await this.tenancy.inCommunity(communityId, async (em) => {
        const [lapsed] = (await em.query(
          `SELECT cell_ids AS "cellIds" FROM application WHERE community_id = $1 AND id = $2
           AND status IN ('reserved', 'offered') AND reserved_until < now() FOR UPDATE`,
          [communityId, id],
        )) as { cellIds: string[] }[];
        // Taken up at the last moment.
        if (!lapsed) return;
        await this.quotas.settle(em, communityId, lapsed.cellIds, 'release');
        await em.query(
          `UPDATE application SET status = 'waiting', cell_ids = '{}', waiting_since = now()
           WHERE community_id = $1 AND id = $2`,
          [communityId, id],
        );
      });
    if (due.length) await this.tenancy.inInstall((em) => this.offerSoon(em, communityId));
  }

  /** Somebody gave a place up, or there are more now: who waits is asked, in a job. */
  async offerSoon(em: EntityManager, communityId: string) {
    await this.jobs.add(em, 'door.offer', { communityId });
  }

  /**
   * One step of a candidate, by itself: their application is locked, and who let a kept place lapse is given another
   * first, if there is one. What they see then is read after the commit, so that nobody waits for it.
   */
  private async step(
    candidate: Candidate,
    work: (em: EntityManager, application: ApplicationRow) => Promise<Done | void>,
  ): Promise<Stood> {
    const { communityId } = candidate;
    const done = await this.tenancy.inCommunity(communityId, async (em) => {
      const application = await this.candidacy.find(em, candidate, true);
      if (!hasLapsed(application)) return work(em, application);
      await this.quotas.reserve(em, communityId, application.id, application.facts, 'reserved');
      return work(em, await this.candidacy.find(em, candidate));
    });
    const at = done?.candidate ?? candidate;
    const candidacy = await this.tenancy.inCommunity(communityId, async (em) =>
      this.candidacy.look(em, await this.candidacy.find(em, at)),
    );
    return { ...done, candidacy };
  }

  private async wayOf(em: EntityManager, communityId: string, token: string): Promise<Way> {
    const isOpen = token.startsWith('o');
    const today = `to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM-DD') AS today`;
    const [row] = (await em.query(
      isOpen
        ? `SELECT s.id AS "sourceId", NULL AS "invitationId", NULL AS email, s.use_limit AS "useLimit",
             ${today}, CASE WHEN closed_at IS NOT NULL THEN 'revoked' WHEN expires_at <= now() THEN 'expired'
               ELSE 'open' END AS state
           FROM source s WHERE s.community_id = $1 AND s.token = $2`
        : `SELECT i.source_id AS "sourceId", i.id AS "invitationId", i.email, NULL AS "useLimit",
             ${today}, CASE WHEN i.status = 'revoked' THEN 'revoked' WHEN i.status IN ('accepted', 'declined') THEN 'used'
               WHEN i.expires_at <= now() THEN 'expired' ELSE 'open' END AS state
           FROM invitation i WHERE i.community_id = $1 AND i.token_hash = $2`,
      [communityId, isOpen ? token : hashOf(token)],
    )) as (Way & { state: 'open' | 'used' | 'expired' | 'revoked' })[];
    if (!row) throw notFound();
    if (row.state !== 'open')
      throw new AppError(`invitation.${row.state}`, `This invitation is ${row.state}: ask for a new one.`);
    return { ...row, communityId };
  }

  private async useLink(em: EntityManager, { communityId, sourceId }: Way) {
    const [used] = await returned<{ id: string }>(
      em,
      `UPDATE source SET uses = uses + 1 WHERE community_id = $1 AND id = $2 AND closed_at IS NULL
         AND (expires_at IS NULL OR expires_at > now()) AND (use_limit IS NULL OR uses < use_limit) RETURNING id`,
      [communityId, sourceId],
    );
    if (!used) throw new AppError('invitation.used', 'As many have used this link as may: ask for another.');
  }

  private begun(em: EntityManager, communityId: string, invitationId: string) {
    return em
      .createQueryBuilder(ApplicationRow, 'a')
      .where('a.community_id = :communityId AND a.invitation_id = :invitationId', {
        communityId,
        invitationId,
      })
      .andWhere(`a.status <> 'withdrawn'`)
      .getOne();
  }

  /** Another application with this confirmed address, locked. Two that are confirmed at once wait for each other. */
  private async sameAddress(em: EntityManager, { communityId, id, email }: ApplicationRow) {
    await em.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 3))', [`${communityId} ${email}`]);
    return em
      .createQueryBuilder(ApplicationRow, 'a')
      .setLock('pessimistic_write')
      .where('a.community_id = :communityId AND a.email = :email AND a.id <> :id', { communityId, email, id })
      .andWhere(`a.email_verified_at IS NOT NULL AND a.status <> 'withdrawn'`)
      .getOne();
  }

  private async hasAccount(em: EntityManager, email: string): Promise<boolean> {
    const rows: unknown[] = await em.query('SELECT FROM person WHERE email = $1', [email]);
    return rows.length > 0;
  }

  private async mailCode(em: EntityManager, application: ApplicationRow, to: string) {
    const { communityId, id, locale } = application;
    // By address, whoever asks: nobody fills another's mailbox.
    await em.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 1))', [to]);
    const [{ sent }] = (await em.query(
      `SELECT count(*)::int AS sent FROM mail
       WHERE recipient = $1 AND about IS NOT NULL AND created_at > now() - interval '1 hour'`,
      [to],
    )) as [{ sent: number }];
    if (sent >= MAILS_PER_HOUR)
      throw new AppError('request.slowDown', 'Enough mails have gone to this address: look there, or wait.', {
        retryAfterMs: 600_000,
      });
    const code = String(randomInt(1_000_000)).padStart(6, '0');
    await em.query(
      `UPDATE application SET code_hash = $3, code_tries = 0, code_until = now() + make_interval(mins => $4)
       WHERE community_id = $1 AND id = $2`,
      [communityId, id, codeHash(id, code), CODE_MINUTES],
    );
    const community = await communityName(em, communityId);
    await this.mails.post(em, {
      to,
      about: id,
      ...doorMail(locale, 'code', { code, minutes: CODE_MINUTES, community }),
    });
  }

  private async erase(em: EntityManager, application: ApplicationRow) {
    const { communityId, id, invitationId } = application;
    if (application.status === 'withdrawn') return;
    if (holdsPlace(application)) await this.quotas.settle(em, communityId, application.cellIds, 'release');
    await em.query(
      `UPDATE application SET status = 'withdrawn', answers = '{}', facts = '{}', consents = NULL, handle = '',
         email = NULL, email_verified_at = NULL, code_hash = NULL, code_until = NULL, cell_ids = '{}', reserved_until = NULL,
         waiting_since = NULL, voice = NULL, voice_at = NULL, voice_read_by = NULL, voice_read_at = NULL, voice_reply = ''
       WHERE community_id = $1 AND id = $2`,
      [communityId, id],
    );
    await this.mails.forget(em, invitationId ? [id, invitationId] : [id]);
    if (invitationId)
      await em.query(
        `UPDATE invitation SET status = 'declined', email = NULL, name = '', changed_at = now()
         WHERE community_id = $1 AND id = $2`,
        [communityId, invitationId],
      );
    await this.offerSoon(em, communityId);
  }
}

const keyOf = ({ communityId, id }: ApplicationRow) => ({ communityId, id });
const codeHash = (applicationId: string, code: string) =>
  createHmac('sha256', applicationId).update(code).digest();
/** A place was kept for them, and is not any more. */
const hasLapsed = ({ status, reservedUntil, keptWaiting }: ApplicationRow) =>
  status === 'waiting' && reservedUntil !== null && !keptWaiting;
