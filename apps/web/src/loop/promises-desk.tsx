import { Button, Group, Text, Textarea, TextInput, Title } from '@mantine/core';
import { ESCALATION_DAYS, type PromiseCard } from '@parley/contracts/loop';
import { Link, useNavigate } from '@tanstack/react-router';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../platform/format';
import { useNamed } from '../platform/named';
import { Loading, Nothing, useTitle } from '../platform/page';
import { usePlace } from '../platform/place';
import { Refusal } from '../platform/refusal';
import { Sure, SureWhy } from '../platform/sure';
import { useBreakPromise, useMovePromise, usePromises } from './loop-desk.data';
import styles from './loop-desk.module.css';
import { dayOf, emptyWriting, keepWriting, newKept } from './writing';

const DAY_MS = 86_400_000;
/** Whole days from one `yyyy-mm-dd` to another. */
const daysBetween = (from: string, to: string) => Math.round((Date.parse(to) - Date.parse(from)) / DAY_MS);

const shelves = ['late', 'dueSoon', 'made', 'ended'] as const;
type Shelf = (typeof shelves)[number];

/** By the day itself, which turns before the server's clock has looked again. */
function shelfOf({ status, dueOn, endedAt }: PromiseCard, today: string): Shelf {
  if (endedAt || status === 'kept' || status === 'broken') return 'ended';
  const left = daysBetween(today, dueOn);
  return left < 0 ? 'late' : left <= 7 ? 'dueSoon' : 'made';
}

/** The clocks of what was promised: late first, then what is due soon, what is open, and what has ended. */
export function PromisesDesk() {
  const { t } = useTranslation();
  const { number } = useFormat();
  useTitle(t('loopDesk.part.promises'), usePlace().membership.community.name);
  const promises = usePromises();
  // Days turn at midnight UTC, as they do for the server.
  const today = new Date().toISOString().slice(0, 10);
  if (promises.isPending) return <Loading lines={6} />;
  if (!promises.data) return <Refusal error={promises.error} onRetry={() => void promises.refetch()} />;
  if (!promises.data.length) return <Nothing>{t('clock.none')}</Nothing>;
  return (
    <>
      <Text maw="65ch">{t('clock.lead')}</Text>
      {shelves.map((shelf) => {
        const on = promises.data.filter((promise) => shelfOf(promise, today) === shelf);
        if (!on.length) return null;
        return (
          <section key={shelf} className={styles.part} aria-labelledby={`shelf-${shelf}`}>
            <Title order={2} id={`shelf-${shelf}`}>
              {t(`clock.shelf.${shelf}`)} ({number(on.length)})
            </Title>
            <ul className={styles.rows}>
              {on.map((promise) => (
                <li key={promise.space.id}>
                  <Clock promise={promise} shelf={shelf} today={today} />
                </li>
              ))}
            </ul>
          </section>
        );
      })}
    </>
  );
}

interface ClockProps {
  promise: PromiseCard;
  shelf: Shelf;
  today: string;
}

