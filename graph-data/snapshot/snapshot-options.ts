import { z } from 'zod';
import type { ContentBuildParams, LinearBuildParams, PinTopics, PruneOptions } from '../../engine/index.ts';

/** How a graph was pruned. */
export interface SnapshotPruning extends PruneOptions {
  readonly topics: PinTopics['kind'];
}

/** How the item weights were computed, and how many there are. */
interface SnapshotLinear extends LinearBuildParams {
  readonly weights: number;
  /** Boards of the kernel; absent where weights are lists. */
  readonly boards?: number | undefined;
}

/** How much the pins say. */
export interface ContentSizes {
  /** Different words. */
  readonly words: number;
  readonly wordBytes: number;
  /** Words of all pins. */
  readonly entries: number;
  readonly links: number;
}

/** How texts were compared, and how much there is. */
interface SnapshotContent extends ContentBuildParams, ContentSizes {
  /** Names of the vectors that were compared. */
  readonly vectors: readonly string[];
}

/** Whether the build computed PageRank and communities, item weights and content (of the whole graph), and how it pruned. */
export interface SnapshotOptions {
  readonly analysis: boolean;
  readonly prune?: SnapshotPruning | undefined;
  readonly linear?: SnapshotLinear | undefined;
  readonly content?: SnapshotContent | undefined;
}

const count = z.int().nonnegative();

export const optionsSchema: z.ZodType<SnapshotOptions> = z.strictObject({
  analysis: z.boolean(),
  prune: z
    .strictObject({
      delta: z.number(),
      entropyShareDropped: z.number(),
      topics: z.enum(['communities', 'vectors']),
    })
    .optional(),
  linear: z
    .strictObject({
      neighborsMax: count,
      ridge: z.number(),
      dropout: z.number(),
      boardPinsMax: count,
      weights: count,
      boards: count.optional(),
    })
    .optional(),
  content: z
    .strictObject({
      neighborsMax: count,
      prior: z.number(),
      savesMax: count,
      wordsMax: count,
      boardTitles: count,
      words: count,
      wordBytes: count,
      entries: count,
      links: count,
      vectors: z.array(z.string()),
    })
    .optional(),
});
