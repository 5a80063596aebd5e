import type { enFactors } from './en-factors';

export const deFactors: Record<keyof typeof enFactors, string> = {
  'ways.company': 'Mit {{name}} anmelden',
  'ways.or': 'oder',

  'prove.title': 'Bestätigen Sie, dass Sie es sind',
  'prove.lead':
    'Ihre Rolle öffnet mehr, als ein Postfach öffnen sollte. Deshalb kommt beim Anmelden ein Schritt dazu.',
  'prove.again': 'Das braucht eine frische Bestätigung. Sie gilt zehn Minuten.',
  'prove.passkey': 'Passkey verwenden',
  'prove.passkeyHow': 'Ihr Gerät fragt nach Finger, Gesicht oder PIN.',
  'prove.code': 'Code aus der App',
  'prove.codeHow': 'Sechs Ziffern aus Ihrer Authenticator-App; jeder Code gilt einmal.',
  'prove.codeShape': 'Der Code hat sechs Ziffern.',
  'prove.recovery': 'Wiederherstellungscode',
  'prove.recoveryHow': 'Einer der zehn Codes, die Sie beim Einrichten aufbewahrt haben; jeder gilt einmal.',
  'prove.recoveryShape': 'Ein Wiederherstellungscode hat sechzehn Buchstaben und Ziffern.',
  'prove.go': 'Weiter',
  'prove.useRecovery': 'Ich habe beides nicht zur Hand',
  'prove.useFactor': 'Passkey oder App verwenden',
  'prove.notNow': 'Jetzt nicht',
  'prove.passkeyStopped':
    'Ihr Gerät hat es nicht bestätigt. Versuchen Sie es noch einmal, oder nehmen Sie einen anderen Weg.',
  'prove.noPasskeys':
    'Dieser Browser kennt keine Passkeys. Nehmen Sie eine Authenticator-App oder einen anderen Browser.',

  'enrol.title': 'Noch ein Schritt, der Ihre Anmeldung schützt',
  'enrol.lead':
    'Ihre Rolle öffnet mehr, als ein Postfach öffnen sollte. Richten Sie einen Passkey oder eine Authenticator-App ein; künftig wird beim Anmelden danach gefragt.',
  'enrol.addLead': 'Wählen Sie, was Sie hinzufügen möchten.',
  'enrol.passkey': 'Ein Passkey',
  'enrol.passkeyWhat':
    'Liegt auf diesem Gerät oder in Ihrem Passwortmanager; öffnet mit Finger, Gesicht oder PIN.',
  'enrol.passkeyGo': 'Passkey einrichten',
  'enrol.app': 'Eine Authenticator-App',
  'enrol.appWhat': 'Eine App auf Ihrem Telefon zeigt alle dreißig Sekunden einen neuen Code.',
  'enrol.appGo': 'App einrichten',
  'enrol.scan': 'Lesen Sie dieses Bild mit der App ein, oder tippen Sie den Schlüssel ab.',
  'enrol.qr': 'Bild mit dem Schlüssel für Ihre Authenticator-App',
  'enrol.key': 'Schlüssel',
  'enrol.firstCode': 'Dann geben Sie den Code ein, den die App zeigt',
  'enrol.name': 'Name',
  'enrol.nameHow': 'Daran erkennen Sie es wieder, etwa am Namen des Geräts.',
  'enrol.nameShape': 'Ein Name von 1 bis 60 Zeichen.',
  'enrol.namePasskey': 'Passkey',
  'enrol.nameApp': 'App',
  'enrol.back': 'Zurück',

  'recovery.title': 'Bewahren Sie diese Codes auf',
  'recovery.lead':
    'Wenn Sie Ihr Gerät verlieren, öffnet jeder davon einmal. Sie werden nur jetzt gezeigt: Drucken Sie sie aus, oder legen Sie sie in Ihren Passwortmanager.',
  'recovery.codes': 'Wiederherstellungscodes',
  'recovery.copy': 'Kopieren',
  'recovery.copied': 'Kopiert',
  'recovery.download': 'Als Datei sichern',
  'recovery.kept': 'Ich habe sie aufbewahrt',
  'recovery.file': 'parley-wiederherstellungscodes.txt',

  'factors.title': 'Bestätigung, dass Sie es sind',
  'factors.lead': 'Neben der Mail kann die Anmeldung nach einem davon fragen.',
  'factors.none': 'Nichts ist eingerichtet. Wer Ihre Mails lesen kann, kann sich in Ihrem Namen anmelden.',
  'factors.kind.passkey': 'Passkey',
  'factors.kind.authenticator': 'Authenticator-App',
  'factors.unused': '{{kind}}, hinzugefügt {{added}}',
  'factors.used': '{{kind}}, zuletzt benutzt {{used}}',
  'factors.add': 'Weiteren Weg hinzufügen',
  'factors.addFirst': 'Einrichten',
  'factors.remove': 'Entfernen',
  'factors.removeNamed': '{{name}} entfernen',
  'factors.codesLeft_one': 'Noch {{count, number}} Wiederherstellungscode',
  'factors.codesLeft_other': 'Noch {{count, number}} Wiederherstellungscodes',
  'factors.newCodes': 'Neue Codes erzeugen',
  'factors.newCodesLead': 'Mit neuen gelten die alten nicht mehr.',
  'factors.close': 'Schließen',

  'error.factor.required':
    'Ihre Rolle braucht neben der Mail einen Passkey oder eine Authenticator-App. Bestätigen Sie, dass Sie es sind, und versuchen Sie es dann noch einmal.',
  'error.factor.again':
    'Das braucht eine frische Bestätigung, dass Sie es sind. Bestätigen Sie es, und versuchen Sie es dann noch einmal.',
  'error.factor.wrong':
    'Dieser Code passt nicht oder wurde schon benutzt. Nehmen Sie den, den die App jetzt zeigt.',
  'error.factor.locked':
    'Zu viele falsche Codes. Warten Sie eine Viertelstunde, oder nehmen Sie einen Passkey.',
  'error.factor.refused':
    'Dieser Passkey passt hier nicht. Versuchen Sie es noch einmal, oder nehmen Sie einen anderen Weg.',
  'error.factor.expired':
    'Das hat zu lange gedauert oder wurde schon benutzt. Bitte beginnen Sie noch einmal.',
  'error.factor.last':
    'Ihre Rolle braucht mindestens einen davon. Fügen Sie erst einen anderen hinzu, und entfernen Sie dann diesen.',
  'error.factor.tooMany':
    'Mehr als zehn davon gehen nicht. Entfernen Sie erst einen, den Sie nicht mehr brauchen.',
  'error.company.failed':
    'Die Anmeldung dort wurde nicht abgeschlossen. Beginnen Sie noch einmal, oder melden Sie sich mit der Mail an.',
  'error.company.notForYou':
    'Dieser Weg ist für das Team einer Community, unter der Adresse, die die Community kennt. Melden Sie sich stattdessen mit der Mail an.',
};
