import { availableParallelism } from 'node:os';
import { hasKernel, sizedParams } from '../../engine/index.ts';
import type { GraphCounts } from '../database/index.ts';
import { type BuildOptions, isAnalysed } from './build-options.ts';
import { layOut, sectionBytes, sectionNamesOf } from './format.ts';

interface Estimate {
  readonly counts: GraphCounts;
  /**
   * Size of the snapshot file: exact without pruning, which saves about 8 bytes per dropped save, and without item weights, of
   * which there may be fewer than `neighborsMax` per pin.
   */
  readonly snapshotBytes: number;
  /** Shared memory of the served graph and its analysis, exact without pruning. */
  readonly graphBytes: number;
  /** Peak memory of the build, without about 60 MB for Node. Pruning, after the analysis, needs 20 bytes per save. */
  readonly buildBytes: number;
  /** Duration of the build on a core of 2.6 GHz; within a factor of two on others. */
  readonly buildSeconds: number;
}

/** Estimates the cost of a build from the counts alone. */
export function estimateBuild(
  counts: GraphCounts,
  options: Pick<BuildOptions, 'analysis' | 'linear' | 'prune'> = {},
  threads: number = availableParallelism(),
): Estimate {
  const analysis = isAnalysed(counts, options);
  const { linear } = options;
  const isKernel = linear !== undefined && options.prune === undefined && hasKernel(linear, counts.boards);
  const neighborsMax = linear && !isKernel ? sizedParams(linear, counts.pins).neighborsMax : 0;
  const weights = isKernel ? counts.boards ** 2 : neighborsMax * counts.pins;
  const built = {
    analysis,
    ...(linear && { linear: { ...linear, weights, ...(isKernel && { boards: counts.boards }) } }),
  };
  const bytes = sectionBytes(counts, built);
  const graphBytes = sectionNamesOf(built).reduce((sum, name) => sum + bytes[name], 0);
  return {
    counts,
    snapshotBytes: layOut(counts, built, 0, () => '').fileBytes,
    graphBytes,
    // The graph as it is built and as activation loads it, the process, Louvain's objects; the columns of item weights, and what each
    // thread counts with.
    buildBytes:
      2 * graphBytes +
      processBytes +
      (analysis ? analysisBytesPerSave * counts.saves : 0) +
      8 * weights +
      (linear && !isKernel ? 4 * counts.saves + threads * 16 * (counts.pins + counts.boards) : 0),
    buildSeconds:
      startSeconds +
      counts.saves / savesPerSecond +
      (counts.boards + counts.pins) / nodesPerSecond +
      (analysis ? counts.saves / analysedSavesPerSecond : 0) +
      (isKernel ? sweepingSeconds * counts.boards ** 3 : 0) +
      (counts.pins * (neighborsMax > 0 ? countingSeconds + solvingSeconds * neighborsMax ** 3 : 0)) / threads,
  };
}

/** CPU time of one pin's item weights: counting, and solving per K³. At K = 100: 1.6 ms on the npm sample, 0.5 on gowalla. */
const countingSeconds = 1e-3;
const solvingSeconds = 2.5e-10;
/** Of the kernel of few boards, per boards³, on one thread: 4.7 s for 1,804. */
const sweepingSeconds = 1e-9;
/** Of `pinwalk build` on the sample graph, and on synthetic graphs of 10 M and 100 M saves: within 15 %. */
const startSeconds = 0.4;
const savesPerSecond = 3.5e6;
const nodesPerSecond = 5e6;
const processBytes = 140e6;
/** Between the rates of the sample graph (faster) and of 5 M synthetic saves (slower). */
const analysedSavesPerSecond = 160_000;
/** 124 to 163 on the sample graph, and on synthetic graphs of 0.5 M and 5 M saves. */
const analysisBytesPerSave = 150;
