import { getPriority, setPriority } from 'node:os';
import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { DataError, messageOf, openDataFolder } from '../../../graph-data/base/index.ts';
import { LiveModel } from '../../../graph-data/models/index.ts';
import { Problem } from '../../base/index.ts';
import { outcomeOf } from '../problem-outcome.ts';
import type { FromModels, ModelCall, ModelReply, ModelWorkerData, ToModels } from './model-messages.ts';

// As the threads that walk, which wait for its scores. Only Linux has priorities of threads.
if (process.platform === 'linux') setPriority(Math.max(10, getPriority()));

/** Minimum time between two reads of new interactions, in milliseconds. */
const restMsMin = 1_000;
/** Each read is followed by a rest ten times as long, so reading takes at most a tenth of a core. */
const restPerMs = 10;

const folder = openDataFolder((workerData as ModelWorkerData).dataFolder);
const models = new Map<string, LiveModel>();
/** Why a model was not ready when it was looked at last. */
const problems = new Map<string, NonNullable<FromModels['problem']>>();
const closing = new AbortController();

parentPort!.on('message', (message: ToModels) => {
  if ('close' in message) {
    closing.abort();
    parentPort!.close();
  } else if ('follow' in message) void follow(message.follow);
  else connect(message.connect);
});

/** Keeps a model up to date; if it fails before it was ready, the main thread requests it again. */
async function follow(label: string): Promise<void> {
  if (models.has(label)) return;
  const model = new LiveModel(folder, label, true);
  models.set(label, model);
  while (!closing.signal.aborted) {
    const began = performance.now();
    const problem = await bringUpToDate(model);
    // A model that was ready serves on, as it was before a fault.
    send({ label, problem });
    if (problem === undefined) problems.delete(label);
    else problems.set(label, problem);
    if (problem !== undefined && !model.isReady) {
      models.delete(label);
      return;
    }
    const rested = performance.now() + restPerMs * (performance.now() - began);
    do await pause(restMsMin);
    while (performance.now() < rested && !model.isOutdated && !closing.signal.aborted);
  }
}

async function bringUpToDate(model: LiveModel): Promise<FromModels['problem']> {
  try {
    const steps = model.follow(Date.now());
    while (steps.next().done !== true) {
      await pause(0);
      if (closing.signal.aborted) return undefined;
    }
    return undefined;
  } catch (error) {
    return outcomeOf(modelProblem(error)).problem;
  }
}

/** Calls are answered one after another, between two days of a log that is counted. */
function connect(port: MessagePort): void {
  port.on('message', ({ method, label, of, isDone }: ModelCall) => {
    let reply: ModelReply;
    try {
      const model = models.get(label);
      const problem = problems.get(label);
      if (model?.isReady === true) reply = { result: model[method](of) };
      else if (problem !== undefined) reply = { problem };
      else throw new Problem('model-not-ready', `the model of "${label}" is being loaded`);
    } catch (error) {
      reply = outcomeOf(error);
    }
    port.postMessage(reply);
    Atomics.store(isDone, 0, 1);
    Atomics.notify(isDone, 0);
  });
  port.unref();
}

function send(message: FromModels): void {
  // eslint-disable-next-line unicorn/require-post-message-target-origin -- a thread is no window
  parentPort!.postMessage(message);
}

async function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    if (ms > 0) timer.unref();
  });
}

function modelProblem(error: unknown): unknown {
  if (error instanceof DataError && error.code === 'model-unknown') return new Problem('unknown-model', error.message); // prettier-ignore
  return new Problem('model-not-ready', messageOf(error));
}
