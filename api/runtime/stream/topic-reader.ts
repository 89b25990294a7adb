import type { ConsumedOffset, RecordBlock } from '../../../graph-data/index.ts';
import { DataError } from '../../../graph-data/base/index.ts';
import { type RawConsumer, openConsumer } from './client.ts';
import type { KafkaConnection } from './connection.ts';
import { type FetchedRecord, fetchedRecords } from './fetched-records.ts';
import { recordsMax, takeRecords } from './take-records.ts';

/** A partition of a topic that is read. */
interface ReadPartition<Role extends string> {
  readonly role: Role;
  /** Of the topic. */
  readonly name: string;
  readonly topic: string;
  readonly partition: number;
  /** Of the broker that leads it. */
  leader: number;
  /** Where the next block begins: the stored offset, once the previous block is stored. */
  from: number;
  /** Where the next fetch begins. */
  position: number;
  /** The end of the readable records, as the broker last reported it; undefined before its first report. */
  end: number | undefined;
  /** Fetched, and not in a block yet. */
  readonly pending: FetchedRecord[];
}

/** Records to write, and how many are still to come. */
export interface TakenRecords<Role extends string> {
  readonly block: RecordBlock<Role>;
  /** Records of the topics that are in no block yet; infinite until all partitions have been reached. */
  readonly behind: number;
  /** Records that the topics dropped before they were read. */
  readonly missed: number;
}

/** Milliseconds that a broker may wait for a record: then lag is known again. */
const waitMs = 500;
/** Of a response, and of each partition in it: some 40,000 saves. A larger record comes alone. */
const [responseBytesMax, partitionBytesMax] = [8 * 2 ** 20, 4 * 2 ** 20];
/** Kafka's number of the isolation level. */
const readCommitted = 1;
/** How long the partitions and leaders of a topic are believed. */
const metadataMs = 30_000;

/**
 * Reads topics from given offsets, without a consumer group: the caller stores the offsets. Reads one response
 * of each broker ahead. After an error, the next call begins with a new connection where this one ended.
 */
export class TopicReader<Role extends string> {
  readonly #connection: KafkaConnection;
  readonly #topics: ReadonlyMap<Role, string>;
  readonly #stored: readonly ConsumedOffset[];
  #partitions: ReadPartition<Role>[] = [];
  #client: RawConsumer | undefined;
  #learnedAt = -Infinity;
  /** Requests to brokers, by their leader. */
  readonly #requests = new Map<number, Promise<void>>();
  #missed = 0;

  /** `stored`: where to begin; partitions that it lacks are read from their first record on. */
  constructor(
    connection: KafkaConnection,
    topics: ReadonlyMap<Role, string>,
    stored: readonly ConsumedOffset[],
  ) {
    this.#connection = connection;
    this.#topics = topics;
    this.#stored = stored;
  }

