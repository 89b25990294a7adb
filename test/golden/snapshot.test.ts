import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { TopPins, createWalkScratch, pixie } from '../../engine/index.ts';
import { buildSnapshot, importRows, loadSnapshot, syntheticRows } from '../../graph-data/index.ts';
import { fixedBytes, originAt } from '../../graph-data/snapshot/format.ts';
import { snapshotFile } from '../../graph-data/snapshot/snapshot-file.ts';
import { temporaryDataFolder } from '../data-folders.ts';

/**
 * What must not change by accident: the bytes of a snapshot of given rows (a change requires a new format version or
 * schema), and the recommendations for a given query and seed (a change breaks the replay of earlier requests).
 */
test('a seeded graph has the recorded snapshot and recommendations', async () => {
  const folder = temporaryDataFolder();
  const rows = syntheticRows({ pins: 500, boards: 400, saves: 4_000, topics: 5, randomSeed: 12 });
  await importRows(folder, [{ name: 'synthetic', rows }]);
  const { version } = await buildSnapshot(folder, () => 0);
  // The origin is random.
  const bytes = readFileSync(snapshotFile(folder, version)).fill(0, originAt, fixedBytes);
  const { graph } = loadSnapshot(folder, version);
  const top = new TopPins(5);
  const query = { pins: [3, 77], weights: [1, 2] };
  const stats = pixie(graph, query, { steps: 50_000, restartProbability: 0.4 }, 99, createWalkScratch(), top);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  await expect(
    JSON.stringify({ version, sha256, stats, top: top.drain() }, null, 2) + '\n',
  ).toMatchFileSnapshot('seeded-graph.json');
});
