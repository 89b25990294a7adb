import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { temporaryFolder } from '../data-folders.ts';
import { pinwalk, startPinwalk } from './command.ts';

const folder = temporaryFolder(afterAll);
const data = path.join(folder, 'data');
const saves = path.join(folder, 'saves.csv');
const files = path.join(folder, 'files');

beforeAll(async () => {
  const rows = Array.from({ length: 400 }, (_, i) => `u${i % 80},b${i % 80},p${(i * i) % 97}`);
  writeFileSync(saves, `user,board,pin\n${rows.join('\n')}\n`);
  await pinwalk('import', saves, '--data', data);
  await pinwalk('build', '--data', data);
  mkdirSync(files);
});

test('recommend --all writes the same rows as recommend --user for each user', async () => {
  const file = path.join(files, 'feeds.csv');
  const args = ['--data', data, '--limit', '3', '--seed', '5', '--json'];
  const all = await pinwalk('recommend', '--all', '--to', file, '--threads', '2', ...args);
  expect(JSON.parse(all.stdout)).toMatchObject({ file, rows: 240, nodes: 80, algorithm: 'feed' });
  const single = JSON.parse((await pinwalk('recommend', '--user', 'u7', ...args)).stdout);
  const expected = single.items.map(
    ({ rank, pin, score }: { rank: number; pin: string; score: number }) => `u7,${rank},${pin},${score}`,
  );
  expect(
    readFileSync(file, 'utf8')
      .split('\n')
      .filter((line) => line.startsWith('u7,')),
  ).toEqual(expected);
});

test('Ctrl-C during recommend --all exits with 130 and leaves neither file nor part of it', async () => {
  const file = path.join(files, 'stopped.csv');
  const before = readdirSync(files);
  const { child, ended } = startPinwalk(
    'recommend',
    '--all',
    '--to',
    file,
    '--data',
    data,
    // Long enough that no machine is done before the signal.
    '--steps',
    '10000000',
    '--algorithm',
    'pixie',
    '--threads',
    '1',
  );
  while (readdirSync(files).length === before.length && child.exitCode === null) await setTimeout(20);
  child.kill('SIGINT');
  const { code, stderr } = await ended;
  expect(stderr).toContain(`stopped: ${file} was not written`);
  expect(code).toBe(130);
  expect(readdirSync(files)).toEqual(before);
  expect(existsSync(file)).toBe(false);
});

test.each([
  [['--all'], '--all needs --to FILE'],
  [['--all', '--to', 'a.xlsx'], 'end it with .csv'],
  [['--all', '--to', 'a.csv', '--user', 'u1'], '--user is for one query'],
  [['--all', '--to', 'a.csv', '--shard', '3/2'], 'Not a part such as 2/8'],
  [['--user', 'u1', '--to', 'a.csv'], '--to needs --all'],
  [['--all', '--to', 'a.csv', '--algorithm', 'none'], 'there is no algorithm or preset "none"'],
])('recommend %j is refused with exit code 2 and the remedy', async (args, message) => {
  const { code, stderr } = await pinwalk('recommend', ...args, '--data', data);
  expect(stderr).toContain(message);
  expect(code).toBe(2);
});
