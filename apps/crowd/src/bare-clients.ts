import WebSocket from 'ws';
import { LeanSocket } from './lean';
import { inParallel, pause } from './problem';

/** The clients' side of the baselines: the same sockets, towards a server that does nothing else. */
export type BareClientAsks = {
  /** Connects to the `ws` server and counts what it sends. */
  listen: [input: { port: number; people: number }, answer: null];
  heard: [input: null, messages: number];
  /** Sends one sample after the other, each as soon as the one before is answered. */
  answered: [input: { port: number; people: number; seconds: number }, samples: number];
  /** Each taps once a second; answers how much was heard of it. */
  tapped: [input: { port: number; people: number; seconds: number }, deliveries: number];
  part: [input: null, answer: null];
};

export function bareClients(): {
  [N in keyof BareClientAsks]: (input: BareClientAsks[N][0]) => Promise<BareClientAsks[N][1]>;
} {
  let listeners: WebSocket[] = [];
  let heard = 0;
  const connect = (port: number, people: number) => {
    const url = `http://127.0.0.1:${port}`;
    return inParallel(Array.from({ length: people }), 30, () => LeanSocket.open(url, url));
  };

  return {
    listen: async ({ port, people }) => {
      listeners = await inParallel(Array.from({ length: people }), 30, async () => {
        const socket = new WebSocket(`ws://127.0.0.1:${port}`, {
          perMessageDeflate: false,
          skipUTF8Validation: true,
        });
        socket.on('message', () => (heard += 1));
        await new Promise((done, failed) => socket.once('open', done).once('error', failed));
        return socket;
      });
      return null;
    },
    heard: async () => heard,
    answered: async ({ port, people, seconds }) => {
      const sockets = await connect(port, people);
      const until = Date.now() + seconds * 1_000;
      let samples = 0;
      const ids = { sessionId: crypto.randomUUID(), cueId: crypto.randomUUID(), round: 1 };
      await Promise.all(
        sockets.map(async (socket) => {
          for (; Date.now() < until; samples += 1)
            await socket.emit('sample', { ...ids, second: samples % 60, value: samples % 101 });
        }),
      );
      for (const socket of sockets) socket.close();
      return samples;
    },
    tapped: async ({ port, people, seconds }) => {
      const sockets = await connect(port, people);
      const until = Date.now() + seconds * 1_000;
      await Promise.all(
        sockets.map(async (socket) => {
          await pause(Math.random() * 1_000);
          for (; Date.now() < until; await pause(1_000)) socket.tell('tap', { second: 1, mood: 'love' });
        }),
      );
      const deliveries = sockets.reduce((sum, { other }) => sum + other, 0);
      for (const socket of sockets) socket.close();
      return deliveries;
    },
    part: async () => {
      for (const socket of listeners) socket.close();
      listeners = [];
      await pause(300);
      return null;
    },
  };
}
