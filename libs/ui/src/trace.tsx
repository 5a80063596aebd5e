import { useId, useMemo } from 'react';

interface TraceProps {
  /** `mean[s]` and `n[s]` for second s; null where nobody held the dial. */
  mean: readonly (number | null)[];
  n: readonly number[];
  /** Length of the asset in seconds. */
  seconds: number;
  /** Where the asset stands now. */
  at?: number | null;
  /** Names the figure. */
  label: string;
  /** What the line shows, in a sentence. */
  summary: string;
  /** Column heads of the table, and the words that open it. */
  words: { open: string; second: string; mean: string; n: string };
  clock: (second: number) => string;
  number: (value: number) => string;
}

const WIDTH = 1_000;

/** The line as SVG path data: broken where nothing is known, a dot where one second stands alone. */
export function pathOf(mean: readonly (number | null)[], seconds: number): string {
  const x = (second: number) => Math.round((second / Math.max(1, seconds - 1)) * WIDTH * 10) / 10;
  let path = '';
  let drawing = false;
  mean.forEach((value, second) => {
    if (value === null || second >= seconds) return (drawing = false);
    const alone = !drawing && (mean[second + 1] ?? null) === null;
    path += `${drawing ? 'L' : 'M'}${x(second)} ${Math.round((100 - value) * 10) / 10}${alone ? 'h0' : ''}`;
    return (drawing = true);
  });
  return path;
}

/** The mean of the dials over the seconds of an asset, with n below it and as a table for those who read it. */
export function Trace({ mean, n, seconds, at, label, summary, words, clock, number }: TraceProps) {
  const summaryId = useId();
  const line = useMemo(() => pathOf(mean, seconds), [mean, seconds]);
  const most = useMemo(() => Math.max(1, ...n), [n]);
  const people = useMemo(() => {
    const width = WIDTH / Math.max(1, seconds);
    return n.map((count, second) => `M${second * width} 20v${-(count / most) * 20}h${width}V20z`).join('');
  }, [n, most, seconds]);
  const rows = mean.flatMap((value, second) => (value === null ? [] : [{ second, value }]));

  return (
    <figure className="parley-trace">
      <div className="parley-trace-plot" role="img" aria-label={label} aria-describedby={summaryId}>
        <svg viewBox={`0 0 ${WIDTH} 100`} preserveAspectRatio="none" aria-hidden="true">
          {[0, 50, 100].map((level) => (
            <line key={level} className="parley-trace-level" x1="0" x2={WIDTH} y1={level} y2={level} />
          ))}
          <path className="parley-trace-line" d={line} />
        </svg>
        <svg
          className="parley-trace-people"
          viewBox={`0 0 ${WIDTH} 20`}
          preserveAspectRatio="none"
          aria-hidden="true"
        >
          <path d={people} />
        </svg>
        <div className="parley-trace-ends" aria-hidden="true">
          <span>{number(100)}</span>
          <span>{number(0)}</span>
        </div>
        {at !== undefined && at !== null && (
          <div
            className="parley-trace-now"
            style={{ ['--at' as string]: Math.min(1, at / Math.max(1, seconds)) }}
          />
        )}
      </div>
      <div className="parley-trace-scale" aria-hidden="true">
        {[0, 0.25, 0.5, 0.75, 1].map((part) => (
          <span key={part}>{clock(Math.round(part * seconds))}</span>
        ))}
      </div>
      <figcaption id={summaryId}>{summary}</figcaption>
      {rows.length > 0 && (
        <details>
          <summary>{words.open}</summary>
          <div className="parley-trace-table" tabIndex={0} role="group" aria-label={label}>
            <table>
              <thead>
                <tr>
                  <th scope="col">{words.second}</th>
                  <th scope="col">{words.mean}</th>
                  <th scope="col">{words.n}</th>
                </tr>
              </thead>
              <tbody>
                {rows.map(({ second, value }) => (
                  <tr key={second}>
                    <th scope="row">{clock(second)}</th>
                    <td>{number(Math.round(value))}</td>
                    <td>{number(n[second] ?? 0)}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        </details>
      )}
    </figure>
  );
}
