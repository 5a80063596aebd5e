/** The film, sixty seconds: `drawFrame(t)` paints the moment t on the canvas of film.html. */
import { parts, places, pose } from './bike.mjs';
import { apply, chain, identity, move, rotate } from './mesh.mjs';
import { allMaterials, person } from './rider.mjs';
import { Stage, camera, lights, scaleY } from './stage.mjs';

const W = 960;
const H = 540;
const canvas = document.querySelector('canvas');
const screen = canvas.getContext('2d');
const stage = new Stage(W * 2, H * 2, allMaterials);
const rough = new Stage(W / 2, H / 2, allMaterials); // for what is soft anyway
const small = new OffscreenCanvas(W / 4, H / 4).getContext('2d');
const logo = new Image();
logo.src = 'halden-logo.svg';

const ink = '#22302f';
const clamp = (v) => Math.max(0, Math.min(1, v));
const between = (a, b, t) => clamp((t - a) / (b - a));
const ease = (a, b, t) => {
  const x = between(a, b, t);
  return x * x * x * (x * (6 * x - 15) + 10);
};
const blend = (a, b, t) => a + (b - a) * t;
/** Fades in after `a`, out before `b`. */
const shown = (a, b, t, soft = 0.6) => Math.min(ease(a, a + soft, t), 1 - ease(b - soft * 0.7, b, t));
function dice(seed) {
  let s = seed >>> 0;
  return () => {
    s = (s * 1664525 + 1013904223) >>> 0;
    return s / 4294967296;
  };
}

// ---- drawing on the flat

function gradient(ctx, x1, y1, x2, y2, stops) {
  const g = ctx.createLinearGradient(x1, y1, x2, y2);
  stops.forEach(([at, color]) => g.addColorStop(at, color));
  return g;
}
function fill(ctx, style, x, y, w, h, r = 0) {
  ctx.fillStyle = style;
  ctx.beginPath();
  ctx.roundRect(x, y, w, h, r);
  ctx.fill();
}
function glow(ctx, x, y, r, color, strength = 1) {
  const g = ctx.createRadialGradient(x, y, 0, x, y, r);
  for (const [at, a] of [
    [0, 1],
    [0.2, 0.62],
    [0.45, 0.25],
    [0.7, 0.07],
    [1, 0],
  ]) {
    g.addColorStop(at, `rgba(${color},${a * strength})`);
  }
  ctx.fillStyle = g;
  ctx.fillRect(x - r, y - r, 2 * r, 2 * r);
}
function say(
  ctx,
  words,
  x,
  y,
  { size = 40, weight = 600, color = ink, alpha = 1, align = 'left', spacing = -0.02, rise = 0 } = {},
) {
  if (alpha <= 0) return;
  ctx.save();
  ctx.globalAlpha *= alpha;
  ctx.font = `${weight} ${size}px Manrope`;
  ctx.letterSpacing = `${spacing * size}px`;
  ctx.textAlign = align;
  ctx.fillStyle = color;
  ctx.fillText(words, x, y + rise);
  ctx.restore();
}
/** A headline with a quieter second line. */
function title(
  ctx,
  t,
  from,
  to,
  head,
  below,
  { x = 64, y = 104, color = ink, quiet = 'rgba(34,48,47,.72)', size = 42, align = 'left' } = {},
) {
  const a = shown(from, to, t);
  const b = shown(from + 0.5, to, t);
  say(ctx, head, x, y, { size, color, alpha: a, align, rise: 12 * (1 - ease(from, from + 0.8, t)) });
  if (below) {
    say(ctx, below, x, y + size * 0.88, {
      size: 21,
      weight: 500,
      color: quiet,
      alpha: b,
      align,
      spacing: -0.005,
      rise: 10 * (1 - ease(from + 0.5, from + 1.3, t)),
    });
  }
}

// ---- placing the bicycle and people

const bikeItems = (where, at = identity) =>
  Object.keys(parts).map((key) => ({ mesh: parts[key], matrix: where[key] && chain(at, where[key]) }));

function put(ctx, items, view, light, { shadow = 0.3, soft = 1.2, mirror = 0 } = {}) {
  ctx.imageSmoothingQuality = 'medium';
  if (shadow > 0) {
    // small and enlarged again: as soft as a large blur, and much quicker
    small.clearRect(0, 0, W / 4, H / 4);
    small.filter = `blur(${soft}px)`;
    small.drawImage(rough.draw(items, view, light, { flatten: true }), 0, 0, W / 4, H / 4);
    ctx.globalAlpha = shadow;
    ctx.drawImage(small.canvas, 0, 0, W, H);
    ctx.globalAlpha = 1;
  }
  if (mirror > 0) {
    const turned = items.map((item) => ({ ...item, matrix: item.matrix && scaleY(item.matrix, -1) }));
    ctx.globalAlpha = mirror;
    ctx.drawImage(rough.draw(turned, view, light), 0, 0, W, H);
    ctx.globalAlpha = 1;
  }
  ctx.drawImage(stage.draw(items, view, light), 0, 0, W, H);
}

function riding(distance, cadence, sway = 0) {
  const pedals = cadence;
  const where = pose({ pedals, roll: distance / 25 });
  const foot = (side) => {
    const [x, y] = [42 - side * 15.5 * Math.sin(pedals), 28 - side * 15.5 * Math.cos(pedals)];
    return [x - 6, y + 9.5, side * 12];
  };
  const body = person({
    hip: [places.saddle[0] + 3, places.saddle[1] + 6.5, 0],
    shoulder: [places.saddle[0] + 21, places.saddle[1] + 53 + sway, 0],
    ankles: [foot(1), foot(-1)],
    toes: [0.1 + 0.14 * Math.sin(pedals), 0.1 - 0.14 * Math.sin(pedals)],
    hands: [
      [places.hands[0], places.hands[1] + 1.5, 20],
      [places.hands[0], places.hands[1] + 1.5, -20],
    ],
  });
  return [...bikeItems(where), { mesh: body, matrix: identity, fresh: true }];
}

