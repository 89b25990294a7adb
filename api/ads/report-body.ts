import type { CampaignReport } from '../../graph-data/index.ts';
import type { CampaignReportResponse } from '../contract/index.ts';

type Lift = NonNullable<CampaignReport['lift']>;

/** A report as the API has it. `nameOf`: of an interest by its id; undefined if the graph does not have it. */
export function campaignReportBody(
  id: string,
  report: CampaignReport,
  nameOf: (interest: string) => string | undefined,
): CampaignReportResponse {
  const {
    clickRate,
    saveRate,
    costPerAction,
    predicted,
    actions,
    heldOut: _,
    lift,
    curve,
    auctions,
    interests,
    ...same
  } = report;
  const { impressions, reach } = report;
  return {
    ...same,
    id,
    frequency: reach === 0 ? null : impressions / reach,
    clickRate: estimateOf(clickRate),
    saveRate: estimateOf(saveRate),
    costPerActionMicros: estimateOf(costPerAction),
    prediction: { expected: predicted, actual: actions },
    uncharged: same.uncharged,
    lift: lift === undefined ? null : liftBody(lift),
    pacing: curve.map(({ at, participation, spentMicros }) => ({
      at: new Date(at).toISOString(),
      participation,
      spentTodayMicros: spentMicros,
    })),
    interests: interests.map((each) => interestBody(each, nameOf(each.interest ?? ''))),
    auctions: auctions.map((each) => auctionBody(each, nameOf(each.interest))),
  };
}

function interestBody(
  { clickRate, saveRate, costPerAction, ...counts }: CampaignReport['interests'][number],
  name: string | undefined,
): CampaignReportResponse['interests'][number] {
  return {
    ...counts,
    name: name ?? null,
    clickRate: estimateOf(clickRate),
    saveRate: estimateOf(saveRate),
    costPerActionMicros: estimateOf(costPerAction),
  };
}

function auctionBody(
  { at, surface, priceSetBy, ...others }: CampaignReport['auctions'][number],
  interest: string | undefined,
): CampaignReportResponse['auctions'][number] {
  return {
    ...others,
    at: new Date(at).toISOString(),
    interest: interest ?? null,
    surface: surface === '' ? null : surface,
    priceSetBy: priceSetBy === 'next' ? 'next' : 'reserve',
  };
}

function liftBody(lift: Lift): NonNullable<CampaignReportResponse['lift']> {
  const { exposed, heldOut, exposedValue, heldOutValue, effect, relative, incremental } = lift;
  const { difference, interval } = effect;
  return {
    exposed,
    heldOut,
    actionsPerExposed: exposedValue,
    actionsPerHeldOut: heldOutValue,
    difference: finite({ value: difference, ...interval }),
    relative: relative === undefined ? null : finite(relative),
    incrementalActions: finite(incremental),
    costPerIncrementalActionMicros: lift.costPerIncrementalMicros ?? null,
    sampleRatioPValue: lift.sampleRatioPValue,
  };
}

type Estimate = NonNullable<CampaignReportResponse['clickRate']>;

function estimateOf(rate: CampaignReport['clickRate']): Estimate | null {
  return rate === undefined ? null : finite({ value: rate.rate, low: rate.low, high: rate.high });
}

/** JSON has no other numbers. */
function finite({ value, low, high }: Estimate): Estimate | null {
  return [value, low, high].every(Number.isFinite) ? { value, low, high } : null;
}
