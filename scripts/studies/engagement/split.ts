import type { ModelLog } from '../../../engine/index.ts';

const hourMs = 3_600_000;
/** An action counts so long after its impression. */
export const windowMs = hourMs;

/** Rows of the three parts, by the day of the impression in its time zone. */
export interface Split {
  /**
   * Rows whose window closed before the calibration day: of rows with an open window only those with an action are known, and
   * they alone would raise the rate.
   */
  readonly train: Int32Array;
  readonly calibrate: Int32Array;
  readonly test: Int32Array;
}

const midnight = (date: string): number => Date.parse(`${date}T00:00:00+08:00`);

/** First days of calibration and test, and the day after the test. Parameters were chosen on `tuning`. */
export const splitDays = {
  tuning: ['2022-05-03', '2022-05-04', '2022-05-06'],
  test: ['2022-05-05', '2022-05-06', '2022-05-08'],
} as const;

export function splitOf(log: ModelLog, days: readonly [string, string, string]): Split {
  // prettier-ignore
  const [calibrateAt, testAt, end] = days.map(midnight) as [number, number, number];
  const rows = (isIn: (time: number) => boolean): Int32Array =>
    Int32Array.from(log.times, (_, row) => row).filter((row) => isIn(log.times[row]!));
  return {
    train: rows((time) => time + windowMs < calibrateAt),
    calibrate: rows((time) => time >= calibrateAt && time + windowMs < testAt),
    test: rows((time) => time >= testAt && time < end),
  };
}

/** Day since 1970 and hour in the zone of the set. */
export function dayOf(time: number): number {
  return Math.floor((time - midnight('1970-01-01')) / (24 * hourMs));
}

/** The first moment of a day since 1970. */
export function startOfDay(day: number): number {
  return midnight('1970-01-01') + 24 * hourMs * day;
}

export function hourOf(time: number): number {
  return Math.floor((time - midnight('1970-01-01')) / hourMs) % 24;
}
