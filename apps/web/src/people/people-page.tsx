import {
  Button,
  Checkbox,
  Group,
  NativeSelect,
  Stack,
  Text,
  Textarea,
  TextInput,
  Title,
} from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { CallError } from '@parley/client/http';
import { type ConsentText, FactDef, Purpose, type Segment } from '@parley/contracts/profile';
import { isCounted, type Rule } from '@parley/contracts/rule';
import { QuestionKind } from '@parley/contracts/screener';
import { type Ref, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../platform/format';
import { Loading, Nothing, useTitle } from '../platform/page';
import { usePlace } from '../platform/place';
import { Refusal } from '../platform/refusal';
import { useSegments } from '../platform/segments.data';
import { RuleEditor, useCounted, useRuleText } from '../platform/rule-editor';
import { difference } from './difference';
import { keyFor, optionsOf } from './fact-names';
import {
  useConsentTexts,
  useCount,
  useFactDefs,
  usePublishText,
  useSaveFactDef,
  useSegment,
} from './profile.data';
import styles from './profile.module.css';

/** What a manager keeps: groups of members, what is known of them, and what they are asked to agree to. */
export function PeoplePage() {
  const { t } = useTranslation();
  const { name } = usePlace().membership.community;
  const facts = useFactDefs();
  useTitle(t('members.title'), name);
  if (facts.error) return <Refusal error={facts.error} onRetry={() => void facts.refetch()} />;
  if (!facts.data) return <Loading />;
  return (
    <div className={styles.wide}>
      <Title order={1}>{t('members.title')}</Title>
      <Segments facts={facts.data} />
      <Facts facts={facts.data} />
      <Agreements />
    </div>
  );
}

/** Which one is being written. When that is over, the focus is on the button that began it. */
function useOneOpen() {
  const [open, setOpen] = useState<string | null>(null);
  const left = useRef<string | null>(null);
  return {
    open,
    begin: setOpen,
    done: () => {
      left.current = open;
      setOpen(null);
    },
    opener: (key: string) => (button: HTMLButtonElement | null) => {
      if (!button || left.current !== key) return;
      left.current = null;
      button.focus();
    },
  };
}

// --- segments ---

function Segments({ facts }: { facts: FactDef[] }) {
  const { t } = useTranslation();
  const segments = useSegments();
  const { open, begin, done, opener } = useOneOpen();
  return (
    <section className={styles.part} aria-label={t('members.segments')}>
      <Title order={2}>{t('members.segments')}</Title>
      <Text c="dimmed" maw="65ch">
        {t('members.segmentsHow')}
      </Text>
      {segments.error && <Refusal error={segments.error} onRetry={() => void segments.refetch()} />}
      {segments.isPending && <Loading />}
      {segments.data && !segments.data.length && (
        <Nothing>{t(facts.length ? 'members.noSegments' : 'members.noSegmentsYet')}</Nothing>
      )}
      <ul className={styles.rows}>
        {segments.data?.map((segment) => (
          <li key={segment.id}>
            {open === segment.id ? (
              <SegmentForm segment={segment} facts={facts} onDone={done} />
            ) : (
              <SegmentRow
                segment={segment}
                facts={facts}
                opener={opener(segment.id)}
                onOpen={() => begin(segment.id)}
              />
            )}
          </li>
        ))}
      </ul>
      {open === 'new' ? (
        <SegmentForm facts={facts} onDone={done} />
      ) : (
        <Button
          ref={opener('new')}
          className={styles.start}
          disabled={!facts.length}
          onClick={() => begin('new')}
        >
          {t('members.newSegment')}
        </Button>
      )}
    </section>
  );
}

/** How many, or why it is not said. */
function useCountText() {
  const { t } = useTranslation();
  return (count: number | null) => (count === null ? t('members.tooFew') : t('members.count', { count }));
}

interface SegmentRowProps {
  segment: Segment;
  facts: FactDef[];
  opener: Ref<HTMLButtonElement>;
  onOpen: () => void;
}

function SegmentRow({ segment, facts, opener, onOpen }: SegmentRowProps) {
  const { id, name, rule, frozenAt, count } = segment;
  const { t } = useTranslation();
  const { date } = useFormat();
  const say = useRuleText([...facts, ...useCounted()]);
  const countText = useCountText();
  const change = useSegment();
  const [isSure, setSure] = useState(false);
  return (
    <>
      <div className={styles.fact}>
        <Text fw={600}>{name}</Text>
        <Text>{countText(count)}</Text>
        <Text className={styles.small}>{say(rule)}</Text>
        {frozenAt && <Text className={styles.small}>{t('members.frozen', { date: date(frozenAt) })}</Text>}
        <Refusal error={change.error} />
      </div>
      <Group gap="sm">
        {!frozenAt && (
          <Button
            ref={opener}
            variant="default"
            aria-label={t('members.changeOf', { name })}
            onClick={onOpen}
          >
            {t('profile.change')}
          </Button>
        )}
        {isSure ? (
          <>
            <Button
              variant="default"
              c="var(--mantine-color-error)"
              loading={change.isPending}
              onClick={() => change.mutate({ segmentId: id })}
            >
              {t('members.forgetNow')}
            </Button>
            {/* Pressing the same key twice deletes nothing. */}
            <Button autoFocus variant="default" onClick={() => setSure(false)}>
              {t('profile.cancel')}
            </Button>
          </>
        ) : (
          <Button variant="subtle" aria-label={t('members.forgetOf', { name })} onClick={() => setSure(true)}>
            {t('members.forget')}
          </Button>
        )}
      </Group>
    </>
  );
}

function SegmentForm({
  segment,
  facts,
  onDone,
}: {
  segment?: Segment;
  facts: FactDef[];
  onDone: () => void;
}) {
  const { t } = useTranslation();
  const save = useSegment();
  const counted = useCounted();
  const countText = useCountText();
  const [segmentId] = useState(() => segment?.id ?? crypto.randomUUID());
  const [name, setName] = useState(segment?.name ?? '');
  const [rule, setRule] = useState<Rule>(segment?.rule ?? []);
  const [settled] = useDebouncedValue(rule, 300);
  const count = useCount(settled);
  // Whoever is asked would be out of it again: they are chosen once.
  const isOnce = rule.some(isCounted);
  const isGood = name.trim() !== '' && rule.length > 0;
  const submit = (freeze: boolean) => save.mutate({ segmentId, name, rule, freeze }, { onSuccess: onDone });
  return (
    <section className={styles.card} aria-label={name || t('members.newSegment')}>
      <TextInput
        autoFocus
        label={t('members.name')}
        value={name}
        maxLength={80}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <RuleEditor value={rule} facts={[...facts, ...counted]} onChange={setRule} />
      <Text role="status">
        {rule.length > 0 && (count.data === undefined ? t('quotas.counting') : countText(count.data))}
      </Text>
      <Refusal error={save.error ?? count.error} />
      <Group gap="sm">
        {!isOnce && (
          <Button disabled={!isGood} loading={save.isPending} onClick={() => submit(false)}>
            {t('profile.save')}
          </Button>
        )}
        <Button
          variant={isOnce ? 'filled' : 'default'}
          disabled={!isGood}
          loading={isOnce && save.isPending}
          onClick={() => submit(true)}
        >
          {t('members.freeze')}
        </Button>
        <Button variant="default" onClick={onDone}>
          {t('profile.cancel')}
        </Button>
      </Group>
      <Text className={styles.small}>{t(isOnce ? 'members.onceHow' : 'members.freezeHow')}</Text>
    </section>
  );
}

// --- facts ---

function Facts({ facts }: { facts: FactDef[] }) {
  const { t } = useTranslation();
  const { open, begin, done, opener } = useOneOpen();
  return (
    <section className={styles.part} aria-label={t('members.facts')}>
      <Title order={2}>{t('members.facts')}</Title>
      <Text c="dimmed" maw="65ch">
        {t('members.factsHow')}
      </Text>
      {!facts.length && <Nothing>{t('members.noFacts')}</Nothing>}
      <ul className={styles.rows}>
        {facts.map((def) => (
          <li key={def.key}>
            {open === def.key ? (
              <FactForm def={def} facts={facts} onDone={done} />
            ) : (
              <>
                <div className={styles.fact}>
                  <Text fw={600}>{def.label}</Text>
                  <Text className={styles.small}>
                    {[
                      t(`screener.kind.${def.kind}`),
                      def.editable ? t('members.editable') : t('members.notEditable'),
                      def.sensitive && t('members.sensitive'),
                    ]
                      .filter(Boolean)
                      .join(' · ')}
                  </Text>
                  {def.options.length > 0 && (
                    <Text className={styles.small}>{def.options.map(({ label }) => label).join(', ')}</Text>
                  )}
                </div>
                <Button
                  ref={opener(def.key)}
                  variant="default"
                  aria-label={t('members.changeOf', { name: def.label })}
                  onClick={() => begin(def.key)}
                >
                  {t('profile.change')}
                </Button>
              </>
            )}
          </li>
        ))}
      </ul>
      {open === 'new' ? (
        <FactForm facts={facts} onDone={done} />
      ) : (
        <Button ref={opener('new')} variant="default" className={styles.start} onClick={() => begin('new')}>
          {t('members.newFact')}
        </Button>
      )}
    </section>
  );
}

interface FactFormProps {
  def?: FactDef;
  facts: FactDef[];
  onDone: () => void;
}

function FactForm({ def, facts, onDone }: FactFormProps) {
  const { t } = useTranslation();
  const save = useSaveFactDef();
  const [form, setForm] = useState<FactDef>(
    def ?? { key: '', label: '', kind: 'single', options: [], editable: true, sensitive: false },
  );
  const [lines, setLines] = useState(form.options.map(({ label }) => label).join('\n'));
  const chooses = form.kind === 'single' || form.kind === 'multiple';
  const key = def?.key ?? keyFor(form.label, facts);
  const options = chooses ? optionsOf(lines, form.options) : [];
  const checked = FactDef.safeParse({ ...form, key, options });
  const isGood = checked.success && (!chooses || options.length >= 2);
  return (
    <section className={styles.card} aria-label={form.label || t('members.newFact')}>
      <TextInput
        autoFocus
        label={t('members.label')}
        value={form.label}
        maxLength={80}
        onChange={(event) => setForm({ ...form, label: event.currentTarget.value })}
      />
      {!def && (
        <NativeSelect
          label={t('members.kind')}
          value={form.kind}
          data={QuestionKind.options.map((value) => ({ value, label: t(`screener.kind.${value}`) }))}
          onChange={(event) => setForm({ ...form, kind: QuestionKind.parse(event.currentTarget.value) })}
        />
      )}
      {chooses && (
        <Textarea
          label={t('members.options')}
          description={t('members.optionsHow')}
          error={
            save.error instanceof CallError && save.error.body.fields?.['options'] && t('members.optionsKept')
          }
          autosize
          minRows={3}
          value={lines}
          onChange={(event) => setLines(event.currentTarget.value)}
        />
      )}
      <Checkbox
        label={t('members.mayEdit')}
        checked={form.editable}
        onChange={(event) => setForm({ ...form, editable: event.currentTarget.checked })}
      />
      <Checkbox
        label={t('members.isSensitive')}
        checked={form.sensitive}
        onChange={(event) => setForm({ ...form, sensitive: event.currentTarget.checked })}
      />
      <Refusal error={save.error} />
      <Group gap="sm">
        <Button
          disabled={!isGood}
          loading={save.isPending}
          onClick={() => checked.data && save.mutate(checked.data, { onSuccess: onDone })}
        >
          {t('profile.save')}
        </Button>
        <Button variant="default" onClick={onDone}>
          {t('profile.cancel')}
        </Button>
      </Group>
    </section>
  );
}

// --- agreements ---

function Agreements() {
  const { t } = useTranslation();
  const texts = useConsentTexts();
  return (
    <section className={styles.part} aria-label={t('members.agreements')}>
      <Title order={2}>{t('members.agreements')}</Title>
      <Text c="dimmed" maw="65ch">
        {t('members.agreementsHow')}
      </Text>
      {texts.error && <Refusal error={texts.error} onRetry={() => void texts.refetch()} />}
      {texts.isPending && <Loading />}
      <ul className={styles.rows}>
        {texts.data &&
          Purpose.options.map((purpose) => (
            <li key={purpose}>
              <Agreement purpose={purpose} text={texts.data.find((one) => one.purpose === purpose)} />
            </li>
          ))}
      </ul>
    </section>
  );
}

function Agreement({ purpose, text }: { purpose: Purpose; text: ConsentText | undefined }) {
  const { t } = useTranslation();
  const { date } = useFormat();
  const publish = usePublishText();
  const { begin, done, opener } = useOneOpen();
  const [draft, setDraft] = useState<string | null>(null);
  const close = () => {
    done();
    setDraft(null);
  };
  const name = t(`door.consent.${purpose}`);
  const version = text?.version ?? 0;
  return (
    <>
      <div className={styles.fact}>
        <Text fw={600}>{name}</Text>
        <Text className={styles.small}>
          {text ? t('members.version', { version, date: date(text.since) }) : t('members.noText')}
          {text?.required && ` · ${t('members.required')}`}
        </Text>
        {draft === null && text && (
          <details>
            <summary className={styles.summary}>{t('profile.text', { version })}</summary>
            <Text className={styles.body} dir="auto">
              {text.body}
            </Text>
          </details>
        )}
      </div>
      {draft === null ? (
        <Button
          ref={opener(purpose)}
          variant="default"
          aria-label={t('members.writeOf', { name })}
          onClick={() => {
            begin(purpose);
            setDraft(text?.body ?? '');
          }}
        >
          {t('members.write')}
        </Button>
      ) : (
        <Stack gap="sm" w="100%">
          <Textarea
            autoFocus
            label={t('members.nextText', { name })}
            autosize
            minRows={4}
            maxLength={4_000}
            value={draft}
            onChange={(event) => setDraft(event.currentTarget.value)}
          />
          {text && <Changes before={text.body} after={draft} />}
          <Text className={styles.small}>{t('members.nextHow')}</Text>
          <Refusal error={publish.error} />
          <Group gap="sm">
            <Button
              disabled={!draft.trim() || draft === text?.body}
              loading={publish.isPending}
              onClick={() => publish.mutate({ purpose, basedOn: version, body: draft }, { onSuccess: close })}
            >
              {t('screener.publish', { version: version + 1 })}
            </Button>
            <Button variant="default" onClick={close}>
              {t('profile.cancel')}
            </Button>
          </Group>
        </Stack>
      )}
    </>
  );
}

/** What the next version changes, word by word; not in colours alone. */
function Changes({ before, after }: { before: string; after: string }) {
  const { t } = useTranslation();
  // The field stays quick under the fingers, however long the text.
  const [settled] = useDebouncedValue(after, 300);
  const pieces = useMemo(() => difference(before, settled.trim()), [before, settled]);
  if (!settled.trim() || pieces.every(({ is }) => is === 'kept')) return null;
  return (
    <section className={styles.changes} aria-label={t('members.changes')}>
      <Text fw={500}>{t('members.changes')}</Text>
      <Text className={styles.body} dir="auto">
        {pieces.map(({ is, text }, at) =>
          is === 'kept' ? (
            <span key={at}>{text}</span>
          ) : is === 'added' ? (
            <ins key={at}>{text}</ins>
          ) : (
            <del key={at}>{text}</del>
          ),
        )}
      </Text>
    </section>
  );
}
