import { CookieJar, http } from '@parley/client/http';
import { makeDemoCrowd, signInAsDemo } from '@parley/contracts/demo';
import { listGroups, signCall } from '@parley/contracts/groups';
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
/** Members elsewhere, who ask the server alone. */
async function sevenSign(title: string) {
  const { people } = await http({ url: parley.url, jar: new CookieJar() })(makeDemoCrowd, {
    slug: 'halden',
    count: 7,
  });
  for (const { personId } of people) {
    const call = http({ url: parley.url, jar: new CookieJar() });
    const { memberships } = await call(signInAsDemo, { personId });
    const communityId = memberships[0]!.community.id;
    const { calls } = await call(listGroups, { communityId });
    const { id: callId } = calls.find((one) => one.title === title)!;
    await call(signCall, { communityId, callId, signed: true });
  }
}

test('a founder and her group: the fifth comes in, the brand stands up for it, they meet, call for a Session, and read the answer', async ({
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

  const title = 'How much does a child carry?';
  const callOn = (page: Page) => page.getByRole('article').filter({ hasText: title });
  await test.step('she calls for a Session with the group’s own questions', async () => {
    await aoife.getByRole('button', { name: 'Call for a Session' }).click();
    const form = aoife.getByRole('form', { name: 'Call for a Session' });
    await form.getByLabel('What should it be about?').fill(title);
    await form.getByRole('button', { name: 'Call for it' }).click();
    await expect(form.getByText('One to five questions, each on a line of its own')).toBeVisible();
    await looksWell(aoife);
    await form
      .getByLabel(/^Your questions/)
      .fill('May a trailer hang on the carrier?\n\nHow heavy may the child behind be?');
    await form.getByRole('button', { name: 'Call for it' }).click();
    await expect(callOn(aoife).getByText('1 of 10 have signed')).toBeVisible();
    await expect(callOn(aoife).getByText('You have signed.')).toBeVisible();
    await expect(callOn(aoife).getByRole('listitem')).toHaveCount(2);
  });

  await test.step('with enough signatures an answer is promised by a day', async () => {
    await ines.getByRole('link', { name: /Notifications/ }).click();
    await ines.getByText(`Aoife in Cork calls for a Session: ${title}`).click();
    await callOn(ines).getByRole('button', { name: 'Sign' }).click();
    await expect(callOn(ines).getByText('2 of 10 have signed')).toBeVisible();
    await sevenSign(title);
    const tunde = await enter(browser, parley, 'Tunde', phone);
    await groups(tunde);
    await expect(callOn(tunde).getByText('9 of 10 have signed')).toBeVisible();
    await callOn(tunde).getByRole('button', { name: 'Sign' }).click();
    await expect(callOn(tunde).getByText(/Enough have signed. It is answered by/)).toBeVisible();
    await looksWell(tunde);
    await tunde.getByRole('link', { name: /Notifications/ }).click();
    await expect(tunde.getByText(/Enough have signed. Maria answers by/)).toBeVisible();
    await tunde.context().close();
  });

  await test.step('the sponsor is told, and writes the answer; the manager lets it out', async () => {
    const maria = await enter(browser, parley, 'Maria Kessler', desktop);
    await maria.getByRole('link', { name: /Notifications/ }).click();
    await maria.getByText(/^Enough have signed. Answer by/).click();
    await expect(callOn(maria).getByText(/It is answered by/)).toBeVisible();
    await looksWell(maria);
    await maria.getByRole('link', { name: 'Answers' }).click();
    await maria.getByLabel('Where it was said').selectOption(title);
    await expect(maria.getByRole('article')).toHaveCount(1);
    await maria.getByRole('article').getByRole('button', { name: 'Use in an Update' }).click();
    await maria.getByRole('button', { name: 'Begin an Update' }).click();
    await maria.getByRole('radio', { name: 'We do it', exact: true }).check();
    await maria.getByLabel('Title').fill('A Session about children, in May');
    await maria.getByLabel('You said').fill('Tell us what the carrier takes.');
    await maria.getByLabel('We do (needed)').fill('We meet on 4 May and load it.');
    await maria.getByLabel('It keeps this promise').check();
    await expect(maria.getByText('Saved.', { exact: true })).toBeVisible();
    await expect(maria.getByText('Linked: 1 contribution by 1 member.')).toBeVisible();
    await maria.getByRole('button', { name: 'Ready to go out' }).click();
    await expect(maria.getByText('A community manager says when it goes out.')).toBeVisible();
    await maren.goto(maria.url());
    await maren.getByLabel('Then the community, later by').fill('1');
    await maren.getByLabel('Unit', { exact: true }).first().selectOption('minutes');
    await maren.getByRole('button', { name: 'Publish to contributors now' }).click();
    await expect(maren.getByText('Out to its contributors; the community is next.')).toBeVisible();
    await maria.context().close();
  });

  await test.step('the manager declines the other group, with a reason, which who proposed it reads', async () => {
    await groups(maren);
    await maren.getByRole('link', { name: 'Rain and hail' }).click();
    await maren.getByRole('button', { name: 'Decline it' }).click();
    const form = maren.getByRole('form', { name: 'Decline it' });
    await form.getByRole('button', { name: 'Decline it' }).click();
    await expect(form.getByText('Write something first.')).toBeVisible();
    await looksWell(maren);
    await form.getByRole('textbox').fill('The group “Night trains” rides in any weather: join there.');
    await form.getByRole('button', { name: 'Decline it' }).click();
    await expect(maren.getByText(/^Not founded/)).toBeVisible();
    await aoife.getByRole('link', { name: /Notifications/ }).click();
    await expect(aoife.getByText('The group “Night trains” rides in any weather: join there.')).toBeVisible();
    await aoife.getByText('Not founded: Rain and hail').click();
    await expect(aoife.getByRole('heading', { level: 1, name: 'Rain and hail' })).toBeVisible();
    await expect(
      aoife.getByText('Because: The group “Night trains” rides in any weather: join there.'),
    ).toBeVisible();
    await looksWell(aoife);
  });

  await test.step('the members of the group read the answer, once it is out to the community', async () => {
    await expect(async () => {
      await ines.reload();
      await expect(callOn(ines).getByText('Answered.')).toBeVisible({ timeout: 5_000 });
    }).toPass({ timeout: 150_000 });
    await expect(callOn(ines).getByRole('button')).toHaveCount(0);
    await callOn(ines).getByRole('link', { name: 'Read the answer' }).click();
    await expect(ines.getByText('We meet on 4 May and load it.')).toBeVisible();
    await looksWell(ines);
  });
});
