/** The Halden One: twenty-inch wheels, one curved beam with a hinge, a belt, and a battery behind the seat tube. */
import { Mesh, apply, chain, curve, identity, move, mul, add, rotate } from './mesh.mjs';

// colour (linear light), roughness, metal (0 or 1), clear coat, glow
export const materials = {
  paint: { color: [0.014, 0.085, 0.079], rough: 0.5, metal: 0, coat: 1, glow: 0 },
  rubber: { color: [0.018, 0.018, 0.02], rough: 0.75, metal: 0, coat: 0.12, glow: 0 },
  stripe: { color: [0.55, 0.55, 0.53], rough: 0.6, metal: 0, coat: 0.1, glow: 0 },
  alloy: { color: [0.62, 0.63, 0.64], rough: 0.28, metal: 1, coat: 0, glow: 0 },
  graphite: { color: [0.035, 0.037, 0.041], rough: 0.42, metal: 0, coat: 0.45, glow: 0 },
  rim: { color: [0.1, 0.103, 0.108], rough: 0.35, metal: 1, coat: 0, glow: 0 },
  tan: { color: [0.36, 0.155, 0.06], rough: 0.6, metal: 0, coat: 0.25, glow: 0 },
  lamp: { color: [0.95, 0.93, 0.86], rough: 0.3, metal: 0, coat: 1, glow: 0.35 },
  red: { color: [0.5, 0.012, 0.012], rough: 0.3, metal: 0, coat: 1, glow: 0.25 },
  led: { color: [0.25, 0.95, 0.7], rough: 0.5, metal: 0, coat: 0, glow: 1.2 },
};
const m = Object.fromEntries(Object.keys(materials).map((key, i) => [key, i]));
export const materialList = Object.values(materials);

const bottom = [42, 28, 0]; // where the cranks turn
const rearAxle = [0, 25, 0];
const frontAxle = [103, 25, 0];
const lean = [-0.309, 0.951, 0]; // seat tube and steering lean back by 18 degrees
const steer = (s, z = 0) => [99.2 + lean[0] * s, 23.8 + lean[1] * s, z];
const seatTube = (s, z = 0) => [bottom[0] + lean[0] * s, bottom[1] + lean[1] * s, z];
const hinge = [53, 37, -8];
const crank = 15.5;

const beam = curve(
  [
    [38.6, 37.6, 0],
    [46, 36.4, 0],
    [53, 37, 0],
    [65, 40.6, 0],
    [77, 47.2, 0],
    [84, 52.6, 0],
    [88.6, 56.8, 0],
  ],
  10,
);
const beamSize = (t) => [
  2.5 + 0.7 * Math.sin(Math.PI * t),
  3.1 + 1.35 * Math.sin(Math.PI * Math.min(1, t * 1.05)) ** 0.8,
];

function wheel(hubRadius) {
  const mesh = new Mesh();
  const o = [0, 0, 0];
  const z = [0, 0, 1];
  mesh.ring(o, z, 22.9, [2.15, 2.1], m.rubber, { sides: 96, around: 16 });
  for (const side of [-1, 1]) {
    mesh.ring([0, 0, side * 1.92], z, 23.2, [0.12, 0.34], m.stripe, { sides: 96, around: 6 });
  }
  mesh.ring(o, z, 20.1, [1.35, 1.15], m.rim, { sides: 96, around: 12 });
  mesh.drum(o, z, hubRadius, hubRadius > 4 ? 3.6 : 3.2, m.graphite, { edge: 0.9 });
  mesh.drum(o, z, hubRadius > 4 ? 2.4 : 1.4, 5.4, m.alloy, { edge: 0.3 });
  mesh.ring([0, 0, -4.3], z, 6.9, [0.1, 1.1], m.alloy, { around: 6 });
  const count = 20;
  for (let i = 0; i < count; i += 1) {
    const side = i % 2 ? 1 : -1;
    const a = (i / count) * 2 * Math.PI;
    const b = a + (i % 4 < 2 ? 0.5 : -0.5);
    const from = [Math.cos(b) * hubRadius * 0.92, Math.sin(b) * hubRadius * 0.92, side * 2.4];
    const to = [Math.cos(a) * 19.4, Math.sin(a) * 19.4, side * 0.3];
    mesh.tube([from, to], 0.13, m.alloy, { sides: 5, ends: false });
  }
  return mesh;
}

