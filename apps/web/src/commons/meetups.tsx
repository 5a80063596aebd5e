import { Button, Textarea, TextInput } from '@mantine/core';
import type { Meetup } from '@parley/contracts/groups';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { isoOf, localOf, useFormat } from '../platform/format';
import { Nothing } from '../platform/page';
import { Refusal } from '../platform/refusal';
import { Sure } from '../platform/sure';
import styles from './commons.module.css';
import { useAnswerMeetup, useSaveMeetup } from './groups.data';

/** When members of a group meet. */
export function Meetups({
  groupId,
  meetups,
  isOpen,
}: {
  groupId: string;
  meetups: readonly Meetup[];
  isOpen: boolean;
}) {
  const { t } = useTranslation();
  const [plans, setPlans] = useState(false);
  return (
    <>
      {!meetups.length && <Nothing>{t('meetups.none')}</Nothing>}
      <ul className={styles.list}>
        {meetups.map((meetup) => (
          <li key={meetup.id}>
            <One groupId={groupId} meetup={meetup} />
          </li>
        ))}
      </ul>
      {isOpen &&
        (plans ? (
          <MeetupForm groupId={groupId} meetup={null} onDone={() => setPlans(false)} />
        ) : (
          <Button variant="default" w="fit-content" onClick={() => setPlans(true)}>
            {t('meetups.plan')}
          </Button>
        ))}
    </>
  );
}

function One({ groupId, meetup }: { groupId: string; meetup: Meetup }) {
  const { t } = useTranslation();
  const { moment } = useFormat();
  const answer = useAnswerMeetup();
  const save = useSaveMeetup();
  const [changes, setChanges] = useState(false);
  const { id, title, about, startsAt, area, place, coming, mine, by, isBy, cancelled } = meetup;
  if (changes) return <MeetupForm groupId={groupId} meetup={meetup} onDone={() => setChanges(false)} />;
  const say = (is: boolean) => answer.mutate({ groupId, meetupId: id, coming: is });
  return (
    <article className={styles.card}>
      <h3 dir="auto">{title}</h3>
      <p>
        {moment(startsAt)} · <span dir="auto">{area}</span>
      </p>
      <p dir="auto">{about}</p>
      {cancelled ? (
        <p>
          <strong>{t('meetups.cancelled')}</strong>
        </p>
      ) : (
        <>
          <p role="status">{place ? t('meetups.at', { place }) : t('meetups.hidden')}</p>
          <div className={styles.row}>
            <Button
              variant={mine === true ? 'filled' : 'default'}
              aria-pressed={mine === true}
              onClick={() => say(true)}
            >
              {t('meetups.yes')}
            </Button>
            <Button
              variant={mine === false ? 'filled' : 'default'}
              aria-pressed={mine === false}
              onClick={() => say(false)}
            >
              {t('meetups.no')}
            </Button>
          </div>
        </>
      )}
      <p className={styles.quiet}>
        {t('meetups.coming', { count: coming })} · {t('meetups.by', { by })}
      </p>
      {isBy && !cancelled && (
        <div className={styles.row}>
          <Button variant="subtle" size="compact-md" onClick={() => setChanges(true)}>
            {t('meetups.change')}
          </Button>
          <Sure
            label={t('meetups.cancelIt')}
            question={t('meetups.cancelAsk')}
            yes={t('meetups.cancelIt')}
            no={t('meetups.keep')}
            isPending={save.isPending}
            onYes={() =>
              save.mutate({
                ...{ groupId, meetupId: id, title, about, startsAt, area, place: place ?? area },
                cancelled: true,
              })
            }
          />
        </div>
      )}
      <Refusal error={answer.error ?? save.error} />
    </article>
  );
}

interface MeetupFormProps {
  groupId: string;
  meetup: Meetup | null;
  onDone: () => void;
}

function MeetupForm({ groupId, meetup, onDone }: MeetupFormProps) {
  const { t } = useTranslation();
  const save = useSaveMeetup();
  const [meetupId] = useState(() => meetup?.id ?? crypto.randomUUID());
  const [form, setForm] = useState({
    ...{ title: meetup?.title ?? '', about: meetup?.about ?? '', area: meetup?.area ?? '' },
    ...{ place: meetup?.place ?? '', startsAt: localOf(meetup?.startsAt ?? null) },
  });
  const [isTried, setTried] = useState(false);
  const startsAt = isoOf(form.startsAt);
  const field = (name: 'title' | 'about' | 'area' | 'place', label: string) => ({
    label,
    value: form[name],
    dir: 'auto' as const,
    error: isTried && !form[name].trim() ? t('write.empty') : undefined,
    onChange: ({ currentTarget: { value } }: { currentTarget: { value: string } }) =>
      setForm((now) => ({ ...now, [name]: value })),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    const { title, about, area, place } = form;
    if (!startsAt || ![title, about, area, place].every((text) => text.trim())) return;
    save.mutate({ groupId, meetupId, title, about, area, place, startsAt }, { onSuccess: onDone });
  };
  return (
    <form className={styles.form} onSubmit={submit} noValidate aria-label={t('meetups.plan')}>
      <TextInput {...field('title', t('meetups.name'))} maxLength={100} />
      <Textarea {...field('about', t('meetups.about'))} maxLength={800} autosize minRows={2} />
      <TextInput
        type="datetime-local"
        label={t('meetups.startsAt')}
        value={form.startsAt}
        error={isTried && !startsAt ? t('meetups.past') : undefined}
        onChange={({ currentTarget: { value } }) => setForm((now) => ({ ...now, startsAt: value }))}
      />
      <TextInput {...field('area', t('meetups.area'))} maxLength={100} />
      <TextInput {...field('place', t('meetups.place'))} maxLength={300} />
      <Refusal error={save.error} />
      <div className={styles.row}>
        <Button type="submit" loading={save.isPending}>
          {t('meetups.save')}
        </Button>
        <Button variant="default" onClick={onDone}>
          {t('groups.cancel')}
        </Button>
      </div>
    </form>
  );
}
