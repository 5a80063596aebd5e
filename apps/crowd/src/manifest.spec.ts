import { outcomeOf } from './manifest';

const both = { taken: true, refused: true };
const taken = { taken: true, refused: false };
const refused = { taken: false, refused: true };

test.each([
  ['', taken],
  ['reject with a clear message', refused],
  ['reject', refused],
  ['reject on dimensions before decoding', refused],
  ['reject, or accept and render partially; never crash or hang', both],
  ['reject, or sanitise; never run', both],
  ['reject or re-encode; serve with nosniff', both],
  ['type by content: reject as image (truncated video: reject or mark failed)', refused],
  ['re-encoding must drop the tail', taken],
  ['strip or escape everywhere shown or exported', taken],
])('"%s" is read as what may become of a file', (words, outcome) => {
  expect(outcomeOf(words)).toEqual(outcome);
});
