/** A piece of a text that was changed: in both, only in the new one, or only in the old one. */
export interface Piece {
  text: string;
  is: 'kept' | 'added' | 'removed';
}

/** What changed between two texts, word by word, in the order in which it is read. */
export function difference(before: string, after: string): Piece[] {
  const [old, now] = [wordsOf(before), wordsOf(after)];
  const same = commonLengths(old, now);
  const pieces: Piece[] = [];
  const add = (is: Piece['is'], text: string) => {
    const last = pieces.at(-1);
    if (last?.is === is) last.text += text;
    else pieces.push({ is, text });
  };
  let [at, to] = [0, 0];
  while (at < old.length || to < now.length) {
    if (at < old.length && to < now.length && old[at] === now[to]) {
      add('kept', now[to]!);
      at += 1;
      to += 1;
    } else if (at < old.length && same(at + 1, to) >= same(at, to + 1)) {
      add('removed', old[at]!);
      at += 1;
    } else {
      add('added', now[to]!);
      to += 1;
    }
  }
  return pieces;
}

/** Words with the blanks after them. */
const wordsOf = (text: string) => text.match(/\S+\s*|\s+/g) ?? [];

/** How many words the rests of both texts, from there on, have in common in the same order; -1 past the end. */
function commonLengths(old: readonly string[], now: readonly string[]) {
  const width = now.length + 1;
  const table = new Uint16Array((old.length + 1) * width);
  for (let at = old.length - 1; at >= 0; at -= 1)
    for (let to = now.length - 1; to >= 0; to -= 1)
      table[at * width + to] =
        old[at] === now[to]
          ? table[(at + 1) * width + to + 1]! + 1
          : Math.max(table[(at + 1) * width + to]!, table[at * width + to + 1]!);
  return (at: number, to: number) => (at > old.length || to > now.length ? -1 : table[at * width + to]!);
}
