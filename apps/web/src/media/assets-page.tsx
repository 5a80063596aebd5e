import { Button, Group, Text, Title } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Loading, Nothing, useTitle } from '../platform/page';
import { usePlace } from '../platform/place';
import { Refusal } from '../platform/refusal';
import { useUploads, useSendings } from '../platform/uploads';
import { AssetCard } from './asset-card';
import { AssetFields, noWords } from './asset-fields';
import { useAddAsset, useAssetDesk } from './assets.data';
import { FileField, shownFiles } from './file-field';
import styles from './media.module.css';

const NEW = 'asset.new';

/** What can be shown: add it, say to whom and from when, and take it back. */
export function AssetsPage() {
  const { t } = useTranslation();
  const { role, community } = usePlace().membership;
  useTitle(t('assets.title'), community.name);
  const assets = useAssetDesk();
  const mayAdd = role === 'host' || role === 'manager';
  // A file that is on its way, or was chosen and not yet said what it is, is not forgotten.
  const isBegun = useSendings(NEW).length > 0;
  const [isAdding, setAdding] = useState(false);
  return (
    <div className={styles.page}>
      <Title order={1}>{t('assets.title')}</Title>
      <Text maw="65ch">{t('assets.lead')}</Text>
      {mayAdd &&
        (isAdding || isBegun ? (
          <AddForm onDone={() => setAdding(false)} />
        ) : (
          <Button w="fit-content" onClick={() => setAdding(true)}>
            {t('assets.add')}
          </Button>
        ))}
      {assets.isPending && <Loading lines={6} />}
      <Refusal error={assets.error} onRetry={() => void assets.refetch()} />
      {assets.data && !assets.data.length && <Nothing>{t('assets.none')}</Nothing>}
      <ul className={styles.list}>
        {assets.data?.map((asset) => (
          <li key={asset.id}>
            <AssetCard asset={asset} />
          </li>
        ))}
      </ul>
    </div>
  );
}

function AddForm({ onDone }: { onDone: () => void }) {
  const { t } = useTranslation();
  const uploads = useUploads();
  const [sending] = useSendings(NEW);
  const [assetId] = useState(() => crypto.randomUUID());
  const [words, setWords] = useState(noWords);
  const [mediaId, setMediaId] = useState<string | null>(null);
  const add = useAddAsset();
  const save = (event: FormEvent) => {
    event.preventDefault();
    if (!mediaId) return;
    add.mutate(
      { assetId, mediaId, ...words },
      {
        onSuccess: () => {
          uploads?.forget(NEW);
          onDone();
        },
      },
    );
  };
  return (
    <form className={styles.form} aria-label={t('assets.addTitle')} onSubmit={save}>
      <Title order={2}>{t('assets.addTitle')}</Title>
      <FileField
        label={t('assets.file')}
        tag={NEW}
        purpose="asset"
        accept={shownFiles}
        onReady={setMediaId}
      />
      <AssetFields words={words} onChange={(change) => setWords({ ...words, ...change })} />
      <Refusal error={add.error} />
      <Group gap="sm">
        <Button
          type="submit"
          loading={add.isPending}
          disabled={!mediaId || !words.title || !words.description}
        >
          {t('assets.save')}
        </Button>
        <Button
          variant="default"
          onClick={() => {
            if (sending) void uploads?.remove(sending.op);
            onDone();
          }}
        >
          {t('assets.cancel')}
        </Button>
      </Group>
    </form>
  );
}
