import type { Named } from '@parley/contracts/contributions';
import type { ReactNode } from 'react';
import styles from './feed.module.css';

const initials = (name: string) =>
  name
    .split(/\s+/)
    .flatMap((part) => [...part][0] ?? [])
    .slice(0, 2)
    .join('')
    .toUpperCase();

/** Who answers for it: a face of initials, name and office; below it what is said of when. */
export function Face({ by, children }: { by: Named; children?: ReactNode }) {
  return (
    <div className={styles.face}>
      <span className={styles.initials} aria-hidden="true">
        {initials(by.name)}
      </span>
      <span className={styles.faceWords}>
        <span>
          <strong>{by.name}</strong>
          {by.title && <span className={styles.office}>{by.title}</span>}
        </span>
        {children && <span className={styles.small}>{children}</span>}
      </span>
    </div>
  );
}