// ---- the street, in layers that move at different speeds

const looks = {
  dawn: {
    sky: [
      [0, '#b9cbd3'],
      [0.45, '#dfdcd4'],
      [0.8, '#f4d8bd'],
      [1, '#f6c9a4'],
    ],
    far: ['#c9c6c2', '#c4c3c1', '#cfcac3'],
    middle: ['#b5a89f', '#a9a5a1', '#bdaea0', '#a3a7a7'],
    near: ['#8f817a', '#a08c7f', '#87898a', '#9a8676'],
    window: 'rgba(74,80,86,.5)',
    lit: '#ffe2ae',
    litShare: 0.1,
    tree: '#7f8a77',
    trunk: '#6f6560',
    pavement: '#cabfb4',
    kerb: '#b3a79d',
    road: '#9c9893',
    line: '#d8d1c8',
    post: '#5d605f',
  },
  night: {
    sky: [
      [0, '#16263a'],
      [0.6, '#22384f'],
      [1, '#35506a'],
    ],
    far: ['#263c52', '#29405a', '#24394e'],
    middle: ['#1f3245', '#22374b', '#1d2f41'],
    near: ['#18293a', '#1b2e40', '#192b3c'],
    window: 'rgba(40,62,84,.0)',
    lit: '#f3c67c',
    litShare: 0.2,
    tree: '#152632',
    trunk: '#13222d',
    pavement: '#2a3b4b',
    kerb: '#394a59',
    road: '#213040',
    line: '#45566a',
    post: '#0f1a24',
  },
};

const tile = 1920;
function layer(height, paint) {
  const off = new OffscreenCanvas(tile, height);
  paint(off.getContext('2d'));
  return off;
}
function houses(look, colors, seed, base, [low, high], [narrow, wide], detail) {
  return layer(base, (ctx) => {
    const roll = dice(seed);
    let x = 0;
    while (x < tile) {
      let w = blend(narrow, wide, roll());
      if (tile - x - w < narrow) w = tile - x;
      const h = blend(low, high, roll());
      const color = colors[Math.floor(roll() * colors.length)];
      const y = base - h;
      ctx.fillStyle = color;
      ctx.fillRect(x, y, w + 1, h);
      const roof = roll();
      if (detail) {
        ctx.beginPath();
        if (roof < 0.5) {
          ctx.moveTo(x, y + 0.5);
          ctx.lineTo(x + w * 0.5, y - w * 0.3);
          ctx.lineTo(x + w, y + 0.5);
        } else if (roof < 0.8) {
          ctx.roundRect(x + w * 0.14, y - 20, w * 0.72, 24, [8, 8, 0, 0]);
        }
        ctx.fill();
        const columns = Math.max(2, Math.round(w / 38));
        const step = w / columns;
        for (let row = 0; row * 48 + 60 < h; row += 1) {
          for (let c = 0; c < columns; c += 1) {
            ctx.fillStyle = roll() < look.litShare ? look.lit : look.window;
            ctx.beginPath();
            ctx.roundRect(x + step * (c + 0.5) - 7.5, y + 18 + row * 48, 15, 25, 2);
            ctx.fill();
          }
        }
        ctx.fillStyle = look.window;
        ctx.beginPath();
        ctx.roundRect(x + step * 0.5 - 10, base - 38, 20, 38, [3, 3, 0, 0]);
        ctx.fill();
      }
      x += w;
    }
  });
}
function trees(look, seed, base) {
  return layer(base, (ctx) => {
    const roll = dice(seed);
    for (let i = 0; i < 4; i += 1) {
      const x = 170 + i * (tile / 4) + roll() * 90;
      const h = 150 + roll() * 36;
      ctx.fillStyle = look.trunk;
      ctx.fillRect(x - 3.5, base - h * 0.6, 7, h * 0.6);
      ctx.fillStyle = look.tree;
      for (const [dx, dy, r] of [
        [0, 0.78, 44],
        [-28, 0.66, 32],
        [29, 0.64, 34],
        [4, 0.98, 30],
      ]) {
        ctx.beginPath();
        ctx.arc(x + dx, base - h * dy, r, 0, 7);
        ctx.fill();
      }
    }
  });
}
function posts(look, base) {
  return layer(base, (ctx) => {
    for (let i = 0; i < 3; i += 1) {
      const x = 60 + i * (tile / 3);
      ctx.strokeStyle = look.post;
      ctx.lineWidth = 5;
      ctx.beginPath();
      ctx.moveTo(x, base);
      ctx.lineTo(x, base - 236);
      ctx.quadraticCurveTo(x, base - 262, x + 30, base - 262);
      ctx.stroke();
      fill(ctx, look.post, x + 22, base - 266, 32, 9, 4);
    }
  });
}
const streets = {};
function street(kind) {
  if (!streets[kind]) {
    const look = looks[kind];
    streets[kind] = {
      look,
      far: houses(look, look.far, 11, 330, [90, 210], [50, 120], false),
      middle: houses(look, look.middle, 5, 330, [120, 205], [80, 140], true),
      near: houses(look, look.near, 23, 330, [104, 186], [110, 200], true),
      trees: trees(look, 8, 330),
      posts: posts(look, 440),
    };
  }
  return streets[kind];
}
function strip(ctx, image, offset, bottom) {
  const x = -(((offset % tile) + tile) % tile);
  for (let at = x; at < W; at += tile) ctx.drawImage(image, at, bottom - image.height);
}
function drawStreet(ctx, kind, way, sun = 0) {
  const { look, far, middle, near, trees: green, posts: lampposts } = street(kind);
  ctx.fillStyle = gradient(ctx, 0, 0, 0, 400, look.sky);
  ctx.fillRect(0, 0, W, H);
  if (kind === 'dawn') {
    const y = 226 - 70 * sun;
    glow(ctx, 806, y, 330, '255,226,180', 0.85);
    ctx.fillStyle = '#fff1d6';
    ctx.beginPath();
    ctx.arc(806, y, 34, 0, 7);
    ctx.fill();
  }
  ctx.globalAlpha = kind === 'dawn' ? 0.7 : 1;
  strip(ctx, far, way * 0.08 + 200, 400);
  ctx.globalAlpha = kind === 'dawn' ? 0.85 : 1;
  strip(ctx, middle, way * 0.25 + 700, 408);
  ctx.globalAlpha = 1;
  if (kind === 'dawn') {
    ctx.fillStyle = gradient(ctx, 0, 230, 0, 410, [
      [0, 'rgba(246,214,184,0)'],
      [1, 'rgba(246,214,184,.55)'],
    ]);
    ctx.fillRect(0, 230, W, 180);
  }
  strip(ctx, near, way * 0.5, 416);
  strip(ctx, green, way * 0.62, 420);
  ctx.fillStyle = gradient(ctx, 0, 414, 0, 446, [
    [0, look.kerb],
    [0.25, look.pavement],
    [1, look.pavement],
  ]);
  ctx.fillRect(0, 414, W, 34);
  ctx.fillStyle = look.kerb;
  ctx.fillRect(0, 446, W, 6);
  ctx.fillStyle = gradient(ctx, 0, 452, 0, H, [
    [0, look.road],
    [1, look.road],
  ]);
  ctx.fillRect(0, 452, W, H - 452);
  strip(ctx, lampposts, way * 0.85, 444);
  ctx.fillStyle = look.line;
  const dash = 190;
  for (let x = -((way * 1.15) % dash) - dash; x < W + dash; x += dash)
    fill(ctx, look.line, x, 521, 84, 5, 2.5);
}

