import {
  type PinBoardGraph,
  type PinTopics,
  type PruneOptions,
  type PruneReport,
  nodeCount,
  pruneGraph,
  saveCount,
} from '../../engine/index.ts';
import { type Communities, communityLevels } from '../analysis/index.ts';
import { breathe } from '../yield-to-event-loop.ts';
import type { Database } from '../database/index.ts';
import { DataError } from '../errors.ts';
import type { BuildOptions } from './analyse.ts';
import type { SnapshotPruning } from './format.ts';

/** The coarsest communities: where levels differed in what walks find, they did best (docs/pruning.md). */
const communityLevel = communityLevels - 1;
/** Topics are few; a vector for each pin has to fit in memory. */
const dimensionsMax = 1024;

/** Prunes by the topic vectors if there are any, else by the communities. Done at one go: a stop is heard before it. */
export async function prune(
  { graph, vectors }: { readonly graph: PinBoardGraph; readonly vectors: PinTopics | undefined },
  communities: Communities | undefined,
  options: PruneOptions,
  { signal, onProgress }: BuildOptions,
): Promise<{ graph: PinBoardGraph; report: PruneReport; pruning: SnapshotPruning }> {
  const saves = saveCount(graph);
  onProgress?.({ doing: 'pruning', done: saves, total: saves });
  await breathe(signal);
  const topics = vectors ?? (communities && communityTopics(communities, nodeCount(graph.pinToBoard)));
  if (topics === undefined) throw noTopics();
  const { delta, entropyShareDropped } = options;
  return {
    ...pruneGraph(graph, topics, options),
    pruning: { delta, entropyShareDropped, topics: topics.kind },
  };
}

/** Throws `no-topics` when there is nothing to prune by; before the long work that a build is. */
export function assertTopics(vectors: PinTopics | undefined, isAnalysed: boolean): void {
  if (vectors === undefined && !isAnalysed) throw noTopics();
}

/** Communities as topics; by default those of the level that serves best. */
export function communityTopics(
  communities: Communities,
  pinCount: number,
  level: number = communityLevel,
): PinTopics & { readonly kind: 'communities' } {
  const start = level * pinCount;
  return { kind: 'communities', communities: communities.pins.subarray(start, start + pinCount) };
}

function noTopics(): DataError {
  return new DataError(
    'no-topics',
    'pruning needs to know what pins are about: build with --analysis, which finds communities, ' +
      'or give most pins an attribute "topics" (pinwalk import pins.jsonl)',
  );
}

/**
 * Topic vectors of all pins, from their attribute `topics`: an array of numbers, or its JSON as text, as CSV has it.
 * Undefined unless more than half of the pins have one; the others get zeros. O(pins · dimensions).
 * Throws `topics-unusable` for one that is no such array, or of another length than the first.
 */
export function readTopicVectors(database: Database, pinCount: number): PinTopics | undefined {
  // json_extract gives an array as its text, and text as it is.
  const topics = `json_extract(attributes, '$.topics')`;
  const withTopics = database.prepare<[], number>(`SELECT count(${topics}) FROM pins`).pluck().get() ?? 0;
  if (2 * withTopics <= pinCount) return undefined;
  const rows = database
    .prepare<[], [number, string, unknown]>(`SELECT id, key, ${topics} FROM pins WHERE ${topics} IS NOT NULL`)
    .raw()
    .iterate();
  let [dimensions, values] = [0, new Float32Array(0)];
  for (const [pin, key, json] of rows) {
    const vector = vectorFrom(json);
    if (vector === undefined) {
      throw new DataError(
        'topics-unusable',
        `the topics of pin ${JSON.stringify(key)} are no array of 1 to ${dimensionsMax} numbers from 0 on`,
      );
    }
    if (dimensions === 0) {
      dimensions = vector.length;
      values = new Float32Array(pinCount * dimensions);
    }
    if (vector.length !== dimensions) {
      throw new DataError(
        'topics-unusable',
        `pin ${JSON.stringify(key)} has ${vector.length} topics, where pins before it have ${dimensions}`,
      );
    }
    values.set(vector, pin * dimensions);
  }
  return { kind: 'vectors', dimensions, values };
}

function vectorFrom(json: unknown): number[] | undefined {
  let value: unknown;
  try {
    value = typeof json === 'string' ? JSON.parse(json) : undefined;
  } catch {
    return undefined;
  }
  if (!Array.isArray(value) || value.length === 0 || value.length > dimensionsMax) return undefined;
  return value.every(isTopic) ? (value as number[]) : undefined;
}

/** Not negative; one beyond what 32 bits hold would become infinite. */
function isTopic(value: unknown): boolean {
  return typeof value === 'number' && value >= 0 && value < 1e30;
}
