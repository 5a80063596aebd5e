import { Button, Group, Stack, Switch, Text, TextInput, Title, UnstyledButton } from '@mantine/core';
import { type Consent, type Profile, type ProfileFact, updateProfile } from '@parley/contracts/profile';
import IconLock from '@tabler/icons-react/dist/esm/icons/IconLock.mjs';
import { useNavigate } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../platform/format';
import { Loading, useTitle } from '../platform/page';
import { usePlace } from '../platform/place';
import { Refusal } from '../platform/refusal';
import { Avatar, colours, shapes } from './avatar';
import { FactField, wordsOf } from './fact-field';
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
  const { key, label, value, source, since, editable, sensitive } = fact;
  return (
    <>
      <div className={styles.fact}>
        <Text fw={600}>{label}</Text>
        {!draft && <Text dir="auto">{value === null ? t('profile.notKnown') : wordsOf(fact, value)}</Text>}
        <Text className={styles.small}>
          {source && since && t(`profile.from.${source}`, { date: date(since), brand })}
        </Text>
        {sensitive && (
          <Text className={styles.small}>
            <IconLock size={14} aria-hidden /> {t('profile.sensitive')}
          </Text>
        )}
        {!editable && <Text className={styles.small}>{t('profile.notEditable', { brand })}</Text>}
      </div>
      {editable && !draft && (
        <Button
          variant="default"
          aria-label={t('profile.changeOf', { label })}
          onClick={() => setDraft({ value })}
        >
          {t('profile.change')}
        </Button>
      )}
      {draft && (
        <form
          className={styles.edit}
          noValidate
          onSubmit={(event) => {
            event.preventDefault();
            update.mutate({ key, value: draft.value }, { onSuccess: () => setDraft(null) });
          }}
        >
          <FactField def={fact} value={draft.value} onChange={(next) => setDraft({ value: next })} />
          <Refusal error={update.error} />
          <Group gap="sm">
            <Button type="submit" loading={update.isPending}>
              {t('profile.save')}
            </Button>
            <Button variant="default" onClick={() => setDraft(null)}>
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
  return (
    <Stack gap="sm">
      <Switch
        label={t('profile.lookOn')}
        description={t('profile.lookOnHow')}
        checked={observer}
        disabled={update.isPending}
        onChange={(event) => update.mutate({ observer: event.currentTarget.checked })}
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
  return (
    <>
      <div className={styles.fact}>
        <Text fw={600}>{t(`door.consent.${purpose}`)}</Text>
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
        <Button
          variant="default"
          aria-label={t(given && !isOlder ? 'profile.withdrawOf' : 'profile.agreeOf', {
            what: t(`door.consent.${purpose}`),
          })}
          loading={update.isPending}
          onClick={() => update.mutate({ purpose, version, given: !given || isOlder })}
        >
          {t(given && !isOlder ? 'profile.withdraw' : 'profile.agree')}
        </Button>
      )}
    </>
  );
}

function WayOut() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { community } = usePlace().membership;
  const membership = useMembership(community.id);
  const [isLeaving, setLeaving] = useState(false);
  const go = (what: 'pause' | 'leave') =>
    membership.mutate(what, { onSuccess: () => void navigate({ to: '/' }) });
  return (
    <Stack gap="sm">
      <Text maw="60ch">{t('profile.pauseHow')}</Text>
      <Group gap="sm">
        <Button
          variant="default"
          loading={membership.isPending && membership.variables === 'pause'}
          onClick={() => go('pause')}
        >
          {t('profile.pause')}
        </Button>
        {!isLeaving && (
          <Button variant="default" onClick={() => setLeaving(true)}>
            {t('profile.leave')}
          </Button>
        )}
      </Group>
      {isLeaving && (
        <div className={styles.part} role="group" aria-label={t('profile.leave')}>
          <Text maw="60ch">{t('profile.leaveHow', { community: community.name })}</Text>
          <Group gap="sm">
            <Button
              loading={membership.isPending && membership.variables === 'leave'}
              onClick={() => go('leave')}
            >
              {t('profile.leaveNow')}
            </Button>
            <Button variant="default" onClick={() => setLeaving(false)}>
              {t('profile.stay')}
            </Button>
          </Group>
        </div>
      )}
      <Refusal error={membership.error} />
    </Stack>
  );
}
