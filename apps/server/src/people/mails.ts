import type { Locale } from '@parley/contracts/people';
import { createInstance } from 'i18next';

const texts = {
  en: {
    signIn: {
      subject: 'Sign in to Parley',
      body: `Hello {{name}},

open this link in the browser in which you asked for it:

{{link}}

Or type this code there: {{code}}

Both work once, for {{minutes}} minutes. If you did not ask for this, ignore it: nothing happens without the link.
`,
    },
  },
  de: {
    signIn: {
      subject: 'Bei Parley anmelden',
      body: `Guten Tag {{name}},

öffnen Sie diesen Link in dem Browser, in dem Sie ihn angefordert haben:

{{link}}

Oder geben Sie dort diesen Code ein: {{code}}

Beides gilt einmal und {{minutes}} Minuten lang. Wenn Sie das nicht angefordert haben, brauchen Sie nichts zu tun: Ohne den Link geschieht nichts.
`,
    },
  },
} satisfies Record<Locale, { signIn: { subject: string; body: string } }>;

const i18n = createInstance({
  lng: 'en',
  resources: Object.fromEntries(
    Object.entries(texts).map(([locale, translation]) => [locale, { translation }]),
  ),
  // Mails are plain text.
  interpolation: { escapeValue: false },
});
await i18n.init();

/** The mail that signs a person in, in their language. */
export function signInMail(
  locale: Locale,
  values: { name: string; link: string; code: string; minutes: number },
) {
  const say = i18n.getFixedT(locale);
  return { subject: say('signIn.subject'), text: say('signIn.body', values) };
}
