import { expect, test } from '@jest/globals';
import { driveOf, nextCue } from './drive';

const press = (key: string, target: EventTarget | null = document.body, over = {}) =>
  driveOf({ key, target, ctrlKey: false, metaKey: false, altKey: false, ...over });
const inside = (html: string) => {
  document.body.innerHTML = html;
  return document.body.firstElementChild;
};

test('a full stop asks for the next cue, space for play or pause, zero for the start', () => {
  expect(press('.')).toBe('next');
  expect(press(' ')).toBe('playPause');
  expect(press('0')).toBe('toStart');
  expect(press('x')).toBeNull();
});

test('nobody drives by writing', () => {
  expect(press('.', inside('<textarea></textarea>'))).toBeNull();
  expect(press('0', inside('<input>'))).toBeNull();
});

test('space presses the button that has the focus, and shortcuts of the browser stay its own', () => {
  expect(press(' ', inside('<button></button>'))).toBeNull();
  expect(press('.', inside('<button></button>'))).toBe('next');
  expect(press('0', document.body, { ctrlKey: true })).toBeNull();
});

test('the first cue is next on an empty stage, and nothing after the last', () => {
  const cue = (order: number) =>
    ({
      id: String(order),
      order,
      kind: 'text',
      title: '',
      prompt: '',
      asset: null,
      other: null,
      page: null,
    }) as const;
  const desk = { cues: [cue(1), cue(2)], trace: null, counts: {} };
  expect(nextCue({ desk, cue: null })?.order).toBe(1);
  expect(nextCue({ desk, cue: cue(1) })?.order).toBe(2);
  expect(nextCue({ desk, cue: cue(2) })).toBeUndefined();
});
