import { Text } from '@mantine/core';
import type { Named } from '@parley/contracts/contributions';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../platform/format';
import { useAssets, usePromises } from './loop-desk.data';
import styles from './loop-desk.module.css';
import { Picture } from './update-fields';
import { hasDay, type Writing } from './writing';

interface UpdatePreviewProps {
  writing: Writing;
  by: Named;
  contributors: number;
}

/** What members will read, as it stands now. */
export function UpdatePreview({ writing, by, contributors }: UpdatePreviewProps) {
  const { t } = useTranslation();
  const { date } = useFormat();
  const assets = useAssets();
  const promises = usePromises();
  const { outcome, title, youSaid, weDid, because, on, beforeAssetId, afterAssetId, spaceId } = writing;
  const assetOf = (id: string | null) => assets.data?.find((asset) => asset.id === id);
  const before = assetOf(beforeAssetId);
  const after = assetOf(afterAssetId);
  const promise = promises.data?.find(({ space }) => space.id === spaceId);
  const isNo = outcome === 'declined' || outcome === 'deferred';
  return (
    <article className={styles.card} aria-label={t('editor.preview')}>
      {outcome && (
        <span className={styles.outcomeMark} data-outcome={outcome}>
          {t(`editor.outcome.${outcome}`)}
        </span>
      )}
      <h3 className={styles.cardTitle} dir="auto">
        {title || t('editor.previewTitle')}
      </h3>
      <div>
        <Text className={styles.cardLabel}>{t('editor.previewYouSaid')}</Text>
        <p className={styles.cardSaid} dir="auto">
          {youSaid || '…'}
        </p>
      </div>
      {(before || after) && (
        <div className={styles.pictures}>
          {before && (
            <figure>
              <Picture asset={before} />
              <figcaption>{t('editor.previewBefore')}</figcaption>
            </figure>
          )}
          {after && (
            <figure>
              <Picture asset={after} />
              <figcaption>{t('editor.previewAfter')}</figcaption>
            </figure>
          )}
        </div>
      )}
      {weDid.trim() && (
        <div>
          <Text className={styles.cardLabel}>{t(`editor.weDid.${outcome ?? 'adopted'}`)}</Text>
          <p className={styles.cardWords} dir="auto">
            {weDid}
          </p>
        </div>
      )}
      {(because.trim() || isNo) && (
        <div>
          <Text className={styles.cardLabel}>{t(isNo ? 'editor.previewNotNow' : 'editor.because')}</Text>
          <p className={styles.cardWords} dir="auto">
            {because.trim() || '…'}
          </p>
        </div>
      )}
      {hasDay(outcome) && on && (
        <Text>
          {t(outcome === 'deferred' ? 'editor.previewUntil' : 'editor.previewBy', { date: date(on) })}
        </Text>
      )}
      <Text className={styles.small}>
        {t('editor.previewFrom', { name: by.name, title: by.title })}
        {contributors > 0 && ` · ${t('draft.backTo', { count: contributors })}`}
        {promise &&
          ` · ${t('editor.previewPromise', { title: promise.space.title, date: date(promise.dueOn) })}`}
      </Text>
    </article>
  );
}
