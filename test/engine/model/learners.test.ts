import { expect, test } from 'vitest';
import { PendingRows } from '../../../engine/model/pending-rows.ts';
import { sigmoid } from '../../../engine/model/probability.ts';
import { replay } from '../../../engine/model/replay.ts';
import {
  type ModelLog,
  Encoder,
  Ftrl,
  fitPlattByChannel,
  learnOnline,
  nextBelow,
  nextUnit,
  outcomesOf,
  probabilityIn,
  randomStream,
} from '../../../engine/index.ts';

/** A slot of 2^16. */
const hash = (field: number, value: number): number => (field * 5_003 + value * 17 + 3) % 2 ** 16;

/** Rows of three fields; the odds are a sum of effects. */
function generate(count: number, seed: number): { slots: Int32Array[]; y: number[]; odds: number[] } {
  const stream = randomStream(seed);
  const slots: Int32Array[] = [];
  const [y, odds]: [number[], number[]] = [[], []];
  for (let i = 0; i < count; i++) {
    const values = [nextBelow(stream, 30), nextBelow(stream, 50), nextBelow(stream, 1_000)];
    const sum = Math.sin(values[0]!) + 1.5 * Math.cos(3 * values[1]!) - 1;
    slots.push(Int32Array.from([0, ...values], (value, field) => hash(field, value)));
    odds.push(sum);
    y.push(nextUnit(stream) < sigmoid(sum) ? 1 : 0);
  }
  return { slots, y, odds };
}

test('FTRL learns a sum of effects, and gives no weight to features without evidence', () => {
  const { slots, y, odds } = generate(60_000, 1);
  const model = new Ftrl({ alpha: 0.1, l1: 1, slotBits: 16 });
  for (const [i, row] of slots.entries()) model.learn(row, 4, y[i]!);
  const held = generate(2_000, 2);
  let [error, variance] = [0, 0];
  for (const [i, row] of held.slots.entries()) {
    error += (model.logOdds(row, 4) - held.odds[i]!) ** 2;
    variance += (held.odds[i]! + 1) ** 2;
  }
  expect(error / variance).toBeLessThan(0.05);
  expect(odds).toHaveLength(60_000);
  expect(model.logOdds(Int32Array.of(12_345), 1)).toBe(0);
});

test('FTRL replays: the same rows give the same bytes, in two parts as in one, in another order others', () => {
  const { slots, y } = generate(3_000, 3);
  const learned = (order: readonly number[], model = new Ftrl({ slotBits: 16 })): Ftrl => {
    for (const i of order) model.learn(slots[i]!, 4, y[i]!);
    return model;
  };
  const all = slots.map((_, i) => i);
  const whole = learned(all);
  const half = learned(all.slice(0, 1_500));
  const resumed = learned(all.slice(1_500), new Ftrl({ slotBits: 16 }, 4, half.state.slice()));
  expect(Buffer.from(resumed.state.buffer)).toEqual(Buffer.from(whole.state.buffer));
  expect(learned(all.toReversed()).state).not.toEqual(whole.state);
});

test('FTRL follows the published update', () => {
  // McMahan et al. 2013, algorithm 1, by hand: one feature, alpha 0.1, beta 1, l1 1, l2 1; two rows with y = 1, then 0.
  const model = new Ftrl({ alpha: 0.1, beta: 1, l1: 0.1, l2: 1, slotBits: 8 });
  const slots = Int32Array.of(3);
  expect(model.learn(slots, 1, 1)).toBe(0);
  // g = −0.5: n = 0.25, sigma = 5, z = −0.5.
  expect([...model.state.subarray(6, 8)]).toEqual([-0.5, 0.25]);
  const weight = (0.5 - 0.1) / ((1 + 0.5) / 0.1 + 1);
  expect(model.learn(slots, 1, 0)).toBeCloseTo(weight, 15);
  const g = sigmoid(weight);
  const sigma = (Math.sqrt(0.25 + g * g) - 0.5) / 0.1;
  expect(model.state[6]).toBeCloseTo(-0.5 + g - sigma * weight, 15);
});

test('Platt calibration undoes a wrong scale and shift of a channel; few rows change little', () => {
  const stream = randomStream(4);
  const truth = Float64Array.from({ length: 120_000 }, () => 4 * nextUnit(stream) - 3);
  const y = Array.from(truth, (odds) => (nextUnit(stream) < sigmoid(odds) ? 1 : 0));
  const channelOf = Array.from(truth, (_, row) => row % 2);
  const distort = (odds: number, channel: number): number => (channel === 0 ? 2 * odds + 1 : odds - 1);
  const platt = fitPlattByChannel(truth.map((odds, row) => distort(odds, channelOf[row]!)), y, channelOf); // prettier-ignore
  for (const channel of [0, 1]) {
    for (const odds of [-2.5, -1, 0.5]) {
      expect(Math.abs(probabilityIn(platt, channel, distort(odds, channel)) - sigmoid(odds))).toBeLessThan(0.04); // prettier-ignore
    }
  }
  const few = fitPlattByChannel(Float64Array.of(3, -3, 1), [1, 1, 1], [0, 0, 0]);
  expect(Math.abs(probabilityIn(few, 0, -1) - sigmoid(-1))).toBeLessThan(0.1);
  expect(probabilityIn(fitPlattByChannel(new Float64Array(0), [], []), 7, 0.3)).toBe(sigmoid(0.3));
});

