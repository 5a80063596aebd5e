import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
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
    await expect(tunde.getByText('1 of 1 card read')).toBeVisible();
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
    await expect(ines.getByText('1 of 1 card read')).toBeVisible();
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

test('a manager’s Monday: three hundred that wait are looked at at once, some are decided, and their authors are told', async ({
  browser,
}) => {
  await test.step('over the weekend three members send a hundred ideas each', async () => {
    for (const name of ['Tunde', 'Ines', 'Mateusz']) {
      const page = await enter(browser, parley, name, phone);
      await ideas(page, 'Small things to put right');
      const placeId = page.url().split('/').at(-1)!;
      const me = (await (await page.request.get('/api/me')).json()) as {
        memberships: { community: { id: string; slug: string } }[];
      };
      const { id } = me.memberships.find(({ community }) => community.slug === 'halden')!.community;
      const send = async (n: number) => {
        const answer = await page.request.post(`/api/c/${id}/places/${placeId}/ideas`, {
          headers: { origin: parley.url },
          data: {
            ...{ opId: randomUUID(), teamOnly: false, areaId: null, files: [] },
            title: `${name} on screw ${n}`,
            parts: { situation: '', struggle: '', outcome: '', idea: `Screw ${n} works loose.` },
          },
        });
        expect(answer.status(), await answer.text()).toBeLessThan(300);
      };
      for (let n = 1; n <= 100; n += 10)
        await Promise.all(Array.from({ length: 10 }, (_, one) => send(n + one)));
      await page.context().close();
    }
  });

  const maren = await enter(browser, parley, 'Maren', desktop);
  await test.step('a manager looks at all that wait at once, by key, with her own words', async () => {
    await speakEnglish(maren);
    await maren.getByRole('navigation', { name: 'Community' }).getByRole('link', { name: 'Ideas' }).click();
    await maren.getByRole('link', { name: 'To the ideas desk' }).click();
    await expect(maren.getByText(/overdue since/).first()).toBeVisible();
    await looksWell(maren);
    await maren.keyboard.press('ControlOrMeta+a');
    await expect(maren.getByText('100 selected', { exact: true })).toBeVisible();
    await expect(maren.getByRole('button', { name: 'Select those not shown too' })).toBeVisible();
    await maren.keyboard.press('ControlOrMeta+a');
    await expect(maren.getByText(/^30[4-9] selected$/)).toBeVisible({ timeout: 60_000 });
    await maren.getByLabel('Your words to the authors').fill('Thank you. You hear from me by Friday.');
    await maren.getByRole('button', { name: /Tell the authors of/ }).click();
    await expect(maren.getByText('Nothing here. Whatever is sent comes by itself.')).toBeVisible({
      timeout: 30_000,
    });
    await looksWell(maren);
  });

  const kenji = await enter(browser, parley, 'Kenji', phone);
  await test.step('its authors read who looks into it, and where it is on its way', async () => {
    await kenji.getByRole('link', { name: /Notifications/ }).click();
    await kenji.getByText(/Maren looks into your idea: A loop for the helmet/).click();
    await expect(kenji.getByText('Thank you. You hear from me by Friday.')).toBeVisible();
    await kenji.getByRole('link', { name: 'The way of an idea' }).click();
    await expect(kenji.getByText('Somebody with a name looks into it and may ask back.')).toBeVisible();
    await looksWell(kenji);
  });

  const reason = 'What weighs less comes first: then stairs are no wall.';
  await test.step('she puts one into another, puts one off to a day, and says of one why not', async () => {
    await maren.getByRole('button', { name: 'In review', exact: true }).click();
    const form = maren.getByRole('form', { name: 'Decide' });
    const choose = async (title: string, to: string) => {
      await maren.getByRole('checkbox', { name: `Select ${title}` }).check();
      await form.getByLabel('Decide', { exact: true }).selectOption(to);
    };
    const tell = form.getByRole('button', { name: 'Tell its authors' });
    const isDone = () => expect(maren.getByText('1 idea: done, its authors are told.')).toBeVisible();
    await choose('A loop for the helmet', 'Merge into');
    await expect(form.getByRole('option', { name: 'A loop for the helmet' })).toHaveCount(0);
    await form.getByLabel('Into which idea').selectOption('Two cafés, one lock for two bicycles');
    await tell.click();
    await isDone();
    await expect(maren.getByRole('link', { name: 'A loop for the helmet' })).toHaveCount(0);
    await choose('A mouth for the key that glows', 'Later');
    await form.getByLabel('Your words to the authors').fill('Once the strap is sewn.');
    await tell.click();
    await expect(form.getByText('Write something first.')).toBeVisible();
    await form.getByLabel('By when').fill('2031-03-01');
    await looksWell(maren);
    await tell.click();
    await isDone();
    await choose('Fourth floor, no lift', 'Not now');
    await tell.click();
    await expect(form.getByText('Write something first.')).toBeVisible();
    await form.getByLabel('The reason, which everybody reads').fill(reason);
    await looksWell(maren);
    await tell.click();
    await isDone();
  });

  await test.step('the author of the one reads where it goes on, and what knowing the context changes there', async () => {
    await kenji.getByRole('link', { name: /Notifications/ }).click();
    await expect(kenji.getByText(/put together with one that says the same/)).toBeVisible();
    await kenji.getByText(/Maren looks into your idea: A loop for the helmet/).click();
    await expect(kenji.getByText('It goes on in another idea, with you as one of its voices.')).toBeVisible();
    await looksWell(kenji);
    await kenji.getByRole('link', { name: 'To the idea in which it goes on' }).click();
    await expect(
      kenji.getByRole('heading', { level: 1, name: 'Two cafés, one lock for two bicycles' }),
    ).toBeVisible();
    await expect(kenji.getByText('You see it once you have rated it.')).toBeVisible();
    await expect(kenji.getByText(/had read the context/)).toHaveCount(0);
    await kenji.getByRole('button', { name: 'Agree', exact: true }).click();
    await expect(
      kenji.getByText(/^Of 25 who had read the context \d+ % agree; of 12 who had not, \d+ %\.$/),
    ).toBeVisible();
    await looksWell(kenji);
  });

  await test.step('the author of the others reads until when, and why', async () => {
    const aoife = await enter(browser, parley, 'Aoife', phone);
    await aoife.getByRole('link', { name: /Notifications/ }).click();
    await expect(aoife.getByText(reason)).toBeVisible();
    await aoife.getByText('Later, by 1 March 2031: A mouth for the key that glows').click();
    const state = aoife.getByRole('region', { name: 'Status' });
    await expect(state.getByText('Later: you hear of it again by 1 March 2031.')).toBeVisible();
    await expect(state.getByText('Once the strap is sewn.')).toBeVisible();
    await looksWell(aoife);
    await aoife.getByRole('link', { name: /Notifications/ }).click();
    await aoife.getByText('Not now: Fourth floor, no lift').click();
    await expect(state.getByText('Not now, because:')).toBeVisible();
    await expect(state.getByText(reason)).toBeVisible();
    await looksWell(aoife);
    await aoife.context().close();
  });

  await test.step('what is small is delivered without an Update, and goes back to her while its author says that it is not right', async () => {
    const small = maren.getByRole('checkbox', { name: /^Select (Tunde|Ines|Mateusz) on screw/ }).first();
    const title = (await small.getAttribute('aria-label'))!.replace('Select ', '');
    await small.check();
    const form = maren.getByRole('form', { name: 'Decide' });
    await form.getByLabel('Decide', { exact: true }).selectOption('Done (small suggestions)');
    await form.getByLabel('Your words to the authors').fill('Glued this morning.');
    await form.getByRole('button', { name: 'Tell its authors' }).click();
    await expect(maren.getByText('1 idea: done, its authors are told.')).toBeVisible();

    const author = await enter(browser, parley, title.split(' ')[0]!, phone);
    await author.getByRole('link', { name: /Notifications/ }).click();
    await author.getByText(`Your idea is there: ${title}`).click();
    const verdict = author.getByRole('region', { name: 'It is there. Is it right?' });
    await verdict.getByRole('button', { name: 'Not yet' }).click();
    await verdict.getByRole('button', { name: 'Send it back' }).click();
    await expect(verdict.getByText('Write something first.')).toBeVisible();
    await verdict.getByRole('textbox').fill('It turns again.');
    await looksWell(author);
    await verdict.getByRole('button', { name: 'Send it back' }).click();
    await expect(author.getByText('Thank you. It is looked at again.')).toBeFocused();
    await expect(verdict).toHaveCount(0);
    await expect(author.getByText(/^Maren.* looks into it\.$/)).toBeVisible();

    await maren.getByRole('link', { name: /Notifications/ }).click();
    await expect(maren.getByText(`says that it is not right yet: ${title}`)).toBeVisible();
    await expect(maren.getByText('It turns again.')).toBeVisible();
    await author.context().close();
  });

  await test.step('a member says what a card should say; she takes the words over, and the card names whose they are', async () => {
    const hire = 'What you hire a folding bicycle for';
    const words = 'On time, dry, and with both hands free.';
    await ideas(kenji, hire);
    await kenji.getByRole('link', { name: /what there is to know/i }).click();
    await kenji.getByRole('button', { name: 'Say what it should say' }).click();
    const field = kenji.getByRole('textbox', { name: 'What it should say' });
    await expect(field).not.toHaveValue('');
    await field.fill(words);
    await looksWell(kenji);
    await kenji.getByRole('button', { name: 'Propose it' }).click();
    await expect(kenji.getByRole('button', { name: 'Say what it should say' })).toBeFocused();
    await expect(kenji.getByText('Who looks after the card reads it', { exact: false })).toBeVisible();

    await ideas(maren, hire);
    await maren.getByRole('link', { name: /what there is to know/i }).click();
    await maren.getByText(/questions? (or|and) remarks?$/).click();
    await expect(maren.getByText('It should say')).toBeVisible();
    await looksWell(maren);
    await maren.getByRole('button', { name: 'Take it over' }).click();
    await maren.getByRole('button', { name: 'Save the correction' }).click();
    await expect(maren.getByText(/corrected with words of Kenji W\./)).toBeVisible();
    await kenji.getByRole('link', { name: /Notifications/ }).click();
    await expect(kenji.getByText(words, { exact: false }).first()).toBeVisible();
  });

  await test.step('she takes along as a table what was said, of every kind', async () => {
    const places = maren.getByRole('navigation', { name: 'Community' });
    await places.getByRole('link', { name: 'Answers' }).click();
    await maren.getByLabel('Where it was said').selectOption('Small things to put right');
    const saving = maren.waitForEvent('download');
    await maren.getByRole('button', { name: 'Save these as CSV' }).click();
    const csv = readFileSync(await (await saving).path(), 'utf8');
    expect(csv.split('\n').filter((line) => line.includes('on screw'))).toHaveLength(300);
    await expect(maren.getByText(/^30\d contributions saved/)).toBeVisible();
    await looksWell(maren);
    await places.getByRole('link', { name: 'Ideas' }).click();
    await maren.getByRole('link', { name: 'To the ideas desk' }).click();
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

test('a manager brings ideas along from another board, each once, and members find them', async ({
  browser,
}) => {
  const maren = await enter(browser, parley, 'Maren', desktop);
  if ((await maren.locator('html').getAttribute('lang')) === 'de') await speakEnglish(maren);
  const board = [
    'nr,headline,body,state,day,votes',
    '1,A bell like a bird,"<p>One that <b>sings</b>.</p><script>alert(1)</script>",Shipped,2024-03-01,842',
    '2,Tyres that glow,Seen from the side.,Declined,2024-03-02,3',
    '2,Tyres that glow again,The same number.,Declined,2024-03-03,1',
    '3,,Nothing above it.,Open,2024-03-04,0',
    '4,Withdrawn before,Not mine any more.,Withdrawn,2024-03-05,0',
  ].join('\n');
  await ideas(maren, 'A lock one does not curse');
  await maren.getByRole('link', { name: 'Bring ideas along from another board' }).click();
  const choose = () =>
    maren
      .locator('input[type=file]')
      .setInputFiles({ name: 'board.csv', mimeType: 'text/csv', buffer: Buffer.from(board) });
  await choose();

  await test.step('she says which column is which, and what each status is here', async () => {
    const columns = maren.getByRole('group', { name: 'Which column is which' });
    await columns.getByLabel('Title').selectOption('headline');
    await columns.getByLabel('Text', { exact: true }).selectOption('body');
    await columns.getByLabel('What names a row').selectOption('nr');
    await columns.getByLabel('Support or votes').selectOption('votes');
    await columns.getByLabel('When it was sent').selectOption('day');
    await columns.getByLabel('Status').selectOption('state');
    const statuses = maren.getByRole('group', { name: 'What each status is here' });
    await statuses.getByLabel('Shipped (1 row)').selectOption('Delivered');
    await statuses.getByLabel('Declined (2 rows)').selectOption('Not now');
    await statuses.getByLabel('Withdrawn (1 row)').selectOption('Leave out');
    await looksWell(maren);
  });

  await test.step('what cannot come along is said by row, and how the first will read', async () => {
    const report = maren.getByRole('region', { name: 'What is in the file' });
    await report.getByText('2 rows cannot come along').click();
    await expect(report.getByText(/Row 4: there before/)).toBeVisible();
    await expect(report.getByText(/Row 5: no title/)).toBeVisible();
    await expect(report.getByText('One that sings.')).toBeVisible();
    await expect(report.getByText('alert(1)')).toHaveCount(0);
    await looksWell(maren);
    await maren.setViewportSize(phone);
    await looksWell(maren);
    await maren.setViewportSize(desktop);
  });

  await test.step('they come along once, however often they are sent', async () => {
    await maren.getByRole('button', { name: 'Bring 2 ideas along' }).click();
    await expect(
      maren
        .getByText('Please write something.')
        .or(maren.getByText(/^Say|^Write/))
        .first(),
    ).toBeVisible();
    await maren.getByLabel('What the other board is called').fill('The old board');
    await maren.getByRole('button', { name: 'Bring 2 ideas along' }).click();
    await expect(maren.getByText('2 ideas are here.')).toBeVisible();
    await maren.getByRole('button', { name: 'Bring 2 ideas along' }).click();
    await expect(maren.getByText(/2 were here before and stay as they are/)).toBeVisible();
  });

  await test.step('a member finds one with its support, its status and where it comes from', async () => {
    const kenji = await enter(browser, parley, 'Kenji', phone);
    await ideas(kenji, 'A lock one does not curse');
    await kenji.getByRole('link', { name: 'A bell like a bird' }).click();
    await expect(kenji.getByText('One that sings.')).toBeVisible();
    await expect(kenji.getByText('Brought along from The old board. 842 supported it there.')).toBeVisible();
    await expect(kenji.getByText('The old board: Shipped')).toBeVisible();
    await expect(kenji.getByText(/^by The old board/)).toBeVisible();
    await looksWell(kenji);
  });
});
