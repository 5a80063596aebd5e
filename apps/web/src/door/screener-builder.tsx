import {
  Alert,
  Button,
  Group,
  Menu,
  NativeSelect,
  Stack,
  Text,
  Textarea,
  TextInput,
  Title,
  VisuallyHidden,
} from '@mantine/core';
import type { FactDef } from '@parley/contracts/profile';
import {
  type AskedQuestion,
  type Leads,
  leadsTo,
  type Question,
  QuestionKind,
  QUESTIONS_MAX,
  type ScreenerBody,
} from '@parley/contracts/screener';
import IconPlus from '@tabler/icons-react/dist/esm/icons/IconPlus.mjs';
import { Fragment, useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Loading, useTitle } from '../platform/page';
import { usePlace } from '../platform/place';
import { Refusal } from '../platform/refusal';
import { useAnswering } from './desk.data';
import { QuestionEditor } from './question-editor';
import {
  copyOf,
  type Draft,
  keepDraft,
  keptDraft,
  moved,
  newQuestion,
  problemsOf,
  usePublishScreener,
  useScreener,
} from './screener.data';
import { ScreenerRun } from './screener-run';
import styles from './screener.module.css';

/** More than these are answered by few. */
const MANY = 8;
/** After this a list is drawn anew, and a menu that closes has given the focus back. */
const DRAWN_MS = 40;
const AGES = Array.from({ length: 13 }, (_, at) => String(13 + at));

/** The screener: its questions, and beside them what a candidate sees. */
export function ScreenerPage() {
  const { t } = useTranslation();
  const screener = useScreener();
  const { community } = usePlace().membership;
  useTitle(t('screener.page'), community.name);
  if (!screener.data)
    return screener.error ? (
      <Refusal error={screener.error} onRetry={() => void screener.refetch()} />
    ) : (
      <Loading />
    );
  const { screener: stands, facts } = screener.data;
  return <Builder key={community.id} communityId={community.id} stands={stands} facts={facts} />;
}

interface BuilderProps {
  communityId: string;
  stands: { version: number; body: ScreenerBody };
  facts: FactDef[];
}

