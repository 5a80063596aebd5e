import { CookieJar, http } from '@parley/client/http';
import { listDemoPeople, signInAsDemo } from '@parley/contracts/demo';
import { readReceipt } from '@parley/contracts/contributions';
import { listUpdates, readImpact } from '@parley/contracts/loop';
import { type Browser, expect, type Page, test } from '@playwright/test';
import { desktop, enter, expectAccessible, expectFits, Parley, phone, speakEnglish } from './parley';

const parley = new Parley();
test.beforeAll(() => parley.start());
test.afterAll(() => parley.stop());

const button = (page: Page, name: string | RegExp) => page.getByRole('button', { name, exact: true });
const title = 'The stairs stay out of the film';

/** Fits and breaks no rule, on a desk and on a phone. */
async function look(page: Page) {
  for (const size of [desktop, phone]) {
    await page.setViewportSize(size);
    await expectFits(page);
    await expectAccessible(page);
  }
  await page.setViewportSize(desktop);
}

/** Somebody of the team, in English. */
async function teammate(browser: Browser, name: string) {
  const page = await enter(browser, parley, name);
  await page.waitForLoadState('networkidle');
  if ((await page.locator('html').getAttribute('lang')) === 'de') await speakEnglish(page);
  return page;
}

/** A member elsewhere, who asks the server alone. */
async function member(name: string) {
  const call = http({ url: parley.url, jar: new CookieJar() });
  const { people } = await call(listDemoPeople, {});
  const { personId } = people.find((person) => person.name.startsWith(name))!;
  const { memberships } = await call(signInAsDemo, { personId });
  const communityId = memberships[0]!.community.id;
  return {
    titles: async () => (await call(listUpdates, { communityId })).updates.map((update) => update.title),
    /** Who has read what they said with this word in it. */
    readers: async (word: string) => {
      const { items } = await call(readImpact, { communityId });
      const receipts = await Promise.all(
        items
          .filter(({ body }) => body.includes(word))
          .map(({ id: contributionId }) => call(readReceipt, { communityId, contributionId })),
      );
      return receipts.flatMap(({ steps }) =>
        steps.flatMap(({ kind, by }) => (kind === 'read' ? (by?.name ?? []) : [])),
      );
    },
  };
}

