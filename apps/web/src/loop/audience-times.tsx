import { Button, Checkbox, Group, NativeSelect, NumberInput, Radio, Text, TextInput } from '@mantine/core';
import type { UpdateDraft } from '@parley/contracts/loop';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../platform/format';
import { Refusal } from '../platform/refusal';
import { usePublish } from './loop-desk.data';
import styles from './loop-desk.module.css';
import { dayOf } from './writing';

const units = { minutes: 60_000, hours: 3_600_000, days: 86_400_000 } as const;
type Unit = keyof typeof units;
const unitNames = Object.keys(units) as Unit[];

/** How much later the next audience hears. It can be no less than a minute, so no order can be wrong. */
interface Later {
  count: number;
  unit: Unit;
}
const msOf = ({ count, unit }: Later) => Math.max(1, count) * units[unit];

/** The largest unit that a span is a whole number of. */
export function laterOf(ms: number): Later {
  const unit = unitNames.toReversed().find((each) => ms >= units[each] && ms % units[each] === 0);
  return unit
    ? { count: ms / units[unit], unit }
    : { count: Math.max(1, Math.round(ms / 60_000)), unit: 'minutes' };
}

/** As a field of date and time takes it, in local time. */
const fieldOf = (iso: string) => {
  const at = new Date(iso);
  return `${dayOf(at)}T${String(at.getHours()).padStart(2, '0')}:${String(at.getMinutes()).padStart(2, '0')}`;
};

/** Says when each audience hears of an approved Update: each a while after the one before it. */
export function AudienceTimes({ draft }: { draft: UpdateDraft }) {
  const { t } = useTranslation();
  const { moment } = useFormat();
  const publish = usePublish();
  const { id: updateId, version, times, contributors } = draft;
  const [opened] = useState(() => Date.now());
  const [when, setWhen] = useState<'now' | 'at'>(times ? 'at' : 'now');
  const [at, setAt] = useState(times ? fieldOf(times.contributorsAt) : '');
  const span = (from: string, to: string) => laterOf(Date.parse(to) - Date.parse(from));
  const [community, setCommunity] = useState<Later>(
    times ? span(times.contributorsAt, times.communityAt) : { count: 1, unit: 'days' },
  );
  const [isPublic, setPublic] = useState(Boolean(times?.publicAt));
  const [everybody, setEverybody] = useState<Later>(
    times?.publicAt ? span(times.communityAt, times.publicAt) : { count: 7, unit: 'days' },
  );
  const [isTried, setTried] = useState(false);
  const field = useRef<HTMLInputElement>(null);

  const timesFrom = (now: number) => {
    const first = when === 'now' ? now : Date.parse(at);
    const second = first + msOf(community);
    const third = second + msOf(everybody);
    return { first, second, third };
  };
  const isBad = when === 'at' && !(Date.parse(at) > opened);
  const { first, second, third } = timesFrom(opened);
  const said = (time: number) => (Number.isNaN(time) ? t('editor.noTime') : moment(time));
  return (
    <form
      className={styles.form}
      noValidate
      aria-label={t('editor.times')}
      onSubmit={(event) => {
        event.preventDefault();
        setTried(true);
        if (isBad) return field.current?.focus();
        const chosen = timesFrom(Date.now());
        publish.mutate({
          updateId,
          version,
          times: {
            contributorsAt: new Date(chosen.first).toISOString(),
            communityAt: new Date(chosen.second).toISOString(),
            publicAt: isPublic ? new Date(chosen.third).toISOString() : null,
          },
        });
      }}
    >
      <Text maw="65ch">{t('editor.timesHow')}</Text>
      <ol className={styles.audiences}>
        <li>
          <Radio.Group
            label={t('editor.contributorsHear', { count: contributors })}
            value={when}
            onChange={(value) => setWhen(value === 'at' ? 'at' : 'now')}
          >
            <Group gap="md" mt="xs">
              <Radio size="md" value="now" label={t('editor.now')} />
              <Radio size="md" value="at" label={t('editor.at')} />
            </Group>
          </Radio.Group>
          {when === 'at' && (
            <TextInput
              ref={field}
              type="datetime-local"
              className={styles.day}
              label={t('editor.atLabel')}
              value={at}
              error={isTried && isBad ? t('editor.atTakes') : undefined}
              onChange={(event) => setAt(event.currentTarget.value)}
            />
          )}
        </li>
        <li>
          <LaterFields label={t('editor.communityHears')} value={community} onChange={setCommunity} />
          <Text className={styles.small}>{t('editor.thatIs', { when: said(second) })}</Text>
        </li>
        <li>
          <Checkbox
            size="md"
            label={t('editor.publicHears')}
            description={t('editor.publicHow')}
            checked={isPublic}
            onChange={(event) => setPublic(event.currentTarget.checked)}
          />
          {isPublic && (
            <>
              <LaterFields label={t('editor.publicLater')} value={everybody} onChange={setEverybody} />
              <Text className={styles.small}>{t('editor.thatIs', { when: said(third) })}</Text>
            </>
          )}
        </li>
      </ol>
      <Refusal error={publish.error} />
      <Button type="submit" className={styles.start} loading={publish.isPending}>
        {when === 'now' ? t('editor.publishNow') : t('editor.publishAt', { when: said(first) })}
      </Button>
    </form>
  );
}

interface LaterFieldsProps {
  label: string;
  value: Later;
  onChange: (later: Later) => void;
}

function LaterFields({ label, value: { count, unit }, onChange }: LaterFieldsProps) {
  const { t } = useTranslation();
  return (
    <div className={styles.later}>
      <NumberInput
        label={label}
        min={1}
        max={999}
        clampBehavior="strict"
        allowDecimal={false}
        allowNegative={false}
        hideControls
        value={count}
        onChange={(value) => onChange({ count: Math.max(1, Number(value) || 1), unit })}
      />
      <NativeSelect
        label={t('editor.unit')}
        value={unit}
        data={unitNames.map((value) => ({ value, label: t(`editor.unit.${value}`) }))}
        onChange={(event) => {
          const chosen = unitNames.find((each) => each === event.currentTarget.value);
          if (chosen) onChange({ count, unit: chosen });
        }}
      />
    </div>
  );
}
