import { describe, expect, it } from '@jest/globals';
import { rateStatement, sendComment, sendSamples, type SessionResult } from '@parley/contracts/live';
import { audit, carryForward, Ledger, together } from './ledger';

const cue = { id: 'film', order: 1, kind: 'video', title: 'Film', prompt: '', asset: null } as const;

/** The result of a Session that holds these dial lines and ratings. */
function held(n: number[], mean: (number | null)[], agree = 0, commentIds: string[] = []): SessionResult {
  const trace = { cueId: 'film', round: 1, at: 0, mean, n, taps: [], people: 0, moods: {} };
  return {
    people: 0,
    rounds: [{ cue, trace }],
    statements: agree ? [{ statement: { id: 's' }, counts: { agree, disagree: 0, unsure: 0 } }] : [],
    comments: commentIds.map((id) => ({ id })),
    commentCount: commentIds.length,
  } as unknown as SessionResult;
}

const moved = (ledger: Ledger, memberId: string, ...dial: [number, number][]) =>
  ledger.note(memberId, sendSamples, { cueId: 'film', round: 1, dial, moods: [] }, {});

describe('carrying a dial value forward', () => {
  it('holds it until the next', () => {
    expect(
      carryForward([
        new Map([[1, 40]]),
        new Map([
          [0, 10],
          [2, 30],
        ]),
      ]),
    ).toMatchObject({
      n: expect.arrayContaining([1, 2, 2]),
      sum: expect.arrayContaining([10, 50, 70]),
    });
  });

  it('lets it count for 45 seconds and no longer', () => {
    const { n } = carryForward([new Map([[2, 40]])]);

    expect([n.length, n[1], n[2], n[47], n[48]]).toEqual([48, 0, 1, 1, undefined]);
  });

  it('does not mind in which order the seconds came', () => {
    const late = carryForward([
      new Map([
        [2, 30],
        [0, 10],
      ]),
    ]);

    expect(late.sum.slice(0, 3)).toEqual([10, 10, 30]);
  });
});

describe('an audit', () => {
  it('is content with a product that holds everything once', () => {
    const ledger = new Ledger();
    moved(ledger, 'ann', [0, 10], [1, 20]);
    moved(ledger, 'bo', [1, 40]);

    expect(audit(ledger.account(), held([1, 2, 2], [10, 30, 30]), true)).toMatchObject({
      lost: 0,
      doubled: 0,
    });
  });

  it('notices a sample that was acknowledged and is gone', () => {
    const ledger = new Ledger();
    moved(ledger, 'ann', [0, 10]);

    expect(audit(ledger.account(), held([0, 0], [null, null]), true)).toMatchObject({ lost: 2, doubled: 0 });
  });

  it('notices a value that was replaced and came back', () => {
    const ledger = new Ledger();
    moved(ledger, 'ann', [0, 10]);
    moved(ledger, 'ann', [0, 90]);

    expect(audit(ledger.account(), held([1], [10]), true).lost).toBe(1);
  });

  it('notices a round of which nothing is left', () => {
    const ledger = new Ledger();
    ledger.note('ann', sendSamples, { cueId: 'film', round: 2, dial: [[0, 10]], moods: [] }, {});

    expect(audit(ledger.account(), held([], []), true).lost).toBe(1);
  });

  it('notices a rating that is counted twice', () => {
    const ledger = new Ledger();
    ledger.note('ann', rateStatement, { statementId: 's', rating: 'agree' }, {});

    expect(audit({ ...ledger.account(), statements: ['s'] }, held([], [], 2), true)).toMatchObject({
      lost: 0,
      doubled: 1,
    });
  });

  it('notices a comment that is gone while another one is there', () => {
    const ledger = new Ledger();
    ledger.note('ann', sendComment, {}, { comment: { id: 'mine' } });

    expect(audit(ledger.account(), held([], [], 0, ['yours']), true).lost).toBe(1);
  });

  it('lets others take part when the crowd is not alone', () => {
    const ledger = new Ledger();
    moved(ledger, 'ann', [0, 10]);

    expect(audit(ledger.account(), held([2], [55], 0, ['yours']), false)).toMatchObject({
      lost: 0,
      doubled: 0,
    });
  });

  it('adds up what several crews kept of different members', () => {
    const [one, two] = [new Ledger(), new Ledger()];
    moved(one, 'ann', [0, 10]);
    moved(two, 'bo', [1, 40]);
    const account = together([one.account(), two.account()]);

    expect(account.samples).toBe(2);
    expect(audit(account, held([1, 2], [10, 25]), true)).toMatchObject({ lost: 0, doubled: 0 });
  });
});
