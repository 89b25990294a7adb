import type { TestServer } from '../../api/server.ts';
import type { Example, Examples } from './example.ts';

/** A campaign of its own. */
function campaign(id: string) {
  const bid = { per: 'click', micros: 400_000 } as const;
  return { params: { id }, body: { pins: ['garlic'], bid, dailyBudgetMicros: 20_000_000 } };
}

/** The path of a campaign that is stored. */
export async function storedCampaign(server: TestServer, id: string): Promise<Example> {
  const { params, body } = campaign(id);
  await server.get(`/v1/campaigns/${id}`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return { params };
}

export const campaigns: Examples = {
  listCampaigns: [
    async (server) => ({ ...(await storedCampaign(server, 'ads')), params: {}, query: { limit: 1 } }),
  ],
  putCampaign: [
    campaign('ads'),
    { ...campaign('ads-2'), query: { dryRun: true } },
    {
      params: { id: 'ads-3' },
      body: {
        pins: ['tomato'],
        label: 'Sponsored',
        targets: { pins: ['basil'], boards: ['salad'] },
        users: { language: 'de' },
        surfaces: ['home'],
        bid: { per: 'save', micros: 1 },
        dailyBudgetMicros: 1,
        totalBudgetMicros: 1,
        timeZone: 'Asia/Tokyo',
        frequencyCap: { impressions: 1, hours: 720 },
        holdout: 0.5,
        start: '2099-01-01',
        end: '2099-02-01',
        paused: true,
      },
    },
    async (server) => {
      const { params, body } = campaign('begun');
      await storedCampaign(server, 'begun');
      return { params, body: { ...body, timeZone: 'Asia/Tokyo' }, problem: 'conflict' };
    },
  ],
  getCampaign: [
    async (server) => storedCampaign(server, 'ads'),
    { params: { id: 'nothing' }, problem: 'unknown-campaign' },
  ],
  reportCampaign: [
    async (server) => {
      const example = await storedCampaign(server, 'seen');
      await server.post('/v1/recommendations', {
        query: [{ pin: 'basil' }],
        limit: 1,
        viewer: 'dan',
        promoted: { slots: [1] },
      });
      return example;
    },
    { params: { id: 'nothing' }, problem: 'unknown-campaign' },
  ],
  removeCampaign: [async (server) => storedCampaign(server, 'gone'), { params: { id: 'nothing' } }],
};
