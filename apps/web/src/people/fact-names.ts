import type { FactDef } from '@parley/contracts/profile';

type Options = FactDef['options'];

/** A name for machines, made of the name for people; empty where that has no Latin letters or digits. */
const nameOf = (label: string, separator: '_' | '-') =>
  label
    .normalize('NFD')
    .toLowerCase()
    .replace(/\p{M}/gu, '')
    .replace(/[^a-z0-9]+/g, separator)
    .replace(/^[_-]+|[_-]+$/g, '')
    .slice(0, 36)
    .replace(/[_-]+$/, '');

/** The first of `name`, `name-2`, `name-3` and so on that nobody has. */
function free(name: string, separator: '_' | '-', taken: ReadonlySet<string>): string {
  for (let place = 2, next = name; ; place += 1) {
    if (!taken.has(next)) return next;
    next = `${name}${separator}${place}`;
  }
}

/** The key of a new fact: made of its label, and of no other fact. */
export function keyFor(label: string, facts: readonly Pick<FactDef, 'key'>[]): string {
  const name = nameOf(label, '_');
  return free(
    /^[a-z]/.test(name) ? name : ['fact', name].filter(Boolean).join('_'),
    '_',
    new Set(facts.map(({ key }) => key)),
  );
}

/**
 * The options of a fact as written, one a line. A line that stands there as before keeps its value, so that what
 * members said stays what they said; so does a line that was reworded in its place, when none was added or taken away.
 */
export function optionsOf(lines: string, before: Options): Options {
  const labels = lines
    .split('\n')
    .map((label) => label.trim())
    .filter(Boolean);
  const isReworded = labels.length === before.length;
  const known = labels.map((label, at) => {
    const same = before.find((option) => option.label === label);
    const inPlace = before[at];
    return same ?? (isReworded && inPlace && !labels.includes(inPlace.label) ? inPlace : undefined);
  });
  const taken = new Set(before.map(({ value }) => value));
  return labels.map((label, at) => {
    const value = known[at]?.value ?? free(nameOf(label, '-') || 'choice', '-', taken);
    taken.add(value);
    return { value, label };
  });
}
