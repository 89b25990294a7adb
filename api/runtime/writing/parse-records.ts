import type { z } from 'zod';
import type { Change, DataFolder, WriteRequest } from '../../../graph-data/index.ts';
import {
  type RejectedRecord,
  type TopicRecord,
  recordsIn,
  writeRecordRejects,
} from '../../../graph-data/topics/index.ts';
import { valueOfLine } from '../../base/index.ts';
import type { GraphRole } from '../../contract/index.ts';
import {
  type SaveInput,
  boardRequest,
  isPlainSave,
  pinRequest,
  saveSchema,
  storedKeySchema,
  userRequest,
} from '../../contract/writes/index.ts';
import { saveOf, unsaveOf } from './changes-of.ts';
import type { RecordsOutcome, RecordsRequest } from './messages.ts';

interface ParsedRecords {
  /** The changes of the valid records. */
  readonly request: WriteRequest;
  readonly outcomeOf: (outcome: { readonly state: string }) => RecordsOutcome;
}

type RecordOf<Role extends GraphRole> = TopicRecord<Role>;

/**
 * Parses and checks records of topics: an invalid one does not affect the others. Those that are refused are in files of rejects before
 * the commit.
 */
export function parseRecords(
  folder: DataFolder,
  { records: { parts }, records: block, time }: RecordsRequest,
): ParsedRecords {
  const changes: Change[] = [];
  /** Of each change. */
  const sources: TopicRecord[] = [];
  const invalid: RejectedRecord[] = [];
  for (const record of recordsIn(block)) {
    const change = record.fault ?? changeOf(record);
    if (typeof change === 'string') invalid.push({ record, reason: change });
    else {
      changes.push(change);
      sources.push(record);
    }
  }
  let rejected = 0;
  const request: WriteRequest = {
    changes,
    time,
    isWhole: false,
    consumed: parts,
    onRefused: (refused) => {
      const rejects = refused.map(({ index, reason }) => ({ record: sources[index]!, reason }));
      writeRecordRejects(folder, parts, [...invalid, ...rejects]);
      rejected = invalid.length + rejects.length;
    },
  };
  return { request, outcomeOf: ({ state }) => ({ consumed: state === 'done' ? { rejected } : undefined }) };
}

/** The change of a record, or why it is invalid. */
function changeOf(record: RecordOf<GraphRole>): Change | string {
  const { role } = record.part;
  if (role === 'saves' || role === 'deletes') return saveChangeOf(record, role === 'deletes');
  const { key, text } = record;
  if (key === undefined || !storedKeySchema.safeParse(key).success) {
    return `has no valid key: that of its record is the key of the ${role.slice(0, -1)}`;
  }
  if (record.isDelete || text === undefined) {
    if (role === 'pins') return { kind: 'removePin', key };
    return role === 'users'
      ? 'removes nobody: erase people by DELETE /v1/users/{user}'
      : 'removes no board: boards go with their user';
  }
  if (role === 'pins')
    return putOf(pinRequest, text, (body) => ({ kind: 'put', nodeKind: role, key, ...body }));
  if (role === 'boards') {
    return putOf(boardRequest, text, (body) => ({ kind: 'put', nodeKind: role, key, ...body }));
  }
  return putOf(userRequest, text, (body) => ({ kind: 'put', nodeKind: role, key, ...body }));
}

function saveChangeOf({ text, time, isDelete }: RecordOf<GraphRole>, deletes: boolean): Change | string {
  if (text === undefined) return 'has no value: to remove a save, send it with the header method: DELETE';
  const save = valueOfLine<SaveInput>(saveSchema, { text }, isPlainSave);
  if (typeof save === 'string') return save;
  if (deletes || isDelete) return unsaveOf(save);
  // The time of the record, not of its reading, which would be another one after a backup was restored.
  return saveOf({ ...save, savedAt: save.savedAt ?? time });
}

function putOf<Body extends object>(
  schema: z.ZodType<Body>,
  text: string,
  changeOfBody: (body: Body) => Change,
): Change | string {
  const body = valueOfLine<Body>(schema, { text });
  return typeof body === 'string' ? body : changeOfBody(body);
}
