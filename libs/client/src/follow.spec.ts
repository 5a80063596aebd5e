import type { Fact } from '@parley/contracts/realtime';
import { wire } from '@parley/contracts/realtime';
import { Follower } from './follow';
import { noAnswer } from './http';
import { FakeConnection, pause, refusal, until } from './testing';

/** A room in which facts add words. */
interface Words {
  seq: number;
  words: string[];
  frame?: unknown;
}
interface Answer {
  shared?: Words;
  missed?: Fact[];
}
interface Join {
  since: number | undefined;
  answer: (answer: Answer) => void;
  refuse: (error: Error) => void;
}

const withFact = (state: Words, [seq, , word]: Fact): Words | null => {
  if (seq <= state.seq) return state;
  return seq > state.seq + 1 ? null : { ...state, seq, words: [...state.words, String(word)] };
};
const fact = (seq: number): Fact => [seq, 'said', `w${seq}`];
const upTo = (seq: number): Words => ({
  seq,
  words: Array.from({ length: seq }, (_, at) => `w${at + 1}`),
});

let connection: FakeConnection;
let joins: Join[];
let followers: Follower<Words, Answer>[] = [];
beforeEach(() => {
  connection = new FakeConnection();
  joins = [];
});
afterEach(() => {
  for (const follower of followers) follower.stop();
  followers = [];
});

function follow() {
  const follower = new Follower<Words, Answer>({
    connection: connection.as,
    room: 'room',
    join: (since) => new Promise((answer, refuse) => joins.push({ since, answer, refuse })),
    joined: (before, { shared, missed = [] }) =>
      missed.reduce<Words | null>((state, one) => state && withFact(state, one), shared ?? before),
    fact: withFact,
    frame: (state, name, data) => ({ ...state, frame: [name, data] }),
    seqOf: ({ seq }) => seq,
  });
  followers.push(follower);
  return follower;
}
/** Follows, and is in the room with three words. */
async function following() {
  const follower = follow();
  joins[0]!.answer({ shared: upTo(3) });
  await until(() => follower.state);
  return follower;
}
const tell = (...facts: Fact[]) => connection.tell(wire.facts, 'room', facts);

describe('a follower', () => {
  it('joins when the link is open, or as soon as it is', async () => {
    connection.link = 'connecting';
    const follower = follow();
    expect([joins.length, follower.state]).toEqual([0, null]);
    connection.become('open');
    expect(joins.map(({ since }) => since)).toEqual([undefined]);
  });

  it('applies facts in order, and tells who watches', async () => {
    const follower = await following();
    const seen: number[] = [];
    follower.watch(() => seen.push(follower.state!.seq));
    tell(fact(4), fact(5));
    tell(fact(6));

    expect([follower.state, seen]).toEqual([upTo(6), [5, 6]]);
  });

  it('applies what comes while it joins after the answer', async () => {
    const follower = follow();
    tell(fact(3), fact(4));
    tell(fact(5));
    expect(follower.state).toBeNull();
    joins[0]!.answer({ shared: upTo(3) });
    await until(() => follower.state);

    expect([follower.state, joins.length]).toEqual([upTo(5), 1]);
  });

  it('shows nothing twice', async () => {
    const follower = await following();
    tell(fact(2), fact(3), fact(4));
    tell(fact(4));

    expect([follower.state, joins.length]).toEqual([upTo(4), 1]);
  });

  it('asks for what it missed after a gap', async () => {
    const follower = await following();
    tell(fact(6));
    expect(joins.map(({ since }) => since)).toEqual([undefined, 3]);
    expect(follower.state).toEqual(upTo(3));
    joins[1]!.answer({ missed: [fact(4), fact(5), fact(6)] });
    await until(() => follower.state!.seq === 6);

    expect(follower.state).toEqual(upTo(6));
  });

  it('asks once after a gap in what came while it joined', async () => {
    const follower = follow();
    tell(fact(6));
    tell(fact(8));
    tell(fact(9));
    joins[0]!.answer({ shared: upTo(3) });
    await until(() => joins.length === 2);
    joins[1]!.answer({ missed: [4, 5, 6, 7, 8, 9].map(fact) });
    await until(() => follower.state!.seq === 9);
    await pause(20);

    expect(joins.map(({ since }) => since)).toEqual([undefined, 3]);
  });

  it('starts from nothing where the answer does not fit to what it holds', async () => {
    const follower = await following();
    tell(fact(6));
    joins[1]!.answer({ missed: [fact(5), fact(6)] });
    await until(() => joins.length === 3);
    expect(joins[2]!.since).toBeUndefined();
    joins[2]!.answer({ shared: upTo(6) });
    await until(() => follower.state);

    expect(follower.state).toEqual(upTo(6));
  });

  it('joins again when it is told that it is behind, and after a lost link', async () => {
    await following();
    connection.tell(wire.behind, 'room');
    expect(joins.length).toBe(2);
    joins[1]!.answer({});
    await pause(0);
    connection.become('lost');
    connection.become('open');

    expect(joins.map(({ since }) => since)).toEqual([undefined, 3, 3]);
  });

  it('joins one at a time, and once more when it is asked to meanwhile', async () => {
    const follower = await following();
    for (let time = 0; time < 3; time += 1) connection.tell(wire.behind, 'room');
    expect(joins.length).toBe(2);
    joins[1]!.answer({ missed: [fact(4)] });
    await until(() => joins.length === 3);
    joins[2]!.answer({});
    await pause(20);

    expect([follower.state, joins.length]).toEqual([upTo(4), 3]);
  });

  it('hears its own room alone', async () => {
    const follower = await following();
    connection.tell(wire.facts, 'other', [fact(4)]);
    connection.tell(wire.frame, 'other', 'pulse', 1);
    connection.tell(wire.behind, 'other');
    expect([follower.state, joins.length]).toEqual([upTo(3), 1]);
    connection.tell(wire.frame, 'room', 'pulse', 1);

    expect(follower.state).toEqual({ ...upTo(3), frame: ['pulse', 1] });
  });

  it('takes over what the answer to an own op says', async () => {
    const early = follow();
    early.update((state) => ({ ...state, frame: 1 }));
    expect(early.state).toBeNull();
    joins[0]!.answer({ shared: upTo(3) });
    await until(() => early.state);
    early.update((state) => ({ ...state, frame: 1 }));

    expect(early.state).toEqual({ ...upTo(3), frame: 1 });
  });
});

