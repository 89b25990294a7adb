import type { KafkaRecord, RecordsBatch } from '@platformatic/kafka';

/** A record, or offsets without one: of transactions that were aborted, and of their marks. */
export interface FetchedRecord {
  readonly record: KafkaRecord | undefined;
  readonly offset: number;
  /** Milliseconds since 1970; NaN if the producer sent none. */
  readonly time: number;
  /** The offset to read from after it. */
  next: number;
}

/** A broker's response for a partition. */
interface FetchedPartition {
  readonly records?: readonly RecordsBatch[] | null | undefined;
  readonly abortedTransactions:
    | readonly { readonly producerId: bigint; readonly firstOffset: bigint }[]
    | null;
}

/** Bits of the attributes of a batch. */
const [isTransactional, isControl] = [0x10, 0x20];

/**
 * The records of a partition from an offset on, as a consumer with `read_committed` sees them. Brokers also
 * return records of aborted transactions, with a list of these (Kafka's protocol, Fetch; KIP-98). The client
 * does not remove all of them: not those of a transaction whose mark is not in the same response, nor of a
 * producer that aborted several.
 */
export function fetchedRecords(
  { records, abortedTransactions }: FetchedPartition,
  from: number,
): FetchedRecord[] {
  const fetched: FetchedRecord[] = [];
  const aborting = (abortedTransactions ?? []).toSorted((a, b) => Number(a.firstOffset - b.firstOffset));
  const aborted = new Set<bigint>();
  for (const batch of records ?? []) {
    const first = Number(batch.firstOffset);
    const end = first + batch.lastOffsetDelta + 1;
    if (end <= from) continue;
    while (
      aborting.length > 0 &&
      aborting[0]!.firstOffset <= batch.firstOffset + BigInt(batch.lastOffsetDelta)
    ) {
      aborted.add(aborting.shift()!.producerId);
    }
    if ((batch.attributes & isControl) !== 0) {
      if (isAbort(batch.records[0])) aborted.delete(batch.producerId);
    } else if ((batch.attributes & isTransactional) === 0 || !aborted.has(batch.producerId)) {
      const firstTime = Number(batch.firstTimestamp);
      for (const record of batch.records) {
        const offset = first + record.offsetDelta;
        if (offset < from) continue;
        const time = firstTime < 0 ? NaN : firstTime + Number(record.timestampDelta);
        fetched.push({ record, offset, time, next: offset + 1 });
      }
    }
    // Compaction leaves offsets without a record.
    const last = fetched.at(-1);
    if (last !== undefined && last.offset >= first) last.next = end;
    else fetched.push({ record: undefined, offset: end - 1, time: NaN, next: end });
  }
  return fetched;
}

/** Of a mark: its key is a version and a type, both of 16 bits; 0 aborts, 1 commits. */
function isAbort(mark: KafkaRecord | undefined): boolean {
  return mark?.key !== undefined && mark.key !== null && mark.key.readInt16BE(2) === 0;
}
