/**
 * A photographer's studio: follows rays of light through a room with one object in it, a soft light above, and a floor
 * that runs into the wall without an edge. Slow and exact; `draw.mjs` runs it in two workers.
 */
import { isMainThread, parentPort, workerData, Worker } from 'node:worker_threads';
import { fileURLToPath } from 'node:url';
import { add, apply, cross, dot, mul, norm, sub, turn } from './mesh.mjs';

/** Puts placed meshes into flat arrays with a tree over them that makes finding the nearest triangle quick. */
function build(placed) {
  const points = [];
  const normals = [];
  const kinds = [];
  const triangles = [];
  for (const { mesh, matrix } of placed) {
    const first = points.length;
    mesh.points.forEach((p, i) => {
      points.push(apply(matrix, p));
      normals.push(turn(matrix, mesh.normals[i]));
      kinds.push(mesh.materials[i]);
    });
    mesh.triangles.forEach((t) => triangles.push(t.map((i) => i + first)));
  }
  const count = triangles.length;
  const low = triangles.map((t) => [0, 1, 2].map((k) => Math.min(...t.map((i) => points[i][k]))));
  const high = triangles.map((t) => [0, 1, 2].map((k) => Math.max(...t.map((i) => points[i][k]))));
  const middle = low.map((l, i) => l.map((v, k) => (v + high[i][k]) / 2));
  const order = Array.from({ length: count }, (_, i) => i);
  const nodes = [];
  const divide = (from, to) => {
    const node = nodes.length;
    nodes.push(null);
    const min = [Infinity, Infinity, Infinity];
    const max = [-Infinity, -Infinity, -Infinity];
    for (let i = from; i < to; i += 1) {
      for (let k = 0; k < 3; k += 1) {
        min[k] = Math.min(min[k], low[order[i]][k]);
        max[k] = Math.max(max[k], high[order[i]][k]);
      }
    }
    if (to - from <= 4) {
      nodes[node] = { min, max, from, count: to - from, right: 0 };
      return node;
    }
    const axis = [0, 1, 2].reduce((a, b) => (max[b] - min[b] > max[a] - min[a] ? b : a));
    const part = order.slice(from, to).sort((a, b) => middle[a][axis] - middle[b][axis]);
    part.forEach((v, i) => (order[from + i] = v));
    const half = (from + to) >> 1;
    divide(from, half);
    const right = divide(half, to);
    nodes[node] = { min, max, from: 0, count: 0, right };
    return node;
  };
  divide(0, count);
  const box = new Float64Array(nodes.length * 6);
  const link = new Int32Array(nodes.length * 3);
  nodes.forEach((n, i) => {
    box.set([...n.min, ...n.max], i * 6);
    link.set([n.from, n.count, n.right], i * 3);
  });
  const corner = new Float64Array(count * 9);
  const shade = new Float64Array(count * 9);
  const kind = new Uint8Array(count);
  order.forEach((t, i) => {
    const [a, b, c] = triangles[t].map((v) => points[v]);
    corner.set([...a, ...sub(b, a), ...sub(c, a)], i * 9);
    shade.set(
      triangles[t].flatMap((v) => normals[v]),
      i * 9,
    );
    kind[i] = kinds[triangles[t][0]];
  });
  return { box, link, corner, shade, kind };
}

const stack = new Int32Array(96);
const found = { distance: 0, triangle: -1, u: 0, v: 0 };

function nearest(tree, o, d, limit, any, glass) {
  const { box, link, corner, kind } = tree;
  const ix = 1 / d[0];
  const iy = 1 / d[1];
  const iz = 1 / d[2];
  let best = limit;
  found.triangle = -1;
  let top = 0;
  stack[top++] = 0;
  while (top > 0) {
    const n = stack[--top];
    const b = n * 6;
    const x1 = (box[b] - o[0]) * ix;
    const x2 = (box[b + 3] - o[0]) * ix;
    const y1 = (box[b + 1] - o[1]) * iy;
    const y2 = (box[b + 4] - o[1]) * iy;
    const z1 = (box[b + 2] - o[2]) * iz;
    const z2 = (box[b + 5] - o[2]) * iz;
    const near = Math.max(Math.min(x1, x2), Math.min(y1, y2), Math.min(z1, z2));
    const far = Math.min(Math.max(x1, x2), Math.max(y1, y2), Math.max(z1, z2));
    if (far < 0 || near > far || near > best) continue;
    const count = link[n * 3 + 1];
    if (count === 0) {
      stack[top++] = link[n * 3 + 2];
      stack[top++] = n + 1;
      continue;
    }
    for (let i = link[n * 3]; i < link[n * 3] + count; i += 1) {
      if (kind[i] === glass) continue;
      const c = i * 9;
      const ax = corner[c + 3];
      const ay = corner[c + 4];
      const az = corner[c + 5];
      const bx = corner[c + 6];
      const by = corner[c + 7];
      const bz = corner[c + 8];
      const px = d[1] * bz - d[2] * by;
      const py = d[2] * bx - d[0] * bz;
      const pz = d[0] * by - d[1] * bx;
      const det = ax * px + ay * py + az * pz;
      if (det > -1e-9 && det < 1e-9) continue;
      const inv = 1 / det;
      const tx = o[0] - corner[c];
      const ty = o[1] - corner[c + 1];
      const tz = o[2] - corner[c + 2];
      const u = (tx * px + ty * py + tz * pz) * inv;
      if (u < 0 || u > 1) continue;
      const qx = ty * az - tz * ay;
      const qy = tz * ax - tx * az;
      const qz = tx * ay - ty * ax;
      const v = (d[0] * qx + d[1] * qy + d[2] * qz) * inv;
      if (v < 0 || u + v > 1) continue;
      const t = (bx * qx + by * qy + bz * qz) * inv;
      if (t > 1e-4 && t < best) {
        best = t;
        found.triangle = i;
        found.u = u;
        found.v = v;
        if (any) return true;
      }
    }
  }
  found.distance = best;
  return found.triangle >= 0;
}

