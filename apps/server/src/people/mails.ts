import { mailWords } from '../platform/mail';

/** The mails about signing in and what protects it, in the language of the person. */
export const peopleMail = await mailWords({
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
    factorAdded: {
      subject: 'A new way to prove that it is you',
      body: `Hello {{name}},

"{{factor}}" was added to your account: it now proves that it is you when you sign in.

If that was not you, remove it and sign out the browsers that you do not know:

{{address}}
`,
    },
    factorRemoved: {
      subject: 'A way to prove that it is you was removed',
      body: `Hello {{name}},

"{{factor}}" was removed from your account and proves nothing any more. Your other browsers are asked to prove themselves anew.

If that was not you, look at your account at once:

{{address}}
`,
    },
    recoveryUsed: {
      subject: 'A recovery code was used',
      body: `Hello {{name}},

one of your recovery codes was used to sign in. Codes left: {{left}}.

If that was not you, sign out the browsers that you do not know and make new codes:

{{address}}
`,
    },
    glassBroken: {
      subject: 'An admin has opened {{community}}',
      body: `Hello {{name}},

{{admin}}, who runs this installation, has opened {{community}} for {{minutes}} minutes, to look and not to write. The reason given:

{{reason}}

It stands in the audit log of the community. If it surprises you, ask {{admin}}.
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
    factorAdded: {
      subject: 'Ein neuer Weg, sich auszuweisen',
      body: `Guten Tag {{name}},

„{{factor}}“ wurde Ihrem Konto hinzugefügt und bestätigt nun beim Anmelden, dass Sie es sind.

Wenn Sie das nicht waren, entfernen Sie es, und melden Sie die Browser ab, die Sie nicht kennen:

{{address}}
`,
    },
    factorRemoved: {
      subject: 'Ein Weg, sich auszuweisen, wurde entfernt',
      body: `Guten Tag {{name}},

„{{factor}}“ wurde aus Ihrem Konto entfernt und bestätigt nichts mehr. Ihre anderen Browser werden neu gefragt.

Wenn Sie das nicht waren, sehen Sie gleich in Ihrem Konto nach:

{{address}}
`,
    },
    recoveryUsed: {
      subject: 'Ein Wiederherstellungscode wurde benutzt',
      body: `Guten Tag {{name}},

mit einem Ihrer Wiederherstellungscodes hat sich jemand angemeldet. Übrige Codes: {{left}}.

Wenn Sie das nicht waren, melden Sie die Browser ab, die Sie nicht kennen, und erzeugen Sie neue Codes:

{{address}}
`,
    },
    glassBroken: {
      subject: '{{community}} wurde von der Betriebsleitung geöffnet',
      body: `Guten Tag {{name}},

{{admin}} betreibt diese Installation und hat {{community}} für {{minutes}} Minuten geöffnet, um hineinzusehen, nicht um zu schreiben. Der angegebene Grund:

{{reason}}

Das steht im Protokoll der Community. Wenn es Sie überrascht, fragen Sie {{admin}}.
`,
    },
  },
});
