import { readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { activateSnapshot, buildSnapshot } from '../../graph-data/index.ts';
import { snapshotFile } from '../../graph-data/snapshot/snapshot-file.ts';
import { importSaves } from '../data-folders.ts';
import { serveForSuite } from './server.ts';

/** A folder whose only snapshot has a former format. */
const server = serveForSuite(
  async (folder) => {
    await importSaves(folder, ['ann pasta basil', 'ann pasta tomato']);
    const { version } = await buildSnapshot(folder, () => 0);
    activateSnapshot(folder, version);
    const bytes = readFileSync(snapshotFile(folder, version));
    bytes.writeUInt32LE(2, 8);
    writeFileSync(snapshotFile(folder, version), bytes);
  },
  { isBuilt: false, isRebuilt: true },
);

test('a server that finds no snapshot to serve builds one at once, and is not ready until then', async () => {
  expect(await server.graphs.start()).toBeUndefined();
  expect((await server.get('/readyz')).body.detail).toContain('one is being built');
  await expect.poll(async () => (await server.get('/readyz')).status).toBe(200);
  expect(server.faults).toEqual([expect.stringContaining('it has format 2')]);
  const { items } = (await server.get('/v1/pins/basil/related?algorithm=paths')).body;
  expect(items).toMatchObject([{ pin: 'tomato' }]);
});
