import { randomUUID } from 'node:crypto';
import { mkdirSync, renameSync } from 'node:fs';
import path from 'node:path';
import type { Table, Vector } from 'apache-arrow';
import { privateFolderMode } from '../durable-files.ts';
import { writeTable } from '../table-files/index.ts';
import { type Batch, type ColumnType, type LakeColumn, type LakeEngine, rowsOf } from './engine.ts';
import { SparkClient, type SparkOptions } from './spark-client.ts';

/** Ranges of keys that are numbered in parallel. */
const ranges = 32;

/**
 * Spark by Spark Connect, for lakes that do not fit one machine; on one, it costs ten times DuckDB's processor time. Tables are
 * Parquet files in the temporary folder, which Spark's machines must share with this one. Throws `lake-engine-missing`.
 */
export async function openSpark(options: SparkOptions): Promise<LakeEngine> {
  mkdirSync(options.tempFolder, { recursive: true, mode: privateFolderMode });
  const client = await SparkClient.connect(options);
  const { tableFromIPC } = await import('apache-arrow');
  const settings = {
    'spark.sql.session.timeZone': 'UTC',
    'spark.sql.ansi.enabled': 'true',
    'spark.sql.ansi.doubleQuotedIdentifiers': 'true',
    // Types are guessed by default, which would turn the key 007 of a path into 7.
    'spark.sql.sources.partitionColumnTypeInference.enabled': 'false',
  };
  try {
    for (const [name, value] of Object.entries(settings)) await client.run(`SET ${name} = ${value}`);
  } catch (error) {
    client.close();
    throw error;
  }
  return new Spark(client, tableFromIPC, path.resolve(options.tempFolder));
}

class Spark implements LakeEngine {
  readonly #client: SparkClient;
  readonly #fromIpc: (data: Uint8Array) => Table;
  readonly #folder: string;

  constructor(client: SparkClient, fromIpc: (data: Uint8Array) => Table, folder: string) {
    this.#client = client;
    this.#fromIpc = fromIpc;
    this.#folder = folder;
  }

  async openParquet(relation: string, file: string): Promise<LakeColumn[]> {
    await this.#open(relation, path.resolve(file));
    const described = await this.rows(`DESCRIBE ${relation}`);
    const end = described.findIndex(([name]) => String(name).startsWith('#') || name === '');
    return (end < 0 ? described : described.slice(0, end)).map(([name, type]) => ({
      name: name as string,
      type: typeOf(type as string),
      typeName: (type as string).toUpperCase(),
    }));
  }

  milliseconds(timestamp: string): string {
    return `unix_millis(CAST(${timestamp} AS TIMESTAMP))`;
  }

  async createView(name: string, query: string): Promise<void> {
    await this.#client.run(`CREATE TEMPORARY VIEW ${name} AS ${query}`);
  }

  async createTable(name: string, query: string): Promise<void> {
    const folder = path.join(this.#folder, `${name}-${randomUUID()}`);
    await this.#client.run(`INSERT OVERWRITE DIRECTORY ${literal(folder)} USING parquet ${query}`);
    await this.#open(name, folder);
  }

  /**
   * Keys are cut into ranges, sorted within each, and written: only then is it fixed which range a key is in. A second pass
   * adds the number of keys in the ranges before. `row_number` over all would gather all keys on one machine.
   */
  async createNumbered(name: string, query: string, first: number): Promise<void> {
    const ranged = `${name}_ranged`;
    await this.createTable(
      ranged,
      `SELECT spark_partition_id() AS part, key
       FROM (SELECT /*+ REPARTITION_BY_RANGE(${ranges}, key) */ key FROM (${query}) AS keys) AS cut`,
    );
    await this.createTable(
      name,
      `SELECT CAST(${first - 1} + b.before + row_number() OVER (PARTITION BY r.part ORDER BY r.key) AS INT) AS id, r.key
       FROM ${ranged} AS r JOIN (
         SELECT part, sum(keyCount) OVER (ORDER BY part) - keyCount AS before
         FROM (SELECT part, count(*) AS keyCount FROM ${ranged} GROUP BY part) AS counted
       ) AS b ON b.part = r.part`,
    );
  }

  async rows(query: string): Promise<unknown[][]> {
    const rows: unknown[][] = [];
    for await (const data of this.#client.query(query)) {
      const table = this.#fromIpc(data);
      for (const row of table) rows.push(row.toArray().map(plain));
    }
    return rows;
  }

  batches(query: string): AsyncGenerator<Batch> {
    return this.#read(this.#client.query(query));
  }

  async writeIds(query: string, texts: readonly string[], file: string): Promise<void> {
    const columns = [
      { name: 'id', kind: 'integer' } as const,
      ...texts.map((name) => ({ name, kind: 'text' }) as const),
    ];
    const written = `${file}.parquet`;
    await writeTable({ file: written, columns, rows: allRows(this.batches(query)) });
    renameSync(written, file);
  }

  async close(): Promise<void> {
    this.#client.close();
  }

  async #open(name: string, folder: string): Promise<void> {
    const options = `OPTIONS (path ${literal(folder)}, mergeSchema 'true')`;
    await this.#client.run(`CREATE TEMPORARY VIEW ${name} USING parquet ${options}`);
  }

  async *#read(parts: AsyncGenerator<Uint8Array>): AsyncGenerator<Batch> {
    for await (const data of parts) {
      const table = this.#fromIpc(data);
      if (table.numRows === 0) continue;
      const columns = Array.from({ length: table.numCols }, (_, i) => valuesOf(table.getChildAt(i)!));
      yield { rows: table.numRows, columns };
    }
  }
}

function literal(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}

function typeOf(name: string): ColumnType {
  if (name === 'string') return 'text';
  if (/^(tinyint|smallint|int|bigint|decimal\(\d+,0\))$/.test(name)) return 'integer';
  if (/^(float|double|decimal.*)$/.test(name)) return 'number';
  return /^(timestamp|date)/.test(name) ? 'timestamp' : 'other';
}

function valuesOf(vector: Vector): Batch['columns'][number] {
  const values: unknown = vector.toArray();
  return values instanceof Int32Array || values instanceof Float64Array
    ? values
    : (vector.toJSON() as string[]);
}

function plain(value: unknown): unknown {
  return typeof value === 'bigint' ? Number(value) : value;
}

async function* allRows(batches: AsyncGenerator<Batch>): AsyncGenerator<unknown[]> {
  for await (const batch of batches) yield* rowsOf(batch);
}
