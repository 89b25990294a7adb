import { isDeepStrictEqual } from 'node:util';
import { changeSettings, resolvePipeline, settingsNamed, settingsOf } from '../../engine/pipeline/index.ts';
import {
  DataError,
  type DataFolder,
  type Experiment,
  type ExperimentArm,
  type Store,
  addPreset,
  armLabel,
  experimentsFile,
  readExperiments,
  writeExperiments,
} from '../../graph-data/index.ts';
import { Problem, invalidRequest, unitOf } from '../base/index.ts';
import type { ExperimentRequest, ExperimentResponse, RecommendationRequest } from '../contract/index.ts';
import { WatchedFile } from '../recommend/index.ts';
import type { PresetCatalog } from '../recommend/presets/index.ts';
import { armAt, seedOf } from './assignment.ts';
import { type PreparedExperiment, prepare, stateOf, timesOf } from './prepared.ts';

const experimentsMax = 100;

interface ExperimentsOptions {
  readonly folder: DataFolder;
  readonly store: Store;
  readonly presets: PresetCatalog;
  /** Milliseconds, never going back. */
  readonly now: () => number;
  /** Milliseconds since 1970. */
  readonly wallClock: () => number;
  readonly onFault: (error: unknown) => void;
}

interface Known {
  readonly byId: ReadonlyMap<string, Experiment>;
  readonly bySurface: ReadonlyMap<string, readonly PreparedExperiment[]>;
}

/**
 * Fields that decide who gets which arm, or when a result is valid: an experiment that has begun keeps them.
 */
const fixed = ['surface', 'users', 'arms', 'holdout', 'salt', 'windowHours', 'plannedUsers'] as const;

/** The experiments of a data folder: they are stored in one file, and choose the pipelines of requests. */
export class Experiments {
  readonly #options: ExperimentsOptions;
  readonly #file: WatchedFile<Known>;

  /** Throws `experiments-unusable`. */
  constructor(options: ExperimentsOptions) {
    this.#options = options;
    const { folder, now, onFault } = options;
    const read = (): Known => knownOf(readExperiments(folder, onFault));
    this.#file = new WatchedFile({ file: experimentsFile(folder), read, now, onFault });
  }

  /** By their ids. */
  list(): ExperimentResponse[] {
    const { byId } = this.#file.value;
    return [...byId].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([id, each]) => this.#responseOf(id, each));
  }

  /** Throws `unknown-experiment`. */
  find(id: string): ExperimentResponse {
    return this.#responseOf(id, this.definition(id));
  }

  /** Throws `unknown-experiment`. */
  definition(id: string): Experiment {
    const found = this.#file.value.byId.get(id);
    if (found === undefined) throw unknown(id);
    return found;
  }

