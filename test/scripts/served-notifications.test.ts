import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const script = path.join(import.meta.dirname, '../../scripts/studies/main.ts');

test('the whole loop runs: plans, e-mails and webhooks, clicks that come back, a model, a plan by it', async () => {
  const args = [script, 'served-notifications', '--people', '60', '--days', '4', '--train-after', '3'];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  const days =
    [...stdout.matchAll(/^2026-09-0\d: (\d+) planned, (\d+) held back; (\d+) e-mails and (\d+) webhooks came, (\d+) were clicked$/gmu)] // prettier-ignore
      .map((day) => day.slice(1).map(Number) as [number, number, number, number, number]);
  expect(days).toHaveLength(4);
  const sum = (place: number): number => days.reduce((total, day) => total + day[place]!, 0);
  expect(days.every(([planned, heldBack]) => planned + heldBack <= 60)).toBe(true);
  expect(sum(2)).toBeGreaterThan(20);
  expect(sum(3)).toBeGreaterThan(20);
  expect(sum(4)).toBeGreaterThan(3);
  expect(stdout).toMatch(
    /A model of clicks, trained on \d+ impressions: AUC 0\.\d{3}\. It ranks from now on\./u,
  );
  expect(stdout).toMatch(/true clicks a notification \d+\.\d % without the model, \d+\.\d % with it/u);
});
