import { z } from 'zod';
import { type ParamSpec, algorithms } from '../../engine/index.ts';
import { algorithmSchema, commonFields } from './recommendation-request.ts';

/** The scalar parameters of the general form as a query string, checked; `params` are those of the algorithm. */
export interface ShorthandParameters {
  readonly limit: number;
  /** Parameters by name: those of the general form, and those of algorithms. */
  readonly [param: string]: unknown;
}

/** The query string of the GET shorthands. Where two algorithms have a parameter of one name, either's range is checked later. */
export const shorthandParameters: z.ZodType<ShorthandParameters> = z.strictObject({
  limit: numberFromQuery(commonFields.limit),
  algorithm: algorithmSchema.optional(),
  diversity: numberFromQuery(commonFields.diversity),
  hubCorrection: numberFromQuery(commonFields.hubCorrection),
  minRelevance: numberFromQuery(commonFields.minRelevance),
  halfLifeDays: numberFromQuery(commonFields.halfLifeDays),
  windowDays: numberFromQuery(commonFields.windowDays),
  explain: booleanFromQuery(commonFields.explain),
  fields: fieldsFromQuery(),
  randomSeed: numberFromQuery(commonFields.randomSeed),
  ...Object.fromEntries(
    Object.entries(algorithmParams()).map(([name, spec]) => [
      name,
      paramFromQuery(spec).meta({ description: aboutParam(name), param: { example: spec.default } }),
    ]),
  ),
});

/** What is asked of what is popular. */
export interface PopularParameters {
  readonly target: 'pins' | 'boards' | 'users';
  readonly limit: number;
  readonly windowDays?: number | undefined;
  readonly fields: readonly string[];
}

/** The query string of `/v1/popular`. */
export const popularParameters: z.ZodType<PopularParameters> = z.strictObject({
  target: z.enum(['pins', 'boards', 'users']).default('pins'),
  limit: numberFromQuery(commonFields.limit),
  windowDays: numberFromQuery(commonFields.windowDays),
  fields: fieldsFromQuery(),
});

const general = new Set(['algorithm', ...Object.keys(commonFields)]);

/** A checked query string in the general form: what is no field of it is a parameter of the algorithm. */
export function generalForm(given: ShorthandParameters): Record<string, unknown> {
  const entries = Object.entries(given);
  return {
    ...Object.fromEntries(entries.filter(([name]) => general.has(name))),
    params: Object.fromEntries(entries.filter(([name, value]) => !general.has(name) && value !== undefined)),
  };
}

/** A number in a query string: "" and " 1" are no numbers here. */
export function numberFromQuery<Schema extends z.ZodType>(schema: Schema): z.ZodType<z.output<Schema>> {
  return z.preprocess(
    (text) => (typeof text === 'string' && /^-?\d+(\.\d+)?(e[+-]?\d+)?$/i.test(text) ? Number(text) : text),
    schema,
  );
}

export function booleanFromQuery<Schema extends z.ZodType>(schema: Schema): z.ZodType<z.output<Schema>> {
  return z.preprocess((text) => (text === 'true' ? true : text === 'false' ? false : text), schema);
}

function fieldsFromQuery(): z.ZodType<readonly string[]> {
  return z
    .preprocess((text) => (typeof text === 'string' ? text.split(',') : text), commonFields.fields)
    .meta({ param: { style: 'form', explode: false } });
}

/** Parameters of all algorithms; of several with one name, the first. */
function algorithmParams(): Record<string, ParamSpec> {
  const specs: Record<string, ParamSpec> = {};
  for (const own of Object.values(algorithms)) {
    for (const [name, spec] of Object.entries(own)) specs[name] ??= spec;
  }
  return specs;
}

/** What a parameter means, for each algorithm that has it. */
function aboutParam(param: string): string {
  const meanings = new Map<string, string[]>();
  for (const [algorithm, specs] of Object.entries(algorithms)) {
    const spec = specs[param];
    if (spec === undefined) continue;
    const meaning = `${spec.about}. Where no preset sets it: ${spec.default}.`;
    meanings.set(meaning, [...(meanings.get(meaning) ?? []), algorithm]);
  }
  return [...meanings]
    .map(([meaning, names]) => `${names.map((name) => `\`${name}\``).join(', ')}: ${meaning}`)
    .join(' ');
}

function paramFromQuery(spec: ParamSpec): z.ZodType {
  if (spec.kind === 'boolean') return booleanFromQuery(z.boolean().optional());
  if (spec.kind === 'choice') return z.enum(spec.values).optional();
  const kind = spec.kind === 'integer' ? z.int() : z.number();
  return numberFromQuery(kind.min(spec.min).max(spec.max).optional());
}
