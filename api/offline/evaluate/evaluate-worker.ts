import {
  type Adjacency,
  type GraphAnalysis,
  type HistorySave,
  type IsExcluded,
  type PinBoardGraph,
  type Pipeline,
  type Query,
  type ReasonScratch,
  type Recency,
  type SaveCounts,
  Engine,
  Work,
  createReasonScratch,
  degreeOf,
  diversityByBoards,
  findReasons,
  latestSaves,
  neighborsOf,
  noDecay,
  nodeCount,
  randomStream,
  recencyWeights,
  runPipeline,
  sampleNegatives,
} from '../../../engine/index.ts';
import { reportLoaded } from '../pool/index.ts';
import { sample } from './sample.ts';
import type { TaskModels } from './worker-models.ts';

/** A batch of boards to recommend for. Graphs are in shared memory: nothing is copied. */
export interface Task {
  /** Identifies the graph within the pool. */
  readonly graphNumber: number;
  readonly graph: PinBoardGraph;
  readonly analysis: GraphAnalysis;
  /** The query pins of each board. */
  readonly known: Adjacency;
  /** Save times of these, parallel to the neighbors (milliseconds since 1970, NaN if unknown). */
  readonly savedAt: Float64Array | undefined;
  /** Whether each board stands for its user, whose saves lose weight with age, as in a request. */
  readonly areUsers: boolean;
  /** The held-out pins of each board, ranked among the negatives if these are sampled. */
  readonly heldOut: Adjacency;
  readonly boards: Int32Array;
  /** One list each for every board. Where successive ones differ in the ranking alone, they share a walk. */
  readonly pipelines: readonly Pipeline[];
  /** Seed of the draw of query pins and negatives. */
  readonly randomSeed: number;
  /** Seed of the pipeline. */
  readonly walkSeed: number;
  readonly k: number;
  /** Number of query pins per board, drawn by the seed; all of them if it has fewer. */
  readonly queryPins: number;
  /** Number of sampled pins to rank the held-out pins among; undefined to rank all pins. */
  readonly negatives: number | undefined;
  /** Whether to measure the strength of the reasons of the recommended pins. */
  readonly reasons: boolean;
  /** Needed if a pipeline has a `model`. */
  readonly models: TaskModels | undefined;
}

/** The lists of one pipeline, in the order of the task's boards. */
export interface TaskResult {
  /** k pins per board, best first, padded with -1. */
  readonly pins: Int32Array;
  /** Diversity of each list; NaN for fewer than two pins, and with several pipelines. */
  readonly diversity: Float64Array;
  readonly ms: Float64Array;
  /** Units of {@link Work} of each query. */
  readonly work: Float64Array;
  /** With `reasons`: the strength of each pin's reason, see {@link ReasonGroup}. */
  readonly strengths?: Int32Array;
}

/** The random streams of a board that draw query pins and negatives. */
const queryStream = 0x4000_0003;
const negativesStream = 0x4000_0004;
const dayMs = 86_400_000;

/** The state of a thread between tasks on one graph. */
interface GraphState {
  readonly graphNumber: number;
  readonly engine: Engine;
  /** Pins with a save. */
  readonly savedPins: Int32Array;
  /** Scratch of {@link diversityByBoards}. */
  readonly weights: Float64Array;
  readonly reasonScratch: ReasonScratch;
}

let state: GraphState | undefined;

/**
 * Runs in a worker thread: recommends k new pins for each board, by pipelines that a server runs for a request that
 * names the board or its user.
 */
