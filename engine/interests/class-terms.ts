/** Occurrences of a term in a class from which it says something of the class. */
const countMin = 2;
/** A term is so many times as frequent in the class as in all of them: "the" and "my" are not. */
const liftMin = 1.5;
/**
 * And so many standard deviations more often than if its occurrences were spread by chance; more for a term of which
 * a quarter is elsewhere: a class is tested for thousands of words, and in short titles "with" is easily twice as frequent in one small
 * class as in all.
 */
const deviationsMin = 2;
const elsewhereMin = 4;

interface ClassTerm {
  readonly term: number;
  readonly count: number;
}

/**
 * The terms that set each class apart, best first, where `counts[class]` says how often each term occurs in the class:
 * class-based TF-IDF, tf · ln(1 + A / f), with tf the term's share of all terms of the class, f how often it occurs in all
 * classes, and A the mean number of terms of a class (Grootendorst, "BERTopic", 2022, arXiv:2203.05794). With few classes the
 * second factor hardly tells terms apart, so a term must also be more frequent in the class than in all, beyond
 * chance. Terms that `isAllowed` refuses are left out; ties to the smaller number. O(counts).
 */
export function termsOfClasses(
  counts: readonly ReadonlyMap<number, number>[],
  termCount: number,
  termsMax: number,
  isAllowed: (term: number) => boolean,
): ClassTerm[][] {
  const frequency = new Float64Array(termCount);
  const totals = counts.map((own) => {
    let total = 0;
    for (const [term, count] of own) {
      frequency[term]! += count;
      total += count;
    }
    return total;
  });
  const all = totals.reduce((sum, total) => sum + total, 0);
  const mean = all / counts.length;
  return counts.map((own, i) => {
    const total = totals[i]!;
    // One class alone has nothing to be set apart from.
    const isTelling = (term: number, count: number): boolean => {
      if (total === all) return true;
      const share = total / all;
      const expected = share * frequency[term]!;
      const deviation = Math.sqrt(expected * (1 - share));
      const deviations = 4 * count >= 3 * frequency[term]! ? deviationsMin : elsewhereMin;
      return count >= liftMin * expected && count - expected >= deviations * deviation;
    };
    return [...own]
      .filter(([term, count]) => count >= countMin && isTelling(term, count) && isAllowed(term))
      .map(([term, count]) => ({
        term,
        count,
        weight: (count / total) * Math.log(1 + mean / frequency[term]!),
      }))
      .toSorted((a, b) => b.weight - a.weight || a.term - b.term)
      .slice(0, termsMax)
      .map(({ term, count }) => ({ term, count }));
  });
}
