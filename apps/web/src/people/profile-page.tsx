import { Button, Group, Stack, Switch, Text, TextInput, Title, UnstyledButton } from '@mantine/core';
import {
  type Consent,
  problemOfFact,
  type Profile,
  type ProfileFact,
  updateProfile,
} from '@parley/contracts/profile';
import type { AnswerProblem } from '@parley/contracts/screener';
import IconLock from '@tabler/icons-react/dist/esm/icons/IconLock.mjs';
import { useNavigate } from '@tanstack/react-router';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../platform/format';
import { Loading, useTitle } from '../platform/page';
import { usePlace } from '../platform/place';
import { Refusal } from '../platform/refusal';
import { Avatar, colours, shapes } from './avatar';
import { FactField, useFactWords } from './fact-field';
import { Leave } from './leave';
import { useMembership, useProfile, useUpdateConsent, useUpdateFact, useUpdateProfile } from './profile.data';
import styles from './profile.module.css';

/** What the brand knows about me, from where and since when; how I am seen; what I agreed to; and the way out. */
export function ProfilePage() {
  const { t } = useTranslation();
  const profile = useProfile();
  const { community } = usePlace().membership;
  useTitle(t('profile.title'), community.name);
  if (profile.data) return <Whole profile={profile.data} />;
  return profile.error ? (
    <Refusal error={profile.error} onRetry={() => void profile.refetch()} />
  ) : (
    <Loading />
  );
}

function Whole({ profile }: { profile: Profile }) {
  const { t } = useTranslation();
  const { date } = useFormat();
  const { community } = usePlace().membership;
  const { joinedAt, cameBy, facts, consents } = profile;
  return (
    <div className={styles.page}>
      <div>
        <Title order={1}>{t('profile.title')}</Title>
        <Text c="dimmed">
          {cameBy
            ? t('profile.cameBy', { date: date(joinedAt), source: cameBy })
            : t('profile.joined', { date: date(joinedAt) })}
        </Text>
      </div>
      <Part title={t('profile.seen')}>
        <Seen profile={profile} />
      </Part>
      <Part title={t('profile.known', { brand: community.brand })}>
        <Text c="dimmed" maw="60ch">
          {facts.length ? t('profile.knownHow', { brand: community.brand }) : t('profile.knownNothing')}
        </Text>
        <ul className={styles.rows}>
          {facts.map((fact) => (
            <li key={fact.key}>
              <Fact fact={fact} />
            </li>
          ))}
        </ul>
      </Part>
      <Part title={t('profile.observer')}>
        <Observer profile={profile} />
      </Part>
      <Part title={t('profile.agreed')}>
        <ul className={styles.rows}>
          {consents.map((consent) => (
            <li key={consent.purpose}>
              <Agreement consent={consent} />
            </li>
          ))}
        </ul>
      </Part>
      <Part title={t('profile.out')}>
        <WayOut />
      </Part>
    </div>
  );
}

const Part = ({ title, children }: { title: string; children: ReactNode }) => (
  <section className={styles.part} aria-label={title}>
    <Title order={2}>{title}</Title>
    {children}
  </section>
);

function Seen({ profile }: { profile: Profile }) {
  const { t } = useTranslation();
  const update = useUpdateProfile();
  const [handle, setHandle] = useState(profile.handle);
  const [avatar, setAvatar] = useState(profile.avatar);
  const isGood = updateProfile.input.shape.handle.safeParse(handle).success;
  const isChanged = handle !== profile.handle || avatar !== profile.avatar;
  const colour = avatar[1] ?? '1';
  const shape = avatar[0] ?? '';
  return (
    <form
      className={styles.part}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (isGood) update.mutate({ handle, avatar }, { onSuccess: () => void update.again() });
      }}
    >
      <Group gap="md" align="flex-start" wrap="nowrap">
        <Avatar avatar={avatar} handle={handle} size={56} />
        <TextInput
          flex={1}
          maw="24rem"
          label={t('profile.handle')}
          description={t('profile.handleHow')}
          maxLength={60}
          value={handle}
          error={!isGood && t('profile.handleWrong')}
          onChange={(event) => setHandle(event.currentTarget.value)}
        />
      </Group>
      <fieldset className={styles.choices}>
        <legend>{t('profile.picture')}</legend>
        {['', ...shapes].map((name) => (
          <UnstyledButton
            key={name}
            type="button"
            className={styles.choice}
            aria-pressed={shape === name}
            aria-label={
              name ? t('profile.shape', { place: shapes.indexOf(name as 'a') + 1 }) : t('profile.letter')
            }
            onClick={() => setAvatar(name && `${name}${colour}`)}
          >
            <Avatar avatar={name && `${name}${colour}`} handle={handle} />
          </UnstyledButton>
        ))}
      </fieldset>
      {shape && (
        <fieldset className={styles.choices}>
          <legend>{t('profile.colour')}</legend>
          {colours.map((_, at) => (
            <UnstyledButton
              key={at}
              type="button"
              className={styles.choice}
              aria-pressed={colour === String(at + 1)}
              aria-label={t('profile.colourOf', { place: at + 1 })}
              onClick={() => setAvatar(`${shape}${at + 1}`)}
            >
              <Avatar avatar={`${shape}${at + 1}`} handle={handle} />
            </UnstyledButton>
          ))}
        </fieldset>
      )}
      <Refusal error={update.error} />
      <Button
        type="submit"
        className={styles.start}
        disabled={!isChanged || !isGood}
        loading={update.isPending}
      >
        {t('profile.save')}
      </Button>
    </form>
  );
}

