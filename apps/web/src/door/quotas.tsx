import { Alert, Button, Group, Text, Title } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { CallError } from '@parley/client/http';
import { type Cell, Plan, type PlanState, type Share } from '@parley/contracts/door';
import type { FactDef } from '@parley/contracts/profile';
import IconPlus from '@tabler/icons-react/dist/esm/icons/IconPlus.mjs';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Loading, useTitle } from '../platform/page';
import { usePlace } from '../platform/place';
import { Refusal } from '../platform/refusal';
import { useDoor, usePublishPlan, useTrial } from './desk.data';
import styles from './desk.module.css';
import { Places } from './overview';
import { CellFields, NumberField, ShareFields } from './quota-fields';
import { useScreener } from './screener.data';

const WAIT_MS = 400;
/** Places that one click adds to a full cell. */
const MORE = 5;

/** How many of whom: who is in, and what a change would do before it is made. */
export function QuotasPage() {
  const { t } = useTranslation();
  const door = useDoor();
  const screener = useScreener();
  useTitle(t('desk.part.quotas'), usePlace().membership.community.name);
  const error = door.error ?? screener.error;
  const again = () => void Promise.all([door.refetch(), screener.refetch()]);
  if (!door.data || !screener.data) return error ? <Refusal error={error} onRetry={again} /> : <Loading />;
  return <Quotas state={door.data.plan} facts={screener.data.facts} />;
}

/** The plan of a state, without who is in. */
export const planOf = ({ total, cells, shares }: PlanState): Plan => ({
  total: total.hard,
  cells: cells.map(({ id, label, rule, target, soft, hard }) => ({ id, label, rule, target, soft, hard })),
  shares: shares.map(({ id, label, rule, least }) => ({ id, label, rule, least })),
});

/** The plan with more places in one of its cells. */
export const widened = (plan: Plan, cellId: string, by: number): Plan => ({
  ...plan,
  cells: plan.cells.map((cell) => {
    if (cell.id !== cellId || cell.hard === null) return cell;
    const hard = cell.hard + by;
    // Who is warned so many places before the end still is.
    return {
      ...cell,
      hard,
      target: Math.max(cell.target, hard),
      soft: cell.soft === null ? null : cell.soft + by,
    };
  }),
});

/** What keeps a plan from being published, by its place such as `cells.0.rule`. */
export function problemsOf(plan: Plan): Set<string> {
  const problems = new Set(Plan.safeParse(plan).error?.issues.map(({ path }) => path.join('.')));
  // Nobody would ever be warned.
  for (const [at, { soft, hard }] of plan.cells.entries())
    if (soft !== null && hard !== null && soft > hard) problems.add(`cells.${at}.soft`);
  return problems;
}