function studioWall(ctx, x = 480, y = 250) {
  const g = ctx.createRadialGradient(x, y, 40, x, y, 680);
  g.addColorStop(0, '#f3f0ea');
  g.addColorStop(0.45, '#e3e1dc');
  g.addColorStop(1, '#b7bbb7');
  ctx.fillStyle = g;
  ctx.fillRect(0, 0, W, H);
}

// ---- the scenes; `t` counts from the start of the film

function dawn(ctx, t) {
  const way = 400 + 9 * t;
  drawStreet(ctx, 'dawn', way, ease(-2, 9, t));
  const view = camera({ on: [48, 0, 0], at: [640 - 7 * t, 462], scale: 1.95, yaw: -0.06 });
  put(ctx, bikeItems(pose({ pedals: 1.1 })), view, lights.dawn, { shadow: 0.34 });
  title(ctx, t, 0.9, 6.2, 'Before eight,', 'the city belongs to those already out.');
}

function ride(ctx, t) {
  const way = 60 + 205 * (t - 5.5) + 900;
  drawStreet(ctx, 'dawn', way, 1);
  const bob = 0.5 * Math.sin(t * 7.4);
  const x = blend(500, 590, ease(6, 14, t));
  const view = camera({ on: [48, 0, 0], at: [x, 486], scale: 1.98, yaw: 0.05 });
  put(ctx, riding(way / 1.15, t * 6.1, bob), view, lights.dawn, { shadow: 0.36 });
  title(ctx, t, 6.5, 10.1, 'A belt, no chain.', 'Nothing to oil.');
  title(ctx, t, 10.3, 13.9, 'You hear the wheels.', 'The motor, hardly.');
}

