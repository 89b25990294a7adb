import { type Pipeline, type SaveSplit, EngineError, numberOfKey } from '../../../engine/index.ts';
import {
  type SplitNames,
  activeModel,
  dayVersions,
  loadModel,
  openDataFolder,
} from '../../../graph-data/index.ts';
import type { TaskModels } from './worker-models.ts';

/** The models and interactions of a data folder, and the keys by which they know the nodes of a split. */
export interface OfflineModels {
  readonly folder: string;
  /** By pin: the number of its key, in shared memory. */
  readonly pinNumbers: Float64Array<SharedArrayBuffer>;
  readonly userKey: (user: number) => string;
}

/** Queries of pipelines with a `model`. */
interface ModelledQueries {
  /** Their places in the order of the times that they are scored at: counters only go forward. */
  readonly places: Int32Array;
  /** What scores those at some places. */
  readonly taskOf: (places: Int32Array) => TaskModels;
}

const dayMs = 86_400_000;

/** The models of a data folder for pins, from index 0 on, with these names. O(pins). */
export function offlineModels(folder: string, names: SplitNames, pinCount: number): OfflineModels {
  const pinNumbers = new Float64Array(new SharedArrayBuffer(8 * pinCount));
  for (let pin = 0; pin < pinCount; pin++) pinNumbers[pin] = numberOfKey(names.pin(pin).key);
  return { folder, pinNumbers, userKey: (user) => names.user(user).key };
}

/** The state that the scores of a label's active model depend on: its version and the stored interactions. */
export function modelState({ folder }: OfflineModels, label: string): object {
  const days = [...dayVersions(openDataFolder(folder))].toSorted(([a], [b]) => a - b);
  return { version: activeModel({ root: folder }, label), days };
}

/** Whether some settings rank by a model. */
export function namesModel(
  settings: readonly { readonly params: Readonly<Record<string, unknown>> }[],
): boolean {
  return settings.some(({ params }) => (params['model'] ?? '') !== '');
}

/**
 * Each query is scored at the midnight (UTC) before its first held-out save, so that no counter includes later
 * events. `userOf`: the user of a node, if any. Undefined if no pipeline has a `model`. Throws
 * `invalid-parameter` without models, without times of held-out saves, and for a model whose weights have
 * learned from later interactions; a model that learns online is replayed and has not.
 */
export function modelledQueries(
  pipelines: readonly Pipeline[],
  { heldOutFrom }: SaveSplit,
  nodes: Int32Array,
  {
    models,
    servedAs = '',
  }: { readonly models?: OfflineModels | undefined; readonly servedAs?: string | undefined },
  userOf: (node: number) => number | undefined,
): ModelledQueries | undefined {
  const labels = new Set(pipelines.flatMap(({ score }) => (score.model === '' ? [] : score.model)));
  if (labels.size === 0) return undefined;
  if (models === undefined) throw refused('needs the models and interactions of a data folder: name one by data'); // prettier-ignore
  const asOf = Float64Array.from(nodes, (node) => midnightBefore(heldOutFrom?.[node] ?? NaN));
  if (asOf.some((time) => Number.isNaN(time))) {
    throw refused('some held-out saves have no time, so nothing says which interactions came before them: use saves with times'); // prettier-ignore
  }
  const places = Int32Array.from(nodes.keys()).toSorted((a, b) => asOf[a]! - asOf[b]! || a - b);
  for (const label of labels) assertBefore(models, label, asOf[places[0]!]!);
  const keyOf = (place: number): string | undefined => {
    const user = userOf(nodes[place]!);
    return user === undefined ? undefined : models.userKey(user);
  };
  const { folder, pinNumbers } = models;
  const taskOf = (some: Int32Array): TaskModels => ({
    folder,
    pinNumbers,
    servedAs,
    asOf: Float64Array.from(some, (place) => asOf[place]!),
    users: Array.from(some, keyOf),
  });
  return { places, taskOf };
}

function assertBefore({ folder }: OfflineModels, label: string, first: number): void {
  const version = activeModel({ root: folder }, label);
  const { online, rows } = loadModel({ root: folder }, version).header;
  if (online === true || Date.parse(rows.to) <= first) return;
  throw refused(
    `${version} has learned from interactions up to ${rows.to}, and saves after ${new Date(first).toISOString()} are held out: ` +
      'hold out later ones, or activate a model that learns online (pinwalk train)',
  );
}

/** The last midnight in UTC before a time. */
function midnightBefore(time: number): number {
  return Math.floor((time - 1) / dayMs) * dayMs;
}

function refused(fault: string): EngineError {
  return new EngineError('invalid-parameter', 'model', `model: ${fault}`);
}
