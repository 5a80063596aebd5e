import { Button, Stack, Text, Title } from '@mantine/core';
import type { Me } from '@parley/contracts/people';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Refusal } from '../platform/refusal';
import { useRedeemLink } from './people.data';

/**
 * Where the link of the mail leads. The token stands behind the `#`, which no server and no log gets to see, and
 * nothing happens before the button is pressed: programs that look through mails open links but press nothing.
 */
export function LinkForm({ onSignedIn }: { onSignedIn: (me: Me) => void }) {
  const { t } = useTranslation();
  const redeem = useRedeemLink();
  const [token] = useState(() => decodeURIComponent(window.location.hash.slice(1)).replace(/^token=/, ''));
  return (
    <Stack gap="md">
      <Title order={1}>{t('link.title')}</Title>
      <Text>{token ? t('link.lead') : t('link.missing')}</Text>
      <Refusal error={redeem.error} />
      {token && (
        <Button
          loading={redeem.isPending}
          onClick={() => redeem.mutate(token, { onSuccess: (me) => onSignedIn(me) })}
        >
          {t('link.enter')}
        </Button>
      )}
    </Stack>
  );
}
