import type { enDesk } from './en-desk';

export const deDesk: Record<keyof typeof enDesk, string> = {
  'error.door.full': 'Für diese Person ist jetzt kein Platz. Erweitern Sie zuerst eine Zelle.',
  'error.door.stale':
    'Jemand anderes hat eine neuere Fassung veröffentlicht. Ihre steht noch unten: Laden Sie die neuere, dann ändern Sie sie wieder.',
};
