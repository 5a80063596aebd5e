import type { KeyboardEvent, PointerEvent } from 'react';
import { useRef } from 'react';

interface DialProps {
  /** Null until it is moved for the first time. */
  value: number | null;
  onChange: (value: number) => void;
  label: string;
  /** What 0 and 100 mean. */
  ends: readonly [low: string, high: string];
  /** The value in words, also read aloud. */
  describe: (value: number | null) => string;
  upright?: boolean;
  /** Five places to choose from instead of a hundred and one, for hands that shake. */
  fivePoints?: boolean;
  disabled?: boolean;
}

const between = (value: number) => Math.min(100, Math.max(0, Math.round(value)));

/** The value after a key, or null where the key is not the dial's. */
export function afterKey(key: string, value: number, step: number, rightToLeft = false): number | null {
  const forward = rightToLeft ? 'ArrowLeft' : 'ArrowRight';
  const back = rightToLeft ? 'ArrowRight' : 'ArrowLeft';
  const leap = Math.max(10, step);
  if (key === 'ArrowUp' || key === forward) return between(value + step);
  if (key === 'ArrowDown' || key === back) return between(value - step);
  if (key === 'PageUp') return between(value + leap);
  if (key === 'PageDown') return between(value - leap);
  if (key === 'Home') return 0;
  if (key === 'End') return 100;
  return null;
}

/** A slider from 0 to 100 for the thumb: touch anywhere on it and move. */
export function Dial(props: DialProps) {
  const { value, onChange, label, ends, describe, upright = false, fivePoints = false, disabled } = props;
  const track = useRef<HTMLDivElement>(null);
  const step = fivePoints ? 25 : 1;
  const set = (next: number) => onChange(between(Math.round(next / step) * step));
  const isRightToLeft = () => !!track.current && getComputedStyle(track.current).direction === 'rtl';

  const follow = (event: PointerEvent) => {
    const box = track.current?.getBoundingClientRect();
    if (!box || disabled) return;
    if (upright) return set((1 - (event.clientY - box.top) / box.height) * 100);
    const along = (event.clientX - box.left) / box.width;
    set((isRightToLeft() ? 1 - along : along) * 100);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const next = afterKey(event.key, value ?? 50, step, isRightToLeft());
    if (next === null || disabled || event.metaKey || event.ctrlKey || event.altKey) return;
    event.preventDefault();
    set(next);
  };

  return (
    <div
      className="parley-dial"
      data-upright={upright || undefined}
      data-untouched={value === null || undefined}
    >
      <div
        className="parley-dial-touch"
        role="slider"
        tabIndex={disabled ? -1 : 0}
        aria-label={label}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={value ?? 50}
        aria-valuetext={describe(value)}
        aria-orientation={upright ? 'vertical' : 'horizontal'}
        aria-disabled={disabled}
        onKeyDown={onKeyDown}
        onPointerDown={(event) => {
          if (event.button !== 0) return;
          event.currentTarget.setPointerCapture?.(event.pointerId);
          follow(event);
        }}
        onPointerMove={(event) => {
          if (event.currentTarget.hasPointerCapture?.(event.pointerId)) follow(event);
        }}
      >
        <div className="parley-dial-track" ref={track} style={{ ['--at' as string]: (value ?? 50) / 100 }}>
          <div className="parley-dial-fill" />
          {fivePoints &&
            [0, 25, 50, 75, 100].map((point) => (
              <div key={point} className="parley-dial-point" style={{ ['--point' as string]: point / 100 }} />
            ))}
          <div className="parley-dial-thumb" />
        </div>
      </div>
      <div className="parley-dial-words" aria-hidden="true">
        <span>{ends[0]}</span>
        <strong>{describe(value)}</strong>
        <span>{ends[1]}</span>
      </div>
    </div>
  );
}
