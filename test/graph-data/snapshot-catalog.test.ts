import { readFileSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import {
  type DataError,
  activateSnapshot,
  activeVersion,
  buildSnapshot,
  listSnapshots,
  loadActiveSnapshot,
  pinnedVersion,
  pruneSnapshots,
  rollbackSnapshot,
} from '../../graph-data/index.ts';
import { snapshotFile } from '../../graph-data/snapshot/snapshot-file.ts';
import { importSaves, temporaryDataFolder } from '../data-folders.ts';

/** Three snapshots, the later ones with more saves, each activated in turn. */
async function threeSnapshots() {
  const folder = temporaryDataFolder();
  const versions: string[] = [];
  for (const [i, save] of ['u b p1', 'u b p2', 'u b p3'].entries()) {
    await importSaves(folder, [save]);
    const { version } = await buildSnapshot(folder, () => 0);
    activateSnapshot(folder, version);
    utimesSync(snapshotFile(folder, version), 1_000 + i, 1_000 + i);
    versions.push(version);
  }
  return { folder, versions: versions as [string, string, string] };
}

test('listSnapshots lists the newest first and marks the active one', async () => {
  const { folder, versions } = await threeSnapshots();
  const entries = listSnapshots(folder);
  expect(entries.map(({ version }) => version)).toEqual(versions.toReversed());
  expect(entries.map(({ active }) => active)).toEqual([true, false, false]);
});

test('rollbackSnapshot goes back one step at a time, and fails if there is no earlier snapshot', async () => {
  const { folder, versions } = await threeSnapshots();
  expect(rollbackSnapshot(folder)).toBe(versions[1]);
  expect(rollbackSnapshot(folder)).toBe(versions[0]);
  expect(() => rollbackSnapshot(folder)).toThrow('no earlier snapshot');
  expect(activeVersion(folder)).toBe(versions[0]);
});

test('a rollback pins, and so does the activation of any but the newest snapshot', async () => {
  const { folder, versions } = await threeSnapshots();
  expect(pinnedVersion(folder)).toBeUndefined();
  rollbackSnapshot(folder);
  expect(pinnedVersion(folder)).toBe(versions[1]);
  expect(listSnapshots(folder).map(({ pinned }) => pinned)).toEqual([false, true, false]);
  activateSnapshot(folder, versions[1], { pin: false });
  expect([activeVersion(folder), pinnedVersion(folder)]).toEqual([versions[1], undefined]);
  activateSnapshot(folder, versions[0]);
  expect(pinnedVersion(folder)).toBe(versions[0]);
  // Nothing else of the pointer changes.
  expect(rollbackSnapshot(folder)).toBe(versions[1]);
  activateSnapshot(folder, versions[2]);
  expect(pinnedVersion(folder)).toBeUndefined();
  activateSnapshot(folder, versions[2], { pin: true });
  expect(pinnedVersion(folder)).toBe(versions[2]);
});

test('a pointer of a version without pins is read, and one without a pin is written as that version reads it', async () => {
  const { folder, versions } = await threeSnapshots();
  const file = path.join(folder.snapshots, 'active.json');
  const pointer = { active: versions[2], previous: [versions[1], versions[0]] };
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(pointer);
  writeFileSync(file, JSON.stringify(pointer));
  expect([activeVersion(folder), pinnedVersion(folder)]).toEqual([versions[2], undefined]);
  rollbackSnapshot(folder);
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({
    active: versions[1],
    previous: [versions[0]],
    pinned: true,
  });
});

test('rollbackSnapshot skips a damaged snapshot and ignores stray files', async () => {
  const { folder, versions } = await threeSnapshots();
  for (const stray of ['backup.snapshot', '0123456789abcdef'])
    writeFileSync(path.join(folder.snapshots, stray), 'x');
  truncateSync(snapshotFile(folder, versions[1]), 4_200);
  expect(listSnapshots(folder)).toHaveLength(3);
  expect(pruneSnapshots(folder, 0)).toEqual([versions[1]]);
  expect(rollbackSnapshot(folder)).toBe(versions[0]);
});

test('pruneSnapshots deletes nothing while the pointer is damaged', async () => {
  const { folder, versions } = await threeSnapshots();
  writeFileSync(path.join(folder.snapshots, 'active.json'), '{');
  expect(() => pruneSnapshots(folder, 0)).toThrow('activate a snapshot to repair it');
  activateSnapshot(folder, versions[2]);
  expect(pruneSnapshots(folder, 0)).toHaveLength(2);
});

test('pruneSnapshots deletes the oldest, but neither the active one nor the target of a rollback', async () => {
  const { folder, versions } = await threeSnapshots();
  rollbackSnapshot(folder);
  expect(pruneSnapshots(folder, 1)).toEqual([]);
  activateSnapshot(folder, versions[2]);
  expect(pruneSnapshots(folder, 0)).toEqual([versions[0]]);
  expect(rollbackSnapshot(folder)).toBe(versions[1]);
});

test('activateSnapshot refuses a damaged, unknown or invalid version', async () => {
  const { folder, versions } = await threeSnapshots();
  truncateSync(snapshotFile(folder, versions[0]), 100);
  expect(() => activateSnapshot(folder, versions[0])).toThrow('damaged');
  expect(() => activateSnapshot(folder, '0123456789abcdef')).toThrow('there is no snapshot');
  expect(() => activateSnapshot(folder, '../../etc/passwd')).toThrow('is not a snapshot version');
  expect(activeVersion(folder)).toBe(versions[2]);
});

test('loadActiveSnapshot falls back to the last intact snapshot and reports the damaged ones', async () => {
  const { folder, versions } = await threeSnapshots();
  truncateSync(snapshotFile(folder, versions[2]), 4_200);
  const faults: DataError[] = [];
  const note = (fault: DataError): void => void faults.push(fault);
  expect(loadActiveSnapshot(folder, note).version).toBe(versions[1]);
  expect(faults.map(({ message }) => message)).toEqual([expect.stringContaining(versions[2])]);
  writeFileSync(path.join(folder.snapshots, 'active.json'), '{"active": "');
  expect(loadActiveSnapshot(folder, note).version).toBe(versions[1]);
  for (const version of versions) truncateSync(snapshotFile(folder, version), 10);
  expect(() => loadActiveSnapshot(folder, note)).toThrow(
    expect.objectContaining({ code: 'no-active-snapshot' }),
  );
});
