import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { Look } from '@parley/ui/theme';
import { render, screen } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { useState } from 'react';
import { startTexts } from '../platform/i18n';
import { DateFields, dateOf, noDate, orderOf, partsOf } from './date-fields';

beforeEach(startTexts);
afterEach(() => {
  jest.restoreAllMocks();
});

const typed = (day: string, month: string, year: string) => dateOf({ day, month, year });

test.each([
  [['5', '3', '1990'], '1990-03-05'],
  [['29', '02', '2000'], '2000-02-29'],
  [['31', '12', '1900'], '1900-12-31'],
] as const)('%s is a date', ([day, month, year], iso) => {
  expect(typed(day, month, year)).toBe(iso);
});

test.each([
  [['', '', ''], { part: 'day', why: 'missing' }],
  [['1', '', '1990'], { part: 'month', why: 'missing' }],
  [['1', '1', ''], { part: 'year', why: 'missing' }],
  [['0', '1', '1990'], { part: 'day', why: 'wrong' }],
  [['32', '1', '1990'], { part: 'day', why: 'wrong' }],
  [['1', '13', '1990'], { part: 'month', why: 'wrong' }],
  [['1', '1', '90'], { part: 'year', why: 'wrong' }],
  [['1', '1', '0000'], { part: 'year', why: 'wrong' }],
  [['1', '1', '9999'], { part: 'year', why: 'wrong' }],
  [['31', '2', '1990'], { part: 'day', why: 'noSuchDay', days: 28 }],
  [['29', '2', '2001'], { part: 'day', why: 'noSuchDay', days: 28 }],
  [['30', '2', '2000'], { part: 'day', why: 'noSuchDay', days: 29 }],
  [['31', '4', '2000'], { part: 'day', why: 'noSuchDay', days: 30 }],
] as const)('%s is none, and the field that is wrong is named', ([day, month, year], problem) => {
  expect(typed(day, month, year)).toMatchObject(problem);
});

test('a date is taken apart again', () => {
  expect(partsOf('1990-03-05')).toEqual({ day: '05', month: '03', year: '1990' });
  expect(partsOf('31 2 1990')).toEqual(noDate);
});

test('the order is that of the language, and for English that of the browser', () => {
  const languages = jest.spyOn(navigator, 'languages', 'get');
  languages.mockReturnValue(['en-US', 'de']);
  expect(orderOf('en')).toEqual(['month', 'day', 'year']);
  expect(orderOf('de')).toEqual(['day', 'month', 'year']);
  languages.mockReturnValue(['fr']);
  expect(orderOf('en')).toEqual(['day', 'month', 'year']);
});

function Fields() {
  const [parts, setParts] = useState(noDate);
  return (
    <>
      <h1 id="when">When?</h1>
      <DateFields parts={parts} onChange={setParts} labelledBy="when" isBirthday />
      <output>{JSON.stringify(parts)}</output>
    </>
  );
}

test('one tap and eight digits, of whatever script, are a date', async () => {
  jest.spyOn(navigator, 'languages', 'get').mockReturnValue(['en-GB']);
  render(
    <Look>
      <Fields />
    </Look>,
  );
  await userEvent.click(screen.getByLabelText('Day'));
  await userEvent.keyboard('0５031990');
  expect(screen.getByText(/"day":"05","month":"03","year":"1990"/)).toBeInTheDocument();
  expect(screen.getByLabelText('Year')).toHaveFocus();
  expect(screen.getByLabelText('Day')).toHaveAttribute('autocomplete', 'bday-day');
});

test('nothing is preset, and what is typed wrong is corrected in place', async () => {
  jest.spyOn(navigator, 'languages', 'get').mockReturnValue(['en-GB']);
  render(
    <Look>
      <Fields />
    </Look>,
  );
  for (const name of ['Day', 'Month', 'Year']) expect(screen.getByLabelText(name)).toHaveValue('');
  await userEvent.type(screen.getByLabelText('Day'), '05');
  await userEvent.keyboard('{Backspace}');
  // Nothing in the month: the key goes back to the day, and takes nothing on the way.
  expect(screen.getByLabelText('Day')).toHaveFocus();
  expect(screen.getByLabelText('Day')).toHaveValue('05');
});