function arc(center, radius, from, to, steps = 40) {
  return Array.from({ length: steps + 1 }, (_, i) => {
    const a = ((from + ((to - from) * i) / steps) * Math.PI) / 180;
    return [center[0] + radius * Math.cos(a), center[1] + radius * Math.sin(a), center[2]];
  });
}

const guard = (t) => {
  const taper = 0.8 + 0.2 * Math.sin(Math.PI * t);
  return [2.9 * taper, 0.8 * taper];
};

function rear() {
  const mesh = new Mesh();
  for (const z of [-1, 1]) {
    mesh.tube(
      curve([
        [41, 28, z * 2.6],
        [30, 27.2, z * 4.2],
        [14, 26, z * 5.6],
        [0, 25, z * 5.8],
      ]),
      (t) => [1.15 - 0.3 * t, 1.35 - 0.4 * t],
      m.paint,
    );
    mesh.tube(
      curve([
        [38.4, 39.2, z * 1.6],
        [30, 36.5, z * 4.4],
        [14, 30, z * 5.6],
        [0, 25, z * 5.8],
      ]),
      (t) => [0.85 - 0.15 * t, 0.95 - 0.2 * t],
      m.paint,
    );
    mesh.drum([0, 25, z * 5.9], [0, 0, 1], 1.6, 0.5, m.paint);
  }
  mesh.tube([seatTube(-1), seatTube(13), seatTube(27)], (t) => [2.1, 2.3 - 0.25 * t], m.paint);
  mesh.tube([seatTube(26.4), seatTube(28.6)], 2.5, m.graphite);
  mesh.tube([seatTube(27, 0.4), add(seatTube(24.5, 3.1), [1.4, 0, 0])], 0.5, m.alloy, { sides: 8 });
  mesh.drum(bottom, [0, 0, 1], 2.9, 3.9, m.paint);
  const at = beam.findIndex((p) => p[0] >= 52.4);
  const cut = beam.slice(0, at + 1);
  mesh.tube(cut, (t) => beamSize((t * at) / (beam.length - 1)), m.paint, { sides: 28, square: 2.4 });
  mesh.tube(
    [
      [51.3, 36.75, 0],
      [52.75, 36.95, 0],
    ],
    () => [3.5, 4.65],
    m.alloy,
    { sides: 28, square: 2.6, ends: false },
  );
  mesh.tube(
    [
      [52.75, 36.95, 0],
      [52.8, 36.95, 0],
    ],
    (t) => [3.5 * (1 - t) + 0.01, 4.65 * (1 - t) + 0.01],
    m.alloy,
    {
      sides: 28,
      square: 2.6,
      ends: false,
    },
  );

  // battery, with five lights that say how full it is
  const along = rotate([0, 0, 1], 0.314);
  const middle = add(seatTube(21.5), [-6.1, -1.98, 0]);
  const frame = chain(move(...middle), along);
  mesh.box([0, 0, 0], [3.5, 13.2, 3.3], 1.5, m.graphite, frame);
  mesh.box([3.6, -6, 0], [1.5, 1.6, 1.2], 0.5, m.graphite, frame);
  mesh.box([3.6, 4, 0], [1.5, 1.6, 1.2], 0.5, m.graphite, frame);
  const strap = curve([
    [-2.2, 12.6, 0],
    [-1.6, 14.9, 0],
    [1.6, 14.9, 0],
    [2.2, 12.6, 0],
  ]);
  mesh.tube(
    strap.map((p) => apply(frame, p)),
    () => [1.1, 0.3],
    m.tan,
    { sides: 10 },
  );
  for (let i = 0; i < 5; i += 1)
    mesh.box([-1.5 + i * 0.75, 9.6, 3.28], [0.22, 0.22, 0.1], 0.08, m.led, frame);

  mesh.tube(arc(rearAxle, 26.5, 22, 196), guard, m.paint, { sides: 14, ends: false });
  mesh.tube(
    [[0, 25, 6.4], arc(rearAxle, 25.9, 158, 159, 1)[0].map((v, i) => (i === 2 ? 2.7 : v))],
    0.2,
    m.graphite,
    { sides: 6 },
  );
  const tail = arc(rearAxle, 27.4, 166, 167, 1)[0];
  mesh.box([0, 0, 0], [0.6, 1.7, 1.5], 0.5, m.red, chain(move(...tail), rotate([0, 0, 1], -0.25)));

  // belt
  const belt = [...arc([42, 28, 5.1], 8.6, -90, 90, 24), ...arc([0, 25, 5.1], 4.2, 90, 270, 18)];
  belt.push(belt[0]);
  mesh.tube(belt, () => [0.62, 0.3], m.rubber, { sides: 8, ends: false });
  mesh.drum([0, 25, 5.1], [0, 0, 1], 4, 0.45, m.rim);
  return mesh;
}

