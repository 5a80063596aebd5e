import { Button, NativeSelect, Text, TextInput, Title } from '@mantine/core';
import { type AssetOnDesk, TimeMap } from '@parley/contracts/media';
import IconX from '@tabler/icons-react/dist/esm/icons/IconX.mjs';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { clock, useFormat } from '../platform/format';
import { Refusal } from '../platform/refusal';
import { SendingRow, useSendings, useUploads } from '../platform/uploads';
import { useAddVersion, useSetCaptions, useSetMap } from './assets.data';
import { captionFiles, FileField, shownFiles } from './file-field';
import styles from './media.module.css';

type Version = AssetOnDesk['versions'][number];

/** The versions, the newest first; of each its captions, and what stood where in the one before. */
export function Versions({ asset }: { asset: AssetOnDesk }) {
  const { t } = useTranslation();
  const { date } = useFormat();
  const mayChange = asset.mine && !asset.withdrawn;
  return (
    <details className={styles.more}>
      <summary>{t('assets.version', { n: asset.versions[0]?.n ?? 1 })}</summary>
      <ol className={styles.rows} reversed>
        {asset.versions.map((version) => (
          <li key={version.n}>
            <Title order={3} size="h5">
              {t('assets.version', { n: version.n })}
            </Title>
            <Text size="sm" c="dimmed">
              {version.by && t('assets.versionBy', { by: version.by, on: date(version.at) })}
            </Text>
            {version.media.state === 'refused' && version.media.refusal && (
              <Text>{t(`media.refused.${version.media.refusal}`)}</Text>
            )}
            {version.media.kind === 'video' && (
              <>
                <Captions asset={asset} version={version} mayChange={mayChange} />
                {version.n > 1 && <WhatStoodWhere asset={asset} version={version} mayChange={mayChange} />}
              </>
            )}
          </li>
        ))}
      </ol>
      {mayChange && <NewVersion asset={asset} />}
    </details>
  );
}

function NewVersion({ asset }: { asset: AssetOnDesk }) {
  const { t } = useTranslation();
  const uploads = useUploads();
  const tag = `asset.${asset.id}.version`;
  const [mediaId, setMediaId] = useState<string | null>(null);
  const add = useAddVersion();
  const save = () =>
    mediaId &&
    add.mutate({ assetId: asset.id, mediaId, map: null }, { onSuccess: () => uploads?.forget(tag) });
  return (
    <div className={styles.form}>
      <FileField
        label={t('assets.newVersion')}
        tag={tag}
        purpose="asset"
        accept={shownFiles}
        onReady={setMediaId}
      />
      {mediaId && (
        <Button w="fit-content" loading={add.isPending} onClick={save}>
          {t('assets.save')}
        </Button>
      )}
      <Refusal error={add.error} />
    </div>
  );
}

interface OfVersion {
  asset: AssetOnDesk;
  version: Version;
  mayChange: boolean;
}

const languages = ['en', 'de', 'fr', 'es', 'it', 'pt', 'nl', 'pl', 'sv', 'tr'] as const;

function Captions({ asset, version, mayChange }: OfVersion) {
  const { t, i18n } = useTranslation();
  const uploads = useUploads();
  const tag = `asset.${asset.id}.${version.n}.captions`;
  const sendings = useSendings(tag);
  const [language, setLanguage] = useState<string>(i18n.language);
  const set = useSetCaptions();
  const nameOf = (code: string) =>
    new Intl.DisplayNames(i18n.language, { type: 'language' }).of(code) ?? code;
  const save = (mediaId: string | null) => {
    if (!mediaId) return;
    set.mutate(
      { assetId: asset.id, n: version.n, language, mediaId },
      { onSuccess: () => uploads?.forget(tag) },
    );
  };
  return (
    <div className={styles.part}>
      <Text fw={600}>{t('assets.captions')}</Text>
      {!version.captions.length && <Text size="sm">{t('assets.captionsNone')}</Text>}
      <ul className={styles.chips}>
        {version.captions.map((one) => (
          <li key={one.language}>
            {nameOf(one.language)}
            {mayChange && (
              <Button
                variant="subtle"
                size="compact-sm"
                color="gray"
                aria-label={t('assets.captionsRemove', { language: nameOf(one.language) })}
                onClick={() =>
                  set.mutate({ assetId: asset.id, n: version.n, language: one.language, mediaId: null })
                }
              >
                <IconX size={16} aria-hidden />
              </Button>
            )}
          </li>
        ))}
      </ul>
      {mayChange && (
        <>
          <NativeSelect
            label={t('assets.language')}
            value={language}
            w="fit-content"
            data={languages.map((value) => ({ value, label: nameOf(value) }))}
            onChange={({ currentTarget }) => setLanguage(currentTarget.value)}
          />
          <FileField
            label={t('assets.captionsAdd')}
            tag={tag}
            purpose="captions"
            accept={captionFiles}
            onReady={save}
          />
          {sendings.slice(0, -1).map((sending) => (
            <SendingRow key={sending.op} sending={sending} />
          ))}
        </>
      )}
      <Refusal error={set.error} />
    </div>
  );
}

