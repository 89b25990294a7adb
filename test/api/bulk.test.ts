import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type OpenGraph, type RecommendationInput, openGraph, recommend } from '../../api/library/index.ts';
import { type BulkCounts, bulkColumns, bulkRows } from '../../api/offline/bulk/index.ts';
import { type NodeKind, nodeNames } from '../../engine/index.ts';
import { activateSnapshot, buildSnapshot, writeTable } from '../../graph-data/index.ts';
import { openDatabase, readNextIds } from '../../graph-data/database/index.ts';
import { importSaves, temporaryDataFolder, temporaryFolder } from '../data-folders.ts';

const data = temporaryDataFolder(afterAll);
const files = temporaryFolder(afterAll);
let graph: OpenGraph;

// 40 users with up to two boards each; one more has saved every pin, so that nothing is left to recommend.
beforeAll(async () => {
  const saves = Array.from({ length: 300 }, (_, i) => `u${(i % 60) % 40} b${i % 60} p${(i * i) % 29}`);
  const all = Array.from({ length: 29 }, (_, pin) => `full all p${pin}`);
  await importSaves(data, [...saves, ...all, 'gone gone p0']);
  const database = openDatabase(data);
  database.exec(`DELETE FROM saves WHERE board = (SELECT id FROM boards WHERE key = 'gone');
    DELETE FROM boards WHERE key = 'gone'; DELETE FROM users WHERE key = 'gone';`);
  database.close();
  activateSnapshot(data, (await buildSnapshot(data, () => 0)).version);
  graph = openGraph(data.root);
});
afterAll(() => graph?.close());

async function bulk(
  name: string,
  kind: NodeKind,
  settings: object = {},
  { threads = 1, shard = { part: 1, of: 1 } } = {},
): Promise<{ text: string; counts: BulkCounts }> {
  const request = graph.checked({ query: [{ [nodeNames[kind]]: '' }], ...settings });
  const counts = { nodes: 0, empty: 0, unknown: 0 };
  const options = {
    dataFolder: data.root,
    snapshot: graph.snapshot,
    request,
    kind,
    time: Date.now(),
    nodesEnd: readNextIds(graph.store.database)[kind],
    shard,
    threads,
  };
  const file = path.join(files, name);
  await writeTable({ file, columns: bulkColumns(kind, request), rows: bulkRows(options, counts) });
  return { text: readFileSync(file, 'utf8'), counts };
}

test.each([
  ['users', {}],
  ['boards', { algorithm: 'pixie', target: 'boards', explain: true, limit: 5 }],
  ['pins', { diversity: 0.3, randomSeed: 7, fields: ['title', 'key'], exclude: { pins: ['p1'] } }],
] as [NodeKind, Partial<RecommendationInput>][])(
  'the rows of all %s are those of single requests, in the order of their indexes',
  async (kind, settings) => {
    const { text, counts } = await bulk(`${kind}.jsonl`, kind, { limit: 3, ...settings });
    const rows = text.trimEnd().split('\n');
    const names = bulkColumns(kind, graph.checked({ query: [{ pin: '' }], ...settings }));
    const expected = Array.from({ length: readNextIds(graph.store.database)[kind] }, (_, index) => {
      const key = graph.store.keyAt(kind, index);
      if (key === undefined) return [];
      const { items } = recommend(graph, { query: [{ [nodeNames[kind]]: key }], limit: 3, ...settings });
      return items.map(({ rank, pin, board, user, score, reason, fields }) => {
        const cells = [
          key,
          rank,
          pin ?? board ?? user,
          score,
          ...(reason === undefined ? [] : [reason.text]),
        ];
        const more = names.slice(cells.length).map(({ name }) => fields?.[name] ?? null);
        return Object.fromEntries([...cells, ...more].map((cell, i) => [names[i]!.name, cell]));
      });
    });
    expect(rows.map((row) => JSON.parse(row))).toEqual(expected.flat());
    expect(counts.nodes).toBe(expected.filter(({ length }) => length > 0).length);
  },
);

test('the file has the same bytes on one thread and on three, and its shards follow each other', async () => {
  const whole = await bulk('one.jsonl', 'users');
  expect((await bulk('three.jsonl', 'users', {}, { threads: 3 })).text).toBe(whole.text);
  const shards = await Promise.all(
    [1, 2, 3].map((part) => bulk(`${part}.jsonl`, 'users', {}, { threads: 1, shard: { part, of: 3 } })),
  );
  expect(shards.map(({ text }) => text).join('')).toBe(whole.text);
  // One has everything.
  expect(whole.counts).toEqual({ nodes: 40, empty: 1, unknown: 0 });
});
