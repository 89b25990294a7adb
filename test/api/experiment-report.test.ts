import { expect, test } from 'vitest';
import { nextUnit, randomStream } from '../../engine/index.ts';
import { importSaves } from '../data-folders.ts';
import { pinwalk } from '../scripts/command.ts';
import { type Answer, serveForSuite } from './server.ts';

const server = serveForSuite((folder) => importSaves(folder, ['ann pasta basil']), { isBuilt: false });
const dayMs = 86_400_000;
const start = Date.parse('2026-10-10T12:00:00Z');
const put = async (id: string, fields: object = {}): Promise<Answer> =>
  server.get(`/v1/experiments/${id}`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      surface: id,
      arms: [
        { name: 'a', share: 1 },
        { name: 'b', share: 1, algorithm: 'popular' },
      ],
      start: new Date(start).toISOString(),
      ...fields,
    }),
  });
const report = async (id: string): Promise<Answer['body']> => {
  const { status, body } = await server.get(`/v1/experiments/${id}/report`);
  expect(status, JSON.stringify(body)).toBe(200);
  return body;
};

interface Sums {
  arm: string | undefined;
  shown: number;
  clicked: number;
  shownBefore: number;
  clickedBefore: number;
}

const random = randomStream(5);
const rows: object[] = [];
/** What the log says of each person, counted while it is written. */
const people = new Map<string, Sums>();

function show(
  user: string,
  at: number,
  labels: { surface: string; arm?: string },
  clickRate: number,
): boolean {
  const recommendationId = `r${rows.length}`;
  const pin = `${labels.surface}${rows.length % 7}`;
  const impression = { user, pin, recommendationId, rank: 1 };
  rows.push({ ...impression, ...labels, kind: 'impression', at });
  const isClicked = nextUnit(random) < clickRate;
  // Late, twice, and once after the window.
  if (isClicked) rows.push({ ...impression, kind: 'click', at: at + 60_000, id: `c${rows.length}` });
  if (isClicked) rows.push({ ...impression, kind: 'click', at: at + 90_000, id: `d${rows.length}` });
  rows.push({ ...impression, kind: 'click', at: at + 25 * 3_600_000 + 1, id: `l${rows.length}` });
  return isClicked;
}

for (let i = 0; i < 300; i++) {
  const [user, arm] = [`u${i}`, i % 2 === 0 ? 'a' : 'b'];
  const taste = nextUnit(random);
  const sums: Sums = { arm, shown: 0, clicked: 0, shownBefore: 0, clickedBefore: 0 };
  people.set(user, sums);
  for (let day = -20; day < 10; day += 2) {
    // The first list of an experiment's first day was shown before its start.
    const at = start + day * dayMs + (day === 0 ? -3_600_000 : 0);
    const isBefore = at < start;
    const labels = isBefore ? { surface: 'test' } : { surface: 'test', arm: `test/${arm}` };
    const isClicked = show(user, at, labels, taste * (isBefore || arm === 'a' ? 0.5 : 0.7));
    sums[isBefore ? 'shownBefore' : 'shown']++;
    sums[isBefore ? 'clickedBefore' : 'clicked'] += Number(isClicked);
  }
  // What other surfaces and experiments show does not count.
  show(user, start + dayMs + 5, { surface: 'other', arm: 'other/a' }, 1);
}
rows.push({ kind: 'unsubscribe', user: 'u0', at: start + 3 * dayMs, id: 'un1' });
rows.push({ kind: 'unsubscribe', user: 'u1', at: start - 3 * dayMs, id: 'un2' });
rows.push({ kind: 'unsubscribe', user: 'stranger', at: start + 3 * dayMs, id: 'un3' });

const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;
const covariance = (x: readonly number[], y: readonly number[]): number => {
  const [mx, my] = [mean(x), mean(y)];
  return x.reduce((sum, each, i) => sum + (each - mx) * (y[i]! - my), 0) / (x.length - 1);
};

