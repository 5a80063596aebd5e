import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { readBrought } from './brought';

const data = (name: string) => join(import.meta.dirname, '../../../../../shared/data/ideas', name);
const file = (...lines: string[]) => lines.join('\n');

describe('a file of ideas from another board', () => {
  it('is understood by its headings, in several languages and with other separators', () => {
    const { columns, good } = readBrought(
      file('Nr;Titel;Beschreibung;Stimmen;Erstellt am', '7;Mehr Licht;"Im Keller; bitte";12;03.02.2024'),
      null,
      null,
    );
    expect(columns).toMatchObject({
      key: 'Nr',
      title: 'Titel',
      text: 'Beschreibung',
      support: 'Stimmen',
      at: 'Erstellt am',
    });
    expect(good).toMatchObject([
      {
        key: '7',
        title: 'Mehr Licht',
        text: 'Im Keller; bitte',
        support: 12,
        at: new Date('2024-02-03T12:00:00Z'),
      },
    ]);
  });

  it('is cleaned of HTML, and keeps paragraphs, lists and what only looks like a tag', () => {
    const html =
      '<p>One &amp; two&nbsp;three</p><ul><li>a</li><li>b</li></ul><script>alert(1)</script><img src=x onerror=y>';
    const { good } = readBrought(
      file('title,description', `"A < B",${JSON.stringify(html).replaceAll('\\"', '""')}`),
      null,
      null,
    );
    expect(good[0]!.title).toBe('A < B');
    expect(good[0]!.text).toBe('One & two three\n\n * a\n * b');
    expect(good[0]!.text).not.toMatch(/alert|onerror|<p>/);
  });

  it('says by row what is wrong, and takes the rest', () => {
    const { good, report } = readBrought(
      file(
        'id,title,created',
        '1,Good,2024-01-31',
        '1,Again,2024-01-31',
        '2,,2024-01-31',
        '3,Odd,31 of May',
        '4,Few',
        '5,Fine,2024-02-01',
      ),
      null,
      null,
    );
    expect(good.map(({ key }) => key)).toEqual(['1', '5']);
    expect(report).toMatchObject({ rows: 6, good: 2, bad: 4 });
    expect(report.problems.map(({ row, problem }) => [row, problem])).toEqual([
      [3, 'twice'],
      [4, 'title'],
      [5, 'date'],
      [6, 'columns'],
    ]);
  });

  it('reads dates by the day or the month first, whichever the column shows', () => {
    const of = (...dates: string[]) =>
      readBrought(file('title,date', ...dates.map((date, n) => `t${n},${date}`)), null, null).good.map(
        ({ at }) => at?.toISOString().slice(0, 10),
      );
    expect(of('01/02/2024', '31/01/2024')).toEqual(['2024-02-01', '2024-01-31']);
    expect(of('01/02/2024', '01/31/2024')).toEqual(['2024-01-02', '2024-01-31']);
    expect(of('13-Jun-2000')).toEqual(['2000-06-13']);
  });

  it('maps statuses by their look, and as they are given', () => {
    const csv = file('title,status', 'a,Rejected', 'b,Final', 'c,Deferred', 'd,Nonsense', 'e,Withdrawn');
    const seen = readBrought(csv, null, null);
    expect(seen.good.map(({ title, status }) => [title, status])).toEqual([
      ...[
        ['a', 'notNow'],
        ['b', 'delivered'],
        ['c', 'later'],
        ['d', 'new'],
      ],
    ]);
    expect(seen.report.leftOut).toBe(1);
    const given = readBrought(csv, seen.columns, { Nonsense: 'leaveOut', Withdrawn: 'notNow' });
    expect(given.good.map(({ title }) => title)).toEqual(['a', 'b', 'c', 'e']);
  });

  it('cleans the name of who wrote it and its status like all that is read here, and cuts what is too long', () => {
    const long = `a${'👍'.repeat(90)}`;
    const csv = file(
      'title,author,status',
      'a,\u202eAda\u0007,\u202eOpen',
      `b,${long},${long}`,
      'c,\u200b, ',
    );
    const { good } = readBrought(csv, null, null);
    const short = `a${'👍'.repeat(78)}…`;
    expect(good.map(({ by, was }) => [by, was])).toEqual([
      ['Ada', 'Open'],
      [short, short],
      [null, ''],
    ]);
  });

  it('refuses a row with half a character, wherever it stands', () => {
    const csv = file('id,title,status', '1,a,b\ud83d', '\ude00,a,b', '3,a,b');
    const { good, report } = readBrought(csv, null, null);
    expect(good.map(({ key }) => key)).toEqual(['3']);
    expect(report.problems.map(({ problem }) => problem)).toEqual(['characters', 'characters']);
  });

  it('takes a status that is called like something every object has for what it says', () => {
    const csv = file('title,status', 'a,constructor', 'b,__proto__');
    expect(readBrought(csv, null, {}).good.map(({ status }) => status)).toEqual(['new', 'new']);
  });

  it('cuts a title that is too long and keeps the whole of it in the text', () => {
    const long = 'word '.repeat(60).trim();
    const { good, report } = readBrought(file('title,text', `${long},More.`), null, null);
    expect([...good[0]!.title].length).toBeLessThanOrEqual(140);
    expect(good[0]!.text).toBe(`${long}\n\nMore.`);
    expect(report.shortened).toBe(1);
  });

  it('refuses what is no CSV, and a file without the column that was chosen', () => {
    expect(() => readBrought('a,"b\n', null, null)).toThrow('could not be read as CSV');
    const columns = {
      title: 'gone',
      text: null,
      key: null,
      by: null,
      support: null,
      at: null,
      status: null,
      replacedBy: null,
    };
    expect(() => readBrought('a,b\n1,2', columns, null)).toThrow('Choose the column of the title');
  });

  (existsSync(data('decide-madrid-2024.csv')) ? it : it.skip)(
    'takes 1,437 proposals of a city as they are',
    () => {
      const { columns, statuses, report, good } = readBrought(
        readFileSync(data('decide-madrid-2024.csv'), 'utf8'),
        null,
        null,
      );
      expect(columns).toMatchObject({
        title: 'title',
        text: 'description',
        support: 'cached_votes_up',
        at: 'created_at',
      });
      expect(statuses).toEqual([
        { value: '', count: 1421, to: 'new' },
        { value: '*', count: 16, to: 'leaveOut' },
      ]);
      expect(report).toMatchObject({ rows: 1437, good: 1421, bad: 0, leftOut: 16, shortened: 0 });
      expect(good.filter(({ text }) => /<\/?(p|li|ul|strong)>/.test(text))).toEqual([]);
      const support = good.map((one) => one.support!).sort((a, b) => a - b);
      expect([support[Math.floor(support.length / 2)], support.at(-1)]).toEqual([5, 321]);
      expect(support.reduce((sum, one) => sum + one, 0)).toBe(12_184);
      expect(good[0]!.at?.toISOString().slice(0, 10)).toBe('2024-01-01');
    },
  );

  (existsSync(data('python-peps.csv')) ? it : it.skip)(
    'takes 740 proposals of a language with their statuses',
    () => {
      const { statuses, report, good } = readBrought(
        readFileSync(data('python-peps.csv'), 'utf8'),
        null,
        null,
      );
      const to = Object.fromEntries(statuses.map(({ value, to: status }) => [value, status]));
      expect(to).toMatchObject({
        ...{
          Final: 'delivered',
          Rejected: 'notNow',
          Deferred: 'later',
          Accepted: 'planned',
          Withdrawn: 'leaveOut',
        },
        ...{ Active: 'delivered', Superseded: 'answered', Draft: 'new' },
      });
      expect(report).toMatchObject({ rows: 740, bad: 0 });
      expect(good.filter(({ replacedBy }) => replacedBy).length).toBeGreaterThan(20);
    },
  );
});
