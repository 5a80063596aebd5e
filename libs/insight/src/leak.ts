/**
 * Finds out whose copy of a film a leaked clip is. Each part of a film comes in two variants that no eye tells apart: in one
 * the picture grows brighter and darker again over the part by `LEAK_SWING` of full brightness, in the other darker and
 * brighter. Which one a viewer is sent, part by part, is the viewer's own code.
 *
 * A clip that was cut out, cropped, scaled, recoded and given other colours is laid over the film as it was (both as
 * small grey pictures), and what is left of the difference in brightness is read against the swing.
 */

/** How far a variant swings, as a share of full brightness; and for how long, seconds: a part of the film. */
export const LEAK_SWING = 0.008;
export const LEAK_PART_SECONDS = 6;

/** Of what each small picture is: grey, this wide and high, so many a second. */
export const LOOK_WIDTH = 64;
export const LOOK_HEIGHT = 36;
export const LOOKS_PER_SECOND = 5;
export const LOOK_BYTES = LOOK_WIDTH * LOOK_HEIGHT;

/** Brighter first, or darker first, at second `t` of a film: what is added to its brightness. */
export const swingAt = (variant: 0 | 1, t: number) =>
  (variant === 0 ? 1 : -1) * LEAK_SWING * Math.sin((2 * Math.PI * t) / LEAK_PART_SECONDS);

