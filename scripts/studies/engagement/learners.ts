import {
  type BoostParams,
  type FeatureDefinition,
  type Forest,
  type FtrlParams,
  type Objective,
  Booster,
  Encoder,
  Ftrl,
  binRows,
  fitBins,
  forestLogOdds,
  learnOnline,
  shownAt,
} from '../../../engine/index.ts';
import { windowMs } from './split.ts';
import type { NamedLog } from './to-log.ts';

/** Bins of a numeric feature. */
const [treeBins, hashedBins] = [64, 32];
const slotBits = 20;

/** A log with the features of its rows. */
export interface FeatureLog extends NamedLog {
  readonly rows: Float64Array;
  readonly width: number;
  readonly definitions: readonly FeatureDefinition[];
}

/** The same log with some of its features. `columns`: of the numeric ones. */
export function withFeatures(
  of: FeatureLog,
  definitions: readonly FeatureDefinition[],
  columns: Int32Array,
): FeatureLog {
  const rows = new Float64Array(of.log.count * columns.length);
  for (let row = 0; row < of.log.count; row++) {
    for (const [i, column] of columns.entries()) rows[row * columns.length + i] = of.rows[row * of.width + column]!; // prettier-ignore
  }
  return { ...of, rows, width: columns.length, definitions };
}

/** Grows trees on some rows. `columns`: the features that they may use; default all. */
export function growTrees(
  { rows, width }: FeatureLog,
  of: Int32Array,
  objective: Objective,
  params: Partial<BoostParams>,
  trees: number,
  { columns, randomSeed = 1 }: { readonly columns?: Int32Array; readonly randomSeed?: number } = {},
): Forest {
  const train = take(rows, width, of);
  const booster = new Booster(
    binRows(fitBins(train, width, treeBins), train),
    objective,
    params,
    randomSeed,
    columns,
  );
  for (let i = 0; i < trees; i++) booster.grow();
  return booster.forest();
}

/** Log odds of all rows by trees. */
export function treeOdds({ rows, width, log }: FeatureLog, forest: Forest): Float64Array {
  return Float64Array.from({ length: log.count }, (_, row) => forestLogOdds(forest, rows, row * width));
}

/**
 * Log odds of all rows by FTRL online, each before the row is learned. `forest`: its leaves are features.
 * `from`: the first row that is learned.
 */
export function ftrlOdds(
  { log, fields, rows, width, definitions }: FeatureLog,
  train: Int32Array,
  label: number,
  params: Partial<FtrlParams>,
  forest?: Forest,
  from = 0,
): Float64Array {
  const bins = fitBins(take(rows, width, train), width, hashedBins);
  const encoder = new Encoder(definitions, fields, { bins, forest, slotBits });
  const model = new Ftrl({ ...params, slotBits }, encoder.slotsMax);
  const slotsOf = (row: number, out: Int32Array): number =>
    encoder.encode(shownAt(log, row), rows, row * width, out);
  return learnOnline(log, { label, windowMs, model, slotsMax: encoder.slotsMax, slotsOf, from });
}

/** Some rows, one after the other. */
function take(rows: Float64Array, width: number, of: Int32Array): Float64Array {
  const taken = new Float64Array(of.length * width);
  for (const [i, row] of of.entries()) taken.set(rows.subarray(row * width, (row + 1) * width), i * width);
  return taken;
}
