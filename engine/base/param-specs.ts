import { check } from './check.ts';

/** One parameter of an algorithm: its kind, range and default. `about` is its line in the documentation. */
export type ParamSpec =
  | {
      readonly kind: 'number' | 'integer';
      readonly min: number;
      readonly max: number;
      readonly default: number;
      readonly about: string;
    }
  | {
      readonly kind: 'choice';
      readonly values: readonly string[];
      readonly default: string;
      readonly about: string;
    }
  | { readonly kind: 'boolean'; readonly default: boolean; readonly about: string };

/** A spec for each parameter of an interface of parameters. */
export type ParamSpecs<Params> = { readonly [Name in keyof Params]-?: ParamSpec };

/**
 * The parameters of an algorithm with the defaults filled in. Throws `invalid-parameter`, its field the
 * parameter's name, for one that does not exist, has the wrong kind or lies outside its range (NaN and
 * infinities lie outside every range).
 */
export function resolveParams<Params>(specs: ParamSpecs<Params>, given: Partial<Params>): Params {
  const names = Object.keys(specs);
  for (const name of Object.keys(given)) {
    check(Object.hasOwn(specs, name), name, `there is no such parameter; there are ${names.join(', ')}`);
  }
  return Object.fromEntries(
    Object.entries<ParamSpec>(specs).map(([name, spec]) => {
      const value: unknown = (given as Record<string, unknown>)[name] ?? spec.default;
      const fault = faultOf(spec, value);
      check(fault === undefined, name, fault ?? '');
      return [name, value];
    }),
  ) as Params;
}

/** The defaults alone. */
export function defaultsOf<Params>(specs: ParamSpecs<Params>): Params {
  return resolveParams(specs, {});
}

function faultOf(spec: ParamSpec, value: unknown): string | undefined {
  const told = typeof value === 'number' ? String(value) : JSON.stringify(value);
  if (spec.kind === 'boolean') return typeof value === 'boolean' ? undefined : `${told} is not true or false`;
  if (spec.kind === 'choice') {
    return spec.values.includes(value as string)
      ? undefined
      : `${told} is not one of ${spec.values.join(', ')}`;
  }
  const isRight = spec.kind === 'integer' ? Number.isInteger(value) : typeof value === 'number';
  const isInRange = isRight && (value as number) >= spec.min && (value as number) <= spec.max;
  const kind = spec.kind === 'integer' ? 'an integer' : 'a number';
  return isInRange ? undefined : `${told} is not ${kind} in [${spec.min}, ${spec.max}]`;
}
