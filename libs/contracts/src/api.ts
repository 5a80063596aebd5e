import { auditEndpoints } from './audit';
import type { Command, Endpoint } from './contract';
import { demoEndpoints } from './demo';
import { doorEndpoints } from './door';
import { factorEndpoints } from './factors';
import { liveCommands, liveEndpoints } from './live';
import { peopleEndpoints } from './people';
import { profileEndpoints } from './profile';
import { readClock } from './realtime';

/** Every endpoint there is; the API page and the authorisation tests go through it. */
export const endpoints: readonly Endpoint[] = [
  ...peopleEndpoints,
  ...factorEndpoints,
  ...auditEndpoints,
  ...profileEndpoints,
  ...doorEndpoints,
  ...liveEndpoints,
  ...demoEndpoints,
];

/** Every socket command there is. */
export const commands: readonly Command[] = [readClock, ...liveCommands];
