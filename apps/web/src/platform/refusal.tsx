import { Alert, Button, Group, Text } from '@mantine/core';
import { CallError } from '@parley/client/http';
import type { ErrorBody } from '@parley/contracts/errors';
import IconAlertCircle from '@tabler/icons-react/dist/esm/icons/IconAlertCircle.mjs';
import { useTranslation } from 'react-i18next';

const bodyOf = (error: unknown): ErrorBody =>
  error instanceof CallError
    ? error.body
    : { code: 'server.failed', message: String(error), retryable: true, ref: '' };

/** What an error says to a person, in words, with what to do. */
export function useErrorText() {
  const { t } = useTranslation();
  return (error: unknown) => {
    const { code, left } = bodyOf(error);
    return [t(`error.${code}`), left !== undefined && t('error.triesLeft', { count: left })]
      .filter(Boolean)
      .join(' ');
  };
}

interface RefusalProps {
  /** Nothing is shown without one. */
  error: unknown;
  onRetry?: () => void;
}

/** Why something could not be done, and the reference that support can look up. */
export function Refusal({ error, onRetry }: RefusalProps) {
  const { t } = useTranslation();
  const textOf = useErrorText();
  if (!error) return null;
  const { code, ref } = bodyOf(error);
  // What is not there is not there again.
  const again = code === 'request.notFound' ? undefined : onRetry;
  return (
    <Alert
      role="alert"
      variant="default"
      icon={<IconAlertCircle aria-hidden />}
      styles={{ root: { background: 'var(--parley-error-ground)', borderColor: 'transparent' } }}
    >
      <Text>{textOf(error)}</Text>
      <Group gap="md" mt={ref || again ? 'xs' : 0}>
        {again && (
          <Button variant="default" onClick={again}>
            {t('page.again')}
          </Button>
        )}
        {ref && (
          <Text size="xs" c="dimmed">
            {t('error.reference', { ref })}
          </Text>
        )}
      </Group>
    </Alert>
  );
}
