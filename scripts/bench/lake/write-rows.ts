import { DuckDBInstance } from '@duckdb/node-api';

/**
 * Writes saves with string keys in random order: five a pin by a power law, ten a board, five boards a user; all with a time,
 * a third with a weight. Equal numbers of rows give equal rows.
 */
export async function writeRows(file: string, rows: number): Promise<void> {
  const instance = await DuckDBInstance.create(':memory:', { memory_limit: '2GB' });
  const connection = await instance.connect();
  const [boards, pins, users] = [10, 5, 50].map((each) => Math.ceil(rows / each));
  await connection.run(`COPY (
    SELECT concat('user-', board % ${users}) AS "user", concat('board-', board) AS board, concat('pin-', pin) AS pin,
      CAST(1500000000000 + random % 200000000000 AS BIGINT) AS savedAt,
      CASE WHEN random % 3 = 0 THEN CAST(1 + random % 5 AS DOUBLE) END AS weight
    FROM (SELECT hash(i * 7 + 1) % ${boards} AS board, hash(i * 3 + 11) AS random,
      CAST(floor(pow(hash(i * 13 + 5) % 1000000007 / 1000000007.0, 2.5) * ${pins}) AS BIGINT) AS pin
      FROM range(${rows}) AS rows(i)) AS drawn
  ) TO '${file.replaceAll("'", "''")}' (FORMAT parquet, COMPRESSION zstd)`);
  connection.closeSync();
  instance.closeSync();
}
