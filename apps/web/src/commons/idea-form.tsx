import { Button, Textarea, TextInput } from '@mantine/core';
import { TITLE_MAX } from '@parley/contracts/commons';
import { type IdeaParts, ideaParts, type IdeaPlace, neededParts } from '@parley/contracts/ideas';
import type { Attaching } from '@parley/contracts/media';
import { type FormEvent, type ReactNode, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAttaching } from '../platform/attaching';
import { readKept, writeKept } from '../platform/kept';
import { Refusal } from '../platform/refusal';
import shared from './commons.module.css';
import { kindOf } from './idea-words';

export interface IdeaText {
  title: string;
  parts: IdeaParts;
}

const empty: IdeaText = { title: '', parts: { situation: '', struggle: '', outcome: '', idea: '' } };

/** Texts as they were kept in this browser, or else as they are. */
function keptOr(name: string, first: IdeaText): IdeaText {
  try {
    const kept: unknown = JSON.parse(readKept(name) ?? 'null');
    return kept ? { ...first, ...(kept as IdeaText) } : first;
  } catch {
    return first;
  }
}

interface IdeaFormProps {
  /** Under which what is typed is kept. */
  name: string;
  label: string;
  place: IdeaPlace;
  first?: IdeaText;
  send: string;
  isPending: boolean;
  error: unknown;
  /** Told of the title as it is typed. */
  onTitle?: (title: string) => void;
  /** Photos and films may go with it. */
  takesFiles?: boolean;
  onSend: (text: IdeaText, sent: () => void, files: Attaching[]) => void;
  onCancel?: () => void;
  /** What else is asked, between the texts and the button. */
  children?: ReactNode;
  /** Stands after the title. */
  aside?: ReactNode;
}

/** The form of an idea: the why before the what. Each letter is kept until it is in. */
export function IdeaForm(props: IdeaFormProps) {
  const { name, label, place, first = empty, send, isPending, error, onTitle, onSend, onCancel } = props;
  const { takesFiles = false } = props;
  const { t } = useTranslation();
  const [text, setText] = useState(() => keptOr(name, first));
  const [isTried, setTried] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  const kind = kindOf(place);
  const shownParts = kind === 'suggestions' ? (['idea'] as const) : ideaParts;
  const isNeeded = (part: keyof IdeaParts) => neededParts[kind].includes(part);
  const write = (next: IdeaText) => {
    setText(next);
    writeKept(name, JSON.stringify(next));
  };
  const parts = Object.fromEntries(
    ideaParts.map((part) => [part, text.parts[part].trim()]),
  ) as unknown as IdeaParts;
  const attaching = useAttaching(name, (files) =>
    onSend(
      { title: text.title, parts },
      () => {
        writeKept(name, '');
        attaching.clear();
      },
      files,
    ),
  );
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    const isMissing = !text.title.trim() || shownParts.some((part) => isNeeded(part) && !parts[part]);
    if (isMissing) {
      setTimeout(() => form.current?.querySelector<HTMLElement>('[aria-invalid=true]')?.focus());
      return;
    }
    attaching.send();
  };
  return (
    <form ref={form} className={shared.form} onSubmit={submit} noValidate aria-label={label}>
      <TextInput
        label={t('idea.form.title')}
        maxLength={TITLE_MAX}
        dir="auto"
        value={text.title}
        error={isTried && !text.title.trim() ? t('write.empty') : undefined}
        onChange={({ currentTarget: { value } }) => {
          write({ ...text, title: value });
          onTitle?.(value);
        }}
      />
      {props.aside}
      {shownParts.map((part) => (
        <Textarea
          key={part}
          label={t(`idea.part.${kind}.${part}`)}
          withAsterisk={isNeeded(part)}
          maxLength={1_500}
          autosize
          minRows={2}
          maxRows={12}
          dir="auto"
          value={text.parts[part]}
          error={isTried && isNeeded(part) && !text.parts[part].trim() ? t('idea.form.needed') : undefined}
          onChange={({ currentTarget: { value } }) =>
            write({ ...text, parts: { ...text.parts, [part]: value } })
          }
        />
      ))}
      {takesFiles && attaching.field}
      {props.children}
      <Refusal error={error} />
      <div className={shared.row}>
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
