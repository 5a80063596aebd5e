import { Text, Title } from '@mantine/core';
import { CallError } from '@parley/client/http';
import type { PublicUpdate } from '@parley/contracts/loop';
import { useParams } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../platform/format';
import { Loading, useTitle } from '../platform/page';
import { Refusal } from '../platform/refusal';
import { Face } from './face';
import { usePublicUpdate } from './feed.data';
import styles from './feed.module.css';
import { labelsOf } from './update-words';

/** An Update that is out to everybody: no member's words or names. */
export function PublicPage() {
  const { t } = useTranslation();
  const { communityId = '', updateId = '' } = useParams({ strict: false });
  const { data, error, refetch } = usePublicUpdate(communityId, updateId);
  useTitle(data?.title ?? t('public.title'));
  if (data) return <Whole update={data} />;
  const isMissing = error instanceof CallError && !error.body.retryable;
  return (
    <div className={styles.whole} data-alone>
      {isMissing ? (
        <>
          <Title order={1}>{t('public.none')}</Title>
          <Text maw="60ch">{t('public.noneWhy')}</Text>
        </>
      ) : error ? (
        <Refusal error={error} onRetry={() => void refetch()} />
      ) : (
        <Loading />
      )}
    </div>
  );
}

function Whole({ update }: { update: PublicUpdate }) {
  const { t } = useTranslation();
  const { date } = useFormat();
  const { brand, community, title, youSaid, weDid, because, outcome, by, at, contributors } = update;
  // Whether it is delivered is not said in public, so it is not claimed either.
  const { did, why } = labelsOf({ outcome });
  return (
    <div className={styles.whole} data-alone>
      <article className={styles.update} data-whole>
        <div className={styles.top}>
          <p className={styles.standing}>
            <span className={styles.mark}>{t('public.from', { brand, community })}</span>
            <span>{t(`fate.outcome.${outcome}`)}</span>
          </p>
          <Title order={1} dir="auto">
            {title}
          </Title>
        </div>
        <div className={styles.parts}>
          <section className={styles.said}>
            <h2>{t('public.membersSaid')}</h2>
            <p dir="auto">{youSaid}</p>
          </section>
          {weDid && (
            <section>
              <h2>{t(`feed.${did}`)}</h2>
              <p dir="auto">{weDid}</p>
            </section>
          )}
          {because && (
            <section>
              <h2>{t(`feed.${why}`)}</h2>
              <p dir="auto">{because}</p>
            </section>
          )}
        </div>
        <footer className={styles.foot}>
          <Face by={by}>{date(at)}</Face>
          <div className={styles.facts}>
            {contributors !== null && <p>{t('public.people', { count: contributors })}</p>}
            <p>{t('public.about', { brand, community })}</p>
          </div>
        </footer>
      </article>
    </div>
  );
}