function cranks() {
  const mesh = new Mesh();
  const z = [0, 0, 1];
  mesh.ring([0, 0, 5.1], z, 7.9, [0.35, 0.55], m.graphite, { around: 8 });
  for (let i = 0; i < 5; i += 1) {
    const a = (i / 5) * 2 * Math.PI;
    mesh.tube(
      [
        [0, 0, 5.2],
        [Math.cos(a) * 7.7, Math.sin(a) * 7.7, 5.1],
      ],
      (t) => [0.35, 0.95 - 0.35 * t],
      m.graphite,
    );
  }
  mesh.drum([0, 0, 0], z, 1.2, 7, m.alloy);
  for (const side of [-1, 1]) {
    mesh.tube(
      [
        [0, 0, side * 6.6],
        [0, -side * crank, side * 7.6],
      ],
      (t) => [0.62, 1.25 - 0.35 * t],
      m.alloy,
      { square: 2.6 },
    );
  }
  return mesh;
}

function pedal(side) {
  const mesh = new Mesh();
  mesh.box([0, 0, side * 12.6], [4.2, 0.85, 4], 0.6, m.graphite);
  mesh.tube(
    [
      [0, 0, side * 7],
      [0, 0, side * 10],
    ],
    0.5,
    m.alloy,
  );
  return mesh;
}

function seat() {
  const mesh = new Mesh();
  mesh.tube([seatTube(12), seatTube(64.6)], 1.62, m.graphite);
  const top = seatTube(65.6);
  mesh.box([0, 0, 0], [2.3, 1.2, 1.9], 0.7, m.graphite, move(...top));
  for (const z of [-1, 1]) {
    mesh.tube(
      curve([
        [top[0] + 11, top[1] + 3.6, z * 0.9],
        [top[0] + 4, top[1] + 1.2, z * 2.2],
        [top[0] - 5, top[1] + 1.2, z * 2.4],
        [top[0] - 10, top[1] + 3.8, z * 3.4],
      ]),
      0.35,
      m.alloy,
      { sides: 8 },
    );
  }
  const spine = curve([
    [top[0] + 14.2, top[1] + 3.4, 0],
    [top[0] + 9, top[1] + 4.1, 0],
    [top[0] + 2, top[1] + 4.2, 0],
    [top[0] - 5, top[1] + 4.5, 0],
    [top[0] - 11.4, top[1] + 5.3, 0],
  ]);
  const width = curve([[1.6], [2.1], [3.4], [6.7], [7.6]]);
  mesh.tube(
    spine,
    (t) => {
      const w = width[Math.round(t * (width.length - 1))][0];
      return [w, 1.5 + 0.14 * w];
    },
    m.tan,
    { sides: 28, square: 2.3 },
  );
  return mesh;
}

