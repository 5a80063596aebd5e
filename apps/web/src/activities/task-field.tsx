import { Button, Checkbox, Radio, Textarea } from '@mantine/core';
import type { AnswerFault, Task, TaskAnswer } from '@parley/contracts/activities';
import type { Media } from '@parley/contracts/media';
import { lengthOf } from '@parley/contracts/text';
import { type ReactNode, useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../platform/format';
import { AssetShown } from '../platform/media';
import styles from './activities.module.css';
import { FilesField } from './files-field';
import { PlaceField } from './place-field';
import { RankField } from './rank-field';

const TEXT_MAX = 4_000;

interface TaskFieldProps {
  task: Task;
  n: number;
  of: number;
  answer: TaskAnswer | undefined;
  fault: AnswerFault | 'refused' | undefined;
  /** What is to be mended here. */
  isReturned?: boolean;
  /** What the member told us before, and when. */
  known?: { optionId: string; since: string } | undefined;
  /** What they answered last time, of a diary. */
  before?: ReactNode;
  /** Names where its files are on their way. */
  tag: string;
  media: readonly Media[];
  /** `arrived`: a file is there now; the person has changed nothing. */
  onAnswer: (answer: TaskAnswer | null, arrived?: boolean) => void;
}

/** One task of an Activity. */
export function TaskField(props: TaskFieldProps) {
  const { task, n, of, fault, isReturned, before } = props;
  const { t } = useTranslation();
  const id = useId();
  const describedBy =
    [task.help && `${id}-help`, fault && `${id}-fault`].filter(Boolean).join(' ') || undefined;
  return (
    <section
      className={styles.task}
      id={`task-${task.id}`}
      tabIndex={-1}
      aria-labelledby={`${id}-name`}
      data-fault={fault}
    >
      <p className={styles.quiet}>
        {t('activity.step', { n, of })}
        {!task.required && ` · ${t('activity.optional')}`}
      </p>
      <h3 id={`${id}-name`} dir="auto">
        {task.prompt}
      </h3>
      {task.help && (
        <p id={`${id}-help`} className={styles.help} dir="auto">
          {task.help}
        </p>
      )}
      {isReturned && <p className={styles.mend}>{t('activity.mendThis')}</p>}
      {task.asset && task.kind !== 'place' && (
        <div className={styles.shown}>
          <AssetShown asset={task.asset} controls />
        </div>
      )}
      {before}
      <Field {...props} id={id} describedBy={describedBy} />
      {fault && (
        <p id={`${id}-fault`} className={styles.problem}>
          {t(`activity.fault.${fault}`)}
        </p>
      )}
    </section>
  );
}

function Field(props: TaskFieldProps & { id: string; describedBy: string | undefined }) {
  const { task, answer, known, tag, media, onAnswer, id, describedBy } = props;
  const { t } = useTranslation();
  const taskId = task.id;
  const labelledBy = `${id}-name`;
  switch (task.kind) {
    case 'text': {
      const text = answer?.kind === 'text' ? answer.text : '';
      const left = TEXT_MAX - lengthOf(text);
      return (
        <Textarea
          aria-labelledby={labelledBy}
          aria-describedby={describedBy}
          autosize
          minRows={3}
          maxRows={16}
          dir="auto"
          value={text}
          error={left < 0 ? t('activity.tooLong', { count: -left }) : undefined}
          description={left >= 0 && left < 300 ? t('activity.left', { count: left }) : undefined}
          inputWrapperOrder={['input', 'description', 'error']}
          onChange={({ currentTarget: { value } }) =>
            onAnswer(value ? { taskId, kind: 'text', text: value } : null)
          }
        />
      );
    }
    case 'photo':
    case 'video': {
      const given = answer?.kind === 'photo' || answer?.kind === 'video' ? answer : undefined;
      const { kind } = task;
      return (
        <FilesField
          {...{ kind, tag, media, labelledBy, describedBy, most: task.most }}
          mediaIds={given?.mediaIds ?? []}
          note={given?.note ?? ''}
          onChange={(mediaIds, note, arrived) =>
            onAnswer(mediaIds.length || note ? { taskId, kind, mediaIds, note: note || null } : null, arrived)
          }
        />
      );
    }
    case 'pick':
      return <PickField {...{ task, answer, known, labelledBy, describedBy, onAnswer }} />;
    case 'rank':
      return (
        <RankField
          options={task.options}
          order={answer?.kind === 'rank' ? answer.order : []}
          labelledBy={labelledBy}
          onChange={(order) => onAnswer(order.length ? { taskId, kind: 'rank', order } : null)}
        />
      );
    case 'scale': {
      const { from, to, fromLabel, toLabel } = task.scale!;
      const value = answer?.kind === 'scale' ? answer.value : null;
      return (
        <fieldset className={styles.scale} aria-labelledby={labelledBy} aria-describedby={describedBy}>
          <div className={styles.steps}>
            {Array.from({ length: to - from + 1 }, (_, at) => from + at).map((step) => (
              <label key={step} className={styles.stepLabel}>
                <input
                  type="radio"
                  name={`${id}-scale`}
                  value={step}
                  checked={value === step}
                  aria-label={
                    step === from
                      ? `${step}, ${fromLabel}`
                      : step === to
                        ? `${step}, ${toLabel}`
                        : String(step)
                  }
                  onChange={() => onAnswer({ taskId, kind: 'scale', value: step })}
                />
                <span aria-hidden>{step}</span>
              </label>
            ))}
          </div>
          <div className={styles.ends} aria-hidden>
            <span>{fromLabel}</span>
            <span>{toLabel}</span>
          </div>
        </fieldset>
      );
    }
    case 'place': {
      if (!task.asset) return <p className={styles.quiet}>{t('media.gone')}</p>;
      return (
        <PlaceField
          asset={task.asset}
          most={task.most}
          pins={answer?.kind === 'place' ? answer.pins : []}
          onChange={(pins) => onAnswer(pins.length ? { taskId, kind: 'place', pins } : null)}
        />
      );
    }
  }
}

interface PickFieldProps extends Pick<TaskFieldProps, 'task' | 'answer' | 'known' | 'onAnswer'> {
  labelledBy: string;
  describedBy: string | undefined;
}

function PickField({ task, answer, known, labelledBy, describedBy, onAnswer }: PickFieldProps) {
  const { t } = useTranslation();
  const { date } = useFormat();
  const choices = answer?.kind === 'pick' ? answer.choices : [];
  const [asksAnew, setAsksAnew] = useState(false);
  const taskId = task.id;
  const told = known && task.options.find(({ id }) => id === known.optionId);
  if (told && !asksAnew && choices.length === 1 && choices[0] === told.id)
    return (
      <div className={styles.known}>
        <p>{t('activity.known', { answer: told.label, when: date(known.since.slice(0, 10)) })}</p>
        <Button variant="default" onClick={() => setAsksAnew(true)}>
          {t('activity.knownChange')}
        </Button>
      </div>
    );
  const isOne = task.most === 1;
  const toggle = (id: string) => {
    const next = isOne
      ? [id]
      : choices.includes(id)
        ? choices.filter((other) => other !== id)
        : [...choices, id];
    onAnswer(next.length ? { taskId, kind: 'pick', choices: next } : null);
  };
  return (
    <fieldset className={styles.choices} aria-labelledby={labelledBy} aria-describedby={describedBy}>
      {task.options.map(({ id, label }) => {
        const one = {
          label,
          checked: choices.includes(id),
          disabled: !isOne && choices.length >= task.most && !choices.includes(id),
          onChange: () => toggle(id),
          classNames: { root: styles.option, body: styles.optionBody, label: styles.optionLabel },
        };
        return isOne ? <Radio key={id} {...one} name={labelledBy} /> : <Checkbox key={id} {...one} />;
      })}
      {!isOne && (
        <p className={styles.quiet}>{t('activity.most', { count: choices.length, most: task.most })}</p>
      )}
    </fieldset>
  );
}
