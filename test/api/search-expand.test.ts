import { expect, test } from 'vitest';
import { Searcher, Turns } from '../../api/index.ts';
import { openGraph } from '../../api/library/index.ts';
import { activateSnapshot, buildSnapshot, importFiles } from '../../graph-data/index.ts';
import { importSaves, temporaryDataFolder, writeInput } from '../data-folders.ts';

test('with expand, the matching pin stays before the related ones', async () => {
  const lamps = Array.from({ length: 20 }, (_, i) => `lamp${i}`);
  const folder = temporaryDataFolder();
  // The brass lamp is on one board, the others are on all.
  await importSaves(folder, [
    ...lamps.flatMap((pin) => Array.from({ length: 12 }, (_, i) => `u b${i} ${pin}`)),
    'u b0 brass',
    ...Array.from({ length: 60 }, (_, i) => `u b0 chair${i}`),
  ]);
  const rows = [
    ...lamps.map((pin, i) => ({ pin, title: `desk lamp ${'shade '.repeat(i)}` })),
    { pin: 'brass', title: 'brass desk lamp' },
    ...Array.from({ length: 60 }, (_, i) => ({ pin: `chair${i}`, title: 'oak chair' })),
  ];
  await importFiles(folder, [
    writeInput(folder, 'pins.jsonl', rows.map((row) => JSON.stringify(row)).join('\n')),
  ]);
  activateSnapshot(folder, (await buildSnapshot(folder, () => 0)).version);
  const graph = openGraph(folder.root);
  const counts = { savesOf: async () => 0, ofUser: async () => ({ boards: 0 }) };
  const searcher = new Searcher(folder, graph.store, counts, new Turns(setImmediate));
  await searcher.ready(graph.snapshot);
  const started: string[] = [];
  const fromHits = async (query: readonly { pin: string }[]): Promise<string[]> => {
    started.push(...query.map(({ pin }) => pin));
    return lamps.filter((pin) => !started.includes(pin));
  };
  const blend = { content: 0, popularity: 0.5 };
  const { hits } = await searcher.pins(
    'brass desk lmap',
    { limit: 20, walks: { fromHits }, blend },
    graph.snapshot,
  );
  graph.close();
  expect(started).toHaveLength(10);
  expect(hits[0]!.key).toBe('brass');
  // What the walk alone brings forward comes before most of what it started from.
  expect(hits.findIndex(({ key }) => !started.includes(key))).toBeLessThan(5);
});
