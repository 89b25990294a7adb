import { parentPort } from 'node:worker_threads';
import { move, transferableSymbol, valueSymbol, workerData } from 'piscina';
import { TooMuchWork, Work } from '../../../engine/index.ts';
import { openDataFolder } from '../../../graph-data/base/index.ts';
import { Store } from '../../../graph-data/database/index.ts';
import type { LoadedSnapshot } from '../../../graph-data/snapshot/index.ts';
import { type JsonBytes, Problem, jsonBytes, valueOfJson } from '../../base/index.ts';
import { Recommender, drawWalk, diagnoseWalk, pathsMax } from '../../recommend/index.ts';
import type { RecommendationRequest, RecommendationResult, WalkResponse } from '../../contract/index.ts';
import { type ProblemOutcome, isProblem, outcomeOf } from '../problem-outcome.ts';
import { remoteModels } from './model-calls.ts';
import { type PromotableList, PromotableFinder } from './promotable.ts';
import { WorkerStart } from './worker-start.ts';

/** How much a task may do. */
interface Allowance {
  /** Units of work of one request; a batch starts no further request once it has done as much. */
  readonly workMax: number;
  /** Units after which the task is given up, if that is less: another lane may run it from the start. */
  readonly handOverAt: number;
}

/** What a task has come to. */
export interface Done<Outcome> {
  /** Undefined for a task that was given up. */
  readonly outcome: Outcome | undefined;
  /** In units. */
  readonly work: number;
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
  ...allowance
}: WalkTask): Done<RankedOutcome[]> {
  const before = seen.flatMap(valueOfJson);
  // A pin, a board and a user may have the same key.
  const shown = { pins: [...before], boards: [...before], users: [...before] };
  const began = performance.now();
  const works = new Works(allowance);
  let bytes = 0;
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
  return works.outcomeOf(() => (JSON.parse(requests) as RecommendationRequest[]).map(recommend));
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

/** The work of one task, request by request. */
class Works {
  readonly #allowance: Allowance;
  readonly #all: Work[] = [];

  constructor(allowance: Allowance) {
    this.#allowance = allowance;
  }

  get cost(): number {
    return this.#all.reduce((sum, { cost }) => sum + cost, 0);
  }

  /** The work of the next request. Throws `overloaded` when those before have done what one may. */
  next(): Work {
    const { workMax, handOverAt } = this.#allowance;
    // Without what earlier requests have left: whether a request is refused must not depend on it.
    const used = this.#all.reduce((sum, work) => sum + work.used, 0);
    if (this.#all.length > 0 && used >= workMax) {
      throw new Problem(
        'overloaded',
        `the requests before have taken ${workMax} units of work: send it again`,
      );
    }
    const work = new Work(workMax, handOverAt - this.cost);
    this.#all.push(work);
    return work;
  }

  outcomeOf<Outcome>(run: () => Outcome): Done<Outcome> {
    try {
      return { outcome: run(), work: this.cost };
    } catch (error) {
      if (!(error instanceof TooMuchWork)) throw error;
      return { outcome: undefined, work: this.cost };
    }
  }
}

function tooLate(batchMsMax: number): ProblemOutcome {
  const detail = `the batch took over ${batchMsMax / 1000} s before it reached this request: send it again`;
  return { problem: { code: 'overloaded', detail, errors: [] } };
}

function tooLarge(batchBytesMax: number): ProblemOutcome {
  const detail = `the lists of the requests before have over ${batchBytesMax} bytes: send it again`;
  return { problem: { code: 'overloaded', detail, errors: [] } };
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
