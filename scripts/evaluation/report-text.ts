import { accuracyMetrics } from '../../engine/index.ts';
import type { Difference, Report } from '../../api/index.ts';
import { grid, thousands } from '../output.ts';
import { figure, interval, signed } from './figures-text.ts';

type Result = Report['results'][number];

/** The report as lines of text for a terminal. */
export function reportText(report: Report): string[] {
  const { results, differences } = report;
  return [
    ...table('', results, figures(report)),
    '',
    ...byActivityText(report),
    '',
    ...byPopularityText(report),
    ...(differences.length === 0 ? [] : ['', ...differencesText(differences, report)]),
  ];
}

/** What was asked, and of what. */
export function headline({ k, randomSeed, confidence, negatives, data, results }: Report): string {
  const { folds, boards, pins, saves, heldOut } = data;
  const ranked =
    negatives === null ? 'all pins ranked' : `ranked among ${thousands(negatives)} SAMPLED pins a user`;
  const sizes = `${thousands(Math.round(saves))} saves of ${count(boards, 'board')} and ${count(pins, 'pin')}`;
  const asked = `${count(results[0]!.users, 'user')} asked for ${thousands(Math.round(heldOut))} held-out saves`;
  return `${sizes}; ${asked}${folds === 1 ? '' : ` in each of ${folds} folds`}; ${ranked}, k ${k}, seed ${randomSeed}, [${100 * confidence} % intervals]`;
}

type Row = readonly [name: string, of: (result: Result) => string];

function figures({ k, results }: Report): Row[] {
  const accuracy = accuracyMetrics.map((metric): Row => [
    `${metric}@${k}`,
    (result) => `${figure(result[metric])} ${interval(result.intervals[metric], figure)}`,
  ]);
  const ofSeeds: Row[] = results.some((each) => each.stability !== undefined)
    ? [
        ['overlap of seeds', ({ stability }) => figure(stability?.overlap ?? NaN)],
        [`recall@${k} by seed`, ({ stability }) => rangeText(stability?.recall ?? [])],
        [`ndcg@${k} by seed`, ({ stability }) => rangeText(stability?.ndcg ?? [])],
      ]
    : [];
  return [
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
  ];
}

function byActivityText({ k, results }: Report): string[] {
  const groups = results[0]!.byActivity;
  const rows = groups.map(({ pins: { from, to }, users }, i): Row => [
    `${rangeOf(from, to)} pins, ${count(users, 'user')}`,
    ({ byActivity }) => pair(byActivity[i]!.recall, byActivity[i]!.ndcg),
  ]);
  return table(`users with (recall@${k} / ndcg@${k})`, results, rows);
}

function byPopularityText({ results }: Report): string[] {
  const groups = results[0]!.byPopularity;
  const rows = groups.map(({ saves, pins, heldOut }, i): Row => {
    const toFind = `${thousands(heldOut)} to find`;
    const name =
      saves === null
        ? `no save in train: ${toFind}`
        : `${rangeOf(saves.from, saves.to)} saves: ${count(pins, 'pin')}, ${toFind}`;
    return [name, ({ byPopularity }) => pair(byPopularity[i]!.found, byPopularity[i]!.recommended)];
  });
  return table('pins with (found / share of recommendations)', results, rows);
}

function differencesText(differences: readonly Difference[], { k, confidence, resamples }: Report): string[] {
  const rows = differences.map(({ a, b, metric, mean, interval: about, p, pHolm }) => [
    `${a} − ${b}`,
    `${metric}@${k}`,
    `${signed(mean)} ${interval(about, signed)}`,
    p.toFixed(4),
    pHolm.toFixed(4),
    pHolm < 1 - confidence ? '*' : '',
  ]);
  const tests = `${count(differences.length, 'test')} of ${thousands(resamples)} tosses, corrected by Holm`;
  return [...grid([['difference', 'metric', 'mean', 'p', 'p, Holm', ''], ...rows]), `* of ${tests}`];
}

/** A table with a column for each setting. */
function table(title: string, results: readonly Result[], rows: readonly Row[]): string[] {
  return grid([
    [title, ...results.map(({ name }) => name)],
    ...rows.map(([name, of]) => [name, ...results.map(of)]),
  ]);
}

function pair(one: number, other: number): string {
  return `${figure(one)} / ${figure(other)}`;
}

function rangeText(values: readonly number[]): string {
  return rangeOf(figure(Math.min(...values)), figure(Math.max(...values)));
}

function rangeOf(from: number | string, to: number | string): string {
  return from === to ? String(from) : `${from}–${to}`;
}

function count(value: number, noun: string): string {
  return `${thousands(Math.round(value))} ${noun}${Math.round(value) === 1 ? '' : 's'}`;
}
