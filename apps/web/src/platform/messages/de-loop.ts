import type { enLoop } from './en-loop';

export const deLoop: Record<keyof typeof enLoop, string> = {
  'error.promise.ended': 'Dieses Versprechen ist schon beendet.',
  'error.update.moved': 'Bei diesem Update hat sich inzwischen etwas getan: Sehen Sie noch einmal nach.',
  'error.update.evidence':
    'Verknüpfen Sie zuerst, worauf es antwortet: Ein Update geht an die zurück, die etwas gesagt haben.',
};