let seed = 1;
function random() {
  seed ^= seed << 13;
  seed ^= seed >>> 17;
  seed ^= seed << 5;
  return (seed >>> 0) / 4294967296;
}

function basis(n) {
  const x = norm(cross(Math.abs(n[1]) > 0.9 ? [1, 0, 0] : [0, 1, 0], n));
  return [x, cross(n, x)];
}
function around(n, spread) {
  const [x, y] = basis(n);
  const a = 2 * Math.PI * random();
  const r = Math.sqrt(random());
  if (spread === 1) {
    const h = Math.sqrt(Math.max(0, 1 - r * r));
    return norm(add(add(mul(x, r * Math.cos(a)), mul(y, r * Math.sin(a))), mul(n, h)));
  }
  return norm(add(n, add(mul(x, spread * r * Math.cos(a)), mul(y, spread * r * Math.sin(a)))));
}

const smooth = (a, b, x) => {
  const t = Math.max(0, Math.min(1, (x - a) / (b - a)));
  return t * t * (3 - 2 * t);
};

/** The room, as seen from the object: bright above, darker to the front, a strip light on either side. */
function room(d, { sky, horizon, strips }) {
  const up = smooth(-0.1, 0.9, d[1]);
  const light = [0, 1, 2].map((k) => horizon[k] + (sky[k] - horizon[k]) * up);
  for (const { towards, width, height, power } of strips) {
    const side = Math.atan2(d[0], d[2]) - Math.atan2(towards[0], towards[2]);
    const turned = Math.atan2(Math.sin(side), Math.cos(side));
    const amount =
      (1 - smooth(width * 0.7, width, Math.abs(turned))) *
      (1 - smooth(height * 0.8, height, Math.abs(d[1] - towards[1])));
    for (let k = 0; k < 3; k += 1) light[k] += power[k] * amount;
  }
  return light;
}

function lampPoint({ center, across, along }) {
  return add(center, add(mul(across, 2 * random() - 1), mul(along, 2 * random() - 1)));
}
function hitsLamp(lamp, o, d) {
  const n = norm(cross(lamp.across, lamp.along));
  const t = dot(sub(lamp.center, o), n) / dot(d, n);
  if (!(t > 0)) return 0;
  const q = sub(add(o, mul(d, t)), lamp.center);
  const a = dot(q, lamp.across) / dot(lamp.across, lamp.across);
  const b = dot(q, lamp.along) / dot(lamp.along, lamp.along);
  return (1 - smooth(0.8, 1, Math.abs(a))) * (1 - smooth(0.8, 1, Math.abs(b)));
}

function lampLight(tree, lamp, p, n) {
  const q = lampPoint(lamp);
  const to = sub(q, p);
  const far = Math.hypot(...to);
  const d = mul(to, 1 / far);
  const c = dot(n, d);
  const facing = Math.abs(dot(d, norm(cross(lamp.across, lamp.along))));
  if (c <= 0) return 0;
  if (nearest(tree, p, d, far - 0.01, true, lamp.glass ?? 255)) return 0;
  const area = 4 * Math.hypot(...lamp.across) * Math.hypot(...lamp.along);
  return (c * facing * area) / (Math.PI * far * far);
}

