import { Button, Checkbox, NativeSelect, Text, Textarea, TextInput, Title } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { RecognitionKind } from '@parley/contracts/recognition';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../platform/format';
import { useOp } from '../platform/op';
import { Loading, Nothing } from '../platform/page';
import { usePlace } from '../platform/place';
import { Refusal } from '../platform/refusal';
import { Sure } from '../platform/sure';
import { Board } from './board';
import { CircleDesk } from './circle';
import { useOffer, useOffers, useParticipation, useSetBoard } from './recognition.data';
import styles from './recognition.module.css';

/** What the team sees: who takes part, the board and whether members see it, and what is offered to them. */
export function TeamPart({ board }: { board: boolean }) {
  const { t } = useTranslation();
  const { role } = usePlace().membership;
  const set = useSetBoard();
  return (
    <>
      <Participation />
      <Board />
      <p className={styles.quiet}>{t(board ? 'standing.boardOn' : 'standing.boardOff')}</p>
      {role === 'manager' && (
        <>
          <Sure
            key={String(board)}
            label={t(board ? 'standing.switchOff' : 'standing.switchOn')}
            question={t('standing.switchAsk')}
            yes={t(board ? 'standing.switchOff' : 'standing.switchOn')}
            no={t('standing.cancel')}
            isPending={set.isPending}
            onYes={() => set.mutate({ on: !board })}
          />
          <Refusal error={set.error} />
          <Offer />
          <CircleDesk />
        </>
      )}
    </>
  );
}

function Participation() {
  const { t } = useTranslation();
  const { date, number } = useFormat();
  const weeks = useParticipation();
  return (
    <section className={styles.part} aria-labelledby="participation">
      <Title order={2} id="participation">
        {t('participation.title')}
      </Title>
      <Text maw="65ch">{t('participation.lead')}</Text>
      <Refusal error={weeks.error} onRetry={() => void weeks.refetch()} />
      {weeks.isPending && <Loading lines={6} />}
      {weeks.data && (
        <div className={styles.scroll} tabIndex={0} role="region" aria-labelledby="participation">
          <table>
            <thead>
              <tr>
                <th scope="col">{t('participation.week')}</th>
                <th scope="col">{t('participation.ones')}</th>
                <th scope="col">{t('participation.nines')}</th>
                <th scope="col">{t('participation.nineties')}</th>
              </tr>
            </thead>
            <tbody>
              {weeks.data.weeks.toReversed().map(({ week, ones, nines, nineties }) => {
                const all = Math.max(1, ones + nines + nineties);
                return (
                  <tr key={week}>
                    <th scope="row">{date(week)}</th>
                    {[ones, nines, nineties].map((count, at) => (
                      <td key={at}>
                        {t('participation.shares', { count, share: number((100 * count) / all) })}
                      </td>
                    ))}
                  </tr>
                );
              })}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}

function Offer() {
  const { t } = useTranslation();
  const [find, setFind] = useState('');
  const [settled] = useDebouncedValue(find.trim(), 250);
  const offers = useOffers(settled);
  const offer = useOffer();
  const op = useOp();
  const [kind, setKind] = useState<RecognitionKind>('firstLook');
  const [words, setWords] = useState('');
  const [chosen, setChosen] = useState<ReadonlyMap<string, string>>(new Map());
  const [isTried, setTried] = useState(false);
  const toggle = (memberId: string, handle: string) =>
    setChosen((now) => {
      const next = new Map(now);
      if (!next.delete(memberId)) next.set(memberId, handle);
      return next;
    });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (!words.trim() || !chosen.size) return;
    const memberIds = [...chosen.keys()];
    offer.mutate(
      { opId: op.idOf(JSON.stringify([kind, words, memberIds])), memberIds, kind, words },
      {
        onSuccess: () => {
          op.isIn();
          setWords('');
          setChosen(new Map());
          setTried(false);
        },
      },
    );
  };
  // Those who are chosen stay in sight whatever is looked for.
  const found = offers.data?.members ?? [];
  const listed = [
    ...[...chosen].map(([memberId, handle]) => ({ memberId, handle, level: null })),
    ...found.filter(({ memberId }) => !chosen.has(memberId)),
  ];
  return (
    <section className={styles.part} aria-labelledby="offer">
      <Title order={2} id="offer">
        {t('offer.title')}
      </Title>
      <form className={styles.part} onSubmit={submit} noValidate aria-labelledby="offer">
        <NativeSelect
          label={t('offer.kind')}
          value={kind}
          data={RecognitionKind.options.map((value) => ({ value, label: t(`standing.offer.${value}`) }))}
          onChange={({ currentTarget: { value } }) => setKind(RecognitionKind.parse(value))}
        />
        <Textarea
          label={t('offer.words')}
          maxLength={500}
          autosize
          minRows={2}
          dir="auto"
          value={words}
          error={isTried && !words.trim() ? t('write.empty') : undefined}
          onChange={({ currentTarget: { value } }) => setWords(value)}
        />
        <TextInput
          label={t('offer.find')}
          maxLength={60}
          value={find}
          onChange={({ currentTarget: { value } }) => setFind(value)}
        />
        <fieldset className={styles.choices}>
          <legend>{t('offer.whom')}</legend>
          {!listed.length && offers.data && <Nothing>{t('offer.none')}</Nothing>}
          {listed.map(({ memberId, handle, level }) => (
            <Checkbox
              key={memberId}
              label={level === null ? handle : t('offer.level', { who: handle, level })}
              checked={chosen.has(memberId)}
              onChange={() => toggle(memberId, handle)}
            />
          ))}
        </fieldset>
        {isTried && !chosen.size && (
          <Text size="sm" c="var(--mantine-color-error)" role="alert">
            {t('offer.choose')}
          </Text>
        )}
        <Refusal error={offer.error} />
        <Button type="submit" w="fit-content" loading={offer.isPending}>
          {t('offer.send', { count: Math.max(1, chosen.size) })}
        </Button>
        {offer.isSuccess && (
          <Text size="sm" role="status">
            {t('offer.sent')}
          </Text>
        )}
      </form>
      {!!offers.data?.offers.length && (
        <>
          <Title order={3}>{t('offer.list')}</Title>
          <ul className={styles.list}>
            {offers.data.offers.map((one) => (
              <li key={one.id}>
                <span dir="auto">
                  <strong>{one.handle}</strong>: {one.words}
                </span>
                <span className={styles.quiet}>
                  {t(`standing.offer.${one.kind}`)} ·{' '}
                  {t(
                    one.accepted === null
                      ? 'offer.waits'
                      : one.accepted
                        ? 'offer.accepted'
                        : 'offer.declined',
                  )}
                </span>
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}
