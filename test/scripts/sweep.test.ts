import { existsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, describe, expect, test } from 'vitest';
import type { SweepReport } from '../../api/offline/tune/index.ts';
import { temporaryFolder } from '../data-folders.ts';
import { pinwalk, startPinwalk } from './command.ts';
import { storedTrials, withoutTimes, writeCircles, writeSweep } from './sweeps.ts';

const folder = temporaryFolder(afterAll);
writeCircles(folder);
const saves = ['saves: { train: circles.tsv, holdOut: 0.2 }', 'validation: { holdOut: 0.2 }'];
const defaults = [...saves, 'k: 5', 'resamples: 200'];
const write = (name: string, ...lines: string[]): string => writeSweep(folder, name, [...defaults, ...lines]);
const sweep = async (file: string, ...args: string[]) => {
  const { code, stdout, stderr } = await pinwalk('sweep', file, '--threads', '1', ...args);
  return {
    code,
    stderr,
    stdout,
    report: stdout.startsWith('{') ? (JSON.parse(stdout) as SweepReport) : undefined,
  };
};

describe('sweep', () => {
  // 200 steps find the user's circle; a few steps find almost nothing.
  const steps = 'space: [{ algorithm: pixie, params: { steps: [1, 2, 3, 4, 200, 5, 6, 7, 8] } }]';
  const halving = write('halving.yaml', 'search: { method: halving, trials: 9, eta: 3, usersMin: 8 }', steps);

  test('halving chooses the planted best setting, on growing samples of users', async () => {
    const { code, report } = await sweep(halving, '--json');
    expect(code).toBe(0);
    const { chosen, rungs, trials, test: onTest } = report!;
    expect(chosen).toMatchObject({ algorithm: 'pixie', varied: { steps: 200 }, params: { steps: 200 } });
    expect(rungs.map(({ settings }) => settings)).toEqual([9, 3, 1]);
    expect(rungs[1]!.users).toBeGreaterThan(rungs[0]!.users);
    expect(trials.map(({ rung }) => rung)).toEqual([3, 2, 2, 1, 1, 1, 1, 1, 1]);
    expect(trials.map(({ figures }) => figures.users)).toEqual(
      trials.map(({ rung }) => rungs[rung - 1]!.users),
    );
    expect(new Set(trials.map(({ trial }) => trial)).size).toBe(9);
    for (const { interval, figures } of trials) {
      expect(interval.low).toBeLessThanOrEqual(figures.ndcg);
      expect(interval.high).toBeGreaterThanOrEqual(figures.ndcg);
    }
    const { figures } = onTest!.chosen;
    expect(onTest!.difference.mean).toBeCloseTo(figures.ndcg - onTest!.baseline.figures.ndcg, 12);
    expect(onTest!.baseline).toMatchObject({ name: 'feed', algorithm: 'pixie' });
  });

  test('a sweep computes item weights as its field linear says, and a stored trial of others does not count', async () => {
    const space = 'space: [{ algorithm: linear, params: { backfill: false } }]';
    const results = path.join(folder, 'linear.db');
    const ndcg = async (...lines: string[]): Promise<number> => {
      const file = write('linear.yaml', 'search: { method: grid }', 'baseline: popular', space, ...lines);
      const { report } = await sweep(file, '--json', '--results', results);
      return report!.trials[0]!.figures.ndcg;
    };
    const few = await ndcg('linear: { neighborsMax: 1 }');
    expect(await ndcg()).toBeGreaterThan(few);
  });

  test('a grid tries all settings, gives the same report on any number of threads, and marks settings within the noise', async () => {
    const space = 'space: [{ algorithm: pixie, params: { steps: [1, 200, 201], backfill: false } }]';
    const file = write('grid.yaml', 'search: { method: grid }', space);
    const one = await sweep(file, '--json', '--results', path.join(folder, 'one.db'));
    const two = await pinwalk(
      'sweep',
      file,
      '--json',
      '--results',
      path.join(folder, 'two.db'),
      '--threads',
      '2',
    );
    expect(withoutTimes(two.stdout)).toBe(withoutTimes(one.stdout));
    const byTrial = one.report!.trials.toSorted((a, b) => a.trial - b.trial);
    expect(byTrial.map(({ isWithinNoise }) => isWithinNoise)).toEqual([false, true, true]);
    expect(one.report!.warnings).toEqual([
      expect.stringMatching(/^2 of the 3 settings are not distinguishable .*winner's curse/),
    ]);
  });

  test('a sweep reports the metrics of evaluate', async () => {
    const file = write(
      'same.yaml',
      'search: { method: grid }',
      'space: [{ algorithm: feed }]',
      'baseline: feed-exact',
    );
    const { report } = await sweep(file, '--json');
    const train = path.join(folder, 'circles.tsv');
    const args = [
      '--train',
      train,
      '--hold-out',
      '0.2',
      '--k',
      '5',
      '--resamples',
      '200',
      '--json',
      '--threads',
      '1',
    ];
    const evaluated = await pinwalk('evaluate', ...args);
    const { results, differences } = JSON.parse(evaluated.stdout);
    const { chosen, baseline, difference } = report!.test!;
    for (const [swept, expected] of [
      [chosen, results[0]],
      [baseline, results[1]],
    ]) {
      expect(expected).toMatchObject(swept.figures);
      expect(swept.interval).toEqual(expected.intervals.ndcg);
    }
    const { mean, interval, detectable, p } = differences.find(
      ({ metric }: { metric: string }) => metric === 'ndcg',
    );
    expect(difference).toEqual({ mean: expect.closeTo(mean, 12), interval, detectable, p });
  });

  test('the validation part is split off the train part only, by time if the file says so', async () => {
    const rows = ['a x 1', 'a y 2', 'a z 3', 'a w 4', 'b x 1', 'b y 2', 'b z 3', 'b w 4'].map((row) => {
      const [user, pin, day] = row.split(' ');
      return `${user}\t${pin}\t2020-01-0${day}`;
    });
    writeFileSync(path.join(folder, 'timed.tsv'), ['user\tpin\tsavedAt', ...rows].join('\n'));
    const file = writeSweep(folder, 'timed.yaml', [
      'saves: { train: timed.tsv, leaveLastOut: true }',
      'validation: { leaveLastOut: true }',
      'search: { method: grid }',
      'space: [{ algorithm: popular }]',
      'k: 1',
    ]);
    // The validation part holds out z of both users, which train then lacks; the test part holds out w.
    const { report, code } = await sweep(file, '--json');
    expect(code).toBe(0);
    expect(report!.trials[0]!.figures).toMatchObject({ users: 2, recall: 0 });
    expect(report!.warnings).toEqual([expect.stringMatching(/^only 2 users/)]);
  });

  test('a second run reuses all trials, and a second choice on the same test part gives a warning', async () => {
    const results = path.join(folder, 'again.db');
    const first = await sweep(halving, '--json', '--results', results);
    const again = await sweep(halving, '--json', '--results', results);
    // Equal in the times too, which are stored.
    expect(again.stdout).toBe(first.stdout);
    const other = write('other.yaml', 'search: { method: grid }', 'space: [{ algorithm: paths }]');
    const { report } = await sweep(other, '--json', '--results', results);
    expect(report!.warnings).toEqual([
      expect.stringMatching(/^2 settings have been chosen and measured on this test/),
    ]);
  });

  test('a limit that all settings exceed leaves none chosen, and the test part is not evaluated', async () => {
    const file = write(
      'slow.yaml',
      'search: { method: grid }',
      'space: [{ algorithm: paths }]',
      'limits: { p99Ms: 1.0e-9 }',
    );
    const { report, stdout } = await sweep(file, '--json');
    expect(report).toMatchObject({ chosen: null, test: null });
    expect(report!.trials[0]).toMatchObject({ isOverLimits: true, isWithinNoise: false });
    expect(report!.warnings).toEqual([
      expect.stringMatching(/no setting is within the limits \(p99Ms 1e-9\)/),
    ]);
    expect(stdout).not.toContain('null,"test":{');
    const database = new Database(path.join(folder, 'slow.results.db'), { readonly: true });
    expect(database.prepare('SELECT count(*) FROM trials').pluck().get()).toBe(1);
    database.close();
  });

  test('a setting within the limits is chosen over a better one outside', async () => {
    const space = 'space: [{ algorithm: pixie, params: { steps: [1, 10000000] } }]';
    const file = write('quick.yaml', 'search: { method: grid }', 'users: 10', space, 'limits: { p50Ms: 20 }');
    const { report } = await sweep(file, '--json');
    expect(report!.chosen!.params['steps']).toBe(1);
    expect(report!.trials.map(({ isOverLimits }) => isOverLimits)).toEqual([false, true]);
  });

  test('sweep --dry-run prints the plan and runs nothing', async () => {
    const file = write('dry.yaml', 'search: { method: halving, trials: 9, eta: 3, usersMin: 8 }', steps);
    const { stdout, code } = await sweep(file, '--dry-run');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^halving search over 9 settings, by ndcg@5 on the validation part$/m);
    expect(stdout).toMatch(/^round 3: 1 setting, each for \d+ users$/m);
    expect(stdout).toMatch(/^about \d+ s without stored trials, on 1 thread$/m);
    expect(stdout).toMatch(/^1 +pixie, steps 200$/m);
    expect(existsSync(path.join(folder, 'dry.results.db'))).toBe(false);
    const { stdout: json } = await sweep(halving, '--dry-run', '--json');
    expect(JSON.parse(json)).toMatchObject({ kept: 9, settings: { length: 9 } });
  });

  test('sweep prints tables', async () => {
    const { stdout } = await sweep(halving);
    expect(stdout).toMatch(/^trial +round +users +ndcg@5 +p50 \/ p99 ms +setting$/m);
    expect(stdout).toMatch(/^1 +3 +\d+ +0\.\d{4} \[0\.\d{4}, 0\.\d{4}\] +~ .* pixie, steps 200$/m);
    expect(stdout).toMatch(/^Chosen: trial 1, pixie, steps 200$/m);
    expect(stdout).toMatch(
      /^chosen − feed: [+−]0\.\d{4} \[.*\], p \d\.\d{4} \(paired test, 200 permutations\): /m,
    );
    expect(stdout).toMatch(/; smallest detectable difference 0\.\d{4} \(\d+\.\d %\)$/m);
    expect(stdout).not.toMatch(/NaN|undefined/);
  });

  test('sweep --table csv prints each trial in the validation part, and chosen and baseline in the test part', async () => {
    const { stdout } = await sweep(halving, '--table', 'csv');
    const lines = stdout.trimEnd().split('\n');
    expect(lines[0]).toBe('setting,figure,value,low,high,isBest');
    expect(lines[1]).toMatch(/^"pixie, steps 200","ndcg@5, validation",0\.\d+,0\.\d+,0\.\d+,false$/);
    expect(lines.filter((line) => line.includes('"ndcg@5, test"'))).toHaveLength(2);
    expect(lines.at(-1)).toMatch(/^feed \(baseline\),"ndcg@5, test"/);
  });

  test('Ctrl-C stops a sweep, and prints how to resume', async () => {
    const space = 'space: [{ algorithm: pixie, params: { steps: [1, 10000000] } }]';
    const file = write('long.yaml', 'search: { method: grid }', space);
    const { child, ended } = startPinwalk('sweep', file, '--threads', '1');
    // The first setting takes no time: once it is stored, the second one is under way.
    const results = path.join(folder, 'long.results.db');
    await expect.poll(() => storedTrials(results)).toBe(1);
    child.kill('SIGINT');
    const { code, stderr } = await ended;
    expect(stderr).toMatch(
      /stopped: completed trials are stored in .*long\.results\.db; pinwalk sweep .*long\.yaml resumes/,
    );
    expect(code).toBe(130);
  });

  test('sweep refuses to store results in a database of another program', async () => {
    const other = path.join(folder, 'foreign.db');
    new Database(other).exec('CREATE TABLE t (a)').close();
    const { code, stderr } = await sweep(halving, '--results', other);
    expect(stderr).toMatch(/cannot store results in .*foreign\.db: it is a database of another program/);
    expect(code).toBe(1);
  });
});