function train(ctx, t) {
  ctx.fillStyle = gradient(ctx, 0, 0, 0, 420, [
    [0, '#cfd6d8'],
    [1, '#e7e5e0'],
  ]);
  ctx.fillRect(0, 0, W, H);
  // roof and far side
  ctx.fillStyle = '#b4bcbe';
  ctx.beginPath();
  ctx.moveTo(0, 0);
  ctx.lineTo(W, 0);
  ctx.lineTo(W, 44);
  ctx.lineTo(0, 74);
  ctx.fill();
  ctx.fillStyle = '#bfc6c7';
  for (let i = 0; i < 5; i += 1) ctx.fillRect(70 + i * 232, 40, 8, 370);
  fill(ctx, '#c3c8c8', 0, 330, W, 80);
  // train
  const stop = 1 - (1 - between(13.6, 17.2, t)) ** 2.6;
  const x = blend(1100, -70, stop);
  const body = gradient(ctx, 0, 150, 0, 420, [
    [0, '#f5f4f0'],
    [0.7, '#e4e3de'],
    [1, '#c9cac7'],
  ]);
  fill(ctx, '#6d7678', x + 18, 400, 1500, 26, 4);
  fill(ctx, body, x, 150, 1600, 258, [70, 0, 0, 22]);
  fill(ctx, '#1b7d7a', x + 3, 352, 1600, 15);
  fill(ctx, '#2b3537', x + 20, 196, 96, 84, [44, 10, 10, 14]);
  const open = ease(17.5, 18.5, t);
  const roll = dice(4);
  for (let i = 0; i < 5; i += 1) {
    const wx = x + 160 + i * 330;
    for (const [dx, w] of [[0, 170]]) {
      fill(ctx, '#35464a', wx + dx, 196, w, 96, 12);
      ctx.save();
      ctx.beginPath();
      ctx.roundRect(wx + dx, 196, w, 96, 12);
      ctx.clip();
      ctx.fillStyle = 'rgba(255,236,200,.32)';
      ctx.fillRect(wx + dx, 196, w, 96);
      for (let k = 0; k < 6; k += 1) {
        const px = wx + dx + 6 + k * 30 + roll() * 10;
        const py = 226 + roll() * 16;
        ctx.fillStyle = ['#27343a', '#3a3431', '#2d3f3f', '#453b35'][Math.floor(roll() * 4)];
        ctx.beginPath();
        ctx.arc(px, py, 11, 0, 7);
        ctx.fill();
        ctx.beginPath();
        ctx.roundRect(px - 18, py + 13, 36, 80, 14);
        ctx.fill();
      }
      ctx.restore();
    }
    // doors
    const d = wx + 205;
    fill(ctx, '#f0dfc0', d, 182, 92, 226, 6);
    for (let k = 0; k < 3; k += 1) {
      ctx.fillStyle = ['#4a4440', '#384648', '#55493f'][k];
      ctx.beginPath();
      ctx.arc(d + 18 + k * 28, 236 + (k % 2) * 12, 13, 0, 7);
      ctx.fill();
      ctx.beginPath();
      ctx.roundRect(d + 1 + k * 28, 252 + (k % 2) * 12, 36, 160, 14);
      ctx.fill();
    }
    for (const side of [-1, 1]) {
      const lx = side < 0 ? d - 40 * open : d + 46 + 40 * open;
      fill(ctx, '#d9d9d4', lx, 180, 46, 228, 5);
      fill(ctx, '#35464a', lx + 9, 198, 28, 106, 8);
    }
  }
  // platform
  ctx.fillStyle = gradient(ctx, 0, 408, 0, H, [
    [0, '#b9b7b1'],
    [0.12, '#c8c5be'],
    [1, '#b3b0aa'],
  ]);
  ctx.fillRect(0, 408, W, H - 408);
  fill(ctx, '#efe6cf', 0, 418, W, 7);
  // board
  fill(ctx, '#1f2b2e', 610, 42, 288, 74, 8);
  say(ctx, '07:42', 632, 90, { size: 32, weight: 600, color: '#f6e3b4', spacing: 0 });
  say(ctx, 'Centre', 742, 76, { size: 18, weight: 600, color: '#e9ecea', spacing: 0 });
  say(ctx, 'Full-size bikes: no', 742, 99, { size: 13, weight: 500, color: '#c8d0ce', spacing: 0 });
  const view = camera({ on: [48, 0, 0], at: [330, 496], scale: 1.9, yaw: 0.1 });
  const hip = [46, 91, -34];
  const wait = 0.6 * Math.sin(t * 1.7);
  const waiting = person({
    hip,
    shoulder: [47, 139 + wait * 0.4, -34],
    ankles: [
      [50, 8, -24],
      [43, 8, -44],
    ],
    hands: [
      [24, 100, -12],
      [70, 105.5, -20],
    ],
    nod: 0.2 + 0.1 * wait,
  });
  put(
    ctx,
    [...bikeItems(pose({ pedals: 1.1 })), { mesh: waiting, matrix: identity, fresh: true }],
    view,
    lights.hall,
    { shadow: 0.3, soft: 1.5 },
  );
  title(ctx, t, 14.6, 20.2, 'The train is full.', 'The bike has to be small.', { y: 76 });
}

/** The fold: what moves when, in seconds from its start. */
const fold = { saddle: [0.5, 2.2], twist: [2.5, 3.5], drop: [3.6, 5.4], swing: [5.8, 8.7] };
function folded(s) {
  return pose({
    pedals: 1.1 - 1.05 * ease(0, 1.2, s),
    flip: ease(4.6, 5.6, s),
    saddle: ease(...fold.saddle, s),
    twist: ease(...fold.twist, s),
    drop: ease(...fold.drop, s),
    swing: ease(...fold.swing, s),
  });
}
function digits(ctx, number, x, y, size, color) {
  ctx.font = `300 ${size}px Manrope`;
  ctx.letterSpacing = '0px';
  ctx.textAlign = 'center';
  ctx.fillStyle = color;
  const [whole, part] = number.toFixed(1).split('.');
  ctx.fillText(whole, x, y);
  ctx.fillText('.', x + size * 0.39, y);
  ctx.fillText(part, x + size * 0.78, y);
}
function foldScene(ctx, t) {
  const s = Math.min(9, Math.max(0, t - 20));
  studioWall(ctx, 360, 290);
  const slide = ease(4.8, 9, s);
  const view = camera({
    on: [blend(48, 20, slide), 0, 0],
    at: [blend(340, 330, slide), 452],
    scale: blend(2.75, 3.35, ease(4, 9.6, t - 20)),
    yaw: blend(0.5, 0.2, ease(-0.5, 9.5, t - 20)) + 0.1 * Math.sin(Math.PI * between(5.5, 9, s)),
    tilt: blend(0.12, 0.17, slide),
    far: 900,
  });
  put(ctx, bikeItems(folded(s)), view, lights.studio, { shadow: 0.3, soft: 1.7, mirror: 0.1 });
  const a = shown(19.9, 30.8, t, 0.4);
  ctx.globalAlpha = a;
  digits(ctx, s, 674, 218, 132, ink);
  say(ctx, 'seconds', 674 + 132 * 1.16, 218, {
    size: 20,
    weight: 500,
    color: 'rgba(34,48,47,.7)',
    spacing: 0,
  });
  const steps = [
    ['Saddle down', fold.saddle],
    ['Handlebar turns and drops', [fold.twist[0], fold.drop[1]]],
    ['Frame swings shut', fold.swing],
  ];
  steps.forEach(([words, [from, to]], i) => {
    const y = 286 + i * 48;
    const on = between(from, to, s);
    fill(ctx, 'rgba(34,48,47,.16)', 636, y + 12, 250, 3, 1.5);
    if (on > 0) fill(ctx, '#1b7d7a', 636, y + 12, 250 * on, 3, 1.5);
    say(ctx, words, 636, y, {
      size: 19,
      weight: 600,
      color: `rgba(34,48,47,${blend(0.5, 1, ease(from - 0.3, from + 0.2, s))})`,
      spacing: -0.005,
    });
  });
  ctx.globalAlpha = 1;
}

