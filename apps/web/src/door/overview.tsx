import { Text, Title } from '@mantine/core';
import type { DoorDesk, PlanState, Source } from '@parley/contracts/door';
import { Link } from '@tanstack/react-router';
import type { CSSProperties } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../platform/format';
import { Loading, Nothing } from '../platform/page';
import { usePlace } from '../platform/place';
import { Refusal } from '../platform/refusal';
import { useDoor } from './desk.data';
import styles from './desk.module.css';

/** What needs the manager, where people come from, and who is in. */
export function OverviewPage() {
  const door = useDoor();
  if (door.data) return <Overview desk={door.data} />;
  return door.error ? <Refusal error={door.error} onRetry={() => void door.refetch()} /> : <Loading />;
}

function Overview({ desk }: { desk: DoorDesk }) {
  const { t } = useTranslation();
  const { slug } = usePlace().membership.community;
  const { sources, plan } = desk;
  return (
    <>
      <Needs desk={desk} />
      <section className={styles.part} aria-labelledby="sources">
        <Title order={2} id="sources">
          {t('desk.sources')}
        </Title>
        {sources.length ? <Funnel sources={sources} /> : <Nothing>{t('desk.noSources')}</Nothing>}
      </section>
      <section className={styles.part} aria-labelledby="places">
        <Title order={2} id="places">
          {t('desk.places')}
        </Title>
        <Places plan={plan} />
        <Link to="/c/$slug/door/quotas" params={{ slug }} className={styles.link}>
          {t('desk.toQuotas')}
        </Link>
      </section>
    </>
  );
}

/** What somebody has to do first, each with the way there. */
function Needs({ desk }: { desk: DoorDesk }) {
  const { t } = useTranslation();
  const { slug } = usePlace().membership.community;
  const { sources, plan, waiting, unreadVoices, questions } = desk;
  const full = [plan.total, ...plan.cells, ...plan.shares].filter(({ state }) => state === 'full').length;
  const bounced = sources.reduce((sum, { funnel }) => sum + funnel.bounced, 0);
  const needs = [
    [Number(!questions), 'screener', '/c/$slug/door/screener'],
    [Number(!sources.length), 'source', '/c/$slug/door/invitations'],
    [waiting, 'waiting', '/c/$slug/door/waiting'],
    [unreadVoices, 'voices', '/c/$slug/door/waiting'],
    [full, 'full', '/c/$slug/door/quotas'],
    [bounced, 'bounced', '/c/$slug/door/invitations'],
  ] as const;
  const open = needs.filter(([count]) => count > 0);
  if (!open.length) return <Text c="dimmed">{t('desk.need.none')}</Text>;
  return (
    <ul className={styles.needs} aria-label={t('desk.needs')}>
      {open.map(([count, what, to]) => (
        <li key={what}>
          <Link
            to={to}
            params={{ slug }}
            search={what === 'voices' ? { show: what } : {}}
            className={styles.need}
          >
            {t(`desk.need.${what}`, { count })}
          </Link>
        </li>
      ))}
    </ul>
  );
}

const steps = ['sent', 'bounced', 'opened', 'started', 'qualified', 'waiting', 'admitted'] as const;

/** The steps that there are: nobody is mailed about a link. */
export const stepsOf = (kind: Source['kind']): readonly (typeof steps)[number][] =>
  kind === 'mail' ? steps : steps.filter((step) => step !== 'sent' && step !== 'bounced');

