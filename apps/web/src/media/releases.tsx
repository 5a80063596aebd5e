import { Button, NativeSelect, Text, TextInput } from '@mantine/core';
import type { AssetOnDesk, Release } from '@parley/contracts/media';
import IconX from '@tabler/icons-react/dist/esm/icons/IconX.mjs';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../platform/format';
import { Refusal } from '../platform/refusal';
import { isoOf, localOf } from '../platform/format';
import { useSegments } from '../platform/segments.data';
import { useEndRelease, useRelease } from './assets.data';
import styles from './media.module.css';

/** To whom it is released, and when. */
export function Releases({ asset }: { asset: AssetOnDesk }) {
  const { t } = useTranslation();
  const { moment } = useFormat();
  const end = useEndRelease();
  const mayChange = asset.mine && !asset.withdrawn;
  const whoOf = ({ segment }: Release) => segment?.name ?? t('assets.everybody');
  return (
    <details className={styles.more}>
      <summary>{t('assets.releases')}</summary>
      {!asset.releases.length && <Text size="sm">{t('assets.releasesNone')}</Text>}
      <ul className={styles.rows}>
        {asset.releases.map((release) => (
          <li key={release.id} className={styles.row}>
            <span>
              {release.until
                ? t('assets.releaseUntil', {
                    ...{ who: whoOf(release), from: moment(release.from), until: moment(release.until) },
                  })
                : t('assets.release', { who: whoOf(release), from: moment(release.from) })}
            </span>
            {mayChange && (
              <Button
                variant="subtle"
                size="compact-sm"
                color="gray"
                aria-label={t('assets.releaseEnd', { who: whoOf(release) })}
                onClick={() => end.mutate({ assetId: asset.id, releaseId: release.id })}
              >
                <IconX size={16} aria-hidden />
              </Button>
            )}
          </li>
        ))}
      </ul>
      <Refusal error={end.error} />
      {mayChange && <NewRelease asset={asset} />}
    </details>
  );
}

function NewRelease({ asset }: { asset: AssetOnDesk }) {
  const { t } = useTranslation();
  const segments = useSegments();
  const fresh = () => ({
    id: crypto.randomUUID(),
    segmentId: '',
    from: localOf(new Date().toISOString()),
    until: '',
  });
  const [release, setRelease] = useState(fresh);
  const save = useRelease();
  const send = (event: FormEvent) => {
    event.preventDefault();
    const from = isoOf(release.from);
    if (!from) return;
    save.mutate(
      {
        ...{ assetId: asset.id, releaseId: release.id, from },
        ...{ segmentId: release.segmentId || null, until: isoOf(release.until) },
      },
      { onSuccess: () => setRelease(fresh()) },
    );
  };
  return (
    <form className={styles.form} aria-label={t('assets.releaseAdd')} onSubmit={send}>
      <NativeSelect
        label={t('assets.releaseTo')}
        value={release.segmentId}
        data={[
          { value: '', label: t('assets.everybody') },
          ...(segments.data ?? []).map(({ id, name }) => ({ value: id, label: name })),
        ]}
        onChange={({ currentTarget }) => setRelease({ ...release, segmentId: currentTarget.value })}
      />
      <div className={styles.span}>
        <TextInput
          type="datetime-local"
          label={t('assets.from')}
          required
          value={release.from}
          onChange={({ currentTarget }) => setRelease({ ...release, from: currentTarget.value })}
        />
        <TextInput
          type="datetime-local"
          label={t('assets.until')}
          value={release.until}
          onChange={({ currentTarget }) => setRelease({ ...release, until: currentTarget.value })}
        />
      </div>
      <Refusal error={save.error} />
      <Button type="submit" variant="default" w="fit-content" loading={save.isPending}>
        {t('assets.releaseAdd')}
      </Button>
    </form>
  );
}
