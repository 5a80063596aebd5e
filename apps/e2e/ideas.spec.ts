import { expect, type Page, test } from '@playwright/test';
import { desktop, enter, expectAccessible, expectFits, Parley, phone, speakEnglish } from './parley';

const parley = new Parley();
test.beforeAll(() => parley.start());
test.afterAll(() => parley.stop());

const ideas = async (page: Page, place: string) => {
  await page.getByRole('navigation', { name: 'Community' }).getByRole('link', { name: 'Ideas' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Ideas' })).toBeVisible();
  await page.getByRole('link', { name: place }).click();
  await expect(page.getByRole('heading', { level: 1, name: place })).toBeVisible();
};
const looksWell = async (page: Page) => {
  await expectFits(page);
  await expectAccessible(page);
};

test('an idea grows: what there is to know first, what others think, and another version', async ({
  browser,
}) => {
  const tunde = await enter(browser, parley, 'Tunde', phone);
  const hire = 'What you hire a folding bicycle for';
  await test.step('he finds what is asked for, and reads first what there is to know', async () => {
    await ideas(tunde, hire);
    await expect(tunde.getByText(/Maria Kessler \(VP Product\) decides/)).toBeVisible();
    await looksWell(tunde);
    await tunde.getByRole('link', { name: 'Tell what you use it for' }).click();
    await expect(tunde.getByText(/Here one reads first/)).toBeVisible();
    await tunde.getByRole('link', { name: 'Read what there is to know' }).click();
    await expect(tunde.getByText('0 of 1 card read')).toBeVisible();
    await looksWell(tunde);
    // As long as its words take, and not before.
    await expect(tunde.getByText('1 of 1 card read')).toBeVisible({ timeout: 15_000 });
    await tunde.getByRole('link', { name: 'To the ideas' }).click();
  });

  await test.step('he asks about a card, and what he wrote is a note with a receipt', async () => {
    await tunde.getByRole('link', { name: 'What there is to know' }).click();
    await tunde.getByText('Ask, or say what is wrong').first().click();
    await tunde.getByRole('textbox', { name: 'Ask, or say what is wrong' }).fill('On time for whom?');
    await tunde.getByRole('button', { name: 'Send' }).click();
    await expect(tunde.getByText('1 question or remark')).toBeVisible();
    await expect(tunde.getByText('On time for whom?')).toBeVisible();
    await tunde.getByRole('link', { name: hire }).click();
  });

  await test.step('while he writes he sees what is like it; what is missing is said; nothing typed is lost', async () => {
    await tunde.getByRole('link', { name: 'Tell what you use it for' }).click();
    await tunde.getByLabel('In one line').fill('The last kilometer in the rain');
    await expect(tunde.getByRole('link', { name: 'The last two kilometres' })).toBeVisible();
    await tunde.getByLabel('When do you reach for it?').fill('When it rains and the bus is full.');
    await tunde.getByRole('button', { name: 'Send' }).click();
    await expect(tunde.getByText('Please say this, so that it is understood.')).toBeVisible();
    await looksWell(tunde);
    await tunde.reload();
    await expect(tunde.getByLabel('When do you reach for it?')).toHaveValue(
      'When it rains and the bus is full.',
    );
    await tunde.getByLabel('What do you want to have done?').fill('I arrive dry.');
    await tunde.getByRole('button', { name: 'Send' }).click();
    await expect(
      tunde.getByRole('heading', { level: 1, name: 'The last kilometer in the rain' }),
    ).toBeVisible();
    await expect(tunde.getByText(/Somebody looks at it by/)).toBeVisible();
    await looksWell(tunde);
  });

  const ines = await enter(browser, parley, 'Ines Carvalho', phone);
  await test.step('somebody else answers before she sees, and speaks about it', async () => {
    await ideas(ines, hire);
    await ines.getByRole('link', { name: 'Read what there is to know' }).click();
    await expect(ines.getByText('1 of 1 card read')).toBeVisible({ timeout: 15_000 });
    await ines.getByRole('link', { name: 'To the ideas' }).click();
    await ines.getByRole('button', { name: 'For you to rate' }).click();
    const one = ines.getByRole('article').filter({ hasText: 'The last kilometer in the rain' });
    await expect(one.getByText('You see it once you have rated it.')).toBeVisible();
    await one.getByRole('button', { name: 'Agree', exact: true }).click();
    await expect(one.getByText('n = 1')).toBeVisible();
    await one.getByLabel('It matters to me').check();
    await expect(one.getByText('It matters to 1 of them.')).toBeVisible();
    await looksWell(ines);
    await one.getByRole('link').click();
    await ines.getByRole('textbox', { name: 'Your answer' }).fill('A cape that goes over the handlebar?');
    await ines.getByRole('form', { name: 'Your answer' }).getByRole('button', { name: 'Send' }).click();
    await expect(ines.getByText('A cape that goes over the handlebar?')).toBeVisible();
  });

  await test.step('he asks her to be one of its authors and refines it; what was thought of it before stays there', async () => {
    await tunde.getByRole('button', { name: 'Something new: show it' }).click();
    await tunde.getByRole('button', { name: 'Ask Ines from Porto to be one of the authors' }).click();
    await tunde.getByRole('button', { name: 'Refine it' }).click();
    await tunde.getByLabel('In one line').fill('The last kilometre in the rain, with a cape');
    await tunde.getByLabel('What is different?').fill('With the cape that Ines spoke of.');
    await tunde.getByRole('button', { name: 'Make it the next version' }).click();
    await expect(tunde.getByText(/Version 2/)).toBeVisible();
    await tunde.getByText('What it said before (1)').click();
    await expect(tunde.getByText('n = 1')).toBeVisible();
    await looksWell(tunde);
    await ines.getByRole('link', { name: /Notifications/ }).click();
    await expect(ines.getByText(/T. Okafor has refined an idea that you know/)).toBeVisible();
    await ines.getByText(/T. Okafor asks you to be one of the authors/).click();
    await ines.getByRole('button', { name: 'I am in' }).click();
    await expect(ines.getByText('by T. Okafor, Ines from Porto')).toBeVisible();
  });
});

test('a manager’s Monday: everything that waits is looked at at once, and its authors are told by whom', async ({
  browser,
}) => {
  const maren = await enter(browser, parley, 'Maren', desktop);
  await test.step('a manager looks at all that wait at once, by key, with her own words', async () => {
    await speakEnglish(maren);
    await maren.getByRole('navigation', { name: 'Community' }).getByRole('link', { name: 'Ideas' }).click();
    await maren.getByRole('link', { name: 'To the ideas desk' }).click();
    await expect(maren.getByText(/overdue since/).first()).toBeVisible();
    await looksWell(maren);
    await maren.keyboard.press('ControlOrMeta+a');
    await expect(maren.getByText(/^[4-9] selected$/)).toBeVisible();
    await maren.getByLabel('Your words to the authors').fill('Thank you. You hear from me by Friday.');
    await maren.getByRole('button', { name: /Tell the authors of/ }).click();
    await expect(maren.getByText('Nothing here. Whatever is sent comes by itself.')).toBeVisible();
    await looksWell(maren);
  });

  await test.step('its authors read who looks into it, and where it is on its way', async () => {
    const kenji = await enter(browser, parley, 'Kenji', phone);
    await kenji.getByRole('link', { name: /Notifications/ }).click();
    await kenji.getByText(/Maren looks into your idea: A loop for the helmet/).click();
    await expect(kenji.getByText('Thank you. You hear from me by Friday.')).toBeVisible();
    await kenji.getByRole('link', { name: 'The way of an idea' }).click();
    await expect(kenji.getByText('Somebody with a name looks into it and may ask back.')).toBeVisible();
    await looksWell(kenji);
  });

  await test.step('a producer opens another place, with its promise and for some alone', async () => {
    await maren.getByRole('link', { name: 'All ideas' }).click();
    await maren.getByRole('button', { name: 'Open a challenge' }).click();
    await maren.getByRole('button', { name: 'Open it' }).click();
    await looksWell(maren);
    const form = maren.getByRole('form', { name: 'Open a challenge' });
    await form.getByLabel('Title', { exact: true }).fill('A quieter freewheel');
    await form.getByLabel('What you want to learn').fill('When it disturbs.');
    await form.getByLabel('What will be decided with it').fill('Which freewheel we take.');
    await form.getByLabel('Who decides').fill('Maria Kessler');
    await form.getByLabel('Their office').fill('VP Product');
    await form.getByLabel('The trusted circle alone').check();
    await form.getByRole('button', { name: 'Open it' }).click();
    await expect(maren.getByRole('link', { name: 'A quieter freewheel' })).toBeVisible();
    await expect(maren.getByText('For the trusted circle')).toBeVisible();
  });
});
