/** What stands in the studio: the bicycle, and the oven with a loaf in it. */
import { materialList, materials, parts, pose } from './bike.mjs';
import { Mesh, chain, curve, identity, move, rotate } from './mesh.mjs';
import { hex } from './studio.mjs';

function bicycle() {
  const where = pose({ pedals: 1.05, roll: 0.2 });
  const yaw = 0.36;
  const tilt = 0.1;
  const far = 560;
  const target = [47, 50, 0];
  return {
    placed: Object.keys(parts).map((key) => ({ mesh: parts[key], matrix: where[key] })),
    materials: materialList,
    width: 1600,
    height: 900,
    samples: 100,
    target,
    eye: [
      target[0] + far * Math.sin(yaw) * Math.cos(tilt),
      target[1] + far * Math.sin(tilt),
      target[2] + far * Math.cos(yaw) * Math.cos(tilt),
    ],
    zoom: 0.238,
    spot: [48, 0, 0],
    reach: 330,
    wall: [hex('#f2efe9'), hex('#b0b5b1')],
    glowAt: [0.5, 0.48],
    sky: [0.62, 0.64, 0.66],
    horizon: [0.34, 0.35, 0.35],
    strips: [
      { towards: [1, 0.25, 0.75], width: 0.16, height: 0.75, power: [4.2, 4.1, 3.9] },
      { towards: [-1, 0.3, 0.45], width: 0.3, height: 0.7, power: [1.7, 1.8, 1.9] },
    ],
    lamps: [{ center: [30, 250, 70], across: [120, 0, 0], along: [0, -26, 70], power: [3.3, 3.25, 3.15] }],
    keyShare: 0.66,
    floorLight: 0.62,
    floorTint: [1, 0.985, 0.96],
    floorRough: 0.05,
    floorShine: 0.42,
    floorDepth: 26,
  };
}

const oven = {
  shell: { color: [0.7, 0.63, 0.52], rough: 0.5, metal: 0, coat: 0.55 },
  inside: { color: [0.09, 0.075, 0.065], rough: 0.6, metal: 0, coat: 0.2 },
  glass: { color: [0.86, 0.8, 0.74], glass: true, rough: 0, metal: 0, coat: 1 },
  frame: { color: [0.02, 0.019, 0.019], rough: 0.3, metal: 0, coat: 0.9 },
  brass: { color: [0.72, 0.5, 0.27], rough: 0.26, metal: 1, coat: 0 },
  element: { color: [1, 0.3, 0.06], rough: 0.5, metal: 0, coat: 0, glow: 5 },
  crust: { color: [0.42, 0.19, 0.07], rough: 0.8, metal: 0, coat: 0.12, grain: crust },
  steel: { color: [0.5, 0.49, 0.47], rough: 0.3, metal: 1, coat: 0 },
  ceramic: { color: [0.5, 0.53, 0.51], rough: 0.4, metal: 0, coat: 0.9 },
  lemon: { color: [0.8, 0.52, 0.05], rough: 0.5, metal: 0, coat: 0.35 },
  leaf: { color: [0.06, 0.13, 0.05], rough: 0.6, metal: 0, coat: 0.3 },
  wood: { color: [0.36, 0.19, 0.09], rough: 0.5, metal: 0, coat: 0.2, grain: wood },
  dark: { color: [0.03, 0.028, 0.026], rough: 0.5, metal: 0, coat: 0.3 },
};
const o = Object.fromEntries(Object.keys(oven).map((key, i) => [key, i]));

function wood([x, y, z], color) {
  const ring = Math.sin((z * 1.1 + Math.sin(x * 0.13) * 1.6 + Math.sin(x * 0.05 + z) * 0.7) * 2.2 + y * 0.6);
  return color.map((c) => c * (0.9 + 0.13 * ring));
}

/** Darker where the loaf stands up, pale with flour in the cuts, which run out towards the sides. */
function crust([x, y, z], color) {
  const along = (x + 4.8 + z * 0.55) / 4.7;
  const width = 0.15 * Math.min(1, Math.max(0, (y - 16.2) / 2.6));
  const edge = Math.abs(along - Math.round(along)) / (width + 1e-6);
  const cut = width > 0.005 ? Math.max(0, Math.min(1, (1.15 - edge) * 3)) : 0;
  const grain =
    Math.sin(x * 3.1 + 2.3 * Math.sin(z * 1.7 + y)) * Math.sin(y * 4.3 + 1.9 * Math.sin(x * 1.3)) +
    0.6 * Math.sin(x * 7.7 + z * 5.1 + 3 * Math.sin(y * 2.1));
  const tone = 0.84 + 0.1 * grain + 0.05 * (y - 15);
  return color.map((c, i) => c * tone + ([0.66, 0.47, 0.28][i] - c * tone) * cut * 0.85);
}

