import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { readLog } from '../../../api/experiments/index.ts';
import type { OffPolicyReport } from '../../../engine/index.ts';

/** What obp says of one log, and what its target policy earned in its own. */
interface Reference {
  readonly target: string;
  readonly ips: number;
  readonly snips: number;
  readonly dr: number;
  readonly truth: number;
  readonly truthError: number;
}

interface ComparedLog {
  readonly name: string;
  readonly reference: Reference;
  readonly report: OffPolicyReport;
}

/** Estimates each policy of the small Open Bandit logs from the log of the other. `python` must have obp 0.5.7. */
export async function compareOpenBandit(python: string): Promise<ComparedLog[]> {
  const folder = mkdtempSync(path.join(tmpdir(), 'open-bandit-'));
  try {
    const script = path.join(import.meta.dirname, 'logs.py');
    const output = execFileSync(python, ['-W', 'ignore', script, folder], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const references = Object.entries(JSON.parse(output) as Record<string, Reference>);
    const columns = {
      reward: 'reward',
      propensity: 'propensity',
      target: 'target',
      predicted: 'predicted',
      predictedTarget: 'predictedTarget',
    };
    const compared: ComparedLog[] = [];
    for (const [name, reference] of references) {
      const log = await readLog(path.join(folder, `${name}.csv`), columns, 'item-position');
      compared.push({ name, reference, report: log.report() });
    }
    return compared;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
