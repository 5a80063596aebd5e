/** One line or more of speech, from and to in seconds. */
interface Caption {
  from: number;
  to: number;
  text: string;
}

const arrow = /^\s*((?:\d+:)?\d{1,2}:\d{2}[.,]\d{1,3})\s+-->\s+((?:\d+:)?\d{1,2}:\d{2}[.,]\d{1,3})/;
const CAPTIONS_MAX = 20_000;

/**
 * Reads WebVTT or SubRip and writes WebVTT anew: times and plain words alone, no styles, regions, notes or tags. Null where it
 * is neither.
 */
export function captionsOf(source: string): string | null {
  const text = source.replace(/^\uFEFF/, '').replace(/\r\n?/g, '\n');
  if (text.includes('\0')) return null;
  const isVtt = /^WEBVTT(?:[ \t].*)?(?:\n|$)/.test(text);
  const captions: Caption[] = [];
  for (const block of text.split(/\n{2,}/)) {
    const lines = block.split('\n');
    const at = lines.findIndex((line) => arrow.test(line));
    if (at < 0 || at > 1) continue;
    const [, from = '', to = ''] = arrow.exec(lines[at]!)!;
    const words = plain(lines.slice(at + 1).join('\n'));
    const caption = { from: secondsOf(from), to: secondsOf(to), text: words };
    if (words && caption.from < caption.to) captions.push(caption);
  }
  if (!captions.length || captions.length > CAPTIONS_MAX) return null;
  if (!isVtt && !/^\s*\d*\s*\n?.*-->/.test(text)) return null;
  const cues = captions.map(({ from, to, text: words }) => `${stamp(from)} --> ${stamp(to)}\n${words}\n`);
  return `WEBVTT\n\n${cues.join('\n')}`;
}

/** Without tags; what is left of the signs that begin one is written as text. */
const plain = (words: string) =>
  words
    .replace(/<[^>]*>/g, '')
    .replace(/&(?!(?:amp|lt|gt|nbsp|lrm|rlm);)/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/-->/g, '→')
    .replace(/\n{2,}/g, '\n')
    .trim();

function secondsOf(time: string): number {
  const parts = time.replace(',', '.').split(':').map(Number);
  return parts.reduce((sum, part) => sum * 60 + part, 0);
}

function stamp(seconds: number): string {
  const ms = Math.round(seconds * 1_000);
  const two = (value: number) => String(value).padStart(2, '0');
  const clock = [Math.floor(ms / 3_600_000), Math.floor(ms / 60_000) % 60, Math.floor(ms / 1_000) % 60];
  return `${clock.map(two).join(':')}.${String(ms % 1_000).padStart(3, '0')}`;
}
