import { randomUUID } from 'node:crypto';
import { halden } from './server';

/** A challenge of Halden with one card. */
export const challengePlan = () => ({
  ...{ communityId: halden, placeId: randomUUID(), kind: 'challenge' as const, title: 'A lighter lock' },
  ...{ purpose: 'To hear of locks.', decision: 'Which lock we build.' },
  ...{ decisionOwner: { name: 'Maria Kessler', title: 'VP Product' }, reportBackOn: '2030-01-01' },
  ...{ informsOnly: false, contextRequired: false, closesAt: null, acknowledgeDays: 3 },
  cards: [{ id: randomUUID(), kind: 'goal' as const, title: 'Why', body: 'Fewer parts.' }],
});

/** An idea as it is sent there. */
export const ideaInput = (placeId: string) => ({
  ...{ communityId: halden, placeId, opId: randomUUID(), title: 'A lock with a magnet', teamOnly: false },
  parts: {
    ...{ situation: 'At the station.', struggle: 'Two hands.', outcome: 'One hand.', idea: 'A magnet.' },
  },
});