/** Minutes and seconds, or seconds alone; NaN for anything else. */
export function secondsOf(text: string): number {
  const parts = text.trim().split(':');
  if (parts.length > 3 || !parts.every((part) => /^\d{1,5}(\.\d{1,3})?$/.test(part))) return NaN;
  return parts.reduce((sum, part) => sum * 60 + Number(part), 0);
}

interface Line {
  at: string;
  was: string;
  seconds: string;
}

function WhatStoodWhere({ asset, version, mayChange }: OfVersion) {
  const { t } = useTranslation();
  const given = (version.map ?? []).map(({ at, was, seconds }) => ({
    ...{ at: clock(at), was: clock(was), seconds: clock(seconds) },
  }));
  const [lines, setLines] = useState<Line[]>(given);
  const set = useSetMap();
  const map = TimeMap.safeParse(
    lines.map(({ at, was, seconds }) => ({
      at: secondsOf(at),
      was: secondsOf(was),
      seconds: secondsOf(seconds),
    })),
  );
  const change = (place: number, part: Partial<Line>) =>
    setLines(lines.map((line, at) => (at === place ? { ...line, ...part } : line)));
  const save = (event: FormEvent) => {
    event.preventDefault();
    if (map.success) set.mutate({ assetId: asset.id, n: version.n, map: map.data.length ? map.data : null });
  };
  return (
    <form className={styles.part} aria-label={t('assets.map')} onSubmit={save}>
      <Text fw={600}>{t('assets.map')}</Text>
      <Text size="sm">{t('assets.mapHow')}</Text>
      {!lines.length && <Text size="sm">{t('assets.mapNone')}</Text>}
      {lines.map((line, place) => (
        <div key={place} className={styles.span}>
          {(['at', 'was', 'seconds'] as const).map((field) => (
            <TextInput
              key={field}
              label={t(
                { at: 'assets.mapAt', was: 'assets.mapWas', seconds: 'assets.mapFor' }[
                  field
                ] as 'assets.mapAt',
              )}
              placeholder="0:00"
              disabled={!mayChange}
              value={line[field]}
              onChange={({ currentTarget }) => change(place, { [field]: currentTarget.value })}
            />
          ))}
          {mayChange && (
            <Button
              variant="subtle"
              color="gray"
              aria-label={t('assets.mapRemove', { at: line.at })}
              onClick={() => setLines(lines.filter((_, at) => at !== place))}
            >
              <IconX size={16} aria-hidden />
            </Button>
          )}
        </div>
      ))}
      {!map.success && <Text role="alert">{t('assets.mapBad')}</Text>}
      <Refusal error={set.error} />
      {mayChange && (
        <div className={styles.chips}>
          <Button variant="default" onClick={() => setLines([...lines, { at: '', was: '', seconds: '' }])}>
            {t('assets.mapAdd')}
          </Button>
          <Button type="submit" loading={set.isPending} disabled={!map.success}>
            {t('assets.save')}
          </Button>
          <span role="status">{set.isSuccess && t('assets.saved')}</span>
        </div>
      )}
    </form>
  );
}
