import { expect, test } from '@jest/globals';
import { contrast, darkGround, lightGround, ON_DARK, ON_LIGHT, shadesOf } from './shades';

const accents = [
  '#1b7d7a',
  '#b9562b',
  '#ffe600',
  '#00ff7f',
  '#0000ff',
  '#ff00aa',
  '#000000',
  '#ffffff',
  '#777777',
];

test.each(accents)('text and buttons in shades of %s are readable in light and dark', (accent) => {
  const shades = shadesOf(accent);
  expect(shades).toHaveLength(10);
  expect(contrast(shades[ON_LIGHT], lightGround)).toBeGreaterThanOrEqual(4.5);
  expect(contrast(shades[ON_LIGHT], '#ffffff')).toBeGreaterThanOrEqual(4.5);
  expect(contrast(shades[ON_DARK], darkGround)).toBeGreaterThanOrEqual(4.5);
  expect(contrast(shades[ON_DARK], '#000000')).toBeGreaterThanOrEqual(4.5);
});

test('contrast is that of WCAG', () => {
  expect(contrast('#000000', '#ffffff')).toBeCloseTo(21, 5);
  expect(contrast('#767676', '#ffffff')).toBeCloseTo(4.54, 2);
});
