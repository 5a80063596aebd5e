/** What a member reads about themselves, and a manager about facts, agreements and segments. */
export const enProfile = {
  'error.member.lastManager': 'You are the last manager. Somebody else has to become one before you leave.',
  'status.paused': 'Paused by you',
  'outside.paused.title': 'You have paused your membership of {{community}}',
  'outside.paused.text': 'While it is paused nothing of the community is sent or shown to you.',
} as const satisfies Record<string, string>;
