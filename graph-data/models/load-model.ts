import {
  type Bins,
  type FeatureDefinition,
  type Forest,
  type PlattByChannel,
  type ScorerModel,
  FeatureState,
  Ftrl,
  Scorer,
} from '../../engine/model/index.ts';
import type { DataFolder } from '../data-folder.ts';
import { DataError, messageOf } from '../errors.ts';
import { readModel } from './model-catalog.ts';
import { LiveLearner } from './live-learner.ts';
import type { ModelFile, ModelHeader } from './model-format.ts';

/** A model that scores. */
export interface LoadedModel {
  readonly version: string;
  readonly header: ModelHeader;
  readonly scorer: Scorer;
  /** Of the rows that it was trained with. */
  readonly calibration: PlattByChannel;
  /** An empty state of the model's features. */
  readonly newState: () => FeatureState;
  /** Present if the model learns online: one that has learned nothing yet. */
  readonly newLearner: (() => LiveLearner) | undefined;
  /** The number of a surface in the calibration; −1, which is calibrated as all, for one that it does not have. */
  readonly channelOf: (surface: string | undefined) => number;
}

/** Step size of logistic regression. */
export const ftrlAlpha = 0.05;

/** Reads a model, verifies it, and makes it score. Throws `model-unknown` and `model-damaged`. O(bytes). */
export function loadModel(folder: Pick<DataFolder, 'root'>, version: string): LoadedModel {
  const file = readModel(folder, version);
  try {
    return scoring(file);
  } catch (cause) {
    const remedy = 'delete it, and train again or activate another (pinwalk models)';
    throw new DataError('model-damaged', `${version} does not score: ${messageOf(cause)}; ${remedy}`, { cause }); // prettier-ignore
  }
}

function scoring(file: ModelFile): LoadedModel {
  const { version, header } = file;
  const { fields } = header;
  const features = header.features as unknown as readonly FeatureDefinition[];
  const { all, channels } = header.calibration;
  const calibration: PlattByChannel = {
    all: { slope: all[0], intercept: all[1] },
    channels: new Map(channels.map(([channel, slope, intercept]) => [channel, { slope, intercept }])),
  };
  const newState = (): FeatureState => new FeatureState(features, fields);
  const learned = learnedOf(file, newState().width);
  const model: ScorerModel = { features, fields, calibration, learned };
  const numbers = new Map(header.channels.map((surface, channel) => [surface, channel]));
  return {
    version,
    header,
    scorer: new Scorer(model),
    calibration,
    newState,
    newLearner:
      learned.learner === 'ftrl' && header.online === true
        ? () => new LiveLearner({ ...model, learned }, header.windowHours * 3_600_000, ftrlAlpha)
        : undefined,
    channelOf: (surface) => numbers.get(surface ?? null) ?? -1,
  };
}

function learnedOf({ header, sections }: ModelFile, width: number): ScorerModel['learned'] {
  const section = <Section>(name: string, type: new () => Section): Section => {
    const found = sections[name];
    if (!(found instanceof type)) throw new DataError('model-damaged', `it has no ${name} of ${type.name}`);
    return found;
  };
  if (header.learner === 'trees') {
    const forest: Forest = {
      width,
      roots: section('roots', Int32Array),
      features: section('features', Int32Array),
      thresholds: section('thresholds', Float64Array),
      left: section('left', Int32Array),
      right: section('right', Int32Array),
      kinds: section('kinds', Uint8Array),
      leafValues: section('leafValues', Float64Array),
      leafRows: section('leafRows', Int32Array),
      categories: section('categories', Uint32Array),
    };
    return { learner: 'trees', forest };
  }
  const [counts, values] = [section('binCounts', Int32Array), section('binBounds', Float64Array)];
  if (counts.length !== width) throw new DataError('model-damaged', `it has ${counts.length} bins for ${width} features`); // prettier-ignore
  let at = 0;
  const bins: Bins = { bounds: Array.from(counts, (count) => values.subarray(at, (at += count))) };
  const { slotBits } = header;
  const ftrl = new Ftrl({ alpha: ftrlAlpha, slotBits });
  const state = section('slotState', Float64Array);
  for (const [i, slot] of section('slots', Int32Array).entries()) {
    ftrl.state[2 * slot] = state[2 * i]!;
    ftrl.state[2 * slot + 1] = state[2 * i + 1]!;
  }
  return { learner: 'ftrl', bins, weights: ftrl.weights(), slotBits };
}
