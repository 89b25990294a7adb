import { copyFileSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import SqliteDatabase from 'better-sqlite3';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { neighborsOf, nodeCount } from '../../engine/index.ts';
import { assertGraph } from '../../engine/graph/assert-graph.ts';
import {
  type DataFolder,
  Store,
  buildSnapshot,
  estimateBuild,
  findCommunities,
  globalPageRank,
  importFiles,
  importRows,
  loadSnapshot,
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

test('a snapshot contains the saves of the database', async () => {
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

test('equal rows give a byte-identical snapshot, other rows another version', async () => {
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

test('titles do not change the version of a snapshot', async () => {
  const { folder, report } = await builtFolder();
  await importFiles(folder, [writeInput(folder, 'pins.csv', 'pin,title\np1,One\n')]);
  expect((await build(folder)).version).toBe(report.version);
});

test('a build refuses the database of another program', async () => {
  const folder = temporaryDataFolder();
  const other = new SqliteDatabase(folder.database);
  other.exec('CREATE TABLE t (x)');
  other.close();
  await expect(build(folder)).rejects.toThrow('a database of another program');
});

test('estimateBuild predicts the size of a snapshot to the byte', async () => {
  const { folder, report } = await builtFolder();
  const { users, boards, pins } = report;
  const counts = { users, boards, pins, saves: report.saves };
  expect(estimateBuild(counts).snapshotBytes).toBe(report.bytes);
  const bare = await buildSnapshot(folder, () => 0, { analysis: false });
  expect(estimateBuild(counts, { analysis: false }).snapshotBytes).toBe(bare.bytes);
  expect(bare.bytes).toBeLessThan(report.bytes);
});

test('a snapshot contains PageRank and communities, unless built without analysis', async () => {
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

test('estimateBuild includes the analysis by default only up to 5 M saves', () => {
  const bytesWithout = (count: number) => {
    const { graphBytes } = estimateBuild({ users: 1, boards: 10, pins: 10, saves: count });
    return graphBytes - 8 * count;
  };
  expect(bytesWithout(5_000_000) - bytesWithout(5_000_001)).toBe(10 * 16 + 10 * 12);
});

test('a build refuses a database without saves', async () => {
  await expect(build(temporaryDataFolder())).rejects.toMatchObject({ code: 'nothing-to-build' });
});

test('an aborted build leaves no file', async () => {
  const folder = temporaryDataFolder();
  await importSaves(folder, saves);
  const attempt = buildSnapshot(folder, () => 0, { signal: AbortSignal.abort() });
  await expect(attempt).rejects.toMatchObject({ code: 'stopped' });
  expect(readdirSync(folder.snapshots)).toEqual([]);
});

test('a build deletes the partial file of a killed build', async () => {
  const { folder, report } = await builtFolder();
  const leftover = path.join(folder.snapshots, `x.snapshot.${2 ** 22 + 1}.partial`);
  writeFileSync(leftover, 'cut off');
  await build(folder);
  expect(readdirSync(folder.snapshots)).toEqual([`${report.version}.snapshot`]);
});

describe('damaged snapshots', () => {
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

  test('loadSnapshot refuses a file with one flipped bit anywhere', () => {
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
  ])('loadSnapshot names the damaged section: %s', (section, at) => {
    const damaged = Buffer.from(bytes);
    const place = at < 0 ? damaged.length + at : at;
    damaged[place] = damaged[place]! ^ 0xff;
    expect(loadWith(damaged)).toThrow(section === 'format' ? 'it has format' : `section ${section}:`);
  });

  test('loadSnapshot refuses a file of format 1 and names the remedy', () => {
    const old = Buffer.from(bytes);
    old.writeUInt32LE(1, 8);
    expect(loadWith(old)).toThrow('it has format 1, this pinwalk reads 3: run pinwalk build');
  });

  test('loadSnapshot refuses a truncated file, a longer one, and one with the name of another version', () => {
    expect(loadWith(bytes.subarray(0, 40))).toThrow('section magic');
    expect(loadWith(bytes.subarray(0, 200))).toThrow('section header: it is truncated');
    expect(loadWith(bytes.subarray(0, -100))).toThrow('section file: it has');
    expect(loadWith(Buffer.concat([bytes, Buffer.alloc(64)]))).toThrow('section file: it has');
    const other = temporaryDataFolder();
    copyFileSync(snapshotFile(folder, version), snapshotFile(other, '0123456789abcdef'));
    expect(() => loadSnapshot(other, '0123456789abcdef')).toThrow(`it has version ${version}`);
  });
});

test('a synthetic graph keeps every save through import, build and load', async () => {
  const folder = temporaryDataFolder();
  const options = { pins: 3_000, boards: 2_000, saves: 20_000 };
  const { graph } = await importRows(folder, [{ name: 'synthetic', rows: syntheticRows(options) }]);
  expect(graph).toMatchObject({ boards: 2_000, saves: 20_000 });
  const { version } = await build(folder);
  const loaded = loadSnapshot(folder, version);
  assertGraph(loaded.graph);
  expect(loaded.header.counts.saves).toBe(20_000);
});
