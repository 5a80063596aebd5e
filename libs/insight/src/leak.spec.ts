import {
  fitOf,
  LEAK_PART_SECONDS,
  LOOK_BYTES,
  LOOK_HEIGHT,
  LOOK_WIDTH,
  LOOKS_PER_SECOND,
  matchClip,
  readParts,
  swingAt,
  whose,
} from './leak';

// Looked up once: in a test's own global object each look-up costs more than the sum.
const { exp, floor, imul, max, min, round } = Math;

/** The same numbers every time. */
function seeded(seed: number) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = imul(state ^ (state >>> 15), 1 | state);
    t = (t + imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const SECONDS = 264;
const frames = SECONDS * LOOKS_PER_SECOND;

/** Lights and shadows that drift, and a new scene every few seconds: real values, not yet pixels. */
function scenes(seed: number): Float32Array {
  const random = seeded(seed);
  const film = new Float32Array(frames * LOOK_BYTES);
  let lights: { x: number; y: number; vx: number; vy: number; size: number; light: number }[] = [];
  let ground = 90;
  for (let at = 0; at < frames; at += 1) {
    if (at % 23 === 0) {
      ground = 40 + random() * 110;
      lights = Array.from({ length: 9 }, () => ({
        x: random() * LOOK_WIDTH,
        y: random() * LOOK_HEIGHT,
        vx: random() - 0.5,
        vy: (random() - 0.5) / 2,
        size: 3 + random() * 9,
        light: (random() - 0.4) * 130,
      }));
    }
    for (const light of lights) [light.x, light.y] = [light.x + light.vx, light.y + light.vy];
    for (let y = 0; y < LOOK_HEIGHT; y += 1)
      for (let x = 0; x < LOOK_WIDTH; x += 1) {
        let value = ground;
        for (const light of lights)
          value += light.light * exp(-((x - light.x) ** 2 + (y - light.y) ** 2) / light.size ** 2);
        film[at * LOOK_BYTES + y * LOOK_WIDTH + x] = max(4, min(246, value));
      }
  }
  return film;
}

const pixels = (values: Float32Array) => Uint8Array.from(values, (value) => max(0, min(255, round(value))));

/** Three minutes of a viewer's copy: cut out, cropped, given other colours, and noisy. */
function leaked(film: Float32Array, code: (part: number) => 0 | 1, random: () => number): Uint8Array {
  const from = floor(random() * 60 * LOOKS_PER_SECOND);
  const length = 180 * LOOKS_PER_SECOND;
  const [width, height] = [LOOK_WIDTH * (0.78 + random() * 0.22), LOOK_HEIGHT * (0.78 + random() * 0.22)];
  const [left, top] = [(LOOK_WIDTH - width) * random(), (LOOK_HEIGHT - height) * random()];
  const [contrast, gamma, darker] = [0.9 + random() * 0.2, 0.9 + random() * 0.2, random() * 12 - 6];
  const clip = new Float32Array(length * LOOK_BYTES);
  for (let at = 0; at < length; at += 1) {
    const t = (from + at) / LOOKS_PER_SECOND;
    const swing = swingAt(code(floor(t / LEAK_PART_SECONDS)), t) * 255;
    for (let y = 0; y < LOOK_HEIGHT; y += 1)
      for (let x = 0; x < LOOK_WIDTH; x += 1) {
        const sx = min(LOOK_WIDTH - 1.001, left + ((x + 0.5) / LOOK_WIDTH) * width - 0.5);
        const sy = min(LOOK_HEIGHT - 1.001, top + ((y + 0.5) / LOOK_HEIGHT) * height - 0.5);
        const [cx, cy] = [max(0, floor(sx)), max(0, floor(sy))];
        const [fx, fy] = [max(0, sx - cx), max(0, sy - cy)];
        const base = (from + at) * LOOK_BYTES + cy * LOOK_WIDTH + cx;
        const value =
          film[base]! * (1 - fx) * (1 - fy) +
          film[base + 1]! * fx * (1 - fy) +
          film[base + LOOK_WIDTH]! * (1 - fx) * fy +
          film[base + LOOK_WIDTH + 1]! * fx * fy;
        const toned = 255 * ((value + round(swing)) / 255) ** gamma * contrast + darker;
        clip[at * LOOK_BYTES + y * LOOK_WIDTH + x] = toned + (random() - 0.5) * 14;
      }
  }
  return pixels(clip);
}

const codeOf = (viewer: number) => {
  const random = seeded(viewer * 7_919 + 13);
  const bits = Array.from({ length: SECONDS / LEAK_PART_SECONDS }, () => (random() < 0.5 ? 0 : 1) as 0 | 1);
  return (part: number) => bits[part] ?? 0;
};

const viewers = Array.from({ length: 5_000 }, (_, who) => ({ who, code: codeOf(who) }));
const named = (parts: readonly number[], among = viewers) =>
  whose(among.map(({ who, code }) => ({ who, fit: fitOf(parts, code) })));

const film = scenes(1);
const original = pixels(film);

test('ten clips of three minutes, cropped and recoded, each name their viewer among five thousand, and nobody else', () => {
  const random = seeded(99);
  for (let clip = 0; clip < 10; clip += 1) {
    const who = floor(random() * viewers.length);
    const leak = leaked(film, codeOf(who), random);
    const match = matchClip(original, leak);
    expect(match).not.toBeNull();
    const parts = readParts(original, leak, match!);
    expect(named(parts)).toBe(who);
    // Were it somebody else's, nobody would be named in their place.
    expect(
      named(
        parts,
        viewers.filter((viewer) => viewer.who !== who),
      ),
    ).toBeNull();
  }
}, 120_000);

test('a clip of a copy without a code names nobody', () => {
  const random = seeded(5);
  for (let clip = 0; clip < 5; clip += 1) {
    const leak = leaked(film, (part) => (part % 2) as 0 | 1, random);
    // Every part swings, but as nobody was sent it.
    const match = matchClip(original, leak)!;
    expect(named(readParts(original, leak, match))).toBeNull();
  }
}, 30_000);

test('a clip of another film is not laid over this one', () => {
  expect(matchClip(original, leaked(scenes(2), codeOf(1), seeded(3)))).toBeNull();
}, 30_000);

test('a clip shorter than a part says nothing', () => {
  expect(matchClip(original, original.subarray(0, 10 * LOOK_BYTES))).toBeNull();
});
