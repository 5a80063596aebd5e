import { expect, it } from '@jest/globals';
import { difference, type Piece } from './difference';

const told = (before: string, after: string) =>
  difference(before, after)
    .map(({ is, text }) => (is === 'kept' ? text : `[${is === 'added' ? '+' : '-'}${text}]`))
    .join('');
const join = (pieces: Piece[], without: Piece['is']) =>
  pieces
    .filter(({ is }) => is !== without)
    .map(({ text }) => text)
    .join('');

it.each([
  ['the same', 'We may write to you.', 'We may write to you.', 'We may write to you.'],
  ['a word more', 'We write to you.', 'We may write to you.', 'We [+may ]write to you.'],
  ['a word less', 'We may write to you.', 'We write to you.', 'We [-may ]write to you.'],
  ['another word', 'Once a week.', 'Once a month.', 'Once a [-week.][+month.]'],
  ['a first text', '', 'We may write.', '[+We may write.]'],
  ['an end', 'One. Two.', 'One. ', 'One. [-Two.]'],
  ['another order', 'a b c d.', 'c a b d.', '[+c ]a b [-c ]d.'],
])('shows %s', (_, before, after, shown) => expect(told(before, after)).toBe(shown));

it('leaves nothing out and makes nothing up: without what was added it is the old text, and the other way round', () => {
  const words = ['we', 'may', 'write', 'to', 'you', '\n\n', 'now.', ' '];
  let seed = 7;
  const random = (below: number) => (seed = (seed * 16_807) % 2_147_483_647) % below;
  const text = () => Array.from({ length: random(30) }, () => words[random(words.length)]).join(' ');
  for (let round = 0; round < 200; round += 1) {
    const [before, after] = [text(), text()];
    const pieces = difference(before, after);
    expect(join(pieces, 'added')).toBe(before);
    expect(join(pieces, 'removed')).toBe(after);
  }
});

type Cpu = { user: number; system: number };
/** The tests run in Node.js, whose words pages do not know. */
declare const process: { cpuUsage(since?: Cpu): Cpu };

it('of the longest texts there are comes within the time of a key', () => {
  const [before, after] = ['ab '.repeat(1_333), 'ba '.repeat(1_333)];
  // What the machine does besides is not counted.
  const began = process.cpuUsage();
  difference(before, after);
  const { user, system } = process.cpuUsage(began);
  expect((user + system) / 1_000).toBeLessThan(500);
});
