import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import type { NodeKind } from '../../engine/graph/index.ts';
import { moduleBeside } from '../base/index.ts';
import type { Database } from '../database/index.ts';
import { privateFolderMode } from '../durable-files.ts';
import { DataError, type DataErrorCode } from '../errors.ts';
import type { LakeEngine } from './engine.ts';
import { lakeKinds, nodeFileSql } from './lake-sql.ts';

/** A folder for the database, and Parquet files of users, boards and pins. */
export interface NodeTask {
  readonly root: string;
  readonly files: Readonly<Record<NodeKind, string>>;
}

export type NodeReply = 'loaded' | { readonly code: DataErrorCode; readonly message: string };

/** FTS5 keeps the text index in them. */
const textTables = ['data', 'idx', 'docsize', 'config'].map((name) => `pins_text_${name}`);

/**
 * Writes users, boards and pins of a first load into a database of their own, and indexes them, in a thread, while the caller does the
 * same with the saves: SQLite uses one core for each. Their tables are then copied, which sorts nothing.
 */
export class NodeThread {
  readonly #root: string;
  readonly #worker: Worker;
  readonly #loaded: Promise<void>;
  readonly #ended: Promise<void>;
  #fault: Error | undefined;

  private constructor(task: NodeTask) {
    this.#root = task.root;
    this.#worker = new Worker(moduleBeside('node-worker', import.meta.url), { workerData: task });
    const [loaded, ended] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    this.#loaded = loaded.promise;
    this.#ended = ended.promise;
    this.#worker.on('message', (reply: NodeReply) => {
      if (reply === 'loaded') loaded.resolve();
      else this.#fault = new DataError(reply.code, reply.message);
    });
    this.#worker.once('error', (error: Error) => (this.#fault = error));
    this.#worker.once('exit', () => {
      loaded.resolve();
      ended.resolve();
    });
  }

  /** `tempFolder`: for files that the caller deletes at the end. */
  static async start(engine: LakeEngine, tempFolder: string): Promise<NodeThread> {
    const root = path.join(tempFolder, 'nodes');
    mkdirSync(root, { recursive: true, mode: privateFolderMode });
    const files = { users: '', boards: '', pins: '' };
    for (const kind of lakeKinds) {
      files[kind] = path.join(root, `${kind}.parquet`);
      const texts = kind === 'boards' ? ['key', 'owner'] : ['key'];
      await engine.writeIds(nodeFileSql(kind), texts, files[kind]);
    }
    return new NodeThread({ root, files });
  }

  /**
   * Waits for the thread, then copies its tables into those of a database, which are empty and have the same indexes, but no triggers yet:
   * SQLite copies rows and entries of indexes in their order, without decoding them.
   */
  async copyTo(database: Database): Promise<void> {
    await this.#ended;
    if (this.#fault !== undefined) throw this.#fault;
    database.prepare('ATTACH ? AS nodes').run(path.join(this.#root, 'pinwalk.db'));
    for (const kind of lakeKinds) database.exec(`INSERT INTO main.${kind} SELECT * FROM nodes.${kind}`);
    // Tables of FTS5 are write-protected otherwise.
    database.unsafeMode(true);
    for (const table of textTables) {
      database.exec(`DELETE FROM main.${table}; INSERT INTO main.${table} SELECT * FROM nodes.${table}`);
    }
    database.unsafeMode(false);
  }

  /** Ends the thread, but not while it loads native code, which would abort the process. */
  async close(): Promise<void> {
    await this.#loaded;
    await this.#worker.terminate();
  }
}
