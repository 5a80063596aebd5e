import { readFileSync } from 'node:fs';
import { CookieJar, http } from '@parley/client/http';
import { listDemoPeople, signInAsDemo } from '@parley/contracts/demo';
import { decideItems, listHeld } from '@parley/contracts/moderation';
import { type Browser, expect, type Page, test } from '@playwright/test';
import { desktop, enter, expectAccessible, expectFits, Parley, phone, speakEnglish } from './parley';

const parley = new Parley();
test.beforeAll(async () => {
  await parley.start();
  // What the demo holds is decided: this story begins with an empty desk.
  const call = http({ url: parley.url, jar: new CookieJar() });
  const { people } = await call(listDemoPeople, {});
  const samira = people.find(({ name }) => name.startsWith('Samira'))!;
  const { memberships } = await call(signInAsDemo, { personId: samira.personId });
  const communityId = memberships[0]!.community.id;
  const { items } = await call(listHeld, { communityId });
  const contributionIds = items.map(({ id }) => id);
  await call(decideItems, { communityId, contributionIds, decision: { action: 'approve' } });
});
test.afterAll(() => parley.stop());
test.describe.configure({ mode: 'serial' });

const title = 'Halden One: first look at the film';
const button = (page: Page, name: string | RegExp) => page.getByRole('button', { name, exact: true });
const desk = (page: Page) => page.goto('/c/halden/desk');
/** The item that is looked at. */
const thing = (page: Page) => page.getByRole('article');
const row = (page: Page, words: string) =>
  page.getByRole('region', { name: 'What waits' }).getByRole('button', { name: new RegExp(`^${words}`) });

async function look(page: Page) {
  await expectFits(page);
  await expectAccessible(page);
}
async function manager(browser: Browser) {
  const page = await enter(browser, parley, 'Maren Vogt');
  await page.waitForLoadState('networkidle');
  if ((await page.locator('html').getAttribute('lang')) === 'de') await speakEnglish(page);
  return page;
}
async function inSession(browser: Browser, name: string, size: { width: number; height: number }) {
  const page = await enter(browser, parley, name, size);
  await page.getByRole('link', { name: new RegExp(title) }).click();
  await expect(page).toHaveURL(/sessions/);
  return page;
}
async function say(page: Page, words: string) {
  await page.getByRole('textbox', { name: 'Your note' }).fill(words);
  await button(page, 'Send note').click();
  await expect(page.getByText(words, { exact: true }).first()).toBeVisible();
}
const session = (page: Page) => page.getByRole('tabpanel', { name: /^Notes/ });

