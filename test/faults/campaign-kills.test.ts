import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import SqliteDatabase from 'better-sqlite3';
import { afterAll, afterEach, expect, test } from 'vitest';
import { nextBelow, nextUnit, randomStream } from '../../engine/index.ts';
import { activateSnapshot, buildSnapshot, openDataFolder } from '../../graph-data/index.ts';
import { temporaryFolder } from '../data-folders.ts';
import { importTopics } from '../topics.ts';
import { type RealServer, killServer, startServer } from './real-server.ts';

/** `npm run faults` kills a hundred times. */
const kills = Number(process.env['PINWALK_KILLS'] ?? 2);
const random = randomStream(Number(process.env['PINWALK_SEED'] ?? 29));
const root = temporaryFolder(afterAll);
let server: RealServer | undefined;
afterEach(async () => killServer(server));
const oneOf = <Item>(items: readonly Item[]): Item => items[nextBelow(random, items.length)]!;

const hourMs = 3_600_000;
const people = Array.from({ length: 60 }, (_, i) => `person-${i}`);
const campaigns = {
  berlin: { per: 'click', pin: 'bread-15', timeZone: 'Europe/Berlin', daily: 400_000, total: null },
  tokyo: {
    per: 'save',
    pin: 'bread-11',
    timeZone: 'Asia/Tokyo',
    daily: 300_000,
    total: 300_000 + 200_000 * kills,
  },
} as const;
type CampaignId = keyof typeof campaigns;

/** What clients know: tokens that a response had, and those whose action was acknowledged. */
const shown: { readonly token: string; readonly user: string; readonly campaign: CampaignId }[] = [];
const [seen, acknowledged] = [new Set<string>(), new Set<string>()];
/** Responses to actions: of a day whose budgets are used up, all are on pins that were shown before. */
let responses = 0;

async function send(method: string, url: string, body: unknown): Promise<{ status: number; body: unknown }> {
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(url, { method, headers, body: JSON.stringify(body) });
  return { status: response.status, body: await response.json() };
}

/** Looks at lists and acts on what is promoted there, new and old, some of it twice, until the server is gone. */
async function browseUntilCut(url: string): Promise<void> {
  for (;;) {
    try {
      const user = oneOf(people);
      const request = { query: [{ pin: 'bread-0' }], limit: 3, viewer: user, promoted: { slots: [1, 2] } };
      const list = await send('POST', `${url}/v1/recommendations`, request);
      expect(list.status).toBe(200);
      const { items } = list.body as { items: { promoted?: { campaign: CampaignId; token: string } }[] };
      for (const { promoted } of items) {
        if (promoted === undefined) continue;
        shown.push({ token: promoted.token, user, campaign: promoted.campaign });
        seen.add(promoted.token);
      }
      const acted = nextUnit(random) < 0.2 && shown.length > 0 ? oneOf(shown) : shown.at(-1);
      if (acted !== undefined) await act(url, acted);
    } catch (error) {
      if (error instanceof TypeError || error instanceof SyntaxError) return;
      throw error;
    }
  }
}

async function act(url: string, { token, user, campaign }: (typeof shown)[number]): Promise<void> {
  const { per, pin } = campaigns[campaign];
  const row = { kind: per, user, pin, promoted: token };
  const times = nextUnit(random) < 0.3 ? 2 : 1;
  const answers = await Promise.all(
    Array.from({ length: times }, async () => send('POST', `${url}/v1/interactions`, row)),
  );
  for (const { status } of answers) expect(status).toBe(202);
  responses += times;
  acknowledged.add(token);
}

