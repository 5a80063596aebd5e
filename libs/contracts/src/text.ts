import { z } from 'zod';

const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** Characters as a person counts them. */
export function lengthOf(text: string): number {
  let count = 0;
  for (const _ of graphemes.segment(text)) count += 1;
  return count;
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

/**
 * What a person writes: cleaned, 1 to `max` characters as a person counts them.
 * NUL and broken surrogate pairs are refused, because PostgreSQL would refuse or alter them.
 */
export const text = (max: number) =>
  z
    .string()
    .max(max * 12, 'too long')
    .refine((value) => !/[\0\p{Surrogate}]/u.test(value), 'has a character that cannot be kept')
    .transform(clean)
    .refine((value) => visible.test(value), 'must not be empty')
    .refine((value) => value.length <= max || lengthOf(value) <= max, `at most ${max} characters`);

/** The same on one line. */
export const line = (max: number) => text(max).transform((value) => value.replace(/\s+/gu, ' '));

/** Writings that names are made of; those in one row go together. */
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
  ].map((name) => [name]),
].map((names) => new RegExp(`^[${names.map((name) => `\\p{scx=${name}}`).join('')}]*$`, 'u'));
const isOneWriting = (name: string) => {
  const letters = name.replace(/[^\p{L}]/gu, '');
  return writings.some((writing) => writing.test(letters));
};

/** Words by which somebody would pass for the team or the product. */
const reserved =
  /(^|[^\p{L}])(parley|admin|administrator|moderator|moderation|staff|official|support)([^\p{L}]|$)/iu;
const reservedAlone =
  /^\P{L}*(team|host|producer|manager|system|member|former member|everybody|root)\P{L}*$/iu;

/**
 * What somebody is called here: one line in letters of one writing, with no more than three marks on a letter, and
 * nothing that makes them pass for the team.
 */
export const handle = (max: number) =>
  line(max)
    .refine((name) => /[\p{L}\p{N}]/u.test(name), 'letters or digits')
    .refine(isOneWriting, 'letters of one alphabet')
    .refine((name) => !/[\p{M}]{4}/u.test(name), 'at most three marks on a letter')
    .refine(
      (name) => !reserved.test(name.normalize('NFKC')) && !reservedAlone.test(name.normalize('NFKC')),
      'a name that is not the team’s',
    );
