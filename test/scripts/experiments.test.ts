import { existsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { temporaryFolder } from '../data-folders.ts';
import { pinwalk } from './command.ts';

const folder = temporaryFolder(afterAll);

function fileOf(name: string, rows: readonly string[]): string {
  const file = path.join(folder, name);
  writeFileSync(file, `${rows.join('\n')}\n`);
  return file;
}

const analyze = async (file: string, ...args: string[]) =>
  pinwalk('experiments', 'analyze', file, '--arm', 'arm', '--control', 'a', ...args);

const rows = ['user,arm,clicks,impressions,before'];
for (let user = 0; user < 400; user++) {
  const arm = user % 2 === 0 ? 'a' : 'b';
  for (let row = 0; row <= user % 3; row++) {
    rows.push(`u${user},${arm},${(user * 7 + row) % (arm === 'a' ? 2 : 3)},4,${(user * 3) % 7}`);
  }
}

test('adds up the rows of a user, and compares means, ratios and adjusted means', async () => {
  const file = fileOf('log.csv', rows);
  const metrics = ['--metric', 'clicks', '--metric', 'clicks/impressions', '--metric', 'clicks~before'];
  const { code, stdout } = await analyze(file, '--user', 'user', ...metrics, '--json');
  expect(code).toBe(0);
  const report = JSON.parse(stdout) as {
    arms: unknown[];
    metrics: {
      metric: string;
      controlValue: number;
      effects: { raw: { difference: number }; adjusted: { difference: number } | null }[];
    }[];
  };
  expect(report.arms).toEqual([
    { arm: 'a', users: 200, share: 0.5 },
    { arm: 'b', users: 200, share: 0.5 },
  ]);
  const [clicks, ratio, adjusted] = report.metrics;
  const ofA = rows
    .slice(1)
    .map((row) => row.split(','))
    .filter(([, arm]) => arm === 'a');
  const clicksOfA = ofA.reduce((sum, row) => sum + Number(row[2]), 0);
  expect(clicks!.controlValue).toBeCloseTo(clicksOfA / 200, 12);
  expect(ratio!.controlValue).toBeCloseTo(clicksOfA / (4 * ofA.length), 12);
  expect(clicks!.effects[0]!.adjusted).toBeNull();
  const { raw, adjusted: byBefore } = adjusted!.effects[0]!;
  expect(raw.difference).toBeCloseTo(clicks!.effects[0]!.raw.difference, 12);
  expect(byBefore!.difference).not.toBe(raw.difference);
  expect(Math.abs(byBefore!.difference - raw.difference)).toBeLessThan(0.1);
  const text = await analyze(file, '--user', 'user', '--metric', 'clicks');
  expect(text.stdout).toContain('Users are spread as intended (sample-ratio p = 1.00).');
  expect(text.stdout).toContain('b: higher.');
});

test('warns of a sample-ratio mismatch', async () => {
  const lost = rows.filter((row, i) => i === 0 || !row.includes(',b,') || i % 3 > 0);
  const { stdout } = await analyze(
    fileOf('lost.csv', lost),
    '--metric',
    'clicks',
    '--share',
    '1',
    '--share',
    '3',
  );
  expect(stdout).toContain('Sample-ratio mismatch');
});

test.each([
  ['an unknown column', rows, ['--metric', 'taps'], 1, 'has no column taps; it has user, arm, clicks'],
  ['a value that is no number', rows, ['--metric', 'user'], 1, 'line 2: user is "u0", not a number'],
  [
    'a missing value',
    ['arm,clicks', 'a,1', 'b,'],
    ['--metric', 'clicks'],
    1,
    'line 3: clicks is "", not a number',
  ],
  ['a missing arm', ['arm,clicks', 'a,1', ',2'], ['--metric', 'clicks'], 1, 'line 3: no arm'],
  [
    'a user in two arms',
    ['user,arm,clicks', 'x,a,1', 'x,b,2'],
    ['--metric', 'clicks', '--user', 'user'],
    1,
    'line 3: user x is in the arms a and b',
  ],
  [
    'an unknown control',
    ['arm,clicks', 'c,1', 'b,2'],
    ['--metric', 'clicks'],
    2,
    'no row is in the arm a; there are b, c',
  ],
  ['a single arm', ['arm,clicks', 'a,1', 'a,2'], ['--metric', 'clicks'], 2, 'there is nothing to compare'],
  ['too few shares', rows, ['--metric', 'clicks', '--share', '1'], 2, '1 times --share, but 2 arms: a, b'],
  [
    'a metric of three parts',
    rows,
    ['--metric', 'a/b/c'],
    2,
    'Write column, numerator/denominator or column~covariate',
  ],
])('refuses %s', async (name, lines, args, code, message) => {
  const ended = await analyze(fileOf(`${name}.csv`, lines), ...args);
  expect(ended.stderr).toContain(message);
  expect(ended.code).toBe(code);
  expect(ended.stdout).toBe('');
});

const emailTest = path.join(import.meta.dirname, '../../../shared/data/hillstrom/email-test.csv.gz');

test.skipIf(!existsSync(emailTest))(
  'reports a real e-mail test (skipped without ../shared/data/hillstrom)',
  async () => {
    const columns = ['--arm', 'segment', '--control', 'No E-Mail', '--metric', 'visit', '--metric', 'spend'];
    const { stdout } = await pinwalk('experiments', 'analyze', emailTest, ...columns);
    for (const line of [
      'Users are spread as intended (sample-ratio p = 0.90).',
      'visit: 0.1062 in No E-Mail',
      /Mens E-Mail +0\.1828 +\+0\.0766 +0\.0066 /,
      /Womens E-Mail +0\.1514 +\+0\.0452 +0\.0063 /,
      /Mens E-Mail +1\.42 +\+0\.77 +0\.28 /,
      /Womens E-Mail +1\.08 +\+0\.42 +0\.26 /,
    ])
      expect(stdout).toMatch(line);
  },
);
