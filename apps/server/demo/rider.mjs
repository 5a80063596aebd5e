/** A person made of soft tubes: rides, stands, climbs stairs. */
import { Mesh, add, curve, mul, norm, sub } from './mesh.mjs';
import { materialList } from './bike.mjs';

const wear = {
  coat: { color: [0.5, 0.235, 0.1], rough: 0.85, metal: 0, coat: 0.04 },
  trousers: { color: [0.045, 0.055, 0.075], rough: 0.9, metal: 0, coat: 0.03 },
  skin: { color: [0.36, 0.185, 0.115], rough: 0.6, metal: 0, coat: 0.12 },
  helmet: { color: [0.78, 0.77, 0.74], rough: 0.4, metal: 0, coat: 0.6 },
  shoe: { color: [0.6, 0.57, 0.52], rough: 0.7, metal: 0, coat: 0.1 },
  bag: { color: [0.1, 0.13, 0.13], rough: 0.8, metal: 0, coat: 0.08 },
  hair: { color: [0.025, 0.018, 0.015], rough: 0.7, metal: 0, coat: 0.2 },
};
const first = materialList.length;
const m = Object.fromEntries(Object.keys(wear).map((key, i) => [key, first + i]));
export const allMaterials = [...materialList, ...Object.values(wear)];

/** Where a joint between a and b lies when the two bones have these lengths and it bends towards `way`. */
function joint(a, b, upper, lower, way) {
  const to = sub(b, a);
  const far = Math.min(Math.hypot(...to), upper + lower - 0.2);
  const along = norm(to);
  const x = (upper * upper - lower * lower + far * far) / (2 * far);
  const h = Math.sqrt(Math.max(0, upper * upper - x * x));
  const across = norm(sub(way, mul(along, along[0] * way[0] + along[1] * way[1] + along[2] * way[2])));
  return { mid: add(add(a, mul(along, x)), mul(across, h)), end: add(a, mul(along, far)) };
}

export function person({
  hip,
  shoulder,
  ankles,
  hands,
  toes = [0.06, 0.06],
  bag = true,
  helmet = true,
  nod = 0,
}) {
  const mesh = new Mesh();
  for (const [i, side] of [1, -1].entries()) {
    const from = add(hip, [0, 0, side * 8]);
    const { mid, end } = joint(from, ankles[i], 44, 44, [1, 0.12, side * 0.06]);
    const leg = curve(
      [from, add(mul(from, 0.5), mul(mid, 0.5)), mid, add(mul(mid, 0.5), mul(end, 0.5)), end],
      5,
    );
    mesh.tube(
      leg,
      (t) => {
        const r = t < 0.5 ? 8.6 - 4.6 * t : 6.3 - 4 * (t - 0.5);
        return [r, r];
      },
      m.trousers,
      { sides: 18 },
    );
    const c = Math.cos(toes[i]);
    const s = Math.sin(toes[i]);
    const at = (x, y) => add(end, [x * c + y * s, y * c - x * s, 0]);
    mesh.tube(
      curve([at(-5, -3.6), at(2, -3.4), at(9, -4.6), at(16.5, -5.4)], 5),
      (t) => [4.3 - 0.6 * t, 4.2 - 1.7 * t],
      m.shoe,
      { sides: 16 },
    );
    mesh.tube([at(0, 4), at(0, -2)], 3.6, m.skin);
  }
  const up = norm(sub(shoulder, hip));
  const back = [-up[1], up[0], 0];
  const spine = [
    add(hip, mul(up, -4)),
    add(add(hip, mul(up, 16)), mul(back, 1)),
    add(add(hip, mul(up, 34)), mul(back, 2)),
    shoulder,
    add(shoulder, mul(up, 5)),
  ];
  const girth = curve(
    [
      [11.6, 8.2],
      [13.2, 9.8],
      [15.4, 11.8],
      [15, 9.6],
      [7.5, 6.5],
    ],
    6,
  );
  mesh.tube(curve(spine, 6), (t) => girth[Math.round(t * (girth.length - 1))], m.coat, {
    sides: 24,
    square: 2.2,
  });
  for (const [i, side] of [1, -1].entries()) {
    const from = add(shoulder, [0, -2.5, side * 15.5]);
    const { mid, end } = joint(from, hands[i], 30, 29, [-0.35, -1, side * 0.35]);
    const arm = curve(
      [from, add(mul(from, 0.5), mul(mid, 0.5)), mid, add(mul(mid, 0.5), mul(end, 0.5)), end],
      5,
    );
    mesh.tube(arm, (t) => [5.6 - 1.8 * t, 5.6 - 1.8 * t], m.coat, { sides: 16 });
    mesh.ball(end, [4, 3.6, 3.8], m.skin, { sides: 16 });
  }
  const neck = add(shoulder, [1.5, 7, 0]);
  const head = add(neck, [3.5 + 4 * nod, 15.5 - 1.5 * nod, 0]);
  mesh.tube([add(shoulder, [0, 1, 0]), add(neck, [1, 5, 0])], 5, m.skin);
  mesh.tube(curve([add(shoulder, [-1, 3.5, 0]), add(neck, [0, 2.5, 0])], 4), 6.6, m.coat);
  mesh.ball(head, [9.4, 11.6, 8], m.skin);
  mesh.ball(add(head, [-1.8, 1.6, 0]), [9.4, 11, 8.7], m.hair);
  if (helmet) {
    mesh.ball(add(head, [-0.8, 5.2, 0]), [12.2, 9, 10], m.helmet, { sides: 36 });
    mesh.tube(
      curve([add(head, [7, 2.6, 7.4]), add(head, [12.6, 2.9, 0]), add(head, [7, 2.6, -7.4])], 6),
      0.8,
      m.helmet,
    );
  }
  if (bag) {
    const middle = add(add(hip, mul(up, 29)), mul(back, 16.5));
    const base = add(middle, mul(up, -17));
    const top = add(middle, mul(up, 17));
    mesh.tube(
      [base, add(base, mul(up, 10)), add(base, mul(up, 24)), top],
      (t) => [11.5 - 1.5 * t, 6.6 - 0.8 * t],
      m.bag,
      { sides: 24, square: 3 },
    );
  }
  return mesh;
}
