/** Draws placed meshes with WebGL, lit like a calm studio or a street. Used by the film only. */
import { add, cross, norm, sub } from './mesh.mjs';

const vertex = `#version 300 es
precision highp float;
in vec3 point; in vec3 normal; in float kind;
uniform vec4 rowX, rowY, rowZ;
uniform vec3 eye, right, up, forward, lightTo;
uniform vec2 shift, lens;
uniform float flatten;
out vec3 worldPoint, worldNormal;
flat out int material;
void main() {
  vec4 p = vec4(point, 1.0);
  vec3 w = vec3(dot(rowX, p), dot(rowY, p), dot(rowZ, p));
  worldNormal = vec3(dot(rowX.xyz, normal), dot(rowY.xyz, normal), dot(rowZ.xyz, normal));
  if (flatten > 0.5) { w -= lightTo * (w.y / lightTo.y); }
  worldPoint = w;
  material = int(kind + 0.5);
  vec3 q = w - eye;
  float far = dot(q, forward);
  gl_Position = vec4(dot(q, right) * lens.x + shift.x * far, dot(q, up) * lens.y + shift.y * far, (far - 100.0) / 4000.0 * far, far);
}`;

const fragment = `#version 300 es
precision highp float;
in vec3 worldPoint, worldNormal;
flat in int material;
uniform vec3 eye, lightTo, key, sky, horizon, ground, rimTo, rim;
uniform float flatten;
uniform vec4 colors[28];
uniform vec4 kinds[28];
out vec4 outColor;
vec3 around(vec3 d, float rough) {
  float s = 0.06 + rough;
  vec3 c = mix(horizon, sky, smoothstep(-s * 0.6, 0.5 + s, d.y));
  c = mix(ground, c, smoothstep(-0.12 - s, 0.06 + s, d.y));
  float k = dot(d, normalize(lightTo));
  c += key * 1.5 * smoothstep(0.93 - 0.5 * s, 0.965 + 0.03 * s, k) / (1.0 + 6.0 * rough);
  c += rim * smoothstep(0.86 - 0.5 * s, 0.95, dot(d, rimTo)) / (1.0 + 3.0 * rough);
  return c;
}
vec3 show(vec3 v) {
  vec3 x = mix(v, 0.7 + 0.3 * (1.0 - exp(-(v - 0.7) / 0.3)), step(0.7, v));
  return mix(12.92 * x, 1.055 * pow(max(x, 0.0), vec3(1.0 / 2.4)) - 0.055, step(0.0031308, x));
}
void main() {
  if (flatten > 0.5) { outColor = vec4(0.0, 0.0, 0.0, 1.0); return; }
  vec3 v = normalize(worldPoint - eye);
  vec3 n = normalize(worldNormal);
  if (dot(n, v) > 0.0) n = -n;
  vec3 color = colors[material].rgb;
  float rough = colors[material].a;
  vec4 k = kinds[material];
  float facing = clamp(-dot(n, v), 0.0, 1.0);
  float fresnel = 0.04 + 0.96 * pow(1.0 - facing, 5.0);
  vec3 r = reflect(v, n);
  float shade = mix(0.55, 1.0, smoothstep(0.0, 55.0, worldPoint.y));
  vec3 soft = mix(ground, mix(horizon, sky, smoothstep(-0.2, 1.0, n.y)), smoothstep(-1.0, 0.4, n.y)) * shade;
  float lit = pow(clamp(dot(n, normalize(lightTo)) * 0.8 + 0.2, 0.0, 1.0), 1.3);
  vec3 base = color * (soft + key * lit * 0.62 + rim * 0.25 * clamp(dot(n, rimTo), 0.0, 1.0));
  vec3 shine = around(r, rough);
  vec3 result = mix(base, color * shine, k.x);
  result += (1.0 - k.x) * k.y * fresnel * around(r, rough * 0.25);
  result += color * k.z;
  outColor = vec4(show(result), 1.0);
}`;

