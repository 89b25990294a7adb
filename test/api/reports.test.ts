import { expect, test } from 'vitest';
import { activateSnapshot, buildSnapshot } from '../../graph-data/index.ts';
import { importSaves } from '../data-folders.ts';
import { pinwalk } from '../scripts/command.ts';
import { serveForSuite } from './server.ts';

const server = serveForSuite((folder) => importSaves(folder, ['ann pasta basil']), { isBuilt: false });
const path = '/v1/reports/engagement?from=2026-11-01&to=2026-11-03';

test('reports recorded interactions, by REST and by the command; without interactions, nothing', async () => {
  const empty = await server.get(path);
  expect([empty.status, empty.body]).toEqual([
    200,
    {
      from: '2026-11-01',
      to: '2026-11-03',
      by: 'surface',
      windowHours: 24,
      touch: 'last',
      dedupe: 'impression',
      total: { impressions: 0, actions: [] },
      rows: [],
      uncredited: [],
      daysCounted: 0,
    },
  ]);
  const row = { user: 'ann', pin: 'leek', at: '2026-11-02T10:00:00Z', surface: 'feed', rank: 1 };
  const rows = [
    { ...row, kind: 'impression' },
    { ...row, kind: 'impression', pin: 'basil', rank: 2 },
    { ...row, kind: 'click', at: '2026-11-03T09:59:59Z', surface: undefined },
    { ...row, kind: 'click', at: '2026-11-03T10:00:01Z', surface: undefined },
  ];
  expect((await server.post('/v1/interactions', rows)).status).toBe(202);
  const { body } = await server.get(`${path}&by=rank`);
  const click = { kind: 'click', impressions: 1, actions: 1, value: 0 };
  expect(body).toMatchObject({
    rows: [
      { group: '1', impressions: 1, actions: [{ ...click, rate: 1 }] },
      { group: '2', impressions: 1, actions: [] },
    ],
    total: { impressions: 2, actions: [{ ...click, rate: 0.5 }] },
    uncredited: [{ kind: 'click', actions: 1 }],
    daysCounted: 2,
  });
  const of = ['report', '--data', server.folder.root, '--from', '2026-11-01', '--to', '2026-11-03'];
  const printed = await pinwalk(...of);
  expect(printed).toMatchObject({ code: 0, stderr: '' });
  expect(printed.stdout).toMatch(/^surface +impressions +click +rate\nfeed +2 +1 +50\.00 % \(/);
  expect(printed.stdout).toMatch(/without an impression: 1 click\n$/);
  expect(JSON.parse((await pinwalk(...of, '--json')).stdout)).toMatchObject({ daysCounted: 0 });
});

test('by community and by popularity, a report needs a snapshot', async () => {
  for (const by of ['community', 'popularity']) {
    const { status, body } = await server.get(`${path}&by=${by}`);
    expect([status, body.code]).toEqual([503, 'graph-not-ready']);
  }
});

test('by community, a report needs a snapshot with communities', async () => {
  const { folder } = server;
  const { version } = await buildSnapshot(folder, () => 0, { analysis: false });
  activateSnapshot(folder, version);
  const { status, body } = await server.get(`${path}&by=community`);
  expect([status, body.code]).toEqual([409, 'conflict']);
  expect(body.detail).toContain('--analysis');
  expect((await server.get(`${path}&by=popularity`)).body.rows).toMatchObject([
    { group: '1', impressions: 1 },
    { group: null, impressions: 1 },
  ]);
});

test('more reports than may wait are refused', async () => {
  // Some end while others arrive: eleven find room at the least.
  const answers = await Promise.all(Array.from({ length: 100 }, () => server.get(path)));
  const statuses = Map.groupBy(answers, ({ status }) => status);
  expect([...statuses.keys()].toSorted((a, b) => a - b)).toEqual([200, 503]);
  expect(statuses.get(200)!.length).toBeGreaterThanOrEqual(11);
  expect(statuses.get(503)![0]!.body).toMatchObject({ code: 'overloaded' });
});

test.each(['from=2026-11-04', 'from=2025-01-01', 'windowHours=0', 'by=user', 'from=11/2026'])(
  'refuses %s',
  async (query) => {
    const refused = await server.get(`/v1/reports/engagement?to=2026-11-03&${query}`);
    expect([refused.status, refused.body.code]).toEqual([400, 'invalid-request']);
  },
);
