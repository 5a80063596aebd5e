import { Button, Group, Text, Textarea } from '@mantine/core';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useOpener } from './opener';

interface SureProps {
  /** The button that asks. */
  label: string;
  /** Where the label alone does not say of what. */
  'aria-label'?: string;
  /** What would happen, and who would be told. */
  question: string;
  yes: string;
  no: string;
  /** `close` where the question does not go with what it was about. */
  onYes: (close: () => void) => void;
  isPending: boolean;
  /** It cannot be taken back. */
  isGrave?: boolean;
  /** What has to be said before it is done. */
  children?: ReactNode;
}

/** Asks once, in place, before something that others are told or that cannot be taken back. */
export function Sure(props: SureProps) {
  const { label, question, yes, no, onYes, isPending, isGrave, children } = props;
  const name = props['aria-label'] ?? label;
  const [isAsked, setAsked] = useState(false);
  const opener = useOpener(isAsked);
  const text = useRef<HTMLParagraphElement>(null);
  useEffect(() => {
    if (isAsked) text.current?.focus();
  }, [isAsked]);
  if (!isAsked)
    return (
      <Button ref={opener} variant="default" w="fit-content" aria-label={name} onClick={() => setAsked(true)}>
        {label}
      </Button>
    );
  return (
    <form
      aria-label={name}
      noValidate
      style={{ display: 'grid', gap: 12, width: '100%' }}
      onSubmit={(event) => {
        event.preventDefault();
        onYes(() => setAsked(false));
      }}
    >
      <Text ref={text} tabIndex={-1} maw="60ch" style={{ outline: 'none' }}>
        {question}
      </Text>
      {children}
      <Group gap="sm">
        <Button
          type="submit"
          variant={isGrave ? 'default' : 'filled'}
          {...(isGrave && { c: 'var(--mantine-color-error)' })}
          loading={isPending}
        >
          {yes}
        </Button>
        <Button variant="default" onClick={() => setAsked(false)}>
          {no}
        </Button>
      </Group>
    </form>
  );
}

interface SureWhyProps extends Omit<SureProps, 'onYes' | 'children'> {
  maxLength: number;
  /** Of the field, where the question alone does not ask for a reason. */
  words?: string;
  /** What is said where nothing is written. */
  takes?: string;
  onYes: (because: string) => void;
}

/** The same, and why: nothing is done without a word. */
export function SureWhy({ maxLength, words, takes, onYes, ...sure }: SureWhyProps) {
  const { t } = useTranslation();
  const field = useRef<HTMLTextAreaElement>(null);
  const [because, setBecause] = useState('');
  const [isTried, setTried] = useState(false);
  return (
    <Sure
      {...sure}
      onYes={() => {
        setTried(true);
        if (because.trim()) onYes(because);
        else field.current?.focus();
      }}
    >
      <Textarea
        ref={field}
        {...(words ? { label: words } : { 'aria-label': sure.question })}
        maxLength={maxLength}
        autosize
        minRows={2}
        dir="auto"
        value={because}
        error={isTried && !because.trim() ? (takes ?? t('write.empty')) : undefined}
        onChange={({ currentTarget: { value } }) => setBecause(value)}
      />
    </Sure>
  );
}
