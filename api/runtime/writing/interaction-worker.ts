import { workerData } from 'node:worker_threads';
import { openDataFolder } from '../../../graph-data/base/index.ts';
import {
  type Interaction,
  type InteractionBatch,
  InteractionWriter,
} from '../../../graph-data/interactions/index.ts';
import { valueOfLine } from '../../base/index.ts';
import { interactionOf } from '../../contract/index.ts';
import type { InteractionRequest, InteractionWriterData, InteractionWrites } from './interaction-messages.ts';
import { serveWrites } from './serve-writes.ts';

const { dataFolder, busyMs } = workerData as InteractionWriterData;
const folder = openDataFolder(dataFolder);
/** Of the request whose lines are parsed. */
let [time, from] = [0, 0];
const schema = interactionOf(
  () => time,
  () => from,
);

serveWrites<InteractionWrites, InteractionWriter>({
  open: () => new InteractionWriter(folder, busyMs),
  apply: (writer, requests) => {
    const parsed = requests.map(parse);
    const results = writer.apply(parsed);
    return parsed.map(({ rejects }, i) => ({ results: results[i]!, rejects }));
  },
  maintain: (writer, task) =>
    task.kind === 'erase' ? writer.erase(task.user) : writer.dropBefore(task.time),
});

type Rejects = { readonly line: number; readonly detail: string }[];

function parse(request: InteractionRequest): InteractionBatch & { readonly rejects: Rejects } {
  [time, from] = [request.time, request.from];
  if ('rows' in request) return { rows: request.rows, time, rejects: [] };
  const rows: Interaction[] = [];
  const rejects: Rejects = [];
  for (const line of request.lines) {
    const row = valueOfLine<Interaction>(schema, line);
    if (typeof row === 'string') rejects.push({ line: line.line, detail: row });
    else rows.push(row);
  }
  return { rows, time, rejects };
}
