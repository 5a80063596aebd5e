import { expect, type Page, test } from '@playwright/test';
import { desktop, enter, expectAccessible, expectFits, Parley, phone, speakEnglish } from './parley';

const parley = new Parley();
test.beforeAll(() => parley.start());
test.afterAll(() => parley.stop());

const groups = async (page: Page) => {
  await page.getByRole('navigation', { name: 'Community' }).getByRole('link', { name: 'Talk' }).click();
  await page.getByRole('link', { name: 'Small groups' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Small groups' })).toBeVisible();
};
const looksWell = async (page: Page) => {
  await expectFits(page);
  await expectAccessible(page);
};

test('a founder and her group: the fifth comes in, the brand stands up for it, they meet, and call for a Session', async ({
  browser,
}) => {
  const aoife = await enter(browser, parley, 'Aoife', phone);
  await test.step('she proposes a group, and sees who is missing', async () => {
    await groups(aoife);
    await looksWell(aoife);
    await aoife.getByRole('button', { name: 'Propose a group' }).click();
    await aoife.getByLabel('Name').fill('Rain and hail');
    await aoife.getByLabel('What it is about').fill('Those who ride anyway.');
    await aoife.getByRole('button', { name: 'Propose it' }).click();
    await expect(aoife.getByText(/4 founders are missing/)).toBeVisible();
    await looksWell(aoife);
  });

  const ines = await enter(browser, parley, 'Ines Carvalho', phone);
  await test.step('the fifth comes into another of hers', async () => {
    await groups(ines);
    await ines.getByRole('link', { name: 'Two wheels, three people' }).click();
    await expect(ines.getByText(/1 founder is missing/)).toBeVisible();
    await ines.getByRole('button', { name: 'Come in' }).click();
    await expect(ines.getByText(/Five are in; the brand names a sponsor/)).toBeVisible();
  });

  const maren = await enter(browser, parley, 'Maren', desktop);
  await test.step('the manager is told, and names who stands up for it', async () => {
    await speakEnglish(maren);
    await maren.getByRole('link', { name: /Notifications/ }).click();
    await maren.getByText(/waits for a sponsor: Two wheels/).click();
    await maren.getByLabel('Who stands up for it').selectOption({ label: 'Maria (VP Product)' });
    await looksWell(maren);
    await maren.getByRole('button', { name: 'Name them, and open it' }).click();
    await expect(maren.getByText(/Founded/)).toBeVisible();
  });

  await test.step('the founder plans a meet-up in it, and talks where nobody else reads', async () => {
    await aoife.getByRole('link', { name: /Notifications/ }).click();
    await aoife.getByText('Two wheels, three people is founded; Maria stands up for it').click();
    await aoife.getByRole('button', { name: 'Plan a meet-up' }).click();
    const form = aoife.getByRole('form', { name: 'Plan a meet-up' });
    await form.getByLabel('What', { exact: true }).fill('Trailers compared');
    await form.getByLabel('What for, and what to bring').fill('Bring the trailer, and the child.');
    await form.getByLabel('When').fill('2031-05-03T10:00');
    await form.getByLabel(/^Roughly where/).fill('Cork, the harbour');
    await form.getByLabel(/^Where exactly/).fill('Behind the blue shed');
    await form.getByRole('button', { name: 'Save, and tell the others' }).click();
    await expect(aoife.getByText('Where: Behind the blue shed')).toBeVisible();
    await looksWell(aoife);
  });

  await test.step('who comes reads where exactly, and not before', async () => {
    await ines.getByRole('link', { name: /Notifications/ }).click();
    await ines.getByText(/Aoife in Cork says where you meet/).click();
    await expect(ines.getByText('Cork, the harbour')).toBeVisible();
    await expect(ines.getByText('Behind the blue shed')).toHaveCount(0);
    await ines.getByRole('button', { name: 'I come' }).click();
    await expect(ines.getByText('Where: Behind the blue shed')).toBeVisible();
    await looksWell(ines);
  });

  await test.step('they call for a Session; with enough signatures an answer is promised by a day', async () => {
    await groups(ines);
    const call = ines.getByRole('article').filter({ hasText: 'What fits into a sleeping compartment?' });
    await expect(call.getByText('8 of 10 have signed')).toBeVisible();
    await call.getByRole('button', { name: 'Sign' }).click();
    await expect(call.getByText('9 of 10 have signed')).toBeVisible();
    const tunde = await enter(browser, parley, 'Tunde', phone);
    await groups(tunde);
    const his = tunde.getByRole('article').filter({ hasText: 'What fits into a sleeping compartment?' });
    await his.getByRole('button', { name: 'Sign' }).click();
    await expect(his.getByText(/Enough have signed. It is answered by/)).toBeVisible();
    await looksWell(tunde);
    await tunde.getByRole('link', { name: /Notifications/ }).click();
    await expect(tunde.getByText(/Enough have signed. Maria answers by/)).toBeVisible();
  });
});
