import { Mood } from '@parley/contracts/live';
import { Dial } from '@parley/ui/dial';
import { useTranslation } from 'react-i18next';
import { Face } from './moods';
import styles from './stage.module.css';

interface ReactBarProps {
  dial: number | null;
  mood: Mood | null;
  disabled: boolean;
  onDial: (value: number) => void;
  onMood: (mood: Mood) => void;
}

/** The thumb's own: five moods and the dial. */
export function ReactBar({ dial, mood, disabled, onDial, onMood }: ReactBarProps) {
  const { t } = useTranslation();
  return (
    <div className={styles.react}>
      <div className={styles.moods} role="group" aria-label={t('moods.label')}>
        {Mood.options.map((each) => (
          <button
            key={each}
            type="button"
            className={styles.mood}
            aria-label={t(`mood.${each}`)}
            aria-pressed={mood === each}
            disabled={disabled}
            onClick={() => onMood(each)}
          >
            <Face mood={each} />
            <small aria-hidden="true">{t(`mood.${each}`)}</small>
          </button>
        ))}
      </div>
      <Dial
        value={dial}
        onChange={onDial}
        disabled={disabled}
        label={t('dial.label')}
        ends={[t('dial.low'), t('dial.high')]}
        describe={(value) => (value === null ? t('dial.untouched') : t('dial.value', { value }))}
      />
    </div>
  );
}
