import {
  Button,
  CopyButton,
  FileButton,
  Group,
  NativeSelect,
  Stack,
  Text,
  Textarea,
  TextInput,
  Title,
} from '@mantine/core';
import { createLink, type ImportReport, type Source } from '@parley/contracts/door';
import { Locale } from '@parley/contracts/people';
import { type FormEvent, useRef, useState } from 'react';
import QRCode from 'react-qr-code';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../platform/format';
import { Loading, Nothing } from '../platform/page';
import { Refusal } from '../platform/refusal';
import { Batch } from './batch';
import { download, useCheck, useCloseSource, useCreateLink, useDoor, useSend } from './desk.data';
import styles from './desk.module.css';

/** Links and personal invitations. */
export function InvitationsPage() {
  const { t } = useTranslation();
  const door = useDoor();
  const [making, setMaking] = useState<'link' | 'mail' | null>(null);
  return (
    <>
      <Group gap="sm">
        <Button onClick={() => setMaking('mail')}>{t('invite.byMail')}</Button>
        <Button variant="default" onClick={() => setMaking('link')}>
          {t('invite.link')}
        </Button>
      </Group>
      {making === 'link' && <LinkForm onDone={() => setMaking(null)} />}
      {making === 'mail' && <MailForm onDone={() => setMaking(null)} />}
      {door.error && <Refusal error={door.error} onRetry={() => void door.refetch()} />}
      {door.isPending && <Loading />}
      {door.data && !door.data.sources.length && <Nothing>{t('desk.noSources')}</Nothing>}
      <ul className={styles.list}>
        {door.data?.sources.map((source) => (
          <li key={source.id}>
            <SourceCard source={source} />
          </li>
        ))}
      </ul>
    </>
  );
}

function SourceCard({ source }: { source: Source }) {
  const { t } = useTranslation();
  const { date } = useFormat();
  const close = useCloseSource();
  const [isSure, setSure] = useState(false);
  const { id, kind, label, placement, url, useLimit, expiresAt, closedAt, createdAt, funnel } = source;
  return (
    <section className={styles.card} aria-label={label}>
      <div>
        <Text fw={600}>{label}</Text>
        <Text className={styles.small}>
          {[
            t(`desk.kind.${kind}`),
            placement,
            t('invite.since', { date: date(createdAt) }),
            useLimit !== null && t('invite.limit', { count: useLimit }),
            expiresAt && t('invite.until', { date: date(expiresAt) }),
            closedAt && t('desk.closed'),
          ]
            .filter(Boolean)
            .join(' · ')}
        </Text>
        <Text className={styles.small}>
          {t('invite.figures', {
            started: funnel.started,
            waiting: funnel.waiting,
            admitted: funnel.admitted,
          })}
        </Text>
      </div>
      {url && !closedAt && <Link url={url} label={label} />}
      {kind === 'mail' && <Batch sourceId={id} />}
      <Refusal error={close.error} />
      {!closedAt &&
        (isSure ? (
          <Group gap="sm">
            <Text>{t(kind === 'link' ? 'invite.closeLinkSure' : 'invite.closeMailSure')}</Text>
            <Button loading={close.isPending} onClick={() => close.mutate(id)}>
              {t('invite.closeNow')}
            </Button>
            <Button variant="default" onClick={() => setSure(false)}>
              {t('invite.keepOpen')}
            </Button>
          </Group>
        ) : (
          <Button variant="subtle" className={styles.start} onClick={() => setSure(true)}>
            {t('invite.close')}
          </Button>
        ))}
    </section>
  );
}

