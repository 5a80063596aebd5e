import { expect, type Page, test } from '@playwright/test';
import { enter, expectAccessible, expectFits, Parley, phone, speakEnglish } from './parley';

const parley = new Parley();
test.beforeAll(() => parley.start());
test.afterAll(() => parley.stop());

/** A document with a page for each of these lines. */
function documentOf(...lines: string[]): Buffer {
  const kids = lines.map((_, at) => `${4 + at * 2} 0 R`);
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    `<< /Type /Pages /Kids [${kids.join(' ')}] /Count ${lines.length} >>`,
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>',
    ...lines.flatMap((line, at) => {
      const text = `BT /F1 48 Tf 60 300 Td (${line}) Tj ET`;
      return [
        `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 640 400] /Contents ${5 + at * 2} 0 R /Resources << /Font << /F1 3 0 R >> >> >>`,
        `<< /Length ${text.length} >>\nstream\n${text}\nendstream`,
      ];
    }),
  ];
  let pdf = '%PDF-1.4\n';
  const places = objects.map((object, at) => {
    const place = pdf.length;
    pdf += `${at + 1} 0 obj\n${object}\nendobj\n`;
    return place;
  });
  const rows = places.map((place) => `${String(place).padStart(10, '0')} 00000 n \n`).join('');
  const start = pdf.length;
  pdf += `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${rows}trailer\n<< /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${start}\n%%EOF\n`;
  return Buffer.from(pdf, 'latin1');
}

const nav = (page: Page, name: string) =>
  page.getByRole('navigation', { name: 'Community' }).getByRole('link', { name }).click();
const pictures = (page: Page) =>
  page
    .locator('main img')
    .evaluateAll((all) => all.filter((img) => (img as HTMLImageElement).naturalWidth > 0).length);

test('a producer plans two pictures side by side and a page of a document, and all phones follow', async ({
  browser,
}) => {
  const maren = await enter(browser, parley, 'Maren Vogt');
  await speakEnglish(maren);
  await test.step('the manager adds the document', async () => {
    await nav(maren, 'To show');
    await maren.getByRole('button', { name: 'Add' }).click();
    await maren.getByTestId('asset.new').setInputFiles({
      ...{ name: 'Range.pdf', mimeType: 'application/pdf', buffer: documentOf('Summer', 'Winter') },
    });
    await expect(maren.getByText('All there')).toBeVisible({ timeout: 20_000 });
    await maren.getByLabel('Title').first().fill('The range');
    await maren.getByLabel('What is seen').first().fill('The range by season.');
    await maren.getByRole('button', { name: 'Save' }).first().click();
    await expect(maren.getByRole('heading', { name: 'The range' })).toBeVisible();
  });

  const jo = await enter(browser, parley, 'Jo Lindqvist');
  await test.step('the producer plans; what is missing says so', async () => {
    await jo.getByRole('link', { name: 'Plan a Session' }).click();
    await jo.getByLabel('What comes on stage').selectOption('pair');
    await jo.getByRole('button', { name: 'Plan the Session' }).click();
    await expect(jo.getByText('A title of 1 to 120 characters.').first()).toBeVisible();
    await expectFits(jo);
    await expectAccessible(jo);
    const fill = (label: string, text: string) => jo.getByLabel(label, { exact: true }).first().fill(text);
    await fill('Title', 'Which one');
    await fill('Why do you ask?', 'To choose the colour.');
    await fill('What will be decided?', 'The colour.');
    await fill('Who decides?', 'Maria Kessler');
    await fill('Their role', 'VP Product');
    await fill('Title of the cue', 'Side by side');
    await fill('What members are asked', 'Which is more you?');
    await jo.getByLabel('The left picture').selectOption({ label: 'Halden One, rendering' });
    await jo.getByLabel('The right picture').selectOption({ index: 2 });
    await jo.getByRole('button', { name: 'Add a cue' }).click();
    await jo.getByLabel('What comes on stage').last().selectOption('page');
    await jo.getByLabel('Title of the cue').last().fill('In winter');
    await jo.getByLabel('What members are asked').last().fill('Is that clear?');
    await jo.getByLabel('The document').selectOption({ label: 'The range' });
    await jo.getByLabel('Page, 1 to 2').fill('2');
    await jo.getByRole('button', { name: 'Plan the Session' }).click();
    await expect(jo.getByRole('button', { name: 'Start the Session' })).toBeVisible();
  });

  await test.step('what is on stage is on every phone', async () => {
    const ines = await enter(browser, parley, 'Ines Carvalho', phone);
    await ines.getByRole('link', { name: /Which one/ }).click();
    await jo.getByRole('button', { name: 'Start the Session' }).click();
    await jo.getByRole('button', { name: 'Put on stage: Side by side' }).click();
    await expect(ines.getByText('Which is more you?').first()).toBeVisible();
    await expect.poll(() => pictures(ines)).toBe(2);
    await expectFits(ines);
    await expectAccessible(ines);
    await jo.getByRole('button', { name: 'Put on stage: In winter' }).click();
    await expect(ines.getByText('Is that clear?').first()).toBeVisible();
    await expect.poll(() => pictures(ines)).toBe(1);
    await expect(ines.getByRole('img', { name: 'The range by season.' })).toBeVisible();
    await expectFits(ines);
  });
});
