import type { FeatureState, Scorer, Shown } from '../../engine/index.ts';
import type { DataFolder } from '../data-folder.ts';
import { type StoredInteraction, dayMs, dayVersions, readDay } from '../interactions/index.ts';
import { ActionCredits } from './action-credits.ts';
import type { LiveLearner } from './live-learner.ts';
import type { LoadedModel } from './load-model.ts';
import { inLogOrder, momentsOf } from './log-order.ts';
import { entityNumbers, numbers } from './model-log.ts';
import { type RefreshedCalibration, TrailingRows, midnightBefore } from './trailing-rows.ts';

/** An impression of the log; `row` among those that calibrate, `learned` among those that a model learns, or -1. */
interface LoggedImpression extends Shown {
  readonly channel: number;
  row: number;
  learned: number;
}

/**
 * The counters of a model's features, its calibration, and the weights of one that learns online, as of a time: those of all interactions
 * that are stored with a time up to it, in their order. They follow from these alone, however often they were brought up to date, so any state replays.
 */
export class LiveCounters {
  readonly state: FeatureState;
  /** What scores as of this time. */
  readonly scorer: Scorer;
  /** The time up to which interactions are counted, milliseconds since 1970. */
  asOf = -Infinity;
  /** Refreshed on the days before the last midnight. */
  calibration: RefreshedCalibration | undefined;
  readonly #folder: DataFolder;
  readonly #model: LoadedModel;
  readonly #credits: ActionCredits<LoggedImpression>;
  readonly #trailing: TrailingRows;
  readonly #learner: LiveLearner | undefined;
  readonly #logOdds = new Float64Array(1);
  /** Of days that were read: their version, and the rows that were counted. */
  readonly #days = new Map<number, { version: number; counted: number; later: number }>();

  constructor(folder: DataFolder, model: LoadedModel) {
    const { header, newState, channelOf } = model;
    const windowMs = header.windowHours * 3_600_000;
    this.#folder = folder;
    this.#model = model;
    this.state = newState();
    this.#learner = model.newLearner?.();
    this.scorer = this.#learner?.scorer ?? model.scorer;
    this.#trailing = new TrailingRows(windowMs);
    this.#credits = new ActionCredits(windowMs, (of) => ({
      time: of.at,
      entities: entityNumbers(of),
      numbers: numbers.map((name) => of[name] ?? NaN),
      zone: header.zone,
      channel: channelOf(of.surface),
      row: -1,
      learned: -1,
    }));
  }

  /**
   * Counts the interactions stored up to a time, a day between two yields; `asOf` moves with the last one. Returns false, and counts
   * nothing, if a day has uncounted interactions from before `asOf`, or lacks counted ones: they came late, or were erased, and
   * counting must start anew. O(days), and O(rows) of the days that have changed.
   */
  *advance(time: number): Generator<void, boolean> {
    // A clock may be put back.
    const until = Math.max(time, this.asOf);
    const versions = dayVersions(this.#folder);
    for (const day of this.#days.keys()) if (!versions.has(day)) return false;
    const changed = [...versions.keys()]
      .filter((day) => day * dayMs <= until && this.#isChanged(day, versions.get(day)!))
      .toSorted((a, b) => a - b);
    const read = new Map<number, StoredInteraction[]>();
    for (const day of changed) {
      if (day * dayMs > this.asOf) break;
      const rows = inLogOrder(readDay(this.#folder, day));
      read.set(day, rows);
      const known = rows.filter(({ at }) => at <= this.asOf).length;
      if (known !== (this.#days.get(day)?.counted ?? 0)) return false;
    }
    for (const day of changed) {
      const rows = read.get(day) ?? inLogOrder(readDay(this.#folder, day));
      this.#count(
        rows.filter(({ at }) => at > this.asOf && at <= until),
        this.#trailing.neededFrom(until),
      );
      const counted = rows.filter(({ at }) => at <= until).length;
      this.#days.set(day, { version: versions.get(day)!, counted, later: rows.length - counted });
      yield;
    }
    this.asOf = until;
    this.#learner?.settle(until);
    if (this.calibration?.at !== midnightBefore(until)) {
      this.calibration = this.#trailing.refreshed(until, this.#model.calibration);
    }
    return true;
  }

  #isChanged(day: number, version: number): boolean {
    const known = this.#days.get(day);
    return known?.version !== version || known.later > 0;
  }

  /** `scoredFrom`: earlier impressions calibrate nothing any more. */
  #count(rows: readonly StoredInteraction[], scoredFrom: number): void {
    const { header } = this.#model;
    const { labels } = header.fields;
    for (const { at, rows: moment } of momentsOf(rows)) {
      const { shown, acted } = this.#credits.take(moment, at);
      this.#learner?.settle(at);
      // Before any of them is counted: features of one impression ignore others of the same moment.
      for (const of of shown) {
        if (this.#learner === undefined && at < scoredFrom) continue;
        const logOdds = this.#logOddsOf(of);
        if (at >= scoredFrom) of.row = this.#trailing.shown(at, of.channel, logOdds);
      }
      for (const of of shown) this.state.shown(of);
      for (const { of, action } of acted) {
        const label = labels.indexOf(action.kind);
        if (label >= 0) this.state.acted(of, label, at);
        if (action.kind !== header.label) continue;
        this.#trailing.acted(of.row);
        this.#learner?.acted(of.learned, at);
      }
    }
  }

  #logOddsOf(of: LoggedImpression): number {
    if (this.#learner === undefined) {
      this.scorer.logOdds(this.state, of, 1, this.#logOdds);
      return this.#logOdds[0]!;
    }
    const { row, logOdds } = this.#learner.shown(this.state, of);
    of.learned = row;
    return logOdds;
  }
}
