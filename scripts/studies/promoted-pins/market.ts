import {
  type CampaignTarget,
  type RandomStream,
  TargetIndex,
  degreeOf,
  nextUnit,
  nodeCount,
} from '../../../engine/index.ts';
import type { Person, Population } from './people.ts';

/** Advertisers, who know topics and pins but no person. */
export interface Market {
  readonly campaigns: readonly CampaignTarget[];
  /** By campaign, for a click. */
  readonly bids: Float64Array;
  readonly index: TargetIndex;
}

const pinsPerCampaign = 3;
/** Nobody advertises what hardly anybody has saved. */
const savesMin = 5;
/** Median and spread of bids: lognormal. */
const [bidMedianMicros, bidSpread] = [500_000, 0.8];

/** Positions of promoted pins in an answer, and how much of the clicks of the first each gets. */
export const slots: readonly number[] = [3, 10];
export const slotFactors: readonly number[] = [1, 0.6];
export const reserveMicros = 50_000;

/**
 * The click model, hidden from all policies: a rate for anybody, plus one for the share of the person's saves
 * in the pin's topic, hidden saves included, plus one for a pin that they will save; the sum times the factor
 * of the slot.
 */
const clickModel = { anybody: 0.003, taste: 0.02, future: 0.12 };

export function clickProbability({ tree }: Population, { taste, hidden }: Person, pin: number): number {
  const topic = tree.ofPin[pin]!;
  const ofTaste = topic < 0 ? 0 : clickModel.taste * taste[topic]!;
  return clickModel.anybody + ofTaste + (hidden.has(pin) ? clickModel.future : 0);
}

/**
 * Campaigns with pins of one topic each, for people of that topic; bids know nothing of relevance. The more saves a pin has, the more likely
 * it is promoted: by their square root.
 */
export function openMarket({ graph, tree }: Population, count: number, stream: RandomStream): Market {
  const pools = new Map<number, Pool>();
  const all: Pool = { pins: [], until: [] };
  for (let pin = 0; pin < nodeCount(graph.pinToBoard); pin++) {
    const saves = degreeOf(graph.pinToBoard, pin);
    const topic = tree.ofPin[pin]!;
    if (topic < 0 || saves < savesMin) continue;
    const pool = pools.get(topic) ?? { pins: [], until: [] };
    pools.set(topic, pool);
    for (const { pins, until } of [pool, all]) {
      pins.push(pin);
      until.push((until.at(-1) ?? 0) + Math.sqrt(saves));
    }
  }
  const campaigns = Array.from({ length: count }, (): CampaignTarget => {
    const topic = tree.ofPin[drawn(all, stream)]!;
    const pins = Array.from({ length: pinsPerCampaign }, () => drawn(pools.get(topic)!, stream));
    return { pins: [...new Set(pins)], topics: [topic], seedPins: [], excludedTopics: [] };
  });
  const bids = Float64Array.from(campaigns, () =>
    Math.max(reserveMicros, Math.round(bidMedianMicros * Math.exp(bidSpread * nextNormal(stream)))),
  );
  return { campaigns, bids, index: new TargetIndex(campaigns, tree) };
}

/** Pins to draw from, and the sums of their weights. */
interface Pool {
  readonly pins: number[];
  readonly until: number[];
}

function drawn({ pins, until }: Pool, stream: RandomStream): number {
  const at = nextUnit(stream) * until.at(-1)!;
  let [low, high] = [0, pins.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (until[middle]! > at) high = middle;
    else low = middle + 1;
  }
  return pins[low]!;
}

/** Box and Muller. */
function nextNormal(stream: RandomStream): number {
  const radius = Math.sqrt(-2 * Math.log(1 - nextUnit(stream)));
  return radius * Math.cos(2 * Math.PI * nextUnit(stream));
}
