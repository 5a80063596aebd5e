import { Controller } from '@nestjs/common';
import {
  listSignIns,
  readMe,
  redeemCode,
  redeemLink,
  requestLink,
  revokeSignIn,
  signOut,
  takeTicket,
  updateMe,
} from '@parley/contracts/people';
import type { InputOf } from '@parley/contracts/contract';
import { logoPath } from '@parley/contracts/media';
import { randomBytes } from 'node:crypto';
import type { Response } from 'express';
import { type Member, members, type Person } from '../platform/doors';
import { notFound } from '../platform/errors';
import { Files } from '../platform/files';
import { Limit, networkOf } from '../platform/limits';
import { socketDoor, Sockets } from '../platform/sockets';
import { cookieOf, FileRoute, type Passing, Route, SIGN_IN_COOKIE } from '../platform/transport';
import { PeopleService } from './people.service';
import { LINK_MINUTES, SIGN_IN_DAYS, SignInService } from './sign-in.service';

const ASKING_COOKIE = '__Host-parley-asking';
/** How every cookie of the server is set. */
export const cookie = { httpOnly: true, secure: true, sameSite: 'lax', path: '/' } as const;
const ASKS_PER_HOUR = 20;
const CODES_PER_HOUR = 60;

export const setSignIn = (response: Response, token: string) =>
  response.cookie(SIGN_IN_COOKIE, token, { ...cookie, maxAge: SIGN_IN_DAYS * 86_400_000 });
export const clear = (response: Response, name: string) =>
  response.cookie(name, '', { ...cookie, maxAge: 0 });
export const agentOf = (request: Passing) => request.headers['user-agent'] ?? '';

@Controller()
export class PeopleController {
  private readonly asks = new Limit(ASKS_PER_HOUR, 3_600_000);
  private readonly codes = new Limit(CODES_PER_HOUR, 3_600_000);

  constructor(
    private readonly people: PeopleService,
    private readonly signIns: SignInService,
    private readonly sockets: Sockets,
    private readonly files: Files,
  ) {}

  @Route(requestLink, 'anybody')
  async requestLink(
    _caller: undefined,
    { email, locale }: InputOf<typeof requestLink>,
    request: Passing,
    response: Response,
  ) {
    this.asks.charge(request.ip ?? '');
    const asking = cookieOf(request, ASKING_COOKIE) ?? randomBytes(32).toString('base64url');
    await this.signIns.ask(email, locale, asking, networkOf(request.ip ?? ''));
    response.cookie(ASKING_COOKIE, asking, { ...cookie, maxAge: LINK_MINUTES * 60_000 });
    return {};
  }

  @Route(redeemLink, 'anybody')
  async redeemLink(
    _caller: undefined,
    { token }: InputOf<typeof redeemLink>,
    request: Passing,
    response: Response,
  ) {
    const signIn = await this.signIns.redeemLink(token, cookieOf(request, ASKING_COOKIE), agentOf(request));
    return this.signedIn(signIn, response);
  }

  @Route(redeemCode, 'anybody')
  async redeemCode(
    _caller: undefined,
    { code }: InputOf<typeof redeemCode>,
    request: Passing,
    response: Response,
  ) {
    this.codes.charge(request.ip ?? '');
    const signIn = await this.signIns.redeemCode(code, cookieOf(request, ASKING_COOKIE), agentOf(request));
    return this.signedIn(signIn, response);
  }

  @Route(signOut, 'person')
  async signOut(caller: Person, _input: object, _request: Passing, response: Response) {
    await this.signIns.end(caller, caller.signInId);
    clear(response, SIGN_IN_COOKIE);
    response.setHeader('clear-site-data', '"cache"');
    return {};
  }

  @Route(readMe, 'person')
  readMe({ personId, strongAt }: Person) {
    return this.people.me(personId, strongAt);
  }

  @Route(updateMe, 'person')
  async updateMe(caller: Person, { locale }: InputOf<typeof updateMe>) {
    await this.people.setLocale(caller.personId, locale);
    return this.people.me(caller.personId, caller.strongAt);
  }

  @Route(listSignIns, 'person')
  async listSignIns(caller: Person) {
    return { signIns: await this.signIns.list(caller) };
  }

  @Route(revokeSignIn, 'person')
  async revokeSignIn(caller: Person, { signInId }: InputOf<typeof revokeSignIn>) {
    if (!(await this.signIns.end(caller, signInId))) throw notFound();
    return {};
  }

  @Route(takeTicket, socketDoor)
  async takeTicket(caller: Member) {
    return { ticket: this.sockets.ticketFor(caller), memberId: caller.memberId };
  }

  @FileRoute(logoPath, members(undefined, { hidden: true }))
  async logo({ communityId }: Member, _params: object, _request: Passing, response: Response) {
    await this.files.send(response, communityId, await this.people.logo(communityId), 'image/svg+xml');
  }

  private async signedIn(token: string, response: Response) {
    const person = (await this.signIns.personOf(token))!;
    setSignIn(response, token);
    clear(response, ASKING_COOKIE);
    return this.people.me(person.personId, person.strongAt);
  }
}
