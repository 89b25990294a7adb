import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { DataError } from '../../../graph-data/base/index.ts';
import { storageFaultOf } from '../../../graph-data/database/index.ts';
import { damageOf } from '../storage-problem.ts';
import type { ToMain, ToWriter, Writes } from './messages.ts';

type Applied<Kind extends Writes> = readonly Kind['outcome'][] | undefined;

/** A writing thread's operations on an open writer. */
interface Serving<Kind extends Writes, Writer> {
  readonly open: () => Writer;
  /**
   * Makes all requests durable in one commit, or throws and writes nothing; undefined if it gave up because
   * `mustStop` said so. An outcome may be a problem; `onFault` gets the error of the storage. It may wait for code.
   */
  readonly apply: (
    writer: Writer,
    requests: readonly Kind['request'][],
    onFault: (error: unknown) => void,
    mustStop: () => boolean,
  ) => Applied<Kind> | Promise<Applied<Kind>>;
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
  const orFault = async (
    of: { readonly id?: number },
    work: (writer: Writer) => ToMain<Kind> | Promise<ToMain<Kind>>,
  ): Promise<ToMain<Kind>> => {
    try {
      writer ??= open();
      return await work(writer);
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
  const applied = async (
    each: Writer,
    requests: readonly Kind['request'][],
    mustStop: () => boolean,
  ): Promise<ToMain<Kind>> => {
    const faults: string[] = [];
    const outcomes = await apply(each, requests, (error) => faults.push(loggable(error)), mustStop);
    return outcomes === undefined ? { stopped: true } : { outcomes, faults };
  };
  const serve = async (message: ToWriter<Kind>): Promise<void> => {
    if (message === 'close') {
      writer?.close();
      port.close();
      return;
    }
    const answer =
      'requests' in message
        ? await orFault({}, async (each) =>
            applied(each, message.requests, message.mayStop ? hasToStop : never),
          )
        : await orFault({ id: message.id }, (each) => ({
            id: message.id,
            done: maintain(each, message.maintenance),
          }));
    // eslint-disable-next-line unicorn/require-post-message-target-origin -- a thread is no window
    port.postMessage(answer);
  };
  let served = Promise.resolve();
  port.on('message', (message: ToWriter<Kind>) => {
    served = served.then(async () => serve(message));
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
