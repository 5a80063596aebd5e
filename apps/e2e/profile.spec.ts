import { expect, test } from '@playwright/test';
import { desktop, enter, expectAccessible, expectFits, Parley, phone, speakEnglish } from './parley';

const parley = new Parley();
test.beforeAll(() => parley.start());
test.afterAll(() => parley.stop());

test('a member sees what the brand knows, changes it, looks on, pauses and comes back', async ({
  browser,
}) => {
  const page = await enter(browser, parley, 'Tunde Okafor', phone);
  await page.getByRole('button', { name: /Account/ }).click();
  await page.getByRole('menuitem', { name: 'Your profile' }).click();
  await expect(page.getByRole('heading', { name: 'What Halden knows about you' })).toBeVisible();
  await expectAccessible(page);
  await expectFits(page);

  await page.getByRole('button', { name: 'Change: Kilometres a week' }).click();
  await page.getByRole('spinbutton', { name: 'Kilometres a week' }).fill('120');
  await page.getByRole('button', { name: 'Save' }).last().click();
  await expect(page.getByText('120')).toBeVisible();
  await expect(page.getByText(/You said so here on/)).toBeVisible();

  await page.getByLabel('What you are called here').fill('Moderator');
  await expect(page.getByText(/nothing that could be taken for the team/)).toBeVisible();
  await page.getByLabel('What you are called here').fill('Tunde, Leeds');
  await page.getByRole('button', { name: 'Shape 3' }).click();
  await page.getByRole('button', { name: 'Save' }).first().click();
  await expect(page.getByRole('button', { name: 'Save' }).first()).toBeDisabled();

  await page.getByRole('button', { name: 'Withdraw: Quoting me by name' }).click();
  await expect(page.getByText(/Withdrawn on/)).toBeVisible();
  await page.getByRole('switch', { name: 'Only look on' }).click();
  await expect(page.getByRole('switch', { name: 'Only look on' })).toBeChecked();
  await expectAccessible(page);

  await page.getByRole('button', { name: 'Pause' }).click();
  await expect(page.getByRole('heading', { name: /paused your membership/ })).toBeVisible();
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Come back' }).click();
  await expect(page.getByText('Halden One: first look at the film').first()).toBeVisible();
});

test('a manager makes a segment and never sees fewer than ten people counted', async ({ browser }) => {
  const page = await enter(browser, parley, 'Maren Vogt', desktop);
  await speakEnglish(page);
  await page.getByRole('link', { name: 'People' }).click();
  await expect(page.getByRole('heading', { name: 'Segments' })).toBeVisible();
  await expectAccessible(page);
  await page.getByRole('button', { name: 'New segment' }).click();
  await page.getByLabel('Name of the segment').fill('Without a Halden');
  await page.getByRole('button', { name: 'Say whom it is about' }).click();
  await page.getByRole('checkbox', { name: 'Rides another make, or none' }).check();
  await page.getByRole('checkbox', { name: 'Rides a Halden' }).uncheck();
  await expect(page.getByText(/^\d+ members$/).last()).toBeVisible();
  await page.getByRole('button', { name: 'Another condition' }).click();
  await page.getByRole('combobox', { name: 'Fact' }).last().selectOption({ label: 'Household income' });
  await expect(page.getByText(/Fewer than ten/).last()).toBeVisible();
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(page.getByText('Without a Halden')).toBeVisible();
  await page.setViewportSize(phone);
  await expectFits(page);
});