function kitchen() {
  const body = new Mesh();
  // the shell is made of slabs around an opening, so that one can look in
  const w = 25;
  const low = 3.2;
  const high = 33;
  const deep = 17;
  const face = new Mesh();
  // the door: a dark frame with a window, in front of a lit hollow
  const left = -22;
  const right = 12.4;
  const bottom = 6.4;
  const top = 29.8;
  const mid = [(left + right) / 2, (bottom + top) / 2];
  const size = [(right - left) / 2, (top - bottom) / 2];
  const z = 14.6;
  const bars = 2.3;
  const rise = (low + high) / 2;
  const edges = [[left + 0.5, right - 0.5], [bottom + 0.5 - rise, top - 0.5 - rise], []];
  body.box([0, rise, -1.5], [w, (high - low) / 2, deep - 1.5], 4.6, o.shell, identity, edges);
  face.box([mid[0], top - bars / 2, z], [size[0], bars / 2, 1.5], 0.7, o.frame);
  face.box([mid[0], bottom + bars / 2, z], [size[0], bars / 2, 1.5], 0.7, o.frame);
  face.box([left + bars / 2, mid[1], z], [bars / 2, size[1], 1.5], 0.7, o.frame);
  face.box([right - bars / 2, mid[1], z], [bars / 2, size[1], 1.5], 0.7, o.frame);
  // handle
  face.tube(
    curve([
      [left + 5, top - 1.4, 17.9],
      [mid[0], top - 1.4, 18.3],
      [right - 5, top - 1.4, 17.9],
    ]),
    0.95,
    o.brass,
  );
  for (const x of [left + 6, right - 6])
    face.tube(
      [
        [x, top - 1.4, 15],
        [x, top - 1.4, 17.9],
      ],
      0.7,
      o.brass,
    );
  // dials
  for (const [y, a] of [
    [24.4, -0.7],
    [14.6, 0.9],
  ]) {
    face.drum([18.7, y, 13.9], [0, 0, 1], 4.3, 0.35, o.frame, { edge: 0.25 });
    face.drum([18.7, y, 15.3], [0, 0, 1], 3.3, 1.3, o.brass, { edge: 0.5 });
    const tip = [18.7 + 2.6 * Math.sin(a), y + 2.6 * Math.cos(a), 16.62];
    face.tube([[18.7 + 1.2 * Math.sin(a), y + 1.2 * Math.cos(a), 16.62], tip], 0.22, o.dark, { sides: 8 });
  }
  face.box([18.7, 7.9, 13.7], [1.3, 0.28, 0.25], 0.2, o.element);
  const pane = new Mesh();
  const corner = [
    [left + 1, bottom + 1, 15.2],
    [right - 1, bottom + 1, 15.2],
    [right - 1, top - 1, 15.2],
    [left + 1, top - 1, 15.2],
  ].map((p) => pane.vertex(p, [0, 0, 1], o.glass));
  pane.triangles.push([corner[0], corner[1], corner[2]], [corner[0], corner[2], corner[3]]);
  // the hollow
  const hollow = new Mesh();
  const side = (a, b, c, d, n) => {
    const v = [a, b, c, d].map((p) => hollow.vertex(p, n, o.inside));
    hollow.triangles.push([v[0], v[1], v[2]], [v[0], v[2], v[3]]);
  };
  const [l, r, b, t, f, k] = [left + 0.8, right - 0.8, bottom + 0.8, top - 0.8, 14.4, -13];
  side([l, b, k], [r, b, k], [r, t, k], [l, t, k], [0, 0, 1]);
  side([l, b, f], [r, b, f], [r, b, k], [l, b, k], [0, 1, 0]);
  side([l, t, f], [r, t, f], [r, t, k], [l, t, k], [0, -1, 0]);
  side([l, b, f], [l, b, k], [l, t, k], [l, t, f], [1, 0, 0]);
  side([r, b, f], [r, b, k], [r, t, k], [r, t, f], [-1, 0, 0]);
  for (const at of [-6, 1, 8]) {
    hollow.tube(
      [
        [l + 1.5, t - 1.6, at],
        [r - 1.5, t - 1.6, at],
      ],
      0.42,
      o.element,
      { sides: 10 },
    );
  }
  for (let i = 0; i < 13; i += 1) {
    const x = l + 2 + ((r - l - 4) * i) / 12;
    hollow.tube(
      [
        [x, 12.4, -11],
        [x, 12.4, 13],
      ],
      0.2,
      o.steel,
      { sides: 6 },
    );
  }
  hollow.tube(
    [
      [l + 0.6, 12.4, 13],
      [r - 0.6, 12.4, 13],
    ],
    0.3,
    o.steel,
    { sides: 8 },
  );
  const bread = new Mesh();
  bread.ball([0, 0, 0], [10.6, 5.6, 6.8], o.crust, { sides: 72 });
  // blunt ends, a flat underside, and a swelling between the cuts
  bread.points = bread.points.map(([x, y, z]) => {
    const wave = 1 + 0.035 * Math.cos(((x + z * 0.55 - 0.2) / 4.7) * 2 * Math.PI + Math.PI) * (y > 0 ? 1 : 0);
    const end = Math.sign(x) * 10.6 * Math.abs(x / 10.6) ** 0.86;
    return [mid[0] + end, 15 + (y > 0 ? y * wave : y * 0.42), 2 + z * wave];
  });

  const around = new Mesh();
  for (const x of [-19, 19])
    for (const zz of [-12, 10]) around.drum([x, 1.7, zz], [0, 1, 0], 1.7, 1.7, o.dark);
  // a board, a bowl with lemons
  around.box([47, 1.1, 3], [15.5, 1.1, 10.5], 1, o.wood);
  const bowl = [
    [0.4, 0.1],
    [0.4, 4],
    [0.5, 5],
    [1.8, 7.4],
    [4.2, 9.8],
    [7, 11],
    [7.5, 11.15],
    [7.6, 10.9],
    [7, 10.4],
    [4.4, 9.2],
    [2.2, 6.8],
    [1.2, 4],
    [1, 0.1],
  ];
  around.lathe([46, 1.8, 1], [0, 1, 0], bowl, o.ceramic, { sides: 96 });
  const lemon = (x, y, zz, spin) => {
    const fruit = new Mesh();
    fruit.lathe(
      [0, 0, 0],
      [1, 0, 0],
      Array.from({ length: 25 }, (_, i) => {
        const a = Math.PI * (i / 24);
        return [-4.5 * Math.cos(a) - 0.75 * Math.cos(a) ** 9, 3.25 * Math.sin(a) ** 0.92 + 0.02];
      }),
      o.lemon,
    );
    return { mesh: fruit, matrix: chain(move(x, y, zz), rotate([0.2, 1, 0.3], spin)) };
  };
  const mug = new Mesh();
  mug.lathe(
    [-44, 0, 4],
    [0, 1, 0],
    [
      [0, 0.1],
      [0, 4.2],
      [0.3, 4.8],
      [1, 5.1],
      [10.5, 5.3],
      [10.9, 5.15],
      [10.5, 4.9],
      [2, 4.7],
      [1, 0.1],
    ],
    o.dark,
    { sides: 72 },
  );
  mug.tube(
    curve([
      [-49, 8.6, 4],
      [-52.4, 8.2, 4.6],
      [-52.6, 4.4, 4.6],
      [-49, 3.4, 4],
    ]),
    () => [0.9, 0.55],
    o.dark,
  );
  const still = [body, face, pane, hollow, bread, around, mug].map((mesh) => ({ mesh, matrix: identity }));
  // the body is only seen outside the hollow
  still[0].mesh = cutOut(body, [left + 0.5, right - 0.5], [bottom + 0.5, top - 0.5], 10);

  const yaw = -0.24;
  const far = 330;
  const target = [4, 16.5, 0];
  const tilt = 0.13;
  return {
    placed: [
      ...still,
      lemon(42.6, 10.6, 2.6, 0.5),
      lemon(49.6, 10.8, 1.5, 2.1),
      lemon(46, 11.2, -3.6, 1.2),
      lemon(45.8, 14.3, 0.6, 2.8),
      lemon(57.5, 5.4, 7, 0.7),
    ],
    materials: Object.values(oven),
    width: 1600,
    height: 900,
    samples: 80,
    target,
    eye: [
      target[0] + far * Math.sin(yaw) * Math.cos(tilt),
      target[1] + far * Math.sin(tilt),
      target[2] + far * Math.cos(yaw) * Math.cos(tilt),
    ],
    zoom: 0.225,
    spot: [8, 0, 0],
    reach: 260,
    wall: [hex('#ecdccb'), hex('#b39a86')],
    glowAt: [0.46, 0.46],
    sky: [0.5, 0.49, 0.48],
    horizon: [0.36, 0.33, 0.3],
    strips: [{ towards: [-1, 0.3, 0.5], width: 0.34, height: 0.6, power: [1.9, 1.8, 1.65] }],
    lamps: [
      {
        center: [-85, 150, 150],
        across: [62, 0, 30],
        along: [-14, 44, -36],
        power: [5.4, 5.05, 4.6],
        glass: o.glass,
      },
      { center: [mid[0], t - 0.3, 3], across: [13, 0, 0], along: [0, 0, 8], power: [11, 5, 1.75] },
    ],
    keyShare: 0.62,
    floorLight: 0.42,
    floorTint: [1, 0.9, 0.78],
    floorRough: 0.08,
    floorShine: 0.36,
    floorDepth: 16,
  };
}

