import { ActionIcon, Alert, Button, Group, Text, TextInput, Title } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { CallError } from '@parley/client/http';
import { Plan, type PlanState } from '@parley/contracts/door';
import type { FactDef } from '@parley/contracts/profile';
import IconPlus from '@tabler/icons-react/dist/esm/icons/IconPlus.mjs';
import IconTrash from '@tabler/icons-react/dist/esm/icons/IconTrash.mjs';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Loading } from '../platform/page';
import { Refusal } from '../platform/refusal';
import { RuleEditor } from '../platform/rule-editor';
import { useDoor, usePublishPlan, useTrial } from './desk.data';
import styles from './desk.module.css';
import { Places } from './overview';
import { useScreener } from './screener.data';

const WAIT_MS = 400;
/** Places that one click adds to a full cell. */
const MORE = 5;

/** How many of whom: who is in, and what a change would do before it is made. */
export function QuotasPage() {
  const door = useDoor();
  const screener = useScreener();
  const error = door.error ?? screener.error;
  if (!door.data || !screener.data)
    return error ? <Refusal error={error} onRetry={() => void door.refetch()} /> : <Loading />;
  return <Quotas state={door.data.plan} facts={screener.data.facts} />;
}

/** The plan of a state, without who is in. */
export const planOf = ({ total, cells, shares }: PlanState): Plan => ({
  total: total.hard,
  cells: cells.map(({ id, label, rule, target, soft, hard }) => ({ id, label, rule, target, soft, hard })),
  shares: shares.map(({ id, label, rule, least }) => ({ id, label, rule, least })),
});