  /** Resolves with records as soon as there are some, without any after {@link waitMs}. */
  async take(): Promise<TakenRecords<Role>> {
    try {
      if (this.#pendingCount === 0) {
        await this.#request();
        await Promise.race(this.#requests.values());
      }
      const block = takeRecords(this.#partitions);
      // While this block is written.
      if (this.#pendingCount < recordsMax) void this.#request().catch(() => {});
      const missed = this.#missed;
      this.#missed = 0;
      const behind = this.#partitions.reduce((sum, each) => sum + ((each.end ?? Infinity) - each.from), 0);
      return { block, behind: Math.max(0, behind), missed };
    } catch (error) {
      await this.close();
      throw error;
    }
  }

  async close(): Promise<void> {
    const client = this.#client;
    this.#client = undefined;
    this.#learnedAt = -Infinity;
    this.#requests.clear();
    await client?.close(true).catch(() => {});
  }

  get #pendingCount(): number {
    return this.#partitions.reduce((sum, { pending }) => sum + pending.length, 0);
  }

  /** Has a request under way to each broker that leads a partition. */
  async #request(): Promise<void> {
    const client = (this.#client ??= await openConsumer(this.#connection));
    if (performance.now() - this.#learnedAt > metadataMs) await this.#learn(client);
    const byLeader = Map.groupBy(this.#partitions, ({ leader }) => leader);
    for (const [leader, partitions] of byLeader) {
      if (this.#requests.has(leader)) continue;
      const request = this.#fetch(client, leader, partitions).finally(() => {
        if (this.#requests.get(leader) === request) this.#requests.delete(leader);
      });
      // The next call throws its error.
      request.catch(() => {});
      this.#requests.set(leader, request);
    }
  }

  async #fetch(client: RawConsumer, node: number, partitions: ReadPartition<Role>[]): Promise<void> {
    const topics = [...Map.groupBy(partitions, ({ topic }) => topic)].map(([topicId, own]) => ({
      topicId,
      partitions: own.map(({ partition, position }) => ({
        partition,
        currentLeaderEpoch: -1,
        fetchOffset: BigInt(position),
        lastFetchedEpoch: -1,
        partitionMaxBytes: partitionBytesMax,
      })),
    }));
    const options = { node, topics, maxWaitTime: waitMs, minBytes: 1, maxBytes: responseBytesMax };
    const response = await client.fetch({ ...options, isolationLevel: readCommitted });
    if (client !== this.#client) return;
    for (const { topicId, partitions: fetched } of response.responses) {
      for (const each of fetched) {
        const of = partitions.find(
          ({ topic, partition }) => topic === topicId && partition === each.partitionIndex,
        );
        if (of === undefined) continue;
        of.end = Number(each.lastStableOffset);
        for (const record of fetchedRecords(each, of.position)) of.pending.push(record);
        of.position = of.pending.at(-1)?.next ?? of.position;
      }
    }
  }

  /** Learns the partitions of the topics and who leads them. */
  async #learn(client: RawConsumer): Promise<void> {
    const names = [...this.#topics.values()];
    const { topics } = await client.metadata({ topics: names, forceUpdate: true });
    const first = await client.listOffsets({ topics: names, timestamp: -2n });
    const last = await client.listOffsets({ topics: names, timestamp: -1n });
    const known = this.#partitions;
    this.#partitions = [...this.#topics].flatMap(([role, name]) => {
      const { id, partitions } = topics.get(name)!;
      return Object.values(partitions).map(({ leader }, partition) => {
        const before = known.find((each) => each.topic === id && each.partition === partition);
        const bounds = {
          first: Number(first.get(name)![partition]),
          last: Number(last.get(name)![partition]),
        };
        const read = before ?? this.#begin(role, name, id, partition, bounds.first);
        this.#assertWithin(read, bounds);
        read.leader = leader;
        return read;
      });
    });
    this.#learnedAt = performance.now();
  }

  #begin(role: Role, name: string, topic: string, partition: number, first: number): ReadPartition<Role> {
    const stored = this.#stored.find((each) => each.topic === topic && each.partition === partition);
    const from = stored?.next ?? first;
    return { role, name, topic, partition, leader: -1, from, position: from, end: undefined, pending: [] };
  }

  /** Goes on at the first record that there is, if the topic dropped some; refuses to skip records that are yet to come. */
  #assertWithin(read: ReadPartition<Role>, { first, last }: { first: number; last: number }): void {
    if (read.position > last) {
      throw new DataError(
        'kafka-unusable',
        `topic ${read.name}, partition ${read.partition} was read up to offset ${read.position}, but ends at ${last}: its broker lost records, or ` +
          'is another one (docs/kafka.md)',
      );
    }
    if (read.position >= first) return;
    this.#missed += first - read.position;
    read.position = first;
    // The next block stores that they are left out.
    read.pending.push({ record: undefined, offset: first - 1, time: NaN, next: first });
  }
}
