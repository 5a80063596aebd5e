import { CookieJar, http } from '@parley/client/http';
import { listDemoMails, listDemoPeople, signInAsDemo } from '@parley/contracts/demo';
import { publishScreener, readScreener } from '@parley/contracts/door';
import { type Browser, expect, type Locator, type Page, test } from '@playwright/test';
import { desktop, enter, expectAccessible, expectFits, open, Parley, phone, speakEnglish } from './parley';

const parley = new Parley();
test.beforeAll(() => parley.start());
test.afterAll(() => parley.stop());

const parts = ['', '/invitations', '/screener', '/quotas', '/waiting'];
const button = (page: Page, name: string | RegExp) => page.getByRole('button', { name, exact: true });
/** Where a question is written. */
const writing = (card: Locator) => card.getByRole('textbox', { name: 'Question', exact: true });
async function look(page: Page) {
  await expectFits(page);
  await expectAccessible(page);
}

/** Maren, who manages Halden's door; her language is German until she chooses. */
async function manager(browser: Browser, size = desktop) {
  const page = await enter(browser, parley, 'Maren Vogt', size);
  await page.waitForLoadState('networkidle');
  if ((await page.locator('html').getAttribute('lang')) === 'de') await speakEnglish(page);
  return page;
}

/** The same, in another browser. */
async function elsewhere() {
  const call = http({ url: parley.url, jar: new CookieJar() });
  const { people } = await call(listDemoPeople, {});
  const maren = people.find(({ name }) => name.startsWith('Maren'))!;
  const { memberships } = await call(signInAsDemo, { personId: maren.personId });
  return { call, communityId: memberships[0]!.community.id };
}

const csv = (rows: string[]) => ({
  name: 'letters.csv',
  mimeType: 'text/csv',
  buffer: Buffer.from(['email,name', ...rows].join('\n')),
});

test('the desk is for managers alone; others ask the server for nothing', async ({ browser }) => {
  const page = await enter(browser, parley, 'Ines Carvalho', phone);
  const asked: string[] = [];
  page.on('request', (request) => asked.push(request.url()));
  for (const part of parts) {
    await page.goto(`/c/halden/door${part}`);
    await expect(page.getByText(/does not exist/)).toBeVisible();
  }
  expect(asked.filter((url) => /\/api\/.*\/door/.test(url))).toEqual([]);
});

test('every part fits and can be used, on a desk and on a phone', async ({ browser }) => {
  for (const size of [desktop, phone]) {
    const page = await manager(browser, size);
    for (const part of parts) {
      await page.goto(`/c/halden/door${part}`);
      await expect(page.getByRole('heading', { level: 1 })).toHaveText('Door');
      await expect(page.getByRole('status').filter({ hasText: 'Loading' })).toHaveCount(0);
      await look(page);
    }
    await page.goto('/c/halden/door');
    // Where many come from, from the first step to the last, with nothing to push aside.
    const funnel = page.getByRole('table').first();
    await funnel.scrollIntoViewIfNeeded();
    for (const step of ['Opened', 'Started', 'Qualified', 'Waiting', 'Admitted'])
      await expect(funnel.getByText(step, { exact: true }).filter({ visible: true }).last()).toBeInViewport({
        ratio: 1,
      });
  }
});

test('an open link is there at once, with its code; closed, it opens nothing', async ({ browser }) => {
  const page = await manager(browser);
  await page.getByRole('link', { name: 'Door' }).click();
  await page.getByRole('link', { name: 'Invitations' }).click();
  await button(page, 'Make an open link').click();
  await expect(page.getByLabel('Name of the source')).toBeFocused();
  await button(page, 'Make the link').click();
  await expect(page.getByText('A name of 1 to 80 characters.')).toBeVisible();
  await page.keyboard.type('Grey’s Anatomy, show page');
  await page.getByLabel('How many may begin').fill('200');
  await look(page);
  await page.keyboard.press('Enter');
  const card = page.getByRole('region', { name: 'Grey’s Anatomy, show page' });
  await expect(card.getByText('The link is ready')).toBeVisible();
  await expect(card.getByRole('img', { name: /QR code of the link/ })).toBeVisible();
  await look(page);
  const saved = page.waitForEvent('download');
  await card.getByRole('button', { name: 'Save the QR code' }).click();
  expect((await saved).suggestedFilename()).toMatch(/Anatomy.*\.svg$/);

  const url = (await card.locator('code').textContent())!;
  const guest = await open(browser, parley, phone);
  await guest.goto(url);
  await expect(guest.getByRole('button', { name: 'Begin' })).toBeVisible();

  await card.getByRole('button', { name: /^Close/ }).click();
  await card.getByRole('button', { name: 'Close it' }).click();
  await expect(card.getByText(/closed/)).toBeVisible();
  const late = await open(browser, parley, phone);
  await late.goto(url);
  await expect(late.getByRole('heading').first()).toBeVisible();
  await expect(late.getByRole('button', { name: 'Begin' })).toHaveCount(0);
});

