import { type Browser, expect, type Page, test } from '@playwright/test';
import { desktop, enter, expectAccessible, expectFits, Parley, phone } from './parley';

const parley = new Parley();
test.beforeAll(() => parley.start());
test.afterAll(() => parley.stop());

const title = 'Halden One: first look at the film';

async function inSession(browser: Browser, name: string, size: { width: number; height: number }) {
  const page = await enter(browser, parley, name, size);
  await page.getByRole('link', { name: new RegExp(title) }).click();
  await expect(page.getByText(title).first()).toBeVisible();
  return page;
}
const put = (page: Page, cue: string) => page.getByRole('button', { name: `Put on stage: ${cue}` }).click();
const clockOf = (page: Page) =>
  page.locator('video').evaluate((video: HTMLVideoElement) => video.currentTime);

test('a Session from the lobby to its result, on two phones and two desktops at once', async ({
  browser,
}) => {
  const jo = await inSession(browser, 'Jo Lindqvist', desktop);
  const ines = await inSession(browser, 'Ines Carvalho', phone);
  const kenji = await inSession(browser, 'Kenji Watanabe', phone);
  const maria = await inSession(browser, 'Maria Kessler', desktop);
  for (const page of [jo, ines, maria]) {
    await expectAccessible(page);
    await expectFits(page);
  }

  await test.step('the producer starts it and puts the picture on stage; phones follow at once', async () => {
    await jo.getByRole('button', { name: 'Start the Session' }).click();
    await put(jo, 'This is the Halden One');
    for (const page of [ines, kenji, maria])
      await expect(page.getByText('What do you notice first?').first()).toBeVisible();
    await expect(ines.getByRole('img', { name: /folding e-bike/ }).first()).toBeVisible();
  });

  await test.step('a mood shows to the host, and to others only after their own', async () => {
    await expect(ines.getByText('You see the others after your own reaction.')).toBeVisible();
    await ines.getByRole('button', { name: 'Love it' }).click();
    await expect(ines.getByText('You see the others after your own reaction.')).toBeHidden();
    await expect(kenji.getByText('You see the others after your own reaction.')).toBeVisible();
    await expectAccessible(ines);
    await expectFits(ines);
  });

  await test.step('the film plays in step everywhere, and the dial draws the trace', async () => {
    // By keyboard: the full stop puts the next item on stage, space plays it.
    await jo.keyboard.press('.');
    await expect(ines.getByText(/Move the dial as you watch/).first()).toBeVisible();
    await jo.keyboard.press('Space');
    await expect(jo.getByRole('button', { name: 'Pause' })).toBeVisible();
    await expect.poll(() => clockOf(ines)).toBeGreaterThan(3);
    // A busy machine may ask one of them late; in step they are all the same.
    const apart = async () => {
      const [a, b] = await Promise.all([clockOf(ines), clockOf(kenji)]);
      return Math.abs(a - b);
    };
    await expect.poll(apart).toBeLessThan(0.5);

    const dial = ines.getByRole('slider', { name: 'Dial' });
    await dial.focus();
    for (const key of ['PageUp', 'PageUp', 'ArrowUp']) await dial.press(key);
    await expect(dial).toHaveAttribute('aria-valuetext', /71/);
    const box = (await kenji.getByRole('slider', { name: 'Dial' }).boundingBox())!;
    await kenji.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    await kenji.mouse.down();
    await kenji.mouse.move(box.x + box.width * 0.25, box.y + box.height / 2, { steps: 4 });
    await kenji.mouse.up();
    await expect(maria.getByText(/Highest at/)).toBeVisible();
    for (const page of [ines, maria, jo]) await expectAccessible(page);
  });

  await test.step('a note reaches everybody', async () => {
    await ines.getByRole('textbox', { name: 'Your note' }).fill('That is exactly my staircase.');
    await ines.getByRole('button', { name: 'Send note' }).click();
    await expect(jo.getByText('That is exactly my staircase.')).toBeVisible();
    await expect(maria.getByText('That is exactly my staircase.')).toBeVisible();
  });

  await test.step('a statement is rated, and rated anew; counts come after one’s own', async () => {
    await put(jo, 'What should change?');
    await ines.getByText('Statement', { exact: true }).click();
    await ines
      .getByRole('textbox', { name: 'Your statement' })
      .fill('Show the winter range as large as the summer one.');
    await ines.getByRole('button', { name: 'Submit a statement' }).click();
    await expect(kenji.getByText('Show the winter range as large as the summer one.').first()).toBeVisible();
    await expect(kenji.getByText('From another member')).toBeVisible();
    await kenji.getByRole('button', { name: 'Agree', exact: true }).click();
    await expect(kenji.getByText(/1 agrees/).first()).toBeVisible();
    await kenji.getByText('Your 1 rating').click();
    await kenji.getByRole('button', { name: 'Disagree' }).click();
    await expect(kenji.getByText(/1 disagrees/).first()).toBeVisible();
    await expectAccessible(kenji);
    await expectFits(kenji);
  });

  await test.step('a lost connection keeps what was typed, and nothing is missed', async () => {
    await kenji.context().setOffline(true);
    await parley.kill();
    await ines.getByText('Note', { exact: true }).click();
    await ines.getByRole('textbox', { name: 'Your note' }).fill('Written in the tunnel.');
    await expect(ines.getByText(/Connection lost/)).toBeVisible();
    await ines.getByRole('button', { name: 'Send note' }).click();
    await expect(ines.getByText(/waiting for connection/i).first()).toBeVisible();
    await expectAccessible(ines);
    await parley.start();
    await kenji.context().setOffline(false);
    await expect(ines.getByText(/Connection lost/)).toBeHidden({ timeout: 30_000 });
    await expect(ines.getByText(/waiting for connection/i)).toHaveCount(0);
    await expect(jo.getByText('Written in the tunnel.')).toHaveCount(1);
    await kenji
      .getByRole('tab', { name: /Notes/ })
      .click()
      .catch(() => kenji.getByText(/^Notes \(/).click());
    await expect(kenji.getByText('Written in the tunnel.')).toHaveCount(1, { timeout: 30_000 });
  });

  await test.step('a reload comes back to the same place', async () => {
    await ines.getByRole('textbox', { name: 'Your note' }).fill('Half a thought');
    await ines.reload();
    await expect(ines.getByText(/Say what you would change/).first()).toBeVisible();
    await ines.getByText('Note', { exact: true }).click();
    await expect(ines.getByRole('textbox', { name: 'Your note' })).toHaveValue('Half a thought');
  });

  await test.step('it ends, and leaves its result', async () => {
    await jo.getByRole('button', { name: 'End the Session' }).click();
    await jo.getByRole('button', { name: 'End now' }).click();
    await expect(ines.getByText(/The Session has ended/).first()).toBeVisible();
    await ines.getByRole('link', { name: 'See the result' }).click();
    await expect(ines.getByRole('heading', { name: `Result: ${title}` })).toBeVisible();
    await expect(ines.getByText('2 members took part')).toBeVisible();
    await expect(ines.getByText('Show the winter range as large as the summer one.')).toBeVisible();
    await expectAccessible(ines);
    await expectFits(ines);
    await maria.goto(ines.url());
    await expect(maria.getByText(/Highest at/).first()).toBeVisible();
    await expectAccessible(maria);
  });
});

test('the rough cut has left a result to read, and no other community shows it', async ({ browser }) => {
  const lena = await enter(browser, parley, 'Aoife Brennan', phone);
  await lena.getByRole('link', { name: /rough cut/ }).click();
  await expect(lena.getByText(/Highest at/).first()).toBeVisible();
  await expectAccessible(lena);
  await expectFits(lena);
  const address = lena.url();
  const grace = await enter(browser, parley, 'Grace Adeyemi');
  await grace.goto(address);
  await expect(grace.getByText(/does not exist/)).toBeVisible();
});
