import { readResult, type SessionCard, startSession } from '@parley/contracts/live';
import { Demo } from './demo';
import { Guest, Said } from './guest';
import { audit, Ledger } from './ledger';
import { insist, Person, signIn } from './person';
import { inParallel, pause, Problem, say } from './problem';
import { runShow } from './show';

interface Options {
  url: string;
  community: string;
  people: number;
  /** Without it the room stays until `interrupted` settles. */
  seconds: number | undefined;
  drive: boolean;
  interrupted: Promise<void>;
}

/** Fills the Session of the demo with members made of software who behave like people. */
export async function room({ url, community, people, seconds, drive, interrupted }: Options) {
  const began = Date.now();
  const demo = await Demo.open(url, community);
  const card = await sessionFor(demo);
  const { communityId } = demo;
  const sessionId = card.id;
  say(`The room: ${card.title}`);
  const producer = await demo.driver(sessionId);
  const state = await producer.joined();
  if (state.card.status !== 'live') await producer.say(startSession, producer.op());

  let over = false;
  const left = seconds ? began + seconds * 1_000 - Date.now() : undefined;
  const end = Promise.race([
    interrupted,
    left === undefined ? new Promise<void>(() => undefined) : pause(Math.max(0, left)),
    producer.until(({ card: { status } }) => status === 'ended').then(() => say('The Session has ended.')),
  ]).then(() => void (over = true));

  const ledger = new Ledger();
  const said = new Said();
  for (const { body } of state.statements) said.take(body);
  const guests: Guest[] = [];
  const members = await demo.crowd(people);
  // They come one after the other over half a minute, the first ones together.
  const arrivals = members.map((_, i) =>
    i < people / 5 ? 0 : Math.random() * Math.min(30_000, people * 120),
  );
  const opened = Date.now();
  const arriving = inParallel(members, 30, async ({ personId, memberId }, i) => {
    const wait = opened + arrivals[i]! - Date.now();
    if (wait > 0) await Promise.race([pause(wait), end]);
    if (over) return;
    const person = new Person(await signIn(url, personId), {
      url,
      communityId,
      sessionId,
      acked: (command, input, answer) => ledger.note(memberId, command, input, answer),
    });
    await person.joined();
    const guest = new Guest(person, i, said, people);
    guests.push(guest);
    guest.start();
    if (guests.length % 50 === 0) say(`${guests.length} people are here`);
  });
  const show = drive
    ? pause(3_000)
        .then(async () => runShow(producer, await demo.cues(sessionId), () => over))
        .catch((error: unknown) => say(`The show stops: ${(error as Error).message}`))
    : Promise.resolve();
  await Promise.all([arriving, show, end]);

  await Promise.all(guests.map((guest) => guest.stop()));
  await drained(guests);
  const result = await insist(() => demo.manager.call(readResult, { communityId, sessionId }));
  const account = ledger.account();
  const { lost, findings } = audit(account, result, false);
  for (const finding of findings) say(finding);
  for (const { person } of guests) person.leave();
  producer.leave();
  const sum = (of: (person: Person) => number) => guests.reduce((total, { person }) => total + of(person), 0);
  return {
    ok: lost === 0,
    people: guests.length,
    acked: {
      dial: account.samples,
      moods: account.moods,
      comments: account.comments.length,
      statements: account.statements.length,
      ratings: account.ratings,
    },
    refused: sum(({ outbox }) => outbox.refusedOps),
    lost,
    reconnects: sum(({ reconnects }) => reconnects),
  };
}

/** The live Session, else the next, else a new one like the last. Of several the one with the fullest show. */
async function sessionFor(demo: Demo): Promise<SessionCard> {
  const cards = await demo.sessions();
  const plans = await Promise.all(
    cards.slice(0, 40).map(async (card) => ({ card, cues: await demo.cues(card.id) })),
  );
  for (const status of ['live', 'scheduled', 'ended'] as const) {
    const kinds = ({ cues }: (typeof plans)[number]) => new Set(cues.map(({ kind }) => kind)).size;
    // The sort is stable: of equals the one that the list names first.
    const [best] = plans
      .filter(({ card, cues }) => card.status === status && cues.length)
      .sort((a, b) => kinds(b) - kinds(a));
    if (!best) continue;
    if (status !== 'ended') return best.card;
    const { title, purpose, decision, decisionOwner, plannedMinutes } = best.card;
    return demo.plan({
      title,
      purpose,
      decision,
      decisionOwner,
      plannedMinutes,
      cues: best.cues.map((cue) => ({
        kind: cue.kind,
        title: cue.title,
        prompt: cue.prompt,
        assetId: cue.asset?.id ?? null,
      })),
    });
  }
  throw new Problem(`The community "${demo.slug}" has no Session with a run of show.`);
}

/** Waits until everything is answered, as long as the server may need to come back. */
async function drained(guests: readonly Guest[]) {
  const until = Date.now() + 30_000;
  while (guests.some(({ person }) => person.outbox.waiting.length) && Date.now() < until) await pause(100);
}
