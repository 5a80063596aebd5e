import { randomBytes } from 'node:crypto';
import { Controller, Inject } from '@nestjs/common';
import { breakGlass, listAudit } from '@parley/contracts/audit';
import type { InputOf } from '@parley/contracts/contract';
import {
  addAuthenticator,
  addPasskey,
  companyBackPath,
  companyStartPath,
  listFactors,
  listWays,
  proveCode,
  provePasskey,
  proveRecoveryCode,
  removeFactor,
  renewRecoveryCodes,
  startAuthenticator,
  startPasskey,
  startPasskeyProof,
} from '@parley/contracts/factors';
import type { Response } from 'express';
import { type Config, CONFIG } from '../platform/config';
import { type Member, members, type Overseer, type Person } from '../platform/doors';
import { AppError, notFound } from '../platform/errors';
import { Limit } from '../platform/limits';
import { cookieOf, FileRoute, type Passing, Route } from '../platform/transport';
import { AuditService } from './audit.service';
import { CompanyService, STATE_MINUTES } from './company.service';
import { FactorsService } from './factors.service';
import { GlassService } from './glass.service';
import { agentOf, clear, cookie, setSignIn } from './people.controller';
import { PeopleService } from './people.service';

const COMPANY_COOKIE = '__Host-parley-company';
const COMPANY_PER_HOUR = 60;

/** Second factors, sign-in through a company, broken glass and the audit trail. */
@Controller()
export class FactorsController {
  private readonly starts = new Limit(COMPANY_PER_HOUR, 3_600_000);

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly factors: FactorsService,
    private readonly people: PeopleService,
    private readonly company: CompanyService,
    private readonly audit: AuditService,
    private readonly glass: GlassService,
  ) {}

  @Route(listFactors, 'person')
  list(caller: Person) {
    return this.factors.list(caller);
  }

  @Route(startPasskey, 'person')
  startPasskey(caller: Person) {
    return this.factors.startPasskey(caller);
  }

  @Route(addPasskey, 'person')
  async addPasskey(
    caller: Person,
    { name, answer }: InputOf<typeof addPasskey>,
    _request: Passing,
    response: Response,
  ) {
    const { cookie, recoveryCodes } = await this.factors.addPasskey(caller, name, answer);
    if (cookie) setSignIn(response, cookie);
    return { recoveryCodes };
  }

  @Route(startAuthenticator, 'person')
  startAuthenticator(caller: Person) {
    return this.factors.startAuthenticator(caller);
  }

  @Route(addAuthenticator, 'person')
  async addAuthenticator(
    caller: Person,
    { name, code }: InputOf<typeof addAuthenticator>,
    _request: Passing,
    response: Response,
  ) {
    const { cookie, recoveryCodes } = await this.factors.addAuthenticator(caller, name, code);
    if (cookie) setSignIn(response, cookie);
    return { recoveryCodes };
  }

  @Route(removeFactor, 'fresh person')
  async remove(caller: Person, { factorId }: InputOf<typeof removeFactor>) {
    await this.factors.remove(caller, factorId);
    return {};
  }

  @Route(renewRecoveryCodes, 'fresh person')
  async renewCodes(caller: Person) {
    return { recoveryCodes: await this.factors.renewCodes(caller) };
  }

  @Route(startPasskeyProof, 'person')
  startProof(caller: Person) {
    return this.factors.startProof(caller);
  }

  @Route(provePasskey, 'person')
  async provePasskey(
    caller: Person,
    { answer }: InputOf<typeof provePasskey>,
    _request: Passing,
    response: Response,
  ) {
    return this.proved(caller, await this.factors.provePasskey(caller, answer), response);
  }

  @Route(proveCode, 'person')
  async proveCode(
    caller: Person,
    { code }: InputOf<typeof proveCode>,
    _request: Passing,
    response: Response,
  ) {
    return this.proved(caller, await this.factors.proveCode(caller, code), response);
  }

  @Route(proveRecoveryCode, 'person')
  async proveRecoveryCode(
    caller: Person,
    { code }: InputOf<typeof proveRecoveryCode>,
    _request: Passing,
    response: Response,
  ) {
    return this.proved(caller, await this.factors.proveRecoveryCode(caller, code), response);
  }

  @Route(listWays, 'anybody')
  async listWays() {
    const { company } = this.config;
    return { company: company ? { name: company.name } : null };
  }

  @FileRoute(companyStartPath, 'anybody')
  async startAtCompany(_caller: undefined, _params: object, request: Passing, response: Response) {
    await this.orToSignIn(response, async () => {
      this.starts.charge(request.ip ?? '');
      const browser = randomBytes(32).toString('base64url');
      const url = await this.company.start(this.inHouse(request.query['next']), browser);
      response.cookie(COMPANY_COOKIE, browser, { ...cookie, maxAge: STATE_MINUTES * 60_000 });
      return url.href;
    });
  }

  @FileRoute(companyBackPath, 'anybody')
  async backFromCompany(_caller: undefined, _params: object, request: Passing, response: Response) {
    await this.orToSignIn(response, async () => {
      const query = new URL(request.originalUrl, this.config.publicUrl).searchParams;
      const browser = cookieOf(request, COMPANY_COOKIE);
      clear(response, COMPANY_COOKIE);
      const signedIn = await this.company.finish(query, browser, agentOf(request));
      setSignIn(response, signedIn.cookie);
      return signedIn.next;
    });
  }

  @Route(breakGlass, members([], { hidden: false, admin: true, fresh: true }))
  async breakGlass(caller: Member | Overseer, { communityId, reason }: InputOf<typeof breakGlass>) {
    return this.glass.break(caller, communityId, reason);
  }

  @Route(listAudit, members(['manager'], { hidden: false, admin: true }))
  readAudit(_caller: Member | Overseer, { communityId, before }: InputOf<typeof listAudit>) {
    return this.audit.read(communityId, before);
  }

  private async proved({ personId }: Person, { cookie }: { cookie: string | undefined }, response: Response) {
    if (cookie) setSignIn(response, cookie);
    return this.people.me(personId, new Date());
  }

  /** A browser on its way is shown a page, and the sign-in page says why; it is led nowhere but there. */
  private async orToSignIn(response: Response, whereTo: () => Promise<string>) {
    if (!this.config.company) throw notFound();
    try {
      response.redirect(302, await whereTo());
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      response.redirect(302, `/sign-in?refused=${error.code}`);
    }
  }

  /** A path of our own, or the start page: a link must not lead out of the house after signing in. */
  private inHouse(next: unknown): string {
    if (typeof next !== 'string' || !next.startsWith('/') || next.length > 500) return '/';
    const { publicUrl } = this.config;
    const url = URL.canParse(next, publicUrl) ? new URL(next, publicUrl) : undefined;
    return url?.origin === publicUrl ? `${url.pathname}${url.search}`.replace(/^\/{2,}/, '/') : '/';
  }
}
