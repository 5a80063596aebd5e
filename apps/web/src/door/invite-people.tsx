import {
  Button,
  FileButton,
  Group,
  NativeSelect,
  SegmentedControl,
  Stack,
  Text,
  Textarea,
  TextInput,
  Title,
} from '@mantine/core';
import { CallError } from '@parley/client/http';
import { type ImportReport, IMPORT_ROWS_MAX, sendInvitations } from '@parley/contracts/door';
import { Locale } from '@parley/contracts/people';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../platform/format';
import { usePlace } from '../platform/place';
import { Refusal } from '../platform/refusal';
import { useCheck, useOwnName, useSend } from './desk.data';
import styles from './desk.module.css';
import { useScreener } from './screener.data';

/** One cell of a file, so that what is in it cannot end it. */
const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;
/** Characters of a file that the server takes. */
const CSV_MAX = 8_000_000;
/** What stands for bytes that are no UTF-8. */
const UNREADABLE = '\ufffd';
/** Lines with something in them, the heading among them. */
const linesOf = (csv: string) => (csv.match(/[^\r\n]*\S[^\r\n]*/g) ?? []).length;

const ways = ['one', 'file', 'paste'] as const;
type Way = (typeof ways)[number];

interface People {
  csv: string;
  file: string;
  lines: number;
}
const nobody: People = { csv: '', file: '', lines: 0 };

