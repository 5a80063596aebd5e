import { afterEach, expect, jest, test } from '@jest/globals';
import { render, screen } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { useDraft } from './kept';

function Field({ name }: { name: string }) {
  const [text, write] = useDraft(name);
  return <input aria-label="field" value={text} onChange={(event) => write(event.currentTarget.value)} />;
}
const field = () => screen.getByLabelText('field');

afterEach(() => {
  jest.restoreAllMocks();
  localStorage.clear();
});

test('what was typed is there again after the page was loaded anew', async () => {
  const { unmount } = render(<Field name="draft:a" />);
  await userEvent.type(field(), 'The saddle looks narrow');
  unmount();
  render(<Field name="draft:a" />);
  expect(field()).toHaveValue('The saddle looks narrow');
});

test('each place has its own draft', async () => {
  const { rerender } = render(<Field name="draft:a" />);
  await userEvent.type(field(), 'one');
  rerender(<Field name="draft:b" />);
  expect(field()).toHaveValue('');
  rerender(<Field name="draft:a" />);
  expect(field()).toHaveValue('one');
});

test('a browser that refuses storage still lets people write', async () => {
  jest.spyOn(Storage.prototype, 'setItem').mockImplementation(() => {
    throw new Error('refused');
  });
  jest.spyOn(Storage.prototype, 'getItem').mockImplementation(() => {
    throw new Error('refused');
  });
  render(<Field name="draft:a" />);
  await userEvent.type(field(), 'one');
  expect(field()).toHaveValue('one');
});
