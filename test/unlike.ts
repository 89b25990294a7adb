import { type DataFolder, buildSnapshot, importRows, syntheticRows } from '../graph-data/index.ts';

/** Of {@link importFirst}. */
export const firstSizes: Parameters<typeof syntheticRows>[0] = { pins: 2_000, boards: 3_000, saves: 25_000 };

/** Builds a snapshot of whatever the folder holds; activates nothing. */
export async function build(folder: DataFolder): Promise<string> {
  return (await buildSnapshot(folder, () => 0, { analysis: false })).version;
}

/** Imports a synthetic graph. */
export async function importFirst(folder: DataFolder): Promise<void> {
  await importRows(folder, [{ name: 'first', rows: syntheticRows(firstSizes) }]);
}

/** Drowns the first graph in saves without any structure, so that activation refuses it; returns the version. */
export async function buildUnlike(folder: DataFolder): Promise<string> {
  const rows = function* () {
    const options = { ...firstSizes, saves: 120_000, topics: 1, noise: 1, randomSeed: 5 };
    for (const batch of syntheticRows(options)) {
      yield batch.map((row) => Object.assign(row, { board: `other-${row.board}` }));
    }
  };
  await importRows(folder, [{ name: 'second', rows: rows() }]);
  return build(folder);
}
