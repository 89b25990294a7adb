import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import type { DataFolder } from '../data-folder.ts';
import { privateFolderMode, syncFolder, writeFileDurably, writeFully } from '../durable-files.ts';
import type { ConsumedOffset } from '../writing/index.ts';
import type { RecordPart, TopicRecord } from './record-block.ts';

/** A record that cannot be taken over. */
export interface RejectedRecord {
  readonly record: TopicRecord;
  readonly reason: string;
}

/** Maximum length of a record's text in a file, in UTF-16 units; longer ones are truncated. */
const textLengthMax = 2_000;
/** The same of its key: more than a key of a person has. */
const keyLengthMax = 600;

/**
 * Writes rejected records durably, before the offsets after them are stored: JSON lines `{topic, partition, offset, reason, text}`, in a file
 * of each partition named after the offset from which its part begins. A part that is consumed again after a kill begins there
 * again, and its file is replaced, also by none: so each rejected record is in the files once.
 */
export function writeRecordRejects(
  { root, rejects: folder }: Pick<DataFolder, 'root' | 'rejects'>,
  parts: readonly RecordPart[],
  rejects: readonly RejectedRecord[],
): void {
  for (const part of parts) {
    const { name, partition, from } = part;
    const file = path.join(folder, `kafka.${name}.${partition}.${from}.rejects.jsonl`);
    const own = rejects.filter(({ record }) => record.part === part);
    if (own.length === 0) {
      rmSync(file, { force: true });
      continue;
    }
    if (mkdirSync(folder, { recursive: true, mode: privateFolderMode }) !== undefined) syncFolder(root);
    writeFileDurably(file, (fd) => writeFully(fd, Buffer.from(own.map(lineOf).join(''))));
  }
}

/**
 * Removes files of topics that begin where nothing was stored yet: of blocks that waited for the one before them when they were
 * written, both of which are consumed again, cut elsewhere. To be called before a topic is read on. O(files of rejects).
 */
export function removeUnstoredRejects(
  { rejects: folder }: Pick<DataFolder, 'rejects'>,
  topics: readonly string[],
  stored: readonly ConsumedOffset[],
): void {
  if (!existsSync(folder)) return;
  const next = new Map<string, number>();
  for (const { name, partition, next: offset } of stored) {
    const place = `${name}.${partition}`;
    next.set(place, Math.max(next.get(place) ?? 0, offset));
  }
  for (const file of readdirSync(folder)) {
    const [, name, partition, from] = /^kafka\.(.+)\.(\d+)\.(\d+)\.rejects\.jsonl$/.exec(file) ?? [];
    if (name === undefined || !topics.includes(name)) continue;
    if (Number(from) >= (next.get(`${name}.${partition}`) ?? 0)) rmSync(path.join(folder, file));
  }
}

function lineOf({ record, reason }: RejectedRecord): string {
  const { part, offset, key, text = '' } = record;
  const cut = text.length > textLengthMax;
  const row = {
    topic: part.name,
    partition: part.partition,
    offset,
    // An erasure finds the key here, as a quoted string: it may be a person's.
    reason: key === undefined ? reason : `${reason} (key ${JSON.stringify(key.slice(0, keyLengthMax))})`,
    text: text.slice(0, textLengthMax),
  };
  return `${JSON.stringify(cut ? { ...row, cut } : row)}\n`;
}
