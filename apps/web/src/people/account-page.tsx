import { Button, Group, SegmentedControl, Stack, Text, Title, useMantineColorScheme } from '@mantine/core';
import { Locale } from '@parley/contracts/people';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../platform/format';
import { Loading, useTitle } from '../platform/page';
import { Refusal } from '../platform/refusal';
import { Factors } from './factors';
import { useLanguage, useMe, useRevoke, useSignIns, useSignOut } from './people.data';
import styles from './people.module.css';

/** Who the person is here, how the screens look and speak, and where they are signed in. */
export function AccountPage() {
  const { t } = useTranslation();
  const me = useMe();
  const leave = useSignOut();
  useTitle(t('account.title'));
  if (!me) return <Loading />;
  return (
    <Stack gap="xl" className={styles.narrow}>
      <Title order={1}>{t('account.title')}</Title>
      <Part title={t('account.you')}>
        <Text fw={600}>{me.name}</Text>
        <Text c="dimmed">{me.email}</Text>
        {me.memberships.map(({ memberId, community, handle, role }) => (
          <Text key={memberId}>
            {t('account.membership', { community: community.name, handle, role: t(`role.${role}`) })}
          </Text>
        ))}
      </Part>
      <Part title={t('account.language')}>
        <LanguageChoice />
      </Part>
      <Part title={t('account.scheme')}>
        <SchemeChoice />
      </Part>
      <Part title={t('factors.title')}>
        <Factors />
      </Part>
      <Part title={t('account.browsers')}>
        <SignIns />
      </Part>
      <Refusal error={leave.error} />
      <Button
        variant="default"
        className={styles.start}
        loading={leave.isPending}
        onClick={() => leave.mutate()}
      >
        {t('account.signOut')}
      </Button>
    </Stack>
  );
}

const Part = ({ title, children }: { title: string; children: ReactNode }) => (
  <Stack gap="xs" component="section" aria-label={title}>
    <Title order={2}>{title}</Title>
    {children}
  </Stack>
);

function LanguageChoice() {
  const { t, i18n } = useTranslation();
  const language = useLanguage();
  return (
    <>
      <SegmentedControl
        className={styles.start}
        aria-label={t('account.language')}
        value={i18n.language}
        onChange={(value) => language.choose(Locale.parse(value))}
        data={Locale.options.map((locale) => ({ value: locale, label: t(`language.${locale}`) }))}
      />
      <Refusal error={language.error} />
    </>
  );
}

function SchemeChoice() {
  const { t } = useTranslation();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <SegmentedControl
      className={styles.start}
      aria-label={t('account.scheme')}
      value={colorScheme}
      onChange={(value) => setColorScheme(value as 'auto' | 'light' | 'dark')}
      data={(['auto', 'light', 'dark'] as const).map((value) => ({ value, label: t(`scheme.${value}`) }))}
    />
  );
}

function SignIns() {
  const { t } = useTranslation();
  const format = useFormat();
  const signIns = useSignIns();
  const revoke = useRevoke();
  if (signIns.isPending) return <Loading />;
  if (signIns.error) return <Refusal error={signIns.error} onRetry={() => void signIns.refetch()} />;
  return (
    <Stack gap="xs">
      <Text c="dimmed">{t('account.browsersLead')}</Text>
      <ul className={styles.rows}>
        {signIns.data.map((signIn) => {
          const browser = signIn.browser || t('account.unknownBrowser');
          return (
            <li key={signIn.id}>
              <div>
                <Text fw={600}>{browser}</Text>
                <Text size="sm" c="dimmed">
                  {signIn.current
                    ? t('account.thisBrowser')
                    : t('account.lastSeen', { when: format.moment(signIn.lastSeenAt) })}
                </Text>
              </div>
              {!signIn.current && (
                <Group gap="xs">
                  <Button
                    variant="default"
                    aria-label={t('account.revokeNamed', { browser })}
                    loading={revoke.isPending && revoke.variables === signIn.id}
                    onClick={() => revoke.mutate(signIn.id)}
                  >
                    {t('account.revoke')}
                  </Button>
                </Group>
              )}
            </li>
          );
        })}
      </ul>
      <Refusal error={revoke.error} />
    </Stack>
  );
}
