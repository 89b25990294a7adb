/** Texts near a typed one. */
export interface NearTexts {
  /** Texts that are one edit away from the typed one, or equal to it. */
  readonly whole: readonly string[];
  /** The shortest beginnings of texts that are one edit away from the typed one, or equal to it. */
  readonly prefixes: readonly string[];
}

/** Look-ups between two pauses: about 1 ms. */
const seeksPerSlice = 250;
const cost = { edit: 1, dead: 2 } as const;
const codePointMax = 0x10_ffff;

/**
 * Finds texts that become the typed one by at most one edit: a letter inserted, deleted or substituted, or two neighbors
 * transposed (restricted Damerau–Levenshtein distance ≤ 1). `seek` returns the first text that is not before another one in
 * the order of code points, so any sorted index serves and needs no index of its own for typos.
 *
 * The walk goes through the index as through a trie, and carries one row of the distance table a letter. Where no entry
 * of the row is left below 2, it jumps to the next text that can still match. That is the intersection of an index with
 * a Levenshtein automaton (Schulz and Mihov, IJDAR 2002, doi:10.1007/s10032-002-0082-8), without building the automaton.
 * Look-ups grow with the distinct letters at each place, not with the number of texts; at most `seeksMax`. Texts with the
 * first letter as typed come first, since there most matches are. Awaits `pause` between slices.
 */
export async function findNear(
  typed: string,
  seek: (from: string) => string | undefined,
  seeksMax: number,
  pause: () => Promise<void>,
): Promise<NearTexts> {
  const walk = new NearWalk(typed);
  const [first] = walk.wanted;
  if (first === undefined) return walk;
  const after = successor(first);
  let seeks = 0;
  for (const { from, to } of [
    { from: first, to: after },
    { from: '', to: first },
    { from: after, to: undefined },
  ]) {
    for (let next = from; next !== undefined && seeks < seeksMax;) {
      if (++seeks % seeksPerSlice === 0) await pause();
      const text = seek(next);
      if (text === undefined || (to !== undefined && !isBefore(text, to))) break;
      next = walk.visit(text);
    }
  }
  return walk;
}

/** One walk: the letters of the text last visited, and the rows of the distance table along them. */
class NearWalk implements NearTexts {
  readonly whole: string[] = [];
  readonly prefixes: string[] = [];
  readonly wanted: readonly string[];
  readonly #rows: Uint8Array[];
  #letters: readonly string[] = [];
  /** Letters of the text last visited whose rows stand. */
  #depth = 0;

  constructor(typed: string) {
    this.wanted = Array.from(typed);
    this.#rows = [Uint8Array.from([0, ...this.wanted], (_, j) => Math.min(j, cost.dead))];
  }

  /** Notes a text that is near. Returns where the next one can be; undefined at the end. */
  visit(text: string): string | undefined {
    const letters = Array.from(text);
    let depth = 0;
    while (depth < this.#depth && letters[depth] === this.#letters[depth]) depth++;
    let isWithinPrefix = this.#isMatchWithin(depth);
    this.#letters = letters;
    while (depth < letters.length && this.#step(depth, letters[depth]!)) {
      depth++;
      if (isWithinPrefix || !this.#isMatch(depth)) continue;
      isWithinPrefix = true;
      this.prefixes.push(letters.slice(0, depth).join(''));
    }
    this.#depth = depth;
    if (depth === letters.length && this.#isMatch(depth)) this.whole.push(text);
    // Deeper first: a text that continues this one, or the letters read so far.
    for (let place = depth; place >= 0; place--) {
      const next = this.#nextLetter(place, letters[place]);
      if (next !== undefined) return letters.slice(0, place).join('') + next;
    }
    return undefined;
  }

  #isMatch(depth: number): boolean {
    return this.#rows[depth]![this.wanted.length]! <= cost.edit;
  }

  #isMatchWithin(depth: number): boolean {
    for (let place = 1; place <= depth; place++) if (this.#isMatch(place)) return true;
    return false;
  }

  /** The smallest letter after another one by which the text can continue at a place; of all letters if that is undefined. */
  #nextLetter(place: number, after: string | undefined): string | undefined {
    // Any letter costs one edit at most where nothing was edited so far: on the diagonal alone can the distance be 0.
    if (this.#rows[place]![place] === 0) return after === undefined ? '\0' : successor(after);
    let least: string | undefined;
    for (let at = Math.max(0, place - 2); at < Math.min(place + 2, this.wanted.length); at++) {
      const letter = this.wanted[at]!;
      if (after !== undefined && !isBefore(after, letter)) continue;
      if ((least === undefined || isBefore(letter, least)) && this.#step(place, letter)) least = letter;
    }
    return least;
  }

  /** Fills the row below `depth` letters for one more. Returns whether a match is still possible. */
  #step(depth: number, letter: string): boolean {
    const { wanted } = this;
    const above = this.#rows[depth]!;
    const row = (this.#rows[depth + 1] ??= new Uint8Array(wanted.length + 1)).fill(cost.dead);
    let isAlive = false;
    // Further from the diagonal, every entry is 2 or more.
    for (let j = depth; j <= Math.min(depth + 2, wanted.length); j++) {
      let best = above[j]! + cost.edit;
      if (j > 0) {
        const isSame = letter === wanted[j - 1];
        best = Math.min(best, above[j - 1]! + Number(!isSame), row[j - 1]! + cost.edit);
        const isSwapped =
          j > 1 && depth > 0 && letter === wanted[j - 2] && this.#letters[depth - 1] === wanted[j - 1];
        if (isSwapped) best = Math.min(best, this.#rows[depth - 1]![j - 2]! + cost.edit);
      }
      row[j] = Math.min(best, cost.dead);
      isAlive ||= best <= cost.edit;
    }
    return isAlive;
  }
}

/** Whether a text sorts before another one by code points, as SQLite sorts UTF-8. */
function isBefore(a: string, b: string): boolean {
  const end = Math.min(a.length, b.length);
  for (let i = 0; i < end; i++) {
    const [left, right] = [a.charCodeAt(i), b.charCodeAt(i)];
    if (left !== right) return ordered(left) < ordered(right);
  }
  return a.length < b.length;
}

/** Code units so that surrogates, which stand for the highest code points, come last. */
function ordered(unit: number): number {
  if (unit < 0xd8_00) return unit;
  return unit < 0xe0_00 ? unit + 0x20_00 : unit - 0x8_00;
}

/** The next code point that is a letter of well-formed text. */
function successor(letter: string): string | undefined {
  const code = letter.codePointAt(0)!;
  if (code === codePointMax) return undefined;
  return String.fromCodePoint(code === 0xd7_ff ? 0xe0_00 : code + 1);
}
