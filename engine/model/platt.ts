import { check } from '../base/index.ts';
import { sigmoid } from './probability.ts';

/** Maps log odds to calibrated log odds: slope · x + intercept. */
interface Platt {
  readonly slope: number;
  readonly intercept: number;
}

const stepsMax = 100;
const tolerance = 1e-10;

/**
 * Platt calibration of log odds on rows that the model was not trained on: a logistic regression with one feature, fitted by
 * Newton's method with halved steps, to the smoothed targets of Platt ("Probabilistic Outputs for Support Vector Machines", 1999;
 * Lin, Lin and Weng, Machine Learning 68, 2007, doi:10.1007/s10994-007-5018-6). Few rows, or rows with one outcome only, leave
 * slope and intercept near 1 and 0: both are shrunk to them as by `prior` rows. O(rows · steps).
 */
function fitPlatt(logOdds: Float64Array, y: ArrayLike<number>, prior = 10): Platt {
  check(logOdds.length === y.length, 'y', `${y.length} outcomes of ${logOdds.length} rows`);
  let positives = 0;
  for (let i = 0; i < y.length; i++) positives += y[i]!;
  const high = (positives + 1) / (positives + 2);
  const low = 1 / (y.length - positives + 2);
  const lossOf = (a: number, b: number): number => {
    let loss = (prior / 2) * ((a - 1) ** 2 + b ** 2);
    for (let i = 0; i < logOdds.length; i++) {
      const f = a * logOdds[i]! + b;
      loss += Math.max(f, 0) + Math.log1p(Math.exp(-Math.abs(f))) - (y[i]! > 0 ? high : low) * f;
    }
    return loss;
  };
  let [a, b] = [1, 0];
  let loss = lossOf(a, b);
  for (let step = 0; step < stepsMax; step++) {
    let [ga, gb, haa, hab, hbb] = [prior * (a - 1), prior * b, prior, 0, prior];
    for (let i = 0; i < logOdds.length; i++) {
      const x = logOdds[i]!;
      const p = sigmoid(a * x + b);
      const [d, h] = [p - (y[i]! > 0 ? high : low), p * (1 - p)];
      ga += d * x;
      gb += d;
      haa += h * x * x;
      hab += h * x;
      hbb += h;
    }
    if (Math.abs(ga) < tolerance && Math.abs(gb) < tolerance) break;
    const determinant = haa * hbb - hab * hab;
    const [da, db] = [(hbb * ga - hab * gb) / determinant, (haa * gb - hab * ga) / determinant];
    let size = 1;
    let next = lossOf(a - da, b - db);
    for (; next > loss && size > 1e-10; next = lossOf(a - size * da, b - size * db)) size /= 2;
    if (!(next < loss)) break;
    [a, b, loss] = [a - size * da, b - size * db, next];
  }
  return { slope: a, intercept: b };
}

/** Calibrated log odds. */
function calibrate({ slope, intercept }: Platt, logOdds: number): number {
  return slope * logOdds + intercept;
}

/** Calibrations by channel; channels that had no rows have that of all. */
export interface PlattByChannel {
  readonly all: Platt;
  readonly channels: ReadonlyMap<number, Platt>;
}

/** Rows that pull a channel's calibration to that of all channels. */
const channelPrior = 200;

/**
 * Fits all rows, and on top of that the rows of each channel: few rows leave a channel near the others. `prior`: rows that pull the
 * calibration of all to slope 1 and intercept 0; default 10.
 */
export function fitPlattByChannel(
  logOdds: Float64Array,
  y: ArrayLike<number>,
  channelOf: ArrayLike<number>,
  prior?: number,
): PlattByChannel {
  const all = fitPlatt(logOdds, y, prior);
  const rowsOf = new Map<number, number[]>();
  for (let row = 0; row < logOdds.length; row++) {
    const rows = rowsOf.get(channelOf[row]!);
    if (rows === undefined) rowsOf.set(channelOf[row]!, [row]);
    else rows.push(row);
  }
  const channels = new Map<number, Platt>();
  for (const [channel, rows] of rowsOf) {
    const odds = Float64Array.from(rows, (row) => calibrate(all, logOdds[row]!));
    const { slope, intercept } = fitPlatt(odds, rows.map((row) => y[row]!), channelPrior); // prettier-ignore
    channels.set(channel, { slope: slope * all.slope, intercept: slope * all.intercept + intercept });
  }
  return { all, channels };
}

/** The calibration of a channel: that of all if it has none. */
export function plattOf({ all, channels }: PlattByChannel, channel: number): Platt {
  return channels.get(channel) ?? all;
}

/** The probability of log odds in a channel. */
export function probabilityIn(by: PlattByChannel, channel: number, logOdds: number): number {
  return sigmoid(calibrate(plattOf(by, channel), logOdds));
}

/** Rows that pull a refreshed calibration to the one before. */
const refreshPrior = 200;

/**
 * A calibration by later rows on top of one: with few of them, the one before; with many, what these say. `logOdds`: before any
 * calibration. O(rows · steps).
 */
export function refreshPlatt(
  before: PlattByChannel,
  logOdds: Float64Array,
  y: ArrayLike<number>,
  channelOf: ArrayLike<number>,
): PlattByChannel {
  const calibrated = logOdds.map((odds, row) => calibrate(plattOf(before, channelOf[row]!), odds));
  const after = fitPlattByChannel(calibrated, y, channelOf, refreshPrior);
  const known = new Set([...before.channels.keys(), ...after.channels.keys()]);
  return {
    all: chained(before.all, after.all),
    channels: new Map(
      [...known].map((channel) => [channel, chained(plattOf(before, channel), plattOf(after, channel))]),
    ),
  };
}

function chained(first: Platt, second: Platt): Platt {
  return {
    slope: second.slope * first.slope,
    intercept: second.slope * first.intercept + second.intercept,
  };
}
