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

  const film = 'Halden One, the launch film';
  await test.step('the manager asks a question of its own of the film; elsewhere the usual one stands', async () => {
    const questions = maren.getByRole('form', { name: 'Questions of their own' });
    await questions.getByLabel('Where').selectOption(film);
    await questions.getByLabel('The question').fill('Where did it lose you?');
    await questions.getByRole('button', { name: 'Ask it there' }).click();
    await expect(questions.getByText(`${film}: Where did it lose you?`)).toBeVisible();
    await expectFits(maren);
    await expectAccessible(maren);
    await aoife.getByRole('navigation', { name: 'Community' }).getByRole('link', { name: 'Talk' }).click();
    await aoife.getByRole('button', { name: 'Say something' }).click();
    await expect(aoife.getByRole('textbox', { name: 'What would you like to say?' })).toBeVisible();
  });

  await test.step('about a second of what was shown', async () => {
    await aoife.getByRole('navigation', { name: 'Community' }).getByRole('link', { name: 'To see' }).click();
    const video = aoife.locator(`[data-title="${film}"] video`);
    await video.evaluate((shown) => shown.scrollIntoView({ block: 'center' }));
    await expect.poll(() => video.evaluate((shown: HTMLVideoElement) => shown.readyState)).toBeGreaterThan(0);
    await video.evaluate((shown: HTMLVideoElement) => (shown.currentTime = 33.4));
    await aoife.getByRole('button', { name: 'Say something' }).click();
    const about = aoife.getByLabel(`About “${film}” at 0:33`, { exact: true });
    await expect(about).toBeChecked();
    await expect(aoife.getByRole('textbox', { name: 'Where did it lose you?' })).toBeVisible();
    await about.uncheck();
    await expect(aoife.getByRole('textbox', { name: 'What would you like to say?' })).toBeVisible();
    await about.check();
    await aoife.getByRole('textbox', { name: 'Where did it lose you?' }).fill('Here I looked away.');
    await expectFits(aoife);
    await expectAccessible(aoife);
    await aoife.getByRole('button', { name: 'Send to the team' }).click();
    await expect(maren.getByText('Here I looked away.')).toBeVisible({ timeout: 5_000 });
    await expect(maren.getByText('Asked: Where did it lose you?')).toBeVisible();
  });

  await test.step('the team looks at one scene of one film', async () => {
    const assets = maren.getByLabel('Asset');
    const option = assets.locator('option', { hasText: film });
    await assets.selectOption((await option.getAttribute('value'))!);
    await expect(maren.getByText('The fold, in one breath.', { exact: false })).toBeVisible();
    await maren.getByLabel('Scene').selectOption('45');
    await expect(maren.getByText('The fold, in one breath.', { exact: false })).toHaveCount(0);
    await expect(maren.getByText('Here the price is gone', { exact: false })).toBeVisible();
  });

  await test.step('and sees the second of which it was said', async () => {
    await maren.getByLabel('Scene').selectOption('30');
    await maren.getByRole('link', { name: `${film} 0:33` }).click();
    const video = maren.locator(`[data-title="${film}"] video`);
    await expect(video).toBeInViewport();
    await expect
      .poll(() => video.evaluate((shown: HTMLVideoElement) => Math.floor(shown.currentTime)))
      .toBe(33);
    await expectFits(maren);
  });
});