test('a list is checked by row, bad rows are left out on purpose, and the mail reads as it was shown', async ({
  browser,
}) => {
  const page = await manager(browser);
  await page.goto('/c/halden/door/invitations');
  await button(page, 'Invite by mail').click();
  await page.getByText('A CSV file', { exact: true }).click();
  await page
    .locator('input[type=file]')
    .setInputFiles(
      csv([
        'anna.berg@example.org,Anna Berg',
        'lena(at)example.org,Lena',
        'tom@example.org,Tom',
        'ANNA.berg@example.org,Anna again',
        'ines@example.org,Ines',
        'sum@example.org,=SUM(A1:A9)',
      ]),
    );
  await expect(page.getByText('letters.csv: 7 lines')).toBeVisible();
  await page.getByLabel('Name of the source').fill('Letters to readers');
  await page.getByLabel('Your words').fill('We build a folding bike.\nCome and look.');
  await page.getByText('How the mail reads').click();
  const shown = await page.locator('div[lang=en] p').allTextContents();
  const words = shown.filter((line) => !line.startsWith('Here stands the link'));
  expect(words).toHaveLength(7);
  await button(page, 'Check first').click();
  await expect(page.getByRole('heading', { name: '2 people can be invited. 4 rows cannot.' })).toBeFocused();
  for (const row of [
    'Row 3: not an e-mail address: lena(at)example.org',
    'Row 5 repeats row 2: anna.berg@example.org',
    'Row 6 is a member already: ines@example.org',
    'Row 7 begins like a formula: =SUM(A1:A9)',
  ])
    await expect(page.getByText(row)).toBeVisible();
  await look(page);
  expect((await http({ url: parley.url })(listDemoMails, { to: 'tom@example.org' })).mails).toEqual([]);

  await button(page, 'Leave these rows out and send 2 invitations').click();
  const card = page.getByRole('region', { name: 'Letters to readers' });
  await expect(card.getByText('2 invitations are on their way.', { exact: false })).toBeVisible();
  await expect(card.getByText('Anna Berg')).toBeVisible();
  await expect(card.getByText('Tom', { exact: true })).toBeVisible();
  await look(page);
  await expect(async () => {
    const { mails } = await http({ url: parley.url })(listDemoMails, { to: 'tom@example.org' });
    const mail = `${mails[0]?.subject}\n${mails[0]?.text}`.replace(/\s+/g, ' ').replace('Hello Tom', 'Hello');
    for (const line of words) expect(mail).toContain(line.replace(/\s+/g, ' '));
  }).toPass();

  await test.step('an address is corrected and the other invitation revoked', async () => {
    await card.getByRole('button', { name: 'Send anew: Tom' }).click();
    await page.keyboard.type('anna.berg@example.org');
    await page.keyboard.press('Enter');
    await expect(card.getByText('Somebody with this address is invited or inside already.')).toBeVisible();
    await card.getByLabel('E-mail address').fill('tom.hale@example.org');
    await page.keyboard.press('Enter');
    await expect(card.getByText(/tom\.hale@example\.org/)).toBeVisible();
    await card.getByRole('button', { name: 'Revoke: Anna Berg' }).click();
    await card.getByRole('button', { name: 'Revoke it' }).click();
    await expect(card.getByText('revoked')).toBeVisible();
  });
});

