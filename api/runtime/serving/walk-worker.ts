import { getPriority, setPriority } from 'node:os';
import { parentPort, receiveMessageOnPort, threadId, workerData } from 'node:worker_threads';
import { LRUCache } from 'lru-cache';
import type { Pipeline, Work } from '../../../engine/index.ts';
import { openDataFolder } from '../../../graph-data/base/index.ts';
import { Store } from '../../../graph-data/database/index.ts';
import type { LoadedSnapshot } from '../../../graph-data/snapshot/index.ts';
import { type JsonBytes, jsonBytes, valueOfJson } from '../../base/index.ts';
import type { PromotableList } from '../../ads/index.ts';
import { type RecommendTimes, Recommender, drawWalk, diagnoseWalk, pathsMax } from '../../recommend/index.ts';
import type { RecommendationRequest, RecommendationResult, WalkResponse } from '../../contract/index.ts';
import { type ProblemOutcome, isProblem, outcomeOf } from '../problem-outcome.ts';
import type { Phase } from '../tracing/index.ts';
import { collectGarbage } from './collect-garbage.ts';
import { remoteModels } from './model-calls.ts';
import type { PromotableFinder } from './promotable.ts';
import type { DiagnosticsTask, KeyList, Order, Reply, WalkTask, WorkerData } from './walk-messages.ts';
import { requestsOf } from './walk-texts.ts';
import { Works, tooLarge, tooLate } from './works.ts';

/** The outcome of a task. */
export interface Done<Outcome> {
  /** Undefined for a task that was given up. */
  readonly outcome: Outcome | undefined;
  /** In units. */
  readonly work: number;
  /** Of a traced task. */
  readonly phases?: readonly Phase[];
}

/** A ranked list, serialised but for its id. */
export interface RankedList {
  readonly json: JsonBytes<RecommendationResult>;
  /** Keys of the target, best first. */
  readonly items: KeyList;
  /** Of the items. */
  readonly count: number;
  /** Of the first page; undefined when it had no items. */
  readonly bestScore: number | undefined;
  readonly stats: RecommendationResult['stats'];
  readonly algorithm: string;
  readonly fallback: RecommendationResult['fallback'];
  /** Promoted pins that could stand in the list, for its auction; absent without promoted slots. */
  readonly promotable?: PromotableList;
}

export type RankedOutcome = RankedList | ProblemOutcome;

/** The diagnostics of a walk, serialised, and the figures for the metrics. */
export interface Diagnosis extends Pick<RankedList, 'stats' | 'algorithm' | 'fallback'> {
  readonly json: JsonBytes<WalkResponse>;
}

/** A graph that is walked. */
interface Served {
  readonly snapshot: LoadedSnapshot;
  readonly recommender: Recommender;
  promotable: PromotableFinder | undefined;
}

/** Pipelines that are kept. */
const pipelinesMax = 100;
/** Replies in one message. */
const repliesMax = 4;

const { dataFolder, niceness } = workerData as WorkerData;
// Only Linux has priorities of threads.
if (process.platform === 'linux' && getPriority() < niceness) setPriority(niceness);
const folder = openDataFolder(dataFolder);
const store = Store.open(folder);
// eslint-disable-next-line unicorn/require-post-message-target-origin -- a thread is no window
const models = remoteModels((modelPort) => parentPort!.postMessage({ modelPort }, [modelPort]));
const pipelines = new LRUCache<string, Pipeline>({ max: pipelinesMax });
const graphs = new Map<number, Served>();

/** Received, and not carried out. */
const orders: Order[] = [];
let carriedOut = Promise.resolve();
// One after the other, as one may wait for code.
parentPort!.on('message', (order: Order) => {
  orders.push(order);
  carriedOut = carriedOut.then(carryOutSome);
});

/**
 * Carries out the next orders, if any is left. A reply waits while a short order follows: where requests queue, the main thread
 * wakes up once for several replies, and sends their responses while its code and data are in the cache (docs/perf-notes.md).
 */
async function carryOutSome(): Promise<void> {
  const replies: Reply[] = [];
  const buffers: ArrayBuffer[] = [];
  let order = nextOrder();
  while (order !== undefined) {
    replies.push(await replyTo(order, buffers));
    order = replies.length < repliesMax ? nextOrder() : undefined;
    if (order !== undefined && 'walk' in order && order.walk.isShort === true) continue;
    // eslint-disable-next-line unicorn/require-post-message-target-origin -- a thread is no window
    parentPort!.postMessage(replies.splice(0), buffers.splice(0));
  }
}

function nextOrder(): Order | undefined {
  return orders.shift() ?? (receiveMessageOnPort(parentPort!)?.message as Order | undefined);
}

async function replyTo(order: Order, buffers: ArrayBuffer[]): Promise<Reply> {
  try {
    if ('walk' in order && order.walk.requests.includes('"promoted":{')) await preparePromotion(order.graph);
    return { done: carryOut(order, buffers) };
  } catch (error) {
    return { error };
  }
}

/** Only while there are campaigns do requests have promoted slots: before the first one, nothing of them is loaded. */
async function preparePromotion(number: number): Promise<void> {
  const graph = graphs.get(number)!;
  if (graph.promotable !== undefined) return;
  const { PromotableFinder: Finder } = await import('./promotable.ts');
  graph.promotable = new Finder(folder, store, graph.snapshot);
}

