import { sendComment, startSession } from '@parley/contracts/live';
import {
  linkEvidence,
  publishUpdate,
  saveUpdate,
  setApprovalSteps,
  submitUpdate,
} from '@parley/contracts/loop';
import { listNotifications, updatePreferences } from '@parley/contracts/reach';
import { type CrowdMember, Demo } from './demo';
import { Mailbox } from './mailbox';
import { OwnServer, withOwnServer } from './own-server';
import { insist, Person, signIn, type SignedIn } from './person';
import { inParallel, pause, say } from './problem';

interface Options {
  people: number;
  kills: number;
  interrupted: Promise<void>;
}

/** The share of mails whose link breaks after they were accepted, so that they are sent again. */
const BREAKS = 0.02;
/** So long without a mail ends the wait for more. */
const STILL_MS = 90_000;
/** So long nothing more may come once everybody has theirs. */
const AFTER_MS = 8_000;
const AT_ONCE = 16;

/** One who said something, and is to hear of it. */
interface Contributor extends CrowdMember {
  signedIn: SignedIn;
  contributionId: string;
}

/**
 * Everybody says something, an Update answers all of it, and the server is killed while they are told: everybody is
 * told once in the app, and has one mail; the same mail twice, by its id, is a repeat that no reader sees.
 */
export async function notify({ people, kills, interrupted }: Options) {
  const mailbox = new Mailbox(BREAKS, TITLE);
  const env = { SMTP_URL: await mailbox.open() };
  try {
    return await withOwnServer(env, interrupted, (server) => tell(server, mailbox, people, kills));
  } finally {
    await mailbox.close();
  }
}

async function tell(server: OwnServer, mailbox: Mailbox, people: number, kills: number) {
  const demo = await Demo.open(server.url, 'halden');
  const contributors = await speak(demo, people);
  say(`${contributors.length} people have said something`);
  const began = Date.now();
  const updateId = await answer(demo, contributors);
  // The first while they are told in the app, where there are more to come.
  const first = kills > 1 ? 1 : 0;
  if (first) await killNow(server, mailbox);
  await Promise.all([killing(server, mailbox, people, kills - first), mailed(mailbox, people)]);
  const seconds = Math.round((Date.now() - began) / 100) / 10;

  const told = await inParallel(contributors, AT_ONCE, (one) => toldOf(demo, one, updateId));
  const total = { expected: people, delivered: 0, doubled: 0, missing: 0, kills, repeats: 0, seconds };
  for (const [place, { personId }] of contributors.entries()) {
    const mails = mailbox.accepted.get(addressOf(personId)) ?? [];
    const different = new Set(mails).size;
    total.repeats += mails.length - different;
    const inApp = told[place]!;
    if (inApp > 1 || different > 1) total.doubled += 1;
    else if (inApp < 1 || different < 1) total.missing += 1;
    else total.delivered += 1;
    if (inApp !== 1 || different !== 1) say(`${personId}: ${inApp} in the app, ${different} by mail`);
  }
  return { ok: total.delivered === people && !total.doubled && !total.missing, ...total };
}

/** Of the Update, and so of its mails. */
const TITLE = 'A latch for one hand';

const addressOf = (personId: string) => `${personId}@crowd.example.org`;

/** Each of them, in a Session, says one thing; of what came of it they want to hear at once, at any hour. */
async function speak(demo: Demo, people: number): Promise<Contributor[]> {
  const { url, communityId } = demo;
  const { id: sessionId } = await demo.plan({
    title: 'What gets in the way',
    purpose: 'To hear of everything that gets in the way, every day.',
    decision: 'What is changed first.',
    decisionOwner: { name: 'Maren Vogt', title: 'Community manager' },
    plannedMinutes: 30,
    cues: [{ kind: 'rate', title: 'Say it', prompt: 'What gets in the way?', assetId: null }],
  });
  const driver = await demo.driver(sessionId);
  await driver.joined();
  await driver.say(startSession, driver.op());
  const members = await demo.crowd(people);
  const contributors = await inParallel(members, AT_ONCE, async (member, place): Promise<Contributor> => {
    const signedIn = await signIn(url, member.personId);
    const preferences = {
      ...{ timezone: 'Europe/Berlin', quiet: null, dailyAt: '18:00' },
      cadence: { update: 'now', receipt: 'never', promiseMoved: 'never' } as const,
    };
    await insist(() => signedIn.call(updatePreferences, { communityId, preferences }));
    const person = new Person(signedIn, { url, communityId, sessionId });
    await person.joined();
    const words = {
      body: `The latch gets in my way, for the ${place + 1}th time.`,
      cueId: null,
      second: null,
    };
    const { comment } = await person.say(sendComment, { ...person.op(), ...words });
    person.leave();
    if (place % 200 === 199) say(`${place + 1} have spoken`);
    return { ...member, signedIn, contributionId: comment.id };
  });
  driver.leave();
  return contributors;
}

