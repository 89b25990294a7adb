import {
  copyFileSync,
  readFileSync,
  readdirSync,
  rmSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import SqliteDatabase from 'better-sqlite3';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { neighborsOf, nodeCount } from '../../engine/index.ts';
import { assertGraph } from '../../engine/graph/assert-graph.ts';
import {
  type DataError,
  type DataFolder,
  Store,
  activateSnapshot,
  activeVersion,
  buildSnapshot,
  estimateBuild,
  findCommunities,
  globalPageRank,
  importFiles,
  importRows,
  listSnapshots,
  loadActiveSnapshot,
  loadSnapshot,
  pruneSnapshots,
  rollbackSnapshot,
  syntheticRows,
} from '../../graph-data/index.ts';
import { snapshotFile } from '../../graph-data/snapshot/snapshot-file.ts';
import { importSaves, temporaryDataFolder, writeInput } from '../data-folders.ts';

const build = async (folder: DataFolder) => buildSnapshot(folder, () => performance.now());

const saves = ['ann b1 p1', 'ann b1 p2', 'ben b2 p2', 'ben b2 p3', 'ann b3 p1'];

async function builtFolder() {
  const folder = temporaryDataFolder();
  await importSaves(folder, saves);
  return { folder, report: await build(folder) };
}

describe('a snapshot', () => {
  test('holds the saves of the database', async () => {
    const { folder, report } = await builtFolder();
    const { graph, header, version } = loadSnapshot(folder, report.version);
    assertGraph(graph);
    const store = Store.open(folder);
    const found: string[] = [];
    for (let pin = 0; pin < nodeCount(graph.pinToBoard); pin++) {
      for (const board of neighborsOf(graph.pinToBoard, pin)) {
        found.push(`${graph.boardToUser[board]} ${board} ${store.nodeAt('pins', pin)!.key}`);
      }
    }
    store.close();
    expect(found.toSorted()).toEqual(['0 0 p1', '0 0 p2', '0 2 p1', '1 1 p2', '1 1 p3']);
    expect(version).toBe(report.version);
    expect(header.counts).toEqual({ users: 2, boards: 3, pins: 3, saves: 5 });
    expect(report).toMatchObject({ users: 2, boards: 3, pins: 3, saves: 5 });
    expect(report.bytes).toBe(readFileSync(snapshotFile(folder, version)).length);
  });

  test('of the same rows has the same bytes, of others another version', async () => {
    const first = await builtFolder();
    const bytes = readFileSync(snapshotFile(first.folder, first.report.version));
    rmSync(snapshotFile(first.folder, first.report.version));
    const again = await build(first.folder);
    expect(readFileSync(snapshotFile(first.folder, again.version)).equals(bytes)).toBe(true);

    const inParts = temporaryDataFolder();
    await importSaves(inParts, saves.slice(0, 2));
    await importSaves(inParts, saves);
    expect((await build(inParts)).version).toBe(first.report.version);

    await importSaves(inParts, ['ben b2 p1']);
    expect((await build(inParts)).version).not.toBe(first.report.version);
  });

  test('does not change with titles: they are no part of the graph', async () => {
    const { folder, report } = await builtFolder();
    await importFiles(folder, [writeInput(folder, 'pins.csv', 'pin,title\np1,One\n')]);
    expect((await build(folder)).version).toBe(report.version);
  });

  test('is not built from the database of another program', async () => {
    const folder = temporaryDataFolder();
    const other = new SqliteDatabase(folder.database);
    other.exec('CREATE TABLE t (x)');
    other.close();
    await expect(build(folder)).rejects.toThrow('a database of another program');
  });

  test('is estimated to the byte before it is built', async () => {
    const { folder, report } = await builtFolder();
    const { users, boards, pins } = report;
    const counts = { users, boards, pins, saves: report.saves };
    expect(estimateBuild(counts).snapshotBytes).toBe(report.bytes);
    const bare = await buildSnapshot(folder, () => 0, { analysis: false });
    expect(estimateBuild(counts, { analysis: false }).snapshotBytes).toBe(bare.bytes);
    expect(bare.bytes).toBeLessThan(report.bytes);
  });

  test('holds PageRank and communities, unless they are left out', async () => {
    const { folder, report } = await builtFolder();
    const { graph, pageRank, communities } = loadSnapshot(folder, report.version);
    expect(pageRank).toEqual(globalPageRank(graph).pins);
    expect(communities).toEqual(findCommunities(graph, 1));
    expect(pageRank?.buffer).toBeInstanceOf(SharedArrayBuffer);

    const bare = await buildSnapshot(folder, () => 0, { analysis: false });
    expect(bare.version).not.toBe(report.version);
    expect(loadSnapshot(folder, bare.version)).toMatchObject({
      graph,
      pageRank: undefined,
      communities: undefined,
    });
  });

  test('is estimated without analysis above the size up to which it is made unasked', () => {
    const bytesWithout = (count: number) => {
      const { graphBytes } = estimateBuild({ users: 1, boards: 10, pins: 10, saves: count });
      return graphBytes - 8 * count;
    };
    expect(bytesWithout(5_000_000) - bytesWithout(5_000_001)).toBe(10 * 16 + 10 * 12);
  });

  test('of no saves is refused', async () => {
    await expect(build(temporaryDataFolder())).rejects.toMatchObject({ code: 'nothing-to-build' });
  });

  test('stays out of the folder when the build is stopped', async () => {
    const folder = temporaryDataFolder();
    await importSaves(folder, saves);
    const attempt = buildSnapshot(folder, () => 0, { signal: AbortSignal.abort() });
    await expect(attempt).rejects.toMatchObject({ code: 'stopped' });
    expect(readdirSync(folder.snapshots)).toEqual([]);
  });

  test('removes what a killed build left behind', async () => {
    const { folder, report } = await builtFolder();
    const leftover = path.join(folder.snapshots, `x.snapshot.${2 ** 22 + 1}.partial`);
    writeFileSync(leftover, 'cut off');
    await build(folder);
    expect(readdirSync(folder.snapshots)).toEqual([`${report.version}.snapshot`]);
  });
});

describe('damage', () => {
  const folder = temporaryDataFolder(afterAll);
  let version: string;
  let bytes: Buffer;
  beforeAll(async () => {
    const rows = Array.from({ length: 400 }, (_, i) => `u${i % 7} b${i % 7} p${i}`);
    await importSaves(folder, rows);
    version = (await build(folder)).version;
    bytes = readFileSync(snapshotFile(folder, version));
  });
  const loadWith = (damaged: Uint8Array) => {
    const copy = temporaryDataFolder();
    writeFileSync(snapshotFile(copy, version), damaged);
    return () => loadSnapshot(copy, version);
  };

  test('one flipped bit anywhere is refused', () => {
    const anywhere = fc.nat(bytes.length - 1);
    // Half of the tries in the header, the fixed part and the first gap, which are small beside the arrays.
    fc.assert(
      fc.property(fc.oneof(anywhere, fc.nat(5_000)), fc.nat(7), (at, bit) => {
        const damaged = Buffer.from(bytes);
        damaged[at]! ^= 1 << bit;
        expect(loadWith(damaged)).toThrow(expect.objectContaining({ code: 'snapshot-damaged' }));
      }),
      { numRuns: 400 },
    );
  });

  test.each([
    ['magic', 0],
    ['format', 8],
    ['header', 100],
    ['pinToBoard.slices', 4_096],
    ['communities.boards', -64],
  ])('is told with its section: %s', (section, at) => {
    const damaged = Buffer.from(bytes);
    const place = at < 0 ? damaged.length + at : at;
    damaged[place] = damaged[place]! ^ 0xff;
    expect(loadWith(damaged)).toThrow(`section ${section}:`);
  });

  test('one of format 1 is refused with the remedy', () => {
    const old = Buffer.from(bytes);
    old.writeUInt32LE(1, 8);
    expect(loadWith(old)).toThrow('it has format 1, this pinwalk reads 2: run pinwalk build');
  });

  test('a cut file, a longer one, and one under another name are refused', () => {
    expect(loadWith(bytes.subarray(0, 40))).toThrow('section magic');
    expect(loadWith(bytes.subarray(0, 200))).toThrow('section header: it is truncated');
    expect(loadWith(bytes.subarray(0, -100))).toThrow('section file: it has');
    expect(loadWith(Buffer.concat([bytes, Buffer.alloc(64)]))).toThrow('section file: it has');
    const other = temporaryDataFolder();
    copyFileSync(snapshotFile(folder, version), snapshotFile(other, '0123456789abcdef'));
    expect(() => loadSnapshot(other, '0123456789abcdef')).toThrow(`it has version ${version}`);
  });
});

describe('the catalog', () => {
  /** Three snapshots, the later ones with more saves, each activated in turn. */
  async function threeSnapshots() {
    const folder = temporaryDataFolder();
    const versions: string[] = [];
    for (const [i, save] of ['u b p1', 'u b p2', 'u b p3'].entries()) {
      await importSaves(folder, [save]);
      const { version } = await build(folder);
      activateSnapshot(folder, version);
      utimesSync(snapshotFile(folder, version), 1_000 + i, 1_000 + i);
      versions.push(version);
    }
    return { folder, versions: versions as [string, string, string] };
  }

  test('lists newest first and marks the active one', async () => {
    const { folder, versions } = await threeSnapshots();
    const entries = listSnapshots(folder);
    expect(entries.map(({ version }) => version)).toEqual(versions.toReversed());
    expect(entries.map(({ active }) => active)).toEqual([true, false, false]);
  });

  test('rolls back step by step, then says that there is no earlier one', async () => {
    const { folder, versions } = await threeSnapshots();
    expect(rollbackSnapshot(folder)).toBe(versions[1]);
    expect(rollbackSnapshot(folder)).toBe(versions[0]);
    expect(() => rollbackSnapshot(folder)).toThrow('no earlier snapshot');
    expect(activeVersion(folder)).toBe(versions[0]);
  });

  test('rolls back past a damaged snapshot, and is not misled by stray files', async () => {
    const { folder, versions } = await threeSnapshots();
    for (const stray of ['backup.snapshot', '0123456789abcdef'])
      writeFileSync(path.join(folder.snapshots, stray), 'x');
    truncateSync(snapshotFile(folder, versions[1]), 4_200);
    expect(listSnapshots(folder)).toHaveLength(3);
    expect(pruneSnapshots(folder, 0)).toEqual([versions[1]]);
    expect(rollbackSnapshot(folder)).toBe(versions[0]);
  });

  test('prunes nothing while it cannot tell what is served', async () => {
    const { folder, versions } = await threeSnapshots();
    writeFileSync(path.join(folder.snapshots, 'active.json'), '{');
    expect(() => pruneSnapshots(folder, 0)).toThrow('activate a snapshot to repair it');
    activateSnapshot(folder, versions[2]);
    expect(pruneSnapshots(folder, 0)).toHaveLength(2);
  });

  test('prunes the oldest, but neither the active one nor its predecessor', async () => {
    const { folder, versions } = await threeSnapshots();
    rollbackSnapshot(folder);
    expect(pruneSnapshots(folder, 1)).toEqual([]);
    activateSnapshot(folder, versions[2]);
    expect(pruneSnapshots(folder, 0)).toEqual([versions[0]]);
    expect(rollbackSnapshot(folder)).toBe(versions[1]);
  });

  test('does not activate what is damaged or unknown', async () => {
    const { folder, versions } = await threeSnapshots();
    truncateSync(snapshotFile(folder, versions[0]), 100);
    expect(() => activateSnapshot(folder, versions[0])).toThrow('damaged');
    expect(() => activateSnapshot(folder, '0123456789abcdef')).toThrow('there is no snapshot');
    expect(() => activateSnapshot(folder, '../../etc/passwd')).toThrow('is not a snapshot version');
    expect(activeVersion(folder)).toBe(versions[2]);
  });

  test('serves the last good snapshot when the active one is damaged, and says so', async () => {
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
});

test('a synthetic graph comes through import, build and load with every save', async () => {
  const folder = temporaryDataFolder();
  const options = { pins: 3_000, boards: 2_000, saves: 20_000 };
  const { graph } = await importRows(folder, [{ name: 'synthetic', rows: syntheticRows(options) }]);
  expect(graph).toMatchObject({ boards: 2_000, saves: 20_000 });
  const { version } = await build(folder);
  const loaded = loadSnapshot(folder, version);
  assertGraph(loaded.graph);
  expect(loaded.header.counts.saves).toBe(20_000);
});
