import {
  type AccuracyByBoard,
  type RecommendedLists,
  type SaveSplit,
  accuracyMetrics,
  degreeOf,
  listAt,
  meanOf,
  neighborsOf,
  nodeCount,
} from '../../../engine/index.ts';
import type { SplitNames, TableColumn, TableRow } from '../../../graph-data/index.ts';

/** What an evaluation found for each user, by setting. */
export interface UserResults {
  readonly evaluation: { readonly name: string };
  readonly perUser: { readonly boards: Int32Array; readonly accuracy: AccuracyByBoard };
  /** The lists of the first seed, by fold. */
  readonly lists: readonly RecommendedLists[];
}

interface Table {
  readonly columns: readonly TableColumn[];
  readonly rows: Iterable<TableRow>;
}

/**
 * One row for each setting and user, in the order of evaluation: the accuracy metrics of the user's list. With folds,
 * means over the folds that evaluate the user.
 */
export function perUserTable(
  each: readonly UserResults[],
  splits: readonly SaveSplit[],
  names: SplitNames,
): Table {
  function* rows(): Generator<TableRow> {
    for (const { evaluation, perUser } of each) {
      for (const [i, board] of perUser.boards.entries()) {
        const ofFolds = splits
          .map(({ train, heldOut }) => [pinsOf(train.boardToPin, board), pinsOf(heldOut, board)] as const)
          .filter(([known, heldOut]) => known > 0 && heldOut > 0);
        const mean = (part: 0 | 1): number => meanOf(Float64Array.from(ofFolds, (counts) => counts[part]));
        const figures = accuracyMetrics.map((metric) => perUser.accuracy[metric][i]);
        yield [evaluation.name, names.board(board).key, mean(0), mean(1), ...figures];
      }
    }
  }
  return {
    columns: [
      { name: 'setting', kind: 'text' },
      { name: 'user', kind: 'text' },
      { name: 'known', kind: 'number' },
      { name: 'heldOut', kind: 'number' },
      ...accuracyMetrics.map((name) => ({ name, kind: 'number' }) as const),
    ],
    rows: rows(),
  };
}

/** One row for each recommendation of each setting: fold (from 1), user, rank (from 1), pin, and whether it was held out. */
export function listsTable(
  each: readonly UserResults[],
  splits: readonly SaveSplit[],
  names: SplitNames,
): Table {
  function* rows(): Generator<TableRow> {
    for (const { evaluation, lists } of each) {
      for (const [fold, ofFold] of lists.entries()) {
        for (const [i, board] of ofFold.boards.entries()) {
          const user = names.board(board).key;
          const relevant = new Set(neighborsOf(splits[fold]!.heldOut, board));
          for (const [place, pin] of listAt(ofFold, i).entries()) {
            yield [evaluation.name, fold + 1, user, place + 1, names.pin(pin).key, relevant.has(pin)];
          }
        }
      }
    }
  }
  return {
    columns: [
      { name: 'setting', kind: 'text' },
      { name: 'fold', kind: 'integer' },
      { name: 'user', kind: 'text' },
      { name: 'rank', kind: 'integer' },
      { name: 'pin', kind: 'text' },
      { name: 'isHit', kind: 'boolean' },
    ],
    rows: rows(),
  };
}

function pinsOf(adjacency: SaveSplit['heldOut'], board: number): number {
  return board < nodeCount(adjacency) ? degreeOf(adjacency, board) : 0;
}