function stairs(ctx, t) {
  const local = t - 30;
  ctx.fillStyle = gradient(ctx, 0, 0, W, H, [
    [0, '#e9dfd2'],
    [1, '#d3c6b7'],
  ]);
  ctx.fillRect(0, 0, W, H);
  // light from a window, lying on the wall
  ctx.save();
  ctx.globalAlpha = 0.5;
  ctx.fillStyle = '#fbf1dd';
  for (const [dx, dy] of [
    [0, 0],
    [104, 0],
    [0, 130],
    [104, 130],
  ]) {
    ctx.beginPath();
    const x = 560 + dx - local * 5;
    const y = 40 + dy + dx * 0.24;
    ctx.moveTo(x, y);
    ctx.lineTo(x + 92, y + 22);
    ctx.lineTo(x + 92, y + 138);
    ctx.lineTo(x, y + 116);
    ctx.fill();
  }
  ctx.restore();
  const scale = 2;
  const rise = 17;
  const run = 29;
  const view = camera({
    on: [0, 0, 0],
    at: [236 - local * 22, 512 + local * 15],
    scale,
    tilt: 0,
    yaw: 0,
    far: 2600,
  });
  const at = (x, y) => view.pixel([x, y, 0]);
  // rail on the wall
  ctx.strokeStyle = '#8d7a69';
  ctx.lineWidth = 6;
  ctx.lineCap = 'round';
  ctx.beginPath();
  ctx.moveTo(...at(-120, -120 * (rise / run) + 98));
  ctx.lineTo(...at(620, 620 * (rise / run) + 98));
  ctx.stroke();
  // person and package
  const pace = 1.35; // steps a second
  const done = 1.2 + local * pace;
  const on = (k) => [k * run + 8, k * rise];
  const feet = [0, 1].map((i) => {
    const cycle = (done + i) / 2;
    const k = Math.floor(cycle) * 2 - i;
    const f = cycle - Math.floor(cycle);
    const lift = ease(0.42, 0.96, f);
    const [x1, y1] = on(k);
    const [x2, y2] = on(k + 2);
    return [
      blend(x1, x2, lift) - 2,
      blend(y1, y2, ease(0.36, 0.8, f)) + 8 + 9 * Math.sin(Math.PI * clamp(lift)),
      i === 0 ? 9 : -9,
    ];
  });
  const px = (done - 0.15) * run + 4;
  const py = (done - 0.55) * rise + 84 + 1.6 * Math.sin(done * 2 * Math.PI);
  const grip = [px + 11, py + 1, 27];
  const bodyMesh = person({
    hip: [px, py, 0],
    shoulder: [px + 8, py + 47, 0],
    ankles: feet,
    hands: [grip, [px + 2 + 12 * Math.sin(done * Math.PI), py + 2, -25]],
    nod: 0.3,
  });
  const swing = 0.05 * Math.sin(done * 2 * Math.PI + 0.6);
  const hang = chain(
    move(grip[0] - 24, grip[1] - 72, grip[2] + 24),
    rotate([0, 0, 1], swing + 0.06, [24, 72, 0]),
  );
  const shape = pose({ saddle: 1, twist: 1, drop: 1, swing: 1, flip: 1, pedals: 0.05 });
  const items = [...bikeItems(shape, hang), { mesh: bodyMesh, matrix: identity, fresh: true }];
  put(ctx, items, view, lights.room, { shadow: 0 });
  // the steps in front
  ctx.beginPath();
  ctx.moveTo(...at(-200, -400));
  for (let k = -6; k < 24; k += 1) {
    ctx.lineTo(...at(k * run - 12, k * rise));
    ctx.lineTo(...at((k + 1) * run - 12, k * rise));
  }
  ctx.lineTo(...at(900, -600));
  ctx.closePath();
  const [, y0] = at(0, 0);
  ctx.fillStyle = gradient(ctx, 0, y0 - 260, 0, H + 60, [
    [0, '#a99683'],
    [1, '#8b7867'],
  ]);
  ctx.fill();
  ctx.strokeStyle = '#cbb9a5';
  ctx.lineWidth = 4;
  ctx.lineCap = 'butt';
  for (let k = -6; k < 24; k += 1) {
    const [x1, y1] = at(k * run - 15, k * rise);
    const [x2] = at((k + 1) * run - 12, k * rise);
    ctx.beginPath();
    ctx.moveTo(x1, y1 + 2);
    ctx.lineTo(x2, y1 + 2);
    ctx.stroke();
  }
  title(ctx, t, 30.5, 34.2, '15.9 kg', 'with the battery in it.', { size: 54 });
}

