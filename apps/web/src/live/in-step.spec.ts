import { expect, test } from '@jest/globals';
import { inStep } from './in-step';

test('a drift that nobody notices is left alone', () => {
  expect(inStep({ actual: 10.05, expected: 10, playing: true })).toEqual({ jumpTo: null, rate: 1 });
});

test('a video that is behind runs faster, one that is ahead slower, never by more than six in a hundred', () => {
  expect(inStep({ actual: 9.8, expected: 10, playing: true }).rate).toBeCloseTo(1.03);
  expect(inStep({ actual: 10.2, expected: 10, playing: true }).rate).toBeCloseTo(0.97);
  expect(inStep({ actual: 8.9, expected: 10, playing: true })).toEqual({ jumpTo: null, rate: 1.06 });
  expect(inStep({ actual: 11.1, expected: 10, playing: true })).toEqual({ jumpTo: null, rate: 0.94 });
});

test('a video that is far off jumps', () => {
  expect(inStep({ actual: 3, expected: 10, playing: true })).toEqual({ jumpTo: 10, rate: 1 });
});

test('a paused video is put exactly where the others are', () => {
  expect(inStep({ actual: 10.5, expected: 10, playing: false })).toEqual({ jumpTo: 10, rate: 1 });
  expect(inStep({ actual: 10.02, expected: 10, playing: false })).toEqual({ jumpTo: null, rate: 1 });
});
