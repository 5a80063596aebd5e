import { Anchor, Button, Text, TextInput } from '@mantine/core';
import { CallError } from '@parley/client/http';
import { type Candidacy, confirmAddress, giveContact } from '@parley/contracts/door';
import { type FormEvent, type ReactNode, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useErrorText } from '../platform/refusal';
import { KeptPlace } from './consents-form';
import { lastContact, type Steps } from './door.data';
import styles from './door.module.css';
import { Foot, StepTitle, Trouble } from './step';

const fieldStyles = {
  input: styles.input!,
  label: styles.label!,
  description: styles.hint!,
  error: styles.wrong!,
};

interface ContactFormProps {
  candidacy: Candidacy;
  sending: Steps['contact'];
  /** The way out. */
  leave?: ReactNode;
  /** In a page about something else: no heading of its own. */
  isPart?: boolean;
}

/** How the person is called, and where the code and the news go. A personal invitation knows its address. */
export function ContactForm({ candidacy, sending, leave, isPart = false }: ContactFormProps) {
  const { t } = useTranslation();
  const { threshold, address } = candidacy;
  const known = threshold.address ?? (address?.confirmed ? address.shown : null);
  const [given, setGiven] = useState(() => lastContact() ?? { handle: '', email: '' });
  const [wrong, setWrong] = useState({ handle: false, email: false });
  const handle = useRef<HTMLInputElement>(null);
  const email = useRef<HTMLInputElement>(null);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const { shape } = giveContact.input;
    const next = { handle: given.handle.trim(), email: known ? '' : given.email.trim() };
    const found = {
      handle: !shape.handle.safeParse(next.handle).success,
      email: !known && (!next.email || !shape.email.safeParse(next.email).success),
    };
    setWrong(found);
    if (found.handle) handle.current?.focus();
    else if (found.email) email.current?.focus();
    else sending.send(next);
  };
  return (
    <form onSubmit={submit} noValidate className={isPart ? styles.part : styles.screen}>
      {!isPart && (
        <>
          <StepTitle>{t(known ? 'door.contact.titleName' : 'door.contact.title')}</StepTitle>
          <KeptPlace candidacy={candidacy} />
        </>
      )}
      <TextInput
        ref={handle}
        classNames={fieldStyles}
        label={t('door.contact.handle')}
        description={t('door.contact.handleHow')}
        autoComplete="nickname"
        autoCapitalize="words"
        enterKeyHint={known ? 'go' : 'next'}
        maxLength={60}
        dir="auto"
        value={given.handle}
        error={wrong.handle && t('door.contact.handleWrong')}
        onChange={(event) => setGiven({ ...given, handle: event.currentTarget.value })}
        onKeyDown={(event) => {
          // The key says "next", and the next field it is.
          if (event.key !== 'Enter' || known || event.nativeEvent.isComposing) return;
          event.preventDefault();
          email.current?.focus();
        }}
      />
      {known ? (
        <div>
          <Text>{t('door.contact.known', { address: known })}</Text>
          {threshold.address && (
            <details className={styles.whole}>
              <summary>{t('door.contact.notMine')}</summary>
              <Text size="sm">{t('door.contact.notMineWhy', { address: known })}</Text>
            </details>
          )}
        </div>
      ) : (
        <TextInput
          ref={email}
          classNames={fieldStyles}
          type="email"
          label={t('signIn.email')}
          description={t('door.contact.emailHow')}
          autoComplete="email"
          inputMode="email"
          enterKeyHint="go"
          maxLength={254}
          value={given.email}
          error={wrong.email && t('signIn.emailWrong')}
          onChange={(event) => setGiven({ ...given, email: event.currentTarget.value })}
        />
      )}
      <Trouble error={sending.error} says={{ 'request.slowDown': t('door.contact.enough') }} />
      {leave}
      <Foot>
        <Button type="submit" size="md" fullWidth loading={sending.isPending}>
          {t(known ? 'door.contact.enter' : 'door.contact.send')}
        </Button>
      </Foot>
    </form>
  );
}

