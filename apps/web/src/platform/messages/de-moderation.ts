import type { enModeration } from './en-moderation';

export const deModeration: Record<keyof typeof enModeration, string> = {
  'error.edit.stale':
    'Jemand anderes hat das inzwischen geändert. Ihre Fassung bleibt hier: Laden Sie die andere und sehen Sie noch einmal nach.',
  'error.contribution.moved': 'Hier hat sich inzwischen etwas getan: Sehen Sie noch einmal nach.',
};
