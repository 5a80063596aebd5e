import type { Server as HttpServer } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Server } from 'socket.io';
import { WebSocketServer } from 'ws';
import { answering } from './child';

/** Bare servers to measure against: what the transport costs when a server does nothing else. */
export type BareAsks = {
  /** A `ws` server; answers its port. */
  ws: [input: null, port: number];
  /** Sends that server's clients a message of so many bytes again and again, until asked with 0. */
  beat: [input: { bytes: number; everyMs: number }, answer: null];
  /** A Socket.IO server that answers each `sample` and stores nothing. */
  answers: [input: null, port: number];
  /** A Socket.IO server that tells everybody of each `tap`. */
  naive: [input: null, port: number];
  /** CPU seconds of the process so far. */
  cpu: [input: null, seconds: number];
};

/** Runs in a process of its own: `main.js bare`. */
export function bare() {
  let sockets: WebSocketServer | undefined;
  let beating: ReturnType<typeof setInterval> | undefined;

  answering<BareAsks>({
    ws: async () => {
      const server = createServer();
      sockets = new WebSocketServer({ server, perMessageDeflate: false });
      return portOf(server);
    },
    beat: async ({ bytes, everyMs }) => {
      clearInterval(beating);
      if (!everyMs) return null;
      const message = Buffer.alloc(bytes, 'x');
      beating = setInterval(() => {
        for (const client of sockets!.clients) client.send(message, { binary: false });
      }, everyMs);
      return null;
    },
    answers: async () => {
      const { server, io } = socketIo();
      io.on('connection', (socket) =>
        socket.on('sample', (_sample: unknown, answer: (stored: object) => void) =>
          answer({ ok: true, data: {} }),
        ),
      );
      return portOf(server);
    },
    naive: async () => {
      const { server, io } = socketIo();
      io.on('connection', (socket) => socket.on('tap', (tap: unknown) => io.emit('tap', tap)));
      return portOf(server);
    },
    cpu: async () => {
      const { user, system } = process.cpuUsage();
      return (user + system) / 1e6;
    },
  });
}

function socketIo() {
  const server = createServer();
  const io = new Server(server, { transports: ['websocket'], perMessageDeflate: false, serveClient: false });
  return { server, io };
}

async function portOf(server: HttpServer): Promise<number> {
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', 4_096, done));
  return (server.address() as AddressInfo).port;
}