describe('a follower who is not let in', () => {
  it('says why, and does not ask again until the link opens anew', async () => {
    const follower = follow();
    let told = 0;
    follower.watch(() => (told += 1));
    joins[0]!.refuse(refusal('request.notFound'));
    await until(() => follower.error);
    await pause(700);
    expect([follower.error?.code, told, joins.length]).toEqual(['request.notFound', 1, 1]);
    connection.become('lost');
    connection.become('open');
    joins[1]!.answer({ shared: upTo(1) });
    await until(() => follower.state);

    expect(follower.error).toBeNull();
  });

  it('tries again what may be tried again, not before the server said', async () => {
    const follower = follow();
    const refused = performance.now();
    joins[0]!.refuse(refusal('server.busy', { retryable: true, retryAfterMs: 200 }));
    await until(() => joins.length === 2);
    expect(performance.now() - refused).toBeGreaterThanOrEqual(199);
    joins[1]!.refuse(noAnswer('gone'));
    await until(() => joins.length === 3);
    joins[2]!.answer({ shared: upTo(1) });
    await until(() => follower.state);

    expect(follower.error).toBeNull();
  });

  it('waits for the link where it was lost meanwhile', async () => {
    const follower = follow();
    connection.become('lost');
    joins[0]!.refuse(noAnswer('gone'));
    await pause(700);
    expect(joins.length).toBe(1);
    connection.become('open');
    joins[1]!.answer({ shared: upTo(2) });
    await until(() => follower.state);

    expect(follower.state).toEqual(upTo(2));
  });
});

describe('a follower who left', () => {
  it('does not enter again, though it was told to while it joined', async () => {
    const follower = follow();
    connection.tell(wire.behind, 'room');
    follower.stop();
    joins[0]!.answer({ shared: upTo(3) });
    await pause(20);

    expect([follower.state, joins.length, connection.listening]).toEqual([null, 1, 0]);
  });

  it('does not enter again, though it left upon the answer', async () => {
    const follower = follow();
    follower.watch(() => follower.stop());
    connection.tell(wire.behind, 'room');
    joins[0]!.answer({ shared: upTo(3) });
    await until(() => follower.state);
    await pause(20);

    expect(joins.length).toBe(1);
  });

  it('does not try again what was refused', async () => {
    const follower = follow();
    joins[0]!.refuse(noAnswer('gone'));
    await pause(0);
    follower.stop();
    await pause(700);

    expect([joins.length, follower.error]).toEqual([1, null]);
  });

  it('hears nothing more', async () => {
    const follower = await following();
    follower.stop();
    tell(fact(9));
    connection.become('open');

    expect([follower.state, joins.length]).toEqual([upTo(3), 1]);
  });
});
