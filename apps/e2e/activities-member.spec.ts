import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, type Page, test } from '@playwright/test';
import { enter, expectAccessible, expectFits, Parley, phone, speakEnglish } from './parley';

const parley = new Parley();
test.beforeAll(() => parley.start());
test.afterAll(() => parley.stop());

const photo = readFileSync(join(import.meta.dirname, '../server/demo/halden-one-black.webp'));
const taskOf = (page: Page, name: string) => page.getByRole('region', { name });
const toDo = (page: Page) =>
  page.getByRole('navigation', { name: 'Community' }).getByRole('link', { name: 'To do' }).click();

test('a member shows where her bicycle sleeps: over a bad line, through a reload, and mends it when asked', async ({
  browser,
}) => {
  const ines = await enter(browser, parley, 'Ines Carvalho', phone, { hasTouch: true, isMobile: true });

  await test.step('what there is to do stands where she arrives, with who decides and by when', async () => {
    await expect(ines.getByRole('region', { name: 'To do' })).toContainText('Where does your bicycle sleep?');
    await toDo(ines);
    await expect(ines.getByText('Maria Kessler (VP Product) decides.').first()).toBeVisible();
    await expectFits(ines);
    await expectAccessible(ines);
    await ines.getByRole('link', { name: 'Begin: Where does your bicycle sleep?' }).click();
    await expect(ines.getByText(/You see what others sent once you have sent yours/)).toBeVisible();
  });

  await test.step('sent too early it says what is missing, task by task', async () => {
    await ines.getByRole('button', { name: 'Send' }).click();
    await expect(ines.getByText('4 tasks need another look.')).toBeVisible();
    await expect(taskOf(ines, 'Show us where it stands.')).toBeFocused();
    await expect(ines.getByText('Choose one of these.')).toBeVisible();
    await expectAccessible(ines);
  });

  await test.step('a photo is chosen while the server is down, and the next tasks are done meanwhile', async () => {
    await parley.kill();
    const chooser = ines.waitForEvent('filechooser');
    await taskOf(ines, 'Show us where it stands.')
      .getByRole('button', { name: /Take or choose/ })
      .click();
    await (await chooser).setFiles({ name: 'hall.webp', mimeType: 'image/webp', buffer: photo });
    await taskOf(ines, 'Where is that?').getByText('In the hall of the house').click();
    await taskOf(ines, 'How much effort is it to get it there?').getByRole('radio', { name: '4' }).check();
    const place = taskOf(ines, 'Where would you take hold of the Halden One to carry it?');
    await place.getByRole('button', { name: 'Set a mark in the middle' }).click();
    await place.getByRole('button', { name: /^Mark 1/ }).press('ArrowUp');
    await expect(place.getByRole('button', { name: /50 % from the left, 48 % from the top/ })).toBeVisible();
    await place.getByLabel('What is at mark 1').fill('Under the saddle');
    await ines.getByText('Yes, with my name').click();
    await ines.getByRole('button', { name: 'Send' }).click();
    await expect(ines.getByText(/It sends itself as soon as your files are there/)).toBeVisible();
  });

  await test.step('she closes the page and comes back: nothing is lost, and it is sent by itself', async () => {
    await parley.start();
    await ines.reload();
    await expect(ines.getByRole('heading', { name: 'What you sent' })).toBeVisible({ timeout: 20_000 });
    await expect(ines.getByText('Sent, and seen by those it is for.')).toBeVisible({ timeout: 20_000 });
    await ines.getByText('Your answers').click();
    await expect(ines.getByText('In the hall of the house').first()).toBeVisible();
  });

  await test.step('now she sees what others sent, featured ones first, and nobody’s name who did not want it', async () => {
    const others = ines.getByRole('article', { name: /^From/ });
    await expect(others.first()).toContainText('Aoife');
    await expect(others.first()).toContainText('shown first');
    await expect(ines.getByRole('article', { name: 'From a member' })).toBeVisible();
    await expect(ines.getByText('Mateusz')).toHaveCount(0);
    await others.first().getByRole('button', { name: 'Show large' }).click();
    await expect(ines.getByRole('dialog')).toBeVisible();
    await ines.keyboard.press('Escape');
    await expectFits(ines);
    await expectAccessible(ines);
  });

  const samira = await enter(browser, parley, 'Samira');
  await test.step('the moderator gives it back with a reason', async () => {
    await samira
      .getByRole('navigation', { name: 'Community' })
      .getByRole('link', { name: 'Activities' })
      .click();
    await samira.getByRole('link', { name: 'Look at what was sent: Where does your bicycle sleep?' }).click();
    await samira.getByRole('button', { name: /Ines/ }).first().click();
    await samira.keyboard.press('r');
    await samira.getByLabel('What to mend, and why').fill('Is that the hall of the house, or yours?');
    await samira.getByLabel('Where is that?').check();
    await samira.getByRole('form', { name: 'Give back' }).getByRole('button', { name: 'Give back' }).click();
    await expect(samira.getByRole('region', { name: 'From Ines from Porto' })).toContainText('Given back');
  });

  await test.step('she reads why, mends it and sends it again; her receipt tells all of it', async () => {
    await ines.reload();
    await expect(ines.getByText('Is that the hall of the house, or yours?')).toBeVisible();
    await expect(taskOf(ines, 'Where is that?').getByText('Please look at this one again.')).toBeVisible();
    await expectAccessible(ines);
    await taskOf(ines, 'Where is that?').getByText('In the flat').click();
    await ines.getByRole('button', { name: 'Send again' }).click();
    await expect(ines.getByText('Sent. It waits for somebody to look at it.')).toBeVisible();
    await samira.reload();
    await samira.getByRole('button', { name: /Ines/ }).first().click();
    await samira.getByRole('button', { name: 'Accept', exact: true }).click();
    await expect(samira.getByRole('region', { name: 'From Ines from Porto' })).toContainText('Accepted');
    await ines.getByRole('link', { name: 'What becomes of it' }).click();
    await expect(ines.getByText(/Samira \(Moderator\) took what you sent today, with thanks/)).toBeVisible();
    await expectFits(ines);
  });
});