test('fifty thousand rows are checked while the page stays alive', async ({ browser }) => {
  const page = await manager(browser);
  await page.goto('/c/halden/door/invitations');
  await button(page, 'Invite by mail').click();
  await page.getByText('A CSV file', { exact: true }).click();
  const rows = Array.from({ length: 50_000 }, (_, n) =>
    n % 100 ? `p${n}@example.org,Person ${n}` : 'nobody,x',
  );
  await page.locator('input[type=file]').setInputFiles(csv(rows));
  await expect(page.getByText('letters.csv: 50,001 lines')).toBeVisible();
  await page.evaluate(() => {
    const seen = { longest: 0, last: performance.now() };
    Object.assign(window, { seen });
    const tick = () => {
      const now = performance.now();
      seen.longest = Math.max(seen.longest, now - seen.last);
      seen.last = now;
      requestAnimationFrame(tick);
    };
    tick();
  });
  const began = performance.now();
  await button(page, 'Check first').click();
  await page.getByLabel('Name of the source').pressSequentially('Still typing');
  await expect(
    page.getByRole('heading', { name: '49,500 people can be invited. 500 rows cannot.' }),
  ).toBeVisible();
  const waited = performance.now() - began;
  await expect(page.getByText('and 400 more')).toBeVisible();
  const longest = await page.evaluate(
    () => (window as unknown as { seen: { longest: number } }).seen.longest,
  );
  // Of what a page that stands still would show, all, on a slow machine too.
  expect(longest).toBeLessThan(Math.max(500, waited / 3));
});

test('a screener is written beside what a candidate sees, and a newer one of somebody else is told', async ({
  browser,
}) => {
  const page = await manager(browser);
  await page.goto('/c/halden/door/screener');
  await button(page, 'Add a question').click();
  await page.getByRole('menuitem', { name: 'Several answers' }).click();
  const added = page.getByRole('region', { name: 'Question 6' });
  await expect(writing(added)).toBeFocused();
  await button(page, 'Publish version 3').click();
  await expect(page.getByText('Write the question, in up to 160 characters.')).toBeVisible();
  await expect(page.getByText('3 places need your attention', { exact: false })).toBeVisible();
  await expect(writing(added)).toBeFocused();
  await look(page);
  await page.keyboard.type('Which of these do you own?');
  const card = page.getByRole('region', { name: 'Which of these do you own?' });
  await card.getByLabel('Answer 1', { exact: true }).fill('A car');
  await card.getByLabel('Answer 2', { exact: true }).fill('A lock');
  await card.getByLabel('Where it leads: A car').selectOption('waiting');
  await writing(card).press('Alt+ArrowUp');
  await expect(card.getByText('5 · Several answers')).toBeVisible();
  await expect(writing(card)).toBeFocused();

  await test.step('the preview runs as for a candidate and says where the answers would lead', async () => {
    const preview = page.getByRole('complementary', { name: 'What a candidate sees' });
    await preview.getByRole('button', { name: 'Another make, or none' }).click();
    await preview.getByRole('button', { name: 'Rarely or never' }).click();
    await preview.getByRole('button', { name: 'Skip' }).click();
    await preview.getByText('A car').click();
    await preview.locator('button[type=submit]').click();
    await preview.getByRole('button', { name: 'No', exact: true }).click();
    await preview.locator('button[type=submit]').click();
    await expect(preview.getByText('the waiting list')).toBeVisible();
    await expectAccessible(page);
  });

  await test.step('the draft is there after a reload', async () => {
    await page.reload();
    await expect(card).toBeVisible();
  });

  const other = await elsewhere();
  const { communityId } = other;
  const { screener } = await other.call(readScreener, { communityId });
  await other.call(publishScreener, {
    communityId,
    basedOn: screener.version,
    body: { ...screener.body, intro: 'Welcome.' },
  });
  await button(page, 'Publish version 3').click();
  await expect(
    page.getByText('Version 3 has been published since you began.', { exact: false }),
  ).toBeVisible();
  await expect(card).toBeVisible();
  await look(page);
  await button(page, 'Publish mine after it').click();
  await expect(page.getByText('Version 4 is published.')).toBeVisible();
});

