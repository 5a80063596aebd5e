import 'fake-indexeddb/auto';
import { randomUUID } from 'node:crypto';
import { command } from '@parley/contracts/contract';
import { z } from 'zod';
import { noAnswer } from './http';
import { MemoryStore, openStore, Outbox, type OutboxStore } from './outbox';
import { FakeConnection, pause, refusal, until } from './testing';

const say = command({
  command: 'test.say',
  rights: ['comment.create'],
  summary: 'Says.',
  input: z.strictObject({ text: z.string() }),
  output: z.object({ said: z.string() }),
});

let connection: FakeConnection;
let outboxes: Outbox[] = [];
beforeEach(() => {
  connection = new FakeConnection();
});
afterEach(() => {
  for (const outbox of outboxes) outbox.stop();
  outboxes = [];
});

function open(store: OutboxStore = new MemoryStore(), over = connection) {
  const outbox = new Outbox(over.as, store, [say]);
  outboxes.push(outbox);
  return outbox;
}
const texts = (of: { input: unknown }[]) => of.map(({ input }) => (input as { text: string }).text);
const sent = () => texts(connection.asked);
/** Answers what was asked last. */
const answer = () => connection.asked.at(-1)!.answer({ said: sent().at(-1) });
const refuse = (error: Error) => connection.asked.at(-1)!.refuse(error);
const caught = (promise: Promise<unknown>) =>
  promise.then(
    () => 'answered',
    (error: Error) => error,
  );

describe('an outbox', () => {
  it('sends the ops of a room one after the other, in the order in which they were added', async () => {
    const outbox = open();
    const all = ['a', 'b', 'c'].map((text) => outbox.add(say, 'room', { text }));
    for (const upTo of [['a'], ['a', 'b'], ['a', 'b', 'c']]) {
      await until(() => sent().length === upTo.length);
      await pause(20);
      expect(sent()).toEqual(upTo);
      answer();
    }

    expect(await Promise.all(all)).toEqual([{ said: 'a' }, { said: 'b' }, { said: 'c' }]);
    expect(outbox.waiting).toEqual([]);
  });

  it('does not let one room wait for another', async () => {
    const outbox = open();
    void outbox.add(say, 'slow', { text: 'a' });
    void outbox.add(say, 'quick', { text: 'b' });

    await until(() => sent().length === 2);
  });

  it('sends the same again after no answer, until there is one', async () => {
    const outbox = open();
    const said = outbox.add(say, 'room', { text: 'a' });
    void outbox.add(say, 'room', { text: 'b' });
    for (const tries of [1, 2, 3]) {
      await until(() => sent().length === tries);
      refuse(noAnswer('gone'));
    }
    await until(() => sent().length === 4);
    answer();

    expect(await said).toEqual({ said: 'a' });
    expect(sent().slice(0, 4)).toEqual(['a', 'a', 'a', 'a']);
  });

  it('waits at least as long as the server asks for', async () => {
    const outbox = open();
    void outbox.add(say, 'room', { text: 'a' });
    await until(() => sent().length === 1);
    const refused = performance.now();
    refuse(refusal('request.slowDown', { retryable: true, retryAfterMs: 300 }));
    await until(() => sent().length === 2);

    expect(performance.now() - refused).toBeGreaterThanOrEqual(299);
  });

  it('sends again what came before the room was joined', async () => {
    const outbox = open();
    const said = outbox.add(say, 'room', { text: 'a' });
    await until(() => sent().length === 1);
    refuse(refusal('session.notJoined'));
    await until(() => sent().length === 2);
    answer();

    expect(await said).toEqual({ said: 'a' });
  });

  it('keeps what is refused for good with what was typed, and goes on with the next', async () => {
    const store = new MemoryStore();
    const outbox = open(store);
    const first = caught(outbox.add(say, 'room', { text: 'a' }));
    const second = outbox.add(say, 'room', { text: 'b' });
    await until(() => sent().length === 1);
    refuse(refusal('session.ended'));
    await until(() => sent().length === 2);
    answer();

    expect(await first).toMatchObject({ code: 'session.ended' });
    expect(await second).toEqual({ said: 'b' });
    expect(outbox.refused).toMatchObject([{ input: { text: 'a' }, refused: { code: 'session.ended' } }]);
    expect(texts(await store.all())).toEqual(['a']);
    expect(outbox.waiting).toEqual([]);
  });

  it('drops what was refused when somebody takes it out', async () => {
    const store = new MemoryStore();
    const outbox = open(store);
    const first = caught(outbox.add(say, 'room', { text: 'a' }));
    await until(() => sent().length === 1);
    refuse(refusal('request.invalid'));
    await first;
    let told = 0;
    outbox.watch(() => (told += 1));
    await outbox.discard(outbox.refused[0]!.id);

    expect([outbox.refused, await store.all(), told]).toEqual([[], [], 1]);
  });

  it('keeps what waits while nobody is signed in, and sends it when the link opens again', async () => {
    const outbox = open();
    const said = outbox.add(say, 'room', { text: 'a' });
    await until(() => sent().length === 1);
    refuse(refusal('auth.required'));
    await pause(50);
    expect([sent(), texts(outbox.waiting), outbox.refused]).toEqual([['a'], ['a'], []]);
    connection.become('lost');
    connection.become('open');
    await until(() => sent().length === 2);
    answer();

    expect(await said).toEqual({ said: 'a' });
  });

  it('sends nothing while the link is lost, and at once when it is back', async () => {
    connection.link = 'lost';
    const outbox = open();
    void outbox.add(say, 'room', { text: 'a' });
    await pause(50);
    expect(sent()).toEqual([]);
    connection.become('open');

    await until(() => sent().length === 1);
  });

  it('does not sit out a long wait when the link opens anew', async () => {
    const outbox = open();
    void outbox.add(say, 'room', { text: 'a' });
    await until(() => sent().length === 1);
    refuse(refusal('server.busy', { retryable: true, retryAfterMs: 60_000 }));
    await pause(20);
    connection.become('lost');
    connection.become('open');

    await until(() => sent().length === 2, 500);
  });

  it('writes an op down before it sends it, also while the one before is on its way', async () => {
    const store = new MemoryStore();
    let written = () => {};
    const outbox = open(store);
    void outbox.add(say, 'room', { text: 'a' });
    await until(() => sent().length === 1);
    const put = store.put.bind(store);
    store.put = async (waiting) => {
      await new Promise<void>((done) => (written = done));
      await put(waiting);
    };
    void outbox.add(say, 'room', { text: 'b' });
    answer();
    await pause(50);
    expect(sent()).toEqual(['a']);
    written();

    await until(() => sent().length === 2);
  });

  it('sends nothing any more once it is stopped, not even what waits for its next try', async () => {
    const outbox = open();
    void outbox.add(say, 'room', { text: 'a' });
    await until(() => sent().length === 1);
    refuse(noAnswer('gone'));
    await pause(0);
    outbox.stop();
    connection.become('open');
    await pause(700);

    expect([sent(), texts(outbox.waiting), connection.listening]).toEqual([['a'], ['a'], 0]);
  });
});

