import { Alert, Text, Title } from '@mantine/core';
import { CallError } from '@parley/client/http';
import type { ErrorCode } from '@parley/contracts/errors';
import IconAlertCircle from '@tabler/icons-react/dist/esm/icons/IconAlertCircle.mjs';
import { type ReactNode, useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { Refusal } from '../platform/refusal';
import styles from './door.module.css';

interface StepTitleProps {
  /** A small line above it that is read as part of it. */
  above?: string;
  id?: string;
  order?: 1 | 2 | 3;
  /** A step that follows another begins here, for the eye and for a screen reader. */
  takesFocus?: boolean;
  children: ReactNode;
}

/** What a step is about. */
export function StepTitle({ above, id, order = 1, takesFocus = true, children }: StepTitleProps) {
  const title = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (!takesFocus) return;
    if (order === 1) window.scrollTo(0, 0);
    title.current?.focus({ preventScroll: true });
  }, [takesFocus, order]);
  return (
    <Title order={order} ref={title} tabIndex={-1} className={styles.title} {...(id && { id })}>
      {above && <span className={styles.above}>{above} </span>}
      <span dir="auto">{children}</span>
    </Title>
  );
}

/** The button of a step and what belongs to it: at the bottom, where the thumb is. */
export const Foot = ({ children }: { children: ReactNode }) => <div className={styles.foot}>{children}</div>;

/** How much of the way is done: a line of words and a quiet bar. `within` is the part of the present step. */
export function Progress({ place, of, within }: { place: number; of: number; within: number }) {
  const { t } = useTranslation();
  return (
    <div className={styles.progress}>
      <Text role="status" size="sm" c="dimmed">
        {t('door.step', { place, of })}
      </Text>
      <div className={styles.bar} aria-hidden="true">
        {Array.from({ length: of }, (_, at) => (
          <span key={at} data-done={at < place - 1 || undefined}>
            {at === place - 1 && <span style={{ inlineSize: `${Math.round(within * 100)}%` }} />}
          </span>
        ))}
      </div>
    </div>
  );
}

interface TroubleProps {
  error: unknown;
  /** Codes that mean something of their own here, with the words for it; an empty text says it elsewhere. */
  says?: Partial<Record<ErrorCode, string>>;
}

/** Why a step could not be taken. */
export function Trouble({ error, says = {} }: TroubleProps) {
  const own = error instanceof CallError ? says[error.code] : undefined;
  if (own === undefined) return <Refusal error={error} />;
  if (!own) return null;
  return (
    <Alert
      role="alert"
      variant="default"
      icon={<IconAlertCircle aria-hidden />}
      styles={{ root: { background: 'var(--parley-error-ground)', borderColor: 'transparent' } }}
    >
      <Text>{own}</Text>
    </Alert>
  );
}
