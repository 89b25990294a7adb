import { expect, test } from 'vitest';
import { buildSnapshot } from '../../graph-data/index.ts';
import { importSaves } from '../data-folders.ts';
import { serveForSuite } from './server.ts';

const server = serveForSuite((folder) => importSaves(folder, ['ann pasta basil', 'ann pasta tomato']), {
  settings: { swapOverlapMin: 0 },
});

test('after a swap, an idle main thread lets the memory of the old graph go', async () => {
  const memory = new WeakRef(server.graphs.snapshot.graph.pinToBoard.memory);
  await importSaves(server.folder, ['bob soup olive']);
  const { version } = await buildSnapshot(server.folder, () => 0);
  await server.graphs.swap(version);
  // Not the memory itself: a failed attempt would keep it.
  await expect.poll(() => memory.deref() === undefined).toBe(true);
});