function Quotas({ state, facts }: { state: PlanState; facts: FactDef[] }) {
  const { t } = useTranslation();
  const publish = usePublishPlan();
  // Null while nothing is being changed: then what stands is shown, also when somebody else changes it.
  const [draft, setDraft] = useState<{ basedOn: number; plan: Plan } | null>(null);
  const [isChecked, setChecked] = useState(false);
  const [settled] = useDebouncedValue(draft?.plan ?? null, WAIT_MS);
  const go = useRef<HTMLButtonElement>(null);
  const plan = draft?.plan ?? planOf(state);
  const problems = problemsOf(plan);
  const isGood = draft !== null && !problems.size;
  const trial = useTrial(isGood && settled && !problemsOf(settled).size ? settled : null);
  const result = isGood && settled === draft.plan && !trial.isPlaceholderData ? trial.data : undefined;
  const isStale =
    draft !== null &&
    (draft.basedOn !== state.version ||
      (publish.error instanceof CallError && publish.error.code === 'door.stale'));

  const set = (next: Plan) => {
    publish.reset();
    setDraft({ basedOn: draft?.basedOn ?? state.version, plan: next });
  };
  const write = (next: Partial<Plan>) => set({ ...plan, ...next });
  const drop = () => {
    setDraft(null);
    setChecked(false);
    publish.reset();
  };
  const send = (basedOn: number) => {
    setChecked(true);
    if (!isGood) return;
    publish.mutate(
      { basedOn, plan },
      {
        onSuccess: () => {
          setDraft(null);
          setChecked(false);
        },
      },
    );
  };
  const wrong = (place: string) => isChecked && problems.has(place);
  const full = state.cells.filter((cell) => cell.state === 'full' && cell.hard !== null);

  return (
    <div className={styles.quotas}>
      <section className={styles.now} aria-labelledby="now">
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
                onClick={() => {
                  set(widened(plan, id, MORE));
                  // The next thing to press, beside what it would do.
                  requestAnimationFrame(() => go.current?.focus());
                }}
              >
                {t('quotas.widen', { label, count: MORE })}
              </Button>
            ))}
          </Group>
        )}
      </section>
      <section className={styles.change} aria-labelledby="change">
        <Title order={2} id="change">
          {t('quotas.change')}
        </Title>
        <Text c="dimmed" maw="65ch">
          {t('quotas.how')}
        </Text>
        <NumberField
          label={t('quotas.total')}
          description={t('quotas.totalHow')}
          value={plan.total}
          onChange={(total) => write({ total })}
        />
        {!plan.cells.length && !plan.shares.length && <Text c="dimmed">{t('quotas.none')}</Text>}
        {plan.cells.map((cell, at) => (
          <CellFields
            key={cell.id}
            cell={cell}
            facts={facts}
            counts={(result?.state ?? state).cells.find(({ id }) => id === cell.id)}
            wrong={(field) => wrong(`cells.${at}.${field}`)}
            onChange={(next) => write({ cells: plan.cells.map((each) => (each === cell ? next : each)) })}
            onRemove={() => write({ cells: plan.cells.filter((each) => each !== cell) })}
          />
        ))}
        {plan.shares.map((share, at) => (
          <ShareFields
            key={share.id}
            share={share}
            facts={facts}
            counts={(result?.state ?? state).shares.find(({ id }) => id === share.id)}
            wrong={(field) => wrong(`shares.${at}.${field}`)}
            onChange={(next) => write({ shares: plan.shares.map((each) => (each === share ? next : each)) })}
            onRemove={() => write({ shares: plan.shares.filter((each) => each !== share) })}
          />
        ))}
        <Group gap="sm">
          <Button
            variant="default"
            leftSection={<IconPlus size={18} aria-hidden />}
            disabled={plan.cells.length >= 40}
            onClick={() => write({ cells: [...plan.cells, newCell()] })}
          >
            {t('quotas.addCell')}
          </Button>
          <Button
            variant="default"
            leftSection={<IconPlus size={18} aria-hidden />}
            disabled={plan.shares.length >= 10}
            onClick={() => write({ shares: [...plan.shares, newShare()] })}
          >
            {t('quotas.addShare')}
          </Button>
        </Group>
      </section>
      <section
        className={styles.effect}
        data-writing={draft !== null || undefined}
        aria-label={t('quotas.effect')}
      >
        <div role="status" className={styles.promise}>
          {!draft ? (
            <Text>
              {publish.isSuccess ? t('quotas.published', { version: state.version }) : t('quotas.unchanged')}
            </Text>
          ) : problems.size ? (
            <Text>{t('quotas.unfinished')}</Text>
          ) : result ? (
            <>
              <Text fw={600}>{t('quotas.enter', { count: result.enter })}</Text>
              <Effects before={state} after={result.state} over={result.over} />
            </>
          ) : trial.error ? null : (
            <Text>{t('quotas.counting')}</Text>
          )}
        </div>
        {isStale ? (
          <Alert role="alert" variant="default">
            <Text>{t('quotas.stale', { version: state.version })}</Text>
            <Group gap="sm" mt="xs">
              <Button variant="default" onClick={drop}>
                {t('desk.loadNewer')}
              </Button>
              <Button variant="default" loading={publish.isPending} onClick={() => send(state.version)}>
                {t('desk.overNewer')}
              </Button>
            </Group>
          </Alert>
        ) : (
          <>
            <Refusal error={publish.error ?? (draft ? trial.error : null)} />
            <Group gap="sm">
              <Button
                ref={go}
                className={styles.go}
                disabled={!draft}
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
          </>
        )}
      </section>
    </div>
  );
}

const newCell = (): Cell => ({
  id: crypto.randomUUID(),
  label: '',
  rule: [],
  target: 0,
  soft: null,
  hard: null,
});
const newShare = (): Share => ({ id: crypto.randomUUID(), label: '', rule: [], least: 50 });

interface EffectsProps {
  before: PlanState;
  after: PlanState;
  over: readonly string[];
}

/** Whom a change would stop or let in, and where more are in than it would allow. */
function Effects({ before, after, over }: EffectsProps) {
  const { t } = useTranslation();
  const turned = [...after.cells, ...after.shares].filter(({ id, state }) => {
    const known = [...before.cells, ...before.shares].find((each) => each.id === id);
    return known?.state !== state;
  });
  if (!turned.length && !over.length) return null;
  return (
    <ul className={styles.plain}>
      {turned.map(({ id, label, state }) => (
        <li key={id} dir="auto">
          {t('quotas.becomes', { label, state: t(`desk.state.${state}`) })}
        </li>
      ))}
      {over.map((label) => (
        <li key={label} dir="auto">
          {t('quotas.over', { label: label || t('desk.everybody') })}
        </li>
      ))}
    </ul>
  );
}
