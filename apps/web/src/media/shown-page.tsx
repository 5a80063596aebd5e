import { Text, Title } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { AssetShown } from '../platform/media';
import { Loading, Nothing, useTitle } from '../platform/page';
import { usePlace } from '../platform/place';
import { Refusal } from '../platform/refusal';
import { useAssets } from '../platform/media.data';
import styles from './media.module.css';

/** What a member may see now: what was on stage, and what is released to them. */
export function ShownPage() {
  const { t } = useTranslation();
  useTitle(t('shown.title'), usePlace().membership.community.name);
  const shown = useAssets();
  return (
    <div className={styles.page}>
      <Title order={1}>{t('shown.title')}</Title>
      <Text maw="65ch">{t('shown.lead')}</Text>
      {shown.isPending && <Loading lines={6} />}
      <Refusal error={shown.error} onRetry={() => void shown.refetch()} />
      {shown.data && !shown.data.length && <Nothing>{t('shown.none')}</Nothing>}
      <ul className={styles.grid}>
        {shown.data?.map((asset) => (
          <li key={asset.id}>
            <article className={styles.about} aria-labelledby={`shown-${asset.id}`}>
              <div className={styles.shown}>
                <AssetShown asset={asset} sizes="(min-width: 62em) 480px, 100vw" controls />
              </div>
              <Title order={2} id={`shown-${asset.id}`} size="h3">
                {asset.title}
              </Title>
              {asset.kind === 'document' && (
                <ol className={styles.grid}>
                  {Array.from({ length: asset.pages - 1 }, (_, page) => (
                    <li key={page} className={styles.shown}>
                      <AssetShown asset={asset} page={page + 2} sizes="480px" />
                    </li>
                  ))}
                </ol>
              )}
              <Text size="sm">{t(asset.confidentiality === 'open' ? 'shown.open' : 'shown.private')}</Text>
            </article>
          </li>
        ))}
      </ul>
    </div>
  );
}
