import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const folder = join(import.meta.dirname, '../../../../shared/data/text');
const few = [
  '\u202eevil',
  'a\u0301',
  '👩‍👩‍👧‍👦',
  '=1+1',
  '<script>alert(1)</script>',
  "'; DROP TABLE member; --",
  `back\\slash 'and' "quotes" | & ! ( : * <->`,
  ' ',
  '\0',
  'a\0b',
  // Longer than a post, not than a topic.
  'long '.repeat(500),
  // Cut anywhere but between two of them, half a character is left, which PostgreSQL refuses.
  '👍'.repeat(120),
];

/**
 * Texts that were ever found to break something: a few of each kind, and of all that there are on this machine the share
 * of one of so many who take them.
 */
export function oddTexts(place = 0, of = 1): string[] {
  if (!existsSync(folder)) return few;
  const list = (name: string) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as unknown[];
  const all = [
    ...(list('blns.json') as string[]),
    ...(list('unicode.json') as { text: string }[]).map(({ text }) => text),
    ...readFileSync(join(folder, 'xss-payloads-odd-lines.txt'), 'utf8').split('\n').slice(0, 200),
  ];
  return [...few, ...all.filter((_, at) => at % of === place)];
}
