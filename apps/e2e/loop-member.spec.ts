import { expect, type Locator, type Page, test } from '@playwright/test';
import { desktop, enter, expectAccessible, expectFits, open, Parley, phone } from './parley';

const parley = new Parley();
test.beforeAll(() => parley.start());
test.afterAll(() => parley.stop());

const colour = 'Colour where the hand goes';
const herWords = 'Give what I touch a colour, so that my hand finds it in the dark.';
const articleOf = (page: Page, title: string) =>
  page.getByRole('article').filter({ has: page.getByRole('heading', { name: title }) });
const saidIn = (page: Page, words: string) => page.getByRole('article').filter({ hasText: words });
const go = (page: Page, name: string) =>
  page.getByRole('navigation', { name: 'Community' }).getByRole('link', { name }).click();

/** Every screen: nothing sticks out, on a phone and on a desktop, and no accessibility rule is broken. */
async function expectGood(page: Page) {
  await expectFits(page);
  await expectAccessible(page);
}
const loaded = (picture: Locator) =>
  expect
    .poll(() => picture.evaluate((img: HTMLImageElement) => img.complete && img.naturalWidth > 0))
    .toBe(true);

test('a member finds what came of their words, judges it and says something about it', async ({
  browser,
}) => {
  const ines = await enter(browser, parley, 'Ines Carvalho', phone);
  await go(ines, 'What came of it');
  const card = articleOf(ines, colour);

  await test.step('in the feed, with their own words and the pictures before and after', async () => {
    await expect(card.getByText(herWords)).toBeVisible();
    await expect(card.getByText('Your words')).toBeVisible();
    for (const name of [/black saddle/, /tan saddle/]) {
      const picture = card.getByRole('img', { name });
      await picture.scrollIntoViewIfNeeded();
      await loaded(picture);
    }
    await expect(card.getByText(/^Promised by .*, kept on/)).toBeVisible();
    await expect(card.getByText(/Goes back to 13 people, 13 contributions/)).toBeVisible();
    await expect(card.getByText('VP Product')).toBeVisible();
    await expect(card.getByRole('button', { name: /^Copy the link/ })).toBeVisible();
    const declined = articleOf(ines, 'The lock stays outside the price');
    await expect(declined.getByText('Not now, because')).toBeVisible();
    await expect(declined.getByText('Private: it stays in this community.')).toBeVisible();
    await expect(declined.getByRole('button', { name: /^Copy the link/ })).toHaveCount(0);
    await expect(ines.getByRole('heading', { name: 'All nine seconds of the fold stay in' })).toHaveCount(0);
    const rate = ines.getByRole('region', { name: 'Loop Rate' });
    await expect(rate.getByText('50 %')).toBeVisible();
    await rate.getByText('How it is counted').click();
    await expect(rate.getByText(/Of all promises of the last year/)).toBeVisible();
    await expectGood(ines);
  });

  await test.step('what was taken back leads to the new consultation', async () => {
    const back = articleOf(ines, 'The box shows 70 km');
    await expect(back.getByText(/footnote by another name/)).toBeVisible();
    await back.getByRole('link', { name: /The new consultation: Winter range/ }).click();
    await expect(ines.getByRole('heading', { name: 'Winter range: how should we print it?' })).toBeVisible();
    await ines.goBack();
  });

  await test.step('their verdict counts, and only then they see how others see it', async () => {
    await expect(card.getByText(/n = /)).toHaveCount(0);
    await card.getByRole('button', { name: 'Partly' }).click();
    await expect(card.getByText(/You said: Partly/)).toBeVisible();
    await expect(card.getByText('8 yes, 3 partly, 1 no (n = 12)')).toBeVisible();
    await card.getByRole('button', { name: 'Yes' }).click();
    await expect(card.getByText('9 yes, 2 partly, 1 no (n = 12)')).toBeVisible();
    await expect(card.getByRole('button', { name: 'Yes' })).toHaveAttribute('aria-pressed', 'true');
  });

  await test.step('the whole of it: the words behind it, what was corrected', async () => {
    await ines.getByRole('link', { name: `Read it all: ${colour}` }).click();
    await expect(ines.getByRole('heading', { level: 1, name: colour })).toBeVisible();
    await ines.getByRole('button', { name: 'Show the 13 contributions behind it' }).click();
    await expect(ines.getByText('No leather. It is wet where I ride')).toBeVisible();
    await expect(ines.getByText(/8 more are only counted/)).toBeVisible();
    await expect(ines.getByText('Ruben G.')).toHaveCount(0);
    await expect(ines.getByText(/it is washed by hand/)).toBeVisible();
    await ines.getByText('It said before').click();
    await expect(ines.getByText(/goes into the washing machine\. Every/)).toBeVisible();
    await expectGood(ines);
  });

  await test.step('a comment keeps while it is written, and stands in the thread', async () => {
    const field = ines.getByRole('textbox', { name: 'Your comment' });
    await ines.getByRole('button', { name: 'Send' }).click();
    await expect(ines.getByText('Write something first.')).toBeVisible();
    await field.fill('The tan is lovely in the rain.');
    await ines.reload();
    await expect(field).toHaveValue('The tan is lovely in the rain.');
    await ines.getByRole('button', { name: 'Send' }).click();
    await expect(
      ines.getByRole('listitem').filter({ hasText: 'The tan is lovely in the rain.' }),
    ).toBeVisible();
    await expect(field).toHaveValue('');
  });

  await test.step('where a moderator reads first, it says so to its author alone', async () => {
    await go(ines, 'What came of it');
    await ines.getByRole('link', { name: /^Read it all: The lock/ }).click();
    await ines.getByRole('textbox', { name: 'Your comment' }).fill('I own two locks already.');
    await ines.getByRole('button', { name: 'Send' }).click();
    await expect(ines.getByText('Waits for a moderator; only you see it so far.')).toBeVisible();
    const tunde = await enter(browser, parley, 'Tunde Okafor', phone);
    await tunde.goto(ines.url());
    await expect(tunde.getByText('Not what I hoped for, but I can follow it.')).toBeVisible();
    await expect(tunde.getByText('I own two locks already.')).toHaveCount(0);
  });

  await test.step('every promise, with its day', async () => {
    await go(ines, 'What came of it');
    await ines.getByRole('link', { name: 'All promises' }).click();
    await expect(articleOf(ines, 'After five years').getByText(/^Late since/)).toBeVisible();
    await expect(articleOf(ines, 'Key, card or phone').getByText(/maker of the card reader/)).toBeVisible();
    await expect(articleOf(ines, 'what your hands touch').getByText(/^Kept on .*, in time/)).toBeVisible();
    await expectGood(ines);
  });
});

