import type { Named } from '@parley/contracts/contributions';
import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';

/** A person with their office, where they have one: "Maria Kessler (VP Product)". */
export function useNamed() {
  const { t } = useTranslation();
  return useCallback(
    ({ name, title }: Named): string => (title ? t('fate.who', { name, title }) : name),
    [t],
  );
}
