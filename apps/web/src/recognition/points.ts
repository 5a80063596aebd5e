import { useTranslation } from 'react-i18next';

/** Points as they are written, without more places than they are worth. */
export function usePoints() {
  const { i18n } = useTranslation();
  const format = new Intl.NumberFormat(i18n.language === 'en' ? 'en-GB' : i18n.language, {
    maximumFractionDigits: 1,
  });
  return (points: number) => format.format(points);
}
