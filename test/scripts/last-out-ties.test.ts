import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { temporaryFolder } from '../data-folders.ts';
import { pinwalk } from './command.ts';

/** The case last-out-ties: the same rows in two orders; each of 30 users made all seven saves at one moment. */

const folder = temporaryFolder(afterAll);
const caseFile = (name: string): string =>
  path.join(import.meta.dirname, '../graph-data/cases/last-out-ties', name);
const lastOut = ['--leave-last-out', '--algorithms', 'popular', '--k', '5'];
const sentence = '30 of 30 users have a tie at their last moment: the seed draws which save is held out';

const noTimes = { seconds: 0, msPerQueryP50: 0, msPerQueryP99: 0 };
const evaluate = async (...source: string[]) => {
  const { code, stdout, stderr } = await pinwalk('evaluate', ...source, ...lastOut, '--json');
  expect(code).toBe(0);
  expect(stderr).toContain(sentence);
  const { data, results } = JSON.parse(stdout);
  return { data, figures: { ...results[0], ...noTimes } };
};

test('leave-last-out has one figure for both orders of the rows and for a folder, and says how many users have a tie', async () => {
  const expected = await evaluate('--train', caseFile('by-pin.csv'));
  expect(expected.data).toMatchObject({ boards: 30, pins: 25, saves: 210, heldOut: 30 });
  expect(expected.data.ties).toEqual({ among: 'boards', tied: 30, of: 30 });
  // The held-out pin is among the five most saved for 7 of 30 users. By the order of rows, it was for 7 or for 1.
  expect(expected.figures.recall).toBeCloseTo(7 / 30, 12);
  expect(await evaluate('--train', caseFile('by-pin-desc.csv'))).toEqual(expected);
  const data = path.join(folder, 'data');
  expect((await pinwalk('import', caseFile('by-pin-desc.csv'), '--data', data)).code).toBe(0);
  expect(await evaluate('--data', data)).toEqual(expected);
  const other = await evaluate('--train', caseFile('by-pin.csv'), '--random-seed', '2');
  expect(other.data.heldOut).toBe(30);
  expect(other.figures).not.toEqual(expected.figures);
});

test('compare says in its text how many users have a tie', async () => {
  const args = ['--train', caseFile('by-pin.csv'), '--leave-last-out', '--k', '5'];
  const { stdout, code } = await pinwalk('compare', 'popular', 'paths', ...args);
  expect(code).toBe(0);
  expect(stdout).toContain(`; ${sentence};`);
});
