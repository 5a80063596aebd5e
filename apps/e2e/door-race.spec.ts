import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Call, CallError, CookieJar, http } from '@parley/client/http';
import { listDemoPeople, makeDemoInvitations, signInAsDemo } from '@parley/contracts/demo';
import {
  answerScreener,
  type Candidacy,
  giveConsents,
  giveContact,
  listApplications,
  passAge,
  publishPlan,
  readDoor,
} from '@parley/contracts/door';
import { readMe } from '@parley/contracts/people';
import { expect, test } from '@playwright/test';
import { Parley } from './parley';

const parley = new Parley();
test.beforeAll(() => parley.start());
test.afterAll(() => parley.stop());

/** Sends it again, with the same ids, until it is answered: the server may be away. */
async function insist<T>(ask: () => Promise<T>): Promise<T> {
  for (let tries = 0; ; tries += 1)
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof CallError && error.body.retryable) || tries > 400) throw error;
      await sleep(50 + Math.random() * 150);
    }
}

async function manager(): Promise<Call> {
  const call = http({ url: parley.url, jar: new CookieJar() });
  const { people } = await call(listDemoPeople, {});
  await call(signInAsDemo, { personId: people.find(({ name }) => name === 'Maren Vogt')!.personId });
  return call;
}

test('of two hundred who want three places exactly three get in, though the server is killed twice', async () => {
  const maren = await manager();
  const me = await maren(readMe, {});
  const communityId = me.memberships.find(({ community }) => community.slug === 'halden')!.community.id;
  const total = async () => (await maren(readDoor, { communityId })).plan;
  const publish = async (most: number | null) =>
    maren(publishPlan, {
      communityId,
      basedOn: (await total()).version,
      plan: { total: most, cells: [], shares: [] },
    });
  // Those of the demo who wait come first: they are offered a place before the race begins.
  await publish(null);
  await expect
    .poll(async () => (await maren(listApplications, { communityId, status: 'waiting' })).all)
    .toBe(0);
  const before = (await total()).total;
  await publish(before.filled + before.reserved + 3);
  const { invitations } = await maren(makeDemoInvitations, {
    slug: 'halden',
    sourceId: crypto.randomUUID(),
    label: 'Race',
    count: 200,
  });

  let answered = 0;
  let entering = 0;
  const race = Promise.all(
    invitations.map(async ({ token }) => {
      const call = http({ url: parley.url, jar: new CookieJar() });
      const applicationId = crypto.randomUUID();
      const begun = await insist(() =>
        call(passAge, { token, applicationId, born: '1990-05-17', locale: 'en' }),
      );
      const answers = Object.fromEntries(
        begun
          .screener!.questions.filter(({ required, askedIf }) => required && !askedIf)
          .map(({ id, options }) => [
            id,
            options.find(({ value }) => value === 'no')?.value ?? options.at(-1)!.value,
          ]),
      );
      let at: Candidacy = await insist(() => call(answerScreener, { answers }));
      answered += 1;
      if (at.step !== 'consents') return at.step;
      const given = at.consents.map(({ purpose, version }) => ({ purpose, version }));
      entering += 1;
      await insist(() => call(giveConsents, { given }));
      at = await insist(() => call(giveContact, { handle: 'In the race' }));
      return at.step;
    }),
  );
  const killWhen = async (isTime: () => boolean) => {
    for (let tries = 0; !isTime() && tries < 2_000; tries += 1) await sleep(10);
    await parley.kill();
    await parley.start();
  };
  await killWhen(() => answered >= 20);
  await killWhen(() => entering >= 1 && answered >= 60);
  const steps = await race;

  const count = (step: string) => steps.filter((one) => one === step).length;
  expect([count('inside'), count('waiting')]).toEqual([3, 197]);
  const after = (await total()).total;
  expect([after.filled, after.reserved]).toEqual([before.filled + 3, before.reserved]);
  const { all } = await maren(listApplications, { communityId, status: 'admitted' });
  expect(all).toBe(3);
});

test('a crowd with retries and duplicates leaves every cell as it was asked for', async () => {
  const main = join(import.meta.dirname, '../crowd/dist/main.js');
  const crowd = spawn(
    process.execPath,
    [main, 'door', '--people', '150', '--parallel', '50', '--turn', '0', '--url', parley.url],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );
  let out = '';
  let said = '';
  crowd.stdout.on('data', (text: Buffer) => (out += text.toString()));
  crowd.stderr.on('data', (text: Buffer) => (said += text.toString()));
  expect(await new Promise((done) => crowd.once('exit', done)), said).toBe(0);
  const figures = JSON.parse(out) as Record<'admitted' | 'waiting' | 'refused', number>;
  expect(figures).toMatchObject({ people: 150, overfilled: 0, doubled: 0, lost: 0 });
  expect(figures.admitted + figures.waiting + figures.refused).toBe(150);
  expect(Math.min(figures.admitted, figures.waiting)).toBeGreaterThan(0);
});
