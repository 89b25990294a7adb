import type { Comparison, Example } from '../../../api/index.ts';
import { printable } from '../../output.ts';
import { tableLines } from './text-table.ts';
import {
  activityDifferencesTable,
  describedTable,
  exampleTable,
  exampleText,
  foundTable,
  metricsTable,
  nodeText,
  overlapText,
  recommendedTable,
} from './compare-tables.ts';
import { starText } from './report-tables.ts';

/** Places of each example's lists that a terminal has room for. */
const placesShown = 10;

/** The comparison as lines of text for a terminal. */
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
    ...tableLines(describedTable(comparison)),
    ...(examples.length === 0 ? [] : ['', 'Users for whom they differ most; * was held out, and is a hit']),
    ...examples.flatMap((example) => exampleLines(example, comparison)),
  ];
}

function exampleLines(example: Example, comparison: Comparison): string[] {
  const known = example.knownPins.map(nodeText).join(', ');
  const { columns, rows } = exampleTable(example, comparison, placesShown);
  const lists = tableLines({ columns, rows: rows.map((row) => row.map(printable)) });
  return [
    '',
    `${printable(nodeText(example.user))}: ${exampleText(example, comparison)}`,
    printable(`  knows ${known}${example.known > example.knownPins.length ? ' …' : ''}`),
  ].concat(lists.map((line) => `  ${line}`));
}
