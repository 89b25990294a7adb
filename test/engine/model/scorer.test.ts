import { describe, expect, test } from 'vitest';
import {
  type FeatureDefinition,
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
  numberOfKey,
  randomStream,
} from '../../../engine/index.ts';
import { plainFeatures } from '../../reference/plain-features.ts';

const hourMs = 3_600_000;
const fields: FeatureFields = { entities: ['user', 'pin', 'surface'], numbers: ['walk'], labels: ['click', 'save'] }; // prettier-ignore
const definitions: FeatureDefinition[] = [
  { kind: 'rate', of: 'click', by: ['user'], halfLifeHours: 24, prior: 3 },
  { kind: 'rate', of: 'click', by: ['pin'], halfLifeHours: 12, prior: 3 },
  { kind: 'rate', of: 'click', by: ['user', 'pin'], within: ['pin'], prior: 2 },
  { kind: 'rate', of: 'click', by: ['user', 'surface'], within: ['pin'], prior: 2 },
  { kind: 'rate', of: 'save', by: [], prior: 1 },
  { kind: 'count', of: 'shown', by: ['pin'], halfLifeHours: 2 },
  { kind: 'count', of: 'click', by: ['pin', 'user'] },
  { kind: 'since', of: 'shown', by: ['user'] },
  { kind: 'since', of: 'save', by: ['pin'] },
  { kind: 'hour' },
  { kind: 'weekday' },
  { kind: 'number', field: 'walk' },
  { kind: 'entity', by: ['pin'] },
  { kind: 'entity', by: ['pin', 'surface'] },
];
const start = Date.UTC(2026, 9, 24);
const [eventCount, candidateCount] = [3_000, 301];

/** Clicks on pins of a person's own parity, and rows to learn from. */
function world() {
  const stream = randomStream(3);
  const state = new FeatureState(definitions, fields);
  const events: Parameters<typeof plainFeatures>[2][number][] = [];
  const rows = new Float64Array(eventCount * state.width);
  const y = new Uint8Array(eventCount);
  const shown: Shown[] = [];
  let time = start;
  for (let i = 0; i < eventCount; i++) {
    time += nextBelow(stream, hourMs / 4);
    const entities = [nextBelow(stream, 30), nextBelow(stream, 60), nextBelow(stream, 3) - 1];
    const of = { time, entities, numbers: [nextUnit(stream)], zone: 'UTC' };
    state.read(of, rows, i * state.width);
    state.shown(of);
    events.push({ entities, event: 'shown', amount: 1, time });
    shown.push(of);
    for (const [label, event] of fields.labels.entries()) {
      const isOwn = (entities[0]! + entities[1]!) % 2 === 0;
      if (nextUnit(stream) > (label === 1 ? 0.05 : isOwn ? 0.6 : 0.1)) continue;
      state.acted(of, label, time);
      events.push({ entities, event, amount: 1, time });
      if (label === 0) y[i] = 1;
    }
  }
  return { state, events, rows, y, shown, time };
}

const { state, events, rows, y, shown, time } = world();
const { width } = state;

/** Of one person on one surface; some pins were never shown, some are missing, some numbers unknown. */
function candidates(): Shown {
  const stream = randomStream(9);
  const entities = new Float64Array(3 * candidateCount).fill(7, 0, candidateCount);
  const numbers = new Float64Array(candidateCount);
  for (let i = 0; i < candidateCount; i++) {
    entities[candidateCount + i] = nextBelow(stream, 90) - 1;
    entities[2 * candidateCount + i] = 1;
    numbers[i] = i % 10 === 0 ? NaN : nextUnit(stream);
  }
  return { time: time + 5 * hourMs, entities, numbers, zone: 'UTC' };
}

const of = candidates();
const only = (i: number) => ({
  ...of,
  entities: [0, 1, 2].map((each) => of.entities[each * candidateCount + i]!),
  numbers: [of.numbers[i]!],
});

const bins = fitBins(rows, width, 32);
const encoder = new Encoder(definitions, fields, { bins, slotBits: 12 });
const ftrl = new Ftrl({ alpha: 0.1, slotBits: 12 }, encoder.slotsMax);
const slots = new Int32Array(encoder.slotsMax);
for (const [i, each] of shown.entries()) ftrl.learn(slots, encoder.encode(each, rows, i * width, slots), y[i]!); // prettier-ignore
const booster = new Booster(binRows(bins, rows), logLoss(y), { leavesMax: 12, leafRowsMin: 20 }, 1);
for (let tree = 0; tree < 40; tree++) booster.grow();
const forest = booster.forest();

