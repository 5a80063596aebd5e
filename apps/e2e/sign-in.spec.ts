import { expect, test } from '@playwright/test';
import { desktop, enter, expectAccessible, expectFits, open, Parley, phone } from './parley';

const parley = new Parley();
test.beforeAll(() => parley.start());
test.afterAll(() => parley.stop());

/** Asks for a mail as Ines and answers the mail's text, as the demo shows it. */
async function askForMail(page: Awaited<ReturnType<typeof open>>) {
  await page.goto('/sign-in');
  await page.getByLabel('E-mail address').fill('ines@example.org');
  await page.getByRole('button', { name: 'Send me the mail' }).click();
  await expect(page.getByLabel('Six-digit code')).toBeVisible();
  const mails = await page.context().newPage();
  await mails.goto('/demo/mails');
  const body = mails.getByText(/Or type this code there/).first();
  await expect(body).toBeVisible();
  const text = (await body.textContent())!;
  await expectAccessible(mails);
  await mails.close();
  return text;
}

test('a member signs in on a phone with the code of the mail, and out again', async ({ browser }) => {
  const page = await open(browser, parley, phone);
  await page.goto('/');
  await expectAccessible(page);
  await expectFits(page);
  const code = /(\d{6})/.exec(/this code there: (\d{6})/.exec(await askForMail(page))![0])![1]!;

  await page.getByLabel('Six-digit code').fill('000000');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByText(/not the code/)).toBeVisible();
  await page.getByLabel('Six-digit code').fill(code);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByRole('heading', { name: 'Halden Roundtable' })).toBeVisible();
  await expectAccessible(page);
  await expectFits(page);

  await page.goto('/account');
  await expect(page.getByText('This browser')).toBeVisible();
  await expectAccessible(page);
  await expectFits(page);
  await page.getByRole('button', { name: 'Sign out', exact: true }).last().click();
  await expect(page.getByLabel('E-mail address')).toBeVisible();
});

test('the link of the mail opens nothing until its button is pressed, and nothing in another browser', async ({
  browser,
}) => {
  const page = await open(browser, parley, desktop);
  const [link] = /http\S+#\S+/.exec(await askForMail(page))!;

  const elsewhere = await open(browser, parley, desktop);
  await elsewhere.goto(link);
  await elsewhere.getByRole('button', { name: 'Sign in' }).click();
  await expect(elsewhere.getByText(/only in the browser that asked/)).toBeVisible();

  await page.goto(link);
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByRole('heading', { name: 'Halden Roundtable' })).toBeVisible();
  expect(page.url()).not.toContain('#');
});

test('who is not inside is told so in plain words', async ({ browser }) => {
  for (const [name, words] of [
    ['Bram de Wit', /reading your application/],
    ['Viktor Halasz', /is paused/],
    ['Robin Sato', /You run this installation/],
  ] as const) {
    const page = await open(browser, parley, phone);
    await page.goto('/sign-in');
    await page
      .getByRole('button', { name: new RegExp(name) })
      .first()
      .click();
    await expect(page.getByText(words).first()).toBeVisible();
    await expectAccessible(page);
    await page.goto('/c/halden');
    await expect(page.getByText(/reading your application|is paused|does not exist/).first()).toBeVisible();
  }
});

test('a person of two communities chooses, and keeps the two apart', async ({ browser }) => {
  const page = await enter(browser, parley, 'Priya Raman');
  await expect(page.getByRole('link', { name: /Halden Roundtable/ })).toBeVisible();
  await expectAccessible(page);
  await page.getByRole('link', { name: /Morrow Test Kitchen/ }).click();
  await expect(page.getByText('Ember: would it earn its place?')).toBeVisible();
  await expect(page.getByText('Halden One')).toHaveCount(0);
});

test('German is whole: nothing English is left on the start pages', async ({ browser }) => {
  const page = await open(browser, parley, phone, { locale: 'de-DE' });
  await page.goto('/sign-in');
  await expect(page.locator('html')).toHaveAttribute('lang', 'de');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Anmelden');
  await expectFits(page);
});
