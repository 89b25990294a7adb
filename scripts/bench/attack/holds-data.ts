import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { nextBelow, randomStream } from '../../../engine/index.ts';
import {
  type DataFolder,
  type SaveRow,
  activateSnapshot,
  buildSnapshot,
  importFiles,
  importRows,
} from '../../../graph-data/index.ts';

const rowsPerBatch = 1_000;

/**
 * Fills a folder so that requests are expensive: a pin on every board, a board with every pin, a user with a
 * third of the boards, and texts whose words are all common.
 */
export async function fillWithHubs(folder: DataFolder, size: number, seed: number): Promise<void> {
  await importRows(folder, [{ name: 'hubs', rows: hubRows(size, seed) }]);
  const pins = path.join(folder.root, 'pins.jsonl');
  writeFileSync(pins, Array.from({ length: size }, (_, i) => `${pinLine(i)}\n`).join(''));
  await importFiles(folder, [pins]);
  activateSnapshot(folder, (await buildSnapshot(folder, () => performance.now())).version);
}

function* hubRows(size: number, seed: number): Generator<SaveRow[]> {
  const stream = randomStream(seed);
  for (let start = 0; start < size; start += rowsPerBatch) {
    const batch: SaveRow[] = [];
    for (let i = start; i < Math.min(size, start + rowsPerBatch); i++) {
      const user = i % 3 === 0 ? 'many' : `user${i}`;
      batch.push(
        saveRow(user, `board${i}`, 'hub'),
        saveRow('whale', 'whale', `pin${i}`),
        saveRow(user, `board${i}`, `pin${nextBelow(stream, size)}`),
      );
    }
    yield batch;
  }
}

function saveRow(user: string, board: string, pin: string): SaveRow {
  return { user, board, pin, savedAt: NaN, weight: NaN };
}

function pinLine(i: number): string {
  const title = `${i % 2 === 0 ? 'even' : 'odd'} ${i % 3 === 0 ? 'third' : 'other'} common`;
  return JSON.stringify({ pin: `pin${i}`, title, text: 'words that are in the text of every pin there is' });
}
