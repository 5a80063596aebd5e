import { Skeleton, Stack, Text, VisuallyHidden } from '@mantine/core';
import { type ReactNode, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';

/** Names the browser tab. Never with the name of an asset: tabs are seen by others. */
export function useTitle(...parts: (string | undefined)[]) {
  const title = [...parts.filter(Boolean), 'Parley'].join(' · ');
  useEffect(() => {
    document.title = title;
  }, [title]);
}

/** Something is on its way: shapes of what will come, and after a moment a word about it. */
export function Loading({ what, lines = 3 }: { what?: string; lines?: number }) {
  const { t } = useTranslation();
  const [long, setLong] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLong(true), 300);
    return () => clearTimeout(timer);
  }, []);
  const words = what ?? t('page.loading');
  return (
    <Stack gap="sm" aria-busy="true">
      {long ? (
        <Text role="status" c="dimmed">
          {words}
        </Text>
      ) : (
        <VisuallyHidden role="status">{words}</VisuallyHidden>
      )}
      {Array.from({ length: lines }, (_, line) => (
        <Skeleton key={line} height={18} width={line === lines - 1 ? '60%' : '100%'} animate={false} />
      ))}
    </Stack>
  );
}

/** Says what will be here and who starts it. */
export const Nothing = ({ children }: { children: ReactNode }) => (
  <Text c="dimmed" maw="60ch">
    {children}
  </Text>
);
