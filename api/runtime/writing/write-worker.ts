import { type MessagePort, parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import { DataError, SaveWriter, openDataFolder, storageFaultOf } from '../../../graph-data/index.ts';
import type { Errand, ErrandResults, ToMain, ToWriter, WriterTask } from './messages.ts';

/**
 * Changes of one transaction, beyond which what waits is left to the next. Where saves are spread over all pins and
 * boards, each takes a page or two of its own to the disk; in one transaction they come to share them: 50,000 together
 * take a third of the time of fifty times 1,000, some half a second (npm run bench:writes).
 */
const changesPerCommit = 50_000;

type Request = Extract<ToWriter, { request: unknown }>;
type ErrandMessage = Extract<ToWriter, { errand: unknown }>;

const port: MessagePort = parentPort!;
const { dataFolder, busyMs } = workerData as WriterTask;
const folder = openDataFolder(dataFolder);
let writer: SaveWriter | undefined;

port.on('message', (first: ToWriter) => {
  const requests: Request[] = [];
  let errand: ErrandMessage | undefined;
  let isClosing = false;
  let changes = 0;
  for (let message: ToWriter | undefined = first; message !== undefined; message = next()) {
    if (message === 'close') {
      isClosing = true;
      break;
    }
    if ('errand' in message) {
      errand = message;
      break;
    }
    requests.push(message);
    changes += message.request.changes.length;
    if (changes >= changesPerCommit) break;
  }
  if (requests.length > 0) tell(commit(requests));
  if (errand !== undefined) tell(run(errand));
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
    writer ??= SaveWriter.open(folder, { busyMs });
    const { outcomes } = writer.apply(requests.map(({ request }) => request));
    return { ids, outcomes };
  });
}

function run({ id, errand }: ErrandMessage): ToMain {
  return orFault([id], () => {
    writer ??= SaveWriter.open(folder, { busyMs });
    return { id, done: doErrand(writer, errand) };
  });
}

function doErrand(open: SaveWriter, errand: Errand): ErrandResults[Errand['kind']] {
  if (errand.kind === 'erase') return open.erase(errand.user, errand.time);
  if (errand.kind === 'scrub') return open.scrub(errand.upTo);
  return errand.kind === 'emptyLog' ? open.emptyLog() : open.dropEvents(errand.upTo);
}

function orFault(ids: readonly number[], work: () => ToMain): ToMain {
  try {
    return work();
  } catch (error) {
    const reason = storageFaultOf(error);
    if (reason !== 'in-use') reopenNextTime();
    return { ids, fault: { reason, message: toldOf(error) } };
  }
}

/** For the log: the message of an error that was not foreseen may have keys of users in it. */
function toldOf(error: unknown): string {
  if (error instanceof DataError) return error.message;
  return error instanceof Error
    ? `${error.name} ${error.stack?.replace(/^.*?\n(?= +at )/s, '')}`
    : typeof error;
}

/** Whatever was wrong with the file may be set right meanwhile, by putting another in its place. */
function reopenNextTime(): void {
  writer?.close();
  writer = undefined;
}

function tell(message: ToMain): void {
  // eslint-disable-next-line unicorn/require-post-message-target-origin -- a thread is no window
  port.postMessage(message);
}
