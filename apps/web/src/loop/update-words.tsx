import type { Outcome } from '@parley/contracts/contributions';
import type { UpdateCard } from '@parley/contracts/loop';
import type { Asset } from '@parley/contracts/media';
import IconArrowBackUp from '@tabler/icons-react/dist/esm/icons/IconArrowBackUp.mjs';
import IconCalendarTime from '@tabler/icons-react/dist/esm/icons/IconCalendarTime.mjs';
import IconCheck from '@tabler/icons-react/dist/esm/icons/IconCheck.mjs';
import IconCircleCheck from '@tabler/icons-react/dist/esm/icons/IconCircleCheck.mjs';
import IconCircleX from '@tabler/icons-react/dist/esm/icons/IconCircleX.mjs';
import IconInfoCircle from '@tabler/icons-react/dist/esm/icons/IconInfoCircle.mjs';
import IconLock from '@tabler/icons-react/dist/esm/icons/IconLock.mjs';
import IconRefresh from '@tabler/icons-react/dist/esm/icons/IconRefresh.mjs';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../platform/format';
import { AssetShown } from '../platform/media';
import { SpaceLink } from '../platform/space-link';
import { Face } from './face';
import styles from './feed.module.css';
import { Share } from './share';

const icons: Record<Outcome | 'done' | 'withdrawn' | 'reopened', typeof IconCheck> = {
  adopted: IconCheck,
  adapted: IconCheck,
  deferred: IconCalendarTime,
  declined: IconCircleX,
  alreadyThere: IconCircleCheck,
  informedOnly: IconInfoCircle,
  done: IconCircleCheck,
  withdrawn: IconArrowBackUp,
  reopened: IconRefresh,
};

const doings = {
  adopted: 'weDo',
  adapted: 'weDo',
  deferred: 'untilThen',
  declined: 'instead',
  alreadyThere: 'isThere',
  informedOnly: 'weTell',
} as const satisfies Record<Outcome, string>;

interface Called {
  outcome: Outcome;
  isDone?: boolean;
  isWithdrawn?: boolean;
}

/** What the parts of an Update are called; nothing is said to be done before it is. */
export function labelsOf({ outcome, isDone = false, isWithdrawn = false }: Called) {
  const did = doings[outcome];
  return {
    did: isWithdrawn ? 'weHad' : isDone && did === 'weDo' ? 'weDid' : did,
    why: outcome === 'declined' ? 'notNow' : outcome === 'deferred' ? 'notYet' : 'because',
  } as const;
}

/** Where it stands, in a word with a mark: what was decided, whether it is done, and what happened to it since. */
export function StateLine({ update }: { update: UpdateCard }) {
  const { t } = useTranslation();
  const { date } = useFormat();
  const { outcome, on, verification, withdrawn, corrected } = update;
  const isDone = verification.deliveredAt !== null;
  const state = withdrawn
    ? 'withdrawn'
    : verification.state === 'reopened'
      ? 'reopened'
      : isDone
        ? 'done'
        : outcome;
  const Icon = icons[state];
  const words = withdrawn
    ? t('feed.withdrawn')
    : verification.state === 'reopened'
      ? t('feed.reopened')
      : verification.state === 'verified'
        ? t('feed.verified')
        : isDone
          ? t('feed.done')
          : t(`fate.outcome.${outcome}`);
  const promises = !withdrawn && !isDone && on;
  return (
    <p className={styles.standing} data-state={state}>
      <span className={styles.mark}>
        <Icon size={18} aria-hidden />
        {words}
      </span>
      {promises && (
        <span>
          {outcome === 'deferred' ? t('feed.again', { date: date(on) }) : t('feed.due', { date: date(on) })}
        </span>
      )}
      {corrected > 0 && <span>{t('feed.corrected', { count: corrected })}</span>}
    </p>
  );
}

