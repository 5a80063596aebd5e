import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { Problem } from './problem';

/** What a manifest says of a file; what it says beside these is not looked at. */
const Entry = z.looseObject({
  file: z.string(),
  /** In words: reject, accept, re-encode, strip ...; without it the file is to be taken as it is described. */
  expect: z.string().optional(),
  ImageWidth: z.number().optional(),
  ImageHeight: z.number().optional(),
  /** As EXIF has it: from 5 on the picture lies on its side. */
  Orientation: z.number().optional(),
  /** Degrees, of a video or of a picture in a box of its own. */
  Rotation: z.number().optional(),
  MIMEType: z.string().optional(),
  duration_s: z.string().nullish(),
});
type Entry = z.infer<typeof Entry>;

/** What is to become of a file. */
export interface Expected {
  file: string;
  path: string;
  bytes: Buffer;
  /** May be taken, and may be refused: one of them at least. */
  taken: boolean;
  refused: boolean;
  /** As it is to be shown; null where the manifest does not say. */
  size: { width: number; height: number } | null;
  /** The file itself says that a part of the picture is to be shown. */
  cropped: boolean;
  seconds: number | null;
  captions: boolean;
  /** To be shown by a manager: members do not send these. */
  document: boolean;
}

/** Reads `manifest.json` of a folder, a list of files with what they are or what should happen to them. */
export function readManifest(folder: string): Expected[] {
  let given: unknown;
  try {
    given = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8'));
  } catch (error) {
    throw new Problem(`${folder}/manifest.json cannot be read: ${(error as Error).message}`, 2);
  }
  const entries = z.array(Entry).safeParse(given);
  if (!entries.success)
    throw new Problem(
      `${folder}/manifest.json is not a list of files: ${entries.error.issues[0]?.message}`,
      2,
    );
  let before = '';
  return entries.data.map((entry) => {
    const words = /^as above/i.test(entry.expect ?? '') ? before : (entry.expect ?? '');
    before = words;
    const path = join(folder, entry.file);
    const bytes = readFileSync(path);
    return { file: entry.file, path, bytes, ...outcomeOf(words), ...shapeOf(entry, bytes) };
  });
}

/** Reads an expectation in words: to be refused, to be taken, or either. */
export function outcomeOf(words: string): Pick<Expected, 'taken' | 'refused'> {
  const refused = /\b(reject|refuse)/i.test(words);
  const taken = !refused || /\bor (accept|re-?encode|sanit|strip|clean|render)/i.test(words);
  return { taken, refused };
}

function shapeOf(
  { ImageWidth, ImageHeight, Orientation = 1, Rotation = 0, MIMEType = '', duration_s, file }: Entry,
  bytes: Buffer,
): Pick<Expected, 'size' | 'cropped' | 'seconds' | 'captions' | 'document'> {
  const lies = Orientation >= 5 || Math.abs(Rotation) % 180 === 90;
  const size =
    ImageWidth && ImageHeight
      ? {
          width: lies ? ImageHeight : ImageWidth,
          height: lies ? ImageWidth : ImageHeight,
        }
      : null;
  return {
    size,
    cropped: bytes.subarray(0, 4_096).includes('clap'),
    seconds: duration_s ? Number(duration_s) : null,
    captions: /\.(vtt|srt)$/i.test(file) || MIMEType === 'text/vtt',
    document: bytes.subarray(0, 5).toString('latin1') === '%PDF-',
  };
}
