import { useTranslation } from 'react-i18next';

/** Points as they are written, without more places than they are worth. */
export function usePoints() {
  const { i18n } = useTranslation();
  const format = new Intl.NumberFormat(i18n.language === 'en' ? 'en-GB' : i18n.language, {
    maximumFractionDigits: 1,
  });
  return (points: number) => format.format(points);
}

/** The level and the points that lead to it, in words. */
export function useLevel() {
  const { t } = useTranslation();
  const points = usePoints();
  return (level: number, score: number) =>
    `${t('standing.level', { level })} · ${t('standing.points', { count: Math.round(score * 10) / 10, points: points(score) })}`;
}
