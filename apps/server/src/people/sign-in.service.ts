import { createHash, createHmac, randomBytes, randomInt, randomUUID, timingSafeEqual } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import type { Locale, SignIn } from '@parley/contracts/people';
import { type EntityManager, Raw } from 'typeorm';
import { UAParser } from 'ua-parser-js';
import { type Config, CONFIG } from '../platform/config';
import type { Person } from '../platform/doors';
import { AppError } from '../platform/errors';
import { Jobs } from '../platform/jobs';
import { Mails } from '../platform/mail';
import { Sockets } from '../platform/sockets';
import { Tenancy } from '../platform/tenancy';
import { returned } from '../platform/writer';
import { peopleMail } from './mails';
import { PersonRow, SignInLinkRow, SignInRow } from './people.tables';

export const LINK_MINUTES = 10;
export const SIGN_IN_DAYS = 30;
const CODE_TRIES = 5;
const MAILS_PER_HOUR = 5;

interface AskedFor {
  email: string;
  locale: Locale | null;
  /** SHA-256 of the asking browser's cookie, and of its network; hex. */
  asking: string;
  network: string;
}

const hash = (secret: string) => createHash('sha256').update(secret).digest();
const codeHash = (linkId: string, code: string) => createHmac('sha256', linkId).update(code).digest();
const secret = () => randomBytes(32).toString('base64url');