/** A fact with its source and its date; changed where it stands. */
function Fact({ fact }: { fact: ProfileFact }) {
  const { t } = useTranslation();
  const { date } = useFormat();
  const { brand } = usePlace().membership.community;
  const update = useUpdateFact();
  const [draft, setDraft] = useState<{ value: ProfileFact['value'] } | null>(null);
  const [problem, setProblem] = useState<AnswerProblem | null>(null);
  const wordsOf = useFactWords();
  const form = useRef<HTMLFormElement>(null);
  const opener = useRef<HTMLButtonElement>(null);
  const isOpen = draft !== null;
  const wasOpen = useRef(isOpen);
  // Where the field was, the button is again, and the other way round: the focus goes along.
  useEffect(() => {
    if (wasOpen.current === isOpen) return;
    wasOpen.current = isOpen;
    if (isOpen) form.current?.querySelector<HTMLElement>('input, select, textarea')?.focus();
    else opener.current?.focus();
  }, [isOpen]);
  const close = () => {
    setDraft(null);
    setProblem(null);
    update.reset();
  };
  const { key, label, value, source, since, editable, sensitive } = fact;
  const locked = sensitive && (
    <Text className={styles.small}>
      <IconLock size={14} aria-hidden /> {t('profile.sensitive')}
    </Text>
  );
  return (
    <>
      {!draft && (
        <div className={styles.fact}>
          <Text fw={600}>{label}</Text>
          <Text dir="auto">{value === null ? t('profile.notKnown') : wordsOf(fact, value)}</Text>
          {source && since && (
            <Text className={styles.small}>{t(`profile.from.${source}`, { date: date(since), brand })}</Text>
          )}
          {locked}
          {!editable && <Text className={styles.small}>{t('profile.notEditable', { brand })}</Text>}
        </div>
      )}
      {editable && !draft && (
        <Button
          ref={opener}
          variant="default"
          aria-label={t('profile.changeOf', { label })}
          onClick={() => setDraft({ value })}
        >
          {t('profile.change')}
        </Button>
      )}
      {draft && (
        <form
          ref={form}
          className={styles.edit}
          noValidate
          onSubmit={(event) => {
            event.preventDefault();
            const wrong = draft.value === null ? null : problemOfFact(fact, draft.value);
            setProblem(wrong);
            if (wrong) form.current?.querySelector<HTMLElement>('input, select, textarea')?.focus();
            else update.mutate({ key, value: draft.value }, { onSuccess: close });
          }}
        >
          <FactField
            def={fact}
            value={draft.value}
            problem={problem}
            onChange={(next) => setDraft({ value: next })}
          />
          {locked}
          <Refusal error={update.error} />
          <Group gap="sm">
            <Button type="submit" loading={update.isPending}>
              {t('profile.save')}
            </Button>
            <Button variant="default" onClick={close}>
              {t('profile.cancel')}
            </Button>
          </Group>
        </form>
      )}
    </>
  );
}

function Observer({ profile: { observer } }: { profile: Profile }) {
  const { t } = useTranslation();
  const update = useUpdateProfile();
  const [wish, setWish] = useState<boolean | null>(null);
  return (
    <Stack gap="sm">
      <Switch
        label={t('profile.lookOn')}
        description={t('profile.lookOnHow')}
        // Drawn at once; where it is refused it goes back.
        checked={wish ?? observer}
        onChange={(event) => {
          const { checked } = event.currentTarget;
          setWish(checked);
          update.mutate({ observer: checked }, { onSettled: () => setWish(null) });
        }}
      />
      <Refusal error={update.error} />
    </Stack>
  );
}

function Agreement({ consent }: { consent: Consent }) {
  const { t } = useTranslation();
  const { date } = useFormat();
  const update = useUpdateConsent();
  const { purpose, version, body, required, given, givenVersion, changedAt } = consent;
  const isOlder = given && givenVersion !== null && givenVersion < version;
  const what = t(`door.consent.${purpose}`);
  return (
    <>
      <div className={styles.fact}>
        <Text fw={600}>{what}</Text>
        <Text className={styles.small}>
          {given && changedAt
            ? t('profile.given', { date: date(changedAt), version: givenVersion })
            : changedAt
              ? t('profile.withdrawn', { date: date(changedAt) })
              : t('profile.notGiven')}
        </Text>
        {isOlder && <Text className={styles.small}>{t('profile.newer', { version })}</Text>}
        <details>
          <summary className={styles.summary}>{t('profile.text', { version })}</summary>
          <Text className={styles.body} dir="auto">
            {body}
          </Text>
        </details>
        <Refusal error={update.error} />
      </div>
      {required && given && !isOlder ? (
        <Text className={styles.small}>{t('profile.byLeaving')}</Text>
      ) : (
        <Group gap="sm">
          {(!given || isOlder) && (
            <Button
              variant="default"
              aria-label={t('profile.agreeOf', { what })}
              loading={update.isPending && update.variables.given}
              onClick={() => update.mutate({ purpose, version, given: true })}
            >
              {t('profile.agree')}
            </Button>
          )}
          {given && !required && (
            <Button
              variant="default"
              aria-label={t('profile.withdrawOf', { what })}
              loading={update.isPending && !update.variables.given}
              onClick={() => update.mutate({ purpose, version, given: false })}
            >
              {t('profile.withdraw')}
            </Button>
          )}
        </Group>
      )}
    </>
  );
}

function WayOut() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { community } = usePlace().membership;
  const membership = useMembership(community.id);
  const goOut = () => void navigate({ to: '/' });
  return (
    <Stack gap="sm">
      <Text maw="60ch">{t('profile.pauseHow')}</Text>
      <Button
        variant="default"
        w="fit-content"
        loading={membership.isPending}
        onClick={() => membership.mutate('pause', { onSuccess: goOut })}
      >
        {t('profile.pause')}
      </Button>
      <Refusal error={membership.error} />
      <Leave community={community} onLeft={goOut} />
    </Stack>
  );
}
