/** The sound of the film, computed sample by sample: a bed of soft chords, and what one would hear in each scene. */

const rate = 48000;
const pitch = { C: 0, D: 2, E: 4, F: 5, G: 7, A: 9, B: 11 };
/** 'F#3' in hertz. */
function hertz(note) {
  const [, letter, sharp, octave] = /^([A-G])(#?)(\d)$/.exec(note);
  return 440 * 2 ** ((pitch[letter] + (sharp ? 1 : 0) - 9) / 12 + (Number(octave) - 4));
}

const chords = [
  [0, 6.4, 'D2 A2 D3 F#3 A3 E4', 0.8],
  [6, 10.4, 'B1 F#2 A2 D3 F#3 C#4', 0.85],
  [10, 14.4, 'G1 D2 G2 B2 F#3 A3', 0.85],
  [14, 17.2, 'E2 B2 D3 G3 B3', 0.7],
  [16.8, 20.4, 'A1 E2 A2 D3 E3 B3', 0.75],
  [20, 25.2, 'D2 A2 D3 E3 A3', 0.5],
  [24.8, 29.2, 'G1 D2 A2 B2 D3 F#3', 0.6],
  [28.8, 34.4, 'D2 A2 F#3 A3 D4 E4', 0.95],
  [34, 39.4, 'B1 F#2 D3 F#3 A3', 0.8],
  [39, 44.2, 'G1 D2 B2 D3 F#3 A3', 0.85],
  [44.1, 50.4, 'A1 E3', 0.42],
  [50, 53.4, 'G1 D2 B2 F#3 A3 D4', 0.9],
  [52.8, 56.4, 'A1 E2 B2 C#3 E3 A3', 0.85],
  [55.9, 60, 'D2 A2 D3 F#3 A3 E4', 1],
];

const plucks = [
  [6.2, 13.9, ['D4', 'F#4', 'A4', 'E4', 'B3', 'F#4', 'A3', 'C#4']],
  [30.1, 43.7, ['A4', 'D4', 'F#4', 'E4', 'B4', 'D4', 'A4', 'F#4']],
  [50.2, 57, ['F#4', 'D4', 'A4', 'B4', 'E4', 'A4', 'D4', 'C#5']],
];

export function sound(seconds) {
  const length = seconds * rate;
  const dry = new Float64Array(length);
  const wet = new Float64Array(length);
  let seed = 7;
  const noise = () => {
    seed = (seed * 1664525 + 1013904223) >>> 0;
    return seed / 2147483648 - 1;
  };
  const each = (from, to, value, room = 0.5) => {
    const first = Math.max(0, Math.round(from * rate));
    const last = Math.min(length, Math.round(to * rate));
    for (let i = first; i < last; i += 1) {
      const v = value(i / rate - from, (i / rate - from) / (to - from));
      dry[i] += v;
      wet[i] += v * room;
    }
  };
  const rise = (t, a) => Math.min(1, t / a);

  for (const [from, to, notes, strength] of chords) {
    for (const [k, note] of notes.split(' ').entries()) {
      const f = hertz(note);
      for (const off of [-0.0017, 0.0017]) {
        const start = k * 1.7 + off * 900;
        each(
          from,
          Math.min(seconds, to + 1),
          (t) => {
            const open =
              Math.sin((Math.PI / 2) * rise(t, 1.1)) *
              Math.sin((Math.PI / 2) * Math.min(1, Math.max(0, to + 1 - from - t) / 1.6));
            const w = 2 * Math.PI * f * (1 + off) * t + start;
            const bright = 0.22 + 0.1 * Math.sin(0.7 * t + k);
            const tone =
              Math.sin(w) +
              bright * 0.5 * Math.sin(2 * w) +
              bright * 0.32 * Math.sin(3 * w) +
              0.03 * Math.sin(5 * w);
            return (
              tone * open * strength * 0.021 * (f < 120 ? 1.5 : 1) * (0.92 + 0.08 * Math.sin(1.3 * t + k))
            );
          },
          0.6,
        );
      }
    }
  }
  const pluck = (at, note, strength) => {
    const f = hertz(note);
    each(
      at,
      at + 1.5,
      (t) => {
        const w = 2 * Math.PI * f * t;
        return (
          strength *
          rise(t, 0.004) *
          (Math.sin(w) * Math.exp(-3.4 * t) +
            0.35 * Math.sin(2 * w) * Math.exp(-6 * t) +
            0.12 * Math.sin(4 * w) * Math.exp(-12 * t))
        );
      },
      0.9,
    );
  };
  for (const [from, to, notes] of plucks) {
    let i = 0;
    for (let at = from; at < to; at += 0.4166) {
      if (i % 8 !== 5) pluck(at, notes[i % notes.length], i % 4 === 0 ? 0.06 : 0.038);
      i += 1;
    }
  }

  // noise through two simple filters, with a strength over time
  const hush = (from, to, low, high, strength, shape, room = 0.3) => {
    let a = 0;
    let b = 0;
    each(
      from,
      to,
      (t, part) => {
        const top = typeof high === 'function' ? high(part) : high;
        const x = noise();
        a += (x - a) * (1 - Math.exp((-2 * Math.PI * top) / rate));
        b += (a - b) * (1 - Math.exp((-2 * Math.PI * low) / rate));
        return (a - b) * strength * shape(part, t);
      },
      room,
    );
  };
  const swell = (p) => Math.sin(Math.PI * p);
  const hold = (p) => Math.min(1, 6 * p, 6 * (1 - p));
  const click = (at, f, strength, decay = 90) => {
    each(
      at,
      at + 0.25,
      (t) =>
        strength *
        (noise() * Math.exp(-t * 420) * 0.8 +
          Math.sin(2 * Math.PI * f * t) * Math.exp(-t * decay) +
          0.5 * Math.sin(2 * Math.PI * f * 2.7 * t) * Math.exp(-t * decay * 1.6)),
      0.5,
    );
  };
  const thud = (at, f, strength) =>
    each(
      at,
      at + 0.4,
      (t) =>
        strength *
        Math.sin(2 * Math.PI * (f * t + (14 * Math.exp(-t * 30)) / 30)) *
        Math.exp(-t * 17) *
        rise(t, 0.003),
      0.4,
    );

  // dawn: air, two birds
  hush(0, 6.4, 200, 900, 0.05, hold);
  for (const [at, f] of [
    [1.5, 3300],
    [1.72, 3700],
    [1.9, 3400],
    [3.9, 2900],
    [4.12, 3200],
    [5.1, 3600],
    [5.26, 3300],
  ]) {
    each(at, at + 0.13, (t, p) => 0.014 * Math.sin(2 * Math.PI * (f * t + 900 * t * t)) * swell(p), 1);
  }
  // ride and night ride: tyres on the road, the soft run of the belt
  for (const [from, to, strength] of [
    [6, 14.4, 0.085],
    [50, 56.4, 0.06],
  ]) {
    hush(from, to, 140, 620, strength, (p, t) => hold(p) * (0.85 + 0.15 * Math.sin(6.1 * t)));
    each(from, to, (t, p) => 0.006 * hold(p) * Math.sin(2 * Math.PI * 212 * t + 2 * Math.sin(5 * t)), 0.2);
  }
  // train: comes in, brakes, two tones, doors
  hush(
    13.8,
    17.4,
    40,
    (p) => 420 - 260 * p,
    0.4,
    (p) => Math.min(1, 3 * p) * (1 - p) ** 0.6,
  );
  each(15.2, 17.2, (t, p) => 0.007 * swell(p) * Math.sin(2 * Math.PI * (1900 * t - 110 * t * t)), 0.9);
  hush(17.1, 17.6, 1500, 6000, 0.035, (p) => (1 - p) ** 2);
  pluck(17.5, 'E5', 0.06);
  pluck(17.82, 'C#5', 0.06);
  hush(17.6, 18.6, 300, 1600, 0.035, swell);

  // the fold, on the marks of the film
  const start = 20;
  for (let i = 0; i <= 9; i += 1) click(start + i, 1900, i === 9 ? 0.03 : 0.012, 140);
  click(start + 0.42, 1250, 0.09);
  hush(start + 0.5, start + 2.2, 500, (p) => 1200 + 1400 * p, 0.09, swell);
  click(start + 2.2, 820, 0.13);
  thud(start + 2.2, 120, 0.16);
  hush(start + 2.5, start + 3.5, 700, 2200, 0.04, swell);
  click(start + 3.5, 1450, 0.11);
  click(start + 3.62, 1050, 0.08);
  hush(start + 3.7, start + 5.4, 250, (p) => 700 + 900 * p, 0.085, swell);
  thud(start + 5.38, 95, 0.2);
  click(start + 5.4, 900, 0.1);
  click(start + 5.58, 1600, 0.07);
  hush(
    start + 5.8,
    start + 8.7,
    180,
    (p) => 500 + 1100 * Math.sin(Math.PI * p),
    0.12,
    (p) => swell(p) ** 1.5,
  );
  thud(start + 8.68, 84, 0.32);
  click(start + 8.7, 1180, 0.16);
  click(start + 8.88, 1720, 0.14, 60);
  for (const [k, note] of ['D5', 'A5', 'F#5'].entries()) pluck(start + 9.02 + k * 0.07, note, 0.05);

  // stairs
  for (let i = 0; i < 5; i += 1) {
    const at = 30.45 + i / 1.35;
    if (at < 34) {
      thud(at, 78, 0.16);
      hush(at, at + 0.12, 400, 1800, 0.05, (p) => (1 - p) ** 3);
    }
  }
  // office: set down, plugged in
  thud(34.5, 88, 0.14);
  click(35.3, 1300, 0.06);
  pluck(35.5, 'A5', 0.04);
  hush(34.2, 39.2, 300, 1200, 0.016, hold);
  // range: arrived
  pluck(42.1, 'F#5', 0.05);
  pluck(42.22, 'B5', 0.035);
  // price: one low note and nearly nothing else
  pluck(44.25, 'A2', 0.16);
  pluck(47, 'E4', 0.03);
  // night air, and the end
  hush(50, 56.6, 900, 2600, 0.012, hold);
  for (const [k, note] of ['D4', 'A4', 'E5', 'F#5'].entries()) pluck(56.4 + k * 0.16, note, 0.06);

  // a room around it
  const out = new Float64Array(length);
  for (const [delay, back] of [
    [1557, 0.8],
    [1617, 0.79],
    [1491, 0.81],
    [1867, 0.77],
    [2113, 0.76],
  ]) {
    const line = new Float64Array(delay);
    let damp = 0;
    for (let i = 0; i < length; i += 1) {
      const at = i % delay;
      damp += (line[at] - damp) * 0.45;
      out[i] += line[at] * 0.085;
      line[at] = wet[i] + damp * back;
    }
  }
  let loudest = 0;
  for (let i = 0; i < length; i += 1) {
    out[i] = dry[i] + out[i];
    loudest = Math.max(loudest, Math.abs(out[i]));
  }
  const pcm = Buffer.alloc(44 + length * 2);
  pcm.write('RIFF', 0);
  pcm.writeUInt32LE(36 + length * 2, 4);
  pcm.write('WAVEfmt ', 8);
  pcm.writeUInt32LE(16, 16);
  pcm.writeUInt16LE(1, 20);
  pcm.writeUInt16LE(1, 22);
  pcm.writeUInt32LE(rate, 24);
  pcm.writeUInt32LE(rate * 2, 28);
  pcm.writeUInt16LE(2, 32);
  pcm.writeUInt16LE(16, 34);
  pcm.write('data', 36);
  pcm.writeUInt32LE(length * 2, 40);
  for (let i = 0; i < length; i += 1) {
    const t = i / rate;
    const edge = Math.min(1, t / 0.4, (seconds - t) / 1.6);
    pcm.writeInt16LE(Math.round((out[i] / loudest) * 0.8 * edge * 32767), 44 + i * 2);
  }
  return pcm;
}
