import { type PlattByChannel, refreshPlatt } from '../../engine/model/index.ts';

const dayMs = 86_400_000;
/** Days of impressions that a calibration is refreshed on. */
export const trailingDays = 7;

/** A calibration that was refreshed. */
export interface RefreshedCalibration {
  /** A midnight in UTC: impressions whose window closed before it count. Milliseconds since 1970. */
  readonly at: number;
  readonly rows: number;
  readonly positives: number;
  readonly by: PlattByChannel;
}

/**
 * The latest impressions with the log odds that each had when it was shown, and their outcomes: the rows on
 * which a calibration is refreshed, once a day. A row counts once its window has closed: before that, only rows
 * with an action are known.
 */
export class TrailingRows {
  readonly #windowMs: number;
  #first = 0;
  #times: number[] = [];
  #channels: number[] = [];
  #logOdds: number[] = [];
  #outcomes: number[] = [];

  constructor(windowMs: number) {
    this.#windowMs = windowMs;
  }

  /** The earliest impression that a calibration at a time or later needs. */
  neededFrom(time: number): number {
    return midnightBefore(time) - trailingDays * dayMs - this.#windowMs;
  }

  /** An impression; times must not descend. Returns its number. */
  shown(time: number, channel: number, logOdds: number): number {
    this.#times.push(time);
    this.#channels.push(channel);
    this.#logOdds.push(logOdds);
    this.#outcomes.push(0);
    return this.#first + this.#times.length - 1;
  }

  /** The action came, within the window. */
  acted(row: number): void {
    if (row >= this.#first) this.#outcomes[row - this.#first] = 1;
  }

  /**
   * The calibration of the last midnight before a time, on top of the model's own. Forgets rows that no later
   * one needs. O(rows · steps).
   */
  refreshed(time: number, ofModel: PlattByChannel): RefreshedCalibration {
    const at = midnightBefore(time);
    const from = this.neededFrom(time);
    let [start, end] = [0, 0];
    while (start < this.#times.length && this.#times[start]! < from) start++;
    for (end = start; end < this.#times.length && this.#times[end]! + this.#windowMs < at; end++);
    this.#forget(start);
    const count = end - start;
    const y = this.#outcomes.slice(0, count);
    const by = refreshPlatt(ofModel, Float64Array.from(this.#logOdds.slice(0, count)), y, this.#channels.slice(0, count)); // prettier-ignore
    return { at, rows: count, positives: y.reduce((sum, each) => sum + each, 0), by };
  }

  #forget(count: number): void {
    this.#first += count;
    this.#times = this.#times.slice(count);
    this.#channels = this.#channels.slice(count);
    this.#logOdds = this.#logOdds.slice(count);
    this.#outcomes = this.#outcomes.slice(count);
  }
}

/** In UTC. */
export function midnightBefore(time: number): number {
  return Math.floor(time / dayMs) * dayMs;
}
