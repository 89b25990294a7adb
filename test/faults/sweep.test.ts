import { existsSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import Database from 'better-sqlite3';
import { afterAll, expect, test } from 'vitest';
import { nextUnit, randomStream } from '../../engine/index.ts';
import { temporaryFolder } from '../data-folders.ts';
import { startPinwalk } from '../scripts/command.ts';
import { storedTrials, withoutTimes, writeCircles, writeSweep } from '../scripts/sweeps.ts';

/** `npm run faults` kills a hundred times. */
const kills = Number(process.env['PINWALK_KILLS'] ?? 4);
const secondsMax = 1_200 + 10 * kills;

const folder = temporaryFolder(afterAll);
writeCircles(folder);
const file = writeSweep(folder, 'sweep.yaml', [
  'saves: { train: circles.tsv, holdOut: 0.2 }',
  'validation: { folds: 2 }',
  'search: { method: halving, trials: 24, eta: 2, usersMin: 20 }',
  'k: 5',
  'space:',
  '  - algorithm: pixie',
  '    params:',
  '      steps: { from: 2000, to: 50000, scale: log }',
  '      restartProbability: { from: 0.2, to: 1 }',
  '  - algorithm: paths',
  '    params: { x: { from: 0, to: 1 }, z: { from: 0, to: 0.3 } }',
]);
const start = (results: string) =>
  startPinwalk('sweep', file, '--results', results, '--json', '--threads', '2');

/** The stored trials by key, with all measurements. */
function keptIn(results: string): Map<string, string> {
  if (!existsSync(results)) return new Map();
  const database = new Database(results);
  try {
    expect(database.pragma('integrity_check', { simple: true })).toBe('ok');
    const isThere = database.prepare("SELECT 1 FROM sqlite_master WHERE name = 'trials'").get();
    if (isThere === undefined) return new Map();
    const rows = database.prepare<[], { key: string }>('SELECT * FROM trials').all();
    return new Map(rows.map((row) => [row.key, JSON.stringify(row)]));
  } finally {
    database.close();
  }
}

/** Resolves once a file has more trials than `count`, or when the sweep has ended. */
async function storesMoreThan(results: string, count: number, ended: Promise<unknown>): Promise<void> {
  const isOver = ended.then(() => true);
  const tick = async (): Promise<boolean> => wait(5, false);
  while (storedTrials(results) <= count) if (await Promise.race([isOver, tick()])) return;
}

test(
  'a sweep that is killed at random moments and resumed gives the same bytes as an uninterrupted one, and repeats no trial',
  { timeout: secondsMax * 1000 },
  async () => {
    const whole = path.join(folder, 'whole.db');
    const started = performance.now();
    const uninterrupted = await start(whole).ended;
    const wholeMs = performance.now() - started;
    expect(uninterrupted.code).toBe(0);
    const all = keptIn(whole).size;

    const random = randomStream(41);
    let [cutOff, cutInTheMiddle] = [0, 0];
    let results = path.join(folder, 'killed-0.db');
    for (let kill = 0; kill < kills; kill++) {
      const before = keptIn(results);
      const { child, ended } = start(results);
      // Every other kill hits a sweep whose first new trial has just been stored, whatever the machine's speed.
      if (kill % 2 === 0) await storesMoreThan(results, before.size, ended);
      else await wait(wholeMs * (0.1 + 0.8 * nextUnit(random)));
      child.kill('SIGKILL');
      const { signal, stdout } = await ended;
      const after = keptIn(results);
      for (const [key, row] of before) expect(after.get(key)).toBe(row);
      if (signal === 'SIGKILL') {
        cutOff++;
        if (after.size > 0 && after.size < all) cutInTheMiddle++;
      } else {
        // It finished before the kill: continue with a new sweep.
        expect(withoutTimes(stdout)).toBe(withoutTimes(uninterrupted.stdout));
        results = path.join(folder, `killed-${kill + 1}.db`);
      }
    }
    const kept = keptIn(results);
    const resumed = await start(results).ended;
    expect(resumed.code).toBe(0);
    expect(withoutTimes(resumed.stdout)).toBe(withoutTimes(uninterrupted.stdout));
    const after = keptIn(results);
    expect([...after.keys()].toSorted()).toEqual([...keptIn(whole).keys()].toSorted());
    for (const [key, row] of kept) expect(after.get(key)).toBe(row);
    // Otherwise the kills prove nothing.
    expect(cutOff).toBeGreaterThanOrEqual(Math.ceil(kills / 3));
    expect(cutInTheMiddle).toBeGreaterThan(0);
  },
);
