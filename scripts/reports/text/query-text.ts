import { printable } from '../../output.ts';
import type { ComparedItem, QueryComparison } from '../compare-query.ts';
import { nodeText } from './compare-tables.ts';
import { type TextTable, tableLines } from './format.ts';

/** The comparison as lines of text. */
export function queryText(comparison: QueryComparison): string[] {
  const { columns, rows } = queryTable(comparison);
  const lines = tableLines({ columns, rows: rows.map((row) => row.map(printable)) });
  return [printable(queryHeadline(comparison)), '', ...lines];
}

/** The query, and the overlap of the two lists. */
export function queryHeadline({ query, graphVersion, randomSeed, overlap }: QueryComparison): string {
  const keys = query.map(({ pin, board, user }) => pin ?? board ?? user).join(', ');
  return `${keys}: ${(100 * overlap).toFixed(1)} % overlap; seed ${randomSeed}, graph ${graphVersion}; (rank in the other list)`;
}

/** Both lists side by side, each pin with its rank in the other list. */
export function queryTable({ settings, listA, listB }: QueryComparison): TextTable {
  return {
    columns: ['', settings[0].name, settings[1].name],
    rows: Array.from({ length: Math.max(listA.length, listB.length) }, (_, i) => {
      return [String(i + 1), itemText(listA[i]), itemText(listB[i])];
    }),
  };
}

function itemText(item: ComparedItem | undefined): string {
  return item === undefined ? '' : `${nodeText(item)} (${item.placeInOther ?? '–'})`;
}