test('a diary remembers what was written, on this phone and on another', async ({ browser }) => {
  const maren = await enter(browser, parley, 'Maren Vogt');
  await speakEnglish(maren);
  await test.step('the manager asks for it', async () => {
    await maren
      .getByRole('navigation', { name: 'Community' })
      .getByRole('link', { name: 'Activities' })
      .click();
    await maren.getByRole('button', { name: 'New activity' }).click();
    const fill = (label: string, text: string) => maren.getByLabel(label, { exact: true }).fill(text);
    await fill('Title', 'Three evenings');
    await fill('What you want to learn', 'How evenings go.');
    await fill('What will be decided with it', 'The light.');
    await fill('Who decides', 'Maria Kessler');
    await fill('Their office', 'VP Product');
    await fill('What to do, and how', 'A line each evening.');
    await fill('What is asked', 'How was it?');
    const local = (hours: number) => {
      const at = new Date(Date.now() + hours * 3_600_000);
      return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
    };
    await fill('Opens', local(-25));
    await fill('Due', local(72));
    await maren.getByLabel('Once, or again and again').selectOption('day');
    await fill('How many entries', '3');
    await maren.getByRole('button', { name: 'Publish' }).click();
    await expect(maren.getByText(/0 of \d+ people have sent something/)).toBeVisible();
  });

  const tunde = await enter(browser, parley, 'Tunde', phone);
  await test.step('he begins on his phone', async () => {
    await toDo(tunde);
    await tunde.getByRole('link', { name: 'Begin: Three evenings' }).click();
    await expect(tunde.getByRole('button', { name: 'Day 1, to write' })).toBeVisible();
    await expect(tunde.getByRole('button', { name: 'Day 3, to come' })).toBeDisabled();
    await tunde.getByRole('textbox', { name: 'How was it?' }).fill('Dark at five.');
    await expect(tunde.getByText('Kept. You can go on later')).toBeVisible();
  });
  await test.step('goes on elsewhere, and is asked which of the two it is', async () => {
    const other = await enter(browser, parley, 'Tunde', phone);
    await toDo(other);
    await other.getByRole('link', { name: 'Go on: Three evenings' }).click();
    await expect(other.getByRole('textbox', { name: 'How was it?' })).toHaveValue('Dark at five.');
    await other.getByRole('textbox', { name: 'How was it?' }).fill('Dark at five, and wet.');
    await expect(other.getByText('Kept. You can go on later')).toBeVisible();
    await tunde.getByRole('textbox', { name: 'How was it?' }).fill('Dark at five. Cold.');
    await expect(tunde.getByText('You went on with this elsewhere.')).toBeVisible();
    await expect(tunde.getByText('Dark at five, and wet.')).toBeVisible();
    await expectAccessible(tunde);
    await tunde.getByRole('button', { name: 'Keep what is here' }).click();
    await expect(tunde.getByText('Kept. You can go on later')).toBeVisible();
  });
  await test.step('and sends it; the next day shows what he wrote', async () => {
    await tunde.getByText('No, it stays here').click();
    await tunde.getByRole('button', { name: 'Send' }).click();
    await expect(tunde.getByRole('button', { name: 'Day 1, sent' })).toBeVisible();
    await tunde.getByText('What you wrote last time').click();
    await expect(tunde.getByText('Dark at five. Cold.').first()).toBeVisible();
    await expectFits(tunde);
  });
});
