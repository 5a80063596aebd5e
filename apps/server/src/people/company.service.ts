import { createHash } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import {
  allowInsecureRequests,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  calculatePKCECodeChallenge,
  type Configuration,
  discovery,
  fetchUserInfo,
  type IDToken,
  randomNonce,
  randomPKCECodeVerifier,
  randomState,
} from 'openid-client';
import { companyBackPath } from '@parley/contracts/factors';
import { type Config, CONFIG } from '../platform/config';
import { FRESH_MS, teamRoles } from '../platform/doors';
import { AppError } from '../platform/errors';
import { errorFields, type Log, LOG } from '../platform/log';
import { Tenancy } from '../platform/tenancy';
import { returned } from '../platform/writer';
import { PersonRow } from './people.tables';
import { PeopleService } from './people.service';
import { SignInService } from './sign-in.service';

export const STATE_MINUTES = 10;
const TIMEOUT_SECONDS = 10;

/** What an issuer says of how it knows somebody, where that was more than a password (RFC 8176, and levels in use). */
const strongMethods = new Set(['mfa', 'hwk', 'swk', 'otp', 'sc']);
const strongLevels = new Set(['phr', 'phrh', 'mfa', 'https://refeds.org/profile/mfa']);

const hash = (secret: string) => createHash('sha256').update(secret).digest();
const failed = () => new AppError('company.failed', 'The sign-in was not completed.');
const notForYou = () => new AppError('company.notForYou', 'This way in is for the team of a community.');

/** Sign-in of a brand's staff through their company's own service (OpenID Connect). It makes no accounts. */
@Injectable()
export class CompanyService {
  private known: Promise<Configuration> | undefined;

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    @Inject(LOG) private readonly log: Log,
    private readonly tenancy: Tenancy,
    private readonly signIns: SignInService,
    private readonly people: PeopleService,
  ) {}

  /** Where to send a browser, which is known again by its secret, so that it comes back signed in. */
  async start(next: string, browser: string): Promise<URL> {
    const [state, nonce, verifier] = [randomState(), randomNonce(), randomPKCECodeVerifier()];
    const issuer = await this.issuer();
    await this.tenancy.inInstall((em) =>
      em.query(
        `WITH old AS (DELETE FROM company_state WHERE expires_at < now())
         INSERT INTO company_state (state_hash, browser_hash, verifier, nonce, next, expires_at)
         VALUES ($1, $2, $3, $4, $5, now() + make_interval(mins => $6))`,
        [hash(state), hash(browser), verifier, nonce, next, STATE_MINUTES],
      ),
    );
    return buildAuthorizationUrl(issuer, {
      redirect_uri: `${this.config.publicUrl}${companyBackPath}`,
      scope: 'openid email',
      state,
      nonce,
      code_challenge: await calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
    });
  }

  /** Signs in whom the issuer names, if the install knows them as team. Each state comes back once, in its browser. */
  async finish(
    query: URLSearchParams,
    browser: string | undefined,
    userAgent: string,
  ): Promise<{ cookie: string; next: string }> {
    const state = query.get('state') ?? '';
    const [asked] = await this.tenancy.inInstall((em) =>
      returned<{ verifier: string; nonce: string; next: string }>(
        em,
        `DELETE FROM company_state WHERE state_hash = $1 AND browser_hash = $2 AND expires_at > now()
         RETURNING verifier, nonce, next`,
        [hash(state), hash(browser ?? '')],
      ),
    );
    if (!asked || !browser) throw failed();
    const { token, email } = await this.told(query, state, asked);
    const domain = email?.slice(email.lastIndexOf('@') + 1) ?? '';
    const person =
      email && this.config.company?.domains.includes(domain)
        ? await this.tenancy.inInstall((em) => em.findOneBy(PersonRow, { email }))
        : null;
    if (!person) throw notForYou();
    const { memberships } = await this.people.me(person.id, null);
    const isTeam = memberships.some(({ role, status }) => status === 'active' && teamRoles.includes(role));
    if (!person.admin && !isTeam) throw notForYou();
    const cookie = await this.tenancy.inInstall((em) =>
      this.signIns.begin(em, person.id, userAgent, strongAt(token)),
    );
    return { cookie, next: asked.next };
  }

  /** What the issuer says, checked; the address in lower case, and none that it has not verified. */
  private async told(
    query: URLSearchParams,
    state: string,
    { verifier, nonce }: { verifier: string; nonce: string },
  ) {
    try {
      const issuer = await this.issuer();
      const address = new URL(companyBackPath, this.config.publicUrl);
      address.search = query.toString();
      const tokens = await authorizationCodeGrant(issuer, address, {
        pkceCodeVerifier: verifier,
        expectedState: state,
        expectedNonce: nonce,
        idTokenExpected: true,
      });
      const token = tokens.claims()!;
      // Some say it in the token, some only when asked.
      const said =
        token.email === undefined && issuer.serverMetadata().userinfo_endpoint
          ? await fetchUserInfo(issuer, tokens.access_token, token.sub)
          : token;
      const isVerified = said.email_verified === true && typeof said.email === 'string';
      return { token, email: isVerified ? String(said.email).toLowerCase() : undefined };
    } catch (error) {
      this.log.warn(errorFields(error), 'sign-in by the company failed');
      throw failed();
    }
  }

  /** Asked once it is needed, and again when it did not answer. */
  private async issuer(): Promise<Configuration> {
    const { company } = this.config;
    if (!company) throw failed();
    const { issuer, clientId, clientSecret } = company;
    const options = {
      timeout: TIMEOUT_SECONDS,
      // Settings allow it for this machine alone.
      execute: issuer.startsWith('http:') ? [allowInsecureRequests] : [],
    };
    this.known ??= discovery(new URL(issuer), clientId, clientSecret, undefined, options);
    try {
      return await this.known;
    } catch (error) {
      this.known = undefined;
      this.log.warn(errorFields(error), 'the company’s sign-in service does not answer');
      throw failed();
    }
  }
}

/** When the issuer last saw a second factor; null when it does not say so. */
function strongAt({ amr, acr, auth_time: at }: IDToken): Date | null {
  const methods: unknown[] = Array.isArray(amr) ? amr : [];
  const isStrong =
    methods.some((method) => strongMethods.has(String(method))) || strongLevels.has(String(acr));
  if (!isStrong) return null;
  // Where it does not say when, it was not just now: what needs a fresh proof asks for one here.
  return new Date(Math.min(Date.now(), typeof at === 'number' ? at * 1000 : Date.now() - FRESH_MS));
}
