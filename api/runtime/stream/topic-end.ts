import { fetchedRecords } from './fetched-records.ts';
import { type RawConsumer, openConsumer } from './client.ts';
import type { KafkaConnection } from './connection.ts';
import { DataError } from '../../../graph-data/base/index.ts';

/** Records that are looked at, from the end of the topic, for one that is a change. */
const recordsBack = [1, 100];

/** Where the change log in a topic ends. */
interface TopicEnd {
  readonly position: number;
  readonly mark: string | undefined;
}

/** The last change in a topic; undefined if it never had one, `gone` if it has dropped all. Throws `kafka-unusable` if changes would have no order in it. */
export async function readTopicEnd(
  connection: KafkaConnection,
  topic: string,
): Promise<TopicEnd | 'gone' | undefined> {
  const client = await openConsumer(connection);
  try {
    const { topics } = await client.metadata({ topics: [topic], forceUpdate: true });
    const { id, partitions } = topics.get(topic)!;
    const leaders = Object.values(partitions).map(({ leader }) => leader);
    if (leaders.length !== 1) {
      throw new DataError(
        'kafka-unusable',
        `topic ${topic} has ${leaders.length} partitions, and changes are in order in one alone: create it with one`,
      );
    }
    const [first, last] = [await offsetOf(client, topic, -2n), await offsetOf(client, topic, -1n)];
    if (first === last) return last === 0 ? undefined : 'gone';
    for (const back of recordsBack) {
      const from = Math.max(first, last - back);
      const end = lastChange(await readFrom(client, { node: leaders[0]!, id, from, last }));
      if (end !== undefined) return end;
      if (from === first) break;
    }
    throw new DataError(
      'kafka-unusable',
      `topic ${topic} ends with records that are no changes: give the change log a topic of its own`,
    );
  } finally {
    await client.close(true).catch(() => {});
  }
}

async function offsetOf(client: RawConsumer, topic: string, timestamp: bigint): Promise<number> {
  const offsets = await client.listOffsets({ topics: [topic], timestamp });
  return Number(offsets.get(topic)![0]);
}

interface Range {
  readonly node: number;
  readonly id: string;
  readonly from: number;
  readonly last: number;
}

/** The values of the records from an offset to the end. */
async function readFrom(client: RawConsumer, { node, id, from, last }: Range): Promise<(Buffer | null)[]> {
  const values: (Buffer | null)[] = [];
  for (let at = from; at < last;) {
    const partition = {
      partition: 0,
      currentLeaderEpoch: -1,
      fetchOffset: BigInt(at),
      lastFetchedEpoch: -1,
      partitionMaxBytes: 2 ** 20,
    };
    const topics = [{ topicId: id, partitions: [partition] }];
    const response = await client.fetch({ node, topics, maxWaitTime: 1_000, minBytes: 1, maxBytes: 2 ** 22 });
    const fetched = response.responses.flatMap(({ partitions }) =>
      partitions.flatMap((each) => fetchedRecords(each, at)),
    );
    if (fetched.length === 0) break;
    for (const { record } of fetched) if (record !== undefined) values.push(record.value);
    at = fetched.at(-1)!.next;
  }
  return values;
}

function lastChange(values: readonly (Buffer | null)[]): TopicEnd | undefined {
  for (const value of values.toReversed()) {
    try {
      const { position, mark } = JSON.parse(String(value)) as { position?: unknown; mark?: unknown };
      if (typeof position !== 'number') continue;
      return { position, mark: typeof mark === 'string' ? mark : undefined };
    } catch {
      // Of somebody else.
    }
  }
  return undefined;
}
