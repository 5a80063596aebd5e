import styles from './choices.module.css';

interface ChoicesProps<V extends string> {
  /** Names the group. */
  label: string;
  value: V;
  choices: readonly { value: V; label: string }[];
  onChange: (value: V) => void;
}

/** One of a few ways to look at the same; where they do not fit beside each other, the row is moved by the thumb. */
export function Choices<V extends string>({ label, value, choices, onChange }: ChoicesProps<V>) {
  return (
    <div role="group" aria-label={label} className={styles.choices}>
      {choices.map((choice) => (
        <button
          key={choice.value}
          type="button"
          className={styles.choice}
          aria-pressed={choice.value === value}
          onClick={() => onChange(choice.value)}
        >
          {choice.label}
        </button>
      ))}
    </div>
  );
}
