import { useRef } from 'react';

/** Under which id a text is sent: the same until the text differs or is in, so that sent twice it arrives once. */
export function useOp() {
  const last = useRef<{ id: string; body: string } | null>(null);
  return {
    idOf(body: string): string {
      if (last.current?.body !== body) last.current = { id: crypto.randomUUID(), body };
      return last.current.id;
    },
    isIn() {
      last.current = null;
    },
  };
}