function office(ctx, t) {
  ctx.fillStyle = gradient(ctx, 0, 0, W, 0, [
    [0, '#e6e2d9'],
    [1, '#d5d3cb'],
  ]);
  ctx.fillRect(-20, -20, W + 40, H + 40);
  // window with the town
  fill(ctx, '#f6f4ef', 548, 52, 330, 236, 4);
  ctx.save();
  ctx.beginPath();
  ctx.rect(558, 62, 310, 216);
  ctx.clip();
  ctx.fillStyle = gradient(ctx, 0, 62, 0, 278, [
    [0, '#bdd2da'],
    [1, '#ece5d8'],
  ]);
  ctx.fillRect(558, 62, 310, 216);
  ctx.globalAlpha = 0.75;
  ctx.drawImage(street('dawn').far, 512, 20);
  ctx.globalAlpha = 0.8;
  ctx.drawImage(street('dawn').middle, -100, 20);
  ctx.restore();
  fill(ctx, '#f6f4ef', 708, 60, 10, 220);
  fill(ctx, '#ebe7df', 540, 286, 346, 10, 3);
  // floor
  ctx.fillStyle = gradient(ctx, 0, 432, 0, H, [
    [0, '#b99f83'],
    [1, '#a88d71'],
  ]);
  ctx.fillRect(-20, 432, W + 40, 140);
  fill(ctx, '#f1eee7', -20, 420, W + 40, 13);
  // plant
  fill(ctx, '#c7b9a6', 842, 404, 60, 62, [4, 4, 16, 16]);
  ctx.strokeStyle = '#5f7a5f';
  ctx.lineCap = 'round';
  const sway = Math.sin(t * 0.9) * 2;
  for (const [dx, dy, w] of [
    [-56, -100, 13],
    [-26, -146, 14],
    [4, -176, 15],
    [34, -138, 14],
    [58, -88, 12],
    [-40, -56, 11],
    [44, -50, 11],
  ]) {
    ctx.lineWidth = w;
    ctx.beginPath();
    ctx.moveTo(872, 404);
    ctx.quadraticCurveTo(872 + dx * 0.2, 404 + dy * 0.7, 872 + dx + sway, 404 + dy);
    ctx.stroke();
  }
  // cable and socket behind, then the bicycle
  fill(ctx, '#f7f5f0', 176, 352, 26, 30, 4);
  ctx.strokeStyle = '#3a4143';
  ctx.lineWidth = 2.5;
  ctx.beginPath();
  ctx.moveTo(189, 368);
  ctx.bezierCurveTo(186, 470, 262, 474, 350, 400);
  ctx.stroke();
  const view = camera({ on: [22, 0, -10], at: [370, 472], scale: 2.55, yaw: 0.2, tilt: 0.08 });
  const shape = pose({ saddle: 1, twist: 1, drop: 1, swing: 1, flip: 1, pedals: 0.05 });
  put(ctx, bikeItems(shape), view, lights.room, { shadow: 0.36, soft: 1.5 });
  glow(ctx, ...view.pixel([25, 56, 4]), 26, '120,240,190', 0.28 + 0.22 * Math.sin(t * 2.4));
  // desk on top
  fill(ctx, '#6f5845', 112, 232, 14, 244);
  fill(ctx, '#6f5845', 652, 232, 14, 244);
  fill(
    ctx,
    gradient(ctx, 0, 218, 0, 238, [
      [0, '#cfae8a'],
      [1, '#b18f6c'],
    ]),
    92,
    218,
    594,
    20,
    4,
  );
  fill(ctx, 'rgba(70,50,35,.16)', 126, 238, 526, 12);
  // things on the desk
  fill(ctx, '#3a4345', 270, 118, 152, 88, 6);
  fill(
    ctx,
    gradient(ctx, 270, 118, 422, 206, [
      [0, '#8fb1b2'],
      [1, '#57888a'],
    ]),
    275,
    123,
    142,
    78,
    3,
  );
  fill(ctx, '#3a4345', 340, 204, 12, 12);
  fill(ctx, '#3a4345', 306, 213, 80, 5, 2.5);
  fill(ctx, '#e9e4da', 490, 190, 26, 28, [3, 3, 8, 8]);
  fill(ctx, '#d9cbb8', 548, 204, 74, 7, 2);
  fill(ctx, '#4a6b6a', 554, 196, 66, 8, 2);
  fill(ctx, '#b9562b', 551, 211, 70, 7, 2);
  title(ctx, t, 34.5, 39.2, 'Fits under your desk.', '88 x 68 x 40 cm, and it charges there.', {
    x: 64,
    y: 58,
    size: 34,
  });
}

