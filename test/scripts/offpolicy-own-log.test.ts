import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { type OffPolicyReport, Work, nextUnit, randomStream } from '../../engine/index.ts';
import { explore } from '../../engine/pipeline/explore.ts';
import { temporaryDataFolder } from '../data-folders.ts';
import { pinwalk } from './command.ts';

const folder = temporaryDataFolder(afterAll);
const scores = [8, 7, 5, 4, 2];
const [lists, shown] = [1_500, 5];
/** A person clicks a pin with this probability at place p: later places are looked at less, and the first pin is liked most. */
const clickRate = (pin: number, place: number): number => [0.9, 0.1, 0.05, 0.05, 0.05][pin]! / (place + 1);

/** What an arm that draws would have recorded, with what people did. */
function rowsOf(arm: string, limit: number): object[] {
  const stream = randomStream(11);
  const ranked = scores.map((score, pin) => ({ pin, score }));
  const settings = { exploreShare: 1, explorePins: 5, exploreTemperature: 0.6 };
  return Array.from({ length: lists }, (_, i) => {
    const at = Date.UTC(2026, 10, 2) + i * 1_000;
    const recommendationId = `${arm} ${i}`;
    return explore(ranked, limit, settings, i, new Work()).flatMap(({ pin, score, propensity }, place) => {
      const impression = { user: `u${i % 700}`, pin: `p${pin}`, recommendationId, at };
      const isClicked = nextUnit(stream) < clickRate(pin, place);
      const where = { surface: 'related', arm: `drawn/${arm}`, rank: place + 1, score, propensity };
      const all: object[] = [{ ...impression, ...where, kind: 'impression' }];
      if (isClicked) all.push({ ...impression, kind: 'click', at: at + 500 });
      return all;
    });
  }).flat();
}

test('the recorded lists of an arm that draws estimate what it would have earned undrawn', async () => {
  const file = path.join(folder.root, 'log.jsonl');
  const rows = [...rowsOf('all', shown), ...rowsOf('few', 3)];
  writeFileSync(file, rows.map((row) => JSON.stringify(row)).join('\n'));
  const data = ['--data', folder.root];
  expect(await pinwalk('import', '--interactions', file, ...data)).toMatchObject({ code: 0 });
  const run = async (...args: string[]) => pinwalk('offpolicy', ...data, '--surface', 'related', ...args);
  const report = JSON.parse((await run('--arm', 'drawn/all', '--json')).stdout) as OffPolicyReport;
  expect([report.items, report.lists, report.users, report.refused]).toEqual([
    shown * lists,
    lists,
    700,
    null,
  ]);
  const truth = scores.reduce((sum, _, pin) => sum + clickRate(pin, pin), 0);
  for (const { value, standardError } of [report.estimates!.ips, report.estimates!.snips]) {
    expect(Math.abs(value - truth)).toBeLessThan(4 * standardError);
    // Far from what the drawn lists earned.
    expect(Math.abs(report.logged.value - truth)).toBeGreaterThan(4 * standardError);
  }
  expect((await run('--arm', 'drawn/few')).stdout).toContain('No estimate: the mean weight is not 1');
  expect(await run('--arm', 'other')).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('let an arm explore') as string,
  });
  expect((await run('--model', 'cascade')).code).toBe(2);
  expect((await pinwalk('offpolicy', ...data)).code).toBe(2);
});
