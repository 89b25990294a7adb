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
  ]);
  for (const { value } of cases) expect(value).toBeGreaterThan(0);
  expect((await bench()).map(({ hash }) => hash)).toEqual(cases.map(({ hash }) => hash));
});
