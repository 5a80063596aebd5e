import { Locale } from '@parley/contracts/people';
import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';
import { readKept, writeKept } from './kept';
import { de } from './messages/de';
import { en, type Texts } from './messages/en';

declare module 'i18next' {
  interface CustomTypeOptions {
    resources: { translation: Texts };
    // Keys are flat: `error.link.used` is one name.
    keySeparator: false;
    nsSeparator: false;
    returnNull: false;
  }
}

const KEPT = 'parley:language';

function firstLanguage(): Locale {
  const wanted = [readKept(KEPT), ...navigator.languages].map((tag) => tag?.slice(0, 2));
  return Locale.options.find((locale) => locale === wanted.find((tag) => isLocale(tag))) ?? 'en';
}
const isLocale = (tag: string | undefined) => Locale.safeParse(tag).success;

/** Loads the texts in the language of the browser, or the one chosen here before. */
export function startTexts() {
  i18next.on('languageChanged', (language) => {
    document.documentElement.lang = language;
    document.documentElement.dir = i18next.dir(language);
  });
  void i18next.use(initReactI18next).init({
    lng: firstLanguage(),
    fallbackLng: 'en',
    resources: { en: { translation: en }, de: { translation: de } },
    keySeparator: false,
    nsSeparator: false,
    returnNull: false,
    initAsync: false,
    // React escapes.
    interpolation: { escapeValue: false },
  });
}

/** Turns every text on the screen to another language, for this browser. */
export function speak(locale: Locale) {
  writeKept(KEPT, locale);
  if (i18next.language !== locale) void i18next.changeLanguage(locale);
}
