import { readFileSync, rmSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { type PruneOptions, pruneGraph, saveCount } from '../../engine/index.ts';
import { assertGraph } from '../../engine/graph/assert-graph.ts';
import {
  type DataFolder,
  buildSnapshot,
  communityTopics,
  estimateBuild,
  importFiles,
  importRows,
  loadSnapshot,
  syntheticRows,
} from '../../graph-data/index.ts';
import { importSaves, temporaryDataFolder, writeInput } from '../data-folders.ts';

const options: PruneOptions = { delta: 0.8, entropyShareDropped: 0.1 };
const build = (folder: DataFolder, prune?: PruneOptions, analysis?: boolean) =>
  buildSnapshot(folder, () => 0, { prune, analysis });

async function syntheticFolder() {
  const folder = temporaryDataFolder();
  const sizes = { pins: 300, boards: 200, saves: 3_000, noise: 0.2 };
  await importRows(folder, [{ name: 'synthetic', rows: syntheticRows(sizes) }]);
  return folder;
}

test('a pruned build stores the pruned graph and the analysis of the whole one, and reports the pruning', async () => {
  const folder = await syntheticFolder();
  const whole = loadSnapshot(folder, (await build(folder)).version);
  const { pruning, ...report } = await build(folder, options);
  const { graph, header, pageRank, communities } = loadSnapshot(folder, report.version);
  const topics = communityTopics(whole.communities!, 300);
  const expected = pruneGraph(whole.graph, topics, options);
  assertGraph(graph);
  expect(graph).toEqual(expected.graph);
  expect({ pageRank, communities }).toEqual({ pageRank: whole.pageRank, communities: whole.communities });
  expect(header.options).toEqual({ analysis: true, prune: { ...options, topics: 'communities' } });
  expect(pruning).toEqual({ ...options, topics: 'communities', ...expected.report });
  expect(pruning!.boardsDropped).toBe(20);
  expect(header.counts).toEqual({ ...whole.header.counts, saves: pruning!.edgesAfter });
  expect(report).toMatchObject({ pins: 300, boards: 200, saves: saveCount(graph) });
  expect(report.bytes).toBe(estimateBuild(header.counts).snapshotBytes);
  expect(report.bytes).toBe(readFileSync(`${folder.snapshots}/${report.version}.snapshot`).length);
});

test('a pruned build is byte-identical when repeated, and has another version for other options', async () => {
  const folder = await syntheticFolder();
  const { version } = await build(folder, options);
  const file = `${folder.snapshots}/${version}.snapshot`;
  const bytes = readFileSync(file);
  rmSync(file);
  expect((await build(folder, options)).version).toBe(version);
  expect(readFileSync(file).equals(bytes)).toBe(true);
  const others = [
    await build(folder),
    // Prunes nothing, but the options are part of the snapshot.
    await build(folder, { delta: 1, entropyShareDropped: 0 }),
    await build(folder, { ...options, delta: 0.81 }),
  ];
  expect(new Set([version, ...others.map((each) => each.version)]).size).toBe(4);
});

test('a build refuses pruning options out of range before it reads anything', async () => {
  const attempt = build(temporaryDataFolder(), { ...options, delta: 2 });
  await expect(attempt).rejects.toMatchObject({ code: 'invalid-parameter', field: 'delta' });
});

test('a build refuses to prune without topics or communities, and names the remedy', async () => {
  const folder = await syntheticFolder();
  const attempt = build(folder, options, false);
  await expect(attempt).rejects.toMatchObject({ code: 'no-topics' });
  await expect(attempt).rejects.toThrow('build with --analysis');
});

describe('topic vectors', () => {
  const saves = ['u b1 p1', 'u b1 p2', 'u b1 p3', 'u b2 p2', 'u b2 p3', 'u b3 p1', 'u b3 p4'];
  /** The first pin is on b1 with others, on b3 with one of its own topic. */
  const vectors: [string, unknown][] = [
    ['p1', [1, 0]],
    ['p2', [0, 2]],
    ['p3', [0, 1]],
    ['p4', [3, 0]],
  ];
  async function folderWith(pins: [string, unknown][]) {
    const folder = temporaryDataFolder();
    await importSaves(folder, saves);
    const lines = pins.map(([pin, topics]) => JSON.stringify({ pin, topics }));
    await importFiles(folder, [writeInput(folder, 'pins.jsonl', lines.join('\n'))]);
    return folder;
  }

  test('a build without analysis prunes by topic vectors, imported from JSON or CSV', async () => {
    const folder = await folderWith(vectors);
    const report = await build(folder, { delta: 0, entropyShareDropped: 0 }, false);
    expect(report.pruning).toMatchObject({ topics: 'vectors', edgesBefore: 7, edgesAfter: 4 });
    const { graph } = loadSnapshot(folder, report.version);
    // Boards of the pins p1 to p4: b3 for the first, b2 for those that it has to itself.
    expect([...graph.pinToBoard.neighbors]).toEqual([2, 1, 1, 2]);

    const fromCsv = temporaryDataFolder();
    await importSaves(fromCsv, saves);
    const rows = vectors.map(([pin, topics]) => `${pin},"${JSON.stringify(topics)}"`);
    await importFiles(fromCsv, [writeInput(fromCsv, 'pins.csv', `pin,topics\n${rows.join('\n')}\n`)]);
    expect((await build(fromCsv, { delta: 0, entropyShareDropped: 0 }, false)).version).toBe(report.version);
  });

  test('a build prunes by communities if only half of the pins have topic vectors', async () => {
    const some = await folderWith(vectors.slice(0, 2));
    expect((await build(some, options)).pruning).toMatchObject({ topics: 'communities' });
    const most = await folderWith(vectors.slice(0, 3));
    expect((await build(most, options)).pruning).toMatchObject({ topics: 'vectors' });
  });

  test.each<[string, unknown]>([
    ['has 3 topics, but earlier pins have 2', [1, 2, 3]],
    ['are not an array', [-1, 1]],
    ['are not an array', [1, '2']],
    ['are not an array', [1e40, 0]],
    ['are not an array', []],
    ['are not an array', 'sports'],
    ['are not an array', { sports: 1 }],
  ])('a build refuses invalid topics and names the pin: %s', async (fault, topics) => {
    const folder = await folderWith([...vectors.slice(0, 3), ['p4', topics]]);
    const attempt = build(folder, options);
    await expect(attempt).rejects.toMatchObject({ code: 'topics-unusable' });
    await expect(attempt).rejects.toThrow(fault);
    await expect(attempt).rejects.toThrow('pin "p4"');
  });
});
