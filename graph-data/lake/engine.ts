/** How the SQL of a build handles the values of a column. */
export type ColumnType = 'text' | 'integer' | 'number' | 'timestamp' | 'other';

export interface LakeColumn {
  readonly name: string;
  readonly type: ColumnType;
  /** The engine's own name of the type, for messages. */
  readonly typeName: string;
}

/** Some rows of a result, column by column: INTEGER is an Int32Array, DOUBLE a Float64Array, text an array of strings. */
export interface Batch {
  readonly rows: number;
  readonly columns: readonly (Int32Array | Float64Array | readonly string[])[];
}

export function* rowsOf({ rows, columns }: Batch): Generator<unknown[]> {
  for (let i = 0; i < rows; i++) yield columns.map((column) => column[i]);
}

/**
 * An SQL engine for tables that need not fit into memory. Queries are the plain SQL of `lake-sql.ts`, which
 * every engine runs as it is; the methods here hold the differences between engines. Names of relations are
 * trusted, paths are not. Methods throw `import-file-unreadable` for files that cannot be read, and
 * `lake-engine-failed` for other errors of the engine, such as too little memory.
 */
export interface LakeEngine {
  /**
   * Makes a relation of Parquet files: a file, a folder with its subfolders, or a pattern. Parts of a path such as
   * `day=2024-05-01` (Hive) are columns of text. Returns its columns.
   */
  readonly openParquet: (relation: string, path: string) => Promise<readonly LakeColumn[]>;
  /** The SQL of a timestamp's milliseconds since 1970. */
  readonly milliseconds: (timestamp: string) => string;
  /** Names a query, which is computed wherever the name is used. */
  readonly createView: (name: string, query: string) => Promise<void>;
  /** Computes a query once. */
  readonly createTable: (name: string, query: string) => Promise<void>;
  /** Computes a table of the query's `key` column and `id`, which counts from `first` in the order of the bytes of the key. */
  readonly createNumbered: (name: string, query: string, first: number) => Promise<void>;
  /** All rows of a small result; integers as numbers. */
  readonly rows: (query: string) => Promise<readonly (readonly unknown[])[]>;
  /** The rows of a large result, in its order. The query starts at once, beside others, and ends when all rows are read. */
  readonly batches: (query: string) => AsyncGenerator<Batch>;
  /** Writes a result of `id` and columns of text to a Parquet file, in its order. */
  readonly writeIds: (query: string, texts: readonly string[], file: string) => Promise<void>;
  readonly close: () => Promise<void>;
}
