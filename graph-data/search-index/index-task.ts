import { type JudgedSearch, chooseWeights, nodeCount, presetWeights } from '../../engine/index.ts';
import type { DataFolder } from '../data-folder.ts';
import { type Database, openDatabaseReadOnly } from '../database/index.ts';
import { clickSearches, positionBias } from './click-searches.ts';
import { type Boards, indexTexts } from './index-texts.ts';
import { labelSearches } from './label-searches.ts';
import { languageOf } from './language-of.ts';
import type { IndexedTexts, SearchIndex } from './search-index.ts';
import { stemOfLanguage } from './stem.ts';

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
export async function runIndexTask(task: IndexTask): Promise<IndexedTexts | undefined> {
  const database = openDatabaseReadOnly(task.folder);
  if (database === undefined) return undefined;
  try {
    const language = languageOf(database);
    const stem = await stemOfLanguage(language);
    const builder = indexTexts(database, task.graph, stem);
    if (builder.size === 0) return undefined;
    const index = { ...builder.finish(nodeCount(task.graph.pinToBoard), randomSeed), language };
    // Without related words, popularity alone is no reason to search everything twice.
    if (index.vectors === undefined) return index;
    return { ...index, signalWeights: await weightsOf(task, database, { ...index, stem }) };
  } finally {
    database.close();
  }
}

/** By the labels of the corpus, then by clicks. */
async function weightsOf(
  { folder, graph, randomArm }: IndexTask,
  database: Database,
  index: SearchIndex,
): Promise<IndexedTexts['signalWeights']> {
  const byLabels = chosen(await labelSearches(database, graph, index.stem, randomSeed), presetWeights);
  const bias = randomArm === undefined ? undefined : positionBias(folder, randomArm);
  return bias ? chosen(await clickSearches({ folder, database, graph }, index, bias), byLabels) : byLabels;
}

const chosen = (searches: readonly JudgedSearch[], before: typeof presetWeights): typeof presetWeights =>
  searches.length === 0 ? before : chooseWeights(searches, before);
