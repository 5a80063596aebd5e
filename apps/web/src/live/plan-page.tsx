import { Button, Stack, Switch, Text, Textarea, TextInput, Title } from '@mantine/core';
import { CallError } from '@parley/client/http';
import { createSession, type Cue, type SessionCard } from '@parley/contracts/live';
import { useNavigate } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Loading, useTitle } from '../platform/page';
import { usePlace } from '../platform/place';
import { Refusal } from '../platform/refusal';
import { useCues, usePlan, useSessionId, useSessions } from './live.data';
import { CuesEditor, newCue, type PlannedCue, plannedOf } from './cues-editor';
import styles from './live.module.css';

/** Plans a Session with the run of show of one that was. */
export function PlanPage() {
  const { t } = useTranslation();
  const sessionId = useSessionId();
  const { membership } = usePlace();
  const cues = useCues(sessionId);
  const sessions = useSessions();
  useTitle(t('plan.title'), membership.community.name);
  const error = cues.error ?? sessions.error;
  if (error)
    return (
      <Stack gap="md">
        <Title order={1}>{t('plan.title')}</Title>
        <Refusal error={error} onRetry={() => void Promise.all([cues.refetch(), sessions.refetch()])} />
      </Stack>
    );
  if (!cues.data || !sessions.data) return <Loading />;
  return <PlanForm cues={cues.data} like={sessions.data.find(({ id }) => id === sessionId)} />;
}

/** Plans a Session of one's own. */
export function NewSessionPage() {
  const { t } = useTranslation();
  useTitle(t('plan.new'), usePlace().membership.community.name);
  return <PlanForm cues={[]} like={undefined} />;
}

const day = (from: Date) => {
  const two = (part: number) => String(part).padStart(2, '0');
  return `${from.getFullYear()}-${two(from.getMonth() + 1)}-${two(from.getDate())}`;
};
const inDays = (days: number) => new Date(Date.now() + days * 86_400_000);

function PlanForm({ cues: first, like }: { cues: Cue[]; like: SessionCard | undefined }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { slug } = usePlace().membership.community;
  const plan = usePlan();
  // Made once: sent again after a lost answer, it is the same Session.
  const [sessionId] = useState(() => crypto.randomUUID());
  const [wrong, setWrong] = useState<Record<string, true>>({});
  const [form, setForm] = useState(() => ({
    title: like?.title ?? '',
    purpose: like?.purpose ?? '',
    decision: like?.decision ?? '',
    ownerName: like?.decisionOwner.name ?? '',
    ownerTitle: like?.decisionOwner.title ?? '',
    reportBackOn: day(inDays(14)),
    startsAt: `${day(inDays(1))}T18:00`,
    plannedMinutes: String(like?.plannedMinutes ?? 45),
  }));
  const [cues, setCues] = useState<PlannedCue[]>(() => (first.length ? first.map(plannedOf) : [newCue()]));
  const [informsOnly, setInformsOnly] = useState(like?.informsOnly ?? false);
  type Field = keyof typeof form;
  const refused = plan.error instanceof CallError ? Object.keys(plan.error.body.fields ?? {}) : [];
  const pathOf: Partial<Record<Field, string>> = {
    ownerName: 'decisionOwner.name',
    ownerTitle: 'decisionOwner.title',
  };
  const field = (name: Field) => {
    const path = pathOf[name] ?? name;
    return {
      label: t(name === 'title' ? 'plan.name' : `plan.${name}`),
      value: form[name],
      error: (wrong[path] ?? refused.includes(path)) ? t(`plan.${name}.takes`) : undefined,
      onChange: (event: { currentTarget: { value: string } }) => {
        const { value } = event.currentTarget;
        setForm((before) => ({ ...before, [name]: value }));
      },
    };
  };

  const submit = (event: FormEvent) => {
    event.preventDefault();
    const startsAt = new Date(form.startsAt);
    const input = {
      sessionId,
      title: form.title,
      purpose: form.purpose,
      decision: form.decision,
      decisionOwner: { name: form.ownerName, title: form.ownerTitle },
      reportBackOn: form.reportBackOn,
      informsOnly,
      startsAt: Number.isNaN(startsAt.getTime()) ? '' : startsAt.toISOString(),
      plannedMinutes: Number(form.plannedMinutes),
      cues: cues.map(({ key: _, ...cue }) => cue),
    };
    const checked = createSession.input.omit({ communityId: true }).safeParse(input);
    const paths = checked.success ? [] : checked.error.issues.map(({ path }) => path.join('.'));
    setWrong(Object.fromEntries(paths.map((path) => [path, true])));
    if (!checked.success) return;
    plan.mutate(input, {
      onSuccess: ({ id }) =>
        void navigate({ to: '/c/$slug/sessions/$sessionId', params: { slug, sessionId: id } }),
    });
  };

  return (
    <form className={styles.plan} onSubmit={submit} noValidate>
      <div>
        <Title order={1}>{t(like ? 'plan.title' : 'plan.new')}</Title>
        <Text c="dimmed">{t(like ? 'plan.lead' : 'plan.newLead')}</Text>
      </div>
      <TextInput {...field('title')} />
      <Textarea {...field('purpose')} autosize minRows={2} />
      <Textarea {...field('decision')} autosize minRows={2} />
      <Switch
        label={t('plan.informsOnly')}
        description={t('plan.informsOnlyHow')}
        checked={informsOnly}
        onChange={({ currentTarget }) => setInformsOnly(currentTarget.checked)}
      />
      <div className={styles.pair}>
        <TextInput {...field('ownerName')} />
        <TextInput {...field('ownerTitle')} />
      </div>
      <TextInput {...field('reportBackOn')} type="date" />
      <div className={styles.pair}>
        <TextInput {...field('startsAt')} type="datetime-local" />
        <TextInput {...field('plannedMinutes')} inputMode="numeric" />
      </div>
      <section aria-label={t('control.cues')}>
        <Title order={2}>{t('control.cues')}</Title>
        <CuesEditor cues={cues} wrong={new Set([...Object.keys(wrong), ...refused])} onChange={setCues} />
      </section>
      <Refusal error={plan.error} />
      <Button type="submit" loading={plan.isPending}>
        {t('plan.submit')}
      </Button>
    </form>
  );
}
