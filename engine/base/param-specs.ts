import { check } from './check.ts';
import { hintOf } from './typos.ts';

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
  | { readonly kind: 'boolean'; readonly default: boolean; readonly about: string }
  /** The name of something that only the data folder knows; empty for none. Of at most {@link paramNameLengthMax} characters. */
  | { readonly kind: 'name'; readonly default: ''; readonly about: string };

/** UTF-16 units of a parameter of kind `name`. */
export const paramNameLengthMax = 64;

/** A spec for each parameter of an interface of parameters. */
export type ParamSpecs<Params> = { readonly [Name in keyof Params]-?: ParamSpec };

/**
 * The parameters of an algorithm with the defaults filled in. Throws `invalid-parameter`, its field the
 * parameter's name, for one that does not exist, has the wrong kind or lies outside its range (NaN and
 * infinities lie outside every range).
 */
export function resolveParams<Params>(specs: ParamSpecs<Params>, given: Partial<Params>): Params {
  for (const name of Object.keys(given)) {
    if (Object.hasOwn(specs, name)) continue;
    check(false, name, `there is no such parameter; ${hintOf(name, Object.keys(specs))}`);
  }
  const resolved: Record<string, unknown> = {};
  for (const [name, spec] of Object.entries<ParamSpec>(specs)) {
    const value: unknown = (given as Record<string, unknown>)[name] ?? spec.default;
    const fault = faultOf(spec, value);
    check(fault === undefined, name, fault ?? '');
    resolved[name] = value;
  }
  return resolved as Params;
}

/** The defaults alone. */
export function defaultsOf<Params>(specs: ParamSpecs<Params>): Params {
  return resolveParams(specs, {});
}

function faultOf(spec: ParamSpec, value: unknown): string | undefined {
  if (isValid(spec, value)) return undefined;
  const shown = typeof value === 'number' ? String(value) : JSON.stringify(value);
  if (spec.kind === 'boolean') return `${shown} is not true or false`;
  if (spec.kind === 'name') return `${shown} is not a name of at most ${paramNameLengthMax} characters`;
  if (spec.kind === 'choice') return `${shown} is not one of ${spec.values.join(', ')}`;
  const kind = spec.kind === 'integer' ? 'an integer' : 'a number';
  return `${shown} is not ${kind} in [${spec.min}, ${spec.max}]`;
}

function isValid(spec: ParamSpec, value: unknown): boolean {
  if (spec.kind === 'boolean') return typeof value === 'boolean';
  if (spec.kind === 'choice') return spec.values.includes(value as string);
  if (spec.kind === 'name') return typeof value === 'string' && value.length <= paramNameLengthMax;
  const isOfKind = spec.kind === 'integer' ? Number.isInteger(value) : typeof value === 'number';
  return isOfKind && (value as number) >= spec.min && (value as number) <= spec.max;
}
