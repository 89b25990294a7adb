import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import type { OffPolicyReport } from '../../engine/index.ts';
import { temporaryFolder } from '../data-folders.ts';
import { pinwalk } from './command.ts';

const folder = temporaryFolder(afterAll);

function fileOf(name: string, rows: readonly string[]): string {
  const file = path.join(folder, name);
  writeFileSync(file, `${rows.join('\n')}\n`);
  return file;
}

test('estimates per list, whose items may stand in any order', async () => {
  const rows = ['list,position,user,reward,propensity,target'];
  for (let list = 0; list < 200; list++) {
    const isHit = list % 2 === 0;
    // The second position first.
    rows.push(`l${list},2,u${list % 50},${Number(isHit)},0.5,0.5`);
    rows.push(`l${list},1,u${list % 50},0,0.5,${isHit ? 0.8 : 0.2}`);
  }
  const file = fileOf('lists.csv', rows);
  const run = async (...args: string[]): Promise<OffPolicyReport> => {
    const { stdout } = await pinwalk('offpolicy', file, '--list', 'list', '--json', ...args);
    return JSON.parse(stdout) as OffPolicyReport;
  };
  const cascade = await run('--position', 'position', '--user', 'user', '--model', 'cascade');
  expect([cascade.items, cascade.lists, cascade.users]).toEqual([400, 200, 50]);
  // The weight of the second item is 0.8 / 0.5 times 1 for every second list.
  expect(cascade.estimates!.ips.value).toBeCloseTo(0.8, 12);
  expect((await run('--position', 'position')).estimates!.ips.value).toBeCloseTo(0.5, 12);
  // In the order of the file, the second position counts as the first.
  expect((await run('--model', 'cascade')).estimates!.ips.value).toBeCloseTo(0.5, 12);
  const { stdout } = await pinwalk('offpolicy', file, '--list', 'list');
  expect(stdout).toContain('400 items in 200 lists of 200 users');
  expect(stdout).not.toContain('doubly robust');
});

test.each([
  ['a missing column', ['reward,propensity', '1,1'], 'has no column target; it has reward, propensity'],
  ['a propensity of 0', ['reward,propensity,target', '1,0,1'], 'line 2: propensity: 0 is not in (0, 1]'],
  ['a target above 1', ['reward,propensity,target', '1,1,1', '1,1,2'], 'line 3: target: 2 is not in [0, 1]'],
  [
    'a reward that is no number',
    ['reward,propensity,target', 'yes,1,1'],
    'line 2: reward is "yes", not a number',
  ],
  ['an empty file', ['reward,propensity,target'], 'has no rows'],
])('refuses %s', async (name, rows, message) => {
  const { code, stdout, stderr } = await pinwalk('offpolicy', fileOf(`${name}.csv`, rows));
  expect(stderr).toContain(message);
  expect([code, stdout]).toEqual([1, '']);
});

test('says why there is no estimate', async () => {
  const rows = Array.from({ length: 500 }, (_, i) => `${i % 2},0.5,0.1`);
  const { stdout } = await pinwalk('offpolicy', fileOf('support.csv', ['reward,propensity,target', ...rows]));
  expect(stdout).toContain('No estimate: the mean weight is not 1');
});
