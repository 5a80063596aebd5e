import type { enDoor } from './en-door';

export const deDoor: Record<keyof typeof enDoor, string> = {
  'error.invitation.used': 'Diese Einladung wurde schon benutzt. Wenn Sie Mitglied sind, melden Sie sich an.',
  'error.invitation.expired':
    'Diese Einladung ist abgelaufen. Bitten Sie die Person, die Sie eingeladen hat, um eine neue.',
  'error.invitation.revoked':
    'Diese Einladung gilt nicht mehr. Bitten Sie die Person, die Sie eingeladen hat, um eine neue.',
  'error.invitation.notForYou':
    'Diese Einladung gilt für eine andere Adresse. Nehmen Sie die Adresse, an die sie ging, oder bitten Sie um eine eigene Einladung.',
  'error.invitation.alreadyIn':
    'Sie sind schon Mitglied dieser Community. Melden Sie sich an, um hineinzugehen.',
  'error.door.underAge': 'Vielen Dank. Sie können nicht teilnehmen.',
  'error.door.stepOrder':
    'Ein anderer Schritt kommt zuerst. Bitte laden Sie die Seite neu, um zu sehen, wo Sie sind.',
  'error.door.alreadySent': 'Das wurde schon gesendet und bleibt, wie es war.',
};
