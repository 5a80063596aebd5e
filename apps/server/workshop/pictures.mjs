/**
 * The picture worker: a process of its own, because what it opens comes from anybody. It is killed when a picture takes
 * too long or too much, and started again. It reads files, writes files, and knows nothing else.
 */
import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import sharp from 'sharp';

/**
 * @typedef {{ name: string, mediaType: string, width: number | null, height: number | null, file: string, bytes: number,
 *   sha256: string, film: null }} Rendition
 * @typedef {{ kind: 'image' | 'document', width: number, height: number, pages: number | null, renditions: Rendition[] }} Made
 */

/** Nothing is opened but what is named here: an SVG of 300 bytes would hold a worker for minutes. */
sharp.block({ operation: ['VipsForeignLoad'] });
sharp.unblock({
  operation: [
    'VipsForeignLoadJpeg',
    'VipsForeignLoadPng',
    'VipsForeignLoadWebp',
    'VipsForeignLoadNsgif',
    'VipsForeignLoadHeif',
  ],
});
sharp.cache(false);
sharp.concurrency(1);

const PIXELS_MAX = 50_000_000;
const WIDTHS = [320, 960, 1920];
const MOVING_WIDTH = 960;
const FRAMES_MAX = 120;
const PAGES_MAX = 60;
const PAGE_WIDTH = 1600;
const WEBP = { quality: 80, effort: 2 };

/** What cannot be taken, and why: the contract's MediaRefusal. */
class Refused extends Error {}

/** @type {(input: string | Buffer, options?: sharp.SharpOptions) => sharp.Sharp} */
const open = (input, options) =>
  sharp(input, { limitInputPixels: PIXELS_MAX, failOn: 'truncated', ...options });

/** Makes a picture's sizes. @param {string} path @param {string} mime @param {string} into @returns {Promise<Made>} */
async function picture(path, mime, into) {
  const still = mime === 'image/heic' || mime === 'image/heif' ? await heic(path) : null;
  const source = still ?? open(path);
  const { width = 0, height = 0, pages = 1, pageHeight } = await source.metadata();
  if (width * (pageHeight ?? height) > PIXELS_MAX) throw new Refused('tooBig');
  if (pages > 1 && pages <= FRAMES_MAX && width * (pageHeight ?? height) * pages <= PIXELS_MAX)
    return moving(path, into);
  // Decoded once; the smaller ones are made of the largest.
  const { data, info } = await source
    .autoOrient()
    .resize({ width: WIDTHS.at(-1), withoutEnlargement: true })
    .toColourspace('srgb')
    .raw()
    .toBuffer({ resolveWithObject: true });
  const lies = !still && ((await open(path).metadata()).orientation ?? 1) >= 5;
  const whole = lies
    ? { width: pageHeight ?? height, height: width }
    : { width, height: pageHeight ?? height };
  const raw = { width: info.width, height: info.height, channels: info.channels };
  const widths = [...WIDTHS.filter((size) => size < info.width), info.width];
  /** @type {Rendition[]} */
  const renditions = [];
  for (const size of widths) {
    const made = await sharp(data, { raw })
      .resize({ width: size })
      .webp(WEBP)
      .toBuffer({ resolveWithObject: true });
    renditions.push(await written(into, nameOf(size), made.data, made.info));
  }
  return { kind: 'image', ...whole, pages: null, renditions };
}

/** The name of the size class that a width belongs to. @param {number} width */
const nameOf = (width) => `w${WIDTHS.find((size) => width <= size) ?? WIDTHS.at(-1)}`;

