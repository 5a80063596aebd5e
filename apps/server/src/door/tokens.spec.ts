import { randomUUID } from 'node:crypto';
import { DoorToken } from '@parley/contracts/door';
import { ScopeKey } from '../platform/tenancy';
import { candidateOf, candidateToken, communityOf, masked, newToken } from './tokens';

const key = new ScopeKey(Buffer.alloc(32, 1));
const [community, application] = [randomUUID(), randomUUID()];

it('an invitation names its community and is never the same twice', () => {
  for (const kind of ['p', 'o'] as const) {
    const tokens = Array.from({ length: 50 }, () => newToken(kind, community));
    expect(new Set(tokens).size).toBe(50);
    for (const token of tokens) {
      expect(communityOf(token)).toBe(community);
      expect(DoorToken.safeParse(token).success).toBe(true);
    }
  }
});

it('a candidate is known by what this install has made, unchanged and of its kind', () => {
  const token = candidateToken(key, 'c', community, application);
  expect(candidateOf(key, 'c', token)).toEqual({ communityId: community, applicationId: application });
  const mailed = candidateToken(key, 's', community, application);
  expect(DoorToken.safeParse(mailed).success).toBe(true);
  const others = [
    mailed,
    candidateToken(new ScopeKey(Buffer.alloc(32, 2)), 'c', community, application),
    token.slice(0, -1),
    `${token}A`,
    '',
    'c',
    ...[1, 10, 22, 30, 44, 60].map(
      (at) => `${token.slice(0, at)}${token[at] === 'x' ? 'y' : 'x'}${token.slice(at + 1)}`,
    ),
  ];
  for (const wrong of others) expect(candidateOf(key, 'c', wrong)).toBe(null);
});

it('an address is shown so that only its owner knows it', () => {
  expect([masked('ines@example.org'), masked('a@b.example'), masked('ü.k@example.org')]).toEqual([
    'i•••@example.org',
    'a•••@b.example',
    'ü•••@example.org',
  ]);
});
