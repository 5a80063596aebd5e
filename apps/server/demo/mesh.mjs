/**
 * Small triangle meshes, made of tubes, lathed shapes and rounded boxes; and the little linear algebra they need.
 * Runs in Node (the pictures) and in the browser (the film). Units are centimetres, y is up.
 */

export const add = (a, b) => [a[0] + b[0], a[1] + b[1], a[2] + b[2]];
export const sub = (a, b) => [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
export const mul = (a, s) => [a[0] * s, a[1] * s, a[2] * s];
export const dot = (a, b) => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
export const cross = (a, b) => [
  a[1] * b[2] - a[2] * b[1],
  a[2] * b[0] - a[0] * b[2],
  a[0] * b[1] - a[1] * b[0],
];
export const norm = (a) => mul(a, 1 / (Math.hypot(a[0], a[1], a[2]) || 1));
export const mix = (a, b, t) => a.map((v, i) => v + (b[i] - v) * t);

/** Matrices are 3 rows of 4: rotation and shift. */
export const identity = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0];
export const apply = (m, p) => [
  m[0] * p[0] + m[1] * p[1] + m[2] * p[2] + m[3],
  m[4] * p[0] + m[5] * p[1] + m[6] * p[2] + m[7],
  m[8] * p[0] + m[9] * p[1] + m[10] * p[2] + m[11],
];
export const turn = (m, v) => [dot(m.slice(0, 3), v), dot(m.slice(4, 7), v), dot(m.slice(8, 11), v)];
export const move = (x, y, z) => [1, 0, 0, x, 0, 1, 0, y, 0, 0, 1, z];
export function chain(...matrices) {
  return matrices.reduce((a, b) => {
    const rows = [0, 4, 8].map((r) =>
      [0, 1, 2, 3].map(
        (c) => a[r] * b[c] + a[r + 1] * b[4 + c] + a[r + 2] * b[8 + c] + (c === 3 ? a[r + 3] : 0),
      ),
    );
    return rows.flat();
  });
}
export function rotate(axis, angle, about = [0, 0, 0]) {
  const [x, y, z] = norm(axis);
  const c = Math.cos(angle);
  const s = Math.sin(angle);
  const k = 1 - c;
  const r = [
    [c + x * x * k, x * y * k - z * s, x * z * k + y * s],
    [y * x * k + z * s, c + y * y * k, y * z * k - x * s],
    [z * x * k - y * s, z * y * k + x * s, c + z * z * k],
  ];
  return r.flatMap((row, i) => [...row, about[i] - dot(row, about)]);
}

export class Mesh {
  constructor() {
    this.points = [];
    this.normals = [];
    this.materials = [];
    this.triangles = [];
  }

  vertex(point, normal, material) {
    this.points.push(point);
    this.normals.push(normal);
    this.materials.push(material);
    return this.points.length - 1;
  }

  grid(rows, columns, at, material) {
    const first = this.points.length;
    for (let r = 0; r < rows; r += 1) {
      for (let c = 0; c < columns; c += 1) {
        const { point, normal } = at(r, c);
        this.vertex(point, normal, material);
      }
    }
    for (let r = 0; r + 1 < rows; r += 1) {
      for (let c = 0; c + 1 < columns; c += 1) {
        const a = first + r * columns + c;
        this.triangles.push([a, a + 1, a + columns], [a + 1, a + columns + 1, a + columns]);
      }
    }
    return this;
  }

  /**
   * A tube along points, with round ends. `radius(t)` gives [across, along height]; `across` lies in the direction of
   * `side`, which is z (the width of a bicycle) unless told.
   */
  tube(points, radius, material, { sides = 16, side = [0, 0, 1], square = 2, ends = true } = {}) {
    const size = typeof radius === 'number' ? () => [radius, radius] : radius;
    const last = points.length - 1;
    const rings = points.map((point, i) => ({
      point,
      tangent: norm(sub(points[Math.min(last, i + 1)], points[Math.max(0, i - 1)])),
      size: size(i / last),
    }));
    if (ends) {
      const cap = (ring, sign) =>
        [0.35, 0.65, 0.88, 0.999].map((t) => ({
          ...ring,
          point: add(ring.point, mul(ring.tangent, sign * t * Math.min(...ring.size))),
          size: mul(ring.size, Math.sqrt(1 - t * t)),
          lean: sign * t,
        }));
      rings.unshift(...cap(rings[0], -1).reverse());
      rings.push(...cap(rings.at(-1), 1));
    }
    const power = 2 / square;
    const shape = (v) => Math.sign(v) * Math.abs(v) ** power;
    return this.grid(
      rings.length,
      sides + 1,
      (r, c) => {
        const ring = rings[r];
        const reference = Math.abs(dot(ring.tangent, side)) > 0.95 ? [0, 1, 0] : side;
        const s = norm(sub(reference, mul(ring.tangent, dot(reference, ring.tangent))));
        const u = cross(s, ring.tangent);
        const angle = (c / sides) * 2 * Math.PI;
        const cs = shape(Math.cos(angle));
        const sn = shape(Math.sin(angle));
        const lean = ring.lean ?? 0;
        const around = norm(
          add(
            mul(s, (Math.sign(cs) * Math.abs(cs) ** (square - 1)) / (ring.size[0] + 1e-6)),
            mul(u, (Math.sign(sn) * Math.abs(sn) ** (square - 1)) / (ring.size[1] + 1e-6)),
          ),
        );
        return {
          point: add(ring.point, add(mul(s, cs * ring.size[0]), mul(u, sn * ring.size[1]))),
          normal: norm(add(mul(around, Math.sqrt(1 - lean * lean)), mul(ring.tangent, lean))),
        };
      },
      material,
    );
  }