/** A rectangle of the small picture, in its pixels. */
interface Crop {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** Where in the film a clip is from. */
export interface Match {
  /** Of the clip's first picture, seconds. */
  fromSecond: number;
  /** What of the picture the clip shows, as shares of it. */
  crop: Crop;
  /** How alike they are, up to 1. */
  likeness: number;
}

/** Less alike than this is another film. */
const LIKENESS_LEAST = 0.6;
/** A grid as fine as crops need it. */
const COLUMNS = 16;
const ROWS = 9;
const CELLS = COLUMNS * ROWS;
/** A viewer is named only so far above chance, in standard deviations, and so far above the next. */
const NAMED_LEAST = 4.8;
const NAMED_AHEAD = 1;

const whole: Crop = { x: 0, y: 0, width: LOOK_WIDTH, height: LOOK_HEIGHT };
const framesOf = (looks: Uint8Array) => Math.floor(looks.length / LOOK_BYTES);

/** Lays a clip over a film. Both are rows of small grey pictures. Null when it is not of this film. */
export function matchClip(film: Uint8Array, clip: Uint8Array): Match | null {
  const steps = matching(film, clip);
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

/** The same step by step, for one who has other things to do in between. */
export function* matching(film: Uint8Array, clip: Uint8Array): Generator<void, Match | null> {
  const length = framesOf(clip);
  const last = framesOf(film) - length;
  if (length < LOOKS_PER_SECOND * LEAK_PART_SECONDS || last < 0) return null;
  const some = spread(length, 40);
  const clipGrids = some.map((at) => gridOf(clip, at, whole));
  const likeness = (from: number, crop: Crop, thin = 1) => {
    let sum = 0;
    let count = 0;
    for (let i = 0; i < some.length; i += thin) {
      sum += alike(gridOf(film, from + some[i]!, crop), clipGrids[i]!);
      count += 1;
    }
    return sum / count;
  };

  // Where: by the pictures as a whole and by their middles, because nobody knows yet what was cropped.
  const starts: { from: number; likeness: number }[] = [];
  for (const share of [1, 0.85, 0.7]) {
    const crop = middle(share);
    const grids: Float32Array[] = [];
    for (let at = 0; at < framesOf(film); at += 1) {
      grids.push(gridOf(film, at, crop));
      if (at % 100 === 0) yield;
    }
    for (let from = 0; from <= last; from += 1) {
      if (from % 500 === 0) yield;
      let sum = 0;
      for (let i = 0; i < some.length; i += 2) sum += alike(grids[from + some[i]!]!, clipGrids[i]!);
      starts.push({ from, likeness: (sum / some.length) * 2 });
    }
  }
  starts.sort((a, b) => b.likeness - a.likeness);
  const froms = [...new Set(starts.slice(0, 24).map(({ from }) => from))].slice(0, 6);

  // What of the picture: first roughly, then finer and finer.
  let best = { from: froms[0]!, crop: whole, likeness: -1 };
  for (const from of froms)
    for (const crop of crops()) {
      yield;
      const now = likeness(from, crop, 5);
      if (now > best.likeness) best = { from, crop, likeness: now };
    }
  best.likeness = likeness(best.from, best.crop);
  for (const step of [2, 1, 0.5, 0.25]) {
    for (let better = true; better;) {
      better = false;
      for (const next of neighbours(best, step, last)) {
        yield;
        const now = likeness(next.from, next.crop);
        if (now > best.likeness + 1e-6) {
          best = { ...next, likeness: now };
          better = true;
        }
      }
    }
  }
  if (best.likeness < LIKENESS_LEAST) return null;
  const { x, y, width, height } = best.crop;
  return {
    fromSecond: best.from / LOOKS_PER_SECOND,
    crop: {
      x: x / LOOK_WIDTH,
      y: y / LOOK_HEIGHT,
      width: width / LOOK_WIDTH,
      height: height / LOOK_HEIGHT,
    },
    likeness: best.likeness,
  };
}

/**
 * What the clip says of each part of the film from the first on: above 0 for variant 0, below for variant 1, the further
 * from 0 the surer; 0 where it does not show the part.
 */
export function readParts(film: Uint8Array, clip: Uint8Array, match: Match): number[] {
  const from = Math.round(match.fromSecond * LOOKS_PER_SECOND);
  const { x, y, width, height } = match.crop;
  const crop = {
    x: x * LOOK_WIDTH,
    y: y * LOOK_HEIGHT,
    width: width * LOOK_WIDTH,
    height: height * LOOK_HEIGHT,
  };
  const length = Math.min(framesOf(clip), framesOf(film) - from);
  const filmGrids = Array.from({ length }, (_, at) => rawGridOf(film, from + at, crop));
  const clipGrids = Array.from({ length }, (_, at) => rawGridOf(clip, at, whole));
  const tone = fitTone(filmGrids, clipGrids);
  // The middle of all differences of a picture: what moves in it at the edge of the crop weighs nothing.
  const differences = filmGrids.map((grid, at) =>
    median(Array.from(grid, (value, cell) => clipGrids[at]![cell]! - tone(value))),
  );
  const perPart = LEAK_PART_SECONDS * LOOKS_PER_SECOND;
  const parts = Math.ceil((from + length) / perPart);
  return Array.from({ length: parts }, (_, part) => {
    const places: number[] = [];
    for (let at = part * perPart; at < (part + 1) * perPart; at += 1)
      if (at >= from && at < from + length) places.push(at);
    if (places.length < perPart * 0.6) return 0;
    const swing = places.map((at) => Math.sin((2 * Math.PI * at) / perPart));
    const seen = places.map((at) => differences[at - from]!);
    const [swingMean, seenMean] = [meanOf(swing), meanOf(seen)];
    let product = 0;
    let square = 0;
    for (const [i, value] of swing.entries()) {
      product += (value - swingMean) * (seen[i]! - seenMean);
      square += (value - swingMean) ** 2;
    }
    // In shares of the swing that was put in; what is far beyond it says no more than that.
    return Math.max(-1.5, Math.min(1.5, product / square / (LEAK_SWING * 255)));
  });
}

/** How well a viewer's code fits, in standard deviations above a code by chance. */
export function fitOf(parts: readonly number[], code: (part: number) => 0 | 1): number {
  let sum = 0;
  let square = 0;
  for (const [part, value] of parts.entries()) {
    sum += code(part) === 0 ? value : -value;
    square += value * value;
  }
  return square ? sum / Math.sqrt(square) : 0;
}

/** The one whose copy it is, where it is beyond doubt; `fits` are those of everybody who was sent any of the film. */
export function whose<T>(fits: readonly { who: T; fit: number }[]): T | null {
  const [first, second] = [...fits].sort((a, b) => b.fit - a.fit);
  if (!first || first.fit < NAMED_LEAST) return null;
  return first.fit - (second?.fit ?? 0) >= NAMED_AHEAD ? first.who : null;
}

// --- small pictures ---

/** Means over the cells of a grid laid over a part of a small picture. */
function rawGridOf(looks: Uint8Array, at: number, { x, y, width, height }: Crop): Float32Array {
  const sums = summed(looks, at);
  const grid = new Float32Array(CELLS);
  const cell = (width / COLUMNS) * (height / ROWS);
  for (let row = 0; row < ROWS; row += 1) {
    const top = y + (height * row) / ROWS;
    const bottom = y + (height * (row + 1)) / ROWS;
    for (let column = 0; column < COLUMNS; column += 1) {
      const left = x + (width * column) / COLUMNS;
      const right = x + (width * (column + 1)) / COLUMNS;
      grid[row * COLUMNS + column] =
        (sumTo(sums, right, bottom) -
          sumTo(sums, left, bottom) -
          sumTo(sums, right, top) +
          sumTo(sums, left, top)) /
        cell;
    }
  }
  return grid;
}

/** The same without its brightness and contrast: two that show the same have a product of 1. */
function gridOf(looks: Uint8Array, at: number, crop: Crop): Float32Array {
  const grid = rawGridOf(looks, at, crop);
  const mean = meanOf(grid);
  let square = 0;
  for (let i = 0; i < CELLS; i += 1) square += (grid[i]! - mean) ** 2;
  const scale = 1 / (Math.sqrt(square) + 1e-6);
  for (let i = 0; i < CELLS; i += 1) grid[i] = (grid[i]! - mean) * scale;
  return grid;
}

function alike(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < CELLS; i += 1) sum += a[i]! * b[i]!;
  return sum;
}

const ACROSS = LOOK_WIDTH + 1;
const kept = new WeakMap<Uint8Array, Map<number, Float64Array>>();
/** Sums of all above and to the left, of one picture; the latest are kept. */
function summed(looks: Uint8Array, at: number): Float64Array {
  let known = kept.get(looks);
  if (!known) kept.set(looks, (known = new Map()));
  let sums = known.get(at);
  if (sums) return sums;
  sums = new Float64Array(ACROSS * (LOOK_HEIGHT + 1));
  for (let y = 0; y < LOOK_HEIGHT; y += 1) {
    let row = 0;
    for (let x = 0; x < LOOK_WIDTH; x += 1) {
      row += looks[at * LOOK_BYTES + y * LOOK_WIDTH + x]!;
      sums[(y + 1) * ACROSS + x + 1] = sums[y * ACROSS + x + 1]! + row;
    }
  }
  if (known.size > 2_000) known.clear();
  known.set(at, sums);
  return sums;
}

/** The sum of all pixels above and to the left of a point between pixels; neither is ever below 0. */
function sumTo(sums: Float64Array, x: number, y: number): number {
  const column = x < LOOK_WIDTH ? x | 0 : LOOK_WIDTH - 1;
  const row = y < LOOK_HEIGHT ? y | 0 : LOOK_HEIGHT - 1;
  const [right, down] = [x - column, y - row];
  const at = row * ACROSS + column;
  return (
    sums[at]! * (1 - right) * (1 - down) +
    sums[at + 1]! * right * (1 - down) +
    sums[at + ACROSS]! * (1 - right) * down +
    sums[at + ACROSS + 1]! * right * down
  );
}

// --- the search ---

const middle = (share: number): Crop => ({
  x: (LOOK_WIDTH * (1 - share)) / 2,
  y: (LOOK_HEIGHT * (1 - share)) / 2,
  width: LOOK_WIDTH * share,
  height: LOOK_HEIGHT * share,
});

function* crops(): Iterable<Crop> {
  for (let w = 0.6; w < 1.01; w += 0.08)
    for (let h = 0.6; h < 1.01; h += 0.08)
      for (let i = 0; i < 4; i += 1)
        for (let j = 0; j < 4; j += 1)
          yield {
            x: (LOOK_WIDTH * (1 - w) * i) / 3,
            y: (LOOK_HEIGHT * (1 - h) * j) / 3,
            width: LOOK_WIDTH * w,
            height: LOOK_HEIGHT * h,
          };
}

function* neighbours(
  { from, crop }: { from: number; crop: Crop },
  step: number,
  last: number,
): Iterable<{ from: number; crop: Crop }> {
  for (const [x, y, width, height] of moves) {
    const next = {
      x: crop.x + x! * step,
      y: crop.y + y! * step,
      width: crop.width + width! * step,
      height: crop.height + height! * step,
    };
    const inside =
      next.x >= 0 && next.y >= 0 && next.x + next.width <= LOOK_WIDTH && next.y + next.height <= LOOK_HEIGHT;
    if (inside && next.width > LOOK_WIDTH / 3 && next.height > LOOK_HEIGHT / 3) yield { from, crop: next };
  }
  if (from > 0) yield { from: from - 1, crop };
  if (from < last) yield { from: from + 1, crop };
}
const moves = [
  ...[1, -1].flatMap((one) => [
    [one, 0, 0, 0],
    [0, one, 0, 0],
    [0, 0, one, 0],
    [0, 0, 0, one],
    // An edge alone.
    [one, 0, -one, 0],
    [0, one, 0, -one],
  ]),
];

/** So many places, evenly. */
const spread = (length: number, many: number) =>
  Array.from({ length: Math.min(many, length) }, (_, i) => Math.floor((i * length) / Math.min(many, length)));

// --- numbers ---

function meanOf(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i += 1) sum += values[i]!;
  return sum / values.length;
}

