import {
  type CalibrationBin,
  type ModelQuality,
  calibrationBinCount,
  calibrationBins,
  fitPlattByChannel,
  modelQuality,
  probabilityIn,
} from '../../../engine/index.ts';
import type { Split } from './split.ts';

/** The rows to judge, with their facts. */
export interface Judged {
  readonly y: Uint8Array;
  readonly user: Int32Array;
  readonly channel: Int32Array;
  /** By name: what rows are grouped by for the ratios of cells. */
  readonly cells: Readonly<Record<string, ArrayLike<number>>>;
  readonly split: Split;
}

interface Cell {
  readonly name: string;
  readonly positives: number;
  /** Σp / Σy. */
  readonly ratio: number;
}

export interface Judgment {
  readonly quality: ModelQuality;
  readonly cells: readonly Cell[];
  readonly bins: readonly CalibrationBin[];
}

const resamples = 500;
/** Positives of a cell that is judged. */
const cellPositivesMin = 500;

/** Calibrates log odds by channel on the calibration day, and judges them on the test days. */
export function judge(logOdds: Float64Array, of: Judged): Judgment {
  const { y, user, channel, cells, split } = of;
  const platt = fitPlattByChannel(at(logOdds, split.calibrate), at(y, split.calibrate), at(channel, split.calibrate)); // prettier-ignore
  const p = Float64Array.from(split.test, (row) => probabilityIn(platt, channel[row]!, logOdds[row]!));
  const outcomes = at(y, split.test);
  return {
    quality: modelQuality(p, outcomes, at(user, split.test), resamples, 1),
    cells: Object.entries(cells).flatMap(([name, values]) => cellsOf(name, at(values, split.test), p, outcomes)), // prettier-ignore
    bins: calibrationBins(p, outcomes, calibrationBinCount),
  };
}

function at(values: ArrayLike<number>, rows: Int32Array): Float64Array {
  return Float64Array.from(rows, (row) => values[row]!);
}

function cellsOf(name: string, values: Float64Array, p: Float64Array, y: Float64Array): Cell[] {
  const sums = new Map<number, { p: number; y: number }>();
  for (const [i, value] of values.entries()) {
    const sum = sums.get(value) ?? { p: 0, y: 0 };
    sums.set(value, { p: sum.p + p[i]!, y: sum.y + y[i]! });
  }
  return [...sums]
    .filter(([, sum]) => sum.y >= cellPositivesMin)
    .toSorted(([a], [b]) => a - b)
    .map(([value, sum]) => ({ name: `${name} ${value}`, positives: sum.y, ratio: sum.p / sum.y }));
}
