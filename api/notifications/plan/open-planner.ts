import {
  type DataFolder,
  type LoadedSnapshot,
  PlanReader,
  Store,
  listModels,
  localModels,
  messageOf,
} from '../../../graph-data/index.ts';
import { validate } from '../../base/index.ts';
import type { RecommendationRequest } from '../../contract/index.ts';
import { InterestCatalog, Recommender } from '../../recommend/index.ts';
import { PresetCatalog } from '../../recommend/presets/index.ts';
import { CandidateSource } from './candidates.ts';
import { CopyWriter } from './copy.ts';
import { FreshPins } from './fresh-pins.ts';
import { Planner } from './planner.ts';
import type { PlanPolicy } from './policy.ts';

/** Pins that the pipeline retrieves for a person. */
const candidatesMax = 20;
/** Steps of its walk at most: few of its pins are sent, and everybody waits for the plan (docs/notification-plan.md). */
const stepsMax = 10_000;

interface OpenPlannerOptions {
  readonly folder: DataFolder;
  readonly snapshot: LoadedSnapshot;
  readonly policy: PlanPolicy;
  /** The planner knows nothing later than this. Milliseconds since 1970. */
  readonly at: number;
  readonly onWarning: (message: string) => void;
}

const now = (): number => performance.now();

/** A planner and its open readers, until it is closed. */
export interface OpenPlanner extends Disposable {
  readonly planner: Planner;
  readonly reader: PlanReader;
  readonly graphVersion: string;
}

/**
 * Opens a planner on a snapshot, with the database, the channels, and the log before `at`. The data folder has
 * channels. Throws `DataError`s, and the problem `invalid-request` for an unknown preset. O(log of the days
 * that count).
 */
export function openPlanner({ folder, snapshot, policy, at, onWarning }: OpenPlannerOptions): OpenPlanner {
  const onFault = (fault: unknown): void => onWarning(messageOf(fault));
  const store = Store.open(folder);
  const reader = new PlanReader(folder);
  const models = localModels(folder, () => at);
  const recommender = new Recommender({ store, folder, models, now, wallClock: () => at });
  const presets = new PresetCatalog(folder, now, onFault);
  const served = new InterestCatalog(folder, now, onFault).of(snapshot);
  const fresh = new FreshPins(store, snapshot, served, at);
  const request = requestOf(folder, presets, policy);
  const candidates = new CandidateSource({ store, snapshot, served, recommender, models, fresh, request });
  const planner = new Planner(policy, { folder, reader, candidates, copy: new CopyWriter(folder, store, served) }, at); // prettier-ignore
  return {
    planner,
    reader,
    graphVersion: snapshot.version,
    [Symbol.dispose]: () => {
      planner.close();
      reader.close();
      store.close();
    },
  };
}

/** The request of every person: the preset as it is served, ranked by a model where one is active. */
function requestOf(
  folder: DataFolder,
  presets: PresetCatalog,
  { preset, modelLabel }: PlanPolicy,
): RecommendationRequest {
  const given = { query: [{ user: '' }], algorithm: preset, limit: candidatesMax };
  const { pipeline } = validate(presets.request, given);
  const { algorithm, params: own } = pipeline.candidates;
  const isLong = algorithm === 'pixie' && Number(own['steps']) > stepsMax;
  const params = isLong ? { steps: stepsMax } : {};
  const isActive = listModels(folder).some(({ active, header }) => active && header?.label === modelLabel);
  const model = isActive && pipeline.score.model === '' ? { model: modelLabel } : {};
  return validate(presets.request, { ...given, params, ...model });
}
