import {
  type BoostParams,
  type FtrlParams,
  type Objective,
  logLoss,
  outcomesOf,
  pairwiseLoss,
} from '../../../engine/index.ts';
import { type Judged, type Judgment, judge } from './judge.ts';
import { columnsForChoosing, columnsForSending, definitionsForSending } from './features.ts';
import { type FeatureLog, ftrlOdds, growTrees, treeOdds, withFeatures } from './learners.ts';
import { dayOf, hourOf, splitOf, windowMs } from './split.ts';
import type { NamedLog } from './to-log.ts';

/** Chosen on the tuning days. */
interface Setting {
  readonly trees: number;
  readonly boost: Partial<BoostParams>;
  readonly ftrl: Partial<FtrlParams>;
  /** Weight of the trees' log odds in the blend. */
  readonly treeShare: number;
}

const settings: Readonly<Record<'click' | 'like', Setting>> = {
  click: {
    trees: 300,
    boost: { learningRate: 0.04, featureShare: 0.25, leavesMax: 24 },
    ftrl: { alpha: 0.02 },
    treeShare: 0.7,
  },
  like: {
    trees: 80,
    boost: { learningRate: 0.05, featureShare: 0.4, leavesMax: 15 },
    ftrl: { alpha: 0.02 },
    treeShare: 0.9,
  },
};

/** Of the models that choose among pins. */
const choosing = { trees: 80, boost: { learningRate: 0.08, featureShare: 0.4, leavesMax: 15 } };

export interface Measured {
  readonly name: string;
  readonly judgment: Judgment;
}

/** All models of a label, judged on the test days of `days`; or those of these names. */
export function measureLabel(
  of: FeatureLog,
  name: 'click' | 'like',
  days: readonly [string, string, string],
  models: readonly string[],
): { readonly judged: Judged; readonly measured: Measured[] } {
  const { log, fields } = of;
  const label = fields.labels.indexOf(name);
  const outcomes = outcomesOf(log, label, windowMs);
  const split = splitOf(log, days);
  const judged: Judged = {
    y: outcomes.y,
    user: entityColumn(of, 'user'),
    channel: entityColumn(of, 'tab'),
    cells: {
      tab: entityColumn(of, 'tab'),
      day: log.times.map((time) => dayOf(time)),
      hour: log.times.map((time) => hourOf(time)),
      length: entityColumn(of, 'length'),
    },
    split,
  };
  const sending = withFeatures(of, definitionsForSending, columnsForSending);
  const measured: Measured[] = [];
  const add = (model: string, odds: () => Float64Array): Float64Array => {
    if (models.length > 0 && !models.includes(model)) return new Float64Array(log.count);
    const logOdds = odds();
    measured.push({ name: model, judgment: judge(logOdds, judged) });
    return logOdds;
  };
  const { trees, boost, ftrl, treeShare } = settings[name];
  const yOf = (rows: Int32Array): Uint8Array => Uint8Array.from(rows, (row) => outcomes.y[row]!);
  const linear = add('FTRL, online', () => ftrlOdds(sending, split.train, label, ftrl));
  const bySeed: Float64Array[] = [];
  const grow = (randomSeed: number): Float64Array =>
    (bySeed[randomSeed] ??= treeOdds(sending, growTrees(sending, split.train, logLoss(yOf(split.train)), boost, trees, { randomSeed }))); // prettier-ignore
  add('trees', () => grow(1));
  const grown = add('trees, mean of four seeds', () => {
    const all = [1, 2, 3, 4].map(grow);
    return all[0]!.map((_, row) => all.reduce((sum, odds) => sum + odds[row]! / all.length, 0));
  });
  add('blend of both', () => linear.map((odds, row) => treeShare * grown[row]! + (1 - treeShare) * odds));
  add('leaves of trees into FTRL', () => {
    const first = split.train.subarray(0, Math.floor(split.train.length / 2));
    const forest = growTrees(sending, first, logLoss(yOf(first)), boost, Math.floor(trees / 2)); // prettier-ignore
    return ftrlOdds(sending, split.train, label, ftrl, forest, split.train[first.length]);
  });
  if (name === 'click') {
    const choose = (objective: Objective): Float64Array =>
      treeOdds(of, growTrees(of, split.train, objective, choosing.boost, choosing.trees, { columns: columnsForChoosing })); // prettier-ignore
    add('choosing: trees', () => choose(logLoss(yOf(split.train))));
    add('choosing: pairs of a person', () => {
      const people = Int32Array.from(split.train, (row) => judged.user[row]!);
      return choose(pairwiseLoss(yOf(split.train), people));
    });
  }
  return { judged, measured };
}

function entityColumn({ log, fields }: NamedLog, name: string): Int32Array {
  const width = fields.entities.length;
  const at = fields.entities.indexOf(name);
  return Int32Array.from({ length: log.count }, (_, row) => log.entities[row * width + at]!);
}
