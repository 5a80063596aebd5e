import { Button, Checkbox, Group, Text, TextInput } from '@mantine/core';
import type { ApprovalStep } from '@parley/contracts/loop';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNamed } from '../platform/named';
import { Refusal } from '../platform/refusal';
import { useSetSteps } from './loop-desk.data';
import styles from './loop-desk.module.css';

const MOST = 5;

interface ApprovalStepsProps {
  steps: readonly ApprovalStep[];
  team: readonly { memberId: string; name: string; title: string }[];
}

/** Who approves Updates before they go out, in order; one of those named in a step is enough. */
export function ApprovalSteps({ steps, team }: ApprovalStepsProps) {
  const { t } = useTranslation();
  const named = useNamed();
  const save = useSetSteps();
  const [draft, setDraft] = useState<{ key: string; step: ApprovalStep }[]>(() =>
    steps.map((step) => ({ key: crypto.randomUUID(), step })),
  );
  const [isTried, setTried] = useState(false);
  const change = (place: number, more: Partial<ApprovalStep>) =>
    setDraft((now) =>
      now.map((one, at) => (at === place ? { ...one, step: { ...one.step, ...more } } : one)),
    );
  const lift = (place: number) =>
    setDraft((now) => {
      const next = [...now];
      [next[place - 1], next[place]] = [next[place]!, next[place - 1]!];
      return next;
    });
  const wanted = draft.map(({ step }) => step);
  const isChanged = JSON.stringify(wanted) !== JSON.stringify(steps);
  const isGood = wanted.every(({ label, memberIds }) => label.trim() && memberIds.length);
  return (
    <form
      className={styles.form}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        setTried(true);
        if (isGood) save.mutate({ steps: wanted });
      }}
    >
      <Text maw="65ch">{t(draft.length ? 'draft.stepsHow' : 'draft.stepsNone')}</Text>
      <ol className={styles.steps}>
        {draft.map(({ key, step: { label, memberIds } }, place) => (
          <li key={key} className={styles.step}>
            <TextInput
              label={t('draft.stepLabel', { place: place + 1 })}
              value={label}
              maxLength={60}
              error={isTried && !label.trim() ? t('draft.stepLabelTakes') : undefined}
              onChange={(event) => change(place, { label: event.currentTarget.value })}
            />
            <Checkbox.Group
              label={t('draft.stepWho')}
              value={memberIds}
              error={isTried && !memberIds.length ? t('draft.stepWhoTakes') : undefined}
              onChange={(value) => change(place, { memberIds: value })}
            >
              <div className={styles.people}>
                {team.map(({ memberId, name, title }) => (
                  <Checkbox key={memberId} size="md" value={memberId} label={named({ name, title })} />
                ))}
              </div>
            </Checkbox.Group>
            <Group gap="sm">
              {place > 0 && (
                <Button
                  variant="default"
                  aria-label={t('draft.stepEarlierNamed', { place: place + 1 })}
                  onClick={() => lift(place)}
                >
                  {t('draft.stepEarlier')}
                </Button>
              )}
              <Button
                variant="default"
                aria-label={t('draft.stepRemoveNamed', { place: place + 1 })}
                onClick={() => setDraft((now) => now.filter((_, at) => at !== place))}
              >
                {t('draft.stepRemove')}
              </Button>
            </Group>
          </li>
        ))}
      </ol>
      <Refusal error={save.error} />
      <Group gap="sm">
        {draft.length < MOST && (
          <Button
            variant="default"
            onClick={() =>
              setDraft((now) => [...now, { key: crypto.randomUUID(), step: { label: '', memberIds: [] } }])
            }
          >
            {t('draft.stepAdd')}
          </Button>
        )}
        {isChanged && (
          <Button type="submit" loading={save.isPending}>
            {t('draft.stepsSave')}
          </Button>
        )}
      </Group>
    </form>
  );
}
