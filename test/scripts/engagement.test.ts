import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { writeSet } from './engagement-set.ts';

const script = path.join(import.meta.dirname, '../../scripts/studies/main.ts');

test("the study learns people's tastes on a generated log, and reports its calibration", () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'engagement-'));
  try {
    writeSet(folder, 6_000);
    const models = ['FTRL, online'];
    const args = [script, 'engagement', '--data', folder, '--label', 'click', '--plots', folder, '--models', ...models]; // prettier-ignore
    const output = execFileSync(process.execPath, args, { encoding: 'utf8' });
    const figuresOf = (name: string): number[] =>
      (new RegExp(`^${name} +(.*)$`, 'mu').exec(output)?.[1] ?? '').match(/\d\.\d+/gu)!.map(Number);
    for (const name of models) {
      const [auc, , , entropy, , , grouped] = figuresOf(name);
      // The true probabilities have 0.76.
      expect(auc).toBeGreaterThan(0.69);
      expect(entropy).toBeLessThan(0.93);
      expect(grouped).toBeGreaterThan(0.62);
    }
    const plot = readFileSync(path.join(folder, 'models-calibration-click.svg'), 'utf8');
    // Bins whose title names what was predicted and observed.
    const bins = [...plot.matchAll(/FTRL, online: (0\.\d+) predicted, (0\.\d+) observed/gu)];
    expect(bins).toHaveLength(15);
    for (const [, predicted, observed] of bins) expect(Math.abs(Number(predicted) - Number(observed))).toBeLessThan(0.25); // prettier-ignore
  } finally {
    rmSync(folder, { recursive: true });
  }
});
