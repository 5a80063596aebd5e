import { Button, Stack, Text, TextInput } from '@mantine/core';
import { type Factor, proveCode, proveRecoveryCode } from '@parley/contracts/factors';
import { browserSupportsWebAuthn } from '@simplewebauthn/browser';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Loading } from '../platform/page';
import { Refusal } from '../platform/refusal';
import { Enrol } from './enrol';
import { useFactors, useFactorsChanged, useProofs } from './factors.data';
import { PasskeyRefusal } from './passkey-refusal';
import styles from './people.module.css';

interface ProveProps {
  /** What the page says before it, to who has a factor, and to who sets up the first. */
  lead: string;
  enrolLead: string;
  onProved: () => void;
}

/** Lets the person prove that it is them; who has nothing to prove it with sets it up, which proves it too. */
export function Prove(props: ProveProps) {
  const factors = useFactors();
  if (factors.isPending) return <Loading />;
  if (factors.error) return <Refusal error={factors.error} onRetry={() => void factors.refetch()} />;
  return <Chosen {...props} factors={factors.data.factors} />;
}

function Chosen({ lead, enrolLead, onProved, factors }: ProveProps & { factors: Factor[] }) {
  const { t } = useTranslation();
  const changed = useFactorsChanged();
  const proofs = useProofs();
  // As it was at first: the codes that come with the first factor must stay on the screen.
  const [isFirst] = useState(!factors.length);
  const [byRecovery, setByRecovery] = useState(false);
  if (isFirst)
    return (
      <Stack gap="md">
        <Text>{enrolLead}</Text>
        <Enrol onDone={() => void changed().then(onProved)} />
      </Stack>
    );
  const has = (kind: Factor['kind']) => factors.some((factor) => factor.kind === kind);
  return (
    <Stack gap="lg">
      <Text>{lead}</Text>
      {byRecovery ? (
        <CodeForm
          label={t('prove.recovery')}
          how={t('prove.recoveryHow')}
          shape={t('prove.recoveryShape')}
          isGood={(code) => proveRecoveryCode.input.shape.code.safeParse(code).success}
          proof={proofs.recovery}
          onProved={onProved}
        />
      ) : (
        <>
          {has('passkey') && (
            <Stack gap="xs">
              <Button
                data-autofocus
                disabled={!browserSupportsWebAuthn()}
                loading={proofs.passkey.isPending}
                onClick={() => proofs.passkey.mutate(undefined, { onSuccess: onProved })}
              >
                {t('prove.passkey')}
              </Button>
              <Text size="sm" c="dimmed">
                {browserSupportsWebAuthn() ? t('prove.passkeyHow') : t('prove.noPasskeys')}
              </Text>
              <PasskeyRefusal error={proofs.passkey.error} />
            </Stack>
          )}
          {has('authenticator') && (
            <CodeForm
              label={t('prove.code')}
              how={t('prove.codeHow')}
              shape={t('prove.codeShape')}
              isNumber
              isGood={(code) => proveCode.input.shape.code.safeParse(code).success}
              proof={proofs.code}
              onProved={onProved}
            />
          )}
        </>
      )}
      <Button variant="subtle" className={styles.start} onClick={() => setByRecovery(!byRecovery)}>
        {byRecovery ? t('prove.useFactor') : t('prove.useRecovery')}
      </Button>
    </Stack>
  );
}

interface CodeFormProps {
  label: string;
  how: string;
  shape: string;
  isNumber?: boolean;
  isGood: (code: string) => boolean;
  proof: ReturnType<typeof useProofs>['code'];
  onProved: () => void;
}

function CodeForm({ label, how, shape, isNumber = false, isGood, proof, onProved }: CodeFormProps) {
  const { t } = useTranslation();
  const [code, setCode] = useState('');
  const [wrong, setWrong] = useState(false);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setWrong(!isGood(code));
    if (isGood(code)) proof.mutate(code, { onSuccess: onProved, onError: () => setCode('') });
  };
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="sm">
        <TextInput
          label={label}
          description={how}
          data-autofocus
          inputMode={isNumber ? 'numeric' : 'text'}
          autoComplete={isNumber ? 'one-time-code' : 'off'}
          autoCapitalize="none"
          spellCheck={false}
          maxLength={60}
          value={code}
          onChange={(event) => setCode(event.currentTarget.value)}
          error={wrong && shape}
          classNames={{ input: styles.code }}
        />
        <Refusal error={proof.error} />
        <Button type="submit" variant="default" className={styles.start} loading={proof.isPending}>
          {t('prove.go')}
        </Button>
      </Stack>
    </form>
  );
}