/** A picture that moves stays one. @param {string} path @param {string} into @returns {Promise<Made>} */
async function moving(path, into) {
  const { width = 0, height = 0, pageHeight } = await open(path, { animated: true }).metadata();
  /** @type {Rendition[]} */
  const renditions = [];
  for (const size of [
    ...WIDTHS.filter((one) => one < Math.min(width, MOVING_WIDTH)),
    Math.min(width, MOVING_WIDTH),
  ]) {
    const made = await open(path, { animated: true })
      .resize({ width: size })
      .webp(WEBP)
      .toBuffer({ resolveWithObject: true });
    const { pageHeight: high = made.info.height } = await sharp(made.data).metadata();
    renditions.push(await written(into, nameOf(size), made.data, { ...made.info, height: high }));
  }
  return { kind: 'image', width, height: pageHeight ?? height, pages: null, renditions };
}

/** What iPhones take; its pixels as they are to be seen. @param {string} path */
async function heic(path) {
  const { default: libheif } = await import('libheif-js/wasm-bundle.js');
  /** @type {any} */
  let image;
  try {
    [image] = new libheif.HeifDecoder().decode(await readFile(path));
  } catch {
    throw new Refused('heic');
  }
  if (!image) throw new Refused('heic');
  const width = image.get_width();
  const height = image.get_height();
  if (width * height > PIXELS_MAX) throw new Refused('tooBig');
  const data = new Uint8ClampedArray(width * height * 4);
  await new Promise((done, failed) =>
    image.display({ data, width, height }, (/** @type {unknown} */ shown) =>
      shown ? done(undefined) : failed(new Refused('heic')),
    ),
  );
  return sharp(data, { raw: { width, height, channels: 4 } }).removeAlpha();
}

/** Every page of a document as a picture. @param {string} path @param {string} into @returns {Promise<Made>} */
async function document(path, into) {
  const { PDFiumLibrary } = await import('@hyzyla/pdfium');
  const library = await PDFiumLibrary.init();
  /** @type {Rendition[]} */
  const renditions = [];
  try {
    const doc = await library.loadDocument(await readFile(path)).catch(() => {
      throw new Refused('unreadable');
    });
    const pages = doc.getPageCount();
    if (pages > PAGES_MAX) throw new Refused('tooBig');
    let n = 0;
    for (const page of doc.pages()) {
      n += 1;
      const { originalWidth = 612, originalHeight = 792 } = page.getOriginalSize();
      const scale = Math.min(
        PAGE_WIDTH / originalWidth,
        3,
        Math.sqrt(PIXELS_MAX / originalWidth / originalHeight),
      );
      const made = await page.render({
        scale,
        render: async ({ data, width, height }) => {
          const shown = await sharp(data, { raw: { width, height, channels: 4 } })
            .flatten({ background: '#fff' })
            .webp(WEBP)
            .toBuffer({ resolveWithObject: true });
          renditions.push(await written(into, `p${n}`, shown.data, shown.info));
          return shown.data;
        },
      });
      if (!made) throw new Refused('unreadable');
    }
    doc.destroy();
  } finally {
    library.destroy();
  }
  const [first] = renditions;
  if (!first) throw new Refused('unreadable');
  return {
    kind: 'document',
    width: first.width ?? 0,
    height: first.height ?? 0,
    pages: renditions.length,
    renditions,
  };
}

/** A still of a film, small enough. @param {string} path @param {string} into @returns {Promise<Made>} */
async function poster(path, into) {
  const made = await open(path)
    .resize({ width: MOVING_WIDTH, withoutEnlargement: true })
    .webp(WEBP)
    .toBuffer({ resolveWithObject: true });
  const rendition = await written(into, 'poster', made.data, made.info);
  return {
    kind: 'image',
    width: made.info.width,
    height: made.info.height,
    pages: null,
    renditions: [rendition],
  };
}

/**
 * @param {string} into @param {string} name @param {Buffer} data @param {{ width: number, height: number }} info
 * @returns {Promise<Rendition>}
 */
async function written(into, name, data, { width, height }) {
  const file = join(into, `${name}.webp`);
  await writeFile(file, data);
  const sha256 = createHash('sha256').update(data).digest('hex');
  return { name, mediaType: 'image/webp', width, height, file, bytes: data.length, sha256, film: null };
}

