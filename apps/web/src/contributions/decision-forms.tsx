import { Button, Group, Kbd, Radio, Text, Textarea } from '@mantine/core';
import { COMMENT_MAX } from '@parley/contracts/contributions';
import type { Decision, DeskItem, PolicyReason } from '@parley/contracts/moderation';
import type { Locale } from '@parley/contracts/people';
import { lengthOf } from '@parley/contracts/text';
import { type KeyboardEvent, type ReactNode, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Deciding } from './desk.data';
import styles from './desk.module.css';

/** What takes more than one key. */
export type FormKind = 'return' | 'decline' | 'merge' | 'split' | 'reword' | 'spelling';

const NOTE_MAX = 1_000;
const PARTS_MOST = 6;

/** A text that outlives the form, so that nothing typed is lost when an item is left and looked at again. */
export interface Draft {
  text: string | undefined;
  write: (text: string | undefined) => void;
}

interface FormProps {
  /** What it is about: one item, or all that are selected. */
  items: readonly DeskItem[];
  draft: Draft;
  isPending: boolean;
  /** What was refused, in words. */
  problem: ReactNode;
  onDecide: (decidings: Deciding[]) => void;
  onClose: () => void;
}

interface FrameProps extends Pick<FormProps, 'isPending' | 'problem' | 'onClose'> {
  title: string;
  submit: string;
  onSubmit: () => void;
  /** Chooses by number, where there is something to choose. */
  onDigit?: (digit: number) => void;
  children: ReactNode;
}

/** Stands under the item, never over it: Escape leaves it, Enter sends it, in a text together with Ctrl. */
function FormFrame({ title, submit, isPending, problem, onSubmit, onDigit, onClose, children }: FrameProps) {
  const { t } = useTranslation();
  const form = useRef<HTMLFormElement>(null);
  // Where one begins: what is chosen, or the text.
  useEffect(() => {
    const first = form.current?.querySelector<HTMLElement>('input:checked, input, textarea');
    first?.focus();
    if (first instanceof HTMLTextAreaElement) first.setSelectionRange(first.value.length, first.value.length);
  }, []);
  const onKeyDown = (event: KeyboardEvent<HTMLFormElement>) => {
    const isWriting = event.target instanceof HTMLTextAreaElement;
    if (event.key === 'Escape') onClose();
    else if (event.key === 'Enter' && isWriting && (event.ctrlKey || event.metaKey)) onSubmit();
    else if (onDigit && !isWriting && /^[1-9]$/.test(event.key)) {
      onDigit(Number(event.key));
      form.current?.querySelectorAll<HTMLElement>('input[type=radio]')[Number(event.key) - 1]?.focus();
    } else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <form
      ref={form}
      className={styles.form}
      aria-label={title}
      onKeyDown={onKeyDown}
      onSubmit={(event) => {
        event.preventDefault();
        onSubmit();
      }}
    >
      <h3>{title}</h3>
      {children}
      {problem}
      <Group gap="sm">
        <Button type="submit" loading={isPending}>
          {submit}
        </Button>
        <Button variant="default" onClick={onClose}>
          {t('moderate.cancel')}
        </Button>
        <Text size="xs" c="dimmed" className={styles.formKeys}>
          {t(onDigit ? 'moderate.form.keysChoose' : 'moderate.form.keysWrite')}
        </Text>
      </Group>
    </form>
  );
}

/** The text that an author gets with a reason, in their language. */
function useNotes() {
  const { i18n } = useTranslation();
  return (action: 'return' | 'decline' | 'uphold', locale: Locale, reason: PolicyReason | null) =>
    i18n.getFixedT(locale)(`moderate.note.${action}`, { reason: reason?.[locale] ?? '' });
}

