import type { Campaign, CampaignReach, CampaignSettings, KeptCampaign } from '../../graph-data/index.ts';
import type { CampaignRequest, CampaignResponse } from '../contract/index.ts';

/** The campaign that a request stores. `before`: the campaign that it replaces. */
export function settingsOf(
  { start, end, users, ...fields }: CampaignRequest,
  before: Campaign | undefined,
  now: number,
): CampaignSettings {
  const from =
    start === undefined
      ? (before?.settings.start ?? new Date(now).toISOString())
      : new Date(start).toISOString();
  return {
    ...fields,
    ...(users !== undefined && { users }),
    start: from,
    end: end === null ? null : new Date(end).toISOString(),
  };
}

export function campaignBody(
  { id, settings, spentToday, spent, createdAt }: Omit<KeptCampaign, 'number'>,
  now: number,
  reach?: CampaignReach,
): CampaignResponse {
  return {
    id,
    state: stateOf(settings, spentToday, spent, now),
    ...(settings as Omit<CampaignSettings, 'users'> & Pick<CampaignResponse, 'users'>),
    spentTodayMicros: spentToday,
    spentMicros: spent,
    createdAt: new Date(createdAt).toISOString(),
    ...(reach !== undefined && {
      reach: { days: reach.days, people: reach.people ?? null, impressions: reach.impressions ?? null },
    }),
  };
}

function stateOf(
  { paused, start, end, bid, dailyBudgetMicros, totalBudgetMicros }: CampaignSettings,
  spentToday: number,
  spent: number,
  now: number,
): CampaignResponse['state'] {
  if (end !== null && Date.parse(end) <= now) return 'ended';
  if (paused) return 'paused';
  if (Date.parse(start) > now) return 'planned';
  const left = Math.min(dailyBudgetMicros - spentToday, (totalBudgetMicros ?? Infinity) - spent);
  return left < bid.micros ? 'spent' : 'running';
}
