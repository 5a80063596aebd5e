/** Colour arithmetic in OKLCH, where equal steps of lightness look equal whatever the hue. */

type Rgb = [red: number, green: number, blue: number];

const toLinear = (part: number) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
const toGamma = (part: number) => (part <= 0.0031308 ? part * 12.92 : 1.055 * part ** (1 / 2.4) - 0.055);

function linearOf(hex: string): Rgb {
  const parts = /^#?([\da-f]{2})([\da-f]{2})([\da-f]{2})$/i.exec(hex);
  // A neutral blue-green where a community has no usable colour.
  const [, red = '2f', green = '6f', blue = '73'] = parts ?? [];
  return [red, green, blue].map((part) => toLinear(parseInt(part, 16) / 255)) as Rgb;
}

/** WCAG contrast of two colours, 1 to 21. */
export function contrast(one: string, other: string): number {
  const [lighter = 0, darker = 0] = [one, other]
    .map(linearOf)
    .map(([red, green, blue]) => 0.2126 * red + 0.7152 * green + 0.0722 * blue)
    .sort((a, b) => b - a);
  return (lighter + 0.05) / (darker + 0.05);
}

function chromaAndHue(hex: string): { chroma: number; hue: number } {
  const [r, g, b] = linearOf(hex);
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  const a = 1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s;
  const c = 0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s;
  return { chroma: Math.hypot(a, c), hue: Math.atan2(c, a) };
}

function rgbOf(lightness: number, chroma: number, hue: number): Rgb {
  const a = chroma * Math.cos(hue);
  const b = chroma * Math.sin(hue);
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
    -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
    -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s,
  ];
}

/** The nearest colour of this lightness and hue that a screen can show. */
function hexOf(lightness: number, chroma: number, hue: number): string {
  let rgb = rgbOf(lightness, chroma, hue);
  for (let c = chroma; c > 0 && rgb.some((part) => part < -0.0005 || part > 1.0005); c -= 0.004)
    rgb = rgbOf(lightness, c, hue);
  const parts = rgb.map((part) => Math.round(toGamma(Math.min(1, Math.max(0, part))) * 255));
  return `#${parts.map((part) => part.toString(16).padStart(2, '0')).join('')}`;
}

/** Shade for filled buttons, links and marks on light grounds; white text stands on it. */
export const ON_LIGHT = 6;
/** The same on dark grounds; black text stands on it. */
export const ON_DARK = 3;
/** The grounds that the shades are checked against. */
export const lightGround = '#f6f6f3';
export const darkGround = '#24282b';
const READABLE = 4.8;

const ladder = [0.972, 0.94, 0.89, 0.82, 0.74, 0.64, 0.54, 0.47, 0.4, 0.32];
const strength = [0.16, 0.28, 0.5, 0.75, 0.95, 1, 1, 0.95, 0.85, 0.7];

/** Ten shades of an accent from light to dark, of which `ON_LIGHT` and `ON_DARK` are readable on their grounds. */
export function shadesOf(accent: string) {
  const { chroma, hue } = chromaAndHue(accent);
  const at = (lightness: number, step: number) => hexOf(lightness, chroma * strength[step]!, hue);
  let dark = ladder[ON_LIGHT]!;
  while (contrast(at(dark, ON_LIGHT), lightGround) < READABLE && dark > 0.2) dark -= 0.01;
  let light = ladder[ON_DARK]!;
  while (contrast(at(light, ON_DARK), darkGround) < READABLE + 1 && light < 0.95) light += 0.01;
  return ladder.map((lightness, step) => {
    if (step === ON_DARK) return at(light, step);
    if (step < ON_LIGHT) return at(lightness, step);
    // Shades below the readable one stay as far from it as in the ladder.
    return at(Math.max(0.16, dark - (ladder[ON_LIGHT]! - lightness)), step);
  }) as unknown as [string, string, string, string, string, string, string, string, string, string];
}
