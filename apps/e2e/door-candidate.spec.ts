import { randomUUID } from 'node:crypto';
import { CookieJar, http } from '@parley/client/http';
import { listDemoMails, listDemoPeople, makeDemoInvitations, signInAsDemo } from '@parley/contracts/demo';
import { doorLink, listVoices, readDoor, readVoice } from '@parley/contracts/door';
import { type Browser, expect, type Locator, type Page, test } from '@playwright/test';
import { desktop, expectAccessible, expectFits, open, Parley, phone } from './parley';

const parley = new Parley();
test.beforeAll(() => parley.start());
test.afterAll(() => parley.stop());

/** Maren, who manages Halden's door. */
async function manager() {
  const call = http({ url: parley.url, jar: new CookieJar() });
  const { people } = await call(listDemoPeople, {});
  const maren = people.find(({ name }) => name.startsWith('Maren'))!;
  const { memberships } = await call(signInAsDemo, { personId: maren.personId });
  return { call, communityId: memberships[0]!.community.id };
}

async function openLink() {
  const { call, communityId } = await manager();
  const { sources } = await call(readDoor, { communityId });
  return sources.find(({ url }) => url)!.url!;
}

async function mailsTo(to: string) {
  const { mails } = await http({ url: parley.url })(listDemoMails, { to });
  return mails;
}
async function codeFor(to: string) {
  let code: string | undefined;
  await expect(async () => {
    code = /\b\d{6}\b/.exec((await mailsTo(to))[0]?.subject ?? '')?.[0];
    expect(code).toBeTruthy();
  }).toPass();
  return code!;
}

/** A phone in one hand, and how often its thumb comes down. */
async function thumb(browser: Browser) {
  const page = await open(browser, parley, phone, { hasTouch: true });
  let taps = 0;
  const tap = async (what: Locator) => {
    taps += 1;
    await what.tap();
  };
  return { page, tap, press: (name: string) => tap(button(page, name)), count: () => taps };
}
const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });
const title = (page: Page, name: string | RegExp) => page.getByRole('heading', { name });
async function look(page: Page) {
  await expectFits(page);
  await expectAccessible(page);
}

/** One tap and eight digits. */
async function bornIn(page: Page, tap: (what: Locator) => Promise<void>, year: string) {
  await tap(page.getByLabel('Day'));
  await page.keyboard.type(`0503${year}`);
  await page.keyboard.press('Enter');
}

/**
 * Seconds that the way asks of a person: every word skimmed once at 450 a minute, a second and a quarter for a tap,
 * three signs a second typed with thumbs, and a quarter of a minute to fetch the code from the mail.
 */
const secondsFor = (words: number, taps: number, signs: number) => words / 7.5 + taps * 1.25 + signs / 3 + 15;

