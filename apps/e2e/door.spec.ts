import { type Browser, expect, type Page, test } from '@playwright/test';
import { desktop, enter, expectAccessible, expectFits, open, Parley, phone } from './parley';

const parley = new Parley();
test.beforeAll(() => parley.start());
test.afterAll(() => parley.stop());

/** The open link of the demo, as the manager copies it. */
async function openLink(browser: Browser) {
  const maren = await enter(browser, parley, 'Maren Vogt');
  await maren.goto('/c/halden/door/invitations');
  const link = await maren.locator('code').first().textContent();
  await maren.context().close();
  return link!;
}

async function lookAt(page: Page) {
  await expectAccessible(page);
  await expectFits(page);
}

async function born(page: Page, [day, month, year]: [string, string, string]) {
  await page.getByLabel('Day').fill(day);
  await page.getByLabel('Month').fill(month);
  await page.getByLabel('Year').fill(year);
}

/** The code of the newest mail to an address. */
async function codeFor(page: Page, email: string) {
  let code = '';
  await expect
    .poll(async () => {
      const response = await page.request.get(`/api/demo/mails?to=${encodeURIComponent(email)}`);
      const { mails } = (await response.json()) as { mails: { subject: string }[] };
      code = mails.map(({ subject }) => /\d{6}/.exec(subject)?.[0]).find(Boolean) ?? '';
      return code;
    })
    .not.toBe('');
  return code;
}

test('a person gets from a link to inside on a phone in no more than twelve taps', async ({ browser }) => {
  const link = await openLink(browser);
  const page = await open(browser, parley, phone);
  let taps = 0;
  const tap = async (name: string | RegExp) => {
    taps += 1;
    await page.getByRole('button', { name }).or(page.getByRole('checkbox', { name })).first().click();
  };
  await page.goto(link);
  await expect(page.getByRole('heading', { name: 'Halden Roundtable' })).toBeVisible();
  // It stands in no history and in no screenshot.
  expect(page.url()).not.toContain('#');
  await lookAt(page);
  await tap('Begin');

  await expect(page.getByRole('heading', { name: 'When were you born?' })).toBeVisible();
  await lookAt(page);
  await born(page, ['31', '2', '1990']);
  await page.getByRole('button', { name: 'Continue' }).click();
  await expect(
    page.getByText(/That day does not exist|does not exist|has only|February/).first(),
  ).toBeVisible();
  await born(page, ['17', '5', '1990']);
  await tap('Continue');

  await expect(page.getByRole('heading', { name: /Which bicycle/ })).toBeVisible();
  await lookAt(page);
  await tap('Another make, or none');
  await expect(page.getByRole('heading', { name: /How often/ })).toBeVisible();
  await tap('Most days');
  await expect(page.getByRole('heading', { name: /What do you ride for/ })).toBeVisible();
  // A reload on the way loses nothing.
  await page.reload();
  await expect(page.getByRole('heading', { name: /What do you ride for/ })).toBeVisible();
  await lookAt(page);
  await tap(/To work/);
  await tap('Continue');
  await expect(page.getByRole('heading', { name: /Where do you mostly ride/ })).toBeVisible();
  await lookAt(page);
  await page.getByRole('textbox').fill('Leeds');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: /Do you work for/ })).toBeVisible();
  await tap('No');
  await tap('Send my answers');

  await expect(page.getByRole('button', { name: 'I agree to both' })).toBeVisible();
  await lookAt(page);
  await tap('I agree to both');
  const email = `nia-${Date.now()}@example.org`;
  await expect(page.getByRole('textbox', { name: /mail/i })).toBeVisible();
  await lookAt(page);
  await page.getByRole('textbox', { name: /mail/i }).fill(email);
  await page.getByRole('textbox').first().fill('Nia from Leeds');
  await page.keyboard.press('Enter');
  const code = page.getByRole('textbox', { name: /code/i });
  await expect(code).toBeVisible();
  await lookAt(page);
  // The last digit sends it.
  await code.fill(await codeFor(page, email));
  await expect(page).toHaveURL(/\/c\/halden$/);
  await expect(page.getByText('Halden One: first look at the film').first()).toBeVisible();
  await lookAt(page);
  expect(taps).toBeLessThanOrEqual(12);
});

test('who is too young is told so politely and cannot try again in that browser', async ({ browser }) => {
  const link = await openLink(browser);
  const page = await open(browser, parley, phone);
  await page.goto(link);
  await page.getByRole('button', { name: 'Begin' }).click();
  await born(page, ['1', '1', '2016']);
  await page.getByRole('button', { name: 'Continue' }).click();
  await expect(page.getByText('You cannot take part', { exact: false }).first()).toBeVisible();
  await lookAt(page);
  await page.goBack().catch(() => undefined);
  const again = await page.context().newPage();
  await again.goto(link);
  await again.getByRole('button', { name: 'Begin' }).click();
  await born(again, ['1', '1', '1980']);
  await again.getByRole('button', { name: 'Continue' }).click();
  await expect(again.getByText('You cannot take part', { exact: false }).first()).toBeVisible();
});