function Link({ url, label }: { url: string; label: string }) {
  const { t } = useTranslation();
  const code = useRef<HTMLDivElement>(null);
  const save = () => {
    const svg = code.current?.querySelector('svg')?.outerHTML;
    if (svg) download(`${label}.svg`, new Blob([svg], { type: 'image/svg+xml' }));
  };
  return (
    <div className={styles.url}>
      <div className={styles.qr} ref={code}>
        <QRCode
          value={url}
          size={128}
          title={t('invite.code', { label })}
          xmlns="http://www.w3.org/2000/svg"
        />
      </div>
      <Stack gap="sm" flex="1 1 14rem">
        <code>{url}</code>
        <Group gap="sm">
          <CopyButton value={url}>
            {({ copied, copy }) => (
              <Button variant="default" onClick={copy}>
                {copied ? t('invite.copied') : t('invite.copy')}
              </Button>
            )}
          </CopyButton>
          <Button variant="default" onClick={save}>
            {t('invite.saveCode')}
          </Button>
        </Group>
      </Stack>
    </div>
  );
}

function LinkForm({ onDone }: { onDone: () => void }) {
  const { t } = useTranslation();
  const create = useCreateLink();
  // Made once: sent again after a lost answer, it is the same link.
  const [sourceId] = useState(() => crypto.randomUUID());
  const [form, setForm] = useState({ label: '', placement: '', note: '', useLimit: '', expires: '' });
  const [isChecked, setChecked] = useState(false);
  const input = {
    sourceId,
    label: form.label,
    placement: form.placement,
    note: form.note,
    useLimit: form.useLimit ? Number(form.useLimit) : null,
    expiresAt: form.expires ? new Date(`${form.expires}T23:59:59`).toISOString() : null,
  };
  const checked = createLink.input.omit({ communityId: true }).safeParse(input);
  const wrong = new Set(checked.error?.issues.map(({ path }) => String(path[0])));
  const field = (name: keyof typeof form) => ({
    label: t(`invite.${name}`),
    value: form[name],
    onChange: (event: { currentTarget: { value: string } }) => {
      const { value } = event.currentTarget;
      setForm((before) => ({ ...before, [name]: value }));
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setChecked(true);
    if (checked.success) create.mutate(input, { onSuccess: onDone });
  };
  return (
    <form className={`${styles.form} ${styles.card}`} onSubmit={submit} noValidate>
      <Title order={2}>{t('invite.link')}</Title>
      <TextInput
        {...field('label')}
        description={t('invite.labelHow')}
        error={isChecked && wrong.has('label') && t('invite.labelWrong')}
      />
      <TextInput {...field('placement')} description={t('invite.placementHow')} />
      <Textarea {...field('note')} description={t('invite.noteHow')} autosize minRows={2} maxLength={600} />
      <div className={styles.pair}>
        <TextInput
          {...field('useLimit')}
          type="number"
          inputMode="numeric"
          min={1}
          placeholder={t('quotas.noLimit')}
          error={isChecked && wrong.has('useLimit') && t('invite.useLimitWrong')}
        />
        <TextInput {...field('expires')} type="date" />
      </div>
      <Refusal error={create.error} />
      <Group gap="sm">
        <Button type="submit" loading={create.isPending}>
          {t('invite.makeLink')}
        </Button>
        <Button variant="default" onClick={onDone}>
          {t('invite.cancel')}
        </Button>
      </Group>
    </form>
  );
}

/** One cell of a file, so that what is in it cannot end it. */
const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;

function MailForm({ onDone }: { onDone: () => void }) {
  const { t, i18n } = useTranslation();
  const check = useCheck();
  const send = useSend();
  const [sourceId] = useState(() => crypto.randomUUID());
  const [one, setOne] = useState({ email: '', name: '' });
  const [csv, setCsv] = useState('');
  const [file, setFile] = useState('');
  const [label, setLabel] = useState('');
  const [note, setNote] = useState('');
  const [locale, setLocale] = useState<Locale>(Locale.parse(i18n.language === 'de' ? 'de' : 'en'));
  const [isChecked, setChecked] = useState(false);
  const all = csv || (one.email ? `${quoted(one.email)},${quoted(one.name)}` : '');
  const report = check.data;
  const changed = () => {
    check.reset();
    send.reset();
  };
  const read = async (chosen: File | null) => {
    if (!chosen) return;
    // What is not UTF-8 shows as such, and is reported by row.
    setCsv(new TextDecoder().decode(await chosen.arrayBuffer()));
    setFile(chosen.name);
    changed();
  };
  const submit = (leaveOut: boolean) => {
    setChecked(true);
    if (!label.trim()) return;
    send.mutate(
      { sourceId, label, placement: '', note, locale, csv: all, leaveOut },
      { onSuccess: ({ source }) => source && onDone() },
    );
  };
  const refusedReport = send.data && !send.data.source ? send.data.report : report;
  return (
    <div className={`${styles.form} ${styles.card}`}>
      <Title order={2}>{t('invite.byMail')}</Title>
      {!csv && (
        <div className={styles.pair}>
          <TextInput
            label={t('invite.email')}
            type="email"
            value={one.email}
            onChange={(event) => {
              setOne({ ...one, email: event.currentTarget.value });
              changed();
            }}
          />
          <TextInput
            label={t('invite.name')}
            value={one.name}
            onChange={(event) => {
              setOne({ ...one, name: event.currentTarget.value });
              changed();
            }}
          />
        </div>
      )}
      <Group gap="sm">
        <FileButton accept=".csv,text/csv,text/plain" onChange={(chosen) => void read(chosen)}>
          {(props) => (
            <Button variant="default" {...props}>
              {t('invite.file')}
            </Button>
          )}
        </FileButton>
        {csv && (
          <>
            <Text>
              {t('invite.fileIs', { file, count: csv.split('\n').filter((row) => row.trim()).length })}
            </Text>
            <Button
              variant="subtle"
              onClick={() => {
                setCsv('');
                changed();
              }}
            >
              {t('invite.noFile')}
            </Button>
          </>
        )}
      </Group>
      <Text className={styles.small}>{t('invite.fileHow')}</Text>
      <TextInput
        label={t('invite.label')}
        description={t('invite.batchHow')}
        value={label}
        maxLength={80}
        error={isChecked && !label.trim() && t('invite.labelWrong')}
        onChange={(event) => setLabel(event.currentTarget.value)}
      />
      <Textarea
        label={t('invite.note')}
        description={t('invite.noteHow')}
        autosize
        minRows={2}
        maxLength={600}
        value={note}
        onChange={(event) => setNote(event.currentTarget.value)}
      />
      <NativeSelect
        label={t('invite.locale')}
        value={locale}
        data={Locale.options.map((value) => ({ value, label: t(`language.${value}`) }))}
        onChange={(event) => setLocale(Locale.parse(event.currentTarget.value))}
      />
      {refusedReport && <Report report={refusedReport} />}
      <Refusal error={check.error ?? send.error} />
      <Group gap="sm">
        {!refusedReport ? (
          <Button disabled={!all} loading={check.isPending} onClick={() => check.mutate(all)}>
            {t('invite.check')}
          </Button>
        ) : refusedReport.bad ? (
          refusedReport.good > 0 && (
            <Button loading={send.isPending} onClick={() => submit(true)}>
              {t('invite.leaveOut', { count: refusedReport.good })}
            </Button>
          )
        ) : (
          <Button loading={send.isPending} onClick={() => submit(false)}>
            {t('invite.send', { count: refusedReport.good })}
          </Button>
        )}
        <Button variant="default" onClick={onDone}>
          {t('invite.cancel')}
        </Button>
      </Group>
    </div>
  );
}

/** What is wrong with a file, row by row. */
function Report({ report }: { report: ImportReport }) {
  const { t } = useTranslation();
  const { good, bad, problems } = report;
  return (
    <div role="status" className={styles.promise}>
      <Text fw={600}>
        {t('invite.good', { count: good })}
        {bad > 0 && ` ${t('invite.bad', { count: bad })}`}
      </Text>
      {bad > 0 && <Text>{t('invite.noneSent')}</Text>}
      <ul className={styles.rows}>
        {problems.map(({ row, problem, what, twin }) => (
          <li key={`${row} ${problem}`}>{t(`invite.row.${problem}`, { row, what, twin })}</li>
        ))}
      </ul>
      {bad > problems.length && <Text>{t('invite.moreBad', { count: bad - problems.length })}</Text>}
    </div>
  );
}
