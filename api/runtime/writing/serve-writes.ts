import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { DataError } from '../../../graph-data/base/index.ts';
import { storageFaultOf } from '../../../graph-data/database/index.ts';
import { damageOf } from '../storage-problem.ts';
import type { ToMain, ToWriter, Writes } from './messages.ts';

/** A writing thread's operations on an open writer. */
interface Serving<Kind extends Writes, Writer> {
  readonly open: () => Writer;
  /**
   * Makes all requests durable in one commit, or throws and writes nothing; undefined if it gave up because
   * `mustStop` said so. An outcome may be a problem; `onFault` gets the error of the storage.
   */
  readonly apply: (
    writer: Writer,
    requests: readonly Kind['request'][],
    onFault: (error: unknown) => void,
    mustStop: () => boolean,
  ) => readonly Kind['outcome'][] | undefined;
  readonly maintain: (writer: Writer, task: Kind['maintenance']) => Kind['results'][keyof Kind['results']];
}

/** Inside the thread of a {@link CommitThread}: serves its messages until it is closed. */
export function serveWrites<Kind extends Writes, Writer extends { close: () => void }>({
  open,
  apply,
  maintain,
}: Serving<Kind, Writer>): void {
  const port: MessagePort = parentPort!;
  let writer: Writer | undefined;
  const orFault = (of: { readonly id?: number }, work: (writer: Writer) => ToMain<Kind>): ToMain<Kind> => {
    try {
      writer ??= open();
      return work(writer);
    } catch (error) {
      const reason = storageFaultOf(error);
      if (reason !== 'in-use') {
        // The file may have been repaired or replaced by the next time.
        writer?.close();
        writer = undefined;
      }
      return { ...of, fault: { reason, message: loggable(error), detail: damageOf(error) } };
    }
  };
  const { stop } = workerData as { readonly stop: Int32Array };
  const hasToStop = (): boolean => Atomics.load(stop, 0) === 1;
  const applied = (
    each: Writer,
    requests: readonly Kind['request'][],
    mustStop: () => boolean,
  ): ToMain<Kind> => {
    const faults: string[] = [];
    const outcomes = apply(each, requests, (error) => faults.push(loggable(error)), mustStop);
    return outcomes === undefined ? { stopped: true } : { outcomes, faults };
  };
  port.on('message', (message: ToWriter<Kind>) => {
    if (message === 'close') {
      writer?.close();
      port.close();
      return;
    }
    const answer =
      'requests' in message
        ? orFault({}, (each) => applied(each, message.requests, message.mayStop ? hasToStop : never))
        : orFault({ id: message.id }, (each) => ({
            id: message.id,
            done: maintain(each, message.maintenance),
          }));
    // eslint-disable-next-line unicorn/require-post-message-target-origin -- a thread is no window
    port.postMessage(answer);
  });
}

function never(): boolean {
  return false;
}

/** For the log: the message of an unexpected error may contain keys of users. */
function loggable(error: unknown): string {
  if (error instanceof DataError) return error.message;
  return error instanceof Error
    ? `${error.name} ${error.stack?.replace(/^.*?\n(?= +at )/s, '')}`
    : typeof error;
}
