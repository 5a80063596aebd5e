import { READ_MS } from '@parley/contracts/moderation';
import { type RefObject, useEffect, useRef } from 'react';

/** How often the page looks at what the reader looks at, ms. */
const LOOK_MS = 250;
/** When two looks are farther apart than this, nobody knows what was read between them, ms. */
const GAP_MS = 1_000;
/** How often what was read is reported, ms. */
const REPORT_MS = 3_000;

export interface Seen {
  contributionId: string;
  ms: number;
}

/**
 * What was truly read: one thing at a time, in one stretch of two seconds and more. Whatever interrupts the stretch
 * (another thing, a hidden tab, a machine asleep) begins it anew. Each thing counts once.
 */
export class Dwell {
  private at: string | null = null;
  private since = 0;
  private last = 0;
  private readonly counted = new Set<string>();
  private readonly forgotten = new Set<string>();
  private waiting: Seen[] = [];

  constructor(private readonly now: () => number) {}

  /** What is in the reader's focus now; null for nothing. */
  look(id: string | null) {
    const now = this.now();
    if (id !== this.at || now - this.last > GAP_MS) {
      this.at = id;
      this.since = now;
    }
    this.last = now;
    const ms = now - this.since;
    if (id === null || ms < READ_MS || this.counted.has(id)) return;
    this.counted.add(id);
    this.waiting.push({ contributionId: id, ms });
  }

  /** What is to be reported, once. */
  take(): Seen[] {
    const taken = this.waiting;
    this.waiting = [];
    return taken;
  }

  /** It could not be reported: it is reported again. */
  giveBack(seen: readonly Seen[]) {
    this.waiting.unshift(...seen);
  }

  /** The server has not counted it: it has to be read again, once; then it was counted elsewhere or never will be. */
  forget(id: string) {
    if (this.forgotten.has(id)) return;
    this.forgotten.add(id);
    this.counted.delete(id);
    if (this.at === id) this.since = this.now();
  }
}

/** What stands where on the screen. */
export interface Place {
  id: string;
  top: number;
  bottom: number;
}

/** What is nearest to the middle of the screen, of what stands on it. */
export function nearest(standing: readonly Place[], height: number): string | null {
  const middle = height / 2;
  let best: { id: string; far: number } | null = null;
  for (const { id, top, bottom } of standing) {
    if (bottom <= 0 || top >= height) continue;
    const far = top > middle ? top - middle : bottom < middle ? middle - bottom : 0;
    if (!best || far < best.far) best = { id, far };
  }
  return best?.id ?? null;
}

const idOf = (element: Element) => (element as HTMLElement).dataset['contribution'] ?? '';

interface Reading {
  /** Holds the things, each an element with `data-contribution`. */
  list: RefObject<HTMLElement | null>;
  /** What can be read: what one has written oneself, or read before, cannot. */
  isNew: (id: string) => boolean;
  /** Answers which of them the server has counted. */
  report: (seen: Seen[]) => Promise<readonly string[]>;
}

/** Reports what is read in a list, in small batches, while its tab is looked at. */
export function useDwell(reading: Reading) {
  const latest = useRef(reading);
  useEffect(() => {
    latest.current = reading;
  });
  useEffect(() => {
    const dwell = new Dwell(() => performance.now());
    const onScreen = new Set<Element>();
    const watched = new Set<Element>();
    const observer = new IntersectionObserver((entries) => {
      for (const { target, isIntersecting } of entries)
        if (isIntersecting) onScreen.add(target);
        else onScreen.delete(target);
    });
    const watch = () => {
      const now = new Set(latest.current.list.current?.querySelectorAll('[data-contribution]'));
      for (const element of now) if (!watched.has(element)) observer.observe(element);
      for (const element of watched)
        if (!now.has(element)) {
          observer.unobserve(element);
          onScreen.delete(element);
          watched.delete(element);
        }
      for (const element of now) watched.add(element);
    };
    const inFocus = (): string | null => {
      if (document.visibilityState !== 'visible') return null;
      // Under the keyboard's focus, or else in the middle.
      const held = document.activeElement?.closest('[data-contribution]');
      if (held && onScreen.has(held) && document.activeElement?.matches(':focus-visible')) return idOf(held);
      return nearest(
        [...onScreen].map((element) => {
          const { top, bottom } = element.getBoundingClientRect();
          return { id: idOf(element), top, bottom };
        }),
        window.innerHeight,
      );
    };
    const look = () => {
      watch();
      const id = inFocus();
      dwell.look(id !== null && latest.current.isNew(id) ? id : null);
    };
    let isReporting = false;
    const report = async () => {
      const seen = isReporting ? [] : dwell.take();
      if (!seen.length) return;
      isReporting = true;
      try {
        const counted = new Set(await latest.current.report(seen));
        for (const { contributionId } of seen) if (!counted.has(contributionId)) dwell.forget(contributionId);
      } catch {
        dwell.giveBack(seen);
      } finally {
        isReporting = false;
      }
    };
    const looking = setInterval(look, LOOK_MS);
    const reporting = setInterval(() => void report(), REPORT_MS);
    document.addEventListener('visibilitychange', look);
    return () => {
      clearInterval(looking);
      clearInterval(reporting);
      document.removeEventListener('visibilitychange', look);
      observer.disconnect();
      void report();
    };
  }, []);
}