describe('an outbox over a closed tab', () => {
  const inDatabase = (name: string) => openStore(name);

  it('sends what waited, in order, before what is new', async () => {
    const name = randomUUID();
    const away = new FakeConnection();
    away.link = 'lost';
    const before = open(await inDatabase(name), away);
    for (const text of ['a', 'b', 'c']) void before.add(say, 'room', { text });
    await pause(50);
    before.stop();

    const outbox = open(await inDatabase(name));
    const resumed = outbox.resume();
    const fresh = outbox.add(say, 'room', { text: 'd' });
    await resumed;
    for (const tries of [1, 2, 3, 4]) {
      await until(() => sent().length === tries);
      answer();
    }

    expect(await fresh).toEqual({ said: 'd' });
    expect(sent()).toEqual(['a', 'b', 'c', 'd']);
    expect([outbox.lasting, await (await inDatabase(name)).all()]).toEqual([true, []]);
  });

  it('keeps the order also when the clock was set back', async () => {
    const name = randomUUID();
    const store = await inDatabase(name);
    const addedAt = Date.now() + 365 * 86_400_000;
    await store.put({ id: 'z', room: 'room', command: say.command, input: { text: 'a' }, addedAt });
    connection.link = 'lost';
    const outbox = open(store);
    void outbox.resume();
    void outbox.add(say, 'room', { text: 'b' });
    await until(() => outbox.waiting.length === 2);
    await pause(20);

    expect(texts(await store.all())).toEqual(['a', 'b']);
  });

  it('shows what was refused in an earlier visit, and nobody has to await what waited', async () => {
    const name = randomUUID();
    const store = await inDatabase(name);
    await store.put({ id: 'a', room: 'room', command: say.command, input: { text: 'a' }, addedAt: 1 });
    const outbox = open(await inDatabase(name));
    await outbox.resume();
    await until(() => sent().length === 1);
    refuse(refusal('session.ended'));
    await until(() => outbox.refused.length);
    const next = open(await inDatabase(name));
    await next.resume();

    expect(next.refused).toMatchObject([{ input: { text: 'a' }, refused: { code: 'session.ended' } }]);
    expect(sent()).toEqual(['a']);
  });

  it('drops what no longer has a command', async () => {
    const store = new MemoryStore();
    await store.put({ id: 'a', room: 'room', command: 'test.gone', input: {}, addedAt: 1 });
    await open(store).resume();

    expect(await store.all()).toEqual([]);
  });

  it('takes up what waits once, however often it is asked to', async () => {
    const store = new MemoryStore();
    await store.put({ id: 'a', room: 'room', command: say.command, input: { text: 'a' }, addedAt: 1 });
    const outbox = open(store);
    await Promise.all([outbox.resume(), outbox.resume()]);

    expect(texts(outbox.waiting)).toEqual(['a']);
  });

  it('waits in memory, and says so, where the browser refuses storage', async () => {
    const { indexedDB } = globalThis;
    try {
      Object.assign(globalThis, {
        indexedDB: {
          open: () => {
            throw new DOMException('denied', 'SecurityError');
          },
        },
      });
      const outbox = open(await openStore(randomUUID()));
      const said = outbox.add(say, 'room', { text: 'a' });
      await until(() => sent().length === 1);
      answer();

      expect([await said, outbox.lasting]).toEqual([{ said: 'a' }, false]);
    } finally {
      Object.assign(globalThis, { indexedDB });
    }
  });

  it('says so while storage is full, and sends all the same', async () => {
    const store = await inDatabase(randomUUID());
    const outbox = open({
      lasting: true,
      all: () => store.all(),
      remove: (id) => store.remove(id),
      put: async () => {
        throw new DOMException('full', 'QuotaExceededError');
      },
    });
    const said = outbox.add(say, 'room', { text: 'a' });
    await until(() => sent().length === 1);
    expect(outbox.lasting).toBe(false);
    answer();

    expect([await said, outbox.lasting]).toEqual([{ said: 'a' }, true]);
  });

  it('starts empty where what is stored cannot be read', async () => {
    const outbox = open({
      lasting: true,
      all: () => Promise.reject(new Error('damaged')),
      remove: () => Promise.resolve(),
      put: () => Promise.resolve(),
    });
    await outbox.resume();
    void outbox.add(say, 'room', { text: 'a' });

    await until(() => sent().length === 1);
  });
});
