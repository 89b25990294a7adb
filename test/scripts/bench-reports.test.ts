import { spawn } from 'node:child_process';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';

const script = path.join(import.meta.dirname, '../../scripts/bench/engagement/main.ts');

test('the benchmark of reports counts as plain SQL does, also days of several pages of rows', async () => {
  const args = [script, '--interactions', '230000', '--days', '10', '--json'];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const { steps, isEqual } = JSON.parse(await text(child.stdout)) as {
    steps: { step: string; daysCounted?: number }[];
    isEqual: boolean;
  };
  expect(isEqual).toBe(true);
  expect(steps.map(({ daysCounted }) => daysCounted)).toEqual([undefined, 10, 0, undefined, 5]);
});
