import type { LiveSession } from '@parley/contracts/live-facts';

/** What a key in the control room asks for. */
export type Drive = 'next' | 'playPause' | 'toStart';

/** The keys, as they are listed on the screen. */
export const keys: Record<Drive, string> = { next: '.', playPause: ' ', toStart: '0' };

/** What a key press asks for; null while the person writes, or where the key belongs to what has the focus. */
export function driveOf(
  event: Pick<KeyboardEvent, 'key' | 'target' | 'ctrlKey' | 'metaKey' | 'altKey'>,
): Drive | null {
  if (event.ctrlKey || event.metaKey || event.altKey) return null;
  const target = event.target instanceof Element ? event.target : null;
  if (target?.closest('input:not([type=checkbox]), textarea, select, [contenteditable], [role=slider]'))
    return null;
  // Space presses the button that has the focus.
  if (event.key === ' ' && target?.closest('button, a, summary, label, input')) return null;
  return (Object.keys(keys) as Drive[]).find((drive) => keys[drive] === event.key) ?? null;
}

/** The cue after the one on stage, or the first; undefined after the last. */
export function nextCue({ desk, cue }: Pick<LiveSession, 'desk' | 'cue'>) {
  const cues = desk?.cues ?? [];
  return cue ? cues.find(({ order }) => order > cue.order) : cues[0];
}
