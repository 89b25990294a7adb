import { nextUnit, randomStream } from '../../../engine/index.ts';
import { print } from '../../output.ts';
import { drawFile } from '../../reports/draw.ts';
import { curvesDrawing } from '../../reports/plots/curves.ts';
import { tableLines } from '../../reports/text/format.ts';

/** Impressions, by row. */
export interface Log {
  readonly times: Float64Array;
  readonly y: Uint8Array;
  readonly surface: Int32Array;
  readonly author: Int32Array;
  /** When the click arrived; NaN without one. */
  readonly clickedAt: Float64Array;
}

export interface Prediction {
  readonly name: string;
  /** By row; NaN for those that are not judged. */
  readonly p: Float64Array;
}

interface Advertiser {
  readonly author: number;
  /** Σp, and clicks. */
  readonly expected: number;
  readonly clicks: number;
  readonly p: readonly number[];
}

interface Judged {
  readonly name: string;
  readonly advertisers: readonly Advertiser[];
}

/** Of predicted by actual clicks. */
const [low, high] = [0.95, 1.05];
const draws = 500;

/**
 * How many advertisers of so many expected clicks have a ratio within 0.95 and 1.05; and how many would if each click came with exactly the
 * predicted probability, for chance alone puts many of few clicks outside.
 */
export function reportAdvertisers(
  title: string,
  log: Log,
  predictions: readonly Prediction[],
  expectedMin: number,
): Judged[] {
  const judged = predictions.map(({ name, p }) => ({
    name,
    advertisers: advertisersOf(log, p, expectedMin),
  }));
  print(`### ${title}: authors with ${expectedMin} expected clicks or more\n`);
  const rows = judged.map(({ name, advertisers }) => {
    const ratios = advertisers.map(({ expected, clicks }) => expected / clicks);
    const within = ratios.filter((ratio) => ratio >= low && ratio <= high).length;
    const all = advertisers.reduce((sum, { expected }) => sum + expected, 0) / advertisers.reduce((sum, { clicks }) => sum + clicks, 0); // prettier-ignore
    const range = `${Math.min(...ratios).toFixed(3)} to ${Math.max(...ratios).toFixed(3)}`;
    return [name, `${within} of ${ratios.length}`, withinByChance(advertisers), range, all.toFixed(3), chiSquareText(advertisers)]; // prettier-ignore
  });
  const columns = ['', 'within 5 %', 'if p were exact', 'ratios', 'all together', 'mean square z'];
  for (const line of tableLines({ columns, rows })) print(line);
  print('');
  return judged;
}

function advertisersOf({ y, author }: Log, p: Float64Array, expectedMin: number): Advertiser[] {
  const rowsOf = new Map<number, number[]>();
  for (const [row, each] of p.entries()) {
    if (Number.isNaN(each)) continue;
    const rows = rowsOf.get(author[row]!);
    if (rows === undefined) rowsOf.set(author[row]!, [row]);
    else rows.push(row);
  }
  return [...rowsOf]
    .map(([name, rows]) => ({
      author: name,
      expected: rows.reduce((sum, row) => sum + p[row]!, 0),
      clicks: rows.reduce((sum, row) => sum + y[row]!, 0),
      p: rows.map((row) => p[row]!),
    }))
    .filter(({ expected }) => expected >= expectedMin)
    .toSorted((a, b) => b.expected - a.expected);
}

/** Mean and the 2.5 and 97.5 % quantiles over drawn clicks. */
function withinByChance(advertisers: readonly Advertiser[]): string {
  const counts = Array.from({ length: draws }, (_, draw) => {
    const stream = randomStream(draw);
    return advertisers.filter(({ expected, p }) => {
      let clicks = 0;
      for (const each of p) clicks += Number(nextUnit(stream) < each);
      return expected / clicks >= low && expected / clicks <= high;
    }).length;
  }).toSorted((a, b) => a - b);
  const mean = counts.reduce((sum, count) => sum + count, 0) / draws;
  return `${mean.toFixed(1)} [${counts[Math.floor(0.025 * draws)]}, ${counts[Math.floor(0.975 * draws)]}]`;
}

/** Deviations by their standard deviation: 1 on average if p were exact. */
function chiSquareText(advertisers: readonly Advertiser[]): string {
  const squares = advertisers.map(({ expected, clicks, p }) => {
    return (clicks - expected) ** 2 / p.reduce((sum, each) => sum + each * (1 - each), 0);
  });
  return (squares.reduce((sum, each) => sum + each, 0) / squares.length).toFixed(2);
}

export function plotOf(judged: readonly Judged[]): string {
  const curves = judged.map(({ name, advertisers }) => ({
    name,
    points: advertisers.map(({ expected, clicks }) => ({ x: expected, y: expected / clicks })),
  }));
  const title = 'Predicted by actual clicks of each author with 200 expected clicks or more';
  return drawFile(curvesDrawing({ title, x: 'expected clicks', y: 'ratio', curves, fromZero: false, dots: true, logX: true })); // prettier-ignore
}
