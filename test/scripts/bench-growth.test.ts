import { spawn } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import type { Grown } from '../../scripts/bench/growth/grow.ts';
import { temporaryFolder } from '../data-folders.ts';

const script = path.join(import.meta.dirname, '../../scripts/bench/growth/main.ts');

test('the growth benchmark measures every stage, and leaves no file but its plot', async () => {
  const folder = temporaryFolder();
  const plot = path.join(folder, 'plot.svg');
  const results = path.join(folder, 'results.json');
  const args = ['2000', '--seconds', '1', '--json', '--folder', folder, '--plot', plot, '--results', results];
  const child = spawn(process.execPath, [script, ...args], { stdio: ['ignore', 'pipe', 'ignore'] });
  const { grown } = JSON.parse(await text(child.stdout)) as { grown: readonly Grown[] };
  expect(grown.map(({ saves }) => saves)).toEqual([2_000]);
  for (const { stages, served, estimate, saves } of grown) {
    expect(stages.map(({ name }) => name)).toEqual(['generate', 'import', 'estimate', 'build', 'verify']);
    for (const { seconds } of stages) expect(seconds).toBeGreaterThan(0);
    // A snapshot has at least its saves, twice, in four bytes each.
    expect(estimate.snapshotBytes).toBeGreaterThan(8 * saves);
    for (const { statuses } of [served.calm, served.writes]) {
      expect((statuses[200] ?? 0) + (statuses[201] ?? 0)).toBeGreaterThan(0);
      expect(Object.keys(statuses).filter((status) => !/^(?:20[01]|503)$/.test(status))).toEqual([]);
    }
    expect(served.residentBytes).toBeGreaterThan(50e6);
  }
  expect(readdirSync(folder)).toEqual(['plot.svg', 'results.json']);
  expect(readFileSync(plot, 'utf8')).toContain('</svg>');
  // The same size is not measured again: it is only printed.
  const again = spawn(process.execPath, [script, '2000', '--results', results], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [output, errors] = await Promise.all([text(again.stdout), text(again.stderr)]);
  expect(errors).toBe('');
  expect(output).toContain('| import: n log n |');
  expect(output).toMatch(/\| saves \| 2,000 \|/);
});
