export const enModeration = {
  'error.edit.stale':
    'Somebody else has changed this meanwhile. Yours is kept here: load theirs and look again.',
  'error.contribution.moved': 'This has moved on meanwhile: look at it again.',
};
