import { type Joined } from '@parley/contracts/live';
import { withJoined } from '@parley/contracts/live-facts';
import { type Fact, MISSED_MAX } from '@parley/contracts/realtime';
import type { Member } from '../platform/doors';
import { LiveRoom, type Loaded } from './live-room';

const member = { memberId: 'a', role: 'member' } as Member;
const comment = (seq: number): Fact => [seq, 'live.commented', { id: `c${seq}`, body: `${seq}` }];

/** A room that was loaded with the facts from `first` to `last`. */
function room(first: number, last: number) {
  const facts = Array.from({ length: Math.max(0, last - first + 1) }, (_, at) => comment(first + at));
  return new LiveRoom({
    shared: { card: { status: 'live' }, seq: last, stage: null, cue: null, comments: [], statements: [] },
    cues: [],
    hosts: new Set(),
    facts,
    rounds: [],
    ratings: [],
  } as unknown as Loaded);
}
const missed = (of: LiveRoom, since: number | undefined) => {
  const answer: Joined = of.answer(member, since, 0);
  return answer.shared ? 'all' : answer.missed.map(([seq]) => seq);
};

describe('who comes back', () => {
  it('gets what was missed, in order and no more', () => {
    const live = room(1, 5);
    live.apply([comment(6), comment(7)]);
    expect(missed(live, 4)).toEqual([5, 6, 7]);
    expect(missed(live, 0)).toEqual([1, 2, 3, 4, 5, 6, 7]);
    expect(missed(live, 7)).toEqual([]);
  });

  it('gets once what was told twice', () => {
    const live = room(1, 5);
    live.apply([comment(5), comment(6), comment(6)]);
    expect(missed(live, 3)).toEqual([4, 5, 6]);
  });

  it('gets everything who holds nothing, or a number that is not of this room', () => {
    expect(missed(room(1, 5), undefined)).toBe('all');
    expect(missed(room(1, 5), 6)).toBe('all');
    expect(missed(room(1, 5), 2 ** 52)).toBe('all');
  });

  it('gets everything where the facts are no longer at hand', () => {
    expect(missed(room(11, 15), 10)).toEqual([11, 12, 13, 14, 15]);
    expect(missed(room(11, 15), 9)).toBe('all');
    expect(missed(room(1, 0), 0)).toEqual([]);
  });

  it('gets at most two thousand facts one by one, however many there were', () => {
    const live = room(1, 10);
    for (let seq = 11; seq <= MISSED_MAX * 2; seq += 1) live.apply([comment(seq)]);
    expect(missed(live, MISSED_MAX)).toHaveLength(MISSED_MAX);
    expect(missed(live, MISSED_MAX - 1)).toBe('all');
    expect(missed(live, MISSED_MAX * 2 - 3)).toEqual([3_998, 3_999, 4_000]);
  });

  it('holds with it what a fresh look shows', () => {
    const live = room(1, 0);
    const before = withJoined(null, live.answer(member, undefined, 0));
    live.apply([comment(1), comment(2)]);
    const after = withJoined(before, live.answer(member, before!.seq, 0));
    expect(after).toEqual(withJoined(null, live.answer(member, undefined, 0)));
  });
});
