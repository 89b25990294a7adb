import { spawn } from 'node:child_process';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';

const script = path.join(import.meta.dirname, '../../scripts/bench/writes.ts');

async function bench(): Promise<{ name: string; value: number; hash: string }[]> {
  const child = spawn(process.execPath, [script, '--small', '--json'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return (JSON.parse(await text(child.stdout)) as { cases: { name: string; value: number; hash: string }[] })
    .cases;
}

test('the write benchmark prints its cases, and two runs write the same rows', async () => {
  const cases = await bench();
  expect(cases.map(({ name }) => name)).toEqual([
    'writes/apply',
    'writes/apply-grouped',
    'writes/apply-recent',
    'writes/apply-all-new',
    'writes/post-1000',
    'writes/stream',
    'writes/post-1',
    'writes/post-1-alone',
    'writes/post-1000-alone',
    ...['single-beside-stream', 'single-beside-10000', 'save-to-answer'].flatMap((name) =>
      ['p50', 'p99', 'max'].map((of) => `writes/${name}/${of}`),
    ),
  ]);
  for (const { value } of cases) expect(value).toBeGreaterThan(0);
  // How many single saves there are beside large requests depends on time.
  const hashes = (all: typeof cases): string[] => all.slice(0, 9).map(({ hash }) => hash);
  expect(hashes(await bench())).toEqual(hashes(cases));
});
