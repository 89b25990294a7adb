import {
  type AlgorithmName,
  type OwnPresets,
  type ParamValues,
  type SearchSpace,
  faultsOfParam,
  settingsNamed,
  specsOf,
  unknownName,
} from '../../../engine/index.ts';

/** A fault of a value read from a file, and where it is. */
export interface PlacedFault {
  readonly path: readonly PropertyKey[];
  /** Whether the key is at fault rather than its value. */
  readonly isKey?: boolean;
  readonly message: string;
}

/** Most values that one parameter is tried with. */
const valuesMax = 1_000;
const forms = 'a value, a list of values, or {from, to} with step or points, and scale: log';

/** One entry of `space`, as far as it is right; its shape is checked elsewhere. */
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
      const names = Object.keys(specs).join(', ');
      const message = `${settings.algorithm} has no parameter ${param}; there are ${names}`;
      faults.push({ path: place, isKey: true, message });
      continue;
    }
    const values = readValues(settings.algorithm, param, given, isGrid, fault);
    if (values !== undefined) read[param] = values;
  }
  const { algorithm, params: base } = settings;
  return { space: { name, algorithm, base, params: read }, faults };
}

type TellFault = (message: string, inside?: readonly PropertyKey[], isKey?: boolean) => void;

function readValues(
  algorithm: AlgorithmName,
  param: string,
  given: unknown,
  isGrid: boolean,
  fault: TellFault,
): ParamValues | undefined {
  if (Array.isArray(given)) {
    if (given.length === 0) fault(`has no value: write ${forms}`);
    if (given.length > valuesMax) fault(`has over ${valuesMax} values`);
    for (const [i, value] of given.entries()) {
      const wrong = faultOf(algorithm, param, value);
      if (wrong !== undefined) fault(wrong, [i]);
      else if (given.indexOf(value) < i) fault(`${JSON.stringify(value)} is there twice`, [i]);
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
  fault: TellFault,
): ParamValues | undefined {
  const { from, to, step, points, scale } = given as Record<string, unknown>;
  const spec = specsOf(algorithm)[param]!;
  if (spec.kind === 'choice' || spec.kind === 'boolean') {
    const values = spec.kind === 'boolean' ? ['true', 'false'] : spec.values;
    fault(`is no number: list values, of ${values.join(', ')}`);
    return undefined;
  }
  const isInteger = spec.kind === 'integer';
  const fields = ['from', 'to', 'step', 'points', 'scale'];
  const wrong: string[] = [];
  const tell = (name: string, message: string): void => {
    wrong.push(name);
    fault(message, Object.hasOwn(given, name) ? [name] : [], !fields.includes(name));
  };
  for (const name of Object.keys(given)) {
    if (!fields.includes(name)) {
      tell(name, `there is no ${name} here; there are ${fields.join(', ')}`);
    }
  }
  for (const [name, value] of Object.entries({ from, to })) {
    const message = value === undefined ? `${name} is missing` : faultOf(algorithm, param, value);
    if (message !== undefined) tell(name, message);
  }
  if (scale !== undefined && scale !== 'log' && scale !== 'linear') tell('scale', 'is not log or linear');
  if (step !== undefined && points !== undefined)
    tell('points', 'there is step already: give one of the two');
  if (step !== undefined && !(typeof step === 'number' && step > 0 && Number.isFinite(step))) {
    tell('step', 'is not a number above 0');
  }
  if (step !== undefined && scale === 'log') tell('step', 'is for a linear scale: give points');
  if (
    points !== undefined &&
    !(Number.isInteger(points) && (points as number) >= 2 && (points as number) <= valuesMax)
  ) {
    tell('points', `is not a whole number from 2 to ${valuesMax}`);
  }
  if (isGrid && step === undefined && points === undefined) {
    tell('', 'a grid needs values: add step or points, or search at random');
  }
  if (wrong.length > 0) return undefined;
  const [low, high] = [from as number, to as number];
  if (!(low < high)) tell('to', `${high} is not above from, ${low}`);
  else if (scale === 'log' && low <= 0) tell('from', 'has to be above 0 on a log scale');
  else if (step !== undefined && (high - low) / (step as number) > valuesMax)
    tell('step', `makes over ${valuesMax} values`);
  if (wrong.length > 0) return undefined;
  const isLog = scale === 'log';
  if (step === undefined && points === undefined)
    return { kind: 'range', from: low, to: high, isLog, isInteger };
  const values =
    step === undefined ? spread(low, high, points as number, isLog) : steps(low, high, step as number);
  return { kind: 'values', values: [...new Set(isInteger ? values.map(Math.round) : values)] };
}

function steps(from: number, to: number, step: number): number[] {
  // 0.1 + 0.2 is to be 0.3.
  const count = Math.floor((to - from) / step + 1e-9) + 1;
  return Array.from({ length: count }, (_, i) => tidy(from + i * step));
}

function spread(from: number, to: number, points: number, isLog: boolean): number[] {
  const places = Array.from({ length: points }, (_, i) => i / (points - 1));
  return places.map((place) => {
    if (place === 1) return to;
    return tidy(isLog ? from * (to / from) ** place : from + (to - from) * place);
  });
}

function tidy(value: number): number {
  return Number(value.toPrecision(6));
}

function faultOf(algorithm: AlgorithmName, param: string, value: unknown): string | undefined {
  const isScalar = ['number', 'string', 'boolean'].includes(typeof value);
  if (!isScalar) return `has to be ${forms}`;
  const [fault] = faultsOfParam(algorithm, param, value);
  // The engine names the parameter first, as does the place of the fault.
  return fault?.message.slice(param.length + 2);
}
