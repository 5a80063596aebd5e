import * as loop from '../demo/loop';
import * as story from '../demo/story';
import { idOf } from './platform/ids';

/** The ids of what the demo's story tells of: the same for each that is made of it. */
export const personId = (key: string) => idOf('person', key);
export const communityId = (slug: string) => idOf('community', slug);
export const memberId = (slug: string, key: string) => idOf('member', slug, key);
export const assetId = (key: string) => idOf('asset', key);
export const sessionId = (key: string) => idOf('session', key);
export const day = 86_400_000;

/** All that the story's people said in a Session, in their order. */
export const saidIn = (session: string) =>
  [
    ...[...story.comments, ...loop.comments].map((words) => ({ ...words, type: 'comment' as const })),
    ...[...story.statements, ...loop.statements].map((words) => ({
      ...words,
      type: 'statement' as const,
      atSecond: undefined,
    })),
  ]
    .filter((words) => words.session === session)
    .map((words, place) => ({ ...words, id: idOf('said', sessionId(session), place) }));
