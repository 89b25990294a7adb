const typosMax = 2;
/** The distance takes the product of two lengths. */
const lengthMax = 64;

/** The first of some names that differs from a mistyped one by at most two letters, and half of its own, whatever their case. */
export function meantBy(typed: string, names: readonly string[]): string | undefined {
  if (typed.length > lengthMax) return undefined;
  return names.find((each) => {
    if (Math.abs(each.length - typed.length) > typosMax) return false;
    return distance(each.toLowerCase(), typed.toLowerCase()) <= Math.min(typosMax, each.length / 2);
  });
}

/** Levenshtein distance: letters to insert, delete or replace, O(length²). */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, row[j]! + 1, next[j - 1]! + 1));
    }
    row = next;
  }
  return row[b.length]!;
}