/** What the ledger of a dead server must be, whatever happened. */
function assertLedger(file: string): number {
  const database = new SqliteDatabase(file, { readonly: true });
  const all = <Row>(sql: string): Row[] => database.prepare<[], Row>(sql).all();
  try {
    const byDay = all<{ id: CampaignId; day: string; paid: number; spent: number }>(
      `SELECT id, day, (SELECT total(price) FROM charges WHERE charges.campaign = number AND charges.day = days.day) AS paid,
         total(days.spent) AS spent
       FROM campaigns JOIN days ON days.campaign = number GROUP BY number, day`,
    );
    for (const { id, paid, spent } of byDay) {
      expect(paid).toBe(spent);
      expect(spent).toBeLessThanOrEqual(campaigns[id].daily);
    }
    for (const { id, spent, sum } of all<{ id: CampaignId; spent: number; sum: number }>(
      'SELECT id, spent, (SELECT total(price) FROM charges WHERE campaign = number) AS sum FROM campaigns',
    )) {
      expect(sum).toBe(spent);
      expect(spent).toBeLessThanOrEqual(campaigns[id].total ?? Infinity);
    }
    const ids = (sql: string): Set<string> =>
      new Set(all<{ id: Buffer }>(sql).map(({ id }) => id.toString('hex')));
    const [impressions, charges] = [
      ids('SELECT id FROM impressions'),
      ids('SELECT impression AS id FROM charges'),
    ];
    const [{ counted }] = all<{ counted: number }>('SELECT total(impressions) AS counted FROM days') as [{ counted: number }]; // prettier-ignore
    expect(counted).toBe(impressions.size);
    const idOf = (token: string): string => Buffer.from(token, 'base64url').subarray(0, 16).toString('hex');
    expect([...seen].filter((token) => !impressions.has(idOf(token)))).toEqual([]);
    expect([...acknowledged].filter((token) => !charges.has(idOf(token)))).toEqual([]);
    return byDay.reduce((sum, { spent }) => sum + spent, 0);
  } finally {
    database.close();
  }
}

test(
  `${kills} kills of a server: nothing spent beyond a budget, no click charged twice, no acknowledged one lost`,
  { timeout: 1_200_000 + 120_000 * kills },
  async () => {
    const data = openDataFolder(path.join(root, 'data'));
    await importTopics(data);
    activateSnapshot(data, (await buildSnapshot(data, () => 0)).version);
    const clock = path.join(root, 'clock');
    process.env['NODE_OPTIONS'] = `--import ${path.join(import.meta.dirname, 'moved-clock.ts')}`;
    process.env['PINWALK_TEST_CLOCK'] = clock;
    afterAll(() => {
      delete process.env['NODE_OPTIONS'];
      delete process.env['PINWALK_TEST_CLOCK'];
    });
    // Shortly before midnight of Tokyo.
    let aheadMs = Date.UTC(2027, 0, 20, 14, 59, 55) - Date.now();
    let spentBefore = -1;
    for (let kill = 0; kill < kills; kill++) {
      writeFileSync(clock, String(Math.round(aheadMs)));
      server = await startServer(data.root);
      const { url, child, ended } = server;
      for (const [id, { per, pin, timeZone, daily, total }] of kill === 0 ? Object.entries(campaigns) : []) {
        const campaign = {
          pins: [pin],
          bid: { per, micros: 30_000 },
          dailyBudgetMicros: daily,
          totalBudgetMicros: total,
        };
        const frequencyCap = { impressions: 1_000, hours: 24 };
        const stored = await send('PUT', `${url}/v1/campaigns/${id}`, {
          ...campaign,
          timeZone,
          frequencyCap,
        });
        expect(stored.status).toBe(200);
      }
      const before = responses;
      const browsing = Array.from({ length: 6 }, async () => browseUntilCut(url));
      await expect.poll(() => responses, { interval: 5 }).toBeGreaterThan(before + 30);
      await wait(nextBelow(random, 200));
      child.kill('SIGKILL');
      expect((await ended).signal).toBe('SIGKILL');
      await Promise.all(browsing);
      const spent = assertLedger(path.join(data.root, 'campaigns.db'));
      // Days go by; within one, the budget may be used up.
      expect(spent).toBeGreaterThanOrEqual(spentBefore);
      spentBefore = spent;
      aheadMs += oneOf([1, 5, 8, 24]) * hourMs;
    }
    expect(spentBefore).toBeGreaterThan(0);
  },
);
