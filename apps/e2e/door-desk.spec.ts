import { expect, type Page, test } from '@playwright/test';
import { desktop, enter, expectAccessible, expectFits, Parley, phone, speakEnglish } from './parley';

const parley = new Parley();
test.beforeAll(() => parley.start());
test.afterAll(() => parley.stop());

async function lookAt(page: Page) {
  await expectAccessible(page);
  await expectFits(page);
}

test('a manager makes a link, imports a file with bad rows, and sees what a change of quotas would do', async ({
  browser,
}) => {
  const page = await enter(browser, parley, 'Maren Vogt', desktop);
  await speakEnglish(page);
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
