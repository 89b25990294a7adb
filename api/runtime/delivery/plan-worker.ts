import { setPriority } from 'node:os';
import { parentPort, workerData } from 'node:worker_threads';
import {
  type LoadedSnapshot,
  NotificationStore,
  messageOf,
  openDataFolder,
  readLastPlan,
} from '../../../graph-data/index.ts';
import {
  type OpenPlanner,
  openPlanner,
  planRun,
  previewPlan,
  releaseOf,
  runPlan,
} from '../../notifications/index.ts';
import { outcomeOf } from '../problem-outcome.ts';
import type { FromPlanner, PlanCallName, PlanCalls, PlanWorkerData, ToPlanner } from './plan-messages.ts';

// Nobody waits for a plan. Only Linux has priorities of threads.
if (process.platform === 'linux') setPriority(19);

/** How long single decisions reuse facts read about people, in milliseconds. */
const knownMs = 60_000;
/** How long a statement waits for the write of another thread. */
const busyMs = 5_000;

const { dataFolder, snapshot, policy } = workerData as PlanWorkerData;
const folder = openDataFolder(dataFolder);
const closing = new AbortController();
let known: { readonly at: number; readonly opened: OpenPlanner } | undefined;

const calls: { readonly [Name in PlanCallName]: (task: PlanCalls[Name]['task']) => Promise<PlanCalls[Name]['result']> } = {
  plan: async ({ now }) => plan(snapshot, now),
  decideAgain: async ({ held, now }) => {
    const decision = knownAt(now).planner.decideAgain(held, now);
    return decision && releaseOf(decision, policy.preset);
  },
  preview: async ({ user, now }) =>
    previewPlan(knownAt(now).planner, readLastPlan(folder, policy.campaign), user, now),
}; // prettier-ignore

async function plan(on: LoadedSnapshot, now: number): Promise<PlanCalls['plan']['result']> {
  const last = readLastPlan(folder, policy.campaign);
  const begun = planRun(last, policy, { at: now, seed: last?.seed ?? 1, people: 0 });
  if (begun === undefined) return undefined;
  using opened = open(on, begun.at, policy);
  const run = planRun(last, policy, { at: now, seed: begun.seed, people: opened.reader.count() })!;
  const store = new NotificationStore(folder, busyMs);
  try {
    return await runPlan({ ...opened, store, run, before: last, signal: closing.signal });
  } finally {
    store.close();
  }
}

/** For single decisions, which chance does not decide. */
function knownAt(now: number): OpenPlanner {
  const age = known === undefined ? Infinity : now - known.at;
  if (known !== undefined && age >= 0 && age < knownMs) return known.opened;
  known?.opened[Symbol.dispose]();
  known = undefined;
  known = { at: now, opened: open(snapshot, now, { ...policy, explore: 0 }) };
  return known.opened;
}

function open(on: LoadedSnapshot, at: number, of: typeof policy): OpenPlanner {
  return openPlanner({ folder, snapshot: on, policy: of, at, onWarning: () => undefined });
}

parentPort!.on('message', (message: ToPlanner) => {
  if ('close' in message) {
    closing.abort();
    parentPort!.close();
  } else void answer(message);
});

async function answer({ id, name, task }: Exclude<ToPlanner, { close: true }>): Promise<void> {
  let outcome: FromPlanner['outcome'];
  try {
    const call = calls[name] as (of: typeof task) => Promise<unknown>;
    outcome = { result: await call(task) };
  } catch (error) {
    outcome = faultOf(error);
  }
  // eslint-disable-next-line unicorn/require-post-message-target-origin -- a thread is no window
  parentPort!.postMessage({ id, outcome } satisfies FromPlanner);
}

/** Problems with the storage, or what else went wrong: a plan that fails does not end the thread. */
function faultOf(error: unknown): FromPlanner['outcome'] {
  try {
    return outcomeOf(error);
  } catch {
    return { fault: messageOf(error) };
  }
}
