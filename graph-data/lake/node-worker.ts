/** The thread of `NodeThread`. */
import { parentPort, workerData } from 'node:worker_threads';
import { asyncBufferFromFile, parquetMetadataAsync, parquetRead } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import { openDataFolder } from '../data-folder.ts';
import { type Database, asDataError, openDatabase } from '../database/index.ts';
import { DataError } from '../errors.ts';
import { LateIndexes } from '../import/index.ts';
import { lakeKinds } from './lake-sql.ts';
import { NodeRows } from './node-rows.ts';
import type { NodeReply, NodeTask } from './node-thread.ts';

const { root, files } = workerData as NodeTask;
const folder = openDataFolder(root);
// eslint-disable-next-line unicorn/require-post-message-target-origin -- a thread is no window
const send = (reply: NodeReply): void => parentPort!.postMessage(reply);

try {
  const database = openDatabase(folder);
  send('loaded');
  // The file is deleted at the end, whether the import succeeds or not.
  database.pragma('synchronous = OFF');
  database.pragma('journal_mode = OFF');
  database.pragma('cache_size = -65536');
  database.exec('BEGIN IMMEDIATE');
  const indexes = new LateIndexes(database);
  await insertAll(database);
  indexes.create();
  database.exec('COMMIT');
  database.close();
} catch (error) {
  // Errors lose their class on their way to another thread.
  const fault = asDataError(folder, error);
  if (!(fault instanceof DataError)) throw error;
  send({ code: fault.code, message: fault.message });
}

async function insertAll(database: Database): Promise<void> {
  const rows = new NodeRows(database);
  for (const kind of lakeKinds) {
    const file = await asyncBufferFromFile(files[kind]);
    const metadata = await parquetMetadataAsync(file);
    let rowStart = 0;
    // One at a time in memory.
    for (const group of metadata.row_groups) {
      const rowEnd = rowStart + Number(group.num_rows);
      await parquetRead({
        file,
        metadata,
        compressors,
        rowStart,
        rowEnd,
        onComplete: (read) => rows.add(kind, read),
      });
      rowStart = rowEnd;
    }
  }
  rows.flush();
}
