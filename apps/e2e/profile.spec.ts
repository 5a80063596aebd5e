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

  await page.getByRole('button', { name: 'Change: Where you mostly ride' }).click();
  await expect(page.getByRole('textbox', { name: 'Where you mostly ride' })).toBeFocused();
  await page.getByRole('textbox', { name: 'Where you mostly ride' }).fill('<here>');
  await page.keyboard.press('Enter');
  await expect(page.getByText(/Please type a postcode/)).toBeVisible();
  await expect(page.getByRole('textbox', { name: 'Where you mostly ride' })).toHaveValue('<here>');
  await expectAccessible(page);
  await page.getByRole('textbox', { name: 'Where you mostly ride' }).fill('LS1 4DY');
  await page.keyboard.press('Enter');
  await expect(page.getByText('LS1 4DY')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Change: Where you mostly ride' })).toBeFocused();

  await page.getByRole('button', { name: 'Change: Kilometres a week' }).click();
  await page.getByRole('spinbutton', { name: 'Kilometres a week' }).fill('120');
  await page.getByRole('button', { name: 'Save' }).last().click();
  await expect(page.getByText('120')).toBeVisible();
  await expect(page.getByText(/You said so here on/)).toHaveCount(2);

  await page.getByLabel('What you are called here').fill('Moderator');
  await expect(page.getByText(/nothing that could be taken for the team/)).toBeVisible();
  await page.getByLabel('What you are called here').fill('Tunde, Leeds');
  await page.getByRole('button', { name: 'Shape 3' }).click();
  await page.getByRole('button', { name: 'Save' }).first().click();
  await expect(page.getByRole('button', { name: 'Save' }).first()).toBeDisabled();

  await page.getByRole('button', { name: 'Withdraw: Quoting me by name' }).click();
  await expect(page.getByText(/Withdrawn on/)).toBeVisible();
  await page.getByRole('button', { name: 'Agree: Quoting me by name' }).click();
  await expect(page.getByText(/Withdrawn on/)).toHaveCount(0);
  await page.getByRole('button', { name: 'Withdraw: Quoting me by name' }).click();
  await page.getByRole('switch', { name: 'Only look on' }).check();
  await expect(page.getByRole('switch', { name: 'Only look on' })).toBeChecked();
  await expectAccessible(page);

  await page.getByRole('button', { name: 'Leave the community' }).click();
  await expect(page.getByText(/What you wrote stays/)).toBeFocused();
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Stay' }).click();
  await expect(page.getByRole('button', { name: 'Leave the community' })).toBeFocused();

  await page.getByRole('button', { name: 'Pause' }).click();
  await expect(page.getByRole('heading', { name: /paused your membership/ })).toBeVisible();
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Come back' }).click();
  await expect(page.getByText('Halden One: first look at the film').first()).toBeVisible();
});

test('who looks on sees the stage and one quiet line, is counted apart, and takes part with one tap', async ({
  browser,
}) => {
  const inSession = async (name: string, size: typeof phone) => {
    const page = await enter(browser, parley, name, size);
    await page.getByRole('link', { name: /Halden One: first look at the film/ }).click();
    return page;
  };
  const kenji = await enter(browser, parley, 'Kenji Watanabe', phone);
  await kenji.goto('/c/halden/profile');
  const saved = kenji.waitForResponse((answer) => answer.request().method() === 'PUT' && answer.ok());
  await kenji.getByRole('switch', { name: 'Only look on' }).check();
  await saved;
  await kenji.getByRole('link', { name: 'Halden Roundtable' }).click();
  await kenji.getByRole('link', { name: /Halden One: first look at the film/ }).click();
  const jo = await inSession('Jo Lindqvist', desktop);
  const ines = await inSession('Ines Carvalho', phone);
  await jo.getByRole('button', { name: 'Start the Session' }).click();
  await jo.getByRole('button', { name: 'Put on stage: This is the Halden One' }).click();

  await expect(kenji.getByText('What do you notice first?').first()).toBeVisible();
  await expect(kenji.getByText('You look on.')).toBeVisible();
  await expect(kenji.getByRole('button', { name: 'Love it' })).toHaveCount(0);
  await expect(kenji.getByRole('textbox')).toHaveCount(0);
  await expect(ines.getByRole('button', { name: 'Love it' })).toBeVisible();
  for (const page of [kenji, ines]) await expect(page.getByText(/1 looks on/)).toBeVisible();
  await kenji.getByRole('tab', { name: /Statements/ }).click();
  await expect(kenji.getByText('No statements yet.')).toBeVisible();
  await expectAccessible(kenji);
  await expectFits(kenji);

  await kenji.getByRole('button', { name: 'Take part' }).click();
  await expect(kenji.getByRole('button', { name: 'Love it' })).toBeVisible();
  await expect(kenji.getByText('You look on.')).toHaveCount(0);
  await expect(ines.getByText(/looks on/)).toHaveCount(0);
  await kenji.getByRole('button', { name: 'Love it' }).click();
  await expect(kenji.getByText('You see the others after your own reaction.')).toBeHidden();
  await jo.getByRole('button', { name: 'End the Session' }).click();
});

