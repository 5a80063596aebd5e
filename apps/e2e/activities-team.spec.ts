import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import { enter, expectAccessible, expectFits, Parley, speakEnglish } from './parley';

const parley = new Parley();
test.beforeAll(() => parley.start());
test.afterAll(() => parley.stop());

test('the team looks at what was sent by keyboard: filters, side by side, shown first, evidence, and all of it in one file', async ({
  browser,
}) => {
  const maren = await enter(browser, parley, 'Maren Vogt');
  await speakEnglish(maren);
  await maren
    .getByRole('navigation', { name: 'Community' })
    .getByRole('link', { name: 'Activities' })
    .click();
  await test.step('the desk counts', async () => {
    const card = maren.getByRole('article').filter({ hasText: 'Where does your bicycle sleep?' });
    await expect(card).toContainText('Open');
    await expect(card.locator('dl')).toContainText('have sent3');
    await expectFits(maren);
    await expectAccessible(maren);
    await card.getByRole('link', { name: /Look at what was sent/ }).click();
  });

  await test.step('what was chosen and rated stands together, each with its n', async () => {
    await expect(maren.getByText('3 submissions')).toBeVisible();
    await expect(maren.getByRole('figure').filter({ hasText: 'Where is that?' })).toContainText('n = 3');
    await expectFits(maren);
    await expectAccessible(maren);
  });

  await test.step('keys move, put side by side and take', async () => {
    const list = maren.getByRole('list', { name: 'What was sent' });
    await list.getByRole('button').first().focus();
    await maren.keyboard.press('s');
    await maren.keyboard.press('j');
    await maren.keyboard.press('s');
    await expect(maren.getByRole('columnheader')).toHaveCount(2);
    await expectAccessible(maren);
    await maren.keyboard.press('Escape');
    await expect(maren.getByRole('columnheader')).toHaveCount(0);
    // Who does not agree to be quoted is not put first.
    await list.getByRole('button', { name: /Kenji/ }).click();
    await maren.keyboard.press('a');
    await expect(maren.getByText(/accepted by Maren/)).toBeVisible();
    await expect(maren.getByRole('button', { name: 'Show first' })).toBeDisabled();
  });

  await test.step('filters leave what fits', async () => {
    await maren.getByLabel('May be quoted').check();
    await expect(maren.getByText('2 submissions')).toBeVisible();
    await maren.getByLabel('Words').fill('fire door');
    await expect(maren.getByText('1 submission', { exact: true })).toBeVisible();
    await maren.getByLabel('Words').fill('no such words');
    await expect(maren.getByText('Nothing fits these filters.')).toBeVisible();
    await maren.getByLabel('Words').fill('');
    await maren.getByLabel('May be quoted').uncheck();
  });

  await test.step('words are cut out as they were written', async () => {
    await maren.getByRole('button', { name: /Aoife/ }).first().click();
    await maren.keyboard.press('e');
    await maren
      .getByRole('form', { name: 'Cut out as evidence' })
      .getByLabel('From')
      .selectOption({ index: 2 });
    await maren.getByLabel('Words').last().fill('wider than prams');
    await expect(maren.getByText('Exactly as they were written.')).toBeVisible();
    await maren.getByLabel('Words').last().fill('it must not be wider than a pram');
    await maren.getByLabel('Why it matters').fill('Width.');
    await expectAccessible(maren);
    await maren.getByRole('button', { name: 'Keep as evidence' }).click();
    const evidence = maren.getByRole('region', { name: 'Evidence' });
    await expect(evidence).toContainText('it must not be wider than a pram');
    await expect(evidence).toContainText('may be quoted by name');
  });

  await test.step('all of it is one file, whose manifest fits its bytes', async () => {
    const download = maren.waitForEvent('download');
    await maren.getByRole('button', { name: 'Export everything' }).click();
    const zip = readFileSync((await (await download).path())!);
    expect(zip.subarray(0, 2).toString()).toBe('PK');
    expect(zip.includes('manifest.json')).toBe(true);
    expect(createHash('sha256').update(zip).digest('hex')).toMatch(/^[0-9a-f]{64}$/);
  });
});

test('a producer writes an activity, is told what is missing, tries it out beside, and publishes it', async ({
  browser,
}) => {
  const jo = await enter(browser, parley, 'Jo');
  await jo.getByRole('navigation', { name: 'Community' }).getByRole('link', { name: 'Activities' }).click();
  await jo.getByRole('button', { name: 'New activity' }).click();
  const fill = (label: string, text: string) => jo.getByLabel(label, { exact: true }).first().fill(text);
  await test.step('what is missing is listed', async () => {
    await jo.getByRole('button', { name: 'Publish' }).click();
    const missing = jo.getByRole('alert').filter({ hasText: 'This is still missing' });
    await expect(missing).toBeFocused();
    await expect(missing).toContainText('The name of who decides');
    await expect(missing).toContainText('Task 1: what is asked');
    await expectAccessible(jo);
  });
  await test.step('what is written is kept, and goes on after a reload', async () => {
    await fill('Title', 'The lock');
    await fill('What you want to learn', 'Which lock is used.');
    await fill('What will be decided with it', 'The bracket.');
    await fill('Who decides', 'Maria Kessler');
    await fill('Their office', 'VP Product');
    await fill('What to do, and how', 'Show us your lock.');
    await fill('What is asked', 'Which lock?');
    await jo.getByLabel('Kind').first().selectOption('rank');
    await fill('Options', 'Chain\nFolding\nFrame');
    await expect(jo.getByText('Kept as a draft.')).toBeVisible();
    await jo.reload();
    await expect(jo.getByLabel('Title', { exact: true })).toHaveValue('The lock');
  });
  await test.step('beside it stands what members will see, to try out', async () => {
    const preview = jo.getByRole('complementary', { name: 'As members see it' });
    await preview.getByRole('button', { name: 'Folding' }).click();
    await preview.getByRole('button', { name: 'Chain' }).click();
    await preview.getByRole('button', { name: 'Move Chain up' }).click();
    await expect(preview.getByRole('listitem').first()).toContainText('Chain');
    await expectFits(jo);
    await expectAccessible(jo);
  });
  await test.step('published, it is on the desk with its promise', async () => {
    await jo.getByRole('button', { name: 'Publish' }).click();
    await expect(jo.getByText(/^To come/)).toBeVisible();
    await jo.getByRole('navigation', { name: 'Community' }).getByRole('link', { name: 'Answers' }).click();
    await jo.getByRole('link', { name: 'Promises' }).click();
    await expect(jo.getByText('The lock').first()).toBeVisible();
  });
});
