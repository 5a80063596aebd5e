import { z } from 'zod';
import { command } from './contract';

/**
 * How the socket speaks.
 *
 * Client to server: `do`, command name, input; answered with `Answer`.
 * Server to client:
 * - `facts`, room, list of facts: numbered per room without gaps, sent after the commit, may come twice, never altered;
 * - `frame`, room, name, data: absolute values, the latest wins, may be skipped;
 * - `news`, name, data: something that every screen of the community is to know at once; not kept, not numbered;
 * - `behind`, room: frames or facts were skipped for a slow reader: join again.
 */
export const wire = { ask: 'do', facts: 'facts', frame: 'frame', news: 'news', behind: 'behind' } as const;

/** `[seq, name, data]` */
export type Fact = [seq: number, name: string, data: unknown];
export const Fact = z.tuple([z.int(), z.string(), z.unknown()]);

/** The largest message that a client may send, in characters. */
export const MESSAGE_MAX = 16_384;
/** The most facts that a join answers one by one; who missed more gets the state as of now. */
export const MISSED_MAX = 2_000;

/** Answers the server's time in ms, from which a client works out its offset. */
export const readClock = command({
  command: 'clock.read',
  rights: ['socket.clock.read'],
  summary: "The server's time.",
  input: z.strictObject({}),
  output: z.object({ now: z.number() }),
});
