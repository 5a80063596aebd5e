import { createHmac } from 'node:crypto';
import { expect, type Page, test } from '@playwright/test';
import { desktop, enter, expectAccessible, expectFits, open, Parley, phone } from './parley';

const parley = new Parley();
test.beforeAll(() => parley.start());
test.afterAll(() => parley.stop());

/** Signs in with the code of the mail, as far as that goes. */
async function byMail(page: Page, email: string) {
  await page.goto('/sign-in');
  const asked = new Date().toISOString();
  await page.getByLabel('E-mail address').fill(email);
  await page.getByRole('button', { name: 'Send me the mail' }).click();
  let code: string | undefined;
  await expect(async () => {
    const { mails } = (await (await page.request.get('/api/demo/mails')).json()) as {
      mails: { to: string; text: string; sentAt: string }[];
    };
    const mail = mails.find(
      ({ to, text, sentAt }) => to === email && sentAt > asked && text.includes('/sign-in/link'),
    );
    [code] = /\b\d{6}\b/.exec(mail?.text.replace(/http\S+/, '') ?? '') ?? [];
    expect(code).toBeTruthy();
  }).toPass();
  await page.getByLabel('Six-digit code').fill(code!);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
}

async function signOut(page: Page) {
  await page.getByRole('button', { name: /^Account/ }).click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  await expect(page.getByLabel('E-mail address')).toBeVisible();
}

/** A device that knows its owner's finger. */
async function plugIn(page: Page) {
  const devices = await page.context().newCDPSession(page);
  await devices.send('WebAuthn.enable');
  await devices.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
}

/** What an authenticator app shows for a key, so many steps from now. */
function codeOf(key: string, steps = 0) {
  const bits = [...key.replaceAll(' ', '')]
    .map((letter) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter).toString(2).padStart(5, '0'))
    .join('');
  const secret = Buffer.from(bits.match(/.{8}/g)!.map((byte) => parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000) + steps));
  const mac = createHmac('sha1', secret).update(counter).digest();
  const number = mac.readUInt32BE(mac[19]! & 15) & 0x7fffffff;
  return String(number % 1_000_000).padStart(6, '0');
}

test('a manager sets up a passkey before anything opens, and signs in with it from then on', async ({
  browser,
}) => {
  const page = await open(browser, parley, desktop);
  await plugIn(page);
  await byMail(page, 'grace.adeyemi@example.com');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('One more step to protect your sign-in');
  await expectAccessible(page);
  await page.goto('/c/morrow');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('One more step to protect your sign-in');

  await page.getByRole('button', { name: 'Set up a passkey' }).click();
  await expectAccessible(page);
  await page.getByLabel('Name').fill('Grace’s laptop');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: 'Keep these recovery codes' })).toBeVisible();
  await expect(page.getByRole('listitem')).toHaveCount(10);
  await expectAccessible(page);
  const saved = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Save as a file' }).click();
  expect((await saved).suggestedFilename()).toBe('parley-recovery-codes.txt');
  const recovery = (await page.getByRole('listitem').first().textContent())!;
  await page.getByRole('button', { name: 'I have kept them' }).click();
  await expect(page.getByRole('heading', { name: 'Morrow Test Kitchen' })).toBeVisible();

  await signOut(page);
  await byMail(page, 'grace.adeyemi@example.com');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Prove that it is you');
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Use a passkey' }).click();
  await expect(page.getByRole('heading', { name: 'Morrow Test Kitchen' })).toBeVisible();

  await test.step('and with a recovery code where the device is not', async () => {
    const other = await open(browser, parley, phone);
    await byMail(other, 'grace.adeyemi@example.com');
    await other.getByRole('button', { name: 'I have neither at hand' }).click();
    await expectAccessible(other);
    await expectFits(other);
    await other.getByLabel('Recovery code').fill('not a code');
    await other.getByRole('button', { name: 'Continue' }).click();
    await expect(other.getByText(/sixteen letters and digits/)).toBeVisible();
    await other.getByLabel('Recovery code').fill(recovery);
    await other.getByRole('button', { name: 'Continue' }).click();
    await expect(other.getByRole('heading', { name: 'Morrow Test Kitchen' })).toBeVisible();
  });
});

