import type { RecordBlock } from '../../graph-data/index.ts';
import type { RecordRole } from '../../api/index.ts';
import type { FetchedRecord } from '../../api/runtime/stream/fetched-records.ts';
import { packRecords } from '../../api/runtime/stream/record-packer.ts';

/** A record of a topic; without a value, its value is null. */
export interface GivenRecord {
  readonly key?: string;
  readonly value?: string | Uint8Array;
  readonly headers?: Readonly<Record<string, string>>;
  /** Milliseconds since 1970. */
  readonly time?: number;
}

/** Records as a client of Kafka returns them, from an offset on. */
export function fetched(records: readonly GivenRecord[], from = 0): FetchedRecord[] {
  return records.map(({ key, value, headers = {}, time = NaN }, i) => ({
    record: {
      length: 0,
      attributes: 0,
      timestampDelta: 0n,
      offsetDelta: i,
      key: (key === undefined ? null : Buffer.from(key)) as Buffer,
      value: (value === undefined ? null : Buffer.from(value)) as Buffer,
      headers: Object.entries(headers).map(([name, text]) => [Buffer.from(name), Buffer.from(text)]),
    },
    offset: from + i,
    time,
    next: from + i + 1,
  })) as FetchedRecord[];
}

/** A block with the records of one partition of a topic that is named after their role. */
export function blockOf<Role extends RecordRole>(
  role: Role,
  records: readonly GivenRecord[],
  { from = 0, partition = 0 } = {},
): RecordBlock<Role> {
  const part = { role, name: `app.${role}`, topic: `id of ${role}`, partition, from };
  return packRecords([{ part, fetched: fetched(records, from) }]);
}
