import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { createTransport, type Transporter } from 'nodemailer';
import type { EntityManager } from 'typeorm';
import { type Config, CONFIG } from './config';
import { Jobs } from './jobs';
import { Tenancy } from './tenancy';

interface Mail {
  to: string;
  subject: string;
  text: string;
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

  async post(em: EntityManager, { to, subject, text }: Mail) {
    const mailId = randomUUID();
    await em.query('INSERT INTO mail (id, recipient, subject, body) VALUES ($1, $2, $3, $4)', [
      mailId,
      to,
      subject,
      text,
    ]);
    await this.jobs.add(em, 'mail.send', { mailId });
  }

  private async send(mailId: string) {
    const [mail] = await this.tenancy.inInstall(
      (em): Promise<{ recipient: string; subject: string; body: string }[]> =>
        em.query('SELECT recipient, subject, body FROM mail WHERE id = $1 AND sent_at IS NULL', [mailId]),
    );
    if (!mail) return;
    if (this.transport)
      await this.transport.sendMail({
        from: this.config.mailFrom,
        to: mail.recipient,
        subject: mail.subject,
        text: mail.body,
        // A repeat after a lost answer carries the same id, so that mailboxes can drop it.
        messageId: `<${mailId}@${new URL(this.config.publicUrl).hostname}>`,
      });
    else if (!this.config.demo) throw new Error('No SMTP_URL is set: the mail waits.');
    await this.tenancy.inInstall((em) =>
      em.query('UPDATE mail SET sent_at = now(), body = CASE WHEN $2 THEN body END WHERE id = $1', [
        mailId,
        this.config.demo,
      ]),
    );
  }
}
