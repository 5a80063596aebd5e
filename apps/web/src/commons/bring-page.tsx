import { Button, FileInput, NativeSelect, Text, TextInput, Title } from '@mantine/core';
import type { OutputOf } from '@parley/contracts/contract';
import { ANY_VALUE, BroughtStatus, type checkBrought, type IdeaColumns } from '@parley/contracts/ideas';
import { IdeaStatus } from '@parley/contracts/contributions';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../platform/format';
import { useTitle } from '../platform/page';
import { usePlace } from '../platform/place';
import { Refusal } from '../platform/refusal';
import { usePlaceId } from './commons.data';
import shared from './commons.module.css';
import { useBring, useCheckBrought } from './ideas.data';
import styles from './ideas.module.css';

type Checked = OutputOf<typeof checkBrought>;
const columnNames = [
  'title',
  'text',
  'key',
  'by',
  'support',
  'at',
  'status',
  'replacedBy',
] as const satisfies (keyof IdeaColumns)[];
const targets: BroughtStatus[] = [...IdeaStatus.exclude(['merged']).options, 'leaveOut'];

/** Where a manager brings ideas along from another board: a file, which column is which, what is wrong, and then they are here. */
export function BringPage() {
  const { t } = useTranslation();
  const { community } = usePlace().membership;
  const placeId = usePlaceId();
  const check = useCheckBrought();
  const bring = useBring();
  const [csv, setCsv] = useState('');
  const [from, setFrom] = useState('');
  const [isTried, setTried] = useState(false);
  useTitle(t('bring.title'), community.name);
  const looked = check.data;
  const look = (text: string, columns: IdeaColumns | null, statuses: Checked['statuses'] | null) =>
    check.mutate({
      ...{ placeId, csv: text, columns },
      statuses: statuses && Object.fromEntries(statuses.map(({ value, to }) => [value, to])),
    });
  const params = { slug: community.slug, placeId };
  const send = () => {
    setTried(true);
    if (!from.trim() || !looked?.columns) return;
    bring.mutate({
      ...{ placeId, csv, from, columns: looked.columns },
      statuses: Object.fromEntries(looked.statuses.map(({ value, to }) => [value, to])),
    });
  };
  return (
    <div className={shared.page}>
      <header className={shared.head}>
        <Link to="/c/$slug/ideas/$placeId" params={params} className={shared.link}>
          {t('ideas.all')}
        </Link>
        <Title order={1}>{t('bring.title')}</Title>
        <Text maw="65ch">{t('bring.lead')}</Text>
      </header>
      <FileInput
        label={t('bring.file')}
        description={t('bring.fileHow')}
        placeholder={t('bring.choose')}
        accept=".csv,.tsv,text/csv"
        onChange={(file) =>
          void file?.text().then((text) => {
            setCsv(text);
            bring.reset();
            look(text, null, null);
          })
        }
      />
      <Refusal error={check.error} />
      {looked?.columns && (
        <>
          <fieldset className={styles.mapping}>
            <legend>{t('bring.columns')}</legend>
            {columnNames.map((name) => (
              <NativeSelect
                key={name}
                label={t(`bring.column.${name}`)}
                value={looked.columns![name] ?? ''}
                data={[
                  ...(name === 'title' ? [] : [{ value: '', label: t('bring.noColumn') }]),
                  ...looked.headings.map((heading) => ({ value: heading, label: heading })),
                ]}
                onChange={({ currentTarget: { value } }) =>
                  look(csv, { ...looked.columns!, [name]: value || null }, null)
                }
              />
            ))}
          </fieldset>
          {looked.columns.status && (
            <fieldset className={styles.mapping}>
              <legend>{t('bring.statuses')}</legend>
              {looked.statuses.map(({ value, count, to }) => (
                <NativeSelect
                  key={value}
                  label={t('bring.status', {
                    count,
                    value: value === ANY_VALUE ? t('bring.any') : value || t('bring.empty'),
                  })}
                  value={to}
                  data={targets.map((target) => ({
                    value: target,
                    label: target === 'leaveOut' ? t('bring.leaveOut') : t(`idea.status.${target}`),
                  }))}
                  onChange={({ currentTarget }) =>
                    look(
                      csv,
                      looked.columns,
                      looked.statuses.map((one) =>
                        one.value === value ? { ...one, to: BroughtStatus.parse(currentTarget.value) } : one,
                      ),
                    )
                  }
                />
              ))}
            </fieldset>
          )}
          <Report checked={looked} />
          <TextInput
            label={t('bring.from')}
            description={t('bring.fromHow')}
            maxLength={60}
            value={from}
            error={isTried && !from.trim() ? t('write.empty') : undefined}
            onChange={({ currentTarget: { value } }) => setFrom(value)}
          />
          <Refusal error={bring.error} />
          <Button
            w="fit-content"
            disabled={!looked.report.good || check.isPending}
            loading={bring.isPending}
            onClick={send}
          >
            {t('bring.now', { count: looked.report.good })}
          </Button>
          <div role="status">
            {bring.data && (
              <>
                <p>
                  {t('bring.done', { count: bring.data.made })}{' '}
                  {bring.data.here > 0 && t('bring.here', { count: bring.data.here })}
                </p>
                <Link to="/c/$slug/ideas/$placeId" params={params} className={shared.link}>
                  {t('context.toIdeas')}
                </Link>
              </>
            )}
          </div>
        </>
      )}
    </div>
  );
}

/** What is wrong, by row, and how the first ones will read. */
function Report({ checked: { report, first } }: { checked: Checked }) {
  const { t } = useTranslation();
  const { date } = useFormat();
  const { rows, good, bad, leftOut, shortened, problems } = report;
  return (
    <section className={styles.state} aria-label={t('bring.report')}>
      <p role="status">{t('bring.counts', { rows, good, bad, leftOut })}</p>
      {shortened > 0 && <p className={shared.quiet}>{t('bring.shortened', { count: shortened })}</p>}
      {problems.length > 0 && (
        <details className={styles.versions}>
          <summary>{t('bring.problems', { count: bad })}</summary>
          <ul>
            {problems.map(({ row, problem, what }) => (
              <li key={`${row}${problem}`}>{t(`bring.problem.${problem}`, { row, what })}</li>
            ))}
          </ul>
        </details>
      )}
      {first.map(({ title, text, status, on }, at) => (
        <div key={at} className={styles.version}>
          <strong dir="auto">{title}</strong>
          <p className={styles.excerpt} dir="auto">
            {text}
          </p>
          <p className={shared.quiet}>
            {t(`idea.status.${status}`)}
            {on && ` · ${date(on)}`}
          </p>
        </div>
      ))}
    </section>
  );
}
