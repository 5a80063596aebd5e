import { Button, Checkbox, Text } from '@mantine/core';
import type { Candidacy } from '@parley/contracts/door';
import type { ConsentText, Purpose } from '@parley/contracts/profile';
import { type FormEvent, type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../platform/format';
import type { Steps } from './door.data';
import styles from './door.module.css';
import { Foot, StepTitle, Trouble } from './step';

/** Up to here a text is shown whole; a longer one opens where it stands. */
const SHORT = 240;

interface ConsentsFormProps {
  candidacy: Candidacy;
  sending: Steps['consents'];
  /** The way out. */
  leave: ReactNode;
}

/** What a candidate agrees to: what nobody is inside without, with one tap; the rest each by itself, or not. */
export function ConsentsForm({ candidacy, sending, leave }: ConsentsFormProps) {
  const { t } = useTranslation();
  const [chosen, setChosen] = useState<readonly Purpose[]>([]);
  const needed = candidacy.consents.filter(({ required }) => required);
  const free = candidacy.consents.filter(({ required }) => !required);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const given = candidacy.consents
      .filter(({ purpose, required }) => required || chosen.includes(purpose))
      .map(({ purpose, version }) => ({ purpose, version }));
    sending.send({ given });
  };
  const toggle = (purpose: Purpose, isOn: boolean) =>
    setChosen((before) => [...before.filter((each) => each !== purpose), ...(isOn ? [purpose] : [])]);
  return (
    <form onSubmit={submit} noValidate className={styles.screen}>
      <StepTitle>
        {needed.length === 2
          ? t('door.consents.titleBoth')
          : t('door.consents.title', { count: needed.length })}
      </StepTitle>
      <KeptPlace candidacy={candidacy} />
      {needed.map((text) => (
        <section key={text.purpose} className={styles.consent} aria-label={t(`door.consent.${text.purpose}`)}>
          <Text fw={650}>{t(`door.consent.${text.purpose}`)}</Text>
          <Words text={text} />
        </section>
      ))}
      {free.length > 0 && (
        <section aria-label={t('door.consents.free')} className={styles.free}>
          <Text fw={650}>{t('door.consents.free')}</Text>
          {free.map((text) => (
            <div key={text.purpose} className={styles.consent}>
              <Checkbox
                size="md"
                label={t(`door.consent.${text.purpose}`)}
                checked={chosen.includes(text.purpose)}
                onChange={(event) => toggle(text.purpose, event.currentTarget.checked)}
                classNames={{ body: styles.tick!, labelWrapper: styles.tickLabel!, label: styles.tickText! }}
              />
              <Words text={text} />
            </div>
          ))}
        </section>
      )}
      <Text size="sm" c="dimmed">
        {t('door.consents.later')}
      </Text>
      <Trouble error={sending.error} says={{ 'door.stale': t('door.consents.changed') }} />
      {leave}
      <Foot>
        <Button type="submit" size="md" fullWidth loading={sending.isPending}>
          {needed.length === 2
            ? t('door.consents.agreeBoth')
            : t('door.consents.agree', { count: needed.length })}
        </Button>
      </Foot>
    </form>
  );
}

/** What it comes to in a sentence, and the text that is agreed to. */
function Words({ text: { purpose, body } }: { text: ConsentText }) {
  const { t } = useTranslation();
  if (body.length <= SHORT)
    return (
      <Text size="sm" className={styles.body} dir="auto">
        {body}
      </Text>
    );
  return (
    <>
      <Text size="sm">{t(`door.consent.${purpose}.short`)}</Text>
      <details className={styles.whole}>
        <summary aria-label={t('door.consents.wholeNamed', { name: t(`door.consent.${purpose}`) })}>
          {t('door.consents.whole')}
        </summary>
        <Text size="sm" className={styles.body} dir="auto">
          {body}
        </Text>
      </details>
    </>
  );
}

/** Until when a place is kept. */
export function KeptPlace({ candidacy: { heldUntil, offered } }: { candidacy: Candidacy }) {
  const { t } = useTranslation();
  const { moment, time } = useFormat();
  if (!heldUntil) return null;
  return (
    <Text className={styles.kept} data-offered={offered || undefined}>
      {offered
        ? t('door.kept.offered', { when: moment(heldUntil) })
        : t('door.kept.held', { when: time(heldUntil) })}
    </Text>
  );
}