/** Which decision fits an item: an appeal is upheld, what was set aside is hidden. */
export function refusing(
  item: Pick<DeskItem, 'moderation'>,
  kind: 'return' | 'decline',
  reason: string,
  note: string | null,
): Decision {
  if (kind === 'return') return { action: 'return', reason, note };
  if (item.moderation === 'appealed') return { action: 'uphold', note };
  return { action: item.moderation === 'frozen' ? 'hide' : 'decline', reason, note };
}

/** Items that the same decision fits, together. */
export function groupByDecision(
  items: readonly DeskItem[],
  decisionOf: (item: DeskItem) => Decision,
): Deciding[] {
  const groups = new Map<string, { items: DeskItem[]; decision: Decision }>();
  for (const item of items) {
    const decision = decisionOf(item);
    const key = JSON.stringify(decision);
    const group = groups.get(key);
    if (group) group.items.push(item);
    else groups.set(key, { items: [item], decision });
  }
  return [...groups.values()];
}

interface RefuseFormProps extends FormProps {
  kind: 'return' | 'decline';
  reasons: readonly PolicyReason[];
}

/** Sends back or declines, with a reason of the policy and what the author is told. */
export function RefuseForm({ kind, items, reasons, draft, onDecide, ...frame }: RefuseFormProps) {
  const { t, i18n } = useTranslation();
  const noteOf = useNotes();
  const language: Locale = i18n.language === 'de' ? 'de' : 'en';
  const [key, setKey] = useState<string | null>(null);
  const [isAsked, setAsked] = useState(false);
  const reason = reasons.find((each) => each.key === key) ?? null;
  const isUphold = kind === 'decline' && items.every(({ moderation }) => moderation === 'appealed');
  const locales = [...new Set(items.map(({ locale }) => locale))];
  const shownIn = locales.length === 1 ? locales[0]! : language;
  const action = isUphold ? 'uphold' : kind;
  const isReady = isUphold || reason !== null;
  const generated = isReady ? noteOf(action, shownIn, reason) : '';
  const note = draft.text ?? generated;
  const tooLong = lengthOf(note) - NOTE_MAX;
  const send = () => {
    setAsked(true);
    if (!isReady || tooLong > 0) return;
    onDecide(
      groupByDecision(items, (item) => {
        const of = kind === 'decline' && item.moderation === 'appealed' ? 'uphold' : kind;
        const text = draft.text ?? noteOf(of, item.locale, reason);
        return refusing(item, kind, reason?.key ?? '', text.trim() || null);
      }),
    );
  };
  const count = items.length;
  return (
    <FormFrame
      {...frame}
      title={t(`moderate.form.${action}`, { count })}
      submit={t(`moderate.do.${action}`, { count })}
      onSubmit={send}
      {...(!isUphold && { onDigit: (digit: number) => setKey((was) => reasons[digit - 1]?.key ?? was) })}
    >
      {!isUphold && (
        <Radio.Group
          label={t('moderate.reason')}
          value={key}
          onChange={setKey}
          error={isAsked && !reason && t('moderate.reasonMissing')}
        >
          <div className={styles.choices}>
            {reasons.map((each, at) => (
              <Radio
                key={each.key}
                value={each.key}
                label={
                  <span className={styles.choice}>
                    <Kbd aria-hidden>{at + 1}</Kbd>
                    <span>{each[language]}</span>
                  </span>
                }
              />
            ))}
          </div>
        </Radio.Group>
      )}
      <Textarea
        label={t('moderate.note')}
        description={
          locales.length > 1
            ? t('moderate.noteEach')
            : t('moderate.noteIn', { language: t(`moderate.in.${shownIn}`) })
        }
        lang={shownIn}
        dir="auto"
        autosize
        minRows={3}
        maxRows={10}
        value={note}
        error={tooLong > 0 && t('write.tooLong', { count: tooLong })}
        onChange={(event) => draft.write(event.currentTarget.value)}
      />
    </FormFrame>
  );
}