test('a member follows their own words, is told of them, and chooses how', async ({ browser }) => {
  const ines = await enter(browser, parley, 'Ines Carvalho', phone);

  await test.step('my impact: what was said, where it stands, what came of it', async () => {
    await go(ines, 'My impact');
    const said = saidIn(ines, herWords);
    await expect(said.getByText('Delivered', { exact: true })).toBeVisible();
    await expect(said.getByRole('link', { name: colour })).toBeVisible();
    await expect(saidIn(ines, 'Leave the price in the film').getByText(/with 3 others/)).toBeVisible();
    await expect(ines.getByText('changed something')).toBeVisible();
    await expectGood(ines);
    await ines
      .getByRole('combobox', { name: 'Where' })
      .selectOption({ label: 'After five years: what do you expect of us?' });
    await expect(saidIn(ines, herWords)).toHaveCount(0);
    await expect(saidIn(ines, 'Brake pads, belt, battery').getByText(/The answer is late/)).toBeVisible();
    await ines.getByRole('link', { name: /^Its whole way: Brake pads/ }).click();
    await expect(ines).toHaveURL(/\/c\/halden\/impact\/[0-9a-f-]{36}$/);
  });

  await test.step('the bell says how much is new; opening it reads it', async () => {
    const bell = ines.getByRole('link', { name: /^Notifications/ });
    // What was judged in another story is read already.
    await expect(bell).toHaveAccessibleName(/^Notifications: [34] unread$/);
    const unread = Number(/\d+/.exec((await bell.getAttribute('aria-label')) ?? '')![0]);
    await bell.click();
    await expect(ines.getByRole('heading', { level: 1, name: 'What you were told' })).toBeVisible();
    await expect(ines.getByText(herWords).first()).toBeVisible();
    await expectGood(ines);
    await ines.getByRole('link', { name: `Corrected: ${colour}` }).click();
    await expect(ines.getByRole('heading', { level: 1, name: colour })).toBeVisible();
    await expect(bell).toHaveAccessibleName(`Notifications: ${unread - 1} unread`);
    await ines.goBack();
    await ines.getByRole('button', { name: 'Mark all as read' }).click();
    await expect(bell).toHaveAccessibleName('Notifications');
    await expect(ines.getByText('New', { exact: true })).toHaveCount(0);
  });

  await test.step('preferences: per kind, at which hours', async () => {
    await expect(ines.getByRole('combobox', { name: 'Items that wait for a moderator' })).toHaveCount(0);
    await ines.getByRole('combobox', { name: 'Corrections' }).selectOption('Not by mail');
    await ines.getByLabel('The daily mail leaves at').fill('08:15');
    await ines.getByRole('switch', { name: 'No mails at night' }).uncheck();
    await ines.getByRole('button', { name: 'Save' }).click();
    await expect(ines.getByText(/^Saved/)).toBeVisible();
    await ines.reload();
    await expect(ines.getByRole('combobox', { name: 'Corrections' })).toHaveValue('never');
    await expect(ines.getByLabel('The daily mail leaves at')).toHaveValue('08:15');
    await expect(ines.getByRole('switch', { name: 'No mails at night' })).not.toBeChecked();
  });

  await test.step('who has not agreed to e-mails reads that none are sent', async () => {
    await ines.goto('/c/halden/profile');
    await ines.getByRole('button', { name: 'Withdraw: News by e-mail' }).click();
    await expect(ines.getByText(/Withdrawn on/)).toBeVisible();
    await ines.goto('/c/halden/notifications');
    await expect(ines.getByText(/You have not agreed to e-mails/)).toBeVisible();
    await expectGood(ines);
  });
});

