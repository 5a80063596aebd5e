import { Button } from '@mantine/core';
import type { FeedbackPage } from '@parley/contracts/feedback';
import { Outlet, useLocation, useParams } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { SaySomething } from '../commons/feedback-form';
import { memberOps } from '../live/live.data';
import { useMe } from '../people/people.data';
import { Loading } from '../platform/page';
import { PlaceProvider, usePlace } from '../platform/place';
import { Realtime, useLink } from '../platform/realtime';
import { UploadsProvider } from '../platform/uploads';
import { Outside } from './entry-page';
import styles from './frame.module.css';
import { NotFoundPage } from './trouble';
import { Welcome } from './welcome';

/** One community: everything below knows who is here and has its connection. */
export function CommunityPage() {
  const { slug } = useParams({ strict: false });
  const me = useMe();
  const membership = me?.memberships.find(({ community }) => community.slug === slug);
  const place = useMemo(
    () => (me && membership ? { personId: me.personId, membership } : null),
    [me, membership],
  );
  if (!me) return <Loading />;
  // Whether a community of that name exists is nobody's business but its members'.
  if (!place) return <NotFoundPage />;
  const { community, status } = place.membership;
  if (status !== 'active') return <Outside membership={place.membership} />;
  return (
    <PlaceProvider value={place}>
      <Realtime
        key={community.id}
        communityId={community.id}
        personId={place.personId}
        memberId={place.membership.memberId}
        commands={memberOps}
        before={<Loading />}
      >
        <LinkBanner />
        <Welcome />
        <UploadsProvider communityId={community.id} personId={place.personId}>
          <Outlet />
          <Say />
        </UploadsProvider>
      </Realtime>
    </PlaceProvider>
  );
}

/** The page of an address, as what is said of it names it. */
const pages: Record<string, FeedbackPage> = {
  '': 'home',
  ...{ sessions: 'session', activities: 'activities', talk: 'talk', ideas: 'ideas', groups: 'groups' },
  ...{ updates: 'updates', promises: 'updates', impact: 'impact', assets: 'assets', profile: 'profile' },
};

/** For members, at the end of every page. */
function Say() {
  const { role } = usePlace().membership;
  const { pathname } = useLocation();
  const [, , , part = '', , last] = pathname.split('/');
  if (role !== 'member') return null;
  return <SaySomething key={pathname} page={last === 'result' ? 'result' : (pages[part] ?? 'other')} />;
}

function LinkBanner() {
  const { t } = useTranslation();
  const link = useLink();
  return (
    <div role="status" aria-label={t('connection.label')}>
      {link === 'lost' && <div className={styles.banner}>{t('connection.lost')}</div>}
      {link === 'closed' && (
        <div className={styles.banner}>
          {t('connection.closed')}
          <Button variant="default" onClick={() => window.location.reload()}>
            {t('connection.reload')}
          </Button>
        </div>
      )}
    </div>
  );
}
