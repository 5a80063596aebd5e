import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** A line to a TCP server that can be cut, or go silent, on purpose. */
export class TcpProxy {
  private readonly sockets = new Set<Socket>();
  private silent = false;
  private away = false;
  /** What a client says before the commit whose answer is lost. */
  private losing: string | null = null;
  private mute = false;
  /** Bytes that came from clients. */
  sent = 0;
  private readonly server = createServer((client) => {
    if (this.away) return void client.destroy();
    const { hostname, port } = new URL(this.target);
    const upstream = connect(Number(port), hostname);
    let isMarked = false;
    for (const [from, to] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      this.sockets.add(from);
      from.on('data', (bytes) => {
        if (from === client) this.sent += bytes.length;
        if (this.silent || (this.mute && from === upstream)) return;
        to.write(bytes);
        if (from !== client || this.losing === null) return;
        isMarked ||= bytes.includes(this.losing);
        if (isMarked && bytes.includes('COMMIT')) this.mute = true;
      });
      from.on('error', () => undefined);
      from.on('close', () => {
        this.sockets.delete(from);
        to.destroy();
      });
    }
  });

  constructor(private readonly target: string) {}

  /** Answers the target's URL with this line in it. */
  async open() {
    this.server.listen(0, '127.0.0.1');
    await once(this.server, 'listening');
    const { port } = this.server.address() as AddressInfo;
    return Object.assign(new URL(this.target), { host: `127.0.0.1:${port}` }).href;
  }

  /** Takes bytes and hands none on, as a machine that has stopped. What was said meanwhile is lost. */
  hang(silent = true) {
    this.silent = silent;
    if (!silent) this.cut();
  }

  /**
   * Lets the next commit of whoever said this through, and nothing that is answered from then on, to anybody. Without
   * a statement all is answered again.
   */
  loseAnswerToCommit(statement: string | null = null) {
    this.losing = statement;
    this.mute = false;
    if (statement === null) this.cut();
  }

  /** Ends every connection; the next is refused while it is away. */
  goAway(away = true) {
    this.away = away;
    if (away) this.cut();
  }

  cut() {
    for (const socket of this.sockets) socket.destroy();
  }

  close() {
    this.cut();
    this.server.close();
  }
}
