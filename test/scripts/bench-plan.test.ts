import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { expect, test } from 'vitest';

test('bench:plan decides for every person of a generated graph, and reports the rate and the memory', () => {
  const file = path.join(import.meta.dirname, '../../scripts/bench/plan/main.ts');
  const sizes = ['--people', '120', '--saves', '3000', '--pins', '600', '--impressions', '3'];
  const report = JSON.parse(execFileSync(process.execPath, [file, ...sizes, '--json'], { encoding: 'utf8' })) as Record<string, number>; // prettier-ignore
  expect(report).toMatchObject({ people: 120, saves: 3_000, impressions: 3 });
  expect(report['planned']).toBeGreaterThan(5);
  expect(report['processorSeconds']).toBeGreaterThan(0);
  expect(report['residentAtTenth']).toBeGreaterThan(0);
});