export default async function recommendForBoards(task: Task): Promise<readonly TaskResult[]> {
  const { graph, known, boards, pipelines, randomSeed, walkSeed, k } = task;
  if (state?.graphNumber !== task.graphNumber) state = stateOf(graph, task.graphNumber);
  const { engine, savedPins, weights, reasonScratch } = state;
  // Loads the database and what else a request needs.
  const scorers = task.models && (await import('./worker-models.ts'));
  let recent: SaveCounts | undefined;
  const results = pipelines.map(() => ({
    pins: new Int32Array(boards.length * k).fill(-1),
    diversity: new Float64Array(boards.length).fill(NaN),
    ms: new Float64Array(boards.length),
    work: new Float64Array(boards.length),
    ...(task.reasons && { strengths: new Int32Array(boards.length * k) }),
  }));
  for (const [i, board] of boards.entries()) {
    const own = new Set(neighborsOf(known, board));
    const candidates = task.negatives === undefined ? undefined : candidatesOf(task, board, own, savedPins);
    const isExcluded: IsExcluded = (pin) => own.has(pin) || candidates?.has(pin) === false;
    const saves = latestSaves(historyOf(task, board));
    let query: Query = { pins: [], weights: [] };
    let weighted: Recency | undefined;
    for (const [place, pipeline] of pipelines.entries()) {
      const recency = task.areUsers ? pipeline.candidates : noDecay;
      // The same object where weights are the same, which a walk is recognised by.
      if (weighted?.halfLifeDays !== recency.halfLifeDays || weighted.orderDecay !== recency.orderDecay) {
        weighted = recency;
        query = {
          pins: saves.map(({ pin }) => pin),
          weights: recencyWeights(saves, 1, recency, Infinity),
        };
      }
      const { pins, diversity, ms, work: units, strengths } = results[place]!;
      const work = new Work();
      const started = performance.now();
      const { best } = runPipeline(engine, task.analysis, query, pipeline, {
        limit: k,
        randomSeed: walkSeed,
        isExcluded,
        reusesWalk: pipelines.length > 1,
        work,
        scoreByModel: scorers?.scorerOf(task.models!, i, pipeline),
        recentSaves: (windowDays) => (recent ??= recentSavesOf(task, windowDays)),
      });
      ms[i] = performance.now() - started;
      units[i] = work.cost;
      const list = Int32Array.from(best, ({ pin }) => pin);
      pins.set(list, i * k);
      if (pipelines.length === 1) diversity[i] = diversityByBoards(list, graph.pinToBoard, weights);
      const reasons =
        strengths === undefined ? [] : findReasons(graph, query, Array.from(list), reasonScratch);
      for (const [rank, { via }] of reasons.entries())
        strengths![i * k + rank] = via.reduce((sum, { paths }) => sum + paths, 0);
    }
  }
  return results;

  function historyOf({ savedAt, queryPins }: Task, board: number): HistorySave[] {
    const start = known.slices[2 * board]!;
    const all = Array.from(neighborsOf(known, board), (pin, i): HistorySave => {
      const time = savedAt?.[start + i] ?? NaN;
      return { pin, savedAt: Number.isNaN(time) ? null : time };
    });
    const drawn = sample(all, queryPins, randomStream(randomSeed, board, queryStream));
    return drawn.filter(({ pin }) => isSaved(graph, pin));
  }
}

function stateOf(graph: PinBoardGraph, graphNumber: number): GraphState {
  const pins = Int32Array.from({ length: nodeCount(graph.pinToBoard) }, (_, pin) => pin);
  return {
    graphNumber,
    engine: new Engine(graph),
    savedPins: pins.filter((pin) => isSaved(graph, pin)),
    weights: new Float64Array(nodeCount(graph.boardToPin)),
    reasonScratch: createReasonScratch(),
  };
}

/** Counts the saves of each pin in the `windowDays` before the newest save. O(saves). */
function recentSavesOf({ known, savedAt = new Float64Array(0) }: Task, windowDays: number): SaveCounts {
  const newest = savedAt.reduce((latest, time) => (time > latest ? time : latest), -Infinity);
  const counts = new Map<number, number>();
  for (const [i, time] of savedAt.entries()) {
    const pin = known.neighbors[i]!;
    if (time > newest - windowDays * dayMs) counts.set(pin, (counts.get(pin) ?? 0) + 1);
  }
  return [...counts];
}

/** The held-out pins of a board, and the sampled negatives: pins that it has in neither part. */
function candidatesOf(
  { graph, heldOut, negatives = 0, randomSeed }: Task,
  board: number,
  own: ReadonlySet<number>,
  savedPins: Int32Array,
): Set<number> {
  const relevant = new Set(neighborsOf(heldOut, board));
  const taken = new Set([...own, ...relevant]);
  const takenCount = [...taken].filter((pin) => isSaved(graph, pin)).length;
  const random = randomStream(randomSeed, board, negativesStream);
  const drawn = sampleNegatives(savedPins, (pin) => taken.has(pin), takenCount, negatives, random);
  return new Set([...relevant, ...drawn]);
}

function isSaved({ pinToBoard }: PinBoardGraph, pin: number): boolean {
  return pin < nodeCount(pinToBoard) && degreeOf(pinToBoard, pin) > 0;
}

reportLoaded();
