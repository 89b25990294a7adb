import { type MessagePort, parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import { DataError, openDataFolder } from '../../../graph-data/base/index.ts';
import { DatabaseFile, storageFaultOf } from '../../../graph-data/database/index.ts';
import { SaveWriter } from '../../../graph-data/writing/index.ts';
import type { Maintenance, MaintenanceResults, ToMain, ToWriter, WriterData } from './messages.ts';

/**
 * A transaction takes no further request beyond this many changes. Saves that are spread over all pins and boards write
 * one or two pages each, and saves of one transaction share pages: 50,000 at once take a third of the time of 50 times
 * 1,000, about half a second (npm run bench:writes).
 */
const changesPerCommit = 50_000;

type Request = Extract<ToWriter, { request: unknown }>;
type MaintenanceMessage = Extract<ToWriter, { maintenance: unknown }>;

const port: MessagePort = parentPort!;
const { dataFolder, busyMs, fileSeen } = workerData as WriterData;
const folder = openDataFolder(dataFolder);
let writer: SaveWriter | undefined;

port.on('message', (first: ToWriter) => {
  const requests: Request[] = [];
  let maintenance: MaintenanceMessage | undefined;
  let isClosing = false;
  let changes = 0;
  for (let message: ToWriter | undefined = first; message !== undefined; message = next()) {
    if (message === 'close') {
      isClosing = true;
      break;
    }
    if ('maintenance' in message) {
      maintenance = message;
      break;
    }
    requests.push(message);
    changes += message.request.changes.length;
    if (changes >= changesPerCommit) break;
  }
  if (requests.length > 0) send(commit(requests));
  if (maintenance !== undefined) send(run(maintenance));
  if (isClosing) {
    writer?.close();
    port.close();
  }
});

function next(): ToWriter | undefined {
  const received: { message: ToWriter } | undefined = receiveMessageOnPort(port);
  return received?.message;
}

function commit(requests: readonly Request[]): ToMain {
  const ids = requests.map(({ id }) => id);
  return orFault(ids, () => {
    writer ??= openWriter();
    const { outcomes } = writer.apply(requests.map(({ request }) => request));
    return { ids, outcomes };
  });
}

/** The database that the server reads, in case another one is in its place now. */
function openWriter(): SaveWriter {
  return SaveWriter.open(folder, { busyMs, file: new DatabaseFile(folder, fileSeen) });
}

function run({ id, maintenance }: MaintenanceMessage): ToMain {
  return orFault([id], () => {
    writer ??= openWriter();
    return { id, done: maintain(writer, maintenance) };
  });
}

function maintain(open: SaveWriter, task: Maintenance): MaintenanceResults[Maintenance['kind']] {
  if (task.kind === 'erase') return open.erase(task.user, task.time);
  if (task.kind === 'scrub') return open.scrub(task.upTo);
  return task.kind === 'truncateWal' ? open.truncateWal() : open.dropChanges(task.upTo);
}

function orFault(ids: readonly number[], work: () => ToMain): ToMain {
  try {
    return work();
  } catch (error) {
    const reason = storageFaultOf(error);
    if (reason !== 'in-use') reopenNextTime();
    return { ids, fault: { reason, message: loggable(error) } };
  }
}

/** For the log: the message of an unexpected error may contain keys of users. */
function loggable(error: unknown): string {
  if (error instanceof DataError) return error.message;
  return error instanceof Error
    ? `${error.name} ${error.stack?.replace(/^.*?\n(?= +at )/s, '')}`
    : typeof error;
}

/** The file may have been repaired or replaced by then. */
function reopenNextTime(): void {
  writer?.close();
  writer = undefined;
}

function send(message: ToMain): void {
  // eslint-disable-next-line unicorn/require-post-message-target-origin -- a thread is no window
  port.postMessage(message);
}
