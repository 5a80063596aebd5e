import { jest, expect, test } from '@jest/globals';
import { fireEvent, render, screen } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { useState } from 'react';
import { afterKey, Dial } from './dial';

function Held({
  start = null,
  ...rest
}: {
  start?: number | null;
  fivePoints?: boolean;
  disabled?: boolean;
}) {
  const [value, setValue] = useState<number | null>(start);
  return (
    <Dial
      value={value}
      onChange={setValue}
      label="Dial"
      ends={['low', 'high']}
      describe={(now) => (now === null ? 'not moved' : `${now} of 100`)}
      {...rest}
    />
  );
}
const dial = () => screen.getByRole('slider', { name: 'Dial' });

test('it says that it has not been moved, and then its value', async () => {
  render(<Held />);
  expect(dial()).toHaveAttribute('aria-valuetext', 'not moved');
  dial().focus();
  await userEvent.keyboard('{ArrowUp}');
  expect(dial()).toHaveAttribute('aria-valuenow', '51');
  expect(dial()).toHaveAttribute('aria-valuetext', '51 of 100');
});

test('arrows move by one, page keys by ten, Home and End to the ends, and never beyond', async () => {
  render(<Held start={50} />);
  dial().focus();
  await userEvent.keyboard('{ArrowRight}{ArrowUp}{ArrowLeft}{PageUp}');
  expect(dial()).toHaveAttribute('aria-valuenow', '61');
  await userEvent.keyboard('{PageDown}{ArrowDown}');
  expect(dial()).toHaveAttribute('aria-valuenow', '50');
  await userEvent.keyboard('{End}{ArrowUp}{PageUp}');
  expect(dial()).toHaveAttribute('aria-valuenow', '100');
  await userEvent.keyboard('{Home}{ArrowDown}');
  expect(dial()).toHaveAttribute('aria-valuenow', '0');
});

test('with five points it goes from one to the next', async () => {
  render(<Held start={50} fivePoints />);
  dial().focus();
  await userEvent.keyboard('{ArrowUp}');
  expect(dial()).toHaveAttribute('aria-valuenow', '75');
});

test('where people read from right to left, left is forward', () => {
  expect(afterKey('ArrowLeft', 50, 1, true)).toBe(51);
  expect(afterKey('ArrowRight', 50, 1, true)).toBe(49);
});

test('keys that are not its own, and a locked dial, change nothing', async () => {
  expect(afterKey('a', 50, 1)).toBeNull();
  const onChange = jest.fn();
  render(<Dial value={50} onChange={onChange} label="Dial" ends={['', '']} describe={String} disabled />);
  fireEvent.keyDown(dial(), { key: 'ArrowUp' });
  expect(onChange).not.toHaveBeenCalled();
});
