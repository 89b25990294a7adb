import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { temporaryFolder } from '../data-folders.ts';

const folder = temporaryFolder(afterAll);
const script = path.join(import.meta.dirname, '../../scripts/studies/main.ts');
const plot = path.join(folder, 'plot.svg');

const trial = (name: string, params: object, ndcg: number, msPerQueryP50: number): object => ({
  name,
  params,
  figures: { ndcg },
  measured: { msPerQueryP50 },
});

function draw(...args: string[]): { lines: string[]; error: string } {
  const all = [script, 'sweep-plot', ...args, '--plot', plot];
  const { stdout, stderr } = spawnSync(process.execPath, all, { encoding: 'utf8' });
  return { lines: stdout.trim().split('\n'), error: stderr };
}

test('sweep-plot draws a curve of the best trials for each report and algorithm', () => {
  const [one, two] = [path.join(folder, 'one.json'), path.join(folder, 'two.json')];
  const trials = [
    trial('feed', { steps: 100, x: 1 }, 0.1, 3),
    trial('feed', { steps: 100, x: 2 }, 0.2, 4),
    trial('feed', { steps: 10, x: 1 }, 0.05, 1),
    trial('paths', { steps: 5 }, 0.3, 9),
    // Lacks the parameter, so it has no curve.
    trial('itemknn', { shrinkage: 5 }, 0.3, 9),
  ];
  writeFileSync(one, JSON.stringify({ trials }));
  writeFileSync(two, JSON.stringify({ trials: trials.slice(0, 1) }));
  expect(draw(one, two, '--x', 'steps', '--names', 'all,few').lines).toEqual([
    'all, feed: 10 0.05000, 100 0.2000',
    'all, paths: 5 0.3000',
    'few: 100 0.1000',
  ]);
  expect(readFileSync(plot, 'utf8')).toContain('all, feed');
  expect(draw(two, one, '--x', 'steps', '--y', 'msPerQueryP50').lines[1]).toBe(
    'one, feed: 10 1.000, 100 3.000',
  );
  expect(draw(one, '--x', 'boost').error).toContain('feed has no numeric parameter boost');
  expect(draw(one, '--x', 'steps', '--y', 'speed').error).toContain('the figures are ndcg, msPerQueryP50');
});