// --- marks ---

const font = join(
  dirname(createRequire(import.meta.url).resolve('dejavu-fonts-ttf/package.json')),
  'ttf/DejaVuSans-Bold.ttf',
);
/** @type {Map<string, Promise<Buffer>>} */
const tiles = new Map();

/**
 * Words on their way up, in white with a dark shade, so that they read on any ground; with room around them.
 * @param {string} words @param {number} size of a letter, in pixels
 */
function tileOf(words, size) {
  const key = `${size} ${words}`;
  let tile = tiles.get(key);
  if (!tile) {
    tile = drawTile(words, size);
    tiles.set(key, tile);
    if (tiles.size > 200) for (const oldest of tiles.keys()) return (tiles.delete(oldest), tile);
  }
  return tile;
}

/** @param {string} words @param {number} size */
async function drawTile(words, size) {
  const safe = words.replace(/[&<>]/g, (sign) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;' })[sign] ?? '');
  /** @param {string} colour */
  const drawn = (colour) =>
    sharp({
      text: {
        text: `<span foreground="${colour}">${safe}</span>`,
        font: `DejaVu Sans Bold ${size}`,
        fontfile: font,
        rgba: true,
        dpi: 72,
      },
    })
      .png()
      .toBuffer({ resolveWithObject: true });
  const light = await drawn('#ffffff');
  const dark = await drawn('#000000');
  const shade = Math.max(1, Math.round(size / 14));
  const { width, height } = light.info;
  const line = await sharp({
    create: { width: width + shade, height: height + shade, channels: 4, background: '#00000000' },
  })
    .composite([
      { input: dark.data, left: shade, top: shade },
      { input: light.data, left: 0, top: 0 },
    ])
    .png()
    .toBuffer();
  const turned = await sharp(line).rotate(-24, { background: '#00000000' }).png().toBuffer();
  return sharp(turned)
    .extend({
      top: size,
      bottom: size,
      left: Math.round(size / 2),
      right: Math.round(size / 2),
      background: '#00000000',
    })
    .linear([1, 1, 1, 0.3], [0, 0, 0, 0])
    .png()
    .toBuffer();
}

/** The picture with the words all over it. @param {Buffer} bytes @param {string} words @returns {Promise<Buffer>} */
async function mark(bytes, words) {
  const picture = open(bytes);
  const { width = 0, height = 0 } = await picture.metadata();
  const size = Math.max(9, Math.round(Math.min(width, height) / 26));
  let input = await tileOf(words, size);
  // A tile that is larger than the picture is cut to it.
  const tile = await sharp(input).metadata();
  if (tile.width > width || tile.height > height)
    input = await sharp(input)
      .extract({ left: 0, top: 0, width: Math.min(width, tile.width), height: Math.min(height, tile.height) })
      .toBuffer();
  return picture
    .composite([{ input, tile: true }])
    .webp(WEBP)
    .toBuffer();
}

// --- what it is asked ---

/** @param {any} asked */
async function answer(asked) {
  switch (asked.what) {
    case 'picture':
      return picture(asked.path, asked.mime, asked.into);
    case 'document':
      return document(asked.path, asked.into);
    case 'poster':
      return poster(asked.path, asked.into);
    case 'mark':
      return mark(Buffer.from(asked.bytes), asked.words);
    default:
      throw new Error(`asked for ${asked.what}`);
  }
}

process.on('message', (/** @type {any} */ asked) => {
  answer(asked).then(
    (result) => process.send?.({ id: asked.id, result }),
    (/** @type {Error} */ error) =>
      process.send?.({
        id: asked.id,
        refused:
          error instanceof Refused
            ? error.message
            : /pixel limit/i.test(error.message)
              ? 'tooBig'
              : 'unreadable',
        why: error.message,
      }),
  );
});
process.on('disconnect', () => process.exit());