test('from what a member writes to what everybody sees, over two moderators’ desks', async ({ browser }) => {
  const maren = await manager(browser);
  await test.step('the manager has everything in the Session approved first', async () => {
    await maren.goto('/c/halden/desk/rules');
    await look(maren);
    await button(maren, `Change the rule of ${title}`).click();
    const form = maren.getByRole('form', { name: `Change the rule of ${title}` });
    await form.getByRole('radio', { name: 'Approve first' }).check();
    await form.getByLabel('Moderators decide within').selectOption({ label: '4 hours' });
    await look(maren);
    await form.getByRole('button', { name: 'Save' }).click();
    await expect(maren.getByText('Visible once approved. Time to decide: 4 hours.')).toBeVisible();
  });

  const jo = await inSession(browser, 'Jo Lindqvist', desktop);
  await jo.getByRole('button', { name: 'Start the Session' }).click();
  await jo.getByRole('button', { name: 'Put on stage: This is the Halden One' }).click();
  const ines = await inSession(browser, 'Ines Carvalho', phone);
  const kenji = await inSession(browser, 'Kenji Watanabe', phone);

  await test.step('a member writes, and sees that it waits, and for how long at most', async () => {
    await say(ines, 'Ask my neighbour Peter Hansen, he knows.');
    await expect(ines.getByText(/Not visible yet · A moderator decides/)).toBeVisible();
    await expect(session(kenji).getByText(/Peter Hansen/)).toHaveCount(0);
    await look(ines);
    await expect(ines.getByRole('link', { name: 'Rules' })).toBeVisible();
  });

  const samira = await enter(browser, parley, 'Samira', desktop);
  await test.step('both moderators see it; one has it, the other cannot decide', async () => {
    await desk(samira);
    await expect(thing(samira)).toContainText('You have it');
    await desk(jo);
    await row(jo, 'Ask my neighbour').click();
    await expect(thing(jo)).toContainText('Samira has this just now');
    await expect(row(jo, 'Ask my neighbour')).toContainText('Samira has it');
    await expect(thing(jo).getByRole('button', { name: 'Approve' })).toHaveCount(0);
    await jo.keyboard.press('a');
    for (const page of [samira, jo]) await look(page);
  });

  await test.step('it is returned with a reason, by keys alone', async () => {
    await samira.keyboard.press('r');
    const form = samira.getByRole('form', { name: 'Return it to its author' });
    await expect(form.getByRole('radio').first()).toBeFocused();
    await samira.keyboard.press('2');
    await expect(form.getByRole('textbox')).toHaveValue(/names a private person/);
    await look(samira);
    await samira.keyboard.press('Enter');
    await expect(samira.getByText(/Nothing waits for you/)).toBeVisible();
    await expect(jo.getByText(/left the desk meanwhile/)).toBeVisible();
    // Who stays on it would take it when it comes back.
    await jo.goto('/c/halden');
  });

  await test.step('its author reads why, changes it and sends it again', async () => {
    await ines.getByRole('link', { name: 'What becomes of it' }).click();
    await expect(ines.getByText('Sent back to be changed', { exact: true })).toBeVisible();
    await expect(ines.getByText(/Samira \(Moderator\) sent it back to you today/)).toBeVisible();
    await look(ines);
    const change = ines.getByRole('textbox', { name: 'Change it and send it again' });
    await change.fill('Ask somebody who repairs them, they realy know.');
    await button(ines, 'Send it again').click();
    await expect(ines.getByText('Not visible yet', { exact: true })).toBeVisible();
    await expect(ines.getByText('You changed it and sent it again today.')).toBeVisible();
  });

  await test.step('the spelling is mended and it is approved: everybody sees it, and that it was mended', async () => {
    await expect(thing(samira)).toContainText('they realy know');
    await samira.keyboard.press('e');
    await samira.getByRole('textbox', { name: 'The words' }).fill('Something else altogether.');
    await samira.keyboard.press('Control+Enter');
    await expect(samira.getByText(/more than a slip of the pen\. Leave it/)).toBeVisible();
    await samira
      .getByRole('textbox', { name: 'The words' })
      .fill('Ask somebody who repairs them, they really know.');
    await samira.keyboard.press('Control+Enter');
    await expect(samira.getByRole('form')).toHaveCount(0);
    await expect(row(samira, 'Ask somebody')).toBeFocused();
    await samira.keyboard.press('a');
    await expect(samira.getByText(/Nothing waits for you/)).toBeVisible();
    await expect(session(kenji).getByText('Ask somebody who repairs them, they really know.')).toBeVisible();
    await expect(session(kenji).getByText('spelling mended by the team')).toBeVisible();
    await ines.reload();
    await expect(ines.getByText(/Samira \(Moderator\) published it today/)).toBeVisible();
    await expect(ines.getByRole('heading', { name: 'What it said before' })).toBeVisible();
  });

  await test.step('what was declined is appealed, and another moderator decides', async () => {
    await say(kenji, 'You never answer what we ask.');
    await expect(thing(samira)).toContainText('You never answer');
    await samira.keyboard.press('d');
    await samira.keyboard.press('3');
    await samira.keyboard.press('Enter');
    await expect(samira.getByText(/Nothing waits for you/)).toBeVisible();
    await kenji.getByRole('link', { name: 'What becomes of it' }).click();
    await expect(kenji.getByText('Not published', { exact: true })).toBeVisible();
    await kenji.getByRole('textbox', { name: 'Ask for another look' }).fill('I attacked nobody.');
    await button(kenji, 'Ask').click();
    await expect(kenji.getByText('Being looked at again')).toBeVisible();
    await look(kenji);
    await expect(thing(samira)).toContainText('You decided this before');
    await desk(jo);
    await expect(thing(jo)).toContainText('I attacked nobody.');
    await expect(thing(jo)).toContainText('Samira (Moderator)');
    await look(jo);
    await jo.keyboard.press('a');
    await expect(jo.getByText(/Nothing waits for you/)).toBeVisible();
    await kenji.reload();
    await expect(kenji.getByText(/Jo \(Producer\) looked at it again today and published it/)).toBeVisible();
  });

  await test.step('several are decided at once, one of which somebody else has', async () => {
    await kenji.goBack();
    for (const words of ['First of four.', 'Second thing.', 'Third wish.', 'Last hope.'])
      await say(kenji, words);
    await expect(row(samira, 'Last hope')).toBeVisible();
    await row(samira, 'Third wish').click();
    await desk(jo);
    await row(jo, 'First of four').click();
    await expect(row(jo, 'Third wish')).toContainText('Samira has it');
    await jo.getByRole('checkbox', { name: /First of four/ }).click();
    await jo.getByRole('checkbox', { name: /Last hope/ }).click({ modifiers: ['Shift'] });
    await expect(jo.getByRole('group', { name: '4 selected' })).toBeVisible();
    await look(jo);
    await button(jo, 'Approve 4').click();
    const outcome = jo.getByRole('region', { name: 'What became of them' });
    await expect(outcome).toContainText('3 done. 1 is with somebody else.');
    await expect(outcome).toContainText('Samira has it just now.');
    await look(jo);
    for (const words of ['First of four.', 'Second thing.', 'Last hope.'])
      await expect(session(kenji).getByText(words)).toBeVisible();
    await expect(session(kenji).getByText('Third wish.')).toHaveCount(0);
  });

  await test.step('H holds all, and whoever is trusted waits no more', async () => {
    await expect(thing(samira)).toContainText('Third wish.');
    await expect(row(samira, 'Last hope')).toHaveCount(0);
    await samira.keyboard.press('h');
    await expect(
      samira.getByText(/All that is sent to “Halden One: first look at the film” is held, wha/),
    ).toBeVisible();
    await samira.keyboard.press('h');
    await expect(samira.getByText(/is held, whatever its rule says/)).toHaveCount(0);
    await samira.keyboard.press('t');
    await expect(samira.getByText(/Nothing waits for you/)).toBeVisible();
    await say(kenji, 'From somebody trusted.');
    await expect(session(kenji).getByText('From somebody trusted.')).toBeVisible();
    await expect(kenji.getByText(/Not visible yet/)).toHaveCount(0);
  });

  await test.step('the log says who, what, by which rule, when; managers save it as a file', async () => {
    await samira.goto('/c/halden/desk/log');
    await expect(samira.getByText('Samira returned it')).toBeVisible();
    await expect(
      samira.getByText('Rule: It names a private person or tells something private.'),
    ).toBeVisible();
    await expect(button(samira, 'Save all as CSV')).toHaveCount(0);
    await look(samira);
    await maren.goto('/c/halden/desk/log');
    const saving = maren.waitForEvent('download');
    await button(maren, 'Save all as CSV').click();
    const csv = readFileSync(await (await saving).path(), 'utf8');
    expect(csv).toContain('approveAndTrust');
    expect(csv.split('\n')[0]).toContain('policyVersion');
  });
});

