import { expect, test } from '@playwright/test';
import { desktop, enter, expectAccessible, expectFits, Parley, phone, speakEnglish } from './parley';

const parley = new Parley();
test.beforeAll(() => parley.start());
test.afterAll(() => parley.stop());

test('somebody says something without being asked, and the team reads it at once', async ({ browser }) => {
  const maren = await enter(browser, parley, 'Maren', desktop);
  await speakEnglish(maren);
  await maren.getByRole('navigation', { name: 'Community' }).getByRole('link', { name: 'Unasked' }).click();
  await expect(maren.getByRole('heading', { level: 1, name: 'Said without being asked' })).toBeVisible();
  await expectFits(maren);
  await expectAccessible(maren);

  const aoife = await enter(browser, parley, 'Aoife', phone);
  await test.step('on a page with a question of its own', async () => {
    await aoife.getByRole('navigation', { name: 'Community' }).getByRole('link', { name: 'Ideas' }).click();
    await aoife.getByRole('button', { name: 'Say something' }).click();
    await aoife.getByRole('button', { name: 'Good', exact: true }).click();
    await aoife
      .getByRole('textbox', { name: 'What would make it easier to send an idea?' })
      .fill('A photo of the thing.');
    await expect(aoife.getByText(/answers within 5 days/)).toBeVisible();
    await expectFits(aoife);
    await expectAccessible(aoife);
    await aoife.getByRole('button', { name: 'Send to the team' }).click();
    await expect(aoife.getByText('The team has it.', { exact: false })).toBeVisible();
    await expect(maren.getByText('A photo of the thing.')).toBeVisible({ timeout: 5_000 });
  });

  await test.step('about a second of what was shown', async () => {
    await aoife.getByRole('navigation', { name: 'Community' }).getByRole('link', { name: 'To see' }).click();
    await expect(aoife.locator('[data-asset]').first()).toBeAttached();
    await aoife.getByRole('button', { name: 'Say something' }).click();
    await expect(aoife.getByLabel(/^About “/)).toBeChecked();
    await aoife.getByRole('textbox', { name: 'What would you like to say?' }).fill('This one stays with me.');
    await aoife.getByRole('button', { name: 'Send to the team' }).click();
    await expect(maren.getByText('This one stays with me.')).toBeVisible({ timeout: 5_000 });
  });

  await test.step('the team looks at one scene of one film', async () => {
    const film = maren.getByLabel('Asset');
    const option = film.locator('option', { hasText: /film/i }).first();
    await film.selectOption((await option.getAttribute('value'))!);
    await expect(maren.getByText('The fold, in one breath.', { exact: false })).toBeVisible();
    await maren.getByLabel('Scene').selectOption('45');
    await expect(maren.getByText('The fold, in one breath.', { exact: false })).toHaveCount(0);
    await expect(maren.getByText('Here the price is gone', { exact: false })).toBeVisible();
  });
});
