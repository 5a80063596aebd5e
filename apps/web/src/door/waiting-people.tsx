import { Button, Group, NativeSelect, Text, Title, UnstyledButton } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import type { Application } from '@parley/contracts/door';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { type KeyboardEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../platform/format';
import { Loading, Nothing, useTitle } from '../platform/page';
import { usePlace } from '../platform/place';
import { Refusal } from '../platform/refusal';
import { CandidateDetails } from './candidate-details';
import { type Shelf, useApplications, useDecide, useExport } from './desk.data';
import styles from './desk.module.css';

const shelves: readonly Shelf[] = [
  'waiting',
  'voices',
  'offered',
  'reserved',
  'admitted',
  'notThisTime',
  'screening',
];

/** What keys do in the list, and by how much they move. */
const steps: Record<string, number> = { ArrowDown: 1, j: 1, ArrowUp: -1, k: -1 };

/** Left who waits, right the person; everything can be done without leaving the list. */
export function WaitingPage() {
  const { t } = useTranslation();
  const { number } = useFormat();
  useTitle(t('desk.part.waiting'), usePlace().membership.community.name);
  const { show } = useSearch({ strict: false });
  const shelf = shelves.find((each) => each === show) ?? 'waiting';
  const navigate = useNavigate();
  const [chosen, setChosen] = useState<string | null>(null);
  const [told, setTold] = useState('');
  const list = useApplications(shelf);
  const save = useExport();
  // Of the page: who has got a decision leaves the list, and takes along what is written there.
  const decide = useDecide();
  const isWide = useMediaQuery('(min-width: 62em)', undefined, { getInitialValueInEffect: false });
  const applications = list.data?.applications ?? [];
  const all = list.data?.all ?? 0;
  const at = applications.findIndex(({ id }) => id === chosen);
  const open = applications[at];

  const choose = (application: Application | undefined) => {
    if (!application) return;
    setChosen(application.id);
    document.getElementById(`person-${application.id}`)?.focus();
  };
  const decideFor = (application: Application, decision: 'offer' | 'notThisTime', reason: string) => {
    if (decide.isPending) return;
    const place = applications.indexOf(application);
    const next = applications[place + 1] ?? applications[place - 1];
    decide.mutate(
      { applicationId: application.id, decision, reason },
      {
        onSuccess: () => {
          setTold(t(`people.done.${decision}`, { who: application.handle || t('people.unnamed') }));
          if (next) choose(next);
          else setChosen(null);
        },
      },
    );
  };
  const byKey = (event: KeyboardEvent<HTMLElement>) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const step = steps[event.key];
    if (step) {
      event.preventDefault();
      choose(applications[Math.min(applications.length - 1, Math.max(0, at + step))]);
    } else if (event.key === 'o' && open?.status === 'waiting' && open.email) {
      event.preventDefault();
      decideFor(open, 'offer', '');
    } else if (event.key === 'Enter' && isWide && open) {
      event.preventDefault();
      document.getElementById('person-open')?.focus();
    }
  };
  const detailsOf = (application: Application) => (
    <CandidateDetails
      key={application.id}
      application={application}
      all={all}
      deciding={{
        isPending: decide.isPending,
        error: decide.variables?.applicationId === application.id ? decide.error : null,
        decide: (decision, reason) => decideFor(application, decision, reason),
      }}
    />
  );

  return (
    <div className={styles.two}>
      <section className={styles.part} aria-labelledby="people">
        <Group justify="space-between" align="flex-end">
          <NativeSelect
            label={t('people.shelf')}
            value={shelf}
            data={shelves.map((value) => ({ value, label: t(`people.shelf.${value}`) }))}
            onChange={(event) => {
              void navigate({ to: '.', search: { show: event.currentTarget.value }, replace: true });
              setChosen(null);
              setTold('');
            }}
          />
          <Button variant="default" loading={save.isPending} onClick={() => save.mutate()}>
            {t('people.export')}
          </Button>
        </Group>
        <Refusal error={save.error} />
        <div role="status">
          {save.data && <Text>{t('people.exported', { count: save.data.rows })}</Text>}
          {told && <Text className={styles.promise}>{told}</Text>}
        </div>
        <Title order={2} id="people">
          {t(`people.shelf.${shelf}`)}
          {list.data && ` (${number(all)})`}
        </Title>
        {!list.data && list.error && <Refusal error={list.error} onRetry={() => void list.refetch()} />}
        {list.isPending && <Loading />}
        {list.data && !applications.length && (
          <Nothing>{t(`people.none.${shelf === 'voices' || shelf === 'waiting' ? shelf : 'other'}`)}</Nothing>
        )}
        {all > applications.length && (
          <Text c="dimmed">{t('people.first', { shown: applications.length, count: all })}</Text>
        )}
        {isWide && applications.length > 0 && (
          <Text className={styles.small}>{t(shelf === 'waiting' ? 'people.keysOffer' : 'people.keys')}</Text>
        )}
        <ul className={styles.people} onKeyDown={(event) => isOnPerson(event) && byKey(event)}>
          {applications.map((application) => {
            const isOpen = application === open;
            return (
              <li key={application.id}>
                <Person
                  application={application}
                  isVoice={shelf === 'voices'}
                  isOpen={isOpen}
                  isWide={isWide}
                  onOpen={() => setChosen(isOpen && !isWide ? null : application.id)}
                />
                {isOpen && !isWide && detailsOf(application)}
              </li>
            );
          })}
        </ul>
      </section>
      {isWide && (
        <aside className={styles.aside} aria-label={t('people.details')}>
          {open ? detailsOf(open) : applications.length > 0 && <Nothing>{t('people.choose')}</Nothing>}
        </aside>
      )}
    </div>
  );
}

