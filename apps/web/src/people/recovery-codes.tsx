import { Button, Group, Stack, Text, Title } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import styles from './people.module.css';

/** Recovery codes, once: to be copied or saved before they go. */
export function RecoveryCodes({ codes, onKept }: { codes: string[]; onKept: () => void }) {
  const { t } = useTranslation();
  const [copied, setCopied] = useState(false);
  const all = codes.join('\n');
  const copy = async () => {
    await navigator.clipboard.writeText(all);
    setCopied(true);
  };
  const save = () => {
    const url = URL.createObjectURL(new Blob([`${all}\n`], { type: 'text/plain' }));
    Object.assign(document.createElement('a'), { href: url, download: t('recovery.file') }).click();
    setTimeout(() => URL.revokeObjectURL(url), 10_000);
  };
  return (
    <Stack gap="md">
      <Title order={3}>{t('recovery.title')}</Title>
      <Text>{t('recovery.lead')}</Text>
      <ol className={styles.codes} aria-label={t('recovery.codes')}>
        {codes.map((code) => (
          <li key={code}>{code}</li>
        ))}
      </ol>
      <Group gap="xs">
        {'clipboard' in navigator && (
          <Button variant="default" onClick={() => void copy().catch(() => undefined)}>
            {copied ? t('recovery.copied') : t('recovery.copy')}
          </Button>
        )}
        <Button variant="default" onClick={save}>
          {t('recovery.download')}
        </Button>
        <Button onClick={onKept}>{t('recovery.kept')}</Button>
      </Group>
    </Stack>
  );
}
