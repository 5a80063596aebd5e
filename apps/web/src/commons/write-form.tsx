import { Button, Text, Textarea, VisuallyHidden } from '@mantine/core';
import { lengthOf } from '@parley/contracts/text';
import type { Attaching } from '@parley/contracts/media';
import { type FormEvent, type ReactNode, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAttaching } from '../platform/attaching';
import { useDraft } from '../platform/kept';
import { Refusal } from '../platform/refusal';
import styles from './commons.module.css';

interface WriteFormProps {
  /** Under which what is typed is kept. */
  name: string;
  label: string;
  first?: string;
  most: number;
  send: string;
  isPending: boolean;
  error: unknown;
  autoFocus?: boolean;
  children?: ReactNode;
  /** Who can be spoken to: offered after an @. */
  names?: readonly string[];
  /** Photos and films may go with it. */
  takesFiles?: boolean;
  onSend: (text: string, sent: () => void, files: Attaching[]) => void;
  onCancel?: () => void;
}

/** Where something is written; each letter is kept until it is in. */
export function WriteForm(props: WriteFormProps) {
  const {
    name,
    label,
    first = '',
    most,
    send,
    isPending,
    error,
    autoFocus = false,
    children,
    names = [],
    takesFiles = false,
    onSend,
    onCancel,
  } = props;
  const { t } = useTranslation();
  const [kept, write] = useDraft(name);
  const [isTouched, setTouched] = useState(kept !== '');
  const [problem, setProblem] = useState('');
  const attaching = useAttaching(name, (files) =>
    onSend(
      text.trim(),
      () => {
        write('');
        setTouched(false);
        attaching.clear();
      },
      files,
    ),
  );
  const field = useRef<HTMLTextAreaElement>(null);
  const text = isTouched ? kept : first;
  const left = most - lengthOf(text);
  const [caret, setCaret] = useState(0);
  const begun = /(?:^|\s)@([^\n@]{0,40})$/u.exec(text.slice(0, caret))?.[1]?.toLowerCase();
  const fits =
    begun === undefined
      ? []
      : names.filter((one) => one.toLowerCase().startsWith(begun) && one.length > begun.length).slice(0, 5);
  const speakTo = (one: string) => {
    const before = `${text.slice(0, caret - begun!.length)}${one} `;
    setTouched(true);
    write(before + text.slice(caret));
    setCaret(before.length);
    field.current?.focus();
    // Once React has written it.
    requestAnimationFrame(() => field.current?.setSelectionRange(before.length, before.length));
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const body = text.trim();
    const wrong = !body ? t('write.empty') : left < 0 ? t('write.tooLong', { count: -left }) : '';
    setProblem(wrong);
    if (wrong) field.current?.focus();
    else attaching.send();
  };
  return (
    <form className={styles.form} onSubmit={submit} noValidate aria-label={label}>
      {children}
      <Textarea
        ref={field}
        label={label}
        autosize
        minRows={2}
        maxRows={14}
        dir="auto"
        autoFocus={autoFocus}
        value={text}
        error={problem}
        onChange={({ currentTarget }) => {
          setTouched(true);
          setProblem('');
          write(currentTarget.value);
          setCaret(currentTarget.selectionStart);
        }}
        onSelect={({ currentTarget }) => setCaret(currentTarget.selectionStart)}
      />
      <VisuallyHidden role="status">
        {fits.length > 0 && t('write.namesFit', { count: fits.length })}
      </VisuallyHidden>
      {fits.length > 0 && (
        <div role="group" aria-label={t('write.names')} className={styles.row}>
          {fits.map((one) => (
            <Button key={one} variant="default" size="compact-md" mih={44} onClick={() => speakTo(one)}>
              <bdi>{`@${one}`}</bdi>
            </Button>
          ))}
        </div>
      )}
      {left < most / 5 && (
        <Text size="xs" c="dimmed">
          {left < 0 ? t('write.tooLong', { count: -left }) : t('write.left', { count: left })}
        </Text>
      )}
      {takesFiles && attaching.field}
      <Refusal error={error} />
      <div className={styles.row}>
        <Button type="submit" loading={isPending || attaching.isWaiting}>
          {send}
        </Button>
        {onCancel && (
          <Button variant="default" onClick={onCancel}>
            {t('activity.cancel')}
          </Button>
        )}
      </div>
    </form>
  );
}
