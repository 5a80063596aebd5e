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
import { AppError, notFound } from '../platform/errors';
import { Files } from '../platform/files';
import { socketDoor, Sockets } from '../platform/sockets';
import { cookieOf, FileRoute, type Passing, Route, SIGN_IN_COOKIE } from '../platform/transport';
import { PeopleService } from './people.service';
import { LINK_MINUTES, SIGN_IN_DAYS, SignInService } from './sign-in.service';

const ASKING_COOKIE = '__Host-parley-asking';
const cookie = { httpOnly: true, secure: true, sameSite: 'lax', path: '/' } as const;
const ASKS_PER_HOUR = 20;
const CODES_PER_HOUR = 60;

export const setSignIn = (response: Response, token: string) =>
  response.cookie(SIGN_IN_COOKIE, token, { ...cookie, maxAge: SIGN_IN_DAYS * 86_400_000 });
const clear = (response: Response, name: string) => response.cookie(name, '', { ...cookie, maxAge: 0 });
export const agentOf = (request: Passing) => request.headers['user-agent'] ?? '';

@Controller()
export class PeopleController {
  /** Address to the times it asked for a mail, or tried a code, within the hour. */
  private readonly asks = new Map<string, number[]>();

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
    this.count('ask', request.ip ?? '', ASKS_PER_HOUR);
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
    this.count('code', request.ip ?? '', CODES_PER_HOUR);
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
  readMe(caller: Person) {
    return this.people.me(caller.personId);
  }

  @Route(updateMe, 'person')
  async updateMe(caller: Person, { locale }: InputOf<typeof updateMe>) {
    await this.people.setLocale(caller.personId, locale);
    return this.people.me(caller.personId);
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
    await this.files.send(response, await this.people.logo(communityId), 'image/svg+xml');
  }

  private async signedIn(token: string, response: Response) {
    const person = (await this.signIns.personOf(token))!;
    setSignIn(response, token);
    clear(response, ASKING_COOKIE);
    return this.people.me(person.personId);
  }

  /** Keeps one address from flooding others' mailboxes, and from guessing codes. */
  private count(what: 'ask' | 'code', address: string, most: number) {
    const now = Date.now();
    const key = `${what} ${networkOf(address)}`;
    const recent = (this.asks.get(key) ?? []).filter((at) => at > now - 3_600_000);
    if (recent.length >= most)
      throw new AppError('request.slowDown', 'Too much was asked for from here: wait a while.', {
        retryAfterMs: 600_000,
      });
    this.asks.delete(key);
    this.asks.set(key, [...recent, now]);
    // The longest unheard of stand in front.
    if (this.asks.size > 10_000) this.asks.delete(this.asks.keys().next().value!);
  }
}

/** Who has an IPv6 network has all of its addresses. */
const networkOf = (address: string) =>
  address.includes(':') && !address.includes('.') ? address.split(':').slice(0, 4).join(':') : address;
