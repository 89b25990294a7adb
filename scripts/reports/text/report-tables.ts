import type { Difference, ReasonGroup, Report } from '../../../api/index.ts';
import { accuracyMetrics } from '../../../engine/index.ts';
import { thousands } from '../../output.ts';
import { type TextTable, countText, rangeText } from './text-table.ts';
import { figure, interval as intervalText, signed } from './figures-text.ts';

type Result = Report['results'][number];
type Row = readonly [name: string, of: (result: Result) => string];

/** Every figure of every setting. */
export function figuresTable({ k, results }: Report): TextTable {
  const accuracy = accuracyMetrics.map((metric): Row => [
    `${metric}@${k}`,
    (result) => `${figure(result[metric])} ${intervalText(result.intervals[metric])}`,
  ]);
  const ofSeeds: Row[] = results.some((each) => each.stability !== undefined)
    ? [
        ['overlap of seeds', ({ stability }) => figure(stability?.overlap ?? NaN)],
        [`recall@${k} by seed`, ({ stability }) => extentText(stability?.recall ?? [])],
        [`ndcg@${k} by seed`, ({ stability }) => extentText(stability?.ndcg ?? [])],
      ]
    : [];
  return bySetting('', results, [
    ['users', ({ users }) => thousands(users)],
    ...accuracy,
    ['coverage', ({ coverage }) => figure(coverage)],
    ['gini', ({ gini }) => figure(gini)],
    ['novelty, bits', ({ novelty }) => novelty.toFixed(2)],
    ['diversity', ({ diversity }) => figure(diversity)],
    ['saves of a pin', ({ popularity }) => popularity.toFixed(1)],
    ['long tail', ({ longTail }) => figure(longTail)],
    ...ofSeeds,
    ['seconds', ({ seconds }) => seconds.toFixed(2)],
    ['p50 ms', ({ msPerQueryP50 }) => msPerQueryP50.toFixed(2)],
    ['p99 ms', ({ msPerQueryP99 }) => msPerQueryP99.toFixed(2)],
  ]);
}

export function activityTable({ k, results }: Report): TextTable {
  const rows = results[0]!.byActivity.map(({ pins: { from, to }, users }, i): Row => [
    `${rangeText(from, to)} pins, ${countText(users, 'user')}`,
    ({ byActivity }) => pairText(byActivity[i]!.recall, byActivity[i]!.ndcg),
  ]);
  return bySetting(`users with (recall@${k} / ndcg@${k})`, results, rows);
}

/** The same with intervals, for who has more room than a terminal. */
export function activityIntervalsTable({ k, results }: Report): TextTable {
  const rows = results[0]!.byActivity.flatMap(({ pins: { from, to }, users }, i): Row[] =>
    (['recall', 'ndcg'] as const).map((metric) => [
      `${rangeText(from, to)} pins, ${countText(users, 'user')}: ${metric}@${k}`,
      ({ byActivity }) =>
        `${figure(byActivity[i]![metric])} ${intervalText(byActivity[i]!.intervals[metric])}`,
    ]),
  );
  return bySetting('users with', results, rows);
}

export function popularityTable({ results }: Report): TextTable {
  const rows = results[0]!.byPopularity.map((group, i): Row => [
    popularityGroupText(group),
    ({ byPopularity }) => pairText(byPopularity[i]!.found, byPopularity[i]!.recommended),
  ]);
  return bySetting('pins with (found / share of recommendations)', results, rows);
}

/** "15–44 saves". */
export function popularityGroupName({ saves }: Pick<Result['byPopularity'][number], 'saves'>): string {
  return saves === null ? 'no save in train' : `${rangeText(saves.from, saves.to)} saves`;
}

/** "15–44 saves: 11,510 pins, 2,277 to find". */
export function popularityGroupText({
  saves,
  pins,
  heldOut,
}: Pick<Result['byPopularity'][number], 'saves' | 'pins' | 'heldOut'>): string {
  const ofTrain = saves === null ? '' : `${countText(pins, 'pin')}, `;
  return `${popularityGroupName({ saves })}: ${ofTrain}${thousands(heldOut)} to find`;
}

/** How often reasons were right; undefined without `--reasons`. */
export function reasonsTable({ results }: Report): TextTable | undefined {
  if (results.every(({ reasons }) => reasons === undefined)) return undefined;
  const strengths = new Set(
    results.flatMap(({ reasons = [] }) => reasons.map(({ strength }) => strength.from)),
  );
  const rows = [...strengths]
    .toSorted((a, b) => a - b)
    .map((strength): Row => [
      strengthText(strength),
      ({ reasons = [] }) => {
        const group = reasons.find((each) => each.strength.from === strength);
        if (group === undefined) return '–';
        return `${figure(group.share)} ${intervalText(group.interval)} of ${thousands(group.pins)}`;
      },
    ]);
  return bySetting('reasons that tell of (share that was right)', results, rows);
}

function strengthText(from: ReasonGroup['strength']['from']): string {
  if (from === 0) return 'no shared board';
  return from === 1 ? '1 board' : `${rangeText(from, 2 * from - 1)} boards`;
}

export function differencesTable({ differences, k, confidence }: Report): TextTable {
  const rows = differences.map(({ a, b, metric, mean, interval, p, pHolm }) => [
    `${a} − ${b}`,
    `${metric}@${k}`,
    `${signed(mean)} ${intervalText(interval, signed)}`,
    p.toFixed(4),
    pHolm.toFixed(4),
    pHolm < 1 - confidence ? '*' : '',
  ]);
  return { columns: ['difference', 'metric', 'mean', 'p', 'p, Holm', ''], rows };
}

/** What the star of {@link differencesTable} means. */
export function starText(differences: readonly Difference[], resamples: number): string {
  return `* of ${countText(differences.length, 'test')} of ${thousands(resamples)} tosses, corrected by Holm`;
}

function bySetting(title: string, results: readonly Result[], rows: readonly Row[]): TextTable {
  return {
    columns: [title, ...results.map(({ name }) => name)],
    rows: rows.map(([name, of]) => [name, ...results.map(of)]),
  };
}

function pairText(one: number, other: number): string {
  return `${figure(one)} / ${figure(other)}`;
}

function extentText(values: readonly number[]): string {
  return rangeText(figure(Math.min(...values)), figure(Math.max(...values)));
}
