import { FeatureState, featureRows, leakAt } from '../../../engine/index.ts';
import { definitions } from './features.ts';
import type { FeatureLog } from './learners.ts';
import { readEngagementSet } from './read.ts';
import { toLog } from './to-log.ts';

/** The log of a folder with its features. Throws if a feature knows what comes after its row. */
export function readFeatures(folder: string): FeatureLog {
  const named = toLog(readEngagementSet(folder));
  const state = (): FeatureState => new FeatureState(definitions, named.fields);
  const rows = featureRows(named.log, state());
  const early = Math.floor(named.log.count / 20);
  const leak = leakAt(named.log, rows, (log) => featureRows(log, state()), [early, early + 777]);
  if (leak >= 0) throw new Error(`the features of row ${leak} know what comes after it`);
  return { ...named, rows, width: state().width, definitions };
}
