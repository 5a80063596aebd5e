import { once } from 'node:events';
import type { AddressInfo, Socket } from 'node:net';
import { SMTPServer } from 'smtp-server';

/** Everybody's mailbox: a mail server on this machine that remembers which mails it has accepted for whom. */
export class Mailbox {
  /** Recipient to the ids of the mails in the order in which they came. */
  readonly accepted = new Map<string, string[]>();
  /** Called for each mail that is accepted, before the sender learns of it. */
  beforeAnswer: () => Promise<unknown> | undefined = () => undefined;
  private readonly sockets = new Map<number, Socket>();
  private readonly smtp: SMTPServer;

  /**
   * Of the mails, `breaks` is the share after which the link breaks before they are answered for. Remembered are those
   * with `subject` alone: what else there is to tell people is not looked at.
   */
  constructor(
    private readonly breaks: number,
    subject: string,
  ) {
    this.smtp = new SMTPServer({
      authOptional: true,
      disabledCommands: ['STARTTLS', 'AUTH'],
      disableReverseLookup: true,
      onData: (stream, { envelope, remotePort }, done) => {
        const chunks: Buffer[] = [];
        stream.on('data', (chunk: Buffer) => chunks.push(chunk));
        stream.on('end', () => {
          const mail = Buffer.concat(chunks).toString();
          const [, id = ''] = /^message-id:\s*(\S+)/im.exec(mail) ?? [];
          const [, about] = /^subject:\s*(.*?)\r?$/im.exec(mail) ?? [];
          if (about !== subject) return done();
          for (const { address } of envelope.rcptTo)
            this.accepted.set(address, [...(this.accepted.get(address) ?? []), id]);
          void Promise.resolve(this.beforeAnswer()).then(() => {
            if (Math.random() >= this.breaks) return done();
            this.sockets.get(remotePort)?.destroy();
          });
        });
      },
    });
    // A link that breaks is nobody's fault here.
    this.smtp.on('error', () => undefined);
    this.smtp.server.on('connection', (socket: Socket) => {
      const { remotePort } = socket;
      if (remotePort === undefined) return;
      this.sockets.set(remotePort, socket);
      socket.once('close', () => this.sockets.delete(remotePort));
    });
  }

  /** Answers its `SMTP_URL`. */
  async open(): Promise<string> {
    this.smtp.listen(0, '127.0.0.1');
    await once(this.smtp.server, 'listening');
    return `smtp://127.0.0.1:${(this.smtp.server.address() as AddressInfo).port}`;
  }

  close() {
    return new Promise<void>((done) => this.smtp.close(() => done()));
  }
}
