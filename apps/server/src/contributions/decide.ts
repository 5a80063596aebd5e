import {
  before,
  type ContributionType,
  type Edited,
  type LoopState,
  type Moderation,
  moderationMoves,
  type ReceiptKind,
} from '@parley/contracts/contributions';
import type { Decision } from '@parley/contracts/moderation';
import { distance } from 'fastest-levenshtein';

/** What a decision is made about, as it stands now. */
export interface Subject {
  id: string;
  type: ContributionType;
  body: string;
  authorId: string;
  moderation: Moderation;
  /** Somebody else works on it. */
  claimed: boolean;
  /** Others have rated it: its words stay as they were rated. */
  rated: boolean;
  /** Who took it from its author, where somebody did: an appeal is for somebody else. */
  takenBy: string | null;
  /** Its author has appealed, and nobody has decided about that yet. */
  appealed: boolean;
  /** What has become of it. */
  loop: LoopState;
  spaceId: string;
}

/** What a decision does to it. */
export interface Effect {
  moderation: Moderation;
  receipt: ReceiptKind;
  body?: string;
  edited?: Edited;
  into?: string;
  /** New contributions of the same author, in place of this one. */
  parts?: string[];
  trust?: boolean;
}

/** Letters that may change in a word and still be a slip of the pen; and of all words, this share. */
const SLIP_LETTERS = 2;
const SLIP_SHARE = 0.2;

/** Whether one text is the other with some letters mended: word by word, and none more or less. */
export function isSlip(from: string, to: string): boolean {
  const [before, after] = [from.split(/\s+/), to.split(/\s+/)];
  // Two words run into one, or one torn apart, are a slip too.
  if (before.length !== after.length) return distance(from, to) === 1;
  const changes = before.map((word, at) => distance(word, after[at]!)).filter((letters) => letters > 0);
  return (
    changes.length > 0 &&
    changes.every((letters) => letters <= SLIP_LETTERS) &&
    changes.length <= Math.max(1, before.length * SLIP_SHARE)
  );
}

/**
 * What a submission or an idea says stands in its parts: it is sent back to be mended, and not put into other words. A
 * topic or a post stands where it was said: it is not taken apart.
 */
const notOf: Partial<Record<ContributionType, readonly Decision['action'][]>> = {
  submission: ['merge', 'split', 'reword', 'spelling'],
  idea: ['split', 'reword', 'spelling'],
  topic: ['split'],
  post: ['split'],
};

const from: Record<Decision['action'], readonly Moderation[]> = {
  approve: ['held', 'appealed', 'frozen'],
  approveAndTrust: ['held', 'appealed', 'frozen'],
  return: ['held'],
  decline: ['held'],
  hide: ['published', 'frozen'],
  restore: ['hidden'],
  uphold: ['appealed'],
  merge: ['held', 'published'],
  split: ['held', 'published'],
  reword: ['held', 'published'],
  spelling: ['held', 'published'],
  freeze: before(moderationMoves, 'frozen'),
};

/**
 * What a moderator's decision does. `moved`: it is no longer where it could be decided; `claimed`: somebody else has it;
 * `refused`: it does not fit, such as one's own words, one's own decision on appeal, or words that others have rated.
 */
export function decide(
  subject: Subject,
  decision: Decision,
  moderatorId: string,
): Effect | 'moved' | 'claimed' | 'refused' {
  const { moderation, authorId, takenBy, body, type } = subject;
  if (!from[decision.action].includes(moderation)) return 'moved';
  if (subject.claimed) return 'claimed';
  if (authorId === moderatorId) return 'refused';
  if (subject.appealed && takenBy === moderatorId) return 'refused';
  if (notOf[type]?.includes(decision.action)) return 'refused';
  const isReply = type === 'reply';
  // What was decided about stays what it was decided about.
  const isAnswered = !['received', 'read', 'grouped', 'considered'].includes(subject.loop);
  switch (decision.action) {
    case 'approve':
      return { moderation: 'published', receipt: moderation === 'held' ? 'approved' : 'restored' };
    case 'approveAndTrust':
      return {
        moderation: 'published',
        receipt: moderation === 'held' ? 'approved' : 'restored',
        trust: !isReply,
      };
    case 'return':
      // The team writes another one.
      return isReply ? 'refused' : { moderation: 'returned', receipt: 'returned' };
    case 'decline':
      return { moderation: 'declined', receipt: 'declined' };
    case 'hide':
      return { moderation: 'hidden', receipt: 'hidden' };
    case 'restore':
      return { moderation: 'published', receipt: 'restored' };
    case 'uphold':
      return { moderation: 'upheld', receipt: 'upheld' };
    case 'freeze':
      return { moderation: 'frozen', receipt: 'frozen' };
    case 'merge':
      if (isReply || decision.into === subject.id) return 'refused';
      return { moderation: 'merged', receipt: 'merged', into: decision.into };
    case 'split':
      return isReply || isAnswered
        ? 'refused'
        : { moderation: 'split', receipt: 'split', parts: decision.parts };
    case 'reword':
      if (isReply || decision.body === body) return 'refused';
      // What was rated stays as it was rated; the new words begin anew, in a contribution of their own.
      if (subject.rated && isAnswered) return 'refused';
      if (subject.rated) return { moderation: 'split', receipt: 'reworded', parts: [decision.body] };
      return { moderation, receipt: 'reworded', body: decision.body, edited: 'reworded' };
    case 'spelling':
      if (!isSlip(body, decision.body)) return 'refused';
      return { moderation, receipt: 'spelling', body: decision.body, edited: 'spelling' };
  }
}
