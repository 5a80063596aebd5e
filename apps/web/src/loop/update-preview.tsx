import type { Named } from '@parley/contracts/contributions';
import type { UpdateCard, UpdateDraft } from '@parley/contracts/loop';
import { useTranslation } from 'react-i18next';
import { useNow } from '../platform/realtime';
import { Refusal } from '../platform/refusal';
import { useAssets } from '../platform/media.data';
import styles from './feed.module.css';
import { usePromises } from './loop-desk.data';
import { StateLine, UpdateFoot, UpdateWords } from './update-words';
import { hasDay, needs, type Writing } from './writing';

interface UpdatePreviewProps {
  updateId: string;
  writing: Writing;
  by: Named;
  /** To whom it goes back, once it is there. */
  draft: UpdateDraft | undefined;
  /** Without the fields, which say it otherwise: what could not be loaded. */
  isAlone?: boolean;
}

/** What its contributors, who hear first, will read, as it stands now. */
export function UpdatePreview({ updateId, writing, by, draft, isAlone = false }: UpdatePreviewProps) {
  const { t } = useTranslation();
  const now = useNow(60_000);
  const assets = useAssets();
  const promises = usePromises();
  const { outcome, title, youSaid, weDid, because, on, spaceId, keepsPromise } = writing;
  const assetOf = (id: string | null) => assets.data?.find((asset) => asset.id === id) ?? null;
  const promise = keepsPromise && promises.data?.find(({ space }) => space.id === spaceId);
  /** What is still to be written has its place already. */
  const said = (field: 'weDid' | 'because', words: string) =>
    words.trim() ? words : needs(outcome, field) ? '…' : null;
  const update: UpdateCard = {
    id: updateId,
    status: 'draft',
    title: title || t('editor.previewTitle'),
    youSaid: youSaid || '…',
    weDid: said('weDid', weDid),
    because: said('because', because),
    outcome: outcome ?? 'adopted',
    on: hasDay(outcome) && on ? on : null,
    by,
    at: new Date(now).toISOString(),
    before: assetOf(writing.beforeAssetId),
    after: assetOf(writing.afterAssetId),
    promise: promise
      ? {
          spaceId: promise.space.id,
          kind: promise.space.kind,
          title: promise.space.title,
          dueOn: promise.dueOn,
        }
      : null,
    contributors: draft?.contributors ?? 0,
    contributions: draft?.contributions ?? 0,
    mine: [],
    thanked: [],
    contributorsOnly: true,
    publicUrl: null,
    corrected: 0,
    verification: { state: 'waiting', deliveredAt: null, until: null, verdicts: null, mine: null },
    withdrawn: null,
  };
  return (
    <>
      <UpdateAsRead update={update} isDecided={outcome !== null} />
      {isAlone && (
        <>
          <Refusal error={assets.error} onRetry={() => void assets.refetch()} />
          <Refusal error={promises.error} onRetry={() => void promises.refetch()} />
        </>
      )}
    </>
  );
}

/** An Update as it stands in the feed, to be looked at by the team. */
export function UpdateAsRead({ update, isDecided = true }: { update: UpdateCard; isDecided?: boolean }) {
  const { t } = useTranslation();
  return (
    <article
      className={styles.update}
      aria-label={t('editor.preview')}
      data-early={update.contributorsOnly || undefined}
    >
      <div className={styles.top}>
        {isDecided && <StateLine update={update} />}
        <h3 dir="auto">{update.title}</h3>
      </div>
      <UpdateWords update={update} />
      <UpdateFoot update={update} />
    </article>
  );
}
