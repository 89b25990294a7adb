import { expect, test } from 'vitest';
import { auc } from '../../../engine/model/quality/auc.ts';
import { sigmoid } from '../../../engine/model/probability.ts';
import { calibrationBins, modelQuality, nextBelow, nextUnit, randomStream } from '../../../engine/index.ts';

test('AUC equals the share of pairs in order, ties as half, with weights as repeated rows', () => {
  const stream = randomStream(1);
  const scores = Float64Array.from({ length: 200 }, () => nextBelow(stream, 30));
  const y = Array.from(scores, (score) => (nextUnit(stream) < score / 40 ? 1 : 0));
  const weights = Array.from(scores, () => nextBelow(stream, 3));
  let [won, pairs] = [0, 0];
  for (let i = 0; i < 200; i++) {
    for (let j = 0; j < 200; j++) {
      if (y[i] !== 1 || y[j] !== 0) continue;
      const weight = weights[i]! * weights[j]!;
      pairs += weight;
      won += weight * (scores[i]! > scores[j]! ? 1 : scores[i] === scores[j] ? 0.5 : 0);
    }
  }
  expect(auc(scores, y, weights)).toBeCloseTo(won / pairs, 12);
  expect(auc(Float64Array.of(1, 2), [1, 1])).toBeNaN();
});

/** People of 1 to 20 rows, with effects of their own; `known` of the effects are in the probabilities. */
function predictions(rows: number, seed: number, known = 1) {
  const stream = randomStream(seed);
  const p = new Float64Array(rows);
  const [y, people]: [number[], number[]] = [[], []];
  for (let i = 0, person = 0; i < rows; person++) {
    const effect = 3 * nextUnit(stream) - 2.5;
    for (const end = Math.min(rows, i + 1 + nextBelow(stream, 20)); i < end; i++) {
      const odds = effect + 2 * nextUnit(stream) - 1;
      p[i] = sigmoid(known * odds);
      y.push(nextUnit(stream) < sigmoid(odds) ? 1 : 0);
      people.push(person);
    }
  }
  return { p, y, people };
}

test('the true probabilities are calibrated: ratio 1 and an error at its noise floor; others are not', () => {
  const { p, y, people } = predictions(10_000, 2);
  const quality = modelQuality(p, y, people, 60, 1);
  expect(Math.abs(quality.ratio.value - 1)).toBeLessThan(0.04);
  expect(quality.ratio.high).toBeGreaterThan(quality.ratio.low);
  expect(quality.calibrationError).toBeLessThan(2 * quality.calibrationNoise);
  expect(quality.normalizedEntropy.value).toBeLessThan(0.97);
  expect(quality.positives).toBe(y.filter((each) => each === 1).length);
  const wrong = modelQuality(p.map((each) => each ** 1.3), y, people, 60, 1); // prettier-ignore
  expect(wrong.calibrationError).toBeGreaterThan(2.5 * wrong.calibrationNoise);
  expect(wrong.ratio.high).toBeLessThan(1);
  expect(wrong.auc.value).toBe(quality.auc.value);
  expect(modelQuality(p, y, people, 60, 1)).toEqual(quality);
});

test('AUC within people ignores differences between people', () => {
  const { p, y, people } = predictions(6_000, 3);
  const { auc: all, groupedAuc } = modelQuality(p, y, people, 20, 1);
  expect(groupedAuc.value).toBeLessThan(all.value - 0.03);
  const shifted = p.map((each, i) => each / (2 + Math.sin(people[i]!)));
  expect(modelQuality(shifted, y, people, 20, 1).groupedAuc.value).toBeCloseTo(groupedAuc.value, 12);
});

test('intervals by person are wider than intervals of independent rows, and contain the truth', () => {
  const { p, y, people } = predictions(4_000, 4, 0.5);
  const byPerson = modelQuality(p, y, people, 300, 1).ratio;
  const byRow = modelQuality(p, y, y.map((_, i) => i), 300, 1).ratio; // prettier-ignore
  expect(byPerson.high - byPerson.low).toBeGreaterThan(1.1 * (byRow.high - byRow.low));
});

test('calibration bins hold every row once, in order', () => {
  const { p, y } = predictions(1_003, 5);
  const bins = calibrationBins(p, y, 15);
  expect(bins.reduce((sum, { rows }) => sum + rows, 0)).toBe(1_003);
  expect(bins.map(({ predicted }) => predicted)).toEqual(bins.map(({ predicted }) => predicted).toSorted((a, b) => a - b)); // prettier-ignore
  expect(bins).toHaveLength(15);
});