function front() {
  const mesh = new Mesh();
  const at = beam.findIndex((p) => p[0] >= 53.6);
  const cut = beam.slice(at);
  const total = beam.length - 1;
  mesh.tube(cut, (t) => beamSize((at + t * (total - at)) / total), m.paint, { sides: 28, square: 2.4 });
  mesh.tube(
    [
      [53.25, 37.05, 0],
      [54.7, 37.35, 0],
    ],
    () => [3.5, 4.65],
    m.alloy,
    { sides: 28, square: 2.6, ends: false },
  );
  mesh.tube(
    [
      [53.2, 37, 0],
      [53.25, 37.05, 0],
    ],
    (t) => [3.5 * t + 0.01, 4.65 * t + 0.01],
    m.alloy,
    {
      sides: 28,
      square: 2.6,
      ends: false,
    },
  );
  mesh.tube(
    curve([
      [54.4, 35.2, 3.7],
      [57.5, 36.6, 4.3],
      [61.5, 38.6, 3.9],
    ]),
    () => [0.4, 0.8],
    m.graphite,
    { sides: 10 },
  );
  mesh.tube([steer(29.2), steer(40.4)], 2.75, m.paint, { sides: 24 });
  mesh.tube([steer(27.6), steer(29)], 2.9, m.graphite);
  mesh.tube([steer(40.6), steer(41.8)], 2.9, m.graphite);
  mesh.tube(
    curve([
      [91.1, 48.2, -4.6],
      [90.6, 50, -2.6],
      [90.5, 50.2, 0],
      [90.6, 50, 2.6],
      [91.1, 48.2, 4.6],
    ]),
    1.5,
    m.paint,
  );
  for (const z of [-1, 1]) {
    mesh.tube(
      curve([
        [91.1, 48.2, z * 4.6],
        [95, 40, z * 5],
        [99.4, 31, z * 5.3],
        [103, 25, z * 5.4],
      ]),
      (t) => [1.05 - 0.25 * t, 1.5 - 0.6 * t],
      m.paint,
    );
    mesh.drum([103, 25, z * 5.5], [0, 0, 1], 1.4, 0.5, m.paint);
  }
  mesh.tube(arc(frontAxle, 26.5, 42, 186), guard, m.paint, { sides: 14, ends: false });
  mesh.tube(
    [[103, 25, 6.1], arc(frontAxle, 25.9, 172, 173, 1)[0].map((v, i) => (i === 2 ? 2.6 : v))],
    0.2,
    m.graphite,
    { sides: 6 },
  );
  // lamp on the crown
  const lamp = add(steer(33), [4.4, 1.2, 0]);
  mesh.drum(lamp, [1, -0.08, 0], 2.5, 1.7, m.graphite, { edge: 0.8 });
  mesh.drum(add(lamp, [1.55, -0.1, 0]), [1, -0.08, 0], 2, 0.3, m.lamp, { edge: 0.25 });
  mesh.tube([steer(32), lamp], 0.8, m.graphite);
  return mesh;
}

function post() {
  const mesh = new Mesh();
  mesh.tube([steer(43), steer(46.4)], () => [2.9, 3.1], m.graphite, { square: 2.6 });
  mesh.tube([steer(42.4), steer(43)], 3, m.alloy);
  mesh.tube([steer(44.6, 2.6), add(steer(52, 3.2), [0.6, 0, 0])], () => [0.4, 0.75], m.alloy, { sides: 8 });
  mesh.tube([steer(46), steer(64), steer(82)], (t) => [2.0 - 0.35 * t, 2.2 - 0.5 * t], m.paint, {
    sides: 20,
  });
  mesh.tube([steer(80.5), steer(82.6)], 2.2, m.graphite);
  return mesh;
}

