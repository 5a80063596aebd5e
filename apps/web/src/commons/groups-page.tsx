import { Button, Text, Textarea, TextInput, Title } from '@mantine/core';
import { FOUNDERS, type Group } from '@parley/contracts/groups';
import { Link, useNavigate } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNamed } from '../platform/named';
import { Loading, Nothing, useTitle } from '../platform/page';
import { usePlace } from '../platform/place';
import { Refusal } from '../platform/refusal';
import { Calls } from './calls';
import styles from './commons.module.css';
import { useGroups, usePropose } from './groups.data';

/** Small groups of members, and what they call for. */
export function GroupsPage() {
  const { t } = useTranslation();
  const { role, community } = usePlace().membership;
  useTitle(t('groups.title'), community.name);
  const groups = useGroups();
  const [proposes, setProposes] = useState(false);
  return (
    <div className={styles.page}>
      <Link to="/c/$slug/talk" params={{ slug: community.slug }} className={styles.link}>
        {t('talk.title')}
      </Link>
      <Title order={1}>{t('groups.title')}</Title>
      <Text maw="65ch">{t('groups.lead')}</Text>
      {groups.isPending && <Loading lines={6} />}
      <Refusal error={groups.error} onRetry={() => void groups.refetch()} />
      {groups.data && !groups.data.groups.length && (
        <Nothing>{t(role === 'member' ? 'groups.none' : 'groups.noneTeam')}</Nothing>
      )}
      <ul className={styles.list}>
        {groups.data?.groups.map((group) => (
          <li key={group.id}>
            <Card group={group} />
          </li>
        ))}
      </ul>
      {role === 'member' &&
        (proposes ? (
          <ProposeForm onDone={() => setProposes(false)} />
        ) : (
          <Button variant="default" w="fit-content" onClick={() => setProposes(true)}>
            {t('groups.propose')}
          </Button>
        ))}
      {groups.data && (
        <section className={styles.head} aria-labelledby="calls">
          <Title order={2} id="calls">
            {t('calls.title')}
          </Title>
          <Text maw="65ch">{t('calls.lead')}</Text>
          <Calls calls={groups.data.calls} />
        </section>
      )}
    </div>
  );
}

/** Where a group is on its way, in words. */
export function useGroupWords() {
  const { t } = useTranslation();
  const named = useNamed();
  return ({ state, members, sponsor, mine }: Group): string =>
    [
      state === 'proposed'
        ? t('groups.state.proposed', { count: Math.max(1, FOUNDERS - members) })
        : t(`groups.state.${state}`),
      t('groups.members', { count: members }),
      mine && t('groups.mine'),
      sponsor && t('groups.sponsor', { who: named(sponsor) }),
    ]
      .filter(Boolean)
      .join(' · ');
}

function Card({ group }: { group: Group }) {
  const { t } = useTranslation();
  const words = useGroupWords();
  const { slug } = usePlace().membership.community;
  return (
    <article className={styles.card}>
      <h2 dir="auto">
        <Link to="/c/$slug/groups/$groupId" params={{ slug, groupId: group.id }} className={styles.title}>
          {group.name}
        </Link>
      </h2>
      <p dir="auto">{group.purpose}</p>
      <p className={styles.quiet}>{words(group)}</p>
      {group.because && <p className={styles.quiet}>{t('groups.because', { because: group.because })}</p>}
    </article>
  );
}

function ProposeForm({ onDone }: { onDone: () => void }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { slug } = usePlace().membership.community;
  const propose = usePropose();
  const [groupId] = useState(() => crypto.randomUUID());
  const [name, setName] = useState('');
  const [purpose, setPurpose] = useState('');
  const [isTried, setTried] = useState(false);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (name.trim() && purpose.trim())
      propose.mutate(
        { groupId, name, purpose },
        {
          onSuccess: () => void navigate({ to: '/c/$slug/groups/$groupId', params: { slug, groupId } }),
        },
      );
  };
  const empty = (value: string) => (isTried && !value.trim() ? t('write.empty') : undefined);
  return (
    <form className={styles.form} onSubmit={submit} noValidate aria-label={t('groups.propose')}>
      <TextInput
        label={t('groups.name')}
        maxLength={60}
        dir="auto"
        autoFocus
        value={name}
        error={empty(name)}
        onChange={({ currentTarget: { value } }) => setName(value)}
      />
      <Textarea
        label={t('groups.purpose')}
        maxLength={400}
        autosize
        minRows={2}
        dir="auto"
        value={purpose}
        error={empty(purpose)}
        onChange={({ currentTarget: { value } }) => setPurpose(value)}
      />
      <Refusal error={propose.error} />
      <div className={styles.row}>
        <Button type="submit" loading={propose.isPending}>
          {t('groups.proposeNow')}
        </Button>
        <Button variant="default" onClick={onDone}>
          {t('groups.cancel')}
        </Button>
      </div>
    </form>
  );
}