const route = [
  [170, 455],
  [232, 420],
  [262, 352],
  [330, 330],
  [388, 350],
  [452, 322],
  [474, 262],
  [546, 236],
  [610, 250],
  [664, 206],
  [740, 190],
  [800, 128],
];
let paper;
function mapPaper() {
  if (paper) return paper;
  paper = new OffscreenCanvas(W * 2, H * 2);
  const ctx = paper.getContext('2d');
  ctx.scale(2, 2);
  ctx.fillStyle = '#ebe7de';
  ctx.fillRect(0, 0, W, H);
  ctx.fillStyle = '#d6dfcd';
  for (const [x, y, rx, ry, a] of [
    [180, 250, 105, 62, 0.4],
    [705, 400, 130, 66, -0.3],
    [560, 84, 92, 48, 0.2],
    [905, 260, 70, 80, 0],
  ]) {
    ctx.beginPath();
    ctx.ellipse(x, y, rx, ry, a, 0, 7);
    ctx.fill();
  }
  ctx.lineCap = 'round';
  ctx.strokeStyle = '#f8f6f1';
  const roll = dice(77);
  for (let i = -6; i < 22; i += 1) {
    ctx.lineWidth = i % 4 === 0 ? 7 : 2.6;
    ctx.beginPath();
    ctx.moveTo(i * 62 + roll() * 20, -20);
    ctx.bezierCurveTo(i * 62 + 60, 150, i * 62 + 40 + roll() * 40, 360, i * 62 + 190, 560);
    ctx.stroke();
    ctx.beginPath();
    ctx.moveTo(-20, i * 48 + 60 + roll() * 16);
    ctx.bezierCurveTo(300, i * 48 + 20, 620, i * 48 + 10 + roll() * 30, 980, i * 48 - 110);
    ctx.stroke();
  }
  ctx.strokeStyle = '#bfd5d8';
  ctx.lineWidth = 30;
  ctx.beginPath();
  ctx.moveTo(-20, 150);
  ctx.bezierCurveTo(240, 90, 330, 240, 480, 300);
  ctx.bezierCurveTo(640, 364, 760, 250, 1000, 330);
  ctx.stroke();
  return paper;
}
function range(ctx, t) {
  const local = t - 39;
  ctx.save();
  ctx.drawImage(mapPaper(), 0, 0, W, H);
  const far = ease(0.4, 3.1, local);
  ctx.strokeStyle = 'rgba(27,125,122,.35)';
  ctx.lineWidth = 1.5;
  for (const [r, from] of [
    [150, 0.2],
    [290, 0.7],
    [430, 1.2],
  ]) {
    ctx.globalAlpha = ease(from, from + 1, local);
    ctx.beginPath();
    ctx.arc(route[0][0], route[0][1], r * blend(0.92, 1, ease(from, from + 1.4, local)) * 1.56, 0, 7);
    ctx.stroke();
  }
  ctx.globalAlpha = 1;
  // the way ridden
  const path = new Path2D();
  path.moveTo(...route[0]);
  for (let i = 1; i + 1 < route.length; i += 1) {
    const m = [(route[i][0] + route[i + 1][0]) / 2, (route[i][1] + route[i + 1][1]) / 2];
    path.quadraticCurveTo(...route[i], ...m);
  }
  path.lineTo(...route.at(-1));
  const whole = 790;
  ctx.lineCap = 'round';
  ctx.lineJoin = 'round';
  ctx.setLineDash([whole * far, 4000]);
  ctx.strokeStyle = 'rgba(255,255,255,.9)';
  ctx.lineWidth = 11;
  if (far > 0.002) ctx.stroke(path);
  ctx.strokeStyle = '#1b7d7a';
  ctx.lineWidth = 6;
  if (far > 0.002) ctx.stroke(path);
  ctx.setLineDash([]);
  ctx.fillStyle = '#fff';
  ctx.strokeStyle = '#1b7d7a';
  ctx.lineWidth = 5;
  ctx.beginPath();
  ctx.arc(...route[0], 9, 0, 7);
  ctx.fill();
  ctx.stroke();
  if (far >= 1) {
    ctx.beginPath();
    ctx.fillStyle = '#1b7d7a';
    ctx.arc(...route.at(-1), 11 * ease(3.1, 3.5, local), 0, 7);
    ctx.fill();
  }
  ctx.restore();
  ctx.save();
  ctx.translate(190, 112);
  ctx.scale(1, 0.52);
  for (let i = 0; i < 2; i += 1) glow(ctx, 0, 0, 420, '240,237,230', 1);
  ctx.restore();
  ctx.fillStyle = gradient(ctx, 0, 470, 0, H, [
    [0, 'rgba(240,237,230,0)'],
    [0.5, 'rgba(240,237,230,.9)'],
    [1, 'rgba(240,237,230,.96)'],
  ]);
  ctx.fillRect(0, 470, W, 70);
  const a = shown(39.3, 44.4, t);
  say(ctx, `${Math.round(70 * far)} km`, 64, 128, { size: 84, weight: 600, alpha: a, spacing: -0.03 });
  say(ctx, 'on one charge', 66, 166, { size: 21, weight: 500, color: 'rgba(34,48,47,.75)', alpha: a });
  say(ctx, 'At 15 °C, on the flat, lowest support, rider of 75 kg. At 0 °C: about 45 km.', 64, 520, {
    size: 13,
    weight: 500,
    color: 'rgba(34,48,47,.66)',
    alpha: shown(40.2, 44.4, t),
    spacing: 0.005,
  });
}

function price(ctx, t) {
  ctx.fillStyle = gradient(ctx, 0, 0, W, H, [
    [0, '#dfe4e6'],
    [1, '#cbd2d5'],
  ]);
  ctx.fillRect(0, 0, W, H);
  const a = shown(44.25, 50.4, t, 0.4);
  say(ctx, '2,890 EUR', 480, 296, {
    size: 104,
    weight: 500,
    alpha: a,
    align: 'center',
    spacing: -0.035,
    color: '#1e2a2c',
  });
  const line = ease(44.6, 46.2, t);
  fill(ctx, `rgba(30,42,44,${0.28 * a})`, 480 - 190 * line, 330, 380 * line, 1.5);
  say(ctx, 'Battery, lights and mudguards included. Lock extra.', 480, 374, {
    size: 19,
    weight: 500,
    alpha: shown(47, 50.4, t),
    align: 'center',
    color: 'rgba(30,42,44,.72)',
    spacing: 0,
  });
}