const barAt = steer(84);
function bar() {
  const mesh = new Mesh();
  const [x, y] = barAt;
  const sweep = (z) => [x + 1 - 5.5 * (Math.abs(z) / 27) ** 2.2, y + 1.6 * (Math.abs(z) / 27) ** 2, z];
  const line = Array.from({ length: 41 }, (_, i) => sweep(-27 + (54 * i) / 40));
  mesh.tube(line, 1.2, m.graphite, { side: [0, 1, 0] });
  mesh.tube([steer(81.6), barAt], 2.1, m.graphite);
  for (const z of [-1, 1]) {
    const grip = line.filter((p) => p[2] * z >= 14.5);
    mesh.tube(z > 0 ? grip : grip.reverse(), (t) => [1.75 - 0.15 * Math.sin(Math.PI * t), 1.6], m.tan, {
      side: [0, 1, 0],
    });
    mesh.tube(
      curve([sweep(z * 13), add(sweep(z * 14.5), [3.4, -0.8, 0]), add(sweep(z * 22), [4.6, -1.6, 0])]),
      () => [0.35, 0.55],
      m.alloy,
      { sides: 8 },
    );
  }
  mesh.ball(add(sweep(9), [0, 1.9, 0]), [1.7, 1.3, 1.7], m.alloy);
  return mesh;
}

/** A cable from the bar into the beam; only there while the bike stands ready. */
function cable() {
  const mesh = new Mesh();
  mesh.tube(
    curve([
      add(barAt, [2.6, -0.4, 5]),
      add(barAt, [5.2, -8, 3.4]),
      add(steer(62), [4.4, 0, 2]),
      add(steer(48), [4.0, 0, 2.4]),
      [86.4, 55.6, 2.6],
    ]),
    0.32,
    m.rubber,
    { sides: 6 },
  );
  return mesh;
}

export const parts = {
  rear: rear(),
  rearWheel: wheel(6.6),
  cranks: cranks(),
  pedalRight: pedal(1),
  pedalLeft: pedal(-1),
  seat: seat(),
  front: front(),
  frontWheel: wheel(2.6),
  post: post(),
  bar: bar(),
  cable: cable(),
};

/** Where every part is. All of `saddle`, `twist`, `drop`, `swing`, `flip` (the pedals) run from 0 (ready to ride) to 1 (folded). */
export function pose({ saddle = 0, twist = 0, drop = 0, swing = 0, roll = 0, pedals = 0.6, flip = 0 } = {}) {
  const front = rotate([0, 1, 0], swing * Math.PI, hinge);
  const post = chain(front, rotate([1, 0, 0], drop * 3.08, [0, steer(43)[1], 4.5]));
  const crankTurn = chain(move(...bottom), rotate([0, 0, 1], -pedals));
  const foot = (side) =>
    chain(
      move(bottom[0] - side * crank * Math.sin(pedals), bottom[1] - side * crank * Math.cos(pedals), 0),
      rotate([1, 0, 0], (-side * flip * Math.PI) / 2, [0, 0, side * 8]),
    );
  return {
    rear: identity,
    rearWheel: chain(move(...rearAxle), rotate([0, 0, 1], -roll)),
    cranks: crankTurn,
    pedalRight: foot(1),
    pedalLeft: foot(-1),
    seat: move(...mul(lean, -saddle * 38)),
    front,
    frontWheel: chain(front, move(...frontAxle), rotate([0, 0, 1], -roll)),
    post,
    bar: chain(post, rotate(lean, (twist * Math.PI) / 2, barAt)),
    cable: twist > 0 || swing > 0 ? null : identity,
  };
}

export const places = {
  bottom,
  crank,
  saddle: add(seatTube(65.6), [-4, 6.6, 0]),
  hands: add(barAt, [-4.2, 2, 0]),
};
