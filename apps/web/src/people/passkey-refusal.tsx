import { Alert, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Refusal } from '../platform/refusal';
import { PasskeyStopped } from './factors.data';

/** A refusal of the server, or of the device itself. */
export function PasskeyRefusal({ error }: { error: unknown }) {
  const { t } = useTranslation();
  if (!(error instanceof PasskeyStopped)) return <Refusal error={error} />;
  return (
    <Alert role="alert" variant="default">
      <Text>{t('prove.passkeyStopped')}</Text>
    </Alert>
  );
}
