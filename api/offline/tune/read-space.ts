import {
  type AlgorithmName,
  type OwnPresets,
  type ParamValues,
  type SearchSpace,
  faultsOfParam,
  hintOf,
  settingsNamed,
  specsOf,
  unknownName,
} from '../../../engine/index.ts';
import { contentFaultOf } from '../evaluate/index.ts';

/** A fault of a value from a file, and its place there. */
export interface PlacedFault {
  readonly path: readonly PropertyKey[];
  /** Whether the key is wrong, not its value. */
  readonly isKey?: boolean;
  readonly message: string;
}

/** Maximum number of values of one parameter. */
const valuesMax = 1_000;
const forms = 'a value, a list of values, or {from, to} with step or points, and scale: log';

/** Reads one entry of `space`, as far as it is valid. The schema of the file checks its shape. */
export function readSpace(
  entry: unknown,
  isGrid: boolean,
  path: readonly PropertyKey[],
  own: OwnPresets,
): { readonly space?: SearchSpace; readonly faults: readonly PlacedFault[] } {
  const { algorithm: name, params = {} } = (entry ?? {}) as { algorithm?: unknown; params?: unknown };
  if (typeof name !== 'string') return { faults: [] };
  const settings = settingsNamed(name, own);
  if (settings === undefined) {
    const message = unknownName(name, own);
    return { faults: [{ path: [...path, 'algorithm'], message }] };
  }
  if (typeof params !== 'object' || params === null || Array.isArray(params)) return { faults: [] };
  const faults: PlacedFault[] = [];
  const read: Record<string, ParamValues> = {};
  for (const [param, given] of Object.entries(params as Record<string, unknown>)) {
    const place = [...path, 'params', param];
    const fault = (message: string, inside: readonly PropertyKey[] = [], isKey = false): void => {
      faults.push({ path: [...place, ...inside], isKey, message });
    };
    const specs = specsOf(settings.algorithm);
    if (!Object.hasOwn(specs, param)) {
      const message = `${settings.algorithm} has no parameter ${param}; ${hintOf(param, Object.keys(specs))}`;
      faults.push({ path: place, isKey: true, message });
      continue;
    }
    const values = readValues(settings.algorithm, param, given, isGrid, fault);
    if (values !== undefined) read[param] = values;
  }
  const { algorithm, params: base } = settings;
  return { space: { name, algorithm, base, params: read }, faults };
}

type AddFault = (message: string, inside?: readonly PropertyKey[], isKey?: boolean) => void;

function readValues(
  algorithm: AlgorithmName,
  param: string,
  given: unknown,
  isGrid: boolean,
  fault: AddFault,
): ParamValues | undefined {
  if (Array.isArray(given)) {
    if (given.length === 0) fault(`is an empty list: write ${forms}`);
    if (given.length > valuesMax) fault(`has more than ${valuesMax} values`);
    for (const [i, value] of given.entries()) {
      const wrong = faultOf(algorithm, param, value);
      if (wrong !== undefined) fault(wrong, [i]);
      else if (given.indexOf(value) < i) fault(`duplicate value ${JSON.stringify(value)}`, [i]);
    }
    return { kind: 'values', values: given as (number | string | boolean)[] };
  }
  if (typeof given === 'object' && given !== null) return readRange(algorithm, param, given, isGrid, fault);
  const wrong = faultOf(algorithm, param, given);
  if (wrong !== undefined) fault(wrong);
  return { kind: 'values', values: [given as number | string | boolean] };
}

function readRange(
  algorithm: AlgorithmName,
  param: string,
  given: object,
  isGrid: boolean,
  fault: AddFault,
): ParamValues | undefined {
  const { from, to, step, points, scale } = given as Record<string, unknown>;
  const spec = specsOf(algorithm)[param]!;
  if (spec.kind === 'name') {
    fault('is not numeric: list names');
    return undefined;
  }
  if (spec.kind === 'choice' || spec.kind === 'boolean') {
    const values = spec.kind === 'boolean' ? ['true', 'false'] : spec.values;
    fault(`is not numeric: list some of ${values.join(', ')}`);
    return undefined;
  }
  const isInteger = spec.kind === 'integer';
  const fields = ['from', 'to', 'step', 'points', 'scale'];
  const wrong: string[] = [];
  const add = (name: string, message: string): void => {
    wrong.push(name);
    fault(message, Object.hasOwn(given, name) ? [name] : [], !fields.includes(name));
  };
  for (const name of Object.keys(given)) {
    if (!fields.includes(name)) {
      add(name, `unknown field; the fields are ${fields.join(', ')}`);
    }
  }
  for (const [name, value] of Object.entries({ from, to })) {
    const message = value === undefined ? `${name} is missing` : faultOf(algorithm, param, value);
    if (message !== undefined) add(name, message);
  }
  if (scale !== undefined && scale !== 'log' && scale !== 'linear') add('scale', 'is neither log nor linear');
  if (step !== undefined && points !== undefined)
    add('points', 'conflicts with step: set only one of the two');
  if (step !== undefined && !(typeof step === 'number' && step > 0 && Number.isFinite(step))) {
    add('step', 'is not a number above 0');
  }
  if (step !== undefined && scale === 'log') add('step', 'needs a linear scale: use points');
  if (
    points !== undefined &&
    !(Number.isInteger(points) && (points as number) >= 2 && (points as number) <= valuesMax)
  ) {
    add('points', `is not an integer in [2, ${valuesMax}]`);
  }
  if (isGrid && step === undefined && points === undefined) {
    add('', 'a grid needs values: add step or points, or use random search');
  }
  if (wrong.length > 0) return undefined;
  const [low, high] = [from as number, to as number];
  if (!(low < high)) add('to', `${high} is not greater than from (${low})`);
  else if (scale === 'log' && low <= 0) add('from', 'must be above 0 on a log scale');
  else if (step !== undefined && (high - low) / (step as number) > valuesMax)
    add('step', `gives more than ${valuesMax} values`);
  if (wrong.length > 0) return undefined;
  const isLog = scale === 'log';
  if (step === undefined && points === undefined)
    return { kind: 'range', from: low, to: high, isLog, isInteger };
  const values =
    step === undefined
      ? spacedValues(low, high, points as number, isLog)
      : steppedValues(low, high, step as number);
  return { kind: 'values', values: [...new Set(isInteger ? values.map(Math.round) : values)] };
}

function steppedValues(from: number, to: number, step: number): number[] {
  // With a margin for rounding errors, so that `to` is reached.
  const count = Math.floor((to - from) / step + 1e-9) + 1;
  return Array.from({ length: count }, (_, i) => rounded(from + i * step));
}

function spacedValues(from: number, to: number, points: number, isLog: boolean): number[] {
  return Array.from({ length: points }, (_, i) => {
    const share = i / (points - 1);
    if (share === 1) return to;
    return rounded(isLog ? from * (to / from) ** share : from + (to - from) * share);
  });
}

/** So that 0.1 + 0.2 gives 0.3. */
function rounded(value: number): number {
  return Number(value.toPrecision(6));
}

function faultOf(algorithm: AlgorithmName, param: string, value: unknown): string | undefined {
  const isScalar = ['number', 'string', 'boolean'].includes(typeof value);
  if (!isScalar) return `must be ${forms}`;
  const unmeasurable = contentFaultOf(param, value);
  if (unmeasurable !== undefined) return unmeasurable;
  const [fault] = faultsOfParam(algorithm, param, value);
  return fault?.message;
}
