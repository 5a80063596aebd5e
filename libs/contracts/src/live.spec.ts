import { randomUUID } from 'node:crypto';
import { noCounts, type Rating } from './contributions';
import { COMMENTS_SHOWN, type Cue, type Joined, noMoods, secondOf, type Stage, type Trace } from './live';
import { applyFrame, type LiveSession, recount, withFact, withJoined, withRating } from './live-facts';
import type { Fact } from './realtime';

/** Numbers from 0 to below 1, the same at each run. */
function seeded(seed: number) {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

const author = { memberId: randomUUID(), handle: 'ines', role: 'member' as const };
const cues: Cue[] = (['picture', 'video', 'rate'] as const).map((kind, at) => ({
  id: randomUUID(),
  order: at + 1,
  kind,
  title: kind,
  prompt: '',
  asset:
    kind === 'video'
      ? {
          id: randomUUID(),
          kind,
          title: '',
          description: '',
          ...{ confidentiality: 'private' as const, version: 1, mediaId: randomUUID(), pages: 1 },
          ...{ width: 16, height: 9, durationSeconds: 60, captions: [] },
          ...{ promiseFirst: false, withdrawn: false },
        }
      : null,
  other: null,
  page: null,
}));
const [picture, film] = cues as [Cue, Cue];

const stageOf = (turn: number, cue: Cue, more: Partial<Stage> = {}): Stage => ({
  turn,
  cueId: cue.id,
  round: 1,
  onAirAt: turn * 1_000,
  playing: false,
  position: 0,
  at: turn * 1_000,
  ...more,
});
const commentOf = (body: string) => ({ id: randomUUID(), author, body, at: 1, cueId: null, second: null });

function fresh(more: Partial<LiveSession> = {}): LiveSession {
  return {
    card: {
      id: randomUUID(),
      title: 'One film',
      purpose: '',
      decision: '',
      decisionOwner: { name: '', title: '' },
      reportBackOn: '2026-09-01',
      informsOnly: false,
      status: 'scheduled',
      startsAt: '2026-08-01T10:00:00Z',
      plannedMinutes: 30,
      startedAt: null,
      endedAt: null,
    },
    seq: 0,
    stage: null,
    cue: null,
    comments: [],
    statements: [],
    mine: { memberId: author.memberId, takesPart: true, drives: false, ratings: {}, counts: {} },
    pulse: { at: 0, here: 1, observers: 0, reacted: 0, moods: null, mean: null },
    desk: null,
    ...more,
  };
}
const onDesk = (more: Partial<LiveSession> = {}) =>
  fresh({ desk: { cues, trace: null, counts: {} }, ...more });
const traceOf = (stage: Stage, at: number): Trace => ({
  cueId: stage.cueId,
  round: stage.round,
  at,
  mean: [50],
  n: [1],
  moods: noMoods,
  taps: [],
  people: 1,
});

/** A Session as it may go: started, staged, played, talked in, ended; numbered without gaps. */
function randomFacts(random: () => number): Fact[] {
  const facts: Fact[] = [[1, 'live.started', { startedAt: '2026-08-01T10:00:00Z' }]];
  const tell = (name: string, data: unknown) => facts.push([facts.length + 1, name, data]);
  let stage = null as Stage | null;
  for (let turn = 1; turn < 150; turn += 1) {
    const kind = random();
    if (kind < 0.15) {
      const cue = cues[Math.floor(random() * cues.length)]!;
      stage = stageOf(turn, cue, { round: turn });
      tell('live.staged', { stage, cue });
    } else if (kind < 0.3 && stage) {
      stage = { ...stage, turn, playing: random() < 0.5, position: random() * 60, at: turn };
      tell('live.played', { stage });
    } else if (kind < 0.4)
      tell('live.stated', { id: randomUUID(), author, body: `Statement ${turn}`, at: turn });
    else if (kind < 0.45) tell('live.somethingOfALaterVersion', { turn });
    else tell('live.commented', commentOf(`Comment ${turn}`));
  }
  tell('live.ended', { endedAt: '2026-08-01T10:30:00Z' });
  return facts;
}

const after = (session: LiveSession, facts: Fact[]) =>
  facts.reduce<LiveSession | null>((state, fact) => state && withFact(state, fact), session);

describe('facts', () => {
  it('make the same state however often and late they are repeated', () => {
    const random = seeded(2);
    for (let run = 0; run < 50; run += 1) {
      const facts = randomFacts(random);
      const start = fresh();
      const once = after(start, facts);
      const repeated = facts.flatMap((fact, at) => [
        fact,
        ...facts.slice(0, at + 1).filter(() => random() < 0.05),
      ]);

      expect(once?.seq).toBe(facts.length);
      expect(after(start, repeated)).toEqual(once);
    }
  });

  it('say where one is missing, wherever that is', () => {
    const facts = randomFacts(seeded(4));
    for (let gone = 0; gone < facts.length - 1; gone += 1) {
      const upTo = after(fresh(), facts.slice(0, gone))!;
      expect(withFact(upTo, facts[gone + 1]!)).toBeNull();
    }
  });

  it('leave what is held untouched, so that screens see what changed', () => {
    const frozen = deepFreeze(onDesk());
    const facts = deepFreeze(randomFacts(seeded(6)));

    expect(after(frozen, facts)?.seq).toBe(facts.length);
  });

  it('that came before change nothing, not even the object', () => {
    const session = fresh({ seq: 7 });
    expect(withFact(session, [7, 'live.commented', commentOf('Again')])).toBe(session);
  });

  it('of a later version are counted and passed over', () => {
    const session = fresh();
    expect(withFact(session, [1, 'live.unheardOf', {}])).toEqual({ ...session, seq: 1 });
  });

  it('keep the newest comments and every statement', () => {
    const facts = Array.from({ length: COMMENTS_SHOWN + 5 }, (_, at): Fact => [
      at + 1,
      'live.commented',
      commentOf(`Comment ${at}`),
    ]);
    const bodies = after(fresh(), facts)!.comments.map(({ body }) => body);

    expect([bodies.length, bodies[0], bodies.at(-1)]).toEqual([100, 'Comment 5', 'Comment 104']);
  });

  it('never move the stage back', () => {
    const session = fresh({ stage: stageOf(5, film), cue: film });
    const late = after(session, [
      [1, 'live.staged', { stage: stageOf(4, picture), cue: picture }],
      [2, 'live.played', { stage: stageOf(5, film, { playing: true }) }],
    ]);

    expect(late).toMatchObject({ seq: 2, stage: session.stage, cue: film });
  });

  it('stop the film when the Session ends', () => {
    const session = fresh({ stage: stageOf(5, film, { playing: true }), cue: film });
    const ended = withFact(session, [1, 'live.ended', { endedAt: '2026-08-01T10:30:00Z' }]);

    expect(ended).toMatchObject({ card: { status: 'ended' }, stage: { playing: false } });
  });
});

describe('a fresh round', () => {
  const before = onDesk({
    stage: stageOf(1, picture),
    cue: picture,
    pulse: { at: 1_500, here: 9, observers: 0, reacted: 4, moods: { ...noMoods, love: 3 }, mean: 61 },
  });
  const staged = stageOf(2, film);
  const began = withFact(applyFrame['live.trace'](before, traceOf(before.stage!, 1_500)), [
    1,
    'live.staged',
    { stage: staged, cue: film },
  ])!;

  it('begins empty, with the people who are here', () => {
    expect(began.pulse).toMatchObject({ here: 9, reacted: 0, moods: null, mean: null });
    expect([before.desk?.trace, began.desk?.trace]).toEqual([null, null]);
  });

  it('stays empty when a frame of the round before comes late', () => {
    expect(applyFrame['live.pulse'](began, { ...before.pulse, at: 1_900 })).toBe(began);
    expect(applyFrame['live.trace'](began, traceOf(before.stage!, 1_900))).toBe(began);
  });

  it('takes its own frames', () => {
    const pulse = { ...before.pulse, at: 2_001, reacted: 1 };
    const trace = traceOf(staged, 2_001);

    expect(applyFrame['live.pulse'](began, pulse).pulse).toEqual(pulse);
    expect(applyFrame['live.trace'](began, trace).desk?.trace).toEqual(trace);
  });

  it('begins anew with the same cue', () => {
    const again = withFact(began, [2, 'live.staged', { stage: stageOf(3, film, { round: 2 }), cue: film }])!;
    expect(applyFrame['live.trace'](again, traceOf(staged, 9_000))).toBe(again);
  });
});

describe('frames', () => {
  const pulse = (at: number) => ({ at, here: at, observers: 0, reacted: 0, moods: null, mean: null });

  it('make the same state in any order: the latest wins', () => {
    const random = seeded(9);
    const frames = Array.from({ length: 40 }, (_, at) => pulse(at + 1));
    for (let run = 0; run < 20; run += 1) {
      const shuffled = [...frames, ...frames].sort(() => random() - 0.5);
      expect(shuffled.reduce(applyFrame['live.pulse'], fresh()).pulse).toEqual(pulse(40));
    }
  });

  it('of the team change nothing for members', () => {
    const session = fresh({ stage: stageOf(1, film), cue: film });
    expect(applyFrame['live.trace'](session, traceOf(session.stage!, 5))).toBe(session);
    expect(applyFrame['live.counted'](session, { [randomUUID()]: noCounts })).toBe(session);
  });

  it('bring the counts that changed, and leave the others', () => {
    const [first, second] = [randomUUID(), randomUUID()];
    const counts = { agree: 2, disagree: 0, unsure: 1 };
    const session = applyFrame['live.counted'](onDesk(), { [first]: noCounts, [second]: counts });
    const next = applyFrame['live.counted'](session, { [first]: counts });

    expect(next.desk?.counts).toEqual({ [first]: counts, [second]: counts });
    expect(applyFrame['live.counted'](next, { [first]: counts })).toEqual(next);
  });
});

describe('a join', () => {
  const facts = randomFacts(seeded(8));
  const whole = after(fresh(), facts)!;
  const { mine, pulse, desk, ...shared } = whole;
  const answer = (more: Partial<Joined>): Joined => ({
    now: 1,
    shared: null,
    missed: [],
    mine,
    pulse: { ...pulse, at: 1, here: 12, mean: 40 },
    desk,
    ...more,
  });

  it('without a state before takes what all share', () => {
    expect(withJoined(null, answer({ shared }))).toEqual({
      ...whole,
      pulse: { ...pulse, at: 1, here: 12, mean: 40 },
    });
  });

  it('with what was missed comes to the same state, from wherever it left off', () => {
    for (let since = 0; since <= facts.length; since += 7) {
      const before = after(
        { ...fresh(), card: { ...whole.card, status: 'scheduled', startedAt: null, endedAt: null } },
        facts.slice(0, since),
      )!;
      expect(withJoined(before, answer({ missed: facts.slice(since) }))).toEqual(
        withJoined(null, answer({ shared })),
      );
    }
  });

  it('keeps the pulse of the answer, though a new round is among what was missed', () => {
    const missed: Fact[] = [[1, 'live.staged', { stage: stageOf(3, film), cue: film }]];
    expect(withJoined(fresh(), answer({ missed }))?.pulse.mean).toBe(40);
  });

  it('gives up what is held where facts in between are missing, or nothing is held', () => {
    expect(withJoined(fresh(), answer({ missed: facts.slice(3) }))).toBeNull();
    expect(withJoined(null, answer({ missed: facts }))).toBeNull();
  });
});

describe('the second of a reaction', () => {
  it('counts from when a picture came on stage, and never below 0', () => {
    const stage = stageOf(1, picture);
    expect([500, 1_000, 3_500].map((now) => secondOf(stage, picture, now))).toEqual([0, 0, 2.5]);
  });

  it('is where a standing film stands, and moves on while it plays, up to its end', () => {
    const standing = stageOf(1, film, { position: 12 });
    const playing = { ...standing, playing: true };

    expect(secondOf(standing, film, 99_000)).toBe(12);
    expect([0, 1_000, 4_000, 999_000].map((now) => secondOf(playing, film, now))).toEqual([12, 12, 15, 60]);
  });
});

describe('ratings', () => {
  it('counted one by one equal a count of the latest of each member', () => {
    const random = seeded(12);
    const latest = new Map<number, Rating>();
    let counts = noCounts;
    for (let turn = 0; turn < 2_000; turn += 1) {
      const member = Math.floor(random() * 40);
      const rating = (['agree', 'disagree', 'unsure'] as const)[Math.floor(random() * 3)]!;
      counts = recount(counts, latest.get(member), rating);
      latest.set(member, rating);
    }
    const of = (rating: Rating) => [...latest.values()].filter((one) => one === rating).length;

    expect(counts).toEqual({ agree: of('agree'), disagree: of('disagree'), unsure: of('unsure') });
    expect(recount(undefined, undefined, 'agree')).toEqual({ agree: 1, disagree: 0, unsure: 0 });
    expect(noCounts).toEqual({ agree: 0, disagree: 0, unsure: 0 });
  });

  it('of this member are shown with their counts', () => {
    const id = randomUUID();
    const counts = { agree: 1, disagree: 0, unsure: 0 };
    expect(withRating(fresh(), id, 'agree', counts).mine).toMatchObject({
      ratings: { [id]: 'agree' },
      counts: { [id]: counts },
    });
  });
});

function deepFreeze<T>(value: T): T {
  if (value && typeof value === 'object') Object.values(value).forEach(deepFreeze);
  return Object.freeze(value);
}
