import { type InterestTree, hasCampaigns, hidingKinds, listMonths } from '../../graph-data/index.ts';
import { Problem, invalidRequest, noParameters } from '../base/index.ts';
import {
  campaignParameters,
  campaignPath,
  campaignReportResponse,
  campaignRequest,
  campaignResponse,
  campaignsParameters,
  campaignsResponse,
  removalResponse,
} from '../contract/index.ts';
import { type Route, defineRoute } from '../http/index.ts';
import type { Service } from '../service.ts';
import { unknownKeysOf } from './unknown-keys.ts';

const common = { tag: 'campaigns', scope: 'admin', needsWriter: true } as const;
const one = { ...common, path: '/v1/campaigns/{id}', params: campaignPath } as const;

/** Promoted pins: campaigns with their targets, bids and budgets, and their reports. */
export function campaignRoutes(service: Service): Route[] {
  const { folder, campaigns, promotion, graphs, reports, store, turns, wallClock } = service;
  const { interestCatalog: catalog } = service;
  const find = async (id: string) => {
    const found = (await promotion.codeIfUsed())?.readCampaign(folder, id, wallClock());
    if (found === undefined) throw new Problem('unknown-campaign', `there is no campaign ${id}`);
    return found;
  };
  return [
    defineRoute({
      ...common,
      method: 'get',
      path: '/v1/campaigns',
      operationId: 'listCampaigns',
      summary: 'All campaigns, by id, with their spend',
      params: noParameters,
      query: campaignsParameters,
      response: { status: 200, description: 'A page of campaigns', schema: campaignsResponse },
      problems: ['storage-unavailable'],
      handle: async ({ query: { limit, cursor = '' } }) => {
        const code = await promotion.codeIfUsed();
        if (code === undefined) return { body: { campaigns: [], nextCursor: null } };
        const now = wallClock();
        const page = code.readCampaigns(folder, now, limit, cursor);
        const last = page.length === limit ? page.at(-1) : undefined;
        return {
          body: { campaigns: page.map((each) => code.campaignBody(each, now)), nextCursor: last?.id ?? null },
        };
      },
    }),
    defineRoute({
      ...one,
      method: 'get',
      operationId: 'getCampaign',
      summary: 'A campaign, with its spend',
      query: noParameters,
      response: { status: 200, description: 'The campaign', schema: campaignResponse },
      problems: ['unknown-campaign', 'storage-unavailable'],
      handle: async ({ params: { id } }) => {
        const found = await find(id);
        const { campaignBody } = await promotion.code();
        return { body: campaignBody(found, wallClock()) };
      },
    }),
    defineRoute({
      ...common,
      method: 'get',
      path: '/v1/campaigns/{id}/report',
      params: campaignPath,
      operationId: 'reportCampaign',
      summary: 'Report on a campaign: impressions, actions, spend, reach, lift, and how its auctions went',
      description:
        'Counts are those of its ledger, by day of its zone, by surface and by interest. Lift compares people who were shown it with people of its holdout ' +
        'who would have been, by actions on its pins in the interactions.',
      query: noParameters,
      response: { status: 200, description: 'The report', schema: campaignReportResponse },
      problems: ['unknown-campaign', 'overloaded', 'storage-unavailable'],
      handle: async ({ params: { id }, signal }) => {
        const { number, settings, createdAt } = await find(id);
        const report = await reports.campaign({ id, number, settings, createdAt }, signal);
        const { campaignReportBody } = await promotion.code();
        return { body: campaignReportBody(id, report, interestNames(service)) };
      },
    }),
    defineRoute({
      ...one,
      method: 'put',
      operationId: 'putCampaign',
      summary: 'Create or replace a campaign: pins, targets, bid, budgets; or try one out with dryRun',
      description:
        'Changes count from the next request on; `paused` stops it, also one whose pins are deleted. Once it has begun, its `bid.per`, `timeZone` ' +
        'and `holdout` stay. With `dryRun`, nothing is stored, and `reach` says how many people a week were shown lists that it suits.',
      query: campaignParameters,
      body: campaignRequest(unknownKeysOf({ store, catalog, snapshot: () => graphs.snapshot })),
      response: { status: 200, description: 'The campaign is durable', schema: campaignResponse },
      problems: ['conflict', 'graph-not-ready', 'overloaded', 'storage-unavailable'],
      handle: async ({ params: { id }, query: { dryRun }, body, signal }) => {
        const now = wallClock();
        const { campaignBody, readCampaign, settingsOf, targetPins } = await promotion.code();
        const before = readCampaign(folder, id, now);
        const settings = settingsOf(body, before, now);
        assertOrder(settings);
        const { createdAt = now, spent = 0, spentToday = 0 } = before ?? {};
        if (dryRun) {
          const isTarget = await targetPins(
            { store, catalog, turns },
            () => graphs.snapshot,
            settings.targets,
          );
          const { surfaces, frequencyCap } = settings;
          // The log does not hold search texts.
          const isUnknown = isTarget === undefined && settings.targets.searchTerms.length > 0;
          const reach = isUnknown
            ? { days: 0, people: undefined, impressions: undefined }
            : await reports.reach({ surfaces, frequencyCap, isTarget, now }, signal);
          return { body: campaignBody({ id, settings, spentToday, spent, createdAt }, now, reach) };
        }
        // First, so that nobody who hides a pin meanwhile is missed.
        const fresh = await campaigns.call('watch', settings.pins);
        const hasLog = fresh.length > 0 && listMonths(folder).length > 0;
        const hidden = hasLog ? await reports.actions([...hidingKinds], fresh, signal) : [];
        const result = await campaigns.call('put', id, settings, hidden, now);
        if (result.kind === 'fixed') {
          const what = result.fields.join(', ');
          throw new Problem(
            'conflict',
            `${id} has begun: to change ${what}, give another id, and end this one`,
          );
        }
        if (result.kind === 'full')
          throw new Problem('conflict', `there are ${result.max} campaigns already: delete one first`);
        return { body: campaignBody({ ...result.campaign, spentToday, spent }, now) };
      },
    }),
    defineRoute({
      ...one,
      method: 'delete',
      operationId: 'removeCampaign',
      summary: 'Delete a campaign with its impressions and its ledger',
      description:
        'To keep the report, end it instead: `end`, or `paused`. Interactions are kept. Deleting a campaign that does not exist is not an error.',
      query: noParameters,
      response: { status: 200, description: 'The campaign is removed', schema: removalResponse },
      problems: ['overloaded', 'storage-unavailable'],
      handle: async ({ params: { id } }) => {
        const isThere = hasCampaigns(folder) && (await campaigns.call('remove', id));
        return { body: { result: isThere ? ('removed' as const) : ('absent' as const) } };
      },
    }),
  ];
}

/** Names of interests by id, from the served graph, which is looked at with the first; none without a graph. */
function interestNames({ graphs, interestCatalog }: Service): (id: string) => string | undefined {
  let tree: InterestTree | undefined;
  return (id) => {
    if (id === '' || graphs.current === undefined) return undefined;
    tree ??= interestCatalog.of(graphs.current).tree;
    const place = tree.placeOf(id);
    return place === undefined ? undefined : tree.interests[place]!.name;
  };
}

/** Where the request names one time, and the other is stored, or now. */
function assertOrder({ start, end }: { readonly start: string; readonly end: string | null }): void {
  if (end !== null && end <= start) {
    throw invalidRequest([{ pointer: '/end', code: 'custom', detail: 'is not after `start`' }]);
  }
}
