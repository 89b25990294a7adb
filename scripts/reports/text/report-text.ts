import type { Report } from '../../../api/index.ts';
import { thousands } from '../../output.ts';
import { countText, tableLines } from './text-table.ts';
import {
  activityTable,
  differencesTable,
  figuresTable,
  popularityTable,
  reasonsTable,
  starText,
} from './report-tables.ts';

/** The report as lines of text for a terminal. */
export function reportText(report: Report): string[] {
  const { differences, resamples } = report;
  const reasons = reasonsTable(report);
  return [
    ...tableLines(figuresTable(report)),
    '',
    ...tableLines(activityTable(report)),
    '',
    ...tableLines(popularityTable(report)),
    ...(reasons === undefined ? [] : ['', ...tableLines(reasons)]),
    ...(differences.length === 0
      ? []
      : ['', ...tableLines(differencesTable(report)), starText(differences, resamples)]),
  ];
}

/** What was evaluated, on which data. */
export function headline({
  k,
  randomSeed,
  confidence,
  negatives,
  data,
  results,
}: Pick<Report, 'k' | 'randomSeed' | 'confidence' | 'negatives' | 'data'> & {
  readonly results: readonly { readonly users: number }[];
}): string {
  const { folds, boards, pins, saves, heldOut } = data;
  const ranked =
    negatives === null ? 'all pins ranked' : `ranked among ${thousands(negatives)} SAMPLED pins a user`;
  const sizes = `${thousands(Math.round(saves))} saves of ${countText(boards, 'board')} and ${countText(pins, 'pin')}`;
  const asked = `${countText(results[0]!.users, 'user')} asked for ${thousands(Math.round(heldOut))} held-out saves`;
  return `${sizes}; ${asked}${folds === 1 ? '' : ` in each of ${folds} folds`}; ${ranked}, k ${k}, seed ${randomSeed}, [${100 * confidence} % intervals]`;
}
