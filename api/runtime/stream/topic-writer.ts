import type { ChangeReader, Database, PositionFault } from '../../../graph-data/index.ts';
import { type RawProducer, openProducer } from './client.ts';
import type { KafkaConnection } from './connection.ts';
import { readTopicEnd } from './topic-end.ts';

/** Changes that are read at a time. */
const changesPerSlice = 1_000;
/** Of a request: brokers refuse a megabyte and more by default. A larger change comes alone. */
const bytesMax = 2 ** 19;
/** Requests of one call. */
const slicesMax = 20;

/** How far the topic has the change log. */
export interface WrittenChanges {
  /** The position up to which the topic has it. */
  readonly position: number;
  /** Records that were written since the call before. */
  readonly written: number;
}

/**
 * Writes the change log to a topic of one partition, from the last change that the topic has: so after a kill
 * of either side, no change is missing and none appears twice. Where the log cannot be followed, a line of kind
 * `anew` says so.
 */
export class TopicWriter {
  readonly #connection: KafkaConnection;
  readonly #topic: string;
  readonly #reader: ChangeReader;
  readonly #selectEnd;
  #producer: RawProducer | undefined;
  #position = 0;
  #mark: string | undefined;

  constructor(connection: KafkaConnection, topic: string, database: Database, reader: ChangeReader) {
    this.#connection = connection;
    this.#topic = topic;
    this.#reader = reader;
    this.#selectEnd = database.prepare<[], { position: number; mark: string | null }>(
      'SELECT source.position, mark FROM source LEFT JOIN events ON events.position = source.position',
    );
  }

  /**
   * Writes the missing records to the topic, or a bounded part of them. After an error, the next call looks at
   * the topic again.
   */
  async write(): Promise<WrittenChanges> {
    try {
      this.#producer ??= await this.#begin();
      let written = 0;
      for (let slices = 0; slices < slicesMax; slices++) {
        const slice = this.#reader.read(this.#position, changesPerSlice, this.#mark);
        if (typeof slice === 'string') written += await this.#writeAnew(this.#producer, slice);
        else if (slice.lines.length === 0) break;
        else written += await this.#writeLines(this.#producer, slice);
      }
      return { position: this.#position, written };
    } catch (error) {
      await this.close();
      throw error;
    }
  }

  async close(): Promise<void> {
    const producer = this.#producer;
    this.#producer = undefined;
    await producer?.close(true).catch(() => {});
  }

  async #begin(): Promise<RawProducer> {
    const end = await readTopicEnd(this.#connection, this.#topic);
    const producer = await openProducer(this.#connection);
    if (end === 'gone') await this.#writeAnew(producer, 'dropped');
    else {
      this.#position = end?.position ?? 0;
      this.#mark = end?.mark;
    }
    return producer;
  }

  /** Hashes of API keys stay here: their changes are left out. */
  async #writeLines(
    producer: RawProducer,
    { lines, upTo }: { readonly lines: readonly string[]; readonly upTo: number },
  ): Promise<number> {
    const given = lines.filter((line) => !/^\{"position":\d+,"kind":"key"/.test(line));
    for (let start = 0; start < given.length;) {
      let [end, bytes] = [start, 0];
      while (end < given.length && (end === start || bytes + 3 * given[end]!.length <= bytesMax)) {
        bytes += Buffer.byteLength(given[end++]!);
      }
      await this.#send(producer, given.slice(start, end));
      start = end;
    }
    this.#position = upTo;
    this.#mark = (JSON.parse(lines.at(-1)!) as { mark?: string }).mark;
    return given.length;
  }

  async #writeAnew(producer: RawProducer, reason: PositionFault): Promise<number> {
    const { position, mark } = this.#selectEnd.get()!;
    const line = JSON.stringify({ position, kind: 'anew', reason, ...(mark !== null && { mark }) });
    await this.#send(producer, [line]);
    this.#position = position;
    this.#mark = mark ?? undefined;
    return 1;
  }

  async #send(producer: RawProducer, lines: readonly string[]): Promise<void> {
    const messages = lines.map((line) => ({ topic: this.#topic, partition: 0, value: Buffer.from(line) }));
    await producer.send({ messages, acks: -1 });
  }
}
