import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import {
  type addPasskey,
  type Factor,
  type FactorKind,
  PasskeyQuestion,
  PasskeyWish,
  type provePasskey as provePasskeyContract,
} from '@parley/contracts/factors';
import type { InputOf } from '@parley/contracts/contract';
import {
  type AuthenticationResponseJSON,
  generateAuthenticationOptions,
  generateRegistrationOptions,
  type RegistrationResponseJSON,
  verifyAuthenticationResponse,
  verifyRegistrationResponse,
} from '@simplewebauthn/server';
import { generateSecret, generateURI, verifySync } from 'otplib';
import type { EntityManager } from 'typeorm';
import { type Config, CONFIG } from '../platform/config';
import { type Person, requireStrong } from '../platform/doors';
import { AppError, notFound } from '../platform/errors';
import { Mails } from '../platform/mail';
import { Seal } from '../platform/seal';
import { Sockets } from '../platform/sockets';
import { Tenancy } from '../platform/tenancy';
import { returned } from '../platform/writer';
import { peopleMail } from './mails';
import { PeopleService } from './people.service';
import { PersonRow } from './people.tables';
import { SignInService } from './sign-in.service';

const NAME = 'Parley';
const CHALLENGE_MINUTES = 10;
const FACTORS_MAX = 10;
const RECOVERY_CODES = 10;
const TRIES = 5;
const LOCK_MINUTES = 15;
/** A code of the step before or after is taken too: clocks of phones are not exact. */
const STEP_SECONDS = 30;
const LETTERS = 'abcdefghijklmnopqrstuvwxyz234567';

type Challenge = 'add passkey' | 'add authenticator' | 'prove passkey';
type NewPasskey = InputOf<typeof addPasskey>['answer'];
type PasskeyProof = InputOf<typeof provePasskeyContract>['answer'];

/** What has been proved: the new cookie of the sign-in, where it gets one. */
interface Proved {
  cookie: string | undefined;
}
interface Added extends Proved {
  recoveryCodes: string[] | null;
}

const recoveryHash = (personId: string, code: string) =>
  createHash('sha256').update(`${personId}.${code}`).digest();
/** The time step whose code this is, or undefined. */
function stepOf(secret: string, code: string): number | undefined {
  const result = verifySync({ secret, token: code, period: STEP_SECONDS, epochTolerance: STEP_SECONDS });
  return result.valid && 'timeStep' in result ? result.timeStep : undefined;
}
const refused = () => new AppError('factor.refused', 'This passkey is not accepted here.');
const bytes = (buffer: Buffer) => new Uint8Array(buffer);

/** Second factors beside the mail: passkeys, codes of an app, recovery codes. */
@Injectable()
export class FactorsService {
  private readonly origin: string;
  private readonly rpID: string;

  constructor(
    @Inject(CONFIG) { publicUrl }: Config,
    private readonly tenancy: Tenancy,
    private readonly seal: Seal,
    private readonly mails: Mails,
    private readonly sockets: Sockets,
    private readonly signIns: SignInService,
    private readonly people: PeopleService,
  ) {
    this.origin = publicUrl;
    this.rpID = new URL(publicUrl).hostname;
  }

  async list({ personId }: Person): Promise<{ factors: Factor[]; codesLeft: number }> {
    return this.tenancy.inInstall(async (em) => {
      const rows = (await em.query(
        `SELECT id, kind, name, created_at AS "addedAt", used_at AS "usedAt" FROM factor
         WHERE person_id = $1 ORDER BY created_at, id`,
        [personId],
      )) as { id: string; kind: FactorKind; name: string; addedAt: Date; usedAt: Date | null }[];
      const factors = rows.map(({ addedAt, usedAt, ...row }) => ({
        ...row,
        addedAt: addedAt.toISOString(),
        usedAt: usedAt?.toISOString() ?? null,
      }));
      return { factors, codesLeft: await this.codesLeft(em, personId) };
    });
  }

  // --- adding ---

  async startPasskey(person: Person) {
    const { email, name, passkeys } = await this.tenancy.inInstall(async (em) => {
      await this.mayAdd(em, person);
      const row = await em.findOneBy(PersonRow, { id: person.personId });
      if (!row) throw notFound();
      return { ...row, passkeys: await this.passkeys(em, person.personId) };
    });
    const options = await generateRegistrationOptions({
      rpName: NAME,
      rpID: this.rpID,
      userName: email,
      userDisplayName: name,
      userID: bytes(Buffer.from(person.personId.replaceAll('-', ''), 'hex')),
      excludeCredentials: passkeys,
      authenticatorSelection: { residentKey: 'preferred', userVerification: 'required' },
    });
    await this.ask(person, 'add passkey', Buffer.from(options.challenge, 'base64url'));
    return PasskeyWish.parse(options);
  }

