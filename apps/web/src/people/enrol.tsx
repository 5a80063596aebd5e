import { Button, Code, Group, Stack, Text, TextInput, Title } from '@mantine/core';
import { addAuthenticator, type RecoveryCodes as Codes } from '@parley/contracts/factors';
import { browserSupportsWebAuthn } from '@simplewebauthn/browser';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import QRCode from 'react-qr-code';
import { Refusal } from '../platform/refusal';
import { useAddApp, useAddPasskey, useStartApp } from './factors.data';
import styles from './people.module.css';
import { PasskeyRefusal } from './passkey-refusal';
import { RecoveryCodes } from './recovery-codes';

/** Adds a passkey or an authenticator app, and shows the recovery codes where they come with it. */
export function Enrol({ onDone }: { onDone: () => void }) {
  const { t } = useTranslation();
  const start = useStartApp();
  const [way, setWay] = useState<'passkey' | 'app'>();
  const [codes, setCodes] = useState<string[]>();
  const added = ({ recoveryCodes }: Codes) => (recoveryCodes ? setCodes(recoveryCodes) : onDone());
  if (codes) return <RecoveryCodes codes={codes} onKept={onDone} />;
  if (way)
    return (
      <Stack gap="md">
        {way === 'passkey' && <NewPasskey onAdded={added} />}
        {way === 'app' && start.data && <NewApp {...start.data} onAdded={added} />}
        <Button variant="subtle" className={styles.start} onClick={() => setWay(undefined)}>
          {t('enrol.back')}
        </Button>
      </Stack>
    );
  const hasPasskeys = browserSupportsWebAuthn();
  return (
    <Stack gap="lg">
      <Stack gap="xs">
        <Title order={3}>{t('enrol.passkey')}</Title>
        <Text>{hasPasskeys ? t('enrol.passkeyWhat') : t('prove.noPasskeys')}</Text>
        <Button className={styles.start} disabled={!hasPasskeys} onClick={() => setWay('passkey')}>
          {t('enrol.passkeyGo')}
        </Button>
      </Stack>
      <Stack gap="xs">
        <Title order={3}>{t('enrol.app')}</Title>
        <Text>{t('enrol.appWhat')}</Text>
        <Refusal error={start.error} />
        <Button
          variant="default"
          className={styles.start}
          loading={start.isPending}
          onClick={() => start.mutate(undefined, { onSuccess: () => setWay('app') })}
        >
          {t('enrol.appGo')}
        </Button>
      </Stack>
    </Stack>
  );
}

const isName = (name: string) => addAuthenticator.input.shape.name.safeParse(name).success;

function NameInput({
  name,
  onName,
  wrong,
}: {
  name: string;
  onName: (name: string) => void;
  wrong: boolean;
}) {
  const { t } = useTranslation();
  return (
    <TextInput
      label={t('enrol.name')}
      description={t('enrol.nameHow')}
      maxLength={60}
      autoComplete="off"
      value={name}
      onChange={(event) => onName(event.currentTarget.value)}
      error={wrong && t('enrol.nameShape')}
    />
  );
}

function NewPasskey({ onAdded }: { onAdded: (added: Codes) => void }) {
  const { t } = useTranslation();
  const add = useAddPasskey();
  const [name, setName] = useState(() => t('enrol.namePasskey'));
  const [tried, setTried] = useState(false);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (isName(name)) add.mutate(name, { onSuccess: onAdded });
  };
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="md">
        <Title order={3}>{t('enrol.passkey')}</Title>
        <Text>{t('prove.passkeyHow')}</Text>
        <NameInput name={name} onName={setName} wrong={tried && !isName(name)} />
        <PasskeyRefusal error={add.error} />
        <Button type="submit" className={styles.start} loading={add.isPending}>
          {t('enrol.passkeyGo')}
        </Button>
      </Stack>
    </form>
  );
}

function NewApp({ secret, uri, onAdded }: { secret: string; uri: string; onAdded: (added: Codes) => void }) {
  const { t } = useTranslation();
  const add = useAddApp();
  const [name, setName] = useState(() => t('enrol.nameApp'));
  const [code, setCode] = useState('');
  const [tried, setTried] = useState(false);
  const isCode = addAuthenticator.input.shape.code.safeParse(code).success;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (isName(name) && isCode) add.mutate({ name, code }, { onSuccess: onAdded });
  };
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="md">
        <Title order={3}>{t('enrol.app')}</Title>
        <Text>{t('enrol.scan')}</Text>
        <Group gap="lg" align="flex-start">
          <div role="img" aria-label={t('enrol.qr')} className={styles.qr}>
            <QRCode value={uri} size={176} aria-hidden />
          </div>
          <Stack gap={4}>
            <Text fw={600}>{t('enrol.key')}</Text>
            <Code className={styles.key}>{secret.match(/.{1,4}/g)?.join(' ')}</Code>
          </Stack>
        </Group>
        <TextInput
          label={t('enrol.firstCode')}
          inputMode="numeric"
          autoComplete="one-time-code"
          maxLength={40}
          value={code}
          onChange={(event) => setCode(event.currentTarget.value)}
          error={tried && !isCode && t('prove.codeShape')}
          classNames={{ input: styles.code }}
        />
        <NameInput name={name} onName={setName} wrong={tried && !isName(name)} />
        <Refusal error={add.error} />
        <Button type="submit" className={styles.start} loading={add.isPending}>
          {t('prove.go')}
        </Button>
      </Stack>
    </form>
  );
}
