import { Button, Text } from '@mantine/core';
import type { AssetOnDesk } from '@parley/contracts/media';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../platform/format';
import { Loading } from '../platform/page';
import { Refusal } from '../platform/refusal';
import { useViews } from './assets.data';
import styles from './media.module.css';

/** Who was served what of it, the newest first. */
export function Views({ asset }: { asset: AssetOnDesk }) {
  const { t, i18n } = useTranslation();
  const { moment } = useFormat();
  const [isOpen, setOpen] = useState(false);
  const views = useViews(asset, isOpen);
  const all = views.data?.pages.flatMap((page) => page.views) ?? [];
  const size = new Intl.NumberFormat(i18n.language, {
    style: 'unit',
    unit: 'kilobyte',
    maximumFractionDigits: 0,
  });
  return (
    <details className={styles.more} onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>{t('assets.views')}</summary>
      {views.isPending && isOpen && <Loading />}
      <Refusal error={views.error} onRetry={() => void views.refetch()} />
      {views.data && !all.length && <Text size="sm">{t('assets.viewsNone')}</Text>}
      {all.length > 0 && (
        <div className={styles.scroll} tabIndex={0} role="region" aria-label={t('assets.views')}>
          <table className={styles.table}>
            <thead>
              <tr>
                <th scope="col">{t('assets.viewsWho')}</th>
                <th scope="col">{t('assets.viewsWhat')}</th>
                <th scope="col">{t('assets.viewsWhen')}</th>
              </tr>
            </thead>
            <tbody>
              {all.map((view, place) => (
                <tr key={place}>
                  <td>{view.who}</td>
                  <td>
                    {t('assets.version', { n: view.version })},{' '}
                    {t(view.part === 'whole' ? 'assets.whole' : 'assets.part', {
                      ...{
                        rendition: view.rendition,
                        part: view.part,
                        bytes: size.format(view.bytes / 1_000),
                      },
                    })}
                  </td>
                  <td>{moment(view.at)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {views.hasNextPage && (
        <Button
          variant="default"
          loading={views.isFetchingNextPage}
          onClick={() => void views.fetchNextPage()}
        >
          {t('assets.viewsMore')}
        </Button>
      )}
    </details>
  );
}
