/** What a manager reads at the desk of the door. */
export const enDesk = {
  'error.door.full': 'There is no place for this person now. Widen a cell first.',
  'error.door.stale':
    'Somebody else has published a newer version. Yours is kept below: load the newer one, then change it again.',
} as const satisfies Record<string, string>;
