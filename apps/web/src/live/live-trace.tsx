import type { Cue, Trace as TraceData } from '@parley/contracts/live';
import { Trace } from '@parley/ui/trace';
import { useTranslation } from 'react-i18next';
import { clock, useFormat } from '../platform/format';

/** The highest and the lowest second, with their n; null where nobody held the dial. */
export function extremes({ mean, n }: Pick<TraceData, 'mean' | 'n'>) {
  const held = mean.flatMap((value, second) =>
    value === null ? [] : [{ second, value, n: n[second] ?? 0 }],
  );
  const [one] = held;
  if (!one) return null;
  return {
    high: held.reduce((best, each) => (each.value > best.value ? each : best), one),
    low: held.reduce((best, each) => (each.value < best.value ? each : best), one),
    nFrom: Math.min(...held.map((each) => each.n)),
    nTo: Math.max(...held.map((each) => each.n)),
  };
}

/** The trace of one round of a cue. */
export function LiveTrace({ cue, trace, at }: { cue: Cue; trace: TraceData | null; at?: number | null }) {
  const { t } = useTranslation();
  const { number } = useFormat();
  const found = trace && extremes(trace);
  const seconds = Math.max(cue.asset?.durationSeconds || trace?.mean.length || 0, 10);
  const say = (end: { second: number; value: number; n: number }) => ({
    clock: clock(end.second),
    mean: number(end.value),
    n: number(end.n),
  });
  return (
    <Trace
      mean={trace?.mean ?? []}
      n={trace?.n ?? []}
      seconds={seconds}
      at={at ?? null}
      label={t('trace.label')}
      summary={
        found
          ? [
              t('trace.high', say(found.high)),
              t('trace.low', say(found.low)),
              t('trace.n', { from: number(found.nFrom), to: number(found.nTo) }),
            ].join(' ')
          : t('trace.none')
      }
      words={{
        open: t('trace.table'),
        second: t('trace.second'),
        mean: t('trace.mean'),
        n: t('trace.people'),
      }}
      clock={clock}
      number={number}
    />
  );
}
