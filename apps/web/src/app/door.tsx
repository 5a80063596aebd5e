import type { Candidacy } from '@parley/contracts/door';
import { Anchor } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import { useDemoPeople } from '../demo/demo.data';
import { DoorPage } from '../door/door-page';
import { meQuery, useSignedIn } from '../people/people.data';

/** Where invitations lead. Who is through is signed in, and goes to their community. */
export function DoorEntry() {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const signedIn = useSignedIn();
  const isDemo = !!useDemoPeople().data;
  const enter = useCallback(
    async ({ threshold: { community } }: Candidacy) => {
      const me = await queries.fetchQuery({ ...meQuery, staleTime: 0 });
      const to = `/c/${community.slug}`;
      // Let in before, in another browser or long ago.
      if (!me) return navigate({ to: '/sign-in', search: { next: to }, replace: true });
      signedIn(me);
      await navigate({
        to: '/c/$slug',
        params: { slug: community.slug },
        state: { isNew: true },
        replace: true,
      });
    },
    [queries, navigate, signedIn],
  );
  return (
    <DoorPage
      onInside={enter}
      hint={
        isDemo && (
          <Anchor href="/demo/mails" target="_blank" underline="always" inherit>
            {t('demo.toMails')}
          </Anchor>
        )
      }
    />
  );
}