test('insiders first: contributors see theirs before others, another brand nothing, everybody only what is public', async ({
  browser,
}) => {
  const kenji = await enter(browser, parley, 'Kenji Watanabe', desktop);
  await go(kenji, 'What came of it');
  const early = articleOf(kenji, 'All nine seconds of the fold stay in');
  await expect(early.getByText('Only those who said this see it so far.')).toBeVisible();
  await expectGood(kenji);
  const address = await early.getByRole('link', { name: /^Read it all/ }).getAttribute('href');
  const published = await articleOf(kenji, colour)
    .getByRole('link', { name: /^Read it all/ })
    .getAttribute('href');

  const ines = await enter(browser, parley, 'Ines Carvalho', phone);
  await ines.goto(address!);
  await expect(ines.getByText(/This does not exist/)).toBeVisible();

  const grace = await enter(browser, parley, 'Grace Adeyemi', desktop);
  await grace.goto(published!);
  await expect(grace.getByText(/does not exist/)).toBeVisible();
  await expect(grace.getByText(colour)).toHaveCount(0);
  await grace.goto('/c/morrow/updates');
  await expect(grace.getByRole('heading', { name: 'The fan runs slower, and for longer' })).toBeVisible();
  await expect(grace.getByText(colour)).toHaveCount(0);
  await expectGood(grace);

  const [communityId] = (await kenji.evaluate(async () => {
    const me = (await (await fetch('/api/me')).json()) as { memberships: { community: { id: string } }[] };
    return me.memberships.map(({ community }) => community.id);
  })) as [string];
  const idOf = (href: string | null) => href!.split('/').at(-1)!;
  const nobody = await open(browser, parley, phone);
  await nobody.goto(`/public/${communityId}/${idOf(published)}`);
  await expect(nobody.getByRole('heading', { level: 1, name: colour })).toBeVisible();
  await expect(nobody.getByText('It goes back to 13 members.')).toBeVisible();
  for (const words of [herWords, 'Ines from Porto', 'Thank you for leaving the leather out.'])
    await expect(nobody.getByText(words)).toHaveCount(0);
  await expectGood(nobody);
  await nobody.goto(`/public/${communityId}/${idOf(address)}`);
  await expect(nobody.getByRole('heading', { name: 'This is not public' })).toBeVisible();
  await expectGood(nobody);
});

test('the same in German, on a phone', async ({ browser }) => {
  const lena = await enter(browser, parley, 'Lena Hartmann', phone);
  const nav = lena.getByRole('navigation', { name: 'Community' });
  await nav.getByRole('link', { name: 'Was daraus wurde' }).click();
  await expect(articleOf(lena, 'The lock stays').getByText('Das Schloss gehört in den Preis.')).toBeVisible();
  await expectGood(lena);
  await lena.getByRole('link', { name: /^Alles lesen: The lock/ }).click();
  await expect(lena.getByText('Wartet auf die Moderation; bisher sehen nur Sie es.')).toBeVisible();
  await expectGood(lena);
  await nav.getByRole('link', { name: 'Meine Wirkung' }).click();
  await expect(lena.getByText('Das Schloss gehört in den Preis.')).toBeVisible();
  await expectGood(lena);
  await lena.getByRole('link', { name: /^Mitteilungen: \d+ ungelesen/ }).click();
  await expect(lena.getByRole('heading', { name: 'Wie wir Sie erreichen' })).toBeVisible();
  await expectGood(lena);
  await lena.goto('/c/halden/promises');
  await expect(lena.getByText(/^Überfällig seit/)).toBeVisible();
  await expectGood(lena);
});
