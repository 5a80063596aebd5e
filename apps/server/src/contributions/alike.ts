/** Three letters at a time, of lower-case words without marks: what two texts have in common in spite of slips. */
function trigrams(text: string): Set<string> {
  const plain = text
    .toLowerCase()
    .normalize('NFKD')
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
  const found = new Set<string>();
  for (let at = 0; at + 3 <= plain.length; at += 1) found.add(plain.slice(at, at + 3));
  return found;
}

/** From this share of common trigrams on two texts are taken to say the same. */
const ALIKE = 0.5;

/** For each text the places of the others that say nearly the same, the most alike first. */
export function alike(texts: readonly string[]): number[][] {
  const sets = texts.map(trigrams);
  return sets.map((mine, at) =>
    sets
      .map((other, place) => ({ place, share: place === at ? 0 : shareOf(mine, other) }))
      .filter(({ share }) => share >= ALIKE)
      .sort((a, b) => b.share - a.share)
      .map(({ place }) => place),
  );
}

function shareOf(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  let common = 0;
  for (const one of a) if (b.has(one)) common += 1;
  return common / (a.size + b.size - common || 1);
}
