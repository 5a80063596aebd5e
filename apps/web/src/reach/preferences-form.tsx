import { Button, NativeSelect, Switch, Text, TextInput, Title } from '@mantine/core';
import type { OutputOf } from '@parley/contracts/contract';
import {
  Cadence,
  NotificationKind,
  Preferences,
  type readPreferences,
  teamKinds,
  usualCadence,
} from '@parley/contracts/reach';
import IconInfoCircle from '@tabler/icons-react/dist/esm/icons/IconInfoCircle.mjs';
import { Link } from '@tanstack/react-router';
import { type FormEvent, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Loading } from '../platform/page';
import { usePlace } from '../platform/place';
import { Refusal } from '../platform/refusal';
import { usePreferences, useSavePreferences } from './reach.data';
import styles from './reach.module.css';

/** How I am reached by mail: what at once, what once a day, and when not at all. */
export function PreferencesForm() {
  const { t } = useTranslation();
  const { community } = usePlace().membership;
  const preferences = usePreferences(community.id);
  return (
    <section className={styles.part} aria-labelledby="preferences">
      <Title order={2} id="preferences">
        {t('prefs.title')}
      </Title>
      <Text c="dimmed" maw="60ch">
        {t('prefs.lead')}
      </Text>
      {preferences.isPending && <Loading />}
      <Refusal error={preferences.error} onRetry={() => void preferences.refetch()} />
      {preferences.data && <Form now={preferences.data} />}
    </section>
  );
}

const browserZone = () => Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC';
const NIGHT = { from: '22:00', to: '07:00' };
const isClock = (text: string) => Preferences.shape.dailyAt.safeParse(text).success;

function Form({ now }: { now: OutputOf<typeof readPreferences> }) {
  const { t } = useTranslation();
  const { role, community } = usePlace().membership;
  const save = useSavePreferences(community.id);
  // Nobody has chosen yet: the browser knows better than the server where the person is.
  const [form, setForm] = useState<Preferences>(() =>
    now.chosen ? now.preferences : { ...now.preferences, timezone: browserZone() },
  );
  const [tried, setTried] = useState(false);
  const zones = useMemo(
    () => [...new Set([form.timezone, browserZone(), 'UTC', ...Intl.supportedValuesOf('timeZone')])].sort(),
    [form.timezone],
  );
  const kinds = NotificationKind.options.filter((kind) => role !== 'member' || !teamKinds.includes(kind));
  const change = (part: Partial<Preferences>) => {
    save.reset();
    setForm((before) => ({ ...before, ...part }));
  };
  const quiet = form.quiet;
  const wrong = (text: string) => (tried && !isClock(text) ? t('prefs.clock') : undefined);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const checked = Preferences.safeParse(form);
    setTried(!checked.success);
    if (checked.success) save.mutate(checked.data);
  };
  return (
    <form className={styles.form} onSubmit={submit} noValidate>
      {!now.mailAgreed && (
        <div className={styles.notice}>
          <IconInfoCircle size={20} aria-hidden />
          <p>
            {t('prefs.notAgreed')}{' '}
            <Link to="/c/$slug/profile" params={{ slug: community.slug }}>
              {t('prefs.toProfile')}
            </Link>
          </p>
        </div>
      )}
      <ul className={styles.kinds}>
        {kinds.map((kind) => (
          <li key={kind}>
            <NativeSelect
              size="md"
              label={t(`prefs.kind.${kind}`)}
              classNames={{ root: styles.kind }}
              value={form.cadence[kind] ?? usualCadence[kind]}
              onChange={({ currentTarget }) =>
                change({ cadence: { ...form.cadence, [kind]: Cadence.parse(currentTarget.value) } })
              }
              data={Cadence.options.map((value) => ({ value, label: t(`prefs.${value}`) }))}
            />
          </li>
        ))}
      </ul>
      <fieldset className={styles.times}>
        <legend>{t('prefs.times')}</legend>
        <NativeSelect
          size="md"
          label={t('prefs.timezone')}
          description={now.chosen ? undefined : t('prefs.timezoneGuessed')}
          value={form.timezone}
          onChange={({ currentTarget }) => change({ timezone: currentTarget.value })}
          data={zones.map((zone) => ({ value: zone, label: zone.replaceAll('_', ' ') }))}
        />
        <TextInput
          type="time"
          label={t('prefs.dailyAt')}
          value={form.dailyAt}
          error={wrong(form.dailyAt)}
          onChange={({ currentTarget }) => change({ dailyAt: currentTarget.value.slice(0, 5) })}
        />
        <Switch
          size="md"
          label={t('prefs.quiet')}
          description={t('prefs.quietHow')}
          checked={quiet !== null}
          onChange={({ currentTarget }) => change({ quiet: currentTarget.checked ? NIGHT : null })}
        />
        {quiet && (
          <div className={styles.pair}>
            <TextInput
              type="time"
              label={t('prefs.from')}
              value={quiet.from}
              error={wrong(quiet.from)}
              onChange={({ currentTarget }) =>
                change({ quiet: { ...quiet, from: currentTarget.value.slice(0, 5) } })
              }
            />
            <TextInput
              type="time"
              label={t('prefs.to')}
              value={quiet.to}
              error={wrong(quiet.to)}
              onChange={({ currentTarget }) =>
                change({ quiet: { ...quiet, to: currentTarget.value.slice(0, 5) } })
              }
            />
          </div>
        )}
      </fieldset>
      <Refusal error={save.error} />
      <div className={styles.row}>
        <Button type="submit" loading={save.isPending}>
          {t('prefs.save')}
        </Button>
        <span role="status" className={styles.small}>
          {save.isSuccess && t('prefs.saved')}
        </span>
      </div>
    </form>
  );
}
