import { Controller, Inject } from '@nestjs/common';
import type { InputOf } from '@parley/contracts/contract';
import {
  answerScreener,
  confirmAddress,
  giveConsents,
  giveContact,
  openDoor,
  passAge,
  readCandidacy,
  sendVoice,
  withdrawCandidacy,
} from '@parley/contracts/door';
import type { Response } from 'express';
import { agentOf, cookie, setSignIn } from '../people/people.controller';
import { AppError } from '../platform/errors';
import { Limit } from '../platform/limits';
import { ScopeKey } from '../platform/tenancy';
import { cookieOf, Identities, type Passing, Route, SIGN_IN_COOKIE } from '../platform/transport';
import { ageMark, MARK_DAYS, markedAge } from './age';
import type { Candidate } from './candidacy.service';
import { CandidatesService, type Stood } from './candidates.service';
import { candidateOf, candidateToken } from './tokens';

const DOOR_COOKIE = '__Host-parley-door';
const AGE_COOKIE = '__Host-parley-age';
const DOOR_DAYS = 90;
const DAY_MS = 86_400_000;
/** Links from one network that open nothing, and mails and codes that it asks for, within the hour. */
const WRONG_LINKS_PER_HOUR = 30;
const MAILS_PER_HOUR = 100;
const CODES_PER_HOUR = 200;
const HOUR_MS = 3_600_000;

/** The door from outside: no sign-in; who a candidate is, says the door's own cookie. */
@Controller()
export class CandidatesController {
  private readonly wrongLinks = new Limit(WRONG_LINKS_PER_HOUR, HOUR_MS);
  private readonly mails = new Limit(MAILS_PER_HOUR, HOUR_MS);
  private readonly codes = new Limit(CODES_PER_HOUR, HOUR_MS);

  constructor(
    private readonly candidates: CandidatesService,
    private readonly identities: Identities,
    @Inject(ScopeKey) private readonly key: ScopeKey,
  ) {}

  @Route(openDoor, 'anybody')
  async open(_caller: undefined, input: InputOf<typeof openDoor>, request: Passing, response: Response) {
    const { candidate, ...opened } = await this.guessing(request, async () =>
      this.candidates.open(input, await this.personOf(request)),
    );
    if (candidate) this.remember(response, candidate);
    return opened;
  }

  @Route(passAge, 'anybody')
  async passAge(_caller: undefined, input: InputOf<typeof passAge>, request: Passing, response: Response) {
    const marked = markedAge(this.key, cookieOf(request, AGE_COOKIE));
    const begun = await this.guessing(request, async () =>
      this.candidates.begin(input, await this.personOf(request), marked),
    );
    if ('tooYoungFor' in begun) {
      const mark = ageMark(this.key, begun.tooYoungFor);
      response.cookie(AGE_COOKIE, mark, { ...cookie, maxAge: MARK_DAYS * DAY_MS });
      throw new AppError('door.underAge', 'Thank you. You cannot take part.');
    }
    this.remember(response, begun.candidate);
    return begun.candidacy;
  }

  @Route(readCandidacy, 'anybody')
  async read(_caller: undefined, _input: object, request: Passing) {
    return (await this.candidates.read(await this.candidateOf(request))).candidacy;
  }

  @Route(answerScreener, 'anybody')
  async answer(_caller: undefined, { answers }: InputOf<typeof answerScreener>, request: Passing) {
    return (await this.candidates.answer(await this.candidateOf(request), answers)).candidacy;
  }

  @Route(giveConsents, 'anybody')
  async consent(_caller: undefined, input: InputOf<typeof giveConsents>, request: Passing) {
    return (await this.candidates.consent(await this.candidateOf(request), input)).candidacy;
  }

  @Route(giveContact, 'anybody')
  async contact(
    _caller: undefined,
    { handle, email }: InputOf<typeof giveContact>,
    request: Passing,
    response: Response,
  ) {
    const candidate = await this.candidateOf(request);
    // Who has a personal invitation or a confirmed address gives none: no mail goes to where they say.
    if (email) this.mails.charge(request.ip ?? '');
    return this.entered(await this.candidates.contact(candidate, handle, email, agentOf(request)), response);
  }

  @Route(confirmAddress, 'anybody')
  async confirm(
    _caller: undefined,
    { code }: InputOf<typeof confirmAddress>,
    request: Passing,
    response: Response,
  ) {
    const candidate = await this.candidateOf(request);
    this.codes.charge(request.ip ?? '');
    return this.entered(await this.candidates.confirm(candidate, code, agentOf(request)), response);
  }

  @Route(sendVoice, 'anybody')
  async voice(_caller: undefined, { text }: InputOf<typeof sendVoice>, request: Passing) {
    return (await this.candidates.voice(await this.candidateOf(request), text)).candidacy;
  }

  @Route(withdrawCandidacy, 'anybody')
  async withdraw(_caller: undefined, _input: object, request: Passing, response: Response) {
    await this.candidates.withdraw(await this.candidateOf(request));
    response.cookie(DOOR_COOKIE, '', { ...cookie, maxAge: 0 });
    return {};
  }

  private entered({ candidacy, signIn, candidate }: Stood, response: Response) {
    if (candidate) this.remember(response, candidate);
    if (signIn) setSignIn(response, signIn);
    return candidacy;
  }

  private remember(response: Response, { communityId, applicationId }: Candidate) {
    const token = candidateToken(this.key, 'c', communityId, applicationId);
    response.cookie(DOOR_COOKIE, token, { ...cookie, maxAge: DOOR_DAYS * DAY_MS });
  }

  private async candidateOf(request: Passing): Promise<Candidate> {
    const candidate = candidateOf(this.key, 'c', cookieOf(request, DOOR_COOKIE) ?? '');
    if (candidate) return candidate;
    throw (await this.personOf(request))
      ? new AppError('auth.forbidden', 'For candidates.')
      : new AppError('auth.required', 'Open your invitation first.');
  }

  private async personOf(request: Passing): Promise<string | undefined> {
    const token = cookieOf(request, SIGN_IN_COOKIE);
    return token ? (await this.identities.person(token))?.personId : undefined;
  }

  /** Who tries links that open nothing is slowed down, for right ones too: else a guess would be told by its answer. */
  private async guessing<T>(request: Passing, work: () => Promise<T>): Promise<T> {
    this.wrongLinks.check(request.ip ?? '');
    try {
      return await work();
    } catch (error) {
      if (error instanceof AppError && error.code === 'request.notFound')
        this.wrongLinks.count(request.ip ?? '');
      throw error;
    }
  }
}
