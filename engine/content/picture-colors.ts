/** Pixels along each side of the picture that {@link pictureColors} takes. */
export const colorPictureSize = 32;
/** Colors of a picture at most, and the share of its pixels that one needs. */
const colorsMax = 3;
const shareMin = 0.15;
/** Brightness (the largest of red, green and blue, 0 to 1) below which every color looks black, and from which a pale one looks white. */
const [blackMax, whiteMin] = [0.2, 0.85];
/** Saturation below which there is no hue. */
const graySaturation = 0.15;
/** Dark orange is brown, pale red pink. */
const brownMax = 0.65;
const paleSaturation = 0.5;

/** Where hues end, in degrees; red goes on from 345. */
const hues = [
  ['red', 15],
  ['orange', 45],
  ['yellow', 70],
  ['green', 160],
  ['teal', 200],
  ['blue', 255],
  ['purple', 290],
  ['pink', 345],
  ['red', 360],
] as const;

type Color = (typeof hues)[number][0] | 'black' | 'white' | 'gray' | 'brown';

/**
 * The names of up to three colors that have at least 15 % of the pixels of a picture, most first: black, white, gray, brown, red, orange,
 * yellow, green, teal, blue, purple, pink. `rgb` has red, green and blue of each pixel. Ties go to the color that appears
 * first. O(pixels).
 */
export function pictureColors(rgb: Uint8Array): Color[] {
  const counts = new Map<Color, number>();
  for (let at = 0; at + 2 < rgb.length; at += 3) {
    const color = colorOf(rgb[at]! / 255, rgb[at + 1]! / 255, rgb[at + 2]! / 255);
    counts.set(color, (counts.get(color) ?? 0) + 1);
  }
  return [...counts]
    .filter(([, count]) => count >= (shareMin * rgb.length) / 3)
    .toSorted(([, a], [, b]) => b - a)
    .slice(0, colorsMax)
    .map(([color]) => color);
}

/** By hue, saturation and value (HSV; Smith 1978, doi:10.1145/965139.807361). */
function colorOf(red: number, green: number, blue: number): Color {
  const most = Math.max(red, green, blue);
  const spread = most - Math.min(red, green, blue);
  if (most < blackMax) return 'black';
  const saturation = spread / most;
  if (saturation < graySaturation) return most >= whiteMin ? 'white' : 'gray';
  const sixth =
    most === red
      ? (green - blue) / spread + (green < blue ? 6 : 0)
      : most === green
        ? (blue - red) / spread + 2
        : (red - green) / spread + 4;
  const color = hues.find(([, end]) => 60 * sixth < end)?.[0] ?? 'red';
  if (color === 'orange' && most < brownMax) return 'brown';
  if (color === 'red' && saturation < paleSaturation && most >= whiteMin) return 'pink';
  return color;
}
