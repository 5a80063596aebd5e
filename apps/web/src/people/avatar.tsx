import type { ReactNode } from 'react';

export const shapes = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'] as const;
export const colours = ['#1f6f8b', '#2f7d4f', '#8a5a00', '#a2423d', '#6a4c93', '#3d5a80'] as const;

const drawn: Record<(typeof shapes)[number], ReactNode> = {
  a: <circle cx="20" cy="20" r="10" />,
  b: <rect x="11" y="11" width="18" height="18" rx="3" />,
  c: <path d="M20 9 L31 29 L9 29 Z" />,
  d: <path d="M20 8 L32 20 L20 32 L8 20 Z" />,
  e: <path d="M8 26 A12 12 0 0 1 32 26 Z" />,
  f: (
    <>
      <circle cx="14" cy="20" r="6" />
      <circle cx="26" cy="20" r="6" />
    </>
  ),
  g: <path d="M9 14 H31 V18 H9 Z M9 22 H31 V26 H9 Z" />,
  h: <path d="M17 9 H23 V17 H31 V23 H23 V31 H17 V23 H9 V17 H17 Z" />,
};

/** Somebody's picture, drawn from a shape and a colour; their first letter where they chose none. */
export function Avatar({ avatar, handle, size = 40 }: { avatar: string; handle: string; size?: number }) {
  const shape = shapes.find((name) => name === avatar[0]);
  const colour = colours[Number(avatar[1] ?? 1) - 1] ?? colours[0];
  return (
    <svg width={size} height={size} viewBox="0 0 40 40" aria-hidden="true">
      <rect width="40" height="40" rx="20" fill={shape ? colour : 'var(--parley-line)'} />
      {shape ? (
        <g fill="#fff">{drawn[shape]}</g>
      ) : (
        <text
          x="20"
          y="26"
          textAnchor="middle"
          fontSize="17"
          fontWeight="600"
          fill="var(--mantine-color-text)"
        >
          {[...handle][0]?.toUpperCase()}
        </text>
      )}
    </svg>
  );
}
