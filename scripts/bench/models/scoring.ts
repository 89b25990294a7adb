import {
  type FeatureFields,
  type ScorerModel,
  type Shown,
  Booster,
  Encoder,
  FeatureState,
  Ftrl,
  Scorer,
  binRows,
  fitBins,
  forestLogOdds,
  logLoss,
  nextBelow,
  nextUnit,
  randomStream,
} from '../../../engine/index.ts';
import { ownFeatures } from '../../../graph-data/index.ts';
import { type BenchCase, hashOf, median } from '../case.ts';

const fields: FeatureFields = {
  entities: ['user', 'pin', 'surface', 'pipeline'],
  numbers: ['score', 'rank'],
  labels: ['click', 'hide', 'save'],
};
const definitions = ownFeatures(fields, 'click');
const [people, pins, slotBits, trees] = [20_000, 100_000, 18, 100];
const minuteMs = 60_000;

/** Log odds of candidates, by a model, from a state. */
type Score = (of: Shown, count: number, out: Float64Array) => void;

/** Scores candidates of people in both forms in turn, after one round to warm up, and compares the bits. Seeded. */
export function benchScoring({
  events,
  candidates,
  rounds,
}: {
  readonly events: number;
  readonly candidates: number;
  readonly rounds: number;
}): BenchCase[] {
  const state = new FeatureState(definitions, fields);
  const { rows, y, time } = fill(state, events);
  const bins = fitBins(rows, state.width, 32);
  const encoder = new Encoder(definitions, fields, { bins, slotBits });
  const ftrl = new Ftrl({ alpha: 0.05, slotBits }, encoder.slotsMax);
  const booster = new Booster(binRows(fitBins(rows, state.width, 64), rows), logLoss(y), {}, 1);
  for (let tree = 0; tree < trees; tree++) booster.grow();
  const forest = booster.forest();
  const slots = new Int32Array(encoder.slotsMax);
  const row = new Float64Array(state.width);
  const blank: Shown = { time, entities: [0, 0, 0, 0], numbers: [0, 0], zone: 'UTC' };
  for (let i = 0; i < y.length; i++) {
    const own = encoder.encode({ ...blank, entities: [0, i % pins, i % 3, 0] }, rows, i * state.width, slots);
    ftrl.learn(slots, own, y[i]!);
  }
  const calibration = { all: { slope: 1, intercept: 0 }, channels: new Map() };
  const scorerOf = (learned: ScorerModel['learned']): Scorer => new Scorer({ features: definitions, fields, calibration, learned }); // prettier-ignore
  const flat = scorerOf({ learner: 'ftrl', bins, weights: ftrl.weights(), slotBits });
  const grown = scorerOf({ learner: 'trees', forest });
  const oneByOne =
    (logOdds: (of: Shown) => number): Score =>
    (of, count, out) => {
      for (let i = 0; i < count; i++) {
        const own = candidateOf(of, count, i);
        state.read(own, row);
        out[i] = logOdds(own);
      }
    };
  const pairs: [name: string, all: Score, each: Score][] = [
    [
      'features',
      (of, count, out) => out.set(state.readAll(of, count).values.subarray(count, 2 * count)),
      oneByOne(() => row[1]!),
    ],
    [
      'ftrl',
      (of, count, out) => flat.logOdds(state, of, count, out),
      oneByOne((of) => ftrl.logOdds(slots, encoder.encode(of, row, 0, slots))),
    ],
    [
      'trees',
      (of, count, out) => grown.logOdds(state, of, count, out),
      oneByOne(() => forestLogOdds(forest, row)),
    ],
  ];
  return pairs.map(([name, all, each]) => {
    const stream = randomStream(7);
    const [times, ratios]: [number[], number[]] = [[], []];
    const [together, apart] = [new Float64Array(candidates), new Float64Array(candidates)];
    const results: number[] = [];
    for (let round = 0; round <= rounds; round++) {
      const of = candidatesOf(stream, candidates, time);
      const [allMs, eachMs] = [timeOf(all, of, together), timeOf(each, of, apart)];
      if (Buffer.compare(Buffer.from(together.buffer), Buffer.from(apart.buffer)) !== 0) {
        throw new Error(`${name}: candidates scored together and apart differ`);
      }
      results.push(together[0]!);
      if (round === 0) continue;
      times.push(allMs);
      ratios.push(eachMs / allMs);
    }
    const ratio = { 'one by one': median(ratios) };
    return { name: `score-${name}`, value: median(times), unit: 'ms', ratios: ratio, hash: hashOf(results) };
  });
}

function timeOf(score: Score, of: Shown, out: Float64Array): number {
  const began = performance.now();
  score(of, out.length, out);
  return performance.now() - began;
}

/** Counts impressions and clicks of people who like some pins; returns the features of some of them. */
function fill(
  state: FeatureState,
  events: number,
): { readonly rows: Float64Array; readonly y: Uint8Array; readonly time: number } {
  const stream = randomStream(1);
  const kept = Math.min(events, 50_000);
  const rows = new Float64Array(kept * state.width);
  const y = new Uint8Array(kept);
  let time = Date.UTC(2026, 0, 1);
  for (let i = 0; i < events; i++) {
    time += nextBelow(stream, minuteMs / 10);
    const [user, pin] = [skewed(nextUnit(stream), people), skewed(nextUnit(stream), pins)];
    const of: Shown = {
      time,
      entities: [user, pin, nextBelow(stream, 3), 0],
      numbers: [nextUnit(stream), 1 + nextBelow(stream, 20)],
      zone: 'UTC',
    };
    const row = i - (events - kept);
    if (row >= 0) state.read(of, rows, row * state.width);
    state.shown(of);
    for (const label of [0, 1, 2]) {
      if (nextUnit(stream) > (label === 0 ? 0.1 + ((user + pin) % 7) / 20 : 0.02)) continue;
      state.acted(of, label, time);
      if (row >= 0 && label === 0) y[row] = 1;
    }
  }
  return { rows, y, time };
}

/** Many events of few, and few of many. */
function skewed(unit: number, count: number): number {
  return Math.floor(count * unit ** 3);
}

function candidatesOf(stream: ReturnType<typeof randomStream>, count: number, time: number): Shown {
  const entities = new Float64Array(4 * count);
  const numbers = new Float64Array(2 * count);
  entities.fill(skewed(nextUnit(stream), people), 0, count);
  entities.fill(1, 2 * count, 3 * count);
  for (let i = 0; i < count; i++) {
    entities[count + i] = skewed(nextUnit(stream), pins);
    numbers[i] = 1 / (1 + i);
    numbers[count + i] = 1 + i;
  }
  return { time, entities, numbers, zone: 'UTC' };
}

function candidateOf({ time, entities, numbers, zone }: Shown, count: number, i: number): Shown {
  return {
    time,
    entities: [0, 1, 2, 3].map((each) => entities[each * count + i]!),
    numbers: [0, 1].map((each) => numbers[each * count + i]!),
    zone,
  };
}
