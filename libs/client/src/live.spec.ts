import { randomUUID } from 'node:crypto';
import { sendSamples } from '@parley/contracts/live';
import { followSession, Sampler } from './live';
import { MemoryStore, Outbox } from './outbox';
import { FakeConnection, pause, refusal, until } from './testing';

const round = { sessionId: randomUUID(), cueId: randomUUID(), round: 1 };

let connection: FakeConnection;
let outbox: Outbox;
let sampler: Sampler;
beforeEach(() => {
  connection = new FakeConnection();
  outbox = new Outbox(connection.as, new MemoryStore());
  sampler = new Sampler(outbox, round);
});
afterEach(() => outbox.stop());

const inputs = () => connection.asked.map(({ input }) => sendSamples.input.parse(input));
const answerAll = async (count: number) => {
  for (let at = 0; at < count; at += 1) {
    await until(() => connection.asked.length > at);
    connection.asked[at]!.answer({});
  }
};

describe('the sampler', () => {
  it('sends the last value and the last mood of each second', async () => {
    sampler.moveDial(3.2, 40.4);
    sampler.moveDial(3.9, 60.6);
    sampler.moveDial(4, 61);
    sampler.tapMood(3.1, 'like');
    sampler.tapMood(3.8, 'love');
    const flushed = sampler.flush();
    await answerAll(1);
    await flushed;

    expect(inputs()).toEqual([
      {
        ...round,
        dial: [
          [3, 61],
          [4, 61],
        ],
        moods: [[3, 'love']],
      },
    ]);
  });

  it('sends at once, and then once a second at most', async () => {
    const started = performance.now();
    sampler.moveDial(1, 10);
    await answerAll(1);
    expect(performance.now() - started).toBeLessThan(500);
    sampler.moveDial(1, 20);
    sampler.moveDial(2, 30);
    await answerAll(2);

    expect(performance.now() - started).toBeGreaterThanOrEqual(950);
    expect(inputs()[1]!.dial).toEqual([
      [1, 20],
      [2, 30],
    ]);
  });

  it('loses nothing of more seconds than one message may hold', async () => {
    for (let second = 0; second < 750; second += 1) sampler.moveDial(second, second % 101);
    const flushed = sampler.flush();
    await answerAll(3);
    await flushed;

    expect(inputs().map(({ dial }) => dial.length)).toEqual([300, 300, 150]);
    expect(inputs().flatMap(({ dial }) => dial.map(([second]) => second))).toEqual(
      Array.from({ length: 750 }, (_, second) => second),
    );
  });

  it('sends nothing when nobody moved', async () => {
    await sampler.flush();
    expect(connection.asked).toEqual([]);
  });

  it('tells who flushes of a final refusal, and nobody has to listen otherwise', async () => {
    sampler.moveDial(1, 10);
    await until(() => connection.asked.length === 1);
    connection.asked[0]!.refuse(refusal('session.ended'));
    await until(() => outbox.refused.length === 1);
    sampler.moveDial(2, 10);
    const flushed = sampler.flush().catch((error: Error) => error);
    await until(() => connection.asked.length === 2);
    connection.asked[1]!.refuse(refusal('session.ended'));

    expect(await flushed).toMatchObject({ code: 'session.ended' });
    await pause(0);
  });
});

describe('following a Session', () => {
  it('joins it, says since when, and passes over frames of a later version', async () => {
    const session = followSession(connection.as, round.sessionId);
    const [join] = connection.asked;
    expect(join).toMatchObject({ command: 'live.join', input: { sessionId: round.sessionId } });
    expect(join!.input).not.toHaveProperty('since');
    const shared = { seq: 7, card: {}, stage: null, cue: null, comments: [], statements: [] };
    const pulse = { at: 1, here: 1, observers: 0, reacted: 0, moods: null, mean: null };
    join!.answer({ now: 1, shared, missed: [], mine: {}, pulse, desk: null });
    await until(() => session.state);
    const held = session.state;
    connection.tell('frame', round.sessionId, 'live.unheardOf', {});
    expect(session.state).toBe(held);
    connection.tell('frame', round.sessionId, 'live.pulse', { ...pulse, at: 2, here: 2 });
    expect(session.state?.pulse.here).toBe(2);
    connection.tell('behind', round.sessionId);

    expect(connection.asked[1]).toMatchObject({ input: { since: 7 } });
    session.stop();
  });
});