test('who has paused one of two communities finds the way back to it', async ({ browser }) => {
  const priya = await enter(browser, parley, 'Priya Raman', phone);
  await priya.goto('/c/morrow/profile');
  await priya.getByRole('button', { name: 'Pause' }).click();
  await expect(priya.getByText('Paused by you')).toBeVisible();
  await expectAccessible(priya);
  await priya.getByRole('link', { name: /Morrow Test Kitchen/ }).click();
  await priya.getByRole('button', { name: 'Come back' }).click();
  await expect(priya.getByText('Ember: would it earn its place?')).toBeVisible();
});

test('a manager makes a segment and never sees fewer than ten people counted', async ({ browser }) => {
  const page = await enter(browser, parley, 'Maren Vogt', desktop);
  await speakEnglish(page);
  await page.getByRole('link', { name: 'People' }).click();
  await expect(page.getByRole('heading', { name: 'Segments' })).toBeVisible();
  await expectAccessible(page);
  await page.getByRole('button', { name: 'New segment' }).click();
  await expect(page.getByLabel('Name of the segment')).toBeFocused();
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
  await expect(page.getByRole('button', { name: 'New segment' })).toBeFocused();
  await page.setViewportSize(phone);
  await expectFits(page);
  await page.setViewportSize(desktop);

  await test.step('a place is opened for one, and who is not of it does not see it', async () => {
    const nav = page.getByRole('navigation', { name: 'Community' });
    await nav.getByRole('link', { name: 'Talk' }).click();
    await page.getByRole('button', { name: 'Open a place' }).click();
    const form = page.getByRole('form', { name: 'Open a place' });
    await form.getByLabel('Title').fill('Every day');
    await form.getByLabel('What you want to learn').fill('What a bicycle for every day needs.');
    await form.getByLabel('What will be decided with it').fill('What we show you next.');
    await form.getByLabel('Who decides').fill('Maria Kessler');
    await form.getByLabel('Their office').fill('VP Product');
    await form
      .getByLabel('Only for a segment')
      .selectOption({ label: await form.getByRole('option', { name: /^Daily riders/ }).innerText() });
    await expect(form.getByText(/^\d+ members will see it, and the team\.$/)).toBeVisible();
    await expectAccessible(page);
    await page.setViewportSize(phone);
    await expectFits(page);
    await page.setViewportSize(desktop);
    await form.getByRole('button', { name: 'Open it' }).click();
    await expect(page.getByRole('link', { name: 'Every day' })).toBeVisible();

    const [kenji, ines] = [
      await enter(browser, parley, 'Kenji', phone),
      await enter(browser, parley, 'Ines', phone),
    ];
    for (const one of [ines, kenji]) {
      await one.goto('/c/halden/talk');
      await expect(one.getByRole('link', { name: 'On the road' })).toBeVisible();
    }
    const place = ines.getByRole('link', { name: 'Every day' });
    await expect(place).toBeVisible();
    await expect(kenji.getByRole('link', { name: 'Every day' })).toHaveCount(0);
    await kenji.goto((await place.getAttribute('href'))!);
    await expect(
      kenji.getByText('This does not exist, or it is not for you.', { exact: false }),
    ).toBeVisible();
  });

  await test.step('what somebody is, is said of all of it at once', async () => {
    await page.getByRole('button', { name: /^Account/ }).click();
    await page.getByRole('menuitem', { name: 'Thanks and standing' }).click();
    const all = page.getByRole('group', { name: 'All of a segment at once' });
    await all
      .getByLabel('Segment')
      .selectOption({ label: await all.getByRole('option', { name: /^Daily riders/ }).innerText() });
    await all.getByLabel('From now on').selectOption({ label: 'partner' });
    await all.getByRole('button', { name: 'Say so' }).click();
    await expect(all.getByText(/^Everybody in “Daily riders/)).toBeFocused();
    await expectAccessible(page);
    await all.getByRole('button', { name: 'Say so' }).click();
    await expect(all.getByText(/^Done: \d+ members changed\.$/)).toBeVisible();
    await expect(all.getByRole('button', { name: 'Say so' })).toBeFocused();
    await page.getByRole('link', { name: 'People' }).click();
  });

  // Whom is asked how much lately: chosen once, because who is asked would be out of it again.
  await page.getByRole('button', { name: 'New segment' }).click();
  await page.getByLabel('Name of the segment').fill('Not asked lately');
  await page.getByRole('button', { name: 'Say whom it is about' }).click();
  await page
    .getByRole('combobox', { name: 'Fact' })
    .selectOption({ label: 'Activities asked of them in 30 days' });
  await page.getByRole('spinbutton', { name: 'Number' }).fill('3');
  await expect(page.getByText(/^\d+ members$/).last()).toBeVisible();
  await expect(page.getByRole('button', { name: 'Save', exact: true })).toHaveCount(0);
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Save and freeze' }).click();
  await expect(page.getByText(/^Frozen/)).toBeVisible();
  await page.getByRole('link', { name: 'Activities' }).click();
  await page.getByRole('button', { name: 'New activity' }).click();
  await expect(page.getByRole('option', { name: /^Not asked lately \(\d+\)$/ })).toBeAttached();
});