test('every tap counted, also those into fields, the way inside takes at most twelve, and under two minutes', async ({
  browser,
}) => {
  const { page, tap, press, count } = await thumb(browser);
  const lines = new Set<string>();
  let signs = 0;
  /** What was read before is not read again, nor need be what is free to agree to. */
  const read = async () => {
    const [text = ''] = (await page.getByRole('main').innerText()).split('As you like');
    for (const line of text.split('\n')) lines.add(line.trim());
  };
  const type = async (text: string) => {
    signs += text.length;
    await page.keyboard.type(text);
  };
  await page.goto(await openLink());
  await expect(page.getByText('Maren Vogt, Community manager, invites you')).toBeVisible();
  expect(page.url()).toBe(`${parley.url}/door`);
  await read();
  await press('Begin');
  await expect(title(page, 'When were you born?')).toBeFocused();
  await expect(page.getByText('Step 1 of 5')).toBeVisible();
  await read();
  signs += '05031990'.length;
  await bornIn(page, tap, '1990');

  await expect(title(page, 'Which bicycle do you ride?')).toBeFocused();
  await read();
  await press('A Halden');
  await expect(button(page, 'Most days')).toBeVisible();
  await read();
  await press('Most days');
  await expect(title(page, 'What do you ride for?')).toBeFocused();
  await read();
  await tap(page.getByRole('checkbox', { name: 'To work' }));
  await press('Continue');
  await expect(button(page, 'Skip this question')).toBeVisible();
  await read();
  await press('Skip this question');
  await expect(button(page, 'No')).toBeVisible();
  await read();
  await press('No');
  await look(page);
  await press('Send my answers');

  await expect(title(page, 'Two things to agree to')).toBeFocused();
  await expect(page.getByText(/A place is kept for you until/)).toBeVisible();
  for (const box of await page.getByRole('checkbox').all()) await expect(box).not.toBeChecked();
  await read();
  await press('I agree to both');

  await expect(title(page, 'Your name and your address')).toBeFocused();
  await read();
  await tap(page.getByLabel('What should we call you?'));
  await type('Nora');
  await page.keyboard.press('Enter');
  await type('nora@example.org');
  await page.keyboard.press('Enter');

  await expect(page.getByLabel('Six-digit code')).toBeFocused();
  await read();
  const code = await codeFor('nora@example.org');
  await page.keyboard.type(code === '000000' ? '111111' : '000000');
  await expect(page.getByText(/You have 4 tries left/)).toBeVisible();
  await look(page);
  await type(code);
  await expect(page.getByText(/Good that you are here, Nora/)).toBeVisible();
  await expect(page).toHaveURL(/\/c\/halden$/);
  expect(count()).toBeLessThanOrEqual(12);
  const words = [...lines].join(' ').split(/\s+/).length;
  expect(secondsFor(words, count(), signs), `${words} words, ${signs} signs`).toBeLessThan(120);
  await look(page);
});

test('after a date under the limit neither a reload nor the way back nor the link opens anything', async ({
  browser,
}) => {
  const link = await openLink();
  const { page, tap, press } = await thumb(browser);
  await page.goto(link);
  await press('Begin');
  await bornIn(page, tap, '2015');
  const end = page.getByText('You cannot take part.');
  await expect(end).toBeVisible();
  await expect(page.getByRole('main').getByRole('button')).toHaveCount(0);
  await page.reload();
  await expect(end).toBeVisible();
  await page.goto('/sign-in');
  await page.goBack();
  await expect(end).toBeVisible();
  await page.goto(link);
  await expect(end).toBeVisible();
  const kept = await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }]));
  expect(kept).not.toContain('2015');
});

test('who waits can be reached, is heard by name, and has a page of their own', async ({ browser }) => {
  const { page, tap, press } = await thumb(browser);
  await page.goto(await openLink());
  await press('Begin');
  await bornIn(page, tap, '1985');
  await press('A Halden in the past');
  await press('Rarely or never');
  await press('Skip this question');
  await press('No');
  await press('Send my answers');
  await expect(title(page, 'You are on the waiting list')).toBeFocused();
  await expect(page.getByText(/of \d+ who wait/)).toBeVisible();
  const nothingToDo = page.getByText('There is nothing you need to do until then.');
  await expect(nothingToDo).toHaveCount(0);

  const email = 'olga@example.org';
  await page.getByLabel('What should we call you?').fill('Olga');
  await page.getByLabel('E-mail address').fill(email);
  await press('Send me the code');
  await expect(page.getByLabel('Six-digit code')).toBeFocused();
  await look(page);
  await page.keyboard.type(await codeFor(email));
  await expect(page.getByText(/The offer goes to o•••@example.org/)).toBeVisible();
  await expect(nothingToDo).toBeVisible();

  const words = 'That a bicycle has to fit under the stairs.';
  await page.getByLabel(/What should we know about getting around/).fill(words);
  await press('Send my answer');
  await expect(page.getByText('Not read yet.')).toBeVisible();
  const { call, communityId } = await manager();
  const { voices } = await call(listVoices, { communityId });
  const { id } = voices.find(({ voice }) => voice?.text === words)!;
  await call(readVoice, { communityId, applicationId: id, reply: 'We will measure some stairs.' });
  await page.reload();
  await expect(page.getByText(/Read by Maren Vogt, Community manager, on/)).toBeVisible();
  await expect(page.getByText('We will measure some stairs.')).toBeVisible();
  await look(page);

  // The page from the mail, on another machine.
  const mail = (await mailsTo(email)).find(({ text }) => text.includes('/door#s'))!;
  const [own] = /http\S+#\S+/.exec(mail.text)!;
  const elsewhere = await open(browser, parley, desktop);
  await elsewhere.goto(own);
  await expect(title(elsewhere, 'You are on the waiting list')).toBeVisible();
  await look(elsewhere);

  await press('Withdraw and erase what I said');
  await press('Withdraw and erase');
  await expect(title(page, 'You have withdrawn')).toBeFocused();
  await elsewhere.reload();
  await expect(title(elsewhere, 'You have withdrawn')).toBeVisible();
  expect(JSON.stringify(await call(listVoices, { communityId }))).not.toContain(words);
});

