import { type NodeKind, nodeNames } from '../../../engine/index.ts';
import type { TableColumn, TableRow } from '../../../graph-data/index.ts';
import type { RecommendationRequest, RecommendedItem } from '../../contract/index.ts';
import { moduleBeside } from '../../../graph-data/base/index.ts';
import { ThreadPool } from '../pool/index.ts';
import type { BulkData, BulkLists, BulkTask } from './bulk-worker.ts';

/** A part of the nodes: number `part` (from 1) of `of` parts, which follow each other. */
export interface Shard {
  readonly part: number;
  readonly of: number;
}

interface BulkOptions extends BulkData {
  /** The index after the last node of the kind. */
  readonly nodesEnd: number;
  readonly shard: Shard;
  readonly threads: number;
  /** Ends the threads at once; the rows then end with an error. */
  readonly signal?: AbortSignal | undefined;
  /** Called with the number of indexes done, of all in the shard. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
}

/** What {@link bulkRows} has gone through when it ends. */
export interface BulkCounts {
  /** Nodes with a row. */
  nodes: number;
  /** Nodes for which nothing was found. */
  empty: number;
  /** Nodes that the graph does not have. */
  unknown: number;
}

/** Small enough that a slow task at the end leaves no thread idle for long. */
const nodesPerTask = 16;
/** Tasks that wait or run, per thread: results come in order, so a fast thread may run ahead by so much. */
const tasksPerThread = 32;

/** Columns of stored fields that are text wherever they are set. */
const textFields = new Set(['title', 'text', 'url', 'imageUrl']);

/** The columns of {@link bulkRows}: the node, the rank, the recommended key, the score, then reason and fields if requested. */
export function bulkColumns(
  kind: NodeKind,
  { target, explain, fields }: Pick<RecommendationRequest, 'target' | 'explain' | 'fields'>,
): TableColumn[] {
  return [
    { name: nodeNames[kind], kind: 'text' },
    { name: 'rank', kind: 'integer' },
    { name: target === kind ? 'recommended' : nodeNames[target], kind: 'text' },
    { name: 'score', kind: 'number' },
    ...(explain ? [{ name: 'reason', kind: 'text' } as const] : []),
    ...fields.map((name) => ({ name, kind: textFields.has(name) ? 'text' : 'json' }) as const),
  ];
}

/**
 * The recommendations of all nodes of a kind, or of a shard of them, as rows of {@link bulkColumns}: by the index of the
 * node, then rank. Every node is one request with the same settings and seed, on threads that share the graph; so the
 * rows are those of single requests, whatever the number of threads. Holds a few hundred lists a thread. Adds to `counts`.
 */
export async function* bulkRows(options: BulkOptions, counts: BulkCounts): AsyncGenerator<TableRow> {
  const { dataFolder, snapshot, request, kind, time, nodesEnd, shard, threads, signal, onProgress } = options;
  const [from, to] = [shard.part - 1, shard.part].map((parts) => Math.floor((nodesEnd * parts) / shard.of));
  const data: BulkData = { dataFolder, snapshot, request, kind, time };
  const pool = new ThreadPool<BulkTask, BulkLists>(
    moduleBeside('bulk-worker', import.meta.url),
    threads,
    data,
  );
  signal?.addEventListener('abort', () => void pool.destroy(), { once: true });
  try {
    const waiting: { end: number; lists: Promise<BulkLists> }[] = [];
    let next = from!;
    onProgress?.(0, to! - from!);
    while (next < to! || waiting.length > 0) {
      while (next < to! && waiting.length < threads * tasksPerThread) {
        const taskEnd = Math.min(next + nodesPerTask, to!);
        const lists = pool.run({ from: next, to: taskEnd });
        // Awaited in turn: a failure must not count as unhandled before.
        lists.catch(() => undefined);
        waiting.push({ end: taskEnd, lists });
        next = taskEnd;
      }
      const { end: done, lists: running } = waiting.shift()!;
      const { lists, unknown } = await running;
      counts.unknown += unknown;
      for (const { key, items } of lists) {
        counts[items.length === 0 ? 'empty' : 'nodes']++;
        for (const item of items) yield rowOf(key, item, request);
      }
      onProgress?.(done - from!, to! - from!);
    }
  } finally {
    await pool.destroy();
  }
}

function rowOf(
  key: string,
  { rank, pin, board, user, score, reason, fields: found }: RecommendedItem,
  { explain, fields }: Pick<RecommendationRequest, 'explain' | 'fields'>,
): TableRow {
  const reasons = explain ? [reason?.text] : [];
  return [key, rank, pin ?? board ?? user, score, ...reasons, ...fields.map((name) => found?.[name])];
}