test('a report has the figures of a plain recount: exposures, ratios by the delta method, CUPED, guardrails', async () => {
  await put('test', { plannedUsers: 150, guardrails: [{ metric: 'unsubscribe' }, { metric: 'click' }] });
  for (let i = 0; i < rows.length; i += 5_000)
    expect((await server.post('/v1/interactions', rows.slice(i, i + 5_000))).status).toBe(202);
  const body = await report('test');
  const all = [...people.values()];
  const before = mean(all.map((p) => p.clickedBefore)) / mean(all.map((p) => p.shownBefore));
  const arms = ['a', 'b'].map((name) => {
    const own = all.filter(({ arm }) => arm === name);
    const [clicks, shown] = [own.map((p) => p.clicked), own.map((p) => p.shown)];
    const value = mean(clicks) / mean(shown);
    // Linearised by person.
    const y = own.map((p) => (p.clicked - value * p.shown) / mean(shown));
    const x = own.map((p) => p.clickedBefore - before * p.shownBefore);
    return { own, value, y, x, shown: mean(shown) * own.length };
  });
  const [a, b] = arms as [(typeof arms)[0], (typeof arms)[0]];
  expect(body.arms).toEqual([
    { name: 'a', share: 0.5, users: 150, impressions: a.shown },
    { name: 'b', share: 0.5, users: 150, impressions: b.shown },
  ]);
  expect(body.sampleRatio).toEqual({ pValue: 1, isOff: false });
  const [{ effects, controlValue }, unsubscribed, clicked] = body.metrics;
  const [effect] = effects;
  expect(controlValue).toBeCloseTo(a.value, 12);
  expect(effect.raw.difference).toBeCloseTo(b.value - a.value, 12);
  const variance = arms.reduce((sum, { y, own }) => sum + covariance(y, y) / own.length, 0);
  expect(effect.raw.standardError).toBeCloseTo(Math.sqrt(variance), 12);
  const theta =
    arms.reduce((sum, { x, y }) => sum + covariance(x, y), 0) /
    arms.reduce((sum, { x }) => sum + covariance(x, x), 0);
  expect(effect.adjusted.difference).toBeCloseTo(b.value - a.value - theta * (mean(b.x) - mean(a.x)), 10);
  expect(effect.adjusted.varianceReduction).toBeGreaterThan(0.1);
  expect([effect.verdict, effect.pValue < 0.05]).toEqual(['higher', true]);
  expect(unsubscribed).toMatchObject({ metric: 'unsubscribe', role: 'guardrail' });
  expect(unsubscribed.controlValue).toBeCloseTo(1 / 150, 12);
  expect(clicked.controlValue).toBeCloseTo(mean(a.own.map((p) => p.clicked)), 12);
  expect(clicked.effects[0].isHarm).toBe(true);
});

test('a report counts a day anew only when its rows or those around it change, and shows the effect by day', async () => {
  const before = await report('test');
  expect(before.daysCounted).toBe(0);
  const late = { user: 'u0', pin: 'p0', recommendationId: 'late', arm: 'test/a', surface: 'test' };
  await server.post('/v1/interactions', { ...late, kind: 'impression', at: start + 5 * dayMs });
  const after = await report('test');
  // A window of a day, and a day for clocks that differ.
  expect([after.daysCounted > 0, after.daysCounted <= 5]).toEqual([true, true]);
  expect(after.arms[0].impressions).toBe(before.arms[0].impressions + 1);
  const { days, metrics } = after;
  const [{ difference }] = days.at(-1).arms;
  expect(difference).toBe(metrics[0].effects[0].adjusted.difference);
  const widths = days.map(({ arms: [arm] }: Answer['body']) => arm.high - arm.low);
  expect(widths.at(-1)).toBeLessThan(widths.find((width: number) => width > 0));
});

test('people in several arms are left out and counted; a sample ratio that is off decides nothing', async () => {
  await put('mixed', { plannedUsers: 100 });
  const shown = (user: string, arm: string, i: number): object => ({
    kind: 'impression',
    user,
    pin: 'p',
    at: start + dayMs + i,
    surface: 'mixed',
    arm: `mixed/${arm}`,
    recommendationId: `m${user}${i}`,
  });
  const all = [shown('both', 'a', 0), shown('both', 'b', 1)];
  for (let i = 0; i < 200; i++) {
    all.push(shown(`a${i}`, 'a', i), shown(`a${i}`, 'a', 300 + i));
    all.push({ ...shown(`a${i}`, 'a', i), kind: 'click', at: start + dayMs + i });
    if (i < 60) all.push(shown(`b${i}`, 'b', i));
  }
  await server.post('/v1/interactions', all);
  const body = await report('mixed');
  expect([body.inSeveralArms, body.arms.map(({ users }: Answer['body']) => users)]).toEqual([1, [200, 60]]);
  expect([body.sampleRatio.isOff, body.metrics[0].effects[0].verdict]).toEqual([true, 'undecided']);
});

test('the command lists experiments, and reports as the server does', async () => {
  const data = ['--data', server.folder.root];
  const listed = await pinwalk('experiments', 'list', ...data);
  expect(listed.stdout).toContain('test        test     a 1, b 1');
  const printed = await pinwalk('experiments', 'report', 'test', ...data);
  expect([printed.code, printed.stdout]).toEqual([0, expect.stringContaining('b: higher.')]);
  const { daysCounted: _, ...body } = await report('test');
  expect(
    JSON.parse((await pinwalk('experiments', 'report', 'test', '--json', ...data)).stdout),
  ).toMatchObject(body);
  expect(await pinwalk('experiments', 'report', 'none', ...data)).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('there are test, mixed') as string,
  });
});

test('an experiment without interactions has a report, and a restarted one ignores earlier impressions', async () => {
  await put('empty');
  const body = await report('empty');
  expect([body.days, body.arms[1], body.metrics[0].effects[0].raw.difference]).toEqual([
    [],
    { name: 'b', share: 0.5, users: 0, impressions: 0 },
    null,
  ]);
  await put('test', { plannedUsers: 150, restart: true, start: new Date(start + 9 * dayMs).toISOString() });
  expect((await report('test')).arms.map(({ users }: Answer['body']) => users)).toEqual([0, 0]);
});