test('members and their words: read, grouped, answered through an approval, insiders first, corrected', async ({
  browser,
}) => {
  const ines = await member('Ines');
  const tunde = await member('Tunde');
  const maren = await teammate(browser, 'Maren Vogt');

  await test.step('only what stood before the reader counts as read', async () => {
    expect(await ines.readers('stair')).not.toContain('Maren');
    await maren.getByRole('link', { name: 'Answers' }).click();
    await maren.getByLabel('Search in the words').fill('stair');
    const said = maren.getByRole('article');
    await expect(said).toHaveCount(3);
    await said.first().focus();
    await maren.keyboard.press('j');
    await expect(said.nth(1)).toBeFocused();
    await expect(said.nth(1).getByText('You have read this')).toBeVisible();
    await expect(said.nth(2).getByText('You have read this')).toHaveCount(0);
    expect((await ines.readers('stair')).filter((name) => name === 'Maren')).toHaveLength(1);
  });

  await test.step('two that say the same become a theme, by keyboard', async () => {
    const said = maren.getByRole('article').filter({ hasText: 'Ines from Porto' });
    await said.first().focus();
    await maren.keyboard.press('x');
    await maren.keyboard.press('j');
    await maren.keyboard.press('x');
    await expect(maren.getByText('2 selected')).toBeVisible();
    await maren.keyboard.press('g');
    await expect(maren.getByLabel('Theme for 2 contributions')).toBeFocused();
    await maren.keyboard.press('Enter');
    await expect(maren.getByText('A name of 1 to 80 characters.')).toBeVisible();
    await maren.keyboard.type('Stairs');
    await expect(maren.getByText('This will be a new theme.')).toBeVisible();
    await look(maren);
    await maren.keyboard.press('Enter');
    await expect(maren.getByText('2 contributions are in “Stairs”.', { exact: false })).toBeVisible();
    await expect(button(maren, /^Stairs/)).toContainText('1 member');
    await maren.keyboard.press('p');
    await expect(maren.getByLabel('Reply to Ines from Porto')).toBeFocused();
    await maren.keyboard.type('Which stairs do you have in mind?');
    await button(maren, 'Send the reply').click();
    await expect(maren.getByText('Ines from Porto has your reply.')).toBeVisible();
  });

  await test.step('the community wants an approval of its host', async () => {
    await maren.getByRole('link', { name: 'Updates', exact: true }).click();
    await button(maren, 'Add a step').click();
    await button(maren, 'Save the steps').click();
    await expect(maren.getByText('Choose at least one person.')).toBeVisible();
    await maren.getByLabel('Step 1', { exact: true }).fill('Product');
    await maren.getByLabel(/^Maria \(/).check();
    await look(maren);
    await button(maren, 'Save the steps').click();
    await expect(button(maren, 'Save the steps')).toHaveCount(0);
  });

  await test.step('nothing is declined without a reason', async () => {
    await button(maren, 'Write an Update').click();
    await maren.getByRole('radio', { name: 'Not now' }).check();
    await maren.getByLabel('Title').fill(title);
    await maren.getByLabel('You said').fill('Show somebody carry it up the stairs.');
    await expect(maren.getByText('Kept in this browser.', { exact: false })).toBeVisible();
    await button(maren, 'Ask for approval').click();
    await expect(maren.getByText('Give the reason: nothing is turned down', { exact: false })).toBeVisible();
    const reason = maren.getByLabel('Because (needed)');
    await expect(reason).toBeFocused();
    await look(maren);
    // What is half written survives a reload.
    await maren.reload();
    await expect(maren.getByLabel('Title')).toHaveValue(title);
    await reason.fill('The film is one minute.');
    await expect(maren.getByText('Saved.', { exact: true })).toBeVisible();
    await button(maren, 'Ask for approval').click();
    await expect(maren.getByText('Link what it answers first', { exact: false })).toBeVisible();
    await maren.getByLabel('Link a theme').selectOption({ label: 'Stairs (2)' });
    await button(maren, 'Link it').click();
    await expect(maren.getByText('Linked: 2 contributions by 1 member.')).toBeVisible();
    await expect(maren.getByText('Let somebody of 1.60 m', { exact: false })).toBeVisible();
    await maren.getByLabel('Picture before').selectOption({ index: 1 });
    await expect(maren.getByText('Saved.', { exact: true })).toBeVisible();
    await button(maren, 'Ask for approval').click();
    await expect(maren.getByText('Waiting for approval.')).toBeVisible();
  });

  const maria = await teammate(browser, 'Maria Kessler');
  const openAsked = async () => {
    await maria.goto('/c/halden/loop/updates');
    const asked = maria.getByRole('region', { name: 'Waits for your approval' });
    await asked.getByRole('link', { name: title }).click();
    await expect(maria.getByText('Product: Maren asks you', { exact: false })).toBeVisible();
  };

  await test.step('the host returns it with a note, and only with a note', async () => {
    await openAsked();
    await look(maria);
    await button(maria, 'Return with the note').click();
    await expect(maria.getByText('Say what should be different.')).toBeVisible();
    await maria.getByLabel('Your note').fill('Say what the film shows instead.');
    await button(maria, 'Return with the note').click();
    await expect(maria.getByRole('heading', { name: 'Your approval is asked for' })).toHaveCount(0);
  });

  await test.step('it is mended, with the note in sight, and approved', async () => {
    await maren.reload();
    const note = maren.getByText('Say what the film shows instead.').first();
    await expect(note).toBeVisible();
    await maren.getByLabel('Instead (if you like)').fill('It shows the platform, and the weight in figures.');
    await expect(maren.getByText('Saved.', { exact: true })).toBeVisible();
    await expect(note).toBeVisible();
    await button(maren, 'Ask for approval').click();
    await expect(maren.getByText('Waiting for approval.')).toBeVisible();
    await openAsked();
    await button(maria, 'Approve').click();
    await expect(maria.getByText('Approved. It goes out once its times are set.')).toBeVisible();
  });

  await test.step('contributors hear of it before the community does', async () => {
    await maren.reload();
    await maren.getByLabel('Then the community, later by').fill('5');
    await maren.getByLabel('Unit', { exact: true }).first().selectOption('minutes');
    await look(maren);
    await button(maren, 'Publish to contributors now').click();
    await expect(async () => expect(await ines.titles()).toContain(title)).toPass();
    expect(await tunde.titles()).not.toContain(title);
    await maren.reload();
    await expect(maren.getByText('Out to its contributors; the community is next.')).toBeVisible();
  });

  await test.step('a correction says what was wrong, and what it said before stays', async () => {
    await button(maren, 'Correct it').click();
    await maren.getByLabel('Because (needed)').fill('The film is one minute and a half.');
    await button(maren, 'Publish the correction').click();
    await expect(maren.getByText('Say what was wrong, in up to', { exact: false })).toBeVisible();
    await maren.getByLabel('What was wrong').fill('The length of the film.');
    await button(maren, 'Publish the correction').click();
    await expect(maren.getByText('Corrected. What it said before stays below.')).toBeVisible();
    const history = maren.getByRole('region', { name: 'What was corrected' });
    await expect(history.getByText('The length of the film.')).toBeVisible();
    await history.getByText('It said before').click();
    await expect(history.getByText('The film is one minute.', { exact: true })).toBeVisible();
    await look(maren);
  });

  await test.step('a promise moves with a reason, which stays with it', async () => {
    await maren.getByRole('link', { name: 'Promises', exact: true }).click();
    const promise = maren.getByRole('article', { name: 'Halden One: the rough cut, in a small room' });
    await promise.getByRole('button', { name: /^Move the day/ }).click();
    await promise.getByRole('button', { name: 'Move it' }).click();
    await expect(promise.getByText('Another day, still to come.')).toBeVisible();
    await promise
      .getByLabel('The new day')
      .fill(new Date(Date.now() + 20 * 86_400_000).toISOString().slice(0, 10));
    await promise.getByLabel('Why').fill('The cut is still with the editor.');
    await promise.getByRole('button', { name: 'Move it' }).click();
    await expect(promise.getByText('The cut is still with the editor.')).toBeVisible();
    await expect(promise.getByText('20 days left')).toBeVisible();
    await promise.getByRole('button', { name: /^End it without/ }).click();
    await expect(promise.getByText('Everybody who spoke there is told', { exact: false })).toBeVisible();
    await look(maren);
  });
});

test('what somebody else has written meanwhile is shown, and nothing of mine is lost', async ({
  browser,
}) => {
  const [here, there] = [await teammate(browser, 'Maren Vogt'), await teammate(browser, 'Maren Vogt')];
  await here.goto('/c/halden/loop/promises');
  await here
    .getByRole('button', { name: 'Write the Update that keeps it: Winter range: how should we print it?' })
    .click();
  await here.getByRole('radio', { name: 'Taken note of' }).check();
  await here.getByLabel('Title').fill('How we print the range');
  await here.getByLabel('You said').fill('Print the winter range as large.');
  await expect(here.getByText('Saved.', { exact: true })).toBeVisible();
  await there.goto(here.url());
  await expect(there.getByLabel('It keeps this promise')).toBeChecked();
  await there.getByLabel('Title').fill('How we print the range, from elsewhere');
  await expect(there.getByText('Saved.', { exact: true })).toBeVisible();
  await here.getByLabel('Title').fill('How we print the range in winter');
  const stale = here.getByRole('alert', { name: 'Changed by somebody else' });
  await expect(stale.getByText('How we print the range, from elsewhere')).toBeVisible();
  await expect(here.getByLabel('Title')).toHaveValue('How we print the range in winter');
  await look(here);
  await stale.getByRole('button', { name: 'Keep mine' }).click();
  await expect(here.getByText('Saved.', { exact: true })).toBeVisible();
  await there.reload();
  await expect(there.getByLabel('Title')).toHaveValue('How we print the range in winter');
});
