export const enLoop = {
  'error.promise.ended': 'This promise has ended already.',
  'error.update.moved': 'This Update has moved on meanwhile: look at it again.',
  'error.update.evidence': 'Link what it answers first: an Update goes back to those who said something.',
};