test('for whom there is no place waits, says one thing, and can have everything erased', async ({
  browser,
}) => {
  const link = await openLink(browser);
  const page = await open(browser, parley, phone);
  await page.goto(link);
  await page.getByRole('button', { name: 'Begin' }).click();
  await born(page, ['17', '5', '1990']);
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByRole('button', { name: 'A Halden in the past' }).click();
  await page.getByRole('button', { name: 'Rarely or never' }).click();
  await expect(page.getByRole('heading', { name: /Where do you mostly ride/ })).toBeVisible();
  await page.keyboard.press('Tab');
  await page
    .getByRole('button', { name: /Skip|Continue/ })
    .first()
    .click();
  await page.getByRole('button', { name: 'No', exact: true }).click();
  await page.getByRole('button', { name: 'Send my answers' }).click();
  await expect(page.getByText(/Used to ride a Halden/).first()).toBeVisible();
  await lookAt(page);

  await page
    .getByRole('textbox', { name: /getting around|answer/i })
    .first()
    .fill('Ask about the stairs.');
  await page.getByRole('button', { name: /Send/ }).first().click();
  await expect(page.getByText('Ask about the stairs.')).toBeVisible();
  await lookAt(page);

  await page
    .getByRole('button', { name: /Withdraw/ })
    .first()
    .click();
  await lookAt(page);
  await page
    .getByRole('button', { name: /erase|Erase/ })
    .last()
    .click();
  await expect(page.getByText(/erased/i).first()).toBeVisible();
  await lookAt(page);
});

test('a manager makes a link, imports a file with bad rows, and sees what a change of quotas would do', async ({
  browser,
}) => {
  const page = await enter(browser, parley, 'Maren Vogt', desktop);
  await page.getByRole('link', { name: 'Door' }).click();
  await expect(page.getByRole('heading', { name: 'Door' })).toBeVisible();
  await expect(page.getByText('3 people wait for a place')).toBeVisible();
  await lookAt(page);

  await test.step('a link with its code', async () => {
    await page.getByRole('link', { name: 'Invitations' }).click();
    await page.getByRole('button', { name: 'Make an open link' }).click();
    await page.getByLabel('Name of the source').fill('Show page');
    await lookAt(page);
    await page.getByRole('button', { name: 'Make the link' }).click();
    const card = page.getByRole('region', { name: 'Show page' });
    await expect(card.locator('svg')).toBeVisible();
    await expect(card.locator('code')).toContainText('/door#o');
    await lookAt(page);
  });

  await test.step('a file of which nothing is sent before it is right, or the rest is left out', async () => {
    await page.getByRole('button', { name: 'Invite by mail' }).click();
    const csv = 'email,name\nnew@example.org,Ann\nlena(at)example.org,Lena\nnew@example.org,Ann';
    await page
      .locator('input[type=file]')
      .setInputFiles({ name: 'people.csv', mimeType: 'text/csv', buffer: Buffer.from(csv) });
    await page.getByLabel('Name of the source').fill('Letters');
    await page.getByRole('button', { name: 'Check first' }).click();
    await expect(page.getByText('Row 3: not an e-mail address: lena(at)example.org')).toBeVisible();
    await expect(page.getByText('Row 4 repeats row 2: new@example.org')).toBeVisible();
    await lookAt(page);
    await page.getByRole('button', { name: 'Leave these out and send 1 invitation' }).click();
    const card = page.getByRole('region', { name: 'Letters' });
    await card.getByText('The invitations').click();
    await expect(card.getByText('new@example.org').first()).toBeVisible();
    await lookAt(page);
  });

  await test.step('a screener with a new question, seen as a candidate sees it', async () => {
    await page.getByRole('link', { name: 'Screener' }).click();
    await page.getByRole('button', { name: 'Add a question' }).click();
    await page.getByRole('menuitem', { name: 'Scale' }).click();
    await page.getByRole('button', { name: /^Publish version/ }).click();
    await expect(page.getByText('Write the question, in up to 160 characters.')).toBeVisible();
    await lookAt(page);
    await page
      .getByRole('region', { name: 'Question 6' })
      .getByLabel('Question', { exact: true })
      .fill('How likely?');
    await page.getByRole('button', { name: 'Publish version 3' }).click();
    await expect(page.getByText('Version 3 is published.')).toBeVisible();
  });

  await test.step('quotas: what a change would do, before it is made', async () => {
    await page.getByRole('link', { name: 'Quotas' }).click();
    await page.getByRole('button', { name: '5 more places: Used to ride a Halden' }).click();
    await expect(page.getByText('With this change 3 waiting people could enter now.')).toBeVisible();
    await lookAt(page);
    await page.getByRole('button', { name: 'Publish the quotas' }).click();
    await expect(page.getByText('You have changed nothing yet.', { exact: false })).toBeVisible();
  });

  await test.step('those who waited are offered a place; an answer is read by name', async () => {
    await page.getByRole('link', { name: 'Waiting' }).click();
    await page.getByLabel('Show').selectOption({ label: 'Offered a place' });
    await expect(page.getByText('Noor').first()).toBeVisible({ timeout: 20_000 });
    await page.getByLabel('Show').selectOption({ label: 'Answers to the open question' });
    await page.getByRole('button', { name: /Noor/ }).click();
    await lookAt(page);
    await page.getByRole('button', { name: 'Mark as read' }).click();
    await expect(page.getByText(/Read by Maren Vogt on/)).toBeVisible();
  });

  await test.step('on a phone it all fits', async () => {
    await page.setViewportSize(phone);
    for (const part of ['', '/invitations', '/screener', '/quotas', '/waiting']) {
      await page.goto(`/c/halden/door${part}`);
      await expect(page.getByRole('heading', { name: 'Door' })).toBeVisible();
      await lookAt(page);
    }
  });
});

test('the desk is not there for anybody but managers', async ({ browser }) => {
  const page = await enter(browser, parley, 'Ines Carvalho', phone);
  const asked: string[] = [];
  page.on('request', (request) => asked.push(request.url()));
  for (const path of ['/c/halden/door', '/c/halden/door/waiting', '/c/halden/people']) {
    await page.goto(path);
    await expect(page.getByRole('heading', { name: 'Nothing to see here' })).toBeVisible();
  }
  expect(asked.filter((url) => /\/api\/c\/[^/]+\/(door|segments|facts|consents)/.test(url))).toEqual([]);
});
