import { describe, expect, it } from '@jest/globals';
import { latestCounts, parseConversation, pauses } from './conversation';

const comments = `timestamp,datetime,comment-id,author-id,agrees,disagrees,moderated,comment-body
2000,whenever,7,anna,0,0,1,"Said on
two lines, with a ""quote"""
1000,whenever,3,bo,0,0,-1,First of all
`;
const votes = `timestamp,datetime,comment-id,voter-id,vote
3000,whenever,7,bo,1
2000,whenever,7,anna,-1
4000,whenever,7,bo,-1
1500,whenever,3,anna,0
`;

/** What is said about the files; empty when they are taken. */
function refusal(commentsText: string, votesText: string): string {
  try {
    parseConversation(commentsText, votesText);
    return '';
  } catch (error) {
    return (error as Error).message;
  }
}

describe('reading a recorded conversation', () => {
  it('puts statements and ratings in the order in which they happened', () => {
    const { steps } = parseConversation(comments, votes);

    expect(steps.map(({ kind, at, key }) => [kind, at, key])).toEqual([
      ['statement', 1000, '3'],
      ['rating', 1500, '3'],
      ['statement', 2000, '7'],
      ['rating', 2000, '7'],
      ['rating', 3000, '7'],
      ['rating', 4000, '7'],
    ]);
  });

  it('keeps the order of the file among ratings of one moment', () => {
    const sameMoment = votes.replace('4000', '3000');

    expect(latestCounts(parseConversation(comments, sameMoment)).get('7')).toEqual({
      agree: 0,
      disagree: 2,
      unsure: 0,
    });
  });

  it('takes a body of several lines as the one line that a statement is', () => {
    const [, , second] = parseConversation(comments, votes).steps;

    expect(second).toMatchObject({ who: 'anna', body: 'Said on two lines, with a "quote"' });
  });

  it('counts the latest rating of each person, and statements that nobody rated', () => {
    const unrated = `${comments}2500,whenever,9,bo,0,0,1,Nobody rates this\n`;

    expect(Object.fromEntries(latestCounts(parseConversation(unrated, votes)))).toEqual({
      '3': { agree: 0, disagree: 0, unsure: 1 },
      '7': { agree: 0, disagree: 2, unsure: 0 },
      '9': { agree: 0, disagree: 0, unsure: 0 },
    });
  });

  it('knows everybody who wrote or rated, once', () => {
    expect(parseConversation(comments, votes).people).toEqual(['bo', 'anna']);
  });

  it('finds columns by name, after a byte order mark and in any order', () => {
    const other = '\ufeffvote,voter-id,timestamp,comment-id\r\n1,bo,3000,7\r\n';

    expect(parseConversation(comments, other).ratings).toBe(1);
  });
});

describe('a file that is broken or of another kind', () => {
  const head = 'timestamp,comment-id,voter-id,vote\n';

  it.each([
    ['lacks a column', comments, 'timestamp,comment-id,voter\n1,7,bo\n', 'votes.csv, line 1, has no column'],
    [
      'has words for a time',
      comments,
      `${head}1,7,bo,1\nnoon,7,bo,1\n`,
      'votes.csv, line 3, has the timestamp',
    ],
    ['has a vote of another kind', comments, `${head}1,7,bo,2\n`, 'votes.csv, line 2, has the vote "2"'],
    ['has an empty vote', comments, `${head}1,7,bo,\n`, 'votes.csv, line 2, has the vote ""'],
    ['votes on nothing', comments, `${head}1,8,bo,1\n`, 'votes.csv, line 2, names comment-id 8'],
    ['never closes a quote', comments, `${head}1,7,"bo,1\n2,7,bo,1\n`, 'votes.csv, line 2, opens a quote'],
    ['has a field too many', comments, `${head}1,7,bo,1,9\n`, 'votes.csv, line 2, is not proper CSV'],
    ['has no voter', comments, `${head}1,7,,1\n`, 'votes.csv, line 2, has an empty voter-id'],
    ['is empty', comments, '', 'votes.csv is empty'],
    ['says nothing', comments.split('\n')[0]!, votes, 'comments.csv holds no comment'],
    [
      'has a statement twice',
      comments.replace(',7,', ',3,'),
      votes,
      'comments.csv, line 4, has comment-id 3',
    ],
    [
      'has an empty body',
      comments.replace('First of all', ' '),
      votes,
      'comments.csv, line 4, has a comment',
    ],
    [
      'has a body that is too long',
      comments.replace('First of all', 'x'.repeat(501)),
      votes,
      'comments.csv, line 4, has a comment-body that is not taken: at most 500 characters',
    ],
  ])('is refused with file and line when it %s', (_, commentsText, votesText, message) => {
    expect(refusal(commentsText, votesText)).toContain(message);
  });
});

describe('the pace of a replay', () => {
  const steps = parseConversation(comments, votes).steps;

  it('divides the gaps by the speed', () => {
    expect(pauses(steps, 10, 1_000)).toEqual([0, 50, 50, 0, 100, 100]);
  });

  it('cuts long silences', () => {
    expect(pauses(steps, 10, 60)).toEqual([0, 50, 50, 0, 60, 60]);
  });
});
