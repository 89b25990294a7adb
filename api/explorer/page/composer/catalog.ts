import {
  type AlgorithmName,
  type ParamSpec,
  type Params,
  algorithms,
  hasLinearShare,
  hasSpecificity,
  presets,
} from '../../../../engine/index.ts';
import { type ParamValue, type QueryEntry, type Settings, commonSpecs } from '../address/index.ts';

/** The engine's own lists, so that names, ranges and meanings equal the server's. */
export const algorithmNames: readonly string[] = Object.keys(algorithms);
export const presetNames: readonly string[] = Object.keys(presets);

/** The server's default when the request names no algorithm. */
export function defaultAlgorithm(query: readonly QueryEntry[]): string {
  if (query.some(({ kind }) => kind === 'user')) return 'feed';
  return query.some(({ kind }) => kind === 'board') ? 'ideas' : 'related';
}

/** A data folder's own presets, as `/v1/graph` has them. */
type OwnPresets = Readonly<Record<string, { readonly algorithm: AlgorithmName; readonly params: Params }>>;

/** A setting with its range and meaning. Its default may come from a preset. */
export interface Parameter {
  readonly name: string;
  readonly spec: ParamSpec;
  readonly defaultValue: ParamValue;
}

/** The parameters of the algorithm that the settings and the query select, and the settings of every algorithm. */
export function parametersOf(
  { algorithm }: Pick<Settings, 'algorithm'>,
  query: readonly QueryEntry[],
  own: OwnPresets = {},
): Parameter[] {
  const chosen = algorithm ?? defaultAlgorithm(query);
  const named: OwnPresets = { ...presets, ...own };
  const preset = Object.hasOwn(named, chosen) ? named[chosen] : undefined;
  const name = preset?.algorithm ?? chosen;
  const specs = Object.hasOwn(algorithms, name) ? algorithms[name as keyof typeof algorithms] : {};
  return Object.entries<ParamSpec>({ ...specs, ...commonSpecs })
    .filter(([param]) => param !== 'specificity' || hasSpecificity(name as AlgorithmName))
    .filter(([param]) => param !== 'linearShare' || hasLinearShare(name as AlgorithmName))
    .map(([param, spec]) => ({ name: param, spec, defaultValue: preset?.params[param] ?? spec.default }));
}

/** Settings of the engine that are shown first; the others are in a second fold. */
export const mainParameters: ReadonlySet<string> = new Set([
  'steps',
  'stepsPerQueryPin',
  'restartProbability',
  'popularityDiscount',
  'boost',
  'x',
  'y',
  'z',
  'residualMax',
  'neighborsMax',
  'shrinkage',
]);
