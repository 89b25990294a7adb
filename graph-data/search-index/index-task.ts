import {
  type JudgedSearch,
  type TextIndex,
  chooseWeights,
  nodeCount,
  presetWeights,
} from '../../engine/index.ts';
import type { DataFolder } from '../data-folder.ts';
import { type Database, openDatabaseReadOnly } from '../database/index.ts';
import { clickSearches, positionBias } from './click-searches.ts';
import { type Boards, indexTexts } from './index-texts.ts';
import { labelSearches } from './label-searches.ts';

/** What the thread gets. */
export interface IndexTask {
  readonly folder: DataFolder;
  readonly graph: Boards;
  /** The arm of searches in random order; undefined: clicks do not count. */
  readonly randomArm: string | undefined;
}

const randomSeed = 1;

/**
 * Indexes all pins with words of a title, a text, tags or a title of a board, and finds out how much each signal should count;
 * undefined if there are none.
 */
export async function runIndexTask(task: IndexTask): Promise<TextIndex | undefined> {
  const database = openDatabaseReadOnly(task.folder);
  if (database === undefined) return undefined;
  try {
    const builder = indexTexts(database, task.graph);
    if (builder.size === 0) return undefined;
    const index = builder.finish(nodeCount(task.graph.pinToBoard), randomSeed);
    // Without related words, popularity alone is no reason to search everything twice.
    return index.vectors ? { ...index, signalWeights: await weightsOf(task, database, index) } : index;
  } finally {
    database.close();
  }
}

/** By the labels of the corpus, then by clicks. */
async function weightsOf(
  { folder, graph, randomArm }: IndexTask,
  database: Database,
  index: TextIndex,
): Promise<TextIndex['signalWeights']> {
  const byLabels = chosen(await labelSearches(database, graph, randomSeed), presetWeights);
  const bias = randomArm === undefined ? undefined : positionBias(folder, randomArm);
  return bias ? chosen(await clickSearches({ folder, database, graph }, index, bias), byLabels) : byLabels;
}

const chosen = (searches: readonly JudgedSearch[], before: typeof presetWeights): typeof presetWeights =>
  searches.length === 0 ? before : chooseWeights(searches, before);
