import type { Adjacency, NodeKind } from '../../engine/graph/index.ts';
import {
  ChangeLog,
  type Database,
  MultiRowInsert,
  isEmpty,
  readCounts,
  readNextIds,
} from '../database/index.ts';
import { LateIndexes, replaceIfCounts } from '../import/index.ts';
import { yieldToEventLoop } from '../yield-to-event-loop.ts';
import { type Batch, type LakeEngine, rowsOf } from './engine.ts';
import { KeptSaves } from './kept-saves.ts';
import { assertSize, fits } from './known-ids.ts';
import { lakeKinds, missingNodesSql, nodeFactsSql, sortedSavesSql } from './lake-sql.ts';
import { NodeRows } from './node-rows.ts';
import { NodeThread } from './node-thread.ts';

interface FillOptions {
  /** Sorted rows, with repeats. */
  readonly rows: number;
  /** For the files of a first load. */
  readonly tempFolder: string;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress: (doing: 'writing keys' | 'writing saves' | 'indexing', done: number) => void;
}

/** Rows between two looks at the signal. */
const rowsPerYield = 2 ** 16;

interface Filled {
  /** New saves. */
  readonly added: number;
  /** All saves, if the database was empty. */
  readonly boardToPin: Adjacency | undefined;
}

/**
 * Writes the used nodes that the database lacks, and the sorted saves, in the caller's transaction. Rows come in the
 * order of the table's key, so that each page is written once: 2.2 M saves per second of processor time with times and
 * weights (`npm run bench:lake`). Throws `lake-too-large`.
 */
export async function fillDatabase(
  engine: LakeEngine,
  database: Database,
  { rows, tempFolder, signal, onProgress }: FillOptions,
): Promise<Filled> {
  const isFirst = isEmpty(database);
  const indexes = new LateIndexes(database);
  const nextIds = readNextIds(database);
  // The engine sorts the saves while keys are written.
  const sorted = engine.batches(sortedSavesSql);
  onProgress('writing keys', 0);
  const thread = isFirst ? await NodeThread.start(engine, tempFolder) : undefined;
  try {
    if (thread === undefined) await writeNodes(engine, database, signal);
    let nodes = 0;
    for (const kind of lakeKinds) {
      const [[count, largest]] = (await engine.rows(nodeFactsSql(kind, isFirst))) as [[number, number]];
      nodes += count;
      nextIds[kind] = Math.max(nextIds[kind], largest + 1);
    }
    onProgress('writing keys', nodes);
    const kept = isFirst && fits(nextIds.boards, rows) ? new KeptSaves(nextIds.boards, rows) : undefined;
    const saves = new SortedSaves(database, kept);
    const before = readCounts(database).saves;
    for await (const batch of sorted) {
      saves.add(batch);
      await pause(saves.seen, batch.rows, signal);
      onProgress('writing saves', saves.seen);
    }
    const added = saves.flush();
    assertSize(nextIds, before + added);
    onProgress('indexing', added);
    await yieldToEventLoop(signal);
    indexes.createIndexes();
    await thread?.copyTo(database);
    indexes.createTriggers();
    if (nodes + added > 0)
      new ChangeLog(database).appendBulk(nodes + added, nextIds satisfies Record<NodeKind, number>);
    return { added, boardToPin: kept?.adjacency() };
  } finally {
    await thread?.close();
  }
}

async function writeNodes(
  engine: LakeEngine,
  database: Database,
  signal: AbortSignal | undefined,
): Promise<void> {
  const rows = new NodeRows(database);
  let done = 0;
  for (const kind of lakeKinds) {
    for await (const batch of engine.batches(missingNodesSql(kind))) {
      rows.add(kind, rowsOf(batch));
      await pause((done += batch.rows), batch.rows, signal);
    }
  }
  rows.flush();
}

/** Saves sorted by board and pin; of repeats, the first is stored. */
class SortedSaves {
  readonly #plain;
  readonly #detailed;
  seen = 0;
  #added = 0;
  #board = -1;
  #pin = -1;
  readonly #kept: KeptSaves | undefined;

  constructor(database: Database, kept: KeptSaves | undefined) {
    this.#kept = kept;
    const replace = database.prepare(replaceIfCounts);
    this.#plain = new MultiRowInsert(database, 'saves (board, pin)', 2, 'ON CONFLICT DO NOTHING');
    this.#detailed = new MultiRowInsert(
      database,
      'saves (board, pin, savedAt, weight)',
      4,
      'ON CONFLICT DO NOTHING',
      (values) => {
        for (let i = 0; i < values.length; i += 4) {
          const [board, pin, savedAt, weight] = values.slice(i, i + 4);
          replace.run({ board, pin, savedAt, weight });
        }
      },
    );
  }

  add({ rows, columns }: Batch): void {
    const [boards, pins, times, weights] = columns as [Int32Array, Int32Array, Float64Array, Float64Array];
    this.seen += rows;
    // Half as many values take half the time. Rows stay in order, so one statement is written before the other fills.
    const hasDetails = weights.some((weight, i) => weight !== 0 || !Number.isNaN(times[i]!));
    this.#added += (hasDetails ? this.#plain : this.#detailed).flush();
    for (let i = 0; i < rows; i++) {
      const [board, pin] = [boards[i]!, pins[i]!];
      if (board === this.#board && pin === this.#pin) continue;
      this.#board = board;
      this.#pin = pin;
      this.#kept?.add(board, pin);
      if (hasDetails)
        this.#added += this.#detailed.add4(board, pin, nullable(times[i]!, NaN), nullable(weights[i]!, 0));
      else this.#added += this.#plain.add2(board, pin);
    }
  }

  flush(): number {
    this.#added += this.#plain.flush() + this.#detailed.flush();
    return this.#added;
  }
}

function nullable(value: number, none: number): number | null {
  return Object.is(value, none) ? null : value;
}

async function pause(done: number, rows: number, signal: AbortSignal | undefined): Promise<void> {
  if (Math.floor(done / rowsPerYield) > Math.floor((done - rows) / rowsPerYield))
    await yieldToEventLoop(signal);
}
