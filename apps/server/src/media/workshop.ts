import { type ChildProcess, fork, spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream, existsSync } from 'node:fs';
import { mkdtemp, open, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { setPriority } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { createWriteStream } from 'node:fs';
import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import {
  LEAK_PART_SECONDS,
  LEAK_SWING,
  LOOK_HEIGHT,
  LOOK_WIDTH,
  LOOKS_PER_SECOND,
} from '@parley/insight/leak';
import type { MediaKind, MediaRefusal, UploadPurpose } from '@parley/contracts/media';
import { fileTypeFromFile } from 'file-type';
import { captionsOf } from './captions';
import { fragmentsOf } from './fragments';
import type { Film } from './media.tables';

/** A file that cannot be taken, and why. */
export class Refused extends Error {
  constructor(readonly reason: MediaRefusal) {
    super(reason);
  }
}

/** One of the forms in which a file may be shown, ready on the disk. */
export interface Rendition {
  name: string;
  mediaType: string;
  width: number | null;
  height: number | null;
  file: string;
  bytes: number;
  sha256: string;
  film: Film | null;
}

export interface Made {
  kind: MediaKind;
  /** As it is seen. */
  width: number | null;
  height: number | null;
  durationMs: number | null;
  pages: number | null;
  renditions: Rendition[];
}

export interface Asked {
  purpose: UploadPurpose;
  /** An empty folder for what is made. */
  into: string;
}

const pictures = new Set([
  'image/jpeg',
  'image/png',
  'image/apng',
  'image/webp',
  'image/gif',
  'image/avif',
  'image/heic',
  'image/heif',
  'image/heic-sequence',
]);
/** What FFmpeg is to take a file for, whatever else is in it. */
const demuxers: Record<string, string> = {
  'video/mp4': 'mov',
  'video/x-m4v': 'mov',
  'video/quicktime': 'mov',
  'video/3gpp': 'mov',
  'video/3gpp2': 'mov',
  'audio/mp4': 'mov',
  'audio/x-m4a': 'mov',
  'video/webm': 'matroska',
  'video/matroska': 'matroska',
  'video/x-matroska': 'matroska',
  'audio/mpeg': 'mp3',
  'audio/aac': 'aac',
  'audio/ogg': 'ogg',
  'audio/opus': 'ogg',
  'audio/wav': 'wav',
};
/** The EICAR test file, in two halves, so that nobody takes this one for it. */
const testVirus = ['X5O!P%@AP[4\\PZX54(P^)7CC)7}$', 'EICAR-STANDARD-ANTIVIRUS-TEST-FILE!'].join('');

const PICTURE_MS = 10_000;
const DOCUMENT_MS = 60_000;
const MEMORY_MAX = 1_500 * 1024 ** 2;
const SIDE_MAX = 4_096;
const RATE_MAX = 121;
const longest: Record<UploadPurpose, number> = { asset: 3 * 3_600, captions: 0, submission: 600 };
/** Seconds of a segment: also of what a leaked copy is told by. */
const PART = LEAK_PART_SECONDS;

/**
 * Turns what somebody sent into what may be shown: taken apart and made anew, without anything that the picture or the
 * sound does not need. Whoever opens a file is a process of its own, with limits.
 */
@Injectable()
export class Workshop implements OnModuleDestroy {
  private readonly folder = ['../workshop', '../../workshop']
    .map((path) => join(import.meta.dirname, path))
    .find((path) => existsSync(path))!;
  private readonly native = nativeTools();
  private painter: Painter | undefined;
  private readonly films = new Set<ChildProcess>();

  onModuleDestroy() {
    this.painter?.end();
    for (const film of this.films) film.kill('SIGKILL');
  }

  /** Throws `Refused` for what cannot be taken; anything else it throws is our failure. */
  async make(
    path: string,
    { purpose, into }: Asked,
    onProgress: (share: number) => void = () => undefined,
  ): Promise<Made> {
    const { size } = await stat(path);
    if (!size) throw new Refused('empty');
    const head = await headOf(path, 1024 ** 2);
    if (head.includes(testVirus)) throw new Refused('blocked');
    if (purpose === 'captions') return this.captions(path, into);
    const type = await fileTypeFromFile(path).catch(() => undefined);
    const mime = type?.mime ?? '';
    if (pictures.has(mime)) {
      const asked = { what: 'picture', path, into, mime: mime.replace('-sequence', '') };
      const made = (await this.paint(asked, PICTURE_MS)) as Omit<Made, 'durationMs'>;
      return { ...made, durationMs: null };
    }
    if (mime === 'application/pdf') {
      if (purpose !== 'asset') throw new Refused('notForThis');
      const made = (await this.paint({ what: 'document', path, into }, DOCUMENT_MS)) as Omit<
        Made,
        'durationMs'
      >;
      return { ...made, durationMs: null };
    }
    const demuxer = demuxers[mime.split(';')[0] ?? ''];
    if (demuxer) return this.film(path, demuxer, purpose, into, onProgress);
    if (captionsOf(head.toString('utf8'))) throw new Refused('notForThis');
    throw new Refused('typeNotAllowed');
  }

  /** The same picture with words all over it. */
  async mark(picture: Buffer, words: string): Promise<Buffer> {
    return Buffer.from((await this.paint({ what: 'mark', bytes: picture, words }, PICTURE_MS)) as Uint8Array);
  }

  private async captions(path: string, into: string): Promise<Made> {
    const written = captionsOf(await readFile(path, 'utf8'));
    if (!written) throw new Refused('unreadable');
    const file = join(into, 'text.vtt');
    await writeFile(file, written);
    const rendition = await renditionOf('text', 'text/vtt', file, {});
    return {
      kind: 'captions',
      width: null,
      height: null,
      durationMs: null,
      pages: null,
      renditions: [rendition],
    };
  }

  private async paint(asked: object, limit: number): Promise<unknown> {
    if (!this.painter || this.painter.gone) this.painter = new Painter(join(this.folder, 'pictures.mjs'));
    return this.painter.ask(asked, limit);
  }

  private async film(
    path: string,
    demuxer: string,
    purpose: UploadPurpose,
    into: string,
    onProgress: (share: number) => void,
  ): Promise<Made> {
    const source = await this.probe(path, demuxer, into);
    const { video, audio, seconds } = source;
    if (!video && !audio) throw new Refused('unreadable');
    if (source.tooMany) throw new Refused('tooManyStreams');
    if (seconds > longest[purpose]) throw new Refused('tooLong');
    if (video && (Math.max(video.width, video.height) > SIDE_MAX || video.rate > RATE_MAX))
      throw new Refused('tooBig');
    const tracks = video ? tracksOf(video, purpose === 'asset' && this.native !== undefined) : [];
    const isAsset = purpose === 'asset';
    const outputs = video
      ? tracks.flatMap(({ name, width, height }) =>
          (isAsset ? (['', 'b'] as const) : ([''] as const)).map((variant) => [
            ...['-map', '0:v:0', '-map', '0:a:0?'],
            ...[
              '-vf',
              [
                `scale=${width}:${height}`,
                'setsar=1',
                rateOf(video.rate),
                ...swing(isAsset, variant),
                'format=yuv420p',
              ].join(','),
            ],
            ...[
              '-c:v',
              'libx264',
              '-preset',
              'veryfast',
              '-crf',
              '24',
              '-profile:v',
              'main',
              '-g',
              '9999',
              '-sc_threshold',
              '0',
            ],
            ...['-force_key_frames', `expr:gte(t,n_forced*${PART})`],
            ...[
              ...sound,
              ...clean,
              '-movflags',
              '+frag_keyframe+empty_moov+default_base_moof',
              '-f',
              'mp4',
              `/out/${name}${variant}.mp4`,
            ],
          ]),
        )
      : [
          [
            ...['-map', '0:a:0', ...sound, ...clean, '-movflags', '+empty_moov+default_base_moof'],
            ...['-frag_duration', String(PART * 1_000_000), '-f', 'mp4', '/out/a96.mp4'],
          ],
        ];
    if (video)
      outputs.push([
        ...[
          '-map',
          '0:v:0',
          '-vf',
          `select='gte(t,${Math.min(1, seconds / 3).toFixed(2)})',scale=${posterOf(video)},setsar=1`,
        ],
        ...['-frames:v', '1', ...clean, '-c:v', 'png', '-f', 'image2', '/out/poster.png'],
      ]);
    if (video && isAsset)
      outputs.push([
        ...[
          '-map',
          '0:v:0',
          '-vf',
          `fps=${LOOKS_PER_SECOND},scale=${LOOK_WIDTH}:${LOOK_HEIGHT}:flags=area,format=gray`,
        ],
        ...['-c:v', 'rawvideo', '-f', 'rawvideo', '/out/looks.gray'],
      ]);
    // One more second than allowed shows that there is more.
    const input = ['-f', demuxer, '-t', String(longest[purpose] + 1), '-i', '/in/film'];
    const limit = 60_000 + seconds * 1_000 * (this.native ? 10 : 40);
    const args = ['-nostdin', '-hide_banner', '-y', ...input, ...outputs.flat()];
    const { code } = await this.run('ffmpeg', path, into, args, limit, (line) => {
      const [, hours, minutes, rest] = /time=(\d+):(\d+):([\d.]+)/.exec(line) ?? [];
      if (rest && seconds)
        onProgress(Math.min(0.99, (Number(hours) * 3_600 + Number(minutes) * 60 + Number(rest)) / seconds));
    });
    const names = outputs.flatMap((output) => basename(output.at(-1)!));
    const missing = names.find((name) => !existsSync(join(into, name)));
    if (code || missing) throw new Refused('unreadable');
    const renditions: Rendition[] = [];
    for (const name of names.filter((one) => one.endsWith('.mp4'))) {
      const track = tracks.find((one) => name.startsWith(`${one.name}.`) || name.startsWith(`${one.name}b.`));
      const file = join(into, name);
      const film = await fragmentsOf(file).catch(() => {
        throw new Refused('unreadable');
      });
      const type = video ? 'video/mp4' : 'audio/mp4';
      renditions.push(await renditionOf(name.replace('.mp4', ''), type, file, { ...size(track), film }));
    }
    const real = renditions[0]!.film!.segments.reduce((sum, [each]) => sum + each, 0);
    if (real > longest[purpose]) throw new Refused('tooLong');
    // What breaks off long before its end is damaged: nobody is to think that it was all there.
    if (real < seconds * 0.9 && seconds - real > 1) throw new Refused('unreadable');
    if (video) {
      const made = (await this.paint(
        { what: 'poster', path: join(into, 'poster.png'), into },
        PICTURE_MS,
      )) as Made;
      renditions.push(...made.renditions);
    }
    if (video && isAsset) {
      const file = join(into, 'looks.gz');
      await pipeline(createReadStream(join(into, 'looks.gray')), createGzip(), createWriteStream(file));
      renditions.push(await renditionOf('looks', 'application/gzip', file, {}));
    }
    return {
      kind: video ? 'video' : 'audio',
      ...{ width: video?.width ?? null, height: video?.height ?? null, pages: null },
      durationMs: Math.round(real * 1_000),
      renditions,
    };
  }

  /** What is in a film: its first picture and sound, and for how long its header says that it lasts. */
  private async probe(path: string, demuxer: string, into: string) {
    const folder = await mkdtemp(join(into, 'probe-'));
    const args = [
      '-v',
      'error',
      '-f',
      demuxer,
      '-show_streams',
      '-show_format',
      '-of',
      'json',
      '/in/film',
      '-o',
      '/out/probe.json',
    ];
    await this.run('ffprobe', path, folder, args, 60_000);
    const text = await readFile(join(folder, 'probe.json'), 'utf8').catch(() => '{}');
    await rm(folder, { recursive: true });
    return sourceOf(JSON.parse(text || '{}') as Probed);
  }

  /** Runs FFmpeg with `/in/film` for the input and `/out/` for a folder; resolves with its exit code. */
  private run(
    program: 'ffmpeg' | 'ffprobe',
    path: string,
    into: string,
    args: string[],
    limit: number,
    onLine: (line: string) => void = () => undefined,
  ): Promise<{ code: number }> {
    const child = this.native
      ? spawn(this.native[program], placed(program, args, path, into), {
          stdio: ['ignore', 'ignore', 'pipe'],
          env: {},
        })
      : spawn(process.execPath, [join(this.folder, 'ffmpeg.mjs'), program, path, into, ...args], {
          stdio: ['ignore', 'ignore', 'pipe'],
          env: {},
        });
    this.films.add(child);
    if (child.pid) {
      try {
        // Live Sessions come first.
        setPriority(child.pid, 10);
      } catch {}
    }
    const watch = watching(child, limit);
    let rest = '';
    child.stderr?.on('data', (bytes: Buffer) => {
      const lines = (rest + bytes.toString('latin1')).split(/[\r\n]/);
      rest = lines.pop()!.slice(-400);
      lines.forEach(onLine);
    });
    return new Promise((done, failed) => {
      child.on('error', failed);
      child.on('close', (code) => {
        this.films.delete(child);
        if (watch.end()) failed(new Refused('tooHeavy'));
        // The WebAssembly has no exit code of its own; what it made says how it went.
        else done({ code: this.native ? (code ?? 1) : 0 });
      });
    });
  }
}

// --- the picture worker ---

/** A process that makes pictures, one after the other, until one is too much for it. */
class Painter {
  gone = false;
  private readonly child: ChildProcess;
  private readonly waiting = new Map<
    number,
    (answer: { result?: unknown; refused?: MediaRefusal }) => void
  >();
  private asked = 0;
  private last: Promise<unknown> = Promise.resolve();

  constructor(path: string) {
    this.child = fork(path, [], {
      serialization: 'advanced',
      execArgv: ['--max-old-space-size=512'],
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      env: { PATH: process.env['PATH'] ?? '' },
    });
    this.child.unref();
    this.child.channel?.unref();
    this.child.on('message', (answer: { id: number; result?: unknown; refused?: MediaRefusal }) => {
      this.waiting.get(answer.id)?.(answer);
      this.waiting.delete(answer.id);
    });
    const lost = () => {
      this.gone = true;
      for (const answer of this.waiting.values()) answer({ refused: 'tooHeavy' });
      this.waiting.clear();
    };
    this.child.on('exit', lost);
    this.child.on('error', lost);
  }

  end() {
    this.gone = true;
    this.child.kill('SIGKILL');
  }

  /** One at a time, so that the limit is each one's own. */
  ask(asked: object, limit: number): Promise<unknown> {
    const turn = this.last.then(() => this.now(asked, limit));
    this.last = turn.catch(() => undefined);
    return turn;
  }

  private async now(asked: object, limit: number): Promise<unknown> {
    if (this.gone) throw new Error('the picture worker is gone');
    const id = (this.asked += 1);
    const watch = watching(this.child, limit);
    const answer = await new Promise<{ result?: unknown; refused?: MediaRefusal }>((done) => {
      this.waiting.set(id, done);
      this.child.send({ id, ...asked }, (error) => error && done({ refused: 'tooHeavy' }));
    });
    watch.end();
    if (answer.refused) throw new Refused(answer.refused);
    return answer.result;
  }
}

/** Kills a process that takes too long or too much memory; `end` answers whether it did. */
function watching(child: ChildProcess, limit: number) {
  let killed = false;
  const kill = () => {
    killed = true;
    child.kill('SIGKILL');
  };
  const late = setTimeout(kill, limit);
  const look = setInterval(() => {
    if (child.pid) void memoryOf(child.pid).then((bytes) => bytes > MEMORY_MAX && kill());
  }, 250);
  return {
    end: () => {
      clearTimeout(late);
      clearInterval(look);
      return killed;
    },
  };
}

/** Bytes of a process in memory, where the system says it. */
const memoryOf = async (pid: number) =>
  Number((await readFile(`/proc/${pid}/statm`, 'latin1').catch(() => '0 0')).split(' ')[1]) * 4_096;

// --- films ---

const clean = [
  ...['-map_metadata', '-1', '-map_chapters', '-1', '-sn', '-dn'],
  ...['-fflags', '+bitexact', '-flags:v', '+bitexact', '-flags:a', '+bitexact'],
];
const sound = ['-c:a', 'aac', '-b:a', '96k', '-ac', '2', '-ar', '48000'];
const rateOf = (rate: number) => (rate > 60 || !rate ? 'fps=30' : 'null');
/** What tells one copy of a film from another; see insight/leak. */
const swing = (isAsset: boolean, variant: '' | 'b') =>
  isAsset ? [`eq=brightness='${variant ? '-' : ''}${LEAK_SWING}*sin(2*PI*t/${PART})':eval=frame`] : [];
const even = (value: number) => Math.max(2, Math.round(value / 2) * 2);
const posterOf = ({ width, height }: { width: number; height: number }) => {
  const share = Math.min(1, 960 / width);
  return `${even(width * share)}:${even(height * share)}`;
};
const size = (track?: { width: number; height: number }) =>
  track ? { width: track.width, height: track.height } : {};

/** Tracks by their shorter side, none larger than the film; at least one. */
function tracksOf({ width, height }: { width: number; height: number }, large: boolean) {
  const short = Math.min(width, height);
  const usual = [360, 720, ...(large ? [1_080] : [])].filter((side, place) => place === 0 || side <= short);
  // What is well above the smallest and below the next is shown as large as it is.
  const sides = short > 400 && short < 720 ? [...usual, even(short)] : usual;
  return sides.map((side) => {
    const share = Math.min(1, side / short);
    return { name: `v${side}`, width: even(width * share), height: even(height * share) };
  });
}

interface Probed {
  streams?: {
    codec_type?: string;
    width?: number;
    height?: number;
    sample_aspect_ratio?: string;
    avg_frame_rate?: string;
    duration?: string;
    disposition?: { attached_pic?: number };
    tags?: { rotate?: string };
    side_data_list?: { rotation?: number }[];
  }[];
  format?: { duration?: string };
}

function sourceOf({ streams = [], format }: Probed) {
  const videos = streams.filter(
    ({ codec_type, disposition }) => codec_type === 'video' && !disposition?.attached_pic,
  );
  const audios = streams.filter(({ codec_type }) => codec_type === 'audio');
  const [first] = videos;
  const turned = Math.abs(
    first?.side_data_list?.find(({ rotation }) => rotation !== undefined)?.rotation ??
      Number(first?.tags?.rotate ?? 0),
  );
  const [across = 1, down = 1] = (first?.sample_aspect_ratio ?? '1:1').split(':').map(Number);
  const [frames = 0, per = 1] = (first?.avg_frame_rate ?? '0/1').split('/').map(Number);
  const stretch = across && down ? across / down : 1;
  // A hair's breadth is a slip of the header, not a shape.
  const wide = Math.round((first?.width ?? 0) * (Math.abs(stretch - 1) < 0.02 ? 1 : stretch));
  const high = first?.height ?? 0;
  const video =
    first && wide && high
      ? {
          width: turned % 180 === 90 ? high : wide,
          height: turned % 180 === 90 ? wide : high,
          rate: per ? frames / per : 0,
        }
      : null;
  const seconds = Math.max(
    0,
    ...[format?.duration, ...streams.map(({ duration }) => duration)].map((value) => Number(value) || 0),
  );
  return { video, audio: audios.length > 0, tooMany: videos.length > 1 || audios.length > 2, seconds };
}

// --- files ---

async function headOf(path: string, most: number): Promise<Buffer> {
  const file = await open(path);
  try {
    const bytes = Buffer.alloc(most);
    const { bytesRead } = await file.read(bytes, 0, most, 0);
    return bytes.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

async function renditionOf(
  name: string,
  mediaType: string,
  file: string,
  {
    width = null,
    height = null,
    film = null,
  }: { width?: number | null; height?: number | null; film?: Film | null },
): Promise<Rendition> {
  const hash = createHash('sha256');
  for await (const bytes of createReadStream(file)) hash.update(bytes as Buffer);
  return {
    name,
    mediaType,
    width,
    height,
    file,
    bytes: (await stat(file)).size,
    sha256: hash.digest('hex'),
    film,
  };
}

/** FFmpeg as it is installed: by FFMPEG_PATH, or on the PATH; undefined where it is not. */
function nativeTools(): { ffmpeg: string; ffprobe: string } | undefined {
  const asked = process.env['FFMPEG_PATH'];
  if (asked === 'none') return undefined;
  const ffmpeg = asked || 'ffmpeg';
  const ffprobe = asked ? join(dirname(asked), 'ffprobe') : 'ffprobe';
  const runs = (program: string) => spawnSync(program, ['-version'], { timeout: 10_000 }).status === 0;
  return runs(ffmpeg) && runs(ffprobe) ? { ffmpeg, ffprobe } : undefined;
}

/** The arguments with real paths; only this file is read, whatever it names. */
const placed = (program: string, args: string[], path: string, into: string) =>
  args.flatMap((arg) => {
    if (arg === '/in/film')
      return [...(program === 'ffprobe' ? ['-protocol_whitelist', 'file,pipe'] : []), `file:${path}`];
    // Protocols are an input's.
    if (arg === '-i') return ['-protocol_whitelist', 'file,pipe', '-i'];
    return [arg.startsWith('/out/') ? join(into, arg.slice(5)) : arg];
  });
