import {
  type RecordBlock,
  type RecordPart,
  hasKey,
  hasValue,
  isDelete,
} from '../../../graph-data/topics/index.ts';
import type { FetchedRecord } from './fetched-records.ts';

/** Records of a partition, and their kind. */
export interface FetchedPart<Role extends string> {
  readonly part: Omit<RecordPart<Role>, 'records' | 'next'>;
  readonly fetched: readonly FetchedRecord[];
}

/** Packs records for the thread that writes them. */
export function packRecords<Role extends string>(of: readonly FetchedPart<Role>[]): RecordBlock<Role> {
  const all = of.flatMap(({ fetched }) => fetched.filter(({ record }) => record !== undefined));
  const size = all.reduce((sum, { record }) => sum + sizeOf(record!.key) + sizeOf(record!.value), 0);
  const bytes = new Uint8Array(size);
  const ends = new Uint32Array(2 * all.length);
  const flags = new Uint8Array(all.length);
  let end = 0;
  for (const [i, { record }] of all.entries()) {
    const { key, value } = record! as { key: Buffer | null | undefined; value: Buffer | null | undefined };
    if (key !== null && key !== undefined) bytes.set(key, end);
    ends[2 * i] = end += sizeOf(key);
    if (value !== null && value !== undefined) bytes.set(value, end);
    ends[2 * i + 1] = end += sizeOf(value);
    const given =
      (key === null || key === undefined ? 0 : hasKey) |
      (value === null || value === undefined ? 0 : hasValue);
    flags[i] = given | (saysDelete(record!.headers) ? isDelete : 0);
  }
  const parts = of.map(({ part, fetched }) => ({
    ...part,
    records: fetched.filter(({ record }) => record !== undefined).length,
    next: fetched.at(-1)!.next,
  }));
  return {
    parts,
    bytes,
    ends,
    flags,
    offsets: Float64Array.from(all, ({ offset }) => offset),
    times: Float64Array.from(all, ({ time }) => time),
  };
}

function sizeOf(part: Uint8Array | null | undefined): number {
  return part?.length ?? 0;
}

/** By the header `method`, as of a request, or by `__op`, which Debezium sets to `d` for a deleted row. */
const deleteHeaders: ReadonlySet<string> = new Set(['method DELETE', '__op d']);

/** Whether the headers of a record say that its value is to be removed. */
function saysDelete(headers: Iterable<readonly [Uint8Array | null, Uint8Array | null]>): boolean {
  for (const [name, value] of headers) {
    if (deleteHeaders.has(`${String(name ?? '')} ${String(value ?? '')}`)) return true;
  }
  return false;
}
