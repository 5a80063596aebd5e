import { Button, NativeSelect, Text, Textarea, TextInput, Title } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { MemberType } from '@parley/contracts/people';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Loading, Nothing } from '../platform/page';
import { Refusal } from '../platform/refusal';
import { useSegments } from '../platform/segments.data';
import { Sure } from '../platform/sure';
import { Tick } from '../platform/tick';
import { useCircle, useKinds, useSetCircle, useSetKind, useSetKinds } from './recognition.data';
import styles from './recognition.module.css';

/** By what one comes into the trusted circle, and whether one is in it. */
export function Circle() {
  const { t } = useTranslation();
  const circle = useCircle();
  if (!circle.data) return null;
  const { criteria, inIt } = circle.data;
  return (
    <section className={styles.part} aria-labelledby="circle">
      <Title order={2} id="circle">
        {t('circle.title')}
      </Title>
      {criteria === null ? (
        <Nothing>{t('circle.none')}</Nothing>
      ) : (
        <>
          <p className={styles.quiet}>{t('circle.criteria')}</p>
          <p dir="auto">{criteria}</p>
          {inIt && <strong>{t('circle.in')}</strong>}
        </>
      )}
    </section>
  );
}

/** Where a manager states the criteria, and says what members are to the brand. */
export function CircleDesk() {
  const { t } = useTranslation();
  const circle = useCircle();
  if (!circle.data) return <Loading lines={4} />;
  return (
    <section className={styles.part} aria-labelledby="circle">
      <Title order={2} id="circle">
        {t('circle.title')}
      </Title>
      <Criteria criteria={circle.data.criteria ?? ''} />
      <Kinds />
    </section>
  );
}

function Criteria({ criteria }: { criteria: string }) {
  const { t } = useTranslation();
  const set = useSetCircle();
  const [words, setWords] = useState(criteria);
  const [isTried, setTried] = useState(false);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (words.trim()) set.mutate({ criteria: words });
  };
  return (
    <form className={styles.part} onSubmit={submit} noValidate aria-label={t('circle.state')}>
      <Textarea
        label={t('circle.state')}
        maxLength={1_000}
        autosize
        minRows={2}
        dir="auto"
        value={words}
        error={isTried && !words.trim() ? t('write.empty') : undefined}
        onChange={({ currentTarget: { value } }) => setWords(value)}
      />
      <Refusal error={set.error} />
      <Button type="submit" variant="default" w="fit-content" loading={set.isPending}>
        {t('circle.save')}
      </Button>
      {set.isSuccess && (
        <Text size="sm" role="status">
          {t('circle.saved')}
        </Text>
      )}
    </form>
  );
}

function Kinds() {
  const { t } = useTranslation();
  const [find, setFind] = useState('');
  const [settled] = useDebouncedValue(find.trim(), 250);
  const kinds = useKinds(settled);
  const set = useSetKind();
  const { counts = {}, circle = 0, members = [] } = kinds.data ?? {};
  return (
    <>
      <Title order={3}>{t('circle.kinds')}</Title>
      <Text maw="65ch">{t('circle.kindsLead')}</Text>
      <p className={styles.quiet}>
        {[
          ...MemberType.options.flatMap((type) =>
            counts[type] ? t(`member.count.${type}`, { count: counts[type] }) : [],
          ),
          t('circle.count', { circle }),
        ].join(' · ')}
      </p>
      <KindsOf />
      <TextInput
        label={t('offer.find')}
        maxLength={60}
        value={find}
        onChange={({ currentTarget: { value } }) => setFind(value)}
      />
      <Refusal error={set.error ?? kinds.error} />
      {kinds.data && !members.length && <Nothing>{t('offer.none')}</Nothing>}
      <ul className={styles.list}>
        {members.map(({ memberId, handle, type, circle: inIt, level }) => (
          <li key={memberId} className={styles.kind}>
            <span dir="auto">{t('offer.level', { who: handle, level })}</span>
            <NativeSelect
              aria-label={t('circle.kind', { who: handle })}
              // What was chosen stays in sight while it is being said.
              value={(set.isPending && set.variables.memberId === memberId && set.variables.type) || type}
              data={MemberType.options.map((value) => ({ value, label: t(`member.one.${value}`) }))}
              onChange={({ currentTarget: { value } }) =>
                set.mutate({ memberId, type: MemberType.parse(value) })
              }
            />
            <Tick
              label={t('circle.inIt')}
              aria-label={t('circle.inItNamed', { who: handle })}
              checked={inIt}
              choose={(circle, refused) => set.mutate({ memberId, circle }, { onError: refused })}
            />
          </li>
        ))}
      </ul>
    </>
  );
}

const moves = [...MemberType.options, 'in', 'out'] as const;
type Move = (typeof moves)[number];
const sureOf = (move: Move) =>
  move === 'in' ? 'circle.sureIn' : move === 'out' ? 'circle.sureOut' : 'circle.sure';

/** The same of everybody in a segment at once. */
function KindsOf() {
  const { t } = useTranslation();
  const segments = useSegments();
  const set = useSetKinds();
  const [chosen, setChosen] = useState('');
  const [move, setMove] = useState<Move>('customer');
  const [first] = segments.data ?? [];
  if (!first) return null;
  const segment = segments.data!.find(({ id }) => id === chosen) ?? first;
  const nameOf = ({ name, count }: typeof segment) =>
    count === null ? name : t('plan.segmentOf', { name, count });
  return (
    <fieldset className={styles.box}>
      <legend>{t('circle.allOf')}</legend>
      <NativeSelect
        label={t('circle.segment')}
        value={segment.id}
        data={segments.data!.map((one) => ({ value: one.id, label: nameOf(one) }))}
        onChange={({ currentTarget: { value } }) => {
          setChosen(value);
          set.reset();
        }}
      />
      <NativeSelect
        label={t('circle.become')}
        value={move}
        data={moves.map((value) => ({
          value,
          label: value === 'in' || value === 'out' ? t(`circle.${value}Now`) : t(`member.one.${value}`),
        }))}
        onChange={({ currentTarget: { value } }) => {
          setMove(moves.find((one) => one === value)!);
          set.reset();
        }}
      />
      <Sure
        key={`${segment.id} ${move}`}
        label={t('circle.sayAll')}
        question={t(sureOf(move), { segment: nameOf(segment) })}
        yes={t('circle.sayAll')}
        no={t('standing.cancel')}
        isPending={set.isPending}
        onYes={(close) =>
          set.mutate(
            {
              segmentId: segment.id,
              ...(move === 'in' || move === 'out' ? { circle: move === 'in' } : { type: move }),
            },
            { onSuccess: close },
          )
        }
      />
      <Refusal error={set.error} />
      {set.data && (
        <Text size="sm" role="status">
          {t('circle.changed', { count: set.data.changed })}
        </Text>
      )}
    </fieldset>
  );
}