function Quotas({ state, facts }: { state: PlanState; facts: FactDef[] }) {
  const { t } = useTranslation();
  const publish = usePublishPlan();
  // Null while nothing is being changed: then what stands is shown, also when somebody else changes it.
  const [draft, setDraft] = useState<{ basedOn: number; plan: Plan } | null>(null);
  const [settled] = useDebouncedValue(draft?.plan ?? null, WAIT_MS);
  const isGood = draft !== null && Plan.safeParse(draft.plan).success;
  const trial = useTrial(isGood && settled && Plan.safeParse(settled).success ? settled : null);
  const isStale = publish.error instanceof CallError && publish.error.code === 'door.stale';
  const plan = draft?.plan ?? planOf(state);
  const write = (next: Partial<Plan>) =>
    setDraft({ basedOn: draft?.basedOn ?? state.version, plan: { ...plan, ...next } });
  const drop = () => {
    setDraft(null);
    publish.reset();
  };
  const send = (basedOn: number) => publish.mutate({ basedOn, plan }, { onSuccess: () => setDraft(null) });
  const full = state.cells.filter((cell) => cell.state === 'full' && cell.hard !== null);

  return (
    <>
      <section className={styles.part} aria-labelledby="now">
        <Title order={2} id="now">
          {t('quotas.now')}
        </Title>
        <Places plan={state} />
        {!draft && full.length > 0 && (
          <Group gap="sm">
            {full.map(({ id, label }) => (
              <Button
                key={id}
                variant="default"
                onClick={() =>
                  write({
                    cells: plan.cells.map((cell) =>
                      cell.id === id
                        ? {
                            ...cell,
                            hard: (cell.hard ?? 0) + MORE,
                            target: Math.max(cell.target, (cell.hard ?? 0) + MORE),
                          }
                        : cell,
                    ),
                  })
                }
              >
                {t('quotas.widen', { label, count: MORE })}
              </Button>
            ))}
          </Group>
        )}
      </section>
      <section className={styles.part} aria-labelledby="change">
        <Title order={2} id="change">
          {t('quotas.change')}
        </Title>
        <Text c="dimmed" maw="65ch">
          {t('quotas.how')}
        </Text>
        <div className={styles.form}>
          <NumberField
            label={t('quotas.total')}
            description={t('quotas.totalHow')}
            value={plan.total}
            onChange={(total) => write({ total })}
          />
          {plan.cells.map((cell, at) => {
            const change = (part: Partial<typeof cell>) =>
              write({ cells: plan.cells.map((each, place) => (place === at ? { ...each, ...part } : each)) });
            return (
              <section key={cell.id} className={styles.card} aria-label={cell.label || t('quotas.newCell')}>
                <Head
                  kind={t('quotas.cell')}
                  label={cell.label}
                  onChange={(label) => change({ label })}
                  onRemove={() => write({ cells: plan.cells.filter(({ id }) => id !== cell.id) })}
                />
                <RuleEditor value={cell.rule} facts={facts} onChange={(rule) => change({ rule })} />
                <div className={styles.pair}>
                  <NumberField
                    label={t('quotas.target')}
                    value={cell.target}
                    onChange={(target) => change({ target: target ?? 0 })}
                  />
                  <NumberField
                    label={t('quotas.soft')}
                    value={cell.soft}
                    onChange={(soft) => change({ soft })}
                  />
                  <NumberField
                    label={t('quotas.hard')}
                    value={cell.hard}
                    onChange={(hard) => change({ hard })}
                  />
                </div>
              </section>
            );
          })}
          {plan.shares.map((share, at) => {
            const change = (part: Partial<typeof share>) =>
              write({
                shares: plan.shares.map((each, place) => (place === at ? { ...each, ...part } : each)),
              });
            return (
              <section
                key={share.id}
                className={styles.card}
                aria-label={share.label || t('quotas.newShare')}
              >
                <Head
                  kind={t('quotas.leastShare')}
                  label={share.label}
                  onChange={(label) => change({ label })}
                  onRemove={() => write({ shares: plan.shares.filter(({ id }) => id !== share.id) })}
                />
                <RuleEditor value={share.rule} facts={facts} onChange={(rule) => change({ rule })} />
                <NumberField
                  label={t('quotas.least')}
                  value={share.least}
                  onChange={(least) => change({ least: least ?? 1 })}
                />
              </section>
            );
          })}
          <Group gap="sm">
            <Button
              variant="default"
              leftSection={<IconPlus size={18} aria-hidden />}
              onClick={() =>
                write({
                  cells: [
                    ...plan.cells,
                    { id: crypto.randomUUID(), label: '', rule: [], target: 0, soft: null, hard: null },
                  ],
                })
              }
            >
              {t('quotas.addCell')}
            </Button>
            <Button
              variant="default"
              leftSection={<IconPlus size={18} aria-hidden />}
              onClick={() =>
                write({
                  shares: [...plan.shares, { id: crypto.randomUUID(), label: '', rule: [], least: 50 }],
                })
              }
            >
              {t('quotas.addShare')}
            </Button>
          </Group>
          <div className={styles.sticky}>
            <div role="status" className={styles.promise}>
              {!draft ? (
                <Text>{t('quotas.unchanged')}</Text>
              ) : !isGood ? (
                <Text>{t('quotas.unfinished')}</Text>
              ) : trial.data ? (
                <>
                  <Text fw={600}>{t('quotas.enter', { count: trial.data.enter })}</Text>
                  {trial.data.over.map((label) => (
                    <Text key={label}>{t('quotas.over', { label: label || t('desk.everybody') })}</Text>
                  ))}
                </>
              ) : (
                <Text>{t('quotas.counting')}</Text>
              )}
            </div>
            {isStale ? (
              <Alert role="alert" variant="default">
                <Text>{t('error.door.stale')}</Text>
                <Group gap="sm" mt="xs">
                  <Button variant="default" onClick={drop}>
                    {t('screener.loadNewer')}
                  </Button>
                  <Button onClick={() => send(state.version)}>{t('screener.overNewer')}</Button>
                </Group>
              </Alert>
            ) : (
              <Refusal error={publish.error ?? trial.error} />
            )}
            <Group gap="sm">
              <Button
                disabled={!isGood}
                loading={publish.isPending}
                onClick={() => draft && send(draft.basedOn)}
              >
                {t('quotas.publish')}
              </Button>
              {draft && (
                <Button variant="default" onClick={drop}>
                  {t('screener.discard')}
                </Button>
              )}
            </Group>
          </div>
        </div>
      </section>
    </>
  );
}

interface HeadProps {
  kind: string;
  label: string;
  onChange: (label: string) => void;
  onRemove: () => void;
}

function Head({ kind, label, onChange, onRemove }: HeadProps) {
  const { t } = useTranslation();
  return (
    <Group gap="sm" align="flex-end" wrap="nowrap">
      <TextInput
        flex={1}
        label={kind}
        placeholder={t('quotas.name')}
        value={label}
        maxLength={60}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
      <ActionIcon
        variant="subtle"
        color="gray"
        size={44}
        aria-label={t('quotas.remove', { label: label || kind })}
        onClick={onRemove}
      >
        <IconTrash size={18} aria-hidden />
      </ActionIcon>
    </Group>
  );
}

interface NumberFieldProps {
  label: string;
  description?: string;
  value: number | null;
  /** Null when it is empty. */
  onChange: (value: number | null) => void;
}

function NumberField({ label, description, value, onChange }: NumberFieldProps) {
  const { t } = useTranslation();
  return (
    <TextInput
      type="number"
      inputMode="numeric"
      min={0}
      label={label}
      {...(description && { description })}
      placeholder={t('quotas.noLimit')}
      value={value ?? ''}
      onChange={(event) => {
        const typed = event.currentTarget.value;
        onChange(typed === '' ? null : Math.max(0, Math.trunc(Number(typed))));
      }}
    />
  );
}