  async addPasskey(person: Person, name: string, answer: NewPasskey): Promise<Added> {
    const challenge = await this.tenancy.inInstall((em) => this.answered(em, person, 'add passkey'));
    const { verified, registrationInfo } = await verifyRegistrationResponse({
      response: { ...answer, clientExtensionResults: {} } as RegistrationResponseJSON,
      expectedChallenge: challenge.toString('base64url'),
      expectedOrigin: this.origin,
      expectedRPID: this.rpID,
      requireUserVerification: true,
    }).catch((): { verified: false; registrationInfo?: never } => ({ verified: false }));
    if (!verified) throw refused();
    const { id, publicKey, counter } = registrationInfo.credential;
    return this.add(person, name, async (em, factorId) => {
      const [added] = await returned<{ id: string }>(
        em,
        `INSERT INTO factor (id, person_id, kind, name, credential_id, public_key, counter, transports, used_at)
         VALUES ($1, $2, 'passkey', $3, $4, $5, $6, $7, now()) ON CONFLICT DO NOTHING RETURNING id`,
        [
          factorId,
          person.personId,
          name,
          id,
          Buffer.from(publicKey),
          counter,
          answer.response.transports ?? [],
        ],
      );
      if (!added) throw refused();
    });
  }

  async startAuthenticator(person: Person) {
    const secret = generateSecret();
    const email = await this.tenancy.inInstall(async (em) => {
      await this.mayAdd(em, person);
      return (await em.findOneBy(PersonRow, { id: person.personId }))?.email ?? '';
    });
    await this.ask(person, 'add authenticator', this.seal.close(secret, person.signInId));
    return { secret, uri: generateURI({ issuer: NAME, label: email, secret }) };
  }

  async addAuthenticator(person: Person, name: string, code: string): Promise<Added> {
    return this.add(person, name, async (em, factorId) => {
      // A wrong code throws, which leaves the key to be tried again.
      const secret = this.seal.open(await this.answered(em, person, 'add authenticator'), person.signInId);
      const step = stepOf(secret, code);
      if (step === undefined) throw new AppError('factor.wrong', 'That is not the code that the app shows.');
      await em.query(
        `INSERT INTO factor (id, person_id, kind, name, secret, last_step, used_at)
         VALUES ($1, $2, 'authenticator', $3, $4, $5, now())`,
        [factorId, person.personId, name, this.seal.close(secret, factorId), step],
      );
    });
  }

  /** Removes one of the person's own. Other sign-ins must prove themselves anew: the removed one may have been lost. */
  async remove(person: Person, factorId: string) {
    const needed = await this.people.needsFactor(person);
    const others = await this.tenancy.inInstall(async (em) => {
      await this.holdPerson(em, person.personId);
      const [removed] = await returned<{ name: string }>(
        em,
        'DELETE FROM factor WHERE id = $1 AND person_id = $2 RETURNING name',
        [factorId, person.personId],
      );
      if (!removed) throw notFound();
      if (!(await this.count(em, person.personId))) {
        if (needed) throw new AppError('factor.last', 'Your role needs a factor: add another first.');
        await em.query('DELETE FROM recovery_code WHERE person_id = $1', [person.personId]);
      }
      await this.mail(em, person.personId, 'factorRemoved', { factor: removed.name });
      return returned<{ id: string }>(
        em,
        'UPDATE sign_in SET strong_at = NULL WHERE person_id = $1 AND id <> $2 AND strong_at IS NOT NULL RETURNING id',
        [person.personId, person.signInId],
      );
    });
    for (const { id: signInId } of others) this.sockets.cut({ signInId });
  }

  /** Ten new recovery codes; the old ones are void. */
  async renewCodes({ personId }: Person): Promise<string[]> {
    return this.tenancy.inInstall(async (em) => {
      await this.holdPerson(em, personId);
      if (!(await this.count(em, personId)))
        throw new AppError('factor.required', 'Add a factor first: it comes with recovery codes.');
      return this.makeCodes(em, personId);
    });
  }

  // --- proving ---

  async startProof(person: Person) {
    const allowCredentials = await this.tenancy.inInstall((em) => this.passkeys(em, person.personId));
    const options = await generateAuthenticationOptions({
      rpID: this.rpID,
      allowCredentials,
      userVerification: 'required',
    });
    await this.ask(person, 'prove passkey', Buffer.from(options.challenge, 'base64url'));
    return PasskeyQuestion.parse(options);
  }

