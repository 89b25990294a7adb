import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { expect, test } from 'vitest';

test('bench:promoted compares requests with and without promoted slots, and reports what slots add', () => {
  const file = path.join(import.meta.dirname, '../../scripts/bench/promoted.ts');
  const sizes = [
    '--pins',
    '400',
    '--boards',
    '400',
    '--saves',
    '6000',
    '--campaigns',
    '60',
    '--requests',
    '20',
  ];
  const report = JSON.parse(execFileSync(process.execPath, [file, ...sizes, '--json'], { encoding: 'utf8' })) as Record<string, number>; // prettier-ignore
  expect(report).toMatchObject({ campaigns: 60, pairs: 20 });
  // Otherwise it would measure requests that no campaign suits.
  expect(report['filled']).toBeGreaterThan(0.5);
  expect(report['p99Ratio']).toMatchObject({ value: expect.any(Number), low: expect.any(Number) });
  expect(report['added']).toHaveProperty('median');
});