function median(values: number[]): number {
  values.sort((a, b) => a - b);
  return values[values.length >> 1]!;
}

/** How the clip's brightness follows the film's: a cubic through all of it, by least squares. */
function fitTone(film: readonly Float32Array[], clip: readonly Float32Array[]): (value: number) => number {
  const normal = Array.from({ length: 4 }, () => new Float64Array(5));
  for (const [at, grid] of film.entries())
    for (const [cell, value] of grid.entries()) {
      const x = value / 255;
      const powers = [1, x, x * x, x * x * x];
      for (let i = 0; i < 4; i += 1) {
        for (let j = 0; j < 4; j += 1) normal[i]![j]! += powers[i]! * powers[j]!;
        normal[i]![4]! += powers[i]! * clip[at]![cell]!;
      }
    }
  const [a, b, c, d] = solved(normal);
  return (value) => {
    const x = value / 255;
    return a! + x * (b! + x * (c! + x * d!));
  };
}

/** Gauss's elimination, with pivots; a film of one grey has no cubic, and gets what it has. */
function solved(rows: Float64Array[]): number[] {
  const n = rows.length;
  for (let i = 0; i < n; i += 1) rows[i]![i]! += 1e-6;
  for (let column = 0; column < n; column += 1) {
    let pivot = column;
    for (let row = column + 1; row < n; row += 1)
      if (Math.abs(rows[row]![column]!) > Math.abs(rows[pivot]![column]!)) pivot = row;
    [rows[column], rows[pivot]] = [rows[pivot]!, rows[column]!];
    for (let row = 0; row < n; row += 1) {
      if (row === column) continue;
      const factor = rows[row]![column]! / rows[column]![column]!;
      for (let i = column; i <= n; i += 1) rows[row]![i]! -= factor * rows[column]![i]!;
    }
  }
  return rows.map((row, i) => row[n]! / row[i]!);
}
