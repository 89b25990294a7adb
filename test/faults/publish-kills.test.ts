import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { nextUnit, randomStream } from '../../engine/index.ts';
import {
  SaveWriter,
  activateSnapshot,
  buildSnapshot,
  openDataFolder,
  publish,
  restore,
} from '../../graph-data/index.ts';
import { importSaves, temporaryFolder } from '../data-folders.ts';
import { startPinwalk } from '../scripts/command.ts';

/** `npm run faults` kills a hundred times. */
const kills = Number(process.env['PINWALK_KILLS'] ?? 4);

interface Manifest {
  readonly createdAt: string;
  readonly database: { readonly position: number };
  readonly files: readonly { readonly sha256: string }[];
}

test(
  `a publication that is killed ${kills} times always restores, never goes back, and leaves nothing behind`,
  { timeout: 1_200_000 + kills * 20_000 },
  async () => {
    const root = temporaryFolder();
    const source = openDataFolder(path.join(root, 'source'));
    const target = path.join(root, 'published');
    const saves = Array.from({ length: 40_000 }, (_, i) => `u b${i % 4_000} p${(i * 7) % 3_001}`);
    await importSaves(source, saves);
    activateSnapshot(source, (await buildSnapshot(source, () => 0)).version);
    const writer = SaveWriter.open(source, { busyMs: 5_000 });
    const random = randomStream(Number(process.env['PINWALK_SEED'] ?? 23));
    const latest = (): Manifest =>
      JSON.parse(readFileSync(path.join(target, 'LATEST.json'), 'utf8')) as Manifest;
    const began = performance.now();
    await publish(source, target, { pinwalk: '1.2.3', createdAt: new Date(0) });
    const wholeMs = performance.now() - began;
    let [position, published, restored] = [latest().database.position, 0, 0];
    for (let i = 0; i < kills; i++) {
      writer.apply([{ changes: [{ kind: 'save', user: 'u', board: 'b1', pin: `new ${i}` }], time: i }]);
      const before = latest().createdAt;
      const { child, ended } = startPinwalk('publish', target, '--data', source.root);
      // From the first look at the data to the deletion of old files.
      while (child.exitCode === null && !readdirSync(target).some((name) => name.startsWith('.staging'))) {
        await wait(1);
      }
      await wait(nextUnit(random) * wholeMs);
      child.kill('SIGKILL');
      await ended;
      expect(latest().database.position).toBeGreaterThanOrEqual(position);
      position = latest().database.position;
      if (latest().createdAt !== before) published++;
      const { database } = await restore(path.join(root, `restored-${restored++}`), target);
      expect(database.position).toBe(position);
    }
    writer.close();
    console.log(`${published} of ${kills} were published before they were killed`);
    await publish(source, target, { pinwalk: '1.2.3', createdAt: new Date() }, { keep: 1 });
    expect(readdirSync(target).toSorted()).toEqual(['LATEST.json', 'files', 'generations']);
    expect(readdirSync(path.join(target, 'files')).toSorted()).toEqual(
      [...new Set(latest().files.map(({ sha256 }) => sha256))].toSorted(),
    );
  },
);
