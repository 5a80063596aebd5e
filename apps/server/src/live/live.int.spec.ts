import { randomUUID } from 'node:crypto';
import type { CallError } from '@parley/client/http';
import { Sampler } from '@parley/client/live';
import {
  endSession,
  joinSession,
  playStage,
  rateStatement,
  readResult,
  sendComment,
  sendSamples,
  stageCue,
  startSession,
  submitStatement,
} from '@parley/contracts/live';
import { Writer } from '../platform/writer';
import { cueOf, halden, sessionOf, startTestServer, type TestServer, until } from '../../test/server';

const session = sessionOf('halden-one-film');
const picture = cueOf('halden-one-film', 1);
const film = cueOf('halden-one-film', 2);
const op = () => ({ opId: randomUUID(), sessionId: session });

let server: TestServer;
beforeEach(async () => {
  server = await startTestServer();
});
afterEach(() => server.stop());

/** A producer, two members and the host in the Session, with the film on stage. */
async function liveSession() {
  const [jo, ines, tunde, maria] = await Promise.all(
    ['jo', 'ines', 'tunde', 'maria'].map(async (key) => (await server.visit(key)).join(session)),
  );
  await jo!.send(startSession, op());
  await jo!.send(stageCue, { ...op(), cueId: film });
  return { jo: jo!, ines: ines!, tunde: tunde!, maria: maria! };
}
const refusal = (answer: Promise<unknown>) =>
  answer.then(
    () => 'answered',
    (error: CallError) => error.code,
  );

describe('a Session', () => {
  it('shows every member the same stage, by events alone what a fresh look shows', async () => {
    const { jo, ines, tunde } = await liveSession();
    await jo.send(playStage, { ...op(), playing: true, position: 0 });
    await ines.send(sendComment, { ...op(), body: 'The hinge first.', cueId: film, second: 3 });
    await tunde.send(submitStatement, { ...op(), body: 'Show the fold earlier.' });

    await until(() => ines.screen().statements.length === 1 && tunde.screen().seq === ines.screen().seq);
    const fresh = await (await server.visit('kenji')).join(session);
    const shared = ({ card, seq, stage, cue, comments, statements }: ReturnType<typeof ines.screen>) => ({
      card,
      seq,
      stage,
      cue,
      comments,
      statements,
    });
    expect(shared(ines.screen())).toEqual(shared(fresh.screen()));
    expect(shared(tunde.screen())).toEqual(shared(fresh.screen()));
    expect(fresh.screen()).toMatchObject({
      stage: { playing: true, round: 1 },
      comments: [{ body: 'The hinge first.' }],
    });
  });

  it('starts a new round when a cue comes on stage again, and keeps the one before', async () => {
    const { jo, ines } = await liveSession();
    await ines.send(sendSamples, { sessionId: session, cueId: film, round: 1, dial: [[0, 90]], moods: [] });
    await jo.send(stageCue, { ...op(), cueId: film });
    await until(() => ines.screen().stage?.round === 2);
    await ines.send(sendSamples, { sessionId: session, cueId: film, round: 2, dial: [[0, 10]], moods: [] });
    await jo.send(endSession, op());

    const { rounds } = await (
      await server.visit('ines')
    ).call(readResult, { communityId: halden, sessionId: session });
    expect(rounds.map(({ trace }) => [trace.round, trace.mean[0]])).toEqual([
      [1, 90],
      [2, 10],
    ]);
  });

  it('takes nothing before it starts, nothing after it has ended, and nothing from outside the room', async () => {
    const ines = await (await server.visit('ines')).join(session);
    const comment = () => ines.send(sendComment, { ...op(), body: 'Hello', cueId: null, second: null });
    expect(await refusal(comment())).toBe('session.notLive');

    const jo = await (await server.visit('jo')).join(session);
    await jo.send(startSession, op());
    await comment();
    await jo.send(endSession, op());
    expect(await refusal(comment())).toBe('session.ended');

    const outside = await (await server.visit('tunde')).connect(halden);
    expect(await refusal(outside.send(sendComment, { ...op(), body: 'Hi', cueId: null, second: null }))).toBe(
      'session.notJoined',
    );
  });

  it('is there for the hosts who are assigned to it, and not for others', async () => {
    await server.sql('DELETE FROM session_host WHERE session_id = $1', [session]);
    const maria = await (await server.visit('maria')).connect(halden);
    expect(await refusal(maria.send(joinSession, { sessionId: session }))).toBe('request.notFound');
  });
});

