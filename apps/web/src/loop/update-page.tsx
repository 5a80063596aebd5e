import { Title } from '@mantine/core';
import type { UpdatePage as Page } from '@parley/contracts/loop';
import { Link, useParams } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { Loading, useTitle } from '../platform/page';
import { usePlace } from '../platform/place';
import { Refusal } from '../platform/refusal';
import { Evidence } from './evidence';
import { useUpdate } from './feed.data';
import styles from './feed.module.css';
import { Thread } from './thread';
import { StateLine, UpdateFoot, UpdateWords } from './update-words';
import { Verdict } from './verdict';
import { Versions } from './versions';

/** One Update whole: what it says, the words behind it, what it said before, and what is said of it. */
export function UpdatePage() {
  const { t } = useTranslation();
  const { community } = usePlace().membership;
  const page = useUpdate(useParams({ strict: false }).updateId ?? '');
  useTitle(t('updatePage.title'), community.name);
  return (
    <div className={styles.whole}>
      <Link to="/c/$slug/updates" params={{ slug: community.slug }} className={styles.link}>
        {t('updatePage.back')}
      </Link>
      {page.data ? (
        <Whole page={page.data} />
      ) : page.error ? (
        <Refusal error={page.error} onRetry={() => void page.refetch()} />
      ) : (
        <Loading lines={6} />
      )}
    </div>
  );
}

function Whole({ page }: { page: Page }) {
  const { update, versions } = page;
  return (
    <>
      <article className={styles.update} data-whole data-early={update.contributorsOnly || undefined}>
        <div className={styles.top}>
          <StateLine update={update} />
          <Title order={1} dir="auto">
            {update.title}
          </Title>
        </div>
        <UpdateWords update={update} />
        <Verdict update={update} whole />
        <UpdateFoot update={update} />
      </article>
      <Evidence update={update} />
      <Versions versions={versions} />
      <Thread page={page} />
    </>
  );
}
