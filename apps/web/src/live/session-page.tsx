import { Stack, Text, Title } from '@mantine/core';
import { lazyRouteComponent, Link } from '@tanstack/react-router';
import { Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import { Loading, useTitle } from '../platform/page';
import { usePlace } from '../platform/place';
import { Refusal } from '../platform/refusal';
import { useLiveSession, useSessionId } from './live.data';
import { MemberStage } from './member-stage';
import styles from './live.module.css';

const HostPage = lazyRouteComponent(() => import('./host-page'), 'HostPage');
const ControlRoom = lazyRouteComponent(() => import('./control-room'), 'ControlRoom');

/** One Session, by role: the member's stage, the host's teleprompter or the control room. */
export function SessionPage() {
  const { t } = useTranslation();
  const sessionId = useSessionId();
  const { membership } = usePlace();
  const { state: session, refusal, update } = useLiveSession(sessionId);
  useTitle(t('session.title'), membership.community.name);

  if (!session && refusal) {
    const isUnknown = refusal.code === 'request.notFound' || refusal.code === 'request.invalid';
    return (
      <Stack gap="md">
        <Title order={1}>{isUnknown ? t('notFound.title') : t('trouble.title')}</Title>
        {isUnknown ? <Text>{t('session.notFound')}</Text> : <Refusal error={refusal} />}
        <Link to="/c/$slug" params={{ slug: membership.community.slug }} className={styles.link}>
          {t('session.back')}
        </Link>
      </Stack>
    );
  }
  if (!session) return <Loading what={t('session.entering')} />;
  if (membership.role === 'member') return <MemberStage session={session} update={update} />;
  return (
    <Suspense fallback={<Loading />}>
      {membership.role === 'host' ? <HostPage session={session} /> : <ControlRoom session={session} />}
    </Suspense>
  );
}