describe('samples', () => {
  it('are stored once however often they come, and the later value of a second counts', async () => {
    const { ines, maria } = await liveSession();
    const send = (dial: [number, number][]) =>
      ines.send(sendSamples, { sessionId: session, cueId: film, round: 1, dial, moods: [[1, 'love']] });
    await Promise.all([send([[0, 50], [1, 60]]), send([[0, 50], [1, 60]])]); // prettier-ignore
    await send([[1, 80]]);

    const rows = await server.sql(
      'SELECT second, dial FROM sample WHERE cue_id = $1 AND dial IS NOT NULL ORDER BY second',
      [film],
    );
    expect(rows).toEqual([
      { second: 0, dial: 50 },
      { second: 1, dial: 80 },
    ]);
    await until(() => maria.screen().desk?.trace?.people === 1);
    expect(maria.screen().desk?.trace?.moods).toMatchObject({ love: 1 });
  });

  it('of the batch of one member do not spoil the batch of another', async () => {
    const { ines, tunde } = await liveSession();
    const answers = await Promise.all([
      refusal(
        ines.send(sendSamples, { sessionId: session, cueId: film, round: 9, dial: [[0, 50]], moods: [] }),
      ),
      refusal(
        ines.send(sendSamples, { sessionId: session, cueId: film, round: 1, dial: [[999, 50]], moods: [] }),
      ),
      refusal(
        tunde.send(sendSamples, { sessionId: session, cueId: film, round: 1, dial: [[0, 50]], moods: [] }),
      ),
    ]);
    expect(answers).toEqual(['request.invalid', 'request.invalid', 'answered']);
  });

  it('count live what a recount from the rows counts', async () => {
    const { jo, ines, tunde, maria } = await liveSession();
    await jo.send(playStage, { ...op(), playing: true, position: 59 });
    const some = (seed: number) =>
      Array.from({ length: 60 }, (_, second): [number, number] => [second, (second * seed) % 101]);
    await Promise.all([
      ines.send(sendSamples, {
        sessionId: session,
        cueId: film,
        round: 1,
        dial: some(7),
        moods: [[4, 'like']],
      }),
      tunde.send(sendSamples, {
        sessionId: session,
        cueId: film,
        round: 1,
        dial: some(13).slice(20),
        moods: [],
      }),
    ]);
    await until(() => maria.screen().desk?.trace?.n[60] === 2);
    const live = maria.screen().desk!.trace!;
    await server.restart();
    await until(() => maria.connection.link === 'open' && maria.screen().desk!.trace!.at > live.at, 20_000);
    const { at: _, ...again } = maria.screen().desk!.trace!;
    expect({ ...again, at: live.at }).toEqual(live);
  });

  it('of others are seen only after one has reacted oneself', async () => {
    const { ines, tunde } = await liveSession();
    await ines.send(sendSamples, {
      sessionId: session,
      cueId: film,
      round: 1,
      dial: [[0, 70]],
      moods: [[0, 'love']],
    });
    await until(() => ines.screen().pulse.moods?.love === 1 && tunde.screen().pulse.reacted === 1);
    expect(tunde.screen().pulse).toMatchObject({ moods: null, mean: null });

    await tunde.send(sendSamples, { sessionId: session, cueId: film, round: 1, dial: [[0, 50]], moods: [] });
    await until(() => tunde.screen().pulse.mean === 60);
  });

  it('are gathered on the phone to one message a second', async () => {
    const { ines } = await liveSession();
    const sampler = new Sampler(ines.outbox, { sessionId: session, cueId: film, round: 1 });
    for (let value = 0; value <= 100; value += 10) sampler.moveDial(0.4, value);
    await sampler.flush();
    expect(await server.sql('SELECT dial FROM sample WHERE cue_id = $1 AND round = 1', [film])).toEqual([
      { dial: 100 },
    ]);
  });
});

describe('a comment', () => {
  it('sent twice is stored once and answered the same', async () => {
    const { ines, tunde } = await liveSession();
    const comment = { ...op(), body: 'Nine seconds.', cueId: film, second: 21 };
    const [first, second] = await Promise.all([
      ines.send(sendComment, comment),
      ines.send(sendComment, comment),
    ]);
    const third = await ines.send(sendComment, comment);
    expect([second, third]).toEqual([first, first]);
    expect(await refusal(ines.send(sendComment, { ...comment, body: 'Other words' }))).toBe('op.mismatch');
    // Another author may happen on the same id.
    await tunde.send(sendComment, comment);
    await until(() => tunde.screen().comments.length === 2);
    expect(await server.sql(`SELECT count(*)::int FROM contribution WHERE room_id = $1`, [session])).toEqual([
      { count: 2 },
    ]);
  });

  it('reaches who was away, in order and without a gap', async () => {
    const { ines, tunde } = await liveSession();
    tunde.connection.socket.io.engine.close();
    await until(() => tunde.connection.link !== 'open');
    for (let n = 1; n <= 20; n += 1)
      await ines.send(sendComment, { ...op(), body: `No. ${n}`, cueId: null, second: null });
    await until(() => tunde.connection.link === 'open' && tunde.screen().comments.length === 20);
    expect(tunde.screen().comments.map(({ body }) => body)).toEqual(
      Array.from({ length: 20 }, (_, at) => `No. ${at + 1}`),
    );
  });

  it('waits on the phone while the server is away, and arrives once', async () => {
    const { ines } = await liveSession();
    const before = server.restart();
    const comments = Array.from({ length: 5 }, (_, at) =>
      ines.outbox.add(sendComment, session, { ...op(), body: `Kept ${at}`, cueId: null, second: null }),
    );
    await Promise.all([before, ...comments]);
    const rows = await server.sql<{ body: string }>(
      'SELECT body FROM contribution WHERE room_id = $1 ORDER BY at, body',
      [session],
    );
    expect(rows.map(({ body }) => body)).toEqual(['Kept 0', 'Kept 1', 'Kept 2', 'Kept 3', 'Kept 4']);
  });

  it.each([
    ['of spaces', '   ', 'request.invalid'],
    ['of nothing visible', '\u200b\u2060', 'request.invalid'],
    ['with a NUL', 'a\0b', 'request.invalid'],
    ['of 2,001 characters', 'x'.repeat(2_001), 'request.invalid'],
    ['too long for a message', 'x'.repeat(16_400), 'request.tooLarge'],
    ['of 500 families of seven code points', '👩‍👩‍👧‍👦'.repeat(500), 'answered'],
    ['with a script in it', '<script>alert(1)</script>', 'answered'],
  ])('%s is refused or kept as it should be', async (_, body, expected) => {
    const { ines } = await liveSession();
    expect(await refusal(ines.send(sendComment, { ...op(), body, cueId: null, second: null }))).toBe(
      expected,
    );
  });
});

