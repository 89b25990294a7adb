import { parentPort, threadId } from 'node:worker_threads';
import { move, transferableSymbol, valueSymbol, workerData } from 'piscina';
import { Work } from '../../../engine/index.ts';
import { openDataFolder } from '../../../graph-data/base/index.ts';
import { Store } from '../../../graph-data/database/index.ts';
import type { LoadedSnapshot } from '../../../graph-data/snapshot/index.ts';
import { type JsonBytes, jsonBytes, valueOfJson } from '../../base/index.ts';
import { type RecommendTimes, Recommender, drawWalk, diagnoseWalk, pathsMax } from '../../recommend/index.ts';
import type { RecommendationRequest, RecommendationResult, WalkResponse } from '../../contract/index.ts';
import { type ProblemOutcome, isProblem, outcomeOf } from '../problem-outcome.ts';
import type { Phase } from '../tracing/index.ts';
import { remoteModels } from './model-calls.ts';
import { type PromotableList, PromotableFinder } from './promotable.ts';
import { WorkerStart } from './worker-start.ts';
import { type Allowance, Works, tooLarge, tooLate } from './works.ts';

/** What a task has come to. */
export interface Done<Outcome> {
  /** Undefined for a task that was given up. */
  readonly outcome: Outcome | undefined;
  /** In units. */
  readonly work: number;
  /** Of a traced task. */
  readonly phases?: readonly Phase[];
}

/** Keys of nodes. */
export type KeyList = JsonBytes<readonly string[]>;

/** Requests that one worker runs one after another. */
export interface WalkTask extends Allowance {
  /**
   * As JSON, which is cheaper to hand over than objects: identical requests are found by this text, so it exists already.
   */
  readonly requests: string;
  /** Keys of the target that earlier pages have shown. */
  readonly seen: readonly KeyList[];
  /** Items of the earlier pages, after which the ranks continue. */
  readonly ranked: number;
  /** The best score of the first page, if this is a later one. */
  readonly bestScore?: number | undefined;
  /** Whether no two of the lists may share an item. */
  readonly distinct: boolean;
  /** No further request starts after this time. */
  readonly batchMsMax: number;
  /** No further request starts after lists of so many bytes. */
  readonly batchBytesMax: number;
  readonly queueMs: number;
  /** Whether to say when what was done. */
  readonly isTraced?: true;
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

/** A request whose walk is diagnosed, and how much of it is drawn. */
export interface DiagnosticsTask extends Allowance {
  readonly request: RecommendationRequest;
  readonly nodesMax: number;
}

/** The diagnostics of a walk, serialised, and what the metrics count. */
export interface Diagnosis extends Pick<RankedList, 'stats' | 'algorithm' | 'fallback'> {
  readonly json: JsonBytes<WalkResponse>;
}

export interface WorkerData {
  readonly dataFolder: string;
  readonly snapshot: LoadedSnapshot;
  /** As JSON: requests that a worker runs before its first task. */
  readonly warmUp: string;
  /** Of a {@link WorkerStart}. */
  readonly start: Int32Array<SharedArrayBuffer>;
  /** Whether others serve meanwhile. */
  readonly isBeside: boolean;
}

/** Of a request before the first task. Loops are compiled by then, and the exact algorithms would go on for 100 ms. */
const warmUpWorkMax = 40_000;

const { snapshot, dataFolder, warmUp, start, isBeside } = workerData as WorkerData;
const folder = openDataFolder(dataFolder);
const store = Store.open(folder);
const models = remoteModels((modelPort) => parentPort!.postMessage({ modelPort }, [modelPort]));
const recommender = new Recommender({
  store,
  folder,
  models,
  now: () => performance.now(),
  wallClock: Date.now,
});

const promotable = new PromotableFinder(folder, store, snapshot);

/** Hands all of it over without a copy. */
export default function walk(task: WalkTask): Done<RankedOutcome[]> {
  const done = walkAll(task);
  const lists = done.outcome?.flatMap((each) => (isProblem(each) ? [] : [each])) ?? [];
  return moved(
    done,
    lists.flatMap(({ json, items }) => [json, items]),
  );
}

function walkAll({
  requests,
  seen,
  ranked,
  bestScore,
  distinct,
  batchMsMax,
  batchBytesMax,
  queueMs,
  isTraced,
  ...allowance
}: WalkTask): Done<RankedOutcome[]> {
  const before = seen.flatMap(valueOfJson);
  // A pin, a board and a user may have the same key.
  const shown = { pins: [...before], boards: [...before], users: [...before] };
  const began = performance.now();
  const works = new Works(allowance);
  let bytes = 0;
  const phases: Phase[] | undefined = isTraced && [];
  const recommend = (request: RecommendationRequest, i: number): RankedOutcome => {
    if (i > 0 && performance.now() - began >= batchMsMax) return tooLate(batchMsMax);
    if (bytes >= batchBytesMax) return tooLarge(batchBytesMax);
    try {
      let found: PromotableList | undefined;
      const result = recommender.recommend(snapshot, request, {
        onVisited:
          request.promoted && ((visited) => (found = promotable.find(request, request.promoted!, visited))),
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
  const done = works.outcomeOf(() => (JSON.parse(requests) as RecommendationRequest[]).map(recommend));
  return phases === undefined || done.outcome === undefined ? done : { ...done, phases };
}

/** A span of the main thread for each: an SDK in every thread would cost memory, and lose what a thread has when it ends. */
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
export function diagnose({
  request,
  nodesMax,
  ...allowance
}: DiagnosticsTask): Done<Diagnosis | ProblemOutcome> {
  const works = new Works(allowance);
  const done = works.outcomeOf(() => diagnosisOf(request, nodesMax, () => works.next()));
  return moved(done, done.outcome === undefined || isProblem(done.outcome) ? [] : [done.outcome.json]);
}

/** A result of a task that hands over the memory of these bytes. */
function moved<Result extends object>(result: Result, bytes: readonly JsonBytes<unknown>[]): Result {
  const movable = { [transferableSymbol]: bytes.map(({ buffer }) => buffer), [valueSymbol]: result };
  // What arrives is the result.
  return move(movable) as unknown as Result;
}

function diagnosisOf(
  request: RecommendationRequest,
  nodesMax: number,
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

// Last, when every class of this file is there. Requests would wait for code that V8 has not compiled.
const started = new WorkerStart(start);
for (const request of JSON.parse(warmUp) as RecommendationRequest[]) {
  if (isBeside) await started.restAfter(() => tryOut(request));
  else tryOut(request);
}
started.markReady();

function tryOut(request: RecommendationRequest): void {
  try {
    recommender.recommend(snapshot, request, { work: new Work(warmUpWorkMax) });
  } catch {
    // A request that meets the fault will say so.
  }
}
