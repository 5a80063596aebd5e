import { Button, Group, Text, Title } from '@mantine/core';
import type { AssetOnDesk } from '@parley/contracts/media';
import { useSearch } from '@tanstack/react-router';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../platform/format';
import { AssetShown } from '../platform/media';
import { usePlace } from '../platform/place';
import { useNow } from '../platform/realtime';
import { Refusal } from '../platform/refusal';
import { Sure, SureWhy } from '../platform/sure';
import { AssetFields } from './asset-fields';
import { useDelete, useRestore, useUpdateAsset, useWithdraw } from './assets.data';
import { Releases } from './releases';
import { Versions } from './versions';
import { Views } from './views';
import styles from './media.module.css';

/** One asset: what it is, who sees it, and what can be done about it. */
export function AssetCard({ asset }: { asset: AssetOnDesk }) {
  const { t } = useTranslation();
  const { role } = usePlace().membership;
  const heading = `asset-${asset.id}`;
  const kind = asset.asset?.kind;
  const { asset: wanted, at } = useSearch({ strict: false });
  const isWanted = wanted === asset.id;
  const card = useRef<HTMLElement>(null);
  useEffect(() => {
    if (isWanted) card.current?.scrollIntoView();
  }, [isWanted]);
  return (
    <article
      ref={card}
      className={styles.card}
      aria-labelledby={heading}
      data-withdrawn={asset.withdrawn ? true : undefined}
    >
      <div className={styles.shown}>
        {asset.asset && !asset.withdrawn ? (
          <AssetShown asset={asset.asset} sizes="320px" controls from={isWanted ? at : undefined} />
        ) : (
          <div className={styles.nothing}>{t(asset.withdrawn ? 'media.withdrawn' : 'assets.preparing')}</div>
        )}
      </div>
      <div className={styles.about}>
        <Title order={2} id={heading} size="h3">
          {asset.title}
        </Title>
        <Text size="sm" c="dimmed">
          {[
            kind && t(`assets.kind.${kind}`),
            t(`assets.${asset.confidentiality}`),
            asset.viewers ? t('assets.viewers', { count: asset.viewers }) : t('assets.unseen'),
          ]
            .filter(Boolean)
            .join(' · ')}
        </Text>
        <Standing asset={asset} />
        <div>
          {asset.mine && !asset.withdrawn && <Words asset={asset} />}
          <Versions asset={asset} />
          <Releases asset={asset} />
          {role === 'manager' && <Views asset={asset} />}
        </div>
        <Away asset={asset} />
      </div>
    </article>
  );
}

/** Who sees it now. */
function Standing({ asset }: { asset: AssetOnDesk }) {
  const { t } = useTranslation();
  const { date, moment } = useFormat();
  const now = useNow(30_000);
  const { withdrawn, embargoUntil, shownAt, releases } = asset;
  if (withdrawn)
    return <Text>{t('assets.withdrawnState', { by: withdrawn.by, because: withdrawn.because })}</Text>;
  if (embargoUntil && Date.parse(embargoUntil) > now)
    return <Text>{t('assets.embargoed', { on: moment(embargoUntil) })}</Text>;
  if (shownAt) return <Text>{t('assets.shown', { on: date(shownAt) })}</Text>;
  return releases.length ? null : <Text>{t('assets.team')}</Text>;
}

function Words({ asset }: { asset: AssetOnDesk }) {
  const { t } = useTranslation();
  const given = {
    ...{ title: asset.title, description: asset.description },
    ...{ confidentiality: asset.confidentiality, embargoUntil: asset.embargoUntil },
  };
  const [words, setWords] = useState(given);
  const update = useUpdateAsset();
  const isChanged = JSON.stringify(words) !== JSON.stringify(given);
  const save = (event: FormEvent) => {
    event.preventDefault();
    update.mutate({ assetId: asset.id, ...words });
  };
  return (
    <details className={styles.more}>
      <summary>{t('assets.description')}</summary>
      <form className={styles.form} onSubmit={save}>
        <AssetFields words={words} onChange={(change) => setWords({ ...words, ...change })} />
        <Refusal error={update.error} />
        <Group gap="sm">
          <Button type="submit" variant="default" loading={update.isPending} disabled={!isChanged}>
            {t('assets.save')}
          </Button>
          <span role="status">{update.isSuccess && !isChanged && t('assets.saved')}</span>
        </Group>
      </form>
    </details>
  );
}

/** Off every screen, back on them, or gone for good. */
function Away({ asset }: { asset: AssetOnDesk }) {
  const { t } = useTranslation();
  const { role } = usePlace().membership;
  const withdraw = useWithdraw();
  const restore = useRestore();
  const remove = useDelete();
  if (!asset.withdrawn)
    return (
      <>
        <SureWhy
          label={t('assets.withdraw')}
          aria-label={`${t('assets.withdraw')}: ${asset.title}`}
          question={t('assets.withdrawHow')}
          yes={t('assets.withdrawSure')}
          no={t('assets.cancel')}
          isPending={withdraw.isPending}
          isGrave
          words={t('assets.because')}
          maxLength={300}
          onYes={(because) => withdraw.mutate({ assetId: asset.id, because })}
        />
        <Refusal error={withdraw.error} />
      </>
    );
  if (role !== 'manager') return null;
  return (
    <>
      <Group gap="sm" align="start">
        <Button
          variant="default"
          loading={restore.isPending}
          onClick={() => restore.mutate({ assetId: asset.id })}
        >
          {t('assets.restore')}
        </Button>
        <Sure
          label={t('assets.delete')}
          question={t('assets.deleteHow')}
          yes={t('assets.deleteSure')}
          no={t('assets.cancel')}
          isPending={remove.isPending}
          isGrave
          onYes={() => remove.mutate({ assetId: asset.id })}
        />
      </Group>
      <Refusal error={restore.error ?? remove.error} />
    </>
  );
}
