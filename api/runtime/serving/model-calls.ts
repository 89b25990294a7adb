import { MessageChannel, type MessagePort, receiveMessageOnPort } from 'node:worker_threads';
import type { ScoreReasons } from '../../../engine/index.ts';
import type { ModelScores } from '../../../graph-data/index.ts';
import { Problem } from '../../base/index.ts';
import type { ModelSource } from '../../recommend/index.ts';
import { valueOf } from '../problem-outcome.ts';
import type { ModelCall, ModelReply } from './model-messages.ts';

/** How long a thread that walks waits for the thread of models, in milliseconds: scores take about one. */
const waitMsMax = 10_000;

/**
 * The models of the thread of models, for a thread that walks: it waits for each reply. `connect` is called once, with the port that
 * the other thread shall answer at. Throws `model-not-ready` if no reply comes.
 */
export function remoteModels(connect: (port: MessagePort) => void): ModelSource {
  let own: MessagePort | undefined;
  const call = (task: Omit<ModelCall, 'isDone'>): unknown => {
    if (own === undefined) {
      const { port1, port2 } = new MessageChannel();
      port1.unref();
      own = port1;
      connect(port2);
    }
    const isDone = new Int32Array(new SharedArrayBuffer(4));
    // eslint-disable-next-line unicorn/require-post-message-target-origin -- a port is no window
    own.postMessage({ ...task, isDone } satisfies ModelCall);
    if (Atomics.wait(isDone, 0, 0, waitMsMax) === 'timed-out') {
      // A late reply must not be taken for that of the next call.
      own.close();
      own = undefined;
      throw new Problem('model-not-ready', 'the thread of models does not answer: send it again');
    }
    const { message } = receiveMessageOnPort(own) as { message: ModelReply };
    return (valueOf(message) as { result: unknown }).result;
  };
  return {
    scores: (label, of) => call({ method: 'scores', label, of }) as ModelScores,
    reasons: (label, of) => call({ method: 'reasons', label, of }) as ScoreReasons[],
  };
}
