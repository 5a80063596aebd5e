import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { cut, handle, lengthOf, line, text } from './text';

const family = '👨‍👩‍👧‍👦';
const read = (input: string, max = 2_000) => text(max).safeParse(input);
const cleaned = (input: string) => text(2_000).parse(input);
/** Escaped, as many of these cannot be told apart by eye. */
const refusalOf = (input: string, max?: number) => read(input, max).error?.issues[0]?.message;

describe('the length of a text', () => {
  it.each([
    [family, 1],
    ['👍🏽👩🏾‍🚀', 2],
    ['🇩🇪🇯🇵', 2],
    ['1️⃣', 1],
    ['S\u0327ah', 3],
    ['สวัสดี', 4],
    ['\r\n', 1],
    ['', 0],
  ])('of %j is what a person counts', (input, length) => {
    expect(lengthOf(input)).toBe(length);
  });
});

describe('a text', () => {
  it('may be as long as its field, in characters as a person counts them', () => {
    expect(read('a'.repeat(2_000)).success).toBe(true);
    expect(read(family.repeat(2_000)).success).toBe(true);
    expect(refusalOf('a'.repeat(2_001))).toBe('at most 2000 characters');
    expect(refusalOf(family.repeat(2_001))).toBe('at most 2000 characters');
  });

  it('is not counted at all when it is far too long', () => {
    expect(refusalOf(' '.repeat(2_000 * 12 + 1))).toBe('too long');
  });

  it.each([
    '',
    ' ',
    '\n\t \u00a0\u3000',
    '\u200b',
    '\u200b\u200c\u200d\ufeff\u2060',
    '\u00ad',
    '\u200e\u200f',
  ])('of nothing to see is refused: %j', (input) => expect(refusalOf(input)).toBe('must not be empty'));

  it.each(['\u3164', '\u115f\u1160', '\u2800', '\ufe0f', '\u034f', '\u{e0041}\u{e007f}'])(
    'of fillers that look like nothing is refused: %j',
    (input) => expect(refusalOf(input)).toBe('must not be empty'),
  );

  it('is cut between two characters, and says so', () => {
    expect([cut('👍👍', 2), cut('👍👍👍', 2), cut('a b c', 3)]).toEqual(['👍👍', '👍…', 'a…']);
  });

  it.each(['a\0b', '\ud800', '\udc00 low first \ud800', 'a\ud83d b', '\ude00'])(
    'that PostgreSQL would refuse or alter is refused: %j',
    (input) => expect(refusalOf(input)).toBe('has a character that cannot be kept'),
  );

  it('is stored in one form, however it was typed', () => {
    expect(cleaned('Zoe\u0308 S\u0327')).toBe('Zoë Ş');
  });

  it('is in that form also where something hidden stood between a letter and its mark', () => {
    expect(cleaned('Zoe\u200b\u0308')).toBe('Zoë');
  });

  it('loses marks that turn or hide other text', () => {
    expect(cleaned('invoice\u202egpj.exe')).toBe('invoicegpj.exe');
    expect(cleaned('\u2066a\u2069\u202ab\u202c pay\u200bpal\ufeff')).toBe('ab paypal');
  });

  it('keeps what scripts and emoji need', () => {
    const needed = ['می\u200cخواهم', family, '🏴󠁧󠁢󠁷󠁬󠁳󠁿', 'क्षत्रिय', 'שׁ\u05b8\u05bc', 'a\tb\n\nc'];
    expect(needed.map(cleaned)).toEqual(needed.map((input) => input.normalize('NFC')));
  });

  it('loses control characters', () => {
    expect(cleaned('\u0007a\u001b[31mb\u007f\u0090')).toBe('a[31mb');
  });

  it('keeps its lines, whichever system broke them', () => {
    expect(cleaned('a\r\nb\rc\u2028d\u2029e\u000bf\u0085g')).toBe('a\nb\nc\nd\ne\nf\ng');
  });

  it('does not pile marks up over the lines around it', () => {
    const pile = 'h\u0335\u0316\u0300\u0363\u0489\u0335\u0359\u0316\u030d';
    const [kept = ''] = cleaned(`${pile.repeat(3)}!`).match(/^h\p{M}*/u) ?? [];
    expect(kept.length).toBeLessThanOrEqual(5);
    expect(lengthOf(cleaned(`${pile.repeat(3)}!`))).toBe(4);
  });
});

describe('a line', () => {
  it('has no line breaks and no runs of blanks', () => {
    expect(line(80).parse(' a \r\n\r\n b\t\u00a0c\u2028d ')).toBe('a b c d');
  });
});

/** Beside the repository, on machines of developers. */
const folder = fileURLToPath(new URL('../../../../shared/data/text/', import.meta.url));
const people = fileURLToPath(new URL('../../../../shared/data/people/', import.meta.url));
const withData = existsSync(folder) ? it : it.skip;
const json = (file: string) => JSON.parse(readFileSync(`${folder}${file}`, 'utf8')) as unknown;

