/** What a candidate reads at the door. */
export const enDoor = {
  'error.invitation.used': 'This invitation has been used already. If you are inside, sign in.',
  'error.invitation.expired': 'This invitation has expired. Ask whoever invited you for a new one.',
  'error.invitation.revoked': 'This invitation is no longer open. Ask whoever invited you for a new one.',
  'error.invitation.notForYou':
    'This invitation is for another address. Use the address that it was sent to, or ask for an invitation of your own.',
  'error.invitation.alreadyIn': 'You are a member of this community already. Sign in to go inside.',
  'error.door.underAge': 'Thank you. You cannot take part.',
  'error.door.stepOrder': 'Another step comes first. Please load the page again to see where you are.',
  'error.door.alreadySent': 'This was sent before and stays as it was.',
} as const satisfies Record<string, string>;
