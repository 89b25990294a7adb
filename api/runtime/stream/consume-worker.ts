import { workerData } from 'node:worker_threads';
import type { ConsumedOffset } from '../../../graph-data/index.ts';
import type { RecordRole } from '../../contract/index.ts';
import type { KafkaConnection } from './connection.ts';
import { replyToCalls } from './reply-to-calls.ts';
import { TopicReader } from './topic-reader.ts';

export interface ConsumeWorkerData {
  readonly connection: KafkaConnection;
  readonly topics: ReadonlyMap<RecordRole, string>;
  readonly stored: readonly ConsumedOffset[];
}

const { connection, topics, stored } = workerData as ConsumeWorkerData;
const reader = new TopicReader(connection, topics, stored);

replyToCalls(
  async () => {
    const result = await reader.take();
    const { bytes, ends, flags, offsets, times } = result.block;
    const buffers = [bytes, ends, flags, offsets, times].map(({ buffer }) => buffer as ArrayBuffer);
    return { result, buffers };
  },
  async () => reader.close(),
);
