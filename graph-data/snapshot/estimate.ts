import { availableParallelism } from 'node:os';
import { sizedNeighbors } from '../../engine/content/index.ts';
import { hasKernel, sizedParams } from '../../engine/linear/index.ts';
import type { GraphCounts } from '../database/index.ts';
import { type BuildOptions, isAnalysed } from './build-options.ts';
import { layOut } from './format.ts';
import { sectionBytes, sectionNamesOf } from './sections.ts';

interface Estimate {
  readonly counts: GraphCounts;
  /**
   * Size of the snapshot file: exact without pruning, which saves about 8 bytes per dropped save, without item weights, of
   * which there may be fewer than `neighborsMax` per pin, and without content: how much pins say is not known from counts, and
   * 16 words a pin and all links are taken.
   */
  readonly snapshotBytes: number;
  /** Shared memory of the served graph and its analysis, exact without pruning. */
  readonly graphBytes: number;
  /** Size of the file of the interest tree beside it, at most. */
  readonly interestBytes: number;
  /** Peak memory of the build, without about 60 MB for Node. Pruning, after the analysis, needs 20 bytes per save. */
  readonly buildBytes: number;
  /** Duration of the build on a core of 2.6 GHz; within a factor of two on others. */
  readonly buildSeconds: number;
}

/** Estimates the cost of a build from the counts alone. */
export function estimateBuild(
  counts: GraphCounts,
  options: Pick<BuildOptions, 'analysis' | 'linear' | 'content' | 'prune'> = {},
  threads: number = availableParallelism(),
): Estimate {
  const analysis = isAnalysed(counts, options);
  const { linear, content } = options;
  const entries = content ? wordsPerPin * counts.pins : 0;
  const links = content ? sizedNeighbors(content, counts.pins) * counts.pins : 0;
  const isKernel = linear !== undefined && options.prune === undefined && hasKernel(linear, counts.boards);
  const neighborsMax = linear && !isKernel ? sizedParams(linear, counts.pins).neighborsMax : 0;
  const weights = isKernel ? counts.boards ** 2 : neighborsMax * counts.pins;
  const built = {
    analysis,
    ...(linear && { linear: { ...linear, weights, ...(isKernel && { boards: counts.boards }) } }),
    ...(content && { content: { ...content, ...wordsOf(entries), entries, links, vectors: [] } }),
  };
  const bytes = sectionBytes(counts, built);
  // Served, links are there by source as well.
  const graphBytes =
    sectionNamesOf(built).reduce((sum, name) => sum + bytes[name], 0) +
    (content ? 8 * links + 4 * (counts.pins + 1) : 0);
  return {
    counts,
    snapshotBytes: layOut(counts, built, 0, () => '').fileBytes,
    graphBytes,
    interestBytes: analysis ? bytesPerInterest * interestsOf(counts) : 0,
    // The graph as it is built and as activation loads it, the process, Louvain's objects; the columns of item weights, and what each
    // thread counts with.
    buildBytes:
      2 * graphBytes +
      processBytes +
      (analysis ? analysisBytesPerSave * counts.saves : 0) +
      (analysis ? termBytes * (counts.pins + counts.boards) : 0) +
      8 * weights +
      24 * entries +
      16 * links +
      (linear && !isKernel ? 4 * counts.saves + threads * 16 * (counts.pins + counts.boards) : 0),
    buildSeconds:
      startSeconds +
      counts.saves / savesPerSecond +
      (counts.boards + counts.pins) / nodesPerSecond +
      (analysis ? counts.saves / analysedSavesPerSecond : 0) +
      (analysis ? namingSeconds * (counts.pins + counts.boards) : 0) +
      (content ? comparingSeconds * counts.pins : 0) +
      (isKernel ? sweepingSeconds * counts.boards ** 3 : 0) +
      (counts.pins * (neighborsMax > 0 ? countingSeconds + solvingSeconds * neighborsMax ** 3 : 0)) / threads,
  };
}

/** CPU time of one pin's item weights: counting, and solving per K³. At K = 100: 1.6 ms on the npm sample, 0.5 on gowalla. */
const countingSeconds = 1e-3;
const solvingSeconds = 2.5e-10;
/** Of the kernel of few boards, per boards³, on one thread: 4.7 s for 1,804. */
const sweepingSeconds = 1e-9;
/** Of `pinwalk build` on synthetic graphs of 10 M, 30 M and 100 M saves: within 15 % (docs/performance.md). */
const startSeconds = 0.4;
const savesPerSecond = 5e6;
const nodesPerSecond = 7e6;
const processBytes = 140e6;
/** Of synthetic graphs of 1 M and 3 M saves; twice that on the sample graph. */
const analysedSavesPerSecond = 450_000;
/** 124 to 163 on the sample graph, and on synthetic graphs of 0.5 M and 5 M saves. */
const analysisBytesPerSave = 150;
/** Words of a pin: a title and some tags. */
const wordsPerPin = 16;
/** Comparing one pin's words with other pins: between 0.05 and 0.2 ms. */
const comparingSeconds = 1.5e-4;

/** Of an interest with its name, words and top pins: 298 on the sample, 1 MB for 2,000 at most. */
const bytesPerInterest = 500;
/** Counting the words of a pin or a board, of a few words each: 1.3 s for the 528,132 of the sample. */
const namingSeconds = 2.5e-6;
/** Of the counts of a pin's or a board's words. */
const termBytes = 40;

/** Interests at most: each has ten pins at least, on three levels. */
function interestsOf({ pins }: GraphCounts): number {
  return Math.min(2_000, Math.floor((3 * pins) / 10));
}

/** A vocabulary grows slower than its texts. */
function wordsOf(entries: number): { words: number; wordBytes: number } {
  const words = Math.ceil(entries / 20);
  return { words, wordBytes: 8 * words };
}
