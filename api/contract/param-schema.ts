import { z } from 'zod';
import { type ParamSpec, paramNameLengthMax } from '../../engine/base/index.ts';

/** A parameter's schema, from its spec. */
export function paramSchema(spec: ParamSpec): z.ZodType {
  if (spec.kind === 'boolean') return z.boolean();
  if (spec.kind === 'name') return z.string().max(paramNameLengthMax);
  if (spec.kind === 'choice') return z.enum(spec.values);
  return (spec.kind === 'integer' ? z.int() : z.number()).min(spec.min).max(spec.max);
}

/** The meaning of a parameter, and its value when neither the request nor a preset sets it. */
export function paramText({ about, default: value }: ParamSpec): string {
  return `${about}. Where no preset sets it: ${value === '' ? 'none' : String(value)}.`;
}
