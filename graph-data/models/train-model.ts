import {
  type Bins,
  type FeatureDefinition,
  type Figure,
  type Forest,
  type ModelQuality,
  Booster,
  Encoder,
  FeatureState,
  Ftrl,
  binRows,
  featureRows,
  fitBins,
  fitPlattByChannel,
  forestLogOdds,
  learnOnline,
  logLoss,
  modelQuality,
  outcomesOf,
  probabilityIn,
  shownAt,
} from '../../engine/model/index.ts';
import type { DataFolder } from '../data-folder.ts';
import { DataError } from '../errors.ts';
import { ftrlAlpha } from './load-model.ts';
import { writeModel } from './model-catalog.ts';
import { type ModelHeader, type Section, encodeModel } from './model-format.ts';
import { type OwnLog, readModelLog } from './model-log.ts';
import { ownFeatures } from './own-features.ts';

export const learners = ['ftrl', 'trees'] as const;

interface TrainOptions {
  /** The kind of action to predict. */
  readonly label: string;
  readonly learner: (typeof learners)[number];
  /** For `ftrl`: whether it goes on learning where it serves. Default: true. */
  readonly online?: boolean | undefined;
  /** How long after an impression an action counts. */
  readonly windowHours: number;
  /** Of hours and weekdays. */
  readonly zone: string;
  readonly randomSeed: number;
  /** Of pinwalk. */
  readonly codeVersion: string;
}

interface TrainedModel {
  readonly version: string;
  readonly header: Omit<ModelHeader, 'sections'>;
}

/** Of the rows, in their order: for calibration, and for judging, the last ones. */
const [calibrateShare, judgedShare] = [0.1, 0.15];
const [positivesMin, slotBits, treeBins, hashedBins, treeCount, resamples] = [50, 18, 64, 32, 100, 200];

/**
 * Trains a model on the log of the data folder, judges it on the last rows, and stores it; activates nothing. Throws
 * `nothing-to-train`.
 */
export function trainModel(folder: DataFolder, options: TrainOptions): TrainedModel {
  const { label, learner, online = true, windowHours, zone, randomSeed, codeVersion } = options;
  const windowMs = windowHours * 3_600_000;
  const own = readModelLog(folder, { windowMs, zone });
  const { log, fields, surfaces, surfaceOf } = own;
  const at = fields.labels.indexOf(label);
  if (at < 0) throw nothing(`the log has no action "${label}" with an impression; there are: ${fields.labels.join(', ') || 'none'}`); // prettier-ignore
  const { y } = outcomesOf(log, at, windowMs);
  // Rows whose window closed: of open ones, only rows with an action are known.
  const until = log.times.at(-1)!;
  const settled = Int32Array.from(y, (_, row) => row).filter((row) => log.times[row]! + windowMs <= until); // prettier-ignore
  const [calibrateFrom, judgedFrom] = [1 - calibrateShare - judgedShare, 1 - judgedShare].map((share) => Math.floor(share * settled.length)) as [number, number]; // prettier-ignore
  const [train, calibrate, judged] = [
    settled.subarray(0, calibrateFrom),
    settled.subarray(calibrateFrom, judgedFrom),
    settled.subarray(judgedFrom),
  ];
  const positives = train.reduce((sum, row) => sum + y[row]!, 0);
  if (positives < positivesMin) throw nothing(`there are ${positives} impressions with "${label}" to train on, and ${positivesMin} are needed`); // prettier-ignore

  const learned = learn(own, { train, at, windowMs, y }, options);
  // 0 stands for impressions without a surface.
  const channels = surfaceOf.map((surface) => 1 + surface);
  const { logOdds } = learned;
  const platt = fitPlattByChannel(pick(logOdds, calibrate), pick(y, calibrate), pick(channels, calibrate));
  const p = Float64Array.from(judged, (row) => probabilityIn(platt, channels[row]!, logOdds[row]!));
  const people = Float64Array.from(judged, (row) => log.entities[row * fields.entities.length]!);
  const hasBoth = new Set(judged.map((row) => y[row]!)).size === 2;
  const header: Omit<ModelHeader, 'sections'> = {
    codeVersion,
    label,
    learner,
    ...(learner === 'ftrl' && { online }),
    windowHours,
    zone,
    randomSeed,
    features: learned.features.map((each) => ({ ...each })),
    fields: { entities: [...fields.entities], numbers: [...fields.numbers], labels: [...fields.labels] },
    channels: [null, ...surfaces],
    calibration: {
      all: [platt.all.slope, platt.all.intercept],
      channels: [...platt.channels].map(([channel, { slope, intercept }]) => [channel, slope, intercept]),
    },
    rows: {
      train: train.length,
      calibrate: calibrate.length,
      judged: judged.length,
      positives: settled.reduce((sum, row) => sum + y[row]!, 0),
      from: new Date(log.times[0]!).toISOString(),
      to: new Date(until).toISOString(),
    },
    quality: hasBoth ? qualityOf(modelQuality(p, pick(y, judged), people, resamples, randomSeed)) : null,
    slotBits,
  };
  const { version, bytes } = encodeModel(header, learned.sections);
  writeModel(folder, version, bytes);
  return { version, header };
}

