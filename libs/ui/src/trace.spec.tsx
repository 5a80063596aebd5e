import { expect, test } from '@jest/globals';
import { render, screen } from '@testing-library/react';
import { pathOf, Trace } from './trace';

test('the line breaks where nothing is known, and a second that stands alone is a dot', () => {
  expect(pathOf([0, 100, null, 50], 4)).toBe('M0 100L333.3 0M1000 50h0');
});

test('seconds beyond the asset are left out', () => {
  expect(pathOf([0, 0, 0], 2)).toBe('M0 100L1000 100');
});

test('it has a name, a sentence and a table for those who do not see the line', () => {
  render(
    <Trace
      mean={[null, 62.4]}
      n={[0, 12]}
      seconds={2}
      label="Mean of the dials"
      summary="Highest at 0:01."
      words={{ open: 'Table', second: 'Time', mean: 'Mean', n: 'n' }}
      clock={(second) => `0:0${second}`}
      number={String}
    />,
  );
  expect(screen.getByRole('img', { name: 'Mean of the dials' })).toHaveAccessibleDescription(
    'Highest at 0:01.',
  );
  expect(screen.getByRole('row', { name: '0:01 62 12', hidden: true })).toBeInTheDocument();
});