function Clock({ promise, shelf, today }: ClockProps) {
  const { t } = useTranslation();
  const { date } = useFormat();
  const named = useNamed();
  const navigate = useNavigate();
  const { role, memberId, community } = usePlace().membership;
  const { space, purpose, decision, owner, dueOn, firstDueOn, moves, endedAt, brokenBecause, updates } =
    promise;
  const days = daysBetween(today, dueOn);
  const escalated = ESCALATION_DAYS.filter((after) => -days > after).length;
  const isManager = role === 'manager';
  const answer = () => {
    const updateId = crypto.randomUUID();
    keepWriting(memberId, updateId, {
      ...newKept,
      writing: { ...emptyWriting, spaceId: space.id, keepsPromise: true },
    });
    void navigate({ to: '/c/$slug/loop/updates/$updateId', params: { slug: community.slug, updateId } });
  };
  return (
    <article className={styles.clock} data-shelf={shelf} aria-labelledby={`promise-${space.id}`}>
      <div className={styles.clockFace}>
        <Text className={styles.clockDays}>
          {shelf === 'ended'
            ? t(`clock.status.${promise.status === 'broken' ? 'broken' : 'kept'}`)
            : days < 0
              ? t('clock.late', { count: -days })
              : days === 0
                ? t('clock.today')
                : t('clock.left', { count: days })}
        </Text>
        <Text className={styles.small}>{shelf === 'ended' && endedAt ? date(endedAt) : date(dueOn)}</Text>
      </div>
      <div className={styles.clockBody}>
        <Title order={3} id={`promise-${space.id}`} dir="auto">
          {space.title}
        </Title>
        <Text className={styles.small}>
          {t(`clock.kind.${space.kind}`)} · {t('clock.owner', { who: named(owner) })}
        </Text>
        <Text dir="auto">{decision}</Text>
        {purpose !== decision && (
          <Text className={styles.small} dir="auto">
            {purpose}
          </Text>
        )}
        {shelf === 'late' && (
          <Text className={styles.escalated}>
            {t(`clock.escalated.${Math.min(3, escalated) as 1 | 2 | 3}`)}
          </Text>
        )}
        {moves.length > 0 && (
          <ul className={styles.moves}>
            <li>{t('clock.first', { date: date(firstDueOn) })}</li>
            {moves.map(({ at, to, reason }) => (
              <li key={at}>
                {t('clock.moved', { date: date(to) })} <q dir="auto">{reason}</q>
              </li>
            ))}
          </ul>
        )}
        {brokenBecause && (
          <blockquote className={styles.quote} dir="auto">
            {brokenBecause}
          </blockquote>
        )}
        {updates.length > 0 && (
          <Text className={styles.small}>
            {t('clock.updates')}{' '}
            {updates.map(({ id, title }, place) => (
              <span key={id}>
                {place > 0 && ' · '}
                <Link to="/c/$slug/updates/$updateId" params={{ slug: community.slug, updateId: id }}>
                  {title}
                </Link>
              </span>
            ))}
          </Text>
        )}
        {shelf !== 'ended' && (
          <Group gap="sm" align="flex-start" mt="xs">
            {(isManager || role === 'host') && (
              <Button
                variant={shelf === 'made' ? 'default' : 'filled'}
                aria-label={t('clock.answerNamed', { title: space.title })}
                onClick={answer}
              >
                {t('clock.answer')}
              </Button>
            )}
            {isManager && <Move key={dueOn} promise={promise} />}
            {isManager && <Break promise={promise} />}
          </Group>
        )}
      </div>
    </article>
  );
}

function Move({ promise: { space, dueOn } }: { promise: PromiseCard }) {
  const { t } = useTranslation();
  const { date } = useFormat();
  const move = useMovePromise();
  const [to, setTo] = useState('');
  const [reason, setReason] = useState('');
  const [isTried, setTried] = useState(false);
  const day = useRef<HTMLInputElement>(null);
  const words = useRef<HTMLTextAreaElement>(null);
  const today = dayOf(new Date());
  const isDayBad = to <= today || to === dueOn;
  return (
    <Sure
      label={t('clock.move')}
      aria-label={t('clock.moveNamed', { title: space.title })}
      question={t('clock.moveSure', { date: date(dueOn) })}
      yes={t('clock.moveNow')}
      no={t('clock.leave')}
      isPending={move.isPending}
      onYes={() => {
        setTried(true);
        if (isDayBad) day.current?.focus();
        else if (!reason.trim()) words.current?.focus();
        else move.mutate({ spaceId: space.id, from: dueOn, to, reason });
      }}
    >
      <TextInput
        ref={day}
        type="date"
        label={t('clock.moveTo')}
        min={today}
        value={to}
        error={isTried && isDayBad ? t('clock.moveToTakes') : undefined}
        onChange={(event) => setTo(event.currentTarget.value)}
      />
      <Textarea
        ref={words}
        label={t('clock.moveReason')}
        description={t('clock.moveReasonHow')}
        autosize
        minRows={2}
        maxLength={500}
        value={reason}
        error={isTried && !reason.trim() ? t('clock.moveReasonTakes') : undefined}
        onChange={(event) => setReason(event.currentTarget.value)}
      />
      <Refusal error={move.error} />
    </Sure>
  );
}

function Break({ promise: { space } }: { promise: PromiseCard }) {
  const { t } = useTranslation();
  const end = useBreakPromise();
  return (
    <>
      <SureWhy
        label={t('clock.break')}
        aria-label={t('clock.breakNamed', { title: space.title })}
        question={t('clock.breakSure')}
        yes={t('clock.breakNow')}
        no={t('clock.leave')}
        isGrave
        isPending={end.isPending}
        words={t('clock.breakReason')}
        takes={t('clock.breakReasonTakes')}
        maxLength={1000}
        onYes={(reason) => end.mutate({ spaceId: space.id, reason })}
      />
      <Refusal error={end.error} />
    </>
  );
}