const learners: Record<string, { learned: ScorerModel['learned']; alone: (of: Shown) => number }> = {
  ftrl: {
    learned: { learner: 'ftrl', bins, weights: ftrl.weights(), slotBits: 12 },
    alone: (one) => ftrl.logOdds(slots, encoder.encode(one, rowOf(one), 0, slots)),
  },
  trees: { learned: { learner: 'trees', forest }, alone: (one) => forestLogOdds(forest, rowOf(one)) },
};

function rowOf(one: Shown): Float64Array {
  const row = new Float64Array(width);
  state.read(one, row);
  return row;
}

test('features follow their definitions, one by one and all at once', () => {
  const { values, isShared } = state.readAll(of, candidateCount);
  const together = values.slice();
  expect([...isShared]).toEqual([1, 0, 0, 0, 1, 0, 0, 1, 0, 1, 1, 0]);
  for (let i = 0; i < candidateCount; i++) {
    const plain = plainFeatures(definitions, fields, events, only(i));
    const row = rowOf(only(i));
    const own = Array.from(row, (_, f) => together[f * candidateCount + (isShared[f] === 1 ? 0 : i)]!);
    expect(own).toEqual([...row]);
    const isOff = row.map((value, f) =>
      Number(!(Math.abs(value - plain[f]!) < 1e-12 || Object.is(value, plain[f]))),
    );
    expect([...isOff]).not.toContain(1);
  }
});

describe.each(Object.entries(learners))('a model of %s', (_name, { learned, alone }) => {
  const calibration = { all: { slope: 0.9, intercept: 0.1 }, channels: new Map([[2, { slope: 0.8, intercept: -0.2 }]]) }; // prettier-ignore
  const scorer = new Scorer({ features: definitions, fields, learned, calibration });

  test('scores candidates together with the bits that each has alone', () => {
    const together = new Float64Array(candidateCount);
    scorer.logOdds(state, of, candidateCount, together);
    const apart = Float64Array.from(together, (_, i) => alone(only(i)));
    expect(Buffer.from(together.buffer)).toEqual(Buffer.from(apart.buffer));
    expect(new Set(together).size).toBeGreaterThan(60);
    const p = scorer.probabilities(state, of, candidateCount, 2);
    for (const [i, x] of together.entries()) expect(p[i]).toBe(1 / (1 + Math.exp(-(0.8 * x - 0.2))));
    // Scoring counts nothing, and others between change nothing.
    scorer.probabilities(state, only(3), 1, 0);
    expect(scorer.probabilities(state, of, candidateCount, 2)).toEqual(p);
  });

  test('explains a score by contributions that add up to it', () => {
    for (const i of [0, 1, 20, 150]) {
      const { base, features, logOdds, probability } = scorer.reasons(state, only(i), 2);
      const [p] = scorer.probabilities(state, only(i), 1, 2);
      expect(probability).toBe(p);
      expect(features.reduce((sum, { contribution }) => sum + contribution, base)).toBeCloseTo(logOdds, 10);
      expect(features.map(({ name }) => name)).toContain('rate of click by user and pin within pin, prior 2');
      const sizes = features.map(({ contribution }) => Math.abs(contribution));
      expect(sizes).toEqual(sizes.toSorted((a, b) => b - a));
    }
  });

  test('refuses to score a moment before counted rows', () => {
    expect(() => scorer.probabilities(state, { ...only(0), time: start }, 1, 0)).toThrow('know the future');
  });
});

test('numbers of keys are spread over 53 bits, and depend on the key alone', () => {
  const keys = Array.from({ length: 100_000 }, (_, i) => `pin-${i}`);
  const numbers = keys.map(numberOfKey);
  expect(new Set(numbers).size).toBe(keys.length);
  expect(numbers.every((number) => Number.isSafeInteger(number) && number >= 0)).toBe(true);
  const high = numbers.filter((number) => number >= 2 ** 52).length;
  expect(Math.abs(high - 50_000)).toBeLessThan(1_000);
  expect(numberOfKey('')).not.toBe(numberOfKey('\0'));
});
