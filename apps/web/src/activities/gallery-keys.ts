/** What a key in the gallery asks for. */
export type Wish =
  'next' | 'previous' | 'accept' | 'giveBack' | 'feature' | 'excerpt' | 'beside' | 'select' | 'close';

/** The key of each, as it is shown. */
export const keys = {
  next: 'J',
  previous: 'K',
  accept: 'A',
  giveBack: 'R',
  feature: 'F',
  excerpt: 'E',
  beside: 'S',
  select: 'X',
  close: 'Esc',
} as const satisfies Record<Wish, string>;

const plain: Record<string, Wish> = {
  j: 'next',
  ArrowDown: 'next',
  k: 'previous',
  ArrowUp: 'previous',
  a: 'accept',
  r: 'giveBack',
  f: 'feature',
  e: 'excerpt',
  s: 'beside',
  x: 'select',
  Escape: 'close',
};

type Press = Pick<KeyboardEvent, 'key' | 'target' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'>;

/** What a key press asks for; null while the person writes, chooses in a form or watches a film. */
export function wishOf({ key, target, ctrlKey, metaKey, altKey, shiftKey }: Press): Wish | null {
  if (ctrlKey || metaKey || altKey || shiftKey) return null;
  const at = target instanceof Element ? target : null;
  const writes = at?.closest(
    'input:not([type=checkbox]), textarea, select, [contenteditable], [role=dialog]',
  );
  if (writes && key !== 'Escape') return null;
  if (at?.closest('video') && key.startsWith('Arrow')) return null;
  return plain[key.length === 1 ? key.toLowerCase() : key] ?? null;
}
