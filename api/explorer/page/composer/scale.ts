/** Positions of a slider, from 0 to this. */
export const positions = 1000;

/** The range of a slider. A wide range has a logarithmic scale. */
export interface Scale {
  readonly min: number;
  readonly max: number;
  readonly isInteger: boolean;
}

/** From 0 to {@link positions}. Values outside the range are at its ends. */
export function positionOf(value: number, scale: Scale): number {
  const { min, max } = scale;
  const inside = Math.min(Math.max(value, min), max);
  if (!isLogarithmic(scale)) return (positions * (inside - min)) / (max - min);
  const shift = shiftOf(scale);
  if (inside === max) return positions;
  return (positions * Math.log((inside + shift) / (min + shift))) / Math.log((max + shift) / (min + shift));
}

/** The value at a position, rounded to the resolution of the slider. */
export function valueAt(position: number, scale: Scale): number {
  const { min, max, isInteger } = scale;
  const share = position / positions;
  if (!isLogarithmic(scale)) {
    const value = min + share * (max - min);
    return isInteger ? Math.round(value) : Number(value.toFixed(2));
  }
  const shift = shiftOf(scale);
  const value = (min + shift) * ((max + shift) / (min + shift)) ** share - shift;
  const rounded = Number(value.toPrecision(2));
  return Math.min(Math.max(isInteger ? Math.round(rounded) : rounded, min), max);
}

function isLogarithmic({ min, max }: Scale): boolean {
  return (min >= 0 && max / Math.max(min, 1e-12) >= 1000 && max > 100) || (min > 0 && max / min >= 100);
}

/** A range from 0 is shifted by 1, because 0 has no logarithm. */
function shiftOf({ min }: Scale): number {
  return min === 0 ? 1 : 0;
}
