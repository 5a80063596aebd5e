import type { DeskItem } from '@parley/contracts/moderation';

/** What a key at the desk asks for. */
export type Wish =
  | 'next'
  | 'previous'
  | 'approve'
  | 'trust'
  | 'return'
  | 'decline'
  | 'merge'
  | 'mergeAll'
  | 'split'
  | 'reword'
  | 'spelling'
  | 'hold'
  | 'select'
  | 'undo'
  | 'help';

/** The key of each, as it is shown; in the order in which they are listed. */
export const keys = {
  next: 'J',
  previous: 'K',
  approve: 'A',
  trust: 'T',
  return: 'R',
  decline: 'D',
  merge: 'M',
  mergeAll: 'Shift+M',
  split: 'S',
  reword: 'W',
  spelling: 'E',
  hold: 'H',
  select: 'X',
  undo: 'U',
  help: '?',
} as const satisfies Record<Wish, string>;
export const wishes = Object.keys(keys) as Wish[];

const plain: Record<string, Wish> = {
  j: 'next',
  ArrowDown: 'next',
  k: 'previous',
  ArrowUp: 'previous',
  a: 'approve',
  t: 'trust',
  r: 'return',
  d: 'decline',
  m: 'merge',
  s: 'split',
  w: 'reword',
  e: 'spelling',
  h: 'hold',
  x: 'select',
  u: 'undo',
};

type Press = Pick<KeyboardEvent, 'key' | 'target' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'>;

/** What a key press asks for; null while the person writes or chooses in a form. */
export function wishOf({ key, target, ctrlKey, metaKey, altKey, shiftKey }: Press): Wish | null {
  if (ctrlKey || metaKey || altKey) return null;
  const at = target instanceof Element ? target : null;
  if (at?.closest('input:not([type=checkbox]), textarea, select, [contenteditable], [role=menu]'))
    return null;
  if (key === '?') return 'help';
  if (shiftKey) return key.toLowerCase() === 'm' ? 'mergeAll' : null;
  return plain[key.length === 1 ? key.toLowerCase() : key] ?? null;
}

/** What can be done with an item; what is somebody's own, or somebody else's just now, is not decided here. */
export function wishesFor({ moderation, type, alike }: DeskItem): ReadonlySet<Wish> {
  const fitting: Wish[] = type === 'reply' ? ['approve', 'decline'] : ['approve', 'trust', 'decline'];
  if (moderation === 'held') {
    // What a submission says stands in its answers: it is sent back to be mended.
    // A topic or a post stands where it was said: it is not taken apart.
    if (type === 'topic' || type === 'post') return new Set([...fitting, 'return', 'reword']);
    // Of an idea too, but ideas that say the same are put together.
    if (type === 'idea')
      return new Set([...fitting, 'return', ...(alike.length ? (['merge', 'mergeAll'] as const) : [])]);
    if (type === 'submission') return new Set([...fitting, 'return']);
    fitting.push('spelling');
    // A reply of the team has nobody who could send it again.
    if (type !== 'reply') {
      fitting.push('return', 'split', 'reword');
      if (alike.length) fitting.push('merge', 'mergeAll');
    }
  }
  return new Set(fitting);
}

/** Why a person cannot decide about an item: somebody has it, it is their own, or it was they who decided before. */
export type Barrier = 'claimed' | 'own' | 'appealed';

export function barrierOf(item: DeskItem, me: { memberId: string; handle: string }): Barrier | null {
  if (item.claim && item.claim.memberId !== me.memberId) return 'claimed';
  if (item.author.memberId === me.memberId) return 'own';
  return item.appeal?.by.name === me.handle ? 'appealed' : null;
}
