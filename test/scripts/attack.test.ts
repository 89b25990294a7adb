import { spawn } from 'node:child_process';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import type { Outcome } from '../../scripts/bench/attack/trial.ts';
import { trials } from '../../scripts/bench/attack/trials.ts';

interface Report {
  machine: string;
  outcomes: Outcome[];
}

const file = path.join(import.meta.dirname, '../../scripts/bench/attack/main.ts');

/** Runs one trial with tiny sizes. */
async function attack(trial: string): Promise<Report> {
  const child = spawn(process.execPath, [file, trial, '--small', '--json'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return JSON.parse(await text(child.stdout)) as Report;
}

test.for(Object.keys(trials))('the attack %s holds at its small size', async (trial) => {
  const { machine, outcomes } = await attack(trial);
  expect(machine).toContain('Node v24');
  expect(outcomes.length).toBeGreaterThan(0);
  expect(outcomes.filter(({ held }) => !held)).toEqual([]);
});

test('the attack refuses a trial that it does not know', async () => {
  const child = spawn(process.execPath, [file, 'no-such-trial'], { stdio: ['ignore', 'ignore', 'pipe'] });
  expect(await text(child.stderr)).toContain("command-argument value 'no-such-trial' is invalid");
});
