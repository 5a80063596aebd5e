import { Button, TextInput } from '@mantine/core';
import type { Pin } from '@parley/contracts/activities';
import type { Asset } from '@parley/contracts/media';
import { type KeyboardEvent, type MouseEvent, type PointerEvent, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { AssetShown } from '../platform/media';
import styles from './activities.module.css';

/** How far an arrow key moves a pin, as a share of the picture; with Shift a tenth of it. */
const STEP = 0.02;
const within = (share: number) => Math.min(1, Math.max(0, share));
const keys: Record<string, readonly [number, number]> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

interface PlaceFieldProps {
  asset: Asset;
  pins: readonly Pin[];
  most: number;
  onChange: (pins: Pin[]) => void;
}

/** Marks places on a picture: set by a tap, moved by dragging or by arrow keys, each with a word about it. */
export function PlaceField({ asset, pins, most, onChange }: PlaceFieldProps) {
  const { t } = useTranslation();
  const picture = useRef<HTMLDivElement>(null);
  const at = ({ clientX, clientY }: { clientX: number; clientY: number }) => {
    const box = picture.current!.getBoundingClientRect();
    return { x: within((clientX - box.left) / box.width), y: within((clientY - box.top) / box.height) };
  };
  const change = (place: number, part: Partial<Pin>) =>
    onChange(pins.map((pin, n) => (n === place ? { ...pin, ...part } : pin)));
  const add = (place: { x: number; y: number }) => {
    if (pins.length < most) onChange([...pins, { ...place, note: null }]);
  };
  const onKey = (event: KeyboardEvent, place: number) => {
    const way = keys[event.key];
    if (!way) return;
    event.preventDefault();
    const step = event.shiftKey ? STEP / 10 : STEP;
    const { x, y } = pins[place]!;
    change(place, { x: within(x + way[0] * step), y: within(y + way[1] * step) });
  };
  const drag = {
    onPointerDown: ({ currentTarget, pointerId }: PointerEvent) => currentTarget.setPointerCapture(pointerId),
    onPointerMove: (event: PointerEvent, place: number) => {
      if (event.currentTarget.hasPointerCapture(event.pointerId)) change(place, at(event));
    },
  };
  return (
    <div className={styles.placing}>
      <div
        ref={picture}
        className={styles.picture}
        onClick={(event: MouseEvent) => {
          if (!(event.target instanceof Element && event.target.closest('button'))) add(at(event));
        }}
      >
        <AssetShown asset={asset} />
        {pins.map((pin, place) => (
          <button
            key={place}
            type="button"
            className={styles.pin}
            style={{ left: `${pin.x * 100}%`, top: `${pin.y * 100}%` }}
            aria-label={t('activity.pin', {
              n: place + 1,
              x: Math.round(pin.x * 100),
              y: Math.round(pin.y * 100),
            })}
            onKeyDown={(event) => onKey(event, place)}
            onPointerDown={drag.onPointerDown}
            onPointerMove={(event) => drag.onPointerMove(event, place)}
          >
            {place + 1}
          </button>
        ))}
      </div>
      <p className={styles.quiet}>{t('activity.pinHow', { count: most })}</p>
      {pins.map((pin, place) => (
        <div key={place} className={styles.pinRow}>
          <TextInput
            label={t('activity.pinNote', { n: place + 1 })}
            maxLength={200}
            dir="auto"
            value={pin.note ?? ''}
            onChange={({ currentTarget }) => change(place, { note: currentTarget.value || null })}
          />
          <Button
            variant="subtle"
            color="gray"
            aria-label={t('activity.pinRemove', { n: place + 1 })}
            onClick={() => onChange(pins.filter((_, n) => n !== place))}
          >
            {t('activity.remove')}
          </Button>
        </div>
      ))}
      {pins.length < most && (
        <Button variant="default" w="fit-content" onClick={() => add({ x: 0.5, y: 0.5 })}>
          {t('activity.pinAdd')}
        </Button>
      )}
    </div>
  );
}