/** Invites one person or many by mail. Nothing goes out before it is said what is wrong with a list. */
export function InvitePeople({ onDone }: { onDone: (sourceId: string | null) => void }) {
  const { t, i18n } = useTranslation();
  const { date, number } = useFormat();
  const check = useCheck();
  const send = useSend();
  // Made once: sent again after a lost answer, nobody is mailed twice.
  const [sourceId] = useState(() => crypto.randomUUID());
  const [way, setWay] = useState<Way>('one');
  const [one, setOne] = useState({ email: '', name: '' });
  const [many, setMany] = useState(nobody);
  const [label, setLabel] = useState('');
  const [placement, setPlacement] = useState('');
  const [note, setNote] = useState('');
  const [locale, setLocale] = useState<Locale>(i18n.language === 'de' ? 'de' : 'en');
  const [isChecked, setChecked] = useState(false);
  const title = useRef<HTMLHeadingElement>(null);
  const labelField = useRef<HTMLInputElement>(null);
  useEffect(() => title.current?.focus(), []);

  const isOne = way === 'one';
  const isTooLong = many.csv.length > CSV_MAX;
  const input = {
    sourceId,
    // One person is found again by the day.
    label: label.trim() || (isOne ? t('invite.labelOne', { date: date(new Date().toISOString()) }) : ''),
    placement,
    note,
    locale,
    csv: isOne ? `${quoted(one.email.trim())},${quoted(one.name)}` : many.csv,
  };
  const checked = sendInvitations.input.omit({ communityId: true }).safeParse({ ...input, leaveOut: false });
  const wrong = new Set(checked.error?.issues.map(({ path }) => String(path[0])));
  // What a moment ago could be invited may be inside by now: then that is said instead of sending.
  const report = send.data && !send.data.source ? send.data.report : check.data;
  const [problem] = (isOne && report?.problems) || [];
  const unreadable = [check.error, send.error].some(
    (error) => error instanceof CallError && error.code === 'request.invalid',
  );

  const changed = () => {
    check.reset();
    send.reset();
  };
  const write = (people: People) => {
    changed();
    setMany(people);
  };
  const read = async (chosen: File | null) => {
    if (!chosen) return;
    // Read as UTF-8; what is not shows as such, and is reported by row.
    const csv = new TextDecoder().decode(await chosen.arrayBuffer());
    write({ csv, file: chosen.name, lines: linesOf(csv) });
  };
  const submit = (leaveOut: boolean) => {
    setChecked(true);
    if (wrong.has('label')) labelField.current?.focus();
    if (!checked.success || (isOne && !one.email.trim())) return;
    send.mutate({ ...input, leaveOut }, { onSuccess: ({ source }) => source && onDone(sourceId) });
  };
  const byEnter = (event: FormEvent) => {
    event.preventDefault();
    if (isOne) submit(false);
  };

  return (
    <form className={`${styles.form} ${styles.card}`} onSubmit={byEnter} noValidate>
      <Title order={2} ref={title} tabIndex={-1} className={styles.focusable}>
        {t('invite.byMail')}
      </Title>
      <SegmentedControl
        aria-label={t('invite.ways')}
        className={styles.ways}
        withItemsBorders={false}
        data={ways.map((value) => ({ value, label: t(`invite.way.${value}`) }))}
        value={way}
        onChange={(next) => {
          setWay(next as Way);
          // Nothing is missing yet from what is asked now.
          setChecked(false);
          write(nobody);
        }}
      />
      {isOne && (
        <div className={styles.pair}>
          <TextInput
            label={t('invite.email')}
            type="email"
            autoComplete="off"
            value={one.email}
            error={
              problem
                ? t(`invite.one.${problem.problem}`)
                : isChecked && !one.email.trim() && t('invite.one.address')
            }
            onChange={(event) => {
              changed();
              setOne({ ...one, email: event.currentTarget.value });
            }}
          />
          <TextInput
            label={t('invite.name')}
            autoComplete="off"
            value={one.name}
            onChange={(event) => {
              changed();
              setOne({ ...one, name: event.currentTarget.value });
            }}
          />
        </div>
      )}
      {!isOne && (
        <Text className={styles.small}>{t('invite.fileHow', { max: number(IMPORT_ROWS_MAX) })}</Text>
      )}
      {way === 'file' && (
        <Group gap="sm">
          <FileButton accept=".csv,text/csv,text/plain" onChange={(chosen) => void read(chosen)}>
            {(props) => (
              <Button variant="default" {...props}>
                {t(many.file ? 'invite.otherFile' : 'invite.file')}
              </Button>
            )}
          </FileButton>
          {many.file && <Text>{t('invite.fileIs', { file: many.file, count: many.lines })}</Text>}
        </Group>
      )}
      {way === 'paste' && (
        <Textarea
          label={t('invite.paste')}
          // Growing with 50,000 lines would measure each of them.
          rows={8}
          styles={{ input: { resize: 'vertical', fontFamily: 'var(--mantine-font-family-monospace)' } }}
          spellCheck={false}
          placeholder={'email,name\nlena@example.org,Lena Brandt'}
          value={many.csv}
          onChange={(event) => write({ ...nobody, csv: event.currentTarget.value })}
        />
      )}
      {!isOne && many.csv.includes(UNREADABLE) && (
        <Text role="alert" c="var(--parley-warn)">
          {t('invite.notUtf8')}
        </Text>
      )}
      {isTooLong && (
        <Text role="alert" c="var(--mantine-color-error)">
          {t('invite.fileTooLong', { max: number(IMPORT_ROWS_MAX) })}
        </Text>
      )}
      <TextInput
        ref={labelField}
        label={t('invite.label')}
        description={t(isOne ? 'invite.labelOneHow' : 'invite.batchHow')}
        value={label}
        error={isChecked && wrong.has('label') && t('invite.labelWrong')}
        onChange={(event) => setLabel(event.currentTarget.value)}
      />
      <TextInput
        label={t('invite.placement')}
        description={t('invite.placementHow')}
        value={placement}
        error={isChecked && wrong.has('placement') && t('invite.tooLong', { count: 160 })}
        onChange={(event) => setPlacement(event.currentTarget.value)}
      />
      <Textarea
        label={t('invite.note')}
        description={t('invite.noteHow')}
        autosize
        minRows={2}
        maxRows={10}
        value={note}
        error={isChecked && wrong.has('note') && t('invite.tooLong', { count: 600 })}
        onChange={(event) => setNote(event.currentTarget.value)}
      />
      <NativeSelect
        label={t('invite.locale')}
        value={locale}
        data={Locale.options.map((value) => ({ value, label: t(`language.${value}`) }))}
        onChange={(event) => setLocale(Locale.parse(event.currentTarget.value))}
      />
      <MailWords locale={locale} note={note.trim()} name={isOne ? one.name.trim() : ''} />
      {!isOne && report && <Report report={report} />}
      {unreadable ? (
        <Text role="alert" c="var(--mantine-color-error)">
          {t('invite.unreadable', { max: number(IMPORT_ROWS_MAX) })}
        </Text>
      ) : (
        <Refusal error={check.error ?? send.error} />
      )}
      <Group gap="sm">
        {isOne ? (
          <Button type="submit" loading={send.isPending}>
            {t('invite.send', { count: 1 })}
          </Button>
        ) : report ? (
          report.good > 0 && (
            <Button
              // Not the button that was pressed before: the second half of a double click would send.
              key="send"
              loading={send.isPending}
              onClick={() => submit(report.bad > 0)}
            >
              {t(report.bad ? 'invite.leaveOut' : 'invite.send', { count: report.good })}
            </Button>
          )
        ) : (
          <Button
            key="check"
            disabled={!many.csv.trim() || isTooLong}
            loading={check.isPending}
            onClick={() => check.mutate(many.csv)}
          >
            {t('invite.check')}
          </Button>
        )}
        <Button variant="default" onClick={() => onDone(null)}>
          {t('invite.cancel')}
        </Button>
      </Group>
    </form>
  );
}

