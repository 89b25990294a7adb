import type { NodeKind } from '../graph/index.ts';
import {
  type AlgorithmName,
  type Params,
  algorithms,
  checkParamsOf,
  checkSpecificity,
  hasLinearShare,
} from './algorithms.ts';
import { EngineError, type ParamSpec, check, resolveParams } from '../base/index.ts';
import { type Levers, leverSpecs, pinsOnly } from './levers.ts';

/**
 * From query to list in five stages. A value without code: presets, points of a sweep, evaluated settings and requests all
 * come to one, and {@link runPipeline} runs it for all of them.
 */
export interface Pipeline {
  readonly candidates: Pick<
    Levers,
    'fadePins' | 'halfLifeDays' | 'orderDecay' | 'windowDays' | 'virtualWeight' | 'fadeSaves'
  > & {
    readonly algorithm: AlgorithmName;
    /** Every parameter of the algorithm, defaults filled in. */
    readonly params: Params;
  };
  readonly filters: Pick<Levers, 'minRelevance'>;
  readonly score: Pick<Levers, 'specificity' | 'linearShare' | 'hubCorrection' | 'model' | 'modelCandidates'>;
  readonly rerank: Pick<
    Levers,
    'diversity' | 'calibration' | 'rareShare' | 'exploreShare' | 'explorePins' | 'exploreTemperature'
  >;
  readonly fallback: Pick<Levers, 'backfill'>;
}

/**
 * A pipeline as people write it: an algorithm, and parameters of it and {@link Levers} by name. Anything left out has its
 * default.
 */
export interface PipelineSettings {
  readonly algorithm: AlgorithmName;
  readonly params: Params;
}

/** A fault of one parameter of some settings, or of `target`. */
interface SettingFault {
  readonly name: string;
  readonly code: 'unknown-parameter' | 'invalid-parameter';
  /** Follows the parameter's name: "is not an integer in [1, 100]". */
  readonly message: string;
}

type Specs = Readonly<Record<string, ParamSpec>>;

// Merged once: every request reads them.
const specs = Object.fromEntries(
  Object.entries(algorithms).map(([name, own]) => [name, { ...own, ...leverSpecs }]),
) as unknown as Readonly<Record<AlgorithmName, Specs>>;

/** The parameters of an algorithm and the levers, by name. */
export function specsOf(algorithm: AlgorithmName): Specs {
  return specs[algorithm];
}

/** Every fault of some settings: first those of single parameters; if there are none, of their combination. */
export function faultsOf(settings: PipelineSettings, target: NodeKind = 'pins'): SettingFault[] {
  const first = faultOf('invalid-parameter', () => void resolvePipeline(settings, target));
  if (first.length === 0) return first;
  const { algorithm, params } = settings;
  const faults = Object.entries(params).flatMap(([name, value]) => faultsOfParam(algorithm, name, value));
  return faults.length > 0 ? faults : first;
}

/** The fault of one parameter alone, if any. */
export function faultsOfParam(algorithm: AlgorithmName, name: string, value: unknown): SettingFault[] {
  const code = Object.hasOwn(specsOf(algorithm), name) ? 'invalid-parameter' : 'unknown-parameter';
  return faultOf(
    code,
    () => void resolveParams<Record<string, unknown>>(specsOf(algorithm), { [name]: value }),
  );
}

/** The pipeline that settings describe. Throws `invalid-parameter` naming the first fault; {@link faultsOf} has all. */
export function resolvePipeline(settings: PipelineSettings, target: NodeKind = 'pins'): Pipeline {
  const { algorithm } = settings;
  const all = resolveParams<Params>(specsOf(algorithm), settings.params);
  checkCombination(algorithm, all, target);
  const entries = Object.entries(all).filter(([name]) => !Object.hasOwn(leverSpecs, name));
  const {
    fadePins,
    halfLifeDays,
    orderDecay,
    windowDays,
    virtualWeight,
    fadeSaves,
    minRelevance,
    specificity,
    linearShare,
    hubCorrection,
    model,
    modelCandidates,
    diversity,
    calibration,
    rareShare,
    exploreShare,
    explorePins,
    exploreTemperature,
    backfill,
  } = all as unknown as Levers;
  return {
    candidates: {
      algorithm,
      params: Object.fromEntries(entries),
      fadePins,
      halfLifeDays,
      orderDecay,
      windowDays,
      virtualWeight,
      fadeSaves,
    },
    filters: { minRelevance },
    score: { specificity, linearShare, hubCorrection, model, modelCandidates },
    rerank: { diversity, calibration, rareShare, exploreShare, explorePins, exploreTemperature },
    fallback: { backfill },
  };
}

/** A pipeline as settings with nothing left out: what responses and reports print, and presets store. */
export function settingsOf({ candidates, filters, score, rerank, fallback }: Pipeline): PipelineSettings {
  const { algorithm, params, ...history } = candidates;
  return { algorithm, params: { ...params, ...history, ...filters, ...score, ...rerank, ...fallback } };
}

/** Settings with some parameters changed; for boards and users without what ranks pins only. */
export function changeSettings(
  { algorithm, params }: PipelineSettings,
  changes: Params,
  target: NodeKind = 'pins',
): PipelineSettings {
  const kept = Object.entries(params).filter(([name]) => target === 'pins' || !pinsOnly.includes(name));
  return { algorithm, params: { ...Object.fromEntries(kept), ...changes } };
}

/** Whether an algorithm finds boards and users too. */
export function canTarget(algorithm: AlgorithmName): boolean {
  return algorithm === 'pixie' || algorithm === 'popular';
}

/** Throws `invalid-parameter` for values that are sound one by one, but do not go together. */
function checkCombination(algorithm: AlgorithmName, params: Params, target: NodeKind): void {
  if (target !== 'pins') {
    for (const name of [
      'diversity',
      'calibration',
      'rareShare',
      'exploreShare',
      'hubCorrection',
      'linearShare',
    ]) {
      check(params[name] === 0, name, `ranks pins, not ${target}`);
    }
    check(params['model'] === '', 'model', `ranks pins, not ${target}`);
    check(canTarget(algorithm), 'target', `${target} come from pixie or popular, not from ${algorithm}`);
  }
  check(
    params['specificity'] === 0 || params['boost'] !== true,
    'specificity',
    'cannot be combined with boost',
  );
  check(
    params['calibration'] === 0 || params['diversity'] === 0,
    'calibration',
    'cannot be combined with diversity',
  );
  check(
    params['exploreShare'] === 0 || params['rareShare'] === 0,
    'exploreShare',
    'cannot be combined with rareShare',
  );
  check(params['model'] === '' || params['rareShare'] === 0, 'model', 'cannot be combined with rareShare');
  const hasShare = params['linearShare'] === 0 || hasLinearShare(algorithm);
  check(hasShare, 'linearShare', `is for pixie, paths, ppr and itemknn, not for ${algorithm}`);
  check(params['fadePins'] === 0 || algorithm === 'pixie', 'fadePins', `is for pixie, not for ${algorithm}`);
  checkSpecificity(algorithm, params['specificity'] as number, target);
  checkParamsOf(algorithm, params, target);
}

function faultOf(code: SettingFault['code'], test: () => void): SettingFault[] {
  try {
    test();
    return [];
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    // `check` begins a message with the name, which the place of the fault has too.
    const { field: name, message } = error;
    const start = `${name}: `;
    return [{ name, code, message: message.startsWith(start) ? message.slice(start.length) : message }];
  }
}
