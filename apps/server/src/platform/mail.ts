import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import type { Locale } from '@parley/contracts/people';
import { createInstance } from 'i18next';
import { createTransport, type Transporter } from 'nodemailer';
import type { EntityManager } from 'typeorm';
import { type Config, CONFIG } from './config';
import { Jobs } from './jobs';
import { Tenancy } from './tenancy';

export interface Mail {
  /** Where the same mail may be asked for twice: it is sent once. */
  id?: string;
  to: string;
  subject: string;
  text: string;
  /** What it is about, by which it can be followed and taken back. */
  about?: string;
}

/** Mails of one feature in each language: `say(locale, 'signIn', values)` answers subject and text. */
export async function mailWords<N extends string>(
  texts: Record<Locale, Record<N, { subject: string; body: string }>>,
) {
  const i18n = createInstance({
    lng: 'en',
    resources: Object.fromEntries(
      Object.entries(texts).map(([locale, translation]) => [locale, { translation }]),
    ),
    // Mails are plain text.
    interpolation: { escapeValue: false },
  });
  await i18n.init();
  return (locale: Locale, name: N, values: Record<string, string | number>) => {
    const say = i18n.getFixedT(locale) as (key: string, values: object) => string;
    // A subject is one line, whatever is put into it.
    return {
      subject: say(`${name}.subject`, values).replace(/\s+/g, ' '),
      text: say(`${name}.body`, values),
    };
  };
}

/** Mails: written in the caller's transaction, sent after it. In the demo without SMTP they are only shown. */
@Injectable()
export class Mails {
  private readonly transport: Transporter | undefined;

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly jobs: Jobs,
    private readonly tenancy: Tenancy,
  ) {
    this.transport = config.smtpUrl ? createTransport(config.smtpUrl) : undefined;
    this.jobs.handle('mail.send', ({ mailId }: { mailId: string }) => this.send(mailId));
  }

  async post(em: EntityManager, mail: Mail) {
    await this.postAll(em, [mail]);
  }

  /** Many at once: two statements, whatever their number. */
  async postAll(em: EntityManager, mails: readonly Mail[]) {
    if (!mails.length) return;
    const ids = mails.map(({ id }) => id ?? randomUUID());
    await em.query(
      `INSERT INTO mail (id, recipient, subject, body, about)
       SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::uuid[]) ON CONFLICT (id) DO NOTHING`,
      [
        ids,
        mails.map(({ to }) => to),
        mails.map(({ subject }) => subject),
        mails.map(({ text }) => text),
        mails.map(({ about }) => about ?? null),
      ],
    );
    await this.jobs.addAll(
      em,
      'mail.send',
      ids.map((mailId) => ({ mailId })),
    );
  }

  /** Takes back and forgets what was written about something. What has left the house has left. */
  async forget(em: EntityManager, about: readonly string[]) {
    await em.query('DELETE FROM mail WHERE about = ANY ($1::uuid[])', [about]);
  }

  /** Takes back what was written about something and has not left the house yet. */
  async takeBack(em: EntityManager, about: string) {
    await em.query('DELETE FROM mail WHERE about = $1 AND sent_at IS NULL AND refused IS NULL', [about]);
  }

  private async send(mailId: string) {
    const [mail] = await this.tenancy.inInstall(
      (em): Promise<{ recipient: string; subject: string; body: string }[]> =>
        em.query(
          'SELECT recipient, subject, body FROM mail WHERE id = $1 AND sent_at IS NULL AND refused IS NULL',
          [mailId],
        ),
    );
    if (!mail) return;
    const refused = await this.handOver(mailId, mail);
    await this.tenancy.inInstall((em) =>
      em.query(
        `UPDATE mail SET sent_at = CASE WHEN $3::text IS NULL THEN now() END, refused = $3,
           body = CASE WHEN $2 THEN body END WHERE id = $1`,
        [mailId, this.config.demo, refused ?? null],
      ),
    );
  }

  /** Answers what the mail server said when it will never take the mail; throws when it may yet. */
  private async handOver(mailId: string, mail: { recipient: string; subject: string; body: string }) {
    if (!this.transport && !this.config.demo) throw new Error('No SMTP_URL is set: the mail waits.');
    try {
      await this.transport?.sendMail({
        from: this.config.mailFrom,
        to: mail.recipient,
        subject: mail.subject,
        text: mail.body,
        // A repeat after a lost answer carries the same id, so that mailboxes can drop it.
        messageId: `<${mailId}@${new URL(this.config.publicUrl).hostname}>`,
      });
      return undefined;
    } catch (error) {
      const {
        responseCode = 0,
        response,
        command,
      } = error as {
        responseCode?: number;
        response?: string;
        command?: string;
      };
      // What it says of the recipient or the mail is for good; what it says of us (sign-in, greeting) can be mended.
      const forGood = responseCode >= 500 && responseCode < 600 && /^(RCPT TO|DATA)$/.test(command ?? '');
      if (!forGood) throw error;
      return (response ?? String(responseCode)).slice(0, 300);
    }
  }
}
