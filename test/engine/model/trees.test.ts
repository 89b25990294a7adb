import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { auc } from '../../../engine/model/quality/auc.ts';
import { sigmoid } from '../../../engine/model/probability.ts';
import {
  Booster,
  binOf,
  binRows,
  fitBins,
  forestFromLightGbm,
  forestLogOdds,
  leafOf,
  logLoss,
  nextUnit,
  pairwiseLoss,
  randomStream,
} from '../../../engine/index.ts';

const folder = path.join(import.meta.dirname, 'lightgbm');
const modelText = (name: string): string => readFileSync(path.join(folder, `${name}.txt`), 'utf8');

interface Recorded {
  readonly rows: readonly (readonly (number | string | null)[])[];
  readonly logOdds: readonly number[];
  readonly probabilities: readonly number[];
}
const recorded = JSON.parse(readFileSync(path.join(folder, 'predictions.json'), 'utf8')) as Record<string, Recorded>; // prettier-ignore

describe('models of LightGBM', () => {
  test.each(Object.entries(recorded))(
    '%s is evaluated to 1e-12',
    (name, { rows, logOdds, probabilities }) => {
      const forest = forestFromLightGbm(modelText(name));
      expect(forest.roots).toHaveLength(12);
      for (const [i, row] of rows.entries()) {
        const values = Float64Array.from(row, (value) => (value === null ? NaN : Number(value)));
        const own = forestLogOdds(forest, values);
        expect(Math.abs(own - logOdds[i]!)).toBeLessThan(1e-12);
        expect(Math.abs(sigmoid(own) - probabilities[i]!)).toBeLessThan(1e-12);
      }
    },
  );

  test('a split between NaN and all else has an infinite bound', () => {
    const [bound] = /(?<=^threshold=)\S+/mu.exec(modelText('no-missing'))!;
    const text = modelText('no-missing').replace(`threshold=${bound} `, 'threshold=inf ');
    expect(forestFromLightGbm(text).thresholds[0]).toBe(Infinity);
  });

  test('refuses values that it cannot store, and damaged data', () => {
    const text = modelText('missing-nan');
    const refusal = (from: RegExp | string, to: string) => () => forestFromLightGbm(text.replace(from, to));
    expect(refusal('objective=binary sigmoid:1', 'objective=regression')).toThrow('"regression"');
    expect(refusal('objective=binary sigmoid:1', 'objective=binary sigmoid:1.5')).toThrow('sigmoid:1.5');
    expect(refusal('num_tree_per_iteration=1', 'num_tree_per_iteration=3')).toThrow('several classes');
    expect(refusal('is_linear=0', 'is_linear=1')).toThrow('linear leaves');
    expect(refusal(/left_child=1/, 'left_child=99')).toThrow('child 99 is impossible');
    expect(refusal(/split_feature=0/, 'split_feature=77')).toThrow('feature 77');
    expect(refusal(/leaf_value=\S+/, 'leaf_value=x')).toThrow('leaf_value has not 8 numbers');
    expect(refusal(/cat_threshold=\d+/, 'cat_threshold=')).toThrow('cat_threshold has not');
    expect(refusal('end of trees', '')).toThrow('cut off');
    expect(refusal(/^tree\n/, 'forest\n')).toThrow('does not begin');
    expect(() => forestFromLightGbm('')).toThrow('does not begin');
    for (let length = 200; length < text.indexOf('end of trees'); length += 997) {
      expect(() => forestFromLightGbm(text.slice(0, length))).toThrow('model:');
    }
  });
});

/** Rows with an interaction, a feature that is often missing and one of noise. */
function generate(count: number, seed: number): { rows: Float64Array; y: Uint8Array; people: Int32Array } {
  const stream = randomStream(seed);
  const [rows, y, people] = [new Float64Array(4 * count), new Uint8Array(count), new Int32Array(count)];
  for (let i = 0; i < count; i++) {
    const [a, b, c, noise] = [0, 0, 0, 0].map(() => 2 * nextUnit(stream) - 1) as [
      number,
      number,
      number,
      number,
    ];
    const isMissing = nextUnit(stream) < 0.3;
    people[i] = Math.floor(i / 10);
    const person = 2 * Math.sin(people[i]!);
    rows.set([a, isMissing ? NaN : b, c, noise], 4 * i);
    const z = person + (isMissing ? 1 : 2 * b) + 3 * a * c;
    y[i] = nextUnit(stream) < sigmoid(z) ? 1 : 0;
  }
  return { rows, y, people };
}