function Builder({ communityId, stands, facts }: BuilderProps) {
  const { t } = useTranslation();
  const publish = usePublishScreener();
  const answering = useAnswering();
  // Null while nothing is being changed: then what stands is shown, also when somebody else changes it.
  const [draft, setDraft] = useState<Draft | null>(() => keptDraft(communityId));
  const [isChecked, setChecked] = useState(false);
  /** Questions that the manager has left: what is wrong with them may be said. */
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set());
  const [removed, setRemoved] = useState<{ question: Question; at: number } | null>(null);
  const [told, setTold] = useState('');
  const list = useRef<HTMLOListElement>(null);
  const page = useRef<HTMLDivElement>(null);
  const body = draft?.body ?? stands.body;
  const basedOn = draft?.basedOn ?? stands.version;
  const { questions } = body;
  const isChanged = draft !== null && JSON.stringify(body) !== JSON.stringify(stands.body);
  const isStale = isChanged && basedOn !== stands.version;
  const problems = useMemo(() => problemsOf(body), [body]);

  const write = (next: Partial<ScreenerBody>) => {
    const changed = { basedOn: isChanged ? basedOn : stands.version, body: { ...body, ...next } };
    const isSame = JSON.stringify(changed.body) === JSON.stringify(stands.body);
    setDraft(isSame ? null : changed);
    keepDraft(communityId, isSame ? null : changed);
    if (publish.isSuccess || publish.isError) publish.reset();
  };
  const setQuestions = (next: Question[]) => {
    setTold('');
    write({ questions: next });
  };
  /** Goes on writing in the question at a place of the list, once it is drawn. */
  const goTo = (at: number) =>
    setTimeout(() => {
      const question = list.current?.querySelectorAll('[data-question]')[at];
      question?.querySelector('input')?.focus();
    }, DRAWN_MS);
  const add = (kind: QuestionKind) => {
    setRemoved(null);
    setQuestions([...questions, newQuestion(kind)]);
    goTo(questions.length);
  };
  const move = (at: number, by: -1 | 1) => {
    const to = at + by;
    if (to < 0 || to >= questions.length) return;
    const { activeElement } = document;
    setQuestions(moved(questions, at, to));
    setTold(t('screener.moved', { place: to + 1, count: questions.length }));
    // What is moved in the page loses the focus, and so does a button that nothing is left to do for.
    requestAnimationFrame(() => {
      const tool = activeElement as HTMLButtonElement | null;
      if (tool?.isConnected && !tool.disabled) tool.focus();
      else goTo(to);
    });
  };
  const remove = (at: number) => {
    setRemoved({ question: questions[at]!, at });
    setQuestions(questions.filter((_, place) => place !== at));
  };
  const undo = () => {
    if (!removed) return;
    const { question, at } = removed;
    setQuestions([...questions.slice(0, at), question, ...questions.slice(at)]);
    setRemoved(null);
    goTo(at);
  };
  const load = () => {
    keepDraft(communityId, null);
    setDraft(null);
    setChecked(false);
    setRemoved(null);
    publish.reset();
  };
  const send = (from: number) => {
    setChecked(true);
    if (problems.size) {
      // Where the first of them is.
      requestAnimationFrame(() => page.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus());
      return;
    }
    publish.mutate(
      { basedOn: from, body },
      {
        onSuccess: () => {
          keepDraft(communityId, null);
          setDraft(null);
          setChecked(false);
          setRemoved(null);
        },
      },
    );
  };
  /** Moves break what depends on the order: that is said at once, all else when the question is left. */
  const problemsAt = (at: number, id: string) => {
    const found = within(problems, `questions.${at}.`);
    if (isChecked || left.has(id)) return found;
    return new Map([...found].filter(([field]) => field.startsWith('askedIf')));
  };

  return (
    <div className={styles.builder} ref={page}>
      <div className={styles.form}>
        <Title order={2}>{t('screener.page')}</Title>
        <Text c="dimmed">
          {stands.version ? t('screener.stands', { version: stands.version }) : t('screener.none')}
          {isChanged && ` ${t('screener.changed')}`}
        </Text>
        {isStale && (
          <Alert role="alert" variant="default">
            <Text>{t('screener.stale', { version: stands.version })}</Text>
            <Group gap="sm" mt="xs">
              <Button variant="default" onClick={load}>
                {t('desk.loadNewer')}
              </Button>
              <Button variant="default" loading={publish.isPending} onClick={() => send(stands.version)}>
                {t('desk.overNewer')}
              </Button>
            </Group>
          </Alert>
        )}
        <NativeSelect
          label={t('screener.minAge')}
          description={t('screener.minAgeHow')}
          data={AGES}
          value={String(body.minAge)}
          onChange={(event) => write({ minAge: Number(event.currentTarget.value) })}
        />
        <Textarea
          label={t('screener.intro')}
          autosize
          minRows={2}
          value={body.intro}
          error={problems.has('intro') && t('screener.problem.other')}
          onChange={(event) => write({ intro: event.currentTarget.value })}
        />
        {!questions.length && !removed && <Text c="dimmed">{t('screener.empty')}</Text>}
        <ol className={styles.cards} ref={list}>
          {questions.map((question, at) => (
            <Fragment key={question.id}>
              {removed?.at === at && <Removed onUndo={undo} />}
              <li
                data-question
                onBlur={({ currentTarget, relatedTarget }) => {
                  if (isWritingIn(relatedTarget) && !currentTarget.contains(relatedTarget))
                    setLeft((before) => new Set(before).add(question.id));
                }}
              >
                <QuestionEditor
                  question={question}
                  place={at}
                  of={questions.length}
                  earlier={questions.slice(0, at)}
                  facts={facts}
                  problems={problemsAt(at, question.id)}
                  onChange={(next) =>
                    setQuestions(questions.map((each) => (each.id === next.id ? next : each)))
                  }
                  onMove={(by) => move(at, by)}
                  onCopy={() => {
                    setRemoved(null);
                    setQuestions([
                      ...questions.slice(0, at + 1),
                      copyOf(question),
                      ...questions.slice(at + 1),
                    ]);
                    goTo(at + 1);
                  }}
                  onRemove={() => remove(at)}
                />
              </li>
            </Fragment>
          ))}
          {removed && removed.at >= questions.length && <Removed onUndo={undo} />}
        </ol>
        <VisuallyHidden role="status">{told}</VisuallyHidden>
        <Menu position="bottom-start" withinPortal={false}>
          <Menu.Target>
            <Button
              variant="default"
              className={styles.start}
              leftSection={<IconPlus size={18} aria-hidden />}
              disabled={questions.length >= QUESTIONS_MAX}
            >
              {t('screener.add')}
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            {QuestionKind.options.map((kind) => (
              <Menu.Item key={kind} onClick={() => add(kind)}>
                {t(`screener.kind.${kind}`)}
              </Menu.Item>
            ))}
          </Menu.Dropdown>
        </Menu>
        {questions.length > MANY && (
          <Text role="status" className={styles.warning}>
            {t('screener.many', { count: questions.length })}
          </Text>
        )}
        <TextInput
          label={t('screener.openQuestion')}
          description={t('screener.openQuestionHow')}
          value={body.openQuestion}
          error={problems.has('openQuestion') && t('screener.problem.other')}
          onChange={(event) => write({ openQuestion: event.currentTarget.value })}
        />
        <div className={styles.foot}>
          {isChecked && problems.size > 0 && (
            <Text role="alert" c="var(--mantine-color-error)">
              {t('screener.problems', { count: problems.size })}
            </Text>
          )}
          <Refusal error={isStale ? null : publish.error} />
          <Group gap="sm">
            <Button
              loading={publish.isPending}
              disabled={!isChanged || isStale}
              onClick={() => send(basedOn)}
            >
              {t('screener.publish', { version: stands.version + 1 })}
            </Button>
            {isChanged && (
              <Button variant="default" onClick={load}>
                {t('screener.discard')}
              </Button>
            )}
          </Group>
          <Text size="sm" c="dimmed">
            {answering && stands.version
              ? t('screener.answering', { count: answering })
              : t('screener.keeps')}
          </Text>
          <div role="status">
            {publish.isSuccess && !isChanged && (
              <Text>{t('screener.published', { version: stands.version })}</Text>
            )}
          </div>
        </div>
      </div>
      <Preview body={body} />
    </div>
  );
}

