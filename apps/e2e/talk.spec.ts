import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, type Page, test } from '@playwright/test';
import { desktop, enter, expectAccessible, expectFits, Parley, phone, speakEnglish } from './parley';

const parley = new Parley();
test.beforeAll(() => parley.start());
test.afterAll(() => parley.stop());

const photo = {
  name: 'hallway.webp',
  mimeType: 'image/webp',
  buffer: readFileSync(join(import.meta.dirname, '../server/demo/sleeps-hallway.webp')),
};
const talk = async (page: Page) => {
  await page.getByRole('navigation', { name: 'Community' }).getByRole('link', { name: 'Talk' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Talk' })).toBeVisible();
};
const say = async (page: Page, words: string) => {
  await page.getByRole('textbox', { name: 'Your answer' }).fill(words);
  await page.getByRole('form', { name: 'Your answer' }).getByRole('button', { name: 'Send' }).click();
};

test('members talk at midnight: a topic, an answer that arrives without the page jumping, what solves it, and what one hears of it', async ({
  browser,
}) => {
  const ines = await enter(browser, parley, 'Ines Carvalho', phone);
  await talk(ines);
  await test.step('where one talks says why, who decides and by when', async () => {
    await expect(ines.getByText(/Maria Kessler \(VP Product\) decides/)).toBeVisible();
    await expectFits(ines);
    await expectAccessible(ines);
    await ines.getByRole('link', { name: 'On the road' }).click();
    await expect(ines.getByRole('link', { name: 'Range in the cold' })).toBeVisible();
  });

  await test.step('she begins a topic; what she typed is still there after a reload', async () => {
    await ines.getByRole('button', { name: 'Begin a topic' }).click();
    await ines.getByLabel('Title').fill('The bell at night');
    await ines.getByRole('textbox', { name: 'What is it about?' }).fill('Nobody hears it in the rain.');
    await ines.reload();
    await ines.getByRole('button', { name: 'Begin a topic' }).click();
    await expect(ines.getByLabel('Title')).toHaveValue('The bell at night');
    await ines.getByRole('button', { name: 'Begin', exact: true }).click();
    await expect(ines.getByRole('heading', { level: 1, name: 'The bell at night' })).toBeVisible();
    await expectFits(ines);
    await expectAccessible(ines);
  });

  const where = () => ines.getByText('Nobody hears it in the rain.').boundingBox();
  const before = await where();
  const tunde = await enter(browser, parley, 'Tunde', phone);
  await test.step('somebody finds it by a slip of the pen, and answers', async () => {
    await tunde.getByRole('link', { name: 'Search' }).click();
    const looked = tunde.getByLabel('What are you looking for?');
    await looked.fill('qqxxqq');
    await expect(tunde.getByText('Nothing fits.', { exact: false })).toBeVisible();
    await tunde.getByRole('link', { name: 'Search' }).click();
    await expect(looked).toHaveValue('');
    await looked.fill('nobdoy hears');
    await tunde.getByRole('link', { name: 'The bell at night' }).click();
    await expect(tunde.getByText('Nobody hears it in the rain.')).toBeVisible();
    const answer = tunde.getByRole('textbox', { name: 'Your answer' });
    await answer.fill('Mine has a little lamp in it, @in');
    await tunde.getByRole('group', { name: 'Speak to' }).getByRole('button').click();
    await expect(answer).toBeFocused();
    await answer.pressSequentially('that they see.');
    await expect(answer).toHaveValue('Mine has a little lamp in it, @Ines from Porto that they see.');
    await expectAccessible(tunde);
    await tunde.getByRole('form', { name: 'Your answer' }).getByRole('button', { name: 'Send' }).click();
    await expect(tunde.getByText(/Mine has a little lamp/)).toBeVisible();
  });

  await test.step('her page offers it, and shows it when she wants', async () => {
    const fresh = ines.getByRole('button', { name: 'Something new: show it' });
    await expect(fresh).toBeVisible();
    await expect(ines.getByText(/Mine has a little lamp/)).toHaveCount(0);
    expect(await where()).toEqual(before);
    await fresh.click();
    await expect(ines.getByText(/Mine has a little lamp/)).toBeVisible();
    await expect(ines.getByText('New since you were here')).toBeVisible();
    await ines.getByRole('button', { name: 'This solves it' }).click();
    await expect(ines.getByText('Solved by T. Okafor')).toBeVisible();
    await expectFits(ines);
    await expectAccessible(ines);
  });

  await test.step('he is answered with his own words quoted, changes his, and reads that he solved it', async () => {
    await ines
      .getByText(/Mine has a little lamp/)
      .last()
      .evaluate((words) => window.getSelection()?.selectAllChildren(words));
    await ines.getByRole('button', { name: 'Answer to T. Okafor' }).click();
    const answer = ines.getByRole('form', { name: 'Answer to T. Okafor' });
    await expect(answer.locator('blockquote')).toHaveText(/Mine has a little lamp/);
    await ines.getByRole('textbox', { name: 'Answer to T. Okafor' }).fill('Where did you find it?');
    await answer.getByRole('button', { name: 'Send' }).click();
    await expect(ines.getByText('Where did you find it?')).toBeVisible();
    await tunde.getByRole('button', { name: 'Something new: show it' }).click();
    await expect(tunde.getByText('Where did you find it?')).toBeVisible();
    await expect(tunde.locator('blockquote')).toHaveText(/Mine has a little lamp/);
    await tunde.getByRole('button', { name: 'Change' }).click();
    await tunde.getByRole('textbox', { name: 'Change' }).fill('Mine has a little green lamp in it.');
    await tunde.getByRole('button', { name: 'Save' }).click();
    await expect(tunde.getByText('Mine has a little green lamp in it.').first()).toBeVisible();
    await ines.reload();
    await expect(ines.getByText(/· changed$/)).toBeVisible();
    await tunde.getByText('What it said before').last().click();
    await expect(tunde.locator('details blockquote')).toContainText('Mine has a little lamp in it, @Ines');
    await tunde.getByRole('link', { name: /Notifications/ }).click();
    await expect(tunde.getByText('What you wrote solved it')).toBeVisible();
    await expectFits(tunde);
  });

  await test.step('he shows it in a photo, sent while it is still on its way, and she opens it large', async () => {
    const form = tunde.getByRole('form', { name: 'Your answer' });
    await tunde.getByRole('link', { name: /What you wrote solved it/ }).waitFor();
    await tunde.goBack();
    await form.locator('input[type=file]').setInputFiles(photo);
    await tunde.getByRole('textbox', { name: 'Your answer' }).fill('This is where it lives.');
    await expect(form.getByText('hallway.webp')).toBeVisible();
    await form.getByLabel('What is to be seen?').fill('A bicycle in a hallway');
    await expectFits(tunde);
    await expectAccessible(tunde);
    await form.getByRole('button', { name: 'Send' }).click();
    await expect(tunde.getByRole('img', { name: 'A bicycle in a hallway' })).toBeVisible();
    await expect(form.getByText('hallway.webp')).toHaveCount(0);
    await ines.getByRole('button', { name: 'Something new: show it' }).click();
    await ines.getByRole('button', { name: 'Show large' }).click();
    const large = ines.getByRole('dialog', { name: 'A bicycle in a hallway' });
    await expect(large.getByRole('img', { name: 'A bicycle in a hallway' })).toBeVisible();
    await expectAccessible(ines);
    await ines.keyboard.press('Escape');
    await expect(large).toHaveCount(0);
    await expectFits(ines);
    // It has long arrived at everybody by now: what one wrote oneself is not offered as new.
    await expect(tunde.getByRole('button', { name: 'Something new: show it' })).toHaveCount(0);
  });

  await test.step('he follows the topic, then mutes it: the choice stands, and a mute is kept', async () => {
    const choose = async (words: string, value: string) => {
      const saved = tunde.waitForResponse((answer) => answer.url().endsWith('/following') && answer.ok());
      await tunde.getByLabel('What you hear of it').selectOption(words);
      await saved;
      await tunde.reload();
      await expect(tunde.getByLabel('What you hear of it')).toHaveValue(value);
    };
    const bell = tunde.getByRole('link', { name: /Notifications/ });
    await choose('Everything new', 'follow');
    await say(ines, 'Is it bright enough for the forest?');
    await expect(ines.getByText('Is it bright enough for the forest?')).toBeVisible();
    await bell.click();
    const told = tunde.getByRole('article').filter({ hasText: 'New in a topic that you follow' });
    await expect(told.getByText('Is it bright enough for the forest?')).toBeVisible();
    await tunde.goBack();
    await choose('Nothing', 'mute');
    await say(ines, 'And for the tunnel, @T. Okafor?');
    await expect(ines.getByText('And for the tunnel, @T. Okafor?')).toBeVisible();
    // Told later than what he does not hear of, it is there.
    await ines.getByRole('button', { name: 'Thank T. Okafor' }).first().click();
    await ines.getByRole('menuitem', { name: 'Helped me' }).click();
    await expect(ines.getByText('Helped me 1')).toBeVisible();
    await bell.click();
    await expect(tunde.getByText('Ines from Porto thanks you: it helped')).toBeVisible();
    await expect(told.getByText('Is it bright enough for the forest?')).toBeVisible();
    await expect(tunde.getByText('And for the tunnel, @T. Okafor?')).toHaveCount(0);
    await expectFits(tunde);
    await expectAccessible(tunde);
    await tunde.goBack();
    await expect(tunde.getByLabel('What you hear of it')).toHaveValue('mute');
  });

  await test.step('after a hundred and twenty more answers the newest are a tap away, and one’s own stands there', async () => {
    const topicId = tunde.url().split('/').at(-1)!;
    const me = (await (await tunde.request.get('/api/me')).json()) as {
      memberships: { community: { id: string; slug: string } }[];
    };
    const { id } = me.memberships.find(({ community }) => community.slug === 'halden')!.community;
    for (let n = 1; n <= 120; n += 10)
      await Promise.all(
        Array.from({ length: 10 }, async (_, one) => {
          const answer = await tunde.request.post(`/api/c/${id}/topics/${topicId}/posts`, {
            headers: { origin: parley.url },
            data: {
              ...{ opId: randomUUID(), parentId: null, quote: null, files: [] },
              body: `Lamp number ${n + one}.`,
            },
          });
          expect(answer.status(), await answer.text()).toBeLessThan(300);
        }),
      );
    await ines.getByRole('button', { name: 'Something new: show it' }).click();
    await expect(ines.getByText(/^Lamp number/)).toHaveCount(120);
    await say(ines, 'Enough of lamps.');
    await expect(ines.getByText('Enough of lamps.')).toBeVisible();
    await ines.reload();
    await expect(ines.getByText('The bell at night').first()).toBeVisible();
    await expectFits(ines);
  });

  await test.step('the team takes note of it in an Update, and what came of it stands where it was said', async () => {
    const maren = await enter(browser, parley, 'Maren Vogt', desktop);
    await speakEnglish(maren);
    await maren.getByRole('link', { name: 'Answers' }).click();
    await maren.getByLabel('Search in the words').fill('Nobody hears it');
    const said = maren.getByRole('article');
    await expect(said).toHaveCount(1);
    await said.focus();
    await maren.keyboard.press('x');
    await maren.keyboard.press('g');
    await expect(maren.getByLabel('Theme for 1 contribution')).toBeFocused();
    await maren.keyboard.type('Bells');
    await maren.keyboard.press('Enter');
    await expect(maren.getByText(/1 contribution is in “Bells”\./)).toBeVisible();
    await maren.getByRole('link', { name: 'Updates', exact: true }).click();
    await maren.getByRole('button', { name: 'Write an Update' }).click();
    await maren.getByRole('radio', { name: 'Taken note of' }).check();
    await maren.getByLabel('Title').fill('Bells and rain');
    await maren.getByLabel('You said').fill('Nobody hears the bell in the rain.');
    await maren.getByLabel('Link a theme').selectOption({ label: 'Bells (1)' });
    await maren.getByRole('button', { name: 'Link it' }).click();
    await expect(maren.getByText('Linked: 1 contribution by 1 member.')).toBeVisible();
    await maren.getByRole('button', { name: 'Ready to go out' }).click();
    await maren.getByRole('button', { name: 'Publish to contributors now' }).click();
    await expect(maren.getByText(/^Out to/)).toBeVisible();
    await ines.reload();
    const came = ines.getByRole('region', { name: 'What came of it' });
    await expectFits(ines);
    await expectAccessible(ines);
    await came.getByRole('link', { name: 'Bells and rain' }).click();
    await expect(ines.getByRole('heading', { name: 'Bells and rain' })).toBeVisible();
  });
});
