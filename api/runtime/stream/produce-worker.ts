import { getPriority, setPriority } from 'node:os';
import { workerData } from 'node:worker_threads';
import { ChangeReader } from '../../../graph-data/changes/index.ts';
import { openDataFolder } from '../../../graph-data/base/index.ts';
import { openDatabaseReadOnly } from '../../../graph-data/database/index.ts';
import type { KafkaConnection } from './connection.ts';
import { replyToCalls } from './reply-to-calls.ts';
import { TopicWriter } from './topic-writer.ts';

export interface ProduceWorkerData {
  readonly dataFolder: string;
  readonly connection: KafkaConnection;
  readonly topic: string;
}

// As threads that walk. Only Linux has priorities of threads.
if (process.platform === 'linux') setPriority(Math.max(10, getPriority()));

const { dataFolder, connection, topic } = workerData as ProduceWorkerData;
const database = openDatabaseReadOnly(openDataFolder(dataFolder))!;
const writer = new TopicWriter(connection, topic, database, new ChangeReader(database));

replyToCalls(
  async () => ({ result: await writer.write() }),
  async () => {
    await writer.close();
    database.close();
  },
);