describe('awkward strings of the world', () => {
  withData('have the published length and form (skipped without ../shared/data)', () => {
    const strings = json('unicode.json') as { id: string; text: string; graphemes: number; nfc: string }[];
    for (const { id, text: input, graphemes, nfc } of strings) {
      expect({ id, length: lengthOf(input) }).toEqual({ id, length: graphemes });
      const kept = cleaned(input);
      expect({ id, kept: kept.normalize('NFC') }).toEqual({ id, kept });
      if (!['rlo', 'zwsp', 'zalgo'].includes(id)) expect({ id, kept }).toEqual({ id, kept: nfc });
    }
  });

  withData(
    'are each kept or refused, and what is kept is kept as it is (skipped without ../shared/data)',
    () => {
      const strings = json('blns.json') as string[];
      const refused = strings.filter((input) => !read(input).success);

      expect(strings.length).toBeGreaterThan(400);
      // Nothing to see in them; all else may be said.
      expect(refused.filter((input) => /[\p{L}\p{N}\p{P}]/u.test(input))).toEqual([]);
      for (const input of strings.filter((input) => read(input).success)) {
        const kept = cleaned(input);
        expect(cleaned(kept)).toBe(kept);
        expect(kept).not.toMatch(/[\0-\u0008\u000b-\u001f\u202a-\u202e\u2066-\u2069]/u);
      }
    },
  );
});

