import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import PostalMime, { type Email } from 'postal-mime';
import { SMTPServer } from 'smtp-server';
import { until, Visitor } from './server';

/** A mail server of one's own, and what came to it. */
export class MailSink {
  readonly mails: Email[] = [];
  private readonly smtp = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    // As of a mailbox that is not there.
    onRcptTo: ({ address }, _session, done) =>
      done(
        address.startsWith('bounce-')
          ? Object.assign(new Error('5.1.1 No such mailbox'), { responseCode: 550 })
          : undefined,
      ),
    onData: (stream, _session, done) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        void PostalMime.parse(Buffer.concat(chunks))
          .then((mail) => this.mails.push(mail))
          .then(() => done());
      });
    },
  });

  /** Answers its `SMTP_URL`. */
  async open() {
    this.smtp.listen(0, '127.0.0.1');
    await once(this.smtp.server, 'listening');
    return `smtp://127.0.0.1:${(this.smtp.server.address() as AddressInfo).port}`;
  }

  close() {
    return new Promise<void>((done) => this.smtp.close(done));
  }

  /** The next mail to an address, with what can be signed in with. */
  async next(email: string, from = 0) {
    const find = () => this.mails.slice(from).find(({ to }) => to?.[0]?.address === email);
    await until(() => Boolean(find()));
    return withSecrets(find()!);
  }

  /** The code of the next mail to an address that has one. */
  async nextCode(email: string, from = 0) {
    const find = () =>
      this.mails
        .slice(from)
        .filter(({ to }) => to?.[0]?.address === email)
        .map((mail) => withSecrets(mail).code)
        .find(Boolean);
    await until(() => Boolean(find()));
    return find()!;
  }
}

export function withSecrets({ text = '', subject, messageId, from: sender, html, attachments }: Email) {
  const [link = '', token = ''] = /https?:\/\/\S+#([\w-]+)/.exec(text) ?? [];
  const [code = ''] = /\b\d{6}\b/.exec(text) ?? [];
  return { text, subject, messageId, sender, html, attachments, link, token, code };
}

/** A browser that has asked for nothing yet, at an address of its own. */
export class Browser extends Visitor {
  constructor(
    url: string,
    private readonly sink: MailSink,
    readonly address = `10.${randomInt(255)}.${randomInt(255)}.${randomInt(255)}`,
  ) {
    super(url);
  }

  async post(path: string, body: object, headers: Record<string, string> = {}) {
    const response = await this.request(path, {
      method: 'POST',
      body: JSON.stringify(body),
      headers: { 'content-type': 'application/json', 'x-forwarded-for': this.address, ...headers },
    });
    const setCookies = response.headers.getSetCookie();
    this.jar.keep(setCookies);
    const text = await response.text();
    const { code, left } = JSON.parse(text) as { code?: string; left?: number };
    return { status: response.status, headers: response.headers, setCookies, text, code, left };
  }

  ask(email: string, more: object = {}) {
    return this.post('/api/sign-in/links', { email, ...more });
  }

  /** Asks, and reads the mail that comes. */
  async askAndRead(email: string, more: object = {}) {
    const before = this.sink.mails.length;
    await this.ask(email, more);
    return this.sink.next(email, before);
  }

  redeem(token: string) {
    return this.post('/api/sign-in/redeem', { token });
  }

  type(code: string) {
    return this.post('/api/sign-in/code', { code });
  }

  async signIn(email: string) {
    const { token } = await this.askAndRead(email);
    return this.redeem(token);
  }
}
