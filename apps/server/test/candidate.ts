import { randomUUID } from 'node:crypto';
import type { AskOf } from '@parley/contracts/contract';
import {
  answerScreener,
  type Candidacy,
  confirmAddress,
  giveConsents,
  giveContact,
  openDoor,
  passAge,
} from '@parley/contracts/door';
import { idOf } from '../src/platform/ids';
import { openToken } from '../src/door/tokens';
import type { MailSink } from './mail';
import { halden, Visitor } from './server';

/** The open link of the demo. */
export const openLink = openToken(halden, 'come-in-halden00');
export const questionOf = (key: string) => idOf('question', 'halden', key);

/** Answers to the screener of the demo. */
export const answersOf = (ownership: string, rides = 'rarely', more: Record<string, unknown> = {}) =>
  ({
    [questionOf('ownership')]: ownership,
    [questionOf('rides')]: rides,
    [questionOf('trade')]: 'no',
    ...(rides !== 'rarely' && { [questionOf('uses')]: ['commute'] }),
    ...more,
  }) as AskOf<typeof answerScreener>['answers'];

/** Somebody on the way in, in a browser of their own. */
export class CandidateVisitor extends Visitor {
  readonly applicationId = randomUUID();

  constructor(
    url: string,
    readonly token: string = openLink,
  ) {
    super(url);
  }

  open() {
    return this.call(openDoor, { token: this.token });
  }

  pass(born = '1990-05-17') {
    return this.call(passAge, {
      token: this.token,
      applicationId: this.applicationId,
      born,
      locale: 'en',
    });
  }

  answer(...given: Parameters<typeof answersOf>) {
    return this.call(answerScreener, { answers: answersOf(...given) });
  }

  /** Agrees to the required texts, or to these purposes. */
  consent({ consents }: Candidacy, more: string[] = []) {
    const given = consents
      .filter(({ purpose, required }) => required || more.includes(purpose))
      .map(({ purpose, version }) => ({ purpose, version }));
    return this.call(giveConsents, { given });
  }

  contact(handle: string, email?: string) {
    return this.call(giveContact, { handle, ...(email && { email }) });
  }

  confirm(code: string) {
    return this.call(confirmAddress, { code });
  }

  /** As far as a place, or what is said instead. */
  async screened(...given: Parameters<typeof answersOf>) {
    await this.pass();
    return this.answer(...given);
  }

  /** The whole way by the open link, with a code from the mail. */
  async enter(sink: MailSink, email: string, ...given: Parameters<typeof answersOf>) {
    await this.consent(await this.screened(...given));
    const before = sink.mails.length;
    await this.contact('Newcomer', email);
    return this.confirm(await sink.nextCode(email, before));
  }
}
