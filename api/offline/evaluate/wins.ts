/** Users; their sum is all of them. */
export interface Wins {
  readonly a: number;
  readonly b: number;
  readonly ties: number;
}

/** For how many places which of two columns has the larger value. */
export function winsOf(a: Float64Array, b: Float64Array): Wins {
  const wins = { a: 0, b: 0, ties: 0 };
  for (let user = 0; user < a.length; user++) {
    if (a[user]! > b[user]!) wins.a++;
    else if (a[user]! < b[user]!) wins.b++;
    else wins.ties++;
  }
  return wins;
}
