import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildSnapshot, importLake, openDataFolder, writeTable } from '../../graph-data/index.ts';
import { freePort } from '../../scripts/free-port.ts';
import { startSpark } from '../../scripts/lab/start-spark.ts';
import { importSaves, temporaryFolder } from '../data-folders.ts';
import { arraysOf, manyRows, savesByKey, tablesOf, timeTexts, whyNoDuckdb, writeLake } from './lakes.ts';

/** The folder of pip's pyspark. Spark takes a minute of processor time, so only runs that name it have it. */
const home = process.env['PINWALK_SPARK'];
const why = home === undefined ? 'PINWALK_SPARK names no Spark (npm run lab:spark -- --help)' : whyNoDuckdb;
const root = temporaryFolder(afterAll);
const folder = (name: string) => openDataFolder(path.join(root, name));

describe.skipIf(why !== undefined)(why ?? 'a lake by Spark', { timeout: 1_200_000 }, () => {
  let server: Awaited<ReturnType<typeof startSpark>>;
  beforeAll(async () => {
    server = await startSpark(home!, await freePort(), root);
  });
  afterAll(async () => server?.stop());
  const spark = () => ({ address: server.address, home: home! });

  test('of 300,000 rows gives the snapshot that DuckDB gives, byte for byte, and so does a second build', async () => {
    const rows = manyRows(300_000);
    const lakes = [
      await writeLake(path.join(root, 'half.parquet'), rows.slice(0, 150_000)),
      await writeLake(path.join(root, 'all.parquet'), rows),
    ];
    for (const lake of lakes) {
      const bySpark = await importLake(folder('spark'), lake, {
        spark: spark(),
        idTable: path.join(root, 'ids'),
      });
      const byDuckdb = await importLake(folder('duckdb'), lake);
      const { rejectsFile: one, ...counts } = bySpark;
      const { rejectsFile: other, ...expected } = byDuckdb;
      expect(counts).toEqual(expected);
      expect([one, other].every((file) => file!.includes('rejects.jsonl'))).toBe(true);
      expect(JSON.stringify(tablesOf(folder('spark'))) === JSON.stringify(tablesOf(folder('duckdb')))).toBe(
        true,
      );
      const folders = [folder('spark'), folder('duckdb')];
      const built = await Promise.all(
        folders.map((each) => buildSnapshot(each, () => 0, { analysis: false })),
      );
      const [first, second] = folders.map((each, i) => arraysOf(each, built[i]!.version));
      expect(built[0]!.version).toBe(built[1]!.version);
      expect(first!.equals(second!)).toBe(true);
    }
    // The id table that Spark wrote is the one that DuckDB reads.
    await importLake(folder('third'), lakes[1]!, { idTable: path.join(root, 'ids') });
    expect(tablesOf(folder('third'))[2]).toEqual(tablesOf(folder('spark'))[2]);
  });

  test('reads times and weights in text as DuckDB does, and rejects the same rows', async () => {
    const texts = ['1', '2,5', '1e-3', '1,000', '0', '-1', 'much', ''];
    const columns = ['user', 'pin', 'savedAt', 'weight'].map((name) => ({ name, kind: 'text' }) as const);
    const file = path.join(root, 'texts.parquet');
    const timed = timeTexts.map((text) => ['ann', `at ${text}`, text, '']);
    const rows = [...timed, ...texts.map((text) => ['ann', `weighs ${text}`, '', text]), ['', 'p', '', '']];
    await writeTable({ file, columns, rows });
    const bySpark = await importLake(folder('texts-spark'), file, { spark: spark() });
    const byDuckdb = await importLake(folder('texts-duckdb'), file);
    expect(savesByKey(folder('texts-spark'))).toEqual(savesByKey(folder('texts-duckdb')));
    expect(bySpark.reasons).toEqual(byDuckdb.reasons);
  });

  test('keeps the ids of the database, and refuses a lake that is not there', async () => {
    const lake = await writeLake(path.join(root, 'few.parquet'), [
      ['ann', 'b', 'p', null, 1],
      ['ann', 'b', 'a', 1_700_000_000_000, null],
    ]);
    await importSaves(folder('few'), ['zoe z z', 'ann b p']);
    await importLake(folder('few'), lake, { spark: spark() });
    expect(tablesOf(folder('few'))[2]).toEqual([
      [0, 'z'],
      [1, 'p'],
      [2, 'a'],
    ]);
    const missing = importLake(folder('few'), path.join(root, '*.nothing'), { spark: spark() });
    await expect(missing).rejects.toMatchObject({ code: 'import-file-unreadable' });
  });
});

test('a missing Spark server or package is reported with the remedy', async () => {
  const missing = importLake(folder('none'), root, { spark: { address: '127.0.0.1:1', home: root } });
  await expect(missing).rejects.toMatchObject({ code: 'lake-engine-missing' });
});
