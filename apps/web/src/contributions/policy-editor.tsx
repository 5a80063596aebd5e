import { Alert, Button, Group, Text, Textarea, TextInput, Title } from '@mantine/core';
import type { OutputOf } from '@parley/contracts/contract';
import { type PolicyBody, publishPolicy, type readPolicy } from '@parley/contracts/moderation';
import { Link } from '@tanstack/react-router';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../platform/format';
import { readKept, writeKept } from '../platform/kept';
import { Loading } from '../platform/page';
import { useCommunityId, usePlace } from '../platform/place';
import { Refusal } from '../platform/refusal';
import { usePolicy, usePublishPolicy } from './desk.data';
import styles from './desk.module.css';

const REASONS_MOST = 9;
const FRESH_MS = 15_000;
const shape = publishPolicy.input.shape.body;

/** What is being written, and on which version it stands. */
interface Draft {
  basedOn: number;
  body: PolicyBody;
}

const keptName = (communityId: string) => `parley:policy:${communityId}`;
function keptDraft(communityId: string): Draft | null {
  try {
    return JSON.parse(readKept(keptName(communityId)) ?? 'null') as Draft | null;
  } catch {
    return null;
  }
}

/** A name for a reason that no reason of the policy has; it stays the same from version to version. */
function newKey({ reasons }: PolicyBody): string {
  const letters = 'abcdefghijklmnopqrstuvwxyz';
  for (let at = 0; ; at += 1) {
    const key = `reason${letters[at % 26]!.repeat(1 + Math.floor(at / 26))}`;
    if (reasons.every((reason) => reason.key !== key)) return key;
  }
}

/** What is published and what is not, as it stands; managers write the next version. */
export function PolicyEditor({ canWrite }: { canWrite: boolean }) {
  const { t } = useTranslation();
  const { slug } = usePlace().membership.community;
  const communityId = useCommunityId();
  const policy = usePolicy(FRESH_MS);
  return (
    <section className={styles.part}>
      <Title order={2}>{t('policy.heading')}</Title>
      <Text c="dimmed" maw="65ch">
        {t('policy.how')}{' '}
        <Link to="/c/$slug/rules" params={{ slug }} className={styles.inline}>
          {t('policy.asMembers')}
        </Link>
      </Text>
      {!policy.data ? (
        policy.error ? (
          <Refusal error={policy.error} onRetry={() => void policy.refetch()} />
        ) : (
          <Loading />
        )
      ) : canWrite ? (
        <Editor key={communityId} communityId={communityId} stands={policy.data} />
      ) : (
        <Text>{t('policy.managers')}</Text>
      )}
    </section>
  );
}

interface EditorProps {
  communityId: string;
  stands: OutputOf<typeof readPolicy>;
}

function Editor({ communityId, stands: { policy: stands } }: EditorProps) {
  const { t } = useTranslation();
  const { date } = useFormat();
  const publish = usePublishPolicy();
  // Null while nothing is being changed: then what stands is shown, also when somebody else changes it.
  const [draft, setDraft] = useState<Draft | null>(() => keptDraft(communityId));
  const [isChecked, setChecked] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  const body = draft?.body ?? stands.body;
  const isChanged = draft !== null && JSON.stringify(body) !== JSON.stringify(stands.body);
  const isStale = isChanged && draft.basedOn !== stands.version;
  const checked = shape.safeParse(body);
  const wrong = new Set(
    isChecked && !checked.success ? checked.error.issues.map(({ path }) => path.join('.')) : [],
  );
  const keep = (next: Draft | null) => {
    setDraft(next);
    writeKept(keptName(communityId), next ? JSON.stringify(next) : '');
  };
  const write = (next: Partial<PolicyBody>) => {
    keep({ basedOn: isChanged ? draft.basedOn : stands.version, body: { ...body, ...next } });
    if (!publish.isPending) publish.reset();
  };
  const load = () => {
    keep(null);
    setChecked(false);
    publish.reset();
  };
  const send = (basedOn: number) => {
    setChecked(true);
    if (!checked.success) {
      requestAnimationFrame(() => form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus());
      return;
    }
    publish.mutate({ basedOn, body: checked.data }, { onSuccess: load });
  };
  const { reasons } = body;
  return (
    <form
      ref={form}
      className={styles.policy}
      onSubmit={(event) => {
        event.preventDefault();
        send(draft?.basedOn ?? stands.version);
      }}
    >
      <Text size="sm" c="dimmed">
        {stands.version
          ? t('policy.stands', { version: stands.version, date: date(stands.since) })
          : t('policy.usual')}
        {isChanged && ` ${t('policy.changed')}`}
      </Text>
      {isStale && (
        <Alert role="alert" variant="default">
          <Text>{t('policy.stale', { version: stands.version })}</Text>
          <Group gap="sm" mt="xs">
            <Button variant="default" onClick={load}>
              {t('desk.loadNewer')}
            </Button>
            <Button variant="default" loading={publish.isPending} onClick={() => send(stands.version)}>
              {t('desk.overNewer')}
            </Button>
          </Group>
        </Alert>
      )}
      <div className={styles.languages}>
        {(['en', 'de'] as const).map((locale) => (
          <Textarea
            key={locale}
            label={t(`policy.text.${locale}`)}
            description={t('policy.textHow')}
            lang={locale}
            autosize
            minRows={6}
            maxRows={20}
            value={body[locale]}
            error={wrong.has(locale) && t('policy.textWrong')}
            onChange={(event) => write({ [locale]: event.currentTarget.value })}
          />
        ))}
      </div>
      <h3>{t('policy.reasons')}</h3>
      <Text size="sm" c="dimmed">
        {t('policy.reasonsHow', { most: REASONS_MOST })}
      </Text>
      <ol className={styles.reasons}>
        {reasons.map((reason, at) => (
          <li key={reason.key}>
            <div className={styles.languages}>
              {(['en', 'de'] as const).map((locale) => (
                <TextInput
                  key={locale}
                  label={t(`policy.reason.${locale}`, { number: at + 1 })}
                  lang={locale}
                  value={reason[locale]}
                  error={wrong.has(`reasons.${at}.${locale}`) && t('policy.reasonWrong')}
                  onChange={(event) => {
                    const text = event.currentTarget.value;
                    write({
                      reasons: reasons.map((each) => (each === reason ? { ...each, [locale]: text } : each)),
                    });
                  }}
                />
              ))}
            </div>
            {reasons.length > 1 && (
              <Button
                variant="subtle"
                px="xs"
                w="fit-content"
                aria-label={t('policy.removeNamed', { number: at + 1 })}
                onClick={() => write({ reasons: reasons.filter((each) => each !== reason) })}
              >
                {t('policy.remove')}
              </Button>
            )}
          </li>
        ))}
      </ol>
      {reasons.length < REASONS_MOST && (
        <Button
          variant="default"
          w="fit-content"
          onClick={() => {
            write({ reasons: [...reasons, { key: newKey(body), en: '', de: '' }] });
            requestAnimationFrame(() =>
              form.current?.querySelector<HTMLElement>('ol > li:last-child input')?.focus(),
            );
          }}
        >
          {t('policy.add')}
        </Button>
      )}
      <Refusal error={publish.error} />
      <div role="status">{publish.isSuccess && !isChanged && t('policy.published')}</div>
      <Group gap="sm">
        <Button type="submit" loading={publish.isPending} disabled={!isChanged}>
          {t('policy.publish', { version: stands.version + 1 })}
        </Button>
        {isChanged && (
          <Button variant="default" onClick={load}>
            {t('policy.discard')}
          </Button>
        )}
      </Group>
    </form>
  );
}
