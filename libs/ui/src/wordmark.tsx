/** The product's mark: two speech marks that face each other. Decoration; its name stands beside it as text. */
export function Wordmark({ size = 24 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d="M3 6.5A2.5 2.5 0 0 1 5.5 4H11v9H6.6L3 16.4z" fill="var(--mantine-primary-color-filled)" />
      <path d="M21 10.5A2.5 2.5 0 0 0 18.5 8H13v9h4.4l3.6 3.4z" fill="currentColor" />
    </svg>
  );
}
