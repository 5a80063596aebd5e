import { z } from 'zod';

/** Every error that a person can meet, with its HTTP status. The web app has one text for each, per language. */
export const errorStatus = {
  'request.invalid': 400,
  'request.notFound': 404,
  'request.methodNotAllowed': 405,
  'request.tooLarge': 413,
  'request.unsupportedType': 415,
  'request.crossSite': 403,
  'request.slowDown': 429,
  'auth.required': 401,
  'auth.forbidden': 403,
  'link.used': 410,
  'link.expired': 410,
  'link.otherBrowser': 410,
  'code.wrong': 400,
  'code.locked': 429,
  'factor.required': 403,
  'factor.again': 403,
  'factor.wrong': 400,
  'factor.locked': 429,
  'factor.refused': 400,
  'factor.expired': 410,
  'factor.last': 409,
  'factor.tooMany': 409,
  'company.failed': 400,
  'company.notForYou': 403,
  'invitation.used': 410,
  'invitation.expired': 410,
  'invitation.revoked': 410,
  'invitation.notForYou': 403,
  'invitation.alreadyIn': 409,
  'door.underAge': 403,
  'door.stepOrder': 409,
  'door.alreadySent': 409,
  'door.full': 409,
  'door.stale': 409,
  'member.lastManager': 409,
  'edit.stale': 409,
  'contribution.moved': 409,
  'promise.ended': 409,
  'update.moved': 409,
  'update.evidence': 409,
  'socket.refused': 403,
  'op.mismatch': 409,
  'session.notJoined': 403,
  'session.notLive': 409,
  'session.ended': 410,
  'upload.offset': 409,
  'upload.version': 412,
  'upload.checksum': 460,
  'upload.locked': 423,
  'upload.gone': 410,
  'media.quota': 409,
  'media.refused': 422,
  'media.notReady': 409,
  'media.inUse': 409,
  'asset.embargoed': 409,
  'asset.withdrawn': 409,
  'activity.notOpen': 409,
  'activity.moved': 409,
  'submission.sent': 409,
  'submission.noConsent': 409,
  'asset.inUse': 409,
  'segment.inUse': 409,
  'circle.noCriteria': 409,
  'kudos.own': 409,
  'kudos.settled': 409,
  'group.moved': 409,
  'group.full': 409,
  'group.notIn': 403,
  'idea.contextFirst': 409,
  'idea.own': 409,
  'idea.closed': 410,
  'idea.mattersSpent': 409,
  'storage.full': 507,
  'server.busy': 503,
  'server.failed': 500,
} as const;

export type ErrorCode = keyof typeof errorStatus;

/** Codes after which the same request may be sent again, unchanged; after any other it must not be. */
export const retryable: ReadonlySet<ErrorCode> = new Set([
  'request.slowDown',
  'server.busy',
  'server.failed',
  'storage.full',
  'upload.locked',
  'upload.checksum',
]);

/** RFC 9457 problem over HTTP; the same object in a refused answer over the socket. */
export const ErrorBody = z.object({
  code: z.enum(Object.keys(errorStatus) as [ErrorCode, ...ErrorCode[]]),
  /** What happened and what to do, in English; the web app shows its own text for `code`. */
  message: z.string(),
  /** Input path to what it takes; only with `request.invalid`. */
  fields: z.record(z.string(), z.string()).optional(),
  retryable: z.boolean(),
  retryAfterMs: z.int().optional(),
  /** Numbers that belong into the text, such as the tries left. */
  left: z.int().optional(),
  /** Quote it to support: it finds the log lines. */
  ref: z.string(),
});
export type ErrorBody = z.infer<typeof ErrorBody>;

/** What a socket command is answered with. */
export type Answer<T> = { ok: true; data: T } | { ok: false; error: ErrorBody };
