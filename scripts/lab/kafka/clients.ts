import { readFileSync } from 'node:fs';
import { Admin, Consumer, Producer } from '@platformatic/kafka';
import type { LabRecord } from './records.ts';
import type { Security } from './security.ts';

/** Brokers, and how clients reach them. */
export interface Reached {
  /** Host and port of each. */
  readonly brokers: readonly string[];
  readonly security?: Security | undefined;
}

/** Of a busy machine: what is killed fails at once. */
const timeouts = { retries: 0, connectTimeout: 60_000, requestTimeout: 60_000 };

function base({ brokers, security }: Reached) {
  const common = { clientId: 'pinwalk-lab', bootstrapBrokers: [...brokers], ...timeouts };
  if (security === undefined) return common;
  const { mechanism, user: username, password, files } = security;
  const [ca, cert, key] = [files.ca, files.cert, files.key].map((file) => readFileSync(file, 'utf8'));
  return {
    ...common,
    tls: { ca, cert, key },
    tlsServerName: true,
    sasl: { mechanism: mechanism.toUpperCase() as 'PLAIN', username, password },
  };
}

/** Creates topics, each with so many partitions, and with a copy on each broker. */
export async function createTopics(reached: Reached, counts: ReadonlyMap<string, number>): Promise<void> {
  const admin = new Admin(base(reached));
  for (const [name, partitions] of counts) {
    await admin.createTopics({ topics: [name], partitions, replicas: reached.brokers.length });
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

export function openProducer(reached: Reached): Producer {
  return new Producer(base(reached));
}

/** A record with its place, and its time in milliseconds since 1970. */
interface ReadRecord extends LabRecord {
  readonly offset: number;
  readonly time: number;
}

/** A partition, where it ends, and the broker that leads it. */
interface Place {
  readonly topic: string;
  readonly id: string;
  readonly partition: number;
  readonly end: number;
  readonly node: number;
}

/** Reads topics to their present ends, from the offsets where the call before stopped. Apart from what the server reads with. */
export class LabReader {
  readonly #topics: readonly string[];
  readonly #next = new Map<string, number>();

  constructor(topics: readonly string[]) {
    this.#topics = topics;
  }

  async read(reached: Reached, onRecord: (record: ReadRecord) => void): Promise<void> {
    const consumer = new Consumer({ ...base(reached), retries: 20, retryDelay: 500, groupId: 'lab' });
    try {
      const { topics } = await consumer.metadata({ topics: [...this.#topics] });
      const ends = await consumer.listOffsets({ topics: [...this.#topics], timestamp: -1n });
      for (const [topic, offsets] of ends) {
        for (const [partition, end] of offsets.entries()) {
          const { id, partitions } = topics.get(topic)!;
          const place = { topic, id, partition, end: Number(end), node: partitions[partition]!.leader };
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
    { topic, id, partition, end, node }: Place,
    onRecord: (record: ReadRecord) => void,
  ): Promise<void> {
    const place = `${topic} ${partition}`;
    let next = this.#next.get(place) ?? 0;
    while (next < end) {
      const of = { partition, currentLeaderEpoch: -1, lastFetchedEpoch: -1, partitionMaxBytes: 2 ** 22 };
      const topics = [{ topicId: id, partitions: [{ ...of, fetchOffset: BigInt(next) }] }];
      const { responses } = await consumer.fetch({ node, topics, maxWaitTime: 200 });
      for (const batch of responses[0]?.partitions[0]?.records ?? []) {
        for (const { offsetDelta, timestampDelta, key, value, headers } of batch.records) {
          const offset = Number(batch.firstOffset) + offsetDelta;
          if (offset < next || offset >= end) continue;
          next = offset + 1;
          onRecord({
            topic,
            partition,
            offset,
            time: Number(batch.firstTimestamp + timestampDelta),
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
