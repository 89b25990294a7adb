import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { compareOpenBandit } from '../../scripts/studies/open-bandit/compare.ts';

const python = process.env['PINWALK_OBP_PYTHON'] ?? 'python3';
const findObp = 'import importlib.util, sys; sys.exit(importlib.util.find_spec("obp") is None)';
const hasObp = spawnSync(python, ['-c', findObp]).status === 0;

test.skipIf(!hasObp)(
  'estimates equal those of obp on the Open Bandit logs (skipped without obp; PINWALK_OBP_PYTHON names its Python)',
  { timeout: 1_200_000 },
  async () => {
    const compared = await compareOpenBandit(python);
    expect(compared).toHaveLength(6);
    for (const { name, reference, report } of compared) {
      if (name === 'women-bts') {
        expect(report.refused).toBe('effective-sample-size');
        expect(report.effectiveSampleSize).toBeCloseTo(2.1, 1);
        continue;
      }
      for (const key of ['ips', 'snips', 'dr'] as const) {
        expect(Math.abs(report.estimates![key]!.value - reference[key])).toBeLessThan(1e-9);
      }
    }
  },
);