/**
 * What is wrong takes room. Below a button that is being pressed it would move the button away under the pointer, so
 * it is said when the writing goes on in another field, and not on the way to a button.
 */
const isWritingIn = (target: EventTarget | null): target is HTMLElement =>
  target instanceof HTMLElement && target.matches('textarea, select, input:not([type=checkbox])');

/** Stands where a question was, until the next one is removed. */
function Removed({ onUndo }: { onUndo: () => void }) {
  const { t } = useTranslation();
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => button.current?.focus(), []);
  return (
    <li className={styles.removed}>
      <Text role="status">{t('screener.removed')}</Text>
      <Button ref={button} variant="default" onClick={onUndo}>
        {t('screener.undo')}
      </Button>
    </li>
  );
}

/** The problems below a place, by what is left of their own. */
const within = (problems: ReadonlyMap<string, string>, place: string): ReadonlyMap<string, string> =>
  new Map(
    [...problems].flatMap(([path, text]) =>
      path.startsWith(place) ? [[path.slice(place.length), text]] : [],
    ),
  );

/** What a candidate sees, and where their answers would lead. */
function Preview({ body }: { body: ScreenerBody }) {
  const { t } = useTranslation();
  const [run, setRun] = useState(0);
  // Of the questions as they were then; after a change it says nothing any more.
  const [outcome, setOutcome] = useState<{ leads: Leads; of: readonly Question[] } | null>(null);
  const { questions } = body;
  const asked = useMemo(() => questions.map(shownOf), [questions]);
  const leads = outcome?.of === questions ? outcome.leads : null;
  const again = () => {
    setOutcome(null);
    setRun((before) => before + 1);
  };
  const kinds = questions.map(({ id, kind }) => `${id}${kind}`).join();
  return (
    <aside className={styles.preview} aria-label={t('screener.preview')}>
      <Group justify="space-between">
        <Text fw={600}>{t('screener.preview')}</Text>
        <Button variant="subtle" onClick={again}>
          {t('screener.again')}
        </Button>
      </Group>
      <div className={styles.phone}>
        {!asked.length ? (
          <Text c="dimmed">{t('screener.previewEmpty')}</Text>
        ) : leads ? (
          <Stack gap="sm" role="status">
            <Text>{t('screener.leadTo')}</Text>
            <Text fw={650} size="lg">
              {t(`screener.leadsTo.${leads}`)}
            </Text>
          </Stack>
        ) : (
          <ScreenerRun
            key={`${run} ${kinds}`}
            questions={asked}
            intro={body.intro}
            isPreview
            onDone={(answers) => setOutcome({ leads: leadsTo(questions, answers), of: questions })}
          />
        )}
      </div>
    </aside>
  );
}

/** What a candidate gets of a question, half-written as it may be. */
function shownOf({ options, within: _within, fact: _fact, title, ...shown }: Question): AskedQuestion {
  return { ...shown, title: title || '…', options: options.map(({ value, label }) => ({ value, label })) };
}
