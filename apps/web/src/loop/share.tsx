import { Button, Group, Text, TextInput } from '@mantine/core';
import IconCopy from '@tabler/icons-react/dist/esm/icons/IconCopy.mjs';
import IconShare from '@tabler/icons-react/dist/esm/icons/IconShare.mjs';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

/** Passes on what is out to the public: by the device where it can, else by a link to copy. */
export function Share({ url, title }: { url: string; title: string }) {
  const { t } = useTranslation();
  const [copied, setCopied] = useState<'yes' | 'no' | null>(null);
  const copy = () =>
    // Browsers refuse outside a secure page.
    (navigator.clipboard?.writeText(url) ?? Promise.reject(new Error('no clipboard'))).then(
      () => setCopied('yes'),
      () => setCopied('no'),
    );
  return (
    <>
      <Group gap="xs">
        {typeof navigator.share === 'function' && (
          <Button
            variant="default"
            leftSection={<IconShare size={18} aria-hidden />}
            aria-label={t('feed.shareNamed', { title })}
            // Who closes the device's own dialogue has not failed at anything.
            onClick={() => void navigator.share({ title, url }).catch(() => undefined)}
          >
            {t('feed.share')}
          </Button>
        )}
        <Button
          variant="default"
          leftSection={<IconCopy size={18} aria-hidden />}
          aria-label={t('feed.copyNamed', { title })}
          onClick={() => void copy()}
        >
          {t('feed.copy')}
        </Button>
        <Text component="span" role="status" size="sm" c="dimmed">
          {copied === 'yes' && t('feed.copied')}
        </Text>
      </Group>
      {copied === 'no' && (
        <TextInput
          label={t('feed.copyByHand')}
          readOnly
          value={url}
          onFocus={({ currentTarget }) => currentTarget.select()}
        />
      )}
    </>
  );
}