/** Puts one into another that says the same. */
export function MergeForm({ items, onDecide, draft: _, ...frame }: FormProps) {
  const { t } = useTranslation();
  const [item] = items;
  const [into, setInto] = useState(item?.alike[0]?.id ?? null);
  if (!item) return null;
  return (
    <FormFrame
      {...frame}
      title={t('moderate.form.merge')}
      submit={t('moderate.do.merge')}
      onDigit={(digit) => setInto((was) => item.alike[digit - 1]?.id ?? was)}
      onSubmit={() => into && onDecide([{ items: [item], decision: { action: 'merge', into } }])}
    >
      <Radio.Group label={t('moderate.mergeInto')} value={into} onChange={setInto}>
        <div className={styles.choices}>
          {item.alike.map(({ id, body }, at) => (
            <Radio
              key={id}
              value={id}
              label={
                <span className={styles.choice}>
                  <Kbd aria-hidden>{at + 1}</Kbd>
                  <span dir="auto">{body}</span>
                </span>
              }
            />
          ))}
        </div>
      </Radio.Group>
    </FormFrame>
  );
}

/** The parts that a text falls into at its empty lines. */
export const partsOf = (text: string) =>
  text
    .split(/\n\s*\n/)
    .map((part) => part.trim())
    .filter(Boolean);

/** Makes several of one: an empty line parts them. */
export function SplitForm({ items, draft, onDecide, ...frame }: FormProps) {
  const { t } = useTranslation();
  const [isAsked, setAsked] = useState(false);
  const [item] = items;
  if (!item) return null;
  const text = draft.text ?? item.body;
  const parts = partsOf(text);
  const problem =
    parts.length < 2 || parts.length > PARTS_MOST
      ? t('moderate.splitParts', { most: PARTS_MOST })
      : parts.some((part) => lengthOf(part) > COMMENT_MAX) && t('moderate.splitLong');
  return (
    <FormFrame
      {...frame}
      title={t('moderate.form.split')}
      submit={t('moderate.do.split', { count: parts.length })}
      onSubmit={() => {
        setAsked(true);
        if (!problem) onDecide([{ items: [item], decision: { action: 'split', parts } }]);
      }}
    >
      <Textarea
        label={t('moderate.split')}
        description={t('moderate.splitHow')}
        dir="auto"
        autosize
        minRows={4}
        maxRows={14}
        value={text}
        error={isAsked && problem}
        onChange={(event) => draft.write(event.currentTarget.value)}
      />
      {parts.length > 1 && (
        <ol className={styles.parts} aria-label={t('moderate.splitPreview')}>
          {parts.map((part, at) => (
            <li key={at} dir="auto">
              {part}
            </li>
          ))}
        </ol>
      )}
    </FormFrame>
  );
}

/** Puts it into other words, or mends no more than a slip of the pen. */
export function WordsForm({
  kind,
  items,
  draft,
  onDecide,
  ...frame
}: FormProps & { kind: 'reword' | 'spelling' }) {
  const { t } = useTranslation();
  const [isAsked, setAsked] = useState(false);
  const [item] = items;
  if (!item) return null;
  const text = draft.text ?? item.body;
  const body = text.trim();
  const tooLong = lengthOf(body) - COMMENT_MAX;
  const problem =
    body === item.body || !body
      ? t('moderate.unchanged')
      : tooLong > 0 && t('write.tooLong', { count: tooLong });
  return (
    <FormFrame
      {...frame}
      title={t(`moderate.form.${kind}`)}
      submit={t(`moderate.do.${kind}`)}
      onSubmit={() => {
        setAsked(true);
        if (!problem) onDecide([{ items: [item], decision: { action: kind, body } }]);
      }}
    >
      <Textarea
        label={t('moderate.words')}
        description={t(`moderate.words.${kind}`)}
        dir="auto"
        autosize
        minRows={3}
        maxRows={14}
        value={text}
        error={isAsked && problem}
        onChange={(event) => draft.write(event.currentTarget.value)}
      />
    </FormFrame>
  );
}
