import { type TreeNode, termsOfClasses } from '../../engine/interests/index.ts';
import type { CountedTerms } from './count-terms.ts';

/** Words kept with each interest. */
const wordsKept = 8;
const wordsInName = 3;
/** Characters of the title of a pin in a name. */
const pinTitleMax = 40;
const titlesTried = 20;
/** A title names an interest if this many of its boards have it, and this share of them. */
const titledMin = 5;
const titledShareMin = 0.02;

interface InterestName {
  readonly name: string;
  readonly words: readonly string[];
}

/**
 * Names interests by the terms that set each apart from the others of its level: by a board title that many of its boards
 * have, or else by three words; where there are none, by its most saved pins. No two share a title of a board.
 */
export function nameInterests(
  nodes: readonly TreeNode[],
  { words, titles, terms, isPublic }: CountedTerms,
  titleOf: (pin: number) => string,
): InterestName[] {
  const wordsOf = rankedTerms(nodes, words, terms.length, wordsKept, isPublic);
  const titlesOf = rankedTerms(nodes, titles, terms.length, titlesTried, isPublic);
  const used = new Set<string>();
  return nodes.map(({ boards, parent, topPins }, place) => {
    const own = wordsOf[place]!.map(({ term }) => terms[term]!);
    const often = Math.max(titledMin, titledShareMin * boards);
    const title = titlesOf[place]!.filter(({ count }) => count >= often)
      .map(({ term }) => terms[term]!.slice(1))
      .find((each) => !used.has(each));
    if (title !== undefined) used.add(title);
    // The parent's name does not distinguish its parts.
    const above = parent < 0 ? [] : wordsOf[parent]!.slice(0, wordsInName).map(({ term }) => terms[term]!);
    const telling = [...own.filter((word) => !above.includes(word)), ...own];
    const named = [...new Set(telling)].slice(0, wordsInName);
    const pins = topPins.slice(0, wordsInName).map((pin) => shortened(titleOf(pin)));
    const byWords = named.length > 0 ? named.join(', ') : pins.join(' · ');
    return { name: title ?? byWords, words: own };
  });
}

function shortened(title: string): string {
  return title.length <= pinTitleMax
    ? title
    : `${title
        .slice(0, pinTitleMax - 1)
        .toWellFormed()
        .trimEnd()}…`;
}

/** The terms of each interest, those below it included, that set it apart from others of its level. */
function rankedTerms(
  nodes: readonly TreeNode[],
  counts: readonly Map<number, number>[],
  termCount: number,
  termsMax: number,
  isAllowed: (term: number) => boolean,
): ReturnType<typeof termsOfClasses> {
  const sums = counts.map((own) => new Map(own));
  // Children come after their parents.
  for (let place = nodes.length - 1; place >= 0; place--) {
    const above = sums[nodes[place]!.parent];
    if (above === undefined) continue;
    for (const [term, count] of sums[place]!) above.set(term, (above.get(term) ?? 0) + count);
  }
  const ranked: ReturnType<typeof termsOfClasses> = nodes.map(() => []);
  for (const level of new Set(nodes.map((node) => node.level))) {
    const places = [...nodes.keys()].filter((place) => nodes[place]!.level === level);
    const own = places.map((place) => sums[place]!);
    for (const [i, found] of termsOfClasses(own, termCount, termsMax, isAllowed).entries()) {
      ranked[places[i]!] = found;
    }
  }
  return ranked;
}
