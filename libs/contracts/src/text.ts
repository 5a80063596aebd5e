import { z } from 'zod';

const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** Characters as a person counts them. */
export function lengthOf(text: string): number {
  let count = 0;
  for (const _ of graphemes.segment(text)) count += 1;
  return count;
}

/** So many characters as they are stored, or fewer; a cut never tears one of two halves apart. */
export function cut(words: string, most: number): string {
  const marks = [...words];
  return marks.length <= most
    ? words
    : `${marks
        .slice(0, most - 1)
        .join('')
        .trimEnd()}…`;
}

/** Line breaks of other systems, and those that come along from word processors: dropped, they would join words. */
const breaks = /\r\n?|[\u000b\u000c\u0085\u2028\u2029]/gu;
/** Control characters that no text needs; tab and line breaks stay. */
const unwanted = /[\u0001-\u0008\u000e-\u001f\u007f-\u009f]/gu;
/** Marks that turn or hide other people's text: bidi overrides, zero-width space, soft hyphen, byte order mark. */
const hiding = /[\u200b\u202a-\u202e\u2060-\u2069\ufeff\u00ad]/gu;
/** Marks piled up on one letter, which cover the lines around it. No living script needs more than four. */
const piled = /([\p{Mn}\p{Me}]{4})[\p{Mn}\p{Me}]+/gu;
/** Something to see: not only blanks, marks without width and fillers. */
const visible = /[^\p{Cf}\p{Cc}\p{Default_Ignorable_Code_Point}\s\u2800]/u;

const clean = (text: string) =>
  text
    .replace(breaks, '\n')
    .replace(unwanted, '')
    .replace(hiding, '')
    // After what stood between a letter and its marks is gone.
    .normalize('NFC')
    .replace(piled, '$1')
    .trim();

const keepable = (value: string) => !/[\0\p{Surrogate}]/u.test(value);
const kept = 'has a character that cannot be kept';

/** What is looked for: at most `max` characters, none that PostgreSQL would refuse. */
export const lookedFor = (max: number) => z.string().trim().max(max).refine(keepable, kept);

/**
 * What a person writes: cleaned, 1 to `max` characters as a person counts them.
 * NUL and broken surrogate pairs are refused, because PostgreSQL would refuse or alter them.
 */
export const text = (max: number) =>
  z
    .string()
    .max(max * 12, 'too long')
    .refine(keepable, kept)
    .transform(clean)
    .refine((value) => visible.test(value), 'must not be empty')
    .refine((value) => value.length <= max || lengthOf(value) <= max, `at most ${max} characters`);

/** The same on one line. */
export const line = (max: number) => text(max).transform((value) => value.replace(/\s+/gu, ' '));

/**
 * Writings that names are made of; those in one row go together. Left out are those whose letters can be put together
 * to look like Latin words: Lisu, Cherokee, Canadian syllabics.
 */
const writings = [
  ['Han', 'Hiragana', 'Katakana'],
  ['Han', 'Hangul'],
  ['Han', 'Bopomofo'],
  ...[
    'Latin',
    'Cyrillic',
    'Greek',
    'Armenian',
    'Georgian',
    'Hebrew',
    'Arabic',
    'Devanagari',
    'Bengali',
    'Gurmukhi',
    'Gujarati',
    'Oriya',
    'Tamil',
    'Telugu',
    'Kannada',
    'Malayalam',
    'Sinhala',
    'Thai',
    'Lao',
    'Tibetan',
    'Myanmar',
    'Khmer',
    'Ethiopic',
    'Mongolian',
    'Thaana',
    'Syriac',
    'Nko',
    'Adlam',
    'Tifinagh',
    'Javanese',
    'Balinese',
    'Sundanese',
    'Yi',
    'Ol_Chiki',
    'Meetei_Mayek',
    'Chakma',
  ].map((name) => [name]),
].map((names) => new RegExp(`^[${names.map((name) => `\\p{scx=${name}}`).join('')}]*$`, 'u'));
const isOneWriting = (name: string) => {
  // Apostrophes that count as letters belong to every writing.
  const letters = name.replace(/[^\p{L}]|[\u02b9-\u02bf]/gu, '');
  return writings.some((writing) => writing.test(letters));
};

/** What a picture is put together of, beside the pictures themselves. */
const pictorial =
  /[\p{Extended_Pictographic}\p{Emoji_Modifier}\p{Regional_Indicator}\ufe0f\u200d\u{e0020}-\u{e007f}]/u;
/** Writings in which a joiner or non-joiner between two letters makes a difference to see. */
const joining =
  /[\p{scx=Arabic}\p{scx=Syriac}\p{scx=Devanagari}\p{scx=Bengali}\p{scx=Gurmukhi}\p{scx=Gujarati}\p{scx=Oriya}\p{scx=Tamil}\p{scx=Telugu}\p{scx=Kannada}\p{scx=Malayalam}\p{scx=Sinhala}\p{scx=Mongolian}]/u;

/** A name without marks that nobody sees, by which it could look like another's and yet be different. */
function withoutHidden(name: string): string {
  let kept = '';
  let before = '';
  for (const mark of name) {
    const isHidden = /\p{Default_Ignorable_Code_Point}/u.test(mark);
    const isNeeded = pictorial.test(before) || (/[\u200c\u200d]/.test(mark) && joining.test(before));
    if (isHidden && !isNeeded) continue;
    kept += mark;
    before = mark;
  }
  return kept.normalize('NFC');
}

/** Words by which somebody would pass for the team or the product, wherever they stand in a name. */
const reserved =
  'parley|admins?|administrators?|administratorin|moderators?|moderatorin|moderatoren|moderation|staff|official|support|team';
const reservedWord = new RegExp(
  `(^|[^\\p{L}])(${reserved}|community\\P{L}*(manager|leitung))([^\\p{L}]|$)`,
  'iu',
);
const reservedWhole = new RegExp(`^(${reserved})$`, 'iu');
/** Words that are harmless beside others. */
const reservedAlone =
  /^\P{L}*(host|producer|regie|manager|system|member|former member|mitglied|ehemaliges mitglied|everybody|root)\P{L}*$/iu;

const digitsFor: Record<string, string> = { 0: 'o', 3: 'e', 4: 'a', 5: 's', 7: 't', '@': 'a', $: 's' };

/** As it is read at a glance: without accents, other widths and digits in place of letters. */
function glancesAt(name: string): string[] {
  const plain = name.normalize('NFKD').replace(/\p{M}/gu, '');
  const read = plain.replace(/[03457@$]/g, (sign) => digitsFor[sign]!);
  return [plain, read.replace(/[1!|]/g, 'i'), read.replace(/[1!|]/g, 'l')];
}
const isReserved = (name: string) =>
  reservedAlone.test(name.normalize('NFKC')) ||
  glancesAt(name).some(
    (seen) => reservedWord.test(seen) || reservedWhole.test(seen.replace(/[^\p{L}]/gu, '')),
  );

/**
 * What somebody is called here: one line in letters of one writing, with no more than three marks on a letter, and
 * nothing that makes them pass for the team.
 */
export const handle = (max: number) =>
  line(max)
    .transform(withoutHidden)
    .refine((name) => /[\p{L}\p{N}]/u.test(name), 'letters or digits')
    .refine(isOneWriting, 'letters of one alphabet')
    .refine((name) => !/[\p{M}]{4}/u.test(name), 'at most three marks on a letter')
    .refine((name) => !isReserved(name), 'a name that is not the team’s');
