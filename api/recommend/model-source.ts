import type { ScoreReasons } from '../../engine/index.ts';
import type { ModelCandidates, ModelScores } from '../../graph-data/index.ts';

/** The active models of a data folder, by label, with the counters of its interactions. */
export interface ModelSource {
  readonly scores: (label: string, of: ModelCandidates) => ModelScores;
  /** Of each candidate. */
  readonly reasons: (label: string, of: ModelCandidates) => ScoreReasons[];
}