/** Keys belong to the list only while one of its people has the focus, not while something is written. */
const isOnPerson = ({ target }: KeyboardEvent) =>
  target instanceof HTMLElement && target.id.startsWith('person-') && target.id !== 'person-open';

interface PersonProps {
  application: Application;
  isVoice: boolean;
  isOpen: boolean;
  /** The details stand beside the list, and follow the focus; below a person they would move the list. */
  isWide: boolean;
  onOpen: () => void;
}

function Person({ application, isVoice, isOpen, isWide, onOpen }: PersonProps) {
  const { t } = useTranslation();
  const { date } = useFormat();
  const { id, handle, place, since, full, email, voice, source, facts } = application;
  return (
    <UnstyledButton
      id={`person-${id}`}
      className={styles.person}
      {...(isWide
        ? { 'aria-current': isOpen, onFocus: () => isOpen || onOpen() }
        : { 'aria-expanded': isOpen })}
      onClick={onOpen}
    >
      <span className={styles.label} dir="auto">
        {place !== null && `${place}. `}
        {handle || t('people.unnamed')}
      </span>
      {isVoice && voice ? (
        <>
          <span className={styles.excerpt} dir="auto">
            {voice.text}
          </span>
          <span className={styles.small} data-new={!voice.readBy || undefined}>
            {voice.readBy ? t('people.readBy', { name: voice.readBy.name }) : t('people.unread')}
          </span>
        </>
      ) : (
        <>
          {facts.length > 0 && (
            <span className={styles.excerpt} dir="auto">
              {facts.map(({ value }) => value).join(' · ')}
            </span>
          )}
          <span className={styles.small}>
            {[
              t('people.since', { date: date(since), source }),
              full.length > 0 &&
                t('people.full', { cells: full.map((label) => label || t('desk.everybody')).join(', ') }),
              !email && t('people.noAddress'),
            ]
              .filter(Boolean)
              .join(' · ')}
          </span>
        </>
      )}
    </UnstyledButton>
  );
}
