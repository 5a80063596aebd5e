import { activityEndpoints } from './activities';
import { auditEndpoints } from './audit';
import { contributionEndpoints } from './contributions';
import { commonsEndpoints } from './commons';
import type { Command, Endpoint } from './contract';
import { demoEndpoints } from './demo';
import { doorEndpoints } from './door';
import { factorEndpoints } from './factors';
import { feedbackEndpoints } from './feedback';
import { groupEndpoints } from './groups';
import { ideaEndpoints } from './ideas';
import { liveCommands, liveEndpoints } from './live';
import { loopEndpoints } from './loop';
import { mediaEndpoints } from './media';
import { moderationEndpoints } from './moderation';
import { peopleEndpoints } from './people';
import { profileEndpoints } from './profile';
import { reachEndpoints } from './reach';
import { recognitionEndpoints } from './recognition';
import { readClock } from './realtime';

/** Every endpoint there is; the API page and the authorisation tests go through it. */
export const endpoints: readonly Endpoint[] = [
  ...peopleEndpoints,
  ...factorEndpoints,
  ...auditEndpoints,
  ...profileEndpoints,
  ...reachEndpoints,
  ...contributionEndpoints,
  ...moderationEndpoints,
  ...mediaEndpoints,
  ...loopEndpoints,
  ...recognitionEndpoints,
  ...doorEndpoints,
  ...liveEndpoints,
  ...activityEndpoints,
  ...commonsEndpoints,
  ...ideaEndpoints,
  ...groupEndpoints,
  ...feedbackEndpoints,
  ...demoEndpoints,
];

/** Every socket command there is. */
export const commands: readonly Command[] = [readClock, ...liveCommands];
