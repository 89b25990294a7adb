import { Admin, Consumer, Producer } from '@platformatic/kafka';
import { brokerId } from './broker.ts';
import type { LabRecord } from './records.ts';

const timeouts = { retries: 0, connectTimeout: 5_000, requestTimeout: 10_000 };

const base = (broker: string) => ({ clientId: 'pinwalk-lab', bootstrapBrokers: [broker], ...timeouts });

/** Creates topics, each with so many partitions. */
export async function createTopics(broker: string, counts: ReadonlyMap<string, number>): Promise<void> {
  const admin = new Admin(base(broker));
  for (const [name, partitions] of counts) {
    await admin.createTopics({ topics: [name], partitions, replicas: 1 });
  }
  await admin.close();
}

/** Sends records, in order within a partition. */
export async function send(producer: Producer, records: readonly LabRecord[]): Promise<void> {
  await producer.send({
    acks: -1,
    messages: records.map(({ topic, partition, key, value, method }) => ({
      topic,
      partition,
      ...(key !== undefined && { key: Buffer.from(key) }),
      ...(value !== undefined && { value: Buffer.from(value) }),
      ...(method !== undefined && { headers: new Map([[Buffer.from('method'), Buffer.from(method)]]) }),
    })),
  });
}

export function openProducer(broker: string): Producer {
  return new Producer(base(broker));
}

/** A record with its place. */
interface ReadRecord extends LabRecord {
  readonly offset: number;
}

/** Reads topics to their present ends, from the offsets where the call before stopped. Apart from what the server reads with. */
export class LabReader {
  readonly #topics: readonly string[];
  readonly #next = new Map<string, number>();

  constructor(topics: readonly string[]) {
    this.#topics = topics;
  }

  async read(broker: string, onRecord: (record: ReadRecord) => void): Promise<void> {
    const consumer = new Consumer({ ...base(broker), retries: 20, retryDelay: 500, groupId: 'lab' });
    try {
      const { topics } = await consumer.metadata({ topics: [...this.#topics] });
      const ends = await consumer.listOffsets({ topics: [...this.#topics], timestamp: -1n });
      for (const [topic, offsets] of ends) {
        for (const [partition, end] of offsets.entries()) {
          const place = { topic, id: topics.get(topic)!.id, partition, end: Number(end) };
          await this.#readPartition(consumer, place, onRecord);
        }
      }
    } finally {
      await consumer.close(true);
    }
  }

  /** The sum of the offsets up to which it read. */
  get total(): number {
    return [...this.#next.values()].reduce((sum, next) => sum + next, 0);
  }

  async #readPartition(
    consumer: Consumer,
    { topic, id, partition, end }: { topic: string; id: string; partition: number; end: number },
    onRecord: (record: ReadRecord) => void,
  ): Promise<void> {
    const place = `${topic} ${partition}`;
    let next = this.#next.get(place) ?? 0;
    while (next < end) {
      const of = { partition, currentLeaderEpoch: -1, lastFetchedEpoch: -1, partitionMaxBytes: 2 ** 22 };
      const topics = [{ topicId: id, partitions: [{ ...of, fetchOffset: BigInt(next) }] }];
      const { responses } = await consumer.fetch({ node: brokerId, topics, maxWaitTime: 200 });
      for (const batch of responses[0]?.partitions[0]?.records ?? []) {
        for (const { offsetDelta, key, value, headers } of batch.records) {
          const offset = Number(batch.firstOffset) + offsetDelta;
          if (offset < next || offset >= end) continue;
          next = offset + 1;
          onRecord({
            topic,
            partition,
            offset,
            ...(key !== null && { key: String(key) }),
            ...(value !== null && { value: String(value) }),
            ...(headers.length > 0 && { method: 'DELETE' }),
          });
        }
      }
    }
    this.#next.set(place, next);
  }
}
