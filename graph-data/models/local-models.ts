import type { ScoreReasons } from '../../engine/index.ts';
import type { DataFolder } from '../data-folder.ts';
import { type ModelCandidates, type ModelScores, LiveModel } from './live-model.ts';

/** Age after which the interactions are looked at again, in milliseconds. */
const ageMsMax = 1_000;

/**
 * The active models of a data folder, by label, in the calling thread: the first use of a label counts all interactions, later
 * ones those stored since, at most once a second. For commands and programs; a server has a thread for it. Its functions
 * throw `model-unknown` and `model-damaged`.
 */
export function localModels(
  folder: DataFolder,
  wallClock: () => number,
): {
  readonly scores: (label: string, of: ModelCandidates) => ModelScores;
  readonly reasons: (label: string, of: ModelCandidates) => ScoreReasons[];
} {
  const models = new Map<string, { readonly model: LiveModel; readonly at: number }>();
  const upToDate = (label: string): LiveModel => {
    const now = wallClock();
    const known = models.get(label);
    if (known !== undefined && now - known.at < ageMsMax) return known.model;
    const model = known?.model ?? new LiveModel(folder, label);
    const steps = model.follow(now);
    while (steps.next().done !== true);
    models.set(label, { model, at: now });
    return model;
  };
  return {
    scores: (label, of) => upToDate(label).scores(of),
    reasons: (label, of) => upToDate(label).reasons(of),
  };
}