function follow(scene, tree, o, d, depth = 0, special = true) {
  const light = [0, 0, 0];
  let through = [1, 1, 1];
  let seesLamps = special;
  for (let bounce = depth; bounce < 6; bounce += 1) {
    const down = d[1] < 0 ? -o[1] / d[1] : Infinity;
    if (!nearest(tree, o, d, down, false, 255)) {
      if (down < Infinity) {
        // the floor, seen from the object or in a reflection: a plain bright surface
        const p = add(o, mul(d, down));
        const r = Math.hypot(p[0] - scene.spot[0], (p[2] - scene.spot[2]) * 1.5);
        const b = scene.floorLight * (0.45 + 0.55 * smooth(10, 90, r));
        for (let k = 0; k < 3; k += 1) light[k] += through[k] * scene.floorTint[k] * b;
        return light;
      }
      const seen = room(d, scene);
      if (seesLamps) {
        for (const lamp of scene.lamps) {
          const amount = hitsLamp(lamp, o, d);
          for (let k = 0; k < 3; k += 1) seen[k] += lamp.power[k] * amount;
        }
      }
      for (let k = 0; k < 3; k += 1) light[k] += through[k] * Math.min(seen[k], bounce ? 6 : 20);
      return light;
    }
    const { triangle, u, v, distance } = found;
    const s = triangle * 9;
    const w = 1 - u - v;
    let n = norm([
      tree.shade[s] * w + tree.shade[s + 3] * u + tree.shade[s + 6] * v,
      tree.shade[s + 1] * w + tree.shade[s + 4] * u + tree.shade[s + 7] * v,
      tree.shade[s + 2] * w + tree.shade[s + 5] * u + tree.shade[s + 8] * v,
    ]);
    const c = triangle * 9;
    let face = norm(
      cross(
        [tree.corner[c + 3], tree.corner[c + 4], tree.corner[c + 5]],
        [tree.corner[c + 6], tree.corner[c + 7], tree.corner[c + 8]],
      ),
    );
    if (dot(face, d) > 0) face = mul(face, -1);
    if (dot(n, face) < 0) n = mul(n, -1);
    const material = scene.materials[tree.kind[triangle]];
    const hit = add(o, mul(d, distance));
    const p = add(hit, mul(face, 1e-3));
    const cos = Math.min(1, Math.max(0.02, -dot(n, d)));
    const fresnel = 0.04 + 0.96 * (1 - cos) ** 5;
    // what glows is seen, and lights others by way of the lamps only: fewer specks
    if (material.glow && seesLamps) {
      for (let k = 0; k < 3; k += 1) light[k] += through[k] * material.color[k] * material.glow;
    }
    if (material.glass) {
      const f = Math.min(0.6, fresnel * 1.6);
      const chance = Math.max(f, 0.15);
      if (random() < chance) {
        through = mul(through, f / chance);
        d = sub(d, mul(face, 2 * dot(d, face)));
        o = p;
        seesLamps = true;
      } else {
        through = through.map((t, k) => (t * (1 - f) * material.color[k]) / (1 - chance));
        o = add(hit, mul(d, 1e-3));
      }
      continue;
    }
    const coat = material.coat * fresnel;
    const chance = coat > 0 ? Math.min(0.9, Math.max(0.2, coat)) : 0;
    const mirror = (spread) => {
      let r = sub(d, mul(n, 2 * dot(d, n)));
      if (spread) r = around(r, spread);
      if (dot(r, face) < 0) r = sub(r, mul(face, 2 * dot(r, face)));
      return r;
    };
    if (random() < chance) {
      through = mul(through, coat / chance);
      d = mirror(material.coat < 0.6 ? material.rough * 0.5 : 0.03);
      o = p;
      seesLamps = true;
    } else if (material.metal) {
      through = through.map((t, k) => (t * material.color[k]) / (1 - chance));
      d = mirror(material.rough * 0.8);
      o = p;
      seesLamps = true;
    } else {
      const at = material.grain ? material.grain(hit, material.color) : material.color;
      through = through.map((t, k) => (t * (1 - coat) * at[k]) / (1 - chance));
      for (const lamp of scene.lamps) {
        const amount = lampLight(tree, lamp, p, n);
        for (let k = 0; k < 3; k += 1) light[k] += through[k] * lamp.power[k] * amount;
      }
      d = around(n, 1);
      if (dot(d, face) < 0) d = sub(d, mul(face, 2 * dot(d, face)));
      o = p;
      seesLamps = false;
    }
    const most = Math.max(...through);
    if (bounce > 2) {
      if (random() > most) return light;
      through = mul(through, 1 / most);
    }
  }
  return light;
}