describe('boosted trees', () => {
  const train = generate(6_000, 1);
  const held = generate(4_000, 2);
  const binned = binRows(fitBins(train.rows, 4, 64), train.rows);
  const grown = (trees: number, seed: number, params = {}) => {
    const booster = new Booster(
      binned,
      logLoss(train.y),
      { leavesMax: 15, leafRowsMin: 30, ...params },
      seed,
    );
    for (let i = 0; i < trees; i++) booster.grow();
    return booster;
  };
  const oddsOf = (forest: ReturnType<Booster['forest']>, rows: Float64Array): Float64Array =>
    Float64Array.from({ length: rows.length / 4 }, (_, i) => forestLogOdds(forest, rows, 4 * i));

  test('the scores of training equal those of the evaluator, also for missing values', () => {
    const booster = grown(20, 1);
    const odds = oddsOf(booster.forest(), train.rows);
    for (const [i, score] of booster.scores.entries()) expect(Math.abs(score - odds[i]!)).toBeLessThan(1e-12);
  });

  test('learns an interaction and what a missing value means, on rows that it has not seen', () => {
    const odds = oddsOf(grown(60, 1).forest(), held.rows);
    const truth = Float64Array.from(odds, (_, i) => {
      const [a, b, c] = held.rows.subarray(4 * i, 4 * i + 3);
      return (Number.isNaN(b) ? 1 : 2 * b!) + 3 * a! * c!;
    });
    const bound = auc(truth, held.y);
    expect(auc(odds, held.y)).toBeGreaterThan(bound - 0.05);
    expect(auc(oddsOf(grown(1, 1).forest(), held.rows), held.y)).toBeLessThan(bound - 0.08);
  });

  test('same rows and seed give the same trees, another seed others', () => {
    expect(grown(10, 1).forest()).toEqual(grown(10, 1).forest());
    expect(grown(10, 2).forest().leafValues).not.toEqual(grown(10, 1).forest().leafValues);
  });

  test('leaves hold at least the rows that they must', () => {
    const forest = grown(5, 1, { leafRowsMin: 200, rowShare: 1 }).forest();
    const counts = new Map<number, number>();
    for (let tree = 1; tree < 6; tree++) {
      for (let i = 0; i < 6_000; i++) {
        const leaf = leafOf(forest, tree, train.rows, 4 * i);
        counts.set(leaf, (counts.get(leaf) ?? 0) + 1);
      }
    }
    expect(counts.size).toBeGreaterThan(20);
    // Rows of a side are estimated from second derivatives.
    expect(Math.min(...counts.values())).toBeGreaterThan(100);
  });

  test('pairs within people rank within people, whatever separates them', () => {
    const within = (scores: Float64Array): number => {
      let [won, pairs] = [0, 0];
      for (let i = 0; i < scores.length; i++) {
        for (let j = 10 * Math.floor(i / 10); j < 10 * Math.floor(i / 10) + 10; j++) {
          if (train.y[i] === 1 && train.y[j] === 0) {
            won += scores[i]! > scores[j]! ? 1 : 0;
            pairs++;
          }
        }
      }
      return won / pairs;
    };
    const pairwise = new Booster(binned, pairwiseLoss(train.y, train.people), { leavesMax: 15, leafRowsMin: 30 }, 1); // prettier-ignore
    for (let i = 0; i < 30; i++) pairwise.grow();
    expect(within(pairwise.scores)).toBeGreaterThan(0.8);
    expect(within(pairwise.scores)).toBeGreaterThan(within(grown(2, 1).scores));
  });
});

test('bins keep order, hold equal values together and NaN apart', () => {
  const values = Float64Array.from([5, 1, 1, 1, 1, NaN, 2, 3, -0, 0, Infinity, -Infinity, 4, 4]);
  const [bounds] = fitBins(values, 1, 6).bounds;
  const bins = Array.from(values, (value) => binOf(bounds!, value));
  for (let i = 0; i < values.length; i++) {
    for (let j = 0; j < values.length; j++) {
      if (values[i]! < values[j]!) expect(bins[i]).toBeLessThanOrEqual(bins[j]!);
      if (Object.is(values[i], values[j])) expect(bins[i]).toBe(bins[j]);
    }
  }
  expect(bins[5]).toBe(0);
  expect(new Set(bins).size).toBeLessThanOrEqual(6);
  expect(new Set(bins).size).toBeGreaterThan(3);
});
