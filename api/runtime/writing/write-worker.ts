import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { DataError, openDataFolder } from '../../../graph-data/base/index.ts';
import { DatabaseFile, storageFaultOf } from '../../../graph-data/database/index.ts';
import { SaveWriter, type WriteRequest } from '../../../graph-data/writing/index.ts';
import type { Maintenance, MaintenanceResults, ToMain, ToWriter, WriterData } from './messages.ts';

type MaintenanceMessage = Extract<ToWriter, { maintenance: unknown }>;

const port: MessagePort = parentPort!;
const { dataFolder, busyMs, fileSeen } = workerData as WriterData;
const folder = openDataFolder(dataFolder);
let writer: SaveWriter | undefined;

port.on('message', (message: ToWriter) => {
  if (message === 'close') {
    writer?.close();
    port.close();
  } else send('requests' in message ? commit(message.requests) : run(message));
});

function commit(requests: readonly WriteRequest[]): ToMain {
  return orFault({}, () => {
    writer ??= openWriter();
    return { outcomes: writer.apply(requests).outcomes };
  });
}

/** The database that the server reads, in case another one is in its place now. */
function openWriter(): SaveWriter {
  return SaveWriter.open(folder, { busyMs, file: new DatabaseFile(folder, fileSeen) });
}

function run({ id, maintenance }: MaintenanceMessage): ToMain {
  return orFault({ id }, () => {
    writer ??= openWriter();
    return { id, done: maintain(writer, maintenance) };
  });
}

function maintain(open: SaveWriter, task: Maintenance): MaintenanceResults[Maintenance['kind']] {
  if (task.kind === 'erase') return open.erase(task.user, task.time);
  if (task.kind === 'scrub') return open.scrub(task.upTo);
  return task.kind === 'truncateWal' ? open.truncateWal() : open.dropChanges(task.upTo);
}

function orFault(of: { readonly id?: number }, work: () => ToMain): ToMain {
  try {
    return work();
  } catch (error) {
    const reason = storageFaultOf(error);
    if (reason !== 'in-use') reopenNextTime();
    return { ...of, fault: { reason, message: loggable(error) } };
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