interface CodeFormProps {
  candidacy: Candidacy;
  sending: Steps['code'];
  contact: Steps['contact'];
  onOther: () => void;
  leave?: ReactNode;
  isPart?: boolean;
  /** Where else the mail can be read; for the demo. */
  hint?: ReactNode;
}

const digitsIn = (text: string) => text.normalize('NFKC').replace(/\D/g, '').slice(0, 6);

/** The six digits of the mail. They are sent as soon as they are there. */
export function CodeForm(props: CodeFormProps) {
  const { candidacy, sending, contact, onOther, leave, isPart = false, hint } = props;
  const { t } = useTranslation();
  const textOf = useErrorText();
  const [code, setCode] = useState('');
  const [isShort, setIsShort] = useState(false);
  /** What was wrong with the code before the newest. */
  const [past, setPast] = useState<unknown>(null);
  const [askedAgain, setAskedAgain] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  const { isPending } = sending;
  const error = isPending || sending.error === past ? null : sending.error;
  const refused = error instanceof CallError ? error.code : null;
  const isOver = refused === 'code.locked' || refused === 'link.expired';
  useEffect(() => {
    if (!isPart) window.scrollTo(0, 0);
    field.current?.focus({ preventScroll: !isPart });
  }, [isPart]);
  // What is wrong is replaced by typing on.
  useEffect(() => {
    if (!error) return;
    field.current?.focus();
    field.current?.select();
  }, [error]);

  const send = (typed: string) => {
    const isGood = confirmAddress.input.shape.code.safeParse(typed).success;
    setIsShort(!isGood);
    if (isGood) sending.send({ code: typed });
  };
  const write = (text: string) => {
    const typed = digitsIn(text);
    setCode(typed);
    setIsShort(false);
    if (typed.length === 6 && typed !== code) send(typed);
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    send(code);
  };
  const sendAgain = () => {
    const last = lastContact();
    if (!last) return onOther();
    setCode('');
    setPast(sending.error);
    setAskedAgain(true);
    contact.send(last);
    field.current?.focus();
  };
  const problem = isShort
    ? t('signIn.codeShape')
    : refused === 'code.wrong' || refused === 'code.locked'
      ? textOf(error)
      : refused === 'link.expired'
        ? t('door.code.expired')
        : null;
  const elsewhere = { 'code.wrong': '', 'code.locked': '', 'link.expired': '' };
  return (
    <form onSubmit={submit} noValidate className={isPart ? styles.part : styles.screen}>
      {!isPart && (
        <>
          <StepTitle takesFocus={false}>{t('door.code.title')}</StepTitle>
          <KeptPlace candidacy={candidacy} />
        </>
      )}
      <TextInput
        ref={field}
        label={t('signIn.code')}
        description={t('door.code.lead', { address: candidacy.address?.shown ?? '' })}
        inputMode="numeric"
        autoComplete="one-time-code"
        enterKeyHint="go"
        maxLength={40}
        value={code}
        error={problem}
        errorProps={{ role: 'alert' }}
        onChange={(event) => write(event.currentTarget.value)}
        classNames={{ ...fieldStyles, input: `${styles.input} ${styles.code}` }}
      />
      <Trouble error={error} says={elsewhere} />
      <Trouble error={contact.error} says={{ 'request.slowDown': t('door.contact.enough') }} />
      <Text size="sm" c="dimmed" role="status">
        {t(askedAgain && !contact.isPending && !contact.error ? 'door.code.sentAgain' : 'door.code.missing')}{' '}
        {hint}
      </Text>
      <div className={styles.others}>
        <Button
          variant={isOver ? 'filled' : 'default'}
          size="md"
          loading={contact.isPending}
          onClick={sendAgain}
        >
          {t('door.code.again')}
        </Button>
        {!candidacy.threshold.address && (
          <Anchor component="button" type="button" className={styles.quiet} onClick={onOther}>
            {t('door.code.other')}
          </Anchor>
        )}
      </div>
      {leave}
      {!isOver && (
        <Foot>
          <Button type="submit" size="md" fullWidth loading={isPending}>
            {t(isPart ? 'door.code.confirm' : 'door.code.enter')}
          </Button>
        </Foot>
      )}
    </form>
  );
}
