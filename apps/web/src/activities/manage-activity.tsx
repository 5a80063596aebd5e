import { Button, NumberInput, TextInput } from '@mantine/core';
import type { ActivityOnDesk } from '@parley/contracts/activities';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { isoOf, localOf, useFormat } from '../platform/format';
import { usePlace } from '../platform/place';
import { Refusal } from '../platform/refusal';
import { Sure } from '../platform/sure';
import { useExport, useMove, useRemind } from './activities.data';
import styles from './activities.module.css';

/** Where an Activity stands, and what the team can do with it as a whole. */
export function ManageActivity({ activity }: { activity: ActivityOnDesk }) {
  const { t } = useTranslation();
  const { moment } = useFormat();
  const { role } = usePlace().membership;
  const { id: activityId, phase, body, people, sent } = activity;
  const plans = role === 'producer' || role === 'manager';
  const move = useMove();
  const remind = useRemind();
  const exportAll = useExport(activityId);
  const [opens, setOpens] = useState(false);
  const isOpen = phase === 'open' || phase === 'closing';
  return (
    <>
      <p>
        {t(`activityDesk.phase.${phase}`)}
        {body && ` · ${t('activityDesk.due', { when: moment(body.dueAt) })}`} ·{' '}
        {t('manage.sent', { sent, count: people })}
      </p>
      <div className={styles.row}>
        {plans && isOpen && (
          <Button variant="default" loading={remind.isPending} onClick={() => remind.mutate({ activityId })}>
            {t('manage.remind')}
          </Button>
        )}
        {plans && phase !== 'scheduled' && phase !== 'archived' && (
          <Button variant="default" onClick={() => setOpens(!opens)} aria-expanded={opens}>
            {t(isOpen ? 'manage.extend' : 'manage.reopen')}
          </Button>
        )}
        {plans && isOpen && (
          <Sure
            label={t('manage.close')}
            question={t('manage.closeSure')}
            yes={t('manage.close')}
            no={t('activity.cancel')}
            isPending={move.isPending}
            onYes={() => move.mutate({ activityId, move: { to: 'closed' } })}
          />
        )}
        {plans && phase === 'closed' && (
          <Button variant="default" onClick={() => move.mutate({ activityId, move: { to: 'archived' } })}>
            {t('manage.archive')}
          </Button>
        )}
        {role === 'manager' && (
          <Button variant="default" loading={exportAll.isPending} onClick={() => exportAll.mutate()}>
            {t('manage.export')}
          </Button>
        )}
      </div>
      {remind.data && <p role="status">{t('manage.reminded', { count: remind.data.told })}</p>}
      <Refusal error={remind.error ?? move.error ?? exportAll.error} />
      {opens && body && (
        <Extend
          body={body}
          isPending={move.isPending}
          onExtend={(dueAt, graceHours) =>
            move.mutate(
              { activityId, move: { to: 'published', dueAt, graceHours } },
              { onSuccess: () => setOpens(false) },
            )
          }
        />
      )}
    </>
  );
}

interface ExtendProps {
  body: NonNullable<ActivityOnDesk['body']>;
  isPending: boolean;
  onExtend: (dueAt: string, graceHours: number) => void;
}

function Extend({ body, isPending, onExtend }: ExtendProps) {
  const { t } = useTranslation();
  const [dueAt, setDueAt] = useState(body.dueAt);
  const [graceHours, setGraceHours] = useState(body.graceHours);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onExtend(dueAt, graceHours);
  };
  return (
    <form className={styles.panel} onSubmit={submit} aria-label={t('manage.extend')}>
      <TextInput
        type="datetime-local"
        label={t('plan.act.dueAt')}
        description={t('manage.extendHow')}
        value={localOf(dueAt)}
        onChange={({ currentTarget }) => setDueAt(isoOf(currentTarget.value) ?? dueAt)}
      />
      <NumberInput
        label={t('plan.act.graceHours')}
        min={0}
        max={336}
        value={graceHours}
        onChange={(value) => setGraceHours(Number(value) || 0)}
      />
      <Button type="submit" w="fit-content" loading={isPending}>
        {t('manage.extendYes')}
      </Button>
    </form>
  );
}