  /**
   * Creates or replaces an experiment. Throws `conflict` if it has begun and changes without `restart`, and if another one has
   * the surface at the same time.
   */
  put(id: string, request: ExperimentRequest): ExperimentResponse {
    const byId = this.#read();
    const before = byId.get(id);
    const now = this.#options.wallClock();
    const hasBegun = before !== undefined && Date.parse(before.start) <= now;
    const { restart, start, end = null, arms, users, guardrails, ...fields } = request;
    const isAnew = before === undefined || (hasBegun && restart);
    const from = start ?? (isAnew ? now : Date.parse(before.start));
    const experiment: Experiment = {
      ...fields,
      guardrails: [...guardrails],
      ...(users !== undefined && { users: users as Experiment['users'] }),
      arms: arms.map((arm) => this.#armOf(arm)),
      start: new Date(from).toISOString(),
      end: end === null ? null : new Date(end).toISOString(),
    };
    const changed = fixed.filter((name) => !isDeepStrictEqual(given(before, name), given(experiment, name)));
    const isMoved = before?.start !== experiment.start;
    if (hasBegun && !restart && (changed.length > 0 || isMoved)) {
      const what = [...changed, ...(isMoved ? ['start'] : [])].join(', ');
      throw new Problem(
        'conflict',
        `${id} has begun: to change ${what}, begin anew with "restart": true, or give another id`,
      );
    }
    if (end !== null && end <= from) {
      const detail = 'is not after `start`';
      throw invalidRequest([{ pointer: '/end', code: 'custom', detail }]);
    }
    assertAlone(id, experiment, byId);
    if (before === undefined && byId.size >= experimentsMax) {
      throw new Problem('conflict', `there are ${experimentsMax} experiments already: delete one first`);
    }
    // Settled values stay: a preset may have changed meanwhile.
    const isSame = hasBegun && !restart;
    this.#write(new Map(byId).set(id, isSame ? { ...experiment, arms: before.arms } : experiment));
    return this.find(id);
  }

  /** Its interactions stay. */
  remove(id: string): 'removed' | 'absent' {
    const byId = new Map(this.#read());
    if (!byId.delete(id)) return 'absent';
    this.#write(byId);
    return 'removed';
  }

  /**
   * Makes the pipeline of an arm a preset, then ends the experiment. Throws `unknown-experiment`, and `invalid-request` for an arm
   * that has none, and for a name that a preset cannot have.
   */
  promote(id: string, arm: string, preset: string): ExperimentResponse {
    const { folder, wallClock } = this.#options;
    const byId = this.#read();
    const experiment = byId.get(id);
    if (experiment === undefined) throw unknown(id);
    const { settings } = experiment.arms.find(({ name }) => name === arm) ?? {};
    if (settings === undefined) {
      const names = experiment.arms.filter((each) => each.settings !== undefined).map(({ name }) => name);
      throw invalidField('arm', `has no pipeline of its own: choose one of ${names.join(', ') || 'none'}`);
    }
    try {
      stored(() => addPreset(folder, preset, settings, { from: `arm ${arm} of experiment ${id}` }));
    } catch (error) {
      const isRefused = error instanceof DataError && error.code === 'preset-refused';
      throw isRefused ? invalidField('preset', error.message) : error;
    }
    const at = new Date(wallClock()).toISOString();
    const end = experiment.end !== null && experiment.end < at ? experiment.end : at;
    this.#write(new Map(byId).set(id, { ...experiment, end, promoted: { arm, preset, at } }));
    return this.find(id);
  }

  /** The request as the arm of its viewer runs it, if an experiment of its surface runs now. */
  inArm(request: RecommendationRequest): RecommendationRequest {
    const { enrollment } = request;
    if (enrollment === undefined) return request;
    const now = this.#options.wallClock();
    const { surface, viewer } = enrollment;
    const on = this.#file.value.bySurface.get(surface) ?? [];
    const experiment = on.find(({ start, end }) => start <= now && now < end);
    if (experiment === undefined || !this.#isTarget(experiment, viewer)) return request;
    const { id, salt, holdout, arms } = experiment;
    const arm = armAt(unitOf(salt, viewer), holdout, arms);
    if (arm === undefined) return request;
    const label = armLabel(id, arm.name);
    const record = request.record && { arm: label, ...request.record };
    const assigned = { ...request, ...arm.runs, ...(record !== undefined && { record }), arm: label };
    const { exploreShare, rareShare } = assigned.pipeline.rerank;
    if (exploreShare === 0 && rareShare === 0) return assigned;
    return { ...assigned, randomSeed: seedOf(salt, viewer, request.query, request.randomSeed) };
  }

  #isTarget({ passes }: PreparedExperiment, viewer: string): boolean {
    if (passes === undefined) return true;
    const { store } = this.#options;
    const index = store.indexOf('users', viewer);
    const row = index === undefined ? undefined : store.nodeAt('users', index);
    return row !== undefined && passes(row);
  }

  #armOf({ name, share, algorithm, params }: ExperimentRequest['arms'][number]): ExperimentArm {
    if (algorithm === undefined) return { name, share };
    const named = settingsNamed(algorithm, this.#options.presets.presets)!;
    const settings = settingsOf(resolvePipeline(changeSettings(named, params ?? {})));
    return {
      name,
      share,
      algorithm,
      ...(params !== undefined && { params: { ...params } }),
      settings: { ...settings, params: { ...settings.params } },
    };
  }

  #responseOf(id: string, { salt = id, arms, ...experiment }: Experiment): ExperimentResponse {
    const state = stateOf(experiment, this.#options.wallClock());
    return { id, state, ...experiment, salt, arms: arms.map(armAsGiven) } as ExperimentResponse;
  }

  /** The present content of the file, which another process may have written. */
  #read(): ReadonlyMap<string, Experiment> {
    return stored(() => readExperiments(this.#options.folder, this.#options.onFault));
  }

  #write(byId: ReadonlyMap<string, Experiment>): void {
    stored(() => writeExperiments(this.#options.folder, byId));
    this.#file.wrote(knownOf(byId));
  }
}

function knownOf(byId: ReadonlyMap<string, Experiment>): Known {
  return { byId, bySurface: prepare(byId) };
}

/** A field as the request had it. */
function given(experiment: Experiment | undefined, name: (typeof fixed)[number]): unknown {
  return name === 'arms' ? experiment?.arms.map(armAsGiven) : experiment?.[name];
}

function armAsGiven({ name, share, algorithm, params }: ExperimentArm): Omit<ExperimentArm, 'settings'> {
  const pipeline = { ...(algorithm !== undefined && { algorithm }), ...(params !== undefined && { params }) };
  return { name, share, ...pipeline };
}

/** Throws `conflict` if another experiment has the surface at the same time: a list is in one arm. */
function assertAlone(id: string, experiment: Experiment, byId: ReadonlyMap<string, Experiment>): void {
  const { start, end } = timesOf(experiment);
  for (const [other, { surface, ...each }] of byId) {
    if (other === id || surface !== experiment.surface) continue;
    const times = timesOf(each);
    if (start >= times.end || times.start >= end) continue;
    const detail = `${other} has the surface ${surface} at that time: end it first, or choose other times`;
    throw new Problem('conflict', detail);
  }
}

/** What reads and writes the folder's files; throws `storage-unavailable` for their errors. */
function stored<Result>(run: () => Result): Result {
  try {
    return run();
  } catch (error) {
    const codes = ['data-folder-unusable', 'experiments-unusable', 'presets-unusable'];
    if (!(error instanceof DataError) || !codes.includes(error.code)) throw error;
    throw new Problem('storage-unavailable', error.message, [], { 'Retry-After': '1' });
  }
}

function unknown(id: string): Problem {
  return new Problem('unknown-experiment', `there is no experiment ${id}`);
}

function invalidField(field: string, detail: string): Problem {
  return invalidRequest([{ pointer: `/${field}`, code: 'invalid-value', detail }]);
}