/** One row a source, one column a step; the bar is that step against the first one of its row. */
function Funnel({ sources }: { sources: readonly Source[] }) {
  const { t } = useTranslation();
  const { number } = useFormat();
  // Without a single mail two columns would say nothing.
  const columns = stepsOf(sources.some(({ kind }) => kind === 'mail') ? 'mail' : 'link');
  return (
    <div className={styles.scroll} tabIndex={0} role="region" aria-label={t('desk.sources')}>
      {/* On a phone it is laid out otherwise, and stays a table by its roles. */}
      <table className={styles.funnel} role="table">
        <thead role="rowgroup">
          <tr role="row">
            <th scope="col" role="columnheader">
              {t('desk.source')}
            </th>
            {columns.map((step) => (
              <th key={step} scope="col" role="columnheader">
                {t(`desk.step.${step}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody role="rowgroup">
          {sources.map(({ id, kind, label, placement, closedAt, funnel }) => {
            const most = Math.max(1, ...Object.values(funnel));
            return (
              <tr key={id} role="row">
                <th scope="row" role="rowheader">
                  <span className={styles.label}>{label}</span>
                  <span className={styles.small}>
                    {[t(`desk.kind.${kind}`), placement, closedAt && t('desk.closed')]
                      .filter(Boolean)
                      .join(' · ')}
                  </span>
                </th>
                {columns.map((step) => {
                  const isStep = stepsOf(kind).includes(step);
                  return (
                    <td
                      key={step}
                      role="cell"
                      data-none={!isStep || undefined}
                      data-bad={(step === 'bounced' && funnel.bounced > 0) || undefined}
                    >
                      <span className={styles.step} aria-hidden="true">
                        {t(`desk.step.${step}`)}
                      </span>
                      {!isStep ? (
                        <span className={styles.small}>{t('desk.notApplicable')}</span>
                      ) : (
                        <>
                          {number(funnel[step])}
                          <span
                            className={styles.meter}
                            aria-hidden="true"
                            style={{ '--part': funnel[step] / most } as CSSProperties}
                          />
                        </>
                      )}
                    </td>
                  );
                })}
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

/** Who is in, cell by cell, against what is wanted. */
export function Places({ plan }: { plan: PlanState }) {
  const { t } = useTranslation();
  const { number } = useFormat();
  const { total, cells, shares } = plan;
  return (
    <ul className={styles.cells}>
      <li>
        <Cell
          label={t('desk.everybody')}
          state={t(`desk.state.${total.state}`)}
          kind={total.state}
          words={[
            total.hard === null
              ? t('desk.filled', { count: total.filled })
              : t('desk.filledOf', { filled: number(total.filled), of: number(total.hard) }),
            total.reserved > 0 && t('desk.held', { count: total.reserved }),
            total.waiting > 0 && t('desk.waits', { count: total.waiting }),
          ]}
          {...(total.hard !== null && {
            bar: { filled: total.filled, reserved: total.reserved, of: Math.max(total.hard, 1), mark: null },
          })}
        />
      </li>
      {cells.map(({ id, label, state, filled, reserved, waiting, target, soft, hard }) => (
        <li key={id}>
          <Cell
            label={label}
            state={t(`desk.state.${state}`)}
            kind={state}
            words={[
              t('desk.filledTarget', { filled: number(filled), target: number(target) }),
              reserved > 0 && t('desk.held', { count: reserved }),
              soft !== null && t('desk.softCap', { soft: number(soft) }),
              hard !== null && t('desk.hardCap', { hard: number(hard) }),
              waiting > 0 && t('desk.waits', { count: waiting }),
            ]}
            bar={{
              filled,
              reserved,
              of: Math.max(hard ?? 0, target, filled + reserved, 1),
              mark: target,
              soft,
            }}
          />
        </li>
      ))}
      {shares.map(({ id, label, state, filled, of, least, waiting }) => (
        <li key={id}>
          <Cell
            label={label}
            state={t(`desk.shareState.${state === 'full' ? 'full' : 'open'}`)}
            kind={state}
            words={[
              t('desk.share', { least, percent: of ? Math.round((100 * filled) / of) : 0 }),
              t('desk.shareOf', { filled: number(filled), of: number(of) }),
              waiting > 0 && t('desk.waits', { count: waiting }),
            ]}
            bar={{ filled, reserved: 0, of: Math.max(of, 1), mark: (Math.max(of, 1) * least) / 100 }}
          />
        </li>
      ))}
    </ul>
  );
}

interface CellProps {
  label: string;
  state: string;
  kind: PlanState['total']['state'];
  words: (string | false)[];
  /** `of` is the whole width; `mark` is where the target is, at `soft` the manager is warned. */
  bar?: { filled: number; reserved: number; of: number; mark: number | null; soft?: number | null };
}

function Cell({ label, state, kind, words, bar }: CellProps) {
  return (
    <div className={styles.cell}>
      <div className={styles.cellHead}>
        <span className={styles.label} dir="auto">
          {label}
        </span>
        <span className={styles.state} data-state={kind}>
          {state}
        </span>
      </div>
      {bar && (
        <div
          className={styles.bar}
          aria-hidden="true"
          style={
            {
              '--filled': bar.filled / bar.of,
              '--held': bar.reserved / bar.of,
              '--mark': (bar.mark ?? 0) / bar.of,
              '--soft': Math.min(1, (bar.soft ?? 0) / bar.of),
            } as CSSProperties
          }
        >
          <span className={styles.barFilled} />
          <span className={styles.barHeld} />
          {typeof bar.soft === 'number' && <span className={styles.barSoft} />}
          {bar.mark !== null && <span className={styles.barMark} />}
        </div>
      )}
      <span className={styles.small}>{words.filter(Boolean).join(' · ')}</span>
    </div>
  );
}