test('a manager sees what the next version of a text changes, and makes a fact without touching another', async ({
  browser,
}) => {
  const page = await enter(browser, parley, 'Maren Vogt', desktop);
  if ((await page.locator('html').getAttribute('lang')) === 'de') await speakEnglish(page);
  await page.getByRole('link', { name: 'People' }).click();
  await page.getByRole('button', { name: 'Write the next version: News by e-mail' }).click();
  const text = page.getByRole('textbox', { name: 'Next version: News by e-mail' });
  const before = await text.inputValue();
  await text.fill(before.replace('We may write', 'We write once a week'));
  const changes = page.getByRole('region', { name: 'What changes' });
  await expect(changes.locator('ins')).toHaveText(/once a week/);
  await expect(changes.locator('del')).toHaveText(/may/);
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Publish version 2' }).click();
  await expect(page.getByText(/Version 2 since/)).toBeVisible();
  await expect(page.getByRole('button', { name: 'Write the next version: News by e-mail' })).toBeFocused();

  await page.getByRole('button', { name: 'New fact' }).click();
  await page.getByLabel('What it is called').fill('Region');
  await page.getByLabel('Choices').fill('North\nSouth');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(page.getByText('North, South')).toBeVisible();
  await expect(page.getByText('Where you mostly ride')).toBeVisible();
  await page.getByRole('button', { name: 'Change: Region' }).click();
  await page.getByLabel('Choices').fill('North\nMiddle\nSouth');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(page.getByText('North, Middle, South')).toBeVisible();
  await expectAccessible(page);
  await page.setViewportSize(phone);
  await expectFits(page);

  // A member who agreed to the version before keeps that, reads the new one, and may withdraw without agreeing to it.
  const ines = await enter(browser, parley, 'Ines Carvalho', phone);
  await ines.goto('/c/halden/profile');
  await expect(ines.getByText(/There is a newer text, version 2/)).toBeVisible();
  await ines.getByRole('button', { name: 'Withdraw: News by e-mail' }).click();
  await expect(ines.getByText(/Withdrawn on/)).toBeVisible();
  await expect(ines.getByText(/There is a newer text/)).toHaveCount(0);
});