  /** A profile of [along the axis, radius] turned about an axis through `center`. */
  lathe(center, axis, profile, material, { sides = 48 } = {}) {
    const z = norm(axis);
    const x = norm(cross(Math.abs(z[1]) > 0.9 ? [1, 0, 0] : [0, 1, 0], z));
    const y = cross(z, x);
    return this.grid(
      profile.length,
      sides + 1,
      (r, c) => {
        const [h, radius] = profile[r];
        const before = profile[Math.max(0, r - 1)];
        const after = profile[Math.min(profile.length - 1, r + 1)];
        const slope = norm([after[1] - before[1], after[0] - before[0], 0]);
        const angle = (c / sides) * 2 * Math.PI;
        const out = add(mul(x, Math.cos(angle)), mul(y, Math.sin(angle)));
        return {
          point: add(center, add(mul(out, radius), mul(z, h))),
          normal: norm(add(mul(out, slope[1]), mul(z, -slope[0]))),
        };
      },
      material,
    );
  }

  ring(center, axis, radius, [across, up], material, { sides = 72, around = 12 } = {}) {
    const profile = Array.from({ length: around + 1 }, (_, i) => {
      const angle = (i / around) * 2 * Math.PI;
      return [-Math.cos(angle) * across, radius + Math.sin(angle) * up];
    });
    return this.lathe(center, axis, profile, material, { sides });
  }

  /** A closed disc or drum with soft edges. */
  drum(center, axis, radius, half, material, { edge = 0.4, sides = 48 } = {}) {
    const e = Math.min(edge, half, radius);
    const profile = [[-half, 0.001]];
    for (let i = 0; i <= 4; i += 1) {
      const a = (i / 4) * (Math.PI / 2);
      profile.push([-half + e - e * Math.cos(a), radius - e + e * Math.sin(a)]);
    }
    for (let i = 0; i <= 4; i += 1) {
      const a = (i / 4) * (Math.PI / 2);
      profile.push([half - e + e * Math.sin(a), radius - e + e * Math.cos(a)]);
    }
    profile.push([half, 0.001]);
    return this.lathe(center, axis, profile, material, { sides });
  }

  /** `stops` adds lines to the grid along x, y, z, so that an opening can be cut along them. */
  box(center, half, radius, material, matrix = identity, stops = [[], [], []]) {
    const place = (q) => {
      const inner = q.map((v, i) => Math.max(-(half[i] - radius), Math.min(half[i] - radius, v)));
      const normal = norm(sub(q, inner));
      return {
        point: apply(matrix, add(center, add(inner, mul(normal, radius)))),
        normal: turn(matrix, normal),
      };
    };
    const lines = (axis) => {
      const h = half[axis];
      const corner = [0, 0.15, 0.5, 1].map((t) => h - radius + radius * (1 - t));
      return [...corner.map((v) => -v), ...corner, ...stops[axis]].sort((a, b) => a - b);
    };
    for (const axis of [0, 1, 2]) {
      for (const sign of [-1, 1]) {
        const u = (axis + 1) % 3;
        const v = (axis + 2) % 3;
        const us = lines(u);
        const vs = lines(v);
        this.grid(
          us.length,
          vs.length,
          (r, c) => {
            const q = [0, 0, 0];
            q[axis] = sign * half[axis];
            q[u] = us[r];
            q[v] = vs[c];
            return place(q);
          },
          material,
        );
      }
    }
    return this;
  }

  ball(center, [rx, ry, rz], material, { sides = 28 } = {}) {
    return this.grid(
      sides / 2 + 1,
      sides + 1,
      (r, c) => {
        const a = (r / (sides / 2)) * Math.PI;
        const b = (c / sides) * 2 * Math.PI;
        const n = [Math.sin(a) * Math.cos(b), Math.cos(a), Math.sin(a) * Math.sin(b)];
        return {
          point: add(center, [n[0] * rx, n[1] * ry, n[2] * rz]),
          normal: norm([n[0] / rx, n[1] / ry, n[2] / rz]),
        };
      },
      material,
    );
  }
}

/** A smooth line through points. */
export function curve(points, steps = 8) {
  const at = (i) => points[Math.max(0, Math.min(points.length - 1, i))];
  const out = [];
  for (let i = 0; i + 1 < points.length; i += 1) {
    const [a, b, c, d] = [at(i - 1), at(i), at(i + 1), at(i + 2)];
    for (let k = 0; k < steps; k += 1) {
      const t = k / steps;
      out.push(
        b.map(
          (v, j) =>
            v +
            0.5 *
              t *
              (c[j] - a[j] + t * (2 * a[j] - 5 * v + 4 * c[j] - d[j] + t * (3 * (v - c[j]) + d[j] - a[j]))),
        ),
      );
    }
  }
  out.push(at(points.length - 1));
  return out;
}
