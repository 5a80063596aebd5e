import { z } from 'zod';

const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** Characters as a person counts them. */
export function lengthOf(text: string): number {
  let count = 0;
  for (const _ of graphemes.segment(text)) count += 1;
  return count;
}

/** Control characters that no text needs; tab and line breaks stay. */
const unwanted = /[\u0001-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/gu;
/** Marks that turn or hide other people's text: bidi overrides, zero-width space, soft hyphen, byte order mark. */
const hiding = /[\u200b\u2028-\u202e\u2060-\u2069\ufeff\u00ad]/gu;

const clean = (text: string) => text.normalize('NFC').replace(unwanted, '').replace(hiding, '').trim();

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
    .refine((value) => /[^\p{Cf}\p{Cc}\s]/u.test(value), 'must not be empty')
    .refine((value) => value.length <= max || lengthOf(value) <= max, `at most ${max} characters`);

/** The same on one line. */
export const line = (max: number) => text(max).transform((value) => value.replace(/\s+/gu, ' '));
