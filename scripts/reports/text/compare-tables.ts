import type { Comparison, Example, ExamplePin } from '../../../api/index.ts';
import { accuracyMetrics } from '../../../engine/index.ts';
import { thousands } from '../../output.ts';
import { type TextTable, countText, rangeText } from './text-table.ts';
import { figure, interval as intervalText, signed } from './figures-text.ts';
import { popularityGroupName, popularityGroupText } from './report-tables.ts';

/** The names of the two. */
export function namesOf({ results }: Comparison): readonly [string, string] {
  return [results[0]!.name, results[1]!.name];
}

/** Every metric of both, its difference, and for how many users which was better. */
export function metricsTable(comparison: Comparison): TextTable {
  const { results, differences, wins, k, confidence } = comparison;
  const [a, b] = namesOf(comparison);
  return {
    columns: ['', a, b, 'difference', 'p', 'p, Holm', '', `${a} wins`, `${b} wins`, 'ties'],
    rows: accuracyMetrics.map((metric) => {
      const { mean, interval, p, pHolm } = differences.find((each) => each.metric === metric)!;
      return [
        `${metric}@${k}`,
        figure(results[0]![metric]),
        figure(results[1]![metric]),
        `${signed(mean)} ${intervalText(interval, signed)}`,
        p.toFixed(4),
        pHolm.toFixed(4),
        pHolm < 1 - confidence ? '*' : '',
        thousands(wins[metric].a),
        thousands(wins[metric].b),
        thousands(wins[metric].ties),
      ];
    }),
  };
}

/** What kind of pins each recommends, and what it takes. */
export function describedTable(comparison: Comparison): TextTable {
  const { results } = comparison;
  const row = (name: string, of: (result: (typeof results)[number]) => string): string[] => [
    name,
    ...results.map(of),
  ];
  return {
    columns: ['', ...namesOf(comparison)],
    rows: [
      row('coverage', ({ coverage }) => figure(coverage)),
      row('novelty, bits', ({ novelty }) => novelty.toFixed(2)),
      row('diversity', ({ diversity }) => figure(diversity)),
      row('saves of a pin', ({ popularity }) => popularity.toFixed(1)),
      row('long tail', ({ longTail }) => figure(longTail)),
      row('p50 ms', ({ msPerQueryP50 }) => msPerQueryP50.toFixed(2)),
      row('p99 ms', ({ msPerQueryP99 }) => msPerQueryP99.toFixed(2)),
    ],
  };
}

/** How many users have how much of their lists in common. */
export function overlapTable({ overlap: { users } }: Comparison): TextTable {
  return {
    columns: ['share of the list in common', 'users'],
    rows: users.map((count, i) => [overlapClass(i), thousands(count)]),
  };
}

/** "0.3–0.4", the upper end not in it; "1" for the last. */
export function overlapClass(i: number): string {
  return i === 10 ? '1' : rangeText((i / 10).toFixed(1), ((i + 1) / 10).toFixed(1));
}

export function activityDifferencesTable(comparison: Comparison): TextTable {
  const { byActivity, metric, k } = comparison;
  const [a, b] = namesOf(comparison);
  return {
    columns: [
      `users with (${metric}@${k})`,
      a,
      b,
      'difference',
      `${a} wins`,
      `${b} wins`,
      'ties',
      'in common',
    ],
    rows: byActivity.map(({ pins, users, a: ofA, b: ofB, interval, wins, overlap }) => [
      `${rangeText(pins.from, pins.to)} pins, ${countText(users, 'user')}`,
      figure(ofA),
      figure(ofB),
      `${signed(ofA - ofB)} ${intervalText(interval, signed)}`,
      thousands(wins.a),
      thousands(wins.b),
      thousands(wins.ties),
      figure(overlap),
    ]),
  };
}

/** Held-out pins by who found them. */
export function foundTable(comparison: Comparison): TextTable {
  const [a, b] = namesOf(comparison);
  return {
    columns: ['pins with (found by)', 'both', `${a} alone`, `${b} alone`, 'neither'],
    rows: comparison.byPopularity.map((group) => {
      const { both, aOnly, bOnly, neither } = group;
      return [popularityGroupText(group), ...[both, aOnly, bOnly, neither].map(thousands)];
    }),
  };
}

/** Recommended pins by whose lists they are in. */
export function recommendedTable(comparison: Comparison): TextTable {
  const [a, b] = namesOf(comparison);
  return {
    columns: ['pins with (recommended by)', 'both', `${a} alone`, `${b} alone`],
    rows: comparison.byPopularity
      .filter(({ saves }) => saves !== null)
      .map((group) => {
        const { recommendedBoth, recommendedAOnly, recommendedBOnly } = group;
        const counts = [recommendedBoth, recommendedAOnly, recommendedBOnly].map(thousands);
        return [popularityGroupName(group)].concat(counts);
      }),
  };
}

/** What the lists have in common, in a sentence. */
export function overlapText({ overlap, k }: Comparison): string {
  return (
    `Of the top ${k}, ${percent(overlap.mean)} are in common; ${percent(overlap.sameList)} of the users get the same list, ` +
    `${percent(overlap.sameFirst)} the same first pin.`
  );
}

/** The key of a node, and its title where it says more. */
export function nodeText({ key, title }: { readonly key: string; readonly title?: string }): string {
  return title === undefined || title === key ? key : title;
}

/** What an example is about. */
export function exampleText({ known, heldOut, a, b, overlap }: Example, comparison: Comparison): string {
  const [nameA, nameB] = namesOf(comparison);
  const { metric, k } = comparison;
  return (
    `${countText(known, 'known pin')}, ${thousands(heldOut)} to find; ${metric}@${k} ` +
    `${figure(a)} with ${nameA}, ${figure(b)} with ${nameB}; ${figure(overlap)} in common`
  );
}

/** The two lists side by side, a star at each hit; at most so many places. */
export function exampleTable(
  { listA, listB }: Example,
  comparison: Comparison,
  placesMax: number,
): TextTable {
  const places = Math.min(Math.max(listA.length, listB.length), placesMax);
  return {
    columns: ['', ...namesOf(comparison)],
    rows: Array.from({ length: places }, (_, i) => [String(i + 1), pinText(listA[i]), pinText(listB[i])]),
  };
}

function pinText(pin: ExamplePin | undefined): string {
  return pin === undefined ? '' : `${pin.isHit ? '* ' : ''}${nodeText(pin)}`;
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