describe('a rating', () => {
  it('replaces the earlier one of the same member, and the team sees the counts', async () => {
    const { ines, tunde, maria } = await liveSession();
    const { statement } = await tunde.send(submitStatement, { ...op(), body: 'Show the price last.' });
    const rate = (who: typeof ines, rating: 'agree' | 'disagree' | 'unsure') =>
      who.send(rateStatement, { ...op(), statementId: statement.id, rating });
    await rate(ines, 'agree');
    await rate(tunde, 'unsure');
    const { counts } = await rate(ines, 'disagree');

    expect(counts).toEqual({ agree: 0, disagree: 1, unsure: 1 });
    await until(() => maria.screen().desk?.counts[statement.id]?.disagree === 1);
    expect(maria.screen().desk!.counts[statement.id]).toEqual(counts);
    expect(
      await server.sql('SELECT value FROM rating_change WHERE contribution_id = $1 ORDER BY id', [
        statement.id,
      ]),
    ).toEqual([{ value: 'agree' }, { value: 'unsure' }, { value: 'disagree' }]);
  });

  it('counts once among many at the same moment', async () => {
    const { ines, tunde } = await liveSession();
    const { statement } = await tunde.send(submitStatement, { ...op(), body: 'Green, please.' });
    await Promise.all(
      Array.from({ length: 30 }, (_, at) =>
        ines.send(rateStatement, {
          ...op(),
          statementId: statement.id,
          rating: at % 2 ? 'agree' : 'disagree',
        }),
      ),
    );
    const { counts } = await ines.send(rateStatement, {
      ...op(),
      statementId: statement.id,
      rating: 'agree',
    });
    expect(counts).toEqual({ agree: 1, disagree: 0, unsure: 0 });
  });
});

it('reads a room anew after a commit that nobody answered, and tells what nobody was told', async () => {
  const { ines, tunde, maria } = await liveSession();
  const { statement } = await ines.send(submitStatement, { ...op(), body: 'Keep it.' });
  // As such a commit leaves it: in the rows, and nowhere else.
  await server.sql(
    `INSERT INTO rating (community_id, contribution_id, member_id, value)
     SELECT community_id, id, author_id, 'agree' FROM contribution WHERE id = $1`,
    [statement.id],
  );
  (server.get(Writer) as unknown as { doubtful: Set<string> }).doubtful.add(halden);
  const { counts } = await tunde.send(rateStatement, { ...op(), statementId: statement.id, rating: 'agree' });
  expect(counts).toEqual({ agree: 2, disagree: 0, unsure: 0 });
  await until(() => maria.screen().desk?.counts[statement.id]?.agree === 2);
});

it('shows members the result once the Session has ended, the same as the team saw', async () => {
  const { jo, ines, maria } = await liveSession();
  const { statement } = await ines.send(submitStatement, { ...op(), body: 'Keep the fold.' });
  await ines.send(rateStatement, { ...op(), statementId: statement.id, rating: 'agree' });
  await ines.send(sendSamples, {
    sessionId: session,
    cueId: film,
    round: 1,
    dial: [[2, 64]],
    moods: [[2, 'like']],
  });
  const member = await server.visit('ines');
  const read = () => member.call(readResult, { communityId: halden, sessionId: session });
  expect(await refusal(read())).toBe('auth.forbidden');
  await jo.send(stageCue, { ...op(), cueId: picture });
  await jo.send(endSession, op());
  await until(() => maria.screen().card.status === 'ended');

  const result = await read();
  expect(result).toMatchObject({
    card: { status: 'ended' },
    people: 1,
    statements: [{ counts: { agree: 1, disagree: 0, unsure: 0 } }],
    rounds: [{ trace: { people: 1, moods: { like: 1 } } }, { cue: { kind: 'picture' } }],
  });
  expect(result.rounds[0]!.trace.mean.slice(0, 4)).toEqual([null, null, 64, 64]);
});