interface Learned {
  readonly features: readonly FeatureDefinition[];
  /** Of all rows. */
  readonly logOdds: Float64Array;
  readonly sections: Readonly<Record<string, Section>>;
}

interface LearnedRows {
  readonly train: Int32Array;
  readonly at: number;
  readonly windowMs: number;
  readonly y: Uint8Array;
}

/** Trees learn the train rows; FTRL learns all rows in their order, each after it was predicted. */
function learn(
  { log, fields }: OwnLog,
  { train, at, windowMs, y }: LearnedRows,
  { label, learner, randomSeed }: TrainOptions,
): Learned {
  const features = ownFeatures(fields, label);
  const state = new FeatureState(features, fields);
  const rows = featureRows(log, state);
  const { width } = state;
  const ofTrain = new Float64Array(train.length * width);
  for (const [i, row] of train.entries()) ofTrain.set(rows.subarray(row * width, (row + 1) * width), i * width); // prettier-ignore
  const bins = fitBins(ofTrain, width, learner === 'trees' ? treeBins : hashedBins);
  if (learner === 'trees') {
    const booster = new Booster(binRows(bins, ofTrain), logLoss(pick(y, train)), {}, randomSeed);
    for (let i = 0; i < treeCount; i++) booster.grow();
    const forest = booster.forest();
    const logOdds = Float64Array.from(y, (_, row) => forestLogOdds(forest, rows, row * width));
    return { features, logOdds, sections: forestSections(forest) };
  }
  const encoder = new Encoder(features, fields, { bins, slotBits });
  const model = new Ftrl({ alpha: ftrlAlpha, slotBits }, encoder.slotsMax);
  const slotsOf = (row: number, out: Int32Array): number => encoder.encode(shownAt(log, row), rows, row * width, out); // prettier-ignore
  const logOdds = learnOnline(log, { label: at, windowMs, model, slotsMax: encoder.slotsMax, slotsOf });
  return { features, logOdds, sections: { ...binSections(bins), ...slotSections(model) } };
}

function nothing(fault: string): DataError {
  return new DataError('nothing-to-train', `${fault}: record impressions and actions first (docs/interactions.md)`); // prettier-ignore
}

function pick(values: ArrayLike<number>, rows: Int32Array): Float64Array {
  return Float64Array.from(rows, (row) => values[row]!);
}

function forestSections(forest: Forest): Record<string, Section> {
  const { width: _, ...arrays } = forest;
  return arrays as Record<string, Section>;
}

function binSections({ bounds }: Bins): Record<string, Section> {
  return {
    binCounts: Int32Array.from(bounds, (each) => each.length),
    binBounds: Float64Array.from(bounds.flatMap((each) => [...each])),
  };
}

/** Slots that a row has reached, and their state. */
function slotSections({ state, slotCount }: Ftrl): Record<string, Section> {
  const used = Int32Array.from({ length: slotCount }, (_, slot) => slot).filter((slot) => state[2 * slot + 1]! > 0); // prettier-ignore
  return { slots: used, slotState: Float64Array.from({ length: 2 * used.length }, (_, i) => state[2 * used[i >> 1]! + (i & 1)]!) }; // prettier-ignore
}

function qualityOf(quality: ModelQuality): NonNullable<ModelHeader['quality']> {
  return {
    auc: plain(quality.auc),
    normalizedEntropy: plain(quality.normalizedEntropy),
    groupedAuc: Number.isNaN(quality.groupedAuc.value) ? null : plain(quality.groupedAuc),
    ratio: plain(quality.ratio),
    calibrationError: quality.calibrationError,
    calibrationNoise: quality.calibrationNoise,
  };
}

function plain({ value, low, high }: Figure): { value: number; low: number; high: number } {
  return { value, low, high };
}