/** What is wrong with a list, row by row. */
export function Report({ report }: { report: ImportReport }) {
  const { t } = useTranslation();
  const { number } = useFormat();
  const title = useRef<HTMLHeadingElement>(null);
  useEffect(() => title.current?.focus(), [report]);
  const { good, bad, problems } = report;
  return (
    <div className={styles.promise}>
      <Title order={3} ref={title} tabIndex={-1} className={styles.focusable}>
        {t('invite.good', { count: good })}
        {bad > 0 && ` ${t('invite.bad', { count: bad })}`}
      </Title>
      {bad > 0 && (
        <>
          <Text>{t('invite.noneSent')}</Text>
          <div className={styles.report} tabIndex={0} role="region" aria-label={t('invite.report')}>
            <ul className={styles.plain}>
              {problems.map(({ row, problem, what, twin }) => (
                <li key={`${row} ${problem}`} dir="auto">
                  {t(`invite.row.${problem}`, { row: number(row), what, twin: twin && number(twin) })}
                </li>
              ))}
            </ul>
          </div>
          {bad > problems.length && <Text>{t('invite.moreBad', { count: bad - problems.length })}</Text>}
        </>
      )}
    </div>
  );
}

/** The mail as it will read; what differs from person to person is left open. */
function MailWords({ locale, note, name }: { locale: Locale; note: string; name: string }) {
  const { t, i18n } = useTranslation();
  const from = useOwnName();
  const { name: community, brand, purpose } = usePlace().membership.community;
  const questions = useScreener().data?.screener.body.questions.length ?? 0;
  const words = i18n.getFixedT(locale);
  return (
    <details>
      <summary className={styles.link}>{t('invite.mail')}</summary>
      <Stack gap="sm" className={styles.mail} lang={locale}>
        <Text fw={600}>{words('invite.mail.subject', { from, community })}</Text>
        <Text>{`${words('invite.mail.hello')}${name && ` ${name}`},`}</Text>
        <Text>{words('invite.mail.who', { from, community, brand })}</Text>
        {note && (
          <Text className={styles.words} dir="auto">
            {note}
          </Text>
        )}
        <Text>{purpose}</Text>
        <Text>{words('invite.mail.how', { minutes: Math.max(1, Math.round(questions / 5)) })}</Text>
        <Text c="dimmed">{words('invite.mail.link')}</Text>
        <Text>{words('invite.mail.end')}</Text>
      </Stack>
    </details>
  );
}
