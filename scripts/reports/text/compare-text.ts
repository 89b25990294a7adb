import type { Comparison, Example } from '../../../api/offline/evaluate/index.ts';
import { printable } from '../../output.ts';
import { tableLines } from './format.ts';
import {
  activityDifferencesTable,
  exampleTable,
  exampleText,
  foundTable,
  metricsTable,
  nodeText,
  overlapText,
  pinsTable,
  recommendedTable,
} from './compare-tables.ts';
import { starText } from './evaluate-tables.ts';

/** Ranks to print of each example. */
const ranksShown = 10;

/** The comparison as lines of text. */
export function compareText(comparison: Comparison): string[] {
  const { differences, resamples, examples } = comparison;
  return [
    ...tableLines(metricsTable(comparison)),
    starText(differences, resamples),
    '',
    overlapText(comparison),
    '',
    ...tableLines(activityDifferencesTable(comparison)),
    '',
    ...tableLines(foundTable(comparison)),
    '',
    ...tableLines(recommendedTable(comparison)),
    '',
    ...tableLines(pinsTable(comparison)),
    ...(examples.length === 0 ? [] : ['', 'Users with the largest differences; * marks a hit']),
    ...examples.flatMap((example) => exampleLines(example, comparison)),
  ];
}

function exampleLines(example: Example, comparison: Comparison): string[] {
  const known = example.knownPins.map(nodeText).join(', ');
  const { columns, rows } = exampleTable(example, comparison, ranksShown);
  const lists = tableLines({ columns, rows: rows.map((row) => row.map(printable)) });
  return [
    '',
    `${printable(nodeText(example.user))}: ${exampleText(example, comparison)}`,
    printable(`  known pins: ${known}${example.known > example.knownPins.length ? ' …' : ''}`),
  ].concat(lists.map((line) => `  ${line}`));
}