/** An Update of all that was said, which goes out at once. */
async function answer({ communityId, manager: { call } }: Demo, contributors: readonly Contributor[]) {
  const updateId = crypto.randomUUID();
  const ofUpdate = { communityId, updateId };
  await insist(() => call(setApprovalSteps, { communityId, steps: [] }));
  const body = {
    ...{
      title: TITLE,
      youSaid: 'The latch gets in the way.',
      weDid: 'It closes by itself.',
    },
    ...{ because: null, outcome: 'adopted' as const, on: null, beforeAssetId: null, afterAssetId: null },
    ...{ spaceId: null, keepsPromise: false, shareable: false },
  };
  await insist(() => call(saveUpdate, { ...ofUpdate, basedOn: 0, body }));
  for (let from = 0; from < contributors.length; from += 500) {
    const contributionIds = contributors.slice(from, from + 500).map(({ contributionId }) => contributionId);
    await insist(() => call(linkEvidence, { ...ofUpdate, contributionIds }));
  }
  const { version } = await call(submitUpdate, { ...ofUpdate, version: 1 });
  const now = new Date().toISOString();
  const times = { contributorsAt: now, communityAt: now, publicAt: null };
  await call(publishUpdate, { ...ofUpdate, version, times });
  say('The Update is out');
  return updateId;
}

async function killNow(server: OwnServer, mailbox: Mailbox) {
  await pause(Math.random() * 300);
  await server.kill();
  say(`Killed after ${mailbox.accepted.size} mails, and started again`);
  await server.start();
}

/**
 * Kills the server again and again while mails leave, each time between the moment a mail is accepted and the one the
 * server learns of it; starts it again.
 */
function killing(server: OwnServer, mailbox: Mailbox, people: number, kills: number): Promise<void> {
  return new Promise((done, failed) => {
    let left = kills;
    let busy = false;
    if (!left) return done();
    mailbox.beforeAnswer = () => {
      const due = ((kills - left) * 0.9 + 0.1) / kills;
      if (busy || !left || mailbox.accepted.size < people * due) return undefined;
      busy = true;
      const killed = server.kill();
      killed
        .then(() => server.start())
        .then(() => {
          left -= 1;
          busy = false;
          say(`Killed after ${mailbox.accepted.size} mails, and started again`);
          if (!left) done();
        })
        .catch(failed);
      return killed;
    };
  });
}

/** Settles once everybody has a mail and no more come, or none has come for long. */
async function mailed(mailbox: Mailbox, people: number) {
  const count = () => [...mailbox.accepted.values()].reduce((sum, mails) => sum + mails.length, 0);
  for (let last = -1, since = Date.now(); ; await pause(200)) {
    const now = count();
    if (now !== last) [last, since] = [now, Date.now()];
    const patience = mailbox.accepted.size >= people ? AFTER_MS : STILL_MS;
    if (Date.now() - since > patience) return;
  }
}

/** How often somebody was told of it in the app. */
async function toldOf({ communityId }: Demo, { signedIn }: Contributor, updateId: string): Promise<number> {
  let count = 0;
  for (let cursor: string | undefined; ;) {
    const page = await insist(() => signedIn.call(listNotifications, { communityId, cursor }));
    count += page.notifications.filter(
      ({ kind, data }) => kind === 'update' && data.updateId === updateId,
    ).length;
    if (!page.next) return count;
    cursor = page.next;
  }
}
