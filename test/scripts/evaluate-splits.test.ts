import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { temporaryFolder } from '../data-folders.ts';
import { pinwalk, withoutProgress } from './command.ts';

const folder = temporaryFolder(afterAll);
const file = (name: string, rows: string[]): string => {
  writeFileSync(path.join(folder, name), `${rows.join('\n')}\n`);
  return path.join(folder, name);
};

describe('evaluate', () => {
  const saves = file('timed.tsv', [
    'user\tpin\tsavedAt\tweight',
    'a\tx\t2020-01-01\t5',
    'a\ty\t2020-01-02\t5',
    'a\tz\t2020-01-09\t5',
    'b\tx\t2020-01-03\t5',
    'b\tz\t2020-01-04\t5',
    'b\ty\t2020-01-05\t1',
    'c\tx\t2020-01-06\t5',
  ]);
  const split = async (...args: string[]) => {
    const { stdout, stderr, code } = await pinwalk(
      'evaluate',
      '--train',
      saves,
      '--algorithms',
      'popular',
      '--json',
      ...args,
    );
    expect(withoutProgress(stderr)).toBe('');
    expect(code).toBe(0);
    const { data, results } = JSON.parse(stdout);
    return { ...data, users: results[0].users, recall: results[0].recall };
  };

  test.each([
    // Only a's z is later than 8 January, and b's z makes it known in train.
    [['--hold-out-after', '2020-01-08'], { saves: 6, heldOut: 1, users: 1, recall: 1 }],
    // The two latest are a's z and c's x: c has no pins left for a query.
    [['--hold-out-latest', '0.25'], { saves: 5, heldOut: 1, users: 1, recall: 1 }],
    [['--leave-last-out'], { saves: 5, heldOut: 2, users: 2, recall: 1 }],
    // Without b's y, the last pin of both is z, which train then lacks.
    [['--leave-last-out', '--min-weight', '5'], { saves: 4, heldOut: 2, users: 2, recall: 0 }],
    [['--folds', '3'], { folds: 3, users: 2 }],
    [['--folds', '3', '--users', '1'], { folds: 3, users: 1 }],
    [['--hold-out', '0.5', '--random-seed', '3'], { folds: 1 }],
  ])('evaluate splits by %j', async (args, expected) => {
    expect(await split(...args)).toMatchObject(expected);
  });

  test('evaluate splits a data folder as it splits a file', async () => {
    const data = path.join(folder, 'data');
    expect((await pinwalk('import', saves, '--data', data)).code).toBe(0);
    const args = ['--algorithms', 'popular', '--json', '--leave-last-out', '--data', data];
    const { stdout } = await pinwalk('evaluate', ...args);
    expect(JSON.parse(stdout).results[0]).toMatchObject({ users: 2, recall: 1 });
  });

  test.each([
    [
      ['--hold-out-after', '2030-01-01'],
      /the saves are from 2020-01-01T.* to 2020-01-09T.*: 2030\S* leaves one part empty/,
      2,
    ],
    [['--hold-out-after', '2020'], /neither an ISO 8601 date nor a Unix time/, 2],
    [['--hold-out-latest', '1'], /Not between 0 and 1/, 2],
    [['--leave-last-out', '--min-weight', '6'], /contains no saves of weight 6 or more/, 1],
    [['--folds', '1'], /Not an integer in \[2, 100\]/, 2],
    [['--folds', '2', '--leave-last-out'], /--leave-last-out and --folds N exclude each other/, 2],
    [
      ['--leave-last-out', '--columns', 'user,pin,-,-'],
      /7 of 7 saves have no time: name the column of times/,
      1,
    ],
  ])('evaluate refuses %j', async (args, message, expected) => {
    const { stderr, code } = await pinwalk('evaluate', '--train', saves, ...args);
    expect(stderr).toMatch(message);
    expect(code).toBe(expected);
  });
});

test('evaluate reads the files that import reads, with the same options', async () => {
  const rows = ['u1;x;01/02/2020', 'u1;y;02/02/2020', 'u2;x;03/02/2020', 'u2;y;04/02/2020'];
  const dated = file('dated.data', ['exported today', 'who;what;when', ...rows]);
  const reading = ['--skip', '1', '--columns', 'user=who,pin=what,savedAt=when', '--date-format', '%d/%m/%Y'];
  const measuring = ['--leave-last-out', '--algorithms', 'popular', '--json'];
  const { stdout, stderr, code } = await pinwalk('evaluate', '--train', dated, ...reading, ...measuring);
  expect(withoutProgress(stderr)).toBe('');
  expect(code).toBe(0);
  expect(JSON.parse(stdout).data).toMatchObject({ boards: 2, heldOut: 2 });
  const refused = await pinwalk('evaluate', '--data', folder, '--delimiter', ';', '--folds', '2');
  expect(refused).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('--delimiter needs --train FILE'),
  });
});
