import { auc } from './auc.ts';

/**
 * AUC within groups (people), the mean of the groups that have both outcomes, weighted by their rows (gAUC: Zhu et al., KDD 2017,
 * doi:10.1145/3097983.3098134). Returns the sums by group, so that groups can be drawn again.
 */
export function aucByGroup(
  scores: Float64Array,
  y: ArrayLike<number>,
  groups: ArrayLike<number>,
): { readonly group: number; readonly rows: number; readonly auc: number }[] {
  const rowsOf = new Map<number, number[]>();
  for (let i = 0; i < scores.length; i++) {
    const rows = rowsOf.get(groups[i]!);
    if (rows === undefined) rowsOf.set(groups[i]!, [i]);
    else rows.push(i);
  }
  return [...rowsOf].flatMap(([group, rows]) => {
    const area = auc(Float64Array.from(rows, (row) => scores[row]!), rows.map((row) => y[row]!)); // prettier-ignore
    return Number.isNaN(area) ? [] : [{ group, rows: rows.length, auc: area }];
  });
}
