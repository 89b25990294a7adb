import { Searcher, Turns } from '../../api/index.ts';
import { nextBelow, randomStream } from '../../engine/index.ts';
import { type DataFolder, type LoadedSnapshot, Store } from '../../graph-data/index.ts';
import { type BenchCase, hashOf } from './case.ts';
import { queriesOf } from './kernel.ts';

const lengthMax = 8;

/** Latency of a search while typing: the first 1 to 8 characters of pins drawn by degree, 20 items each. */
export async function benchSearch(
  size: string,
  folder: DataFolder,
  snapshot: LoadedSnapshot,
  { rounds, searches }: { readonly rounds: number; readonly searches: number },
): Promise<BenchCase[]> {
  const store = Store.open(folder);
  const noCounts = { savesOf: async () => 0, ofUser: async () => ({ boards: 0 }) };
  const searcher = new Searcher(store, noCounts, new Turns(setImmediate));
  const stream = randomStream(2026);
  const texts = queriesOf(snapshot.graph, searches).map((pin) => {
    return store.keyAt('pins', pin)!.slice(0, 1 + nextBelow(stream, lengthMax));
  });
  const times: number[] = [];
  const found: unknown[] = [];
  for (let round = 0; round <= rounds; round++) {
    for (const text of texts) {
      const started = performance.now();
      const hits = await searcher.pins(text, 20, snapshot);
      // The first round is a warm-up.
      if (round > 0) times.push(performance.now() - started);
      else found.push(hits);
    }
  }
  store.close();
  times.sort((a, b) => a - b);
  const hash = hashOf(found);
  return [50, 99].map((percent) => {
    const value = times[Math.floor((percent / 100) * times.length)]!;
    return { name: `search-p${percent}/${size}`, value, unit: 'ms', ratio: null, hash };
  });
}