  async provePasskey(person: Person, answer: PasskeyProof): Promise<Proved> {
    // Taken before it is looked at: a challenge serves one answer, right or wrong.
    const challenge = await this.tenancy.inInstall((em) => this.answered(em, person, 'prove passkey'));
    const [key] = await this.tenancy.inInstall(
      (em): Promise<{ id: string; publicKey: Buffer; counter: string; transports: string[] }[]> =>
        em.query(
          `SELECT id, public_key AS "publicKey", counter, transports FROM factor
           WHERE person_id = $1 AND credential_id = $2`,
          [person.personId, answer.id],
        ),
    );
    if (!key) throw refused();
    const result = await verifyAuthenticationResponse({
      response: { ...answer, clientExtensionResults: {} } as AuthenticationResponseJSON,
      expectedChallenge: challenge.toString('base64url'),
      expectedOrigin: this.origin,
      expectedRPID: this.rpID,
      requireUserVerification: true,
      credential: {
        id: answer.id,
        publicKey: bytes(key.publicKey),
        counter: Number(key.counter),
        transports: key.transports,
      },
    }).catch(() => undefined);
    if (!result?.verified) throw refused();
    return this.tenancy.inInstall(async (em) => {
      // A counter that does not grow is that of a copy; one that stays 0 is not kept by the device.
      const [counted] = await returned<{ id: string }>(
        em,
        `UPDATE factor SET counter = $2, used_at = now()
         WHERE id = $1 AND (counter < $2 OR counter = 0 AND $2 = 0) RETURNING id`,
        [key.id, result.authenticationInfo.newCounter],
      );
      if (!counted) throw refused();
      return this.proved(em, person);
    });
  }

  async proveCode(person: Person, code: string): Promise<Proved> {
    const left = await this.countTry(person.personId);
    const apps = await this.tenancy.inInstall((em): Promise<{ id: string; secret: Buffer }[]> =>
      em.query(`SELECT id, secret FROM factor WHERE person_id = $1 AND kind = 'authenticator'`, [
        person.personId,
      ]),
    );
    for (const { id, secret } of apps) {
      const step = stepOf(this.seal.open(secret, id), code);
      if (step === undefined) continue;
      const proved = await this.tenancy.inInstall(async (em) => {
        // One statement takes the step: of two who send the same code one gets in.
        const [taken] = await returned<{ id: string }>(
          em,
          'UPDATE factor SET last_step = $2, used_at = now() WHERE id = $1 AND last_step < $2 RETURNING id',
          [id, step],
        );
        return taken && this.proved(em, person);
      });
      if (proved) return proved;
    }
    throw new AppError('factor.wrong', 'That is not the code, or it was used.', { left });
  }

  async proveRecoveryCode(person: Person, code: string): Promise<Proved> {
    const { personId } = person;
    const left = await this.countTry(personId);
    return this.tenancy.inInstall(async (em) => {
      const [used] = await returned<{ person_id: string }>(
        em,
        `UPDATE recovery_code SET used_at = now() WHERE person_id = $1 AND hash = $2 AND used_at IS NULL
         RETURNING person_id`,
        [personId, recoveryHash(personId, code)],
      );
      if (!used) throw new AppError('factor.wrong', 'That is not a code, or it was used.', { left });
      await this.mail(em, personId, 'recoveryUsed', { left: await this.codesLeft(em, personId) });
      return this.proved(em, person);
    });
  }

  // --- parts ---

  private async add(
    person: Person,
    name: string,
    insert: (em: EntityManager, factorId: string) => Promise<void>,
  ): Promise<Added> {
    const { personId } = person;
    return this.tenancy.inInstall(async (em) => {
      await this.holdPerson(em, personId);
      const isFirst = !(await this.mayAdd(em, person));
      await insert(em, randomUUID());
      const recoveryCodes = isFirst ? await this.makeCodes(em, personId) : null;
      await this.mail(em, personId, 'factorAdded', { factor: name });
      // Who has just shown it has proved it.
      return { ...(await this.proved(em, person)), recoveryCodes };
    });
  }

  /** Answers how many there are. Who has one must have proved it: a mailbox alone adds none beside it. */
  private async mayAdd(em: EntityManager, person: Person): Promise<number> {
    const count = await this.count(em, person.personId);
    if (count) requireStrong(person);
    if (count >= FACTORS_MAX) throw new AppError('factor.tooMany', `At most ${FACTORS_MAX} factors.`);
    return count;
  }

