import { Button, Text } from '@mantine/core';
import {
  Answers,
  type AnswerProblem,
  type AskedQuestion,
  askedOf,
  problemOf,
} from '@parley/contracts/screener';
import type { FactValue } from '@parley/contracts/rule';
import IconArrowLeft from '@tabler/icons-react/dist/esm/icons/IconArrowLeft.mjs';
import { type FormEvent, type ReactNode, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { readKept, writeKept } from '../platform/kept';
import styles from './door.module.css';
import { QuestionField } from './question-field';
import { Foot } from './step';

/** How long a choice is seen before the next question comes. The second half of a double tap falls into it. */
const SEEN_MS = 220;

interface ScreenerRunProps {
  questions: readonly AskedQuestion[];
  /** Stands before the first question. */
  intro?: string;
  /** Name under which this browser keeps the answers until they are sent; without one they are not kept. */
  keepAs?: string;
  onDone: (answers: Answers) => void;
  /** How much is done, 0 to 1. */
  onMove?: (done: number) => void;
  isSending?: boolean;
  /** Why they could not be sent. */
  trouble?: ReactNode;
  /** Beside a form: no heading of the page, and no focus. */
  isPreview?: boolean;
}

/** The questions of a screener, one at a time, and at the end the answers. Asks no server. */
export function ScreenerRun(props: ScreenerRunProps) {
  const { questions, intro, keepAs, onDone, onMove, isSending = false, trouble, isPreview = false } = props;
  const { t } = useTranslation();
  const [answers, setAnswers] = useState<Answers>(() => keptAnswers(keepAs, questions));
  const [at, setAt] = useState(() => firstOpen(questions, answers));
  const [problem, setProblem] = useState<AnswerProblem | null>(null);
  const going = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const [hasMoved, setHasMoved] = useState(false);
  useEffect(() => () => clearTimeout(going.current), []);

  const asked = askedOf(questions, answers);
  // A preview changes while it is looked at.
  const place = Math.min(at, asked.length - 1);
  const question = asked[place];
  const of = possible(questions, answers, place);
  const isLast = (given: Answers) => place >= askedOf(questions, given).length - 1;
  useEffect(() => onMove?.(of ? (place + 1) / of : 1), [onMove, place, of]);

  const move = (to: number) => {
    clearTimeout(going.current);
    going.current = undefined;
    setHasMoved(true);
    setProblem(null);
    setAt(to);
  };
  const write = (value: FactValue | undefined) => {
    if (!question || isSending) return;
    const { [question.id]: _, ...others } = answers;
    const next = value === undefined ? others : { ...others, [question.id]: value };
    setProblem(null);
    setAnswers(next);
    if (keepAs) writeKept(keepAs, JSON.stringify(next));
    return next;
  };
  const choose = (value: FactValue) => {
    if (!question || going.current !== undefined) return;
    const next = write(value);
    // The last one is not sent by the way: after that, answers stay as they are.
    if (!next || isLast(next)) return;
    going.current = setTimeout(() => move(place + 1), SEEN_MS);
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (going.current !== undefined) return;
    const found = question ? problemOf(question, answers[question.id]) : null;
    setProblem(found);
    if (found) return;
    if (!isLast(answers)) return move(place + 1);
    const open = asked.findIndex((each) => problemOf(each, answers[each.id]));
    if (open >= 0) return move(open);
    onDone(
      Object.fromEntries(asked.flatMap(({ id }) => (answers[id] === undefined ? [] : [[id, answers[id]]]))),
    );
  };

  const value = question && answers[question.id];
  const isOptional = question && !question.required && value === undefined;
  const isSingle = question?.kind === 'single' || question?.kind === 'scale';
  const needsButton = isLast(answers) || !isSingle || value !== undefined || isOptional;
  return (
    <form onSubmit={submit} noValidate className={styles.screen}>
      {place <= 0 && intro && (
        <Text dir="auto" className={styles.intro}>
          {intro}
        </Text>
      )}
      {question && (
        <QuestionField
          key={question.id}
          question={question}
          value={value}
          onChange={write}
          onChosen={choose}
          problem={problem}
          above={t('door.question', { place: place + 1, of })}
          order={isPreview ? 3 : 1}
          takesFocus={!isPreview || hasMoved}
          disabled={isSending}
        />
      )}
      {trouble}
      <Foot>
        {isLast(answers) && (
          <Text size="sm" c="dimmed">
            {t('door.answers.final')}
          </Text>
        )}
        <div className={styles.ways}>
          {place > 0 && (
            <Button
              variant="default"
              size="md"
              leftSection={<IconArrowLeft size={18} aria-hidden />}
              disabled={isSending}
              onClick={() => move(place - 1)}
            >
              {t('door.back')}
            </Button>
          )}
          {needsButton && (
            <Button type="submit" size="md" className={styles.grow} loading={isSending}>
              {t(isLast(answers) ? 'door.answers.send' : isOptional ? 'door.skip' : 'door.next')}
            </Button>
          )}
        </div>
      </Foot>
    </form>
  );
}

/** How many questions there may be in all: those asked, and those that the answers to come may lead to. */
function possible(questions: readonly AskedQuestion[], answers: Answers, place: number): number {
  const asked = new Set(askedOf(questions, answers).map(({ id }) => id));
  const behind = new Set([...asked].slice(0, place));
  const ahead = new Set<string>();
  for (const { id, askedIf } of questions)
    if (asked.has(id) ? !behind.has(id) : askedIf && ahead.has(askedIf.questionId)) ahead.add(id);
  return behind.size + ahead.size;
}

/** Where to go on: the first question without an answer that can be taken, or the last. */
function firstOpen(questions: readonly AskedQuestion[], answers: Answers): number {
  const asked = askedOf(questions, answers);
  const open = asked.findIndex(
    (question) => answers[question.id] === undefined || problemOf(question, answers[question.id]),
  );
  return open < 0 ? Math.max(0, asked.length - 1) : open;
}

function keptAnswers(name: string | undefined, questions: readonly AskedQuestion[]): Answers {
  const kept = name ? readKept(name) : null;
  if (!kept) return {};
  try {
    const read = Answers.parse(JSON.parse(kept));
    return Object.fromEntries(
      Object.entries(read).filter(([id]) => questions.some((each) => each.id === id)),
    );
  } catch {
    // Of an older form of this page.
    return {};
  }
}
