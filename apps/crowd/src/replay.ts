import { basename, resolve } from 'node:path';
import type { Counts } from '@parley/contracts/contributions';
import {
  endSession,
  joinSession,
  readResult,
  stageCue,
  startSession,
  type StatementCounts,
} from '@parley/contracts/live';
import type { z } from 'zod';
import { type Conversation, latestCounts, pauses, readConversation } from './conversation';
import { Demo } from './demo';
import { insist, Person, signIn } from './person';
import { inParallel, pause, Problem, say } from './problem';

interface Options {
  url: string;
  community: string;
  folder: string;
  speed: number;
  longestPause: number;
  interrupted: Promise<void>;
}

/** Differences that the answer names one by one. */
const SHOWN = 10;

/** Plays a recorded conversation into a Session of its own and compares what the product then counts. */
export async function replay(options: Options) {
  const conversation = await readConversation(options.folder);
  const began = Date.now();
  const demo = await Demo.open(options.url, options.community);
  const name = basename(resolve(options.folder));
  const card = await demo.plan({
    title: `Replay: ${name}`.slice(0, 120),
    purpose: 'A recorded conversation is played again, statement by statement and rating by rating.',
    decision: 'Whether the counts are those of the recording.',
    decisionOwner: { name: demo.manager.me.name, title: 'Community manager' },
    plannedMinutes: 60,
    cues: [
      { kind: 'rate', title: 'What do you think?', prompt: 'Agree, disagree or unsure.', assetId: null },
    ],
  });
  const driver = await demo.driver(card.id);
  const people: Person[] = [];
  const stopped = options.interrupted.then(() => {
    throw new Problem('Stopped before the end: nothing was compared.');
  });
  try {
    const run = playAndCompare(conversation, demo, driver, people, options);
    const figures = await Promise.race([run, stopped]);
    return { ...figures, seconds: Math.round((Date.now() - began) / 1_000) };
  } finally {
    // Nothing stays live behind a replay that was cut short.
    await driver.connection.send(endSession, driver.op()).catch(() => undefined);
    for (const one of [driver, ...Object.values(people)]) one.leave();
  }
}

async function playAndCompare(
  conversation: Conversation,
  demo: Demo,
  driver: Person,
  people: Person[],
  { url, speed, longestPause }: Options,
) {
  const { communityId } = demo;
  const { sessionId } = driver;
  await driver.joined();
  await driver.say(startSession, driver.op());
  await driver.say(stageCue, { ...driver.op(), cueId: (await demo.cues(sessionId))[0]!.id });

  const members = await demo.crowd(conversation.people.length);
  await inParallel(members, 30, async ({ personId }, i) => {
    const person = new Person(await signIn(url, personId), { url, communityId, sessionId });
    people[i] = person;
    await person.joined();
    const inside = Object.keys(people).length;
    if (inside % 50 === 0) say(`${inside} of ${members.length} people are in the Session`);
  });
  const { acks, ids } = await play(conversation, people, pauses(conversation.steps, speed, longestPause));
  const outcomes = await Promise.allSettled(acks);
  for (const one of outcomes.filter(({ status }) => status === 'rejected').slice(0, 3))
    say(`Refused: ${(one as PromiseRejectedResult).reason}`);

  const manager = new Person(demo.manager, { url, communityId, sessionId });
  await manager.joined();
  const joined = await insist(() => manager.connection.send(joinSession, { sessionId }));
  manager.leave();
  await driver.say(endSession, driver.op());
  const result = await insist(() => demo.manager.call(readResult, { communityId, sessionId }));

  const recorded = latestCounts(conversation);
  const atEnd = Object.fromEntries(result.statements.map((one) => [one.statement.id, one.counts]));
  const differences = [
    ...compare(recorded, ids, joined.desk?.counts ?? {}, 'after joining'),
    ...compare(recorded, ids, atEnd, 'in the result'),
  ];
  if (result.statements.length !== recorded.size)
    differences.push(`${recorded.size} statements recorded, ${result.statements.length} in the result`);

  const total = (sum: number, { agree, disagree, unsure }: Counts) => sum + agree + disagree + unsure;
  const sent = people.reduce((sum, { outbox }) => sum + outbox.sent, 0);
  const acked = people.reduce((sum, { outbox }) => sum + outbox.acked, 0);
  const countsEqual = !differences.length;
  return {
    ok: countsEqual && acked === sent && sent === conversation.steps.length,
    people: people.length,
    statements: conversation.statements,
    ratings: conversation.ratings,
    sent,
    acked,
    pairs: [...recorded.values()].reduce(total, 0),
    stored: result.statements.length + result.statements.map(({ counts }) => counts).reduce(total, 0),
    countsEqual,
    differences: differences.length > SHOWN ? [...differences.slice(0, SHOWN), '...'] : differences,
    reconnects: people.reduce((sum, { reconnects }) => sum + reconnects, 0),
  };
}

/** Hands everything to the people's outboxes at its time; `acks` settle as the server answers. */
async function play({ steps, people: names }: Conversation, people: readonly Person[], waits: number[]) {
  const personOf = new Map(names.map((name, i) => [name, people[i]!]));
  const ids = new Map<string, string>();
  const acks: Promise<unknown>[] = [];
  // Where a statement stands on its way, and the last thing that each person set out to say.
  const stated = new Map<string, Promise<unknown>>();
  const lastOf = new Map<string, Promise<unknown>>();
  let due = Date.now();
  let told = due;

  const open = new Map<string, () => void>();
  for (const step of steps)
    if (step.kind === 'statement')
      stated.set(step.key, new Promise<void>((done) => open.set(step.key, done)));

  for (const [index, step] of steps.entries()) {
    due += waits[index]!;
    if (due > Date.now()) await pause(due - Date.now());
    const person = personOf.get(step.who)!;
    if (step.kind === 'statement') {
      const ack = person.submit(step.body).then(({ statement }) => ids.set(step.key, statement.id));
      acks.push(ack);
      void ack.catch(() => undefined).then(open.get(step.key));
    } else {
      // A rating waits for its statement, and for the ratings that this person gave before it.
      const turn = Promise.all([stated.get(step.key), lastOf.get(step.who)]);
      const sent = turn.then(() => ({ ack: person.rate(ids.get(step.key)!, step.rating) }));
      lastOf.set(step.who, sent);
      const ack = sent.then((one) => one.ack);
      ack.catch(() => undefined);
      acks.push(ack);
    }
    if (Date.now() - told > 2_000) {
      told = Date.now();
      const acked = people.reduce((sum, { outbox }) => sum + outbox.acked, 0);
      say(`${index + 1} of ${steps.length} said or rated, ${acked} stored`);
    }
  }
  return { acks, ids };
}

/** Where the product counts otherwise than the recording. */
function compare(
  recorded: ReadonlyMap<string, Counts>,
  ids: ReadonlyMap<string, string>,
  counted: z.infer<typeof StatementCounts>,
  where: string,
): string[] {
  const written = ({ agree, disagree, unsure }: Counts) => `${agree}/${disagree}/${unsure}`;
  return [...recorded].flatMap(([key, expected]) => {
    const held = counted[ids.get(key) ?? ''];
    const none = written(expected) === '0/0/0';
    const same = held ? written(held) === written(expected) : none;
    const found = held ? written(held) : 'nothing';
    return same ? [] : [`statement ${key}: ${written(expected)} recorded, ${found} ${where}`];
  });
}
