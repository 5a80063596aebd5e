import { setPriority } from 'node:os';
import { CallError } from '@parley/client/http';
import { Mood, sendSamples } from '@parley/contracts/live';
import { type BareClientAsks, bareClients } from './bare-clients';
import { answering } from './child';
import { Crew, type Entry, type Hand } from './hand';
import { type Performed, perform } from './perform';
import { pause } from './problem';

export interface Burst {
  messages: number;
  samples: number;
  refused: number;
}

/** What a crew can be asked to do. */
export type CrewAsks = BareClientAsks & {
  enter: [input: Entry, people: number];
  perform: [input: { seconds: number }, answer: Performed];
  /** One hand alone moves the dial, so that frames change. */
  tapAlone: [input: { seconds: number; everyMs: number }, taps: number];
  /** So many hands tap a mood once a second. */
  tapEach: [input: { seconds: number; people: number }, taps: number];
  /** So many hands send ten samples a message, each as soon as the last is stored and its allowance lets it. */
  burst: [input: { seconds: number; people: number }, answer: Burst];
  watched: [input: null, answer: ReturnType<Crew['watched']>];
  received: [input: null, answer: ReturnType<Crew['received']>];
  leave: [input: null, answer: null];
};

/** A socket may say twenty things a second; a little less keeps clear of refusals. */
const BETWEEN_MESSAGES_MS = 54;

/** Runs in a process of its own, `main.js crew`: a part of the room, and the load that it makes. */
export function crew() {
  // Phones have processors of their own: on a shared machine they step back behind the server.
  setPriority(10);
  let crew: Crew | undefined;
  const hands = (people = Infinity): readonly Hand[] =>
    (crew?.hands ?? []).filter(({ lean }) => lean).slice(0, people);

  answering<CrewAsks>({
    ...bareClients(),
    enter: async (entry) => {
      crew = await Crew.enter(entry);
      return crew.hands.length;
    },
    perform: ({ seconds }) => perform(crew!, seconds),
    tapAlone: async ({ seconds, everyMs }) => {
      const [hand] = hands(1);
      let taps = 0;
      for (const until = Date.now() + seconds * 1_000; Date.now() < until; await pause(everyMs)) {
        const now = crew?.now();
        if (!now) continue;
        const dial: [number, number][] = [[now.second, (taps * 37) % 101]];
        taps += 1;
        void hand!.send(sendSamples, { ...now.round, dial, moods: [] }).catch(() => undefined);
      }
      return taps;
    },
    tapEach: async ({ seconds, people }) => {
      const until = Date.now() + seconds * 1_000;
      const taps = hands(people).map(async (hand) => {
        let count = 0;
        await pause(Math.random() * 1_000);
        for (; Date.now() < until; await pause(1_000)) {
          const now = crew?.now();
          if (!now) continue;
          const moods: [number, Mood][] = [[now.second, Mood.options[count % Mood.options.length]!]];
          count += 1;
          void hand.send(sendSamples, { ...now.round, dial: [], moods }).catch(() => undefined);
        }
        return count;
      });
      return (await Promise.all(taps)).reduce((sum, one) => sum + one, 0);
    },
    burst: async ({ seconds, people }) => {
      const total = { messages: 0, samples: 0, refused: 0 };
      const until = Date.now() + seconds * 1_000;
      await Promise.all(hands(people).map((hand) => burst(crew!, hand, until, total)));
      return total;
    },
    watched: async () => crew!.watched(),
    received: async () => crew!.received(),
    leave: async () => {
      await crew?.leave();
      crew = undefined;
      return null;
    },
  });
}

async function burst(crew: Crew, hand: Hand, until: number, total: Burst) {
  const now = crew.now();
  if (!now) return;
  // Ten seconds a message, over and over the part that has been seen.
  const known = Math.max(1, Math.floor((now.second + 1) / 10));
  for (let turn = 0; Date.now() < until; turn += 1) {
    const began = Date.now();
    const from = (turn % known) * 10;
    const dial = Array.from({ length: 10 }, (_, i): [number, number] => [from + i, (turn * 7 + i * 3) % 101]);
    try {
      await hand.send(sendSamples, { ...now.round, dial, moods: [] });
      total.messages += 1;
      total.samples += dial.length;
    } catch (error) {
      total.refused += 1;
      await pause((error as CallError).body?.retryAfterMs ?? 100);
    }
    await pause(Math.max(0, began + BETWEEN_MESSAGES_MS - Date.now()));
  }
}