/** Returns the result for the reply. Adds to `buffers` the memory that the reply transfers without a copy. */
function carryOut(order: Order, buffers: ArrayBuffer[]): unknown {
  if ('serve' in order) graphs.set(order.graph, served(order.serve));
  else if ('drop' in order) drop(order.graph);
  else if ('walk' in order) {
    const done = walkAll(graphs.get(order.graph)!, order.walk);
    for (const each of done.outcome ?? []) {
      if (!isProblem(each)) buffers.push(each.json.buffer, each.items.buffer);
    }
    return done;
  } else {
    const done = diagnose(graphs.get(order.graph)!, order.diagnose);
    if (done.outcome !== undefined && !isProblem(done.outcome)) buffers.push(done.outcome.json.buffer);
    return done;
  }
  return undefined;
}

function served(snapshot: LoadedSnapshot): Served {
  const recommender = new Recommender({ store, folder, models, now, wallClock: Date.now });
  return { snapshot, recommender, promotable: undefined };
}

function now(): number {
  return performance.now();
}

function drop(graph: number): void {
  graphs.get(graph)?.promotable?.close();
  graphs.delete(graph);
  collectGarbage();
}

function pipelineOf(text: string): Pipeline {
  let pipeline = pipelines.get(text);
  if (pipeline === undefined) pipelines.set(text, (pipeline = JSON.parse(text) as Pipeline));
  return pipeline;
}

function walkAll({ snapshot, recommender, promotable }: Served, task: WalkTask): Done<RankedOutcome[]> {
  const { seen, ranked, bestScore, distinct, batchMsMax, batchBytesMax, queueMs, isTraced } = task;
  const before = seen.flatMap(valueOfJson);
  // A pin, a board and a user may have the same key.
  const shown = { pins: [...before], boards: [...before], users: [...before] };
  const began = performance.now();
  const works = new Works(task);
  let bytes = 0;
  const phases: Phase[] | undefined = isTraced && [];
  const recommend = (request: RecommendationRequest, i: number): RankedOutcome => {
    if (i > 0 && performance.now() - began >= batchMsMax) return tooLate(batchMsMax);
    if (bytes >= batchBytesMax) return tooLarge(batchBytesMax);
    try {
      let found: PromotableList | undefined;
      const result = recommender.recommend(snapshot, request, {
        onVisited:
          request.promoted && ((visited) => (found = promotable!.find(request, request.promoted!, visited))),
        seen: shown[request.target],
        ranked,
        bestScore,
        queueMs,
        onTimes: phases && ((times) => phases.push(...phasesOf(times, i))),
        work: works.next(),
      });
      const items = result.items.map(({ pin, board, user }) => pin ?? board ?? user ?? '');
      if (distinct) shown[request.target].push(...items);
      const { stats, fallback } = result;
      const json = jsonBytes(result);
      bytes += json.byteLength;
      return {
        json,
        items: jsonBytes(items),
        count: items.length,
        bestScore: bestScore ?? bestOf(result.items),
        stats,
        algorithm: result.algorithm.preset ?? result.algorithm.name,
        fallback,
        ...(found !== undefined && { promotable: found }),
      };
    } catch (error) {
      return outcomeOf(error);
    }
  };
  const done = works.outcomeOf(() => requestsOf(task, pipelineOf).map(recommend));
  return phases === undefined || done.outcome === undefined ? done : { ...done, phases };
}

/**
 * The main thread makes a span of each: an SDK in every thread would cost memory, and lose its spans when a
 * thread ends.
 */
function phasesOf({ started, walked, ended }: RecommendTimes, request: number): Phase[] {
  const { timeOrigin } = performance;
  const attributes = { 'thread.id': threadId, ...(request > 0 && { 'pinwalk.batch.index': request }) };
  return [
    { name: 'walk', start: timeOrigin + started, end: timeOrigin + walked, attributes },
    { name: 'rows', start: timeOrigin + walked, end: timeOrigin + ended, attributes },
  ];
}

/** Of a list whose order may be drawn. */
function bestOf(items: RecommendationResult['items']): number | undefined {
  return items.length === 0
    ? undefined
    : items.reduce((max, { score, probability = score }) => Math.max(max, probability), -Infinity);
}

/** Diagnoses and draws the walk of one request: about ten times the work of the recommendation alone. */
function diagnose(graph: Served, task: DiagnosticsTask): Done<Diagnosis | ProblemOutcome> {
  const works = new Works(task);
  return works.outcomeOf(() => diagnosisOf(graph, task, () => works.next()));
}

function diagnosisOf(
  { snapshot, recommender }: Served,
  { request, nodesMax }: DiagnosticsTask,
  nextWork: () => Work,
): Diagnosis | ProblemOutcome {
  try {
    const options = { pathsTraced: pathsMax, nextWork };
    const diagnostics = diagnoseWalk({ recommender, store }, snapshot, request, options);
    const drawing = drawWalk(snapshot, store, diagnostics, nodesMax);
    const { result, steps, restarts, convergence } = diagnostics;
    const { stats, fallback } = result;
    const queryPins = diagnostics.queryPins.map(
      ({ pin, weight, boards, steps: own, restarts: home, lost }) => {
        return { pin, weight, boards, steps: own, restarts: home, lost };
      },
    );
    const items = result.items.map((item, i) => {
      const { total, byQueryPin } = diagnostics.visits[i]!;
      return Object.assign({}, item, { visits: total, visitsByQueryPin: byQueryPin }, drawing.items[i]);
    });
    const { nodes, edges, edgesLeftOut } = drawing;
    const drawn = { nodes, edges, edgesLeftOut };
    return {
      json: jsonBytes({ ...result, items, steps, restarts, queryPins, convergence, ...drawn }),
      stats,
      algorithm: result.algorithm.preset ?? result.algorithm.name,
      fallback,
    };
  } catch (error) {
    return outcomeOf(error);
  }
}
