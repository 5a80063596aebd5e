import { useCallback, useState } from 'react';

/** What this browser keeps under a name; null where nothing is kept or storage is refused. */
export function readKept(name: string): string | null {
  try {
    return localStorage.getItem(name);
  } catch {
    return null;
  }
}

/** Keeps a text in this browser; an empty one is forgotten. */
export function writeKept(name: string, text: string) {
  try {
    if (text) localStorage.setItem(name, text);
    else localStorage.removeItem(name);
  } catch {
    // Storage is full or refused: the text stays on the screen, which is all that can be done.
  }
}

/** A text being written, kept with each letter so that no reload and no lost link takes it away. */
export function useDraft(name: string): [text: string, write: (text: string) => void] {
  const [draft, setDraft] = useState(() => ({ name, text: readKept(name) ?? '' }));
  const text = draft.name === name ? draft.text : (readKept(name) ?? '');
  const write = useCallback(
    (next: string) => {
      writeKept(name, next);
      setDraft({ name, text: next });
    },
    [name],
  );
  return [text, write];
}
