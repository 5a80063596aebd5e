/**
 * Makes the pictures, the film and its sound in this folder again, all by code. Not part of start or test: the files
 * it makes are kept beside it.
 *
 *   apt-get install chromium ffmpeg fonts-manrope
 *   node apps/server/demo/draw.mjs [pictures] [members] [film] [poster] [frames 3.5 24 46 ...]
 *
 * Without words it makes everything (about twenty minutes); `frames` writes single moments to a folder to look at.
 */
import { spawn } from 'node:child_process';
import { createReadStream, mkdtempSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from '@playwright/test';
import { sound } from './sound.mjs';
import { photograph } from './studio.mjs';

const here = fileURLToPath(new URL('.', import.meta.url));
const scratch = mkdtempSync(join(tmpdir(), 'demo-film-'));
const seconds = 60;
const rate = 24;

function run(program, args, input) {
  return new Promise((done, fail) => {
    const child = spawn(program, args, {
      cwd: scratch,
      stdio: [input ? 'pipe' : 'ignore', 'inherit', 'inherit'],
    });
    child.on('error', fail);
    child.on('exit', (code) => (code === 0 ? done() : fail(new Error(`${program} ended with ${code}`))));
    if (input) input(child.stdin);
  });
}
const ffmpeg = (args, input) => run('ffmpeg', ['-v', 'error', '-y', ...args], input);

/** What members of the demo send. */
const members = [
  ['hallway', 'sleeps-hallway.webp', 80],
  ['cellar', 'sleeps-cellar.webp', 80],
  ['underStairs', 'sleeps-stairs.webp', 80],
];

async function pictures(wanted) {
  for (const [scene, file, quality] of wanted ?? [
    ['bicycle', 'halden-one.webp', 93],
    ['blackTouched', 'halden-one-black.webp', 93],
    ['kitchen', 'morrow-ember.webp', 90],
    ...members,
  ]) {
    console.log(`${file}: a few minutes`);
    const { width, height, pixels } = await photograph('./pictures.mjs', scene, {});
    await toWebp(pixels, width, height, file, quality);
  }
}
async function toWebp(pixels, width, height, file, quality) {
  const raw = ['-f', 'rawvideo', '-pix_fmt', 'rgb24', '-s', `${width}x${height}`, '-i', '-'];
  // take out single bright specks, quiet the grain of the rays, then a trace of noise against steps in the soft gradients
  const clean = ['-vf', 'format=yuv444p,removegrain=2:2:2,nlmeans=s=1.6:p=5:r=9,noise=c0s=2:c0f=u'];
  await ffmpeg(
    [
      ...raw,
      ...clean,
      '-c:v',
      'libwebp',
      '-quality',
      `${quality}`,
      '-compression_level',
      '6',
      join(here, file),
    ],
    (pipe) => pipe.end(pixels),
  );
}

const types = { '.html': 'text/html', '.mjs': 'text/javascript', '.svg': 'image/svg+xml' };
async function withPage(use) {
  const server = createServer((request, response) => {
    const name = new URL(request.url, 'http://x').pathname.slice(1);
    if (!/^[\w-]+\.(html|mjs|svg)$/.test(name)) {
      response.writeHead(404).end();
      return;
    }
    response.writeHead(200, { 'content-type': types[extname(name)] });
    createReadStream(join(here, name)).pipe(response);
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: [
      '--no-sandbox',
      '--use-angle=swiftshader',
      '--enable-unsafe-swiftshader',
      '--ignore-gpu-blocklist',
    ],
  });
  try {
    const page = await browser.newPage({ viewport: { width: 960, height: 540 } });
    page.on('pageerror', (error) => console.error(error));
    await page.goto(`http://127.0.0.1:${server.address().port}/film.html`);
    await page.waitForFunction(() => window.ready);
    return await use(page);
  } finally {
    await browser.close();
    server.close();
  }
}

/** One moment of the film as PNG. */
async function frame(page, t) {
  const data = await page.evaluate(async (at) => {
    window.drawFrame(at);
    return document.querySelector('canvas').toDataURL('image/png').split(',')[1];
  }, t);
  return Buffer.from(data, 'base64');
}

async function film() {
  const images = join(scratch, 'frames.mkv');
  await withPage((page) =>
    ffmpeg(
      ['-f', 'image2pipe', '-framerate', `${rate}`, '-c:v', 'png', '-i', '-', '-c:v', 'ffv1', images],
      async (pipe) => {
        for (let i = 0; i < seconds * rate; i += 1) {
          if (!pipe.write(await frame(page, i / rate))) await new Promise((done) => pipe.once('drain', done));
          if (i % (5 * rate) === 0) console.log(`film: second ${i / rate}`);
        }
        pipe.end();
      },
    ),
  );
  const wave = join(scratch, 'sound.wav');
  writeFileSync(wave, sound(seconds));
  await encode(images, wave);
}

async function encode(images, wave) {
  const twoPass = async (codec, last) => {
    await ffmpeg(['-i', images, ...codec, '-pass', '1', '-an', '-f', 'null', '-']);
    await ffmpeg(['-i', images, '-i', wave, ...codec, '-pass', '2', ...last]);
  };
  const color = [
    '-pix_fmt',
    'yuv420p',
    '-colorspace',
    'bt709',
    '-color_primaries',
    'bt709',
    '-color_trc',
    'bt709',
  ];
  const convert = ['-vf', 'scale=out_color_matrix=bt709:out_range=tv', ...color];
  await twoPass(
    [
      ...convert,
      ...'-c:v libx264 -profile:v main -preset veryslow -tune animation -aq-mode 3 -b:v 69k -g 48 -keyint_min 1 -x264-params zones=144,335,b=1.15/1200,1343,b=1.35'.split(
        ' ',
      ),
    ],
    [
      // In fragments, as it is served.
      ...'-c:a aac -b:a 28k -ar 32000 -ac 1 -t 60 -movflags +frag_keyframe+empty_moov+default_base_moof'.split(
        ' ',
      ),
      join(here, 'halden-one-film.mp4'),
    ],
  );
}

async function poster() {
  const png = join(scratch, 'poster.png');
  writeFileSync(png, await withPage((page) => frame(page, 12)));
  await ffmpeg([
    '-i',
    png,
    ...'-c:v libwebp -quality 86 -compression_level 6'.split(' '),
    join(here, 'halden-one-film.webp'),
  ]);
}

async function frames(times) {
  await withPage(async (page) => {
    console.log(await page.evaluate(() => JSON.stringify(window.foldedSize())));
    for (const t of times) writeFileSync(join(scratch, `${t}.png`), await frame(page, t));
  });
  console.log(scratch);
}

const [first, ...rest] = process.argv.slice(2);
if (first === 'frames') await frames(rest.map(Number));
else {
  const wanted = first ? [first, ...rest] : ['pictures', 'film', 'poster'];
  if (wanted.includes('pictures')) await pictures();
  if (wanted.includes('members')) await pictures(members);
  if (wanted.includes('poster')) await poster();
  if (wanted.includes('film')) await film();
}
