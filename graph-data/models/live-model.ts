import type { ScoreReasons, Shown } from '../../engine/index.ts';
import type { DataFolder } from '../data-folder.ts';
import { writeCalibration } from './calibration-file.ts';
import { LiveCounters } from './live-counters.ts';
import { type LoadedModel, loadModel } from './load-model.ts';
import { activeModel } from './model-catalog.ts';
import { entityNumbers, entities, numbers } from './model-log.ts';
import type { RefreshedCalibration } from './trailing-rows.ts';

/** Candidates for a person. */
export interface ModelCandidates {
  /** Default: somebody unknown. */
  readonly user: string | undefined;
  readonly surface: string | undefined;
  /** The preset that retrieved them, as impressions name it. */
  readonly pipeline: string | undefined;
  /** Numbers of the keys of pins. */
  readonly pins: Float64Array;
  /** Of the algorithm that retrieved them. */
  readonly scores: Float64Array;
}

/** Calibrated probabilities, and by what. */
export interface ModelScores {
  readonly version: string;
  /** The counters are those of all interactions up to this time, which is also the time that is scored for. Milliseconds since 1970. */
  readonly asOf: number;
  readonly probabilities: Float64Array;
}

/** The rank that candidates are scored at: what differs between them is not where they would stand. */
const rankScored = 1;

/** The active model of a label with counters of the log of the data folder, brought up to date by {@link follow}. */
export class LiveModel {
  readonly #folder: DataFolder;
  readonly #label: string;
  readonly #keepsCalibration: boolean;
  #kept: RefreshedCalibration | undefined;
  #model: LoadedModel | undefined;
  #counters: LiveCounters | undefined;

  /** `keepsCalibration`: whether to write each refreshed calibration beside the model, for people to look at. */
  constructor(folder: DataFolder, label: string, keepsCalibration = false) {
    this.#folder = folder;
    this.#label = label;
    this.#keepsCalibration = keepsCalibration;
  }

  /** Whether another model is active by now. */
  get isOutdated(): boolean {
    try {
      return activeModel(this.#folder, this.#label) !== this.#model?.version;
    } catch {
      // The next read reports the fault.
      return false;
    }
  }

  /** Whether {@link follow} has ended once. */
  get isReady(): boolean {
    return this.#counters !== undefined;
  }

  /**
   * Takes the model that is active now, and counts the interactions stored up to a time, in milliseconds since 1970: new ones of
   * changed days, or all of them if the model is another one or interactions came late or were erased. Until then, the previous
   * counters serve. Yields between days. Throws `model-unknown` and `model-damaged`. O(rows counted).
   */
  *follow(until: number): Generator<void, void> {
    const version = activeModel(this.#folder, this.#label);
    const model = this.#model?.version === version ? this.#model : loadModel(this.#folder, version);
    if (model === this.#model && this.#counters !== undefined) {
      // In one step: the counters must not be read between two days.
      if (resultOf(this.#counters.advance(until))) {
        this.#keepCalibration(model, this.#counters);
        return;
      }
    }
    const counters = new LiveCounters(this.#folder, model);
    yield* counters.advance(until);
    this.#model = model;
    this.#counters = counters;
    this.#keepCalibration(model, counters);
  }

  /** Probabilities of the action, were each candidate shown first now. Changes nothing. As `Scorer.probabilities`. */
  scores(of: ModelCandidates): ModelScores {
    const { model, counters, asOf } = this.#current();
    const count = of.pins.length;
    const probabilities = counters.scorer.probabilities(counters.state, shownOf(of, model, asOf), count, model.channelOf(of.surface), undefined, counters.calibration?.by); // prettier-ignore
    return { version: model.version, asOf, probabilities };
  }

  /** What moves the score of each candidate: `Scorer.reasons`. */
  reasons(of: ModelCandidates): ScoreReasons[] {
    const { model, counters, asOf } = this.#current();
    return Array.from(of.pins, (pin, i) => {
      const one = { ...of, pins: Float64Array.of(pin), scores: Float64Array.of(of.scores[i]!) };
      return counters.scorer.reasons(
        counters.state,
        shownOf(one, model, asOf),
        model.channelOf(of.surface),
        counters.calibration?.by,
      );
    });
  }

  #keepCalibration(model: LoadedModel, { calibration }: LiveCounters): void {
    if (!this.#keepsCalibration || calibration === undefined || calibration === this.#kept) return;
    writeCalibration(this.#folder, model, calibration);
    this.#kept = calibration;
  }

  #current() {
    return { model: this.#model!, counters: this.#counters!, asOf: this.#counters!.asOf };
  }
}

function shownOf({ pins, scores, ...of }: ModelCandidates, { header }: LoadedModel, time: number): Shown {
  const count = pins.length;
  const own = entityNumbers({ ...of, user: of.user! });
  const columns = new Float64Array(entities.length * count);
  for (const [i, number] of own.entries()) columns.fill(number, i * count, (i + 1) * count);
  columns.set(pins, entities.indexOf('pin') * count);
  const figures = new Float64Array(numbers.length * count).fill(rankScored);
  figures.set(scores, numbers.indexOf('score') * count);
  return { time, entities: columns, numbers: figures, zone: header.zone };
}

function resultOf<Result>(steps: Generator<void, Result>): Result {
  for (;;) {
    const { done, value } = steps.next();
    if (done === true) return value;
  }
}
