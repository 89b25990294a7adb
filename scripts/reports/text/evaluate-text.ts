import type { Report } from '../../../api/offline/evaluate/index.ts';
import { tiesText } from '../../../api/offline/evaluate/index.ts';
import { thousands } from '../../output.ts';
import { countText, tableLines } from './format.ts';
import {
  activityTable,
  differencesTable,
  figuresTable,
  popularityTable,
  reasonsTable,
  starText,
} from './evaluate-tables.ts';

/** The report as lines of text. */
export function evaluateText(report: Report): string[] {
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

/** The sizes of the data, and how they were evaluated. */
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
  const train = `Train: ${countText(saves, 'save')}, ${countText(boards, 'board')}, ${countText(pins, 'pin')}`;
  const test = `held out: ${countText(heldOut, 'save')} of ${countText(results[0]!.users, 'user')}`;
  const ranked =
    negatives === null ? 'all pins ranked' : `ranked among ${thousands(negatives)} SAMPLED pins per user`;
  const ties = data.ties === null || data.ties.tied === 0 ? '' : `; ${tiesText(data.ties)}`;
  const options = `k ${k}, seed ${randomSeed}, [${100 * confidence} % intervals]`;
  return `${train}; ${test}${folds === 1 ? '' : ` in each of ${folds} folds`}${ties}; ${ranked}; ${options}`;
}