export const lights = {
  studio: {
    lightTo: [-0.25, 1, 0.55],
    key: [1.05, 1.03, 1],
    sky: [0.62, 0.64, 0.66],
    horizon: [0.4, 0.41, 0.41],
    ground: [0.42, 0.41, 0.4],
    rimTo: norm([1, 0.3, 0.5]),
    rim: [1.6, 1.55, 1.5],
  },
  dawn: {
    lightTo: [0.8, 0.7, 0.6],
    key: [1.15, 0.86, 0.66],
    sky: [0.5, 0.56, 0.64],
    horizon: [0.52, 0.43, 0.38],
    ground: [0.27, 0.25, 0.25],
    rimTo: norm([1, 0.25, 0.1]),
    rim: [1.5, 0.95, 0.6],
  },
  hall: {
    lightTo: [-0.2, 1, 0.5],
    key: [0.8, 0.82, 0.86],
    sky: [0.6, 0.63, 0.66],
    horizon: [0.45, 0.46, 0.47],
    ground: [0.3, 0.3, 0.3],
    rimTo: norm([-1, 0.3, 0.2]),
    rim: [0.6, 0.65, 0.7],
  },
  room: {
    lightTo: [-0.7, 0.8, 0.6],
    key: [1, 0.9, 0.78],
    sky: [0.5, 0.48, 0.46],
    horizon: [0.42, 0.39, 0.36],
    ground: [0.28, 0.25, 0.22],
    rimTo: norm([-1, 0.3, 0.1]),
    rim: [1, 0.88, 0.72],
  },
  night: {
    lightTo: [0.2, 1, 0.3],
    key: [0.42, 0.33, 0.22],
    sky: [0.13, 0.17, 0.24],
    horizon: [0.12, 0.145, 0.19],
    ground: [0.07, 0.08, 0.1],
    rimTo: norm([1, 0.5, -0.3]),
    rim: [1.35, 0.95, 0.58],
  },
};

export class Stage {
  constructor(width, height, materials) {
    this.canvas = new OffscreenCanvas(width, height);
    const gl = this.canvas.getContext('webgl2', {
      antialias: false,
      preserveDrawingBuffer: true,
      premultipliedAlpha: true,
    });
    this.gl = gl;
    this.aspect = width / height;
    const program = gl.createProgram();
    for (const [type, source] of [
      [gl.VERTEX_SHADER, vertex],
      [gl.FRAGMENT_SHADER, fragment],
    ]) {
      const shader = gl.createShader(type);
      gl.shaderSource(shader, source);
      gl.compileShader(shader);
      if (!gl.getShaderParameter(shader, gl.COMPILE_STATUS)) throw new Error(gl.getShaderInfoLog(shader));
      gl.attachShader(program, shader);
    }
    gl.linkProgram(program);
    if (!gl.getProgramParameter(program, gl.LINK_STATUS)) throw new Error(gl.getProgramInfoLog(program));
    gl.useProgram(program);
    gl.enable(gl.DEPTH_TEST);
    gl.viewport(0, 0, width, height);
    this.program = program;
    this.known = new Map();
    this.uniform = (name) => gl.getUniformLocation(program, name);
    const colors = materials.flatMap((m) => [...m.color, m.rough]);
    const kinds = materials.flatMap((m) => [m.metal, m.coat, m.glow ?? 0, 0]);
    gl.uniform4fv(this.uniform('colors'), new Float32Array(colors));
    gl.uniform4fv(this.uniform('kinds'), new Float32Array(kinds));
  }

