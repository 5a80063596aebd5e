import { Mood, type Moods } from '@parley/contracts/live';
import IconMoodConfused from '@tabler/icons-react/dist/esm/icons/IconMoodConfused.mjs';
import IconMoodHeart from '@tabler/icons-react/dist/esm/icons/IconMoodHeart.mjs';
import IconMoodSad from '@tabler/icons-react/dist/esm/icons/IconMoodSad.mjs';
import IconMoodSmile from '@tabler/icons-react/dist/esm/icons/IconMoodSmile.mjs';
import IconMoodSurprised from '@tabler/icons-react/dist/esm/icons/IconMoodSurprised.mjs';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../platform/format';
import styles from './live.module.css';

/** How each mood looks. Drawn, because emoji differ from phone to phone and are missing on some screens. */
const faces = {
  love: IconMoodHeart,
  like: IconMoodSmile,
  surprised: IconMoodSurprised,
  confused: IconMoodConfused,
  dislike: IconMoodSad,
} satisfies Record<Mood, unknown>;

/** The face of a mood; its name always stands with it. */
export function Face({ mood, size = 26 }: { mood: Mood; size?: number }) {
  const Icon = faces[mood];
  return <Icon size={size} stroke={1.6} aria-hidden />;
}

/** How often each mood was tapped. */
export function MoodCounts({ moods, large }: { moods: Moods; large?: boolean }) {
  const { t } = useTranslation();
  const { number } = useFormat();
  return (
    <ul className={styles.moodCounts} data-large={large || undefined} aria-label={t('moods.counts')}>
      {Mood.options.map((mood) => (
        <li key={mood}>
          <Face mood={mood} size={large ? 30 : 20} />
          <span>{t(`mood.${mood}`)}</span>
          <strong>{number(moods[mood])}</strong>
        </li>
      ))}
    </ul>
  );
}
