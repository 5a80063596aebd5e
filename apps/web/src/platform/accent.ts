import { useEffect, useSyncExternalStore } from 'react';

let lent: string | null = null;
const watchers = new Set<() => void>();
function lend(accent: string | null) {
  lent = accent;
  for (const tell of watchers) tell();
}
const watch = (tell: () => void) => {
  watchers.add(tell);
  return () => watchers.delete(tell);
};

/** Gives the page the colour of a community whose address it does not stand under, while it is on the screen. */
export function useAccent(accent: string | undefined) {
  useEffect(() => {
    if (!accent) return;
    lend(accent);
    return () => lend(null);
  }, [accent]);
}

/** The colour that a page has asked for; null for none. */
export const useLentAccent = () => useSyncExternalStore(watch, () => lent);