function night(ctx, t) {
  const way = 300 + 190 * (t - 50);
  drawStreet(ctx, 'night', way);
  ctx.save();
  ctx.globalCompositeOperation = 'lighter';
  for (let i = -1; i < 5; i += 1) {
    const x = 60 + 42 + i * (tile / 3) - ((way * 0.85) % tile);
    for (const at of [x, x + tile]) {
      if (at < -260 || at > W + 260) continue;
      glow(ctx, at - 2, 186, 110, '255,204,130', 0.5);
      ctx.save();
      ctx.translate(at, 452);
      ctx.scale(1, 0.22);
      glow(ctx, 0, 0, 210, '255,196,120', 0.28);
      ctx.restore();
    }
  }
  ctx.restore();
  const x = blend(520, 575, ease(50, 56, t));
  const view = camera({ on: [48, 0, 0], at: [x, 486], scale: 1.98, yaw: 0.05 });
  const items = riding(way / 1.15, t * 5.8, 0.4 * Math.sin(t * 7));
  put(ctx, items, view, lights.night, { shadow: 0.5 });
  const [lx, ly] = view.pixel([97, 56.5, 0]);
  ctx.save();
  ctx.globalCompositeOperation = 'lighter';
  const beam = gradient(ctx, lx, 0, lx + 430, 0, [
    [0, 'rgba(255,240,205,.42)'],
    [0.35, 'rgba(255,238,200,.16)'],
    [1, 'rgba(255,236,196,0)'],
  ]);
  ctx.filter = 'blur(5px)';
  ctx.fillStyle = beam;
  ctx.beginPath();
  ctx.moveTo(lx, ly - 3);
  ctx.lineTo(lx + 430, ly - 26);
  ctx.lineTo(lx + 430, 520);
  ctx.lineTo(lx, ly + 4);
  ctx.fill();
  ctx.filter = 'none';
  ctx.save();
  ctx.translate(lx + 205, 496);
  ctx.scale(1, 0.13);
  glow(ctx, 0, 0, 210, '255,238,200', 0.55);
  ctx.restore();
  glow(ctx, lx + 2, ly, 46, '255,244,214', 0.95);
  const [rx, ry] = view.pixel([-27, 31, 0]);
  glow(ctx, rx, ry, 34, '255,60,46', 0.8);
  ctx.restore();
  title(ctx, t, 50.6, 56.2, 'Light where you would look.', 'Front, back, and to the sides.', {
    color: '#eef1ee',
    quiet: 'rgba(238,241,238,.74)',
    y: 92,
  });
}

function name(ctx, t) {
  studioWall(ctx, 480, 250);
  const a = ease(56.2, 57, t);
  ctx.globalAlpha = a;
  const size = 92;
  ctx.drawImage(logo, 480 - size / 2, 148 - 8 * (1 - a), size, size);
  ctx.globalAlpha = 1;
  say(ctx, 'Halden One', 480, 322, {
    size: 62,
    weight: 600,
    alpha: ease(56.6, 57.4, t),
    align: 'center',
    spacing: -0.03,
  });
  say(ctx, 'A first look. Please keep it between us.', 480, 366, {
    size: 20,
    weight: 500,
    alpha: ease(57.3, 58.1, t),
    align: 'center',
    color: 'rgba(34,48,47,.7)',
    spacing: 0,
  });
  const out = ease(59.4, 60, t);
  if (out > 0) {
    ctx.fillStyle = `rgba(227,225,220,${out})`;
    ctx.fillRect(0, 0, W, H);
  }
}

const scenes = [
  [0, dawn],
  [6, ride],
  [14, train],
  [20, foldScene],
  [30, stairs],
  [34, office],
  [39, range],
  [44, price],
  [50, night],
  [56, name],
];
const soft = 0.34;

window.drawFrame = (t) => {
  const at = scenes.findLastIndex(([from]) => t >= from);
  screen.globalAlpha = 1;
  screen.filter = 'none';
  scenes[at][1](screen, t);
  const next = scenes[at + 1];
  const before = next ? next[0] - t : Infinity;
  if (before < soft) {
    const over = new OffscreenCanvas(W, H);
    next[1](over.getContext('2d'), t);
    screen.globalAlpha = ease(0, 1, 1 - before / soft);
    screen.drawImage(over, 0, 0);
    screen.globalAlpha = 1;
  }
  if (t < 0.5) {
    screen.fillStyle = `rgba(246,236,224,${1 - ease(0, 0.5, t)})`;
    screen.fillRect(0, 0, W, H);
  }
};

/** How large the folded bicycle is, for the words in the film. */
window.foldedSize = () => {
  const where = pose({ saddle: 1, twist: 1, drop: 1, swing: 1, flip: 1, pedals: 0.05 });
  const low = [Infinity, Infinity, Infinity];
  const high = [-Infinity, -Infinity, -Infinity];
  for (const { mesh, matrix } of bikeItems(where)) {
    if (!matrix) continue;
    for (const p of mesh.points) {
      apply(matrix, p).forEach((v, k) => {
        low[k] = Math.min(low[k], v);
        high[k] = Math.max(high[k], v);
      });
    }
  }
  return { low, high, size: high.map((v, k) => v - low[k]) };
};

Promise.all([document.fonts.load('600 40px Manrope'), logo.decode()]).then(() => {
  window.ready = true;
});