const hourMs = 3_600_000;

test('a row is trained on once: when its action comes, or its window closes', () => {
  // Planted: row 0 acts within its window, 1 never, 2 after its window, 3 twice, 4 exactly at the end.
  const times = Float64Array.of(0, 1, 2, 3, 4, 30).map((hours) => hours * hourMs);
  const acted = [[0, 5], [3, 6], [3, 7], [4, 14], [2, 20]].map(([row, hours]) => [row!, hours! * hourMs] as const); // prettier-ignore
  const log: ModelLog = {
    count: times.length,
    times,
    entities: new Float64Array(times.length),
    numbers: new Float64Array(0),
    zoneOf: () => 'UTC',
    actions: {
      count: acted.length,
      rows: Int32Array.from(acted, ([row]) => row),
      labels: new Uint8Array(acted.length),
      times: Float64Array.from(acted, ([, at]) => at),
      amounts: new Float64Array(acted.length).fill(1),
    },
  };
  const pending = new PendingRows(10 * hourMs);
  const trained: [row: number, y: number, hours: number][] = [];
  const closeUntil = (time: number): void => pending.close(time, (row) => trained.push([row, 0, time / hourMs])); // prettier-ignore
  replay(log, {
    onShown(row) {
      closeUntil(times[row]!);
      pending.shown(row, times[row]!);
    },
    onActed(_action, row, time) {
      closeUntil(time);
      if (pending.acted(row, time)) trained.push([row, 1, time / hourMs]);
    },
  });
  // The last one is still open: missing, not negative.
  expect(trained).toEqual([[0, 1, 5], [3, 1, 6], [1, 0, 14], [2, 0, 14], [4, 1, 14]]); // prettier-ignore
  const { y, settledAt } = outcomesOf(log, 0, 10 * hourMs);
  expect([...y]).toEqual([1, 0, 0, 1, 1, 0]);
  expect(Array.from(settledAt, (time) => time / hourMs)).toEqual([5, 11, 12, 6, 14, 40]);
  // The online learner trains on the same rows in the same order.
  const slotsOf = (row: number, out: Int32Array): number => {
    out[0] = row;
    return 1;
  };
  const model = new Ftrl({ slotBits: 8 });
  learnOnline(log, { label: 0, windowMs: 10 * hourMs, model, slotsMax: 1, slotsOf });
  const expected = new Ftrl({ slotBits: 8 });
  for (const [row, outcome] of trained) expected.learn(Int32Array.of(row), 1, outcome);
  expect(model.state).toEqual(expected.state);
});

test('a queue of many closed rows is let go', () => {
  const pending = new PendingRows(1);
  let [closed, inOrder] = [0, true];
  for (let row = 0; row < 10_000; row++) {
    pending.shown(row, 10 * row);
    pending.close(10 * row, (each) => {
      inOrder &&= each === closed++;
    });
  }
  expect(inOrder).toBe(true);
  expect(closed).toBe(9_999);
});

test('the encoder hashes entities and bins, and nothing for missing values', () => {
  const fields = { entities: ['user', 'pin'], numbers: [], labels: [] };
  const bins = { bounds: [Float64Array.of(0, 1)] };
  const encoder = new Encoder([{ kind: 'entity', by: ['user'] }, { kind: 'entity', by: ['user', 'pin'] }], fields, { bins, slotBits: 20 }); // prettier-ignore
  const slotsOf = (entities: number[], value: number): number[] => {
    const out = new Int32Array(encoder.slotsMax);
    const of = { time: 0, entities, numbers: [], zone: 'UTC' };
    return [...out.subarray(0, encoder.encode(of, Float64Array.of(value), 0, out))];
  };
  expect(slotsOf([1, 2], 0.5)).toHaveLength(4);
  expect(slotsOf([1, -1], 0.5)).toHaveLength(3);
  expect(slotsOf([1, 2], 0.5)).toEqual(slotsOf([1, 2], 0.9));
  expect(slotsOf([1, 2], 0.5)).not.toEqual(slotsOf([1, 2], NaN));
  expect(slotsOf([1, 2], 0.5)[2]).not.toBe(slotsOf([2, 1], 0.5)[2]);
});
