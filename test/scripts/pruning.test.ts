import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../data-folders.ts';
import { pinwalk, withoutProgress } from './command.ts';

test('build prunes the graph, and prints what was kept', async () => {
  const data = path.join(temporaryFolder(), 'data');
  const sizes = ['--pins', '300', '--boards', '200', '--saves', '3000'];
  await pinwalk('sample', 'synthetic', '--data', data, ...sizes);
  const text = await pinwalk('build', '--data', data, '--prune-delta', '0.8', '--prune-entropy', '0.1');
  expect(withoutProgress(text.stderr)).toBe('');
  expect(text.stdout).toMatch(
    /Pruned by communities: \S+ of 3,000 saves kept \(\d+\.\d %\), 20 boards dropped, \d+ pins without boards\./,
  );
  const json = await pinwalk('build', '--data', data, '--prune-delta', '0.8', '--json');
  const { saves, pruning } = JSON.parse(json.stdout) as Record<string, unknown>;
  expect(pruning).toMatchObject({ delta: 0.8, entropyShareDropped: 0, boardsDropped: 0, edgesBefore: 3_000 });
  expect(pruning).toMatchObject({ edgesAfter: saves });
  const plain = await pinwalk('build', '--data', data, '--json');
  expect(JSON.parse(plain.stdout)).not.toHaveProperty('pruning');

  const wrong = await pinwalk('build', '--data', data, '--prune-delta', '1.5');
  expect(wrong).toMatchObject({ code: 2, stderr: expect.stringContaining('Not a number in [0, 1]') });
  const bare = await pinwalk('build', '--data', data, '--prune-delta', '0.9', '--no-analysis');
  expect(bare).toMatchObject({ code: 1, stderr: expect.stringContaining('build with --analysis') });
});

test('the pruning study gives the same result twice, except for times', () => {
  const folder = temporaryFolder();
  const script = path.join(import.meta.dirname, '../../scripts/studies/main.ts');
  const args = ['pruning', '--small', '--deltas', '1,0.7', '--drops', '0,0.1', '--boards', '100', '--json'];
  const runs = [0, 1].map((i) => {
    const plot = path.join(folder, `${i}.svg`);
    const output = execFileSync(process.execPath, [script, ...args, '--plot', plot], { encoding: 'utf8' });
    const { rows } = JSON.parse(output) as { rows: Record<string, unknown>[] };
    for (const row of rows) delete row['msPerQuery'];
    return { rows, svg: readFileSync(plot, 'utf8') };
  });
  expect(runs[1]).toEqual(runs[0]);
  const rows = runs[0]!.rows;
  expect(rows.map(({ topics, drop, delta }) => [topics, drop, delta])).toEqual([
    ['communities', 0, 1],
    ['communities', 0, 0.7],
    ['communities', 0.1, 1],
    ['communities', 0.1, 0.7],
    ['shuffled', 0, 1],
    ['shuffled', 0, 0.7],
  ]);
  expect(rows[0]!['edgesAfter']).toBe(rows[0]!['edgesBefore']);
  expect(rows[4]).toMatchObject({ f1: rows[0]!['f1'], recall: rows[0]!['recall'] });
  for (const { f1 } of rows) expect(f1).toBeGreaterThan(0);
});
