import { Stack, Text, Title, UnstyledButton } from '@mantine/core';
import type { DemoPerson } from '@parley/contracts/demo';
import type { Me } from '@parley/contracts/people';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { Refusal } from '../platform/refusal';
import { useDemoPeople, useDemoSignIn } from './demo.data';
import styles from './demo.module.css';

/** People by community; who belongs to several stands in each, who belongs to none under `null`. */
export function byCommunity(
  people: readonly DemoPerson[],
): [community: string | null, people: DemoPerson[]][] {
  const groups = new Map<string | null, DemoPerson[]>();
  for (const person of people) {
    const communities = person.memberships.length ? person.memberships.map((m) => m.community) : [null];
    for (const community of communities) groups.set(community, [...(groups.get(community) ?? []), person]);
  }
  return [...groups].sort(([a], [b]) => Number(a === null) - Number(b === null));
}

/** One press and you are one of the people of the demo. Nothing where this is not a demo. */
export function DemoPeople({ onSignedIn }: { onSignedIn: (me: Me) => void }) {
  const { t } = useTranslation();
  const people = useDemoPeople();
  const enter = useDemoSignIn();
  if (!people.data) return null;
  return (
    <Stack gap="md" component="section" aria-labelledby="demo-people">
      <Title order={2} id="demo-people">
        {t('demo.title')}
      </Title>
      <Text c="dimmed">
        {t('demo.lead')}{' '}
        <Link to="/demo/mails" className={styles.link}>
          {t('demo.toMails')}
        </Link>
      </Text>
      <Refusal error={enter.error} />
      {byCommunity(people.data).map(([community, group]) => (
        <Stack gap="xs" key={community ?? ''}>
          <Title order={3}>{community ?? t('demo.noCommunity')}</Title>
          <ul className={styles.cards}>
            {group.map((person) => (
              <li key={person.personId}>
                <UnstyledButton
                  className={styles.card}
                  disabled={enter.isPending}
                  onClick={() => enter.mutate(person.personId, { onSuccess: onSignedIn })}
                >
                  <span className={styles.name}>
                    {person.name}
                    <small>{roleIn(person, community)}</small>
                  </span>
                  <span className={styles.note}>{person.note}</span>
                </UnstyledButton>
              </li>
            ))}
          </ul>
        </Stack>
      ))}
    </Stack>
  );

  function roleIn(person: DemoPerson, community: string | null) {
    const membership = person.memberships.find((m) => m.community === community);
    if (!membership) return t('demo.admin');
    return membership.status === 'active' ? t(`role.${membership.role}`) : t(`status.${membership.status}`);
  }
}
