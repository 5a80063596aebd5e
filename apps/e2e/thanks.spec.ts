import { expect, type Page, test } from '@playwright/test';
import { desktop, enter, expectAccessible, expectFits, Parley, phone, speakEnglish } from './parley';

const parley = new Parley();
test.beforeAll(() => parley.start());
test.afterAll(() => parley.stop());

const looksWell = async (page: Page) => {
  await expectFits(page);
  await expectAccessible(page);
};

test('thanks with a reason, and what they lead to', async ({ browser }) => {
  const ines = await enter(browser, parley, 'Ines Carvalho', phone);
  await ines.getByRole('navigation', { name: 'Community' }).getByRole('link', { name: 'Talk' }).click();
  await ines.getByRole('link', { name: 'On the road' }).click();
  await ines.getByRole('link', { name: 'How do you keep the chain off your trousers?' }).click();
  await ines.getByRole('button', { name: 'Thank Kenji W.' }).click();
  await ines.getByRole('menuitem', { name: 'Helped me' }).click();
  await expect(ines.getByText('Helped me 1')).toBeVisible();
  await looksWell(ines);
  await ines.getByRole('button', { name: 'You: Helped me' }).click();
  await ines.getByRole('menuitem', { name: 'Take it back' }).click();
  await expect(ines.getByText('Helped me 1')).toHaveCount(0);

  await test.step('she reads where she stands, by which rule, and accepts what she is offered', async () => {
    await ines.getByRole('button', { name: /^Account/ }).click();
    await ines.getByRole('menuitem', { name: 'Thanks and standing' }).click();
    await expect(ines.getByText(/more to level/)).toBeVisible();
    await expect(ines.getByText(/Who thank each other and hardly anybody else/)).toBeVisible();
    await ines.getByRole('button', { name: 'Accept' }).click();
    await expect(ines.getByText('You have accepted.')).toBeVisible();
    await expect(ines.getByText('The season’s first page')).toHaveCount(0);
    await ines.getByLabel('I do not want to be ranked').check();
    await looksWell(ines);
  });

  const maren = await enter(browser, parley, 'Maren', desktop);
  await test.step('the team sees who takes part; a manager shows the board, and offers a first look', async () => {
    await speakEnglish(maren);
    await maren.getByRole('button', { name: /^Account/ }).click();
    await maren.getByRole('menuitem', { name: 'Thanks and standing' }).click();
    await expect(maren.getByRole('heading', { name: 'Who takes part' })).toBeVisible();
    await expect(maren.getByRole('listitem').filter({ hasText: 'Ines from Porto: Come' })).not.toContainText(
      'level',
    );
    await maren.getByLabel('In your words: what, where, when').fill('The film, a day before everybody else.');
    const offer = maren.getByRole('form', { name: /^Offer something/ });
    await offer.getByLabel('Find members').fill('kenji');
    await offer.getByLabel(/^Kenji W\./).check();
    await maren.getByRole('button', { name: 'Offer it' }).click();
    await expect(maren.getByText('Offered. They are told and can accept or decline.')).toBeVisible();
    await maren.getByRole('button', { name: 'Show it to members' }).click();
    await looksWell(maren);
    await maren.getByRole('button', { name: 'Show it to members' }).click();
    await expect(maren.getByText('Members see this board.')).toBeVisible();
  });

  await test.step('the manager writes by what one comes into the trusted circle, and a member reads it', async () => {
    const criteria = 'Whoever has answered in three Sessions and kept what was secret.';
    await expect(ines.getByText('There is none yet.')).toBeVisible();
    const form = maren.getByRole('form', { name: 'Criteria, which everybody reads' });
    await form.getByRole('button', { name: 'Save the criteria' }).click();
    await expect(form.getByText('Write something first.')).toBeVisible();
    await form.getByRole('textbox').fill(criteria);
    await form.getByRole('button', { name: 'Save the criteria' }).click();
    await expect(form.getByText('Saved.')).toBeVisible();
    await looksWell(maren);
    await maren.getByRole('textbox', { name: 'Find members' }).last().fill('ines');
    await maren.getByLabel('Ines from Porto is in the circle').check();
    await ines.getByRole('link', { name: /Notifications/ }).click();
    await ines.getByText('You are in the trusted circle').click();
    const circle = ines.getByRole('region', { name: 'The trusted circle' });
    await expect(circle.getByText(criteria)).toBeVisible();
    await expect(circle.getByText('You are in it.')).toBeVisible();
    await looksWell(ines);
  });
});
