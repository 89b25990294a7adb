import { nextBelow, randomStream, saveCount } from '../../../engine/index.ts';
import { Store, loadActiveSnapshot, openDataFolder } from '../../../graph-data/index.ts';

/** Paths of queries for pins drawn by degree, each with its own seed, so that no two are identical. */
export function relatedPaths(data: string): () => string {
  const folder = openDataFolder(data);
  const { graph } = loadActiveSnapshot(folder, () => {});
  const store = Store.open(folder);
  const stream = randomStream(1, 0, 0);
  const saves = saveCount(graph);
  const keys = Array.from({ length: 20_000 }, () => {
    const pin = graph.boardToPin.neighbors[nextBelow(stream, saves)]!;
    return encodeURIComponent(store.keyAt('pins', pin) ?? '');
  }).filter((key) => key !== '');
  store.close();
  let count = 0;
  return () => `/v1/pins/${keys[count % keys.length]}/related?limit=20&randomSeed=${++count}`;
}
