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
} from '@mantine/core';
import { CallError } from '@parley/client/http';
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
import { useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Loading, useTitle } from '../platform/page';
import { usePlace } from '../platform/place';
import { Refusal } from '../platform/refusal';
import { QuestionEditor } from './question-editor';
import {
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
const AGES = Array.from({ length: 13 }, (_, at) => String(13 + at));

/** The screener: its questions, and beside them what a candidate sees. */
export function ScreenerPage() {
  const { t } = useTranslation();
  const screener = useScreener();
  const { community } = usePlace().membership;
  useTitle(t('screener.page'), community.name);
  if (screener.error) return <Refusal error={screener.error} onRetry={() => void screener.refetch()} />;
  if (!screener.data) return <Loading />;
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
  const [draft, setDraft] = useState<Draft>(
    () => keptDraft(communityId) ?? { basedOn: stands.version, body: stands.body },
  );
  const [isChecked, setChecked] = useState(false);
  const [removed, setRemoved] = useState<{ question: Question; at: number } | null>(null);
  const list = useRef<HTMLOListElement>(null);
  const { body, basedOn } = draft;
  const { questions } = body;
  const isChanged = JSON.stringify(body) !== JSON.stringify(stands.body);
  const isStale = publish.error instanceof CallError && publish.error.code === 'door.stale';
  const problems = useMemo(() => problemsOf(body), [body]);

  const write = (next: Partial<ScreenerBody>) => {
    const changed = { basedOn, body: { ...body, ...next } };
    setDraft(changed);
    keepDraft(communityId, changed);
  };
  const setQuestions = (next: Question[]) => write({ questions: next });
  const add = (kind: QuestionKind) => {
    setQuestions([...questions, newQuestion(kind)]);
    // Where the writing goes on.
    requestAnimationFrame(() => list.current?.lastElementChild?.querySelector('input')?.focus());
  };
  const load = () => {
    keepDraft(communityId, null);
    setDraft({ basedOn: stands.version, body: stands.body });
    setChecked(false);
    publish.reset();
  };
  const send = (from: number) => {
    setChecked(true);
    if (problems.size) return;
    publish.mutate(
      { basedOn: from, body },
      {
        onSuccess: (next) => {
          keepDraft(communityId, null);
          setDraft({ basedOn: next.version, body: next.body });
          setChecked(false);
        },
      },
    );
  };

  return (
    <div className={styles.builder}>
      <div className={styles.form}>
        <Title order={2}>{t('screener.page')}</Title>
        <Text c="dimmed">
          {stands.version ? t('screener.stands', { version: stands.version }) : t('screener.none')}
          {isChanged && ` ${t('screener.changed')}`}
        </Text>
        <div className={styles.pair}>
          <NativeSelect
            label={t('screener.minAge')}
            description={t('screener.minAgeHow')}
            data={AGES}
            value={String(body.minAge)}
            onChange={(event) => write({ minAge: Number(event.currentTarget.value) })}
          />
        </div>
        <Textarea
          label={t('screener.intro')}
          autosize
          minRows={2}
          value={body.intro}
          error={isChecked && problems.has('intro') && t('screener.problem.other')}
          onChange={(event) => write({ intro: event.currentTarget.value })}
        />
        {!questions.length && <Text c="dimmed">{t('screener.empty')}</Text>}
        <ol className={styles.cards} ref={list}>
          {questions.map((question, at) => (
            <li key={question.id}>
              <QuestionEditor
                question={question}
                place={at}
                of={questions.length}
                earlier={questions.slice(0, at)}
                facts={facts}
                problems={isChecked ? within(problems, `questions.${at}.`) : nothing}
                onChange={(next) =>
                  setQuestions(questions.map((each) => (each.id === next.id ? next : each)))
                }
                onMove={(by) => setQuestions(moved(questions, at, at + by))}
                onCopy={() =>
                  setQuestions([
                    ...questions.slice(0, at + 1),
                    { ...question, id: crypto.randomUUID() },
                    ...questions.slice(at + 1),
                  ])
                }
                onRemove={() => {
                  setRemoved({ question, at });
                  setQuestions(questions.filter(({ id }) => id !== question.id));
                }}
              />
            </li>
          ))}
        </ol>
        <div role="status">
          {removed && (
            <Group gap="sm">
              <Text>{t('screener.removed')}</Text>
              <Button
                variant="default"
                onClick={() => {
                  const { question, at } = removed;
                  setQuestions([...questions.slice(0, at), question, ...questions.slice(at)]);
                  setRemoved(null);
                }}
              >
                {t('screener.undo')}
              </Button>
            </Group>
          )}
        </div>
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
          error={isChecked && problems.has('openQuestion') && t('screener.problem.other')}
          onChange={(event) => write({ openQuestion: event.currentTarget.value })}
        />
        <div className={styles.foot}>
          {isChecked && problems.size > 0 && (
            <Text role="alert" c="error">
              {t('screener.problems', { count: problems.size })}
            </Text>
          )}
          {isStale ? (
            <Alert role="alert" variant="default">
              <Text>{t('error.door.stale')}</Text>
              <Group gap="sm" mt="xs">
                <Button variant="default" onClick={load}>
                  {t('screener.loadNewer')}
                </Button>
                <Button onClick={() => send(stands.version)}>{t('screener.overNewer')}</Button>
              </Group>
            </Alert>
          ) : (
            <Refusal error={publish.error} />
          )}
          <Group gap="sm">
            <Button loading={publish.isPending} disabled={!isChanged} onClick={() => send(basedOn)}>
              {t('screener.publish', { version: basedOn + 1 })}
            </Button>
            {isChanged && (
              <Button variant="default" onClick={load}>
                {t('screener.discard')}
              </Button>
            )}
          </Group>
          <Text size="sm" c="dimmed">
            {t('screener.keeps')}
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

const nothing: ReadonlyMap<string, string> = new Map();
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
