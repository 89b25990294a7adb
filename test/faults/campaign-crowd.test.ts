import path from 'node:path';
import { Agent, request as requestHttp } from 'node:http';
import SqliteDatabase from 'better-sqlite3';
import { afterAll, expect, test } from 'vitest';
import { nextBelow, nextUnit, randomStream } from '../../engine/index.ts';
import { activateSnapshot, buildSnapshot, openDataFolder } from '../../graph-data/index.ts';
import { temporaryFolder } from '../data-folders.ts';
import { importTopics } from '../topics.ts';
import { type RealServer, killServer, startServer } from './real-server.ts';

/** `npm run crowd` sends 100,000. */
const requests = Number(process.env['PINWALK_CROWD'] ?? 1_500);
const atOnce = 250;
const people = 4_000;
const bid = 40_000;
/** Used up within the first of the requests: the others find it so. */
const dailyBudgetMicros = bid * Math.max(10, Math.floor(requests / 500));
const campaigns = {
  click: { pin: 'bread-15', per: 'click', totalBudgetMicros: null },
  save: { pin: 'bread-11', per: 'save', totalBudgetMicros: Math.floor(0.7 * dailyBudgetMicros) },
} as const;
type CampaignId = keyof typeof campaigns;

const random = randomStream(Number(process.env['PINWALK_SEED'] ?? 31));
const agent = new Agent({ keepAlive: true, maxSockets: atOnce });
const shown: { readonly token: string; readonly user: string; readonly campaign: CampaignId }[] = [];
const statuses = new Map<number, number>();
let server: RealServer | undefined;
afterAll(async () => {
  agent.destroy();
  await killServer(server);
});

async function send(method: string, pathname: string, body: unknown): Promise<unknown> {
  const text = await new Promise<{ status: number; text: string }>((resolve, reject) => {
    const url = new URL(pathname, server!.url);
    const headers = { 'content-type': 'application/json' };
    const sent = requestHttp(url, { method, headers, agent }, (response) => {
      let all = '';
      response.setEncoding('utf8').on('data', (part: string) => (all += part));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text: all }));
    });
    sent.on('error', reject).end(JSON.stringify(body));
  });
  statuses.set(text.status, (statuses.get(text.status) ?? 0) + 1);
  return JSON.parse(text.text) as unknown;
}

async function look(): Promise<void> {
  const user = `person-${nextBelow(random, people)}`;
  const request = { query: [{ pin: 'bread-0' }], limit: 3, viewer: user, promoted: { slots: [1, 2] } };
  const { items = [] } = (await send('POST', '/v1/recommendations', request)) as {
    items?: { promoted?: { campaign: CampaignId; token: string } }[];
  };
  for (const { promoted } of items)
    if (promoted !== undefined) shown.push({ token: promoted.token, user, campaign: promoted.campaign });
}

/** Most of what was shown is clicked on again and again, at the same time. */
async function act(): Promise<void> {
  const { token, user, campaign } = shown[Math.max(0, shown.length - 1 - nextBelow(random, 200))]!;
  const { per, pin } = campaigns[campaign];
  await send('POST', '/v1/interactions', { kind: per, user, pin, promoted: token });
}

test(
  `${requests} requests, ${atOnce} at once, spend no more than a budget, and charge no impression twice`,
  { timeout: 1_200_000 + 20 * requests },
  async () => {
    const data = openDataFolder(path.join(temporaryFolder(), 'data'));
    await importTopics(data);
    activateSnapshot(data, (await buildSnapshot(data, () => 0)).version);
    server = await startServer(data.root);
    const frequencyCap = { impressions: 1_000, hours: 24 };
    for (const [id, { pin, per, totalBudgetMicros }] of Object.entries(campaigns)) {
      const campaign = { pins: [pin], bid: { per, micros: bid }, dailyBudgetMicros, totalBudgetMicros };
      await send('PUT', `/v1/campaigns/${id}`, { ...campaign, frequencyCap });
    }
    await look();
    let left = requests;
    const client = async (): Promise<void> => {
      while (left-- > 0) await (nextUnit(random) < 0.3 ? look() : act());
    };
    await Promise.all(Array.from({ length: atOnce }, client));
    server.child.kill('SIGTERM');
    await server.ended;
    const database = new SqliteDatabase(path.join(data.root, 'campaigns.db'), { readonly: true });
    const all = <Row>(sql: string): Row[] => database.prepare<[], Row>(sql).all();
    const spent = all<{ id: CampaignId; day: string; spent: number; paid: number }>(
      `SELECT id, day, total(days.spent) AS spent,
         (SELECT total(price) FROM charges WHERE charges.campaign = number AND charges.day = days.day) AS paid
       FROM campaigns JOIN days ON days.campaign = number GROUP BY number, day`,
    );
    const [{ twice }] = all<{ twice: number }>(
      `SELECT count(*) - count(DISTINCT impression) AS twice FROM charges WHERE result = 'charged'`,
    ) as [{ twice: number }];
    database.close();
    for (const each of spent) {
      expect(each.paid).toBe(each.spent);
      expect(each.spent).toBeLessThanOrEqual(dailyBudgetMicros);
    }
    const total = spent.reduce((sum, each) => sum + (each.id === 'save' ? each.spent : 0), 0);
    expect(total).toBeLessThanOrEqual(campaigns.save.totalBudgetMicros);
    expect(twice).toBe(0);
    // The demand was there: less than a bid is left.
    expect(total).toBeGreaterThan(campaigns.save.totalBudgetMicros - bid);
    expect([...statuses.keys()].toSorted((a, b) => a - b)).toEqual([200, 202]);
  },
);
