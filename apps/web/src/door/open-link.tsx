import { Button, CopyButton, Group, Stack, Textarea, TextInput, Title } from '@mantine/core';
import { createLink } from '@parley/contracts/door';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import QRCode from 'react-qr-code';
import { useTranslation } from 'react-i18next';
import { Refusal } from '../platform/refusal';
import { download } from '../platform/download';
import { useCreateLink } from './desk.data';
import styles from './desk.module.css';

/** Modules of white around a code, which cameras need to find it. */
const QUIET = 4;

/** The code as a file of its own, to be printed on whatever ground. */
function printable(code: SVGSVGElement): string {
  const copy = code.cloneNode(true) as SVGSVGElement;
  const size = Number(copy.getAttribute('viewBox')?.split(' ')[2]);
  const whole = size + 2 * QUIET;
  copy.setAttribute('viewBox', `${-QUIET} ${-QUIET} ${whole} ${whole}`);
  const ground = document.createElementNS('http://www.w3.org/2000/svg', 'rect');
  const place = { x: -QUIET, y: -QUIET, width: whole, height: whole, fill: '#fff' };
  for (const [name, value] of Object.entries(place)) ground.setAttribute(name, String(value));
  copy.prepend(ground);
  return copy.outerHTML;
}

/** An open link: to be copied, and as a code to be printed. */
export function OpenLink({ url, label }: { url: string; label: string }) {
  const { t } = useTranslation();
  const code = useRef<HTMLDivElement>(null);
  const save = () => {
    const svg = code.current?.querySelector('svg');
    if (svg) download(`${label}.svg`, new Blob([printable(svg)], { type: 'image/svg+xml' }));
  };
  return (
    <div className={styles.url}>
      <div className={styles.qr} ref={code}>
        <QRCode
          value={url}
          size={128}
          role="img"
          aria-label={t('invite.code', { label })}
          xmlns="http://www.w3.org/2000/svg"
        />
      </div>
      <Stack gap="sm" flex="1 1 14rem">
        <code>{url}</code>
        <Group gap="sm">
          <CopyButton value={url}>
            {({ copied, copy }) => (
              <Button variant="default" onClick={copy}>
                <span role="status">{copied ? t('invite.copied') : t('invite.copy')}</span>
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

/** Makes a link for a page, a poster, a letter. */
export function OpenLinkForm({ onDone }: { onDone: (sourceId: string | null) => void }) {
  const { t } = useTranslation();
  const create = useCreateLink();
  // Made once: sent again after a lost answer, it is the same link.
  const [sourceId] = useState(() => crypto.randomUUID());
  const [form, setForm] = useState({ label: '', placement: '', note: '', useLimit: '', expires: '' });
  const [isChecked, setChecked] = useState(false);
  const [isPast, setPast] = useState(false);
  const first = useRef<HTMLInputElement>(null);
  useEffect(() => first.current?.focus(), []);
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
    const isOver = input.expiresAt !== null && Date.parse(input.expiresAt) < Date.now();
    setPast(isOver);
    if (checked.success && !isOver) create.mutate(input, { onSuccess: () => onDone(sourceId) });
    else if (wrong.has('label')) first.current?.focus();
  };
  return (
    <form className={`${styles.form} ${styles.card}`} onSubmit={submit} noValidate>
      <Title order={2}>{t('invite.link')}</Title>
      <TextInput
        {...field('label')}
        ref={first}
        description={t('invite.labelHow')}
        error={isChecked && wrong.has('label') && t('invite.labelWrong')}
      />
      <TextInput
        {...field('placement')}
        description={t('invite.placementHow')}
        error={isChecked && wrong.has('placement') && t('invite.tooLong', { count: 160 })}
      />
      <Textarea
        {...field('note')}
        description={t('invite.noteHow')}
        autosize
        minRows={2}
        maxRows={10}
        error={isChecked && wrong.has('note') && t('invite.tooLong', { count: 600 })}
      />
      <div className={styles.pair}>
        <TextInput
          {...field('useLimit')}
          type="number"
          inputMode="numeric"
          min={1}
          placeholder={t('quotas.noLimit')}
          error={isChecked && wrong.has('useLimit') && t('invite.useLimitWrong')}
        />
        <TextInput {...field('expires')} type="date" error={isPast && t('invite.expiresWrong')} />
      </div>
      <Refusal error={create.error} />
      <Group gap="sm">
        <Button type="submit" loading={create.isPending}>
          {t('invite.makeLink')}
        </Button>
        <Button variant="default" onClick={() => onDone(null)}>
          {t('invite.cancel')}
        </Button>
      </Group>
    </form>
  );
}