/** Leaves out the front triangles of a mesh within a window. */
function cutOut(mesh, [x1, x2], [y1, y2], z) {
  const out = new Mesh();
  Object.assign(out, { points: mesh.points, normals: mesh.normals, materials: mesh.materials });
  out.triangles = mesh.triangles.filter((t) => {
    const c = [0, 1, 2].map((k) => t.reduce((sum, i) => sum + mesh.points[i][k], 0) / 3);
    return !(c[2] > z && c[0] > x1 && c[0] < x2 && c[1] > y1 && c[1] < y2);
  });
  return out;
}

/** The drawing before: what the hand touches is black. */
function blackTouched() {
  const black = { ...materials.tan, color: [0.02, 0.02, 0.022] };
  return { ...bicycle(), materials: Object.values({ ...materials, tan: black }) };
}

/** Where members' bicycles sleep, as a phone would show it. */
function sleeping({ frame, tip, from, wall, floor, light, folded = false }) {
  const studio = bicycle();
  const where = pose(
    folded ? { pedals: 0.05, saddle: 1, twist: 1, drop: 1, swing: 1, flip: 1 } : { pedals: 0.3 },
  );
  const target = folded ? [25, 34, 0] : [47, 46, 0];
  const far = 430;
  const [yaw, tilt] = from;
  return {
    ...studio,
    // Folded, the cable is inside.
    placed: Object.keys(parts).flatMap((key) => (where[key] ? { mesh: parts[key], matrix: where[key] } : [])),
    materials: Object.values({
      ...materials,
      tan: { ...materials.tan, color: tip },
      paint: { ...materials.paint, color: frame },
    }),
    width: 640,
    height: 800,
    samples: 60,
    target,
    eye: [
      target[0] + far * Math.sin(yaw) * Math.cos(tilt),
      target[1] + far * Math.sin(tilt),
      target[2] + far * Math.cos(yaw) * Math.cos(tilt),
    ],
    zoom: folded ? 0.3 : 0.36,
    wall: wall.map(hex),
    floorTint: floor,
    floorShine: 0.16,
    floorRough: 0.2,
    keyShare: light,
  };
}
const hallway = () =>
  sleeping({
    ...{ frame: [0.05, 0.12, 0.2], tip: [0.03, 0.03, 0.03], from: [0.62, 0.2] },
    ...{ wall: ['#ead9bd', '#a98f6c'], floor: [0.95, 0.78, 0.58], light: 0.75 },
  });
const cellar = () =>
  sleeping({
    ...{ frame: [0.3, 0.05, 0.04], tip: [0.12, 0.07, 0.04], from: [-0.5, 0.14] },
    ...{ wall: ['#9aa0a3', '#4d5255'], floor: [0.72, 0.74, 0.76], light: 0.5 },
  });
const underStairs = () =>
  sleeping({
    ...{ frame: [0.08, 0.16, 0.1], tip: [0.02, 0.02, 0.02], from: [0.3, 0.3], folded: true },
    ...{ wall: ['#dfe3e6', '#8f979c'], floor: [0.8, 0.68, 0.55], light: 0.7 },
  });

export const scenes = { bicycle, blackTouched, kitchen, hallway, cellar, underStairs };
