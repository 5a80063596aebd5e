import { Button, Group, Text } from '@mantine/core';
import { type ReactNode, useEffect, useRef, useState } from 'react';

interface SureProps {
  /** The button that asks. */
  label: string;
  /** Where the label alone does not say of what. */
  'aria-label'?: string;
  /** What would happen. */
  question: string;
  yes: string;
  no: string;
  onYes: () => void;
  isPending: boolean;
  /** More to say before it is done. */
  children?: ReactNode;
}

/** Asks once, in place, before something that cannot be taken back. */
export function Sure({ label, question, yes, no, onYes, isPending, children, ...named }: SureProps) {
  /** Null before it was asked. */
  const [isAsked, setAsked] = useState<boolean | null>(null);
  const opener = useRef<HTMLButtonElement>(null);
  const text = useRef<HTMLParagraphElement>(null);
  useEffect(() => {
    if (isAsked !== null) (isAsked ? text : opener).current?.focus();
  }, [isAsked]);
  if (!isAsked)
    return (
      <Button
        ref={opener}
        variant="default"
        w="fit-content"
        aria-label={named['aria-label'] ?? label}
        onClick={() => setAsked(true)}
      >
        {label}
      </Button>
    );
  return (
    <div role="group" aria-label={named['aria-label'] ?? label} style={{ flex: '1 1 100%' }}>
      <Text ref={text} tabIndex={-1} mb="xs" style={{ outline: 'none' }}>
        {question}
      </Text>
      {children}
      <Group gap="sm">
        <Button variant="default" c="var(--mantine-color-error)" loading={isPending} onClick={onYes}>
          {yes}
        </Button>
        <Button variant="default" onClick={() => setAsked(false)}>
          {no}
        </Button>
      </Group>
    </div>
  );
}
