import { getPriority, setPriority } from 'node:os';
import { workerData } from 'node:worker_threads';
import { hasCampaigns, openDataFolder } from '../../../graph-data/base/index.ts';
import { storageFaultOf } from '../../../graph-data/database/index.ts';
import {
  type InteractionBatch,
  type InteractionResult,
  InteractionWriter,
  faultsOf,
} from '../../../graph-data/interactions/index.ts';
import { type Line, linesIn } from '../../../graph-data/import/index.ts';
import {
  type RecordBlock,
  type RejectedRecord,
  recordsIn,
  writeRecordRejects,
} from '../../../graph-data/topics/index.ts';
import { type JsonBytes, jsonBytes, validate, valueOfBody, valueOfLine } from '../../base/index.ts';
import {
  type InteractionInput,
  interactionOf,
  interactionsMax,
  interactionsRequest,
  isPlainInteraction,
} from '../../contract/writes/index.ts';
import { type ProblemOutcome, outcomeOf } from '../problem-outcome.ts';
import { damageOf } from '../storage-problem.ts';
import type {
  BodyReply,
  InteractionRequest,
  InteractionWriterData,
  InteractionWrites,
  Unstored,
} from './interaction-messages.ts';
import type { PromotedActions } from './promoted-actions.ts';
import { serveWrites } from './serve-writes.ts';

// Below the threads that walk, which have 10: a flood must not delay an answer. Only Linux has priorities of threads.
if (process.platform === 'linux') setPriority(Math.max(15, getPriority()));

const { dataFolder, busyMs } = workerData as InteractionWriterData;
const folder = openDataFolder(dataFolder);
/** Of the request that is parsed. */
let [time, from] = [0, 0];
/** Undefined while there is no campaign. */
let promoted: PromotedActions | undefined;
const schema = interactionOf(
  () => time,
  () => from,
  (token) => promoted?.isSigned(token) ?? false,
);
const bodySchema = interactionsRequest(schema);

serveWrites<InteractionWrites, InteractionWriter>({
  open: () => new InteractionWriter(folder, busyMs),
  apply: async (writer, requests, onFault) => {
    // Whoever has a token got it from a campaign.
    await loadPromoted();
    const parsed = requests.map(parse);
    const refused = new Map<number, Unstored>();
    for (const [i, { keepRejects }] of parsed.entries()) {
      try {
        keepRejects?.();
      } catch (error) {
        onFault(error);
        // With the interactions, which are not written either: the offsets after them must not be stored.
        parsed[i] = { ...parsed[i]!, rows: [] };
        refused.set(i, { unstored: { reason: storageFaultOf(error), detail: damageOf(error) } });
      }
    }
    const results = writer.apply(parsed, (error, batches) => {
      const unstored = { reason: storageFaultOf(error), detail: damageOf(error) };
      onFault(error);
      for (const batch of batches) refused.set(batch, { unstored });
    });
    // The first campaign may have come meanwhile, and its pins been hidden.
    await loadPromoted();
    charge(parsed, refused, onFault);
    return parsed.map(({ rejects, problem }, i) => {
      const refusal = problem ?? refused.get(i);
      if (refusal !== undefined) return refusal;
      return 'bytes' in requests[i]! ? replyTo(results[i]!) : { results: results[i]!, rejects };
    });
  },
  maintain: (writer, task) =>
    task.kind === 'erase' ? writer.erase(task.user, [task.month]) : writer.dropBefore(task.time),
});

async function loadPromoted(): Promise<void> {
  if (promoted !== undefined || !hasCampaigns(folder)) return;
  const { PromotedActions: Actions } = await import('./promoted-actions.ts');
  promoted = new Actions(folder, busyMs);
}

/** After the interactions: a request that is sent again, as its response was lost, finds both done. */
function charge(
  parsed: readonly Parsed[],
  refused: Map<number, Unstored>,
  onFault: (error: unknown) => void,
): void {
  const stored = parsed.filter((_, i) => !refused.has(i));
  try {
    promoted?.record(
      stored.flatMap(({ rows }) => rows),
      stored[0]?.time ?? 0,
    );
  } catch (error) {
    onFault(error);
    // The file may have been repaired or replaced by the next time.
    promoted?.close();
    const unstored = { reason: storageFaultOf(error), detail: damageOf(error) };
    for (const i of parsed.keys()) refused.set(i, { unstored });
  }
}

interface Parsed extends InteractionBatch {
  readonly rows: readonly InteractionInput[];
  readonly rejects: readonly { readonly line: number; readonly detail: string }[];
  /** Writes rejected records to their files. */
  readonly keepRejects?: () => void;
  /** Of a body of which nothing is written. */
  readonly problem?: ProblemOutcome;
}

function parse(request: InteractionRequest): Parsed {
  [time, from] = [request.time, request.from];
  if ('rows' in request) return { rows: request.rows, time, rejects: [] };
  if ('records' in request) return { ...parseRecords(request.records), time };
  if ('block' in request) return { ...parseLines(linesIn(request.block)), time };
  try {
    const body = valueOfBody(request.bytes, request.contentType);
    return { rows: arePlain(body) ? body : validate(bodySchema, body), time, rejects: [] };
  } catch (error) {
    return { rows: [], time, rejects: [], problem: outcomeOf(error) };
  }
}

function arePlain(body: unknown): body is readonly InteractionInput[] {
  if (!Array.isArray(body) || body.length === 0 || body.length > interactionsMax) return false;
  return body.every((row) => isPlainInteraction(row, time, from));
}

/** A record without a time of its own happened when it was sent: read again, it is the same interaction. */
function parseRecords(block: RecordBlock<'interactions'>): Pick<Parsed, 'rows' | 'rejects' | 'keepRejects'> {
  const rows: InteractionInput[] = [];
  const rejects: RejectedRecord[] = [];
  for (const record of recordsIn(block)) {
    const { text = '' } = record;
    const line = record.text === undefined ? { text, fault: 'has no value' } : { ...record, text };
    const row = valueOfLine<InteractionInput>(schema, line, (value) => isPlainInteraction(value, time, from));
    if (typeof row === 'string') {
      rejects.push({ record, reason: row });
      continue;
    }
    const timed = { ...row, at: row.at ?? record.time };
    const [fault] = row.at === undefined ? faultsOf(timed, time, from) : [];
    if (fault === undefined) rows.push(timed);
    else rejects.push({ record, reason: `the time of the record ${fault.message}` });
  }
  const lines = rejects.map(({ record, reason }) => ({ line: record.offset, detail: reason }));
  return { rows, rejects: lines, keepRejects: () => writeRecordRejects(folder, block.parts, rejects) };
}

function parseLines(lines: readonly Line[]): Pick<Parsed, 'rows' | 'rejects'> {
  const rows: InteractionInput[] = [];
  const rejects: { line: number; detail: string }[] = [];
  for (const line of lines) {
    const row = valueOfLine<InteractionInput>(schema, line, (value) => isPlainInteraction(value, time, from));
    if (typeof row === 'string') rejects.push({ line: line.line, detail: row });
    else rows.push(row);
  }
  return { rows, rejects };
}

function replyTo(results: readonly InteractionResult[]): { json: JsonBytes<BodyReply> } {
  const added = results.filter((result) => result === 'added').length;
  return { json: jsonBytes({ added, present: results.length - added, results }) };
}
