import { presets } from '../../../engine/index.ts';
import { type DataFolder, addPreset, removePreset, tunedPresetsOf } from '../../../graph-data/index.ts';
import { tunedSettings } from './exact-scores.ts';
import type { TuneReport } from './tune-presets.ts';

/**
 * Makes the chosen settings the presets `feed`, `ideas` and `related` of the data folder, replacing the
 * built-in ones, with the evidence beside them; `snapshot` is the version that they were tuned for. Where the
 * default stays, a preset of an earlier tuning is removed. Throws `presets-unusable`.
 */
export function keepTuned(folder: DataFolder, { results, ...input }: TuneReport, snapshot: string): void {
  for (const result of results) {
    const { preset, outcome, changes, isExact, confirmation } = result;
    if (outcome === 'chosen' && confirmation !== null) {
      const { difference, interval } = confirmation.ndcg;
      const [gain, low, high] = [difference, interval.low, interval.high].map((each) => each.toFixed(4));
      const from = `pinwalk tune, seed ${input.randomSeed}: NDCG@${input.k} ${difference < 0 ? '' : '+'}${gain} [${low}, ${high}]`;
      const evidence = { snapshot, ...input, ...result };
      addPreset(folder, preset, tunedSettings(presets[preset], changes, isExact), { from, evidence });
    } else if (tunedPresetsOf(folder).includes(preset)) removePreset(folder, preset);
  }
}