test('"not this time" is said so, and asks one thing', async ({ browser }) => {
  const { page, tap, press } = await thumb(browser);
  await page.goto(await openLink());
  await press('Begin');
  await bornIn(page, tap, '1985');
  await press('Another make, or none');
  await press('Rarely or never');
  await press('Skip this question');
  await press('Yes');
  await press('Send my answers');
  await expect(title(page, 'Not this time')).toBeFocused();
  await expect(page.getByRole('main')).not.toContainText(/disqualified|rejected|screened out/i);
  await expect(page.getByText(/What should we know about getting around/)).toBeVisible();
  await look(page);
});

test('a personal invitation knows its address, asks for no code, and opens once', async ({ browser }) => {
  const { call } = await manager();
  const { invitations } = await call(makeDemoInvitations, {
    slug: 'halden',
    sourceId: randomUUID(),
    label: 'Riders of last year',
    count: 1,
  });
  const link = doorLink(parley.url, invitations[0]!.token);
  const { page, tap, press } = await thumb(browser);
  await page.goto(link);
  await expect(page.getByText(/•••@crowd.example.org, is known/)).toBeVisible();
  await look(page);
  await press('Begin');
  await expect(page.getByText('Step 1 of 4')).toBeVisible();
  await bornIn(page, tap, '1971');
  await press('Another make, or none');
  await press('Rarely or never');
  await press('Skip this question');
  await press('No');
  await press('Send my answers');
  await press('I agree to both');
  await expect(page.getByLabel('E-mail address')).toHaveCount(0);
  await tap(page.getByText('This is not my address'));
  await look(page);
  await page.getByLabel('What should we call you?').fill('Piet');
  await press('Come in');
  await expect(page.getByText(/Good that you are here, Piet/)).toBeVisible();

  const again = await open(browser, parley, desktop);
  await again.goto(link);
  await expect(title(again, 'This invitation has been used')).toBeVisible();
  await expect(again.getByRole('link', { name: 'Sign in' })).toBeVisible();
  await look(again);
});

test('links that open nothing say what to do, and German is whole', async ({ browser }) => {
  const link = await openLink();
  const page = await open(browser, parley, phone, { locale: 'de-DE' });
  await page.goto(link);
  await button(page, 'Beginnen').click();
  await expect(title(page, 'Wann sind Sie geboren?')).toBeVisible();
  await look(page);
  for (const [hash, heading] of [
    ['#oabc', 'Dieser Link ist nicht vollständig'],
    [`${new URL(link).hash.slice(0, -4)}zzzz`, 'Dieser Link führt nirgendwohin'],
    ['', 'Diese Seite öffnet sich mit einer Einladung'],
  ] as const) {
    const other = await open(browser, parley, phone, { locale: 'de-DE' });
    await other.goto(`/door${hash}`);
    await expect(title(other, heading)).toBeVisible();
    await look(other);
  }
});