const linear = (v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
const display = (v) => {
  const x = v < 0.7 ? v : 0.7 + 0.3 * (1 - Math.exp(-(v - 0.7) / 0.3));
  return x <= 0.0031308 ? 12.92 * x : 1.055 * x ** (1 / 2.4) - 0.055;
};

export function hex(code) {
  return [1, 3, 5].map((i) => linear(parseInt(code.slice(i, i + 2), 16) / 255));
}

/** The wall behind: brightest around the middle, falling off to the corners. */
function wall(scene, x, y) {
  const r = Math.hypot((x - scene.glowAt[0]) * 1.25, y - scene.glowAt[1]);
  const t = smooth(0.05, 0.95, r);
  return scene.wall[0].map((v, k) => v + (scene.wall[1][k] - v) * t);
}

function rows(scene, tree, first, step) {
  const { width, height, samples, eye, target, zoom } = scene;
  const forward = norm(sub(target, eye));
  const right = norm(cross(forward, [0, 1, 0]));
  const up = cross(right, forward);
  const out = [];
  for (let y = first; y < height; y += step) {
    const row = new Float32Array(width * 3);
    for (let x = 0; x < width; x += 1) {
      seed = ((x * 73856093) ^ (y * 19349663) ^ 0x9e3779b9) | 1;
      for (let i = 0; i < 8; i += 1) random();
      const sum = [0, 0, 0];
      const behind = wall(scene, x / width, y / height);
      let plain = 0;
      for (let s = 0; s < samples; s += 1) {
        const px = (x + random() - width / 2) / height;
        const py = (height / 2 - y - random()) / height;
        const d = norm(add(forward, add(mul(right, px * zoom), mul(up, py * zoom))));
        const down = d[1] < 0 ? -eye[1] / d[1] : Infinity;
        let value;
        if (nearest(tree, eye, d, down, false, 255)) {
          value = follow(scene, tree, eye, d);
        } else if (down === Infinity) {
          value = behind;
          plain += 1;
        } else {
          const p = add(eye, mul(d, down));
          p[1] = 1e-3;
          const reach = Math.hypot(p[0] - scene.spot[0], p[2] - scene.spot[2]);
          if (reach > scene.reach) {
            value = behind;
            plain += 1;
          } else {
            const lamp = scene.lamps[0];
            const q = lampPoint(lamp);
            const to = sub(q, p);
            const far = Math.hypot(...to);
            const open = nearest(tree, p, mul(to, 1 / far), far, true, lamp.glass ?? 255) ? 0 : 1;
            const free = nearest(tree, p, around([0, 1, 0], 1), 400, true, 255) ? 0.12 : 1;
            const ratio = scene.keyShare * open + (1 - scene.keyShare) * free;
            value = mul(behind, ratio);
            let r = [d[0], -d[1], d[2]];
            r = around(r, scene.floorRough);
            if (r[1] > 0 && nearest(tree, p, r, 200, false, 255)) {
              const f = scene.floorShine * (0.3 + 0.7 * (1 - Math.min(1, -d[1])) ** 3);
              const fade = f * Math.exp(-found.distance / scene.floorDepth);
              const seen = follow(scene, tree, p, r, 2);
              value = value.map((v, k) => v + (Math.min(seen[k], 1.2) - v) * fade);
            }
            if (open === 1 && free === 1) plain += 0.5;
          }
        }
        sum[0] += value[0];
        sum[1] += value[1];
        sum[2] += value[2];
        // a point with nothing around it needs no more samples
        if (s === 11 && plain >= 12) {
          row.set(mul(sum, 1 / 12).map(display), x * 3);
          sum[0] = -1;
          break;
        }
      }
      if (sum[0] >= 0) row.set(mul(sum, 1 / samples).map(display), x * 3);
    }
    out.push([y, row]);
    if (!isMainThread && y % 100 < step) parentPort.postMessage({ y });
  }
  return out;
}

/** Returns 8-bit RGB, row by row. `module` names a file in this folder whose `scenes[name]` describes the picture. */
export async function photograph(module, name, options, workers = 2) {
  const parts = await Promise.all(
    Array.from(
      { length: workers },
      (_, first) =>
        new Promise((done, fail) => {
          const worker = new Worker(fileURLToPath(import.meta.url), {
            workerData: { module, name, options, first, step: workers },
          });
          worker.on('message', (message) => message.rows && done(message.rows));
          worker.on('error', fail);
        }),
    ),
  );
  const all = parts.flat().sort((a, b) => a[0] - b[0]);
  const width = all[0][1].length / 3;
  const pixels = Buffer.alloc(all.length * width * 3);
  for (const [y, row] of all) {
    row.forEach((v, i) => (pixels[y * width * 3 + i] = Math.max(0, Math.min(255, Math.round(v * 255)))));
  }
  return { width, height: all.length, pixels };
}

if (!isMainThread && workerData?.module) {
  // not awaited: the description of a scene imports this file in turn
  import(workerData.module).then(({ scenes }) => {
    const scene = { ...scenes[workerData.name](), ...workerData.options };
    parentPort.postMessage({ rows: rows(scene, build(scene.placed), workerData.first, workerData.step) });
  });
}