/** Sign-in by mail, and what stands for it afterwards. */
@Injectable()
export class SignInService {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly tenancy: Tenancy,
    private readonly jobs: Jobs,
    private readonly mails: Mails,
    private readonly sockets: Sockets,
  ) {
    jobs.handle('sign-in.ask', (asked: AskedFor) => this.mailLink(asked));
    jobs.every('sign-in-tidy', '17 * * * *', () => this.tidy());
  }

  /** Does the same, and takes as long, whether or not the address is known: a job looks it up. */
  async ask(email: string, locale: Locale | undefined, asking: string, network: string) {
    const asked: AskedFor = {
      email: email.toLowerCase(),
      locale: locale ?? null,
      asking: hash(asking).toString('hex'),
      network: hash(network).toString('hex'),
    };
    await this.tenancy.inInstall((em) => this.jobs.add(em, 'sign-in.ask', asked));
  }

  /** A new sign-in for who holds the link, in the browser that asked. Of many at once one gets in. */
  async redeemLink(token: string, asking: string | undefined, userAgent: string): Promise<string> {
    return this.tenancy.inInstall(async (em) => {
      const link = await em.findOneBy(SignInLinkRow, { tokenHash: hash(token) });
      if (!link?.personId) throw new AppError('link.expired', 'Ask for a new link.');
      if (link.usedAt) throw new AppError('link.used', 'This link was used: ask for a new one.');
      if (!asking || !timingSafeEqual(hash(asking), link.askingHash))
        throw new AppError(
          'link.otherBrowser',
          'Open the link in the browser that asked, or type the code there.',
        );
      return this.use(em, link.id, link.personId, userAgent);
    });
  }

  /** A new sign-in for who types the code into the browser that asked. */
  async redeemCode(code: string, asking: string | undefined, userAgent: string): Promise<string> {
    if (!asking) throw new AppError('link.otherBrowser', 'Type the code in the browser that asked for it.');
    // The try is counted even though a wrong code is refused: not one transaction.
    const [link] = await this.tenancy.inInstall((em) =>
      returned<{ id: string; personId: string | null; codeHash: Buffer; tries: number }>(
        em,
        `UPDATE sign_in_link SET tries = tries + 1 WHERE id = (
           SELECT id FROM sign_in_link WHERE asking_hash = $1 AND used_at IS NULL AND expires_at > now()
           ORDER BY created_at DESC LIMIT 1 FOR UPDATE)
         RETURNING id, person_id AS "personId", code_hash AS "codeHash", tries`,
        [hash(asking)],
      ),
    );
    if (!link) throw new AppError('link.expired', 'The code has expired: ask for a new one.');
    if (link.tries > CODE_TRIES) throw new AppError('code.locked', 'Too many tries: ask for a new code.');
    if (!link.personId || !timingSafeEqual(codeHash(link.id, code), link.codeHash))
      throw new AppError('code.wrong', 'That is not the code.', { left: CODE_TRIES - link.tries });
    return this.tenancy.inInstall((em) => this.use(em, link.id, link.personId!, userAgent));
  }

  /** Answers the cookie of a new sign-in session. */
  async begin(
    em: EntityManager,
    personId: string,
    userAgent: string,
    /** When the person was proved by more than the mail; null when they were not. */
    strongAt: Date | null = null,
  ): Promise<string> {
    const token = secret();
    await em.query(
      `INSERT INTO sign_in (id, person_id, token_hash, browser, expires_at, strong_at)
       VALUES ($1, $2, $3, $4, now() + make_interval(days => $5), $6)`,
      [randomUUID(), personId, hash(token), browserOf(userAgent), SIGN_IN_DAYS, strongAt],
    );
    return token;
  }

  /**
   * Marks the sign-in as proved just now. The first time it gets a new cookie, which is answered: whoever holds the
   * old one gains nothing by the proof.
   */
  async prove(em: EntityManager, { signInId }: Person): Promise<string | undefined> {
    const token = secret();
    const [changed] = await returned<{ renewed: boolean }>(
      em,
      `UPDATE sign_in SET strong_at = now(), token_hash = CASE WHEN strong_at IS NULL THEN $2 ELSE token_hash END
       WHERE id = $1 AND expires_at > now() RETURNING token_hash = $2 AS renewed`,
      [signInId, hash(token)],
    );
    if (!changed) throw new AppError('auth.required', 'Sign in first.');
    return changed.renewed ? token : undefined;
  }

  async personOf(token: string): Promise<Person | undefined> {
    const [row] = await this.tenancy.inInstall((em): Promise<(Person & { stale: boolean })[]> =>
      em.query(
        `SELECT p.id AS "personId", s.id AS "signInId", p.admin, s.strong_at AS "strongAt",
           s.last_seen_at < now() - interval '5 minutes' AS stale
         FROM sign_in s JOIN person p ON p.id = s.person_id WHERE s.token_hash = $1 AND s.expires_at > now()`,
        [hash(token)],
      ),
    );
    if (!row) return undefined;
    const { stale, ...person } = row;
    if (stale)
      await this.tenancy.inInstall((em) =>
        em.query('UPDATE sign_in SET last_seen_at = now() WHERE id = $1', [person.signInId]),
      );
    return person;
  }

  async list(person: Person): Promise<SignIn[]> {
    const rows = await this.tenancy.inInstall((em) =>
      em.find(SignInRow, {
        where: { personId: person.personId, expiresAt: Raw((column) => `${column} > now()`) },
        order: { lastSeenAt: 'DESC' },
      }),
    );
    return rows.map(({ id, browser, startedAt, lastSeenAt }) => ({
      id,
      browser,
      startedAt: startedAt.toISOString(),
      lastSeenAt: lastSeenAt.toISOString(),
      current: id === person.signInId,
    }));
  }

  /** Ends one of the person's own sign-ins and cuts its sockets. False when it is not theirs. */
  async end(person: Person, signInId: string): Promise<boolean> {
    const { affected } = await this.tenancy.inInstall((em) =>
      em.delete(SignInRow, { id: signInId, personId: person.personId }),
    );
    if (affected) this.sockets.cut({ signInId });
    return Boolean(affected);
  }

  private async use(em: EntityManager, linkId: string, personId: string, userAgent: string): Promise<string> {
    // The database's clock and one statement decide: past its time or at the same moment as another it opens nothing.
    const [used] = await returned<{ id: string }>(
      em,
      'UPDATE sign_in_link SET used_at = now() WHERE id = $1 AND used_at IS NULL AND expires_at > now() RETURNING id',
      [linkId],
    );
    if (!used) {
      const link = await em.findOneBy(SignInLinkRow, { id: linkId });
      throw link?.usedAt
        ? new AppError('link.used', 'This link was used: ask for a new one.')
        : new AppError('link.expired', 'This link has expired: ask for a new one.');
    }
    return this.begin(em, personId, userAgent);
  }

  /** What has expired is of no use to anybody. */
  private async tidy() {
    await this.tenancy.inInstall((em) =>
      em.query(`WITH old_links AS (DELETE FROM sign_in_link WHERE expires_at < now() - interval '1 day'),
        old_mails AS (DELETE FROM mail WHERE sent_at < now() - interval '30 days')
        DELETE FROM sign_in WHERE expires_at < now()`),
    );
  }

  private async mailLink({ email, locale, asking, network }: AskedFor) {
    await this.tenancy.inInstall(async (em) => {
      const person = await em.findOneBy(PersonRow, { email });
      // Counted by address, whether anybody has it or not: what is answered afterwards tells neither from the other.
      // By network too, so that nobody uses up another's mails. Asked for at once, one waits for the one before.
      const [emailHash, networkHash] = [hash(email), Buffer.from(network, 'hex')];
      await em.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [emailHash.toString('hex')]);
      const [{ all, here }] = (await em.query(
        `SELECT count(*)::int AS all, count(*) FILTER (WHERE network_hash = $2)::int AS here
         FROM sign_in_link WHERE email_hash = $1 AND created_at > now() - interval '1 hour'`,
        [emailHash, networkHash],
      )) as [{ all: number; here: number }];
      if (here >= MAILS_PER_HOUR || all >= 4 * MAILS_PER_HOUR) return;
      const linkId = randomUUID();
      const token = secret();
      const code = String(randomInt(1_000_000)).padStart(6, '0');
      // For an unknown address too: wrong codes are then answered in the same way.
      await em.query(
        `INSERT INTO sign_in_link (id, person_id, email_hash, network_hash, token_hash, code_hash, asking_hash, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, now() + make_interval(mins => $8))`,
        [
          linkId,
          person?.id ?? null,
          emailHash,
          networkHash,
          hash(token),
          codeHash(linkId, code),
          Buffer.from(asking, 'hex'),
          LINK_MINUTES,
        ],
      );
      if (!person) return;
      const link = `${this.config.publicUrl}/sign-in/link#${token}`;
      await this.mails.post(em, {
        to: person.email,
        ...peopleMail(locale ?? person.locale, 'signIn', {
          name: person.name,
          link,
          code,
          minutes: LINK_MINUTES,
        }),
      });
    });
  }
}

/** "Chrome on Android"; empty when unknown. */
function browserOf(userAgent: string) {
  const { browser, os } = UAParser(userAgent.slice(0, 400));
  return [browser.name, os.name].filter(Boolean).join(' · ');
}