  /** One change to a person's factors at a time. */
  private holdPerson(em: EntityManager, personId: string) {
    return em.query('SELECT FROM person WHERE id = $1 FOR NO KEY UPDATE', [personId]);
  }

  private async count(em: EntityManager, personId: string): Promise<number> {
    const [{ n }] = (await em.query('SELECT count(*)::int AS n FROM factor WHERE person_id = $1', [
      personId,
    ])) as [{ n: number }];
    return n;
  }

  private passkeys(em: EntityManager, personId: string): Promise<{ id: string; transports: string[] }[]> {
    return em.query(
      `SELECT credential_id AS id, transports FROM factor WHERE person_id = $1 AND kind = 'passkey'`,
      [personId],
    );
  }

  /** Only the latest of a kind counts. */
  private async ask({ signInId }: Person, kind: Challenge, challenge: Buffer) {
    await this.tenancy.inInstall((em) =>
      em.query(
        `INSERT INTO factor_challenge (sign_in_id, kind, challenge, expires_at)
         VALUES ($1, $2, $3, now() + make_interval(mins => $4))
         ON CONFLICT (sign_in_id, kind) DO UPDATE SET challenge = excluded.challenge, expires_at = excluded.expires_at`,
        [signInId, kind, challenge, CHALLENGE_MINUTES],
      ),
    );
  }

  /** Takes the challenge away, so that it is answered once. */
  private async answered(em: EntityManager, { signInId }: Person, kind: Challenge): Promise<Buffer> {
    const [row] = await returned<{ challenge: Buffer }>(
      em,
      `DELETE FROM factor_challenge WHERE sign_in_id = $1 AND kind = $2 AND expires_at > now() RETURNING challenge`,
      [signInId, kind],
    );
    if (!row) throw new AppError('factor.expired', 'Start it once more.');
    return row.challenge;
  }

  private async proved(em: EntityManager, person: Person): Promise<Proved> {
    await em.query('DELETE FROM factor_try WHERE person_id = $1', [person.personId]);
    return { cookie: await this.signIns.prove(em, person) };
  }

  /** Counts before it is looked at, in a transaction of its own: many tries at once are no faster. */
  private async countTry(personId: string): Promise<number> {
    const [{ tries, ms }] = (await this.tenancy.inInstall((em) =>
      returned(
        em,
        `INSERT INTO factor_try AS t (person_id, tries, until) VALUES ($1, 1, now() + make_interval(mins => $2))
         ON CONFLICT (person_id) DO UPDATE SET
           tries = CASE WHEN t.until < now() THEN 1 ELSE t.tries + 1 END,
           until = CASE WHEN t.until < now() OR t.tries < $3 THEN excluded.until ELSE t.until END
         RETURNING tries, round(extract(epoch FROM until - now()) * 1000)::int AS ms`,
        [personId, LOCK_MINUTES, TRIES],
      ),
    )) as [{ tries: number; ms: number }];
    if (tries > TRIES)
      throw new AppError('factor.locked', 'Too many wrong codes: wait.', { retryAfterMs: Math.max(ms, 1) });
    return TRIES - tries;
  }

  private async makeCodes(em: EntityManager, personId: string): Promise<string[]> {
    const codes = Array.from({ length: RECOVERY_CODES }, () =>
      [...randomBytes(16)].map((byte) => LETTERS[byte % LETTERS.length]).join(''),
    );
    await em.query('DELETE FROM recovery_code WHERE person_id = $1', [personId]);
    await em.query('INSERT INTO recovery_code (person_id, hash) SELECT $1, unnest($2::bytea[])', [
      personId,
      codes.map((code) => recoveryHash(personId, code)),
    ]);
    return codes.map((code) => code.match(/.{4}/g)!.join('-'));
  }

  private async codesLeft(em: EntityManager, personId: string): Promise<number> {
    const [{ n }] = (await em.query(
      'SELECT count(*)::int AS n FROM recovery_code WHERE person_id = $1 AND used_at IS NULL',
      [personId],
    )) as [{ n: number }];
    return n;
  }

  private async mail(
    em: EntityManager,
    personId: string,
    what: 'factorAdded' | 'factorRemoved' | 'recoveryUsed',
    values: Record<string, string | number>,
  ) {
    const row = await em.findOneBy(PersonRow, { id: personId });
    if (row)
      await this.mails.post(em, {
        to: row.email,
        ...peopleMail(row.locale, what, { name: row.name, address: `${this.origin}/account`, ...values }),
      });
  }
}
