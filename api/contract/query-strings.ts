import { z } from 'zod';
import type { ParamSpec } from '../../engine/base/index.ts';
import { nodeKinds } from '../../engine/graph/index.ts';
import { algorithms } from '../../engine/pipeline/index.ts';
import { numberOf } from './number-of.ts';
import { paramSchema, paramText } from './param-schema.ts';
import { slotsFromQuery } from './promoted-slots.ts';
import { type RequestFields, commonFields } from './request-fields.ts';

/** The scalar fields of a request as a query string; other names are parameters of the algorithm. */
interface ShorthandParameters {
  readonly limit: number;
  readonly [param: string]: unknown;
}

/**
 * The query string of the GET shorthands. Where two algorithms have a parameter of one name, the request's schema checks
 * the range later.
 */
export const shorthandParameters: z.ZodType<ShorthandParameters> = z.strictObject({
  ...Object.fromEntries(Object.entries(commonFields).map(([name, schema]) => [name, fromQuery(schema)])),
  limit: numberFromQuery(commonFields.limit),
  fields: fieldsFromQuery(),
  promotedSlots: slotsFromQuery,
  ...Object.fromEntries(
    Object.entries(algorithmParams()).map(([name, spec]) => [
      name,
      fromQuery(paramSchema(spec).optional()).meta({
        description: describeParam(name),
        param: { example: spec.default },
      }),
    ]),
  ),
});

/** Which slots of a search campaigns may take, for whom, where. */
export const promotedSearchFields = {
  promotedSlots: slotsFromQuery,
  viewer: commonFields.viewer.describe(
    'Who sees the list: a user, or the key of a visitor without an account. Default: `user`. Needed for `promotedSlots`.',
  ),
  surface: commonFields.surface.describe(
    'Where the list is shown, for campaigns of that surface. Default: `search`.',
  ),
} as const;

/** The query string of `/v1/popular`. */
export const popularParameters = z.strictObject({
  target: z.enum(nodeKinds).default('pins'),
  limit: numberFromQuery(commonFields.limit),
  windowDays: numberFromQuery(commonFields.windowDays),
  fields: fieldsFromQuery(),
});

const general = new Set(Object.keys(commonFields));

type GeneralForm = Omit<RequestFields, 'query' | 'target' | 'exclude' | 'whyNot'>;

/** Converts a valid query string into the general form. Names that are not its fields are parameters of the algorithm. */
export function generalForm(given: ShorthandParameters): GeneralForm {
  const { promotedSlots, ...others } = given;
  const entries = Object.entries(others).filter(([, value]) => value !== undefined);
  return {
    ...(promotedSlots !== undefined && { promoted: { slots: promotedSlots } }),
    ...Object.fromEntries(entries.filter(([name]) => general.has(name))),
    params: Object.fromEntries(entries.filter(([name]) => !general.has(name))),
  } as GeneralForm;
}

/** A number in a query string: "" and " 1" are no numbers here. */
export function numberFromQuery<Schema extends z.ZodType>(schema: Schema): z.ZodType<z.output<Schema>> {
  return z.preprocess(numberOf, schema);
}

export function booleanFromQuery<Schema extends z.ZodType>(schema: Schema): z.ZodType<z.output<Schema>> {
  return z.preprocess(booleanOf, schema);
}

function booleanOf(text: unknown): unknown {
  return text === 'true' ? true : text === 'false' ? false : text;
}

/** A scalar in a query string: a number, a boolean, or else text. */
function fromQuery<Schema extends z.ZodType>(schema: Schema): z.ZodType<z.output<Schema>> {
  return z.preprocess((text) => {
    // Text that a string schema takes as it is must not become a number.
    return typeof text === 'string' && schema.safeParse(text).success ? text : numberOf(booleanOf(text));
  }, schema);
}

function fieldsFromQuery(): z.ZodType<string[]> {
  return z
    .preprocess((text) => (typeof text === 'string' ? text.split(',') : text), commonFields.fields)
    .meta({
      param: { style: 'form', explode: false },
      // A list of none would be an empty text, which is one empty name.
      minItems: 1,
    });
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
function describeParam(param: string): string {
  const meanings = new Map<string, string[]>();
  for (const [algorithm, specs] of Object.entries(algorithms)) {
    const spec = specs[param];
    if (spec === undefined) continue;
    const meaning = paramText(spec);
    meanings.set(meaning, [...(meanings.get(meaning) ?? []), algorithm]);
  }
  return [...meanings]
    .map(([meaning, names]) => `${names.map((name) => `\`${name}\``).join(', ')}: ${meaning}`)
    .join(' ');
}
