import type { Comparison, Example, ExamplePin } from '../../../api/offline/evaluate/index.ts';
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
import { popularityGroupName, popularityGroupText } from './evaluate-tables.ts';

/** The names of the two settings. */
export function namesOf({ results }: Comparison): readonly [string, string] {
  return [results[0]!.name, results[1]!.name];
}

/** Every metric of both settings, with difference, wins and ties. */
export function metricsTable(comparison: Comparison): TextTable {
  const { results, differences, wins, k, confidence } = comparison;
  const [a, b] = namesOf(comparison);
  return {
    columns: ['', a, b, 'difference', 'detectable', 'p', 'p, Holm', '', `${a} wins`, `${b} wins`, 'ties'],
    rows: accuracyMetrics.map((metric) => {
      const { mean, interval, detectable, p, pHolm } = differences.find((each) => each.metric === metric)!;
      return [
        `${metric}@${k}`,
        figureText(results[0]![metric]),
        figureText(results[1]![metric]),
        `${signedText(mean)} ${intervalText(interval, signedText)}`,
        detectableText(detectable),
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

/** Metrics of the recommended pins, and latency. */
export function pinsTable(comparison: Comparison): TextTable {
  const { results } = comparison;
  const row = (name: string, of: (result: (typeof results)[number]) => string): string[] => [
    name,
    ...results.map(of),
  ];
  return {
    columns: ['', ...namesOf(comparison)],
    rows: [
      row('coverage', ({ coverage }) => figureText(coverage)),
      row('novelty, bits', ({ novelty }) => novelty.toFixed(2)),
      row('diversity', ({ diversity }) => figureText(diversity)),
      row('popularity, saves', ({ popularity }) => popularity.toFixed(1)),
      row('long tail', ({ longTail }) => figureText(longTail)),
      row('p50 ms', ({ msPerQueryP50 }) => msPerQueryP50.toFixed(2)),
      row('p99 ms', ({ msPerQueryP99 }) => msPerQueryP99.toFixed(2)),
    ],
  };
}

/** Users by the overlap of their two lists. */
export function overlapTable({ overlap: { users } }: Comparison): TextTable {
  return {
    columns: ['overlap', 'users'],
    rows: users.map((count, i) => [overlapClass(i), thousands(count)]),
  };
}

/** "0.3–0.4", without the upper end; "1" for the last class. */
export function overlapClass(i: number): string {
  return i === 10 ? '1' : rangeText((i / 10).toFixed(1), ((i + 1) / 10).toFixed(1));
}

export function activityDifferencesTable(comparison: Comparison): TextTable {
  const { byActivity, metric, k } = comparison;
  const [a, b] = namesOf(comparison);
  return {
    columns: [
      `users by known pins (${metric}@${k})`,
      a,
      b,
      'difference',
      `${a} wins`,
      `${b} wins`,
      'ties',
      'overlap',
    ],
    rows: byActivity.map(({ pins, users, a: ofA, b: ofB, interval, wins, overlap }) => [
      `${rangeText(pins.from, pins.to)} pins, ${countText(users, 'user')}`,
      figureText(ofA),
      figureText(ofB),
      `${signedText(ofA - ofB)} ${intervalText(interval, signedText)}`,
      thousands(wins.a),
      thousands(wins.b),
      thousands(wins.ties),
      figureText(overlap),
    ]),
  };
}

/** Held-out pins, by the settings that found them. */
export function foundTable(comparison: Comparison): TextTable {
  const [a, b] = namesOf(comparison);
  return {
    columns: ['pins by saves (found by)', 'both', `only ${a}`, `only ${b}`, 'neither'],
    rows: comparison.byPopularity.map((group) => {
      const { both, aOnly, bOnly, neither } = group;
      return [popularityGroupText(group), ...[both, aOnly, bOnly, neither].map(thousands)];
    }),
  };
}

/** Recommendations, by the settings that made them. */
export function recommendedTable(comparison: Comparison): TextTable {
  const [a, b] = namesOf(comparison);
  return {
    columns: ['pins by saves (recommended by)', 'both', `only ${a}`, `only ${b}`],
    rows: comparison.byPopularity
      .filter(({ saves }) => saves !== null)
      .map((group) => {
        const { recommendedBoth, recommendedAOnly, recommendedBOnly } = group;
        const counts = [recommendedBoth, recommendedAOnly, recommendedBOnly].map(thousands);
        return [popularityGroupName(group)].concat(counts);
      }),
  };
}

/** The overlap of the lists, in a sentence. */
export function overlapText({ overlap, k }: Comparison): string {
  return (
    `The lists share ${percent(overlap.mean)} of the top ${k} on average; ${percent(overlap.sameList)} of users get the ` +
    `same list, ${percent(overlap.sameFirst)} the same first pin.`
  );
}

/** The title of a node, or its key if it has none. */
export function nodeText({ key, title }: { readonly key: string; readonly title?: string }): string {
  return title ?? key;
}

/** The figures of an example, in a line. */
export function exampleText({ known, heldOut, a, b, overlap }: Example, comparison: Comparison): string {
  const [nameA, nameB] = namesOf(comparison);
  const { metric, k } = comparison;
  return (
    `${countText(known, 'known pin')}, ${thousands(heldOut)} held out; ${metric}@${k} ` +
    `${figureText(a)} with ${nameA}, ${figureText(b)} with ${nameB}; overlap ${figureText(overlap)}`
  );
}

/** The two lists side by side, with a star at each hit; at most `ranksMax` rows. */
export function exampleTable({ listA, listB }: Example, comparison: Comparison, ranksMax: number): TextTable {
  const ranks = Math.min(Math.max(listA.length, listB.length), ranksMax);
  return {
    columns: ['', ...namesOf(comparison)],
    rows: Array.from({ length: ranks }, (_, i) => [String(i + 1), pinText(listA[i]), pinText(listB[i])]),
  };
}

function pinText(pin: ExamplePin | undefined): string {
  return pin === undefined ? '' : `${pin.isHit ? '* ' : ''}${nodeText(pin)}`;
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
