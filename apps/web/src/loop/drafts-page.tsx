import { Button, Text, Title } from '@mantine/core';
import type { UpdateDraft } from '@parley/contracts/loop';
import { Link, useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../platform/format';
import { Loading, Nothing, useTitle } from '../platform/page';
import { usePlace } from '../platform/place';
import { Refusal } from '../platform/refusal';
import { ApprovalSteps } from './approval-steps';
import { useDrafts } from './loop-desk.data';
import styles from './loop-desk.module.css';
import { begun } from './writing';

const shelves = ['mine', 'draft', 'inApproval', 'approved', 'scheduled', 'out', 'withdrawn'] as const;
type Shelf = (typeof shelves)[number];

function shelfOf({ status, approvals }: UpdateDraft): Shelf {
  if (approvals.some(({ mine }) => mine)) return 'mine';
  return status === 'outToContributors' || status === 'outToCommunity' || status === 'outToPublic'
    ? 'out'
    : status;
}

/** Updates by how far they are; what waits for the asking person comes first. */
export function DraftsPage() {
  const { t } = useTranslation();
  const { number } = useFormat();
  const { community, memberId, role } = usePlace().membership;
  useTitle(t('loopDesk.part.updates'), community.name);
  const navigate = useNavigate();
  const list = useDrafts();
  const mayWrite = role === 'host' || role === 'manager';
  if (list.isPending) return <Loading lines={6} />;
  if (!list.data) return <Refusal error={list.error} onRetry={() => void list.refetch()} />;
  const { drafts, steps, team } = list.data;
  const known = new Set(drafts.map(({ id }) => id));
  const here = begun(memberId).filter(({ id }) => !known.has(id));
  const to = (updateId: string) => ({
    to: '/c/$slug/loop/updates/$updateId' as const,
    params: { slug: community.slug, updateId },
  });
  return (
    <>
      {mayWrite && (
        <Button
          className={styles.start}
          onClick={() => void navigate({ ...to(crypto.randomUUID()), state: { begins: true } })}
        >
          {t('draft.write')}
        </Button>
      )}
      {!drafts.length && !here.length && <Nothing>{t(mayWrite ? 'draft.none' : 'draft.noneAsked')}</Nothing>}
      {here.length > 0 && (
        <section className={styles.part} aria-labelledby="shelf-here">
          <Title order={2} id="shelf-here">
            {t('draft.shelf.here')}
          </Title>
          <ul className={styles.rows}>
            {here.map(({ id, kept }) => (
              <li key={id}>
                <Link {...to(id)} className={styles.row} dir="auto">
                  {kept.writing.title || t('draft.untitled')}
                </Link>
                <Text className={styles.small}>{t('draft.hereOnly')}</Text>
              </li>
            ))}
          </ul>
        </section>
      )}
      {shelves.map((shelf) => {
        const on = drafts.filter((draft) => shelfOf(draft) === shelf);
        if (!on.length) return null;
        return (
          <section
            key={shelf}
            className={shelf === 'mine' ? styles.asked : styles.part}
            aria-labelledby={`shelf-${shelf}`}
          >
            <Title order={2} id={`shelf-${shelf}`}>
              {t(`draft.shelf.${shelf}`)} ({number(on.length)})
            </Title>
            <ul className={styles.rows}>
              {on.map((draft) => (
                <li key={draft.id}>
                  <Link {...to(draft.id)} className={styles.row} dir="auto">
                    {draft.body.title}
                  </Link>
                  <DraftLine draft={draft} />
                </li>
              ))}
            </ul>
          </section>
        );
      })}
      {role === 'manager' && (
        <section className={styles.part} aria-labelledby="steps">
          <Title order={2} id="steps">
            {t('draft.steps')}
          </Title>
          <ApprovalSteps key={JSON.stringify(steps)} steps={steps} team={team} />
        </section>
      )}
    </>
  );
}

/** Where an Update stands, in a line: whose it is, whom it goes back to, who or what comes next. */
function DraftLine({ draft }: { draft: UpdateDraft }) {
  const { t } = useTranslation();
  const { date, moment } = useFormat();
  const { status, body, by, contributors, approvals, times, delivered, updatedAt } = draft;
  const asked = approvals.find(({ decision }) => decision !== 'approved');
  const returned = status === 'draft' && approvals.find(({ decision }) => decision === 'returned');
  return (
    <div>
      <Text className={styles.small}>
        {[
          t(`fate.outcome.${body.outcome}`),
          t('draft.by', { name: by.name, date: date(updatedAt) }),
          contributors ? t('draft.backTo', { count: contributors }) : t('draft.nothingLinked'),
          delivered && t('draft.delivered'),
        ]
          .filter(Boolean)
          .join(' · ')}
      </Text>
      {returned && (
        <Text className={styles.returned}>
          {t('draft.returned', { name: returned.by ?? '' })} <q dir="auto">{returned.note}</q>
        </Text>
      )}
      {status === 'inApproval' && asked && (
        <Text>{t('draft.waitsFor', { step: asked.label, who: asked.who.join(', ') })}</Text>
      )}
      {status === 'approved' && <Text>{t('draft.approved')}</Text>}
      {times && (status === 'scheduled' || status === 'outToContributors') && (
        <Text>
          {status === 'scheduled' && `${t('draft.contributorsAt', { when: moment(times.contributorsAt) })} `}
          {t('draft.communityAt', { when: moment(times.communityAt) })}{' '}
          {times.publicAt && t('draft.publicAt', { when: moment(times.publicAt) })}
        </Text>
      )}
      {status === 'outToCommunity' && times?.publicAt && (
        <Text>{t('draft.publicAt', { when: moment(times.publicAt) })}</Text>
      )}
    </div>
  );
}
