import { describe, expect, it } from '@jest/globals';
import { parse, quantile } from './metrics';

describe("reading a server's metrics", () => {
  it('takes values with and without labels, and passes comments over', () => {
    const samples = parse(
      '# HELP a what\n# TYPE a gauge\na 1.5e-3\nb_bucket{le="0.01",x="y z"} 7\n\nc NaN 123\n',
    );

    expect([...samples]).toEqual([
      ['a', 0.0015],
      ['b_bucket{le="0.01",x="y z"}', 7],
      ['c', NaN],
    ]);
  });
});

describe('a quantile of a histogram', () => {
  it('lies between the bounds of its bucket', () => {
    const buckets: [number, number][] = [
      [10, 50],
      [20, 100],
      [Infinity, 100],
    ];

    expect([quantile(buckets, 0.25), quantile(buckets, 0.99)]).toEqual([5, 19.8]);
  });

  it('is the last bound for what lies beyond it', () => {
    expect(
      quantile(
        [
          [10, 1],
          [Infinity, 100],
        ],
        0.99,
      ),
    ).toBe(10);
  });

  it('is unknown when nothing was counted', () => {
    expect(quantile([[10, 0]], 0.99)).toBeUndefined();
  });
});