test('who waits can be let in: what a change would do, five places more, a place out of turn', async ({
  browser,
}) => {
  const page = await manager(browser);
  await page.goto('/c/halden/door/quotas');
  await test.step('non-owners at least 60 %, tried before it is published', async () => {
    const share = page.getByRole('region', { name: 'Without a Halden' });
    await share.getByLabel('At least so many of a hundred').fill('60');
    await expect(page.getByText('With this change 0 waiting people could enter now.')).toBeVisible();
    await share.getByLabel('At least so many of a hundred').fill('');
    await button(page, 'Publish the quotas').click();
    await expect(share.getByText('A number from 1 to 99.')).toBeVisible();
    await share.getByLabel('At least so many of a hundred').fill('60');
    await look(page);
    await button(page, 'Publish the quotas').click();
    await expect(page.getByText('of the quotas is published', { exact: false })).toBeVisible();
    await expect(page.getByText(/60 %, at least 60 % wanted/)).toBeVisible();
  });

  await test.step('the people who wait, by keyboard', async () => {
    await page.getByRole('link', { name: 'Waiting' }).click();
    const first = button(page, /^1\. Noor/);
    await first.focus();
    await expect(page.getByRole('complementary').getByRole('heading', { name: 'Noor' })).toBeVisible();
    await page.keyboard.press('j');
    await expect(button(page, /^2\. Piotr/)).toBeFocused();
    await page.keyboard.press('Enter');
    await expect(page.getByRole('heading', { name: 'Piotr K.' })).toBeFocused();
    const side = page.getByRole('complementary');
    await side.getByText('All answers').click();
    await side.getByText('See what this candidate sees').click();
    await expect(side.getByText('You are on the waiting list')).toBeVisible();
    await look(page);
    const saved = page.waitForEvent('download');
    await button(page, 'Export as CSV').click();
    expect((await saved).suggestedFilename()).toBe('applications.csv');
    await expect(page.getByText('The audit log says that you have exported', { exact: false })).toBeVisible();
    await button(page, /^2\. Piotr/).focus();
    await page.keyboard.press('o');
    await expect(page.getByText('There is no place for this person now.', { exact: false })).toBeVisible();
  });

  await test.step('five places more, and those who wait get an offer', async () => {
    await page.getByRole('link', { name: 'Quotas' }).click();
    await button(page, '5 more places: Used to ride a Halden').click();
    await expect(button(page, 'Publish the quotas')).toBeFocused();
    await expect(page.getByText('With this change 3 waiting people could enter now.')).toBeVisible();
    await expect(button(page, 'Publish the quotas')).toBeInViewport({ ratio: 1 });
    await page.keyboard.press('Enter');
    await expect(page.getByText('of the quotas is published', { exact: false })).toBeVisible();
    await page.goto('/c/halden/door/waiting?show=offered');
    await expect(button(page, /Noor/)).toBeVisible();
    await expect(button(page, /Piotr/)).toBeVisible();
  });
});

test('an answer to the open question is read by name, and replied to', async ({ browser }) => {
  const page = await manager(browser);
  await page.goto('/c/halden/door');
  await page.getByRole('link', { name: '2 answers nobody has read yet' }).click();
  await expect(page.getByRole('link', { name: 'Waiting', exact: true })).toHaveAttribute(
    'aria-current',
    'page',
  );
  await button(page, /Noor/).click();
  const side = page.getByRole('complementary');
  await expect(side.getByText('They will see that Maren Vogt has read it.')).toBeVisible();
  await look(page);
  await side.getByRole('button', { name: 'Mark as read' }).click();
  await expect(side.getByText(/Read by Maren Vogt on/)).toBeVisible();
  await side.getByLabel('Reply, if you like').fill('Thank you, Noor.');
  await side.getByRole('button', { name: 'Send the reply' }).click();
  await expect(side.getByText('Reply: Thank you, Noor.')).toBeVisible();
  await page.goto('/c/halden/door');
  await expect(page.getByRole('link', { name: '1 answer nobody has read yet' })).toBeVisible();
});
