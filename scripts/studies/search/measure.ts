import { percentileInterval, resampledMeans } from '../../../engine/index.ts';
import { figureText, intervalText, signedText, tableLines } from '../../reports/text/format.ts';
import { print } from '../../output.ts';

const k = 10;
const resamples = 2_000;

/** The gain of each key in a query, 0 for irrelevant ones. */
export type Gains = ReadonlyMap<string, number>;

/** NDCG@10, mean average precision and reciprocal rank of a list. */
export interface Quality {
  readonly ndcg: number;
  readonly precision: number;
  readonly reciprocal: number;
}

function discount(rank: number): number {
  return 1 / Math.log2(rank + 2);
}

export function qualityOf(list: readonly string[], gains: Gains): Quality {
  const best = [...gains.values()].filter((gain) => gain > 0).toSorted((a, b) => b - a);
  const got = list.slice(0, k).reduce((sum, key, i) => sum + (gains.get(key) ?? 0) * discount(i), 0);
  const ideal = best.slice(0, k).reduce((sum, gain, i) => sum + gain * discount(i), 0);
  let [hits, precision] = [0, 0];
  for (const [i, key] of list.entries()) {
    if ((gains.get(key) ?? 0) > 0) precision += ++hits / (i + 1);
  }
  const first = list.findIndex((key) => (gains.get(key) ?? 0) > 0);
  return {
    ndcg: got / ideal,
    precision: precision / best.length,
    reciprocal: first < 0 ? 0 : 1 / (first + 1),
  };
}

export interface Ranking {
  readonly name: string;
  readonly qualities: readonly Quality[];
}

/** NDCG@10 with its interval, and the paired difference to the first ranking; MRR and MAP beside it. */
export function printRankings(title: string, rankings: readonly Ranking[]): void {
  print(`${title}, ${rankings[0]!.qualities.length} queries\n`);
  const first = columnOf(rankings[0]!, 'ndcg');
  const rows = rankings.map((ranking, i) => {
    const ndcg = columnOf(ranking, 'ndcg');
    const differences = ndcg.map((value, at) => value - first[at]!);
    const difference = `${signedText(meanOf(differences))} ${intervalText(intervalOf(differences), signedText)}`;
    return [
      ranking.name,
      figureText(meanOf(ndcg)),
      intervalText(intervalOf(ndcg)),
      i === 0 ? '' : difference,
      figureText(meanOf(columnOf(ranking, 'reciprocal'))),
      figureText(meanOf(columnOf(ranking, 'precision'))),
    ];
  });
  const columns = ['', 'NDCG@10', '95 %', '− first', 'MRR', 'MAP'];
  for (const line of tableLines({ columns, rows })) print(line);
  print('');
}

function meanOf(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function columnOf({ qualities }: Ranking, name: keyof Quality): Float64Array {
  return Float64Array.from(qualities, (quality) => quality[name]);
}

function intervalOf(values: Float64Array): ReturnType<typeof percentileInterval> {
  return percentileInterval(resampledMeans([values], resamples, 1)[0]!, 0.95);
}
