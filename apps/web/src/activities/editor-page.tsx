import {
  Alert,
  Button,
  Checkbox,
  MultiSelect,
  NativeSelect,
  NumberInput,
  Textarea,
  TextInput,
  Title,
} from '@mantine/core';
import { CallError } from '@parley/client/http';
import { type ActivityBody, type TaskAnswer, Visibility } from '@parley/contracts/activities';
import { Link, Navigate } from '@tanstack/react-router';
import { type FormEvent, useEffect, useEffectEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { isoOf, localOf } from '../platform/format';
import { useAssets } from '../platform/media.data';
import { Loading, useTitle } from '../platform/page';
import { usePlace } from '../platform/place';
import { Refusal } from '../platform/refusal';
import { useSegments } from '../platform/segments.data';
import { useActivityDesk, useActivityId, useFacts, usePublish, useSaveActivity } from './activities.data';
import styles from './activities.module.css';
import { moved } from './answers';
import { bodyOf, copyOf, newPlan, newTask, type Plan, planOf, problemsOf } from './planning';
import { TaskEditor } from './task-editor';
import { TaskField } from './task-field';

const PAUSE_MS = 1_000;

/** Where the team writes an Activity, with what a member will see beside it. */
export function EditorPage() {
  const { t } = useTranslation();
  const { slug } = usePlace().membership.community;
  const activityId = useActivityId();
  const desk = useActivityDesk();
  useTitle(t('plan.activity'), usePlace().membership.community.name);
  const known = desk.data?.find(({ id }) => id === activityId);
  if (desk.error && !desk.data) return <Refusal error={desk.error} onRetry={() => void desk.refetch()} />;
  if (!desk.data) return <Loading lines={8} />;
  // Published: there is nothing more to write.
  if (known && known.status !== 'draft')
    return <Navigate to="/c/$slug/activities/$activityId" params={{ slug, activityId }} replace />;
  return (
    <Editor
      key={activityId}
      activityId={activityId}
      first={known?.draft ? planOf(known.draft.rest, known.title) : null}
    />
  );
}

function Editor({ activityId, first }: { activityId: string; first: Plan | null }) {
  const { t } = useTranslation();
  const { slug } = usePlace().membership.community;
  const [plan, setPlan] = useState<Plan>(() => first ?? newPlan());
  const [isDirty, setDirty] = useState(false);
  const [isTried, setTried] = useState(false);
  const assets = useAssets();
  const segments = useSegments();
  const facts = useFacts();
  const save = useSaveActivity();
  const publish = usePublish();
  const refused =
    publish.error instanceof CallError
      ? Object.keys(publish.error.body.fields ?? {}).map((f) => f.replace(/^body\./, ''))
      : [];
  const wordsOf = useProblemWords();
  const problems = new Set(isTried ? [...problemsOf(plan), ...refused] : []);
  const change = (part: Partial<Plan>) => {
    setPlan((now) => ({ ...now, ...part }));
    setDirty(true);
  };
  const store = useEffectEvent(() => {
    if (!isDirty || publish.isPending || save.isPending) return;
    const { title, ...rest } = plan;
    save.mutate(
      { activityId, draft: { title: title.trim() || t('plan.untitled'), rest } },
      { onSuccess: () => setDirty(false) },
    );
  });
  useEffect(() => {
    if (!isDirty) return;
    const timer = setTimeout(() => store(), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [plan, isDirty]);

  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    const wrong = problemsOf(plan);
    if (wrong.length) {
      requestAnimationFrame(() => document.getElementById('plan-problems')?.focus());
      return;
    }
    publish.mutate(
      { activityId, body: bodyOf(plan) as ActivityBody },
      {
        onError: () => requestAnimationFrame(() => document.getElementById('plan-problems')?.focus()),
      },
    );
  };
  const field = (name: 'title' | 'purpose' | 'decision' | 'ownerName' | 'ownerTitle' | 'instructions') => ({
    id: `plan-${name}`,
    label: t(`plan.act.${name}`),
    value: plan[name],
    dir: 'auto' as const,
    error: problems.has(name) ? t(`plan.act.${name}.takes`) : undefined,
    onChange: ({ currentTarget }: { currentTarget: { value: string } }) =>
      change({ [name]: currentTarget.value }),
  });
  const when = (name: 'opensAt' | 'dueAt') => ({
    id: `plan-${name}`,
    type: 'datetime-local',
    label: t(`plan.act.${name}`),
    value: localOf(plan[name]),
    error: problems.has(name) ? t(`plan.act.${name}.takes`) : undefined,
    onChange: ({ currentTarget }: { currentTarget: { value: string } }) =>
      change({ [name]: isoOf(currentTarget.value) ?? plan[name] }),
  });
  const setTasks = (tasks: Plan['tasks']) => change({ tasks });
  return (
    <div className={styles.editing}>
      <form className={styles.form} onSubmit={submit} noValidate>
        <Link to="/c/$slug/activities" params={{ slug }} className={styles.link}>
          {t('activity.all')}
        </Link>
        <Title order={1}>{t('plan.activity')}</Title>
        <p className={styles.quiet} role="status">
          {isDirty || save.isPending ? t('plan.saving') : first || save.data ? t('plan.saved') : ''}
        </p>
        <Refusal error={save.error} />
        <section className={styles.part}>
          <Title order={2}>{t('plan.why')}</Title>
          <TextInput {...field('title')} maxLength={120} />
          <Textarea {...field('purpose')} maxLength={500} autosize minRows={2} />
          <Textarea {...field('decision')} maxLength={500} autosize minRows={2} />
          <TextInput {...field('ownerName')} maxLength={80} />
          <TextInput {...field('ownerTitle')} maxLength={80} />
          <TextInput
            id="plan-reportBackOn"
            type="date"
            label={t('plan.act.reportBackOn')}
            description={t('plan.act.reportBackHow')}
            value={plan.reportBackOn}
            error={problems.has('reportBackOn') ? t('plan.act.reportBackOn.takes') : undefined}
            onChange={({ currentTarget }) => change({ reportBackOn: currentTarget.value })}
          />
          <Checkbox
            label={t('plan.act.informsOnly')}
            checked={plan.informsOnly}
            onChange={({ currentTarget }) => change({ informsOnly: currentTarget.checked })}
          />
        </section>
        <section className={styles.part}>
          <Title order={2}>{t('plan.what')}</Title>
          <Textarea {...field('instructions')} maxLength={4000} autosize minRows={4} />
          <MultiSelect
            label={t('plan.act.assetIds')}
            description={t('plan.act.assetsHow')}
            data={(assets.data ?? []).map(({ id, title }) => ({ value: id, label: title }))}
            value={plan.assetIds}
            maxValues={12}
            onChange={(assetIds) => change({ assetIds })}
          />
        </section>
        <section className={styles.part}>
          <Title order={2}>{t('plan.tasks')}</Title>
          {plan.tasks.map((task, at) => (
            <TaskEditor
              key={task.id}
              task={task}
              n={at + 1}
              of={plan.tasks.length}
              assets={assets.data ?? []}
              facts={facts.data ?? []}
              problems={
                new Set(
                  [...problems].flatMap((name) =>
                    name.startsWith(`tasks.${at}.`) ? name.split('.')[2]! : [],
                  ),
                )
              }
              onChange={(next) => setTasks(plan.tasks.map((one) => (one.id === task.id ? next : one)))}
              onMove={(by) => setTasks(moved(plan.tasks, at, by))}
              onCopy={() => setTasks(plan.tasks.toSpliced(at + 1, 0, copyOf(task)))}
              onRemove={() => setTasks(plan.tasks.filter(({ id }) => id !== task.id))}
            />
          ))}
          <Button
            variant="default"
            w="fit-content"
            disabled={plan.tasks.length >= 20}
            onClick={() => setTasks([...plan.tasks, newTask('photo')])}
          >
            {t('plan.addTask')}
          </Button>
        </section>
        <section className={styles.part}>
          <Title order={2}>{t('plan.who')}</Title>
          <NativeSelect
            label={t('plan.act.segmentId')}
            value={plan.segmentId ?? ''}
            data={[
              { value: '', label: t('assets.everybody') },
              ...(segments.data ?? []).map(({ id, name, count }) => ({
                value: id,
                label: count === null ? name : t('plan.segmentOf', { name, count }),
              })),
            ]}
            onChange={({ currentTarget }) => change({ segmentId: currentTarget.value || null })}
          />
          <TextInput {...when('opensAt')} />
          <TextInput {...when('dueAt')} />
          <NumberInput
            label={t('plan.act.graceHours')}
            description={t('plan.act.graceHow')}
            min={0}
            max={336}
            value={plan.graceHours}
            onChange={(value) => change({ graceHours: Number(value) || 0 })}
          />
          <NativeSelect
            label={t('plan.act.visibility')}
            value={plan.visibility}
            data={Visibility.options.map((value) => ({ value, label: t(`plan.visibility.${value}`) }))}
            onChange={({ currentTarget }) => change({ visibility: Visibility.parse(currentTarget.value) })}
          />
          <Checkbox
            label={t('plan.act.approveFirst')}
            checked={plan.approveFirst}
            disabled={plan.visibility === 'team'}
            onChange={({ currentTarget }) => change({ approveFirst: currentTarget.checked })}
          />
          <NativeSelect
            label={t('plan.act.diary')}
            value={plan.diaryEvery ?? ''}
            data={(['', 'day', 'week'] as const).map((value) => ({
              value,
              label: t(`plan.diary.${value || 'none'}`),
            }))}
            onChange={({ currentTarget: { value } }) =>
              change({ diaryEvery: value === 'day' || value === 'week' ? value : null })
            }
          />
          {plan.diaryEvery && (
            <NumberInput
              label={t('plan.act.diaryEntries')}
              min={2}
              max={31}
              value={plan.diaryEntries}
              onChange={(value) => change({ diaryEntries: Number(value) || 2 })}
            />
          )}
        </section>
        <div className={styles.foot}>
          {problems.size > 0 && (
            <Alert id="plan-problems" tabIndex={-1} role="alert" variant="default" title={t('plan.missing')}>
              <ul className={styles.problems}>
                {[...problems].map((name) => (
                  <li key={name}>{wordsOf(name)}</li>
                ))}
              </ul>
            </Alert>
          )}
          <Refusal error={publish.error} />
          <Button type="submit" size="lg" loading={publish.isPending}>
            {t('plan.publish')}
          </Button>
          <p className={styles.quiet}>{t('plan.publishHow')}</p>
        </div>
      </form>
      <Preview plan={plan} />
    </div>
  );
}

/** A field that is missing, as a person calls it. */
function useProblemWords() {
  const { t } = useTranslation();
  return (name: string): string => {
    const [first, at, field] = name.split('.');
    if (first === 'tasks' && at !== undefined && field)
      return `${t('plan.task.n', { n: Number(at) + 1 })}: ${t(`plan.task.${field as 'prompt'}.takes`)}`;
    return t(`plan.act.${first as 'title'}.takes`);
  };
}

/** As the member will see it on a phone; it can be tried out. */
function Preview({ plan }: { plan: Plan }) {
  const { t } = useTranslation();
  const assets = useAssets();
  const [answers, setAnswers] = useState<Record<string, TaskAnswer | undefined>>({});
  return (
    <aside className={styles.preview} aria-label={t('plan.preview')}>
      <p className={styles.quiet}>{t('plan.preview')}</p>
      <div className={styles.phone}>
        <h2 dir="auto">{plan.title || t('plan.untitled')}</h2>
        <p className={styles.words} dir="auto">
          {plan.instructions}
        </p>
        {plan.tasks.map((task, at) => (
          <TaskField
            key={`${task.id} ${task.kind}`}
            task={{
              ...task,
              prompt: task.prompt || t('plan.task.n', { n: at + 1 }),
              options: task.options.filter(({ label }) => label.trim()),
              asset: assets.data?.find(({ id }) => id === task.assetId) ?? null,
            }}
            n={at + 1}
            of={plan.tasks.length}
            answer={answers[task.id]}
            fault={undefined}
            tag={`preview.${task.id}`}
            media={[]}
            onAnswer={(answer) => setAnswers((now) => ({ ...now, [task.id]: answer ?? undefined }))}
          />
        ))}
      </div>
    </aside>
  );
}
