import type { Locale } from '@parley/contracts/people';
import { mailWords } from '../platform/mail';

export const doorMail = await mailWords({
  en: {
    invitation: {
      subject: '{{from}} invites you to {{community}}',
      body: `{{greeting}},

{{from}} invites you to {{community}}, a private community of {{brand}}.
{{note}}
{{purpose}}

A few questions come first; they take about {{minutes}} min. Your invitation, for you alone, until {{until}}:

{{link}}

If you do not want to take part, you need not do anything.
`,
    },
    code: {
      subject: 'Your code for {{community}}: {{code}}',
      body: `Hello,

type this code on the page on which you gave this address: {{code}}

It works for {{minutes}} minutes. If you gave no address, ignore this mail: nothing happens without the code.
`,
    },
    waiting: {
      subject: 'You are on the waiting list of {{community}}',
      body: `Hello,

you are on the waiting list of {{community}}. We write to you as soon as there is a place. Until then this page, for you alone, shows where you stand; there you can also withdraw and have everything erased:

{{link}}
`,
    },
    offer: {
      subject: 'There is a place for you in {{community}}',
      body: `Hello,

there is a place for you in {{community}}. It is kept until {{until}}:

{{link}}

If you no longer want it, you can say so there, and the next in line gets it.
`,
    },
    notThisTime: {
      subject: '{{community}}: not this time',
      body: `Hello,

thank you for your interest in {{community}}. It does not work out this time.
{{reason}}
This page, for you alone, shows what we keep of you; there you can have it erased:

{{link}}
`,
    },
    reply: {
      subject: '{{name}} has read your answer',
      body: `Hello,

you answered a question of {{community}}. {{name}} has read it and replies:

{{reply}}

Your page:

{{link}}
`,
    },
  },
  de: {
    invitation: {
      subject: '{{from}} lädt Sie zu {{community}} ein',
      body: `{{greeting}},

{{from}} lädt Sie zu {{community}} ein, einer geschlossenen Community von {{brand}}.
{{note}}
{{purpose}}

Vorher kommen ein paar Fragen; sie dauern etwa {{minutes}} Min. Ihre Einladung, nur für Sie, bis {{until}}:

{{link}}

Wenn Sie nicht teilnehmen möchten, brauchen Sie nichts zu tun.
`,
    },
    code: {
      subject: 'Ihr Code für {{community}}: {{code}}',
      body: `Guten Tag,

geben Sie diesen Code auf der Seite ein, auf der Sie diese Adresse angegeben haben: {{code}}

Er gilt {{minutes}} Minuten lang. Wenn Sie keine Adresse angegeben haben, brauchen Sie nichts zu tun: Ohne den Code geschieht nichts.
`,
    },
    waiting: {
      subject: 'Sie stehen auf der Warteliste von {{community}}',
      body: `Guten Tag,

Sie stehen auf der Warteliste von {{community}}. Wir schreiben Ihnen, sobald ein Platz da ist. Bis dahin zeigt diese Seite, nur für Sie, wo Sie stehen; dort können Sie auch zurücktreten und alles löschen lassen:

{{link}}
`,
    },
    offer: {
      subject: 'Ein Platz für Sie in {{community}}',
      body: `Guten Tag,

für Sie ist ein Platz in {{community}} da. Er bleibt bis {{until}} frei:

{{link}}

Wenn Sie ihn nicht mehr möchten, können Sie das dort sagen; dann bekommt ihn die nächste Person.
`,
    },
    notThisTime: {
      subject: '{{community}}: diesmal nicht',
      body: `Guten Tag,

danke für Ihr Interesse an {{community}}. Diesmal klappt es nicht.
{{reason}}
Diese Seite, nur für Sie, zeigt, was wir von Ihnen aufbewahren; dort können Sie es löschen lassen:

{{link}}
`,
    },
    reply: {
      subject: '{{name}} hat Ihre Antwort gelesen',
      body: `Guten Tag,

Sie haben auf eine Frage von {{community}} geantwortet. {{name}} hat das gelesen und antwortet:

{{reply}}

Ihre Seite:

{{link}}
`,
    },
  },
});

/** A moment in the words of a mail; with the zone, because nobody knows where it is read. */
export const momentIn = (locale: Locale, at: Date) =>
  new Intl.DateTimeFormat(locale === 'en' ? 'en-GB' : locale, {
    weekday: 'long',
    day: 'numeric',
    month: 'long',
    hour: '2-digit',
    minute: '2-digit',
    timeZone: 'UTC',
    timeZoneName: 'short',
  }).format(at);

/** A greeting with the name, where there is one. */
export const greetingIn = (locale: Locale, name: string) =>
  `${locale === 'de' ? 'Guten Tag' : 'Hello'}${name ? ` ${name}` : ''}`;

/** Somebody's own words, as a paragraph of a mail; nothing where there are none. */
export const wordsOf = (words: string) => (words ? `\n${words}\n` : '');
