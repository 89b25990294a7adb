import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, expect, test } from 'vitest';
import { nextBelow, nextUnit, randomStream } from '../../engine/index.ts';
import { writeSet } from './engagement-set.ts';

const script = path.join(import.meta.dirname, '../../scripts/studies/main.ts');
const root = mkdtempSync(path.join(tmpdir(), 'promoted-pins-'));
afterAll(() => rmSync(root, { recursive: true }));

const study = (...args: string[]): string =>
  execFileSync(process.execPath, [script, 'promoted-pins', ...args], { encoding: 'utf8' });
const numbersIn = (text: string | undefined): number[] => (text?.match(/\d+(?:\.\d+)?/gu) ?? []).map(Number);
const lineOf = (output: string, name: string): number[] =>
  numbersIn(
    output
      .split('\n')
      .find((line) => line.startsWith(name))
      ?.slice(name.length),
  );

/** Ratings of people who like some of ten groups of movies each, in the form of MovieLens. */
function writeRatings(folder: string): void {
  const stream = randomStream(1);
  const [people, movies, groups, saves] = [160, 400, 10, 30];
  const lines = ['user\titem\trating\ttimestamp'];
  for (let user = 0; user < people; user++) {
    const liked = [nextBelow(stream, groups), nextBelow(stream, groups)];
    const rated = new Set<number>();
    while (rated.size < saves) {
      const group = nextUnit(stream) < 0.9 ? liked[nextBelow(stream, 2)]! : nextBelow(stream, groups);
      rated.add(group + groups * Math.floor((movies / groups) * nextUnit(stream) ** 2));
    }
    for (const [i, movie] of [...rated].entries())
      lines.push(`${user}\t${movie}\t${4 + (i % 2)}\t${1e9 + i}`);
  }
  mkdirSync(path.join(folder, 'movielens-small'));
  writeFileSync(path.join(folder, 'movielens-small', 'ratings.tsv.gz'), gzipSync(`${lines.join('\n')}\n`));
}

test('pins that the walk supports are saved later more often than the pins of the highest bids', () => {
  writeRatings(root);
  const output = study('policies', '--sets', root, '--campaigns', '150', '--seeds', '2');
  const [relevance] = lineOf(output, 'ours');
  expect(relevance).toBeGreaterThan(lineOf(output, 'highest bid')[0]!);
  expect(relevance).toBeGreaterThan(lineOf(output, 'random eligible')[0]!);
  for (const policy of ['ours', 'highest bid', 'interests only']) {
    expect(lineOf(output, policy)).not.toContain(NaN);
  }
});

test('paced days spend their budgets, and days without pacing spend theirs early', () => {
  const plot = path.join(root, 'pacing.svg');
  const output = study('pacing', '--plot', plot);
  const [spent, largest] = lineOf(output, 'as planned');
  expect(spent).toBeGreaterThan(99);
  expect(spent).toBeLessThanOrEqual(100);
  expect(largest).toBeLessThan(2);
  const last = output.split('\n').find((line) => line.startsWith('– without pacing'));
  expect(numbersIn(last).at(-4)).toBeLessThan(10);
});

test('the study of matching runs at a small size', () => {
  const output = study('matching', '--campaigns', '200', '--pins', '2000', '--requests', '5');
  expect(output).toContain('index of 200 campaigns');
  expect(lineOf(output, '2000')).toHaveLength(5);
});

test('the study of advertisers says how many authors get the clicks that were predicted', () => {
  const folder = path.join(root, 'log');
  mkdirSync(folder);
  writeSet(folder, 9_000);
  const output = study('advertisers', '--data', folder);
  // Nine authors of 1,000 impressions each, of which the last ten days are judged.
  for (const name of ['FTRL online, calibrated by surface', 'and by author, as served']) {
    const [within, of] = lineOf(output, name);
    expect(of).toBe(9);
    expect(within).toBeGreaterThan(3);
  }
});