test('a host sets up an app on a phone, and proves it again where that is asked', async ({ browser }) => {
  const page = await open(browser, parley, phone);
  await byMail(page, 'maria.kessler@example.com');
  await page.getByRole('button', { name: 'Set up an app' }).click();
  await expect(page.getByRole('img', { name: /key for your authenticator app/ })).toBeVisible();
  await expectAccessible(page);
  await expectFits(page);
  const key = (await page.locator('code').textContent())!;
  const code = page.getByLabel('Then type the code that the app shows');
  await code.fill('123');
  await page.getByRole('button', { name: 'Continue' }).click();
  await expect(page.getByText('The code has six digits.')).toBeVisible();
  await code.fill(codeOf(key, 5));
  await page.getByRole('button', { name: 'Continue' }).click();
  await expect(page.getByText(/That code does not fit/)).toBeVisible();
  await code.fill(codeOf(key));
  await page.getByRole('button', { name: 'Continue' }).click();
  await expectAccessible(page);
  await expectFits(page);
  await page.getByRole('button', { name: 'I have kept them' }).click();
  await expect(page.getByRole('heading', { name: 'Halden Roundtable' })).toBeVisible();

  await page.goto('/account');
  await expect(page.getByText(/Authenticator app, last used/)).toBeVisible();
  await expect(page.getByText('10 recovery codes left')).toBeVisible();
  await expectAccessible(page);
  await expectFits(page);

  await test.step('the last one stays, and the page says why', async () => {
    await page.getByRole('button', { name: 'Remove App' }).click();
    await expect(page.getByText(/Add another first/)).toBeVisible();
  });

  await test.step('a proof that has grown old is asked for over the page, and what was asked goes on', async () => {
    // As the server answers ten minutes later.
    await page.route(
      '**/api/me/factors/recovery-codes',
      (route) =>
        route.fulfill({
          status: 403,
          contentType: 'application/problem+json',
          body: JSON.stringify({ code: 'factor.again', message: 'Again.', retryable: false, ref: 'x' }),
        }),
      { times: 1 },
    );
    await page.getByRole('button', { name: 'Make new recovery codes' }).click();
    const dialog = page.getByRole('dialog', { name: 'Prove that it is you' });
    await expect(dialog.getByLabel('Code of the app')).toBeFocused();
    await expectAccessible(page);
    await page.keyboard.type(codeOf(key, 1));
    await page.keyboard.press('Enter');
    await expect(dialog).toBeHidden();
    await expect(page.getByRole('heading', { name: 'Keep these recovery codes' })).toBeVisible();
    await page.getByRole('button', { name: 'I have kept them' }).click();
    await expect(page.getByText('10 recovery codes left')).toBeVisible();
  });

  await test.step('who does not want to is not asked further, and the page says so', async () => {
    await page.route(
      '**/api/me/factors/recovery-codes',
      (route) =>
        route.fulfill({
          status: 403,
          contentType: 'application/problem+json',
          body: JSON.stringify({ code: 'factor.again', message: 'Again.', retryable: false, ref: 'x' }),
        }),
      { times: 1 },
    );
    await page.getByRole('button', { name: 'Make new recovery codes' }).click();
    await expect(page.getByRole('dialog')).toBeVisible();
    await page.keyboard.press('Escape');
    await expect(page.getByRole('dialog')).toBeHidden();
    await expect(page.getByText(/fresh proof that it is you/)).toBeVisible();
  });
});

test('a member needs none, and may have one all the same', async ({ browser }) => {
  const page = await enter(browser, parley, 'Ines Carvalho', phone);
  await plugIn(page);
  await page.goto('/account');
  await expect(page.getByText(/Anybody who can read your mail/)).toBeVisible();
  await page.getByRole('button', { name: 'Set up', exact: true }).click();
  await page.getByRole('button', { name: 'Set up a passkey' }).click();
  await page.getByRole('button', { name: 'Set up a passkey' }).click();
  await page.getByRole('button', { name: 'I have kept them' }).click();
  await expect(page.getByText(/Passkey, last used/)).toBeVisible();
  await page.getByRole('button', { name: 'Remove Passkey' }).click();
  await expect(page.getByText(/Anybody who can read your mail/)).toBeVisible();
});

test('the sign-in page says in words why the company’s sign-in led back', async ({ browser }) => {
  const page = await open(browser, parley, phone);
  await page.goto('/sign-in?refused=company.notForYou');
  await expect(page.getByText(/This way in is for the team of a community/)).toBeVisible();
  await expectAccessible(page);
  await expectFits(page);
});