test('the rules are written in both languages, and members read them with the versions before', async ({
  browser,
}) => {
  const maren = await manager(browser);
  await maren.goto('/c/halden/desk/rules');
  await maren.getByRole('textbox', { name: 'In English', exact: true }).fill('Be kind.\n\nBe honest.');
  await maren.getByRole('textbox', { name: 'In German', exact: true }).fill('');
  await button(maren, 'Publish version 1').click();
  await expect(maren.getByRole('textbox', { name: 'In German', exact: true })).toBeFocused();
  await look(maren);
  // What is written is kept.
  await maren.reload();
  await expect(maren.getByRole('textbox', { name: 'In English', exact: true })).toHaveValue(
    'Be kind.\n\nBe honest.',
  );
  await maren.getByRole('textbox', { name: 'In German', exact: true }).fill('Seien Sie freundlich.');
  await button(maren, 'Publish version 1').click();
  await expect(maren.getByText(/Version 1, since/)).toBeVisible();
  await maren.getByRole('textbox', { name: 'In English', exact: true }).fill('Be kind and honest.');
  await button(maren, 'Publish version 2').click();
  await expect(maren.getByText(/Version 2, since/)).toBeVisible();

  const ines = await enter(browser, parley, 'Ines Carvalho', phone);
  await ines.goto('/c/halden/rules');
  await expect(ines.getByText('Be kind and honest.')).toBeVisible();
  await ines.getByText(/^Version 1, since/).click();
  await expect(ines.getByText('Be honest.', { exact: true })).toBeVisible();
  await look(ines);
  for (const part of ['', '/log', '/rules']) {
    await ines.goto(`/c/halden/desk${part}`);
    await expect(ines.getByText(/does not exist/)).toBeVisible();
  }
});

test('the desk fits a phone, in German too', async ({ browser }) => {
  const page = await enter(browser, parley, 'Maren Vogt', phone);
  for (const part of ['', '/log', '/rules']) {
    await page.goto(`/c/halden/desk${part}`);
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Moderation');
    await expect(page.getByRole('status').filter({ hasText: /Loading|geladen/ })).toHaveCount(0);
    await look(page);
  }
});
