/**
 * FFmpeg where none is installed: the same program as WebAssembly, in a process of its own. Called with `ffmpeg` or `ffprobe`,
 * the input file, the folder for what it makes, and its arguments, in which `/in/film` is the input and `/out/` that folder.
 */
import { closeSync, fstatSync, openSync, readFileSync, readSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';

const [program, input = '', into = '', ...args] = process.argv.slice(2);

// It looks for a browser's worker.
const globals = /** @type {any} */ (globalThis);
globals.self ??= globalThis;
globals.location ??= { href: 'file:///' };

const fd = openSync(input, 'r');

/** A part of the input that is read when it is asked for, never the whole. */
class Part {
  /** @param {number} from @param {number} to */
  constructor(from, to) {
    this.from = from;
    this.size = to - from;
  }
  /** @param {number} start @param {number} end */
  slice(start, end) {
    return new Part(this.from + start, this.from + Math.min(end, this.size));
  }
}
globals.FileReaderSync = class {
  /** @param {Part} part */
  readAsArrayBuffer({ from, size }) {
    const bytes = new Uint8Array(size);
    readSync(fd, bytes, 0, size, from);
    return bytes.buffer;
  }
};

const folder = join(dirname(createRequire(import.meta.url).resolve('@ffmpeg/core')), '../esm');
const { default: createCore } = await import(pathToFileURL(join(folder, 'ffmpeg-core.js')).href);
const core = await createCore({ wasmBinary: readFileSync(join(folder, 'ffmpeg-core.wasm')) });
core.setLogger((/** @type {{ message: string }} */ { message }) => process.stderr.write(`${message}\n`));
core.FS.mkdir('/in');
core.FS.mount(
  core.FS.filesystems.WORKERFS,
  { blobs: [{ name: 'film', data: new Part(0, fstatSync(fd).size) }] },
  '/in',
);
core.FS.mkdir('/out');

const code = program === 'ffprobe' ? core.ffprobe(...args) : core.exec(...args);
for (const name of core.FS.readdir('/out'))
  if (name !== '.' && name !== '..') writeFileSync(join(into, name), core.FS.readFile(`/out/${name}`));
closeSync(fd);
process.exit(code);