/** What members said, in their own words where they are the reader's; what was done; and why, or why not. */
export function UpdateWords({ update }: { update: UpdateCard }) {
  const { t } = useTranslation();
  const { outcome, youSaid, weDid, because, mine, verification, withdrawn } = update;
  const { did, why } = labelsOf({
    outcome,
    isDone: verification.deliveredAt !== null,
    isWithdrawn: withdrawn !== null,
  });
  return (
    <>
      {withdrawn && <Withdrawn withdrawn={withdrawn} />}
      {verification.state === 'reopened' && !withdrawn && (
        <p className={styles.notice}>{t('feed.reopenedHow')}</p>
      )}
      <div className={styles.parts} data-withdrawn={withdrawn ? true : undefined}>
        <section className={styles.said}>
          <h3>{t('feed.youSaid')}</h3>
          <p dir="auto">{youSaid}</p>
          {mine.map(({ contributionId, words }) => (
            <figure key={contributionId} className={styles.quote}>
              <blockquote dir="auto">{words}</blockquote>
              <figcaption>{t('feed.yourWords')}</figcaption>
            </figure>
          ))}
        </section>
        {weDid && (
          <section>
            <h3>{t(`feed.${did}`)}</h3>
            <Pictures update={update} />
            <p dir="auto">{weDid}</p>
          </section>
        )}
        {!weDid && <Pictures update={update} />}
        {because && (
          <section>
            <h3>{t(`feed.${why}`)}</h3>
            <p dir="auto">{because}</p>
          </section>
        )}
      </div>
    </>
  );
}

function Withdrawn({ withdrawn }: { withdrawn: NonNullable<UpdateCard['withdrawn']> }) {
  const { t } = useTranslation();
  const { date } = useFormat();
  const { at, because, consultation } = withdrawn;
  return (
    <div className={styles.notice}>
      <p>
        <strong>{t('feed.withdrawnOn', { date: date(at) })}</strong>
      </p>
      <p dir="auto">{because}</p>
      {consultation && (
        <SpaceLink space={consultation} className={styles.link}>
          {t('feed.consultation', { title: consultation.title })}
        </SpaceLink>
      )}
    </div>
  );
}

/** Before and after, side by side. What is not public carries its viewer's name. */
function Pictures({ update }: { update: UpdateCard }) {
  const { t } = useTranslation();
  const { before, after } = update;
  if (!before && !after) return null;
  const shown: [label: 'before' | 'after', asset: Asset | null][] = [
    ['before', before],
    ['after', after],
  ];
  return (
    <div className={styles.pictures} data-two={before && after ? true : undefined}>
      {shown.map(
        ([label, asset]) =>
          asset && (
            <figure key={label}>
              <div className={styles.picture} style={{ aspectRatio: `${asset.width} / ${asset.height}` }}>
                <AssetShown asset={asset} sizes="(min-width: 700px) 320px, 100vw" controls />
              </div>
              {before && after && <figcaption>{t(`feed.${label}`)}</figcaption>}
            </figure>
          ),
      )}
    </div>
  );
}

/** Who answers for it, the promise that it keeps, to whom it goes back, and who may see it. */
export function UpdateFoot({ update }: { update: UpdateCard }) {
  const { t, i18n } = useTranslation();
  const { date } = useFormat();
  const { by, at, promise, contributors, contributions, thanked, contributorsOnly, publicUrl, title } =
    update;
  const people = t('feed.goesBack', { count: contributors });
  const things = t('feed.things', { count: contributions });
  // A handle such as "Kenji W." ends the sentence by itself.
  const names = new Intl.ListFormat(i18n.language, { type: 'conjunction' })
    .format(thanked)
    .replace(/\.$/, '');
  return (
    <footer className={styles.foot}>
      <Face by={by}>{date(at)}</Face>
      <div className={styles.facts}>
        {promise && (
          <p>
            {contributorsOnly
              ? t('feed.promised', { due: date(promise.dueOn) })
              : t('feed.kept', { due: date(promise.dueOn), on: date(at) })}{' '}
            {t('feed.about', { title: promise.title })}
          </p>
        )}
        {contributions > 0 && (
          <p>
            {t('feed.goesBackTo', { people, things })} {thanked.length > 0 && t('feed.thanks', { names })}
          </p>
        )}
        {!publicUrl && (
          <p className={styles.lock}>
            <IconLock size={16} aria-hidden />
            {contributorsOnly ? t('feed.early') : t('feed.private')}
          </p>
        )}
      </div>
      {publicUrl && <Share url={publicUrl} title={title} />}
    </footer>
  );
}
