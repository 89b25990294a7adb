import type { RecordBlock } from '../../../graph-data/topics/index.ts';
import type { FetchedRecord } from './fetched-records.ts';
import { type FetchedPart, packRecords } from './record-packer.ts';

/** Of a block, which is one transaction: a tenth of a second. */
export const recordsMax = 5_000;
/** Of a block, beyond which it takes no further record. */
const bytesMax = 8 * 2 ** 20;

interface Source<Role extends string> {
  readonly role: Role;
  readonly name: string;
  readonly topic: string;
  readonly partition: number;
  from: number;
  readonly pending: FetchedRecord[];
}

/** Takes pending records of partitions into a block, in order, from each an equal share at first. */
export function takeRecords<Role extends string>(sources: readonly Source<Role>[]): RecordBlock<Role> {
  const waiting = sources.filter(({ pending }) => pending.length > 0);
  const parts: FetchedPart<Role>[] = [];
  let [records, bytes] = [recordsMax, bytesMax];
  for (const [i, source] of waiting.entries()) {
    const share = Math.ceil(records / (waiting.length - i));
    let count = 0;
    for (; count < Math.min(share, source.pending.length) && (bytes > 0 || count === 0); count++) {
      const { record } = source.pending[count]!;
      bytes -= (record?.key?.length ?? 0) + (record?.value?.length ?? 0);
    }
    const { role, name, topic, partition, from } = source;
    const fetched = source.pending.splice(0, count);
    parts.push({ part: { role, name, topic, partition, from }, fetched });
    source.from = fetched.at(-1)!.next;
    records -= count;
  }
  return packRecords(parts);
}
