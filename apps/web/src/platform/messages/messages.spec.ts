import { expect, test } from '@jest/globals';
import { errorStatus } from '@parley/contracts/errors';
import { de } from './de';
import { en } from './en';

const names = Object.keys(en) as (keyof typeof en)[];
const placeholders = (text: string) => [...text.matchAll(/\{\{(\w+)/g)].map(([, name]) => name).sort();

test('both languages hold the same texts', () => {
  expect(Object.keys(de).sort()).toEqual(Object.keys(en).sort());
});

test.each(names)('%s is written in both languages, with the same values in it', (name) => {
  expect(en[name].trim()).not.toBe('');
  expect(de[name].trim()).not.toBe('');
  expect(placeholders(de[name])).toEqual(placeholders(en[name]));
  for (const text of [en[name], de[name]]) expect(text).not.toMatch(/todo|xxx|lorem|oops|!/i);
});

test('nothing on the screen promises money or a prize', () => {
  const money =
    /\b(rewards?|vouchers?|gift cards?|prizes?|sweepstakes?|coupons?|Gutschein|Prämie|Gewinnspiel|Belohnung)/i;
  for (const texts of [en, de]) expect(Object.values(texts).filter((text) => money.test(text))).toEqual([]);
});

test('every error that a person can meet says what to do, in both languages', () => {
  for (const code of Object.keys(errorStatus) as (keyof typeof errorStatus)[])
    for (const texts of [en, de]) expect(texts[`error.${code}`].length).toBeGreaterThan(30);
});
