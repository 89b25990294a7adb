import { nodeCount } from '../../engine/graph/index.ts';
import { type JudgedSearch, idealOf } from '../../engine/search/index.ts';
import type { Database } from '../database/index.ts';
import { hideLabels } from './hidden-labels.ts';
import { type Boards, indexTexts } from './index-texts.ts';
import { SearchJudge } from './judge-search.ts';
import type { Stem } from './stem.ts';

/** Fewer labels say nothing about weights. */
const labelsMin = 30;

/**
 * Searches of an index without some labels, by these labels, which should find the pins that have them: how much each signal
 * should count where these texts are searched. None for fewer than 30 labels, and where too few pins have words for
 * related ones. Seeded. Takes about as long as the index itself
 * does, of at most 20,000 pins.
 */
export async function labelSearches(
  database: Database,
  graph: Boards,
  stem: Stem,
  randomSeed: number,
): Promise<JudgedSearch[]> {
  const { labels, hidden } = hideLabels(database, graph, randomSeed);
  if (labels.length < labelsMin) return [];
  const index = indexTexts(database, graph, stem, hidden).finish(nodeCount(graph.pinToBoard), randomSeed);
  // Popularity alone is no reason to search everything.
  if (index.vectors === undefined) return [];
  const judge = new SearchJudge({ ...index, stem }, graph);
  const searches: JudgedSearch[] = [];
  for (const { text, relevant, shown } of labels) {
    const gains = new Map([...relevant].map((pin) => [pin, 1]));
    searches.push(await judge.judge(text, { gains, ideal: idealOf(gains.size) }, shown));
  }
  return searches;
}
