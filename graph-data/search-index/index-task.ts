import { nodeCount } from '../../engine/graph/index.ts';
import { type JudgedSearch, chooseWeights, presetWeights } from '../../engine/search/index.ts';
import type { DataFolder } from '../data-folder.ts';
import { openDatabaseReadOnly } from '../database/index.ts';
import { clickSearches, positionBias } from './click-searches.ts';
import { type Boards, indexTexts } from './index-texts.ts';
import { labelSearches } from './label-searches.ts';
import { languageOf } from './language-of.ts';
import type { IndexedTexts } from './search-index.ts';
import { stemOfLanguage } from './stem.ts';

/** The input of the thread. */
export interface IndexTask {
  readonly folder: DataFolder;
  readonly graph: Boards;
  /** The arm of searches in random order; undefined: clicks do not count. */
  readonly randomArm: string | undefined;
}

const randomSeed = 1;

/**
 * Indexes all pins with words of a title, a text, tags or a title of a board; undefined if there are none. How much each signal
 * should count is found out by the labels of the corpus, then by clicks.
 */
export async function runIndexTask({
  folder,
  graph,
  randomArm,
}: IndexTask): Promise<IndexedTexts | undefined> {
  const database = openDatabaseReadOnly(folder);
  if (database === undefined) return undefined;
  try {
    const language = languageOf(database);
    const stem = await stemOfLanguage(language);
    const byLabels = chosen(await labelSearches(database, graph, stem, randomSeed), presetWeights);
    const bias = randomArm === undefined ? undefined : positionBias(folder, randomArm);
    const builder = indexTexts(database, graph, stem);
    if (builder.size === 0) return undefined;
    // The directions of related words are half of the work, and are not needed where these count nothing.
    const hasVectors = byLabels.content > 0 || bias !== undefined;
    const index = { ...builder.finish(nodeCount(graph.pinToBoard), randomSeed, hasVectors), language };
    if (bias === undefined) return { ...index, signalWeights: byLabels };
    const searches = await clickSearches({ folder, database, graph }, { ...index, stem }, bias);
    const signalWeights = chosen(searches, byLabels);
    return { ...index, signalWeights, vectors: signalWeights.content > 0 ? index.vectors : undefined };
  } finally {
    database.close();
  }
}

/** The weights that searches tell; those before without any. */
const chosen = (searches: readonly JudgedSearch[], before: typeof presetWeights): typeof presetWeights =>
  searches.length === 0 ? before : chooseWeights(searches, before);
