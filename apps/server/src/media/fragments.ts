import { open } from 'node:fs/promises';
import type { Film } from './media.tables';

interface Box {
  type: string;
  /** Of its content, within what was read. */
  from: number;
  to: number;
}

/**
 * Where the init part and the segments of a fragmented MP4 are (ISO/IEC 14496-12): `ftyp` and `moov` are the one, each
 * `moof` with its `mdat` is one of the others.
 */
export async function fragmentsOf(path: string): Promise<Film> {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    const read = async (at: number, length: number) => {
      const bytes = Buffer.alloc(Math.min(length, size - at));
      await file.read(bytes, 0, bytes.length, at);
      return bytes;
    };
    let init: [number, number] | undefined;
    let track: Track | undefined;
    const segments: Film['segments'] = [];
    let begun: { at: number; seconds: number } | undefined;
    for (let at = 0; at + 8 <= size;) {
      const head = await read(at, 16);
      const type = head.toString('latin1', 4, 8);
      const short = head.readUInt32BE(0);
      const length = short === 1 ? Number(head.readBigUInt64BE(8)) : short || size - at;
      if (type === 'moov') {
        track = mainTrack(await read(at, length));
        init = [0, at + length];
      } else if (type === 'moof' && track) begun = { at, seconds: secondsOf(await read(at, length), track) };
      else if (type === 'mdat' && begun) {
        segments.push([begun.seconds, begun.at, at + length - begun.at]);
        begun = undefined;
      }
      at += length;
    }
    if (!init || !track || !segments.length) throw new Error('not a fragmented MP4');
    const seconds = segments.reduce((sum, [each]) => sum + each, 0);
    return {
      codecs: track.codecs,
      bandwidth: Math.ceil((size * 8) / Math.max(seconds, 0.1)),
      init,
      segments,
    };
  } finally {
    await file.close();
  }
}

interface Track {
  id: number;
  timescale: number;
  /** In its own time; of samples that do not say theirs. */
  sampleDuration: number;
  codecs: string;
}

function* boxes(bytes: Buffer, from: number, to: number): Iterable<Box> {
  for (let at = from; at + 8 <= to;) {
    const length = bytes.readUInt32BE(at) || to - at;
    yield { type: bytes.toString('latin1', at + 4, at + 8), from: at + 8, to: at + length };
    at += length;
  }
}

/** The first box that is reached by these types, one in the other. */
function within(bytes: Buffer, box: Box, ...path: string[]): Box | undefined {
  let here: Box | undefined = box;
  for (const type of path)
    here = here && [...boxes(bytes, here.from, here.to)].find((one) => one.type === type);
  return here;
}

/** The picture's track, or the sound's where there is no picture; with the codecs of all. */
function mainTrack(moov: Buffer): Track {
  const whole: Box = { type: 'moov', from: 8, to: moov.length };
  const parts = [...boxes(moov, whole.from, whole.to)];
  const defaults = new Map<number, number>();
  const extended = parts.find(({ type }) => type === 'mvex');
  for (const { type, from } of extended ? boxes(moov, extended.from, extended.to) : [])
    if (type === 'trex') defaults.set(moov.readUInt32BE(from + 4), moov.readUInt32BE(from + 12));
  const tracks = parts
    .filter(({ type }) => type === 'trak')
    .map((trak) => {
      const [tkhd, mdhd, hdlr, stsd] = [
        within(moov, trak, 'tkhd')!,
        within(moov, trak, 'mdia', 'mdhd')!,
        within(moov, trak, 'mdia', 'hdlr')!,
        within(moov, trak, 'mdia', 'minf', 'stbl', 'stsd')!,
      ];
      const id = moov.readUInt32BE(tkhd.from + (moov[tkhd.from] === 1 ? 20 : 12));
      const timescale = moov.readUInt32BE(mdhd.from + (moov[mdhd.from] === 1 ? 20 : 12));
      const isVideo = moov.toString('latin1', hdlr.from + 8, hdlr.from + 12) === 'vide';
      const avcC = moov.subarray(stsd.from, stsd.to).indexOf('avcC');
      const at = stsd.from + avcC + 4;
      const codec = isVideo && avcC >= 0 ? `avc1.${moov.toString('hex', at + 1, at + 4)}` : 'mp4a.40.2';
      return { id, timescale, isVideo, codec, sampleDuration: defaults.get(id) ?? 0 };
    });
  const main = tracks.find(({ isVideo }) => isVideo) ?? tracks[0];
  if (!main) throw new Error('an MP4 without a track');
  return { ...main, codecs: tracks.map(({ codec }) => codec).join(',') };
}

/** How long the samples of one track in a fragment last. */
function secondsOf(moof: Buffer, track: Track): number {
  let sum = 0;
  for (const traf of boxes(moof, 8, moof.length)) {
    if (traf.type !== 'traf') continue;
    const tfhd = within(moof, traf, 'tfhd')!;
    if (moof.readUInt32BE(tfhd.from + 4) !== track.id) continue;
    const flags = moof.readUInt32BE(tfhd.from) & 0xff_ff_ff;
    const skipped = (flags & 0x01 ? 8 : 0) + (flags & 0x02 ? 4 : 0);
    const usual = flags & 0x08 ? moof.readUInt32BE(tfhd.from + 8 + skipped) : track.sampleDuration;
    for (const trun of boxes(moof, traf.from, traf.to)) {
      if (trun.type !== 'trun') continue;
      const has = moof.readUInt32BE(trun.from) & 0xff_ff_ff;
      const samples = moof.readUInt32BE(trun.from + 4);
      if (!(has & 0x100)) {
        sum += samples * usual;
        continue;
      }
      const each = 4 * [0x100, 0x200, 0x400, 0x800].filter((flag) => has & flag).length;
      const first = trun.from + 8 + (has & 0x01 ? 4 : 0) + (has & 0x04 ? 4 : 0);
      for (let i = 0; i < samples; i += 1) sum += moof.readUInt32BE(first + i * each);
    }
  }
  return sum / track.timescale;
}
