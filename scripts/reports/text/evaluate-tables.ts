import type { Difference, ReasonGroup, Report } from '../../../api/offline/evaluate/index.ts';
import { accuracyMetrics } from '../../../engine/index.ts';
import { thousands } from '../../output.ts';
import {
  type TextTable,
  countText,
  detectableText,
  figureText,
  intervalText,
  rangeText,
  signedText,
} from './format.ts';

type Result = Report['results'][number];
type Row = readonly [name: string, of: (result: Result) => string];

/** All metrics of all settings. */
export function figuresTable({ k, results }: Report): TextTable {
  const accuracy = accuracyMetrics.map((metric): Row => [
    `${metric}@${k}`,
    (result) => `${figureText(result[metric])} ${intervalText(result.intervals[metric])}`,
  ]);
  const ofSeeds: Row[] = results.some((each) => each.stability !== undefined)
    ? [
        ['overlap across seeds', ({ stability }) => figureText(stability?.overlap ?? NaN)],
        [`recall@${k} by seed`, ({ stability }) => extentText(stability?.recall ?? [])],
        [`ndcg@${k} by seed`, ({ stability }) => extentText(stability?.ndcg ?? [])],
      ]
    : [];
  return bySetting('', results, [
    ['users', ({ users }) => thousands(users)],
    ...accuracy,
    ['coverage', ({ coverage }) => figureText(coverage)],
    ['gini', ({ gini }) => figureText(gini)],
    ['novelty, bits', ({ novelty }) => novelty.toFixed(2)],
    ['diversity', ({ diversity }) => figureText(diversity)],
    ['popularity, saves', ({ popularity }) => popularity.toFixed(1)],
    ['long tail', ({ longTail }) => figureText(longTail)],
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
  return bySetting(`users by known pins (recall@${k} / ndcg@${k})`, results, rows);
}

/** As {@link activityTable}, with intervals: too wide for a terminal. */
export function activityIntervalsTable({ k, results }: Report): TextTable {
  const rows = results[0]!.byActivity.flatMap(({ pins: { from, to }, users }, i): Row[] =>
    (['recall', 'ndcg'] as const).map((metric) => [
      `${rangeText(from, to)} pins, ${countText(users, 'user')}: ${metric}@${k}`,
      ({ byActivity }) =>
        `${figureText(byActivity[i]![metric])} ${intervalText(byActivity[i]!.intervals[metric])}`,
    ]),
  );
  return bySetting('users by known pins', results, rows);
}

export function popularityTable({ results }: Report): TextTable {
  const rows = results[0]!.byPopularity.map((group, i): Row => [
    popularityGroupText(group),
    ({ byPopularity }) => pairText(byPopularity[i]!.found, byPopularity[i]!.recommended),
  ]);
  return bySetting('pins by saves (found / share of recommendations)', results, rows);
}

/** "15–44 saves". */
export function popularityGroupName({ saves }: Pick<Result['byPopularity'][number], 'saves'>): string {
  return saves === null ? 'no saves in train' : `${rangeText(saves.from, saves.to)} saves`;
}

/** "15–44 saves: 11,510 pins, 2,277 held out". */
export function popularityGroupText({
  saves,
  pins,
  heldOut,
}: Pick<Result['byPopularity'][number], 'saves' | 'pins' | 'heldOut'>): string {
  const ofTrain = saves === null ? '' : `${countText(pins, 'pin')}, `;
  return `${popularityGroupName({ saves })}: ${ofTrain}${thousands(heldOut)} held out`;
}

/** Precision by the strength of reasons; undefined without `--reasons`. */
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
        return `${figureText(group.share)} ${intervalText(group.interval)} of ${thousands(group.pins)}`;
      },
    ]);
  return bySetting('boards in the reason (precision)', results, rows);
}

function strengthText(from: ReasonGroup['strength']['from']): string {
  if (from === 0) return 'no shared board';
  return from === 1 ? '1 board' : `${rangeText(from, 2 * from - 1)} boards`;
}

export function differencesTable({ differences, k, confidence }: Report): TextTable {
  const rows = differences.map(({ a, b, metric, mean, interval, detectable, p, pHolm }) => [
    `${a} − ${b}`,
    `${metric}@${k}`,
    `${signedText(mean)} ${intervalText(interval, signedText)}`,
    detectableText(detectable),
    p.toFixed(4),
    pHolm.toFixed(4),
    pHolm < 1 - confidence ? '*' : '',
  ]);
  return { columns: ['difference', 'metric', 'mean', 'detectable', 'p', 'p, Holm', ''], rows };
}

/** The meaning of the star in {@link differencesTable}. */
export function starText(differences: readonly Difference[], resamples: number): string {
  return `* significant: p < 0.05 after Holm's correction for ${countText(differences.length, 'test')} (${thousands(resamples)} permutations each)`;
}

function bySetting(title: string, results: readonly Result[], rows: readonly Row[]): TextTable {
  return {
    columns: [title, ...results.map(({ name }) => name)],
    rows: rows.map(([name, of]) => [name, ...results.map(of)]),
  };
}

function pairText(one: number, other: number): string {
  return `${figureText(one)} / ${figureText(other)}`;
}

function extentText(values: readonly number[]): string {
  return rangeText(figureText(Math.min(...values)), figureText(Math.max(...values)));
}
