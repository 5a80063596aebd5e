import styles from './name-mark.module.css';
import { useNow } from './realtime';

/** Whose screen this is, over the whole asset; it stands elsewhere every few seconds, so that no crop removes it. */
export function NameMark({ text }: { text: string }) {
  const place = Math.floor(useNow(8_000) / 8_000) % 4;
  return (
    <div className={styles.mark} data-place={place} aria-hidden="true">
      {Array.from({ length: 24 }, (_, index) => (
        <span key={index} data-text={text} />
      ))}
    </div>
  );
}
