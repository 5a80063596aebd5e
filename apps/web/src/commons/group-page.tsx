import { Button, NativeSelect, Text, Title } from '@mantine/core';
import type { Group } from '@parley/contracts/groups';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNamed } from '../platform/named';
import { Loading, useTitle } from '../platform/page';
import { usePlace } from '../platform/place';
import { Refusal } from '../platform/refusal';
import { Sure, SureWhy } from '../platform/sure';
import { CallForm, Calls } from './calls';
import styles from './commons.module.css';
import { useGroupWords } from './groups-page';
import { useDecideGroup, useGroup, useGroupId, useJoin } from './groups.data';
import { useIdeaDesk } from './ideas.data';
import { Meetups } from './meetups';

/** A small group: what it is about, who is in it, when they meet, and what they call for. */
export function GroupPage() {
  const { t } = useTranslation();
  const { role, community } = usePlace().membership;
  const words = useGroupWords();
  const groupId = useGroupId();
  const page = useGroup(groupId);
  const join = useJoin();
  const [calls, setCalls] = useState(false);
  useTitle(page.data?.group.name ?? t('groups.title'), community.name);
  if (page.error && !page.data) return <Refusal error={page.error} onRetry={() => void page.refetch()} />;
  if (!page.data) return <Loading lines={8} />;
  const { group, people } = page.data;
  const { slug } = community;
  const isOver = group.state === 'archived' || group.state === 'declined';
  const isOpen = group.mine && (group.state === 'active' || group.state === 'dormant');
  return (
    <div className={styles.page}>
      <header className={styles.head}>
        <Link to="/c/$slug/groups" params={{ slug }} className={styles.link}>
          {t('groups.title')}
        </Link>
        <Title order={1} dir="auto">
          {group.name}
        </Title>
        <p dir="auto">{group.purpose}</p>
        <p className={styles.quiet} role="status">
          {words(group)}
        </p>
        {group.because && <p>{t('groups.because', { because: group.because })}</p>}
        {group.placeId && (
          <Link to="/c/$slug/talk/$placeId" params={{ slug, placeId: group.placeId }} className={styles.link}>
            {t('groups.talk')}
          </Link>
        )}
        {role === 'member' && !isOver && !group.mine && (
          <Button
            w="fit-content"
            loading={join.isPending}
            onClick={() => join.mutate({ groupId, joined: true })}
          >
            {t('groups.join')}
          </Button>
        )}
        <Refusal error={join.error} />
      </header>
      {role === 'manager' && !isOver && <Decide group={group} />}
      {group.mine || role !== 'member' ? (
        <section className={styles.head} aria-labelledby="people">
          <Title order={2} id="people">
            {t('groups.people')}
          </Title>
          <p>
            {people.map(({ memberId, handle, founder }, at) => (
              <span key={memberId}>
                {at > 0 && ', '}
                <span dir="auto">{handle}</span>
                {founder && ` (${t('groups.founder')})`}
              </span>
            ))}
          </p>
        </section>
      ) : (
        <p className={styles.quiet}>{t('groups.inside')}</p>
      )}
      {group.mine && group.sponsor && (
        <section className={styles.head} aria-labelledby="meetups">
          <Title order={2} id="meetups">
            {t('meetups.title')}
          </Title>
          <Meetups groupId={groupId} meetups={page.data.meetups} isOpen={isOpen} />
        </section>
      )}
      {group.sponsor && (
        <section className={styles.head} aria-labelledby="calls">
          <Title order={2} id="calls">
            {t('calls.title')}
          </Title>
          <Text maw="65ch">{t('calls.lead')}</Text>
          <Calls calls={page.data.calls} />
          {isOpen &&
            (calls ? (
              <CallForm groupId={groupId} onDone={() => setCalls(false)} />
            ) : (
              <Button variant="default" w="fit-content" onClick={() => setCalls(true)}>
                {t('calls.make')}
              </Button>
            ))}
        </section>
      )}
      {group.mine && !isOver && (
        <Sure
          label={t('groups.leave')}
          question={t('groups.leaveAsk')}
          yes={t('groups.leave')}
          no={t('groups.stay')}
          isPending={join.isPending}
          onYes={() => join.mutate({ groupId, joined: false })}
        />
      )}
    </div>
  );
}

/** What the brand decides: who stands up for it, or why not. */
function Decide({ group }: { group: Group }) {
  const { t } = useTranslation();
  const named = useNamed();
  const decide = useDecideGroup();
  const team = useIdeaDesk('mine').data?.pages[0]?.team ?? [];
  const [chosen, setChosen] = useState('');
  const sponsorId = chosen || team[0]?.memberId || '';
  const isFounded = group.state === 'active' || group.state === 'dormant';
  const to = isFounded ? ('archived' as const) : ('declined' as const);
  return (
    <section className={styles.card}>
      {group.state !== 'proposed' && (
        <>
          <NativeSelect
            label={t('groups.sponsor.name')}
            description={t('groups.sponsor.how')}
            value={sponsorId}
            data={team.map(({ memberId, name, title }) => ({
              value: memberId,
              label: named({ name, title }),
            }))}
            onChange={({ currentTarget: { value } }) => setChosen(value)}
          />
          <Button
            w="fit-content"
            disabled={!sponsorId}
            loading={decide.isPending}
            onClick={() => decide.mutate({ groupId: group.id, decision: { to: 'active', sponsorId } })}
          >
            {t(isFounded ? 'groups.sponsor.change' : 'groups.sponsor.open')}
          </Button>
        </>
      )}
      <SureWhy
        label={t(isFounded ? 'groups.archive' : 'groups.decline')}
        question={t('groups.reason')}
        yes={t(isFounded ? 'groups.archive' : 'groups.decline')}
        no={t('groups.cancel')}
        isGrave
        isPending={decide.isPending}
        maxLength={400}
        onYes={(because) => decide.mutate({ groupId: group.id, decision: { to, because } })}
      />
      <Refusal error={decide.error} />
    </section>
  );
}
