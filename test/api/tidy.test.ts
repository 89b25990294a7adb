import { expect, test } from 'vitest';
import { WriteThread } from '../../api/index.ts';
import { tidy } from '../../api/operations/tidy.ts';
import {
  type Database,
  activateSnapshot,
  buildSnapshot,
  listSnapshots,
  openDatabaseReadOnly,
  readPosition,
  rollbackSnapshot,
} from '../../graph-data/index.ts';
import { readChanges } from '../../graph-data/database/index.ts';
import { importSaves, temporaryDataFolder } from '../data-folders.ts';

test('tidying keeps the configured number of snapshots, and the changes that they need', async () => {
  const folder = temporaryDataFolder();
  await importSaves(folder, ['ann pasta basil', 'ben salad basil', 'ben salad olive']);
  const writes = new WriteThread(folder, { onFault: () => {} });
  const builds: string[] = [];
  const positions: number[] = [];
  for (let i = 0; i < 6; i++) {
    const change = { kind: 'save', user: 'cem', board: 'bread', pin: `pin ${i}` } as const;
    await writes.write({ changes: [change], time: i });
    builds.push((await buildSnapshot(folder, () => 0)).version);
    activateSnapshot(folder, builds.at(-1)!, { force: true });
    positions.push(onDatabase(readPosition));
  }
  // The second to last snapshot is active, so a rollback would return to the one before.
  rollbackSnapshot(folder);
  const kept = { snapshotsKept: 2, changesKept: 1_000 };
  const dropped = await tidy(folder, writes, kept, positions[5]!);
  expect(dropped.snapshots.toSorted()).toEqual(builds.slice(0, 3).toSorted());
  expect(
    listSnapshots(folder)
      .map(({ version }) => version)
      .toSorted(),
  ).toEqual(builds.slice(3).toSorted());
  expect(dropped.changes).toBeGreaterThan(0);
  expect(countChanges(positions[2]!)).toBeUndefined();
  expect(countChanges(positions[3]!)).toEqual({
    position: positions[5],
    changes: positions[5]! - positions[3]!,
  });
  expect(await tidy(folder, writes, kept, positions[5]!)).toEqual({ snapshots: [], changes: 0 });
  // A short log reaches back to the active snapshot, and to no older one.
  const shorter = await tidy(folder, writes, { ...kept, changesKept: 0 }, positions[5]!);
  expect(shorter.changes).toBeGreaterThan(0);
  expect(countChanges(positions[3]!)).toBeUndefined();
  expect(countChanges(positions[4]!)).toMatchObject({ position: positions[5] });
  await writes.close();

  function countChanges(after: number): { position: number; changes: number } | undefined {
    let changes = 0;
    const position = onDatabase((database) => readChanges(database, after, () => changes++));
    return position === undefined ? undefined : { position, changes };
  }

  function onDatabase<Result>(read: (database: Database) => Result): Result {
    const database = openDatabaseReadOnly(folder)!;
    try {
      return read(database);
    } finally {
      database.close();
    }
  }
});
