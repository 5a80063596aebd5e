import { Button, Group, Stack, Text, TextInput, Title } from '@mantine/core';
import { type Me, redeemCode, requestLink } from '@parley/contracts/people';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Refusal } from '../platform/refusal';
import { useRedeemCode, useRequestLink } from './people.data';

const KEPT = 'parley:asked';
/** Of this tab alone, so that a reload while the mail is on its way does not ask for the address again. */
const keptAddress = () => {
  try {
    return sessionStorage.getItem(KEPT) ?? '';
  } catch {
    return '';
  }
};
const keepAddress = (email: string) => {
  try {
    sessionStorage.setItem(KEPT, email);
  } catch {
    // Then a reload asks again.
  }
};

/** Asks for the e-mail address, then for the code of the mail. */
export function SignInForm({ onSignedIn }: { onSignedIn: (me: Me) => void }) {
  const [asked, setAsked] = useState(keptAddress);
  const ask = (email: string) => {
    keepAddress(email);
    setAsked(email);
  };
  return asked ? (
    <CodeForm email={asked} onSignedIn={onSignedIn} onOther={() => ask('')} />
  ) : (
    <AddressForm onAsked={ask} />
  );
}

function AddressForm({ onAsked }: { onAsked: (email: string) => void }) {
  const { t, i18n } = useTranslation();
  const request = useRequestLink();
  const [email, setEmail] = useState('');
  const [wrong, setWrong] = useState(false);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const address = email.trim();
    const isGood = requestLink.input.shape.email.safeParse(address).success;
    setWrong(!isGood);
    if (!isGood) return;
    const locale = i18n.language === 'de' ? 'de' : 'en';
    request.mutate({ email: address, locale }, { onSuccess: () => onAsked(address) });
  };
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="md">
        <Title order={1}>{t('signIn.title')}</Title>
        <Text c="dimmed">{t('signIn.lead')}</Text>
        <TextInput
          label={t('signIn.email')}
          type="email"
          name="email"
          autoComplete="email"
          inputMode="email"
          required
          withAsterisk={false}
          value={email}
          onChange={(event) => setEmail(event.currentTarget.value)}
          error={wrong && t('signIn.emailWrong')}
        />
        <Refusal error={request.error} />
        <Button type="submit" loading={request.isPending}>
          {t('signIn.send')}
        </Button>
      </Stack>
    </form>
  );
}

interface CodeFormProps {
  email: string;
  onSignedIn: (me: Me) => void;
  onOther: () => void;
}

function CodeForm({ email, onSignedIn, onOther }: CodeFormProps) {
  const { t } = useTranslation();
  const redeem = useRedeemCode();
  const [code, setCode] = useState('');
  const [wrong, setWrong] = useState(false);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const isGood = redeemCode.input.shape.code.safeParse(code).success;
    setWrong(!isGood);
    if (!isGood) return;
    redeem.mutate(code, {
      onSuccess: (me) => {
        keepAddress('');
        onSignedIn(me);
      },
    });
  };
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="md">
        <Title order={1}>{t('signIn.sentTitle')}</Title>
        <Text>{t('signIn.sent', { email })}</Text>
        <Text c="dimmed">{t('signIn.sentHow')}</Text>
        <TextInput
          label={t('signIn.code')}
          name="code"
          inputMode="numeric"
          autoComplete="one-time-code"
          maxLength={40}
          required
          withAsterisk={false}
          value={code}
          onChange={(event) => setCode(event.currentTarget.value)}
          error={wrong && t('signIn.codeShape')}
          styles={{ input: { fontSize: '1.25rem', letterSpacing: '0.25em' } }}
        />
        <Refusal error={redeem.error} />
        <Group gap="sm">
          <Button type="submit" loading={redeem.isPending}>
            {t('signIn.withCode')}
          </Button>
          <Button variant="default" onClick={onOther}>
            {t('signIn.other')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
