import { type SearchHit, Searcher, Turns } from '../../api/index.ts';
import { nextBelow, randomStream } from '../../engine/index.ts';
import { type DataFolder, type LoadedSnapshot, Store } from '../../graph-data/index.ts';
import { type BenchCase, hashOf } from './case.ts';
import { queriesOf } from './kernel.ts';
import { typoOf } from './typo.ts';

const lengthMax = 8;
/** Shorter keys have no typos that could be told from other keys. */
const typoLengthMin = 5;

/**
 * Latency of a search while typing: the first 1 to 8 characters of pins drawn by degree, 20 items each. The same for whole
 * keys with one edit, 10 items each, and the share of these keys that is found.
 */
export async function benchSearch(
  size: string,
  folder: DataFolder,
  snapshot: LoadedSnapshot,
  { rounds, searches }: { readonly rounds: number; readonly searches: number },
): Promise<BenchCase[]> {
  const store = Store.open(folder);
  const noCounts = { savesOf: async () => 0, ofUser: async () => ({ boards: 0 }) };
  const searcher = new Searcher(folder, store, noCounts, new Turns(setImmediate));
  const stream = randomStream(2026);
  const texts = queriesOf(snapshot.graph, searches).map((pin) => {
    return store.keyAt('pins', pin)!.slice(0, 1 + nextBelow(stream, lengthMax));
  });
  const keys = queriesOf(snapshot.graph, searches)
    .map((pin) => store.keyAt('pins', pin)!)
    .filter((key) => key.length >= typoLengthMin);
  const typos = keys.map((key) => typoOf(key, stream));
  const measure = async (
    name: string,
    typed: readonly string[],
    limit: number,
  ): Promise<{ cases: BenchCase[]; found: (readonly SearchHit[])[] }> => {
    const times: number[] = [];
    const found: (readonly SearchHit[])[] = [];
    for (let round = 0; round <= rounds; round++) {
      for (const text of typed) {
        const started = performance.now();
        const { hits } = await searcher.pins(text, { limit }, snapshot);
        // The first round is a warm-up.
        if (round > 0) times.push(performance.now() - started);
        else found.push(hits);
      }
    }
    times.sort((a, b) => a - b);
    const hash = hashOf(found);
    const cases = [50, 99].map((percent) => {
      const value = times[Math.floor((percent / 100) * times.length)]!;
      return { name: `${name}-p${percent}/${size}`, value, unit: 'ms', ratios: {}, hash };
    });
    return { cases, found };
  };
  const typing = await measure('search', texts, 20);
  const mistyped = await measure('search-typo', typos, 10);
  store.close();
  const right = keys.filter((key, i) => mistyped.found[i]!.some((hit) => hit.key === key)).length;
  return [
    ...typing.cases,
    ...mistyped.cases,
    {
      name: `search-typo-found/${size}`,
      value: (100 * right) / keys.length,
      unit: '%',
      ratios: {},
      hash: mistyped.cases[0]!.hash,
    },
  ];
}
