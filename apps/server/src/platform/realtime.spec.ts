import { once } from 'node:events';
import type { AddressInfo, Socket } from 'node:net';
import { WebSocket, WebSocketServer } from 'ws';
import { encode } from './realtime';

/** What a WebSocket client makes of bytes that were written straight to its connection. */
async function received(frames: Buffer[]): Promise<string[]> {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  await once(server, 'listening');
  server.on('connection', (peer) => {
    const { _socket: tcp } = peer as unknown as { _socket: Socket };
    for (const frame of frames) tcp.write(frame);
    peer.send('after');
    peer.close();
  });
  const client = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`);
  const messages: string[] = [];
  client.on('message', (data, isBinary) => messages.push(isBinary ? 'binary' : String(data)));
  await once(client, 'close');
  server.close();
  return messages;
}

describe('an event made for the wire', () => {
  it.each([1, 100, 116, 117, 118, 1_000, 65_520, 65_527, 65_528, 65_529, 70_000])(
    'is read as it was written, with %i characters in it',
    async (length) => {
      const event = ['facts', 'x'.repeat(length)];
      const { frame, text } = encode(event);
      expect(await received([frame, frame])).toEqual([`4${text}`, `4${text}`, 'after']);
      expect(JSON.parse(text.slice(1))).toEqual(event);
    },
  );

  it('counts bytes, not characters', async () => {
    const { frame, text } = encode(['facts', 'Größe 🚲'.repeat(30)]);
    expect(await received([frame])).toEqual([`4${text}`, 'after']);
  });
});