  upload(mesh) {
    const { gl, program } = this;
    const array = gl.createVertexArray();
    gl.bindVertexArray(array);
    const fill = (name, size, data) => {
      const buffer = gl.createBuffer();
      gl.bindBuffer(gl.ARRAY_BUFFER, buffer);
      gl.bufferData(gl.ARRAY_BUFFER, new Float32Array(data), gl.STATIC_DRAW);
      const at = gl.getAttribLocation(program, name);
      gl.enableVertexAttribArray(at);
      gl.vertexAttribPointer(at, size, gl.FLOAT, false, 0, 0);
      return buffer;
    };
    const buffers = [
      fill('point', 3, mesh.points.flat()),
      fill('normal', 3, mesh.normals.flat()),
      fill('kind', 1, mesh.materials),
    ];
    const index = gl.createBuffer();
    gl.bindBuffer(gl.ELEMENT_ARRAY_BUFFER, index);
    gl.bufferData(gl.ELEMENT_ARRAY_BUFFER, new Uint32Array(mesh.triangles.flat()), gl.STATIC_DRAW);
    return { array, buffers: [...buffers, index], count: mesh.triangles.length * 3 };
  }

  /** `items` are { mesh, matrix, fresh? }; a fresh mesh is forgotten after drawing. */
  draw(items, camera, light, { flatten = false } = {}) {
    const { gl } = this;
    gl.clearColor(0, 0, 0, 0);
    gl.clear(gl.COLOR_BUFFER_BIT | gl.DEPTH_BUFFER_BIT);
    const set3 = (name, v) => gl.uniform3fv(this.uniform(name), new Float32Array(v));
    for (const name of ['eye', 'right', 'up', 'forward']) set3(name, camera[name]);
    for (const name of ['lightTo', 'key', 'sky', 'horizon', 'ground', 'rimTo', 'rim'])
      set3(name, light[name]);
    gl.uniform2fv(this.uniform('shift'), new Float32Array(camera.shift));
    gl.uniform2fv(this.uniform('lens'), new Float32Array([camera.lens / this.aspect, camera.lens]));
    gl.uniform1f(this.uniform('flatten'), flatten ? 1 : 0);
    for (const { mesh, matrix, fresh } of items) {
      if (!matrix) continue;
      let buffer = this.known.get(mesh);
      if (!buffer) {
        buffer = this.upload(mesh);
        if (!fresh) this.known.set(mesh, buffer);
      }
      for (const [i, row] of ['rowX', 'rowY', 'rowZ'].entries()) {
        gl.uniform4fv(this.uniform(row), new Float32Array(matrix.slice(i * 4, i * 4 + 4)));
      }
      gl.bindVertexArray(buffer.array);
      gl.drawElements(gl.TRIANGLES, buffer.count, gl.UNSIGNED_INT, 0);
      if (fresh) {
        buffer.buffers.forEach((b) => gl.deleteBuffer(b));
        gl.deleteVertexArray(buffer.array);
      }
    }
    return this.canvas.transferToImageBitmap();
  }
}

/** A camera that shows the world point `on` at the pixel `at` of a 960 by 540 picture, `scale` pixels to the centimetre. */
export function camera({ on = [0, 0, 0], at, scale, yaw = 0, tilt = 0.06, far = 1500 }) {
  const eye = add(on, [
    far * Math.sin(yaw) * Math.cos(tilt),
    far * Math.sin(tilt),
    far * Math.cos(yaw) * Math.cos(tilt),
  ]);
  const forward = norm(sub(on, eye));
  const right = norm(cross(forward, [0, 1, 0]));
  const up = cross(right, forward);
  const lens = (scale * far * 2) / 540;
  const shift = [(at[0] - 480) / 480, (270 - at[1]) / 270];
  return {
    eye,
    forward,
    right,
    up,
    lens,
    shift,
    pixel: (p) => toPixel({ eye, forward, right, up, lens, shift }, p),
  };
}

function toPixel({ eye, forward, right, up, lens, shift }, p) {
  const q = sub(p, eye);
  const d = (a) => a[0] * q[0] + a[1] * q[1] + a[2] * q[2];
  const far = d(forward);
  return [
    480 + 480 * ((d(right) * lens * 540) / 960 / far + shift[0]),
    270 - 270 * ((d(up) * lens) / far + shift[1]),
  ];
}

export const scaleY = (matrix, s) => [
  ...matrix.slice(0, 4),
  ...matrix.slice(4, 8).map((v) => v * s),
  ...matrix.slice(8),
];
