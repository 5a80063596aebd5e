import { readInvitees, reportOf } from './import';

const problemsOf = (csv: string) => readInvitees(csv).bad.map(({ row, problem }) => `${row} ${problem}`);
const peopleOf = (csv: string) => readInvitees(csv).good.map(({ row, email, name }) => [row, email, name]);

it('reads addresses and names under a heading, in whatever order and letters', () => {
  expect(peopleOf('Name,E-Mail\nLena Hartmann,Lena@Example.org\n"O’Brien, Aoife",aoife@example.org')).toEqual(
    [
      [2, 'lena@example.org', 'Lena Hartmann'],
      [3, 'aoife@example.org', 'O’Brien, Aoife'],
    ],
  );
});

it.each([
  [
    'no heading',
    'a@example.org\nb@example.org,Bo',
    [
      [1, 'a@example.org', ''],
      [2, 'b@example.org', 'Bo'],
    ],
  ],
  ['semicolons', 'email;name\na@example.org;Ann', [[2, 'a@example.org', 'Ann']]],
  ['tabs', 'email\tname\na@example.org\tAnn', [[2, 'a@example.org', 'Ann']]],
  ['a byte order mark and lines of Windows', '\ufeffemail\r\na@example.org\r\n', [[2, 'a@example.org', '']]],
  ['empty lines, which count', 'email\n\na@example.org\n\n', [[3, 'a@example.org', '']]],
  ['more columns, named', 'id,email,city\n7,a@example.org,Ulm', [[2, 'a@example.org', '']]],
  ['an accented name', 'email,name\na@example.org,Zoë Müller', [[2, 'a@example.org', 'Zoë Müller']]],
])('reads a file with %s', (_, csv, people) => expect(peopleOf(csv)).toEqual(people));

it.each([
  ['an address that is none', 'email\nlena(at)example.org', '2 address'],
  ['two addresses in one cell', 'email\n"a@example.org, b@example.org"', '2 address'],
  ['no address', 'email,name\n,Ann', '2 address'],
  ['too long an address', `email\n${'a'.repeat(320)}@example.org`, '2 address'],
  ['too many columns', 'email,name\na@example.org,Ann,7', '2 columns'],
  ['too few columns', 'email,name,city\na@example.org', '2 columns'],
  ['letters of another encoding', 'email,name\na@example.org,M\ufffdller', '2 characters'],
  ['NUL', 'email,name\na@example.org,A\0nn', '2 characters'],
  ['a formula as name', 'email,name\na@example.org,=cmd()', '2 formula'],
  ['another formula', 'email,name\na@example.org,@SUM(A1)', '2 formula'],
  ['a formula as address', 'email\n+1@example.org', '2 formula'],
  ['too long a name', `email,name\na@example.org,${'x'.repeat(81)}`, '2 name'],
  ['a repeated address, in other letters', 'email\na@example.org\nA@EXAMPLE.org', '3 twice'],
])('names the row with %s', (_, csv, problem) => expect(problemsOf(csv)).toEqual([problem]));

it('names the row that is repeated', () => {
  expect(readInvitees('email\na@example.org\nb@example.org\na@example.org').bad).toEqual([
    { row: 4, problem: 'twice', what: 'a@example.org', twin: 2 },
  ]);
});

it('takes fifty thousand rows and refuses one more', () => {
  const file = (rows: number) =>
    `email\n${Array.from({ length: rows }, (_, n) => `p${n}@example.org`).join('\n')}`;
  expect(readInvitees(file(50_000)).good).toHaveLength(50_000);
  expect(() => readInvitees(file(50_001))).toThrow(/50000 rows/);
});

it('refuses what is no CSV', () => {
  expect(() => readInvitees('email\n"a@example.org')).toThrow(/could not be read/);
});

it('reports the first hundred problems in the order of the file, and how many there are', () => {
  const bad = Array.from({ length: 150 }, (_, n) => ({
    row: 150 - n,
    problem: 'address' as const,
    what: '',
    twin: null,
  }));
  const { problems, bad: all } = reportOf(200, 50, bad);
  expect([all, problems.length, problems[0]!.row, problems[99]!.row]).toEqual([150, 100, 1, 100]);
});
