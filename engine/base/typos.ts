const typosMax = 2;
/** The distance takes the product of two lengths. */
const lengthMax = 64;

/** The nearest of some names that differ from a mistyped one by at most two letters, and half of their own, whatever their case. */
export function meantBy(typed: string, names: readonly string[]): string | undefined {
  if (typed.length > lengthMax) return undefined;
  let [meant, least]: [string | undefined, number] = [undefined, Infinity];
  for (const name of names) {
    if (Math.abs(name.length - typed.length) > typosMax) continue;
    const typos = distance(name.toLowerCase(), typed.toLowerCase());
    if (typos <= Math.min(typosMax, name.length / 2) && typos < least) [meant, least] = [name, typos];
  }
  return meant;
}

/** What to write instead of a name that does not exist: the one that was meant, or all. */
export function hintOf(typed: string, names: readonly string[]): string {
  const meant = meantBy(typed, names);
  return meant === undefined ? `there are ${names.join(', ')}` : `did you mean ${JSON.stringify(meant)}?`;
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
