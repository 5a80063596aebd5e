import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, type Page, test } from '@playwright/test';
import { enter, expectAccessible, expectFits, Parley, phone, speakEnglish } from './parley';

const parley = new Parley();
test.beforeAll(() => parley.start());
test.afterAll(() => parley.stop());

const drawing = readFileSync(join(import.meta.dirname, '../server/demo/halden-one-black.webp'));
const cardOf = (page: Page, title: string) =>
  page.getByRole('article').filter({ has: page.getByRole('heading', { name: title }) });
const go = (page: Page, name: string) =>
  page.getByRole('navigation', { name: 'Community' }).getByRole('link', { name }).click();
const isShown = (page: Page, title: string) =>
  cardOf(page, title)
    .getByRole('img')
    .evaluate((img: HTMLImageElement) => img.complete && img.naturalWidth > 0)
    .catch(() => false);

test('a manager adds a secret drawing, releases it, and takes it back from every screen at once', async ({
  browser,
}) => {
  const maren = await enter(browser, parley, 'Maren Vogt');
  await speakEnglish(maren);
  await go(maren, 'To show');

  await test.step('what there is shows with the viewer’s name; a film plays', async () => {
    await expect(cardOf(maren, 'Halden One, the launch film').locator('video')).toBeVisible();
    await expect.poll(() => isShown(maren, 'Halden One, rendering')).toBe(true);
    await expectFits(maren);
    await expectAccessible(maren);
  });

  await test.step('a file is sent, and goes on after the page was left in the middle', async () => {
    await maren.getByRole('button', { name: 'Add' }).click();
    // The line is cut: the file waits, and is still there after a reload.
    await maren.context().setOffline(true);
    await maren.getByTestId('asset.new').setInputFiles({
      ...{ name: 'The next one.webp', mimeType: 'image/webp', buffer: drawing },
    });
    await expect(maren.getByText(/Waiting for the connection|Sending/)).toBeVisible();
    await maren.context().setOffline(false);
    await maren.reload();
    await expect(maren.getByText('The next one.webp')).toBeVisible();
    await expect(maren.getByText('All there')).toBeVisible({ timeout: 20_000 });
    await maren.getByLabel('Title').first().fill('The next one');
    await maren.getByLabel('What is seen').first().fill('The bike with a black saddle.');
    await maren.getByLabel('Who may know of it').first().selectOption('secret');
    await expectAccessible(maren);
    await maren.getByRole('button', { name: 'Save' }).first().click();
    await expect(cardOf(maren, 'The next one')).toBeVisible();
  });

  const ines = await enter(browser, parley, 'Ines Carvalho', phone);
  await test.step('a member sees nothing of it before it is released', async () => {
    await go(ines, 'To see');
    await expect(cardOf(ines, 'Halden One, rendering')).toBeVisible();
    await expect(cardOf(ines, 'The next one')).toHaveCount(0);
    const card = cardOf(maren, 'The next one');
    await card.getByText('Released to').click();
    await card.getByRole('button', { name: 'Release' }).click();
    await expect(card.getByText(/^all members, from/)).toBeVisible();
  });

  await test.step('then sees that it is there, promises to keep it, and sees it', async () => {
    await ines.reload();
    const card = cardOf(ines, 'The next one');
    await expect(card.getByText(/only for the people in here/)).toBeVisible();
    await expectFits(ines);
    await expectAccessible(ines);
    await card.getByRole('button', { name: 'I keep it to myself' }).click();
    await expect.poll(() => isShown(ines, 'The next one')).toBe(true);
  });

  await test.step('taken back, it goes off her screen by itself, within two seconds', async () => {
    const card = cardOf(maren, 'The next one');
    await card.getByRole('button', { name: /^Take back everywhere/ }).click();
    await card.getByLabel('Why').fill('A name on it is wrong.');
    await card.getByRole('button', { name: 'Take back now' }).click();
    await expect(card.getByText('Taken back by Maren: A name on it is wrong.')).toBeVisible();
    await expect(cardOf(ines, 'The next one')).toHaveCount(0, { timeout: 2_000 });
    await card.getByText('Who saw what').click();
    await expect(card.getByRole('cell', { name: 'Ines' })).not.toHaveCount(0);
    await expectAccessible(maren);
  });
});
