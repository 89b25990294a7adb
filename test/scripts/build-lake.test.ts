import path from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../data-folders.ts';
import { whyNoDuckdb, writeLake } from '../graph-data/lakes.ts';
import { pinwalk, withoutProgress } from './command.ts';

test.skipIf(whyNoDuckdb !== undefined)('build --from imports a lake, builds and activates', async () => {
  const folder = temporaryFolder();
  const lake = await writeLake(path.join(folder, 'saves.parquet'), [
    ['ann', 'pasta', 'basil', null, null],
    ['ann', 'pasta', 'tomato', null, 2],
    ['ann', 'pasta', 'tomato', null, 2],
    ['ann', 'pasta', 'salt', null, -1],
  ]);
  const data = path.join(folder, 'data');
  const { stdout, stderr, code } = await pinwalk('build', '--from', lake, '--data', data);
  expect([withoutProgress(stderr), code]).toEqual(['', 0]);
  expect(stdout).toContain(
    '4 rows read, 2 new, 1 duplicate, 1 rejected\n  1: weight is not a positive number\n',
  );
  expect(stdout).toMatch(/Built \w{16}: 2 pins, 1 boards, 2 saves.*\nActivated\.\n$/);
  const again = await pinwalk(
    'build',
    '--from',
    lake,
    '--data',
    data,
    '--json',
    '--ids',
    path.join(folder, 'ids'),
  );
  expect(JSON.parse(again.stdout)).toMatchObject({
    saves: 2,
    lake: { read: 4, new: 0, duplicate: 3, rejected: 1 },
  });
});

test('options of --from without it are wrong usage', async () => {
  const { stderr, code } = await pinwalk('build', '--ids', 'ids', '--data', temporaryFolder());
  expect([stderr, code]).toEqual(['pinwalk: --ids is for --from\n', 2]);
});