describe('a handle', () => {
  const accepted = (name: string) => handle(40).safeParse(name);

  it.each([
    "Siobhán O'Brien",
    'O’Neill',
    'Jean-Luc',
    'María José García-Márquez',
    'José Ángel',
    'Łukasz Żółć',
    'Jiří Dvořák',
    'Þórður Ægisson',
    'Nguyễn Ngọc Ánh',
    'Uğur Işık',
    'X Æ A-12',
    'ʻAlohi Kaʻaʻawa',
    'D\u02bcAngelo',
    'Martin Luther King, Jr.',
    'J. Abara 2',
    'Bram, Utrecht',
    'Zoë 🚲',
    '👩‍🔧 Ann',
    'Rhys 🏴󠁧󠁢󠁷󠁬󠁳󠁿',
    '42',
    '李小龍',
    '欧阳娜娜',
    '山田 花子',
    '佐々木 ケイ',
    'きゃりーぱみゅぱみゅ',
    'ラーメン大好き小池さん',
    '김 소월 金素月',
    'ㄅㄆㄇ',
    'محمد',
    'علی\u200cرضا',
    'يُوسُف',
    'יעל',
    'Ђорђе',
    'Мар\u02bcяна',
    'Наталья-Мария',
    'Ελένη Παπαδοπούλου',
    'Գայանե',
    'თამარ',
    'นงลักษณ์',
    'अनुष्का',
    'ක්\u200dෂේත්‍රා',
    'ଅନନ୍ୟା',
    'ლ',
    'Hostetler',
    'Stafford',
    'Teamer',
    'Adminah',
    'Parleyson',
    'Root Vegetable',
    'Hosten Anna',
  ])('%s is one', (name) => expect(accepted(name).success).toBe(true));

  it.each([
    ['Latin with a Cyrillic letter', 'M\u0430ria'],
    ['Cyrillic with a Latin letter', 'Иpина'],
    ['Latin with a Greek letter', 'Ann\u03b1'],
    ['Latin with a Greek omicron', 'Jοhn'],
    ['Latin with an Armenian letter', 'Aոna'],
    ['Latin with a Georgian letter', 'Tოm'],
    ['Latin with a Hebrew letter', 'Annס'],
    ['Latin and Arabic', 'Omar عمر'],
    ['Latin and Han', 'Tom 李'],
    ['Greek and Cyrillic', 'Аλина'],
    ['Arabic and Hebrew', 'محמ'],
    ['Hangul and Katakana', '김カ'],
    ['letters of mathematics', '𝐀𝐧𝐧𝐚'],
    ['letters in a script of mathematics', '𝒜nna'],
    ['letters that only look like Latin ones, of Lisu', 'ꓮꓠꓠꓮ'],
    ['letters that only look like Latin ones, of syllabics', 'ᗩᗪᗰᓰᑎ'],
    ['letters that only look like Latin ones, of Cherokee', 'ᎪᎢᎬ'],
    ['runes', 'ᚨᚾᚾᚨ'],
    ['the product', 'Parley'],
    ['the product in capitals', 'PARLEY'],
    ['the product in wide letters', '\uff30arley help'],
    ['the product in circled letters', 'Ⓟⓐⓡⓛⓔⓨ'],
    ['the product with an accent', 'Párley'],
    ['the product with a digit', 'Par1ey'],
    ['the product letter by letter', 'P a r l e y'],
    ['the product with points', 'p.a.r.l.e.y'],
    ['the product beside a word', 'Parley-Hilfe'],
    ['the product behind a hidden joiner', 'Par\u200dley'],
    ['the product behind a grapheme joiner', 'Par\u034fley'],
    ['the product behind a variation selector', 'Par\ufe0fley'],
    ['the product with a turn in it', '\u202eParley'],
    ['an admin', 'admin'],
    ['an admin in capitals', 'ADMIN'],
    ['an admin with a digit', 'adm1n'],
    ['an admin with signs', '@dm!n'],
    ['an admin with a number', 'admin_42'],
    ['an admin in brackets', '[Admin]'],
    ['an admin behind a soft hyphen', 'ad\u00admin'],
    ['an admin behind a zero-width space', 'ad\u200bmin'],
    ['an admin behind a non-joiner', 'ad\u200cmin'],
    ['an admin behind a word joiner', 'ad\u2060min'],
    ['an admin behind a tag', 'ad\u{e0061}min'],
    ['admins', 'The admins'],
    ['an administrator', 'Administrator'],
    ['an administrator in German', 'Administratorin'],
    ['a role', 'Moderator'],
    ['a role in German', 'Anna, Moderatorin'],
    ['a role with a digit', 'M0derator'],
    ['a role with accents', 'Mödérator'],
    ['what moderators do', 'Moderation'],
    ['a role beside a name', 'Anna (staff)'],
    ['a role with a badge', '✔ Staff'],
    ['the role of managers', 'Community Manager'],
    ['the role of managers with a hyphen', 'Community-Leitung'],
    ['another role', 'Producer'],
    ['a role alone', '* Host *'],
    ['the team', 'TEAM'],
    ['the team of the brand', 'Halden Team'],
    ['the team with a digit', 'T3am Halden'],
    ['what is official', 'Halden Official'],
    ['support', 'support'],
    ['the system', 'System'],
    ['who has left', 'Former member'],
    ['who has left, in German', 'Ehemaliges Mitglied'],
    ['everybody', 'everybody'],
    ['nothing but signs', '...'],
    ['nothing but a picture', '🚲'],
    ['nothing but marks', '\u0301\u0301'],
    ['nothing to see', '\u2800\u2800'],
    ['nothing but fillers', '\u3164'],
    ['nothing but joiners', '\u200d\u200c'],
    ['blanks', ' \u00a0 '],
    ['an empty text', ''],
    ['a NUL', 'A\0nn'],
    ['a broken pair', 'A\ud800'],
    ['too many characters', 'x'.repeat(41)],
    ['a heap of marks', `Z${'\u0321'.repeat(6)}oe`],
    ['a heap of different marks', 'Z\u0335\u0316\u0300\u0363oe'],
    ['marks around a letter', 'Z\u0489\u0489\u0489\u0489'],
    ['a heap of vowel signs', 'מ\u05b8\u05bc\u05b9\u05c1'],
  ])('%s is none', (_, name) => expect(accepted(name).success).toBe(false));

  it('loses what hides or turns other text', () => {
    expect(accepted('Ann\u202e\u200ba').data).toBe('Anna');
    expect(accepted('  Ann\t\n Lee ').data).toBe('Ann Lee');
    expect(accepted('An\u200cn\u034fa\ufe0f').data).toBe('Anna');
    expect(accepted('An\u3164na').data).toBe('Anna');
  });

  it('is one and the same however its letters are put together', () => {
    expect(accepted('Ame\u0301lie').data).toBe('Am\u00e9lie');
    expect(accepted('Ngo\u0323c').data).toBe('Ng\u1ecdc');
  });

  it('keeps the joiners that its writing needs, and the parts of pictures', () => {
    for (const name of ['علی\u200cرضا', '👩\u200d🔧 Ann', 'Rhys 🏴󠁧󠁢󠁷󠁬󠁳󠁿']) expect(accepted(name).data).toBe(name);
  });

  it('that was cleaned is not cleaned further', () => {
    for (const name of ['Ann\u202e\u200ba', 'Ngo\u0323c', 'علی\u200cرضا', 'Zoë 🚲']) {
      const once = accepted(name).data!;
      expect(accepted(once).data).toBe(once);
    }
  });

  const cellsOf = (file: string) =>
    readFileSync(`${people}${file}`, 'utf8')
      .trim()
      .split('\n')
      .slice(1)
      .map((row) =>
        [...row.matchAll(/("((?:[^"]|"")*)"|[^,]*)(,|$)/g)].map(([, plain, quoted]) =>
          (quoted ?? plain!).replaceAll('""', '"'),
        ),
      );

  withData('is what people of the world are called (skipped without ../shared/data)', () => {
    const rows = cellsOf('people.csv');
    expect(rows.length).toBeGreaterThan(700);
    const names = rows.flatMap(([, , first, last]) => [first!, last!]);
    expect(names.filter((name) => name.length <= 40 && !accepted(name).success)).toEqual([]);
  });

  withData('is also what breaks the forms of others (skipped without ../shared/data)', () => {
    const names = cellsOf('awkward-names.csv').flatMap(([last, first]) => [last!, first!]);
    expect(names.length).toBeGreaterThan(40);
    expect(names.filter((name) => name && !accepted(name).success)).toEqual([]);
  });
});
